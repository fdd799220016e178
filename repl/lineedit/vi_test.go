package lineedit

import (
	"strings"
	"testing"
)

func newViModel(h History) *model {
	m := newModel(nil, h)
	m.setVi(true)
	return m
}

// pressApart feeds the keys; ⎋ is the Escape key, which time tells from a sequence.
func pressApart(m *model, keys string) {
	d := newDecoder()
	for _, part := range strings.SplitAfter(keys, "⎋") {
		for _, ev := range append(d.feed([]byte(strings.Replace(part, "⎋", "\x1b", 1))), d.timeout()...) {
			if m.state != editing {
				return
			}
			m.handle(ev)
		}
	}
}

func TestVi(t *testing.T) {
	t.Parallel()
	const esc = "⎋"
	tests := []struct{ name, begin, keys, want string }{
		{"a line begins in insert mode", "", "abc", "abc|"},
		{"escape steps back", "", "abc" + esc, "ab|c"},
		{"escape at the beginning stays", "", "\x1bix\x1b0i" + esc, "|x"},
		{"h l with counts", "abcdef", esc + "3hx2lx", "abd|e"},
		{"i a I A", "  bc", esc + "ia" + esc + "Ix" + esc + "Ay", "  xbacy|"},
		{"a after wide characters", "日本", esc + "ax", "日本x|"},
		{"words", "foo.bar baz", esc + "0wix" + esc, "foo|x.bar baz"},
		{"big words", "foo.bar baz", esc + "0Wix" + esc, "foo.bar |xbaz"},
		{"e and b", "foo.bar baz", esc + "0eax" + esc + "$bby", "foox.|bar baz"},
		{"dw", "one two three", esc + "0dw", "|two three"},
		{"2dw and d2w are alike", "a b c d e", esc + "02dwd2w", "|e"},
		{"dw on the last word of a line keeps the line", "one\ntwo", esc + "ggdw", "|\ntwo"},
		{"cw leaves the blank", "one two", esc + "0cwsix" + esc, "si|x two"},
		{"cc keeps the indent", "f {\n\tabc\n}", esc + "kccx" + esc, "f {\n\t|x\n}"},
		{"dd and p", "a\nb\nc", esc + "ggddp", "b\n|a\nc"},
		{"dd of the last line", "a\nb", esc + "dd", "|a"},
		{"dd of all", "a", esc + "dd", "|"},
		{"2dd", "a\nb\nc", esc + "gg2dd", "|c"},
		{"yy and P", "\ta\nb", esc + "ggyyjP", "\ta\n\t|a\nb"},
		{"yw and p", "one two", esc + "0ywP", "one| one two"},
		{"x and p swap", "ab", esc + "0xp", "b|a"},
		{"X", "abc", esc + "X", "a|c"},
		{"D and C", "one two", esc + "0wD" + "0Cx" + esc, "|x"},
		{"s and S", "abc", esc + "sx" + esc + "Sy" + esc, "|y"},
		{"r with a count", "abcd", esc + "03rx", "xx|xd"},
		{"r beyond the line does nothing", "ab", esc + "05rx", "|ab"},
		{"R", "abcd", esc + "0Rxy" + esc, "x|ycd"},
		{"R appends at the end", "ab", esc + "Rxyz" + esc, "axy|z"},
		{"tilde", "aBc", esc + "03~", "Ab|C"},
		{"f and ;", "a.b.c.d", esc + "0f.;dt.", "a.b|.d"},
		{"F T and comma", "a.b.c", esc + "F.ix" + esc + "0f.,", "a|.bx.c"},
		{"t and ; step over", "a.b.c", esc + "0t.;", "a.|b.c"},
		{"df to a character that is not there", "abc", esc + "0dfx", "|abc"},
		{"percent", "f(a, g(b))", esc + "0%", "f(a, g(b)|)"},
		{"d percent", "f(a, g(b)) + 1", esc + "0fgd%", "f(a, |) + 1"},
		{"di( and ci\"", `f("a b", x)`, esc + `0f"ci"é` + esc, `f("|é", x)`},
		{"di(", `f(a, g(b), c)`, esc + "0fadi(", "f(|)"},
		{"da{", "m{a: 1} + 2", esc + "0fada{", "m| + 2"},
		{"diw and daw", "one two three", esc + "0wdaw", "one |three"},
		{"o indents", "if x {", esc + "oy" + esc, "if x {\n\t|y"},
		{"O", "\tb", esc + "Oa" + esc, "\t|a\n\tb"},
		{"J", "a\n\tb\nc", esc + "gg3J", "a b| c"},
		{"shift", "a\nb", esc + "gg>jj<<", "\ta\n|b"},
		{"G and gg", "a\nb\nc", esc + "ggx2Gx", "\n|\nc"},
		{"paragraphs", "a\n\nb\nc", esc + "{ix" + esc, "a\n|x\nb\nc"},
		{"dj", "a\nb\nc", esc + "ggdj", "|c"},
		{"dk at the top does nothing", "a\nb", esc + "ggdk", "|a\nb"},
		{"dG", "a\nb\nc", esc + "ggjdG", "|a"},
		{"u takes an insertion whole", "", "one two" + esc + "a three" + esc + "u", "one tw|o"},
		{"u and redo", "one two", esc + "0dwdwu\x12", "|"},
		{"u undoes cw as one", "one two", esc + "0cwsix" + esc + "u", "|one two"},
		{"dot repeats a deletion", "a b c d", esc + "0dw..", "|d"},
		{"dot repeats an insertion", "a\nb", esc + "ggA;" + esc + "j.", "a;\nb|;"},
		{"dot repeats a change", "one two three", esc + "0cwx" + esc + "w.w.", "x x |x"},
		{"dot repeats the change, not the motion", "abcd", esc + "0xl.", "b|d"},
		{"a wrong command is dropped", "abc", esc + "0dzx", "|bc"},
		{"escape drops what is pending", "abc", esc + "02d" + esc + "x", "|bc"},
		{"a paste in normal mode is text", "ab", esc + "0\x1b[200~xy\x1b[201~", "xy|ab"},
		{"alt with a character is escape and the character", "abc", "\x1b0", "|abc"},
		{"emacs keys in insert mode", "one two", "\x17x", "one x|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newViModel(nil)
			m.begin(tt.begin, len(tt.begin))
			pressApart(m, tt.keys)
			if got := shown(m); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestViHistoryAndEnter(t *testing.T) {
	t.Parallel()
	m := newViModel(past{"first()", "second()"})
	m.begin("", 0)
	pressApart(m, "⎋k")
	if got := shown(m); got != "second(|)" {
		t.Errorf("k: %q", got)
	}
	pressApart(m, "k")
	if got := shown(m); got != "first(|)" {
		t.Errorf("k twice: %q", got)
	}
	pressApart(m, "j")
	if got := shown(m); got != "second(|)" {
		t.Errorf("j: %q", got)
	}
	pressApart(m, "/")
	if m.search == nil {
		t.Fatal("/ does not search")
	}
	pressApart(m, "⎋")
	pressApart(m, "\r")
	if m.state != submitted {
		t.Error("Enter does not submit in normal mode")
	}
	m.begin("", 0)
	if m.vi.normal {
		t.Error("a new line begins in normal mode")
	}
}

// FuzzVi: whatever is typed, the cursor stays at the beginning of a character
// inside the text, and undoing everything gives the text of the beginning.
func FuzzVi(f *testing.F) {
	f.Add("one\ntwo(日本)", "⎋ggdwjp..u0cwx⎋3.")
	f.Add("f(\"a\")", "⎋di\"ci(x⎋rü2~J>>")
	f.Fuzz(func(t *testing.T, begin, keys string) {
		begin = normalise(begin)
		if len(begin) > 200 || len(keys) > 100 || strings.ContainsAny(keys, "0123456789\x1b") {
			return
		}
		m := newViModel(nil)
		m.begin(begin, len(begin))
		pressApart(m, keys)
		s, pos := m.buf.text, m.buf.pos
		if pos < 0 || pos > len(s) || clampPos(s, pos) != pos {
			t.Fatalf("cursor %d in %q", pos, s)
		}
		for range len(keys) + 2 {
			m.buf.undo()
		}
		if m.buf.text != begin {
			t.Errorf("undone: %q, want %q", m.buf.text, begin)
		}
	})
}
