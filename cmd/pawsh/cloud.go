package main

import (
	"fmt"
	"sync"

	"pawsh/bindings/session"
	"pawsh/repl"
	"pawsh/sandbox"
)

// cloud is the sandbox inside this program, started when it is first needed.
type cloud struct {
	p   process
	how serving

	mu     sync.Mutex
	server *sandbox.Server
}

// get gives the sandbox.
func (c *cloud) get() (*sandbox.Server, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server == nil {
		s, err := startSandbox(c.p, c.how)
		if err != nil {
			return nil, err
		}
		c.server = s
	}
	return c.server, nil
}

// start tells connections where the sandbox is.
func (c *cloud) start() (session.SandboxEndpoint, error) {
	s, err := c.get()
	if err != nil {
		return session.SandboxEndpoint{}, err
	}
	id, secret := s.Credentials()
	return session.SandboxEndpoint{URL: s.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
}

// control gives the sandbox to the commands that steer it.
func (c *cloud) control() (repl.Sandbox, error) {
	s, err := c.get()
	if err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	return s, nil
}

func (c *cloud) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server != nil {
		if err := c.server.Close(); err != nil && c.how.dir != "" {
			fmt.Fprintln(c.p.stderr, "warning:", err)
		}
	}
}
