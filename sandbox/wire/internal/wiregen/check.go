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

// check proves the model against the module's type declarations: every field
// exists, a type's name means one type, and no time has a form that the codecs
// don't write. It drops types that no operation reaches and fails on fields
// that the sources have but the model missed.
func (m *model) check(dir string) error {
	decls, err := declaredTypes(dir)
	if err != nil {
		return err
	}
	for typ, fields := range m.types {
		for name, f := range fields {
			if f.in.epoch || f.out.epoch {
				return fmt.Errorf("%s.%s: a document's time is epoch seconds", typ, name)
			}
			want := typ
			if m.unions[typ] {
				want = typ + "Member" + name
				if decls[want] == nil {
					return fmt.Errorf("union %s: no type %s", typ, want)
				}
				continue
			}
			d := decls[want]
			if d == nil {
				return fmt.Errorf("no type %s", want)
			}
			if _, ok := d[twice]; ok {
				return fmt.Errorf("type %s is declared twice: the table cannot tell them apart", want)
			}
			if _, ok := d[name]; !ok {
				return fmt.Errorf("type %s: no field %s", typ, name)
			}
		}
	}
	for op, o := range m.ops {
		for _, end := range []string{"Input", "Output"} {
			if decls[op+end] == nil {
				return fmt.Errorf("operation %s: no type %s", op, op+end)
			}
		}
		for _, b := range slices.Concat(o.ins, o.outs) {
			_, in := decls[op+"Input"][b.field]
			_, out := decls[op+"Output"][b.field]
			if !in && !out {
				return fmt.Errorf("operation %s: no field %s", op, b.field)
			}
		}
	}
	m.prune(decls)
	return m.required(dir, decls)
}

// prune drops types that no operation's input or output contains, such as
// those of error documents.
func (m *model) prune(decls map[string]map[string][]string) {
	seen := map[string]bool{}
	var visit func(t string)
	visit = func(t string) {
		if seen[t] {
			return
		}
		seen[t] = true
		if m.unions[t] {
			for v := range m.types[t] {
				visit(t + "Member" + v)
			}
		}
		for _, refs := range decls[t] {
			for _, r := range refs {
				visit(r)
			}
		}
	}
	for op := range m.ops {
		visit(op + "Input")
		visit(op + "Output")
	}
	for t := range m.types {
		if !seen[t] {
			delete(m.types, t)
			delete(m.unions, t)
		}
	}
}

// twice marks a type name that two packages of a module declare.
const twice = "declared twice"

// declaredTypes maps each struct or union of the module to its fields, and
// each field to the type names it mentions.
func declaredTypes(dir string) (map[string]map[string][]string, error) {
	ops, err := filepath.Glob(filepath.Join(dir, "api_op_*.go"))
	if err != nil {
		return nil, err
	}
	types, err := filepath.Glob(filepath.Join(dir, "types", "*.go"))
	if err != nil {
		return nil, err
	}
	decls := map[string]map[string][]string{}
	for _, path := range slices.Concat(ops, types) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse types: %w", err)
		}
		for _, d := range f.Decls {
			gd, ok := d.(*ast.GenDecl)
			if !ok || gd.Tok != token.TYPE {
				continue
			}
			for _, sp := range gd.Specs {
				ts := sp.(*ast.TypeSpec)
				if !ts.Name.IsExported() {
					continue
				}
				fields, ok := fieldTypes(ts.Type)
				if !ok {
					continue
				}
				name := ts.Name.Name
				if decls[name] != nil {
					fields[twice] = nil
				}
				decls[name] = fields
			}
		}
	}
	return decls, nil
}

func fieldTypes(e ast.Expr) (map[string][]string, bool) {
	switch t := e.(type) {
	case *ast.InterfaceType:
		return map[string][]string{}, true
	case *ast.StructType:
		fields := map[string][]string{}
		for _, f := range t.Fields.List {
			var refs []string
			ast.Inspect(f.Type, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && ast.IsExported(id.Name) && !strings.Contains(id.Name, ".") {
					refs = append(refs, id.Name)
				}
				return true
			})
			for _, n := range f.Names {
				fields[n.Name] = refs
			}
		}
		return fields, true
	}
	return nil, false
}
