package repl

import (
	"strings"
	"testing"
)

func TestTypeOfAnEarlierType(t *testing.T) {
	t.Parallel()
	s := newTestSession(t)
	s.value("type Y int")
	s.value("type X Y")
	s.value("type Z = Y")
	if got := s.value(`fmt.Sprintf("%T %T %v", X(3), Z(4), Z(4)+Y(X(1)))`); got != `"main.X main.Y 5"` {
		t.Errorf("got %s", got)
	}
}

func TestOverflow(t *testing.T) {
	t.Parallel()
	skipBeside(t)
	s := newTestSession(t)
	s.value("var committed, rolledBack bool")
	s.value(`func deferring(n int) (r int) { defer func() { r++ }(); return deferring(n+1) }`)
	s.value(`func plain(n int) int {
	return plain(n+1) + 1
}`)
	d := s.fails(`func() {
	defer func() { if recover() != nil { rolledBack = true } else { committed = true } }()
	plain(0)
}()`)
	if !strings.Contains(d.Message, "stack overflow") || d.Line != 2 {
		t.Errorf("got %s at line %d, want a stack overflow at line 2", d.Message, d.Line)
	}
	if got := s.value("rolledBack && !committed"); got != "true" {
		t.Error("the deferred call did not see the overflow")
	}
	s.fails("deferring(0)")
	s.value("done := make(chan bool)")
	s.value("go func() { defer close(done); plain(0) }()")
	s.value("<-done")
	if got := s.value("1 + 1"); got != "2" {
		t.Errorf("1 + 1 = %s", got)
	}
}

// TestReflectionRefused asks reflection for what it would answer wrongly.
func TestReflectionRefused(t *testing.T) {
	t.Parallel()
	const decl = "package main\nimport \"reflect\"\ntype T struct{ a int }\nfunc (T) M() {}\n"
	for name, body := range map[string]string{
		"call":              "func main() { reflect.TypeOf(T{}).Method(0) }",
		"method expression": "var h = reflect.Type.Method\nfunc main() { h(reflect.TypeOf(T{}), 0) }",
		"method value":      "func main() { f := reflect.TypeOf(T{}).NumMethod; f() }",
		"interface":         "type M interface { Method(int) reflect.Method }\nfunc main() { var m M = reflect.TypeOf(T{}); m.Method(0) }",
	} {
		s := newTestSession(t)
		if d := s.fails(decl + body); !strings.Contains(d.Message, "reflection") || d.Line == 0 {
			t.Errorf("%s: %s at line %d", name, d.Message, d.Line)
		}
	}
}
