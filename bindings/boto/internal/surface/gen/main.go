// Command gen writes the table of boto's names into package boto and renders
// docs/boto.md from it. go generate runs it in bindings/boto.
package main

import (
	"fmt"
	"os"

	"pawsh/bindings/boto/internal/surface"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	rows, err := surface.Build("..", "testdata/surface.tsv")
	if err != nil {
		return err
	}
	code, err := surface.Go(rows)
	if err != nil {
		return err
	}
	if err := os.WriteFile("surface_table.go", code, 0o644); err != nil {
		return err
	}
	return os.WriteFile("../../docs/boto.md", surface.Markdown(rows), 0o644)
}
