package boto_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

// machine is an SSH server of the test's own: its commands are "echo TEXT",
// "exit N" and "wait"; its files lie in a folder.
type machine struct {
	addr   string
	refuse atomic.Int32 // connections to refuse first
}

func newMachine(t *testing.T, user ssh.PublicKey, host ssh.Signer) *machine {
	t.Helper()
	conf := &ssh.ServerConfig{PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if c.User() != "paws" || !bytes.Equal(key.Marshal(), user.Marshal()) {
			return nil, errors.New("no")
		}
		return nil, nil
	}}
	conf.AddHostKey(host)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m := &machine{addr: l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if m.refuse.Add(-1) >= 0 {
				conn.Close()
				continue
			}
			go serve(conn, conf)
		}
	}()
	return m
}

func serve(conn net.Conn, conf *ssh.ServerConfig) {
	_, chans, reqs, err := ssh.NewServerConn(conn, conf)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(reqs)
	for c := range chans {
		ch, reqs, err := c.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range reqs {
				r.Reply(true, nil)
				switch r.Type {
				case "exec":
					var p struct{ Command string }
					ssh.Unmarshal(r.Payload, &p)
					verb, rest, _ := strings.Cut(p.Command, " ")
					switch verb {
					case "echo":
						io.WriteString(ch, rest+"\n")
						io.WriteString(ch.Stderr(), "done\n")
						ch.SendRequest("exit-status", false, ssh.Marshal(struct{ N uint32 }{0}))
						ch.Close()
					case "exit":
						ch.SendRequest("exit-status", false, ssh.Marshal(struct{ N uint32 }{uint32(rest[0] - '0')}))
						ch.Close()
					}
				case "shell":
					go func() {
						line := make([]byte, 64)
						n, _ := ch.Read(line)
						io.WriteString(ch, "you said "+string(line[:n]))
						ch.SendRequest("exit-status", false, ssh.Marshal(struct{ N uint32 }{0}))
						ch.Close()
					}()
				case "subsystem":
					s, err := sftp.NewServer(ch)
					if err == nil {
						go func() { s.Serve(); ch.Close() }()
					}
				}
			}
		}()
	}
}

func newSigner(t *testing.T) (ssh.Signer, []byte) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, pem.EncodeToMemory(block)
}

// sshWorld is an instance whose SSH port is a machine of the test's.
func sshWorld(t *testing.T, m **machine) (instance *ec2.Instance, home string, pauses *[]time.Duration, ctx func(context.Context)) {
	t.Helper()
	home = t.TempDir()
	pauses = &[]time.Duration{}
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: home, SystemConfig: "-", Endpoint: "http://127.0.0.1:1",
		Sleep: func(ctx context.Context, d time.Duration) error { *pauses = append(*pauses, d); return ctx.Err() },
		DialSSH: func(ctx context.Context, _ string, _ int) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", (*m).addr)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := ec2.Connect(env)
	if err != nil {
		t.Fatal(err)
	}
	current := context.Background()
	env.SetContext(func() context.Context { return current })
	return &ec2.Instance{ID: "i-1", DNSName: "ec2-1.example.com", Connection: c}, home, pauses, func(c context.Context) { current = c }
}

