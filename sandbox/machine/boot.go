package machine

import (
	"crypto/ed25519"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"pawsh/sandbox/machine/cloudinit"
	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
	"pawsh/sandbox/machine/tools"
)

// Boot brings the machine up if that has not happened for as many boots: at
// is when the last of them ended. User data runs at the first boot, within
// limits, and as if at that time: what sleeps in it costs nothing, and what
// it prints after sleeping comes onto the console later.
func (m *Machine) Boot(boots int, at time.Time) {
	m.boot.Lock()
	defer m.boot.Unlock()
	if boots <= m.cfg.Board.Boots() {
		m.resume(at)
		return
	}
	m.setClock(at)
	defer m.setClock(time.Time{})
	m.cfg.Board.SetBoots(boots)
	first := m.cfg.Root.Kind() == ""
	if err := m.start(first, m.printf); err != nil {
		m.printf("kernel panic - not syncing: %v\r\n", err)
		return
	}
	b := &bootRun{m: m, v: m.files().As(disk.Cred{}), at: at}
	b.identify()
	if b.once() {
		b.userData()
	} else {
		b.line("cloud-init[1]: this instance was set up at an earlier boot")
	}
	if data, err := b.v.ReadFile("/etc/rc.local", 64<<10); err == nil && strings.Count(string(data), "\n") > 2 {
		b.run("rc.local", string(data), "/etc/rc.local")
	}
	b.line("cloud-init[1]: finished at %s. Datasource DataSourceEc2. Up %.2f seconds", b.now().Format(time.RFC1123Z), 12.5+b.now().Sub(at).Seconds())
	name, _ := b.v.ReadFile("/etc/hostname", 256)
	host, _, _ := strings.Cut(strings.TrimSpace(string(name)), ".")
	m.cfg.Board.Print(b.now(), fmt.Sprintf("\r\n%s\r\nKernel %s on an %s\r\n\r\n%s login: ", m.cfg.Release, kernel, unameArch(m.cfg.Arch), host))
}

// resume brings a machine up that has booted under an earlier sandbox: as it
// was, but for the processes; all it says is where sshd is now.
func (m *Machine) resume(at time.Time) {
	if m.files() != nil {
		return
	}
	m.setClock(at)
	defer m.setClock(time.Time{})
	if err := m.start(false, func(string, ...any) {}); err != nil {
		m.printf("kernel panic - not syncing: %v\r\n", err)
		return
	}
	if err := m.hostKey(); err != nil {
		m.printf("sshd: %v\r\n", err)
	}
	m.tellListening(at)
}

func (m *Machine) printf(format string, a ...any) {
	m.cfg.Board.Print(m.now(), fmt.Sprintf(format, a...))
}

// start prints the kernel's part and makes the tree.
func (m *Machine) start(first bool, printf func(string, ...any)) error {
	clock := 0.0
	say := func(step float64, format string, a ...any) {
		printf("[%12.6f] %s\r\n", clock, fmt.Sprintf(format, a...))
		clock += step
	}
	if m.cfg.Board.Boots() > 1 {
		printf("\r\n")
	}
	say(0.000412, "Linux version %s (%s) on an emulated %s machine (%s)", kernel, m.cfg.Release, m.cfg.Type, unameArch(m.cfg.Arch))
	say(0.101204, "Command line: root=%s console=ttyS0", m.cfg.RootDevice)
	if first {
		if err := m.cfg.Root.Format("ext4", "/", m.now()); err != nil {
			return err
		}
	}
	m.setTree(disk.NewTree(m.cfg.Root, m.cfg.RootDevice, m.now), m.now())
	if first {
		if err := m.layOut(); err != nil {
			return fmt.Errorf("lay out image: %w", err)
		}
	}
	if err := m.mountSystem(m.cfg.Root.Store()); err != nil {
		return err
	}
	m.settle()
	v := m.files().As(disk.Cred{})
	list, err := v.ReadDir("/dev")
	if err != nil {
		return err
	}
	for _, i := range list {
		if d := i.Device(); d.Kind == "block" {
			say(0.010031, "blkfront: %s: %d GiB", i.Name(), d.Size>>30)
		}
	}
	say(0.120377, "EXT4-fs (%s): mounted filesystem with ordered data mode", path.Base(m.cfg.RootDevice))
	say(0.210377, "eth0: %s link up", m.cfg.MAC)
	say(0.200019, "systemd[1]: Set hostname to <%s>.", m.host())
	tools.MountAll(v, func(format string, a ...any) { printf("mount: "+format+"\r\n", a...) })
	return nil
}

