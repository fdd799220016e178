// Package session resolves where a connection goes and as whom: the
// configuration chain, regions, credentials, the HTTP transport with its
// timeouts, the debug log and the explanation of errors.
//
// An Env holds one resolved configuration. The packages of the services open
// their connections through it. Making an Env sends nothing over the network;
// credentials and the sandbox are looked for when the first connection opens.
//
//	arguments of Connect*
//	   | environment            AWS_*, BOTO_CONFIG, BOTO_PATH
//	   | shared AWS files       ~/.aws/config, ~/.aws/credentials: profiles, SSO, roles
//	   | container role
//	   | boto's files           /etc/boto.cfg, ~/.boto
//	   | instance role          only on a machine that looks like an EC2 instance
//	   v
//	Target: credentials, region, endpoint, aws.Config
//
// The package knows no service's operations and never starts a sandbox itself:
// it calls the function it was given.
package session
