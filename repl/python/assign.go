package python

import (
	"go/types"
	"strings"

	"go.starlark.net/syntax"
)

// variable gives the variable of a name in the scope at hand, a new one where
// there is none.
func (u *unit) variable(name string) *variable {
	sc := u.scope
	if sc.parent != nil && sc.global[name] {
		sc = sc.root()
	}
	if v := sc.vars[name]; v != nil {
		return v
	}
	key := "var:" + name
	if sc.fn != nil {
		key += "@" + sc.fn.key
	}
	home, _ := sc.homeOf(name, sc.block)
	if home != "" {
		key += "@" + home
	}
	v := &variable{py: name, name: u.ownName(name), key: key, home: home}
	if sc.parent == nil {
		if o := u.sessionVar(name); o != nil {
			v.name = o.Name()
		}
	}
	sc.vars[name] = v
	return v
}

// ownName is the Go name of a variable; in a program it leaves the packages of
// options their names.
func (u *unit) ownName(py string) string {
	n := goName(py)
	if u.mode == program && programNames[n] {
		n += "Conn"
	}
	return n
}

// programNames are packages that a program needs for its options.
var programNames = wordSet("ec2 s3 cloudwatch sns sqs iam sts session log")

// sessionVar gives what an earlier cell declared under a Python name.
func (u *unit) sessionVar(name string) types.Object {
	if u.mode == program {
		return nil
	}
	for _, n := range []string{goName(name), name} {
		if v, ok := u.s.Lookup(n).(*types.Var); ok {
			return v
		}
	}
	return nil
}

// declared tells whether the variable exists in the block at hand.
func (u *unit) set(name string, v val, p pos) {
	if v.void {
		u.fail(p, "this gives no value that could be assigned")
	}
	switch v.kind {
	case kModule, kClass, kBuiltin:
		u.foreign = true
		u.imports[name] = v
		return
	case kMethod, kFunc:
		u.fail(p, "%s: a function is not kept in a variable here, call it where it is needed", name)
	}
	if u.skipped(name) && (u.mode == program || u.scope.parent != nil) && !u.scope.global[name] && v.kind != kNone {
		// Go refuses variables that nothing reads.
		if v = u.keep(v, p); v.prec == precPrimary && isCallText(v.src) && strings.HasSuffix(v.src, ")") {
			u.emit(v.src)
		} else if !isPlain(v.src) {
			u.emit("_ = " + v.src)
		}
		return
	}
	x := u.variable(name)
	old := u.hole(x.key)
	if v.kind == kNone {
		u.setNone(x, old)
		return
	}
	if !isString(u.res(v.t)) {
		u.noMaybe(v, p)
	}
	v = u.keep(v, p)
	if v.t == nil {
		u.fail(p, "the type of %s is not known", name)
	}
	t := types.Default(v.t)
	session := u.sessionVar(name)
	atTop := u.scope.parent == nil && u.scope.block == ""
	switch {
	case isHole(old):
		u.unify(old, t)
	case u.unify(old, t):
	case isInteger(old) && isFloat(t):
		u.bind(x.key, tFloat)
	case isFloat(old) && isInteger(t):
	case isAny(old):
	case nilable(old) && types.AssignableTo(t, old):
	case v.kind == kList && u.open(t), v.kind == kDict && u.open(t):
	case atTop:
		// A new variable of that name, in a cell of its own.
		x = &variable{py: name, name: x.name, key: x.key + "'"}
		u.scope.vars[name] = x
		u.unify(u.hole(x.key), t)
		session = nil
	case u.scope.fn != nil && u.scope.block == "" && u.scope.isHome(name, ""):
		x = &variable{py: name, name: x.name + itoa(x.version+2), key: x.key + "'", version: x.version + 1}
		u.scope.vars[name] = x
		u.unify(u.hole(x.key), t)
	default:
		u.fail(p, "%s is %s here and %s before: a Go variable has one type", name, u.typeName(t), u.typeName(old))
	}
	if x.list {
		x.list = false
	}
	t = u.hole(x.key)
	x.assigned = true
	x.nilish = x.nilish || v.nilish
	if v.src == x.name && v.kind == kValue {
		x.declared = true // the call set it
		return
	}
	src := u.into(v, t, p)
	sc := u.scope
	global := sc.parent != nil && sc.global[name]
	switch {
	case x.declared || global:
		u.emit(x.name + " = " + src)
	case sc.parent == nil && session != nil && (types.Identical(u.res(session.Type()), t) || !atTop):
		if !types.Identical(u.res(session.Type()), t) {
			u.fail(p, "%s is %s in an earlier cell and %s here", name, u.typeName(session.Type()), u.typeName(t))
		}
		x.declared = true
		u.emit(x.name + " = " + src)
	default:
		x.declared = true
		u.emit(u.declaration(x.name, src, v, t))
	}
}

