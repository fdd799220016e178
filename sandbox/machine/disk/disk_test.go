package disk

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func newTree(t testing.TB, max int64) (*Disk, View) {
	t.Helper()
	d := NewStore(1 << 30).NewDisk(max)
	if err := d.Format("ext4", "root", noon); err != nil {
		t.Fatal(err)
	}
	return d, NewTree(d, "/dev/xvda", func() time.Time { return noon }).As(Cred{})
}

func ok(t testing.TB, errs ...error) {
	t.Helper()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
}

func read(t testing.TB, v View, p string) string {
	t.Helper()
	b, err := v.ReadFile(p, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCopiesAreApart(t *testing.T) {
	t.Parallel()
	d, v := newTree(t, 1<<20)
	ok(t, v.MkdirAll("/a/b", 0o755), v.WriteFile("/a/b/f", []byte("old"), 0o644), v.Link("/a/b/f", "/l"))
	c, err := d.Clone(1 << 20)
	ok(t, err)
	w := NewTree(c, "/dev/xvdb", func() time.Time { return noon }).As(Cred{})
	f, err := v.Open("/a/b/f", os.O_WRONLY|os.O_APPEND, 0)
	ok(t, err)
	_, err = f.Write([]byte("er"))
	ok(t, err, w.WriteFile("/a/b/g", []byte("g"), 0o644))
	g, err := w.Open("/l", os.O_RDWR, 0)
	ok(t, err)
	_, err = g.WriteAt([]byte("b"), 0)
	ok(t, err)
	if a, b, l := read(t, v, "/l"), read(t, w, "/a/b/f"), read(t, w, "/l"); a != "older" || b != "bld" || l != "bld" {
		t.Errorf("original %q, copy %q and %q", a, b, l)
	}
	if _, err := v.Stat("/a/b/g"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy's file is in the original: %v", err)
	}
	c.Free()
	d.Free()
	if used := d.store.Used(); used != 0 {
		t.Errorf("%d bytes left after both are freed", used)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	d, v := newTree(t, 64<<10)
	for _, tt := range []struct {
		name string
		err  error
		want error
	}{
		{"full", v.WriteFile("/f", bytes.Repeat([]byte("x"), 80<<10), 0o644), syscall.ENOSPC},
		{"long name", v.WriteFile("/"+strings.Repeat("x", 300), nil, 0o644), syscall.ENAMETOOLONG},
		{"long path", v.WriteFile(strings.Repeat("/x", 3000), nil, 0o644), syscall.ENAMETOOLONG},
		{"huge", v.Truncate("/f", 1<<40), syscall.ENOSPC},
		{"no directory", v.WriteFile("/no/f", nil, 0o644), syscall.ENOENT},
		{"below a file", v.WriteFile("/f/g", nil, 0o644), syscall.ENOTDIR},
		{"a directory's content", v.WriteFile("/", nil, 0o644), syscall.EISDIR},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, tt.err, tt.want)
		}
	}
	var err error
	n := 0
	for ; err == nil && n < 1000; n++ {
		err = v.Mkdir("/d"+strings.Repeat("x", n), 0o755)
	}
	if n > 300 || d.Used() > 64<<10 {
		t.Errorf("%d directories, %d bytes", n, d.Used())
	}
	list, err := v.ReadDir("/")
	ok(t, err)
	for _, i := range list {
		ok(t, v.RemoveAll("/"+i.Name()))
	}
	if d.Used() != nodeCost {
		t.Errorf("%d bytes of an empty disk", d.Used())
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	_, v := newTree(t, 1<<20)
	ok(t, v.Mkdir("/d", 0o755), v.Symlink("d", "/s"), v.Symlink("/loop2", "/loop1"), v.Symlink("loop1", "/loop2"), v.Symlink("../../../d/f", "/d/up"), v.Symlink("new", "/d/to"))
	ok(t, v.WriteFile("/s/f", []byte("x"), 0o644), v.WriteFile("/d/to", []byte("made"), 0o644))
	if got := read(t, v, "/d/up") + read(t, v, "/d/new"); got != "xmade" {
		t.Errorf("got %q", got)
	}
	if _, err := v.Stat("/loop1"); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("a loop: %v", err)
	}
	if err := v.Rename("/d", "/d/x"); err == nil {
		t.Error("moved into itself")
	}
	if info, err := v.Lstat("/s"); err != nil || info.Target() != "d" {
		t.Errorf("%v %v", info, err)
	}
	ok(t, v.Remove("/s"))
	if _, err := v.Stat("/d/f"); err != nil {
		t.Error("removing a link removed its target")
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	_, v := newTree(t, 1<<20)
	ok(t, v.Mkdir("/root", 0o700), v.WriteFile("/root/k", []byte("k"), 0o644), v.WriteFile("/etc", []byte("e"), 0o644), v.Mkdir("/tmp", 0o777), v.Chmod("/tmp", 0o777|fs.ModeSticky), v.WriteFile("/tmp/r", nil, 0o644))
	u := v.Tree().As(Cred{UID: 1000, GIDs: []int{1000}})
	ok(t, u.WriteFile("/tmp/mine", []byte("m"), 0o600), u.Chmod("/tmp/mine", 0o400))
	other := v.Tree().As(Cred{UID: 1001, GIDs: []int{1001}})
	_, err := u.ReadFile("/root/k", 10)
	_, err2 := other.ReadFile("/tmp/mine", 10)
	for name, err := range map[string]error{"read": err, "read another's": err2, "write": u.WriteFile("/etc", nil, 0o644), "make": u.Mkdir("/x", 0o755), "remove": u.Remove("/etc"), "chmod": u.Chmod("/etc", 0o777),
		"chown": u.Chown("/tmp/mine", 0, 0), "sticky": u.Remove("/tmp/r"), "rename": u.Rename("/tmp/r", "/tmp/x"), "device": u.MakeDevice("/tmp/d", fs.ModeDevice, Device{Kind: "block"})} {
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMounts(t *testing.T) {
	t.Parallel()
	d, v := newTree(t, 1<<20)
	data := d.store.NewDisk(1 << 20)
	ok(t, v.MkdirAll("/mnt/x", 0o755), v.WriteFile("/mnt/below", nil, 0o644))
	tree := v.Tree()
	if err := tree.Mount(Mount{Device: "/dev/sdf", Dir: "/mnt", Disk: data}); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a blank disk: %v", err)
	}
	ok(t, data.Format("ext3", "", noon), tree.Mount(Mount{Device: "/dev/sdf", Dir: "/mnt", Disk: data}), v.WriteFile("/mnt/f", []byte("on data"), 0o644), v.Mkdir("/mnt/sub", 0o755))
	if _, err := v.Stat("/mnt/below"); err == nil {
		t.Error("what is covered is seen")
	}
	if _, err := v.Stat("/mnt/sub/../../mnt/f"); err != nil {
		t.Errorf("up across the mount: %v", err)
	}
	if err := v.RemoveAll("/mnt"); !errors.Is(err, syscall.EBUSY) {
		t.Errorf("removing a mount point: %v", err)
	}
	if err := v.Rename("/mnt/f", "/f"); !errors.Is(err, syscall.EXDEV) {
		t.Errorf("renaming across disks: %v", err)
	}
	ok(t, tree.Unmount("/mnt"))
	if _, err := v.Stat("/mnt/below"); err != nil {
		t.Error(err)
	}
	ok(t, tree.Mount(Mount{Device: "/dev/sdf", Dir: "/mnt/x", Disk: data}))
	if read(t, v, "/mnt/x/f") != "on data" {
		t.Error("the disk lost its content")
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	_, v := newTree(t, 1<<20)
	for _, kind := range []string{"null", "zero", "full", "random", "block"} {
		ok(t, v.MakeDevice("/"+kind, fs.ModeDevice|fs.ModeCharDevice|0o666, Device{Kind: kind}))
	}
	if read(t, v, "/null") != "" {
		t.Error("null has content")
	}
	z, err := v.Open("/zero", os.O_RDONLY, 0)
	ok(t, err)
	b := []byte("xx")
	if _, err := io.ReadFull(z, b); err != nil || string(b) != "\x00\x00" {
		t.Errorf("zero gives %q, %v", b, err)
	}
	if err := v.WriteFile("/full", []byte("x"), 0); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("full: %v", err)
	}
	if _, err := v.Open("/block", os.O_RDONLY, 0); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("block: %v", err)
	}
}
