package recipes

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/recipes anew")

// TestAll wants every recipe of the program to be whole: both languages, code
// in every form, sensible front matter. Parse reports what is not.
func TestAll(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	places := map[[2]int]string{}
	for _, r := range all {
		at := [2]int{r.Chapter, r.Number}
		if other, ok := places[at]; ok {
			t.Errorf("%s and %s both are number %d of chapter %d", r.ID, other, r.Number, r.Chapter)
		}
		places[at] = r.ID
		if r.Level > 3 {
			t.Errorf("%s: level %d, the highest is 3", r.ID, r.Level)
		}
		if r.Function != "" && Source(r.Function) == "" {
			t.Errorf("%s: package cookbook has no function %s", r.ID, r.Function)
		}
		if r.Function != "" && !strings.Contains(FormatTranscript(r.Call), "cookbook."+r.Function+"(") {
			t.Errorf("%s: its function form does not call %s", r.ID, r.Function)
		}
		if len(r.Exercises) == 0 {
			t.Errorf("%s: there is no exercise", r.ID)
		}
		for _, op := range r.Operations {
			if service, name, ok := strings.Cut(op, ":"); !ok || name == "" || !slices.Contains(r.Services, service) {
				t.Errorf("%s: operation %q is of none of its services %v", r.ID, op, r.Services)
			}
		}
	}
}

// TestJapanese wants the Japanese texts to be Japanese, and the English ones
// not to be.
func TestJapanese(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		texts := []Text{r.Title, r.Problem, r.Discussion}
		for _, s := range r.Steps {
			texts = append(texts, s.Prose)
		}
		for _, e := range r.Exercises {
			texts = append(texts, e.Task)
			texts = append(texts, e.Hints[:len(e.Hints)-1]...) // the last may be code
		}
		for _, x := range texts {
			if strings.IndexFunc(x.In(Japanese), isKana) < 0 {
				t.Errorf("%s: no Japanese: %q", r.ID, x.In(Japanese))
			}
			if strings.IndexFunc(x.In(English), isKana) >= 0 {
				t.Errorf("%s: no English: %q", r.ID, x.In(English))
			}
		}
	}
}

func isKana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }

