package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// fromSerializers reads serializers.go and deserializers.go.
func (m *model) fromSerializers(dir string) error {
	rest := false
	for _, name := range []string{"serializers.go", "deserializers.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse %s: %w", name, err)
		}
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			fn := fd.Name.Name
			switch {
			case fd.Recv != nil:
				recv := typeName(fd.Recv.List[0].Type)
				if strings.HasPrefix(recv, "awsRestxml") {
					rest = true
					m.restOperation(recv, fd)
				} else if op := after(recv, "_serializeOp"); op != "" {
					m.op(op)
				}
			case strings.Contains(fn, "OpHttpBindings"):
				m.restBindings(fd)
			case strings.Contains(fn, "_serializeDocument"), strings.Contains(fn, "_serializeOpDocument"):
				if rest {
					m.restSerializer(fd)
				} else {
					m.querySerializer(fd)
				}
			case strings.Contains(fn, "_deserializeDocument"), strings.Contains(fn, "_deserializeOpDocument"):
				if !m.rawOutput(fd) {
					m.deserializer(fd)
				}
			}
		}
	}
	return nil
}

// querySerializer reads how ec2Query or awsQuery write a shape into the form.
func (m *model) querySerializer(fd *ast.FuncDecl) {
	name, _ := docName(fd.Name.Name)
	if kindOf(firstParam(fd)) != kindStruct {
		c := &collection{}
		eachCall(fd.Body, func(fn string, call *ast.CallExpr) {
			switch {
			case fn == "Array":
				c.elem = str(call.Args[0])
			case fn == "Map":
				c.key, c.value = str(call.Args[0]), str(call.Args[1])
			case strings.Contains(fn, "_serializeDocument"):
				c.child, _ = docName(fn)
			}
		})
		m.in[name] = c
		return
	}
	typ := typeName(firstParam(fd))
	for _, st := range fd.Body.List {
		switch st := st.(type) {
		case *ast.IfStmt: // if v.Field != nil { object.Key("Field")... }
			if f := fieldOf(st.Cond, "v"); f != "" {
				m.member(typ, f).in = querySide(st.Body)
			}
		case *ast.BlockStmt: // a required scalar is written always
			if f := fieldOf(st, "v"); f != "" {
				m.member(typ, f).in = querySide(st)
			}
		case *ast.TypeSwitchStmt: // a union
			m.unions[typ] = true
			m.eachVariant(typ, st, func(variant string, body *ast.CaseClause) {
				m.member(typ, variant).in = querySide(body)
			})
		}
	}
}

func querySide(n ast.Node) side {
	var s side
	eachCall(n, func(fn string, c *ast.CallExpr) {
		switch {
		case fn == "Key" && len(c.Args) == 1:
			s.name = str(c.Args[0])
		case fn == "FlatKey":
			s.name, s.flat = str(c.Args[0]), true
		case fn == "FormatHTTPDate":
			s.http = true
		case fn == "FormatEpochSeconds":
			s.epoch = true
		case strings.Contains(fn, "_serializeDocument"):
			s.child, _ = docName(fn)
		}
	})
	return s
}

// eachVariant visits the cases of a type switch over the members of a union.
func (m *model) eachVariant(union string, st *ast.TypeSwitchStmt, f func(variant string, c *ast.CaseClause)) {
	for _, c := range st.Body.List {
		cc := c.(*ast.CaseClause)
		if len(cc.List) != 1 {
			continue
		}
		if v := after(typeName(cc.List[0]), union+"Member"); v != "" {
			f(v, cc)
		}
	}
}

// deserializer reads how a shape is looked for in a response document.
func (m *model) deserializer(fd *ast.FuncDecl) {
	name, unwrapped := docName(fd.Name.Name)
	param := firstParam(fd)
	kind, typ := kindOf(param), typeName(param)
	var c *collection
	if kind != kindStruct {
		if c = m.out[name]; c == nil {
			c = &collection{}
			m.out[name] = c
		}
	}
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		wire, body, ok := foldedCase(n)
		if !ok {
			return true
		}
		s := side{name: wire}
		field := ""
		for _, st := range body {
			eachCall(st, func(fn string, _ *ast.CallExpr) {
				switch {
				case strings.Contains(fn, "_deserializeDocument"):
					s.child, s.flat = docName(fn)
				case fn == "ParseHTTPDate":
					s.http = true
				case fn == "ParseEpochSeconds":
					s.epoch = true
				}
			})
			if field == "" {
				field = fieldOf(st, "sv")
			}
			if variant := unionLiteral(st, typ); variant != "" {
				field = variant
				m.unions[typ] = true
			}
		}
		switch {
		case kind == kindList && !unwrapped:
			c.elem, c.child = wire, s.child
		case kind == kindMap && unwrapped:
			// the first of the two cases is the key, the second the value
			if c.key == "" {
				c.key = wire
			} else {
				c.value, c.child = wire, s.child
			}
		case kind == kindStruct && field != "":
			m.member(typ, field).out = s
		}
		return true
	})
}

// unionLiteral finds uv = &types.<Union>Member<Variant>{...} in a statement.
func unionLiteral(st ast.Stmt, union string) (variant string) {
	ast.Inspect(st, func(n ast.Node) bool {
		if l, ok := n.(*ast.CompositeLit); ok {
			if v := after(typeName(l.Type), union+"Member"); v != "" {
				variant = v
			}
		}
		return true
	})
	return variant
}
