package python

import (
	"strings"

	"go.starlark.net/syntax"
)

// called makes a value of a call that can fail, as the policy at hand has it.
func (u *unit) called(v val, statement bool) val {
	if !v.fails {
		return v
	}
	if u.policy.count != nil {
		*u.policy.count++
	}
	v.fails = false
	if u.policy.first != nil {
		first := u.policy.first
		u.policy.first = nil
		return u.hoistFirst(v, first, statement)
	}
	if u.policy.kind == raising {
		if u.mode == program && u.scope.fn != nil {
			u.fact("fails:" + u.scope.fn.key)
		}
		v.pair = !v.void
		return v
	}
	if u.inner > 0 {
		u.fail(u.near, "a call that can fail stands where Go has no place to look at its error: put its value into a variable first")
	}
	if v.void {
		u.emit("if err := " + v.src + "; err != nil {")
		u.throw("err")
		u.emit("}")
		v.src = ""
		return v
	}
	if statement {
		u.emit("if _, err := " + v.src + "; err != nil {")
		u.throw("err")
		u.emit("}")
		v.src, v.void = "", true
		return v
	}
	name := u.wanted
	if u.wanted = ""; name == "" {
		name = u.temp(u.nameFor(v))
	}
	u.emit(name + ", err := " + v.src)
	u.check("err")
	return primary(name, v.t)
}

// check ends the function with an error that is not nil.
func (u *unit) check(err string) {
	u.emit("if " + err + " != nil {")
	u.throw(err)
	u.emit("}")
}

// nameFor invents a name for a value by its type.
func (u *unit) nameFor(v val) string {
	t := u.res(v.t)
	plural := ""
	if e, ok := sliceOf(t); ok {
		t, plural = e, "s"
	}
	if n := named(t); n != nil && !isHole(n) {
		name := n.Obj().Name()
		name = strings.ToLower(name[:1]) + name[1:] + plural
		if !goWords[name] {
			return name
		}
	}
	switch {
	case isString(t):
		return "text" + plural
	case isInteger(t):
		return "n" + plural
	case isBool(t):
		return "ok"
	}
	return "v"
}

const hoistMark = "\x00hoist"

// hoistFirst puts the one call of a try that can fail in front: what is written
// behind the mark runs when it did not.
func (u *unit) hoistFirst(v val, first func(v val, name string), statement bool) val {
	if v.void || statement {
		u.emit(hoistMark)
		name := ""
		if !v.void {
			name = "_"
		}
		first(v, name)
		v.src, v.void = "", true
		return v
	}
	name := u.wanted
	u.wanted = ""
	if name == "" {
		name = u.temp(u.nameFor(v))
	}
	u.emit(hoistMark)
	first(v, name)
	return primary(name, v.t)
}

// trial translates without a trace and counts the calls that can fail; at is
// the index of the statement that has the first one.
func (u *unit) trial(body []stmt) (count, at int) {
	type saved struct {
		sc   *scope
		vars map[string]*variable
	}
	var all []saved
	for sc := u.scope; sc != nil; sc = sc.parent {
		vars := map[string]*variable{}
		for n, v := range sc.vars {
			c := *v
			vars[n] = &c
		}
		all = append(all, saved{sc, vars})
	}
	block, pol, last := u.scope.block, u.policy, u.last
	u.policy = policy{kind: raising, count: &count}
	at = -1
	u.capture(func() {
		for i, s := range body {
			u.statement(s)
			if count > 0 && at < 0 {
				at = i
			}
		}
	})
	u.policy, u.last = pol, last
	for _, s := range all {
		s.sc.vars = s.vars
	}
	u.scope.block = block
	return count, at
}

func (u *unit) try(s *tryStmt) {
	u.foreign = true
	if s.finally != nil {
		u.finally(s)
		return
	}
	count, at := u.trial(s.body)
	if count == 0 {
		if u.keyError(s) {
			return
		}
		for _, h := range s.handlers {
			for _, t := range h.types {
				if n := u.show(t); strings.HasSuffix(n, "KeyError") || strings.HasSuffix(n, "IndexError") || strings.HasSuffix(n, "AttributeError") || strings.HasSuffix(n, "TypeError") || strings.HasSuffix(n, "NameError") || strings.HasSuffix(n, "KeyboardInterrupt") {
					u.fail(h.pos, "except %s is not translated: Go has no such error, test before", n)
				}
			}
		}
		// Nothing of it can fail in Go.
		u.predeclare(s)
		u.block(s.body, u.sub(s.body, false))
		if len(s.els) > 0 {
			u.block(s.els, u.sub(s.els, false))
		}
		return
	}
	if count == 1 && !isCompound(s.body[at]) {
		u.trySimple(s, at)
		return
	}
	u.tryClosure(s)
}

