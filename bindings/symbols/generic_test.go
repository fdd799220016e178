package symbols_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawsh/bindings/symbols"
)

var genericPackages = []string{"cmp", "iter", "maps", "slices", "sync"}

// The sources must declare every generic name that the symbols lack, and be
// accepted by the type checker with the shell's own importer.
func TestGenericSourceTypeChecks(t *testing.T) {
	t.Parallel()
	for _, path := range genericPackages {
		sources, ok := symbols.GenericSource(path)
		if !ok {
			t.Errorf("no source of %s", path)
			continue
		}
		im := symbols.NewImporter()
		var files []*ast.File
		for name, src := range sources {
			if strings.Contains(string(src), "//") {
				t.Errorf("%s/%s has comments", path, name)
			}
			f, err := parser.ParseFile(im.Fset, name, src, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		p, err := (&types.Config{Importer: im}).Check(path, im.Fset, files, nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, name := range symbols.GenericNames(path) {
			if p.Scope().Lookup(name) == nil {
				t.Errorf("source of %s lacks %s", path, name)
			}
		}
	}
	if _, ok := symbols.GenericSource("fmt"); ok {
		t.Error("fmt has generic source")
	}
}

func TestGenericSourceIsTheCallers(t *testing.T) {
	t.Parallel()
	a, _ := symbols.GenericSource("cmp")
	want := string(a["cmp.go"])
	clear(a["cmp.go"])
	delete(a, "cmp.go")
	b, _ := symbols.GenericSource("cmp")
	if diff := cmp.Diff(want, string(b["cmp.go"])); diff != "" || want == "" {
		t.Errorf("changed by a caller (-want +got):\n%s", diff)
	}
}

// TestGenericSourceBehaves compiles the sources and compares them with the
// standard library, above all where portable.go stands in for it.
func TestGenericSourceBehaves(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the Go compiler")
	}
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go command")
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), "module portable\n\ngo 1.26\n")
	for _, path := range genericPackages {
		sources, _ := symbols.GenericSource(path)
		for name, src := range sources {
			writeFile(t, filepath.Join(dir, path, name), string(src))
		}
	}
	main, err := os.ReadFile("testdata/portable.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "main.go"), string(main))
	cmd := exec.Command(gocmd, "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if !slices.Contains(lines, "done") {
		t.Errorf("did not come to its end:\n%s", out)
	}
	for _, l := range lines {
		if l != "done" {
			t.Error(l)
		}
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Objects of the importer have no positions: none of this machine's files
// could be named.
func TestObjectsHaveNoPositions(t *testing.T) {
	t.Parallel()
	im := symbols.NewImporter()
	for _, path := range []string{"fmt", "net/http", "github.com/aws/aws-sdk-go-v2/service/ec2"} {
		p, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range p.Scope().Names() {
			if pos := im.Fset.Position(p.Scope().Lookup(name).Pos()); pos != (token.Position{}) {
				t.Fatalf("%s.%s is at %v", path, name, pos)
			}
		}
	}
}
