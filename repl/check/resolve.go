package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"pawsh/repl/diag"
	"pawsh/repl/rewrite"
)

// sdkSuffix marks the SDK package that shares its name with a connection.
const sdkSuffix = rewrite.Mark + "sdk"

// resolver rewrites the names in a unit that Go itself does not know: the last
// values, `ec2` as connection and package at once, names of pasted packages.
type resolver struct {
	s    *Scope
	u    *rewrite.Unit
	free map[*ast.Ident]bool // identifiers that the unit itself does not declare
	err  *diag.Error
}

// resolve works on the syntax of a unit before it is checked.
func (s *Scope) resolve(u *rewrite.Unit) *diag.Error {
	r := &resolver{s: s, u: u, free: map[*ast.Ident]bool{}}
	for _, id := range u.File.Unresolved {
		r.free[id] = true
	}
	if u.Func != nil {
		for _, st := range u.Func.Body.List {
			r.assignBound(st)
		}
	}
	astutil.Apply(u.File, func(c *astutil.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Ident:
			r.lastValue(c, n)
		case *ast.IndexExpr:
			r.numberedValue(c, n)
		case *ast.SelectorExpr:
			r.selector(c, n)
		case *ast.CallExpr:
			r.xray(n)
		}
		return true
	}, nil)
	return r.err
}

// assignBound turns `ec2 = ...` on the top level into a declaration: the
// person's own ec2 takes the place of the bound one.
func (r *resolver) assignBound(st ast.Stmt) {
	a, ok := st.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN {
		return
	}
	for _, l := range a.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok || !r.free[id] || r.s.objs[id.Name] != nil {
			return
		}
		if _, ok := r.s.bindings[id.Name]; !ok {
			return
		}
	}
	a.Tok = token.DEFINE
}

// lastValue gives `_`, `__` and `___` in an expression their meaning.
func (r *resolver) lastValue(c *astutil.Cursor, id *ast.Ident) {
	depth := 0
	switch id.Name {
	case "_":
		depth = 1
	case "__":
		depth = 2
	case "___":
		depth = 3
	}
	if depth == 0 || r.u.AsFile {
		return
	}
	if depth == 1 {
		switch p := c.Parent().(type) {
		case *ast.AssignStmt:
			if c.Name() == "Lhs" {
				return
			}
		case *ast.RangeStmt:
			if c.Name() != "X" {
				return
			}
		case *ast.ValueSpec:
			if c.Name() == "Names" {
				return
			}
		case *ast.SelectorExpr:
			if c.Name() == "Sel" {
				return
			}
		case *ast.KeyValueExpr:
			if c.Name() == "Key" {
				return
			}
		case *ast.Field, *ast.FuncDecl, *ast.TypeSpec, *ast.LabeledStmt, *ast.BranchStmt, *ast.File:
			return
		default:
			_ = p
		}
	} else if !r.free[id] || r.s.objs[id.Name] != nil {
		return
	}
	v := r.s.last[depth-1]
	if v == nil {
		why := "there is no last value yet: run an expression first"
		if r.s.fallback != "" && depth == 1 {
			why = r.s.fallback
		}
		r.fail(id, "%s", why)
		return
	}
	c.Replace(&ast.Ident{NamePos: id.NamePos, Name: v.Name()})
}

// xray gives xray(expr) its meaning where no cell declared the name.
func (r *resolver) xray(x *ast.CallExpr) {
	id, ok := x.Fun.(*ast.Ident)
	if !ok || id.Name != "xray" || !r.free[id] || r.s.objs["xray"] != nil {
		return
	}
	if len(x.Args) != 1 {
		r.fail(x, "xray takes one expression, whose requests it shows: xray(ec2.GetAllZones())")
		return
	}
	x.Fun = &ast.Ident{NamePos: id.NamePos, Name: rewrite.XRay}
}

// numberedValue gives Out[n] its meaning.
func (r *resolver) numberedValue(c *astutil.Cursor, x *ast.IndexExpr) {
	id, ok := x.X.(*ast.Ident)
	if !ok || id.Name != "Out" || !r.free[id] || r.s.objs["Out"] != nil {
		return
	}
	lit, ok := x.Index.(*ast.BasicLit)
	if !ok || lit.Kind != token.INT {
		r.fail(x, "Out takes the number of a cell: Out[3]")
		return
	}
	n, err := strconv.Atoi(lit.Value)
	if err != nil || r.s.outs[n] == nil {
		r.fail(x, "cell %s has no value", lit.Value)
		return
	}
	c.Replace(&ast.Ident{NamePos: id.NamePos, Name: outName(n)})
}

