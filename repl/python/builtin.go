package python

import (
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

var builtins = wordSet(`len range xrange enumerate zip sorted reversed min max sum abs int long float str unicode repr bool list dict tuple set
	frozenset open file print any all map filter round ord chr hex oct divmod raw_input input exit quit type isinstance getattr hasattr callable id iter next object
	Exception ValueError KeyError IOError OSError`)

// builtin calls one of Python's own functions.
func (u *unit) builtin(name string, c *syntax.CallExpr) val {
	u.foreign = true
	p := u.place(c)
	if len(c.Args) == 0 {
		switch name {
		case "list", "tuple":
			return u.list(&syntax.ListExpr{Lbrack: startOf(c)})
		case "dict":
			return u.dict(&syntax.DictExpr{Lbrace: startOf(c)})
		case "set", "frozenset":
			return primary("map["+u.typeName(u.hole("key:"+itoa(p.line)+":"+itoa(p.col)))+"]struct{}{}", types.NewMap(u.hole("key:"+itoa(p.line)+":"+itoa(p.col)), tNothing))
		case "str", "unicode":
			return val{src: `""`, prec: precPrimary, t: tStr, kind: kString}
		case "int":
			return val{src: "0", prec: precPrimary, t: tInt, kind: kNumber, whole: true}
		case "float":
			return val{src: "0.0", prec: precPrimary, t: tFloat, kind: kNumber}
		case "exit", "quit":
			return val{src: u.pkgName("os", "os") + "Exit(0)", void: true}
		}
	}
	args := c.Args
	need := func(n ...int) {
		for _, k := range n {
			if len(args) == k {
				return
			}
		}
		u.fail(p, "%s with %d arguments is not translated", name, len(args))
	}
	switch name {
	case "len":
		need(1)
		v := u.value(args[0])
		if v.kind == kTuple {
			return val{src: itoa(len(v.elems)), prec: precPrimary, t: tInt, kind: kNumber, whole: true}
		}
		if !isString(v.t) {
			if _, _, ok := mapOf(v.t); !ok {
				if l := u.listOf(v, p); l.src != "" {
					v = l
				} else {
					u.fail(p, "%s has no length", u.typeName(v.t))
				}
			}
		}
		return val{src: "len(" + v.src + ")", prec: precPrimary, t: tInt, whole: true}
	case "int", "long":
		need(1, 2)
		return u.toIntCall(args, p)
	case "float":
		need(1)
		v := u.value(args[0])
		if isString(v.t) {
			return val{src: u.pkgName("strconv", "strconv") + "ParseFloat(" + v.src + ", 64)", prec: precPrimary, t: tFloat, fails: true}
		}
		if v.kind == kNumber && !strings.Contains(v.src, " ") {
			return val{src: v.src + map[bool]string{true: "", false: ".0"}[isFloat(v.t)], prec: v.prec, t: tFloat, kind: kNumber}
		}
		if !isNumber(v.t) && !isHole(u.res(v.t)) {
			u.fail(p, "float takes a number or a text")
		}
		return u.toFloat(v)
	case "str", "unicode":
		need(1, 2)
		v := u.value(args[0])
		return primary(u.text(v, p), tStr)
	case "repr":
		need(1)
		return primary(u.repr(u.value(args[0]), p), tStr)
	case "bool":
		need(1)
		v := u.truthVal(args[0])
		v.t = tBool
		return v
	case "abs":
		need(1)
		v := u.value(args[0])
		if isFloat(v.t) {
			return primary(u.pkgName("math", "math")+"Abs("+v.src+")", tFloat)
		}
		if !isInteger(v.t) {
			u.fail(p, "abs takes a number")
		}
		if n, ok := strings.CutPrefix(v.src, "-"); ok && v.kind == kNumber {
			return val{src: n, prec: precPrimary, t: tInt, kind: kNumber, whole: true}
		}
		v = u.once(v, "n")
		return val{src: "max(" + v.src + ", -" + v.at(precUnary) + ")", prec: precPrimary, t: v.t, whole: true}
	case "min", "max":
		return u.minMax(name, c, p)
	case "sum":
		need(1, 2)
		return u.sum(args, p)
	case "list", "tuple":
		need(1)
		v := u.value(args[0])
		if v.kind == kTuple {
			v.kind = kList
			v.t = types.NewSlice(u.elemType(v.elems, "elem:"+itoa(p.line)+":"+itoa(p.col)))
			return u.listSrc(v, v.t)
		}
		l := u.listOf(v, p)
		if l.src == "" {
			u.fail(p, "%s is no sequence", u.typeName(v.t))
		}
		if l.src == v.src && isPlain(v.src) {
			return primary(u.pkgName("slices", "slices")+"Clone("+v.src+")", l.t)
		}
		return l
	case "sorted":
		return u.sorted(c, p)
	case "reversed":
		need(1)
		v := u.listOf(u.value(args[0]), p)
		if v.src == "" {
			u.fail(p, "reversed takes a list")
		}
		return primary(u.pkgName("slices", "slices")+"Collect("+"slices.Backward("+v.src+"))", v.t)
	case "set", "frozenset":
		need(1)
		return u.toSet(u.value(args[0]), p)
	case "dict":
		return u.dictCall(c, p)
	case "range", "xrange":
		return u.rangeList(c, p)
	case "open", "file":
		return u.open1(c, p)
	case "any", "all":
		need(1)
		return u.anyAll(name, args[0], p)
	case "map", "filter":
		need(2)
		return u.mapFilter(name, args, p)
	case "zip":
		need(2)
		return u.zipList(args, p)
	case "enumerate":
		need(1)
		return u.enumerateList(args[0], p)
	case "round":
		need(1, 2)
		v := u.toFloat(u.value(args[0]))
		if len(args) == 2 {
			d := u.value(args[1])
			return primary(u.py("Round")+"("+v.src+", "+d.src+")", tFloat)
		}
		return primary(u.py("Round")+"("+v.src+", 0)", tFloat)
	case "ord":
		need(1)
		v := u.value(args[0])
		return val{src: "int([]rune(" + v.src + ")[0])", prec: precPrimary, t: tInt, whole: true}
	case "chr":
		need(1)
		return primary("string(rune("+u.value(args[0]).src+"))", tStr)
	case "hex", "oct":
		need(1)
		verb := map[string]string{"hex": "0x%x", "oct": "0o%o"}[name]
		return u.sprintf(verb, []string{u.value(args[0]).src})
	case "divmod":
		need(2)
		a, b := u.value(args[0]), u.value(args[1])
		return val{kind: kTuple, prec: precPrimary, elems: []val{u.numeric("//", a, b, p), u.numeric("%", a, b, p)}}
	case "raw_input", "input":
		need(0, 1)
		if len(args) == 1 {
			u.emit(u.pkgName("fmt", "fmt") + "Print(" + u.value(args[0]).src + ")")
		}
		u.emit("var line string", u.pkgName("fmt", "fmt")+"Scanln(&line)")
		return primary("line", tStr)
	case "exit", "quit":
		return val{src: u.pkgName("os", "os") + "Exit(" + u.value(args[0]).src + ")", void: true}
	case "getattr":
		need(2)
		if lit, ok := args[1].(*syntax.Literal); ok && lit.Token == syntax.STRING {
			b := u.value(args[0])
			if v, ok := u.member(b, u.p.text(lit).text); ok {
				return v
			}
		}
	}
	u.fail(p, "%s is not translated", name)
	return val{}
}

func startOf(x syntax.Node) syntax.Position {
	s, _ := x.Span()
	return s
}

func (u *unit) toIntCall(args []syntax.Expr, p pos) val {
	v := u.value(args[0])
	switch {
	case isString(v.t):
		if len(args) == 2 {
			return val{src: "int(" + u.called(val{src: u.pkgName("strconv", "strconv") + "ParseInt(" + v.src + ", " + u.value(args[1]).src + ", 64)", prec: precPrimary, t: types.Typ[types.Int64], fails: true}, false).src + ")", prec: precPrimary, t: tInt}
		}
		return val{src: u.pkgName("strconv", "strconv") + "Atoi(" + u.trimmed(v) + ")", prec: precPrimary, t: tInt, fails: true}
	case types.Identical(v.t, tInt):
		return v
	case isFloat(v.t) && v.kind == kNumber:
		f, _ := strconv.ParseFloat(strings.ReplaceAll(v.src, " ", ""), 64)
		if !strings.ContainsAny(v.src, " (") {
			return val{src: itoa(int(f)), prec: precPrimary, t: tInt, kind: kNumber, whole: f >= 0}
		}
		return primary(u.pkgName("math", "math")+"Trunc("+v.src+")", tInt)
	case isNumber(v.t), isHole(v.t):
		return val{src: "int(" + v.src + ")", prec: precPrimary, t: tInt, whole: v.whole}
	case isBool(v.t):
		if u.inner == 0 {
			n := u.temp("n")
			u.emit(n+" := 0", "if "+v.src+" {", n+" = 1", "}")
			return primary(n, tInt)
		}
	case isAny(v.t):
		return primary("int("+v.at(precPrimary)+".(float64))", tInt)
	}
	u.fail(p, "int takes a number or a text")
	return val{}
}

func (u *unit) trimmed(v val) string {
	if v.kind == kString || strings.HasPrefix(v.src, "strings.TrimSpace(") {
		return v.src
	}
	return v.src
}

func (u *unit) minMax(name string, c *syntax.CallExpr, p pos) val {
	if len(c.Args) >= 2 && keyword(c.Args, "key") == nil {
		var vs []val
		for _, a := range c.Args {
			vs = append(vs, u.value(a))
		}
		t := u.elemType(vs, "elem:"+itoa(p.line)+":"+itoa(p.col))
		if !isString(t) && !isNumber(t) && !isHole(t) {
			u.fail(p, "%s takes numbers or texts here", name)
		}
		var out []string
		whole := true
		for _, v := range vs {
			out = append(out, u.into(v, t, p))
			whole = whole && v.whole
		}
		return val{src: name + "(" + strings.Join(out, ", ") + ")", prec: precPrimary, t: t, whole: whole}
	}
	v := u.listOf(u.value(c.Args[0]), p)
	e, ok := sliceOf(u.res(v.t))
	if !ok {
		u.fail(p, "%s takes a list", name)
	}
	if key := keyword(c.Args, "key"); key != nil {
		cmp := u.comparison(key, e, p)
		return primary(u.pkgName("slices", "slices")+strings.ToUpper(name[:1])+name[1:]+"Func("+v.src+", "+cmp+")", e)
	}
	return primary(u.pkgName("slices", "slices")+strings.ToUpper(name[:1])+name[1:]+"("+v.src+")", e)
}

func keyword(args []syntax.Expr, name string) syntax.Expr {
	for _, a := range args {
		if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ && b.X.(*syntax.Ident).Name == name {
			return b.Y
		}
	}
	return nil
}

// comparison writes the function that orders by a key.
func (u *unit) comparison(key syntax.Expr, e types.Type, p pos) string {
	u.inner++
	defer func() { u.inner-- }()
	a := u.keyOf(key, primary("a", e), p)
	b := u.keyOf(key, primary("b", e), p)
	head := "func(a, b " + u.typeName(e) + ") int { return "
	if a.kind == kTuple {
		var parts []string
		for i := range a.elems {
			parts = append(parts, u.ordering(a.elems[i], b.elems[i], p))
		}
		return head + u.pkgName("cmp", "cmp") + "Or(" + strings.Join(parts, ", ") + ") }"
	}
	return head + u.ordering(a, b, p) + " }"
}

func (u *unit) keyOf(key syntax.Expr, arg val, p pos) val {
	if l, ok := unparen(key).(*syntax.LambdaExpr); ok {
		if len(l.Params) != 1 {
			u.fail(p, "a key takes one argument")
		}
		sc := newScope(u.scope, u.scope.fn)
		sc.block = u.scope.block
		sc.vars[l.Params[0].(*syntax.Ident).Name] = &variable{py: "key", name: arg.src, fixed: arg.t, declared: true}
		saved := u.scope
		u.scope = sc
		defer func() { u.scope = saved }()
		return u.value(l.Body)
	}
	return u.call1(key, arg)
}

func (u *unit) ordering(a, b val, p pos) string {
	t := u.res(a.t)
	switch {
	case isTime(t):
		return a.at(precPrimary) + ".Compare(" + b.src + ")"
	case isString(t), isNumber(t), isHole(t):
		return u.pkgName("cmp", "cmp") + "Compare(" + a.src + ", " + b.src + ")"
	}
	if isTuple(t) {
		s := t.(*types.Struct)
		var parts []string
		for i := range s.NumFields() {
			f := s.Field(i)
			parts = append(parts, u.ordering(primary(a.at(precPrimary)+"."+f.Name(), f.Type()), primary(b.at(precPrimary)+"."+f.Name(), f.Type()), p))
		}
		return u.pkgName("cmp", "cmp") + "Or(" + strings.Join(parts, ", ") + ")"
	}
	u.fail(p, "%s has no order in Go: give a key", u.typeName(t))
	return ""
}

func (u *unit) sorted(c *syntax.CallExpr, p pos) val {
	v := u.value(c.Args[0])
	if v.kind == kTuple {
		v.kind = kList
		v.t = types.NewSlice(u.elemType(v.elems, "elem:"+itoa(p.line)+":"+itoa(p.col)))
		v = u.listSrc(v, v.t)
	}
	key, rev := keyword(c.Args, "key"), keyword(c.Args, "reverse")
	descending := false
	if rev != nil {
		r := u.value(rev)
		if r.src != "true" && r.src != "false" {
			u.fail(p, "reverse is True or False here")
		}
		descending = r.src == "true"
	}
	if k, _, ok := mapOf(u.res(v.t)); ok && key == nil && !descending {
		return primary(u.pkgName("slices", "slices")+"Sorted("+u.pkgName("maps", "maps")+"Keys("+v.src+"))", types.NewSlice(k))
	}
	l := u.listOf(v, p)
	e, ok := sliceOf(u.res(l.t))
	if !ok {
		u.fail(p, "sorted takes a list")
	}
	if key == nil && !descending && !isTuple(u.res(e)) && !isTime(e) {
		if !isString(e) && !isNumber(e) && !isHole(e) {
			u.fail(p, "%s has no order in Go: give a key", u.typeName(e))
		}
		return primary(u.pkgName("slices", "slices")+"Sorted("+u.pkgName("slices", "slices")+"Values("+l.src+"))", l.t)
	}
	if u.inner > 0 {
		u.fail(p, "sorted with a key is not translated in this place: put it into a variable first")
	}
	n := u.temp("sorted")
	if l.src != v.src {
		u.emit(n + " := " + l.src)
	} else {
		u.emit(n + " := " + u.pkgName("slices", "slices") + "Clone(" + l.src + ")")
	}
	u.sortBy(n, e, key, descending, p)
	return primary(n, l.t)
}

// sortBy sorts a variable in place, stable as Python does.
func (u *unit) sortBy(n string, e types.Type, key syntax.Expr, descending bool, p pos) {
	cmp := ""
	switch {
	case key != nil:
		cmp = u.comparison(key, e, p)
	case descending, isTuple(u.res(e)), isTime(e):
		cmp = "func(a, b " + u.typeName(e) + ") int { return " + u.ordering(primary("a", e), primary("b", e), p) + " }"
	default:
		if !isString(e) && !isNumber(e) && !isHole(e) {
			u.fail(p, "%s has no order in Go: give a key", u.typeName(e))
		}
		u.emit(u.pkgName("slices", "slices") + "Sort(" + n + ")")
		return
	}
	if descending {
		cmp = strings.Replace(cmp, "func(a, b ", "func(b, a ", 1)
	}
	u.emit(u.pkgName("slices", "slices") + "SortStableFunc(" + n + ", " + cmp + ")")
}

// sum adds up a list, or what a comprehension gives without making it.
func (u *unit) sum(args []syntax.Expr, p pos) val {
	if u.inner > 0 {
		u.fail(p, "sum is not translated in this place: put it into a variable first")
	}
	name := u.temp("sum")
	var t types.Type
	key := "elem:sum" + itoa(p.line) + ":" + itoa(p.col)
	var lines []string
	add := func(v val) {
		t = u.elemType([]val{v}, key)
		if !isNumber(t) && !isHole(t) && !isDuration(t) {
			u.fail(p, "sum adds numbers")
		}
		u.emit(name + " += " + u.into(v, t, p))
	}
	if c, ok := unparen(args[0]).(*syntax.Comprehension); ok && !c.Curly {
		saved := u.scope
		sc := newScope(saved, saved.fn)
		sc.block = saved.block + "/Lsum"
		u.scope = sc
		lines = u.capture(func() { u.over(c.Clauses, func() { add(u.value(c.Body)) }) })
		u.scope = saved
	} else {
		v := u.value(args[0])
		lines = u.capture(func() {
			u.valueLoop(&syntax.Ident{Name: "\x00v"}, v, p, func() {
				x := u.scope.find("\x00v")
				add(primary(x.name, x.fixed))
			})
		})
	}
	start := "0"
	if len(args) > 1 {
		start = u.value(args[1]).src
	}
	switch {
	case t != nil && isFloat(t) && !strings.Contains(start, "."):
		start += ".0"
		u.emit(name + " := " + start)
	case t != nil && isInteger(t) && !types.Identical(t, tInt):
		u.emit("var " + name + " " + u.typeName(t))
	default:
		u.emit(name + " := " + start)
	}
	u.emit(lines...)
	if t == nil {
		t = tInt
	}
	return primary(name, types.Default(t))
}

// over writes the loops of a comprehension around f.
func (u *unit) over(clauses []syntax.Node, f func()) {
	if len(clauses) == 0 {
		f()
		return
	}
	switch c := clauses[0].(type) {
	case *syntax.ForClause:
		u.forLoop(c.Vars, c.X, func() { u.over(clauses[1:], f) })
	case *syntax.IfClause:
		u.emit("if " + u.truth(c.Cond) + " {")
		u.over(clauses[1:], f)
		u.emit("}")
	}
}

func (u *unit) anyAll(name string, x syntax.Expr, p pos) val {
	if u.inner > 0 {
		u.fail(p, "%s is not translated in this place: put it into a variable first", name)
	}
	n := u.temp(map[string]string{"any": "found", "all": "every"}[name])
	start, found := "false", "true"
	if name == "all" {
		start, found = "true", "false"
	}
	u.emit(n + " := " + start)
	test := func(v string) {
		if name == "all" {
			v = not(v)
		}
		u.emit("if "+v+" {", n+" = "+found, "break", "}")
	}
	if c, ok := unparen(x).(*syntax.Comprehension); ok && !c.Curly && countLoops(c) == 1 {
		saved := u.scope
		sc := newScope(saved, saved.fn)
		sc.block = saved.block + "/Lany"
		u.scope = sc
		u.over(c.Clauses, func() { test(u.truth(c.Body)) })
		u.scope = saved
		return primary(n, tBool)
	}
	v := u.value(x)
	u.valueLoop(&syntax.Ident{Name: "\x00v"}, v, p, func() {
		it := u.scope.find("\x00v")
		test(u.truthOf(primary(it.name, it.fixed), p).src)
	})
	return primary(n, tBool)
}

func countLoops(c *syntax.Comprehension) int {
	n := 0
	for _, x := range c.Clauses {
		if _, ok := x.(*syntax.ForClause); ok {
			n++
		}
	}
	return n
}

func (u *unit) mapFilter(name string, args []syntax.Expr, p pos) val {
	if u.inner > 0 {
		u.fail(p, "%s is not translated in this place: put it into a variable first", name)
	}
	v := u.listOf(u.value(args[1]), p)
	e, ok := sliceOf(u.res(v.t))
	if !ok {
		u.fail(p, "%s takes a list", name)
	}
	n := u.temp("list")
	x := u.temp("x")
	var t types.Type = e
	lines := u.capture(func() {
		if name == "filter" {
			if id, ok := args[0].(*syntax.Ident); ok && id.Name == "None" {
				u.emit("if " + u.truthOf(primary(x, e), p).src + " {")
			} else {
				u.emit("if " + u.truthOf(u.keyOf(args[0], primary(x, e), p), p).src + " {")
			}
			u.emit(n+" = append("+n+", "+x+")", "}")
			return
		}
		r := u.keep(u.keyOf(args[0], primary(x, e), p), p)
		t = types.Default(r.t)
		u.emit(n + " = append(" + n + ", " + r.src + ")")
	})
	u.emit("var "+n+" []"+u.typeName(t), "for _, "+x+" := range "+v.src+" {")
	u.emit(lines...)
	u.emit("}")
	return primary(n, types.NewSlice(t))
}

func (u *unit) toSet(v val, p pos) val {
	l := u.listOf(v, p)
	if v.kind == kTuple {
		v.kind = kList
		v.t = types.NewSlice(u.elemType(v.elems, "elem:"+itoa(p.line)+":"+itoa(p.col)))
		l = u.listSrc(v, v.t)
	}
	if l.src == "" {
		u.fail(p, "set takes a list")
	}
	if l.kind == kList {
		return u.setLiteral(l)
	}
	e, _ := sliceOf(l.t)
	if u.inner > 0 {
		u.fail(p, "set is not translated in this place: put it into a variable first")
	}
	n := u.temp("set")
	u.emit(n+" := map["+u.typeName(e)+"]struct{}{}", "for _, x := range "+l.src+" {", n+"[x] = struct{}{}", "}")
	return primary(n, types.NewMap(e, tNothing))
}

func (u *unit) dictCall(c *syntax.CallExpr, p pos) val {
	d := val{kind: kDict, prec: precPrimary}
	var keys, vals []val
	for _, a := range c.Args {
		b, ok := a.(*syntax.BinaryExpr)
		if !ok || b.Op != syntax.EQ {
			if len(c.Args) == 1 {
				v := u.value(a)
				if _, _, ok := mapOf(u.res(v.t)); ok {
					return primary(u.pkgName("maps", "maps")+"Clone("+v.src+")", v.t)
				}
			}
			u.fail(p, "dict takes keywords or a dict here")
		}
		name := b.X.(*syntax.Ident).Name
		k := val{src: quote(name), prec: precPrimary, t: tStr, kind: kString, text: name}
		v := u.value(b.Y)
		keys, vals = append(keys, k), append(vals, v)
		d.elems = append(d.elems, k, v)
	}
	at := itoa(p.line) + ":" + itoa(p.col)
	d.t = types.NewMap(u.elemType(keys, "key:"+at), u.elemType(vals, "val:"+at))
	return u.dictSrc(d, d.t)
}

func (u *unit) rangeList(c *syntax.CallExpr, p pos) val {
	if u.inner > 0 {
		u.fail(p, "range is not translated in this place: put it into a variable first")
	}
	n := u.temp("numbers")
	u.emit("var " + n + " []int")
	u.rangeLoop(&syntax.Ident{Name: "\x00i"}, c, func() {
		u.emit(n + " = append(" + n + ", " + u.scope.find("\x00i").name + ")")
	})
	return primary(n, types.NewSlice(tInt))
}

func (u *unit) zipList(args []syntax.Expr, p pos) val {
	a, b := u.once(u.listOf(u.value(args[0]), p), "xs"), u.once(u.listOf(u.value(args[1]), p), "ys")
	ea, ok1 := sliceOf(a.t)
	eb, ok2 := sliceOf(b.t)
	if !ok1 || !ok2 || u.inner > 0 {
		u.fail(p, "zip is not translated here")
	}
	t := tupleType([]types.Type{ea, eb})
	n, i := u.temp("pairs"), u.temp("i")
	u.emit("var "+n+" []"+u.typeName(t), "for "+i+" := range min(len("+a.src+"), len("+b.src+")) {")
	u.emit(n+" = append("+n+", "+u.typeName(t)+"{"+a.src+"["+i+"], "+b.src+"["+i+"]})", "}")
	return primary(n, types.NewSlice(t))
}

func (u *unit) enumerateList(x syntax.Expr, p pos) val {
	a := u.listOf(u.value(x), p)
	e, ok := sliceOf(a.t)
	if !ok || u.inner > 0 {
		u.fail(p, "enumerate is not translated here")
	}
	t := tupleType([]types.Type{tInt, e})
	n := u.temp("pairs")
	u.emit("var "+n+" []"+u.typeName(t), "for i, x := range "+a.src+" {")
	u.emit(n+" = append("+n+", "+u.typeName(t)+"{i, x})", "}")
	return primary(n, types.NewSlice(t))
}

// open1 opens a file in a mode.
func (u *unit) open1(c *syntax.CallExpr, p pos) val {
	imp, err := u.s.Import("os")
	if err != nil {
		u.fail(p, "%v", err)
	}
	t := types.NewPointer(imp.Scope().Lookup("File").Type())
	mode := "r"
	if len(c.Args) > 1 {
		a := c.Args[1]
		if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			if b.X.(*syntax.Ident).Name != "mode" {
				a = nil
			} else {
				a = b.Y
			}
		}
		if a != nil {
			m := u.value(a)
			if m.kind != kString {
				u.fail(p, "the mode of open is a text that stands here")
			}
			mode = strings.Trim(m.text, "btU")
		}
	}
	name := u.into(u.value(c.Args[0]), tStr, p)
	osName := u.pkgName("os", "os")
	src := ""
	switch mode {
	case "r", "":
		src = osName + "Open(" + name + ")"
	case "w":
		src = osName + "Create(" + name + ")"
	case "a":
		src = osName + "OpenFile(" + name + ", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)"
	case "r+":
		src = osName + "OpenFile(" + name + ", os.O_RDWR, 0)"
	case "w+":
		src = osName + "OpenFile(" + name + ", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)"
	default:
		u.fail(p, "open with mode %q is not translated", mode)
	}
	return val{src: src, prec: precPrimary, t: t, fails: true}
}
