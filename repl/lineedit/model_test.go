package lineedit

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// past is a History over a slice, oldest first.
type past []string

func (p past) Prefix(prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, s := range slices.Backward(p) {
			if strings.HasPrefix(s, prefix) && !yield(s) {
				return
			}
		}
	}
}

func (p past) Search(_ context.Context, query string, limit int) []string {
	out := []string{}
	for _, s := range slices.Backward(p) {
		if strings.Contains(s, query) && len(out) < limit && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// press feeds m the bytes of a keyboard and answers its searches.
func press(m *model, keys string) {
	d := newDecoder()
	for _, ev := range append(d.feed([]byte(keys)), d.timeout()...) {
		if m.state != editing {
			return
		}
		m.handle(ev)
		if m.wants.search && m.search != nil {
			q := m.search.query.text
			m.setMatches(q, m.history.Search(context.Background(), q, 9))
			m.wants.search = false
		}
	}
}

// shown is the text with | at the cursor.
func shown(m *model) string { return m.buf.text[:m.buf.pos] + "|" + m.buf.text[m.buf.pos:] }

const (
	up, down, right, left  = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
	undo, redo             = "\x1f", "\x1e"
	altEnter, altBackspace = "\x1b\r", "\x1b\x7f"
)

func TestEditing(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, begin, keys, want string }{
		{"insert in the middle", "ac", left + "b", "ab|c"},
		{"clusters are one step", "a👩‍👩‍👧e\u0301日", left + left + left, "a|👩‍👩‍👧e\u0301日"},
		{"backspace takes a cluster", "日e\u0301", "\x7f", "日|"},
		{"delete takes a cluster", "👩‍👩‍👧x", "\x01\x1b[3~", "|x"},
		{"line begin and end", "a\nbcd\ne", up + "\x01x\x05y", "a\nxbcdy|\ne"},
		{"text begin and end", "a\nb", "\x1b<x\x1b>y", "xa\nby|"},
		{"words are Go's tokens", `ec2.GetAll(x, 1.5)`, "\x1bb\x1bb\x1bb", `ec2.|GetAll(x, 1.5)`},
		{"a number is one word", `f(1.5e3)`, "\x1bb", `f(|1.5e3)`},
		{"a hyphen binds inside a string", `f("eu-west-1", a-b)`, "\x1bb\x1bb\x1bb", `f("|eu-west-1", a-b)`},
		{"word right stops at ends", "foo(bar, 日本語)", "\x01\x1bf\x1bf\x1bf", "foo(bar, 日本語|)"},
		{"kill to the end and yank", "one two", "\x01\x1bf\x0b\x01\x19", " two|one"},
		{"kill the line break", "a\nb", up + "\x0b", "a|b"},
		{"kills in a row are one", "one two three", "\x17\x17\x01\x19", "two three|one "},
		{"kills in both directions", "one two", "\x01\x1bf\x0b\x15\x19", "one two|"},
		{"yank and the kill before", "one two", "\x17" + left + right + "\x17x\x19\x1by", "xtwo|"},
		{"kill to the beginning of the line", "a\nbc", "\x15", "a\n|"},
		{"kill a word forward", "ab cd", "\x01\x1bd", "| cd"},
		{"kill a word back", "ab cd", altBackspace, "ab |"},
		{"transpose", "ab", "\x14", "ba|"},
		{"transpose in the middle", "abc", left + "\x14", "acb|"},
		{"transpose at the beginning", "abc", "\x01\x14", "|abc"},
		{"case of words", "foo bar BAZ", "\x01\x1bu\x1bc\x1bl", "FOO Bar baz|"},
		{"undo goes by words", "", "one two" + undo, "one |"},
		{"undo and redo", "", "one two" + undo + undo + redo, "one |"},
		{"undo all", "", "one" + left + "x\x0b\x19" + strings.Repeat(undo, 9), "|"},
		{"redo is lost by an edit", "", "one" + undo + "x" + redo, "x|"},
		{"paste is one step", "", "a\x1b[200~b\r\nc\x1b[201~d" + undo + undo, "a|"},
		{"paste keeps tabs", "", "\x1b[200~\tb\n\t\tc\n\x1b[201~", "\tb\n\t\tc\n|"},
		{"up and down keep the column", "abcd\n日本\nefgh", up + left + up, "ab|cd\n日本\nefgh"},
		{"tab indents at the beginning", "", "\tx", "\tx|"},
		{"Ctrl-D deletes", "ab", "\x01\x04", "|b"},
		{"unknown keys do nothing", "ab", "\x1b[99~\x1b[15~\x0f", "ab|"},
		{"a cursor before a wide character", "日本", left + "x", "日x|本"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(nil, nil)
			m.begin(tt.begin, len(tt.begin))
			press(m, tt.keys)
			if got := shown(m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEnterKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, begin, keys, want string
		submitted               bool
	}{
		{"complete", "f()", "\r", "f()|", true},
		{"empty", "", "\r", "|", true},
		{"complete from the middle of a line", "f()", "\x01\r", "|f()", true},
		{"open brace indents", "if x {", "\r", "if x {\n\t|", false},
		{"nested", "if x {\n\tfor {", "\r", "if x {\n\tfor {\n\t\t|", false},
		{"one line opens one level", "f(func() {", "\r", "f(func() {\n\t|", false},
		{"closing bracket goes back", "if x {\n\tfor {\n\t\tf()\n\t\t", "}\r}", "if x {\n\tfor {\n\t\tf()\n\t}\n}|", false},
		{"between brackets", "f()", left + altEnter, "f(\n\t|\n)", false},
		{"a dangling operator", "x := a +", "\r", "x := a +\n\t|", false},
		{"a dangling dot", "ec2.", "\r", "ec2.\n\t|", false},
		{"increment is complete", "x++", "\r", "x++|", true},
		{"comma in a call", "f(a,", "\r", "f(a,\n\t|", false},
		{"case label", "switch x {", "\rcase 1:\rf()", "switch x {\ncase 1:\n\tf()|", false},
		{"default label", "switch {", "\rdefault:\rf()\r}\r", "switch {\ndefault:\n\tf()\n}|", true},
		{"raw string keeps its content", "x := `a", "\r  b`\r", "x := `a\n  b`|", true},
		{"block comment", "/* a", "\r*/\r", "/* a\n*/|", true},
		{"brackets in strings and comments", `f("{[(") // {`, "\r", `f("{[(") // {|`, true},
		{"Alt-Enter forces a line", "f()", altEnter + "g()", "f()\ng()|", false},
		{"middle of a block breaks the line", "if x {\n\tf()\n}", up + "\x05\r", "if x {\n\tf()\n\t|\n}", false},
		{"blank before the break is dropped", "if x { f()", left + left + left + "\r", "if x { \n\t|f()", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(nil, nil)
			m.begin(tt.begin, len(tt.begin))
			press(m, tt.keys)
			if got := shown(m); got != tt.want || (m.state == submitted) != tt.submitted {
				t.Errorf("got %q, submitted %v; want %q, %v", got, m.state == submitted, tt.want, tt.submitted)
			}
		})
	}
}

func TestEnterAsksTheCaller(t *testing.T) {
	t.Parallel()
	m := newModel(func(s string) (bool, int) { return strings.HasSuffix(s, ";"), 2 }, nil)
	m.begin("", 0)
	press(m, "a\rb;\r")
	if got := shown(m); got != "a\n\t\tb;|" || m.state != submitted {
		t.Errorf("%q, %v", got, m.state)
	}
}

func TestEndings(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]outcome{"\x04": ended, "a\x04": editing, "\x03": interrupted, "abc\x03": interrupted, "a\r": submitted} {
		m := newModel(nil, nil)
		m.begin("", 0)
		if press(m, keys); m.state != want {
			t.Errorf("%q: %v, want %v", keys, m.state, want)
		}
	}
}

func TestRecall(t *testing.T) {
	t.Parallel()
	h := past{"ec2.A()", "s3.B()", "for {\n\tx()\n}", "ec2.C()", "ec2.C()"}
	tests := []struct{ name, begin, keys, want string }{
		{"the last", "", up, "ec2.C()|"},
		{"repeats once", "", up + up, "for {\n\tx()\n}|"},
		{"through a block", "", up + up + up, "s3.B()|"},
		{"by prefix", "ec2.", up + up, "ec2.A()|"},
		{"the end of history", "ec2.", up + up + up + up, "ec2.A()|"},
		{"back to the draft", "ec2.", up + up + down + down, "ec2.|"},
		{"below the draft", "x", down, "x|"},
		{"the prefix ends at the cursor", "s3.xyz", "\x01" + right + right + right + up, "s3.B()|"},
		{"lines come first", "a\nb", up + "x", "ax|\nb"},
		{"from the first line of a block", "ec2.A()\nb", up + "\x01" + up, "ec2.C()|"},
		{"an edit begins anew", "", up + "x" + up, "ec2.C()x|"},
		{"a motion begins anew", "", up + up + left + up, "for {\n|\tx()\n}"},
		{"undo returns", "s3", up + undo, "s3|"},
		{"Alt-P in a block", "a\nb", up + "\x01\x1bp", "ec2.C()|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(nil, h)
			m.begin(tt.begin, len(tt.begin))
			press(m, tt.keys)
			if got := shown(m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	h := past{"ec2.A()", "s3.B()", "for {\n\tec2.X()\n}", "ec2.C()"}
	tests := []struct{ name, begin, keys, want string }{
		{"accept", "draft", "\x12ec2\r", "ec2.C()|"},
		{"the next match", "", "\x12ec2\x12\r", "for {\n\tec2.X()\n}|"},
		{"and back", "", "\x12ec2\x12\x12\x13\r", "for {\n\tec2.X()\n}|"},
		{"arrows", "", "\x12ec2" + up + up + down + "\r", "for {\n\tec2.X()\n}|"},
		{"beyond the last", "", "\x12s3\x12\x12\r", "s3.B()|"},
		{"cancel", "draft", "\x12ec2\x07", "draft|"},
		{"cancel by Ctrl-C", "draft", "\x12ec2\x03", "draft|"},
		{"correct the query", "", "\x12s3x\x7f\r", "s3.B()|"},
		{"no match keeps the text", "draft", "\x12nothing\r", "draft|"},
		{"a motion accepts and moves", "", "\x12s3\x01", "|s3.B()"},
		{"accept can be undone", "draft", "\x12s3\r" + undo, "draft|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(nil, h)
			m.begin(tt.begin, len(tt.begin))
			press(m, tt.keys)
			if got := shown(m); got != tt.want || m.search != nil || m.state != editing {
				t.Errorf("got %q, search %v, state %v; want %q", got, m.search, m.state, tt.want)
			}
		})
	}
}

func suggest(start, end int, texts ...string) []Suggestion {
	var out []Suggestion
	for _, s := range texts {
		out = append(out, Suggestion{Text: s, Start: start, End: end})
	}
	return out
}

func TestMenu(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		begin  string
		items  []Suggestion
		forced bool
		keys   string
		want   string
		open   bool
	}{
		{"a single one is taken by Tab", "ec2.Ge", suggest(4, 6, "GetAll"), true, "", "ec2.GetAll|", false},
		{"a single one waits otherwise", "ec2.Ge", suggest(4, 6, "GetAll"), false, "", "ec2.Ge|", true},
		{"common beginning", "ec2.G", suggest(4, 5, "GetA", "GetB"), true, "", "ec2.Get|", true},
		{"then the next Tab chooses", "ec2.G", suggest(4, 5, "GetA", "GetB"), true, "\t\r", "ec2.GetA|", false},
		{"no common beginning chooses the first", "x", suggest(0, 1, "xa", "max"), true, "\r", "xa|", false},
		{"Tab moves", "x", suggest(0, 1, "xa", "max"), true, "\t\r", "max|", false},
		{"around the end", "x", suggest(0, 1, "xa", "max"), true, "\t\t\r", "xa|", false},
		{"back", "x", suggest(0, 1, "xa", "max"), true, "\x1b[Z\r", "max|", false},
		{"arrows", "x", suggest(0, 1, "xa", "max", "fox"), true, down + down + up + "\r", "max|", false},
		{"Down enters a menu that opened itself", "x", suggest(0, 1, "xa", "max"), false, down + "\r", "xa|", false},
		{"Enter runs when nothing is chosen", "x", suggest(0, 1, "xa", "max"), false, "\r", "x|", true},
		{"Escape closes", "x", suggest(0, 1, "xa", "max"), true, "\x1b", "x|", false},
		{"typing narrows", "x", suggest(0, 1, "xa", "max", "xb"), false, "b" + down + "\r", "xb|", false},
		{"narrowing to nothing closes", "x", suggest(0, 1, "xa"), false, "q", "xq|", false},
		{"a dot takes the chosen one", "e", suggest(0, 1, "ec2", "err"), true, "\x1b[Z\t.x", "ec2.x|", false},
		{"a bracket is not doubled", "f", suggest(0, 1, "foo(", "bar("), true, "(", "foo(|", false},
		{"the text behind is replaced", "foo.bar", suggest(0, 3, "qux"), true, "", "qux|.bar", false},
		{"offsets outside are dropped", "x", []Suggestion{{Text: "y", Start: 0, End: 9}, {Text: "z", Start: -1, End: 1}, {Text: "q", Start: 1, End: 0}}, true, "", "x|", false},
		{"accepting can be undone", "ec2.Ge", suggest(4, 6, "GetAll"), true, undo, "ec2.Ge|", false},
		{"different parts have no common beginning", "ab", []Suggestion{{Text: "abc", Start: 0, End: 2}, {Text: "bcd", Start: 1, End: 2}}, true, "\r", "abc|", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(nil, nil)
			m.begin(tt.begin, len(tt.begin))
			m.setSuggestions(tt.begin, len(tt.begin), tt.items, tt.forced)
			press(m, tt.keys)
			if got := shown(m); got != tt.want || m.menu.open != tt.open {
				t.Errorf("got %q, menu %v; want %q, %v", got, m.menu.open, tt.want, tt.open)
			}
		})
	}
}

func TestStaleAnswersAreDropped(t *testing.T) {
	t.Parallel()
	m := newModel(nil, past{})
	m.begin("ab", 2)
	m.setSuggestions("a", 1, suggest(0, 1, "ax"), true)
	m.setSuggestions("ab", 1, suggest(0, 1, "ax"), true)
	m.setGhost("a", "abc")
	m.setMatches("a", []string{"x"})
	if shown(m) != "ab|" || m.menu.open || m.ghost != "" || m.search != nil {
		t.Errorf("%q %v %q", shown(m), m.menu, m.ghost)
	}
}

func TestGhost(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, keys, want, ghost string }{
		{"shown", "", "ec|", "2.GetAllZones()"},
		{"typing along eats it", "2.", "ec2.|", "GetAllZones()"},
		{"typing apart drops it", "x", "ecx|", ""},
		{"right takes it", right, "ec2.GetAllZones()|", ""},
		{"end takes it", "\x05", "ec2.GetAllZones()|", ""},
		{"word right takes a word", "\x1bf", "ec2|", ".GetAllZones()"},
		{"moving away drops it", left, "e|c", ""},
		{"taking it can be undone", right + undo, "ec|", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newModel(nil, nil)
			m.begin("ec", 2)
			m.setGhost("ec", "ec2.GetAllZones()")
			press(m, tt.keys)
			if got := shown(m); got != tt.want || m.ghost != tt.ghost {
				t.Errorf("got %q + %q, want %q + %q", got, m.ghost, tt.want, tt.ghost)
			}
		})
	}
}

