package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
)

// How often the store looks for changes that no request made, and how often
// it has the system write through to the disk.
const (
	lookEvery = 100 * time.Millisecond
	syncEvery = time.Second
)

// minCompact is how large a journal is let grow at least.
const minCompact = 16 << 20

// Store keeps units in a directory. It is safe for concurrent use.
type Store struct {
	dir    string
	lock   *flock.Flock
	bodies *Bodies
	logf   func(string, ...any)

	arrivals atomic.Uint64

	mu       sync.Mutex // guards what follows
	k        *walker
	units    []*unit
	j        *journal
	read     *contents // until Attach
	covered  uint64    // arrivals whose changes are on disk
	err      error     // of the flush that covered them
	synced   int64     // how much of the journal is
	base     int64     // size of the last base
	merging  chan struct{}
	tending  bool
	closed   bool
	stop     chan struct{}
	finished chan struct{}
}

// Open opens a directory, making it where it is not there. Only one process
// at a time may have it open. What goes wrong later beside requests is told to
// logf.
func Open(dir string, logf func(string, ...any)) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open sandbox directory: %w", err)
	}
	lock, err := take(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: lock, logf: logf, stop: make(chan struct{}), finished: make(chan struct{})}
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open sandbox directory %s: %w", dir, err), lock.Unlock())
	}
	return s, nil
}

// take locks the directory for this process.
func take(dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, "lock")
	lock := flock.New(path)
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("open sandbox directory %s: %w", dir, err)
	}
	if !ok {
		who := "another process"
		if b, err := os.ReadFile(path); err == nil && len(b) > 0 {
			who = "process " + strings.TrimSpace(string(b))
		}
		return nil, fmt.Errorf("sandbox directory %s is in use by %s: give another directory, or use that sandbox by its endpoint", dir, who)
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock, nil
}

func (s *Store) load() error {
	var err error
	if s.bodies, err = openBodies(s.dir); err != nil {
		return err
	}
	if s.read, s.j, err = load(s.dir); err != nil {
		return err
	}
	if bases, err := numbered(s.dir, "base"); err == nil && len(bases) > 0 {
		if i, err := os.Stat(basePath(s.dir, bases[len(bases)-1])); err == nil {
			s.base = i.Size()
		}
	}
	return s.tidy()
}

// Dir is the directory.
func (s *Store) Dir() string { return s.dir }

// Bodies is where large contents of the units go.
func (s *Store) Bodies() *Bodies { return s.bodies }

// Empty tells whether the directory held no state when it was opened.
func (s *Store) Empty() bool { return len(s.read.roots) == 0 }

// Attach fills the units with what is in the directory and keeps them from
// now on. It is called once, before the units serve.
func (s *Store) Attach(units ...*Unit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.read
	s.k = newWalker(c.schemas)
	for _, u := range units {
		x, err := s.k.open(u)
		if err != nil {
			return err
		}
		s.units = append(s.units, x)
	}
	used := map[string]*Body{}
	err := s.k.restore(c, s.units, func(name string, size int64) (*Body, error) {
		if b := used[name]; b != nil {
			return b, nil
		}
		b, err := s.bodies.open(name, size)
		used[name] = b
		return b, err
	})
	if err != nil {
		return fmt.Errorf("sandbox directory %s: %w", s.dir, err)
	}
	for at := range c.records { // of services and types that are no more
		s.k.delete(at.id, at.page)
	}
	names := make(map[string]bool, len(used))
	for n := range used {
		names[n] = true
	}
	if err := s.bodies.sweep(names); err != nil {
		return err
	}
	s.read = nil
	for _, u := range s.units {
		u.begin()
	}
	if err := s.flush(); err != nil {
		return err
	}
	s.tending = true
	go s.tend()
	return nil
}

func (u *unit) begin() {
	if u.Touched != nil {
		u.Guard.Lock()
		defer u.Guard.Unlock()
		u.Touched.begin()
		if u.Members != nil {
			u.Members(func(m Member) {
				if m.Handle().id == 0 {
					u.Touched.Keep(m)
				}
			})
		}
	}
}

