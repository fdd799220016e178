// Package machine emulates the machine behind an EC2 instance: a file system
// in memory, a boot that runs user data and writes a console log, a shell
// with small tools, the metadata service inside, and sshd on loopback.
//
// A machine costs nothing until somebody looks: it boots when its console is
// read, when somebody logs in, or when its disk is to be copied, and no
// goroutine is needed for its time to pass. Nothing of the host can be
// reached from within: no file, process, network or environment.
package machine

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
	"pawsh/sandbox/machine/tools"
)

// Config is what a machine is made of. The functions are called without any
// lock of the machine that Stop needs, so that they may take the caller's own.
type Config struct {
	ID, Host string // i-..., ip-10-0-0-1.ec2.internal
	User     string // the image's own user
	Release  string // "Amazon Linux 2023"
	Arch     string // x86_64, arm64
	Type     string // instance type
	Zone     string
	MAC      string
	Key      string // a line of authorized_keys, "" for none
	UserData []byte

	Root       *disk.Disk // blank at first: the image is laid out at the first boot
	RootDevice string
	RootSize   int64

	// Board is what the machine keeps beside its disks; nil for a new one.
	Board *disk.Board

	Now      func() time.Time
	Rand     io.Reader
	Metadata func() Metadata // nil: no metadata service
	Volumes  func() []Volume // attached beside the root, nil for none
	Up       func() bool     // whether the machine is switched on, nil for always
	Admits   func() bool     // whether SSH is let through to it, nil for always
	Power    func(what string)
	Sync     func()       // called when a session's command has ended, before the client is told; nil does nothing
	Limits   shell.Limits // of one script; zero fields mean defaults
}

// Volume is a disk attached as a device.
type Volume struct {
	Device string
	Disk   *disk.Disk
	Size   int64
}

// Machine is one emulated machine. It is safe for concurrent use.
type Machine struct {
	cfg  Config
	imds imds

	boot    sync.Mutex   // held while it boots; guards what follows
	virtual []*disk.Disk // behind /dev and /proc

	state  sync.Mutex // guards what follows; nothing else is done under it
	tree   *disk.Tree // nil before the first boot
	at     time.Time  // of the last boot
	hostID ssh.Signer
	fixed  time.Time // the time while it boots

	life     sync.Mutex // guards what Stop ends; nothing else is done under it
	ctx      context.Context
	stop     context.CancelFunc
	listener net.Listener
	address  string // that was asked for
	conns    map[net.Conn]bool
	closed   bool
}

// New returns a machine that is switched on and not yet booted.
func New(cfg Config) *Machine {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Board == nil {
		cfg.Board = cfg.Root.Store().NewBoard()
	}
	m := &Machine{cfg: cfg, conns: map[net.Conn]bool{}}
	m.imds.m = m
	return m
}

// now is the time in the machine.
func (m *Machine) now() time.Time {
	m.state.Lock()
	fixed := m.fixed
	m.state.Unlock()
	if !fixed.IsZero() {
		return fixed
	}
	return m.cfg.Now()
}

func (m *Machine) setClock(t time.Time) {
	m.state.Lock()
	m.fixed = t
	m.state.Unlock()
}

func (m *Machine) setTree(t *disk.Tree, at time.Time) {
	m.state.Lock()
	m.tree, m.at = t, at
	m.state.Unlock()
}

func (m *Machine) files() *disk.Tree {
	m.state.Lock()
	defer m.state.Unlock()
	return m.tree
}

func (m *Machine) upSince() time.Time {
	m.state.Lock()
	defer m.state.Unlock()
	return m.at
}

// context ends when the machine is switched off.
func (m *Machine) context() context.Context {
	m.life.Lock()
	defer m.life.Unlock()
	if m.ctx == nil || m.ctx.Err() != nil && !m.closed {
		m.ctx, m.stop = context.WithCancel(context.Background())
	}
	return m.ctx
}

// Stop switches the machine off: scripts, sessions and sshd end; disks stay.
// It does not wait and may be called under any lock.
func (m *Machine) Stop() {
	m.life.Lock()
	defer m.life.Unlock()
	if m.stop != nil {
		m.stop()
	}
	if m.listener != nil {
		m.listener.Close()
		m.listener = nil
	}
	for c := range m.conns {
		c.Close()
	}
	clear(m.conns)
}

// Close is Stop for good.
func (m *Machine) Close() {
	m.context()
	m.life.Lock()
	m.closed = true
	m.life.Unlock()
	m.Stop()
}

// Console boots the machine as often as it is due, boots in all and the last
// of them at a time, and gives what is on the console by now.
func (m *Machine) Console(boots int, at, now time.Time) string {
	m.Boot(boots, at)
	return m.cfg.Board.Console(now)
}

// Run runs a script as a user and gives its exit status. The machine must
// have booted.
func (m *Machine) Run(ctx context.Context, user, script string, s shell.Streams) int {
	sys := m.system(user)
	if sys == nil {
		return 126
	}
	return shell.New(sys, nil).Run(ctx, script, s, m.cfg.Limits, false, "bash")
}

// system gives what a user's shell runs in, nil for no such user. What is
// attached is brought up to date.
func (m *Machine) system(user string) *shell.System {
	tree := m.files()
	if tree == nil {
		return nil
	}
	root := tree.As(disk.Cred{})
	for _, u := range tools.Users(root) {
		if u.Name != user {
			continue
		}
		m.settle()
		return &shell.System{
			FS:  tree.As(disk.Cred{UID: u.UID, GIDs: tools.GroupsOf(root, u)}),
			Now: m.now, Boot: m.upSince(), Sleep: m.sleep, Programs: programs(), User: user, Home: u.Home, Host: m.host(), Any: m.hostInfo(), As: m.system,
			HomeOf: func(name string) string {
				for _, u := range tools.Users(root) {
					if u.Name == name {
						return u.Home
					}
				}
				return ""
			},
		}
	}
	return nil
}

var programs = sync.OnceValue(tools.All)

// host is the short host name.
func (m *Machine) host() string {
	for i := range m.cfg.Host {
		if m.cfg.Host[i] == '.' {
			return m.cfg.Host[:i]
		}
	}
	return m.cfg.Host
}

func (m *Machine) hostInfo() *tools.Host {
	h := &tools.Host{
		Release: m.cfg.Release, Kernel: kernel, Arch: unameArch(m.cfg.Arch), Type: m.cfg.Type, Cores: 2, MemoryMiB: 1914, Power: m.cfg.Power,
		Console: func(line string) { m.cfg.Board.Print(m.now(), line) },
	}
	if m.cfg.Metadata != nil {
		h.Fetch = func(method, path string, head http.Header) (int, string) { return m.imds.answer(method, path, head) }
	}
	return h
}

// pollSleep is how often a sleeping session looks at the machine's clock,
// which may be set forward.
const pollSleep = 20 * time.Millisecond

// sleep waits by the machine's clock.
func (m *Machine) sleep(ctx context.Context, d time.Duration) error {
	until := m.cfg.Now().Add(d)
	for {
		left := until.Sub(m.cfg.Now())
		if left <= 0 {
			return nil
		}
		t := time.NewTimer(min(left, pollSleep))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
	}
}
