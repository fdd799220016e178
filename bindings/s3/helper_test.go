package s3_test

import (
	"testing"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
	"pawsh/sandbox"
)

// connectSandbox opens a connection to a cloud of the test's own.
func connectSandbox(t *testing.T) *s3.Connection {
	t.Helper()
	server, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-",
		Sandbox: func() (session.SandboxEndpoint, error) {
			id, secret := server.Credentials()
			return session.SandboxEndpoint{URL: server.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s3.Connect(env)
	if err != nil {
		t.Fatal(err)
	}
	return c
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
