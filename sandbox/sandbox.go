// Package sandbox is a cloud of its own on loopback: EC2, S3, IAM, STS,
// CloudWatch, SNS and SQS over real HTTP, in memory, for any AWS client.
//
//	client -> Server: whose request is it (route.go)
//	       -> wire.Service: protocol, signature, typed input
//	       -> the service's own package: state and rules
//
// It listens on loopback addresses only, whatever it is asked, and imports
// none of the shell: clients reach it by its address.
package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"pawsh/sandbox/core"
)

// Options says how to start a sandbox. The zero value is a working one.
type Options struct {
	// Addr is where to listen, 127.0.0.1:0 when empty. Addresses that are
	// not loopback are refused.
	Addr string
	// Now is the clock of everything in the cloud; nil means time.Now.
	Now func() time.Time
	// Rand is where ids and keys come from; nil means crypto/rand.
	Rand io.Reader
	// AccountID is the account's number; empty means core's default.
	AccountID string
	// Log gets a line for what goes wrong inside; nil drops it. No secret
	// is written to it.
	Log io.Writer
}

// Server is a running sandbox. Its methods are safe for concurrent use.
type Server struct {
	url      string
	root     rootKey
	http     *http.Server
	front    *front
	stop     context.CancelFunc
	served   chan struct{} // closed when the listener is done
	closing  sync.Once
	closeErr error
}

// closeGrace is how long Close waits for answers under way.
const closeGrace = 2 * time.Second

// Start makes a cloud and serves it.
func Start(o Options) (*Server, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	l, err := listen(o.Addr)
	if err != nil {
		return nil, err
	}
	env := core.New(o.Now, o.Rand, o.AccountID)
	logger := log.New(o.Log, "sandbox: ", log.LstdFlags|log.LUTC)
	s := &Server{
		url:    "http://" + l.Addr().String(),
		root:   newRootKey(env),
		served: make(chan struct{}),
	}
	s.front = newFront(env, s.root, logger)
	base, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.http = &http.Server{
		Handler:           s.front,
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          logger,
	}
	go func() {
		defer close(s.served)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			logger.Print(err)
		}
	}()
	return s, nil
}

// listen opens addr when it is loopback, by its text and by what came of it.
func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sandbox address %q: not a loopback address", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox address %q: %w", addr, err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("sandbox address %q: resolved to %s, not a loopback address", addr, l.Addr()), l.Close())
	}
	return l, nil
}

// URL is the endpoint of all services, such as http://127.0.0.1:40123.
func (s *Server) URL() string { return s.url }

// Credentials gives the access key of the account's root, which may do all.
func (s *Server) Credentials() (accessKeyID, secretAccessKey string) {
	return s.root.id, s.root.secret
}

// Close ends the sandbox: waiting requests are let go, answers under way get
// a moment, and the cloud is forgotten. Further calls give the same result.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.stop()
		ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
		defer cancel()
		err := s.http.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = s.http.Close()
		}
		<-s.served
		s.front.close()
		if err != nil {
			s.closeErr = fmt.Errorf("close sandbox: %w", err)
		}
	})
	return s.closeErr
}

// rootKey is the access key of the account itself.
type rootKey struct{ id, secret string }

func newRootKey(env *core.Env) rootKey {
	return rootKey{id: env.UpperID("AKIA", 20), secret: env.Text(40)}
}
