package repl

import (
	"errors"
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pawsh/repl/diag"
	"pawsh/repl/eval"
	"pawsh/repl/input"
)

// FuzzPrepare takes texts as far as a cell goes before it runs: checked, lowered
// and declared. What is refused is refused with an error that a person can read;
// nothing crashes.
func FuzzPrepare(f *testing.F) {
	var words []string
	seed := func(src string) {
		f.Add(src, uint64(0))
		f.Add(src, uint64(1))
		words = append(words, tokens(src)...)
	}
	for _, c := range readCases(f) {
		for _, s := range c.Steps {
			seed(s.Code)
		}
	}
	programs, err := filepath.Glob("testdata/programs/*.go")
	if err != nil || len(programs) == 0 {
		f.Fatalf("no programs: %v", err)
	}
	for _, p := range programs {
		src, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		seed(string(src))
	}
	k, _ := testKernel(f)
	n := 0
	f.Fuzz(func(t *testing.T, src string, shuffle uint64) {
		src = shuffled(src, words, shuffle)
		if n++; n%500 == 0 { // what the interpreter has declared stays there
			k, _ = testKernel(t)
		}
		if len(src) > 1<<14 || input.Valid(src) != nil {
			return
		}
		cell, err := k.scope.Check(input.Transform(src), k.n+1)
		if err != nil {
			readable(t, src, err)
			return
		}
		if _, err := k.prepare(cell); err != nil {
			readable(t, src, err)
		}
	})
}

// tokens cuts a text into the pieces that its words and signs are.
func tokens(src string) []string {
	var sc scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	sc.Init(file, []byte(src), func(token.Position, string) {}, scanner.ScanComments)
	var out []string
	last := 0
	for {
		pos, tok, _ := sc.Scan()
		at := file.Offset(pos)
		if at > last {
			out = append(out, src[last:at])
			last = at
		}
		if tok == token.EOF {
			return append(out, src[last:])
		}
	}
}

// shuffled puts words of other texts into a text: most of what single bytes
// change is not even well-formed.
func shuffled(src string, words []string, seed uint64) string {
	if seed == 0 {
		return src
	}
	own := tokens(src)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 1 + r.IntN(3) {
		i := r.IntN(len(own))
		if from := own; r.IntN(2) == 0 {
			own[i] = from[r.IntN(len(from))]
		} else {
			own[i] = words[r.IntN(len(words))]
		}
	}
	return strings.Join(own, "")
}

func readable(t *testing.T, src string, err error) {
	t.Helper()
	var d *diag.Error
	if !errors.As(err, &d) || d.Message == "" {
		t.Errorf("%q: %v", src, err)
	}
	if d != nil && d.Kind == diag.Internal {
		t.Errorf("%q: internal: %v", src, err)
	}
}

// FuzzRun runs expressions over numbers and texts: what is accepted gives a
// value or the panic of Go.
func FuzzRun(f *testing.F) {
	for _, s := range []string{"1+2*n", "s[n]", "s[1:n]", "n/(n-3)", "xs[n%5]", "len(s)<<n", "m[s]", "string(s[0])+s", "n&^3|5", "-n", "!(n>2)", "xs[n:]", "f(n)(2)", "*p+n", "[]int{n: 2}[n]"} {
		f.Add(s)
	}
	k, _ := testKernel(f)
	if r := k.Eval(f.Context(), `n, s, xs, m, p := 3, "text", []int{1, 2, 3}, map[string]int{"text": 4}, new(int)
f := func(a int) func(int) int { return func(b int) int { return a*b } }`); r.Err != nil {
		f.Fatal(r.Err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, c := range src {
			if c > '~' || c < ' ' || c >= 'a' && c <= 'z' && c != 'n' && c != 's' && c != 'x' && c != 'm' && c != 'p' && c != 'f' || c >= 'A' && c <= 'Z' {
				return // no names but those: a cell of a fuzzer could do anything
			}
		}
		r := k.Eval(t.Context(), "_ = ("+src+")")
		var p *eval.Panic
		if r.Err != nil && !errors.As(r.Err, &p) {
			readable(t, src, r.Err)
		}
	})
}
