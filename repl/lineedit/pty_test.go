package lineedit

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// patience bounds every wait for the terminal; nothing waits for it to pass.
const patience = 20 * time.Second

// terminal is the user's side of a pty: what is typed goes in, and what the
// editor writes is shown by a vt.
type terminal struct {
	t     *testing.T
	ptm   *os.File
	tty   *os.File
	ed    *Editor
	lines chan result

	mu      sync.Mutex
	changed chan struct{}
	vt      *vt
	raw     []byte
	marks   int
}

type result struct {
	text string
	err  error
}

// newTerminal starts an editor on a new pty. set may change its configuration.
func newTerminal(t *testing.T, w, h int, set func(*Config)) *terminal {
	t.Helper()
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pty: %v", err)
	}
	if err := pty.Setsize(ptm, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		t.Fatal(err)
	}
	tm := &terminal{t: t, ptm: ptm, tty: tty, vt: newVT(w, h), changed: make(chan struct{}), lines: make(chan result, 100)}
	env := map[string]string{"TERM": "xterm-256color"}
	c := Config{In: tty, Out: tty, Prompt: func() string { return "> " }, Getenv: func(k string) string { return env[k] }}
	if set != nil {
		set(&c)
	}
	if tm.ed, err = New(c); err != nil {
		t.Fatal(err)
	}
	go tm.read()
	t.Cleanup(func() {
		tm.ed.Close()
		tty.Close()
		ptm.Close()
		tm.mu.Lock()
		defer tm.mu.Unlock()
		if tm.vt.bad != "" {
			t.Errorf("terminal got %q", tm.vt.bad)
		}
	})
	return tm
}

func (tm *terminal) read() {
	b := make([]byte, 64<<10)
	for {
		n, err := tm.ptm.Read(b)
		if err != nil {
			return
		}
		tm.mu.Lock()
		tm.vt.Write(b[:n])
		tm.raw = append(tm.raw, b[:n]...)
		close(tm.changed)
		tm.changed = make(chan struct{})
		tm.mu.Unlock()
	}
}

// readLine starts a ReadLine whose result goes to tm.lines, and waits for its
// first frame.
func (tm *terminal) readLine(ctx context.Context) {
	tm.t.Helper()
	tm.mu.Lock()
	tm.vt.modes["?25"] = false
	tm.mu.Unlock()
	go func() {
		s, err := tm.ed.ReadLine(ctx)
		tm.lines <- result{s, err}
	}()
	tm.until("a prompt", func(v *vt) bool { return v.modes["?2004"] && v.modes["?25"] && !v.modes["?2026"] })
}

// typeKeys sends s as the keyboard would.
func (tm *terminal) typeKeys(s string) {
	tm.t.Helper()
	if _, err := tm.ptm.WriteString(s); err != nil {
		tm.t.Fatal(err)
	}
}

// until waits until ok holds for the screen.
func (tm *terminal) until(what string, ok func(v *vt) bool) {
	tm.t.Helper()
	end := time.After(patience)
	for {
		tm.mu.Lock()
		changed, good, shown := tm.changed, ok(tm.vt), tm.vt.String()
		x, y := tm.vt.x, tm.vt.y
		tm.mu.Unlock()
		if good {
			return
		}
		select {
		case <-changed:
		case <-end:
			tm.t.Fatalf("screen never showed %s; it shows (cursor %d,%d):\n%s", what, x, y, shown)
		}
	}
}

// shows waits until the screen is want, with synchronised output finished.
func (tm *terminal) shows(want string) {
	tm.t.Helper()
	tm.until("\n"+want+"\n", func(v *vt) bool { return v.String() == want && !v.modes["?2026"] })
}

// contains waits until the screen contains want.
func (tm *terminal) contains(want string) {
	tm.t.Helper()
	tm.until(want, func(v *vt) bool { return strings.Contains(v.String(), want) && !v.modes["?2026"] })
}

// result waits for the end of ReadLine.
func (tm *terminal) result() result {
	tm.t.Helper()
	select {
	case r := <-tm.lines:
		return r
	case <-time.After(patience):
		tm.t.Fatal("ReadLine did not return")
		return result{}
	}
}

// gets waits for a line and compares it.
func (tm *terminal) gets(want string) {
	tm.t.Helper()
	if r := tm.result(); r.err != nil || r.text != want {
		tm.t.Fatalf("ReadLine = %.200q, %v; want %.200q", r.text, r.err, want)
	}
}

func TestTypingALine(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.readLine(context.Background())
	tm.typeKeys("hello")
	tm.shows("> hello")
	tm.typeKeys("\x01say \x05 you\x7f\x7f\x7fthem")
	tm.shows("> say hello them")
	tm.typeKeys("\r")
	tm.gets("say hello them")
}

func TestBlockOfSeveralLines(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.readLine(context.Background())
	tm.typeKeys("for i := range 3 {\r")
	tm.shows("> for i := range 3 {\n...")
	tm.typeKeys("f(日本)\r}")
	tm.shows("> for i := range 3 {\n...     f(日本)\n... }")
	tm.typeKeys("\x1b[A\x05 // two")
	tm.shows("> for i := range 3 {\n...     f(日本) // two\n... }")
	tm.typeKeys("\x1b[B\r")
	tm.gets("for i := range 3 {\n\tf(日本) // two\n}")
}
