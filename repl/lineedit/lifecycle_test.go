//go:build unix

package lineedit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestEndsOfALine(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	before := tm.modes()
	check := func(what string, want error) {
		t.Helper()
		if r := tm.result(); !errors.Is(r.err, want) || r.err == nil && want != nil {
			t.Errorf("%s: %v, want %v", what, r.err, want)
		}
		if diff := cmp.Diff(before, tm.modes()); diff != "" {
			t.Errorf("%s left the terminal changed:\n%s", what, diff)
		}
		tm.until("paste mode off after "+what, func(v *vt) bool { return !v.modes["?2004"] })
	}
	tm.readLine(background)
	if cmp.Equal(before, tm.modes()) {
		t.Error("the terminal is not raw during ReadLine")
	}
	tm.typeKeys("abc\x03")
	check("Ctrl-C", ErrInterrupt)
	tm.contains("> abc^C")
	tm.readLine(background)
	tm.typeKeys("\x04")
	check("Ctrl-D", io.EOF)
	tm.readLine(background)
	tm.typeKeys("x\r")
	check("Enter", nil)

	ctx, cancel := context.WithCancel(background)
	tm.readLine(ctx)
	tm.typeKeys("abc")
	cancel()
	check("the end of the context", context.Canceled)
	tm.start(ctx)
	check("a context that had ended", context.Canceled)

	tm.readLine(background)
	if err := tm.ed.Close(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, tm.modes()); diff != "" {
		t.Errorf("Close left the terminal changed:\n%s", diff)
	}
	check("Close", ErrClosed)
	if err := tm.ed.Close(); err != nil {
		t.Error(err)
	}
	tm.start(background)
	check("ReadLine after Close", ErrClosed)
	tm.ed.Print([]byte("after Close\n"))
	tm.contains("after Close")
}

func TestPanicRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Bindings = []Binding{{Key: "f1", Do: func(context.Context, string, int) (string, int) { panic("boom") }}}
	})
	before := tm.modes()
	panics := make(chan any, 1)
	go func() {
		defer func() { panics <- recover() }()
		_, _ = tm.ed.ReadLine(background)
	}()
	tm.contains(">")
	tm.typeKeys("x\x1bOP")
	if p := <-panics; p != "boom" {
		t.Errorf("panic %v", p)
	}
	if diff := cmp.Diff(before, tm.modes()); diff != "" {
		t.Error(diff)
	}
	tm.readLine(background) // and the editor still works
	tm.typeKeys("y\r")
	tm.gets("y")
}

func TestLostTerminalIsTheEnd(t *testing.T) {
	t.Parallel()
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pty: %v", err)
	}
	defer tty.Close()
	ed, err := New(Config{In: tty, Out: tty, Prompt: func() string { return "> " }, Getenv: func(string) string { return "xterm" }})
	if err != nil {
		t.Fatal(err)
	}
	defer ed.Close()
	done := make(chan error, 1)
	go func() { _, err := ed.ReadLine(background); done <- err }()
	var out []byte
	for b := make([]byte, 1024); !bytes.Contains(out, []byte("> ")); {
		n, err := ptm.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b[:n]...)
	}
	ptm.Close()
	select {
	case err := <-done:
		if !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("ReadLine did not return")
	}
}

func TestBindings(t *testing.T) {
	t.Parallel()
	var tm *terminal
	var before unix.Termios
	tm = newTerminal(t, 40, 10, func(c *Config) {
		c.Bindings = []Binding{
			{Key: "alt-e", Cooked: true, Do: func(_ context.Context, text string, pos int) (string, int) {
				if diff := cmp.Diff(before, tm.modes()); diff != "" {
					t.Errorf("not cooked: %s", diff)
				}
				fmt.Fprintln(tm.tty, "in the editor")
				return text + " edited\r\n", 0
			}},
			{Key: "f1", Do: func(_ context.Context, text string, pos int) (string, int) {
				tm.ed.Print([]byte("help\n"))
				return text, pos + 2
			}},
		}
	})
	before = tm.modes()
	tm.readLine(background)
	tm.typeKeys("abc")
	tm.shows("> abc")
	tm.typeKeys("\x1be")
	tm.shows("in the editor\n> abc edited\n...")
	tm.typeKeys("\x1bOP")
	tm.shows("in the editor\nhelp\n> abc edited\n...")
	tm.typeKeys("X\x1b>\x7f\r")
	tm.gets("abXc edited")
	if _, err := New(Config{In: tm.tty, Out: tm.tty, Prompt: func() string { return "" }, Bindings: []Binding{{Key: "hyper-x"}}}); err == nil {
		t.Error("an unknown key was accepted")
	}
}

