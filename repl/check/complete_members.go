package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"pawsh/repl/rewrite"
)

// selected offers what may stand behind a dot.
func (c *Completer) selected(st *site, sel *ast.SelectorExpr, l *list) {
	info := st.unit.Info
	id, _ := ast.Unparen(sel.X).(*ast.Ident)
	typesOnly := typePosition(st.parent(2), sel)
	if id != nil {
		if b, ok := c.scope.bindings[id.Name]; ok && b.SDK != "" && c.free(st, id) {
			c.twoMeanings(b, typesOnly, l)
			return
		}
		if pn, ok := info.Uses[id].(*types.PkgName); ok {
			c.packageMembers(pn.Imported(), typesOnly, 0, l)
			return
		}
		if c.scope.packages[id.Name] && info.Uses[id] == nil {
			for _, o := range c.scope.objs {
				l.add(candidate(o, nil), o, 0)
			}
			return
		}
	}
	tv, ok := info.Types[sel.X]
	if !ok || tv.Type == nil {
		return
	}
	t := tv.Type
	if tp, ok := rewrite.ErrorTuple(t); ok && tp.Len() == 2 {
		t = tp.At(0).Type()
	}
	c.valueMembers(t, tv.IsType(), l)
}

// free tells whether a name in the unit means what the session or the shell
// says, not what the unit itself declares.
func (c *Completer) free(st *site, id *ast.Ident) bool {
	o := st.unit.Info.Uses[id]
	if o == nil || o == c.scope.objs[id.Name] {
		return true
	}
	if _, ok := o.(*types.PkgName); ok { // made anew for each unit
		return true
	}
	v, ok := o.(*types.Var)
	return ok && v == c.scope.bound[id.Name]
}

// twoMeanings offers the members of a connection and then those of the SDK
// package of the same name.
func (c *Completer) twoMeanings(b Binding, typesOnly bool, l *list) {
	var conn types.Object = c.scope.binding(b.Name)
	if o := c.scope.objs[b.Name]; o != nil {
		pn, ok := o.(*types.PkgName)
		if ok && pn.Imported().Path() != b.SDK {
			c.packageMembers(pn.Imported(), typesOnly, 0, l)
			return
		}
		if !ok {
			conn = o
		}
	}
	if conn != nil && !typesOnly {
		c.valueMembers(conn.Type(), false, l)
	}
	if p, err := c.scope.world.Import(b.SDK); err == nil {
		c.packageMembers(p, typesOnly, 1, l)
	}
}

// packageMembers offers what a package exports.
func (c *Completer) packageMembers(p *types.Package, typesOnly bool, class int, l *list) {
	ms, ok := c.members[p]
	if !ok {
		for _, n := range p.Scope().Names() {
			if token.IsExported(n) {
				o := p.Scope().Lookup(n)
				ms = append(ms, member{candidate(o, p), o})
			}
		}
		c.members[p] = ms
	}
	for _, m := range ms {
		if _, ok := m.o.(*types.TypeName); !typesOnly || ok {
			l.add(m.Candidate, m.o, class)
		}
	}
}

// member is a field or a method of a type, or what a package exports.
type member struct {
	Candidate
	o types.Object
}

// valueMembers offers fields and methods of a value, or of a type the methods.
func (c *Completer) valueMembers(t types.Type, isType bool, l *list) {
	n := named(t)
	if n == nil || rewrite.IsSession(n.Obj()) || n.TypeArgs().Len() > 0 {
		offer(memberList(t), isType, l)
		return
	}
	ms, ok := c.members[n]
	if !ok {
		ms = memberList(t)
		slices.SortFunc(ms, func(a, b member) int { return strings.Compare(a.Text, b.Text) })
		c.members[n] = ms // compiled types stay as they are
	}
	offer(ms, isType, l)
}

func offer(members []member, isType bool, l *list) {
	for _, m := range members {
		if !isType || m.Kind == "method" {
			l.add(m.Candidate, nil, 0)
		}
	}
}

