package python

import (
	"go/types"
	"strings"

	"go.starlark.net/syntax"
)

// policy says what becomes of a call that can fail.
type policy struct {
	kind  policyKind
	zeros func() string // of returns: what stands in front of the error, with a comma
	count *int          // of trials: how many calls can fail
	first func(v val, err string)
}

type policyKind int

const (
	raising   policyKind = iota // the shell raises the error
	returning                   // `if err != nil { return ..., err }`
	fatal                       // `if err != nil { log.Fatal(err) }`
)

// block translates the statements of a nested block.
func (u *unit) block(body []stmt, path string) {
	saved := u.scope.block
	u.scope.block = path
	for _, s := range body {
		u.statement(s)
	}
	u.scope.block = saved
	if path != saved {
		// Its variables end with a block.
		for n, v := range u.scope.vars {
			if v.home == path && v.home != "" {
				delete(u.scope.vars, n)
			}
		}
	}
}

// sub is the path of a block below the one at hand.
func (u *unit) sub(body []stmt, loop bool) string {
	if !loop && u.scope.parent == nil && !strings.Contains(u.scope.block, "L") {
		return u.scope.block // as plan has it
	}
	return childPath(u.scope.block, body, loop)
}

// predeclare declares the variables that a nested block of s assigns and that
// are used outside of it.
func (u *unit) predeclare(s stmt) {
	done := map[string]bool{}
	visit([]stmt{s}, func(s stmt) {
		switch s := s.(type) {
		case *assignStmt:
			for _, t := range s.targets {
				for _, n := range targetNames(t) {
					u.declareAhead(n, done)
				}
			}
		case *forStmt:
			for _, n := range targetNames(s.vars) {
				u.declareAhead(n, done)
			}
		}
	}, func(syntax.Expr) {})
}

func (u *unit) declareAhead(n string, done map[string]bool) {
	sc := u.scope
	if done[n] || !sc.isHome(n, sc.block) {
		return
	}
	done[n] = true
	if sc.global[n] {
		return
	}
	v := sc.vars[n]
	if v != nil && v.declared {
		return
	}
	if sc.parent == nil && u.sessionVar(n) != nil {
		return
	}
	v = u.variable(n)
	t := u.hole(v.key)
	if isHole(t) {
		return // nothing is known yet, or it is only ever deleted
	}
	v.declared = true
	u.emit("var " + v.name + " " + u.typeName(t))
}

func (u *unit) statement(s stmt) {
	switch s := s.(type) {
	case *exprStmt:
		u.exprStatement(s)
	case *assignStmt:
		u.assign(s)
	case *ifStmt:
		if isMainGuard(s) {
			u.mainGuard(s)
			return
		}
		u.predeclare(s)
		u.ifStatement(s, "")
	case *forStmt:
		u.predeclare(s)
		u.forLoop(s.vars, s.x, func() { u.block(s.body, u.sub(s.body, true)) })
	case *whileStmt:
		u.predeclare(s)
		u.while(s)
	case *defStmt:
		u.def(s)
	case *returnStmt:
		u.returns(s)
	case *importStmt:
		u.importNames(s)
	case *printStmt:
		u.printValues(s.pos, s.args, s.stay, s.to)
	case *tryStmt:
		u.try(s)
	case *withStmt:
		u.with(s)
	case *raiseStmt:
		u.raise(s)
	case *assertStmt:
		u.assert(s)
	case *delStmt:
		u.del(s)
	case *wordStmt:
		switch {
		case s.word == "break", s.word == "continue":
			u.emit(s.word)
		case strings.HasPrefix(s.word, "global"):
			for _, n := range strings.Fields(s.word)[1:] {
				u.scope.global[n] = true
			}
		}
	default:
		u.fail(s.at(), "this statement is not translated")
	}
}

func (u *unit) exprStatement(s *exprStmt) {
	x := unparen(s.x)
	if lit, ok := x.(*syntax.Literal); ok && lit.Token == syntax.STRING && (u.scope.parent != nil || u.mode == program) {
		return // a comment
	}
	if c, ok := x.(*syntax.CallExpr); ok {
		if id, ok := c.Fn.(*syntax.Ident); ok && id.Name == "print" && u.scope.find("print") == nil {
			u.printCall(c)
			return
		}
		if u.changing(c) {
			return
		}
	}
	if cond, ok := x.(*syntax.CondExpr); ok {
		u.emit("if " + u.truth(cond.Cond) + " {")
		u.statement(&exprStmt{s.pos, cond.True})
		u.emit("} else {")
		u.statement(&exprStmt{s.pos, cond.False})
		u.emit("}")
		return
	}
	top := u.scope.parent == nil && u.scope.block == "" && u.mode == cells
	v := u.expr(s.x)
	if v.fails || v.void {
		v = u.called(v, true)
	}
	switch {
	case v.kind == kModule || v.kind == kClass || v.kind == kBuiltin || v.kind == kMethod || v.kind == kFunc:
		u.fail(s.pos, "%s has no value in Go that could be shown: call it", u.show(s.x))
	case v.kind == kNone:
		return
	case v.void:
		if v.src != "" {
			u.emit(v.src)
		}
	case top:
		if v.kind == kTuple {
			v = u.keep(v, u.place(s.x))
		}
		u.emit(v.src)
		u.last = v.t
	case v.prec == precPrimary && strings.HasSuffix(v.src, ")") && isCallText(v.src):
		u.emit(v.src)
	case v.src != "":
		u.emit("_ = " + v.src)
	}
}

