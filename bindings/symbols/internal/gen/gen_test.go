package main

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var all = flag.Bool("all", false, "compare all that is generated with the files that are there")

// The generator's output for a small group, or with -all for every group, must
// be what is checked in: the same toolchain and modules give the same bytes.
func TestOutputIsUpToDate(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("type-checks the SDK")
	}
	only := "sts"
	if *all {
		only = ""
	}
	dir := t.TempDir()
	if err := run(only, dir); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		want, err := os.ReadFile(filepath.Join("..", "..", rel))
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from what is generated: run go generate ./bindings/symbols", rel)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if n < 5 {
		t.Errorf("%d files were generated", n)
	}
	if *all {
		noStaleTables(t, dir)
	}
}

// noStaleTables reports tables that are there but are not generated any more.
func noStaleTables(t *testing.T, dir string) {
	tables, err := filepath.Glob(filepath.Join("..", "..", "*", "*_symbols.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		rel := strings.TrimPrefix(name, filepath.Join("..", "..")+string(filepath.Separator))
		if _, err := os.Stat(filepath.Join(dir, rel)); err != nil {
			t.Errorf("%s is not generated any more", rel)
		}
	}
}

func TestUnknownGroup(t *testing.T) {
	t.Parallel()
	if err := run("nosuch", t.TempDir()); err == nil || !strings.Contains(err.Error(), `"nosuch"`) {
		t.Errorf("got error %v", err)
	}
}
