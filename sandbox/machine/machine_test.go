package machine

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"crypto/ed25519"
	"crypto/rand"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// rig is a machine on a bench: its clock, its volumes and its key.
type rig struct {
	*Machine
	store *disk.Store
	key   ssh.Signer

	mu      sync.Mutex
	now     time.Time
	volumes []Volume
	power   []string
	meta    Metadata
}

func newRig(t testing.TB, userData string, change func(*Config)) *rig {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{store: disk.NewStore(64 << 20), key: signer, now: epoch}
	r.meta = Metadata{Values: map[string]string{"instance-id": "i-1", "placement/availability-zone": "us-east-1a"}, UserData: []byte(userData), Document: "{}"}
	cfg := Config{
		ID: "i-1", Host: "ip-10-0-0-1.ec2.internal", User: "ec2-user", Release: "Amazon Linux 2023", Arch: "x86_64", Type: "t3.micro", Zone: "us-east-1a", MAC: "0e:00",
		Key: string(ssh.MarshalAuthorizedKey(signer.PublicKey())), UserData: []byte(userData), Root: r.store.NewDisk(16 << 20), RootDevice: "/dev/xvda", RootSize: 8 << 30,
		Now:      func() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.now },
		Volumes:  func() []Volume { r.mu.Lock(); defer r.mu.Unlock(); return r.volumes },
		Power:    func(w string) { r.mu.Lock(); defer r.mu.Unlock(); r.power = append(r.power, w) },
		Metadata: func() Metadata { r.mu.Lock(); defer r.mu.Unlock(); return r.meta },
	}
	if change != nil {
		change(&cfg)
	}
	r.Machine = New(cfg)
	t.Cleanup(r.Close)
	return r
}

func (r *rig) sh(t testing.TB, user, script string) string {
	t.Helper()
	r.Boot(1, epoch)
	var out bytes.Buffer
	r.Run(context.Background(), user, script, shell.Streams{Out: &out, Err: &out})
	return out.String()
}

func TestUserData(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, check, want string }{
		{"script", "#!/bin/bash\nset -e\necho hello > /tmp/x\nwhoami", "cat /tmp/x; tail -n 1 /var/log/cloud-init-output.log", "hello\nroot\n"},
		{"script of another program", "#!/usr/bin/env python3\nprint(1)", "cat /var/lib/cloud/instance/scripts/part-001 | wc -l", "1\n"},
		{"cloud-config", "#cloud-config\npackages: [httpd, git]\nhostname: web1\nwrite_files:\n- path: /etc/app.conf\n  content: |\n    a=1\n  permissions: '0600'\nusers:\n- default\n- name: mitch\n  groups: wheel\nruncmd:\n- echo run > /tmp/r\n- [sh, -c, 'echo list >> /tmp/r']\n",
			"cat /var/lib/packages/installed /tmp/r; sudo cat /etc/app.conf; stat -c %a /etc/app.conf; id mitch; hostname", "httpd\ngit\nrun\nlist\na=1\n600\nuid=1001(mitch) gid=1001(mitch) groups=1001(mitch),10(wheel)\nweb1\n"},
		{"multipart", "Content-Type: multipart/mixed; boundary=X\n\n--X\nContent-Type: text/x-shellscript\n\n#!/bin/sh\necho 1 > /tmp/a\n--X\nContent-Type: text/cloud-config\n\nruncmd: [echo 2 > /tmp/b]\n--X--\n", "cat /tmp/a /tmp/b", "1\n2\n"},
		{"text", "just text", "echo fine", "fine\n"},
		{"broken", "#!/bin/sh\nif", "echo fine", "fine\n"},
		{"web server", "#!/bin/sh\nyum -y install httpd\nservice httpd start\necho '<h1>paws</h1>' > /var/www/html/index.html\n", "cat /var/www/html/index.html; service httpd status; rpm -q httpd", "<h1>paws</h1>\nhttpd.service\n   Active: active\nhttpd\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.data, nil)
			if got := r.sh(t, "ec2-user", tt.check); got != tt.want {
				t.Errorf("got %q, want %q\n%s", got, tt.want, r.Console(1, epoch, epoch.Add(time.Hour)))
			}
		})
	}
}