// isCallText tells calls from conversions, which Go does not take as a statement.
func isCallText(s string) bool {
	for _, c := range []string{"len(", "string(", "int(", "float64(", "append(", "min(", "max(", "int64(", "[]"} {
		if strings.HasPrefix(s, c) {
			return false
		}
	}
	return !strings.HasPrefix(s, "(")
}

func isMainGuard(s *ifStmt) bool {
	b, ok := unparen(s.cond).(*syntax.BinaryExpr)
	if !ok || b.Op != syntax.EQL {
		return false
	}
	id, ok := b.X.(*syntax.Ident)
	return ok && id.Name == "__name__"
}

// mainGuard runs the body of a script's guard, which is what a paste means.
func (u *unit) mainGuard(s *ifStmt) {
	u.foreign = true
	for _, st := range s.then {
		u.statement(st)
	}
}

// ifStatement writes an if; lead is "} else " for a branch of one before.
func (u *unit) ifStatement(s *ifStmt, lead string) {
	cond, before := u.condition(s.cond)
	if len(before) > 0 && lead != "" {
		u.emit("} else {")
		u.ifStatement(s, "")
		u.emit("}")
		return
	}
	u.emit(before...)
	u.emit(lead + "if " + cond + " {")
	u.block(s.then, u.sub(s.then, false))
	if len(s.els) == 1 {
		if e, ok := s.els[0].(*ifStmt); ok && !isMainGuard(e) {
			_, before := u.condition(e.cond)
			if len(before) == 0 {
				saved := u.scope.block
				u.scope.block = u.sub(s.els, false)
				u.ifStatement(e, "} else ")
				u.scope.block = saved
				return
			}
		}
	}
	if len(s.els) > 0 {
		u.emit("} else {")
		u.block(s.els, u.sub(s.els, false))
	}
	u.emit("}")
}

// condition gives an expression's truth and what must run before it.
func (u *unit) condition(x syntax.Expr) (cond string, before []string) {
	before = u.capture(func() { cond = u.truth(x) })
	return cond, before
}

func (u *unit) while(s *whileStmt) {
	if id, ok := unparen(s.cond).(*syntax.Ident); ok && id.Name == "True" {
		u.emit("for {")
	} else if lit, ok := unparen(s.cond).(*syntax.Literal); ok && lit.Token == syntax.INT && lit.Raw != "0" {
		u.emit("for {")
	} else if cond, before := u.condition(s.cond); len(before) > 0 {
		u.emit("for {")
		u.emit(before...)
		u.emit("if "+not(cond)+" {", "break", "}")
	} else {
		u.emit("for " + cond + " {")
	}
	u.block(s.body, u.sub(s.body, true))
	u.emit("}")
}

// not negates a condition that is written already.
func not(cond string) string {
	switch {
	case strings.HasPrefix(cond, "!") && !strings.ContainsAny(cond, " "):
		return cond[1:]
	case !strings.ContainsAny(cond, " "):
		return "!" + cond
	}
	for _, pair := range [][2]string{{" == ", " != "}, {" != ", " == "}} {
		if strings.Count(cond, pair[0]) == 1 && !strings.ContainsAny(cond, "&|(") && !strings.Contains(cond, "\"") {
			return strings.Replace(cond, pair[0], pair[1], 1)
		}
	}
	return "!(" + cond + ")"
}

