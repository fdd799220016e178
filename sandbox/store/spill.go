package store

import (
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
)

// slotSize is how the temporary file is divided.
const slotSize = 64 << 10

// slot is a piece of the temporary file, by number.
type slot uint32

// spill is the temporary file of bodies without a directory. It has no name
// from the beginning where the system allows that: nothing is left of it when
// the process is gone. Slots that are given back are used again.
type spill struct {
	mu   sync.Mutex
	f    *os.File
	free []slot
	next slot
}

// spillDir is where the file is made: not in memory, as /tmp often is.
func spillDir() string {
	if os.Getenv("TMPDIR") == "" && runtime.GOOS != "windows" {
		if i, err := os.Stat("/var/tmp"); err == nil && i.IsDir() {
			return "/var/tmp"
		}
	}
	return os.TempDir()
}

func (s *spill) open() (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.f != nil {
		return s.f, nil
	}
	f, err := os.CreateTemp(spillDir(), "pawsh-bodies-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // else close does
	s.f = f
	return f, nil
}

func (s *spill) take() slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		x := s.free[n-1]
		s.free = s.free[:n-1]
		return x
	}
	s.next++
	return s.next - 1
}

// give takes slots back. When none is in use the file is emptied.
func (s *spill) give(list []slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, list...)
	if s.f != nil && len(s.free) == int(s.next) {
		s.free, s.next = nil, 0
		_ = s.f.Truncate(0) // else the room is used again later
	}
}

func (s *spill) readAt(slots []slot, p []byte, offset int64) error {
	for len(p) > 0 {
		i, in := offset/slotSize, offset%slotSize
		n := min(int64(len(p)), slotSize-in)
		if _, err := s.f.ReadAt(p[:n], int64(slots[i])*slotSize+in); err != nil {
			return err
		}
		p, offset = p[n:], offset+n
	}
	return nil
}

func (s *spill) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.f == nil {
		return nil
	}
	name := s.f.Name()
	err := s.f.Close()
	if rm := os.Remove(name); rm != nil && !errors.Is(rm, os.ErrNotExist) {
		err = errors.Join(err, rm)
	}
	return err
}

// takeSpill takes a body into the temporary file.
func (s *Bodies) takeSpill(r io.Reader) (*Body, error) {
	f, err := s.spill.open()
	if err != nil {
		return nil, err
	}
	b := &Body{of: s}
	buf := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(buf)
	part := (*buf)[:slotSize]
	for {
		n, err := io.ReadFull(r, part)
		if n > 0 {
			at := s.spill.take()
			b.slots = append(b.slots, at)
			if _, werr := f.WriteAt(part[:n], int64(at)*slotSize); werr != nil {
				err = werr
			}
			b.size += int64(n)
		}
		switch err {
		case nil:
			continue
		case io.EOF, io.ErrUnexpectedEOF:
			runtime.AddCleanup(b, s.spill.give, b.slots)
			return b, nil
		}
		s.spill.give(b.slots)
		return nil, err
	}
}
