package python

import (
	"go/types"
	"strings"

	"go.starlark.net/syntax"
)

// forLoop writes a loop over x; body writes its block.
func (u *unit) forLoop(vars, x syntax.Expr, body func()) {
	x = unparen(x)
	saved := u.scope.block
	defer func() { u.scope.block = saved }()
	if c, ok := x.(*syntax.CallExpr); ok {
		if u.callLoop(vars, c, body) {
			return
		}
	}
	u.valueLoop(vars, u.called(u.expr(x), false), u.place(x), body)
}

// callLoop writes loops over range, enumerate, zip, items and their like as Go
// has them.
func (u *unit) callLoop(vars syntax.Expr, c *syntax.CallExpr, body func()) bool {
	if id, ok := c.Fn.(*syntax.Ident); ok && u.scope.find(id.Name) == nil {
		switch id.Name {
		case "range", "xrange":
			u.foreign = true
			u.rangeLoop(vars, c, body)
			return true
		case "enumerate":
			if list := tupleOf(vars); len(list) == 2 && len(c.Args) >= 1 {
				u.foreign = true
				u.enumerate(list, c, body)
				return true
			}
		case "zip":
			if list := tupleOf(vars); len(list) == 2 && len(c.Args) == 2 {
				u.foreign = true
				a := u.once(u.value(c.Args[0]), "xs")
				b := u.once(u.value(c.Args[1]), "ys")
				ea, ok1 := sliceOf(a.t)
				eb, ok2 := sliceOf(b.t)
				if !ok1 || !ok2 {
					u.fail(u.place(c), "zip takes two lists here")
				}
				i := u.temp("i")
				u.emit("for " + i + " := range min(len(" + a.src + "), len(" + b.src + ")) {")
				u.bindLoop(list[0], primary(a.src+"["+i+"]", ea))
				u.bindLoop(list[1], primary(b.src+"["+i+"]", eb))
				body()
				u.emit("}")
				return true
			}
		case "reversed":
			if len(c.Args) == 1 {
				u.foreign = true
				v := u.value(c.Args[0])
				if e, ok := sliceOf(v.t); ok {
					n := u.loopVar(vars, e)
					u.emit("for _, " + n + " := range " + u.pkgName("slices", "slices") + "Backward(" + v.src + ") {")
					u.spreadLoop(vars, n, e)
					body()
					u.emit("}")
					return true
				}
			}
		}
	}
	if d, ok := c.Fn.(*syntax.DotExpr); ok && len(c.Args) == 0 {
		switch d.Name.Name {
		case "items", "iteritems", "keys", "iterkeys", "values", "itervalues":
			m := u.value(d.X)
			if _, _, ok := mapOf(u.res(m.t)); ok {
				u.foreign = true
				u.mapLoop(vars, d.Name.Name, m, body)
				return true
			}
		}
	}
	if u.walkLoop(vars, c, body) {
		return true
	}
	return false
}

func (u *unit) rangeLoop(vars syntax.Expr, c *syntax.CallExpr, body func()) {
	var args []val
	for _, a := range c.Args {
		v := u.value(a)
		if !isInteger(v.t) && !isHole(u.res(v.t)) {
			u.fail(u.place(a), "range takes ints")
		}
		args = append(args, v)
	}
	id, ok := unparen(vars).(*syntax.Ident)
	if !ok {
		u.fail(u.place(vars), "range gives one value")
	}
	used := id.Name != "_" && !u.skipped(id.Name)
	n, decl := u.plainVar(id.Name, tInt)
	switch {
	case len(args) == 1:
		if !used && decl {
			u.emit("for range " + args[0].src + " {")
		} else if decl {
			u.emit("for " + n + " := range " + args[0].src + " {")
		} else {
			u.emit("for " + n + " = range " + args[0].src + " {")
		}
	default:
		step, cmp := "++", " < "
		if len(args) == 3 {
			step = " += " + args[2].src
			if strings.HasPrefix(args[2].src, "-") {
				cmp = " > "
				step = " -= " + strings.TrimPrefix(args[2].src, "-")
				if step == " -= 1" {
					step = "--"
				}
			} else if args[2].kind != kNumber {
				u.fail(u.place(c), "range needs a number as its step")
			}
		}
		op := " := "
		if !decl {
			op = " = "
		}
		u.emit("for " + n + op + args[0].src + "; " + n + cmp + args[1].src + "; " + n + step + " {")
	}
	body()
	u.emit("}")
}

// plainVar gives the Go name of a loop's variable and whether the loop declares
// it.
func (u *unit) plainVar(name string, t types.Type) (string, bool) {
	sc := u.scope
	if home, ok := sc.homeOf(name, sc.block); ok && !isLoopOf(home, sc.block) || sc.parent != nil && sc.global[name] {
		v := u.variable(name)
		if !u.unify(u.hole(v.key), t) {
			// Another loop with another type: a variable of its own.
			v = &variable{py: name, name: goName(name), fixed: t, declared: true}
			sc.vars[name] = v
			return v.name, true
		}
		if v.declared {
			return v.name, false
		}
		if o := u.sessionVar(name); o != nil && sc.parent == nil && types.Identical(u.res(o.Type()), u.res(t)) {
			return v.name, false
		}
	}
	v := &variable{py: name, name: goName(name), fixed: t, declared: true}
	if sc.vars["\x00"+v.name] != nil {
		v.name += "2"
	}
	sc.vars[name] = v
	return v.name, true
}

