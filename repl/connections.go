package repl

import (
	"sync"

	"pawsh/bindings/boto"
	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/ec2"
	"pawsh/bindings/iam"
	"pawsh/bindings/s3"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
	"pawsh/bindings/sts"
	"pawsh/repl/check"
	"pawsh/repl/eval"
	"pawsh/repl/rewrite"
)

const sdkServices = "github.com/aws/aws-sdk-go-v2/service/"

// bindings are the names of a new session. Connections open at first use.
func bindings() []check.Binding {
	conn := func(name, pkg, sdk string) check.Binding {
		b := check.Binding{Name: name, Path: "pawsh/bindings/" + pkg, Type: "Connection", Pointer: true, Expr: rewrite.Host + ".Open_" + name + "()"}
		if sdk != "" {
			b.SDK = sdkServices + sdk
		}
		return b
	}
	return []check.Binding{
		conn("ec2", "ec2", "ec2"), conn("s3", "s3", "s3"), conn("cw", "cloudwatch", ""), conn("sns", "sns", "sns"),
		conn("sqs", "sqs", "sqs"), conn("iam", "iam", "iam"), conn("sts", "sts", "sts"),
		conn("euca", "ec2", ""), conn("walrus", "s3", ""), conn("gs", "s3", ""),
		{Name: "ctx", Path: "context", Type: "Context", Expr: rewrite.Host + ".Ctx()"},
		{Name: "boto", Path: "pawsh/bindings/boto"},
		{Name: "ec2types", Path: sdkServices + "ec2/types"},
		{Name: "s3types", Path: sdkServices + "s3/types"},
	}
}

// connections holds what the pre-bound names stand for, opened at first use.
// A change of region or profile drops them: those a cell keeps stay as they are.
type connections struct {
	mu   sync.Mutex
	open map[string]any
}

// forget makes the next use of each name open a new connection.
func (c *connections) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = map[string]any{}
}

// bound gives the function that opens a name once.
func bound[T any](c *connections, name string, connect func() (T, error)) func() T {
	return func() T {
		c.mu.Lock()
		defer c.mu.Unlock()
		if v, ok := c.open[name].(T); ok {
			return v
		}
		v, err := connect()
		if err != nil {
			panic(&eval.Raised{Err: err})
		}
		if c.open == nil {
			c.open = map[string]any{}
		}
		c.open[name] = v
		return v
	}
}

// host gives the openers as functions that lowered code calls.
func (c *connections) host(xray func(bool)) map[string]any {
	return map[string]any{
		"XRay":        xray,
		"Open_ec2":    bound(c, "ec2", func() (*ec2.Connection, error) { return boto.ConnectEC2() }),
		"Open_s3":     bound(c, "s3", func() (*s3.Connection, error) { return boto.ConnectS3() }),
		"Open_cw":     bound(c, "cw", func() (*cloudwatch.Connection, error) { return boto.ConnectCloudWatch() }),
		"Open_sns":    bound(c, "sns", func() (*sns.Connection, error) { return boto.ConnectSNS() }),
		"Open_sqs":    bound(c, "sqs", func() (*sqs.Connection, error) { return boto.ConnectSQS() }),
		"Open_iam":    bound(c, "iam", func() (*iam.Connection, error) { return boto.ConnectIAM() }),
		"Open_sts":    bound(c, "sts", func() (*sts.Connection, error) { return boto.ConnectSTS() }),
		"Open_euca":   bound(c, "euca", func() (*ec2.Connection, error) { return boto.ConnectEuca() }),
		"Open_walrus": bound(c, "walrus", func() (*s3.Connection, error) { return boto.ConnectWalrus() }),
		"Open_gs":     bound(c, "gs", func() (*s3.Connection, error) { return boto.ConnectGS() }),
	}
}
