package main

import (
	"cmp"
	"go/ast"
	"slices"
	"strings"
)

// A doc is the doc comment of a name: "" for the package, "Name", or "Type.Member".
type doc struct{ name, text string }

// docs collects the doc comments of all that files export, sorted by name.
func docs(files []*ast.File) []doc {
	var c docCollector
	for _, f := range files {
		c.add("", f.Doc)
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				c.function(d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					c.spec(d, s)
				}
			}
		}
	}
	slices.SortStableFunc(c.docs, func(a, b doc) int { return cmp.Compare(a.name, b.name) })
	return slices.CompactFunc(c.docs, func(a, b doc) bool { return a.name == b.name })
}

type docCollector struct{ docs []doc }

// add notes the first of comments that says something.
func (c *docCollector) add(name string, comments ...*ast.CommentGroup) {
	for _, g := range comments {
		if text := strings.TrimSpace(g.Text()); text != "" {
			c.docs = append(c.docs, doc{name, text})
			return
		}
	}
}

func (c *docCollector) function(d *ast.FuncDecl) {
	if !d.Name.IsExported() {
		return
	}
	name := d.Name.Name
	if d.Recv != nil {
		recv := receiver(d.Recv.List[0].Type)
		if !ast.IsExported(recv) {
			return
		}
		name = recv + "." + name
	}
	c.add(name, d.Doc)
}

// receiver is the name of a receiver's type.
func receiver(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func (c *docCollector) spec(d *ast.GenDecl, s ast.Spec) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return
		}
		c.add(s.Name.Name, s.Doc, d.Doc, s.Comment)
		switch t := s.Type.(type) {
		case *ast.StructType:
			c.members(s.Name.Name, t.Fields)
		case *ast.InterfaceType:
			c.members(s.Name.Name, t.Methods)
		}
	case *ast.ValueSpec:
		whole := d.Doc
		if strings.HasPrefix(whole.Text(), "Enum values for") {
			whole = nil // says no more than the type does
		}
		for _, n := range s.Names {
			if n.IsExported() {
				c.add(n.Name, s.Doc, s.Comment, whole)
			}
		}
	}
}

func (c *docCollector) members(typ string, list *ast.FieldList) {
	for _, f := range list.List {
		for _, n := range f.Names {
			if n.IsExported() {
				c.add(typ+"."+n.Name, f.Doc, f.Comment)
			}
		}
	}
}