// isLoopOf tells whether a home lies below the block at hand: the loop's own.
func isLoopOf(home, block string) bool {
	return home != block && !strings.HasPrefix(block+"/", home+"/")
}

// loopVar names the variable that a loop over elements declares: that of the
// target, or one to be taken apart.
func (u *unit) loopVar(vars syntax.Expr, e types.Type) string {
	if id, ok := unparen(vars).(*syntax.Ident); ok {
		n, decl := u.plainVar(id.Name, e)
		if decl {
			return n
		}
		return u.temp("item")
	}
	return u.temp("row")
}

// spreadLoop sets the targets of a loop from the variable that it declares.
func (u *unit) spreadLoop(vars syntax.Expr, n string, e types.Type) {
	if id, ok := unparen(vars).(*syntax.Ident); ok {
		if v := u.scope.find(id.Name); v != nil && v.name != n {
			u.emit(v.name + " = " + n)
		}
		return
	}
	list := tupleOf(vars)
	e = u.res(e)
	switch t := e.(type) {
	case *types.Struct:
		if isTuple(t) && t.NumFields() == len(list) {
			for i, x := range list {
				u.bindLoop(x, primary(n+"."+t.Field(i).Name(), t.Field(i).Type()))
			}
			return
		}
	case *types.Slice:
		for i, x := range list {
			u.bindLoop(x, primary(n+"["+itoa(i)+"]", t.Elem()))
		}
		return
	}
	if isHole(e) {
		for _, x := range list {
			u.bindLoop(x, primary(n, u.hole("part:"+n+u.show(x))))
		}
		return
	}
	u.fail(u.place(vars), "%s can't be taken apart into %d names", u.typeName(e), len(list))
}

// bindLoop declares a target of a loop with a value.
func (u *unit) bindLoop(x syntax.Expr, v val) {
	id, ok := unparen(x).(*syntax.Ident)
	if !ok {
		u.fail(u.place(x), "a loop sets names here")
	}
	if id.Name == "_" || u.skipped(id.Name) {
		return
	}
	n, decl := u.plainVar(id.Name, v.t)
	if decl {
		u.emit(n + " := " + v.src)
	} else {
		u.emit(n + " = " + v.src)
	}
}

// skipped tells whether a name is never read: Go refuses such variables.
func (u *unit) skipped(name string) bool { return u.reads != nil && !u.reads[name] }

func (u *unit) enumerate(list []syntax.Expr, c *syntax.CallExpr, body func()) {
	v := u.value(c.Args[0])
	e, ok := sliceOf(u.res(v.t))
	if !ok {
		if isHole(u.res(v.t)) {
			body()
			return
		}
		u.fail(u.place(c), "enumerate takes a list here")
	}
	id, ok := unparen(list[0]).(*syntax.Ident)
	if !ok {
		u.fail(u.place(c), "enumerate gives a number first")
	}
	i, decl := u.plainVar(id.Name, tInt)
	start := ""
	if len(c.Args) > 1 {
		a := c.Args[1]
		if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			a = b.Y
		}
		start = u.value(a).at(4)
	}
	idx := i
	if start != "" || !decl {
		idx = u.temp("at")
	}
	if u.skipped(id.Name) && start == "" && decl {
		idx = "_"
	}
	n := "_"
	if !u.skippedAll(list[1]) {
		n = u.loopVar(list[1], e)
	}
	if n == "_" {
		u.emit("for " + idx + " := range " + v.src + " {")
	} else {
		u.emit("for " + idx + ", " + n + " := range " + v.src + " {")
	}
	switch {
	case start != "" && decl:
		u.emit(i + " := " + idx + "+" + start)
	case start != "":
		u.emit(i + " = " + idx + "+" + start)
	case !decl:
		u.emit(i + " = " + idx)
	}
	if n != "_" {
		u.spreadLoop(list[1], n, e)
	}
	body()
	u.emit("}")
}

func (u *unit) skippedAll(x syntax.Expr) bool {
	for _, n := range targetNames(x) {
		if n != "_" && !u.skipped(n) {
			return false
		}
	}
	return true
}