// maxBootOutput is what one script of the boot may print.
const maxBootOutput = 1 << 20

// bootRun is one boot at work.
type bootRun struct {
	m   *Machine
	v   disk.View
	at  time.Time
	ran time.Duration // slept by scripts so far
}

func (b *bootRun) now() time.Time { return b.at.Add(b.ran) }

func (b *bootRun) line(format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	b.m.cfg.Board.Print(b.now(), text+"\r\n")
}

// identify makes the host key at the first boot and tells who may log in.
func (b *bootRun) identify() {
	m := b.m
	b.line("cloud-init[1]: running 'init' at %s.", b.at.Format(time.RFC1123Z))
	b.line("ci-info: instance-id %s, boot %d, zone %s", m.cfg.ID, m.cfg.Board.Boots(), m.cfg.Zone)
	if err := m.hostKey(); err != nil {
		b.line("sshd: %v", err)
		return
	}
	b.line("-----BEGIN SSH HOST KEY FINGERPRINTS-----")
	b.line("256 %s root@%s (ED25519)", ssh.FingerprintSHA256(m.hostID.PublicKey()), m.host())
	b.line("-----END SSH HOST KEY FINGERPRINTS-----")
	b.line("-----BEGIN SSH HOST KEY KEYS-----")
	b.line("%s root@%s", strings.TrimSpace(string(ssh.MarshalAuthorizedKey(m.hostID.PublicKey()))), m.host())
	b.line("-----END SSH HOST KEY KEYS-----")
	m.tellListening(b.now())
}

// tellListening puts on the console where sshd is.
func (m *Machine) tellListening(at time.Time) {
	m.life.Lock()
	l := m.listener
	m.life.Unlock()
	if l != nil {
		m.cfg.Board.Print(at, listening(l))
	}
}

// hostKey makes the machine's key. It is kept in the machine alone: a copied
// disk does not carry it.
func (m *Machine) hostKey() error {
	if m.hostID != nil {
		return nil
	}
	seed := m.cfg.Board.Seed()
	if seed == nil {
		seed = make([]byte, ed25519.SeedSize)
		if _, err := m.cfg.Rand.Read(seed); err != nil {
			return fmt.Errorf("make host key: %w", err)
		}
		m.cfg.Board.SetSeed(seed)
	}
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		return fmt.Errorf("make host key: %w", err)
	}
	m.state.Lock()
	m.hostID = key
	m.state.Unlock()
	return nil
}

// once tells, once an instance, that it is to be set up: a disk that comes
// from another machine's is set up again, as cloud-init does.
func (b *bootRun) once() bool {
	const file = "/var/lib/cloud/instance/instance-id"
	if id, err := b.v.ReadFile(file, 64); err == nil && string(id) == b.m.cfg.ID {
		return false
	}
	err := b.v.MkdirAll(path.Dir(file)+"/scripts", 0o755)
	if err == nil {
		err = b.v.WriteFile(file, []byte(b.m.cfg.ID), 0o644)
	}
	if err != nil {
		b.line("cloud-init[1]: %v", err)
	}
	if user, ok := b.user(b.m.cfg.User); ok && b.m.cfg.Key != "" {
		if err := authorize(b.v, user, b.m.cfg.Key); err != nil {
			b.line("cloud-init[1]: authorized keys: %v", err)
		}
		if key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(b.m.cfg.Key)); err == nil {
			b.line("ci-info: authorized keys of user %s: %s", user.Name, ssh.FingerprintSHA256(key))
		}
	} else {
		b.line("ci-info: no authorized SSH keys fingerprints found for user %s.", b.m.cfg.User)
	}
	return true
}

