package ec2_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
	"pawsh/sandbox"
)

// connectSandbox opens a connection to a cloud of the test's own.
func connectSandbox(t *testing.T) *ec2.Connection {
	t.Helper()
	c, _ := connectTimed(t)
	return c
}

// connectTimed also gives what moves the cloud's clock on.
func connectTimed(t *testing.T) (c *ec2.Connection, advance func(time.Duration)) {
	t.Helper()
	var ahead atomic.Int64
	server, err := sandbox.Start(sandbox.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-",
		Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
		Sleep: func(ctx context.Context, d time.Duration) error {
			ahead.Add(int64(d)) // the cloud's time too
			return ctx.Err()
		},
		Sandbox: func() (session.SandboxEndpoint, error) {
			id, secret := server.Credentials()
			return session.SandboxEndpoint{URL: server.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err = ec2.Connect(env)
	if err != nil {
		t.Fatal(err)
	}
	return c, func(d time.Duration) { ahead.Add(int64(d)) }
}

// must ends the test on an error.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// connectTo opens a connection to a server whose waits take no time.
func connectTo(t *testing.T, url string) *ec2.Connection {
	t.Helper()
	now := time.Unix(1e9, 0)
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", Endpoint: url,
		Now:   func() time.Time { return now },
		Sleep: func(ctx context.Context, d time.Duration) error { now = now.Add(d); return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return must(ec2.Connect(env))(t)
}