// maxEmbedded bounds the depth of embedded fields that are looked into.
const maxEmbedded = 5

// memberList lists fields and methods, those of embedded fields included.
func memberList(t types.Type) []member {
	w := memberWalk{visited: map[*types.Named]bool{}, seen: map[string]bool{}}
	w.walk(t, 0)
	return w.out
}

type memberWalk struct {
	out     []member
	visited map[*types.Named]bool
	seen    map[string]bool
}

func (w *memberWalk) walk(t types.Type, depth int) {
	if depth > maxEmbedded {
		return
	}
	owner := ""
	var home *types.Package
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		if w.visited[n] {
			return
		}
		w.visited[n] = true
		owner, home = n.Obj().Name(), n.Obj().Pkg()
		for i := range n.NumMethods() {
			w.take(n.Method(i), owner, home)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		var embedded []types.Type
		for i := range u.NumFields() {
			f := u.Field(i)
			w.take(f, owner, home)
			if f.Embedded() {
				embedded = append(embedded, f.Type())
			}
		}
		for _, e := range embedded { // what is nearer hides what is deeper
			w.walk(e, depth+1)
		}
	case *types.Interface:
		for i := range u.NumMethods() {
			w.take(u.Method(i), owner, home)
		}
	case *types.Pointer:
		if depth == 0 {
			w.walk(u, depth+1)
		}
	}
}

func (w *memberWalk) take(o types.Object, owner string, home *types.Package) {
	if !o.Exported() && !rewrite.IsSession(o) || w.seen[o.Name()] {
		return
	}
	w.seen[o.Name()] = true
	c := candidate(o, home)
	if p := pathOf(o); p != "" && owner != "" {
		c.Path, c.Name = p, owner+"."+o.Name()
	}
	w.out = append(w.out, member{c, o})
}

// candidate makes a candidate of an object; names of package home stand alone.
func candidate(o types.Object, home *types.Package) Candidate {
	c := Candidate{Text: o.Name()}
	q := shortQualifier(home)
	switch o := o.(type) {
	case *types.Func:
		c.Kind, c.Detail = "func", signature(o.Signature(), home, -1)
		if o.Signature().Recv() != nil {
			c.Kind = "method"
		}
	case *types.Var:
		c.Kind, c.Detail = "var", types.TypeString(o.Type(), q)
		if o.IsField() {
			c.Kind = "field"
		}
		if sig, ok := o.Type().(*types.Signature); ok {
			c.Detail = "func" + signature(sig, home, -1)
		}
	case *types.Const:
		c.Kind, c.Detail = "const", o.Val().String()
	case *types.TypeName:
		c.Kind, c.Detail = "type", shape(o.Type(), q)
	case *types.PkgName:
		c.Kind, c.Detail = "package", o.Imported().Path()
		c.Path = o.Imported().Path()
	case *types.Builtin:
		c.Kind, c.Detail = "func", builtins[o.Name()]
	case *types.Nil:
		c.Kind = "value"
	}
	return c
}

// shape says of a type what it is, without the fields of a struct.
func shape(t types.Type, q types.Qualifier) string {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	default:
		return types.TypeString(u, q)
	}
}

// typePosition tells whether the place of an expression takes a type.
func typePosition(parent ast.Node, x ast.Expr) bool {
	switch p := parent.(type) {
	case *ast.Field:
		return p.Type == x
	case *ast.StarExpr, *ast.MapType, *ast.ChanType, *ast.Ellipsis:
		return true
	case *ast.ArrayType:
		return p.Elt == x
	case *ast.ValueSpec:
		return p.Type == x
	case *ast.TypeSpec:
		return p.Type == x
	case *ast.CompositeLit:
		return p.Type == x
	case *ast.TypeAssertExpr:
		return p.Type == x
	case *ast.CallExpr:
		id, ok := p.Fun.(*ast.Ident)
		return ok && len(p.Args) > 0 && p.Args[0] == x && (id.Name == "new" || id.Name == "make")
	}
	return false
}
