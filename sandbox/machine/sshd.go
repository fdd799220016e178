package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
	"pawsh/sandbox/machine/tools"
)

// Bounds on connections to a machine.
const (
	maxConns    = 16
	maxSessions = 10 // of a connection
	loginGrace  = 20 * time.Second
	sessionTime = 10 * time.Minute
)

// Listen opens sshd at an address of the loopback net: at port 22 where that
// is allowed, else at 2222, else anywhere. due tells, at each connection, how
// often the machine is to have booted and when it last did. Where it listens
// at that address already, nothing changes.
func (m *Machine) Listen(ip string, due func() (boots int, at time.Time)) (string, error) {
	m.life.Lock()
	defer m.life.Unlock()
	if m.closed {
		return "", net.ErrClosed
	}
	if m.listener != nil {
		if m.address == ip {
			return m.listener.Addr().String(), nil
		}
		m.listener.Close()
		m.listener = nil
	}
	var l net.Listener
	var err error
	for _, addr := range []string{net.JoinHostPort(ip, "22"), net.JoinHostPort(ip, "2222"), net.JoinHostPort(ip, "0"), "127.0.0.1:0"} {
		host, _, _ := net.SplitHostPort(addr)
		if a := net.ParseIP(host); a == nil || !a.IsLoopback() {
			return "", fmt.Errorf("sshd of %s: %s is no loopback address", m.cfg.ID, host)
		}
		if l, err = net.Listen("tcp", addr); err == nil {
			break
		}
	}
	if err != nil {
		return "", fmt.Errorf("sshd of %s: %w", m.cfg.ID, err)
	}
	m.listener, m.address = l, ip
	if m.files() != nil { // else the boot that is to come tells
		m.cfg.Board.Print(m.cfg.Now(), listening(l))
	}
	go m.accept(l, due)
	return l.Addr().String(), nil
}

// SSHAddress is where sshd listens, "" when it does not.
func (m *Machine) SSHAddress() string {
	m.life.Lock()
	defer m.life.Unlock()
	if m.listener == nil {
		return ""
	}
	return m.listener.Addr().String()
}

// listening is the line of the log that tells where sshd is.
func listening(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return ""
	}
	return fmt.Sprintf("sshd[901]: Server listening on %s port %s.\r\n", host, port)
}

func (m *Machine) accept(l net.Listener, due func() (int, time.Time)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		m.life.Lock()
		full := m.listener != l || len(m.conns) >= maxConns
		if !full {
			m.conns[c] = true
		}
		m.life.Unlock()
		if full || m.cfg.Up != nil && !m.cfg.Up() || m.cfg.Admits != nil && !m.cfg.Admits() {
			m.forget(c)
			continue
		}
		go func() {
			defer m.forget(c)
			m.Boot(due())
			m.serve(c)
		}()
	}
}

func (m *Machine) forget(c net.Conn) {
	c.Close()
	m.life.Lock()
	delete(m.conns, c)
	m.life.Unlock()
}

var errDenied = errors.New("permission denied (publickey)")

// serve talks to one client. Only sessions are there: no forwarding of ports,
// agents or displays.
func (m *Machine) serve(c net.Conn) {
	m.state.Lock()
	key := m.hostID
	m.state.Unlock()
	if key == nil {
		return
	}
	cfg := &ssh.ServerConfig{ServerVersion: "SSH-2.0-OpenSSH_emulated", MaxAuthTries: 10, PublicKeyCallback: m.authorized}
	cfg.AddHostKey(key)
	c.SetDeadline(time.Now().Add(loginGrace))
	conn, chans, reqs, err := ssh.NewServerConn(c, cfg)
	if err != nil {
		return
	}
	defer conn.Close()
	c.SetDeadline(time.Time{})
	ctx, cancel := context.WithCancel(m.context())
	defer cancel()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	go ssh.DiscardRequests(reqs)
	slots := make(chan struct{}, maxSessions)
	for nc := range chans {
		if nc.ChannelType() != "session" {
			nc.Reject(ssh.Prohibited, "only sessions")
			continue
		}
		select {
		case slots <- struct{}{}:
		default:
			nc.Reject(ssh.ResourceShortage, "too many sessions")
			continue
		}
		ch, rq, err := nc.Accept()
		if err != nil {
			return
		}
		s := &session{m: m, ctx: ctx, user: conn.User(), ch: ch}
		go func() {
			defer func() { <-slots }()
			s.serve(rq)
		}()
	}
}

