package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// fnctx is what lowering knows of the function it is in.
type fnctx struct {
	sig     *types.Signature
	flow    *flow    // innermost range over a function
	defers  string   // stack of deferred calls, "" when there are none
	direct  string   // who called this function, for recover; "" when not needed
	results []string // variables of the results, where returning is not plain
	loops   int      // loops around the statement being lowered
}

func (e *em) ctx() *fnctx { return e.fn[len(e.fn)-1] }

// fsig spells the signature of a function with its parameters' names.
func (e *em) fsig(ft *ast.FuncType, sig *types.Signature) string {
	var names []string
	for _, f := range ft.Params.List {
		if len(f.Names) == 0 {
			names = append(names, e.temp("_p"))
		}
		for _, n := range f.Names {
			if n.Name == "_" {
				names = append(names, e.temp("_p"))
			} else {
				names = append(names, e.localName(n.Name))
			}
		}
	}
	return e.sig(sig, func(i int) string { return names[i] })
}

// body lowers a function's body.
func (e *em) body(b *ast.BlockStmt, sig *types.Signature) string {
	c := &fnctx{sig: sig}
	e.fn = append(e.fn, c)
	defer func() { e.fn = e.fn[:len(e.fn)-1] }()
	text := e.guarded(b.List, func() string {
		var s strings.Builder
		for _, st := range b.List {
			s.WriteString(e.stmt(st) + "\n")
		}
		return s.String()
	})
	enter := Host + ".Enter()\n"
	if c.direct != "" {
		enter = "" // Direct does it
	}
	return "{\n" + e.extent(b.Pos(), b.End()) + enter + text + "}"
}

func (e *em) block(b *ast.BlockStmt, prefix string) string {
	var s strings.Builder
	s.WriteString("{\n" + prefix)
	for _, st := range b.List {
		s.WriteString(e.stmt(st) + "\n")
	}
	return s.String() + "}"
}

// stopCheck ends a loop of a cell that was interrupted.
const stopCheck = "if " + Host + ".Stopped() { " + Host + ".Check() }\n"

// simple lowers the statement in the head of an if, for or switch.
func (e *em) simple(s ast.Stmt) string {
	if s == nil {
		return ""
	}
	return e.inPlace(func() string {
		if x, ok := s.(*ast.ExprStmt); ok {
			if r := e.raising(x.X, true); r != "" {
				return r
			}
		}
		lines := e.lines
		e.lines = false
		defer func() { e.lines = lines }()
		return e.plainStmt(s)
	})
}

// stmt lowers a statement, with what must be evaluated before it.
func (e *em) stmt(s ast.Stmt) string {
	saved := e.pre
	var pre []string
	e.pre = &pre
	text := e.plainStmt(s)
	e.pre = saved
	if len(pre) > 0 {
		return strings.Join(pre, "\n") + "\n" + text
	}
	return text
}

// inPlace lowers an expression that can't be evaluated before its statement.
func (e *em) inPlace(f func() string) string {
	saved := e.pre
	e.pre = nil
	defer func() { e.pre = saved }()
	return f()
}