func isCompound(s stmt) bool {
	switch s.(type) {
	case *ifStmt, *forStmt, *whileStmt, *tryStmt, *withStmt, *defStmt:
		return true
	}
	return false
}

// trySimple writes `v, err := f()` with the handlers behind it.
func (u *unit) trySimple(s *tryStmt, at int) {
	terminal := true
	for _, h := range s.handlers {
		terminal = terminal && leaves(h.body)
	}
	direct := u.directTarget(s.body[at], terminal)
	rest := len(s.body) > at+1 || len(s.els) > 0
	if rest && !terminal || direct == nil && !terminal {
		u.predeclare(s)
		direct = u.directTarget(s.body[at], terminal)
	}
	var call val
	var name string
	pol := u.policy
	lines := u.capture(func() {
		for i, st := range s.body {
			if i == at {
				u.policy = policy{kind: pol.kind, zeros: pol.zeros, count: pol.count, first: func(v val, n string) { call, name = v, n }}
				if direct != nil {
					u.wanted = direct.name
				}
			}
			u.block([]stmt{st}, u.sub(s.body, false))
			u.policy = pol
		}
		if len(s.els) > 0 {
			u.block(s.els, u.sub(s.els, false))
		}
	})
	if pol.count != nil {
		*pol.count++ // what is not caught
	}
	mark := -1
	for i, l := range lines {
		if l == hoistMark {
			mark = i
		}
	}
	if mark < 0 {
		u.fail(s.pos, "this try is not translated")
	}
	pre, post := lines[:mark], lines[mark+1:]
	u.emit(pre...)
	lead := ""
	switch {
	case name == "":
		lead = "err := " + call.src + "; "
	case name == "_", direct == nil && len(post) == 0:
		lead = "_, err := " + call.src + "; "
	case direct != nil && direct.declared && u.errDeclared():
		u.emit(name + ", err = " + call.src)
	default:
		u.emit(name + ", err := " + call.src)
		u.setErr()
	}
	if direct != nil {
		if !direct.declared {
			u.unify(u.hole(direct.key), call.t)
		}
		direct.declared, direct.assigned = true, true
	}
	u.handlers(s.handlers, "err", lead)
	switch {
	case len(post) == 0:
		u.emit("}")
	case terminal:
		if lead != "" && name != "" {
			u.emit("}")
		} else {
			u.emit("}")
		}
		u.emit(post...)
	default:
		u.emit("} else {")
		u.emit(post...)
		u.emit("}")
	}
}

func (u *unit) errDeclared() bool {
	return u.scope.vars["\x00err"+u.scope.block] != nil
}

func (u *unit) setErr() {
	u.scope.vars["\x00err"+u.scope.block] = &variable{name: "err", declared: true}
}

// directTarget gives the variable of `x = f()` where the call can set it
// itself: it is new, or has held nothing yet.
func (u *unit) directTarget(s stmt, terminal bool) *variable {
	a, ok := s.(*assignStmt)
	if !ok || a.op != "=" || len(a.targets) != 1 {
		return nil
	}
	id, ok := unparen(a.targets[0]).(*syntax.Ident)
	if !ok || u.scope.global[id.Name] {
		return nil
	}
	if _, ok := unparen(a.value).(*syntax.CallExpr); !ok {
		return nil
	}
	if u.scope.parent == nil && u.sessionVar(id.Name) != nil {
		return nil
	}
	if !u.scope.isHome(id.Name, u.scope.block) {
		return nil
	}
	// The call must be all there is: f()[0] is set afterwards.
	if !u.isFallible(a.value) {
		return nil
	}
	v := u.variable(id.Name)
	if v.assigned && !terminal {
		return nil
	}
	return v
}

// isFallible tells whether an expression is itself a call that can fail.
func (u *unit) isFallible(x syntax.Expr) bool {
	ok := false
	count := 0
	pol := u.policy
	u.policy = policy{kind: raising, count: &count}
	u.capture(func() { ok = u.expr(x).fails })
	u.policy = pol
	return ok
}

