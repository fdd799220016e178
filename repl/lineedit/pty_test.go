//go:build unix

package lineedit

import (
	"context"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
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
	reads sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{}
	vt      *vt
	raw     []byte
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
		tm.reads.Wait()
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
	before := 0
	tm.until("the end of the line before", func(v *vt) bool {
		before = v.set["?2004h"]
		return v.set["?2004l"] >= before
	})
	tm.start(ctx)
	tm.until("a prompt", func(v *vt) bool { return v.set["?2004h"] > before && v.modes["?25"] && !v.modes["?2026"] })
}

// start is readLine without the wait.
func (tm *terminal) start(ctx context.Context) {
	tm.reads.Go(func() {
		s, err := tm.ed.ReadLine(ctx)
		tm.lines <- result{s, err}
	})
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

// consumed waits until the editor has read all that was typed.
func (tm *terminal) consumed() {
	tm.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); runtime.Gosched() {
		if n, err := unix.IoctlGetInt(int(tm.tty.Fd()), ioctlInputQueue); err != nil {
			tm.t.Fatal(err)
		} else if n == 0 {
			return
		}
	}
	tm.t.Fatal("input was not read")
}

// modes are the terminal's settings, for comparison.
func (tm *terminal) modes() unix.Termios {
	tm.t.Helper()
	m, err := unix.IoctlGetTermios(int(tm.tty.Fd()), ioctlGetTermios)
	if err != nil {
		tm.t.Fatal(err)
	}
	return *m
}

// resize changes the size of the terminal and tells the editor.
func (tm *terminal) resize(w, h int) {
	tm.t.Helper()
	tm.mu.Lock()
	tm.vt.resize(w, h)
	tm.mu.Unlock()
	if err := pty.Setsize(tm.ptm, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)}); err != nil {
		tm.t.Fatal(err)
	}
	if err := unix.Kill(os.Getpid(), unix.SIGWINCH); err != nil {
		tm.t.Fatal(err)
	}
}

// written is all that was written to the terminal.
func (tm *terminal) written() string {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	return string(tm.raw)
}
