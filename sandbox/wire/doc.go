// Package wire is the front of the sandbox's services: it turns the HTTP
// requests of any AWS client into the SDK's typed inputs, calls a handler, and
// turns its typed output, or its error, into the response AWS would send.
//
//	request -> protocol (ec2Query, awsQuery, restXml, awsJson, rpcv2Cbor)
//	        -> Verifier: who signed it (SigV4, SigV2)
//	        -> codec: names of the wire, from the generated tables
//	        -> handler: func(context.Context, *XInput) (*XOutput, error)
//	        -> codec -> response
//
// The names of the wire come from the SDK modules' own serializers and
// deserializers; internal/wiregen derives them (go generate) and writes one
// compressed table a service, which is decoded when the first request of that
// service arrives. Nothing happens at package init.
//
// The package holds no state of any service and imports none of the SDK's
// clients: handlers bring the types, and reflection meets the table.
package wire