// tryClosure runs several calls that can fail in a function that ends with the
// first error.
func (u *unit) tryClosure(s *tryStmt) {
	if escapes(s.body) {
		u.fail(s.pos, "return, break and continue inside of a try over several calls are not translated: put what can fail alone into the try")
	}
	u.predeclare(s)
	if u.policy.count != nil {
		*u.policy.count++
	}
	pol := u.policy
	u.policy = policy{kind: returning, zeros: func() string { return "" }}
	body := u.capture(func() { u.block(s.body, u.sub(s.body, false)) })
	u.policy = pol
	var lead strings.Builder
	lead.WriteString("err := func() error {\n")
	lead.WriteString(strings.Join(body, "\n"))
	if !ends(s.body) {
		lead.WriteString("\nreturn nil")
	}
	lead.WriteString("\n}(); ")
	u.handlers(s.handlers, "err", lead.String())
	if len(s.els) > 0 {
		u.emit("} else {")
		u.block(s.els, u.sub(s.els, false))
	}
	u.emit("}")
}

// escapes tells whether statements leave by return, or leave a loop that they
// do not hold.
func escapes(body []stmt) bool {
	for _, s := range body {
		switch s := s.(type) {
		case *returnStmt:
			return true
		case *wordStmt:
			if s.word == "break" || s.word == "continue" {
				return true
			}
		case *ifStmt:
			if escapes(s.then) || escapes(s.els) {
				return true
			}
		case *tryStmt:
			if escapes(s.body) {
				return true
			}
			for _, h := range s.handlers {
				if escapes(h.body) {
					return true
				}
			}
		case *forStmt:
			if returnsIn(s.body) {
				return true
			}
		case *whileStmt:
			if returnsIn(s.body) {
				return true
			}
		case *withStmt:
			if escapes(s.body) {
				return true
			}
		}
	}
	return false
}

func returnsIn(body []stmt) bool {
	found := false
	visit(body, func(s stmt) {
		if _, ok := s.(*returnStmt); ok {
			found = true
		}
	}, func(syntax.Expr) {})
	return found
}

// handlers writes the conditions and bodies of except clauses, without the
// last closing brace.
func (u *unit) handlers(list []handler, err, lead string) {
	savedHandling := u.handling
	u.handling = err
	complete := false
	for i, h := range list {
		cond := u.handles(h, err)
		if cond == "" {
			cond = err + " != nil"
			complete = true
		}
		if i == 0 {
			u.emit("if " + lead + cond + " {")
		} else {
			u.emit("} else if " + cond + " {")
		}
		sc := u.scope
		var old *variable
		if h.name != "" {
			old = sc.vars[h.name]
			sc.vars[h.name] = &variable{py: h.name, name: err, fixed: tError, declared: true, handled: true}
		}
		u.block(h.body, u.sub(h.body, false))
		if h.name != "" {
			delete(sc.vars, h.name)
			if old != nil {
				sc.vars[h.name] = old
			}
		}
		if complete {
			break
		}
	}
	u.handling = savedHandling
	if !complete {
		u.emit("} else if " + err + " != nil {")
		u.throw(err)
	}
}

// handles gives the condition under which an except clause takes an error; ""
// when it takes all.
func (u *unit) handles(h handler, err string) string {
	var conds []string
	for _, t := range h.types {
		name := u.show(t)
		short := name[strings.LastIndex(name, ".")+1:]
		switch short {
		case "Exception", "BaseException", "StandardError", "error":
			return ""
		case "IOError", "OSError", "EnvironmentError", "FileNotFoundError", "ValueError":
			// What can fail here is of that kind, or of no kind that Python told apart.
			return ""
		case "ResponseError", "EC2ResponseError", "S3ResponseError", "BotoServerError", "SQSError", "GSResponseError", "storage_response_error", "S3PermissionsError":
			if rethrows(h) {
				return ""
			}
			conds = append(conds, u.pkgName(botoPath, "boto")+"Details("+err+") != nil")
		case "S3CreateError", "storage_create_error", "StorageCreateError":
			conds = append(conds, u.pkgName(botoPath, "boto")+"Details("+err+") != nil")
		default:
			u.fail(h.pos, "except %s is not translated: Go has no such class of errors", name)
		}
	}
	seen := map[string]bool{}
	var out []string
	for _, c := range conds {
		if !seen[c] {
			out = append(out, c)
		}
		seen[c] = true
	}
	return strings.Join(out, " || ")
}

