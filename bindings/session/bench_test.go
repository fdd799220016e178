package session_test

import (
	"testing"

	"pawsh/bindings/session"
)

// BenchmarkNew is what a shell pays at its start for the configuration.
func BenchmarkNew(b *testing.B) {
	env := map[string]string{"AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_EC2_METADATA_DISABLED": "true"}
	o := session.Options{Getenv: func(n string) string { return env[n] }, Home: b.TempDir()}
	for b.Loop() {
		if _, err := session.New(o); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen is what opening a connection costs.
func BenchmarkOpen(b *testing.B) {
	env := map[string]string{"AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_EC2_METADATA_DISABLED": "true"}
	e, err := session.New(session.Options{Getenv: func(n string) string { return env[n] }, Home: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := e.Open(session.EC2); err != nil {
			b.Fatal(err)
		}
	}
}
