// Package ec2 is EC2 as boto's users know it: a Connection whose methods carry
// boto's names in Go case, and resources that are plain structs.
//
// Everything goes through aws-sdk-go-v2, whose client is Connection.Client and
// whose structs are each resource's Raw. Lists paginate by themselves. Every
// method returns AWS's error unchanged inside its own, so errors.As to
// smithy.APIError gives the code.
//
// Optional arguments are functions named as boto's keywords; their types tell
// which call takes them.
package ec2

import (
	"context"
	"fmt"

	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"

	"pawsh/bindings/session"
)

// Connection is an open connection to EC2, or to a cloud that speaks as EC2
// does (boto: EC2Connection). It is safe for concurrent use.
type Connection struct {
	Client *sdk.Client // the SDK's own client, for all that is not here

	Region         *RegionInfo
	Host           string
	Port           int
	Path           string
	IsSecure       bool
	AWSAccessKeyID string
	Debug          int             // the level it was opened at, as boto counts
	Target         *session.Target // how the connection was resolved
}

// Connect opens a connection to EC2. It sends nothing. Errors:
// *session.NoCredentialsError where the sandbox is off.
func Connect(env *session.Env, opts ...session.ConnectOption) (*Connection, error) {
	return open(env, session.EC2, opts)
}

// ConnectEucalyptus opens a connection to a Eucalyptus cloud. Errors:
// *session.NoHostError, *session.NoCredentialsError.
func ConnectEucalyptus(env *session.Env, opts ...session.ConnectOption) (*Connection, error) {
	return open(env, session.Eucalyptus, opts)
}

func open(env *session.Env, service session.Service, opts []session.ConnectOption) (*Connection, error) {
	t, err := env.Open(service, opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", service.Name, err)
	}
	c := &Connection{
		Host: t.Host, Port: t.Port, Path: t.Path, IsSecure: t.IsSecure,
		AWSAccessKeyID: t.AccessKeyID, Debug: t.Debug(), Target: t,
	}
	c.Region = &RegionInfo{Name: t.Region, Endpoint: t.Host, parent: t}
	c.Client = sdk.NewFromConfig(t.Config, func(o *sdk.Options) {
		o.BaseEndpoint = t.Config.BaseEndpoint
	})
	return c, nil
}

// String prints the connection as boto does.
func (c *Connection) String() string { return "EC2Connection:" + c.Host }

// SetRequestHook has hook called after each request of this connection; nil
// ends that (boto: set_request_hook).
//
// Example: ec2.SetRequestHook(boto.RequestLogger("requests.csv"))
func (c *Connection) SetRequestHook(hook session.RequestHook) { c.Target.SetRequestHook(hook) }

func (c *Connection) ctx() context.Context { return c.Target.Context() }
