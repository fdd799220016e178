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
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Options says how to start a sandbox. The zero value is a working one.
type Options struct {
	// Addr is where to listen, 127.0.0.1:0 when empty. Addresses that are
	// not loopback are refused.
	Addr string
	// Dir is where all state is kept, in memory when empty. What was answered
	// survives the death of the process. A directory serves one process at a
	// time.
	Dir string
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
	url    string
	clock  *core.Clock
	env    *core.Env
	log    *log.Logger
	dir    *store.Store // nil in memory
	bodies *store.Bodies
	cloud  atomic.Pointer[cloud]
	change sync.Mutex // held while the cloud is replaced

	http     *http.Server
	stop     context.CancelFunc
	served   chan struct{} // closed when the listener is done
	closing  sync.Once
	closeErr error
}

// closeGrace is how long Close waits for answers under way.
const closeGrace = 2 * time.Second

// Start makes a cloud, or takes up the one in Options.Dir, and serves it.
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
	s := &Server{
		url:    "http://" + l.Addr().String(),
		clock:  core.NewClock(o.Now),
		log:    log.New(o.Log, "sandbox: ", log.LstdFlags|log.LUTC),
		served: make(chan struct{}),
	}
	s.env = core.New(s.clock.Now, o.Rand, o.AccountID)
	if err := s.open(o.Dir); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	base, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.http = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.cloud.Load().ServeHTTP(w, r) }),
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          s.log,
	}
	go func() {
		defer close(s.served)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Print(err)
		}
	}()
	return s, nil
}

// open makes the cloud, from what is in dir where there is one.
func (s *Server) open(dir string) error {
	root := newRootKey(s.env)
	if dir == "" {
		s.bodies = store.NewBodies()
		s.cloud.Store(newCloud(s.env, root, s.bodies, s.kept, s.sync, s.log))
		return nil
	}
	d, err := store.Open(dir, s.log.Printf)
	if err != nil {
		return err
	}
	s.dir, s.bodies = d, d.Bodies()
	c := newCloud(s.env, root, s.bodies, s.kept, s.sync, s.log)
	if err = d.Attach(c.units()...); err == nil {
		err = s.adopt(c)
	}
	if err != nil {
		return errors.Join(err, d.Abandon())
	}
	return nil
}

// adopt makes a cloud that was read the one that is served.
func (s *Server) adopt(c *cloud) error {
	if id := c.account.id; id != s.env.AccountID() {
		return fmt.Errorf("the saved sandbox is of account %s, this one of %s", id, s.env.AccountID())
	}
	s.clock.SetOffset(c.account.ahead())
	s.cloud.Store(c)
	return nil
}

// kept surrounds every call: what it changed is on disk before it is answered.
// S3's reads change nothing that anybody was told of.
func (s *Server) kept(ctx context.Context, op string, in any, next wire.Next) (any, error) {
	out, err := next(ctx)
	if s.dir == nil || err != nil || s3Read(in) {
		return out, err
	}
	if err := s.dir.Commit(); err != nil {
		s.log.Printf("%s: %v", op, err)
		return nil, wire.Errorf("ServiceUnavailable", http.StatusServiceUnavailable, "The sandbox could not keep the change: %v", err)
	}
	return out, nil
}

// s3Read tells S3's operations that only read: of a body that is on its way
// nothing is to be waited for.
func s3Read(in any) bool {
	t := fmt.Sprintf("%T", in)
	op, ok := strings.CutPrefix(t, "*s3.")
	return ok && (strings.HasPrefix(op, "Get") || strings.HasPrefix(op, "Head") || strings.HasPrefix(op, "List"))
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
	k := s.cloud.Load().account.key()
	return k.id, k.secret
}

// SSHAddress is the loopback address, host:port, at which the machine with a
// public address takes SSH connections; "" where none does.
func (s *Server) SSHAddress(publicIP string) string {
	return s.cloud.Load().instances.SSHAddress(publicIP)
}

// Close ends the sandbox: waiting requests are let go, answers under way get
// a moment, and the cloud is forgotten, but for what is kept in a directory.
// Further calls give the same result.
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
		s.cloud.Load().close()
		if s.dir != nil {
			err = errors.Join(err, s.dir.Close())
		} else {
			err = errors.Join(err, s.bodies.Close())
		}
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
