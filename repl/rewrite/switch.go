package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// switchStmt lowers an expression switch.
func (e *em) switchStmt(s *ast.SwitchStmt, label string) string {
	if e.sequenced(s.Init) {
		c := *s
		c.Init = nil
		return "{\n" + e.stmt(s.Init) + "\n" + e.switchStmt(&c, label) + "\n}"
	}
	if e.onInterface(s) {
		return e.interfaceSwitch(s, label)
	}
	if e.byConditions(s) {
		return e.conditionSwitch(s, label)
	}
	r := labelText(label) + "switch "
	if s.Init != nil {
		r += e.simple(s.Init) + "; "
	}
	if s.Tag != nil {
		r += e.inPlace(func() string { return e.expr(s.Tag) })
	}
	return r + e.clauses(s.Body)
}

// byConditions tells whether the interpreter compares the cases of a switch
// wrongly: several conditions in a case, nil, values of another type.
func (e *em) byConditions(s *ast.SwitchStmt) bool {
	for _, c := range s.Body.List {
		list := c.(*ast.CaseClause).List
		for _, x := range list {
			switch {
			case s.Tag == nil:
				if len(list) > 1 {
					return true
				}
			case e.info.Types[x].IsNil(), !types.Identical(e.typeOf(x), e.typeOf(s.Tag)) && isChan(e.typeOf(x)):
				return true
			}
		}
	}
	return false
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// conditionSwitch lowers a switch to one over conditions.
func (e *em) conditionSwitch(s *ast.SwitchStmt, label string) string {
	out := "{\n"
	if s.Init != nil {
		out += e.simple(s.Init) + "\n"
	}
	t := ""
	if s.Tag != nil {
		t = e.temp("t")
		typ := types.Default(e.typeOf(s.Tag))
		out += "var " + t + " " + e.typ(typ) + " = " + e.inPlace(func() string { return e.value(s.Tag, typ) }) + "\n_ = " + t + "\n"
	}
	out += labelText(label) + "switch {\n"
	if f := e.ctx().flow; f != nil {
		f.breakable++
		defer func() { f.breakable-- }()
	}
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		if c.List == nil {
			out += "default:\n"
		} else {
			conds := make([]string, len(c.List))
			for i, x := range c.List {
				x := x
				conds[i] = e.inPlace(func() string { return e.caseCondition(t, s.Tag, x) })
			}
			out += "case " + strings.Join(conds, " || ") + ":\n"
		}
		for _, st := range c.Body {
			out += e.stmt(st) + "\n"
		}
	}
	return out + "}\n}"
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
	return "(" + t + " == " + e.value(x, e.typeOf(tag)) + ")"
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
