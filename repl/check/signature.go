package check

import (
	"context"
	"go/ast"
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
	return ok && strings.Contains(id.Name, rewrite.Mark) && !strings.HasSuffix(id.Name, sdkSuffix) && !strings.HasSuffix(id.Name, ownSuffix) && !strings.HasSuffix(id.Name, connSuffix)
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