func (b *bootRun) user(name string) (tools.User, bool) {
	all := tools.Users(b.v)
	i := slices.IndexFunc(all, func(u tools.User) bool { return u.Name == name })
	if i < 0 {
		return tools.User{}, false
	}
	return all[i], true
}

func (b *bootRun) userData() {
	raw := b.m.cfg.UserData
	if len(raw) == 0 {
		b.line("cloud-init[1]: no user data")
		return
	}
	b.v.WriteFile("/var/lib/cloud/instance/user-data.txt", raw, 0o600) // what can't be kept is still run
	parts, err := cloudinit.Parse(raw)
	if err != nil {
		b.line("cloud-init[1]: %v", err)
		return
	}
	configs := []*cloudinit.CloudConfig{}
	for _, p := range parts {
		if p.Kind != cloudinit.Config {
			continue
		}
		c, err := cloudinit.ParseConfig(p.Body)
		if err != nil {
			b.line("cloud-init[1]: %v", err)
			continue
		}
		configs = append(configs, c)
		b.config(c)
	}
	for _, c := range configs {
		if len(c.RunCmd) > 0 {
			b.run("runcmd", "#!/bin/sh\n"+strings.Join(c.RunCmd, "\n")+"\n", "/var/lib/cloud/instance/scripts/runcmd")
		}
	}
	for i, p := range parts {
		switch p.Kind {
		case cloudinit.Script, cloudinit.BootHook:
			name := path.Base(p.Name)
			if p.Name == "" {
				name = fmt.Sprintf("part-%03d", i+1)
			}
			b.run(name, p.Body, "/var/lib/cloud/instance/scripts/"+name)
		case cloudinit.Config:
		case cloudinit.Include:
			b.line("cloud-init[1]: %s: nothing can be fetched in an emulated machine", p.Kind)
		default:
			b.line("cloud-init[1]: Unhandled non-multipart (text/x-not-multipart) userdata: %q...", p.Body[:min(24, len(p.Body))])
		}
	}
	for _, c := range configs {
		if c.Final != "" {
			b.line("%s", c.Final)
		}
	}
}

// config does what a cloud-config asks for, but its commands.
func (b *bootRun) config(c *cloudinit.CloudConfig) {
	for _, key := range c.Ignored {
		b.line("cloud-init[1]: cloud-config: %s is not done in an emulated machine", key)
	}
	var script strings.Builder
	for _, cmd := range c.BootCmd {
		script.WriteString(cmd + "\n")
	}
	q := cloudinit.Quote
	if c.Hostname != "" {
		fmt.Fprintf(&script, "hostname %s\n", q(c.Hostname))
	}
	for _, u := range c.Users {
		groups := u.Groups
		if u.Sudo {
			groups = append(groups, "wheel")
		}
		fmt.Fprintf(&script, "id %s > /dev/null 2>&1 || useradd", q(u.Name))
		for _, f := range []struct{ flag, value string }{{"-s", u.Shell}, {"-d", u.Home}, {"-G", strings.Join(groups, ",")}} {
			if f.value != "" {
				fmt.Fprintf(&script, " %s %s", f.flag, q(f.value))
			}
		}
		fmt.Fprintf(&script, " %s\n", q(u.Name))
	}
	if script.Len() > 0 {
		b.run("cloud-config", "#!/bin/sh\n"+script.String(), "")
	}
	for _, u := range append([]cloudinit.User{{Name: b.m.cfg.User, Keys: c.Keys}}, c.Users...) {
		if user, ok := b.user(u.Name); ok && len(u.Keys) > 0 {
			if err := authorize(b.v, user, u.Keys...); err != nil {
				b.line("cloud-init[1]: authorized keys of %s: %v", u.Name, err)
			}
		}
	}
	for _, f := range c.Files {
		if err := b.writeFile(f); err != nil {
			b.line("cloud-init[1]: write_files: %v", err)
		}
	}
	if len(c.Packages) > 0 {
		install := "yum -y install"
		if strings.HasPrefix(b.m.cfg.Release, "Ubuntu") || strings.HasPrefix(b.m.cfg.Release, "Debian") {
			install = "apt-get -y install"
		}
		for _, p := range c.Packages {
			install += " " + q(p)
		}
		b.run("packages", install, "")
	}
}

