package python

import (
	gotoken "go/token"
	"go/types"
	"strings"

	"go.starlark.net/syntax"
)

// declareDefs makes the functions of the top level known before their text is
// reached: Python looks names up when they are called.
func (u *unit) declareDefs(body []stmt) {
	for _, s := range body {
		if d, ok := s.(*defStmt); ok {
			u.function(d)
		}
	}
}

func (u *unit) function(d *defStmt) *function {
	f := u.defs[d.name]
	if f == nil || f.stmt.pos != d.pos {
		f = &function{stmt: d, name: goName(d.name), key: "def " + d.name + itoa(d.pos.line), results: -1}
		if d.name == "main" {
			f.name = "run" // main is the program's own
		}
		u.defs[d.name] = f
	}
	f.stmt = d
	f.fails = u.facts["fails:"+f.key]
	return f
}

func (u *unit) def(d *defStmt) {
	f := u.function(d)
	sc := newScope(u.scope, f)
	for _, q := range d.params {
		v := &variable{py: q.name, name: u.ownName(q.name), key: f.key + "." + q.name, declared: true, list: true}
		sc.vars[q.name] = v
		if q.def != nil {
			def := u.value(q.def)
			if f.defaults == nil {
				f.defaults = map[string]val{}
			}
			f.defaults[q.name] = def
			if def.kind != kNone {
				u.unify(u.hole(v.key), types.Default(u.keep(def, q.pos).t))
			}
		}
	}
	sc.plan(d.body, false)
	for _, q := range d.params {
		sc.homes[q.name] = []string{""}
	}
	nested := u.scope.parent != nil
	saved, savedPolicy, savedInner, savedHandling := u.scope, u.policy, u.inner, u.handling
	u.scope, u.inner, u.handling = sc, 0, ""
	u.policy = policy{kind: raising}
	if f.fails {
		u.policy = policy{kind: returning, zeros: func() string {
			z := u.zeroResults(f)
			if z != "" {
				z += ", "
			}
			return z
		}}
	}
	body := u.capture(func() { u.block(d.body, "") })
	u.scope, u.policy, u.inner, u.handling = saved, savedPolicy, savedInner, savedHandling
	if f.results < 0 {
		f.results = 0
		u.changed = true
	}
	if !ends(d.body) {
		switch {
		case f.fails:
			body = append(body, "return "+join(u.zeroResults(f), "nil"))
		case f.results > 0:
			body = append(body, "return "+u.zeroResults(f))
		}
	}
	var params []string
	for _, q := range d.params {
		params = append(params, sc.vars[q.name].name+" "+u.typeName(u.hole(f.key+"."+q.name)))
	}
	head := "(" + strings.Join(mergeParams(params), ", ") + ")" + u.resultTypes(f) + " {"
	for i, l := range strings.Split(strings.TrimSpace(d.doc), "\n") {
		if d.doc == "" {
			break
		}
		l = strings.TrimSpace(l)
		if first, _, _ := strings.Cut(l, " "); i == 0 && strings.HasSuffix(first, "s") && strings.ToUpper(first) != first {
			l = f.name + " " + strings.ToLower(l[:1]) + l[1:] // as Go begins such a comment
		}
		u.emit(strings.TrimSpace("// " + l))
	}
	if nested {
		u.emit(f.name + " := func" + head)
	} else {
		u.emit("func " + f.name + head)
	}
	u.emit(body...)
	u.emit("}")
	f.declared = true
}

// mergeParams writes `a, b string` for `a string, b string`.
func mergeParams(ps []string) []string {
	for i := 0; i+1 < len(ps); i++ {
		_, t1, _ := strings.Cut(ps[i], " ")
		_, t2, _ := strings.Cut(ps[i+1], " ")
		if t1 == t2 {
			ps[i], _, _ = strings.Cut(ps[i], " ")
		}
	}
	return ps
}

func (u *unit) resultTypes(f *function) string {
	var rs []string
	for i := range max(f.results, 0) {
		rs = append(rs, u.typeName(u.hole(f.key+".r"+itoa(i))))
	}
	if f.fails {
		rs = append(rs, "error")
	}
	switch len(rs) {
	case 0:
		return ""
	case 1:
		return " " + rs[0]
	}
	return " (" + strings.Join(rs, ", ") + ")"
}

// ends tells whether statements always leave the function.
func ends(body []stmt) bool {
	if len(body) == 0 {
		return false
	}
	switch s := body[len(body)-1].(type) {
	case *returnStmt, *raiseStmt:
		return true
	case *ifStmt:
		return ends(s.then) && ends(s.els)
	case *whileStmt:
		id, ok := s.cond.(*syntax.Ident)
		return ok && id.Name == "True" && !breaks(s.body)
	}
	return false
}

func breaks(body []stmt) bool {
	found := false
	for _, s := range body {
		switch s := s.(type) {
		case *wordStmt:
			found = found || s.word == "break"
		case *ifStmt:
			found = found || breaks(s.then) || breaks(s.els)
		case *tryStmt:
			found = found || breaks(s.body)
			for _, h := range s.handlers {
				found = found || breaks(h.body)
			}
		}
	}
	return found
}

// leaves tells whether statements never go on behind themselves.
func leaves(body []stmt) bool {
	if ends(body) {
		return true
	}
	if len(body) == 0 {
		return false
	}
	switch s := body[len(body)-1].(type) {
	case *wordStmt:
		return s.word == "break" || s.word == "continue"
	case *ifStmt:
		return leaves(s.then) && leaves(s.els)
	case *exprStmt:
		if c, ok := s.x.(*syntax.CallExpr); ok {
			if d, ok := c.Fn.(*syntax.DotExpr); ok && d.Name.Name == "exit" {
				return true
			}
		}
	}
	return false
}

