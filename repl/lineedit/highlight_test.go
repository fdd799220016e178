package lineedit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGoHighlight(t *testing.T) {
	t.Parallel()
	const text = "for i := range 3 { f(\"日本\", `raw\n`, 'x') } // end"
	var got []string
	for _, s := range GoHighlight(text) {
		got = append(got, string(s.Style)+" "+text[s.Start:s.End])
	}
	want := []string{"35 for", "35 range", "36 3", "32 \"日本\"", "32 `raw\n`", "32 'x'", "2 // end"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzGoTokens checks that the pieces of a text are the text.
func FuzzGoTokens(f *testing.F) {
	for _, s := range []string{"a.b(`", "/* x", "\"\\", "'\\'", "1.5.x", "// c\n\xff", "日\u0301本{"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b strings.Builder
		for p := range goTokens(s) {
			if p.to <= p.from {
				t.Fatalf("%+v", p)
			}
			b.WriteString(s[p.from:p.to])
		}
		if b.String() != s {
			t.Fatalf("pieces are %q", b.String())
		}
		for pos := range len(s) + 1 {
			if r := wordRight(s, pos); r < pos || r == pos && pos < len(s) {
				t.Fatalf("wordRight(%d) = %d", pos, r)
			}
			if l := wordLeft(s, pos); l > pos || l == pos && pos > 0 {
				t.Fatalf("wordLeft(%d) = %d", pos, l)
			}
			if len(s) < 100 {
				goIndent(s[:pos])
				outdent(s, pos)
				matchBracket(s, pos)
			}
		}
	})
}
