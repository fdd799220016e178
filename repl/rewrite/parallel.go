package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// parallel tells whether a statement assigns several values at once.
func parallel(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	return ok && a.Tok == token.ASSIGN && len(a.Lhs) > 1 && len(a.Lhs) == len(a.Rhs) && !plainPair(a)
}

// plainPair tells whether all sides of an assignment are names or literals,
// which the interpreter assigns in parallel as it should.
func plainPair(s *ast.AssignStmt) bool {
	plain := func(x ast.Expr) bool {
		switch x := ast.Unparen(x).(type) {
		case *ast.Ident:
			return x.Name != "nil" // which the interpreter can't assign in parallel
		case *ast.BasicLit:
			return true
		}
		return false
	}
	for i := range s.Lhs {
		if !plain(s.Lhs[i]) || !plain(s.Rhs[i]) {
			return false
		}
	}
	return true
}

// parallel lowers an assignment of several values: the operands of the left
// side and the values first, then one assignment after the other.
func (e *em) parallel(s *ast.AssignStmt, tok token.Token) string {
	out := ""
	lhs := make([]string, len(s.Lhs))
	for i, l := range s.Lhs {
		id, ok := l.(*ast.Ident)
		if ok && tok == token.DEFINE && id.Name != "_" {
			lhs[i] = e.localName(id.Name)
			continue
		}
		var pre string
		pre, lhs[i] = e.place(l)
		out += pre
	}
	values := make([]string, len(s.Rhs))
	for i, x := range s.Rhs {
		t := e.typeOf(x)
		if id, ok := s.Lhs[i].(*ast.Ident); !ok || id.Name != "_" {
			t = e.typeOf(s.Lhs[i])
		}
		values[i] = e.temp("t")
		if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
			values[i] = "nil"
			continue
		}
		out += "var " + values[i] + " " + e.typ(t) + " = " + e.coerce(x, t) + "\n"
	}
	for i := range lhs {
		op := " = "
		if tok == token.DEFINE && lhs[i] != "_" {
			op = " := "
		}
		out += lhs[i] + op + values[i] + "\n"
	}
	return strings.TrimSuffix(out, "\n")
}

// place evaluates the operands of a place and gives how it is written then.
func (e *em) place(x ast.Expr) (pre, text string) {
	switch y := ast.Unparen(x).(type) {
	case *ast.IndexExpr:
		if instIdent(y.X) == nil || e.info.Instances[instIdent(y.X)].TypeArgs == nil {
			base := e.lval(y.X)
			if _, array := e.typeOf(y.X).Underlying().(*types.Array); !array {
				b := e.temp("b")
				pre = b + " := " + base + "\n"
				base = b
			}
			if tv := e.info.Types[y.Index]; tv.Value != nil {
				return pre, base + "[" + e.mapKey(y.X, y.Index) + "]"
			}
			i := e.temp("i")
			return pre + i + " := " + e.mapKey(y.X, y.Index) + "\n", base + "[" + i + "]"
		}
	case *ast.StarExpr:
		p := e.temp("p")
		return p + " := " + e.expr(y.X) + "\n", "*" + p
	}
	return "", e.lval(x)
}
