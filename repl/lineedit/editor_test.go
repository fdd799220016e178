//go:build unix

package lineedit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

var background = context.Background()

func TestTypingALine(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.readLine(background)
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
	tm.readLine(background)
	tm.typeKeys("for i := range 3 {\r")
	tm.shows("> for i := range 3 {\n...")
	tm.typeKeys("f(日本)\r}")
	tm.shows("> for i := range 3 {\n...     f(日本)\n... }")
	tm.typeKeys("\x1b[A\x05 // two")
	tm.shows("> for i := range 3 {\n...     f(日本) // two\n... }")
	tm.typeKeys("\x1b[B\r")
	tm.gets("for i := range 3 {\n\tf(日本) // two\n}")
}

func TestTypeAheadIsTheNextLine(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.readLine(background)
	tm.typeKeys("one\rtwo\rth")
	tm.gets("one")
	tm.start(background)
	tm.gets("two")
	tm.readLine(background)
	tm.contains("> th")
	tm.typeKeys("ree\r")
	tm.gets("three")
}

func TestBlockTallerThanTheScreen(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 20, 5, nil)
	tm.readLine(background)
	tm.typeKeys("f(\r1,\r2,\r3,\r4,\r5,\r6,\r")
	tm.shows("...     3,\n...     4,\n...     5,\n...     6,\n...")
	tm.typeKeys(strings.Repeat(up, 7))
	tm.shows("> f(\n...     1,\n...     2,\n...     3,\n...     4,")
	tm.typeKeys("\x1b>)\r")
	tm.gets("f(\n\t1,\n\t2,\n\t3,\n\t4,\n\t5,\n\t6,\n)")
	tm.until("the whole block in the scrollback", func(v *vt) bool {
		all := strings.Join(append(append([]string{}, v.scrolled...), v.lines()...), "\n")
		return strings.Contains(all, "> f(\n...     1,\n...     2,\n...     3,\n...     4,\n...     5,\n...     6,\n... )")
	})
}

func TestPasteSplitAtEveryByte(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 60, 20, nil)
	in := "a" + pasteStart + "if x {\r\n\tf(\"日本\")\r\n}\n" + pasteEnd + "b"
	const want = "aif x {\n\tf(\"日本\")\n}\nb"
	for i := range len(in) + 1 {
		tm.readLine(background)
		tm.typeKeys(in[:i])
		tm.consumed()
		tm.typeKeys(in[i:])
		tm.typeKeys("\x1b>\r")
		if r := tm.result(); r.text != want || r.err != nil {
			t.Fatalf("split at %d: %q, %v", i, r.text, r.err)
		}
	}
}

// longPaste is 200 KB of Go with Japanese, tabs and clusters.
func longPaste() string {
	line := "\tfmt.Println(\"日本語の文字列 👩‍👩‍👧 e\u0301\", x) // コメント\n"
	return "func f() {\n" + strings.Repeat(line, 200<<10/len(line)) + "}"
}

func TestLongPasteIsByteIdentical(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 80, 24, nil)
	text := longPaste()
	tm.readLine(background)
	tm.typeKeys(pasteStart + strings.ReplaceAll(text, "\n", "\r\n") + pasteEnd)
	tm.until("the end of the paste", func(v *vt) bool { return strings.HasSuffix(v.String(), "\n... }") })
	tm.typeKeys("\r")
	tm.gets(text)
	tm.contains(" lines ...")
}

func TestCompletionMenu(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 50, 10, func(c *Config) {
		c.Complete = func(_ context.Context, text string, pos int) []Suggestion {
			return []Suggestion{{Text: "GetAllZones", Doc: "zones", Start: 4, End: pos}, {Text: "GetImage", Doc: "an image", Start: 4, End: pos}}
		}
	})
	tm.readLine(background)
	tm.typeKeys("ec2.G\t")
	tm.shows("> ec2.Get\n      GetAllZones  zones\n      GetImage     an image")
	tm.typeKeys("\t")
	tm.contains(">GetAllZones")
	tm.typeKeys("\t\r")
	tm.shows("> ec2.GetImage")
	tm.typeKeys("()\r")
	tm.gets("ec2.GetImage()")
}

