package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// droppable tells whether the interpreter mishandles `_ = x`.
func (e *em) droppable(x ast.Expr) bool {
	if tv := e.info.Types[x]; tv.Value != nil || tv.IsType() {
		return false
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.IndexExpr:
		_, ok := e.typeOf(x.X).Underlying().(*types.Map)
		return ok
	}
	return false
}

// mapUpdate tells whether m[k] op= f() must evaluate f first, as the compiler
// does: the interpreter evaluates m and k before f and again behind it.
func (e *em) mapUpdate(s *ast.AssignStmt) bool {
	x, ok := ast.Unparen(s.Lhs[0]).(*ast.IndexExpr)
	if !ok || !e.hasCall(s.Rhs[0]) || e.hasCall(x) {
		return false
	}
	_, ok = e.typeOf(x.X).Underlying().(*types.Map)
	return ok
}

// callsAmong tells whether one of the expressions calls a function.
func (e *em) callsAmong(xs []ast.Expr) bool {
	for _, x := range xs {
		if e.hasCall(x) {
			return true
		}
	}
	return false
}

// component gives the type of value i of the right side of an assignment.
func (e *em) component(rhs []ast.Expr, i int) types.Type {
	if len(rhs) > 1 {
		return e.typeOf(rhs[i])
	}
	t := e.typeOf(rhs[0])
	if tp, ok := t.(*types.Tuple); ok && i < tp.Len() {
		return tp.At(i).Type()
	}
	return t
}

// staged splits an assignment of several values in the head of a loop: what
// evaluates the values, and the assignment of plain names that is left.
func (e *em) staged(s *ast.AssignStmt) (first, then string) {
	values, names := make([]string, len(s.Rhs)), make([]string, len(s.Lhs))
	for i, x := range s.Rhs {
		t := e.typeOf(x)
		if !isBlank(s.Lhs[i]) {
			t = e.typeOf(s.Lhs[i])
		}
		names[i] = "_"
		switch id, ok := s.Lhs[i].(*ast.Ident); {
		case isBlank(s.Lhs[i]):
		case ok && s.Tok == token.DEFINE:
			names[i] = e.localName(id.Name)
		default:
			names[i] = e.lval(s.Lhs[i])
		}
		values[i] = e.temp("t")
		first += "var " + values[i] + " " + e.typ(t) + " = " + e.coerce(x, t) + "\n"
	}
	return first, strings.Join(names, ", ") + " " + s.Tok.String() + " " + strings.Join(values, ", ")
}

// shiftCount writes the count of a shift: the interpreter takes a negative one
// for 0.
func (e *em) shiftCount(x ast.Expr) string {
	b, ok := e.typeOf(x).Underlying().(*types.Basic)
	if !ok || e.info.Types[x].Value != nil || b.Info()&types.IsUnsigned != 0 {
		return e.expr(x)
	}
	if m, ok := ast.Unparen(x).(*ast.BinaryExpr); ok && m.Op == token.AND && (e.info.Types[m.X].Value != nil || e.info.Types[m.Y].Value != nil) {
		return e.expr(x) // a mask
	}
	return Host + ".Shift(int64(" + e.expr(x) + "))"
}
