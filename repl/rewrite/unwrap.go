package rewrite

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// mustPrefix is followed by the number of values that are kept.
const mustPrefix = "must" + Mark

// Prelude is checked as the first unit of a session. The rewriter puts its
// functions around calls, so that go/types infers all the types; they are
// lowered to plain code and never run themselves.
const Prelude = `
func mustǃ1[A any](a A, err error) A { panic(err) }
func mustǃ2[A, B any](a A, b B, err error) (A, B) { panic(err) }
func mustǃ3[A, B, C any](a A, b B, c C, err error) (A, B, C) { panic(err) }
func mustǃ4[A, B, C, D any](a A, b B, c C, d D, err error) (A, B, C, D) { panic(err) }
func xrayǃ[A any](a A) A { panic(a) }
`

const maxMust = 4

func isMust(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && strings.HasPrefix(id.Name, mustPrefix)
}

// Unwrap wraps each call that yields (T..., error) where one value fewer is
// wanted, and tells whether it wrapped anything: then the unit must be checked
// again. Calls whose error is taken (`v, err := f()`) are never touched.
func Unwrap(u *Unit) bool {
	w := &unwrapper{info: u.Info}
	astutil.Apply(u.File, func(c *astutil.Cursor) bool {
		w.visit(c.Node())
		return true
	}, nil)
	return w.done
}

type unwrapper struct {
	info *types.Info
	done bool
}

// tuple gives the results of an unwrapped call that ends in error.
func (w *unwrapper) tuple(e ast.Expr) (*types.Tuple, bool) {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || isMust(c.Fun) {
		return nil, false
	}
	tv, ok := w.info.Types[c]
	if !ok {
		return nil, false
	}
	return ErrorTuple(tv.Type)
}

// one wraps *e when it yields one value and an error.
func (w *unwrapper) one(e *ast.Expr) {
	if *e == nil {
		return
	}
	if tp, ok := w.tuple(*e); ok && tp.Len() == 2 {
		w.wrap(e, 1)
	}
}

func (w *unwrapper) wrap(e *ast.Expr, keep int) {
	if keep > maxMust {
		return
	}
	w.done = true
	x := *e
	*e = &ast.CallExpr{
		Fun:    &ast.Ident{Name: mustPrefix + string(rune('0'+keep)), NamePos: x.Pos()},
		Args:   []ast.Expr{x},
		Lparen: x.Pos(), Rparen: x.End(),
	}
}

// assigned wraps the right side of an assignment to n places.
func (w *unwrapper) assigned(n int, rhs []ast.Expr) {
	if len(rhs) == 1 {
		if tp, ok := w.tuple(rhs[0]); ok && n == tp.Len()-1 {
			w.wrap(&rhs[0], n)
		}
		return
	}
	for i := range rhs {
		w.one(&rhs[i])
	}
}

func (w *unwrapper) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		w.assigned(len(n.Lhs), n.Rhs)
	case *ast.ValueSpec:
		w.assigned(len(n.Names), n.Values)
	case *ast.FuncDecl:
		if n.Body != nil {
			if f, ok := w.info.Defs[n.Name].(*types.Func); ok {
				w.returns(n.Body, f.Signature())
			}
		}
	case *ast.FuncLit:
		if sig, ok := w.info.TypeOf(n).(*types.Signature); ok {
			w.returns(n.Body, sig)
		}
	case *ast.CallExpr:
		w.call(n)
	case *ast.SelectorExpr:
		w.one(&n.X)
	case *ast.IndexExpr:
		w.one(&n.X)
		w.one(&n.Index)
	case *ast.SliceExpr:
		w.one(&n.X)
		w.one(&n.Low)
		w.one(&n.High)
		w.one(&n.Max)
	case *ast.StarExpr:
		w.one(&n.X)
	case *ast.UnaryExpr:
		w.one(&n.X)
	case *ast.BinaryExpr:
		w.one(&n.X)
		w.one(&n.Y)
	case *ast.TypeAssertExpr:
		w.one(&n.X)
	case *ast.KeyValueExpr:
		w.one(&n.Key)
		w.one(&n.Value)
	case *ast.CompositeLit:
		for i := range n.Elts {
			w.one(&n.Elts[i])
		}
	case *ast.RangeStmt:
		w.one(&n.X)
	case *ast.IfStmt:
		w.one(&n.Cond)
	case *ast.ForStmt:
		w.one(&n.Cond)
	case *ast.SwitchStmt:
		w.one(&n.Tag)
	case *ast.CaseClause:
		for i := range n.List {
			w.one(&n.List[i])
		}
	case *ast.SendStmt:
		w.one(&n.Chan)
		w.one(&n.Value)
	case *ast.IncDecStmt:
		w.one(&n.X)
	}
}

// call wraps the callee and the arguments. f(g()) stays when f takes the tuple.
func (w *unwrapper) call(n *ast.CallExpr) {
	if isMust(n.Fun) {
		return
	}
	w.one(&n.Fun)
	if len(n.Args) != 1 {
		for i := range n.Args {
			w.one(&n.Args[i])
		}
		return
	}
	tp, ok := w.tuple(n.Args[0])
	if !ok {
		return
	}
	sig, _ := underlying(w.info.TypeOf(n.Fun)).(*types.Signature)
	if sig != nil && accepts(sig, tp) {
		return
	}
	if tp.Len() == 2 {
		w.wrap(&n.Args[0], 1)
	} else if sig != nil && sig.Params().Len() == tp.Len()-1 {
		w.wrap(&n.Args[0], tp.Len()-1)
	}
}

// returns wraps the results of return statements in a function without error.
func (w *unwrapper) returns(body *ast.BlockStmt, sig *types.Signature) {
	n := sig.Results().Len()
	if n == 0 || IsError(sig.Results().At(n-1).Type()) {
		return
	}
	ast.Inspect(body, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(x.Results) > 0 {
				w.assigned(n, x.Results)
			}
		}
		return true
	})
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func accepts(sig *types.Signature, tp *types.Tuple) bool {
	np := sig.Params().Len()
	if sig.Variadic() {
		if tp.Len() < np-1 {
			return false
		}
	} else if np != tp.Len() {
		return false
	}
	for i := 0; i < tp.Len(); i++ {
		var pt types.Type
		if sig.Variadic() && i >= np-1 {
			s, ok := sig.Params().At(np - 1).Type().(*types.Slice)
			if !ok {
				return false
			}
			pt = s.Elem()
		} else {
			pt = sig.Params().At(i).Type()
		}
		if _, ok := types.Unalias(pt).(*types.TypeParam); ok {
			continue
		}
		if !types.AssignableTo(tp.At(i).Type(), pt) {
			return false
		}
	}
	return true
}

// WrapResult unwraps the trailing expression, of which keep values are wanted.
func WrapResult(u *Unit, keep int) bool {
	w := &unwrapper{info: u.Info}
	list := u.Func.Body.List
	es := list[len(list)-1].(*ast.ExprStmt)
	w.wrap(&es.X, keep)
	u.Result = es.X
	return w.done
}
