package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"strings"
	"time"
)

// maxIndexed is how much of an input can be searched.
const maxIndexed = 4 << 10

// index holds the inputs of a file for searching, without repeats: those that
// stood in it when it was first asked, read backwards as far as needed, and
// those that were appended since. Its methods are called with Store.mu held.
type index struct {
	file *os.File
	end  int64 // behind the last line seen
	back *backward

	seed  maphash.Seed
	known map[uint64]bool // inputs in old

	// text holds the inputs of old in lower case, each behind a NUL byte:
	// searching it is one pass of bytes.Index over all of them.
	text  []byte
	old   []row // newest first, text ascending
	fresh []freshRow

	blocks []block // of old

	open map[string]span // "done" records whose cell comes later, reading backwards
}

// span is a line of the file.
type span struct {
	off int64
	n   int32
}

// row is one input of the file.
type row struct {
	cell, done span
	text       int // where it begins in index.text
}

// freshRow is an input appended since the index was begun.
type freshRow struct {
	row
	id, lower string
}

// refresh brings the index in step with the file: it begins it, begins it anew
// when the file was replaced, and takes in what was appended.
func (s *Store) refresh() error {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.drop()
		return nil
	}
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if x := s.index; x != nil {
		if was, err := x.file.Stat(); err != nil || !os.SameFile(was, info) || info.Size() < x.end {
			s.drop()
		}
	}
	if s.index != nil {
		return s.readFresh(info.Size())
	}
	f, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	begun := info.Size()
	if s.foreign >= 0 { // what came after Open is fresh: Prefix tells sessions apart there
		begun = min(begun, s.foreign)
	}
	end, err := endOfLines(f, begun)
	if err != nil {
		f.Close()
		return err
	}
	s.index = &index{file: f, end: end, back: newBackward(f, end), seed: maphash.MakeSeed(),
		known: map[uint64]bool{}, open: map[string]span{}}
	return s.readFresh(info.Size())
}

func (s *Store) drop() {
	if s.index != nil {
		s.index.file.Close()
		s.index = nil
		s.bad = map[int64]bool{}
		s.foreign = -1
	}
}

// breathe lets others use the store in the middle of long work. It reports
// whether the index is still x.
func (s *Store) breathe(x *index) bool {
	s.mu.Unlock()
	s.mu.Lock()
	return s.index == x
}

// readFresh takes in the whole lines between the end of the index and size.
func (s *Store) readFresh(size int64) error {
	x := s.index
	if size == x.end {
		return nil
	}
	buf := make([]byte, size-x.end)
	if _, err := x.file.ReadAt(buf, x.end); err != nil {
		return fmt.Errorf("history: read: %w", err)
	}
	buf = buf[:bytes.LastIndexByte(buf, '\n')+1]
	for len(buf) > 0 {
		n := bytes.IndexByte(buf, '\n')
		text, at := buf[:n], span{x.end, int32(n)}
		x.end += int64(n) + 1
		buf = buf[n+1:]
		if n == 0 {
			continue
		}
		switch kind, id, input := s.parse(at.off, text); kind {
		case isCell:
			x.fresh = append(x.fresh, freshRow{row: row{cell: at}, id: id, lower: lowered(input)})
		case isDone:
			for i := len(x.fresh) - 1; i >= 0; i-- {
				if x.fresh[i].id == id {
					x.fresh[i].done = at
					break
				}
			}
		}
	}
	return nil
}

// more reads one block further back; false when there is none.
func (s *Store) more() (bool, error) {
	x := s.index
	lines, err := x.back.block()
	if err != nil || len(lines) == 0 {
		return false, err
	}
	for _, l := range lines {
		at := span{l.off, int32(len(l.text))}
		switch kind, id, input := s.parse(l.off, l.text); kind {
		case isDone:
			x.open[id] = at
		case isCell:
			done := x.open[id]
			delete(x.open, id)
			h := maphash.String(x.seed, input)
			if x.known[h] {
				continue
			}
			x.known[h] = true
			x.text = append(x.text, 0)
			x.old = append(x.old, row{cell: at, done: done, text: len(x.text)})
			x.text = append(x.text, lowered(input)...)
			x.note(len(x.old)-1, x.text[x.old[len(x.old)-1].text:])
		}
	}
	return true, nil
}

