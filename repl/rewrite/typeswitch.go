package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// typeSwitch lowers a type switch to assertions, which name the case, and a
// switch over its number.
func (e *em) typeSwitch(s *ast.TypeSwitchStmt, label string) string {
	var x ast.Expr
	name := ""
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		x, name = a.Rhs[0].(*ast.TypeAssertExpr).X, a.Lhs[0].(*ast.Ident).Name
	case *ast.ExprStmt:
		x = a.X.(*ast.TypeAssertExpr).X
	}
	v, k, ok := e.temp("v"), e.temp("k"), e.temp("ok")
	from := e.typeOf(x)
	src := e.inPlace(func() string { return e.expr(x) })
	if e.compiledInterface(from) {
		src = Host + ".Any(" + src + ")"
	}
	var pre, body strings.Builder
	if s.Init != nil {
		pre.WriteString(e.simple(s.Init) + "\n")
	}
	fmt.Fprintf(&pre, "var %s interface{} = %s\n%s := 0\n%s := false\n_ = %s\n", v, src, k, ok, ok)
	if f := e.ctx().flow; f != nil {
		f.breakable++
		defer func() { f.breakable-- }()
	}
	chain := ""
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		if c.List == nil {
			body.WriteString("default:\n")
		} else {
			fmt.Fprintf(&body, "case %d:\n", i+1)
		}
		for _, t := range c.List {
			tv := e.info.Types[t]
			if tv.IsNil() {
				chain += fmt.Sprintf("if %s == 0 && %s.IsNil(%s) { %s = %d }\n", k, Host, v, k, i+1)
				continue
			}
			chain += fmt.Sprintf("if %s == 0 { _, %s = %s; if %s { %s = %d } }\n", k, ok, e.assertion(v, emptyInterface, tv.Type, t, true), ok, k, i+1)
		}
		if name != "" {
			body.WriteString(e.caseVar(c, name, v, from))
		}
		for _, st := range c.Body {
			body.WriteString(e.stmt(st) + "\n")
		}
	}
	pre.WriteString(chain)
	return "{\n" + pre.String() + labelText(label) + "switch " + k + " {\n" + body.String() + "}\n}"
}

// caseVar declares the switch's variable for one clause.
func (e *em) caseVar(c *ast.CaseClause, name, v string, from types.Type) string {
	o := e.info.Implicits[c]
	if o == nil || name == "_" {
		return ""
	}
	n, t := e.localName(name), e.subst(o.Type())
	switch {
	case e.dynamic(t):
		return fmt.Sprintf("var %s interface{} = %s\n_ = %s\n", n, v, n)
	case e.compiledInterface(t):
		return fmt.Sprintf("%s := %s(%s)\n_ = %s\n", n, e.converter(t).fn("conv"), v, n)
	}
	return fmt.Sprintf("%s := %s\n_ = %s\n", n, e.assertion(v, emptyInterface, t, c, false), n)
}

// onInterface tells whether a switch compares interfaces.
func (e *em) onInterface(s *ast.SwitchStmt) bool {
	if s.Tag != nil && e.isInterface(e.typeOf(s.Tag)) {
		return true
	}
	for _, c := range s.Body.List {
		for _, x := range c.(*ast.CaseClause).List {
			if e.isInterface(e.typeOf(x)) {
				return true
			}
		}
	}
	return false
}

// interfaceSwitch lowers a switch over interfaces to one over conditions.
func (e *em) interfaceSwitch(s *ast.SwitchStmt, label string) string {
	t := e.temp("t")
	out := "{\n"
	if s.Init != nil {
		out += e.simple(s.Init) + "\n"
	}
	tag := "true"
	if s.Tag != nil {
		tag = e.inPlace(func() string { return e.operandOf(s.Tag) })
	}
	out += "var " + t + " interface{} = " + tag + "\n_ = " + t + "\n"
	return out + e.numbered(s.Body, label, func(x ast.Expr) string {
		if e.info.Types[x].IsNil() {
			if s.Tag != nil && !e.isInterface(e.typeOf(s.Tag)) {
				return Host + ".HoldsNil(" + t + ")" // nil of the tag's type
			}
			return Host + ".IsNil(" + t + ")"
		}
		return Host + ".Equal(" + t + ", " + e.operandOf(x) + ")"
	}) + "\n}"
}
