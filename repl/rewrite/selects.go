package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// selectStmt lowers a select to a call of compiled code, which an interrupt can
// end, and a switch over the case that was chosen.
func (e *em) selectStmt(s *ast.SelectStmt, label string) string {
	if len(s.Body.List) == 0 {
		return Host + ".Block()"
	}
	var pre, body strings.Builder
	k, r, ok := e.temp("k"), e.temp("r"), e.temp("ok")
	cases := ""
	hasDefault := false
	if f := e.ctx().flow; f != nil {
		f.breakable++
		defer func() { f.breakable-- }()
	}
	n := 0
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		if c.Comm == nil {
			hasDefault = true
			body.WriteString("default:\n")
		} else {
			ch := e.temp("c")
			x := commChan(c.Comm)
			fmt.Fprintf(&pre, "%s := %s\n", ch, e.expr(x))
			elem := e.typeOf(x).Underlying().(*types.Chan).Elem()
			fmt.Fprintf(&body, "case %d:\n", n)
			n++
			if send, isSend := c.Comm.(*ast.SendStmt); isSend {
				v := e.coerce(send.Value, elem)
				if tv := e.info.Types[send.Value]; tv.Value == nil && !tv.IsNil() {
					t := e.temp("v")
					fmt.Fprintf(&pre, "var %s %s = %s\n", t, e.typ(elem), v)
					v = t
				}
				cases += fmt.Sprintf(", %s.SendCase(%s, %s)", Host, ch, v)
			} else {
				cases += fmt.Sprintf(", %s.RecvCase(%s)", Host, ch)
				body.WriteString(e.received(c.Comm, r, ok, elem))
			}
		}
		for _, st := range c.Body {
			body.WriteString(e.stmt(st) + "\n")
		}
	}
	fmt.Fprintf(&pre, "%s, %s, %s := %s.Select(%v%s)\n_, _ = %s, %s\n", k, r, ok, Host, hasDefault, cases, r, ok)
	return "{\n" + pre.String() + labelText(label) + "switch " + k + " {\n" + body.String() + "}\n}"
}

// commChan gives the channel of a communication.
func commChan(s ast.Stmt) ast.Expr {
	recv := func(x ast.Expr) ast.Expr {
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok {
			return u.X
		}
		return x
	}
	switch s := s.(type) {
	case *ast.SendStmt:
		return s.Chan
	case *ast.ExprStmt:
		return recv(s.X)
	case *ast.AssignStmt:
		return recv(s.Rhs[0])
	}
	return nil
}

// received assigns what a case received.
func (e *em) received(s ast.Stmt, r, ok string, elem types.Type) string {
	a, isAssign := s.(*ast.AssignStmt)
	if !isAssign {
		return ""
	}
	value := r
	switch {
	case emptyStruct(e.subst(elem)):
		value = e.typ(elem) + "{}" // the interpreter can't assert to it
	case e.dynamic(elem):
	case e.compiledInterface(elem):
		value = e.converter(e.subst(elem)).fn("conv") + "(" + r + ")"
	default:
		value = r + ".(" + e.typ(elem) + ")"
	}
	out := ""
	for i, l := range a.Lhs {
		if id, isID := l.(*ast.Ident); isID && id.Name == "_" {
			continue
		}
		v := value
		if i == 1 {
			v = ok
		}
		if a.Tok == token.DEFINE {
			n := e.localName(l.(*ast.Ident).Name)
			if i == 0 && e.dynamic(elem) {
				out += "var " + n + " interface{} = " + v + "\n_ = " + n + "\n"
			} else {
				out += n + " := " + v + "\n_ = " + n + "\n"
			}
		} else {
			out += e.lval(l) + " = " + v + "\n"
		}
	}
	return out
}