// declaration writes `x := v`, or `var x T = v` where v alone has another type.
func (u *unit) declaration(name, src string, v val, t types.Type) string {
	if (v.kind == kNumber || v.kind == kNone) && !types.Identical(types.Default(v.t), t) {
		if isFloat(t) && !strings.ContainsAny(src, ".eE(") {
			return name + " := " + src + ".0"
		}
		return "var " + name + " " + u.typeName(t) + " = " + src
	}
	if src == "nil" || nilable(t) && !types.Identical(u.res(v.t), t) && v.kind == kValue && isAny(t) {
		return "var " + name + " " + u.typeName(t) + " = " + src
	}
	if (v.kind == kList || v.kind == kDict) && len(v.elems) == 0 && strings.HasSuffix(src, "{}") {
		if _, ok := sliceOf(t); ok && types.Identical(types.Unalias(t), t.Underlying()) {
			return "var " + name + " " + u.typeName(t)
		}
	}
	return name + " := " + src
}

// setNone gives a variable no value.
func (u *unit) setNone(x *variable, old types.Type) {
	if isHole(old) {
		// What it is shows later; until then it needs no declaration.
		x.declared = x.declared || false
		return
	}
	if x.declared {
		u.emit(x.name + " = " + u.zero(old))
		return
	}
	x.declared = true
	u.emit("var " + x.name + " " + u.typeName(old))
}

func (u *unit) assign(s *assignStmt) {
	if s.op != "=" {
		u.augmented(s)
		return
	}
	if len(s.targets) > 1 {
		u.fail(s.pos, "a = b = c is not translated: write two lines")
	}
	target := unparen(s.targets[0])
	if list := tupleOf(target); list != nil {
		u.unpack(list, s)
		return
	}
	if id, ok := target.(*syntax.Ident); ok {
		if comp, ok := unparen(s.value).(*syntax.Comprehension); ok && u.inner == 0 {
			if u.comprehend(id.Name, comp) {
				return
			}
		}
		if lam, ok := unparen(s.value).(*syntax.LambdaExpr); ok {
			u.lambdaVar(id.Name, lam)
			return
		}
		u.wantDirect(s, id.Name)
		unread := u.skipped(id.Name) && (u.mode == program || u.scope.parent != nil) && !u.scope.global[id.Name]
		v := u.called(u.expr(s.value), unread && u.policy.kind != raising)
		if v.void && unread && v.src == "" {
			return // called, and nobody wants the value
		}
		u.wanted = ""
		u.set(id.Name, v, s.pos)
		return
	}
	v := u.called(u.expr(s.value), false)
	u.store(target, v, s.pos)
}

// wantDirect gives the one call of `x = f()` the name of x for its value, where
// errors are returned.
func (u *unit) wantDirect(s *assignStmt, name string) {
	if u.policy.kind == raising || u.policy.first != nil || u.skipped(name) {
		return
	}
	if v := u.directTarget(s, true); v != nil && !v.declared && u.sessionVar(name) == nil {
		u.wanted = v.name
	}
}

func tupleOf(x syntax.Expr) []syntax.Expr {
	switch x := unparen(x).(type) {
	case *syntax.TupleExpr:
		return x.List
	case *syntax.ListExpr:
		return x.List
	}
	return nil
}

// store writes an assignment to a field or an element.
func (u *unit) store(target syntax.Expr, v val, p pos) {
	switch t := target.(type) {
	case *syntax.DotExpr:
		x := u.value(t.X)
		f, ok := u.member(x, t.Name.Name)
		if !ok || f.kind == kMethod {
			u.noMember(x, t.Name.Name, u.placeAt(t.NamePos))
		}
		u.emit(f.src + " = " + u.into(v, f.t, p))
	case *syntax.IndexExpr:
		x := u.value(t.X)
		x.t = u.res(x.t)
		if isHole(x.t) {
			k := u.value(t.Y)
			u.unify(x.t, types.NewMap(types.Default(k.t), types.Default(u.keep(v, p).t)))
			x.t = u.res(x.t)
		}
		if k, e, ok := mapOf(x.t); ok {
			key := u.into(u.value(t.Y), k, u.place(t.Y))
			u.emit(x.src + "[" + key + "] = " + u.widened(v, e, p))
			return
		}
		if e, ok := sliceOf(x.t); ok {
			u.emit(x.src + "[" + u.index(x, t.Y).src + "] = " + u.widened(v, e, p))
			return
		}
		u.fail(p, "an element of %s can't be set", u.typeName(x.t))
	case *syntax.SliceExpr:
		u.fail(p, "assigning to a slice is not translated")
	default:
		u.fail(p, "this can't be assigned to")
	}
}