// mapLoop writes a loop over a dict, in the order of its keys: Go has none.
func (u *unit) mapLoop(vars syntax.Expr, what string, m val, body func()) {
	k, e, _ := mapOf(u.res(m.t))
	switch strings.TrimPrefix(what, "iter") {
	case "items":
		list := tupleOf(vars)
		if len(list) != 2 {
			u.fail(u.place(vars), "items gives a key and a value")
		}
		m = u.once(m, "m")
		n := u.loopVar(list[0], k)
		u.emit("for _, " + n + " := range " + u.sortedKeys(m, k) + " {")
		u.spreadLoop(list[0], n, k)
		if _, ok := unparen(list[1]).(*syntax.Ident); ok {
			u.bindLoop(list[1], primary(m.src+"["+n+"]", e))
		} else {
			row := u.temp("row")
			u.emit(row + " := " + m.src + "[" + n + "]")
			u.spreadLoop(list[1], row, e)
		}
	case "keys":
		n := u.loopVar(vars, k)
		u.emit("for _, " + n + " := range " + u.sortedKeys(m, k) + " {")
		u.spreadLoop(vars, n, k)
	default:
		m = u.once(m, "m")
		key := u.temp("k")
		u.emit("for _, " + key + " := range " + u.sortedKeys(m, k) + " {")
		if _, ok := unparen(vars).(*syntax.Ident); ok {
			u.bindLoop(vars, primary(m.src+"["+key+"]", e))
		} else {
			row := u.temp("row")
			u.emit(row + " := " + m.src + "[" + key + "]")
			u.spreadLoop(vars, row, e)
		}
	}
	body()
	u.emit("}")
}

func (u *unit) sortedKeys(m val, k types.Type) string {
	if isHole(u.res(k)) || isString(k) || isNumber(k) {
		return u.pkgName("slices", "slices") + "Sorted(" + u.pkgName("maps", "maps") + "Keys(" + m.src + "))"
	}
	return u.pkgName("slices", "slices") + "Collect(" + u.pkgName("maps", "maps") + "Keys(" + m.src + "))"
}

// valueLoop writes a loop over a value by its type.
func (u *unit) valueLoop(vars syntax.Expr, v val, p pos, body func()) {
	v = u.keep(v, p)
	t := u.res(v.t)
	v.t = t
	if v.kind == kNone || t == nil {
		u.fail(p, "this can't be looped over")
	}
	if isHole(t) {
		e := u.hole("elem:" + itoa(p.line) + ":" + itoa(p.col))
		u.unify(t, types.NewSlice(e))
		t = types.NewSlice(e)
	}
	if e, ok := seq2(t); ok {
		n := u.loopVar(vars, e)
		if u.policy.kind == raising {
			u.emit("for " + n + " := range " + v.src + " {")
		} else {
			u.emit("for " + n + ", err := range " + v.src + " {")
			u.check("err")
		}
		u.spreadLoop(vars, n, e)
		body()
		u.emit("}")
		return
	}
	if list := u.iterates(v); list.src != "" {
		u.valueLoop(vars, list, p, body)
		return
	}
	if e, ok := sliceOf(t); ok {
		n := u.loopVar(vars, e)
		if u.skippedAll(vars) {
			u.emit("for range " + v.src + " {")
		} else {
			u.emit("for _, " + n + " := range " + v.src + " {")
			u.spreadLoop(vars, n, e)
		}
		body()
		u.emit("}")
		return
	}
	if _, _, ok := mapOf(t); ok {
		u.mapLoop(vars, "keys", v, body)
		return
	}
	switch {
	case isString(t):
		n := u.loopVar(vars, tStr)
		u.emit("for _, " + n + " := range " + u.pkgName("strings", "strings") + "Split(" + v.src + `, "") {`)
		u.spreadLoop(vars, n, tStr)
	case isFile(t):
		n := u.loopVar(vars, tStr)
		data := u.called(val{src: u.pkgName("io", "io") + "ReadAll(" + v.src + ")", prec: precPrimary, t: tBytes, fails: true}, false)
		u.emit("for " + n + " := range " + u.pkgName("strings", "strings") + "Lines(string(" + data.src + ")) {")
		u.spreadLoop(vars, n, tStr)
	case isTupleVal(v):
		e := v.elems[0].t
		var out []string
		for _, x := range v.elems {
			if !types.Identical(types.Default(x.t), types.Default(e)) {
				u.fail(p, "a loop over values of several types is not translated")
			}
			out = append(out, x.src)
		}
		u.valueLoop(vars, primary("[]"+u.typeName(types.Default(e))+"{"+strings.Join(out, ", ")+"}", types.NewSlice(types.Default(e))), p, body)
		return
	default:
		u.fail(p, "%s can't be looped over", u.typeName(t))
	}
	body()
	u.emit("}")
}

func isTupleVal(v val) bool { return v.kind == kTuple && len(v.elems) > 0 }

// iterates gives what Python's loop over an object of boto's goes through.
func (u *unit) iterates(v val) val {
	for _, it := range []struct{ name, method string }{{"s3.Bucket", "List"}, {"s3.Connection", "GetAllBuckets"}, {"s3.MultiPartUpload", "GetAllParts"}} {
		pkg, typ, _ := strings.Cut(it.name, ".")
		if isType(v.t, bindingsPath+pkg, typ) {
			u.foreign = true
			m, ok := u.methodNamed(v, it.method)
			if !ok {
				return val{}
			}
			return u.called(u.callMethod(m, nil, nil, pos{}), false)
		}
	}
	return val{}
}
