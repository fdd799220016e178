// Package sns is SNS as boto's users know it: a Connection whose methods
// carry boto's names in Go case.
//
// Everything goes through aws-sdk-go-v2, whose client is Connection.Client.
// Lists walk all pages. Every error wraps AWS's own, so errors.As to
// smithy.APIError gives the code.
package sns

import (
	"context"
	"fmt"

	sdk "github.com/aws/aws-sdk-go-v2/service/sns"

	"pawsh/bindings/internal/regional"
	"pawsh/bindings/session"
)

// Connection is an open connection to SNS (boto: SNSConnection). It is safe
// for concurrent use.
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

// RegionInfo is a region and the host SNS answers at there
// (boto: RegionInfo).
type RegionInfo struct {
	Name     string
	Endpoint string

	env    *session.Env
	parent *session.Target
}

// String prints the region as boto does.
func (r *RegionInfo) String() string { return "RegionInfo:" + r.Name }

// Connect opens a connection to the region (boto: connect).
//
// Example: eu := boto.SNS.Regions()[0].Connect()
func (r *RegionInfo) Connect(opts ...session.ConnectOption) (*Connection, error) {
	return regional.To(Connect, r.env, r.parent, r.Name, opts)
}

// Regions lists the regions of the partition env works in, sorted by name. It
// needs no network (boto: boto.sns.regions).
func Regions(env *session.Env) []*RegionInfo {
	return regional.Regions(env, session.SNS, func(name, host string) *RegionInfo { return &RegionInfo{Name: name, Endpoint: host, env: env} })
}

// Connect opens a connection to SNS. It sends nothing. Errors:
// *session.NoCredentialsError where the sandbox is off.
func Connect(env *session.Env, opts ...session.ConnectOption) (*Connection, error) {
	t, err := env.Open(session.SNS, opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to sns: %w", err)
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
func (c *Connection) String() string { return "SNSConnection:" + c.Host }

// SetRequestHook has hook called after each request of this connection; nil
// ends that (boto: set_request_hook).
//
// Example: sns.SetRequestHook(boto.RequestLogger("requests.csv"))
func (c *Connection) SetRequestHook(hook session.RequestHook) { c.Target.SetRequestHook(hook) }

func (c *Connection) ctx() context.Context { return c.Target.Context() }