func lowered(input string) string {
	if len(input) > maxIndexed {
		input = input[:maxIndexed]
	}
	return strings.ReplaceAll(strings.ToLower(input), "\x00", " ")
}

// input is the lower-case text of old row i.
func (x *index) input(i int) []byte {
	end := len(x.text)
	if i+1 < len(x.old) {
		end = x.old[i+1].text - 1
	}
	return x.text[x.old[i].text:end]
}

// recordKind is what a line of the file is.
type recordKind int

const (
	isBad recordKind = iota
	isCell
	isDone
	isOther // of a later version
)

// parse tells what a line is without decoding more of it than it has to. A
// million lines are read when a query has no match; encoding/json would take
// seconds for them.
func (s *Store) parse(off int64, text []byte) (kind recordKind, id, input string) {
	if text[len(text)-1] == '}' {
		if rest, ok := bytes.CutPrefix(text, []byte(`{"kind":"done","id":"`)); ok {
			if n := bytes.IndexByte(rest, '"'); n > 0 {
				return isDone, string(rest[:n]), ""
			}
		}
		if rest, ok := bytes.CutPrefix(text, []byte(`{"kind":"cell","id":"`)); ok {
			id, quoted, ok := bytes.Cut(rest, []byte(`","input":`))
			if input, fine := unquote(quoted); ok && fine {
				return isCell, string(id), input
			}
		}
	}
	var r cellRecord // written by other tools
	if err := json.Unmarshal(text, &r); err != nil {
		s.bad[off] = true
		return isBad, "", ""
	}
	switch r.Kind {
	case "cell":
		return isCell, r.ID, r.Input
	case "done":
		return isDone, r.ID, ""
	}
	return isOther, "", ""
}

// unquote reads the JSON string that b begins with. The common escapes are
// read here, others by encoding/json.
func unquote(b []byte) (string, bool) {
	if len(b) < 2 || b[0] != '"' {
		return "", false
	}
	i := bytes.IndexAny(b[1:], `"\`) + 1
	if i == 0 {
		return "", false
	}
	if b[i] == '"' {
		return string(b[1:i]), true
	}
	out := append(make([]byte, 0, 2*i+64), b[1:i]...)
	for ; i < len(b); i++ {
		switch c := b[i]; c {
		case '"':
			return string(out), true
		case '\\':
			if i++; i == len(b) {
				return "", false
			}
			k := strings.IndexByte(`"\/ntr`, b[i])
			if k < 0 {
				return unquoteJSON(b)
			}
			out = append(out, "\"\\/\n\t\r"[k])
		default:
			out = append(out, c)
		}
	}
	return "", false
}

func unquoteJSON(b []byte) (string, bool) {
	var s string
	err := json.NewDecoder(bytes.NewReader(b)).Decode(&s)
	return s, err == nil
}

// entry decodes a row in full.
func (s *Store) entry(r row) (Entry, error) {
	text := make([]byte, r.cell.n)
	if _, err := s.index.file.ReadAt(text, r.cell.off); err != nil {
		return Entry{}, fmt.Errorf("history: read: %w", err)
	}
	var c cellRecord
	if err := json.Unmarshal(text, &c); err != nil {
		s.bad[r.cell.off] = true
		return Entry{}, fmt.Errorf("history: line at %d: %w", r.cell.off, err)
	}
	var d doneRecord
	if r.done.n > 0 {
		text := make([]byte, r.done.n)
		if _, err := s.index.file.ReadAt(text, r.done.off); err != nil {
			return Entry{}, fmt.Errorf("history: read: %w", err)
		}
		if err := json.Unmarshal(text, &d); err != nil {
			s.bad[r.done.off] = true
			d = doneRecord{}
		}
	}
	return c.entry(d), nil
}

func (c cellRecord) entry(d doneRecord) Entry {
	return Entry{ID: c.ID, Session: c.Session, N: c.N, Time: c.Time, Account: c.Account, Region: c.Region,
		Input: c.Input, Go: d.Go, Status: d.Status, Duration: time.Duration(d.Micros) * time.Microsecond}
}
