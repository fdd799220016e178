package disk

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

// View is a tree with the rights of one user. Its paths are absolute.
type View struct {
	t *Tree
	c Cred
}

// As gives the tree as a user sees it.
func (t *Tree) As(c Cred) View { return View{t, c} }

// Tree is the tree that is viewed.
func (v View) Tree() *Tree { return v.t }

// Cred is whose view it is.
func (v View) Cred() Cred { return v.c }

// do runs f under the store's lock and wraps its error as a fs.PathError.
func (v View) do(op, p string, f func() error) error {
	v.t.store.mu.Lock()
	defer v.t.store.mu.Unlock()
	if err := f(); err != nil {
		return &fs.PathError{Op: op, Path: p, Err: err}
	}
	return nil
}

func (v View) stat(op, p string, follow bool) (Info, error) {
	var out Info
	err := v.do(op, p, func() error {
		n, err := v.t.walk(v.c, p, follow)
		if err == nil {
			out = n.info(path.Base(path.Clean(p)))
		}
		return err
	})
	return out, err
}

// Stat describes a file; symbolic links are followed.
func (v View) Stat(p string) (Info, error) { return v.stat("stat", p, true) }

// Lstat describes a file; a symbolic link is described itself.
func (v View) Lstat(p string) (Info, error) { return v.stat("lstat", p, false) }

