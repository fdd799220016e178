package lineedit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkPicture checks that p fits the screen and that its cursor is in it.
func checkPicture(t *testing.T, p picture, w, h int) {
	t.Helper()
	w, h = max(w, 8), max(h, 2)
	if len(p.rows) > h {
		t.Fatalf("%d rows on a screen of %d:\n%s", len(p.rows), h, plain(p.rows))
	}
	for _, r := range p.rows {
		if r.width() > w {
			t.Fatalf("a row of %d in %d columns:\n%s", r.width(), w, plain(p.rows))
		}
	}
	if p.row < 0 || p.row >= len(p.rows) || p.col < 0 || p.col >= w {
		t.Fatalf("cursor at %d,%d of %d rows, %dx%d:\n%s", p.col, p.row, len(p.rows), w, h, plain(p.rows))
	}
}

func plain(rows []row) string {
	var b strings.Builder
	for i, r := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for _, c := range r {
			b.WriteString(c.s)
		}
	}
	return b.String()
}

// withCursor renders p with a | in front of the cursor's cell.
func withCursor(p picture) string {
	var b strings.Builder
	for i, r := range p.rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		x := 0
		for _, c := range r {
			if i == p.row && x == p.col {
				b.WriteByte('|')
			}
			b.WriteString(c.s)
			x += c.w
		}
		if i == p.row && x <= p.col {
			b.WriteString(strings.Repeat(" ", p.col-x) + "|")
		}
	}
	return b.String()
}