func TestSuspend(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	cooked := tm.modes()
	f := func() error {
		if diff := cmp.Diff(cooked, tm.modes()); diff != "" {
			t.Errorf("not cooked: %s", diff)
		}
		fmt.Fprintln(tm.tty, "ran")
		return io.ErrShortWrite
	}
	if err := tm.ed.Suspend(f); err != io.ErrShortWrite { // between two lines
		t.Error(err)
	}
	tm.readLine(background)
	tm.typeKeys("abc")
	tm.shows("ran\n> abc")
	if err := tm.ed.Suspend(f); err != io.ErrShortWrite { // in the middle of one
		t.Error(err)
	}
	tm.shows("ran\nran\n> abc")
	tm.typeKeys("d\r")
	tm.gets("abcd")

	var calls atomic.Int32
	var wg sync.WaitGroup
	for range 4 { // at any time
		wg.Go(func() {
			for range 20 {
				_ = tm.ed.Suspend(func() error { calls.Add(1); return nil })
			}
		})
	}
	for range 10 {
		tm.readLine(background)
		tm.typeKeys("\r")
		tm.gets("")
	}
	wg.Wait()
	if calls.Load() != 80 {
		t.Errorf("%d calls", calls.Load())
	}
}

// testClock runs its timers when told.
type testClock struct {
	mu     sync.Mutex
	timers map[*time.Duration]func()
	set    chan time.Duration
}

func (c *testClock) Now() time.Time { return time.Unix(0, 0) }

func (c *testClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	key := &d
	c.timers[key] = f
	c.mu.Unlock()
	c.set <- d
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, ok := c.timers[key]
		delete(c.timers, key)
		return ok
	}
}

func (c *testClock) fire() {
	c.mu.Lock()
	due := c.timers
	c.timers = map[*time.Duration]func(){}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}

func TestEscapeIsDecidedByTheClock(t *testing.T) {
	t.Parallel()
	clock := &testClock{timers: map[*time.Duration]func(){}, set: make(chan time.Duration, 100)}
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Clock = clock
		c.Complete = func(_ context.Context, _ string, pos int) []Suggestion { return suggest(0, pos, "xa", "xb") }
	})
	tm.readLine(background)
	tm.typeKeys("x\t")
	tm.contains("xb")
	tm.typeKeys("\x1b")
	if d := <-clock.set; d != escapeTimeout {
		t.Errorf("timer of %v", d)
	}
	clock.fire()
	tm.shows("> x")
	tm.typeKeys("\x1b") // completed in time, it is a sequence
	<-clock.set
	tm.typeKeys("[Dy\r")
	tm.gets("yx")
}

func TestNotATerminal(t *testing.T) {
	t.Parallel()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	for _, c := range []Config{{In: r, Out: w}, {In: null, Out: null}, {}} {
		c.Prompt = func() string { return "" }
		if _, err := New(c); !errors.Is(err, ErrNotTerminal) {
			t.Errorf("New: %v", err)
		}
	}
	if _, err := New(Config{In: r, Out: w}); err == nil {
		t.Error("New without a prompt succeeded")
	}
}

func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Prompt = func() string { return "\x1b[31m> \x1b[0m" }
		c.Getenv = func(k string) string { return map[string]string{"TERM": "dumb"}[k] }
	})
	before := tm.modes()
	read := func() { tm.start(background) }
	read()
	tm.typeKeys("f(\n日本)\nnext\n")
	tm.gets("f(\n日本)")
	if diff := cmp.Diff(before, tm.modes()); diff != "" {
		t.Error(diff)
	}
	read()
	tm.gets("next")
	read()
	tm.contains("> ")
	tm.typeKeys("last\x04\x04")
	tm.gets("last")
	read()
	if r := tm.result(); !errors.Is(r.err, io.EOF) {
		t.Errorf("%v", r.err)
	}
	ctx, cancel := context.WithCancel(background)
	tm.ed.plain.eof = false
	tm.start(ctx)
	cancel()
	if r := tm.result(); !errors.Is(r.err, context.Canceled) {
		t.Errorf("%v", r.err)
	}
	if bytes.ContainsRune([]byte(tm.written()), 0x1b) {
		t.Errorf("escapes on a dumb terminal: %q", tm.written())
	}
}
