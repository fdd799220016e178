package symbols

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pawsh/bindings/symbols/internal/table"
)

// No folder of the machine that generated the data may be found in it.
func TestDataNamesNoFolders(t *testing.T) {
	t.Parallel()
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	folders := []string{filepath.Dir(filepath.Dir(wd)), "pkg/mod/", ".go:"}
	if out, err := exec.Command("go", "env", "GOROOT", "GOMODCACHE", "GOPATH").Output(); err == nil {
		folders = append(folders, strings.Fields(string(out))...)
	}
	entries, err := data.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".zst")
		r, err := open(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders {
			if strings.HasPrefix(name, "docs-std") && f != folders[0] {
				continue // the library's docs speak of file names themselves
			}
			if i := bytes.Index(r.rest, []byte(f)); i >= 0 {
				t.Errorf("%s holds %q: %q", name, f, r.rest[max(0, i-40):min(len(r.rest), i+40)])
			}
		}
	}
}

func TestEveryGroupHasItsData(t *testing.T) {
	t.Parallel()
	for _, g := range groups {
		for _, kind := range []string{"types-", "docs-"} {
			if _, err := open(kind + g.name); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestDamagedBlobPanics(t *testing.T) {
	t.Parallel()
	for _, rest := range [][]byte{{0x80}, {5, 'a'}, bytes.Repeat([]byte{0xff}, 12)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("read %x", rest)
				}
			}()
			r := reader{name: "x", rest: rest}
			r.bytes()
		}()
	}
}

// A fresh read, for Doc keeps what it has decoded.
func BenchmarkReadDocs(b *testing.B) {
	for b.Loop() {
		readDocs("ec2")
	}
}

// Look-ups are by binary search.
func TestTablesAreSorted(t *testing.T) {
	t.Parallel()
	sorted := func(what string, names []string) {
		t.Helper()
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%s: not sorted, or one is there twice", what)
		}
	}
	for _, g := range groups {
		var paths []string
		for _, p := range *g.packages {
			paths = append(paths, p.Path)
			for _, list := range [][]table.Symbol{p.Values, p.Vars, p.Wrappers} {
				var names []string
				for _, s := range list {
					names = append(names, s.Name)
				}
				sorted(p.Path, names)
			}
			for _, list := range [][]table.Literal{p.Ints, p.Floats, p.Strings} {
				var names []string
				for _, l := range list {
					names = append(names, l.Name)
				}
				sorted(p.Path, names)
			}
			var names []string
			for _, l := range p.Missing {
				names = append(names, l.Name)
			}
			sorted(p.Path, names)
		}
		sorted(g.name, paths)
	}
}
