//go:build unix

package lineedit

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
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