func TestConsoleFollowsTheClock(t *testing.T) {
	t.Parallel()
	r := newRig(t, "#!/bin/sh\necho first\nsleep 600\necho second; date +%H:%M", nil)
	early := r.Console(1, epoch, epoch.Add(time.Second))
	late := r.Console(1, epoch, epoch.Add(time.Hour))
	for _, want := range []string{"Linux version", "ci-info: instance-id i-1, boot 1", "SHA256:", "first\r\n"} {
		if !strings.Contains(early, want) {
			t.Errorf("console lacks %q:\n%s", want, early)
		}
	}
	if strings.Contains(early, "second") || strings.Contains(early, "login:") || !strings.Contains(late, "second\r\n03:14\r\n") || !strings.HasSuffix(late, "ip-10-0-0-1 login: ") {
		t.Errorf("early:\n%s\nlate:\n%s", early, late)
	}
}

func TestRebootKeepsTheDisk(t *testing.T) {
	t.Parallel()
	r := newRig(t, "#!/bin/sh\necho once >> /root/count", nil)
	r.sh(t, "root", "echo mine > /home/ec2-user/f; echo 'echo local' >> /etc/rc.local")
	r.Stop()
	log := r.Console(2, epoch.Add(time.Hour), epoch.Add(2*time.Hour))
	if got := r.sh(t, "root", "cat /root/count /home/ec2-user/f; uptime | wc -l; ls /dev"); !strings.HasPrefix(got, "once\nmine\n1\nconsole\n") {
		t.Errorf("after the reboot: %q", got)
	}
	if strings.Count(log, "Linux version") != 2 || !strings.Contains(log, "boot 2") || !strings.Contains(log, "local\r\n") {
		t.Errorf("console:\n%s", log)
	}
}

