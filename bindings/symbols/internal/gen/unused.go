package main

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
)

// dropUnusedImports removes the imports of f that nothing in f refers to.
func dropUnusedImports(f *ast.File) {
	used := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	unused := func(s ast.Spec) bool {
		imp := s.(*ast.ImportSpec)
		p, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			return false
		}
		if imp.Name != nil {
			return !used[imp.Name.Name]
		}
		return !used[path.Base(p)]
	}
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			return false
		}
		gen.Specs = slices.DeleteFunc(gen.Specs, unused)
		return len(gen.Specs) == 0
	})
}
