// Package disk holds file systems in memory: the disks of emulated machines.
// A Disk is one volume's content, a Tree the disks a machine has mounted, a
// View the tree as one of its users sees it.
//
// Nothing in it ever touches a file of the host. All content is bounded by
// the Store it belongs to.
package disk

import (
	"io/fs"
	"syscall"
	"time"

	"pawsh/sandbox/store"
)

// nodeCost is what a file costs beside its bytes, so that empty files are
// bounded too.
const nodeCost = 512

// Store is where all disks of one cloud live: it bounds what they hold
// together. It is safe for concurrent use, as are its disks.
type Store struct {
	mu   store.Mutex // guards all disks, files and trees of the store
	used int64
	max  int64
	inos uint64
}

// NewStore returns a store of disks which hold max bytes at most, together.
func NewStore(max int64) *Store { return &Store{max: max} }

// Guard is the lock of all that the store holds.
func (s *Store) Guard() store.Guard { return &s.mu }

// Used is how many bytes all disks of the store hold.
func (s *Store) Used() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

// Disk is the content of one volume. A new one is blank: it must be formatted
// before it can be mounted.
type Disk struct {
	store *Store
	root  *node // nil while it is blank
	kind  string
	label string
	used  int64
	max   int64
	gone  bool // freed: nothing more is counted
}

// NewDisk returns a blank disk that holds max bytes at most.
func (s *Store) NewDisk(max int64) *Disk { return &Disk{store: s, max: max} }

// Format makes an empty file system of a kind such as "ext4" on the disk.
func (d *Disk) Format(kind, label string, now time.Time) error {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if d.root != nil {
		d.charge(-d.used)
	}
	root, err := d.add(fs.ModeDir|0o755, 0, 0, now)
	if err != nil {
		return err
	}
	d.root, d.kind, d.label = root, kind, label
	return nil
}

// Kind is the kind of file system on the disk, "" while it is blank.
func (d *Disk) Kind() string {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	return d.kind
}

// Label is the label given at formatting.
func (d *Disk) Label() string {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	return d.label
}

// Used is how many bytes the disk holds.
func (d *Disk) Used() int64 {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	return d.used
}

// Clone returns a copy of the disk as it is now, which holds max bytes at
// most. Bytes of files are shared until one side writes.
func (d *Disk) Clone(max int64) (*Disk, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	c := &Disk{store: d.store, max: max, kind: d.kind, label: d.label}
	if d.root == nil {
		return c, nil
	}
	if err := c.charge(d.used); err != nil {
		return nil, err
	}
	c.root = d.root.clone(d.store, map[*node]*node{})
	return c, nil
}

// Free gives back what the disk holds; it is blank afterwards.
func (d *Disk) Free() {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	d.charge(-d.used)
	d.root, d.kind, d.gone = nil, "", true
}

// charge counts n bytes more on the disk and its store.
func (d *Disk) charge(n int64) error {
	if d.gone {
		if n > 0 {
			return syscall.EIO
		}
		return nil
	}
	if n > 0 && (d.used+n > d.max || d.store.used+n > d.store.max) {
		return syscall.ENOSPC
	}
	d.used += n
	d.store.used += n
	return nil
}

// add makes a node that is linked nowhere yet.
func (d *Disk) add(mode fs.FileMode, uid, gid int, now time.Time) (*node, error) {
	if err := d.charge(nodeCost); err != nil {
		return nil, err
	}
	d.store.inos++
	n := &node{disk: d, ino: d.store.inos, mode: mode, uid: uid, gid: gid, mtime: now, links: 1}
	if mode.IsDir() {
		n.kids = map[string]*node{}
	}
	return n, nil
}

// node is one file. Names are kept by directories, so that files can have
// several.
type node struct {
	disk     *Disk
	ino      uint64
	mode     fs.FileMode
	uid, gid int
	mtime    time.Time
	links    int
	kids     map[string]*node // of a directory
	parent   *node            // of a directory, nil for a root
	data     []byte           // of a file
	shared   bool             // data is another disk's too: copy before a write
	target   string           // of a symbolic link
	device   Device           // of a device
	made     func() string    `store:"-"` // of a file whose content is made when it is read
}

func (n *node) clone(s *Store, done map[*node]*node) *node {
	if c := done[n]; c != nil {
		return c
	}
	c := *n
	done[n] = &c
	s.inos++
	c.ino = s.inos
	if n.data != nil {
		n.shared, c.shared = true, true
	}
	if n.kids != nil {
		c.kids = make(map[string]*node, len(n.kids))
		for name, k := range n.kids {
			kc := k.clone(s, done)
			c.kids[name] = kc
			if kc.kids != nil {
				kc.parent = &c
			}
		}
	}
	return &c
}

// drop takes one name off a node and what lies below it.
func (n *node) drop() {
	if n.links--; n.links > 0 && n.kids == nil {
		return
	}
	for _, k := range n.kids {
		k.drop()
	}
	n.disk.charge(-nodeCost - int64(len(n.data)))
	if n.kids == nil {
		n.data, n.shared = nil, false
	}
}

// resize makes a file's content size bytes long.
func (n *node) resize(size int64) error {
	old := int64(len(n.data))
	if n.links > 0 { // a removed file that is still open holds what it had
		if err := n.disk.charge(size - old); err != nil {
			return err
		}
	} else if size > old {
		return syscall.ENOSPC
	}
	if n.shared || size > int64(cap(n.data)) || size < int64(cap(n.data))/2 { // memory held is what was counted
		data := make([]byte, size, size+min(size/4, 1<<20))
		copy(data, n.data)
		n.data, n.shared = data, false
		return nil
	}
	n.data = n.data[:size]
	if size > old {
		clear(n.data[old:])
	}
	return nil
}

// Store is where the disk lives.
func (d *Disk) Store() *Store { return d.store }