func (e *em) plainStmt(s ast.Stmt) string {
	at := e.mark(s)
	switch s := s.(type) {
	case *ast.ExprStmt:
		return at + e.exprStmt(s.X)
	case *ast.AssignStmt:
		return at + e.assign(s)
	case *ast.IncDecStmt:
		return at + e.lval(s.X) + s.Tok.String()
	case *ast.SendStmt:
		var to types.Type
		if c, ok := e.typeOf(s.Chan).Underlying().(*types.Chan); ok {
			to = c.Elem()
		}
		return at + e.expr(s.Chan) + " <- " + e.coerce(s.Value, to)
	case *ast.BlockStmt:
		return e.block(s, "")
	case *ast.EmptyStmt:
		return ""
	case *ast.LabeledStmt:
		return e.labeled(s)
	case *ast.BranchStmt:
		return at + e.branch(s)
	case *ast.ReturnStmt:
		return at + e.ret(s)
	case *ast.IfStmt:
		r := at + "if "
		if s.Init != nil {
			if e.sequenced(s.Init) {
				c := *s
				c.Init = nil
				return "{\n" + e.stmt(s.Init) + "\n" + e.stmt(&c) + "\n}"
			}
			r += e.simple(s.Init) + "; "
		}
		if s.Init != nil {
			r += e.inPlace(func() string { return e.expr(s.Cond) })
		} else {
			r += e.expr(s.Cond)
		}
		r += " " + e.block(s.Body, "")
		if s.Else != nil {
			if b, ok := s.Else.(*ast.BlockStmt); ok {
				return r + " else " + e.block(b, "")
			}
			return r + " else {\n" + e.stmt(s.Else) + "\n}"
		}
		return r
	case *ast.ForStmt:
		return at + e.forStmt(s, "")
	case *ast.RangeStmt:
		return at + e.rangeStmt(s, "")
	case *ast.SwitchStmt:
		return at + e.switchStmt(s, "")
	case *ast.TypeSwitchStmt:
		return at + e.typeSwitch(s, "")
	case *ast.SelectStmt:
		return at + e.selectStmt(s, "")
	case *ast.DeferStmt:
		return at + e.deferStmt(s)
	case *ast.GoStmt:
		return at + e.goStmt(s)
	case *ast.DeclStmt:
		return e.declStmt(s)
	}
	return e.fail(s, "this statement is not understood (%T)", s)
}

// exprStmt lowers an expression that stands alone. A call whose last result is
// an error raises it, but for pasted files, which drop it as Go does.
func (e *em) exprStmt(x ast.Expr) string {
	if r := e.raising(x, false); r != "" {
		return r
	}
	switch c := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		if !e.info.Types[c.Fun].IsType() {
			return e.call(c)
		}
	case *ast.UnaryExpr:
		if c.Op == token.ARROW {
			return "<-" + e.expr(c.X)
		}
	case *ast.BinaryExpr: // the interpreter compares with nil only for a place
		if e.info.Types[x].Value == nil {
			v := e.temp("x")
			return v + " := " + e.expr(x) + "; _ = " + v
		}
	}
	return "_ = " + e.expr(x)
}

// raising gives the statement that runs a call and raises its error, or "".
func (e *em) raising(x ast.Expr, head bool) string {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || e.u.AsFile || isMust(c.Fun) || e.info.Types[c.Fun].IsType() {
		return ""
	}
	t := e.typeOf(c)
	n := 0
	if tp, ok := ErrorTuple(t); ok {
		n = tp.Len() - 1
	} else if !IsError(t) {
		return ""
	}
	v := e.temp("e")
	r := strings.Repeat("_, ", n) + v + " := " + e.call(c) + "; " + e.mark(c) + Host + ".Raise(" + v + ")"
	if head {
		return "func() { " + r + " }()"
	}
	return "{ " + r + " }"
}

// clauses lowers the clauses of a switch; sep stands between the cases of one.
func (e *em) clauses(b *ast.BlockStmt, sep string) string {
	var s strings.Builder
	s.WriteString(" {\n")
	if f := e.ctx().flow; f != nil {
		f.breakable++
		defer func() { f.breakable-- }()
	}
	for _, c := range b.List {
		var body []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			if c.List == nil {
				s.WriteString("default:\n")
			} else {
				s.WriteString("case " + e.inPlace(func() string { return strings.Join(mapped(c.List, e.expr), sep) }) + ":\n")
			}
			body = c.Body
		}
		for _, st := range body {
			s.WriteString(e.stmt(st) + "\n")
		}
	}
	return s.String() + "}"
}

func (e *em) isTop(id *ast.Ident) bool {
	o := e.info.Defs[id]
	if o == nil {
		return false
	}
	_, ok := e.k.name(o)
	return ok
}

