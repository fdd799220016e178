// Package ec2 holds the conformance test of EC2 alone: the SDK's client of it
// takes minutes to compile.
package ec2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"pawsh/sandbox/wire"
	"pawsh/sandbox/wire/internal/conform"
)

func TestEC2(t *testing.T) {
	t.Parallel()
	(&conform.Suite{Module: "ec2", New: wire.EC2, Same: conform.SameForm, Want: 811, Known: map[string]string{
		"CopySnapshot": "DestinationRegion is no member of the input: the client fills it from its own region",
	}, Client: func(w *conform.Wire) any {
		return ec2.New(ec2.Options{
			Region: "us-east-1", HTTPClient: w, RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		})
	}}).Run(t)
}
