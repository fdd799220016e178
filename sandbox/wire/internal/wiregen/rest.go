package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// restOperation reads method, address and payload of a restXml operation from
// its serialize and deserialize middleware.
func (m *model) restOperation(recv string, fd *ast.FuncDecl) {
	if op := after(recv, "_serializeOp"); op != "" && fd.Name.Name == "HandleSerialize" {
		m.op(op).readRequest(fd)
	}
	if op := after(recv, "_deserializeOp"); op != "" && fd.Name.Name == "HandleDeserialize" {
		m.op(op).readResponse(fd)
	}
}

func (o *operation) readRequest(fd *ast.FuncDecl) {
	eachCall(fd.Body, func(fn string, c *ast.CallExpr) {
		switch {
		case fn == "SplitURI":
			o.uri = str(c.Args[0])
		case strings.Contains(fn, "_serializeOpDocument"): // the input is the document
			o.payload, o.root = "*", lastLocal(fd.Body)
		}
	})
	for _, st := range fd.Body.List {
		switch st := st.(type) {
		case *ast.AssignStmt: // request.Method = "PUT"
			if s, ok := st.Lhs[0].(*ast.SelectorExpr); ok && s.Sel.Name == "Method" {
				o.method = str(st.Rhs[0])
			}
		case *ast.IfStmt: // if input.Payload != nil { ... request.SetStream(payload) }
			if f := fieldOf(st.Cond, "input"); f != "" {
				o.payload, o.root = f, "-"
				if local := lastLocal(st.Body); local != "" {
					o.root = local
				}
			}
		}
	}
}

func (o *operation) readResponse(fd *ast.FuncDecl) {
	eachCall(fd.Body, func(fn string, c *ast.CallExpr) {
		switch {
		case strings.Contains(fn, "_deserializeOpDocument"):
			o.outMode = "doc"
		case strings.Contains(fn, "_deserializeDocument"):
			if f := fieldOf(c.Args[0], "output"); f != "" {
				o.outMode = "field:" + f
			}
		}
	})
}

// required marks the bindings that an operation can't be sent without, and adds
// the bucket, which the SDK puts into the address by its endpoint rules. Both
// tell operations of one method and path apart.
func (m *model) required(dir string, decls map[string]map[string][]string) error {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, "validators.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parse validators: %w", err)
	}
	need := map[string]bool{} // operation.Field
	for _, d := range f.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv != nil || !strings.HasPrefix(fd.Name.Name, "validateOp") {
			continue
		}
		op := strings.TrimSuffix(after(fd.Name.Name, "validateOp"), "Input")
		eachCall(fd.Body, func(fn string, c *ast.CallExpr) {
			if fn == "NewErrParamRequired" {
				need[op+"."+str(c.Args[0])] = true
			}
		})
	}
	for op, o := range m.ops {
		for i := range o.ins {
			o.ins[i].required = need[op+"."+o.ins[i].field]
		}
		if _, ok := decls[op+"Input"]["Bucket"]; ok && o.method != "" {
			o.ins = append(o.ins, binding{field: "Bucket", loc: "B"})
		}
	}
	return nil
}

// rawOutput recognises a document function that hands the body over as it is:
// v.Body = body, or v.Policy = ptr.String(buf.String()).
func (m *model) rawOutput(fd *ast.FuncDecl) bool {
	p := fd.Type.Params.List
	if len(p) < 2 || len(p[1].Names) == 0 || p[1].Names[0].Name != "body" {
		return false
	}
	op := strings.TrimSuffix(typeName(p[0].Type), "Output")
	ast.Inspect(fd.Body, func(n ast.Node) bool {
		as, ok := n.(*ast.AssignStmt)
		if !ok || len(as.Lhs) != 1 {
			return true
		}
		if f := fieldOf(as.Lhs[0], "v"); f != "" {
			mode := "raw:"
			if id, ok := as.Rhs[0].(*ast.Ident); ok && id.Name == "body" {
				mode = "stream:"
			}
			m.op(op).outMode = mode + f
		}
		return true
	})
	return true
}

// restBindings reads what an input or output binds to headers, query, label.
func (m *model) restBindings(fd *ast.FuncDecl) {
	fn := fd.Name.Name
	if op := strings.TrimSuffix(after(fn, "_serializeOpHttpBindings"), "Input"); op != "" {
		o := m.op(op)
		for _, st := range fd.Body.List {
			if b, ok := inputBinding(st); ok {
				o.ins = append(o.ins, b)
			}
		}
		return
	}
	o := m.op(strings.TrimSuffix(after(fn, "_deserializeOpHttpBindings"), "Output"))
	for _, st := range fd.Body.List {
		if b, ok := outputBinding(st); ok {
			o.outs = append(o.outs, b)
		}
	}
}

