package session

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Options say from where an Env takes its configuration. The zero value is the
// process's own environment and files.
type Options struct {
	// Getenv looks up the environment; nil means os.Getenv.
	Getenv func(string) string
	// Home is the directory of ~/.boto and ~/.aws; empty means Getenv("HOME").
	Home string
	// SystemConfig is the machine's boto file; empty means /etc/boto.cfg, "-" none.
	SystemConfig string

	Region   string // as --region
	Profile  string // as --profile
	Endpoint string // as --endpoint: a URL for every service of AWS

	// UseSandbox goes to the sandbox whatever else is configured.
	UseSandbox bool
	// NoSandbox makes missing credentials a NoCredentialsError.
	NoSandbox bool
	// Sandbox starts the sandbox, or tells where it is. It is called once, when
	// the first connection without credentials and endpoint opens.
	Sandbox func() (SandboxEndpoint, error)

	// Log takes the debug log; nil drops it. Writes are serialised.
	Log io.Writer
	// Color colours the debug log.
	Color bool
	// Warn is told each warning once, as it arises; nil only collects them.
	Warn func(string)
	// MFAToken asks for the code of a device when a profile's role wants one.
	MFAToken func(serial string) (string, error)
	// Now is the clock of the debug log and of waits; nil means time.Now.
	Now func() time.Time
	// Sleep pauses between the looks of a wait and ends early with the
	// context's error; nil means real time.
	Sleep func(context.Context, time.Duration) error
	// DialSSH reaches a machine's SSH port; nil dials its host. The sandbox's
	// machines are not at the addresses they show.
	DialSSH func(ctx context.Context, host string, port int) (net.Conn, error)
	// Guard agrees to destructive calls: see SetGuard.
	Guard Guard
	// RequireGuard refuses destructive calls while there is no guard.
	RequireGuard bool
}

// SandboxEndpoint is where the sandbox answers, with credentials it accepts.
type SandboxEndpoint struct {
	URL             string
	AccessKeyID     string
	SecretAccessKey string
}

// Env is one resolved configuration: the chain's values, the debug log, the
// timeouts and the context of the running cell. It is safe for concurrent use.
type Env struct {
	opts   Options
	boto   *BotoConfig
	shared sharedFiles
	log    *debugLog
	safety *safety
	client *httpClient

	socketTimeout valued[time.Duration]
	retries       valued[int]
	retryMode     valued[aws.RetryMode]

	mu          sync.Mutex
	context     func() context.Context
	found       map[string]*identity // by profile
	sandbox     *sandboxOnce
	warnings    []string
	warned      map[string]bool
	checkedMode map[string]bool
}

// valued is a value that knows where it came from.
type valued[T any] struct {
	value  T
	source string
}

// sandboxOnce is shared by an Env and those derived from it: one sandbox serves all.
type sandboxOnce struct {
	mu    sync.Mutex
	start func() (SandboxEndpoint, error)
	at    *SandboxEndpoint
}

func (s *sandboxOnce) get() (SandboxEndpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		at, err := s.start()
		if err != nil {
			return SandboxEndpoint{}, fmt.Errorf("start sandbox: %w", err)
		}
		s.at = &at
	}
	return *s.at, nil
}

// New reads the environment and the files. It sends nothing and starts
// nothing. Faults in the files are warnings; an error is a fault in what the
// caller gave: an unknown profile or an endpoint that is no URL.
func New(o Options) (*Env, error) {
	var sandbox *sandboxOnce
	if o.Sandbox != nil {
		sandbox = &sandboxOnce{start: o.Sandbox}
	}
	return build(o, nil, nil, sandbox)
}

// Derive makes an Env with changed options that shares the debug log, the guard
// and the sandbox of e. Connections made by e keep what they have.
func (e *Env) Derive(change func(*Options)) (*Env, error) {
	o := e.opts
	change(&o)
	d, err := build(o, e.log, e.safety, e.sandbox)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	d.context = e.context
	e.mu.Unlock()
	return d, nil
}

