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
	return ok && (a.Tok == token.ASSIGN || a.Tok == token.DEFINE) && len(a.Lhs) > 1 && len(a.Lhs) == len(a.Rhs) && !plainPair(a)
}

// sequenced tells whether a simple statement becomes several ones, which stand
// before the statement that it is in the head of.
func (e *em) sequenced(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	return ok && (parallel(a) || isReceive(a) || e.isTuple(a))
}

// isReceive tells whether a statement assigns what is received from a channel.
func isReceive(s *ast.AssignStmt) bool {
	return len(s.Lhs) == 1 && len(s.Rhs) == 1 && !isBlank(s.Lhs[0]) && (s.Tok == token.ASSIGN || s.Tok == token.DEFINE) && receives(s.Rhs[0])
}

func receives(x ast.Expr) bool {
	u, ok := ast.Unparen(x).(*ast.UnaryExpr)
	return ok && u.Op == token.ARROW
}

// specValue writes a value of a var declaration; see receive.
func (e *em) specValue(x ast.Expr) string {
	if !receives(x) {
		return e.expr(x)
	}
	v := e.temp("t")
	return "func() " + e.typ(e.typeOf(x)) + " { " + v + " := " + e.expr(x) + "; return " + v + " }()"
}

// isTuple tells whether a statement assigns the values of one expression to
// places that the interpreter evaluates too late or converts wrongly.
func (e *em) isTuple(s *ast.AssignStmt) bool {
	if s.Tok != token.ASSIGN || len(s.Lhs) < 2 || len(s.Rhs) != 1 {
		return false
	}
	types_, ok := e.info.Types[s.Rhs[0]].Type.(*types.Tuple)
	for i, l := range s.Lhs {
		id, name := ast.Unparen(l).(*ast.Ident)
		if !name || ok && i < types_.Len() && id.Name != "_" && !types.Identical(e.subst(types_.At(i).Type()), e.typeOf(l)) {
			return true
		}
	}
	return false
}

// inSequence lowers an assignment to several statements; where only one can
// stand, they are those of a function.
func (e *em) inSequence(tok token.Token, text func() string) string {
	if e.pre != nil || tok == token.DEFINE {
		return text()
	}
	var pre []string
	e.pre = &pre
	defer func() { e.pre = nil }()
	s := text()
	return "func() {\n" + strings.Join(append(pre, s), "\n") + "\n}()"
}

// receive lowers an assignment of a received value: the interpreter puts it in
// the place of the variable instead of copying it there.
func (e *em) receive(s *ast.AssignStmt, tok token.Token) string {
	x := s.Rhs[0]
	v := e.temp("t")
	if tok == token.DEFINE && e.pre == nil {
		return e.localName(s.Lhs[0].(*ast.Ident).Name) + " := " + e.specValue(x)
	}
	pre, lhs := "", ""
	if tok == token.DEFINE {
		lhs = e.localName(s.Lhs[0].(*ast.Ident).Name) + " := " + v
	} else {
		pre, lhs = e.place(s.Lhs[0])
		lhs += " = " + e.coerceText(v, x, e.typeOf(s.Lhs[0]))
	}
	return pre + v + " := " + e.expr(x) + "\n" + lhs
}

// tuple lowers an assignment of several values of one expression: the operands
// of the left side first, then the values, then one assignment after the other.
func (e *em) tuple(s *ast.AssignStmt, tok token.Token) string {
	x := s.Rhs[0]
	pre, post := "", ""
	tmps := make([]string, len(s.Lhs))
	tp, _ := e.info.Types[x].Type.(*types.Tuple)
	for i, l := range s.Lhs {
		if isBlank(l) {
			tmps[i] = "_"
			continue
		}
		tmps[i] = e.temp("t")
		before, lhs := e.place(l)
		pre += before
		var from types.Type
		if tp != nil {
			from = tp.At(i).Type()
		}
		value := e.coerceFrom(tmps[i], from, e.typeOf(l))
		if to := e.typeOf(l); i == 1 && len(s.Lhs) == 2 && to != types.Typ[types.Bool] && !e.isInterface(to) && commaOK(x) {
			value = e.typ(to) + "(" + value + ")" // a named type of bool
		}
		post += "\n" + lhs + " = " + value
	}
	return pre + strings.Join(tmps, ", ") + " := " + e.expr(x) + post
}

// commaOK tells whether the second value of an expression is its success.
func commaOK(x ast.Expr) bool {
	_, call := ast.Unparen(x).(*ast.CallExpr)
	return !call
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
		out += "var " + values[i] + " " + e.typ(t) + " = " + e.coerceText(e.specValue(x), x, t) + "\n"
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
		var base string
		if _, array := e.typeOf(y.X).Underlying().(*types.Array); array {
			pre, base = e.place(y.X)
		} else {
			base = e.temp("b")
			pre = base + " := " + e.lval(y.X) + "\n"
		}
		if tv := e.info.Types[y.Index]; tv.Value != nil {
			return pre, base + "[" + e.mapKey(y.X, y.Index) + "]"
		}
		i := e.temp("i")
		return pre + i + " := " + e.mapKey(y.X, y.Index) + "\n", base + "[" + i + "]"
	case *ast.StarExpr:
		p := e.temp("p")
		return p + " := " + e.expr(y.X) + "\n", "*" + p
	case *ast.SelectorExpr:
		sel, ok := e.info.Selections[y]
		if !ok || sel.Kind() != types.FieldVal {
			break
		}
		t := e.typeOf(y.X)
		if _, ptr := t.Underlying().(*types.Pointer); !ptr {
			pre, text = e.place(y.X)
			return pre, e.fieldText(text, t, sel)
		}
		p := e.temp("p")
		return p + " := " + e.operand(y.X) + "\n", e.fieldText(p, t, sel)
	}
	return "", e.lval(x)
}
