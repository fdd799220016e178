package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// A genericSource is a package whose generic functions can run from source.
type genericSource struct {
	path  string
	files func(name string) bool // which of the package's files hold them; nil: all
	drop  []string               // functions that need the runtime; a replacement stands in
	own   []string               // names that are taken from the compiled package
}

var genericSources = []genericSource{
	{path: "cmp"},
	{path: "iter", files: func(string) bool { return false }}, // replaced as a whole
	{path: "maps", drop: []string{"clone"}},
	{path: "slices", drop: []string{"overlaps"}},
	{path: "sync", files: func(name string) bool { return name == "oncefunc.go" }, own: []string{"Once"}},
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
		names, sources, err := g.sources(prog.pkgs[g.path])
		if err != nil {
			return nil, err
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

// sources are the names of the files, in order, and their contents.
func (g genericSource) sources(p *pkg) ([]string, map[string][]byte, error) {
	var names []string
	sources := map[string][]byte{}
	for _, name := range p.GoFiles {
		if g.files != nil && !g.files(name) {
			continue
		}
		src, err := g.plain(filepath.Join(p.Dir, name), nil)
		if err != nil {
			return nil, nil, err
		}
		names = append(names, name)
		sources[name] = src
	}
	slices.Sort(names)
	src, err := replacements.ReadFile("replacements/" + g.path + ".go.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return names, sources, nil
	} else if err != nil {
		return nil, nil, err
	}
	const portable = "portable.go"
	g.drop = nil
	if sources[portable], err = g.plain(portable, src); err != nil {
		return nil, nil, err
	}
	return append(names, portable), sources, nil
}

// plain is the source without comments, without the functions to drop and
// without the imports that only those used. If src is nil, the file is read.
func (g genericSource) plain(file string, src []byte) ([]byte, error) {
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
		return ok && fn.Recv == nil && slices.Contains(g.drop, fn.Name.Name)
	})
	dropUnusedImports(f)
	g.qualify(fset, f)
	var b bytes.Buffer
	if err := format.Node(&b, fset, f); err != nil {
		return nil, fmt.Errorf("format %s: %w", file, err)
	}
	return b.Bytes(), nil
}

// qualify makes types named in g.own those of the compiled package, which the
// source then imports.
func (g genericSource) qualify(fset *token.FileSet, f *ast.File) {
	const local = "compiled"
	used := false
	astutil.Apply(f, func(c *astutil.Cursor) bool {
		field, ok := c.Parent().(*ast.Field)
		id, isIdent := c.Node().(*ast.Ident)
		if ok && isIdent && c.Name() == "Type" && field.Type == id && slices.Contains(g.own, id.Name) {
			c.Replace(&ast.SelectorExpr{X: ast.NewIdent(local), Sel: id})
			used = true
		}
		return true
	}, nil)
	if used {
		astutil.AddNamedImport(fset, f, local, g.path)
	}
}