func TestCompletionAsYouType(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 50, 10, func(c *Config) {
		c.CompleteAsYouType = true
		c.Complete = func(_ context.Context, text string, pos int) []Suggestion {
			return suggest(wordBefore(text, pos), pos, "one", "other")
		}
	})
	tm.readLine(background)
	tm.typeKeys("x.o")
	tm.contains("other")
	tm.typeKeys("\r")
	tm.gets("x.o")
}

func TestSlowSourcesNeverDelayAKey(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var once sync.Once
	stop := func() { once.Do(func() { close(release) }) }
	defer stop()
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.CompleteAsYouType = true
		c.Complete = func(_ context.Context, text string, pos int) []Suggestion {
			<-release // deaf to its context
			return suggest(0, pos, text+"tail")
		}
		c.Hint = func(context.Context, string, int) string { <-release; return "hint" }
		c.Highlight = func(string) []Span { <-release; return []Span{{0, 1, "31"}} }
		c.History = slowPast{release}
	})
	tm.readLine(background)
	text := "x"
	tm.typeKeys(text)
	tm.shows("> " + text)
	for i := range 30 {
		text += string(rune('a' + i%26))
		tm.typeKeys(text[len(text)-1:])
		tm.shows("> " + text) // nobody has answered
	}
	stop()
	tm.contains("hint")
	tm.contains(text + "tail")
	tm.typeKeys("\r")
	tm.gets(text)
}

type slowPast struct{ release chan struct{} }

func (s slowPast) Prefix(string) iter.Seq[string] {
	return func(func(string) bool) { <-s.release }
}
func (s slowPast) Search(context.Context, string, int) []string { <-s.release; return nil }

func TestPanicOfACallbackCostsItsAnswerOnly(t *testing.T) {
	t.Parallel()
	reports := make(chan error, 10)
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Complete = func(context.Context, string, int) []Suggestion { panic("boom") }
		c.Enter = func(string) (bool, int) { panic("bang") }
		c.Report = func(err error) { reports <- err }
	})
	tm.readLine(background)
	tm.typeKeys("x\t")
	if err := <-reports; !strings.Contains(err.Error(), "boom") {
		t.Error(err)
	}
	tm.typeKeys("y\r")
	tm.gets("xy")
}

func TestGhostAndHistory(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, func(c *Config) { c.History = past{"s3.B()", "ec2.GetAllZones()", "for {\n\tx()\n}"} })
	tm.readLine(background)
	tm.typeKeys("e")
	tm.shows("> ec2.GetAllZones()")
	tm.typeKeys(right + "\r")
	tm.gets("ec2.GetAllZones()")
	tm.readLine(background)
	tm.typeKeys("s" + up + "\r")
	tm.gets("s3.B()")
	tm.readLine(background)
	tm.typeKeys("\x12f")
	tm.contains("+2 lines")
	tm.contains("      x()")
	tm.typeKeys("\r")
	tm.contains("> for {\n...     x()\n... }")
	tm.typeKeys("\r")
	tm.gets("for {\n\tx()\n}")
}

func TestHint(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Hint = func(_ context.Context, text string, pos int) string {
			if strings.HasSuffix(text[:pos], "(") {
				return "func f(a int)"
			}
			return ""
		}
	})
	tm.readLine(background)
	tm.typeKeys("f(")
	tm.shows("> f(\nfunc f(a int)")
	tm.typeKeys("1)")
	tm.shows("> f(1)")
	tm.typeKeys("\r")
	tm.gets("f(1)")
}

func TestColours(t *testing.T) {
	t.Parallel()
	for _, noColour := range []string{"", "1"} {
		tm := newTerminal(t, 40, 10, func(c *Config) {
			c.Prompt = func() string { return "\x1b[1;31mprod\x1b[0m> " }
			c.Highlight = func(text string) []Span { return []Span{{0, len(text), "35"}} }
			c.Getenv = func(k string) string { return map[string]string{"TERM": "xterm", "NO_COLOR": noColour}[k] }
		})
		tm.readLine(background)
		tm.typeKeys("x")
		tm.shows("prod> x")
		tm.typeKeys("\r")
		tm.gets("x")
		out := tm.written()
		red, bold, magenta := strings.Contains(out, "\x1b[1;31m"), strings.Contains(out, "\x1b[1mprod"), strings.Contains(out, "\x1b[35mx")
		if on := noColour == ""; red != on || magenta != on || bold == on {
			t.Errorf("NO_COLOR=%q: %q", noColour, out)
		}
	}
}