func TestVolumes(t *testing.T) {
	t.Parallel()
	r := newRig(t, "", nil)
	data := r.store.NewDisk(4 << 20)
	r.volumes = []Volume{{"/dev/sdh", data, 10 << 30}}
	got := r.sh(t, "ec2-user", "mount /dev/sdh /mnt; sudo mount /dev/sdh /mnt; file -s /dev/sdh; sudo mkfs -t ext3 /dev/xvdh > /dev/null && sudo mount /dev/sdh /mnt && echo hi | sudo tee /mnt/f; df -h /mnt | tail -n 1; lsblk | grep sdh")
	for _, want := range []string{"only root can do that", "wrong fs type", "/dev/sdh: data", "hi\n", "10G", "/mnt"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q: %s", want, got)
		}
	}
	snap, err := data.Clone(4 << 20)
	if err != nil {
		t.Fatal(err)
	}
	r.sh(t, "root", "echo more >> /mnt/f")
	r.mu.Lock()
	r.volumes = []Volume{{"/dev/sdi", snap, 10 << 30}}
	r.mu.Unlock()
	if got := r.sh(t, "root", "ls /mnt /dev/sdh; mount /dev/sdi /mnt; cat /mnt/f"); got != "ls: cannot access '/dev/sdh': No such file or directory\nhi\n" && !strings.HasSuffix(got, "hi\n") || strings.Contains(got, "more") {
		t.Errorf("detached and restored: %q", got)
	}
	other := newRig(t, "", nil)
	if data.Kind() != "ext3" {
		t.Fatalf("the volume is %q", data.Kind())
	}
	_ = other
	r.mu.Lock()
	r.volumes = []Volume{{"/dev/sdf", data, 10 << 30}}
	r.mu.Unlock()
	if got := r.sh(t, "root", "mkdir /data; mount /dev/sdf /data && cat /data/f; echo '/dev/sdf /data ext3 defaults 0 0' >> /etc/fstab"); got != "hi\nmore\n" {
		t.Errorf("attached again: %q", got)
	}
	r.Boot(2, epoch)
	var out bytes.Buffer
	r.Run(context.Background(), "root", "cat /data/f", shell.Streams{Out: &out, Err: &out})
	if out.String() != "hi\nmore\n" {
		t.Errorf("mounted at boot: %q", &out)
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	r := newRig(t, "#!/bin/sh\n", nil)
	for _, tt := range []struct{ script, want string }{
		{"curl -s http://169.254.169.254/latest/meta-data/", "instance-id\nplacement/"},
		{"curl -s http://169.254.169.254/latest/meta-data/instance-id", "i-1"},
		{"curl -s http://169.254.169.254/latest/meta-data/placement/availability-zone/", "us-east-1a"},
		{"curl -s 169.254.169.254/latest/user-data", "#!/bin/sh\n"},
		{"wget -q -O - http://169.254.169.254/2009-04-04/meta-data/instance-id", "i-1"},
		{"curl -s http://169.254.169.254/", strings.Join(versions, "\n")},
		{"curl -sf http://169.254.169.254/latest/meta-data/nothing; echo $?", "22\n"},
		{`T=$(curl -s -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token); curl -s -H "X-aws-ec2-metadata-token: $T" http://169.254.169.254/latest/meta-data/instance-id; curl -s -o /dev/null -w '%{http_code}\n' -H "X-aws-ec2-metadata-token: x$T" http://169.254.169.254/latest/meta-data/`, "i-1401\n"},
		{"curl -s http://127.0.0.1:22/; echo $?; curl -s file:///etc/passwd 2> /dev/null; echo $?; curl -s http://169.254.169.254.evil.com; echo $?; curl -s http://169.254.169.254@evil.com/; echo $?; curl -s http://169.254.169.254:8080/; echo $?", "6\n1\n6\n6\n6\n"},
	} {
		if got := r.sh(t, "ec2-user", tt.script); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.script, got, tt.want)
		}
	}
	r.mu.Lock()
	r.meta.TokensRequired = true
	r.mu.Unlock()
	if got := r.sh(t, "ec2-user", "curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/"); got != "401" {
		t.Errorf("without a token: %q", got)
	}
}

func TestPower(t *testing.T) {
	t.Parallel()
	r := newRig(t, "", nil)
	r.sh(t, "ec2-user", "reboot; sudo reboot; sudo shutdown -h now")
	if fmt.Sprint(r.power) != "[reboot poweroff]" {
		t.Errorf("got %v", r.power)
	}
}

func (r *rig) dial(t testing.TB, user string, key ssh.Signer) (*ssh.Client, error) {
	t.Helper()
	addr, err := r.Listen("127.0.0.1", func() (int, time.Time) { return 1, epoch })
	if err != nil {
		t.Fatal(err)
	}
	c, err := ssh.Dial("tcp", addr, &ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: func(_ string, _ net.Addr, k ssh.PublicKey) error {
		if log := r.Console(1, epoch, epoch.Add(time.Hour)); !strings.Contains(log, ssh.FingerprintSHA256(k)) {
			return fmt.Errorf("the console does not show the host key's fingerprint")
		}
		return nil
	}, Timeout: 10 * time.Second})
	if err == nil {
		t.Cleanup(func() { c.Close() })
	}
	return c, err
}