// TestPages wants docs/recipes to say what the recipes say.
func TestPages(t *testing.T) {
	t.Parallel()
	const dir = "../docs/recipes"
	pages, err := Pages()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range pages {
		file := filepath.Join(dir, name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v; go test ./recipes -run TestPages -update writes it", err)
			continue
		}
		if diff := cmp.Diff(string(have), text); diff != "" {
			t.Errorf("%s is not what the recipe says; go test ./recipes -run TestPages -update writes it (-page +recipe):\n%s", file, diff)
		}
	}
	for _, l := range Langs() {
		entries, err := os.ReadDir(filepath.Join(dir, string(l)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if _, ok := pages[string(l)+"/"+e.Name()]; !ok {
				t.Errorf("%s/%s is the page of no recipe", l, e.Name())
			}
		}
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	_, err := Parse("bad", []byte(strings.Join([]string{
		"chapter: x", "number: 1", "level: 1", "colour: red", "title.en: T", "title.ja: T", "services: ec2", "minutes: 1", "machine: 3",
		"-- problem.en --", "words",
		"-- 1.en --", "words", "-- 1.ja --", "言葉", "-- 1 --", "true",
		"-- exercise1.en --", "do", "-- exercise1.ja --", "する", "-- exercise1.hints.en --", "one", "", "two", "-- exercise1.hints.ja --", "一",
		"-- exercise1.check --", "true", "-- exercise1.solution --", "> 1",
		"-- sdkk --", "> 1",
	}, "\n")))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`front matter: chapter: "x" is no number`, "front matter: colour is no key", "front matter: machine: there is no step 3",
		"problem.ja: is missing", `1: line 1 is the answer to no cell: "true"`, "exercise1.hints: hint 2 is not there in every language",
		"sdkk: belongs to no part", "sdk: is missing", "discussion.en: is missing", "boto: is missing", "check: is missing",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestTranscriptRoundTrip(t *testing.T) {
	t.Parallel()
	cells := []Cell{
		{Source: "a := 1"},
		{Source: "for range 2 {\n\n\tprintln()\n}", Output: "\n> odd\n. odder\n\\oddest\n"},
		{Source: "f()", Output: "error: no\n", Fails: true},
	}
	got, err := ParseTranscript(FormatTranscript(cells))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(cells, got); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

func FuzzParseTranscript(f *testing.F) {
	f.Add("> a\n. b\nout\n! c\n\\> d\n")
	f.Add(">\n.\n!\n\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		cells, err := ParseTranscript(s)
		if err != nil {
			return
		}
		again, err := ParseTranscript(FormatTranscript(cells))
		if err != nil {
			t.Fatalf("%q reads as %+v, which does not read back: %v", s, cells, err)
		}
		if diff := cmp.Diff(FormatTranscript(cells), FormatTranscript(again)); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
	})
}

func TestMatch(t *testing.T) {
	t.Parallel()
	type pair struct{ want, got string }
	tests := []struct {
		name  string
		pairs []pair
		ok    bool
	}{
		{"same", []pair{{"[a]\n", "[a]\n"}}, true},
		{"other", []pair{{"[a]\n", "[b]\n"}}, false},
		{"dots are no wildcard in patterns", []pair{{"a.b", "axb"}}, false},
		{"other id", []pair{{"Instance:i-0123456789abcdef0", "Instance:i-0fedcba9876543210"}}, true},
		{"id of another kind", []pair{{"i-0123456789abcdef0", "vol-0fedcba9876543210"}}, false},
		{"the same id again", []pair{{"i-00000001", "i-0000000a"}, {"i-00000001 i-00000002", "i-0000000a i-0000000b"}}, true},
		{"two ids for one", []pair{{"i-00000001", "i-0000000a"}, {"i-00000001", "i-0000000b"}}, false},
		{"one id for two", []pair{{"i-00000001 i-00000002", "i-0000000a i-0000000a"}}, false},
		{"times differ freely", []pair{{"2026-01-02 03:04:05 +0000 UTC, 2026-01-02T03:04:05Z", "2027-01-02 03:04:05.678 +0000 UTC, 1999-01-02T03:04:05Z"}}, true},
		{"ellipsis", []pair{{"begin ...\nend", "begin of\nmuch\nend"}}, true},
		{"ellipsis is not everything", []pair{{"begin ... end", "begin of much"}}, false},
		{"address", []pair{{"http://127.0.0.1:80/", "http://127.0.0.1:4566/"}}, true},
		{"last line breaks", []pair{{"a\n\n", "a"}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var m Matcher
			var err error
			for _, p := range tt.pairs {
				err = errors.Join(err, m.Match(p.want, p.got))
			}
			if (err == nil) != tt.ok {
				t.Errorf("error %v, want ok %v", err, tt.ok)
			}
		})
	}
}

// script answers cells from a table.
type script map[string]string

func (s script) Run(_ context.Context, cell string) (string, error) {
	out, ok := s[cell]
	if !ok {
		return "error: no such cell\n", errors.New("no such cell")
	}
	return out, nil
}

func TestTry(t *testing.T) {
	t.Parallel()
	r := &Recipe{
		ID:      "r",
		Setup:   []Cell{{Source: "setup"}},
		Steps:   []Step{{Cells: []Cell{{Source: "one", Output: "1\n"}}}, {Cells: []Cell{{Source: "boot", Output: "up\n"}}, Machine: true}},
		Checks:  []string{"done"},
		Cleanup: []Cell{{Source: "clean"}},
	}
	good := script{"setup": "", "one": "1\n", "boot": "up\n", "done": "true\n", "clean": ""}
	with := func(cell, out string) script {
		s := script{}
		for k, v := range good {
			s[k] = v
		}
		if s[cell] = out; out == "-" {
			delete(s, cell)
		}
		return s
	}
	tests := []struct {
		name  string
		s     script
		trial Trial
		want  string // of the error; "" for none
	}{
		{"good", good, Trial{Machine: true}, ""},
		{"other answer", with("one", "2\n"), Trial{Machine: true}, "one"},
		{"other answer of another maker", with("one", "2\n"), Trial{Machine: true, Loose: true}, ""},
		{"no machine", with("boot", "-"), Trial{}, ""},
		{"machine that fails", with("boot", "-"), Trial{Machine: true}, "no such cell"},
		{"not done", with("done", "false\n"), Trial{Machine: true}, "check: done\n  is not true"},
		{"clean-up that fails", with("clean", "-"), Trial{Machine: true}, "cleanup: clean"},
		{"setup that fails", with("setup", "-"), Trial{Machine: true}, "setup: setup"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cleaned := false
			tt.trial.Form = FormSteps
			tt.trial.Observe = func(part string, _ Cell, _ string) { cleaned = cleaned || part == "cleanup" }
			err := r.Try(t.Context(), tt.s, tt.trial)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if !cleaned {
				t.Error("nothing was cleaned up")
			}
		})
	}
}

func TestLangOf(t *testing.T) {
	t.Parallel()
	for env, want := range map[string]Lang{"": English, "C.UTF-8": English, "en_US.UTF-8": English, "ja_JP.UTF-8": Japanese, "ja": Japanese, "jam": English} {
		got := LangOf(func(name string) string {
			if name == "LANG" {
				return env
			}
			return ""
		})
		if got != want {
			t.Errorf("LANG=%s: %s, want %s", env, got, want)
		}
	}
	both := map[string]string{"LC_ALL": "en_US.UTF-8", "LANG": "ja_JP.UTF-8"}
	if got := LangOf(func(n string) string { return both[n] }); got != English {
		t.Errorf("LC_ALL does not win over LANG: %s", got)
	}
}
