package boto

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/term"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

// SSHClient is a connection to a machine's shell (boto:
// boto.manage.cmdshell.SSHClient). Close it when done.
type SSHClient struct {
	Host        string
	Port        int
	UserName    string
	HostKeyFile string // "" for a machine of the sandbox: its key is kept in memory

	env    *session.Env
	client *ssh.Client
}

// String prints whom the client is at which machine.
func (c *SSHClient) String() string { return "SSHClient:" + c.UserName + "@" + c.Host }

// SSHOption is an argument of SSHClientFromInstance and ConnectSSH.
type SSHOption func(*sshSettings)

type sshSettings struct {
	user, hostKeys, passphrase string
	port, tries                int
}

// UserName is whom to be on the machine, root unless given
// (boto: user_name).
//
// Example: boto.SSHClientFromInstance(instance, "paws.pem", UserName("ec2-user")).Run("whoami")
func UserName(name string) SSHOption { return func(s *sshSettings) { s.user = name } }

// HostKeyFile is the file of known machines, ~/.ssh/known_hosts unless given
// (boto: host_key_file). A machine that is not in it is written into it, and
// must show the same key from then on. Those of the sandbox are remembered by
// their id, without a file.
//
// Example: boto.SSHClientFromInstance(instance, "paws.pem", HostKeyFile("known_hosts"))
func HostKeyFile(path string) SSHOption { return func(s *sshSettings) { s.hostKeys = path } }

// SSHPwd is the passphrase of the key file (boto: ssh_pwd).
//
// Example: boto.SSHClientFromInstance(instance, "paws.pem", SSHPwd("open sesame"))
func SSHPwd(passphrase string) SSHOption { return func(s *sshSettings) { s.passphrase = passphrase } }

// SSHPort is the machine's port, 22 unless given.
//
// Example: boto.SSHClientFromInstance(instance, "paws.pem", SSHPort(2222))
func SSHPort(port int) SSHOption { return func(s *sshSettings) { s.port = port } }

// ConnectTries is how often to try while a machine that boots refuses the
// connection, 5 unless given, 5 seconds apart.
//
// Example: boto.SSHClientFromInstance(instance, "paws.pem", ConnectTries(5))
func ConnectTries(n int) SSHOption { return func(s *sshSettings) { s.tries = n } }

// retryPause is the time between two tries to reach a machine that boots.
const retryPause = 5 * time.Second

// SSHClientFromInstance opens a connection to an instance by its public name
// with a private key file, such as KeyPair.Save wrote
// (boto: boto.manage.cmdshell.sshclient_from_instance). Options: UserName,
// HostKeyFile, SSHPwd, SSHPort, ConnectTries. Errors: *HostKeyError.
//
// Example: ssh := boto.SSHClientFromInstance(instance, "paws.pem"); ssh.Run("uptime")
func SSHClientFromInstance(instance *ec2.Instance, sshKeyFile string, opts ...SSHOption) (*SSHClient, error) {
	host := instance.DNSName
	for _, other := range []string{instance.IPAddress, instance.PrivateIPAddress} {
		if host == "" {
			host = other
		}
	}
	if host == "" {
		return nil, fmt.Errorf("connect to %s: it has no address while it is %s; WaitUntilRunning and Update tell it", instance.ID, instance.State)
	}
	sandboxed := ""
	if instance.Connection.Target.Sandbox {
		sandboxed = instance.ID
	}
	c, err := dialSSH(instance.Connection.Target.Env(), host, sandboxed, sshKeyFile, opts)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", instance.ID, err)
	}
	return c, nil
}

// ConnectSSH opens a connection to any host. Options as
// SSHClientFromInstance. Errors: *HostKeyError.
//
// Example: ssh := boto.ConnectSSH("server.example.com", "paws.pem")
func ConnectSSH(host, sshKeyFile string, opts ...SSHOption) (*SSHClient, error) {
	env, err := Env()
	if err != nil {
		return nil, err
	}
	c, err := dialSSH(env, host, "", sshKeyFile, opts)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", host, err)
	}
	return c, nil
}

// dialSSH connects. sandboxed is the id of a machine of the sandbox, "" for
// others: its key is kept in memory unless a file is given.
func dialSSH(env *session.Env, host, sandboxed, keyFile string, opts []SSHOption) (*SSHClient, error) {
	s := sshSettings{user: "root", port: 22, tries: 5}
	for _, o := range opts {
		o(&s)
	}
	if s.hostKeys == "" && sandboxed == "" {
		s.hostKeys = filepath.Join(env.Home(), ".ssh", "known_hosts")
	}
	signer, err := readKey(expand(env, keyFile), s.passphrase)
	if err != nil {
		return nil, err
	}
	c := &SSHClient{Host: host, Port: s.port, UserName: s.user, HostKeyFile: expand(env, s.hostKeys), env: env}
	known, algorithms := sandboxPins.check(sandboxed), []string(nil)
	if c.HostKeyFile != "" {
		if known, algorithms, err = pinnedKeys(c.HostKeyFile, net.JoinHostPort(host, strconv.Itoa(s.port))); err != nil {
			return nil, err
		}
	}
	conf := &ssh.ClientConfig{
		User: s.user, Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: known, HostKeyAlgorithms: algorithms, Timeout: 30 * time.Second,
	}
	for try := 1; ; try++ {
		err = c.connect(conf)
		var wrong *HostKeyError
		if err == nil {
			return c, nil
		}
		if try >= s.tries || errors.As(err, &wrong) || strings.Contains(err.Error(), "unable to authenticate") || env.Context().Err() != nil {
			return nil, err
		}
		if err := env.Sleep(retryPause); err != nil {
			return nil, err
		}
	}
}

