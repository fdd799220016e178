package check

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"pawsh/repl/rewrite"
)

// Signature gives the call that byte pos of a cell's text is in, with the
// current parameter between « and ». It is "" outside calls.
func (c *Completer) Signature(ctx context.Context, text string, pos int) string {
	st, ok := locate(text, pos)
	if !ok || st.importing || !strings.Contains(st.closers, ")") || ctx.Err() != nil {
		return ""
	}
	defer c.scope.undo()()
	if !st.check(ctx, c.scope) {
		return ""
	}
	call, arg := st.innermost()
	if call == nil {
		return ""
	}
	fun := ast.Unparen(call.Fun)
	tv, ok := st.unit.Info.Types[fun]
	if !ok || tv.IsType() {
		return ""
	}
	if tv.IsBuiltin() {
		if id, ok := fun.(*ast.Ident); ok {
			return id.Name + builtins[id.Name]
		}
		return ""
	}
	sig, ok := tv.Type.Underlying().(*types.Signature)
	if !ok {
		return ""
	}
	var home *types.Package
	if f := callee(st.unit, fun); f != nil {
		home = f.Pkg()
	}
	return plain(funcName(fun)) + signature(sig, home, arg)
}

// funcName is what a person calls a function by: without what a chain of calls
// has in front of it.
func funcName(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if in := funcName(f.X); in != "func" {
			return in + "." + f.Sel.Name
		}
		return "." + f.Sel.Name
	}
	return "func"
}

// innermost finds the call whose arguments hold the cursor, and which one does.
func (st *site) innermost() (*ast.CallExpr, int) {
	for i := len(st.path) - 2; i >= 0; i-- {
		switch n := st.path[i].(type) {
		case *ast.BlockStmt:
			return nil, 0
		case *ast.CallExpr:
			for j, a := range n.Args {
				if a == st.path[i+1] && !isInvented(n.Fun) {
					return n, j
				}
			}
		}
	}
	return nil, 0
}

// isInvented tells whether a function is one that unwraps calls.
func isInvented(fun ast.Expr) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	return ok && strings.Contains(id.Name, rewrite.Mark) && !strings.HasSuffix(id.Name, sdkSuffix) && !strings.HasSuffix(id.Name, connSuffix)
}

// callee is the declared function or method that is called, or nil.
func callee(u *rewrite.Unit, fun ast.Expr) *types.Func {
	var o types.Object
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		o = u.Info.Uses[f]
	case *ast.SelectorExpr:
		o = u.Info.Uses[f.Sel]
		if sel := u.Info.Selections[f]; sel != nil {
			o = sel.Obj()
		}
	}
	f, _ := o.(*types.Func)
	return f
}