func TestSSH(t *testing.T) {
	t.Parallel()
	r := newRig(t, "#!/bin/sh\necho up > /tmp/up", nil)
	c, err := r.dial(t, "ec2-user", r.key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	s.Stdin = strings.NewReader("typed\n")
	out, err := s.CombinedOutput("whoami; cat /tmp/up; cat; exit 3")
	if e, ok := err.(*ssh.ExitError); !ok || e.ExitStatus() != 3 || string(out) != "ec2-user\nup\ntyped\n" {
		t.Errorf("got %q, %v", out, err)
	}
	for _, port := range []string{"127.0.0.1:22", "127.0.0.1:80"} {
		if _, err := c.Dial("tcp", port); err == nil {
			t.Errorf("forwards to %s", port)
		}
	}
	if _, err := c.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.Error("forwards from a port")
	}
	stranger := newRig(t, "", nil)
	for user, key := range map[string]ssh.Signer{"ec2-user": stranger.key, "nobody": r.key, "mitch": r.key} {
		if _, err := r.dial(t, user, key); err == nil {
			t.Errorf("%s gets in", user)
		}
	}
	if c, err := r.dial(t, "root", r.key); err != nil {
		t.Error(err)
	} else if s, err := c.NewSession(); err == nil {
		out, err := s.CombinedOutput("id")
		if !strings.Contains(string(out), `Please login as the user "ec2-user"`) {
			t.Errorf("root sees %q, %v", out, err)
		}
	}
	r.Stop()
	if s, err := c.NewSession(); err == nil {
		if _, err = s.CombinedOutput("true"); err == nil {
			t.Error("the session outlives the machine")
		}
	}
}

func TestSSHShell(t *testing.T) {
	t.Parallel()
	r := newRig(t, "", nil)
	c, err := r.dial(t, "ec2-user", r.key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RequestPty("xterm", 24, 80, ssh.TerminalModes{}); err != nil {
		t.Fatal(err)
	}
	in, _ := s.StdinPipe()
	out, _ := s.StdoutPipe()
	if err := s.Shell(); err != nil {
		t.Fatal(err)
	}
	seen := ""
	buf := make([]byte, 4096)
	expect := func(want string) {
		t.Helper()
		for !strings.Contains(seen, want) {
			n, err := out.Read(buf)
			seen += string(buf[:n])
			if err != nil && !strings.Contains(seen, want) {
				t.Fatalf("waiting for %q: %v, seen %q", want, err, seen)
			}
		}
		_, seen, _ = strings.Cut(seen, want)
	}
	expect("[ec2-user@ip-10-0-0-1 ~]$ ")
	io.WriteString(in, "cd /tmp\r")
	expect("tmp]$ ")
	io.WriteString(in, "for i in 1 2; do\r")
	expect("> ")
	io.WriteString(in, "echo n$i; done\r")
	expect("n1\r\nn2\r\n")
	expect("]$ ")
	io.WriteString(in, "read x; echo got-$x\r")
	expect("\r\n")
	io.WriteString(in, "line\r")
	expect("got-line")
	expect("]$ ")
	io.WriteString(in, "echo start; sleep 1000; echo not-this\r")
	expect("start\r\n")
	in.Write([]byte{3})
	expect("]$ ")
	io.WriteString(in, "exit 5\r")
	if e, ok := s.Wait().(*ssh.ExitError); !ok || e.ExitStatus() != 5 {
		t.Errorf("status %v", e)
	}
}

func TestSFTP(t *testing.T) {
	t.Parallel()
	r := newRig(t, "", nil)
	conn, err := r.dial(t, "ec2-user", r.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sftp.NewClient(conn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if wd, err := c.Getwd(); err != nil || wd != "/home/ec2-user" {
		t.Errorf("starts in %q, %v", wd, err)
	}
	f, err := c.Create("up.bin")
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("paws"), 100_000)
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if g, err := c.Open("/home/ec2-user/up.bin"); err != nil {
		t.Error(err)
	} else if back, err := io.ReadAll(g); err != nil || !bytes.Equal(back, content) {
		t.Errorf("%d bytes come back, %v", len(back), err)
	}
	if err := c.Rename("up.bin", "b"); err != nil {
		t.Error(err)
	}
	if err := c.Symlink("b", "l"); err != nil {
		t.Error(err)
	}
	if err := c.Chmod("b", 0o600); err != nil {
		t.Error(err)
	}
	if got := r.sh(t, "ec2-user", "stat -c '%a %s %U' b; readlink l"); got != "600 400000 ec2-user\nb\n" {
		t.Errorf("within: %q", got)
	}
	for name, err := range map[string]error{"create": second(c.Create("/etc/x")), "read": second(c.Open("/root/x")), "remove": c.Remove("/etc/passwd"), "mkdir": c.Mkdir("/usr/x")} {
		if err == nil {
			t.Errorf("%s succeeds without rights", name)
		}
	}
	list, err := c.ReadDir("/")
	if err != nil || len(list) < 10 {
		t.Errorf("%v %v", list, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestRunsAtOnce lets many look at one machine while it boots, runs and stops.
func TestRunsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, "#!/bin/sh\nfor i in 1 2 3; do echo $i > /tmp/$i & done; wait", nil)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			switch i % 4 {
			case 0:
				r.Console(1+i/8, epoch, epoch)
			case 1:
				r.sh(t, "ec2-user", "for i in $(seq 20); do echo $i; done | sort -n | tail -n 1 > /tmp/t; rm -f /tmp/t; df > /dev/null; lsblk > /dev/null")
			case 2:
				d, err := r.store.NewDisk(1 << 20).Clone(1 << 20)
				if err == nil {
					r.mu.Lock()
					r.volumes = []Volume{{"/dev/sdf", d, 1 << 30}}
					r.mu.Unlock()
				}
			default:
				r.Stop()
			}
		})
	}
	wg.Wait()
	if got := r.sh(t, "root", "echo $(cat /tmp/1 /tmp/2)"); got != "1 2\n" && got != "cat: /tmp/1: No such file or directory\ncat: /tmp/2: No such file or directory\n\n" {
		t.Logf("user data was cut off: %q", got) // stopped while it ran
	}
}

