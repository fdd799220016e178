package disk

import (
	"io/fs"
	"time"
)

// Info describes a file. It is both a fs.FileInfo and a fs.DirEntry.
type Info struct {
	name     string
	mode     fs.FileMode
	size     int64
	mtime    time.Time
	uid, gid int
	ino      uint64
	links    int
	target   string
	device   Device
}

// Device is what a device file stands for.
type Device struct {
	Kind string // "null", "zero", "random", "tty", "full" or "block"
	Disk *Disk  // of a block device
	Size int64  // of a block device, in bytes, as its owner thinks
}

func (n *node) info(name string) Info {
	size := int64(len(n.data))
	switch {
	case n.kids != nil:
		size = 4096
	case n.mode&fs.ModeSymlink != 0:
		size = int64(len(n.target))
	}
	return Info{name, n.mode, size, n.mtime, n.uid, n.gid, n.ino, n.links, n.target, n.device}
}

// Name is the file's name without its directory.
func (i Info) Name() string { return i.name }

// Size is the length of the content.
func (i Info) Size() int64 { return i.size }

// Mode gives type and permissions.
func (i Info) Mode() fs.FileMode { return i.mode }

// ModTime is when the content last changed.
func (i Info) ModTime() time.Time { return i.mtime }

// IsDir tells a directory.
func (i Info) IsDir() bool { return i.mode.IsDir() }

// Sys is nil: there is no system below.
func (i Info) Sys() any { return nil }

// Info returns i itself.
func (i Info) Info() (fs.FileInfo, error) { return i, nil }

// Type is the type part of the mode.
func (i Info) Type() fs.FileMode { return i.mode.Type() }

// Owner gives the numbers of user and group.
func (i Info) Owner() (uid, gid int) { return i.uid, i.gid }

// Inode tells files apart: two names of one file have the same.
func (i Info) Inode() uint64 { return i.ino }

// Links is how many names the file has.
func (i Info) Links() int {
	if i.IsDir() {
		return 2
	}
	return i.links
}

// Target is where a symbolic link points to.
func (i Info) Target() string { return i.target }

// Device is what a device file stands for.
func (i Info) Device() Device { return i.device }