func (e *em) assign(s *ast.AssignStmt) string {
	tok := s.Tok
	if tok == token.DEFINE {
		top, reused := false, false
		for _, l := range s.Lhs {
			if id, ok := l.(*ast.Ident); ok && id.Name != "_" {
				top = top || e.isTop(id)
				reused = reused || e.info.Defs[id] == nil
			}
		}
		switch {
		case top:
			tok = token.ASSIGN
		case reused:
			return e.redefine(s)
		}
	}
	if e.discards(s) {
		return e.discard(s.Rhs[0])
	}
	switch {
	case isReceive(s):
		return e.inSequence(tok, func() string { return e.receive(s, tok) })
	case e.isTuple(s):
		return e.inSequence(tok, func() string { return e.tuple(s, tok) })
	case len(s.Lhs) > 1 && len(s.Lhs) == len(s.Rhs) && !plainPair(s) && (e.pre != nil || e.callsAmong(s.Rhs)):
		return e.inSequence(tok, func() string { return e.parallel(s, tok) })
	case e.pre != nil && tok != token.ASSIGN && tok != token.DEFINE && e.mapUpdate(s):
		v := e.temp("v")
		return v + " := " + e.expr(s.Rhs[0]) + "\n" + e.lval(s.Lhs[0]) + " " + tok.String() + " " + v
	}
	lhs := make([]string, len(s.Lhs))
	for i, x := range s.Lhs {
		if id, ok := x.(*ast.Ident); ok && tok == token.DEFINE && id.Name != "_" {
			lhs[i] = e.localName(id.Name)
		} else {
			lhs[i] = e.lval(x)
		}
	}
	if tok == token.SHL_ASSIGN || tok == token.SHR_ASSIGN {
		return lhs[0] + " " + tok.String() + " " + e.shiftCount(s.Rhs[0])
	}
	return strings.Join(lhs, ", ") + " " + tok.String() + " " + e.assigned(s.Lhs, s.Rhs)
}

// discards tells whether an assignment only evaluates one expression.
func (e *em) discards(s *ast.AssignStmt) bool {
	if s.Tok != token.ASSIGN || len(s.Rhs) != 1 || e.pre == nil || !isBlank(s.Lhs[0]) {
		return false
	}
	_, index := ast.Unparen(s.Rhs[0]).(*ast.IndexExpr)
	return len(s.Lhs) == 1 || index && isBlank(s.Lhs[1])
}

// discard evaluates an expression whose value nobody wants.
func (e *em) discard(x ast.Expr) string {
	if tv := e.info.Types[x]; tv.Value != nil || tv.IsNil() {
		return ""
	}
	switch y := ast.Unparen(x).(type) {
	case *ast.Ident:
		return "_ = " + e.expr(y)
	case *ast.FuncLit:
		return "_ = " + e.funcLit(y)
	}
	v := e.temp("t")
	return v + " := " + e.expr(x) + "\n_ = " + v
}

// redefine lowers a := of which some names exist already in the scope: the
// interpreter would make them all anew.
func (e *em) redefine(s *ast.AssignStmt) string {
	tmps := make([]string, len(s.Lhs))
	post := ""
	for i, l := range s.Lhs {
		id, ok := l.(*ast.Ident)
		if ok && id.Name == "_" {
			tmps[i] = "_"
			continue
		}
		tmps[i] = e.temp("t")
		if ok && e.info.Defs[id] != nil {
			post += "\n" + e.localName(id.Name) + " := " + tmps[i]
		} else {
			post += "\n" + e.lval(l) + " = " + e.coerceFrom(tmps[i], e.component(s.Rhs, i), e.typeOf(l))
		}
	}
	return strings.Join(tmps, ", ") + " := " + e.exprs(s.Rhs) + post
}

func (e *em) ret(s *ast.ReturnStmt) string {
	if f := e.ctx().flow; f != nil {
		return e.returnThrough(f, s)
	}
	if c := e.ctx(); c.defers != "" {
		if len(s.Results) == 0 {
			return "return"
		}
		return "{\n" + e.setResults(s) + "\nreturn\n}"
	}
	if len(s.Results) == 0 {
		return "return"
	}
	return "return " + e.returned(s)
}

