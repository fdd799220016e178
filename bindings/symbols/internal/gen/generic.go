package main

import (
	"bytes"
	"embed"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
)

// genericSources are the packages whose generic functions can run from source,
// and the files that hold them.
var genericSources = []struct {
	path  string
	files []string // none: all
	drop  []string // functions that need the runtime; a replacement may stand in
}{
	{path: "cmp"},
	{path: "maps", drop: []string{"clone"}},
	{path: "slices", drop: []string{"overlaps"}},
	{path: "sync", files: []string{"oncefunc.go"}},
}

// replacements holds our own, portable versions of dropped functions, as
// PACKAGE.go.txt.
//
//go:embed replacements
var replacements embed.FS

// genericBlob holds path, number of files, and name and source of each, in turn.
func genericBlob(prog *program) ([]byte, error) {
	var b blob
	for _, g := range genericSources {
		p := prog.pkgs[g.path]
		names := slices.Sorted(slices.Values(p.GoFiles))
		if g.files != nil {
			names = g.files
		}
		sources := map[string][]byte{}
		for _, name := range names {
			src, err := stripped(filepath.Join(p.Dir, name), g.drop)
			if err != nil {
				return nil, err
			}
			sources[name] = src
		}
		if src, err := replacements.ReadFile("replacements/" + g.path + ".go.txt"); err == nil {
			src, err = plain(g.path, src, nil)
			if err != nil {
				return nil, err
			}
			names = append(names, "portable.go")
			sources["portable.go"] = src
		}
		b.add(g.path)
		b.number(len(names))
		for _, name := range names {
			b.add(name)
			b.add(string(sources[name]))
		}
	}
	return b.compress()
}

func stripped(file string, drop []string) ([]byte, error) {
	return plain(file, nil, drop)
}

// plain is the source without comments, without the functions named in drop,
// and without the imports that only those used. src may be nil: then file is read.
func plain(file string, src []byte, drop []string) ([]byte, error) {
	fset := token.NewFileSet()
	var in any
	if src != nil {
		in = src
	}
	f, err := parser.ParseFile(fset, file, in, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		return ok && fn.Recv == nil && slices.Contains(drop, fn.Name.Name)
	})
	dropUnusedImports(f)
	var b bytes.Buffer
	if err := format.Node(&b, fset, f); err != nil {
		return nil, fmt.Errorf("format %s: %w", file, err)
	}
	return b.Bytes(), nil
}
