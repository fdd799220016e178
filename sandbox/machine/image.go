package machine

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
	"pawsh/sandbox/machine/tools"
)

const kernel = "6.1.0-emulated"

func unameArch(arch string) string {
	if arch == "arm64" {
		return "aarch64"
	}
	return arch
}

// superuser are the programs that live in /usr/sbin.
var superuser = []string{"useradd", "userdel", "usermod", "groupadd", "mkfs", "mkfs.ext2", "mkfs.ext3", "mkfs.ext4", "mkfs.xfs", "mke2fs", "blkid", "fdisk", "shutdown", "reboot", "poweroff", "halt", "service", "chkconfig", "ip", "ifconfig"}

// layOut writes the image onto a blank root disk.
func (m *Machine) layOut() error {
	v := m.files().As(disk.Cred{})
	var failed error
	do := func(err error) {
		if err != nil && failed == nil {
			failed = err
		}
	}
	for _, dir := range []string{"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/local/bin", "/etc/ssh", "/root", "/home", "/var/log", "/var/lib", "/var/www/html", "/var/lib/cloud/instance/scripts", "/opt", "/srv", "/mnt", "/media", "/run", "/boot", "/dev", "/proc", "/sys"} {
		do(v.MkdirAll(dir, 0o755))
	}
	do(v.Mkdir("/tmp", 0o755))
	do(v.Chmod("/tmp", 0o777|fs.ModeSticky))
	do(v.Mkdir("/var/tmp", 0o755))
	do(v.Chmod("/var/tmp", 0o777|fs.ModeSticky))
	do(v.Chmod("/root", 0o700))
	for link, to := range map[string]string{"/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib"} {
		do(v.Symlink(to, link))
	}
	for _, name := range slices.Sorted(maps.Keys(programs())) {
		dir := "/usr/bin/"
		if slices.Contains(superuser, name) {
			dir = "/usr/sbin/"
		}
		do(v.WriteFile(dir+name, []byte(shell.Magic+name+"\n"), 0o755))
	}
	user, home := m.cfg.User, "/home/"+m.cfg.User
	id, name, _ := strings.Cut(m.cfg.Release, " ")
	text := map[string]string{
		"/etc/passwd":       "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\nsshd:x:74:74::/run:/sbin/nologin\n",
		"/etc/group":        "root:x:0:\nwheel:x:10:\nsudo:x:27:\nadm:x:4:\nnobody:x:65534:\n",
		"/etc/hostname":     m.cfg.Host + "\n",
		"/etc/hosts":        "127.0.0.1 localhost localhost.localdomain\n::1 localhost\n",
		"/etc/fstab":        fmt.Sprintf("%s / ext4 defaults,noatime 1 1\n", m.cfg.RootDevice),
		"/etc/os-release":   fmt.Sprintf("NAME=%q\nVERSION=%q\nID=%q\nPRETTY_NAME=%q\n", id, name, strings.ToLower(id), m.cfg.Release),
		"/etc/motd":         "",
		"/etc/shells":       "/bin/sh\n/bin/bash\n",
		"/etc/rc.local":     "#!/bin/sh\n# Run at the end of each boot.\n",
		"/var/log/messages": "", "/var/log/cloud-init.log": "", "/var/log/cloud-init-output.log": "",
	}
	if user != "root" {
		text["/etc/passwd"] += fmt.Sprintf("%s:x:1000:1000::%s:/bin/bash\n", user, home)
		text["/etc/group"] = strings.Replace(strings.Replace(text["/etc/group"], "wheel:x:10:", "wheel:x:10:"+user, 1), "sudo:x:27:", "sudo:x:27:"+user, 1) + user + ":x:1000:\n"
	}
	for _, name := range slices.Sorted(maps.Keys(text)) {
		do(v.WriteFile(name, []byte(text[name]), 0o644))
	}
	do(v.Chmod("/etc/rc.local", 0o755))
	if user != "root" {
		do(v.Mkdir(home, 0o755))
		do(v.WriteFile(home+"/.bashrc", []byte("# .bashrc\n"), 0o644))
		do(v.Chown(home, 1000, 1000))
		do(v.Chown(home+"/.bashrc", 1000, 1000))
	}
	return failed
}

// authorize lets a key in as a user.
func authorize(v disk.View, user tools.User, keys ...string) error {
	dir := path.Join(user.Home, ".ssh")
	if err := v.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file := dir + "/authorized_keys"
	have, _ := v.ReadFile(file, maxKeys)
	text := string(have)
	for _, k := range keys {
		if k = strings.TrimSpace(k); k != "" && !strings.Contains(text, k) {
			text += k + "\n"
		}
	}
	if err := v.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	for _, p := range []string{dir, file} {
		if err := v.Chown(p, user.UID, user.GID); err != nil {
			return err
		}
	}
	return nil
}