func (e *em) declStmt(s *ast.DeclStmt) string {
	d := s.Decl.(*ast.GenDecl)
	var out []string
	for _, sp := range d.Specs {
		switch sp := sp.(type) {
		case *ast.TypeSpec:
			if sp.TypeParams != nil { // exists as instances only
				if e.isParameterized(e.info.Defs[sp.Name].Type()) {
					e.fail(sp, "generic type %s depends on the type parameters of the function around it: declare it outside", sp.Name.Name)
				}
				continue
			}
			e.localType(sp)
		case *ast.ValueSpec:
			if d.Tok == token.VAR { // constants are folded
				out = append(out, e.mark(sp)+e.varSpec(sp))
			}
		}
	}
	return strings.Join(out, "\n")
}

func (e *em) varSpec(vs *ast.ValueSpec) string {
	top := false
	for _, n := range vs.Names {
		top = top || e.isTop(n)
	}
	if !top {
		names := make([]string, len(vs.Names))
		for i, n := range vs.Names {
			names[i] = e.localName(n.Name)
		}
		l := "var " + strings.Join(names, ", ")
		if vs.Type != nil {
			l += " " + e.typ(e.info.Types[vs.Type].Type)
		}
		if len(vs.Values) > 0 {
			l += " = " + e.specValues(vs)
		}
		return l
	}
	names := make([]string, len(vs.Names))
	for i, n := range vs.Names {
		names[i] = e.ident(n)
	}
	if len(vs.Values) > 0 {
		return strings.Join(names, ", ") + " = " + e.specValues(vs)
	}
	var out []string
	for i, n := range vs.Names {
		if n.Name != "_" {
			z := e.temp("z")
			out = append(out, fmt.Sprintf("{ var %s %s; %s = %s }", z, e.typ(e.info.Defs[n].Type()), names[i], z))
		}
	}
	return strings.Join(out, "\n")
}

// goStmt starts a goroutine that can't take the process down with a panic.
func (e *em) goStmt(s *ast.GoStmt) string {
	pre, call := e.frozen(s.Call)
	// A literal that is assigned freezes what it captures, but the interpreter
	// writes to the frame around it when it ends, which is wrong from another
	// goroutine. One that is an argument does neither: so one inside the other.
	f := e.temp("f")
	return "{\n" + pre + f + " := func() { " + Host + ".Go(" + call + ") }\n" + f + "()\n}"
}

// frozen evaluates callee and arguments now, and gives a func() to call later.
func (e *em) frozen(c *ast.CallExpr) (pre, f string) {
	fun := ast.Unparen(c.Fun)
	if fl, ok := fun.(*ast.FuncLit); ok && len(c.Args) == 0 && fl.Type.Results == nil {
		return "", e.funcLit(fl)
	}
	var callee string
	builtin := false
	if id, ok := fun.(*ast.Ident); ok {
		_, builtin = e.info.Uses[id].(*types.Builtin)
	}
	names := make([]string, len(c.Args))
	for i, a := range c.Args {
		if tv := e.info.Types[a]; tv.IsType() || tv.IsNil() || tv.Value != nil {
			names[i] = e.argument(c, i)
			continue
		}
		names[i] = e.temp("a")
		pre += names[i] + " := " + e.expr(a) + "\n"
	}
	args := strings.Join(names, ", ")
	if c.Ellipsis.IsValid() {
		args += "..."
	}
	if builtin {
		n := fun.(*ast.Ident).Name
		switch n {
		case "print", "println":
			n = Host + ".Print" + strings.TrimPrefix(n, "print")
		case "recover":
			if c := e.ctx(); c.defers != "" {
				direct := strings.TrimSuffix(e.recover(), ".Recover()")
				return pre, "func() { " + c.defers + ".Recover(" + direct + ") }"
			}
			return pre, "func() {}"
		}
		return pre, "func() { " + n + "(" + args + ") }"
	}
	if s, ok := fun.(*ast.SelectorExpr); ok && e.isMethodVal(s) {
		sel := e.info.Selections[s]
		if _, last := e.fieldPath("", e.typeOf(s.X), sel.Index()); !e.dynamic(last) {
			first, r := e.bind(s, sel)
			return pre + first + "\n", "func() { " + r + "." + s.Sel.Name + "(" + args + ") }"
		}
	}
	callee = e.temp("f")
	if fl, ok := fun.(*ast.FuncLit); ok {
		pre += callee + " := " + e.funcLit(fl) + "\n"
	} else {
		pre += callee + " := " + e.expr(c.Fun) + "\n"
	}
	return pre, "func() { " + callee + "(" + args + ") }"
}

