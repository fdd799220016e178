package tools

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
)

func disks() map[string]shell.Program {
	mkfsAll := map[string]shell.Program{"df": df, "mount": mount, "umount": umount, "lsblk": lsblk, "blkid": blkid, "file": file, "fdisk": lsblk, "mkfs": mkfs, "mke2fs": mkfs, "resize2fs": quietly, "xfs_growfs": quietly, "e2label": quietly, "swapon": quietly}
	for _, kind := range []string{"ext2", "ext3", "ext4", "xfs", "btrfs"} {
		mkfsAll["mkfs."+kind] = mkfs
	}
	return mkfsAll
}

// blockDevice finds the disk behind a device file.
func blockDevice(p *shell.Proc, name string) (disk.Device, error) {
	info, err := p.FS.Stat(p.Abs(name))
	switch d := info.Device(); {
	case err != nil:
		return d, err
	case d.Kind != "block":
		return d, errors.New("not a block device")
	default:
		return d, nil
	}
}

func mkfs(p *shell.Proc) int {
	flags, rest := options(p.Args, "tLbjimN")
	if len(rest) == 0 {
		return p.Errorf("no device specified")
	}
	kind := "ext2"
	if _, k, ok := strings.Cut(path.Base(p.Args[0]), "."); ok {
		kind = k
	} else if k := flags["t"]; k != "" {
		kind = k
	}
	if p.FS.Cred().UID != 0 {
		return p.Errorf("Permission denied while trying to determine filesystem size")
	}
	name := rest[0]
	d, err := blockDevice(p, name)
	if err != nil {
		return p.Errorf("The file %s does not exist or is no block device", name)
	}
	for _, m := range p.FS.Tree().Mounts() {
		if m.Disk == d.Disk {
			return p.Errorf("%s is mounted; will not make a filesystem here!", name)
		}
	}
	if d.Disk.Kind() != "" && kind == "xfs" && !has(flags, "f") {
		return p.Errorf("%s appears to contain an existing filesystem (%s).\nmkfs.xfs: Use the -f option to force overwrite.", name, d.Disk.Kind())
	}
	if err := d.Disk.Format(kind, flags["L"], p.Now()); err != nil {
		return p.Errorf("%s: %s", name, shell.Reason(err))
	}
	fmt.Fprintf(p.Stdout, "Creating filesystem with %d 4k blocks and %d inodes\n\nAllocating group tables: done\nWriting inode tables: done\nWriting superblocks and filesystem accounting information: done\n\n", d.Size/4096, d.Size/16384)
	return 0
}

func mount(p *shell.Proc) int {
	flags, rest := options(p.Args, "toL")
	tree := p.FS.Tree()
	if len(rest) == 0 && !has(flags, "a") {
		for _, m := range tree.Mounts() {
			fmt.Fprintf(p.Stdout, "%s on %s type %s (%s)\n", m.Device, m.Dir, m.Disk.Kind(), m.Options)
		}
		return 0
	}
	if p.FS.Cred().UID != 0 {
		return p.Errorf("only root can do that") * 32
	}
	if has(flags, "a") {
		return MountAll(p.FS, func(format string, a ...any) { p.Errorf(format, a...) })
	}
	device, dir := rest[0], ""
	if len(rest) > 1 {
		dir = p.Abs(rest[1])
	} else {
		for _, e := range fstab(p.FS) {
			if e[0] == device || e[1] == path.Clean(p.Abs(device)) {
				device, dir = e[0], e[1]
			}
		}
		if dir == "" {
			return p.Errorf("can't find %s in /etc/fstab", device)
		}
	}
	opts := flags["o"]
	if opts == "" {
		opts = "rw,relatime"
	}
	if err := mountOne(p.FS, p.Abs(device), dir, opts); err != nil {
		return p.Errorf("%s: %s", dir, mountReason(err, device)) * 32
	}
	return 0
}

func mountReason(err error, device string) string {
	switch {
	case errors.Is(err, syscall.EINVAL):
		return "wrong fs type, bad option, bad superblock on " + device + ", missing codepage or helper program, or other error."
	case errors.Is(err, syscall.EBUSY):
		return device + " already mounted."
	case errors.Is(err, syscall.ENOENT):
		return "mount point does not exist."
	}
	return shell.Reason(err)
}

func mountOne(v disk.View, device, dir, opts string) error {
	info, err := v.Stat(device)
	if err != nil {
		return fmt.Errorf("special device %s does not exist", device)
	}
	d := info.Device()
	if d.Kind != "block" {
		return fmt.Errorf("%s is not a block device", device)
	}
	return v.Tree().Mount(disk.Mount{Device: device, Dir: dir, Options: opts, Disk: d.Disk})
}

func fstab(v disk.View) [][]string {
	data, err := v.ReadFile("/etc/fstab", maxTable)
	if err != nil {
		return nil
	}
	var out [][]string
	for _, l := range splitLines(string(data)) {
		if f := strings.Fields(l); len(f) >= 4 && !strings.HasPrefix(f[0], "#") && f[1] != "/" {
			out = append(out, f)
		}
	}
	return out
}

// MountAll mounts what /etc/fstab lists, as at boot.
func MountAll(v disk.View, complain func(string, ...any)) int {
	code := 0
	for _, e := range fstab(v) {
		if strings.Contains(e[3], "noauto") || !strings.HasPrefix(e[0], "/dev/") {
			continue
		}
		err := mountOne(v, e[0], e[1], "rw,relatime")
		if err != nil && !errors.Is(err, syscall.EBUSY) && !strings.Contains(e[3], "nofail") {
			complain("%s: %s", e[1], mountReason(err, e[0]))
			code = 32
		}
	}
	return code
}

