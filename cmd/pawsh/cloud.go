package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

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

// dialSSH reaches a machine's SSH port: the sandbox's machines listen where
// the system lets them, which need not be at port 22.
func (c *cloud) dialSSH(ctx context.Context, host string, port int) (net.Conn, error) {
	addr := net.JoinHostPort(host, strconv.Itoa(port))
	c.mu.Lock()
	server := c.server
	c.mu.Unlock()
	if server != nil {
		if at := server.SSHAddress(host); at != "" {
			addr = at
		}
	}
	d := net.Dialer{Timeout: dialTimeout}
	return d.DialContext(ctx, "tcp", addr)
}

// dialTimeout bounds how long a machine may take to answer at its SSH port.
const dialTimeout = 10 * time.Second

func (c *cloud) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server != nil {
		if err := c.server.Close(); err != nil && c.how.dir != "" {
			fmt.Fprintln(c.p.stderr, "warning:", err)
		}
	}
}
