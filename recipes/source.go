package recipes

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
)

//go:embed cookbook/*.go
var cookbook embed.FS

// Source is the text of a function of package cookbook with its comment, ""
// when there is none of the name.
func Source(function string) string {
	entries, err := cookbook.ReadDir("cookbook")
	if err != nil || function == "" {
		return ""
	}
	for _, e := range entries {
		name := path.Join("cookbook", e.Name())
		src, err := cookbook.ReadFile(name)
		if err != nil {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Recv != nil || fd.Name.Name != function {
				continue
			}
			from := fd.Pos()
			if fd.Doc != nil {
				from = fd.Doc.Pos()
			}
			return string(src[fset.Position(from).Offset:fset.Position(fd.End()).Offset])
		}
	}
	return ""
}
