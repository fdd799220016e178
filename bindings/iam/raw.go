package iam

import (
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"pawsh/bindings/session"
)

// Raw gives a connection like this one on whose calls set is run with the SDK's
// own input before it is sent, for what boto never knew. Each set is a
// func(*iam.CreateUserInput), or of another operation's input; every call that
// sends that operation is changed, also those of resources it gives.
//
// Example: iam.Raw(func(in *iam.CreateUserInput) { in.Path = aws.String("/people/") }).CreateUser("alice")
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
