package eval

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/traefik/yaegi/interp"

	"pawsh/repl/rewrite"
)

// where knows where the running cell is, see rewrite.PosVar.
type where struct {
	pos    *int         // noted while solo
	solo   *bool        // written only while one goroutine at most runs cells' code
	at     atomic.Int64 // noted otherwise
	shared bool         // compiled code may call functions of cells on its goroutines
}

func (w *where) find(in *interp.Interpreter) error {
	pos, err := in.Eval("&" + rewrite.PosVar)
	if err != nil {
		return fmt.Errorf("find the position: %w", err)
	}
	solo, err := in.Eval("&" + rewrite.SoloVar)
	if err != nil {
		return fmt.Errorf("find the position: %w", err)
	}
	w.pos, w.solo = pos.Interface().(*int), solo.Interface().(*bool)
	return nil
}

// alone is called before a cell runs while nothing else does.
func (w *where) alone() {
	*w.solo = true
}

// together is called before a second goroutine starts.
func (w *where) together() {
	if *w.solo {
		w.at.Store(int64(*w.pos))
		*w.solo = false
	}
}

func (w *where) position() int {
	if *w.solo {
		return *w.pos
	}
	return int(w.at.Load())
}

// traceWriter receives the interpreter's error stream: a line for each frame
// that a panic leaves, the innermost first. It keeps the first function of a
// cell among them and drops the rest.
type traceWriter struct {
	mu              sync.Mutex
	seen            bool
	unit, from, end int // the function's unit and lines; 0, 0 for a whole cell
}

var traceRE = regexp.MustCompile(`func@(\d+)@(\d+)@(\d+)/`)

func (t *traceWriter) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := traceRE.FindSubmatch(p); m != nil && !t.seen {
		t.seen = true
		t.unit, _ = strconv.Atoi(string(m[1]))
		t.from, _ = strconv.Atoi(string(m[2]))
		t.end, _ = strconv.Atoi(string(m[3]))
	}
	return len(p), nil
}

func (t *traceWriter) reset() {
	t.mu.Lock()
	t.seen = false
	t.mu.Unlock()
}

// place gives line and column of a panic. A mark outside the function that
// panicked was made by one that it called, or by another goroutine.
func (t *traceWriter) place(mark int) (line, column int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	unit, line, column := rewrite.Unpack(mark)
	switch {
	case !t.seen:
		return 0, 0
	case t.unit == unit && (t.from == 0 || t.from <= line && line <= t.end):
		return line, column
	}
	return t.from, 0
}