// widened makes a value one of an element's type; where the element's type
// comes from a literal that does not fit, the literal becomes one of any.
func (u *unit) widened(v val, e types.Type, p pos) string {
	v = u.keep(v, p)
	e = u.res(e)
	if isHole(e) && v.t != nil {
		u.unify(e, types.Default(v.t))
		e = u.res(e)
	}
	return u.into(v, e, p)
}

func (u *unit) augmented(s *assignStmt) {
	op := strings.TrimSuffix(s.op, "=")
	target := unparen(s.targets[0])
	cur := u.value(target)
	cur.t = u.res(cur.t)
	if _, ok := sliceOf(cur.t); ok && op == "+" {
		u.mutable(target, s.pos)
		v := u.value(s.value)
		u.emit(cur.src + " = append(" + cur.src + ", " + u.spread(v, cur.t, u.place(s.value)) + ")")
		return
	}
	id, isName := target.(*syntax.Ident)
	v := u.value(s.value)
	if isName {
		x := u.scope.find(id.Name)
		if x != nil && x.key != "" && isInteger(cur.t) && isFloat(v.t) && v.kind != kNumber {
			u.bind(x.key, tFloat)
		} else if x != nil && x.key != "" && isInteger(cur.t) && isFloat(v.t) {
			u.bind(x.key, tFloat)
		}
		if x == nil {
			if o := u.sessionVar(id.Name); o == nil {
				u.fail(s.pos, "%s is not known", id.Name)
			}
		}
	}
	simple := map[string]bool{"+": true, "-": true, "*": true, "|": true, "&": true, "^": true, "<<": true, ">>": true}[op]
	if op == "/" && (isFloat(cur.t) || isFloat(v.t)) {
		simple = true
	}
	if simple && (isNumber(cur.t) || isString(cur.t) && op == "+") && !(isString(cur.t) && !isString(v.t)) && !(isInteger(cur.t) && isFloat(v.t)) {
		if (op == "+" || op == "-") && v.src == "1" {
			u.emit(cur.src + op + op)
			return
		}
		u.emit(cur.src + " " + op + "= " + u.into(v, cur.t, u.place(s.value)))
		return
	}
	r := u.arith(op, cur, v, s.pos)
	if isName {
		u.set(id.Name, r, s.pos)
		return
	}
	u.store(target, r, s.pos)
}

// unpack translates a, b = ...
func (u *unit) unpack(targets []syntax.Expr, s *assignStmt) {
	if list := tupleOf(s.value); list != nil {
		if len(list) != len(targets) {
			u.fail(s.pos, "%d values for %d names", len(list), len(targets))
		}
		u.parallel(targets, list, s)
		return
	}
	v := u.called(u.expr(s.value), false)
	v.t = u.res(v.t)
	if v.kind == kTuple || v.kind == kList {
		if len(v.elems) != len(targets) {
			u.fail(s.pos, "%d values for %d names", len(v.elems), len(targets))
		}
		for i, x := range targets {
			u.setTarget(x, v.elems[i], s.pos)
		}
		return
	}
	switch t := v.t.(type) {
	case *types.Tuple:
		if t.Len() != len(targets) {
			u.fail(s.pos, "this gives %d values for %d names", t.Len(), len(targets))
		}
		var ts []types.Type
		for i := range t.Len() {
			ts = append(ts, t.At(i).Type())
		}
		u.assignMany(targets, v.src, ts, s.pos)
		return
	case *types.Struct:
		if isTuple(t) && t.NumFields() == len(targets) {
			v = u.once(v, "t")
			for i, x := range targets {
				u.setTarget(x, primary(v.src+"."+t.Field(i).Name(), t.Field(i).Type()), s.pos)
			}
			return
		}
	case *types.Slice:
		v = u.once(v, "parts")
		for i, x := range targets {
			u.setTarget(x, primary(v.src+"["+itoa(i)+"]", t.Elem()), s.pos)
		}
		return
	}
	if isHole(v.t) {
		return // a later round knows
	}
	u.fail(s.pos, "%s can't be taken apart into %d names", u.typeName(v.t), len(targets))
}