func umount(p *shell.Proc) int {
	_, rest := options(p.Args, "t")
	if p.FS.Cred().UID != 0 {
		return p.Errorf("%s: must be superuser to unmount.", strings.Join(rest, " ")) * 32
	}
	code := 0
	for _, n := range rest {
		if strings.HasPrefix(path.Clean(p.Dir())+"/", path.Clean(p.Abs(n))+"/") {
			code = p.Errorf("%s: target is busy.", n) * 32
			continue
		}
		if err := p.FS.Tree().Unmount(path.Clean(p.Abs(n))); err != nil {
			code = p.Errorf("%s: not mounted.", n) * 32
		}
	}
	return code
}

func df(p *shell.Proc) int {
	flags, names := options(p.Args, "t")
	unit, head := int64(1024), "1K-blocks"
	show := func(n int64) string { return fmt.Sprint(n / unit) }
	if has(flags, "h") {
		head, show = "Size", human
	}
	if has(flags, "m") {
		unit, head = 1<<20, "1M-blocks"
	}
	fmt.Fprintf(p.Stdout, "%-15s %9s %9s %9s %4s %s\n", "Filesystem", head, "Used", "Available", "Use%", "Mounted on")
	sizes := map[*disk.Disk]int64{}
	list, _ := p.FS.ReadDir("/dev")
	for _, i := range list {
		if d := i.Device(); d.Disk != nil {
			sizes[d.Disk] = d.Size
		}
	}
	mounts := p.FS.Tree().Mounts()
	for i, m := range mounts {
		size := sizes[m.Disk]
		if len(names) > 0 && !holds(mounts, i, path.Clean(p.Abs(names[0]))) {
			continue
		}
		if size == 0 && !has(flags, "a") && m.Dir != "/" && len(names) == 0 {
			continue // /dev and /proc
		}
		used := m.Disk.Used()
		percent := int64(0)
		if size > 0 {
			percent = (100*used + size - 1) / size
		}
		fmt.Fprintf(p.Stdout, "%-15s %9s %9s %9s %3d%% %s\n", m.Device, show(size), show(used), show(max(size-used, 0)), percent, m.Dir)
	}
	return 0
}

// holds tells whether the i-th mount is the one a path lies on.
func holds(mounts []disk.Mount, i int, p string) bool {
	best := -1
	for j, m := range mounts {
		if (m.Dir == "/" || p == m.Dir || strings.HasPrefix(p, m.Dir+"/") || p == m.Device) && (best < 0 || len(m.Dir) >= len(mounts[best].Dir)) {
			best = j
		}
	}
	return best == i
}

func lsblk(p *shell.Proc) int {
	list, err := p.FS.ReadDir("/dev")
	if err != nil {
		return p.Errorf("%s", shell.Reason(err))
	}
	flags, _ := options(p.Args, "o")
	if has(flags, "f") {
		fmt.Fprintln(p.Stdout, "NAME  FSTYPE LABEL MOUNTPOINT")
	} else {
		fmt.Fprintln(p.Stdout, "NAME  MAJ:MIN RM SIZE RO TYPE MOUNTPOINT")
	}
	minor := 0
	for _, i := range list {
		d := i.Device()
		if d.Kind != "block" || i.Mode()&fs.ModeSymlink != 0 {
			continue
		}
		dir := ""
		for _, m := range p.FS.Tree().Mounts() {
			if m.Disk == d.Disk {
				dir = m.Dir
			}
		}
		if has(flags, "f") {
			fmt.Fprintf(p.Stdout, "%-5s %-6s %-5s %s\n", i.Name(), d.Disk.Kind(), d.Disk.Label(), dir)
		} else {
			fmt.Fprintf(p.Stdout, "%-5s 202:%-3d  0 %3s  0 disk %s\n", i.Name(), minor, human(d.Size), dir)
		}
		minor += 16
	}
	return 0
}

func blkid(p *shell.Proc) int {
	list, _ := p.FS.ReadDir("/dev")
	_, names := options(p.Args, "so")
	code := 2
	for _, i := range list {
		d := i.Device()
		if d.Kind != "block" || d.Disk.Kind() == "" || len(names) > 0 && path.Base(names[0]) != i.Name() {
			continue
		}
		code = 0
		label := ""
		if l := d.Disk.Label(); l != "" {
			label = fmt.Sprintf("LABEL=%q ", l)
		}
		fmt.Fprintf(p.Stdout, "/dev/%s: %sTYPE=%q\n", i.Name(), label, d.Disk.Kind())
	}
	return code
}

func file(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	for _, n := range names {
		info, err := p.FS.Stat(p.Abs(n))
		what := ""
		switch d := info.Device(); {
		case err != nil:
			what = fmt.Sprintf("cannot open `%s' (%s)", n, shell.Reason(err))
		case info.IsDir():
			what = "directory"
		case d.Kind == "block" && has(flags, "s"):
			if what = "data"; d.Disk.Kind() != "" {
				what = "Linux rev 1.0 " + d.Disk.Kind() + " filesystem data"
			}
		case d.Kind == "block":
			what = "block special"
		case d.Kind != "":
			what = "character special"
		case info.Size() == 0:
			what = "empty"
		default:
			data, _ := p.FS.ReadFile(p.Abs(n), 4096)
			switch {
			case strings.HasPrefix(string(data), "\x7fELF"):
				what = "ELF 64-bit LSB executable"
			case strings.HasPrefix(string(data), "#!"):
				what = "script, ASCII text executable"
			case strings.ContainsRune(string(data), 0):
				what = "data"
			default:
				what = "ASCII text"
			}
		}
		fmt.Fprintf(p.Stdout, "%s: %s\n", n, what)
	}
	return 0
}
