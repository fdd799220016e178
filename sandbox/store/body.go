package store

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Bounds on the bodies that are kept in memory.
const (
	maxInline = 16 << 10 // with a directory: larger ones are files
	maxMemory = 64 << 10 // without: larger ones lie in one temporary file

	collectAfter = 1 << 30 // bytes on disk
)

// Bodies is where the contents of large things live: small ones in memory,
// others on disk, so that a body costs no memory however large it is. It is
// safe for concurrent use.
//
// With a directory each large body is a file of its own. Without, all of them
// share one temporary file without a name, which is gone with the process
// however that ends.
type Bodies struct {
	dir string // of the files, "" without a directory

	spill spill
	grown atomic.Int64 // bytes taken to disk since the last look for what was let go

	mu      sync.Mutex // guards what follows
	garbage []string   // files that nothing refers to any more
	fresh   []string   // files not synced yet
}

// NewBodies returns bodies without a directory.
func NewBodies() *Bodies { return &Bodies{} }

// openBodies returns the bodies of a directory.
func openBodies(dir string) (*Bodies, error) {
	b := &Bodies{dir: filepath.Join(dir, "bodies")}
	return b, os.MkdirAll(b.dir, 0o700)
}

// Body is one immutable content. It is safe for concurrent use.
type Body struct {
	size  int64
	data  []byte // of one in memory
	slots []slot // of one in the temporary file
	name  string // of one in a file
	of    *Bodies
}

// Bytes makes a body of p, which must not change afterwards.
func Bytes(p []byte) *Body { return &Body{size: int64(len(p)), data: p} }

// Size is the length in bytes.
func (b *Body) Size() int64 { return b.size }

// Take takes in a body to its end. hint is its length where that is known, 0
// or less where not; the body may be of any length all the same. What is wrong
// with r is returned as it is.
func (s *Bodies) Take(r io.Reader, hint int64) (*Body, error) {
	bound := int64(maxMemory)
	if s.dir != "" {
		bound = maxInline
	}
	buf := takeBuffer(hint, bound)
	head, err := readUpTo(r, buf[:0], bound)
	switch {
	case err == io.EOF:
		if cap(head) > len(head)+len(head)/8+64 { // do not keep the room that was not needed
			head = slices.Clone(head)
		}
		return &Body{size: int64(len(head)), data: head[:len(head):len(head)]}, nil
	case err != nil:
		return nil, err
	}
	rest := io.MultiReader(bytes.NewReader(head), r)
	var b *Body
	if s.dir != "" {
		b, err = s.takeFile(rest)
	} else {
		b, err = s.takeSpill(rest)
	}
	if err == nil && s.grown.Add(b.size) > collectAfter {
		s.grown.Store(0)
		go runtime.GC() // memory is not what runs out: nothing else would find the bodies let go
	}
	return b, err
}

func takeBuffer(hint, bound int64) []byte {
	if hint <= 0 || hint > bound {
		hint = min(512, bound)
	}
	return make([]byte, hint, hint+1)
}

// readUpTo reads until there is more than max, or nothing more: io.EOF.
func readUpTo(r io.Reader, b []byte, max int64) ([]byte, error) {
	for int64(len(b)) <= max {
		if len(b) == cap(b) {
			b = slices.Grow(b, len(b)+512)
		}
		n, err := r.Read(b[len(b):min(int64(cap(b)), max+1)])
		b = b[:len(b)+n]
		if err != nil {
			return b, err
		}
	}
	return b, nil
}

// takeFile writes a file. Nothing refers to it until the journal does, so it
// needs no second name while it grows.
func (s *Bodies) takeFile(r io.Reader) (*Body, error) {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	b := &Body{name: hex.EncodeToString(id[:]), of: s}
	path := s.path(b.name)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("keep a body: %w", err)
	}
	buf := copyBuffers.Get().(*[]byte)
	b.size, err = io.CopyBuffer(struct{ io.Writer }{f}, r, *buf)
	copyBuffers.Put(buf)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	s.mu.Lock()
	s.fresh = append(s.fresh, b.name)
	s.mu.Unlock()
	s.watch(b)
	return b, nil
}

func (s *Bodies) path(name string) string { return filepath.Join(s.dir, name[:2], name) }

// watch notes the file for removal once nothing refers to the body: no state,
// and no answer under way.
func (s *Bodies) watch(b *Body) {
	runtime.AddCleanup(b, func(name string) {
		s.mu.Lock()
		s.garbage = append(s.garbage, name)
		s.mu.Unlock()
	}, b.name)
}

// open gives the body of a file that the state refers to.
func (s *Bodies) open(name string, size int64) (*Body, error) {
	if len(name) < 2 || filepath.Base(name) != name {
		return nil, fmt.Errorf("%q is no name of a body", name)
	}
	i, err := os.Stat(s.path(name))
	if err != nil {
		return nil, err
	}
	if i.Size() != size {
		return nil, fmt.Errorf("body %s has %d bytes and had %d", name, i.Size(), size)
	}
	b := &Body{name: name, size: size, of: s}
	s.watch(b)
	return b, nil
}

