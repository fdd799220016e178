package session_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/sts"

	"pawsh/bindings/session"
)

// world is a home directory, an environment and a log of a test's own.
type world struct {
	t       *testing.T
	home    string
	env     map[string]string
	log     syncBuffer
	options session.Options
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, home: t.TempDir(), env: map[string]string{"AWS_EC2_METADATA_DISABLED": "true"}}
	w.options = session.Options{
		Getenv:       func(name string) string { return w.env[name] },
		Home:         w.home,
		SystemConfig: filepath.Join(w.home, "etc-boto.cfg"),
		Log:          &w.log,
		Now:          func() time.Time { return time.Date(2026, 11, 22, 10, 11, 12, 345e6, time.UTC) },
	}
	return w
}

// file writes a file under the home that only its owner can read.
func (w *world) file(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *world) keys() *world {
	w.env["AWS_ACCESS_KEY_ID"], w.env["AWS_SECRET_ACCESS_KEY"] = "AKIDENVIRONMENT", "secret-of-the-environment"
	return w
}

func (w *world) new() *session.Env {
	w.t.Helper()
	e, err := session.New(w.options)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) open(s session.Service, opts ...session.ConnectOption) *session.Target {
	w.t.Helper()
	target, err := w.new().Open(s, opts...)
	if err != nil {
		w.t.Fatal(err)
	}
	return target
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func clientOf(target *session.Target) *sdk.Client {
	return sdk.NewFromConfig(target.Config, func(o *sdk.Options) { o.BaseEndpoint = target.Config.BaseEndpoint })
}