// argument writes the constant argument i of a call with its parameter's type.
func (e *em) argument(c *ast.CallExpr, i int) string {
	return e.expr(c.Args[i])
}

// assigned writes the right side of an assignment.
func (e *em) assigned(lhs, rhs []ast.Expr) string {
	if len(lhs) != len(rhs) {
		return e.exprs(rhs)
	}
	out := make([]string, len(rhs))
	for i, x := range rhs {
		if id, ok := lhs[i].(*ast.Ident); ok && id.Name == "_" {
			out[i] = e.expr(x)
			continue
		}
		out[i] = e.coerce(x, e.typeOf(lhs[i]))
	}
	return strings.Join(out, ", ")
}

// returned writes the results of a return statement.
func (e *em) returned(s *ast.ReturnStmt) string {
	sig := e.ctx().sig
	if len(s.Results) != sig.Results().Len() {
		if first, values := e.coerceTuple(s.Results[0], func(i int) types.Type { return sig.Results().At(i).Type() }); values != nil {
			*e.pre = append(*e.pre, first)
			return strings.Join(values, ", ")
		}
		return e.exprs(s.Results)
	}
	out := make([]string, len(s.Results))
	for i, x := range s.Results {
		out[i] = e.coerceText(e.specValue(x), x, sig.Results().At(i).Type())
		if len(out) > 1 && sig.Results().At(0).Name() != "" && e.info.Types[x].Value == nil && !e.info.Types[x].IsNil() {
			// The interpreter writes a result before it reads the next one's value.
			t := e.temp("t")
			*e.pre = append(*e.pre, "var "+t+" "+e.typ(sig.Results().At(i).Type())+" = "+out[i])
			out[i] = t
		}
	}
	return strings.Join(out, ", ")
}

// setResults assigns the results of a return statement to their variables.
func (e *em) setResults(s *ast.ReturnStmt) string {
	c := e.ctx()
	if len(s.Results) != len(c.results) {
		if first, values := e.coerceTuple(s.Results[0], func(i int) types.Type { return c.sig.Results().At(i).Type() }); values != nil {
			for i, v := range values {
				first += "\n" + c.results[i] + " = " + v
			}
			return first
		}
	}
	if len(s.Results) != len(c.results) || len(s.Results) == 1 {
		return strings.Join(c.results, ", ") + " = " + e.returned(s)
	}
	first, then := "", ""
	for i, x := range s.Results {
		t := c.sig.Results().At(i).Type()
		if e.info.Types[x].IsNil() {
			then += c.results[i] + " = nil\n"
			continue
		}
		v := e.temp("t")
		first += "var " + v + " " + e.typ(t) + " = " + e.coerce(x, t) + "\n"
		then += c.results[i] + " = " + v + "\n"
	}
	return first + strings.TrimSuffix(then, "\n")
}

// specValues writes the values of a var declaration.
func (e *em) specValues(vs *ast.ValueSpec) string {
	if len(vs.Names) != len(vs.Values) {
		return e.exprs(vs.Values)
	}
	if vs.Type == nil {
		return strings.Join(mapped(vs.Values, e.specValue), ", ")
	}
	out := make([]string, len(vs.Values))
	for i, x := range vs.Values {
		out[i] = e.coerceText(e.specValue(x), x, e.info.Types[vs.Type].Type)
	}
	return strings.Join(out, ", ")
}