// rethrows tells whether a handler looks at the code of an error and raises
// what it does not know: then errors without a code are raised, too.
func rethrows(h handler) bool {
	if len(h.body) != 1 {
		return false
	}
	s, ok := h.body[0].(*ifStmt)
	for ok {
		if !strings.Contains(strings.Join(dotNames(s.cond), " "), "code") {
			return false
		}
		if len(s.els) != 1 {
			return false
		}
		if _, raised := s.els[0].(*raiseStmt); raised {
			return true
		}
		s, ok = s.els[0].(*ifStmt)
	}
	return false
}

func dotNames(x syntax.Expr) []string {
	var out []string
	syntax.Walk(x, func(n syntax.Node) bool {
		if d, ok := n.(*syntax.DotExpr); ok {
			out = append(out, d.Name.Name)
		}
		return true
	})
	return out
}

func (u *unit) isHandled(name string) bool {
	v := u.scope.find(name)
	return v != nil && v.handled
}

// keyError writes `try: x = d[k] except KeyError:` as a look-up that tells.
func (u *unit) keyError(s *tryStmt) bool {
	if len(s.handlers) != 1 || len(s.body) != 1 || len(s.els) > 0 || len(s.handlers[0].types) != 1 || u.show(s.handlers[0].types[0]) != "KeyError" {
		return false
	}
	a, ok := s.body[0].(*assignStmt)
	if !ok || a.op != "=" || len(a.targets) != 1 {
		return false
	}
	id, ok := unparen(a.targets[0]).(*syntax.Ident)
	idx, ok2 := unparen(a.value).(*syntax.IndexExpr)
	if !ok || !ok2 {
		return false
	}
	m := u.value(idx.X)
	k, e, ok := mapOf(u.res(m.t))
	if !ok {
		return false
	}
	src := m.src + "[" + u.into(u.value(idx.Y), k, u.place(idx.Y)) + "]"
	found := u.temp("ok")
	v := u.variable(id.Name)
	u.unify(u.hole(v.key), e)
	if v.declared || !u.scope.isHome(id.Name, u.scope.block) {
		tmp := u.temp("v")
		u.emit(tmp + ", " + found + " := " + src)
		u.emit("if "+found+" {", v.name+" = "+tmp, "} else {")
	} else {
		v.declared = true
		u.emit(v.name + ", " + found + " := " + src)
		u.emit("if !" + found + " {")
	}
	u.block(s.handlers[0].body, u.sub(s.handlers[0].body, false))
	u.emit("}")
	return true
}

// finally runs a block whatever happens.
func (u *unit) finally(s *tryStmt) {
	inner := s.body
	if len(s.handlers) > 0 {
		t := *s
		t.finally = nil
		inner = []stmt{&t}
	}
	if escapes(inner) {
		u.fail(s.pos, "return, break and continue inside of try and finally are not translated")
	}
	if u.policy.kind != raising {
		u.fail(s.pos, "finally is not translated where errors are returned")
	}
	u.predeclare(s)
	u.emit("func() {", "defer func() {")
	u.block(s.finally, u.sub(s.finally, false))
	u.emit("}()")
	u.block(inner, u.sub(inner, false))
	u.emit("}()")
}

// with writes a block that has a file open.
func (u *unit) with(s *withStmt) {
	u.foreign = true
	v := u.called(u.expr(s.x), false)
	if !isFile(v.t) && !isHole(u.res(v.t)) {
		u.fail(s.pos, "with is translated for files only: with open(...) as f")
	}
	n := goName(s.name)
	x := &variable{py: s.name, name: n, fixed: v.t, declared: true}
	old := u.scope.vars[s.name]
	if v.src != n {
		if old != nil && old.declared {
			n = u.temp("file")
			x.name = n
		}
		u.emit(n + " := " + v.src)
	}
	u.scope.vars[s.name] = x
	deferred := u.scope.fn != nil && u.scope.block == "" && !leavesEarly(s.body)
	if u.scope.fn != nil && u.scope.block == "" || leavesEarly(s.body) {
		deferred = true
	}
	if deferred {
		u.emit("defer " + n + ".Close()")
	}
	for _, st := range s.body {
		u.statement(st)
	}
	if !deferred {
		u.emit(n + ".Close()")
	}
}

func leavesEarly(body []stmt) bool { return returnsIn(body) }
