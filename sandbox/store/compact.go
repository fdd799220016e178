package store

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// compact begins a new journal when the old one is larger than what it is
// about, and merges those before it into a base, beside what goes on. At any
// instant the directory holds either the old files or the new base as a whole.
func (s *Store) compact() error {
	s.mu.Lock()
	due := s.merging == nil && s.j.size >= max(minCompact, s.base)
	s.mu.Unlock()
	if !due {
		return nil
	}
	if err := s.sync(); err != nil { // so that little is left to sync while requests wait
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rotate()
}

// rotate begins the next journal and the merging of those before.
func (s *Store) rotate() error {
	if err := errors.Join(s.bodies.sync(), s.j.f.Sync()); err != nil {
		return err
	}
	next, err := begin(s.dir, s.j.no+1)
	if err != nil {
		return err
	}
	old := s.j
	s.j, s.synced = next, 0
	if err := old.f.Close(); err != nil {
		s.logf("close journal: %v", err)
	}
	done := make(chan struct{})
	s.merging = done
	go func() {
		defer close(done)
		size, err := merge(s.dir, next.no)
		if err == nil {
			err = s.tidy()
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.merging = nil
		s.base = size
		if err != nil {
			s.logf("compact: %v", err)
		}
	}()
	return nil
}

// merge writes base no: what the base and the journals before it come to. Two
// passes, the first finds which operation on each record is the last.
func merge(dir string, no uint64) (int64, error) {
	files, err := before(dir, no)
	if err != nil {
		return 0, err
	}
	last := map[key]uint64{}
	roots := map[string]uint64{}
	all := newSchemas()
	n := uint64(0)
	scan := func(put func(k key, op []byte)) error {
		n = 0
		for _, path := range files {
			if _, err := readFile(path, func(frame []byte) (err error) {
				defer caught(&err)
				r := &reader{buf: frame}
				for r.off < len(frame) {
					from := r.off
					switch r.byte() {
					case opPut:
						k := key{r.uint(), r.uint()}
						r.uint()
						r.bytes()
						n++
						put(k, frame[from:r.off])
					case opDelete:
						k := key{r.uint(), r.uint()}
						n++
						put(k, nil)
					case opSchema:
						all.read(r)
					case opRoot:
						name := string(r.bytes())
						roots[name] = r.uint()
					default:
						return corrupt("an unknown operation")
					}
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	}
	err = scan(func(k key, op []byte) {
		if op == nil {
			delete(last, k)
		} else {
			last[k] = n
		}
	})
	if err != nil {
		return 0, err
	}
	return writeBase(dir, no, func(out *frames) error {
		out.head(roots, all)
		return scan(func(k key, op []byte) {
			if op != nil && last[k] == n {
				out.add(op)
			}
		})
	})
}

// before lists the files that base no takes the place of, in order.
func before(dir string, no uint64) ([]string, error) {
	var files []string
	bases, err := numbered(dir, "base")
	if err != nil {
		return nil, err
	}
	from := uint64(0)
	if len(bases) > 0 {
		from = bases[len(bases)-1]
		files = append(files, basePath(dir, from))
	}
	journals, err := numbered(dir, "journal")
	if err != nil {
		return nil, err
	}
	for _, j := range journals {
		if j >= from && j < no {
			files = append(files, journalPath(dir, j))
		}
	}
	return files, nil
}

// frames writes a file of operations, a frame whenever enough have gathered.
type frames struct {
	w    *bufio.Writer
	buf  []byte
	size int64
	err  error // sticky
}

const frameSize = 256 << 10

func newFrames(f *os.File) *frames {
	out := &frames{w: bufio.NewWriterSize(f, 1<<20), buf: make([]byte, frameHead), size: int64(len(magic))}
	_, out.err = out.w.WriteString(magic)
	return out
}

func (f *frames) head(roots map[string]uint64, all *schemas) {
	for name, id := range roots {
		w := writer{}
		w.buf = append(w.buf, opRoot)
		w.text(name)
		w.uint(id)
		f.add(w.buf)
	}
	for _, s := range all.byName {
		w := writer{}
		w.buf = append(w.buf, opSchema)
		s.write(&w)
		f.add(w.buf)
	}
}

func (f *frames) add(op []byte) {
	f.buf = append(f.buf, op...)
	if len(f.buf) >= frameSize {
		f.cut()
	}
}

func (f *frames) cut() {
	if len(f.buf) == frameHead || f.err != nil {
		return
	}
	_, f.err = f.w.Write(seal(f.buf))
	f.size += int64(len(f.buf))
	f.buf = f.buf[:frameHead]
}

func (f *frames) flush() error {
	f.cut()
	return errors.Join(f.err, f.w.Flush())
}

// writeBase writes a file that appears when it is whole.
func writeBase(dir string, no uint64, fill func(*frames) error) (int64, error) {
	return writeWhole(basePath(dir, no), fill)
}

func writeWhole(path string, fill func(*frames) error) (size int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	out := newFrames(f)
	err = fill(out)
	if err = errors.Join(err, out.flush(), f.Sync(), f.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return 0, err
	}
	return out.size, syncDir(filepath.Dir(path))
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // not every system can sync a directory
	return d.Close()
}

// tidy removes what a newer base has taken the place of.
func (s *Store) tidy() error {
	bases, err := numbered(s.dir, "base")
	if err != nil {
		return err
	}
	list, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if strings.Contains(e.Name(), ".tmp-") {
			_ = os.Remove(filepath.Join(s.dir, e.Name())) // else next time
		}
	}
	if len(bases) == 0 {
		return nil
	}
	from := bases[len(bases)-1]
	journals, err := numbered(s.dir, "journal")
	if err != nil {
		return err
	}
	for _, n := range journals {
		if n < from {
			if err := os.Remove(journalPath(s.dir, n)); err != nil {
				return err
			}
		}
	}
	for _, n := range bases[:len(bases)-1] {
		if err := os.Remove(basePath(s.dir, n)); err != nil {
			return err
		}
	}
	return nil
}
