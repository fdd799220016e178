package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// flow is a range over a function while its body, which becomes a function
// literal, is lowered. A branch out of the body is noted in the variable code
// and carried out behind the call of the iterator.
type flow struct {
	outer     *flow
	label     string
	code      string // variable: 0 goes on, 1 returns, 2... the exits
	done      string // variable: the body said stop
	breakable int    // loops, switches and selects entered inside the body
	loops     int
	own       []string // labels of the loops entered inside the body
	returns   bool
	exits     []*ast.BranchStmt
}

// labeled lowers a labelled statement; loops place the label themselves.
func (e *em) labeled(s *ast.LabeledStmt) string {
	l := s.Label.Name
	switch x := s.Stmt.(type) {
	case *ast.ForStmt:
		return e.mark(s) + e.forStmt(x, l)
	case *ast.RangeStmt:
		return e.mark(s) + e.rangeStmt(x, l)
	case *ast.TypeSwitchStmt:
		defer e.owns(l)()
		return e.mark(s) + e.typeSwitch(x, l)
	case *ast.SelectStmt:
		if len(x.Body.List) > 0 {
			defer e.owns(l)()
			return e.mark(s) + e.selectStmt(x, l)
		}
	case *ast.SwitchStmt:
		defer e.owns(l)()
		return e.mark(s) + e.switchStmt(x, l)
	}
	defer e.owns(l)()
	return l + ":\n" + e.stmt(s.Stmt)
}

// owns makes a label one of the body of the range over a function, if there is
// one, until the function that it returns is called.
func (e *em) owns(label string) func() {
	f := e.ctx().flow
	if f == nil {
		return func() {}
	}
	f.own = append(f.own, label)
	return func() { f.own = f.own[:len(f.own)-1] }
}

// next goes on with the next iteration.
func (f *flow) next() string { return "{ " + f.done + " = false; return true }" }

func (f *flow) has(label string) bool {
	for _, l := range f.own {
		if l == label {
			return true
		}
	}
	return false
}

func (e *em) branch(s *ast.BranchStmt) string {
	f := e.ctx().flow
	text := s.Tok.String()
	if s.Label != nil {
		text += " " + s.Label.Name
	}
	if f == nil || s.Tok == token.FALLTHROUGH {
		return text
	}
	if s.Tok == token.GOTO {
		return e.fail(s, "goto inside a range over a function is not supported by the shell")
	}
	if s.Label == nil {
		switch {
		case s.Tok == token.BREAK && f.breakable > 0, s.Tok == token.CONTINUE && f.loops > 0:
			return text
		case s.Tok == token.CONTINUE:
			return f.next()
		}
		return "return false"
	}
	if f.has(s.Label.Name) {
		return text
	}
	if f.label == s.Label.Name {
		if s.Tok == token.CONTINUE {
			return f.next()
		}
		return "return false"
	}
	return e.leave(f, s)
}

// leave notes a branch to a loop outside the body.
func (e *em) leave(f *flow, s *ast.BranchStmt) string {
	for i, x := range f.exits {
		if x.Tok == s.Tok && x.Label.Name == s.Label.Name {
			return fmt.Sprintf("{ %s = %d; return false }", f.code, i+2)
		}
	}
	f.exits = append(f.exits, s)
	return fmt.Sprintf("{ %s = %d; return false }", f.code, len(f.exits)+1)
}

// returnThrough notes a return from the function around the body.
func (e *em) returnThrough(f *flow, s *ast.ReturnStmt) string {
	f.returns = true
	r := ""
	if len(s.Results) > 0 {
		r = e.setResults(s) + "\n"
	}
	return "{\n" + r + f.code + " = 1\nreturn false\n}"
}

// rangeFunc lowers a range over a function to a call of it. A sequence of
// values and errors that is ranged with one variable raises the error.
func (e *em) rangeFunc(s *ast.RangeStmt, sig *types.Signature, label string) string {
	yield := e.subst(sig.Params().At(0).Type()).Underlying().(*types.Signature)
	c := e.ctx()
	f := &flow{outer: c.flow, label: label, code: e.temp("c"), done: e.temp("d")}
	var pre strings.Builder
	pre.WriteString(stopCheck)
	params := e.yieldParams(s, yield, &pre)

	var out strings.Builder
	if c.results == nil {
		out.WriteString(e.resultVars())
		defer func() { c.results = nil }()
	}
	out.WriteString(f.code + " := 0\n")
	iter := e.expr(s.X)
	c.flow = f
	c.loops++
	defer func() { c.loops-- }()
	// The iterator must not go on after the body said stop.
	pre2 := "if " + f.done + " { " + Host + ".IterContinued() }\n" + f.done + " = true\n" + pre.String()
	body := strings.TrimSuffix(e.block(s.Body, pre2), "}") + f.done + " = false\nreturn true\n}"
	c.flow = f.outer
	out.WriteString(f.done + " := false\n")
	out.WriteString("(" + iter + ")(func(" + params + ") bool " + body + ")\n")
	out.WriteString(f.done + " = true\n")
	out.WriteString(e.afterRange(f))
	return "{\n" + out.String() + "}"
}

// yieldParams spells the parameters of the body and what it does with them first.
func (e *em) yieldParams(s *ast.RangeStmt, yield *types.Signature, pre *strings.Builder) string {
	n := yield.Params().Len()
	ps := make([]string, n)
	for i := range ps {
		var x ast.Expr
		if i == 0 {
			x = s.Key
		} else {
			x = s.Value
		}
		t := e.typ(yield.Params().At(i).Type())
		id, _ := x.(*ast.Ident)
		if id != nil && s.Tok == token.DEFINE && id.Name != "_" {
			ps[i] = e.localName(id.Name) + " " + t
			continue
		}
		p := e.temp("_p")
		ps[i] = p + " " + t
		if x != nil && s.Tok == token.ASSIGN && (id == nil || id.Name != "_") {
			pre.WriteString(e.lval(x) + " = " + p + "\n")
		}
		if i == 1 && n == 2 && x == nil && IsError(yield.Params().At(1).Type()) && !e.u.AsFile {
			pre.WriteString(Host + ".Raise(" + p + ")\n")
		}
	}
	return strings.Join(ps, ", ")
}

// afterRange carries out what the body asked for when it stopped.
func (e *em) afterRange(f *flow) string {
	var out strings.Builder
	c := e.ctx()
	if f.returns {
		ret := "return " + strings.Join(c.results, ", ")
		if c.defers != "" {
			ret = "return"
		}
		if f.outer != nil {
			f.outer.returns = true
			ret = f.outer.code + " = 1; return false"
		}
		fmt.Fprintf(&out, "if %s == 1 { %s }\n", f.code, strings.TrimSpace(ret))
	}
	for i, s := range f.exits {
		fmt.Fprintf(&out, "if %s == %d { %s }\n", f.code, i+2, e.branch(s))
	}
	return out.String()
}
