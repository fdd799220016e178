package symbols_test

import (
	"go/token"
	"go/types"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/traefik/yaegi/interp"

	"pawsh/bindings/symbols"
)

// newInterpreter gives a constructor of interpreters with the symbols of all
// packages.
func newInterpreter(t *testing.T) func(interp.Options) *interp.Interpreter {
	return func(o interp.Options) *interp.Interpreter {
		t.Helper()
		exports := interp.Exports{}
		for _, path := range symbols.Paths() {
			m, ok := symbols.Exports(path)
			if !ok {
				t.Fatalf("no symbols of %s", path)
			}
			exports[path+"/"+symbols.PackageName(path)] = m
		}
		in := interp.New(o)
		if err := in.Use(exports); err != nil {
			t.Fatal(err)
		}
		return in
	}
}

// Symbols and types must agree: what the checker accepts, the interpreter has.
func TestSymbolsMatchTypes(t *testing.T) {
	t.Parallel()
	im := symbols.NewImporter()
	for _, path := range symbols.Paths() {
		p, err := im.Import(path)
		if err != nil {
			t.Errorf("types: %v", err)
			continue
		}
		if p.Name() != symbols.PackageName(path) {
			t.Errorf("%s: PackageName %s, types %s", path, symbols.PackageName(path), p.Name())
		}
		have, ok := symbols.Exports(path)
		if !ok {
			t.Errorf("%s: no symbols", path)
		}
		for _, name := range p.Scope().Names() {
			if !token.IsExported(name) {
				continue
			}
			missing := symbols.Missing(path, name)
			if _, ok := have[name]; symbols.Has(path, name) != ok {
				t.Errorf("Has(%q, %q) = %v", path, name, !ok)
			}
			if v, ok := have[name]; ok == (missing != "") {
				t.Errorf("%s.%s: symbol %v, missing %q", path, name, v, missing)
			} else if ok && !v.IsValid() {
				t.Errorf("%s.%s: symbol is invalid", path, name)
			}
			if wantMissing(path, p.Scope().Lookup(name)) != missing {
				t.Errorf("%s.%s: missing %q, want %q", path, name, missing, wantMissing(path, p.Scope().Lookup(name)))
			}
			delete(have, name)
		}
		for name := range have {
			if name[0] != '_' || symbols.Has(path, name) {
				t.Errorf("%s.%s: symbol of a name that has no type", path, name)
			}
		}
	}
}

// wantMissing is what Missing should say of obj.
func wantMissing(path string, obj types.Object) string {
	if path == "syscall" {
		return symbols.Missing(path, obj.Name()) // differs between systems
	}
	switch obj := obj.(type) {
	case *types.Func:
		if obj.Signature().TypeParams().Len() > 0 {
			return "is generic"
		}
	case *types.TypeName:
		if n, ok := obj.Type().(*types.Named); ok && n.TypeParams().Len() > 0 {
			return "is generic"
		}
		if i, ok := obj.Type().Underlying().(*types.Interface); ok && !i.IsMethodSet() {
			return "is a type constraint"
		}
	}
	return ""
}

func TestEveryPathImportsInInterpreter(t *testing.T) {
	t.Parallel()
	in := newInterpreter(t)(interp.Options{})
	for _, path := range symbols.Paths() {
		if m, _ := symbols.Exports(path); len(m) == 0 {
			continue // generic names only, or none
		}
		if _, err := in.Eval(`import _ "` + path + `"`); err != nil {
			t.Errorf("import %s: %v", path, err)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	paths := symbols.Paths()
	if !slices.IsSorted(paths) || len(slices.Compact(slices.Clone(paths))) != len(paths) {
		t.Error("paths are not sorted, or one is there twice")
	}
	for _, want := range []string{"fmt", "os/exec", "net/http", "encoding/json", "testing", "log/slog", "math/rand/v2",
		"slices", "iter", "github.com/aws/aws-sdk-go-v2/aws", "github.com/aws/aws-sdk-go-v2/config", "github.com/aws/smithy-go"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, unwanted := range []string{"unsafe", "plugin", "runtime/cgo", "internal/abi", "net/http/pprof"} {
		if slices.Contains(paths, unwanted) {
			t.Errorf("%s can be imported", unwanted)
		}
		if _, ok := symbols.Exports(unwanted); ok {
			t.Errorf("%s has symbols", unwanted)
		}
	}
}

func TestByName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"json", []string{"encoding/json"}},
		{"rand", []string{"math/rand", "crypto/rand", "math/rand/v2", "github.com/aws/smithy-go/rand"}},
		{"template", []string{"text/template", "html/template"}},
		{"types", []string{"go/types"}},
		{"smithy", []string{"github.com/aws/smithy-go"}},
		{"nosuch", nil},
	} {
		if diff := cmp.Diff(tt.want, symbols.ByName(tt.name)); diff != "" {
			t.Errorf("ByName(%q) (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestGenericNames(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"iter": {"Pull", "Pull2", "Seq", "Seq2"},
		"sync": {"OnceValue", "OnceValues"},
		"fmt":  nil,
	} {
		if diff := cmp.Diff(want, symbols.GenericNames(path)); diff != "" {
			t.Errorf("GenericNames(%q) (-want +got):\n%s", path, diff)
		}
	}
}