const maxKeys = 64 << 10

// mountSystem mounts /dev and /proc, which belong to no volume.
func (m *Machine) mountSystem(store *disk.Store) error {
	for _, d := range m.virtual {
		d.Free() // of the boot before
	}
	m.virtual = []*disk.Disk{store.NewDisk(1 << 20), store.NewDisk(1 << 20)}
	for i, dir := range []string{"/dev", "/proc"} {
		d := m.virtual[i]
		kind := map[string]string{"/dev": "devtmpfs", "/proc": "proc"}[dir]
		if err := d.Format(kind, "", m.now()); err != nil {
			return err
		}
		if err := m.files().Mount(disk.Mount{Device: kind, Dir: dir, Options: "rw,nosuid", Disk: d}); err != nil {
			return err
		}
	}
	v := m.files().As(disk.Cred{})
	for name, kind := range map[string]string{"null": "null", "zero": "zero", "full": "full", "random": "random", "urandom": "random", "tty": "tty", "console": "tty"} {
		if err := v.MakeDevice("/dev/"+name, fs.ModeDevice|fs.ModeCharDevice|0o666, disk.Device{Kind: kind}); err != nil {
			return err
		}
	}
	for name, f := range map[string]func() string{
		"cpuinfo": func() string {
			return "processor\t: 0\nmodel name\t: emulated\n\nprocessor\t: 1\nmodel name\t: emulated\n"
		},
		"meminfo": func() string {
			return "MemTotal:        1959936 kB\nMemFree:         1306624 kB\nMemAvailable:    1742165 kB\nSwapTotal:             0 kB\n"
		},
		"uptime":  func() string { return fmt.Sprintf("%.2f 0.00\n", m.now().Sub(m.upSince()).Seconds()) },
		"loadavg": func() string { return "0.08 0.03 0.01 1/80 1101\n" },
		"version": func() string { return "Linux version " + kernel + "\n" },
		"cmdline": func() string { return "root=" + m.cfg.RootDevice + " console=ttyS0\n" },
		"mounts": func() string {
			var b strings.Builder
			for _, mnt := range m.files().Mounts() {
				fmt.Fprintf(&b, "%s %s %s %s 0 0\n", mnt.Device, mnt.Dir, mnt.Disk.Kind(), mnt.Options)
			}
			return b.String()
		},
	} {
		if err := v.MakeGenerated("/proc/"+name, f); err != nil {
			return err
		}
	}
	return nil
}

// settle makes /dev show what is attached, and unmounts what is gone.
func (m *Machine) settle() {
	v := m.files().As(disk.Cred{})
	attached := map[string]Volume{m.cfg.RootDevice: {m.cfg.RootDevice, m.cfg.Root, m.cfg.RootSize}}
	if m.cfg.Volumes != nil {
		for _, vol := range m.cfg.Volumes() {
			if strings.HasPrefix(vol.Device, "/dev/") && !strings.Contains(vol.Device[5:], "/") {
				attached[vol.Device] = vol
			} else if !strings.Contains(vol.Device, "/") && vol.Device != "" {
				vol.Device = "/dev/" + vol.Device
				attached[vol.Device] = vol
			}
		}
	}
	there := map[*disk.Disk]bool{}
	for _, vol := range attached {
		there[vol.Disk] = true
	}
	for i, mnt := range slices.Backward(m.files().Mounts()) {
		if i > 0 && !there[mnt.Disk] && strings.HasPrefix(mnt.Device, "/dev/") {
			m.files().Unmount(mnt.Dir) // it is mounted: it was just listed
		}
	}
	list, err := v.ReadDir("/dev")
	if err != nil {
		return
	}
	for _, i := range list {
		name := "/dev/" + i.Name()
		d := i.Device()
		link := i.Mode()&fs.ModeSymlink != 0
		want := attached[name]
		if link {
			want = attached["/dev/sd"+strings.TrimPrefix(i.Name(), "xvd")]
		}
		if (d.Kind == "block" || link && strings.HasPrefix(i.Name(), "xvd")) && (want.Disk == nil || !link && want.Disk != d.Disk) {
			v.Remove(name) // made again below when something else is there now
		}
	}
	for name, vol := range attached {
		if _, err := v.Lstat(name); err != nil {
			v.MakeDevice(name, fs.ModeDevice|0o660, disk.Device{Kind: "block", Disk: vol.Disk, Size: vol.Size})
		}
		if letter, ok := strings.CutPrefix(name, "/dev/sd"); ok { // as the kernels of AWS name it
			if _, err := v.Lstat("/dev/xvd" + letter); err != nil {
				v.Symlink("sd"+letter, "/dev/xvd"+letter)
			}
		}
	}
}
