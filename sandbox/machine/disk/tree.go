package disk

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Bounds on paths, as Linux has them.
const (
	maxName  = 255
	maxPath  = 4096
	maxLinks = 40 // symbolic links followed on one path
)

// Tree is the file system of a machine: a root disk and what is mounted on it.
type Tree struct {
	store  *Store
	root   *node
	now    func() time.Time
	mounts []Mount // in order of mounting
}

// Mount is one mounted disk.
type Mount struct {
	Device, Dir, Options string
	Disk                 *Disk

	on *node // the directory it covers
}

// NewTree returns the tree of a formatted root disk.
func NewTree(root *Disk, device string, now func() time.Time) *Tree {
	t := &Tree{store: root.store, root: root.root, now: now}
	t.mounts = []Mount{{Device: device, Dir: "/", Options: "rw,noatime", Disk: root}}
	return t
}

// Mount covers a directory with a disk.
func (t *Tree) Mount(m Mount) error {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	n, err := t.walk(Cred{}, m.Dir, true)
	switch {
	case err != nil:
		return err
	case n.kids == nil:
		return syscall.ENOTDIR
	case m.Disk.root == nil:
		return syscall.EINVAL
	}
	for _, o := range t.mounts {
		if o.Disk == m.Disk {
			return syscall.EBUSY
		}
	}
	m.on, m.Dir = n, path.Clean(m.Dir)
	t.mounts = append(t.mounts, m)
	return nil
}

// Unmount takes off what is mounted on a directory or from a device.
func (t *Tree) Unmount(dirOrDevice string) error {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	for i, m := range slices.Backward(t.mounts) {
		if m.on != nil && (m.Dir == path.Clean(dirOrDevice) || m.Device == dirOrDevice) {
			t.mounts = slices.Delete(t.mounts, i, i+1)
			return nil
		}
	}
	return syscall.EINVAL
}

// Mounts lists what is mounted, the root first.
func (t *Tree) Mounts() []Mount {
	t.store.mu.Lock()
	defer t.store.mu.Unlock()
	return slices.Clone(t.mounts)
}

// cover gives the root of what is mounted on a directory, or the directory.
func (t *Tree) cover(n *node) *node {
	for i := 1; i < len(t.mounts); i++ {
		if t.mounts[i].on == n && t.mounts[i].Disk.root != nil {
			n = t.mounts[i].Disk.root
		}
	}
	return n
}

// above gives the directory that holds n, across mounts.
func (t *Tree) above(n *node) *node {
	for i := len(t.mounts) - 1; i > 0 && n.parent == nil; i-- {
		if t.mounts[i].Disk.root == n {
			n = t.mounts[i].on
		}
	}
	if n.parent == nil {
		return t.root
	}
	return n.parent
}

// walk finds the file of an absolute path. With follow, a symbolic link at
// its end is followed too.
func (t *Tree) walk(c Cred, p string, follow bool) (*node, error) {
	n, _, _, err := t.find(c, p, follow)
	if err == nil && n == nil {
		err = syscall.ENOENT
	}
	return n, err
}

// find is walk that also gives the directory and the last name, and a nil
// node when only that last name is missing.
func (t *Tree) find(c Cred, p string, follow bool) (n, dir *node, name string, err error) {
	if len(p) > maxPath {
		return nil, nil, "", syscall.ENAMETOOLONG
	}
	n = t.root
	todo := strings.Split(p, "/")
	links := 0
	for len(todo) > 0 {
		part := todo[0]
		todo = todo[1:]
		if part == "" || part == "." {
			if n.kids == nil {
				return nil, nil, "", syscall.ENOTDIR
			}
			continue
		}
		if n.kids == nil {
			return nil, nil, "", syscall.ENOTDIR
		}
		if !c.may(n, 1) {
			return nil, nil, "", syscall.EACCES
		}
		if part == ".." {
			n = t.above(n)
			dir, name = t.above(n), ""
			continue
		}
		if len(part) > maxName {
			return nil, nil, "", syscall.ENAMETOOLONG
		}
		dir, name = n, part
		k := n.kids[part]
		if k == nil {
			if ended(todo) {
				return nil, dir, name, nil
			}
			return nil, nil, "", syscall.ENOENT
		}
		if k.mode&fs.ModeSymlink != 0 && (follow || len(todo) > 0) {
			if links++; links > maxLinks {
				return nil, nil, "", syscall.ELOOP
			}
			if strings.HasPrefix(k.target, "/") {
				n = t.root
			}
			todo = append(strings.Split(k.target, "/"), todo...)
			continue
		}
		n = t.cover(k)
	}
	return n, dir, name, nil
}

// ended tells that nothing but slashes is left of a path.
func ended(todo []string) bool {
	for _, part := range todo {
		if part != "" {
			return false
		}
	}
	return true
}

// Cred says who asks. User 0 may do all.
type Cred struct {
	UID  int
	GIDs []int
}

// may tells whether bits (4 read, 2 write, 1 execute) are allowed.
func (c Cred) may(n *node, bits fs.FileMode) bool {
	if c.UID == 0 {
		return bits != 1 || n.kids != nil || n.mode&0o111 != 0
	}
	perm := n.mode.Perm()
	switch {
	case c.UID == n.uid:
		perm >>= 6
	case slices.Contains(c.GIDs, n.gid):
		perm >>= 3
	}
	return perm&bits == bits
}

// owns tells whether the file's attributes may be changed.
func (c Cred) owns(n *node) bool { return c.UID == 0 || c.UID == n.uid }

// mayRemove tells whether a name may be taken off a directory.
func (c Cred) mayRemove(dir, n *node) bool {
	return c.may(dir, 3) && (dir.mode&fs.ModeSticky == 0 || c.owns(n) || c.owns(dir))
}
