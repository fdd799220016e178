package eval

import (
	"go/token"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// TestTrim fails when the interpreter keeps its texts somewhere else.
func TestTrim(t *testing.T) {
	t.Parallel()
	in := interp.New(interp.Options{})
	tr := newTrimmer(in)
	if tr == nil {
		t.Fatal("the interpreter has other fields")
	}
	for _, src := range []string{"var n int", "func add(i int) func() int { return func() int { n += i; return n } }", "func once() {}", "func keep() int { return add(2)() }"} {
		p, err := in.Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		tr.grow()
		if _, err := in.Execute(p); err != nil {
			t.Fatal(err)
		}
	}
	if tr.roots.Len() == 0 {
		t.Error("there are no trees where they should be")
	}
	tr.trim("once")
	if n := tr.roots.Len(); n != 0 {
		t.Errorf("%d trees are left", n)
	}
	if v, err := in.Eval("keep()"); err != nil || v.Int() != 2 {
		t.Errorf("keep() = %v, %v", v, err)
	}
	if _, err := in.Eval("once()"); err == nil || !strings.Contains(err.Error(), "undefined: once") {
		t.Errorf("once() gives %v", err)
	}
	base := in.FileSet().Base()
	if _, err := in.Eval("keep()"); err != nil {
		t.Fatal(err)
	}
	end := in.FileSet().Base()
	forget(in.FileSet(), base, end)
	if f := in.FileSet().File(token.Pos(base)); f != nil {
		t.Errorf("the text at %d is left", base)
	}
}