func TestLayout(t *testing.T) {
	t.Parallel()
	lines := "1\n2\n3\n4\n5\n6\n7\n8\n9"
	tests := []struct {
		name string
		f    frame
		w, h int
		want string
	}{
		{"one line", frame{prompt: "> ", text: "abc", cursor: 1}, 20, 5, "> a|bc"},
		{"prompt with colours", frame{prompt: "\x1b[31mprod\x1b[0m> ", text: "x", cursor: 1}, 20, 5, "prod> x|"},
		{"prompt of two lines", frame{prompt: "(dir)\n> ", text: "x", cursor: 1}, 20, 5, "(dir)\n> x|"},
		{"prompt wider than the screen", frame{prompt: "prod (123456789012) > ", text: "x", cursor: 1}, 12, 5, "prod (123456\n789012) > x|"},
		{"wrapping", frame{prompt: "> ", text: "abcdefghij", cursor: 6}, 8, 5, "> abcdef\n|ghij"},
		{"cursor behind a full row", frame{prompt: "> ", text: "abcdef", cursor: 6}, 8, 5, "> abcdef\n|"},
		{"a wide character does not break", frame{prompt: "> ", text: "abcde日", cursor: 8}, 8, 5, "> abcde\n日|"},
		{"clusters", frame{prompt: "> ", text: "e\u0301👩‍👩‍👧x", cursor: len("e\u0301👩‍👩‍👧")}, 20, 5, "> e\u0301👩‍👩‍👧|x"},
		{"lines", frame{prompt: "> ", cont: ". ", text: "a\n\tb\n", cursor: 5}, 20, 5, "> a\n.     b\n. |"},
		{"taller than the screen", frame{prompt: "> ", cont: ". ", text: lines, cursor: len(lines)}, 20, 4, ". 6\n. 7\n. 8\n. 9|"},
		{"its beginning", frame{prompt: "> ", cont: ". ", text: lines, cursor: 0}, 20, 4, "> |1\n. 2\n. 3\n. 4"},
		{"control characters", frame{prompt: "> ", text: "a\x00\x1b\u202e\u200b", cursor: 0}, 30, 5, "> |a^@^[<202E><200B>"},
		{"ghost", frame{prompt: "> ", cont: ". ", text: "a", cursor: 1, ghost: "bc\nd"}, 20, 5, "> a|bc\n. d"},
		{"ghost only at the end", frame{prompt: "> ", text: "a", cursor: 0, ghost: "bc"}, 20, 5, "> |a"},
		{"hint", frame{prompt: "> ", text: "f(", cursor: 2, hint: "func f(a int, b string)\nmore"}, 20, 5, "> f(|\nfunc f(a int, b st…"},
		{"output above", frame{prompt: "> ", text: "a", cursor: 1, above: "50%"}, 20, 5, "50%\n> a|"},
		{"menu", frame{prompt: "> ", text: "e", cursor: 1, menu: menu{open: true, sel: 1, items: []Suggestion{{Text: "ec2", Doc: "EC2"}, {Text: "err", Kind: "variable"}}}}, 40, 5,
			"> e|\n  ec2  EC2       \n >err  variable  "},
		{"menu on a small screen", frame{prompt: "> ", text: "e", cursor: 1, menu: menu{open: true, sel: 4, items: suggest(0, 1, "a1", "a2", "a3", "a4", "a5", "a6")}}, 20, 4,
			"> e|\n  a3  \n  a4  \n >a5  "},
		{"a tall text makes room for the menu", frame{prompt: "> ", cont: ". ", text: lines, cursor: len(lines), menu: menu{open: true, sel: -1, items: suggest(16, 17, "xx", "yy")}}, 20, 4,
			". 8\n. 9|\n  xx  \n  yy  "},
		{"search", frame{search: &search{query: buffer{text: "ec", pos: 2}, matches: []string{"ec2.A()", "for {\n\tec2.B()\n}"}, sel: 1}}, 40, 8,
			"history: ec|\n ec2.A()            \n>for {    +2 lines  \n  for {\n      ec2.B()\n  }"},
		{"search without match", frame{search: &search{query: buffer{text: "xy"}, asked: "xy"}}, 40, 8, "history: xy|\nno match"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tt.f.layout(tt.w, tt.h, 0)
			checkPicture(t, p, tt.w, tt.h)
			if got := withCursor(p); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestStylesOfTheText(t *testing.T) {
	t.Parallel()
	f := frame{prompt: "> ", text: "f(日) + 1", cursor: len("f(日)"), ghost: "x",
		spans: []Span{{0, 1, "34"}, {len("f("), len("f(日"), "32"}, {len("f(日) + "), 99, "36"}}}
	got := map[string]Style{}
	for _, c := range f.layout(40, 5, 0).rows[0] {
		got[c.s] = c.style
	}
	want := map[string]Style{">": "", " ": "", "f": "34", "(": styleBracket, "日": "32", ")": styleBracket, "+": "", "1": "36"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	f.final = true
	if p := f.layout(40, 5, 0); p.rows[0][3].style != "" {
		t.Errorf("a bracket of the final frame is marked %q", p.rows[0][3].style)
	}
}

func TestScrollingStaysUntilItHasTo(t *testing.T) {
	t.Parallel()
	text := "1\n2\n3\n4\n5\n6\n7\n8\n9"
	f := frame{prompt: "> ", cont: ". ", text: text}
	anchor := 0
	for _, step := range []struct {
		line int
		want string // first row
	}{{0, "> 1"}, {2, "> 1"}, {3, ". 2"}, {5, ". 4"}, {4, ". 4"}, {3, ". 4"}, {2, ". 3"}, {8, ". 7"}, {0, "> 1"}} {
		f.cursor = 2 * step.line
		p := f.layout(20, 3, anchor)
		anchor = p.anchor
		if got := plain(p.rows[:1]); got != step.want {
			t.Errorf("cursor on line %d: view begins with %q, want %q", step.line+1, got, step.want)
		}
	}
}

func TestColourless(t *testing.T) {
	t.Parallel()
	for in, want := range map[Style]Style{"": "", "1;34": "1", "2;37": "2", "38;5;200;4": "4", "1;48;2;1;2;3;7": "1;7", "97;100": ""} {
		if got := colourless(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestScreenPaintsTheDifference runs edits through a screen on a vt and
// compares what it shows with a picture painted at once.
func TestScreenPaintsTheDifference(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{20, 5}, {40, 10}, {80, 24}} {
		w, h := size[0], size[1]
		m := newModel(nil, past{"for i := range 3 {\n\tf(i)\n}", "日本語 👩‍👩‍👧 e\u0301"})
		m.begin("", 0)
		term := newVT(w, h)
		s := &screen{out: term, size: func() (int, int) { return w, h }, colour: true}
		s.begin(w)
		for i, keys := range []string{"if x {", "\r", "日本", "語", left, "x", "\x7f", left, "\r", up, "\x0b", "\x19", up, up, "\x12f", "\x12", "\r", undo, "}", "\x01", "abc", strings.Repeat("long ", 12), "\r", "\x15", undo, "\x1b<", "\x1b>", "\x17", "\x17"} {
			press(m, keys)
			f := frame{prompt: "> ", cont: "... ", text: m.buf.text, cursor: m.buf.pos, menu: m.menu, search: m.search, ghost: "g"}
			s.draw(f)
			want := newVT(w, h)
			fresh := &screen{out: want, size: s.size, colour: true}
			fresh.pic.anchor = s.pic.anchor
			fresh.draw(f)
			if !strings.HasSuffix(term.String(), want.String()) {
				t.Fatalf("%dx%d, step %d %q: shows\n%s\nwant at its end\n%s", w, h, i, keys, term, want)
			}
			if term.x != want.x || term.y-want.y != len(term.lines())-len(want.lines()) && len(want.lines()) > 0 && want.lines()[len(want.lines())-1] != "" {
				t.Fatalf("%dx%d, step %d %q: cursor %d,%d, want column %d", w, h, i, keys, term.x, term.y, want.x)
			}
		}
		if term.bad != "" {
			t.Errorf("terminal got %q", term.bad)
		}
	}
}
