package main

import (
	"bytes"
	"fmt"
	"go/format"
)

const tablePath = "pawsh/bindings/symbols/internal/table"

// groupFile is the file that lists a group's tables.
func groupFile(g *group) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(generated)
	fmt.Fprintf(&b, "// Package %s holds the interpreter's symbols of %s.\n", g.name, g.about)
	fmt.Fprintf(&b, "// It is data only: see package symbols.\npackage %s\n\nimport %q\n\n", g.name, tablePath)
	b.WriteString("// Packages lists the group's packages, sorted by import path.\nvar Packages = []*table.Package{\n")
	for _, p := range g.paths {
		fmt.Fprintf(&b, "&%s,\n", varName(p))
	}
	b.WriteString("}\n")
	src, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("list of group %s: %w", g.name, err)
	}
	return src, nil
}
