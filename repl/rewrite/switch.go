package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// switchStmt lowers a switch over expressions. The interpreter moves the
// default clause to the end, so that one which is fallen into or out of comes
// to the wrong neighbour, and of a list of cases it evaluates only the first
// rightly: then a first switch only finds the number of the clause. It may also
// evaluate the tag before the statement in front of it.
func (e *em) switchStmt(s *ast.SwitchStmt, label string) string {
	if s.Init != nil {
		c := *s
		c.Init = nil
		return "{\n" + e.stmt(s.Init) + "\n" + e.switchStmt(&c, label) + "\n}"
	}
	if e.onInterface(s) {
		return e.interfaceSwitch(s, label)
	}
	if len(s.Body.List) == 0 {
		out := "{\n"
		if s.Tag != nil {
			out += e.inPlace(func() string { return "_t := " + e.expr(s.Tag) + "\n_ = _t" }) + "\n"
		}
		return out + "}"
	}
	if !misplacedDefault(s.Body) && (s.Tag == nil || e.constantCases(s.Body)) {
		r := "switch "
		sep := " || "
		if s.Tag != nil {
			r += e.inPlace(func() string { return e.expr(s.Tag) })
			sep = ", "
		}
		return labelText(label) + r + e.clauses(s.Body, sep)
	}
	out := "{\n"
	t := ""
	if s.Tag != nil {
		t = e.temp("t")
		typ := types.Default(e.typeOf(s.Tag))
		out += "var " + t + " " + e.typ(typ) + " = " + e.inPlace(func() string { return e.value(s.Tag, typ) }) + "\n_ = " + t + "\n"
	}
	return out + e.numbered(s.Body, label, func(x ast.Expr) string { return e.caseCondition(t, s.Tag, x) }) + "\n}"
}

// misplacedDefault tells whether a default clause that is not the last one
// matters: some clause falls through.
func misplacedDefault(b *ast.BlockStmt) bool {
	falls, early := false, false
	for i, c := range b.List {
		c := c.(*ast.CaseClause)
		early = early || c.List == nil && i < len(b.List)-1
		if n := len(c.Body); n > 0 {
			br, ok := c.Body[n-1].(*ast.BranchStmt)
			falls = falls || ok && br.Tok == token.FALLTHROUGH
		}
	}
	return falls && early
}

// constantCases tells whether all cases of a switch are constants.
func (e *em) constantCases(b *ast.BlockStmt) bool {
	for _, c := range b.List {
		for _, x := range c.(*ast.CaseClause).List {
			if e.info.Types[x].Value == nil {
				return false
			}
		}
	}
	return true
}

// numbered lowers the clauses of a switch: conditions that find the number of a
// clause, and a switch over it. cond writes the condition of one expression.
func (e *em) numbered(b *ast.BlockStmt, label string, cond func(ast.Expr) string) string {
	k := e.temp("k")
	dflt := -1
	var choose, body strings.Builder
	if f := e.ctx().flow; f != nil {
		f.breakable++
		defer func() { f.breakable-- }()
	}
	for i, c := range b.List {
		c := c.(*ast.CaseClause)
		if c.List == nil {
			dflt = i
		} else {
			conds := mapped(c.List, func(x ast.Expr) string { return e.inPlace(func() string { return cond(x) }) })
			fmt.Fprintf(&choose, "case %s:\n%s = %d\n", strings.Join(conds, " || "), k, i)
		}
		fmt.Fprintf(&body, "case %d:\n", i)
		for _, st := range c.Body {
			body.WriteString(e.stmt(st) + "\n")
		}
	}
	return fmt.Sprintf("%s := %d\nswitch {\n%s}\n%sswitch %s {\n%s}", k, dflt, choose.String(), labelText(label), k, body.String())
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// caseCondition compares the switch's value, in the variable t, with a case.
func (e *em) caseCondition(t string, tag, x ast.Expr) string {
	switch {
	case t == "":
		return "(" + e.expr(x) + ")"
	case e.info.Types[x].IsNil():
		return "(" + t + " == nil)"
	case isChan(e.typeOf(x)):
		return Host + ".SameChan(" + t + ", " + e.expr(x) + ")"
	}
	v := e.value(x, e.typeOf(tag))
	if _, ok := x.(*ast.BinaryExpr); ok {
		v = "(" + v + ")"
	}
	return "(" + t + " == " + v + ")"
}

// sameChan lowers the comparison of channels of different directions.
func (e *em) sameChan(x *ast.BinaryExpr) string {
	a, b := e.typeOf(x.X), e.typeOf(x.Y)
	if !isChan(a) || !isChan(b) || types.Identical(a, b) {
		return ""
	}
	not := ""
	if x.Op == token.NEQ {
		not = "!"
	}
	return not + Host + ".SameChan(" + e.expr(x.X) + ", " + e.expr(x.Y) + ")"
}