func (u *unit) setTarget(x syntax.Expr, v val, p pos) {
	if id, ok := unparen(x).(*syntax.Ident); ok {
		if id.Name == "_" {
			return
		}
		u.set(id.Name, v, p)
		return
	}
	u.store(unparen(x), v, p)
}

// parallel translates a, b = x, y, with one Go assignment where both sides
// share names.
func (u *unit) parallel(targets, list []syntax.Expr, s *assignStmt) {
	mine := map[string]bool{}
	for _, t := range targets {
		for _, n := range namesIn(t) {
			mine[n] = true
		}
	}
	shared := false
	for _, x := range list[1:] {
		for _, n := range namesIn(x) {
			shared = shared || mine[n]
		}
	}
	if !shared {
		for i := range targets {
			u.assign(&assignStmt{pos: s.pos, op: "=", targets: targets[i : i+1], value: list[i]})
		}
		return
	}
	var lhs, rhs []string
	for i, x := range targets {
		v := u.keep(u.value(list[i]), s.pos)
		id, ok := unparen(x).(*syntax.Ident)
		if ok {
			known := u.scope.find(id.Name)
			if known == nil {
				u.fail(s.pos, "%s is not known before this line", id.Name)
			}
			lhs = append(lhs, known.name)
			rhs = append(rhs, u.into(v, u.hole(known.key), s.pos))
			continue
		}
		target := u.value(x)
		lhs = append(lhs, target.src)
		rhs = append(rhs, u.into(v, target.t, s.pos))
	}
	u.emit(strings.Join(lhs, ", ") + " = " + strings.Join(rhs, ", "))
}

// assignMany writes a, b := f().
func (u *unit) assignMany(targets []syntax.Expr, src string, ts []types.Type, p pos) {
	var names []string
	fresh := false
	var after []func()
	for i, x := range targets {
		id, ok := unparen(x).(*syntax.Ident)
		if !ok {
			tmp := u.temp("v")
			names = append(names, tmp)
			fresh = true
			after = append(after, func() { u.store(unparen(x), primary(tmp, ts[i]), p) })
			continue
		}
		if id.Name == "_" || id.Name != "_" && u.unused(id.Name) {
			names = append(names, "_")
			continue
		}
		v := u.variable(id.Name)
		if !u.unify(u.hole(v.key), ts[i]) {
			u.fail(p, "%s is %s here and %s before", id.Name, u.typeName(ts[i]), u.typeName(u.hole(v.key)))
		}
		if !v.declared {
			fresh = true
			v.declared = true
		}
		names = append(names, v.name)
	}
	op := " = "
	if fresh {
		op = " := "
	}
	u.emit(strings.Join(names, ", ") + op + src)
	for _, f := range after {
		f()
	}
}

// unused tells whether a name in a function is set and never read.
func (u *unit) unused(string) bool { return false }

// temp makes a name for a value of our own.
func (u *unit) temp(name string) string {
	u.temps++
	for i := 0; ; i++ {
		n := name
		if i > 0 {
			n += itoa(i + 1)
		}
		if !u.taken(n) {
			if u.scope.vars["\x00"+n] == nil {
				u.scope.vars["\x00"+n] = &variable{name: n, declared: true}
				return n
			}
		}
	}
}

func (u *unit) taken(n string) bool {
	for sc := u.scope; sc != nil; sc = sc.parent {
		for py := range sc.homes {
			if goName(py) == n {
				return true
			}
		}
		for _, v := range sc.vars {
			if v.name == n {
				return true
			}
		}
	}
	return u.mode == cells && u.s.Lookup(n) != nil
}

// once puts an expression into a variable unless it is a name.
func (u *unit) once(v val, name string) val {
	if isPlain(v.src) {
		return v
	}
	if u.inner > 0 {
		return v
	}
	n := u.temp(name)
	u.emit(n + " := " + v.src)
	return primary(n, v.t)
}

// isPlain tells whether an expression can be written twice.
func isPlain(src string) bool { return !strings.ContainsAny(src, "()[]{}\"` +*/") }