func inputBinding(st ast.Stmt) (b binding, ok bool) {
	if is, isIf := st.(*ast.IfStmt); isIf {
		b.field = fieldOf(is.Cond, "v")
	} else {
		b.field = fieldOf(st, "v")
	}
	ast.Inspect(st, func(n ast.Node) bool { // locationName := "X-Amz-Acl"
		if as, isAssign := n.(*ast.AssignStmt); isAssign && len(as.Lhs) == 1 {
			if id, isID := as.Lhs[0].(*ast.Ident); isID && id.Name == "locationName" {
				b.name = str(as.Rhs[0])
			}
		}
		return true
	})
	eachCall(st, func(fn string, c *ast.CallExpr) {
		switch fn {
		case "SetHeader", "AddHeader":
			if b.loc == "" {
				b.loc = "H"
			}
		case "SetQuery", "AddQuery":
			b.loc, b.name = "Q", str(c.Args[0])
		case "SetURI":
			b.loc, b.name = "U", str(c.Args[0])
		case "Headers":
			b.loc, b.name = "M", str(c.Args[0])
		case "FormatHTTPDate":
			b.time = "h"
		case "FormatDateTime":
			b.time = "d"
		}
	})
	return b, b.field != "" && b.loc != ""
}

func outputBinding(st ast.Stmt) (b binding, ok bool) {
	b.loc = "H"
	ast.Inspect(st, func(n ast.Node) bool { // v.Field = ..., v.Metadata[...] = ...
		as, isAssign := n.(*ast.AssignStmt)
		if !isAssign || len(as.Lhs) != 1 || b.field != "" {
			return true
		}
		l := as.Lhs[0]
		if ix, isIndex := l.(*ast.IndexExpr); isIndex {
			l = ix.X
		}
		if s, isSel := l.(*ast.SelectorExpr); isSel {
			if id, isID := s.X.(*ast.Ident); isID && id.Name == "v" {
				b.field = s.Sel.Name
			}
		}
		return true
	})
	eachCall(st, func(fn string, c *ast.CallExpr) {
		switch fn {
		case "Values":
			if b.name == "" {
				b.name = str(c.Args[0])
			}
		case "len": // lenPrefix := len("x-amz-meta-")
			if s := str(c.Args[0]); s != "" {
				b.name, b.loc = s, "M"
			}
		case "ParseHTTPDate":
			b.time = "h"
		case "ParseDateTime":
			b.time = "d"
		}
	})
	return b, b.field != "" && b.name != ""
}

// restSerializer reads how restXml writes a shape into the request document.
// A member that is an attribute of its element (Grantee's xsi:type) is written
// by the parent; its name comes from the deserializer, where it has a colon.
func (m *model) restSerializer(fd *ast.FuncDecl) {
	name, _ := docName(fd.Name.Name)
	param := firstParam(fd)
	if kindOf(param) == kindList {
		c := &collection{elem: "member"}
		if l := lastLocal(fd.Body); l != "" {
			c.elem = l
		}
		eachCall(fd.Body, func(fn string, _ *ast.CallExpr) {
			if strings.Contains(fn, "_serializeDocument") {
				c.child, _ = docName(fn)
			}
		})
		m.in[name] = c
		return
	}
	typ := typeName(param)
	for _, st := range fd.Body.List {
		switch st := st.(type) {
		case *ast.IfStmt:
			if f := fieldOf(st.Cond, "v"); f != "" {
				m.member(typ, f).in = restSide(st.Body)
			}
		case *ast.BlockStmt:
			if f := fieldOf(st, "v"); f != "" {
				m.member(typ, f).in = restSide(st)
			}
		case *ast.TypeSwitchStmt:
			m.unions[typ] = true
			m.eachVariant(typ, st, func(variant string, body *ast.CaseClause) {
				m.member(typ, variant).in = restSide(body)
			})
		}
	}
}

func restSide(n ast.Node) side {
	s := side{name: lastLocal(n)}
	eachCall(n, func(fn string, _ *ast.CallExpr) {
		switch {
		case fn == "FlattenedElement":
			s.flat = true
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

// lastLocal is the last XML element name in n: smithyxml.Name{Local: "Tag"}.
// Attributes are written before their element's name, so the last one wins.
func lastLocal(n ast.Node) (name string) {
	ast.Inspect(n, func(x ast.Node) bool {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Local" {
				name = str(kv.Value)
			}
		}
		return true
	})
	return name
}
