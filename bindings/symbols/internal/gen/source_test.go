package main

import (
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checked type-checks one file as package path. The imports are stubs.
func checked(t *testing.T, path, src string) (*types.Package, *ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{IgnoreFuncBodies: true, Importer: importerFunc(func(path string) (*types.Package, error) {
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		return importer.ForCompiler(fset, "source", nil).Import(path)
	})}
	p, err := conf.Check(path, fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, f
}

func TestTypeWriter(t *testing.T) {
	t.Parallel()
	p, _ := checked(t, "example.org/x/internal/deep", `package deep
import "unsafe"
type Hidden struct{}
type Seen interface{ M() }
type G[T any] struct{}
var (
	Basic      map[string][]*int
	Array      [3]chan<- <-chan bool
	Func       func(a int, rest ...error) (string, error)
	Pointer    unsafe.Pointer
	Any        any
	Empty      struct{}
	Unexported hidden
	Internal   Hidden
	Struct     struct{ A int }
)
type hidden int
`)
	alias, _ := checked(t, "example.org/x", "package x\n")
	hidden := p.Scope().Lookup("Hidden").(*types.TypeName)
	tests := []struct {
		name  string
		want  string
		known bool // with an alias for Hidden
	}{
		{name: "Basic", want: "map[string][]*int"},
		{name: "Array", want: "[3]chan<- <-chan bool"},
		{name: "Func", want: "func(a0 int, a1 ...error) (string, error)"},
		{name: "Pointer", want: "unsafe.Pointer"},
		{name: "Any", want: "any"},
		{name: "Empty", want: "struct{}"},
		{name: "Unexported"},
		{name: "Internal"},
		{name: "Internal", want: "x.Options", known: true},
		{name: "Struct"},
	}
	for _, tt := range tests {
		w := &typeWriter{imports: newFileImports()}
		if tt.known {
			w.aliases = map[*types.TypeName]*types.TypeName{hidden: types.NewTypeName(token.NoPos, alias, "Options", hidden.Type())}
		}
		got, err := w.write(p.Scope().Lookup(tt.name).Type())
		if (err != nil) != (tt.want == "") || err == nil && got != tt.want {
			t.Errorf("%s: got %q, error %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestFileImportsAreUnique(t *testing.T) {
	t.Parallel()
	im := newFileImports("taken")
	for _, tt := range []struct{ path, name, want string }{
		{"a/http", "http", "http"},
		{"b/http", "http", "http2"},
		{"a/http", "http", "http"},
		{"c/taken", "taken", "taken2"},
	} {
		if got := im.add(tt.path, tt.name); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.path, got, tt.want)
		}
	}
	want := "import (\n\t\"a/http\"\n\thttp2 \"b/http\"\n\ttaken2 \"c/taken\"\n)\n"
	if diff := cmp.Diff(want, im.decl()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	p, _ := checked(t, "example.org/x", `package x
const (
	Big   = 1 << 100
	Half  = 0.5
	Whole = 3.0
	Text  = "a\x00b"
	Yes   = true
	Typed int8 = 7
	Other = 1
)
var V int
func F() {}
func G[T any]() {}
type T struct{}
type S[T any] struct{}
type Number interface{ ~int }
type I interface{ M(n int, s ...string) (T, error); String() string; hidden() }
func Linux() {}
`)
	w := &tableWriter{pkg: p, imports: newFileImports(), portable: func(n string) bool { return n != "Linux" },
		constant: func(n string) bool { return n != "Other" }}
	w.types = &typeWriter{imports: w.imports}
	src, err := w.file("group")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(src)), " ")
	for _, want := range []string{
		`{Name: "Big", Text: "1267650600228229401496703205376"}`,
		`Floats: []table.Literal{ {Name: "Half", Text: "0.5"}, {Name: "Whole", Text: "3.0"}, }`,
		`Strings: []table.Literal{ {Name: "Text", Text: "a\x00b"}, }`,
		`{Name: "Yes", Value: x.Yes}`,
		`{Name: "Typed", Value: x.Typed}`,
		`{Name: "Other", Value: x.Other}`,
		`Vars: []table.Symbol{ {Name: "V", Value: &x.V}, }`,
		`{Name: "F", Value: x.F}`,
		`{Name: "T", Value: (*x.T)(nil)}`,
		`Wrappers: []table.Symbol{ {Name: "I", Value: (*wrap_example_org_x_I)(nil)}, }`,
		`Missing: []table.Lack{ {Name: "G", Reason: table.Generic}, {Name: "Linux", Reason: table.Platform}, {Name: "Number", Reason: table.Type}, {Name: "S", Reason: table.Generic}, }`,
		`func (w wrap_example_org_x_I) M(a0 int, a1 ...string) (x.T, error) { return w.WM(a0, a1...) }`,
		`if w.WString == nil { return "" } return w.WString() }`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, src)
		}
	}
	if strings.Contains(got, "hidden") {
		t.Errorf("a method that others cannot write is in\n%s", src)
	}
}

func TestFloatText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"0.5": "0.5", "3": "3.0", "1e200": "1e+200", "-0.25": "-0.25"} {
		v := constant.MakeFromLiteral(strings.TrimPrefix(in, "-"), token.FLOAT, 0)
		if in[0] == '-' {
			v = constant.UnaryOp(token.SUB, v, 0)
		}
		if got := floatText(v); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestDocs(t *testing.T) {
	t.Parallel()
	_, f := checked(t, "x", `// Package x is it.
package x

// F does.
func F() {}

// M does.
func (t *T[A]) M() {}

func (t *T[A]) Silent() {}

// hidden is not told.
func hidden() {}

// T is one.
type T[A any] struct {
	// A is a field.
	A, B int
	C int // C too.
	d int // not told
}

// I is an interface.
type I interface {
	// Do does.
	Do()
}

// Modes.
const (
	// One is first.
	One = 1
	Two = 2 // Two is second.
	Three = 3
)

// Enum values for T
const E = 1
`)
	want := []doc{{"", "Package x is it."}, {"F", "F does."}, {"I", "I is an interface."}, {"I.Do", "Do does."},
		{"One", "One is first."}, {"T", "T is one."}, {"T.A", "A is a field."}, {"T.B", "A is a field."}, {"T.C", "C too."},
		{"T.M", "M does."}, {"Three", "Modes."}, {"Two", "Two is second."}}
	if diff := cmp.Diff(want, docs([]*ast.File{f}), cmp.AllowUnexported(doc{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlainSource(t *testing.T) {
	t.Parallel()
	g := genericSource{path: "p", drop: []string{"native"}, own: []string{"Once"}}
	got, err := g.plain("p.go", []byte(`// Package p.
package p

import (
	"math"
	"unsafe"
	_ "embed"
)

// F is documented.
func F(o Once) float64 { return math.Pi /* here */ }

func native() unsafe.Pointer
`))
	if err != nil {
		t.Fatal(err)
	}
	want := `package p

import (
	"math"
	compiled "p"
)

func F(o compiled.Once) float64	{ return math.Pi }
`
	norm := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if norm(string(got)) != norm(want) {
		t.Errorf("got\n%s", got)
	}
}