// authorized asks the machine's own authorized_keys, as sshd does.
func (m *Machine) authorized(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	tree := m.files()
	v := tree.As(disk.Cred{})
	name := c.User()
	asRoot := name == "root" && m.cfg.User != "root" // root shows a hint to who has the image's key
	for _, u := range tools.Users(v) {
		if u.Name != name && !(asRoot && u.Name == m.cfg.User) {
			continue
		}
		data, err := v.ReadFile(path.Join(u.Home, ".ssh/authorized_keys"), maxKeys)
		for err == nil && len(data) > 0 {
			var k ssh.PublicKey
			if k, _, _, data, err = ssh.ParseAuthorizedKey(data); err == nil && bytes.Equal(k.Marshal(), key.Marshal()) {
				if asRoot && u.Name == m.cfg.User {
					return &ssh.Permissions{}, nil
				}
				return nil, nil
			}
		}
	}
	return nil, errDenied
}

// session is one channel of a client.
type session struct {
	m    *Machine
	ctx  context.Context
	user string
	ch   ssh.Channel
	pty  bool
	env  map[string]string
	term *terminal
}

func (s *session) serve(reqs <-chan *ssh.Request) {
	defer s.ch.Close()
	started := false
	for r := range reqs {
		ok := false
		switch r.Type {
		case "env":
			var kv struct{ K, V string }
			if ssh.Unmarshal(r.Payload, &kv) == nil && len(s.env) < 20 && len(kv.V) < 1024 && (kv.K == "LANG" || len(kv.K) > 3 && kv.K[:3] == "LC_") {
				if s.env == nil {
					s.env = map[string]string{}
				}
				s.env[kv.K], ok = kv.V, true
			}
		case "pty-req":
			s.pty, ok = true, true
		case "window-change":
			ok = true
		case "signal":
			if s.term != nil {
				s.term.interrupt()
			}
		case "exec", "shell", "subsystem":
			var arg struct{ S string }
			if r.Type != "shell" && ssh.Unmarshal(r.Payload, &arg) != nil || started || r.Type == "subsystem" && arg.S != "sftp" {
				break
			}
			started, ok = true, true
			sys := s.m.system(s.user)
			if sys == nil {
				ok = false
				break
			}
			if r.Type == "shell" && s.pty {
				s.term = newTerminal(s.ch)
			}
			// The answer goes first: a quick program ends the channel.
			if r.WantReply {
				r.Reply(true, nil)
			}
			go s.run(r.Type, arg.S, sys)
			continue
		}
		if r.WantReply {
			r.Reply(ok, nil)
		}
	}
}

func (s *session) run(kind, arg string, sys *shell.System) {
	code := 0
	switch {
	case s.user == "root" && s.m.cfg.User != "root" && !s.rootHasKeys(sys):
		fmt.Fprintf(s.ch, "Please login as the user \"%s\" rather than the user \"root\".\r\n\r\n", s.m.cfg.User)
		code = 142
	case kind == "subsystem":
		server := sftp.NewRequestServer(s.ch, sftpHandlers(sys.FS), sftp.WithStartDirectory(sys.Home))
		if err := server.Serve(); err != nil && !errors.Is(err, io.EOF) {
			code = 1
		}
		server.Close()
	case kind == "exec":
		code = shell.New(sys, s.env).Run(s.ctx, arg, shell.Streams{In: s.ch, Out: s.ch, Err: s.ch.Stderr()}, s.m.sessionLimits(), false, "bash")
	case s.term != nil:
		code = s.interact(sys)
	default:
		text, err := io.ReadAll(io.LimitReader(s.ch, 256<<10))
		if err == nil {
			code = shell.New(sys, s.env).Run(s.ctx, string(text), shell.Streams{Out: s.ch, Err: s.ch.Stderr()}, s.m.sessionLimits(), false, "bash")
		}
	}
	if s.m.cfg.Sync != nil {
		s.m.cfg.Sync()
	}
	s.ch.SendRequest("exit-status", false, ssh.Marshal(struct{ C uint32 }{uint32(code)}))
	s.ch.Close()
}

// sessionLimits bound a command somebody waits for: it may wait longer.
func (m *Machine) sessionLimits() shell.Limits {
	l := m.cfg.Limits
	if l.Time == 0 {
		l.Time = sessionTime
	}
	return l
}

// rootHasKeys tells whether root was given keys of its own.
func (s *session) rootHasKeys(sys *shell.System) bool {
	_, err := sys.FS.Stat("/root/.ssh/authorized_keys")
	return err == nil
}
