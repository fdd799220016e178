package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// shape is one smithy.NewSchema of schemas.go.
type shape struct {
	name, kind string // kind is the constant's: ShapeTypeStructure
	members    []*shapeMember
	code       string // awsQueryError
	status     string
	isError    bool
}

type shapeMember struct {
	name, target string // target is the variable of the target's schema
	xmlName      string
	flat         bool
}

// fromSchemas reads schemas/schemas.go, whose schemas name every shape, and
// the operations' own files, which name each one's input and output.
func (m *model) fromSchemas(dir string) error {
	shapes, err := readSchemas(filepath.Join(dir, "schemas", "schemas.go"))
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "api_op_*.go"))
	if err != nil {
		return err
	}
	goNames := map[string]string{} // schema variable -> Go type, where they differ
	for _, f := range files {
		op, in, out, err := operationSchemas(f)
		if err != nil {
			return err
		}
		m.op(op)
		for _, d := range []struct{ schema, goName string }{{in, op + "Input"}, {out, op + "Output"}} {
			if d.schema != "" && d.schema != "nil" {
				goNames[d.schema] = d.goName
			}
		}
	}
	for v, s := range shapes {
		if s.isError {
			m.errors = append(m.errors, errorShape{s.name, s.code, s.status})
		}
		if s.kind != "ShapeTypeStructure" && s.kind != "ShapeTypeUnion" {
			continue
		}
		typ := s.name
		if g := goNames[v]; g != "" {
			typ = g
		}
		if s.kind == "ShapeTypeUnion" {
			m.unions[typ] = true
		}
		for _, sm := range s.members {
			m.schemaMember(typ, sm, shapes)
		}
	}
	slices.SortFunc(m.errors, func(a, b errorShape) int { return strings.Compare(a.shape, b.shape) })
	return nil
}

func (m *model) schemaMember(typ string, sm *shapeMember, shapes map[string]*shape) {
	f := m.member(typ, strings.ToUpper(sm.name[:1])+sm.name[1:])
	f.json = sm.name
	s := side{name: sm.name, child: sm.target, flat: sm.flat}
	if sm.xmlName != "" {
		s.name = sm.xmlName
	}
	f.in, f.out = s, s
	m.schemaCollection(sm.target, shapes)
}

func (m *model) schemaCollection(target string, shapes map[string]*shape) {
	t := shapes[target]
	if t == nil || m.in[target] != nil {
		return
	}
	name := func(member string) string {
		for _, sm := range t.members {
			if sm.name == member && sm.xmlName != "" {
				return sm.xmlName
			}
		}
		return member
	}
	child := func(member string) string {
		for _, sm := range t.members {
			if sm.name == member {
				return sm.target
			}
		}
		return ""
	}
	var c *collection
	switch t.kind {
	case "ShapeTypeList":
		c = &collection{elem: name("member"), child: child("member")}
	case "ShapeTypeMap":
		c = &collection{key: name("key"), value: name("value"), child: child("value")}
	default:
		return
	}
	m.in[target], m.out[target] = c, c
	m.schemaCollection(c.child, shapes)
}

// readSchemas evaluates the declarations of schemas.go.
func readSchemas(path string) (map[string]*shape, error) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse schemas: %w", err)
	}
	shapes := map[string]*shape{}
	for _, d := range f.Decls {
		gd, ok := d.(*ast.GenDecl)
		if !ok || gd.Tok != token.VAR {
			continue
		}
		for _, sp := range gd.Specs {
			vs := sp.(*ast.ValueSpec)
			if len(vs.Values) != 1 {
				continue
			}
			c, ok := vs.Values[0].(*ast.CallExpr)
			if !ok || callee(c) != "NewSchema" {
				continue
			}
			s := &shape{name: litField(c.Args[0], "Name"), kind: typeName(c.Args[1])}
			for _, a := range c.Args[3:] {
				switch traitName(a) {
				case "Error":
					s.isError = true
				case "AWSQueryError":
					s.code, s.status = litField(a, "ErrorCode"), litField(a, "StatusCode")
				case "HTTPError":
					if s.status == "" {
						s.status = litField(a, "Code")
					}
				}
			}
			shapes[vs.Names[0].Name] = s
		}
	}
	eachCall(f, func(fn string, c *ast.CallExpr) {
		sel, ok := c.Fun.(*ast.SelectorExpr)
		if !ok || fn != "AddMember" {
			return
		}
		s := shapes[typeName(sel.X)]
		if s == nil {
			return
		}
		sm := &shapeMember{name: str(c.Args[0]), target: typeName(c.Args[1])}
		for _, a := range c.Args[2:] {
			switch traitName(a) {
			case "XMLName":
				sm.xmlName = litField(a, "Name")
			case "XMLFlattened":
				sm.flat = true
			}
		}
		s.members = append(s.members, sm)
	})
	return shapes, nil
}

// traitName is the type of &smithytraits.XMLName{...}.
func traitName(e ast.Expr) string {
	u, ok := e.(*ast.UnaryExpr)
	if !ok {
		return ""
	}
	l, ok := u.X.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	return typeName(l.Type)
}

// litField is the text of a field in a composite literal.
func litField(e ast.Expr, name string) (v string) {
	ast.Inspect(e, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok && typeName(kv.Key) == name {
			if b, ok := kv.Value.(*ast.BasicLit); ok {
				v = strings.Trim(b.Value, `"`)
			}
		}
		return true
	})
	return v
}

// operationSchemas finds smithy.NewOperationSchema(schemas.Op, schemas.In,
// schemas.Out) in an operation's file.
func operationSchemas(path string) (op, in, out string, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return "", "", "", fmt.Errorf("parse operation: %w", err)
	}
	eachCall(f, func(fn string, c *ast.CallExpr) {
		if fn == "NewOperationSchema" {
			op, in, out = typeName(c.Args[0]), typeName(c.Args[1]), typeName(c.Args[2])
		}
	})
	if op == "" {
		return "", "", "", fmt.Errorf("%s: names no operation schema", filepath.Base(path))
	}
	return op, in, out, nil
}
