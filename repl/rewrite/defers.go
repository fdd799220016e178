package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// The interpreter gets defer wrong in loops and hangs on deferred closures, so
// it sees none. The body of a function that defers becomes a function literal
// that compiled code calls, and which then runs the stack of deferred calls:
//
//	d := host.NewDefers()
//	d.Guard(func() { body })
//	return results
//
// recover asks whoever called its function (host.Direct): only a deferred call
// can stop a panic.

// guarded lowers a function's body, of which text gives the statements.
func (e *em) guarded(list []ast.Stmt, text func() string) string {
	c := e.ctx()
	if !defers(list) {
		s := text()
		return e.direct() + s
	}
	c.defers = e.temp("d")
	vars := e.resultVars()
	s := text()
	out := e.direct() + vars + c.defers + " := " + Host + ".NewDefers()\n" +
		c.defers + ".Guard(func() {\n" + s + "})\n"
	if len(c.results) > 0 {
		out += "return " + strings.Join(c.results, ", ") + "\n"
	}
	return out
}

// direct takes note of the caller of a function that recovers; it is written
// after the body, which tells whether it does.
func (e *em) direct() string {
	c := e.ctx()
	if c.direct == "" {
		return ""
	}
	return c.direct + " := " + Host + ".Direct()\n"
}

// resultVars names the variables of the function's results and gives the
// declarations of those that have none.
func (e *em) resultVars() string {
	c := e.ctx()
	if c.results != nil {
		return ""
	}
	out := ""
	for i := 0; i < c.sig.Results().Len(); i++ {
		v := c.sig.Results().At(i)
		if v.Name() != "" {
			c.results = append(c.results, e.resultName(v, i))
			continue
		}
		n := e.temp("r")
		c.results = append(c.results, n)
		out += "var " + n + " " + e.typ(v.Type()) + "\n_ = " + n + "\n"
	}
	return out
}

// resultName is the name of a named result. It is no person's own, so that no
// variable of an inner block hides it from the return statements there.
func (e *em) resultName(v *types.Var, i int) string {
	if v.Name() == "_" {
		return fmt.Sprintf("_r%s%d", Mark, i)
	}
	return resultPrefix + v.Name()
}

const resultPrefix = "r" + Mark

// defers tells whether statements defer, function literals in them left out.
func defers(list []ast.Stmt) bool {
	found := false
	for _, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.DeferStmt:
				found = true
			}
			return true
		})
	}
	return found
}

func (e *em) deferStmt(s *ast.DeferStmt) string {
	c := e.ctx()
	pre, f := e.frozen(s.Call)
	v := e.temp("f")
	pre += v + " := " + f + "\n"
	push := c.defers + ".Push(" + v + ")"
	if fl, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit); ok && !recovers(fl.Body) || e.compiledCallee(s.Call) {
		push = c.defers + ".PushPlain(" + v + ")"
	}
	return "{\n" + pre + push + "\n}"
}

// compiledCallee tells whether a call is one of a compiled function: what that
// calls in turn was not deferred.
func (e *em) compiledCallee(x *ast.CallExpr) bool {
	id := instIdent(ast.Unparen(x.Fun))
	if id == nil {
		return false
	}
	f, ok := e.info.Uses[id].(*types.Func)
	if !ok || f.Pkg() == nil || IsSession(f) {
		return false
	}
	recv := f.Signature().Recv()
	return recv == nil || !e.isInterface(recv.Type())
}

// recovers tells whether a body calls recover itself.
func recovers(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "recover" {
				found = true
			}
		}
		return true
	})
	return found
}

func (e *em) recover() string {
	c := e.ctx()
	if c.direct == "" {
		c.direct = e.temp("w")
	}
	return c.direct + ".Recover()"
}
