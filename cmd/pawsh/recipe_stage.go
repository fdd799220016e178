package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"pawsh/bindings/session"
	"pawsh/repl"
	"pawsh/sandbox"
)

// stage is where a recipe is run: a sandbox that nothing was done in, or the
// endpoint that was given, an empty directory and home, and an environment
// without configuration. The process's own environment and directory are
// changed until it closes: there is one stage at a time.
type stage struct {
	env    *session.Env
	server *sandbox.Server
	dir    string
	undo   []func()
}

// clock is a time that runs as the real one does and can be put forward.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// sleep puts the clock forward instead of waiting.
func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
	return ctx.Err()
}

// openStage makes a stage. Without an endpoint waits take no time: the
// sandbox's clock is put forward.
func openStage(endpoint, region string) (_ *stage, err error) {
	s := &stage{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "pawsh-recipe-"); err != nil {
		return nil, fmt.Errorf("make a directory for the recipe: %w", err)
	}
	was, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("look up the directory to come back to: %w", err)
	}
	if err = os.Chdir(s.dir); err != nil {
		return nil, fmt.Errorf("go to the recipe's directory: %w", err)
	}
	s.undo = append(s.undo, func() { _ = os.Chdir(was) })
	keys := []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
	for _, kv := range os.Environ() {
		name, old, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "BOTO_") {
			continue
		}
		s.undo = append(s.undo, func() { _ = os.Setenv(name, old) })
		if endpoint != "" && slices.Contains(keys, name) {
			continue // who the recipe is run as
		}
		if err = os.Unsetenv(name); err != nil {
			return nil, err
		}
	}
	s.undo = append(s.undo, forgetSettings) // runs before the old ones come back
	home := os.Getenv("HOME")
	s.undo = append(s.undo, func() { _ = os.Setenv("HOME", home) })
	if err = os.Setenv("HOME", s.dir); err != nil {
		return nil, err
	}
	o := session.Options{SystemConfig: "-", Region: region, Endpoint: endpoint}
	if endpoint == "" {
		c := &clock{}
		if s.server, err = sandbox.Start(sandbox.Options{Now: c.now}); err != nil {
			return nil, fmt.Errorf("start the sandbox: %w", err)
		}
		id, secret := s.server.Credentials()
		o.UseSandbox, o.Now, o.Sleep = true, c.now, c.sleep
		o.Sandbox = func() (session.SandboxEndpoint, error) {
			return session.SandboxEndpoint{URL: s.server.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
		}
	}
	s.env, err = session.New(o)
	return s, err
}

// forgetSettings removes what a recipe has put into the environment.
func forgetSettings() {
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "BOTO_") {
			_ = os.Unsetenv(name) // the name is one that is set
		}
	}
}

// runner gives a new session on the stage.
func (s *stage) runner(yes bool) (*repl.CellRunner, error) { return repl.NewCellRunner(s.env, yes) }

// close puts everything back and removes what was made.
func (s *stage) close() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
	if s.server != nil {
		_ = s.server.Close() // it is thrown away
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}
