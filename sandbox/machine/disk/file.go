package disk

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// maxFile bounds where in a file can be written.
const maxFile = 1 << 30

// File is an open file. Reads and writes at the same time are safe.
type File struct {
	v      View
	n      *node
	name   string
	flag   int
	off    int64
	closed bool
}

// Open opens a file as os.OpenFile does.
func (v View) Open(p string, flag int, perm fs.FileMode) (*File, error) {
	f := &File{v: v, name: p, flag: flag}
	err := v.do("open", p, func() error {
		n, _, _, err := v.t.find(v.c, p, true)
		if err != nil {
			return err
		}
		write := flag&(os.O_WRONLY|os.O_RDWR) != 0
		switch {
		case n == nil && flag&os.O_CREATE == 0:
			return syscall.ENOENT
		case n == nil:
			target, err := v.follow(p)
			if err != nil {
				return err
			}
			f.n, err = v.make(target, perm.Perm())
			return err
		case flag&os.O_CREATE != 0 && flag&os.O_EXCL != 0:
			return syscall.EEXIST
		case n.kids != nil && write:
			return syscall.EISDIR
		case write && !v.c.may(n, 2), flag&os.O_WRONLY == 0 && !v.c.may(n, 4):
			return syscall.EACCES
		case n.made != nil:
			if write {
				return syscall.EACCES
			}
		case n.device.Kind == "block" || n.device.Kind == "tty":
			return syscall.EPERM
		}
		f.n = n
		if flag&os.O_TRUNC != 0 && write && n.mode.IsRegular() {
			n.mtime = v.t.now()
			return n.resize(0)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if made := f.n.made; made != nil { // outside the lock: it may ask for more
		f.n = &node{disk: f.n.disk, mode: f.n.mode, data: []byte(made()), links: 1, mtime: v.t.now()}
	}
	return f, nil
}

// follow gives the path at which a file is to be made whose name may be a
// symbolic link to nowhere.
func (v View) follow(p string) (string, error) {
	for range maxLinks {
		n, err := v.t.walk(v.c, p, false)
		if err != nil || n.mode&fs.ModeSymlink == 0 {
			return p, nil // make tells what is wrong
		}
		p = resolve(p, n.target)
	}
	return "", syscall.ELOOP
}

func resolve(link, target string) string {
	if target[0] == '/' {
		return target
	}
	for i := len(link) - 1; i >= 0; i-- {
		if link[i] == '/' {
			return link[:i+1] + target
		}
	}
	return "/" + target
}

// Name is the path the file was opened by.
func (f *File) Name() string { return f.name }

// Stat describes the file.
func (f *File) Stat() Info {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	return f.n.info(f.name)
}

// Read reads on from where the last read or write ended.
func (f *File) Read(b []byte) (int, error) {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	n, err := f.readAt(b, f.off)
	f.off += int64(n)
	return n, err
}

// ReadAt reads at an offset.
func (f *File) ReadAt(b []byte, off int64) (int, error) {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	n, err := f.readAt(b, off)
	if err == nil && n < len(b) {
		err = io.EOF
	}
	return n, err
}

func (f *File) readAt(b []byte, off int64) (int, error) {
	switch {
	case f.closed:
		return 0, fs.ErrClosed
	case f.flag&os.O_WRONLY != 0:
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: syscall.EBADF}
	case f.n.kids != nil:
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: syscall.EISDIR}
	case off < 0:
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: syscall.EINVAL}
	}
	switch f.n.device.Kind {
	case "zero", "full":
		clear(b)
		return len(b), nil
	case "random": // not for secrets: a machine's noise, told from its offset
		for i := range b {
			x := uint64(off) + uint64(i) + f.n.ino<<32
			x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
			x = (x ^ x>>27) * 0x94d049bb133111eb
			b[i] = byte(x >> 31)
		}
		return len(b), nil
	case "null":
		return 0, io.EOF
	}
	if off >= int64(len(f.n.data)) {
		return 0, io.EOF
	}
	return copy(b, f.n.data[off:]), nil
}

// Write writes where the last read or write ended, or at the end for a file
// opened to append.
func (f *File) Write(b []byte) (int, error) {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	if f.flag&os.O_APPEND != 0 {
		f.off = int64(len(f.n.data))
	}
	n, err := f.writeAt(b, f.off)
	f.off += int64(n)
	return n, err
}

// WriteAt writes at an offset.
func (f *File) WriteAt(b []byte, off int64) (int, error) {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	return f.writeAt(b, off)
}

func (f *File) writeAt(b []byte, off int64) (int, error) {
	var err error
	end := off + int64(len(b))
	switch {
	case f.closed:
		return 0, fs.ErrClosed
	case f.flag&(os.O_WRONLY|os.O_RDWR) == 0:
		err = syscall.EBADF
	case off < 0 || end > maxFile:
		err = syscall.EFBIG
	case f.n.device.Kind == "full":
		err = syscall.ENOSPC
	case f.n.device.Kind != "":
		return len(b), nil
	case end > int64(len(f.n.data)):
		err = f.n.resize(end)
	case f.n.shared:
		err = f.n.resize(int64(len(f.n.data)))
	}
	if err != nil {
		return 0, &fs.PathError{Op: "write", Path: f.name, Err: err}
	}
	f.n.mtime = f.v.t.now()
	return copy(f.n.data[off:], b), nil
}

// Seek sets where the next read or write begins.
func (f *File) Seek(off int64, whence int) (int64, error) {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		off += f.off
	case io.SeekEnd:
		off += int64(len(f.n.data))
	}
	if off < 0 || off > maxFile {
		return f.off, &fs.PathError{Op: "seek", Path: f.name, Err: syscall.EINVAL}
	}
	f.off = off
	return off, nil
}

// Close closes the file.
func (f *File) Close() error {
	f.v.t.store.mu.Lock()
	defer f.v.t.store.mu.Unlock()
	f.closed = true
	return nil
}

// ReadFile gives the content of a file, max bytes of it at most.
func (v View) ReadFile(p string, max int64) ([]byte, error) {
	f, err := v.Open(p, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

// WriteFile writes a file anew.
func (v View) WriteFile(p string, data []byte, perm fs.FileMode) error {
	f, err := v.Open(p, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(data)
	return err
}