func (u *unit) returns(s *returnStmt) {
	f := u.scope.fn
	if f == nil || u.inner > 0 {
		u.fail(s.pos, "return can't stand here")
	}
	tail := ""
	if f.fails {
		tail = "nil"
	}
	if s.x == nil {
		if n := f.results; n > 0 {
			u.emit("return " + join(u.zeroResults(f), tail))
			return
		}
		u.emit(strings.TrimSpace("return " + tail))
		return
	}
	if t, ok := unparen(s.x).(*syntax.TupleExpr); ok && len(t.List) > 1 {
		u.setResults(f, len(t.List), s.pos)
		var out []string
		for i, x := range t.List {
			v := u.value(x)
			out = append(out, u.intoHole(v, f.key+".r"+itoa(i), u.place(x)))
		}
		u.emit("return " + join(strings.Join(out, ", "), tail))
		return
	}
	v := u.called(u.expr(s.x), false)
	if tp, ok := v.t.(*types.Tuple); ok {
		u.setResults(f, tp.Len(), s.pos)
		for i := range tp.Len() {
			u.unify(u.hole(f.key+".r"+itoa(i)), tp.At(i).Type())
		}
		u.emit("return " + join(v.src, tail))
		return
	}
	if v.void {
		u.emit(v.src, strings.TrimSpace("return "+tail))
		return
	}
	v = u.keep(v, u.place(s.x))
	if v.kind == kNone && f.results <= 0 && !u.facts["result:"+f.key] {
		u.emit(strings.TrimSpace("return " + tail))
		return
	}
	if v.kind != kNone {
		u.fact("result:" + f.key)
	}
	u.setResults(f, 1, s.pos)
	u.emit("return " + join(u.intoHole(v, f.key+".r0", u.place(s.x)), tail))
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

func (u *unit) setResults(f *function, n int, p pos) {
	if f.results > 0 && f.results != n {
		u.fail(p, "%s returns %d values here and %d elsewhere", f.stmt.name, n, f.results)
	}
	if f.results != n {
		f.results = n
		u.changed = true
	}
}

func (u *unit) zeroResults(f *function) string {
	var out []string
	for i := range max(f.results, 0) {
		out = append(out, u.zero(u.hole(f.key+".r"+itoa(i))))
	}
	return strings.Join(out, ", ")
}

// zero writes the zero value of a type.
func (u *unit) zero(t types.Type) string {
	t = u.res(t)
	switch {
	case isHole(t), nilable(t):
		return "nil"
	case isString(t):
		return `""`
	case isNumber(t):
		return "0"
	case isBool(t):
		return "false"
	}
	return u.typeName(t) + "{}"
}

func (u *unit) assert(s *assertStmt) {
	cond := u.truth(s.cond)
	msg := `"assertion failed"`
	if s.msg != nil {
		msg = u.text(u.value(s.msg), u.place(s.msg))
	}
	u.emit("if " + not(cond) + " {")
	u.throw(u.pkgName("errors", "errors") + "New(" + msg + ")")
	u.emit("}")
}

// throw ends the function, or the cell, with an error.
func (u *unit) throw(err string) {
	switch u.policy.kind {
	case returning:
		u.emit("return " + u.policy.zeros() + err)
	case fatal:
		u.emit(u.pkgName("log", "log") + "Fatal(" + err + ")")
	default:
		u.emit("panic(" + err + ")")
	}
}

func (u *unit) raise(s *raiseStmt) {
	if s.x == nil {
		if u.handling == "" {
			u.fail(s.pos, "raise without a value stands outside of except")
		}
		u.throw(u.handling)
		return
	}
	x := unparen(s.x)
	if id, ok := x.(*syntax.Ident); ok && u.handling != "" && u.isHandled(id.Name) {
		u.throw(u.handling)
		return
	}
	u.foreign = true
	switch x := x.(type) {
	case *syntax.Ident:
		u.throw(u.pkgName("errors", "errors") + "New(" + quote(x.Name) + ")")
		return
	case *syntax.CallExpr:
		name := u.show(x.Fn)
		name = name[strings.LastIndex(name, ".")+1:]
		if len(x.Args) == 0 {
			u.throw(u.pkgName("errors", "errors") + "New(" + quote(name) + ")")
			return
		}
		if len(x.Args) == 1 {
			v := u.value(x.Args[0])
			if v.kind == kString {
				u.throw(u.pkgName("errors", "errors") + "New(" + quote(v.text) + ")")
				return
			}
			if inner, ok := strings.CutPrefix(v.src, "fmt.Sprintf("); ok {
				u.throw("fmt.Errorf(" + inner)
				return
			}
			u.throw(u.pkgName("errors", "errors") + "New(" + u.text(v, u.place(x)) + ")")
			return
		}
	}
	u.fail(s.pos, "raise takes an exception with one text here")
}

func (u *unit) del(s *delStmt) {
	u.foreign = true
	for _, t := range s.targets {
		switch t := unparen(t).(type) {
		case *syntax.IndexExpr:
			x := u.value(t.X)
			if _, _, ok := mapOf(x.t); ok {
				k, _, _ := mapOf(x.t)
				u.emit("delete(" + x.src + ", " + u.into(u.value(t.Y), k, u.place(t.Y)) + ")")
				continue
			}
			if _, ok := sliceOf(x.t); ok {
				i := u.index(x, t.Y)
				u.emit(x.src + " = " + u.pkgName("slices", "slices") + "Delete(" + x.src + ", " + i.src + ", " + addOne(i) + ")")
				continue
			}
			u.fail(s.pos, "del of this is not translated")
		case *syntax.Ident:
			// A Go variable ends with its scope.
		default:
			u.fail(s.pos, "del of this is not translated")
		}
	}
}

func addOne(i val) string { return i.at(4) + "+1" }