// unused takes over the files that nothing refers to. They may go once the
// state without them is on disk.
func (s *Bodies) unused() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.garbage
	s.garbage = nil
	return list
}

func (s *Bodies) remove(names []string) {
	for _, n := range names {
		_ = os.Remove(s.path(n)) // else it goes when the directory is opened next
	}
}

// sync writes the files made since the last call through to the disk.
func (s *Bodies) sync() error {
	s.mu.Lock()
	list := s.fresh
	s.fresh = nil
	s.mu.Unlock()
	for _, n := range list {
		f, err := os.Open(s.path(n))
		if errors.Is(err, os.ErrNotExist) {
			continue // gone already
		}
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes the files that are not in use: bodies that were taken in when
// the process was killed, and such that were let go.
func (s *Bodies) sweep(used map[string]bool) error {
	dirs, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, d := range dirs {
		files, err := os.ReadDir(filepath.Join(s.dir, d.Name()))
		if err != nil {
			return err
		}
		for _, f := range files {
			if name := f.Name(); !used[name] && strings.HasPrefix(name, d.Name()) {
				if err := os.Remove(s.path(name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Close gives back what the bodies hold beside memory. Files of a directory stay.
func (s *Bodies) Close() error { return s.spill.close() }

// copyBuffers are for moving bodies.
var copyBuffers = sync.Pool{New: func() any { b := make([]byte, 256<<10); return &b }}

// WriteRange writes n bytes from offset on to w.
func (b *Body) WriteRange(w io.Writer, offset, n int64) (int64, error) {
	if offset < 0 || n < 0 || offset+n > b.size {
		return 0, fmt.Errorf("bytes %d to %d of a body of %d", offset, offset+n, b.size)
	}
	switch {
	case b.name != "":
		f, err := os.Open(b.of.path(b.name))
		if err != nil {
			return 0, fmt.Errorf("read a body: %w", err)
		}
		defer f.Close()
		defer runtime.KeepAlive(b)
		if _, err := f.Seek(offset, io.SeekStart); err != nil {
			return 0, err
		}
		m, err := io.Copy(w, io.LimitReader(f, n)) // a socket takes it from the system itself
		if err == nil && m < n {
			err = io.ErrUnexpectedEOF
		}
		return m, err
	case b.slots != nil:
		buf := copyBuffers.Get().(*[]byte)
		defer copyBuffers.Put(buf)
		var total int64
		for n > 0 {
			part := (*buf)[:min(n, int64(len(*buf)))]
			if _, err := b.ReadAt(part, offset); err != nil {
				return total, err
			}
			m, err := w.Write(part)
			total += int64(m)
			if err != nil {
				return total, err
			}
			offset, n = offset+int64(m), n-int64(m)
		}
		return total, nil
	}
	m, err := w.Write(b.data[offset : offset+n])
	return int64(m), err
}

// ReadAt reads as io.ReaderAt does.
func (b *Body) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 || offset >= b.size {
		return 0, io.EOF
	}
	var end error
	if left := b.size - offset; int64(len(p)) > left {
		p, end = p[:left], io.EOF
	}
	switch {
	case b.name != "":
		f, err := os.Open(b.of.path(b.name))
		if err != nil {
			return 0, fmt.Errorf("read a body: %w", err)
		}
		defer f.Close()
		defer runtime.KeepAlive(b)
		n, err := f.ReadAt(p, offset)
		if err == nil {
			err = end
		}
		return n, err
	case b.slots != nil:
		if err := b.of.spill.readAt(b.slots, p, offset); err != nil {
			return 0, fmt.Errorf("read a body: %w", err)
		}
		runtime.KeepAlive(b)
		return len(p), end
	}
	return copy(p, b.data[offset:]), end
}

// writeBody puts a body in memory into the record, and a name for any other.
func writeBody(w *writer, q unsafe.Pointer) {
	b := *(**Body)(q)
	switch {
	case b == nil:
		w.uint(0)
	case b.name == "" && b.slots == nil && len(b.data) <= maxInline:
		w.uint(1)
		w.uint(uint64(len(b.data)))
		w.buf = append(w.buf, b.data...)
	default:
		w.uint(2)
		w.text(w.body(b))
		w.uint(uint64(b.size))
	}
}

func readBody(r *reader, q unsafe.Pointer) {
	switch r.uint() {
	case 1:
		*(**Body)(q) = Bytes(bytes.Clone(r.bytes()))
	case 2:
		name := string(r.bytes())
		*(**Body)(q) = r.body(name, int64(r.uint()))
	}
}
