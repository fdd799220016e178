package recipes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"
)

func lesson() *Recipe {
	hint := func(s string) Text { return Text{English: s, Japanese: s + "。"} }
	return &Recipe{
		ID:    "r",
		Setup: []Cell{{Source: "s"}},
		Steps: []Step{
			{Prose: hint("first"), Cells: []Cell{{Source: "a := f(1)"}, {Source: "a"}}},
			{Prose: hint("second"), Cells: []Cell{{Source: ":env A=b"}}},
		},
		Exercises:  []Exercise{{Task: hint("try"), Hints: []Text{hint("nudge"), hint("answer")}, Check: "ok", Solution: []Cell{{Source: "x"}}}},
		Discussion: hint("so it was"),
	}
}

func TestPlayerGoesThrough(t *testing.T) {
	t.Parallel()
	p := NewPlayer(lesson(), 0)
	var got []string
	for p.Stage() != StageDone {
		c, _ := p.Cell()
		got = append(got, p.Heading(English)+"|"+p.Prose(English)+"|"+c.Source)
		p.Advance()
	}
	want := []string{"Step 1|first|a := f(1)", "Step 1|first|a", "Step 2|second|:env A=b", "Exercise 1|try|"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if p.Prose(Japanese) != "so it was。" || p.At() != p.Len() {
		t.Errorf("at the end: %q, at %d of %d", p.Prose(Japanese), p.At(), p.Len())
	}
}

func TestPlayerFits(t *testing.T) {
	t.Parallel()
	p := NewPlayer(lesson(), 0)
	for text, want := range map[string]bool{
		"a := f(1)": true, "a  := f(2, 3)\n": true, "b := f(1)": false, "a": false, "fmt.Println(1)": false, "": false,
	} {
		if got := p.Fits(text); got != want {
			t.Errorf("%q fits: %v, want %v", text, got, want)
		}
	}
	p = NewPlayer(lesson(), 2)
	if p.Fits("x") {
		t.Error("a text fits an exercise, where there is no cell")
	}
}

func TestPlayerHintsAndBack(t *testing.T) {
	t.Parallel()
	p := NewPlayer(lesson(), 2)
	var hints []string
	for range 3 {
		hints = append(hints, p.Hint(English))
	}
	if diff := cmp.Diff([]string{"nudge", "answer", "answer"}, hints); diff != "" {
		t.Error(diff)
	}
	var at []int
	for range 4 {
		p.Back()
		at = append(at, p.At())
	}
	if diff := cmp.Diff([]int{1, 0, 0, 0}, at); diff != "" {
		t.Errorf("going back: %s", diff)
	}
}

// TestPlayerBefore wants a lesson that is taken up again to have run all that
// comes before.
func TestPlayerBefore(t *testing.T) {
	t.Parallel()
	for at, want := range []string{"s", "s a := f(1) a", "s a := f(1) a :env A=b", "s a := f(1) a :env A=b x"} {
		var got []string
		for _, c := range NewPlayer(lesson(), at).Before() {
			got = append(got, c.Source)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("before %d: %v, want %s", at, got, want)
		}
	}
	if p := NewPlayer(lesson(), 99); p.Stage() != StageDone {
		t.Error("a place behind the end is not the end")
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a", "lessons.json")
	p, err := LoadProgress(path)
	if err != nil || len(p) != 0 {
		t.Fatalf("no file: %v, %v", p, err)
	}
	p["r"] = Place{At: 2, Done: true}
	if err := p.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := LoadProgress(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, again); diff != "" {
		t.Error(diff)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadProgress(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a broken file: %v", err)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{
		{"one two three", 7, "one two\nthree"},
		{"one\n\ntwo", 7, "one\n\ntwo"},
		{"unbreakable", 4, "unbreakable"},
		{"日本語の文章です。次の文。", 10, "日本語の文\n章です。次\nの文。"},
		{"no width", 0, "no width"},
	} {
		if got := Fold(tt.in, tt.width); got != tt.want {
			t.Errorf("Fold(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		for _, l := range Langs() {
			for line := range strings.Lines(Fold(r.Discussion.In(l), 72)) {
				if w := uniseg.StringWidth(strings.TrimRight(line, "\n")); w > 100 { // names may be long
					t.Errorf("%s: a line of %d columns: %s", r.ID, w, line)
				}
			}
		}
	}
}