func TestOutputBeforeThePromptKeepsItsLine(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 20, 5, nil)
	tm.ed.Print([]byte("no newline"))
	tm.readLine(background)
	tm.shows("no newline⏎\n>")
	tm.typeKeys("\r")
	tm.gets("")
	tm.ed.Print([]byte("newline\n"))
	tm.readLine(background)
	tm.shows("no newline⏎\n>\nnewline\n>")
}

func TestPrintAboveTheLine(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 30, 8, nil)
	tm.readLine(background)
	tm.typeKeys("if {\rx")
	tm.shows("> if {\n...     x")
	tm.ed.Print([]byte("one\ntwo 日本\n"))
	tm.shows("one\ntwo 日本\n> if {\n...     x")
	tm.ed.Print([]byte("10%"))
	tm.shows("one\ntwo 日本\n10%\n> if {\n...     x")
	tm.ed.Print([]byte("\r20%"))
	tm.shows("one\ntwo 日本\n20%\n> if {\n...     x")
	tm.ed.Print([]byte(" \x1b[31mdone\x1b[0m\x1b[2J\x1b[H\x07\nthree\n"))
	tm.shows("one\ntwo 日本\n20% done^G\nthree\n> if {\n...     x")
	tm.ed.Print([]byte("left over"))
	tm.typeKeys("}\r")
	tm.gets("if {\n\tx}")
	tm.shows("one\ntwo 日本\n20% done^G\nthree\nleft over\n> if {\n...     x}")
}

func TestPrintFromManyGoroutinesWhileTyping(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.readLine(background)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				fmt.Fprintf(tm.ed, "line %d of %d\n", i, g)
			}
		})
	}
	text := ""
	for i := range 100 {
		c := string(rune('a' + i%26))
		text += c
		tm.typeKeys(c)
	}
	wg.Wait()
	tm.typeKeys("\r")
	tm.gets(text)
	tm.until("all lines", func(v *vt) bool {
		all := append(append([]string{}, v.scrolled...), v.lines()...)
		n := 0
		for _, l := range all {
			if strings.HasPrefix(l, "line ") {
				n++
			}
		}
		return n == 200
	})
}

func TestResizeMeetsEnter(t *testing.T) { // not parallel: SIGWINCH reaches every editor of the process
	tm := newTerminal(t, 40, 10, nil)
	for i := range 100 {
		tm.readLine(background)
		tm.typeKeys("some text that is longer than twenty columns")
		var wg sync.WaitGroup
		wg.Go(func() { tm.resize(20+i%60, 5+i%20) })
		tm.typeKeys("\r")
		tm.gets("some text that is longer than twenty columns")
		wg.Wait()
	}
}

func TestResizePaintsAnew(t *testing.T) {
	tm := newTerminal(t, 40, 10, nil)
	tm.readLine(background)
	tm.typeKeys("twenty columns hold this not")
	tm.shows("> twenty columns hold this not")
	tm.resize(20, 5)
	tm.contains("> twenty columns hol\nd this not")
	tm.resize(60, 10)
	tm.contains("> twenty columns hold this not")
	tm.typeKeys("\r")
	tm.gets("twenty columns hold this not")
}

func TestClearScreen(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.ed.Print([]byte("output\n"))
	tm.readLine(background)
	tm.typeKeys("abc")
	tm.shows("output\n> abc")
	tm.typeKeys("\x0c")
	tm.shows("> abc")
	tm.typeKeys("\r")
	tm.gets("abc")
}

func TestSetText(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, nil)
	tm.ed.SetText("before\r\n日本", 4)
	tm.readLine(background)
	tm.shows("> before\n... 日本")
	tm.typeKeys("X")
	tm.shows("> befoXre\n... 日本")
	tm.ed.SetText("during", 99)
	tm.shows("> during")
	tm.typeKeys(undo)
	tm.shows("> befoXre\n... 日本")
	tm.ed.SetText("last", 0)
	tm.typeKeys("\r")
	r := tm.result()
	if r.err != nil || r.text != "last" && !strings.HasPrefix(r.text, "befo") {
		t.Errorf("%q, %v", r.text, r.err)
	}
}

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