// callFunc calls a def.
func (u *unit) callFunc(f *function, c *syntax.CallExpr) val {
	d := f.stmt
	args := make([]*val, len(d.params))
	for i, a := range c.Args {
		at := i
		if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			name := b.X.(*syntax.Ident).Name
			at = -1
			for j, q := range d.params {
				if q.name == name {
					at = j
				}
			}
			if at < 0 {
				u.fail(u.place(a), "%s has no parameter %s", d.name, name)
			}
			a = b.Y
		}
		if _, ok := a.(*syntax.UnaryExpr); ok && isStar(a) {
			u.fail(u.place(a), "* and ** of a call are not translated")
		}
		if at >= len(args) {
			u.fail(u.place(a), "%s takes %d arguments", d.name, len(d.params))
		}
		v := u.value(a)
		args[at] = &v
	}
	var out []string
	for i, q := range d.params {
		key := f.key + "." + q.name
		if args[i] == nil {
			if q.def == nil {
				u.fail(u.place(c), "%s needs an argument for %s", d.name, q.name)
			}
			v, ok := f.defaults[q.name]
			if !ok {
				v = u.value(q.def)
			}
			if v.kind == kNone {
				out = append(out, u.zero(u.hole(key)))
				continue
			}
			args[i] = &v
		}
		v := *args[i]
		if v.kind != kNone {
			v = u.keep(v, u.place(c))
			old := u.hole(key)
			if !isHole(old) && isInteger(old) && isFloat(v.t) {
				u.bind(key, tFloat)
			}
		}
		out = append(out, u.intoHole(v, key, u.place(c)))
	}
	r := val{src: f.name + "(" + strings.Join(out, ", ") + ")", prec: precPrimary, fails: f.fails}
	switch {
	case f.results == 0:
		r.void = true
	case f.results > 1:
		var vs []*types.Var
		for i := range f.results {
			vs = append(vs, types.NewVar(gotoken.NoPos, nil, "", u.hole(f.key+".r"+itoa(i))))
		}
		r.t = types.NewTuple(vs...)
	default:
		r.t = u.hole(f.key + ".r0")
	}
	return r
}

func isStar(x syntax.Expr) bool {
	y, ok := x.(*syntax.UnaryExpr)
	return ok && (y.Op == syntax.STAR || y.Op == syntax.STARSTAR)
}

// intoHole makes a value one of what a hole is, and the hole the value's type
// where it is open.
func (u *unit) intoHole(v val, key string, p pos) string {
	t := u.hole(key)
	if v.kind == kNone {
		return u.zero(t)
	}
	v = u.keep(v, p)
	if isHole(t) && v.t != nil {
		u.unify(t, types.Default(v.t))
		t = u.hole(key)
	}
	return u.into(v, t, p)
}

// lambdaVar keeps a lambda under a name: it becomes a def.
func (u *unit) lambdaVar(name string, l *syntax.LambdaExpr) {
	d := &defStmt{pos: u.place(l), name: name}
	for _, q := range l.Params {
		id, ok := q.(*syntax.Ident)
		if !ok {
			u.fail(d.pos, "a lambda with defaults is not translated")
		}
		d.params = append(d.params, param{name: id.Name, pos: d.pos})
	}
	d.body = []stmt{&returnStmt{d.pos, l.Body}}
	u.foreign = true
	u.def(d)
}

// inLambda gives a lambda's body with its parameters bound to Go names.
func (u *unit) inLambda(l *syntax.LambdaExpr, bind func(i int) (string, types.Type)) (string, types.Type) {
	sc := newScope(u.scope, u.scope.fn)
	sc.block = u.scope.block
	for i, q := range l.Params {
		id, ok := q.(*syntax.Ident)
		if !ok {
			u.fail(u.place(l), "a lambda with defaults is not translated")
		}
		name, t := bind(i)
		if name == "" {
			name = goName(id.Name)
		}
		sc.vars[id.Name] = &variable{py: id.Name, name: name, fixed: t, declared: true}
	}
	saved := u.scope
	u.scope = sc
	u.inner++
	v := u.keep(u.value(l.Body), u.place(l))
	u.inner--
	u.scope = saved
	return v.src, types.Default(v.t)
}

// call1 calls what an expression names with one argument: a def or a builtin
// such as len, for key= and map.
func (u *unit) call1(x syntax.Expr, arg val) val {
	if l, ok := unparen(x).(*syntax.LambdaExpr); ok && len(l.Params) == 1 {
		src, t := u.inLambda(l, func(int) (string, types.Type) { return arg.src, arg.t })
		return primary(src, t)
	}
	id := &syntax.Ident{Name: "\x00arg"}
	sc := newScope(u.scope, u.scope.fn)
	sc.block = u.scope.block
	sc.vars["\x00arg"] = &variable{py: "\x00arg", name: arg.src, fixed: arg.t, declared: true}
	saved := u.scope
	u.scope = sc
	defer func() { u.scope = saved }()
	if d, ok := unparen(x).(*syntax.DotExpr); ok {
		if base, ok := d.X.(*syntax.Ident); ok && (base.Name == "str" || base.Name == "string") {
			return u.value(&syntax.CallExpr{Fn: &syntax.DotExpr{X: id, Name: d.Name, NamePos: d.NamePos}})
		}
	}
	return u.value(&syntax.CallExpr{Fn: x, Args: []syntax.Expr{id}})
}