// ReadDir lists a directory in order of names.
func (v View) ReadDir(p string) ([]Info, error) {
	var out []Info
	err := v.do("open", p, func() error {
		n, err := v.t.walk(v.c, p, true)
		switch {
		case err != nil:
			return err
		case n.kids == nil:
			return syscall.ENOTDIR
		case !v.c.may(n, 4):
			return syscall.EACCES
		}
		for name, k := range n.kids {
			out = append(out, v.t.cover(k).info(name))
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Info) int { return strings.Compare(a.name, b.name) })
	return out, err
}

// Access tells whether bits (4 read, 2 write, 1 execute, 0 there) are allowed.
func (v View) Access(p string, bits fs.FileMode) error {
	return v.do("access", p, func() error {
		n, err := v.t.walk(v.c, p, true)
		if err == nil && !v.c.may(n, bits) {
			err = syscall.EACCES
		}
		return err
	})
}

// place finds where a new name can be made.
func (v View) place(p string) (dir *node, name string, err error) {
	n, dir, name, err := v.t.find(v.c, p, false)
	switch {
	case err != nil:
	case n != nil:
		err = syscall.EEXIST
	case !v.c.may(dir, 3):
		err = syscall.EACCES
	}
	return dir, name, err
}

func (v View) gid() int {
	if len(v.c.GIDs) > 0 {
		return v.c.GIDs[0]
	}
	return 0
}

// make adds a node under a new name.
func (v View) make(p string, mode fs.FileMode) (*node, error) {
	dir, name, err := v.place(p)
	if err != nil {
		return nil, err
	}
	n, err := dir.disk.add(mode, v.c.UID, v.gid(), v.t.now())
	if err != nil {
		return nil, err
	}
	if n.kids != nil {
		n.parent = dir
	}
	dir.kids[name] = n
	dir.mtime = n.mtime
	return n, nil
}

// Mkdir makes a directory.
func (v View) Mkdir(p string, perm fs.FileMode) error {
	return v.do("mkdir", p, func() error {
		_, err := v.make(p, fs.ModeDir|perm)
		return err
	})
}

// MkdirAll makes a directory and those above it that are missing.
func (v View) MkdirAll(p string, perm fs.FileMode) error {
	p = path.Clean(p)
	for i := 1; i <= len(p); i++ {
		if i < len(p) && p[i] != '/' {
			continue
		}
		if info, err := v.Stat(p[:i]); err == nil && info.IsDir() {
			continue
		}
		if err := v.Mkdir(p[:i], perm); err != nil {
			return err
		}
	}
	return nil
}

// Symlink makes a symbolic link.
func (v View) Symlink(target, p string) error {
	return v.do("symlink", p, func() error {
		if target == "" || len(target) > maxPath {
			return syscall.EINVAL
		}
		n, err := v.make(p, fs.ModeSymlink|0o777)
		if err == nil {
			n.target = target
		}
		return err
	})
}

// Link gives a file a second name.
func (v View) Link(old, p string) error {
	return v.do("link", p, func() error {
		n, err := v.t.walk(v.c, old, false)
		if err != nil {
			return err
		}
		dir, name, err := v.place(p)
		switch {
		case err != nil:
			return err
		case n.kids != nil:
			return syscall.EPERM
		case n.disk != dir.disk:
			return syscall.EXDEV
		}
		n.links++
		dir.kids[name] = n
		return nil
	})
}

// MakeDevice makes a device file.
func (v View) MakeDevice(p string, mode fs.FileMode, d Device) error {
	return v.do("mknod", p, func() error {
		if v.c.UID != 0 {
			return syscall.EPERM
		}
		n, err := v.make(p, mode)
		if err == nil {
			n.device = d
		}
		return err
	})
}

// MakeGenerated makes a file whose content is made by f when it is opened.
func (v View) MakeGenerated(p string, f func() string) error {
	return v.do("create", p, func() error {
		n, err := v.make(p, 0o444)
		if err == nil {
			n.made = f
		}
		return err
	})
}

// Remove takes away a file or an empty directory.
func (v View) Remove(p string) error { return v.remove(p, false) }

// RemoveAll takes away a file or a directory with all below it.
func (v View) RemoveAll(p string) error { return v.remove(p, true) }

func (v View) remove(p string, all bool) error {
	return v.do("remove", p, func() error {
		n, dir, name, err := v.t.find(v.c, p, false)
		switch {
		case err != nil:
			return err
		case n == nil:
			return syscall.ENOENT
		case name == "" || v.t.busy(n):
			return syscall.EBUSY
		case !v.c.mayRemove(dir, n):
			return syscall.EACCES
		case len(n.kids) > 0 && !all:
			return syscall.ENOTEMPTY
		case len(n.kids) > 0 && !v.c.may(n, 3):
			return syscall.EACCES
		}
		delete(dir.kids, name)
		dir.mtime = v.t.now()
		n.drop()
		return nil
	})
}

// busy tells whether something is mounted at or below a directory.
func (t *Tree) busy(n *node) bool {
	for _, m := range t.mounts {
		if m.Disk.root == n {
			return true
		}
		for on := m.on; on != nil; on = on.parent {
			if on == n {
				return true
			}
		}
	}
	return false
}

// Rename moves a file within one disk; a file in its place is replaced.
func (v View) Rename(old, p string) error {
	return v.do("rename", old, func() error {
		n, from, oldName, err := v.t.find(v.c, old, false)
		switch {
		case err != nil:
			return err
		case n == nil:
			return syscall.ENOENT
		case oldName == "" || v.t.busy(n):
			return syscall.EBUSY
		}
		there, to, name, err := v.t.find(v.c, p, false)
		switch {
		case err != nil:
			return err
		case there == n:
			return nil
		case name == "" || to.disk != n.disk:
			return syscall.EXDEV
		case !v.c.mayRemove(from, n) || !v.c.may(to, 3) || there != nil && !v.c.mayRemove(to, there):
			return syscall.EACCES
		}
		for d := to; d != nil; d = d.parent {
			if d == n {
				return syscall.EINVAL // into itself
			}
		}
		if there != nil {
			switch {
			case there.kids != nil && n.kids == nil:
				return syscall.EISDIR
			case there.kids == nil && n.kids != nil:
				return syscall.ENOTDIR
			case len(there.kids) > 0 || v.t.busy(there):
				return syscall.ENOTEMPTY
			}
			there.drop()
		}
		delete(from.kids, oldName)
		to.kids[name] = n
		if n.kids != nil {
			n.parent = to
		}
		return nil
	})
}

// change alters attributes of a file the user owns.
func (v View) change(op, p string, follow bool, f func(*node) error) error {
	return v.do(op, p, func() error {
		n, err := v.t.walk(v.c, p, follow)
		switch {
		case err != nil:
			return err
		case !v.c.owns(n):
			return syscall.EPERM
		}
		return f(n)
	})
}

// Chmod sets the permissions.
func (v View) Chmod(p string, mode fs.FileMode) error {
	const bits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky
	return v.change("chmod", p, true, func(n *node) error {
		n.mode = n.mode&^bits | mode&bits
		return nil
	})
}

// Chown sets the owner, which only user 0 may; -1 leaves a number as it is.
func (v View) Chown(p string, uid, gid int) error {
	return v.change("chown", p, true, func(n *node) error {
		if v.c.UID != 0 && (uid >= 0 && uid != n.uid || gid >= 0 && !slices.Contains(v.c.GIDs, gid)) {
			return syscall.EPERM
		}
		if uid >= 0 {
			n.uid = uid
		}
		if gid >= 0 {
			n.gid = gid
		}
		return nil
	})
}

// Touch sets the time of the last change.
func (v View) Touch(p string, at time.Time) error {
	return v.change("touch", p, true, func(n *node) error {
		n.mtime = at
		return nil
	})
}

// Truncate cuts or fills a file to a size.
func (v View) Truncate(p string, size int64) error {
	return v.do("truncate", p, func() error {
		n, err := v.t.walk(v.c, p, true)
		switch {
		case err != nil:
			return err
		case n.kids != nil:
			return syscall.EISDIR
		case !v.c.may(n, 2):
			return syscall.EACCES
		case size < 0 || !n.mode.IsRegular() || n.made != nil:
			return syscall.EINVAL
		}
		n.mtime = v.t.now()
		return n.resize(size)
	})
}
