package lineedit

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	prompt "github.com/c-bata/go-prompt"
	"github.com/google/go-cmp/cmp"
)

// names renders events for comparison: typed characters as they are, the rest
// in angle brackets.
func names(evs []event) string {
	var b strings.Builder
	for _, e := range evs {
		alt := ""
		if e.alt {
			alt = "Alt-"
		}
		switch {
		case e.paste:
			fmt.Fprintf(&b, "<paste %q>", e.text)
		case e.text != "":
			b.WriteString(e.text)
		case e.key == prompt.Any:
			b.WriteString("<" + alt + string(e.r) + ">")
		default:
			b.WriteString("<" + alt + e.key.String() + ">")
		}
	}
	return b.String()
}

func TestDecoder(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"text", "ab 日本é👩‍👩‍👧", "ab 日本é👩‍👩‍👧"},
		{"controls", "\x01\x05\r\n\t\x7f\x08\x1f", "<ControlA><ControlE><Enter><Enter><Tab><Backspace><Backspace><ControlUnderscore>"},
		{"arrows of both kinds", "\x1b[A\x1bOB\x1b[C\x1bOD", "<Up><Down><Right><Left>"},
		{"modified arrows", "\x1b[1;5C\x1b[1;3D\x1b[1;2A\x1bOd", "<ControlRight><Alt-Left><ShiftUp><ControlLeft>"},
		{"home and end, each way", "\x1b[H\x1b[1~\x1b[7~\x1bOH\x1b[F\x1b[4~\x1b[8~\x1bOF", "<Home><Home><Home><Home><End><End><End><End>"},
		{"editing keys", "\x1b[2~\x1b[3~\x1b[3;5~\x1b[5~\x1b[6~\x1b[Z", "<Insert><Delete><ControlDelete><PageUp><PageDown><BackTab>"},
		{"function keys", "\x1bOP\x1b[12~\x1b[15~\x1b[24~\x1b[[A", "<F1><F2><F5><F12><F1>"},
		{"Alt", "\x1bf\x1b<\x1b日\x1b\x7f\x1b\r", "<Alt-f><Alt-<><Alt-日><Alt-Backspace><Alt-Enter>"},
		{"modified Enter", "\x1b[13;2u\x1b[27;5;13~", "<Alt-Enter><Alt-Enter>"},
		{"two Escapes and an arrow", "\x1b\x1b[A", "<Escape><Up>"},
		{"unknown sequences are swallowed", "a\x1b[?1;2cb\x1b[99;99Zc\x1bO~d", "abcd"},
		{"focus reports are nothing", "a\x1b[Ib\x1b[Oc", "abc"},
		{"replies of the terminal", "a\x1b]11;rgb:0/0/0\x07b\x1b]0;t\x1b\\c\x1bP1$r\x1b\\d", "abcd"},
		{"Ctrl-C breaks a sequence off", "\x1b[1;\x03a\x1b]11\x03b", "<ControlC>a<ControlC>b"},
		{"a key breaks a sequence off", "\x1b[1\x1b[Ax", "<Up>x"},
		{"invalid UTF-8", "a\xffb\xe6\x97c", "a\uFFFDb\uFFFD\uFFFDc"},
		{"C1 controls are nothing", "a\u009bAb", "aAb"},
		{"paste", "x\x1b[200~a\tb\r\nc\rd\x1b[Ae\x1b[201~\r", `x<paste "a\tb\nc\nd\x1b[Ae"><Enter>`},
		{"empty paste", "\x1b[200~\x1b[201~y", `<paste "">y`},
		{"paste with parts of its end", "\x1b[200~\x1b[201\x1b[20\x1b[201~", `<paste "\x1b[201\x1b[20">`},
		{"end of no paste", "\x1b[201~x", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := names(newDecoder().feed([]byte(tt.in))); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			sameHoweverSplit(t, []byte(tt.in))
		})
	}
}

// sameHoweverSplit checks that in gives the same events in one read, in single
// bytes, and in two reads with the boundary anywhere.
func sameHoweverSplit(t *testing.T, in []byte) {
	t.Helper()
	one := newDecoder()
	want := one.feed(in)
	check := func(how string, d *decoder, got []event) {
		t.Helper()
		if diff := cmp.Diff(names(want), names(got)); diff != "" {
			t.Fatalf("%s: %s", how, diff)
		}
		if string(d.pend) != string(one.pend) || string(d.paste) != string(one.paste) || d.pasting != one.pasting {
			t.Fatalf("%s: held back %q and %q, in one read %q and %q", how, d.pend, d.paste, one.pend, one.paste)
		}
	}
	d, got := newDecoder(), []event(nil)
	for i := range in {
		got = append(got, d.feed(in[i:i+1])...)
	}
	check("byte by byte", d, got)
	for i := range min(len(in), 300) {
		d := newDecoder()
		check(fmt.Sprintf("split at %d", i), d, append(d.feed(in[:i]), d.feed(in[i:])...))
	}
}