// call describes the call that the cursor's value is an argument of: itself or
// as an element of a slice.
func (c *Completer) call(st *site) *Call {
	bare := true
	for i := len(st.path) - 2; i >= 0; i-- {
		switch n := st.path[i].(type) {
		case *ast.CompositeLit:
			if _, ok := n.Type.(*ast.ArrayType); !ok || n.Type == st.path[i+1] {
				return nil
			}
			bare = false
		case *ast.ParenExpr:
		case *ast.KeyValueExpr:
			return c.field(st, i, n)
		case *ast.CallExpr:
			if isInvented(n.Fun) {
				continue
			}
			for j, a := range n.Args {
				if a == st.path[i+1] {
					d := c.describe(st, i, n, j)
					if d == nil {
						return nil
					}
					if kv, ok := st.parent(len(st.path) - i).(*ast.KeyValueExpr); ok && d.Path == awsPath { // aws.String("...")
						return c.field(st, i-1, kv)
					}
					d.Bare = bare
					return d
				}
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// awsPath is the package whose functions make pointers of strings.
const awsPath = "github.com/aws/aws-sdk-go-v2/aws"

// field describes the field at place i of the path as if the struct were a
// function: the input of an operation names its parameters.
func (c *Completer) field(st *site, i int, kv *ast.KeyValueExpr) *Call {
	key, ok := kv.Key.(*ast.Ident)
	if !ok || kv.Value != st.path[i+1] || i == 0 {
		return nil
	}
	cl, ok := st.path[i-1].(*ast.CompositeLit)
	if !ok {
		return nil
	}
	n := named(st.unit.Info.TypeOf(cl))
	if n == nil {
		return nil
	}
	d := &Call{Path: pathOf(n.Obj()), Name: n.Obj().Name() + "." + key.Name, Param: key.Name}
	d.Outer = c.outer(st, i-1)
	return d
}

// outer describes the call around place i of the path.
func (c *Completer) outer(st *site, i int) *Call {
	for k := i - 1; k >= 0; k-- {
		switch n := st.path[k].(type) {
		case *ast.BlockStmt:
			return nil
		case *ast.CallExpr:
			if isInvented(n.Fun) {
				continue
			}
			for m, a := range n.Args {
				if a == st.path[k+1] {
					return c.describe(st, k, n, m)
				}
			}
			return nil
		}
	}
	return nil
}

// describe tells of the call at place i of the path and its argument j.
func (c *Completer) describe(st *site, i int, n *ast.CallExpr, j int) *Call {
	f := callee(st.unit, n.Fun)
	if f == nil {
		return nil
	}
	sig, ok := st.unit.Info.TypeOf(n.Fun).(*types.Signature)
	if !ok {
		sig = f.Signature()
	}
	d := &Call{Path: pathOf(f), Name: f.Name()}
	if r := f.Signature().Recv(); r != nil {
		if t := named(r.Type()); t != nil {
			d.Name = t.Obj().Name() + "." + f.Name()
		}
	}
	if p := parameter(sig, j); p != nil {
		d.Param, d.Type = p.Name(), paramType(sig, j)
	}
	if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil {
		d.Root, d.Direct = root(sel.X)
	}
	d.Outer = c.outer(st, i)
	return d
}

// root is the name that a chain of selectors, calls and indices begins with.
func root(x ast.Expr) (name string, direct bool) {
	direct = true
	for {
		switch e := x.(type) {
		case *ast.Ident:
			n := strings.TrimSuffix(strings.TrimSuffix(e.Name, sdkSuffix), connSuffix)
			return n, direct
		case *ast.ParenExpr:
			x = e.X
			continue
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.CallExpr:
			if isInvented(e.Fun) && len(e.Args) == 1 {
				x = e.Args[0]
			} else {
				x = e.Fun
			}
		default:
			return "", false
		}
		direct = false
	}
}

func parameter(sig *types.Signature, i int) *types.Var {
	n := sig.Params().Len()
	switch {
	case i < n:
		return sig.Params().At(i)
	case sig.Variadic() && n > 0:
		return sig.Params().At(n - 1)
	}
	return nil
}

// paramType is the type that argument i must have.
func paramType(sig *types.Signature, i int) types.Type {
	p := parameter(sig, i)
	if p == nil {
		return nil
	}
	if s, ok := p.Type().(*types.Slice); ok && sig.Variadic() && i >= sig.Params().Len()-1 {
		return s.Elem()
	}
	return p.Type()
}

// wanted gives the type that the place of the cursor asks for, or nil.
func (c *Completer) wanted(st *site) types.Type {
	info := st.unit.Info
	switch p := st.parent(1).(type) {
	case *ast.CallExpr:
		if sig, ok := info.TypeOf(p.Fun).(*types.Signature); ok {
			for j, a := range p.Args {
				if a == ast.Expr(st.ident) {
					return paramType(sig, j)
				}
			}
		}
	case *ast.KeyValueExpr:
		return st.wantedElement(p)
	case *ast.CompositeLit:
		switch t := elem(info.TypeOf(p)).(type) {
		case *types.Slice:
			return t.Elem()
		case *types.Array:
			return t.Elem()
		case *types.Map:
			return t.Key()
		}
	case *ast.BinaryExpr:
		if p.Y == ast.Expr(st.ident) && p.Op != token.LAND && p.Op != token.LOR {
			return info.TypeOf(p.X)
		}
	case *ast.AssignStmt:
		for j, r := range p.Rhs {
			if r == ast.Expr(st.ident) && len(p.Lhs) == len(p.Rhs) && p.Tok != token.DEFINE {
				return info.TypeOf(p.Lhs[j])
			}
		}
	case *ast.ValueSpec:
		if p.Type != nil && p.Type != ast.Expr(st.ident) {
			return info.TypeOf(p.Type)
		}
	case *ast.IndexExpr:
		if t, ok := elem(info.TypeOf(p.X)).(*types.Map); ok && p.Index == ast.Expr(st.ident) {
			return t.Key()
		}
	case *ast.CaseClause:
		for i := range st.path {
			if sw, ok := st.parent(i).(*ast.SwitchStmt); ok && sw.Tag != nil {
				return info.TypeOf(sw.Tag)
			}
		}
	case *ast.SendStmt:
		if t, ok := elem(info.TypeOf(p.Chan)).(*types.Chan); ok && p.Value == ast.Expr(st.ident) {
			return t.Elem()
		}
	}
	return nil
}

// elem is the underlying type, of what a pointer points to.
func elem(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying()
}

// wantedElement is the type of the cursor behind or in front of a colon.
func (st *site) wantedElement(kv *ast.KeyValueExpr) types.Type {
	cl, ok := st.parent(2).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	switch t := elem(st.unit.Info.TypeOf(cl)).(type) {
	case *types.Struct:
		id, ok := kv.Key.(*ast.Ident)
		if !ok || kv.Value != ast.Expr(st.ident) {
			return nil
		}
		for i := range t.NumFields() {
			if t.Field(i).Name() == id.Name {
				return t.Field(i).Type()
			}
		}
	case *types.Map:
		if kv.Value == ast.Expr(st.ident) {
			return t.Elem()
		}
		return t.Key()
	case *types.Slice:
		return t.Elem()
	}
	return nil
}

// signature writes parameters and results, argument arg's between « and ».
// Types of package home stand without its name, as do those of cells.
func signature(sig *types.Signature, home *types.Package, arg int) string {
	q := shortQualifier(home)
	var b strings.Builder
	b.WriteByte('(')
	n := sig.Params().Len()
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		p := sig.Params().At(i)
		text := types.TypeString(p.Type(), q)
		if sig.Variadic() && i == n-1 {
			if s, ok := p.Type().(*types.Slice); ok {
				text = "..." + types.TypeString(s.Elem(), q)
			}
		}
		same := arg < 0 && i+1 < n && !(sig.Variadic() && i+1 == n-1) && types.Identical(p.Type(), sig.Params().At(i+1).Type())
		switch {
		case p.Name() == "" || p.Name() == "_":
		case same: // a, b string
			text = p.Name()
		default:
			text = p.Name() + " " + text
		}
		if i == arg || i == n-1 && sig.Variadic() && arg >= n {
			text = "«" + text + "»"
		}
		b.WriteString(text)
	}
	b.WriteByte(')')
	switch r := sig.Results(); r.Len() {
	case 0:
	case 1:
		b.WriteString(" " + types.TypeString(r.At(0).Type(), q))
	default:
		b.WriteString(" (")
		for i := range r.Len() {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(types.TypeString(r.At(i).Type(), q))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// shortQualifier leaves out the package that is being looked at.
func shortQualifier(home *types.Package) types.Qualifier {
	return func(p *types.Package) string {
		if p == home {
			return ""
		}
		return qualifier(p)
	}
}

// builtins are the signatures of the language's own functions.
var builtins = map[string]string{
	"append": "(slice []T, elems ...T) []T", "cap": "(v T) int", "clear": "(mapOrSlice T)", "close": "(c chan<- T)",
	"complex": "(r, i float) complex", "copy": "(dst, src []T) int", "delete": "(m map[K]V, key K)", "imag": "(c complex) float",
	"len": "(v T) int", "make": "(T, size ...int) T", "max": "(x T, y ...T) T", "min": "(x T, y ...T) T", "new": "(T) *T",
	"panic": "(v any)", "print": "(args ...T)", "println": "(args ...T)", "real": "(c complex) float", "recover": "() any",
}