// Commit returns when all that was changed before the call is on disk, or
// says why it is not. Calls at the same time share the work.
func (s *Store) Commit() error {
	ticket := s.arrivals.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.covered >= ticket {
		return s.err
	}
	upTo := s.arrivals.Load()
	s.err = s.flush()
	s.covered = upTo
	return s.err
}

// flush writes what has changed. A frame that could not be written stays, and
// goes before the next one.
func (s *Store) flush() error {
	if s.closed {
		return errors.New("the sandbox is closed")
	}
	garbage := s.bodies.unused()
	k := s.k
	for _, u := range s.units {
		if u.Guard.Changes() == u.seen {
			continue
		}
		u.Guard.Lock()
		u.seen = u.Guard.Changes()
		err := k.walk(u)
		u.Guard.Unlock()
		if err != nil {
			u.seen = never
			return fmt.Errorf("state of %s: %w", u.Name, err)
		}
	}
	if len(k.batch) > frameHead {
		if len(k.batch)-frameHead > maxFrame {
			return errors.New("the change is too large to be kept")
		}
		if err := s.j.append(seal(k.batch)); err != nil {
			return fmt.Errorf("write sandbox directory: %w", err)
		}
		if cap(k.batch) > 1<<20 {
			k.batch = make([]byte, frameHead)
		}
		k.batch = k.batch[:frameHead]
	}
	clear(k.dead)
	k.dead = k.dead[:0]
	s.bodies.remove(garbage)
	return nil
}

// tend looks for what changes by itself, syncs, and keeps the journal short.
func (s *Store) tend() {
	defer close(s.finished)
	look, syncs := time.NewTicker(lookEvery), time.NewTicker(syncEvery)
	defer look.Stop()
	defer syncs.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-look.C:
			if err := s.Commit(); err != nil {
				s.logf("%v", err)
			}
			if err := s.compact(); err != nil {
				s.logf("compact: %v", err)
			}
		case <-syncs.C:
			if err := s.sync(); err != nil {
				s.logf("sync: %v", err)
			}
		}
	}
}

// sync writes through to the disk: bodies first, then what refers to them.
func (s *Store) sync() error {
	s.mu.Lock()
	j, size := s.j, s.j.size
	done := s.synced == size
	s.mu.Unlock()
	if done {
		return nil
	}
	if err := s.bodies.sync(); err != nil {
		return err
	}
	if err := j.f.Sync(); err != nil && !errors.Is(err, os.ErrClosed) { // else it was synced when the next began
		return err
	}
	s.mu.Lock()
	if s.j == j {
		s.synced = size
	}
	s.mu.Unlock()
	return nil
}

// Replace takes other units in the place of those kept so far: a state that
// was read from elsewhere, or an empty one. Those before are gone.
func (s *Store) Replace(units ...*Unit) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh []*unit
	for _, u := range units {
		x, err := s.k.open(u)
		if err != nil {
			return err
		}
		fresh = append(fresh, x)
	}
	for _, u := range s.units {
		u.Guard.Lock()
		u.gen++
		s.k.sweep(u)
		if u.Touched != nil {
			u.Touched.on = false
			for m := range u.Touched.take() {
				if h := m.Handle(); h.id != 0 {
					s.k.delete(h.id, 0)
					h.id = 0
				}
			}
			u.Members(func(m Member) {
				if h := m.Handle(); h.id != 0 {
					s.k.delete(h.id, 0)
				}
			})
		}
		u.Guard.Unlock()
	}
	s.units = fresh
	for _, u := range s.units {
		u.begin()
	}
	return s.flush()
}

// Abandon gives a directory free that could not be attached.
func (s *Store) Abandon() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tending {
		close(s.stop)
		s.mu.Unlock()
		<-s.finished
		s.mu.Lock()
	}
	s.closed = true
	return errors.Join(s.j.f.Close(), s.lock.Unlock())
}

// Close writes what is left and gives the directory free.
func (s *Store) Close() error {
	close(s.stop)
	<-s.finished
	err := s.Commit()
	s.mu.Lock()
	merging := s.merging
	s.closed = true
	s.mu.Unlock()
	if merging != nil {
		<-merging
	}
	return errors.Join(err, s.bodies.sync(), s.j.f.Sync(), s.j.f.Close(), s.lock.Unlock())
}