func TestDecoderTimeout(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"\x1b", "<Escape>"},
		{"\x1b[", "<Alt-[>"},
		{"\x1bO", "<Alt-O>"},
		{"\x1b]", "<Alt-]>"},
		{"\x1b[1;", ""},    // the rest is on its way
		{"\xe6\x97", ""},   // so it is here
		{"\x1b\xe6", ""},   // and here
		{"\x1b[200~x", ""}, // and here
		{"", ""},
	}
	for _, tt := range tests {
		d := newDecoder()
		evs := d.feed([]byte(tt.in))
		if got := names(append(evs, d.timeout()...)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.in, got, tt.want)
		}
		if tt.want != "" && d.waiting() {
			t.Errorf("%q: still waiting", tt.in)
		}
	}
}

func TestDecoderBoundsWhatItHoldsBack(t *testing.T) {
	t.Parallel()
	for _, begin := range []string{"\x1b[", "\x1b]", "\x1bP"} {
		in := []byte(begin + strings.Repeat("1", 2*maxSequence) + "\rx")
		d := newDecoder()
		var evs []event
		for i := range in {
			evs = append(evs, d.feed(in[i:i+1])...)
			if len(d.pend) > maxSequence {
				t.Fatalf("%q: holds back %d bytes", begin, len(d.pend))
			}
		}
		if got := names(evs); !strings.HasSuffix(got, "<Enter>x") {
			t.Errorf("%q: %.40s...", begin, got)
		}
		sameHoweverSplit(t, in)
	}
}

func TestDecoderLongPasteInAnySplit(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("\tfmt.Println(\"日本 👩‍👩‍👧 e\u0301\")\r\n\r", 4000) + "\x1b[20 \x1b[201 x"
	in := []byte("ab日\x1b[A" + pasteStart + body + pasteEnd + "tail\x03")
	want := names(newDecoder().feed(in))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		d := newDecoder()
		var evs []event
		for rest := in; len(rest) > 0; {
			n := min(len(rest), 1+rng.IntN(1+rng.IntN(20000)))
			evs = append(evs, d.feed(rest[:n])...)
			rest = rest[n:]
		}
		if names(evs) != want {
			t.Fatal("events differ")
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add([]byte("ab\x1b[A\x1b[1;5C\x1bOP\xe6\x97\xa5\r"), uint64(1))
	f.Add([]byte("\x1b[200~a\r\nb\x1b[201~c\x1b]0;x\x07\x1b\x1b"), uint64(2))
	f.Fuzz(func(t *testing.T, in []byte, seed uint64) {
		one := newDecoder()
		want := names(one.feed(in))
		rng := rand.New(rand.NewPCG(seed, 0))
		d := newDecoder()
		var evs []event
		for rest := in; len(rest) > 0; {
			n := 1 + rng.IntN(len(rest))
			evs = append(evs, d.feed(rest[:n])...)
			rest = rest[n:]
		}
		if got := names(evs); got != want {
			t.Fatalf("split: %s\nwhole: %s", got, want)
		}
		if string(d.pend) != string(one.pend) || string(d.paste) != string(one.paste) {
			t.Fatalf("held back %q %q, want %q %q", d.pend, d.paste, one.pend, one.paste)
		}
		d.timeout()
		if d.waiting() && len(d.pend) != 2 {
			t.Fatalf("a timeout left %q", d.pend)
		}
	})
}

func TestParseChord(t *testing.T) {
	t.Parallel()
	tests := map[string]string{"alt-e": "<Alt-e>", "F1": "<F1>", "ctrl-o": "<ControlO>", "alt-enter": "<Alt-Enter>", "backtab": "<BackTab>"}
	for in, want := range tests {
		c, err := parseChord(in)
		if got := names([]event{{chord: c}}); err != nil || got != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "e", "ctrl-", "hyper-x", "any", "ctrl-ab"} {
		if c, err := parseChord(in); err == nil {
			t.Errorf("%q: %v", in, c)
		}
	}
}