func TestSSHClient(t *testing.T) {
	t.Parallel()
	userKey, private := newSigner(t)
	hostKey, _ := newSigner(t)
	m := newMachine(t, userKey.PublicKey(), hostKey)
	m.refuse.Store(2)
	instance, home, pauses, _ := sshWorld(t, &m)
	keyFile := filepath.Join(home, "paws.pem")
	writeFile(t, keyFile, string(private))
	c, err := boto.SSHClientFromInstance(instance, "~/paws.pem", boto.UserName("paws"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if len(*pauses) != 2 || c.String() != "SSHClient:paws@ec2-1.example.com" {
		t.Errorf("%v after %v", c, *pauses)
	}
	status, out, problems, err := c.Run("echo hello")
	if status != 0 || out != "hello\n" || problems != "done\n" || err != nil {
		t.Errorf("run gives %d %q %q %v", status, out, problems, err)
	}
	if status, _, _, err := c.Run("exit 3"); status != 3 || err != nil {
		t.Errorf("exit 3 gives %d, %v", status, err)
	}
	if text, err := c.RunPTY("echo on a terminal"); !strings.Contains(text, "on a terminal") || err != nil {
		t.Errorf("on a terminal: %q, %v", text, err)
	}
	var screen bytes.Buffer
	if err := c.ShellOn(strings.NewReader("hi"), &screen, io.Discard); err != nil || screen.String() != "you said hi" {
		t.Errorf("shell %q, %v", screen.String(), err)
	}
	there := filepath.Join(home, "there")
	if err := c.PutFile(keyFile, there); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(there); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("put: %v, %v", info, err)
	}
	back := filepath.Join(home, "back")
	if err := c.GetFile(there, back); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(back); string(text) != string(private) || err != nil {
		t.Errorf("got back %q, %v", text, err)
	}
	if names, err := c.Listdir(home); err != nil || !strings.Contains(strings.Join(names, " "), "back") {
		t.Errorf("names %v, %v", names, err)
	}
	for path, want := range map[string][2]bool{home: {true, true}, back: {true, false}, home + "/none": {false, false}} {
		exists, err1 := c.Exists(path)
		dir, err2 := c.Isdir(path)
		if exists != want[0] || dir != want[1] || err1 != nil || err2 != nil {
			t.Errorf("%s: exists %v, dir %v, %v, %v", path, exists, dir, err1, err2)
		}
	}
	if err := c.GetFile(home+"/none", back); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("get what is not there: %v", err)
	}
}

func TestSSHHostKeyIsPinned(t *testing.T) {
	t.Parallel()
	userKey, private := newSigner(t)
	first, _ := newSigner(t)
	second, _ := newSigner(t)
	m := newMachine(t, userKey.PublicKey(), first)
	instance, home, _, _ := sshWorld(t, &m)
	keyFile := writeFile(t, filepath.Join(home, "paws.pem"), string(private))
	for range 2 {
		c, err := boto.SSHClientFromInstance(instance, keyFile, boto.UserName("paws"))
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	text, err := os.ReadFile(filepath.Join(home, ".ssh", "known_hosts"))
	if err != nil || strings.Count(string(text), "\n") != 1 || !strings.HasPrefix(string(text), "ec2-1.example.com ssh-ed25519 ") {
		t.Errorf("known machines %q, %v", text, err)
	}
	m = newMachine(t, userKey.PublicKey(), second)
	var wrong *boto.HostKeyError
	if _, err := boto.SSHClientFromInstance(instance, keyFile, boto.UserName("paws")); !errors.As(err, &wrong) || wrong.Line != 1 {
		t.Errorf("another machine: %v", err)
	}
	m = newMachine(t, second.PublicKey(), first)
	if _, err := boto.SSHClientFromInstance(instance, keyFile, boto.UserName("paws")); err == nil || errors.As(err, &wrong) {
		t.Errorf("a machine that does not know the key: %v", err)
	}
	instance.DNSName = ""
	if _, err := boto.SSHClientFromInstance(instance, keyFile); err == nil || !strings.Contains(err.Error(), "no address") {
		t.Errorf("no address: %v", err)
	}
}

func TestSSHRunEndsWithTheContext(t *testing.T) {
	t.Parallel()
	userKey, private := newSigner(t)
	hostKey, _ := newSigner(t)
	m := newMachine(t, userKey.PublicKey(), hostKey)
	instance, home, _, use := sshWorld(t, &m)
	keyFile := writeFile(t, filepath.Join(home, "paws.pem"), string(private))
	c, err := boto.SSHClientFromInstance(instance, keyFile, boto.UserName("paws"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	use(ctx)
	if _, _, _, err := c.Run("wait"); !errors.Is(err, context.Canceled) {
		t.Errorf("a command that never ends: %v", err)
	}
}