func TestSpansMoveWithTheText(t *testing.T) {
	t.Parallel()
	spans := []Span{{0, 3, "a"}, {4, 7, "b"}, {8, 11, "c"}}
	tests := []struct {
		name                  string
		at, removed, inserted int
		want                  []Span
	}{
		{"behind", 11, 0, 1, []Span{{0, 3, "a"}, {4, 7, "b"}, {8, 12, "c"}}},
		{"inside", 5, 0, 2, []Span{{0, 3, "a"}, {4, 9, "b"}, {10, 13, "c"}}},
		{"between", 3, 1, 0, []Span{{0, 3, "a"}, {3, 6, "b"}, {7, 10, "c"}}},
		{"one removed", 4, 3, 0, []Span{{0, 3, "a"}, {5, 8, "c"}}},
		{"across two", 2, 4, 0, []Span{{0, 2, "a"}, {2, 3, "b"}, {4, 7, "c"}}},
		{"all replaced", 0, 11, 5, []Span{{0, 5, "a"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := shiftSpans(spans, tt.at, tt.removed, tt.inserted)
			if tt.name == "all replaced" { // any colours do, as long as they are in the text
				for _, s := range got {
					if s.Start < 0 || s.End > 5 {
						t.Errorf("%v", got)
					}
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBracketMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		pos  int
		a, b int
		ok   bool
	}{
		{"f(a[1])", 7, 6, 1, true},
		{"f(a[1])", 1, 1, 6, true},
		{"f(a[1])", 6, 5, 3, true},
		{`f("(")`, 6, 5, 1, true},
		{`f("(")`, 4, 0, 0, false},
		{"f(]", 3, 0, 0, false},
		{"", 0, 0, 0, false},
	}
	for _, tt := range tests {
		if a, b, ok := matchBracket(tt.text, tt.pos); a != tt.a || b != tt.b || ok != tt.ok {
			t.Errorf("matchBracket(%q, %d) = %d, %d, %v", tt.text, tt.pos, a, b, ok)
		}
	}
}

// FuzzModel types arbitrary bytes and checks what must always hold.
func FuzzModel(f *testing.F) {
	for _, s := range []string{"if x {\ry()\r}\r", "日本\x1bb\x17\x19\x1by\x1f\x1e", "\x12a\x12\r", up + up + "x" + down, "a\t\t\r\x7f\x7f", "\x1b[200~\x00\xff\r\n\x1b[201~\x14\x1bu"} {
		f.Add(s, uint8(20), uint8(5))
	}
	h := past{"ec2.A()", "日本 👩‍👩‍👧", "for {\n\tx()\n}", "bad \xff\r\n\x00"}
	f.Fuzz(func(t *testing.T, keys string, w, height uint8) {
		if len(keys) > 500 {
			t.Skip("every key is laid out: long ones only take long")
		}
		m := newModel(nil, h)
		m.popup = true
		m.begin("", 0)
		d := newDecoder()
		anchor := 0
		for _, ev := range append(d.feed([]byte(keys)), d.timeout()...) {
			if m.state != editing || len(m.buf.text) > 16<<10 { // kill and yank double a text
				break
			}
			m.handle(ev)
			text, pos := m.buf.text, m.buf.pos
			if pos < 0 || pos > len(text) || pos < len(text) && !utf8.RuneStart(text[pos]) || !utf8.ValidString(text) {
				t.Fatalf("%q, cursor %d", text, pos)
			}
			if m.wants.search && m.search != nil {
				m.setMatches(m.search.query.text, h.Search(context.Background(), m.search.query.text, 9))
			}
			if m.wants.complete {
				at := wordBefore(text, pos)
				m.setSuggestions(text, pos, suggest(at, pos, "xa", "xb日", "ec2", "Ω"), m.wants.forced)
			}
			if m.wants.assist {
				m.setGhost(m.buf.text, m.buf.text+"ghost 日本\nof two lines")
			}
			m.wants = wants{}
			fr := frame{prompt: "\x1b[1m日> ", cont: "... ", text: m.buf.text, cursor: m.buf.pos, ghost: m.ghost, menu: m.menu, search: m.search, hint: "hint", above: "part"}
			checkPicture(t, fr.layout(int(w), int(height), anchor), int(w), int(height))
			anchor = fr.layout(int(w), int(height), anchor).anchor
		}
		if m.search != nil {
			return
		}
		whole, steps := m.buf.text, len(m.buf.past)
		for range steps {
			m.buf.undo()
		}
		if steps < maxUndo && m.buf.text != "" {
			t.Fatalf("undone, there is %q", m.buf.text)
		}
		for range steps {
			m.buf.redo()
		}
		if m.buf.text != whole {
			t.Fatalf("redone, there is %q, was %q", m.buf.text, whole)
		}
	})
}