func (b *bootRun) writeFile(f cloudinit.File) error {
	if err := b.v.MkdirAll(path.Dir(path.Clean(f.Path)), 0o755); err != nil {
		return err
	}
	content := f.Content
	if f.Append {
		have, _ := b.v.ReadFile(f.Path, 1<<20)
		content = string(have) + content
	}
	if err := b.v.WriteFile(f.Path, []byte(content), fs.FileMode(f.Mode)); err != nil {
		return err
	}
	if err := b.v.Chmod(f.Path, fs.FileMode(f.Mode)&fs.ModePerm); err != nil {
		return err
	}
	name, group, _ := strings.Cut(f.Owner, ":")
	if user, ok := b.user(name); ok && (group == "" || group == name) {
		return b.v.Chown(f.Path, user.UID, user.GID)
	}
	return nil
}

// run runs a script of the boot as root. It is kept at a path, when one is
// given; its output goes to the console and to a log.
func (b *bootRun) run(name, script, at string) {
	sys := b.m.system("root")
	if sys == nil {
		b.line("cloud-init[1]: %s: there is no root", name)
		return
	}
	base := b.now()
	sys.Now = func() time.Time { return base }
	sys.Sleep = nil // time is the script's own
	if sys.As != nil {
		as := sys.As
		sys.As = func(user string) *shell.System {
			s := as(user)
			if s != nil {
				s.Now, s.Sleep, s.As = sys.Now, nil, sys.As
			}
			return s
		}
	}
	text := script
	if at != "" {
		if err := b.v.WriteFile(at, []byte(script), 0o700); err != nil {
			b.line("cloud-init[1]: %s: %v", name, err)
		}
		b.v.Chmod(at, 0o755)
		text = cloudinit.Quote(at)
	}
	sh := shell.New(sys, nil)
	out := b.output(sh)
	defer out.close()
	b.m.setClock(base)
	limits := b.m.cfg.Limits
	if limits.Output == 0 {
		limits.Output = maxBootOutput
	}
	code := sh.Run(b.m.context(), text, shell.Streams{Out: out, Err: out}, limits, true, path.Base(name))
	b.ran = base.Add(sh.Slept()).Sub(b.at)
	b.m.setClock(b.now())
	if code != 0 {
		b.line("cloud-init[1]: Failed to run %s: exit status %d", name, code)
	}
}

// bootOutput is what scripts of the boot print: on the console as it comes,
// and in a log.
type bootOutput struct {
	b    *bootRun
	sh   *shell.Shell
	base time.Time
	log  *disk.File // nil when there is none
	left int        // bytes that the log still takes
}

const maxBootLog = 256 << 10

func (b *bootRun) output(sh *shell.Shell) *bootOutput {
	o := &bootOutput{b: b, sh: sh, base: b.now()}
	log, err := b.v.Open("/var/log/cloud-init-output.log", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err == nil {
		o.log, o.left = log, maxBootLog-int(log.Stat().Size())
	}
	return o
}

func (o *bootOutput) Write(p []byte) (int, error) {
	o.b.m.cfg.Board.Print(o.base.Add(o.sh.Latest()), strings.ReplaceAll(string(p), "\n", "\r\n"))
	if o.log != nil && o.left >= len(p) {
		o.left -= len(p)
		o.log.Write(p) // a full disk loses the log
	}
	return len(p), nil
}

func (o *bootOutput) close() {
	if o.log != nil {
		o.log.Close()
	}
}