func build(o Options, log *debugLog, safe *safety, sandbox *sandboxOnce) (*Env, error) {
	o.fill()
	e := &Env{
		opts: o, log: log, safety: safe, sandbox: sandbox,
		boto:        loadBotoConfig(&o),
		found:       map[string]*identity{},
		warned:      map[string]bool{},
		checkedMode: map[string]bool{},
	}
	if e.log == nil {
		e.log = newDebugLog(o.Log, o.Now, o.Color)
		e.log.level = LevelOf(e.boto.GetInt("Boto", "debug"))
	}
	if e.safety == nil {
		e.safety = &safety{guard: o.Guard, required: o.RequireGuard}
	}
	for _, p := range e.boto.problems {
		e.warn("%s", p)
	}
	e.shared = e.locateShared()
	if o.Endpoint != "" {
		if _, err := parseEndpoint(o.Endpoint); err != nil {
			return nil, err
		}
	}
	if err := e.checkProfile(); err != nil {
		return nil, err
	}
	e.socketTimeout = e.resolveSocketTimeout()
	e.retries = e.resolveRetries()
	e.retryMode = e.resolveRetryMode()
	client, err := e.newClient(connect{})
	if err != nil {
		return nil, err
	}
	e.client = client
	return e, nil
}

func (o *Options) fill() {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
		if o.Home == "" {
			o.Home, _ = os.UserHomeDir()
		}
	}
	if o.Home == "" {
		o.Home = o.Getenv("HOME")
	}
	switch {
	case o.SystemConfig == "-":
		o.SystemConfig = ""
	case o.SystemConfig == "" && runtime.GOOS != "windows":
		o.SystemConfig = "/etc/boto.cfg"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
}

// SetContext makes f the giver of the context of every request, on connections
// made before and after. The shell gives the running cell's.
func (e *Env) SetContext(f func() context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.context = f
}

// Context is the context a request made now must use.
func (e *Env) Context() context.Context {
	e.mu.Lock()
	f := e.context
	e.mu.Unlock()
	if f != nil {
		if ctx := f(); ctx != nil {
			return ctx
		}
	}
	return context.Background()
}

// Config is what boto's files say.
func (e *Env) Config() *BotoConfig { return e.boto }

// Warnings lists what has been warned of so far, each once.
func (e *Env) Warnings() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.warnings...)
}

func (e *Env) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	e.mu.Lock()
	known := e.warned[text]
	if !known {
		e.warned[text] = true
		e.warnings = append(e.warnings, text)
	}
	e.mu.Unlock()
	if !known && e.opts.Warn != nil {
		e.opts.Warn(text)
	}
}

// checkPrivate warns once when others can read a file that holds secrets.
func (e *Env) checkPrivate(path string) {
	if path == "" || runtime.GOOS == "windows" {
		return
	}
	e.mu.Lock()
	known := e.checkedMode[path]
	e.checkedMode[path] = true
	e.mu.Unlock()
	if known {
		return
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		e.warn("%s holds credentials and others can read it (mode %04o); make it yours alone: chmod 600 %s", path, info.Mode().Perm(), path)
	}
}

// SetDebug sets the level of the debug log at run time, also for connections
// already open and whatever Debug option they were made with.
func (e *Env) SetDebug(l Level) { e.log.setLevel(l) }

// ForceDebug makes a level of the debug log hold on all connections, whatever
// their own, until end is called.
func (e *Env) ForceDebug(l Level) (end func()) { return e.log.force(l) }

// DebugLevel is the level that connections without one of their own log at.
func (e *Env) DebugLevel() Level { return e.log.current() }

// SetStreamLogger names the debug log: the name stands in the head of each
// line. If the log is off it goes on at the level of calls.
func (e *Env) SetStreamLogger(name string) { e.log.setName(name) }

// SetLog sends the debug log to another writer.
func (e *Env) SetLog(w io.Writer, color bool) { e.log.setOutput(w, color) }

// homeFile is a path under Home, "" without a Home.
func (e *Env) homeFile(parts ...string) string {
	if e.opts.Home == "" {
		return ""
	}
	return filepath.Join(append([]string{e.opts.Home}, parts...)...)
}

// static is a provider of fixed credentials.
func static(c aws.Credentials) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil })
}

// Sleep pauses, or ends early with the context's error.
func (e *Env) Sleep(d time.Duration) error { return e.opts.Sleep(e.Context(), d) }

// Home is the directory of the user's files.
func (e *Env) Home() string { return e.opts.Home }

// DialSSH reaches the SSH port of a machine.
func (e *Env) DialSSH(host string, port int) (net.Conn, error) {
	if e.opts.DialSSH != nil {
		return e.opts.DialSSH(e.Context(), host, port)
	}
	d := net.Dialer{Timeout: min(e.socketTimeout.value, defaultConnectTimeout)}
	return d.DialContext(e.Context(), "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}
