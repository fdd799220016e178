package pawsh

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers lists, for each package of ours, the packages of ours that it may
// import; a name stands for itself and what lies below it. What is not listed
// may import nothing of ours. Tests are free.
var layers = map[string][]string{
	"cmd/pawsh":        {"repl", "recipes", "history", "bindings", "sandbox"},
	"repl":             {"repl", "recipes", "history", "bindings"},
	"repl/lineedit":    {},
	"repl/diag":        {},
	"repl/input":       {"repl/diag"},
	"repl/rewrite":     {"repl/diag"},
	"repl/check":       {"repl/rewrite", "repl/diag"},
	"repl/eval":        {"repl/rewrite", "repl/diag"},
	"repl/display":     {"repl/diag"},
	"repl/settings":    {"repl/display"},
	"repl/python":      {"bindings/boto", "repl/diag"},
	"recipes":          {"recipes", "bindings"},
	"history":          {},
	"bindings":         {"bindings"},
	"bindings/symbols": {"bindings", "recipes/cookbook"},
	"bindings/session": {},
	"sandbox":          {"sandbox"},
}

// only names packages that a single package of ours may import.
var only = map[string]string{
	"github.com/traefik/yaegi":    "repl/eval",
	"github.com/c-bata/go-prompt": "repl/lineedit",
}

func TestLayers(t *testing.T) {
	t.Parallel()
	seen := 0
	each(t, func(file, dir string) {
		seen++
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, im := range f.Imports {
			path, _ := strconv.Unquote(im.Path.Value)
			for p, home := range only {
				if (path == p || strings.HasPrefix(path, p+"/")) && !within(dir, home) && !strings.HasPrefix(dir, "bindings/symbols") {
					t.Errorf("%s imports %s: only %s may", file, path, home)
				}
			}
			if rest, ok := strings.CutPrefix(path, "pawsh/"); ok && !allowed(dir, rest) {
				t.Errorf("%s imports %s: imports go downwards only, see layers_test.go", file, path)
			}
		}
	})
	if seen < 50 {
		t.Fatalf("looked at %d files only", seen)
	}
}

// TestPackageDocs wants every package to say its job.
func TestPackageDocs(t *testing.T) {
	t.Parallel()
	docs := map[string]bool{}
	each(t, func(file, dir string) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		docs[dir] = docs[dir] || f.Doc != nil && !strings.HasPrefix(f.Doc.Text(), "Code generated")
	})
	for dir, ok := range docs {
		if !ok {
			t.Errorf("package in %s has no doc comment", dir)
		}
	}
}

// each visits the Go files of the project that are no tests.
func each(t *testing.T, visit func(file, dir string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			visit(path, filepath.ToSlash(filepath.Dir(path)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// allowed looks up the closest entry above the importing package.
func allowed(dir, target string) bool {
	if target == dir || within(target, dir+"/internal") {
		return true
	}
	for d := dir; d != "."; d = filepath.ToSlash(filepath.Dir(d)) {
		if list, ok := layers[d]; ok {
			for _, l := range list {
				if within(target, l) {
					return true
				}
			}
			return d != dir && within(target, d)
		}
	}
	return false
}

func within(dir, root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") }