func TestHostileUserData(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"fork bomb":   ":(){ :|:& };:",
		"loop":        "while :; do :; done",
		"memory":      "x=aaaaaaaa; while :; do x=$x$x; done",
		"output":      "yes",
		"disk":        "yes > /fill",
		"big file":    "dd if=/dev/zero of=/big bs=1M count=4000; truncate -s 100G /big2",
		"many files":  "i=0; while :; do : > /tmp/$i; i=$((i+1)); done",
		"deep tree":   "while :; do mkdir d && cd d; done",
		"many sleeps": "while :; do sleep 1; done",
		"self":        "cat /var/lib/cloud/instance/scripts/part-001 > /tmp/s; chmod +x /tmp/s; /tmp/s",
		"sort":        "yes | sort",
		"sed":         "while :; do echo aaaaaaaaaaaaaaaaaaaa; done | sed 's/a/&&&&&&&&&&&&&&&&&&&/g'",
		"links":       "ln -s /tmp/a /tmp/b; ln -s /tmp/b /tmp/a; cat /tmp/a; ln -s / /tmp/r; find -L / ; ls -R /",
		"remove all":  "rm -rf /*; ls /",
		"xargs":       "yes | xargs -n 1 sh -c 'sh -c \"sh\"'",
		"sudo":        "f() { sudo sh -c 'sudo sh -c \"yes\"'; }; f | f",
		"no users":    ": > /etc/passwd; sudo id; su nobody",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "#!/bin/bash\n"+script+"\n", func(c *Config) { c.Limits = shell.Limits{Steps: 20_000, Time: 20 * time.Second} })
			log := r.Console(1, epoch, epoch.Add(100*time.Hour))
			if !strings.Contains(log, "login: ") || len(log) > disk.MaxConsole {
				t.Errorf("%d bytes of console, end: %q", len(log), log[max(0, len(log)-300):])
			}
			if used := r.store.Used(); used > 40<<20 {
				t.Errorf("%d bytes held", used)
			}
		})
	}
}