// selector decides what a name in front of a dot is.
func (r *resolver) selector(c *astutil.Cursor, x *ast.SelectorExpr) {
	id, ok := x.X.(*ast.Ident)
	if !ok || !r.free[id] {
		return
	}
	if r.s.packages[id.Name] && r.s.objs[id.Name] == nil {
		if o := r.s.objs[x.Sel.Name]; o != nil {
			n := &ast.Ident{NamePos: x.Sel.NamePos, Name: x.Sel.Name}
			c.Replace(n)
			r.free[n] = true
		}
		return
	}
	b, ok := r.s.bindings[id.Name]
	switch {
	case !ok:
	case b.SDK != "" && r.isSDK(c, x, b):
		x.X = &ast.Ident{NamePos: id.NamePos, Name: id.Name + sdkSuffix}
	case r.isOwn(x, b):
		x.X = &ast.Ident{NamePos: id.NamePos, Name: id.Name + ownSuffix}
	}
}

// ownSuffix marks the package of the bindings that shares its name with a
// connection.
const ownSuffix = rewrite.Mark + "own"

// isOwn tells whether a member of a connection's name is none of the
// connection's but one of its package, such as ec2.RegionInfo.
func (r *resolver) isOwn(x *ast.SelectorExpr, b Binding) bool {
	if r.s.objs[b.Name] != nil || b.Type == "" || !strings.HasPrefix(b.Path, "pawsh/") {
		return false
	}
	conn := r.s.binding(b.Name)
	if conn == nil {
		return false
	}
	if o, _, _ := types.LookupFieldOrMethod(conn.Type(), true, conn.Pkg(), x.Sel.Name); o != nil {
		return false
	}
	p, err := r.s.world.Import(b.Path)
	if err != nil {
		return false
	}
	o := p.Scope().Lookup(x.Sel.Name)
	return o != nil && o.Exported()
}

// isSDK tells whether a member of a name with two meanings is one of the SDK's
// package and not one of the connection.
func (r *resolver) isSDK(c *astutil.Cursor, x *ast.SelectorExpr, b Binding) bool {
	var conn types.Object
	switch o := r.s.objs[b.Name].(type) {
	case nil:
		conn = r.s.binding(b.Name)
	case *types.PkgName:
		if o.Imported().Path() != b.SDK {
			return false
		}
		conn = r.s.binding(b.Name)
	default:
		conn = o
	}
	if conn != nil && !(x.Sel.Name == "Client" && isTypePosition(c)) {
		if o, _, _ := types.LookupFieldOrMethod(conn.Type(), true, conn.Pkg(), x.Sel.Name); o != nil {
			// an imported package gives way to the connection's member only here
			if pn, ok := r.s.objs[b.Name].(*types.PkgName); ok && pn != nil {
				x.X = &ast.Ident{NamePos: x.X.Pos(), Name: b.Name + connSuffix}
			}
			return false
		}
	}
	p, err := r.s.world.Import(b.SDK)
	if err != nil {
		return false
	}
	o := p.Scope().Lookup(x.Sel.Name)
	return o != nil && o.Exported()
}

// connSuffix marks the connection where the name was imported as a package.
const connSuffix = rewrite.Mark + "conn"

// isTypePosition tells whether the expression at the cursor names a type.
func isTypePosition(c *astutil.Cursor) bool {
	switch p := c.Parent().(type) {
	case *ast.StarExpr:
		return true
	case *ast.Field, *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.Ellipsis, *ast.TypeSpec:
		return true
	case *ast.ValueSpec, *ast.CompositeLit, *ast.TypeAssertExpr:
		return c.Name() == "Type"
	case *ast.CallExpr:
		if id, ok := p.Fun.(*ast.Ident); ok && c.Name() == "Args" {
			return id.Name == "new" || id.Name == "make"
		}
	}
	return false
}

func (r *resolver) fail(n ast.Node, format string, args ...any) {
	if r.err == nil {
		r.err = r.u.Errorf(n, format, args...)
	}
}
