package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/sahilm/fuzzy"
)

// maxFuzzy is how many of the newest inputs are matched fuzzily: further back
// only what contains the query is worth finding.
const maxFuzzy = 10_000

// Search returns at most limit entries that match query, without repeats of an
// input: first those that contain it, then those that contain each of its
// words, both newest first; then those that contain its letters in their order,
// closest first. Case does not matter. An empty query matches everything.
//
// When ctx ends, what was found so far is returned: the first search through a
// long history reads it.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(); err != nil || s.index == nil {
		return nil, err
	}
	f := finder{s: s, ctx: ctx, limit: limit, seen: map[string]bool{}}
	q := lowered(strings.TrimSpace(query))
	if err := f.containing(q, grams([]byte(q)), func([]byte) bool { return true }); err != nil {
		return nil, err
	}
	if words := strings.Fields(q); len(words) > 1 {
		sort.Slice(words, func(i, j int) bool { return len(words[i]) > len(words[j]) }) // the rarest first
		var need []uint32
		for _, w := range words {
			need = append(need, grams([]byte(w))...)
		}
		err := f.containing(words[0], need, func(text []byte) bool {
			for _, w := range words[1:] {
				if !bytes.Contains(text, []byte(w)) {
					return false
				}
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	if q != "" && !f.full() {
		f.fuzzy(strings.ReplaceAll(q, " ", ""))
	}
	return f.found, nil
}

// finder collects the entries of one search.
type finder struct {
	s     *Store
	ctx   context.Context
	limit int
	found []Entry
	seen  map[string]bool // inputs
}

func (f *finder) full() bool { return len(f.found) >= f.limit }

// add takes a row in, unless its input is there already or cannot be read.
func (f *finder) add(r row) {
	e, err := f.s.entry(r)
	if err != nil || f.seen[e.Input] {
		return
	}
	f.seen[e.Input] = true
	f.found = append(f.found, e)
}

// containing adds the inputs that contain q and that ok accepts; need are grams
// that all of them hold.
func (f *finder) containing(q string, need []uint32, ok func(text []byte) bool) error {
	x := f.s.index
	for i := len(x.fresh) - 1; i >= 0 && !f.full(); i-- {
		if text := x.fresh[i].lower; strings.Contains(text, q) && ok([]byte(text)) {
			f.add(x.fresh[i].row)
		}
	}
	for i, last := 0, false; ; last = f.ctx.Err() != nil {
		if i = f.scan([]byte(q), need, i, ok); last || f.full() {
			return nil
		}
		if more, err := f.s.more(); err != nil || !more {
			return err
		}
		if !f.s.breathe(x) {
			return errReplaced
		}
	}
}

// errReplaced is returned when the file is replaced during a search.
var errReplaced = errors.New("history: the file was replaced")

// scan adds rows from i on and returns the row it came to.
func (f *finder) scan(q []byte, need []uint32, i int, ok func([]byte) bool) int {
	x := f.s.index
	for i < len(x.old) && !f.full() {
		want := f.limit - len(f.found)
		rows := x.find(q, need, i, want, ok)
		for _, r := range rows {
			f.add(x.old[r])
		}
		if len(rows) < want {
			return len(x.old)
		}
		i = rows[len(rows)-1] + 1
	}
	return i
}

// parallelText is how much text is worth a goroutine of its own.
const parallelText = 4 << 20

// find returns the first want rows from i on that contain q and that ok accepts.
func (x *index) find(q []byte, need []uint32, i, want int, ok func([]byte) bool) []int {
	n := min(runtime.GOMAXPROCS(0), 1+(len(x.text)-x.old[i].text)/parallelText)
	parts := make([][]int, n)
	each := (len(x.old) - i + n - 1) / n
	var wg sync.WaitGroup
	for p := range parts {
		from := i + p*each
		to := min(from+each, len(x.old))
		wg.Go(func() { parts[p] = x.findBlocks(q, need, from, to, want, ok) })
	}
	wg.Wait()
	rows := slices.Concat(parts...)
	return rows[:min(want, len(rows))]
}

// findBlocks is find in the rows from to to, block by block.
func (x *index) findBlocks(q []byte, need []uint32, from, to, want int, ok func([]byte) bool) []int {
	if len(need) == 0 {
		return x.findIn(q, from, to, want, ok)
	}
	var rows []int
	b := sort.Search(len(x.blocks), func(k int) bool { return x.blocks[k].row > from }) - 1
	for ; from < to && len(rows) < want; b++ {
		end := to
		if b+1 < len(x.blocks) {
			end = min(to, x.blocks[b+1].row)
		}
		if x.blocks[b].holds(need) {
			rows = append(rows, x.findIn(q, from, end, want-len(rows), ok)...)
		}
		from = end
	}
	return rows
}

// findIn is find in the rows from to to.
func (x *index) findIn(q []byte, from, to, want int, ok func([]byte) bool) []int {
	var rows []int
	for from < to && len(rows) < want {
		end := len(x.text)
		if to < len(x.old) {
			end = x.old[to].text - 1
		}
		n := bytes.Index(x.text[x.old[from].text:end], q)
		if n < 0 {
			break
		}
		at := x.old[from].text + n
		from += sort.Search(to-from, func(k int) bool { return x.old[from+k].text > at }) - 1
		if ok(x.input(from)) {
			rows = append(rows, from)
		}
		from++
	}
	return rows
}

// fuzzy adds the newest inputs that hold the letters of q in order.
func (f *finder) fuzzy(q string) {
	x := f.s.index
	rows := make([]row, 0, 1024)
	texts := make([]string, 0, 1024)
	take := func(r row, text []byte) {
		if subsequence(text, q) {
			rows, texts = append(rows, r), append(texts, string(text))
		}
	}
	for i := len(x.fresh) - 1; i >= 0; i-- {
		take(x.fresh[i].row, []byte(x.fresh[i].lower))
	}
	for i := range min(len(x.old), maxFuzzy) {
		take(x.old[i], x.input(i))
	}
	for _, m := range fuzzy.Find(q, texts) {
		if f.full() {
			return
		}
		f.add(rows[m.Index])
	}
}

// subsequence reports whether text holds the bytes of q in their order.
func subsequence(text []byte, q string) bool {
	for i := range len(q) {
		n := bytes.IndexByte(text, q[i])
		if n < 0 {
			return false
		}
		text = text[n+1:]
	}
	return true
}

// Prefix yields the entries whose input begins with prefix, newest first and
// without repeats, reading the file as far as the caller goes. Entries that
// other sessions appended after the Store was opened are left out: Up recalls
// what happened here.
func (s *Store) Prefix(prefix string) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.refresh(); err != nil || s.index == nil {
			return
		}
		w := prefixWalk{s: s, x: s.index, prefix: prefix, low: "\x00" + lowered(prefix), fresh: len(s.index.fresh), seen: map[string]bool{}}
		for {
			e, ok := w.next()
			if !ok {
				return
			}
			s.mu.Unlock()
			more := yield(e)
			s.mu.Lock()
			if !more || s.index != w.x { // replaced under our feet
				return
			}
		}
	}
}

// prefixWalk is the state of one Prefix.
type prefixWalk struct {
	s           *Store
	x           *index
	prefix, low string
	fresh       int // rows of fresh still to come
	at          int // where to go on in x.text
	seen        map[string]bool
}

func (w *prefixWalk) next() (Entry, bool) {
	for w.fresh > 0 {
		w.fresh--
		r := w.x.fresh[w.fresh]
		if !strings.HasPrefix(r.lower, w.low[1:]) {
			continue
		}
		if e, ok := w.take(r.row); ok {
			return e, true
		}
	}
	for {
		n := bytes.Index(w.x.text[w.at:], []byte(w.low))
		if n < 0 {
			w.at = len(w.x.text)
			if more, err := w.s.more(); err != nil || !more || !w.s.breathe(w.x) {
				return Entry{}, false
			}
			continue
		}
		at := w.at + n + 1
		w.at = at
		i := sort.Search(len(w.x.old), func(k int) bool { return w.x.old[k].text >= at })
		if e, ok := w.take(w.x.old[i]); ok {
			return e, true
		}
	}
}

// take decodes a row and reports whether it is to be yielded.
func (w *prefixWalk) take(r row) (Entry, bool) {
	e, err := w.s.entry(r)
	if err != nil || w.seen[e.Input] || !strings.HasPrefix(e.Input, w.prefix) {
		return e, false
	}
	if e.Session != w.s.session && w.s.foreign >= 0 && r.cell.off >= w.s.foreign {
		return e, false
	}
	w.seen[e.Input] = true
	return e, true
}

// Entries yields every entry, newest first, with repeats, reading the file as
// far as the caller goes. Unreadable lines are skipped and counted; an error
// of the file itself is yielded last.
func (s *Store) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		f, err := os.Open(s.path)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(Entry{}, fmt.Errorf("history: %w", err))
			return
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			yield(Entry{}, fmt.Errorf("history: %w", err))
			return
		}
		back := newBackward(f, info.Size())
		open := map[string]doneRecord{}
		for {
			lines, err := back.block()
			if err != nil {
				yield(Entry{}, err)
				return
			}
			if len(lines) == 0 {
				return
			}
			for _, l := range lines {
				c, d, ok := s.decode(l)
				switch {
				case !ok:
				case d.ID != "":
					open[d.ID] = d
				default:
					d = open[c.ID]
					delete(open, c.ID)
					if !yield(c.entry(d), nil) {
						return
					}
				}
			}
		}
	}
}

// decode reads a line of either kind in full.
func (s *Store) decode(l line) (c cellRecord, d doneRecord, ok bool) {
	err := json.Unmarshal(l.text, &c)
	if err == nil && c.Kind == "done" {
		err = json.Unmarshal(l.text, &d)
	}
	if err != nil {
		s.mu.Lock()
		s.bad[l.off] = true
		s.mu.Unlock()
		return c, d, false
	}
	return c, d, c.Kind == "cell" || c.Kind == "done" && d.ID != ""
}
