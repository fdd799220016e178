package rewrite

import (
	"fmt"
	"go/ast"
)

// XRay is the name by which xray, the shell's own function, is checked:
// xray(expr) is the value of expr, whose requests are shown as they go over the
// wire.
const XRay = "xray" + Mark

func isXRay(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == XRay
}

// xray lowers xray(expr): the log is on while expr is evaluated, and no longer.
func (e *em) xray(x *ast.CallExpr) string {
	v := e.temp("v")
	return fmt.Sprintf("func() %s { %s.XRay(true); %s := %s; %s.XRay(false); return %s }()",
		e.typ(e.typeOf(x)), Host, v, e.value(x.Args[0], e.typeOf(x)), Host, v)
}
