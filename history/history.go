// Package history is the store of all that was ever typed: one file of JSON
// lines under the state directory of the user, to which every shell appends and
// which nobody rewrites.
//
// A cell is two records: one written before it runs, so that a crash loses
// nothing, one when it has ended. Secrets are redacted before they are written.
// Opening costs nothing however long the file is: it is read backwards, as far
// as somebody asks.
//
// The package knows nothing of terminals or commands: the shell adapts a Store
// to its line editor and prints what Entries yields.
package history

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Entry is one cell as it was typed and what became of it.
type Entry struct {
	ID      string
	Session string // which run of the shell
	N       int    // the cell's number in it
	Time    time.Time
	Account string // an account number or alias, or "sandbox"
	Region  string
	Input   string // as typed, redacted
	// Go, Status and Duration are empty for a cell that never ended.
	Go       string // the program that ran, redacted
	Status   string // "ok", "error", "interrupted", ...
	Duration time.Duration
}

// Options are what a Store is opened with.
type Options struct {
	// Path of the file; see DefaultPath.
	Path string
	// Session names this run of the shell; empty, it gets a name. What other
	// sessions append from now on is found by Search and Entries, but is not
	// in the way of Prefix.
	Session string
	// NewID makes the ids of entries, letters and digits only, for any
	// goroutine. Nil makes random ones.
	NewID func() string
}

// Store is an open history. It is safe for concurrent use, and any number of
// processes may use the same file.
type Store struct {
	path    string
	session string
	newID   func() string

	writing sync.Mutex // flock locks do not exclude goroutines of one process
	lock    *flock.Flock

	mu      sync.Mutex
	index   *index
	bad     map[int64]bool // offsets of unreadable lines
	foreign int64          // where the file ended at Open; -1 if it was replaced since
}

// DefaultPath is the history of the user: pawsh/history.jsonl under
// XDG_STATE_HOME, or under ~/.local/state.
func DefaultPath(getenv func(string) string, home string) string {
	dir := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // as the XDG specification has it
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "pawsh", "history.jsonl")
}

// Open opens the history at o.Path and creates its directory if there is none.
// The file itself is created by the first Append.
func Open(o Options) (*Store, error) {
	if o.Path == "" {
		return nil, errors.New("history: no path")
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	s := &Store{path: o.Path, session: o.Session, newID: o.NewID, bad: map[int64]bool{}}
	if s.newID == nil {
		s.newID = randomID
	}
	if s.session == "" {
		s.session = s.newID()
	}
	s.lock = flock.New(o.Path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	switch info, err := os.Stat(o.Path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("history: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("history %s: not a regular file", o.Path)
	default:
		s.foreign = info.Size()
		if info.Mode().Perm()&0o077 != 0 {
			if err := os.Chmod(o.Path, 0o600); err != nil {
				return nil, fmt.Errorf("history: keep others out: %w", err)
			}
		}
	}
	return s, nil
}

func randomID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// The records as they are in the file. The order of the fields is part of the
// format: the index reads the first three without a JSON decoder.
type cellRecord struct {
	Kind    string    `json:"kind"` // "cell"
	ID      string    `json:"id"`
	Input   string    `json:"input"`
	Session string    `json:"session,omitempty"`
	N       int       `json:"n"`
	Time    time.Time `json:"time"`
	Account string    `json:"account,omitempty"`
	Region  string    `json:"region,omitempty"`
}

type doneRecord struct {
	Kind   string `json:"kind"` // "done"
	ID     string `json:"id"`
	Status string `json:"status"`
	Micros int64  `json:"us"`
	Go     string `json:"go,omitempty"`
}

// Append writes e, of which Go, Status and Duration come later by Finish, and
// returns its id: e.ID if it has one, else a new one. An entry without a session
// belongs to that of the Store.
func (s *Store) Append(e Entry) (id string, err error) {
	id = e.ID
	if id == "" {
		id = s.newID()
	}
	if !validID(id) {
		return "", fmt.Errorf("history: entry id %q: want letters and digits", id)
	}
	if e.Session == "" {
		e.Session = s.session
	}
	err = s.write(cellRecord{Kind: "cell", ID: id, Input: Redact(e.Input), Session: e.Session, N: e.N,
		Time: e.Time, Account: e.Account, Region: e.Region})
	return id, err
}

// Finish writes what became of the entry id.
func (s *Store) Finish(id, status, goText string, d time.Duration) error {
	if !validID(id) {
		return fmt.Errorf("history: entry id %q: want letters and digits", id)
	}
	return s.write(doneRecord{Kind: "done", ID: id, Status: status, Micros: d.Microseconds(), Go: Redact(goText)})
}

func validID(id string) bool {
	for _, c := range []byte(id) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// write appends one record in one write, under the lock of the file. A last
// line that a crash tore off is ended first, so that it costs nobody else's.
func (s *Store) write(record any) (err error) {
	var b bytes.Buffer
	b.WriteByte('\n')
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(record); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.lock.Lock(); err != nil {
		return fmt.Errorf("history %s: lock: %w", s.path, err)
	}
	defer func() {
		if e := s.lock.Unlock(); e != nil && err == nil {
			err = fmt.Errorf("history %s: unlock: %w", s.path, e)
		}
	}()
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	line := b.Bytes()
	if torn, e := isTorn(f); e == nil && !torn {
		line = line[1:]
	}
	if _, err = f.Write(line); err != nil {
		f.Close()
		return fmt.Errorf("history: %w", err)
	}
	if err = f.Close(); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// isTorn reports whether the last line of f lacks its end.
func isTorn(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], info.Size()-1); err != nil {
		return false, err
	}
	return last[0] != '\n', nil
}

// Session names this run of the shell: entries without a session of their own
// get it.
func (s *Store) Session() string { return s.session }

// Skipped is the number of unreadable lines met so far.
func (s *Store) Skipped() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bad)
}

// Close frees what reading holds open. The Store may be used again after it.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		return nil
	}
	err := s.index.file.Close()
	s.index = nil
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}
