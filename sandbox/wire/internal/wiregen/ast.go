package main

import (
	"go/ast"
	"strconv"
	"strings"
)

// str is the value of a string literal, "" for anything else.
func str(e ast.Expr) string {
	if b, ok := e.(*ast.BasicLit); ok {
		if s, err := strconv.Unquote(b.Value); err == nil {
			return s
		}
	}
	return ""
}

// fieldOf is the first field selected from the variable recv within n.
func fieldOf(n ast.Node, recv string) string {
	name := ""
	ast.Inspect(n, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok || name != "" {
			return name == ""
		}
		if id, ok := s.X.(*ast.Ident); ok && id.Name == recv {
			name = s.Sel.Name
		}
		return true
	})
	return name
}

// eachCall visits the calls within n in the order of the source.
func eachCall(n ast.Node, f func(name string, c *ast.CallExpr)) {
	ast.Inspect(n, func(x ast.Node) bool {
		if c, ok := x.(*ast.CallExpr); ok {
			f(callee(c), c)
		}
		return true
	})
}

func callee(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// after is what follows mark in s, "" when mark is missing.
func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}

// docName is the shape that a document function is for: its name without
// protocol and direction. Unwrapped variants name the same shape.
func docName(fn string) (name string, unwrapped bool) {
	for _, mark := range []string{"_serializeDocument", "_serializeOpDocument", "_deserializeDocument", "_deserializeOpDocument"} {
		if s := after(fn, mark); s != "" {
			return strings.TrimSuffix(s, "Unwrapped"), strings.HasSuffix(s, "Unwrapped")
		}
	}
	return "", false
}

// typeName is the name of a type without package and pointers.
func typeName(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.StarExpr:
		return typeName(x.X)
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

type kind int

const (
	kindStruct kind = iota
	kindList
	kindMap
)

func kindOf(e ast.Expr) kind {
	switch x := e.(type) {
	case *ast.StarExpr:
		return kindOf(x.X)
	case *ast.ArrayType:
		return kindList
	case *ast.MapType:
		return kindMap
	}
	return kindStruct
}

func firstParam(fd *ast.FuncDecl) ast.Expr { return fd.Type.Params.List[0].Type }

// foldedCase gives the name a case clause compares with, as deserializers do:
// case strings.EqualFold("name", ...).
func foldedCase(n ast.Node) (name string, body []ast.Stmt, ok bool) {
	cc, isCase := n.(*ast.CaseClause)
	if !isCase || len(cc.List) != 1 {
		return "", nil, false
	}
	c, isCall := cc.List[0].(*ast.CallExpr)
	if !isCall || callee(c) != "EqualFold" {
		return "", nil, false
	}
	return str(c.Args[0]), cc.Body, true
}