func (c *SSHClient) connect(conf *ssh.ClientConfig) error {
	conn, err := c.env.DialSSH(c.Host, c.Port)
	if err != nil {
		return err
	}
	stop := c.until(conn)
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(conf.Timeout)) // not every connection has one
	sc, chans, reqs, err := ssh.NewClientConn(conn, net.JoinHostPort(c.Host, strconv.Itoa(c.Port)), conf)
	if err != nil {
		conn.Close()
		return err
	}
	_ = conn.SetDeadline(time.Time{})
	c.client = ssh.NewClient(sc, chans, reqs)
	return nil
}

// until closes what a call waits on when the cell's context ends.
func (c *SSHClient) until(closer io.Closer) (stop func()) {
	ctx := c.env.Context()
	done := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			closer.Close()
		case <-done:
		}
	}()
	return func() { close(done) }
}

func readKey(path, passphrase string) (ssh.Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	signer, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) && passphrase != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(text, []byte(passphrase))
	}
	if err != nil {
		return nil, fmt.Errorf("private key %s: %w", path, err)
	}
	return signer, nil
}

func expand(env *session.Env, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(env.Home(), rest)
	}
	return path
}

// Run runs a command and gives its exit status, which boto never told, and
// what it wrote (boto: run). A command that fails is no error; one that a
// signal ended has status -1.
//
// Example: status, out, errors := ssh.Run("uname -a"); fmt.Println(status, out, errors)
func (c *SSHClient) Run(command string) (status int, stdout, stderr string, err error) {
	s, err := c.client.NewSession()
	if err != nil {
		return 0, "", "", fmt.Errorf("run on %s: %w", c.Host, err)
	}
	defer s.Close()
	var out, problems bytes.Buffer
	s.Stdout, s.Stderr = &out, &problems
	stop := c.until(s)
	err = s.Run(command)
	stop()
	status, err = c.exit(err)
	return status, out.String(), problems.String(), err
}

func (c *SSHClient) exit(err error) (int, error) {
	var exit *ssh.ExitError
	var missing *ssh.ExitMissingError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.Signal() == "":
		return exit.ExitStatus(), nil
	case errors.As(err, &exit):
		return -1, nil
	case c.env.Context().Err() != nil:
		return -1, fmt.Errorf("run on %s: %w", c.Host, c.env.Context().Err())
	case errors.As(err, &missing):
		return -1, nil
	}
	return 0, fmt.Errorf("run on %s: %w", c.Host, err)
}

// RunPTY runs a command on a terminal of its own and gives what it showed
// (boto: run_pty).
//
// Example: ssh.RunPTY("ls")
func (c *SSHClient) RunPTY(command string) (string, error) {
	s, err := c.client.NewSession()
	if err != nil {
		return "", fmt.Errorf("run on %s: %w", c.Host, err)
	}
	defer s.Close()
	if err := s.RequestPty("xterm", 24, 80, ssh.TerminalModes{}); err != nil {
		return "", fmt.Errorf("run on %s: %w", c.Host, err)
	}
	defer c.until(s)()
	out, err := s.CombinedOutput(command)
	_, err = c.exit(err)
	return string(out), err
}

// Shell puts the user at the machine's shell until it ends (boto: shell). It
// takes the program's own terminal.
//
// Example: ssh.Shell()
func (c *SSHClient) Shell() error { return c.ShellOn(os.Stdin, os.Stdout, os.Stderr) }

// ShellOn is Shell on streams of the caller's.
//
// Example: var out strings.Builder; ssh.ShellOn(strings.NewReader("hostname; exit\n"), &out, &out); out.String()
func (c *SSHClient) ShellOn(stdin io.Reader, stdout, stderr io.Writer) error {
	s, err := c.client.NewSession()
	if err != nil {
		return fmt.Errorf("shell on %s: %w", c.Host, err)
	}
	defer s.Close()
	s.Stdin, s.Stdout, s.Stderr = stdin, stdout, stderr
	width, height := 80, 24
	if f, ok := stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		old, err := term.MakeRaw(int(f.Fd()))
		if err != nil {
			return fmt.Errorf("shell on %s: %w", c.Host, err)
		}
		defer term.Restore(int(f.Fd()), old)
		if w, h, err := term.GetSize(int(f.Fd())); err == nil {
			width, height = w, h
		}
	}
	if err := s.RequestPty("xterm-256color", height, width, ssh.TerminalModes{ssh.ECHO: 1}); err != nil {
		return fmt.Errorf("shell on %s: %w", c.Host, err)
	}
	defer c.until(s)()
	if err := s.Shell(); err != nil {
		return fmt.Errorf("shell on %s: %w", c.Host, err)
	}
	_, err = c.exit(s.Wait())
	return err
}

// OpenSFTP opens a connection for files (boto: open_sftp). The caller closes
// it. It is for programs; cells have PutFile, GetFile, Listdir and their like.
//
// Example: ssh.OpenSFTP().Getwd()
func (c *SSHClient) OpenSFTP() (*sftp.Client, error) {
	f, err := sftp.NewClient(c.client)
	if err != nil {
		return nil, fmt.Errorf("files of %s: %w", c.Host, err)
	}
	return f, nil
}

// Close ends the connection (boto: close).
//
// Example: ssh.Close()
func (c *SSHClient) Close() error { return c.client.Close() }
