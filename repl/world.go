package repl

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"pawsh/bindings/symbols"
	"pawsh/repl/check"
)

// world gives the scope and the lowering what the symbols know of packages.
type world struct {
	imp     *symbols.Importer
	library *check.Library
	members map[string]map[string]reflect.Value

	bindings []*types.Package // for completion
	paths    []string
}

func newWorld() *world {
	w := &world{imp: symbols.NewImporter(), members: map[string]map[string]reflect.Value{}}
	w.library = check.NewLibrary(w.imp.Fset, w.imp, symbols.GenericSource)
	return w
}

// Import gives a package's types.
func (w *world) Import(path string) (*types.Package, error) { return w.imp.Import(path) }

// FileSet is the one of imported packages and cells.
func (w *world) FileSet() *token.FileSet { return w.imp.Fset }

// exports gives the compiled members of a package, which are built once.
func (w *world) exports(path string) (map[string]reflect.Value, bool) {
	m, ok := w.members[path]
	if !ok {
		if m, ok = symbols.Exports(path); ok {
			w.members[path] = m
		}
	}
	return m, ok
}

// imports lists the packages that the types of a package refer to.
func (w *world) imports(path string) []string {
	p, err := w.imp.Import(path)
	if err != nil {
		return nil
	}
	var out []string
	for _, im := range p.Imports() {
		out = append(out, im.Path())
	}
	return out
}

// ByName gives the packages of a name, the likeliest first.
func (w *world) ByName(name string) []string { return symbols.ByName(name) }

// bindingPaths are the packages whose functions cells use without their names.
var bindingPaths = []string{
	"pawsh/bindings/session", "pawsh/bindings/ec2", "pawsh/bindings/s3", "pawsh/bindings/cloudwatch",
	"pawsh/bindings/sns", "pawsh/bindings/sqs", "pawsh/bindings/iam", "pawsh/bindings/sts",
}

// Unqualified finds an option or another function of the bindings whose name
// stands in one of their packages only.
func (w *world) Unqualified(name string) types.Object {
	// A function wins over a type of its name: Owner is an option of EC2 and a
	// type of S3.
	found, ambiguous, isFunc := "", false, false
	for _, p := range bindingPaths {
		m, ok := w.exports(p)
		if !ok {
			continue
		}
		v, ok := m[name]
		if f := ok && v.Kind() == reflect.Func; ok && (f || !isFunc) {
			ambiguous = found != "" && f == isFunc
			found, isFunc = p, f
		}
	}
	if ambiguous {
		return nil
	}
	if found == "" {
		// Options of package boto itself, which also has other names of theirs.
		const boto = "pawsh/bindings/boto"
		if m, ok := w.exports(boto); !ok || !m[name].IsValid() {
			return nil
		}
		found = boto
	}
	p, err := w.imp.Import(found)
	if err != nil {
		return nil
	}
	return p.Scope().Lookup(name)
}

// Similar gives names for suggestions.
func (w *world) Similar() []string {
	var out []string
	for _, p := range symbols.Paths() {
		if !strings.HasPrefix(p, "github.com/") {
			out = append(out, symbols.PackageName(p))
		}
	}
	for _, p := range bindingPaths {
		m, _ := w.exports(p)
		for n := range m {
			if ast.IsExported(n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// Has tells whether compiled code offers the member of a package.
func (w *world) Has(path, name string) bool {
	if path == "unsafe" {
		return true
	}
	if isWithheld(path, name) {
		return false
	}
	m, ok := w.exports(path)
	if !ok {
		return false
	}
	_, ok = m[name]
	return ok
}

// Generic gives the declaration of a generic library function.
func (w *world) Generic(o types.Object) (*ast.FuncDecl, *types.Info, bool) {
	return w.library.Func(o.Pkg().Path(), o.Name())
}
