package sqs

import (
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/bindings/session"
)

// Raw gives a connection like this one on whose calls set is run with the SDK's
// own input before it is sent, for what boto never knew. Each set is a
// func(*sqs.SendMessageInput), or of another operation's input; every call that
// sends that operation is changed, also those of resources it gives.
//
// Example: sqs.Raw(func(in *sqs.SendMessageInput) { in.DelaySeconds = 1 }).GetQueue("orders").Write("later")
func (c *Connection) Raw(set ...any) (*Connection, error) {
	step, err := session.RawInput(set...)
	if err != nil {
		return nil, err
	}
	d := *c
	d.Client = sdk.New(c.Client.Options(), func(o *sdk.Options) {
		o.APIOptions = append(slices.Clone(o.APIOptions), step)
	})
	return &d, nil
}

// raw is a function that sets what boto never knew, as an option. It has the
// methods of all options, each with its own input for parameter: so it is an
// option of the one call that sends that input, and of no other.
type raw[In any] func(*In)

func (f raw[In]) read(in *In) { f(in) }

// RawReceiveMessage sets the SDK's own input of the call: ReceiveMessage.
//
// Example: queue.Read(RawReceiveMessage(func(in *sqs.ReceiveMessageInput) { in.MaxNumberOfMessages = 1 }))
func RawReceiveMessage(set func(*sdk.ReceiveMessageInput)) ReadOption {
	return raw[sdk.ReceiveMessageInput](set)
}
