package rewrite

import (
	"go/ast"
)

// The interpreter gets defer wrong in loops and hangs on deferred closures, so
// deferred calls go on a stack that one deferred function runs:
//
//	d := host.NewDefers()
//	defer func() { d.Run(recover()) }()
//
// recover asks the stack of whoever called its function (host.Direct).

// head is the start of a function that defers or recovers; it is written after
// the body, which tells whether it does.
func (e *em) head() string {
	c := e.ctx()
	direct := ""
	if c.direct != "" {
		direct = c.direct + " := " + Host + ".Direct()\n"
	}
	d := c.defers
	if d == "" {
		return direct
	}
	return direct + d + " := " + Host + ".NewDefers()\ndefer func() { " + d + ".Run(recover()) }()\n"
}

func (e *em) deferStmt(s *ast.DeferStmt) string {
	c := e.ctx()
	if c.defers == "" {
		c.defers = e.temp("d")
	}
	pre, f := e.frozen(s.Call)
	push := c.defers + ".Push(" + f + ")"
	if fl, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit); ok && !recovers(fl.Body) {
		push = c.defers + ".PushPlain(" + f + ")"
	}
	if pre == "" {
		return push
	}
	return "{\n" + pre + push + "\n}"
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
