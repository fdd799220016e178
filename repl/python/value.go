package python

import (
	"go/constant"
	gotoken "go/token"
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

// place gives an expression's position in the text.
func (u *unit) place(x syntax.Node) pos {
	if x == nil {
		return pos{}
	}
	start, _ := x.Span()
	return u.p.place(start)
}

func (u *unit) placeAt(p syntax.Position) pos { return u.p.place(p) }

// show writes a dotted name as it stands in the text.
func (u *unit) show(x syntax.Node) string {
	switch x := x.(type) {
	case *syntax.Ident:
		return strings.TrimPrefix(x.Name, reserved)
	case *syntax.DotExpr:
		return u.show(x.X) + "." + u.show(x.Name)
	case *syntax.ParenExpr:
		return u.show(x.X)
	case *syntax.CallExpr:
		return u.show(x.Fn) + "(...)"
	case *syntax.IndexExpr:
		return u.show(x.X) + "[...]"
	}
	return "this"
}

// quote writes a string as Go does; one of several lines in backquotes.
func quote(s string) string {
	if strings.Count(s, "\n") > 1 && !strings.ContainsAny(s, "`\r") && strconv.CanBackquote(strings.ReplaceAll(s, "\n", "")) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// value translates an expression that is used as one value.
func (u *unit) value(x syntax.Expr) val {
	v := u.called(u.expr(x), false)
	v.t = u.res(v.t)
	if v.void {
		u.fail(u.place(x), "%s gives no value", u.show(x))
	}
	if v.kind == kMethod || v.kind == kModule {
		if v.kind == kMethod && v.name == "" {
			return v
		}
		u.fail(u.place(x), "%s is not called here: a function alone is not translated", u.show(x))
	}
	return v
}

// expr translates an expression.
func (u *unit) expr(x syntax.Expr) val {
	saved := u.near
	u.near = u.place(x)
	defer func() { u.near = saved }()
	switch x := x.(type) {
	case *syntax.ParenExpr:
		return u.expr(x.X)
	case *syntax.Literal:
		return u.literal(x)
	case *syntax.Ident:
		return u.ident(x)
	case *syntax.DotExpr:
		return u.dot(x)
	case *syntax.CallExpr:
		return u.call(x)
	case *syntax.IndexExpr:
		return u.indexed(x)
	case *syntax.SliceExpr:
		return u.sliced(x)
	case *syntax.UnaryExpr:
		return u.unary(x)
	case *syntax.BinaryExpr:
		return u.binary(x)
	case *syntax.ListExpr:
		return u.list(x)
	case *syntax.TupleExpr:
		t := val{kind: kTuple, prec: precPrimary}
		for _, e := range x.List {
			t.elems = append(t.elems, u.value(e))
		}
		return t
	case *syntax.DictExpr:
		return u.dict(x)
	case *syntax.Comprehension:
		return u.hoisted(x)
	case *syntax.CondExpr:
		return u.conditional(x)
	case *syntax.LambdaExpr:
		u.fail(u.place(x), "a lambda is translated as key=, in map and filter, and with a name of its own")
	}
	u.fail(u.place(x), "this expression is not translated")
	return val{}
}

func (u *unit) literal(x *syntax.Literal) val {
	switch x.Token {
	case syntax.STRING:
		t := u.p.text(x)
		if t.bytes {
			return val{src: quote(t.text), prec: precPrimary, t: tStr, kind: kString, text: t.text}
		}
		return val{src: quote(t.text), prec: precPrimary, t: tStr, kind: kString, text: t.text}
	case syntax.INT:
		return val{src: x.Raw, prec: precPrimary, t: tInt, kind: kNumber, whole: true}
	case syntax.FLOAT:
		src := x.Raw
		if strings.HasPrefix(src, ".") {
			src = "0" + src
		}
		if strings.HasSuffix(src, ".") {
			src += "0"
		}
		return val{src: src, prec: precPrimary, t: tFloat, kind: kNumber}
	}
	u.fail(u.place(x), "this literal is not translated")
	return val{}
}

func (u *unit) ident(x *syntax.Ident) val {
	name := strings.TrimPrefix(x.Name, reserved)
	switch name {
	case "True", "False":
		u.foreign = true
		return val{src: strings.ToLower(name), prec: precPrimary, t: tBool}
	case "None":
		u.foreign = true
		return val{kind: kNone, src: "nil", prec: precPrimary}
	case "_", "__", "___":
		if u.scope.find(name) == nil && u.mode == cells && name == "_" {
			if u.last == nil {
				u.fail(u.place(x), "there is no last value yet: run an expression first")
			}
			return primary("_", u.last)
		}
	case "__name__":
		return val{src: `"__main__"`, prec: precPrimary, t: tStr, kind: kString, text: "__main__"}
	case "__file__":
		return primary("os.Args[0]", tStr)
	}
	if v := u.scope.find(name); v != nil {
		return u.read(v, x)
	}
	if f := u.known(name); f != nil {
		return val{kind: kFunc, fn: f, name: name, src: f.name, prec: precPrimary}
	}
	if v, ok := u.imports[name]; ok {
		return v
	}
	if o := u.sessionVar(name); o != nil {
		if _, planned := u.scope.root().homes[name]; planned && u.scope.parent != nil {
			return u.read(u.rootVariable(name), x)
		}
		return primary(o.Name(), o.Type())
	}
	if _, planned := u.scope.root().homes[name]; planned && u.scope.parent != nil {
		// A variable of the top level that is set further down.
		return u.read(u.rootVariable(name), x)
	}
	if v, ok := u.tr.imports[name]; ok {
		return v
	}
	if builtins[name] {
		u.foreign = true
		return val{kind: kBuiltin, name: name, src: name, prec: precPrimary}
	}
	if modules[name] {
		u.foreign = u.foreign || name != "boto"
		return val{kind: kModule, name: name, src: name, prec: precPrimary}
	}
	u.failHint(u.place(x), u.nearestName(name), "%s is not known", name)
	return val{}
}

func (u *unit) rootVariable(name string) *variable {
	saved := u.scope
	u.scope = u.scope.root()
	v := u.variable(name)
	u.scope = saved
	if !v.declared && u.sessionVar(name) == nil {
		u.fact("early:" + name)
	}
	return v
}

func (u *unit) nearestName(name string) string {
	if o := u.s.Lookup(goName(name)); o != nil {
		return ""
	}
	return ""
}

// known gives the def of a name.
func (u *unit) known(name string) *function {
	if f := u.defs[name]; f != nil {
		return f
	}
	if u.scope.root().nested[name] {
		return nil
	}
	return u.tr.defs[name]
}

func (u *unit) read(v *variable, x *syntax.Ident) val {
	t := v.fixed
	if t == nil {
		t = u.hole(v.key)
	}
	r := val{src: v.name, prec: precPrimary, t: u.res(t), nilish: v.nilish}
	if !isPlain(v.name) {
		r.prec = 1
	}
	if v.name != "" && v.handled {
		r.src = u.errName(v)
	}
	return r
}

func (u *unit) errName(v *variable) string { return v.name }

// truth writes an expression's truth, as Python sees it.
func (u *unit) truth(x syntax.Expr) string {
	v := u.truthVal(x)
	return v.src
}

func (u *unit) truthVal(x syntax.Expr) val {
	switch e := unparen(x).(type) {
	case *syntax.BinaryExpr:
		switch e.Op {
		case syntax.AND, syntax.OR:
			if isSame(e.Y) != nil {
				return u.binary(e)
			}
			op, prec := "&&", 2
			if e.Op == syntax.OR {
				op, prec = "||", 1
			}
			a := u.truthVal(e.X)
			var b val
			before := u.capture(func() { b = u.truthVal(e.Y) })
			if len(before) > 0 {
				return u.lazily(a, b, before, e.Op == syntax.OR)
			}
			return val{src: a.at(prec) + " " + op + " " + b.at(prec+1), prec: prec, t: tBool}
		}
	case *syntax.UnaryExpr:
		if e.Op == syntax.NOT {
			v := u.truthVal(e.X)
			if v.prec <= 3 {
				if n := not(v.src); !strings.HasPrefix(n, "!") {
					return val{src: n, prec: v.prec, t: tBool}
				}
				return val{src: "!(" + v.src + ")", prec: precUnary, t: tBool}
			}
			if strings.HasPrefix(v.src, "!") {
				return val{src: v.src[1:], prec: precUnary, t: tBool}
			}
			return val{src: "!" + v.src, prec: precUnary, t: tBool}
		}
	}
	return u.truthOf(u.value(x), u.place(x))
}

// lazily evaluates the second operand of and, or only where it counts, when
// statements must run before it.
func (u *unit) lazily(a, b val, before []string, or bool) val {
	if u.inner > 0 {
		u.emit(before...)
		return val{src: a.at(2) + map[bool]string{true: " || ", false: " && "}[or] + b.at(3), prec: 1, t: tBool}
	}
	n := u.temp("ok")
	u.emit(n + " := " + a.src)
	cond := n
	if or {
		cond = "!" + n
	}
	u.emit("if " + cond + " {")
	u.emit(before...)
	u.emit(n+" = "+b.src, "}")
	return primary(n, tBool)
}

func (u *unit) truthOf(v val, p pos) val {
	t := u.res(v.t)
	cmp := func(op, zero string) val { return val{src: v.at(4) + op + zero, prec: 3, t: tBool} }
	switch {
	case v.kind == kNone:
		return val{src: "false", prec: precPrimary, t: tBool}
	case v.kind == kTuple:
		return val{src: strconv.FormatBool(len(v.elems) > 0), prec: precPrimary, t: tBool}
	case t == nil:
		u.fail(p, "this has no truth")
	case isHole(t), isBool(t):
		return v
	case isString(t):
		u.foreign = true
		return cmp(" != ", `""`)
	case isNumber(t):
		u.foreign = true
		return cmp(" != ", "0")
	case isTime(t):
		return val{src: "!" + v.at(precPrimary) + ".IsZero()", prec: precUnary, t: tBool}
	}
	u.foreign = true
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		return val{src: "len(" + v.src + ") > 0", prec: 3, t: tBool}
	case *types.Pointer, *types.Signature:
		return cmp(" != ", "nil")
	case *types.Interface:
		if types.Identical(t, tError) || !isAny(t) {
			return cmp(" != ", "nil")
		}
	}
	u.fail(p, "the truth of %s is not known before it runs: compare it with something", u.typeName(t))
	return val{}
}

// binOps are Go's operators with their precedence.
var binOps = map[syntax.Token]struct {
	op   string
	prec int
}{
	syntax.PLUS: {"+", 4}, syntax.MINUS: {"-", 4}, syntax.STAR: {"*", 5}, syntax.SLASH: {"/", 5}, syntax.SLASHSLASH: {"//", 5}, syntax.PERCENT: {"%", 5},
	syntax.PIPE: {"|", 4}, syntax.AMP: {"&", 5}, syntax.CIRCUMFLEX: {"^", 4}, syntax.LTLT: {"<<", 5}, syntax.GTGT: {">>", 5},
	syntax.EQL: {"==", 3}, syntax.NEQ: {"!=", 3}, syntax.LT: {"<", 3}, syntax.GT: {">", 3}, syntax.LE: {"<=", 3}, syntax.GE: {">=", 3},
}

// isSame gives the comparison behind `and` that goes on with one before it.
func isSame(x syntax.Expr) *syntax.BinaryExpr {
	b, ok := x.(*syntax.BinaryExpr)
	if !ok {
		return nil
	}
	if id, ok := b.X.(*syntax.Ident); ok && id.Name == same {
		return b
	}
	return nil
}

func (u *unit) binary(x *syntax.BinaryExpr) val {
	switch x.Op {
	case syntax.AND, syntax.OR:
		if chained := isSame(x.Y); chained != nil {
			return u.chain(x, chained)
		}
		return u.choose(x)
	case syntax.IN, syntax.NOT_IN:
		v := u.contains2(u.value(x.X), u.value(x.Y), u.place(x))
		if x.Op == syntax.NOT_IN {
			return val{src: not1(v), prec: precUnary, t: tBool}
		}
		return v
	case syntax.EQL, syntax.NEQ, syntax.LT, syntax.GT, syntax.LE, syntax.GE:
		return u.compared(x.Op, u.value(x.X), u.value(x.Y), u.place(x))
	}
	if x.Op == syntax.PERCENT {
		left := u.value(x.X)
		if isString(left.t) {
			return u.percent(left, x.Y, u.place(x))
		}
		return u.arith("%", left, u.value(x.Y), u.place(x))
	}
	o, ok := binOps[x.Op]
	if !ok {
		u.fail(u.place(x), "the operator %s is not translated", x.Op)
	}
	return u.arith(o.op, u.value(x.X), u.value(x.Y), u.place(x))
}

func not1(v val) string {
	if v.prec <= 3 {
		return not(v.src)
	}
	return "!" + v.at(precPrimary)
}

// chain writes a < b < c.
func (u *unit) chain(x, second *syntax.BinaryExpr) val {
	first := x.X
	left := u.value(first)
	last := first
	if b, ok := last.(*syntax.BinaryExpr); ok && isSame(b.Y) != nil && b.Op == syntax.AND {
		last = b.Y
	}
	b, ok := last.(*syntax.BinaryExpr)
	if !ok {
		u.fail(u.place(x), "this comparison is not translated")
	}
	mid := u.value(b.Y)
	right := u.compared(second.Op, mid, u.value(second.Y), u.place(second))
	return val{src: left.at(2) + " && " + right.at(3), prec: 2, t: tBool}
}

// choose gives the value of `a or b` and `a and b`, which is one of them.
func (u *unit) choose(x *syntax.BinaryExpr) val {
	a := u.value(x.X)
	if isBool(a.t) {
		return u.truthVal(x)
	}
	if u.inner > 0 {
		return u.truthVal(x)
	}
	b := u.keep(u.value(x.Y), u.place(x.Y))
	a = u.keep(a, u.place(x.X))
	if x.Op == syntax.AND || !u.unify(types.Default(a.t), types.Default(b.t)) {
		return u.truthVal(x)
	}
	u.foreign = true
	if isString(a.t) || isNumber(a.t) {
		return primary(u.pkgName("cmp", "cmp")+"Or("+a.src+", "+b.src+")", a.t)
	}
	n := u.temp(u.nameFor(a))
	u.emit(n + " := " + a.src)
	u.emit("if " + not1(u.truthOf(primary(n, a.t), u.place(x))) + " {")
	u.emit(n+" = "+b.src, "}")
	return primary(n, a.t)
}

// conditional writes `a if c else b`.
func (u *unit) conditional(x *syntax.CondExpr) val {
	u.foreign = true
	cond := u.truth(x.Cond)
	var a, b val
	beforeA := u.capture(func() { a = u.value(x.True) })
	beforeB := u.capture(func() { b = u.value(x.False) })
	if a.kind != kNone {
		a = u.keep(a, u.place(x.True))
	}
	if b.kind != kNone {
		b = u.keep(b, u.place(x.False))
	}
	t := a.t
	switch {
	case a.kind == kNone:
		t = b.t
	case b.kind == kNone:
	case isInteger(a.t) && isFloat(b.t):
		t = b.t
	case isFloat(a.t) && isInteger(b.t):
	case !u.unify(types.Default(a.t), types.Default(b.t)):
		u.fail(u.place(x), "both values of a conditional expression need one type, here they are %s and %s", u.typeName(a.t), u.typeName(b.t))
	}
	if t == nil {
		u.fail(u.place(x), "the type of this is not known")
	}
	t = types.Default(t)
	as, bs := u.into(a, t, u.place(x.True)), u.into(b, t, u.place(x.False))
	if u.inner > 0 {
		return primary("func() "+u.typeName(t)+" {\nif "+cond+" {\nreturn "+as+"\n}\nreturn "+bs+"\n}()", t)
	}
	n := u.wanted
	if n == "" || u.policy.first != nil {
		n = u.temp(u.nameFor(val{t: t}))
	}
	if len(beforeA)+len(beforeB) == 0 {
		u.emit(u.declaration(n, bs, val{kind: b.kind, t: b.t, elems: b.elems}, t))
		u.emit("if "+cond+" {", n+" = "+as, "}")
		return primary(n, t)
	}
	u.emit("var " + n + " " + u.typeName(t))
	u.emit("if " + cond + " {")
	u.emit(beforeA...)
	u.emit(n+" = "+as, "} else {")
	u.emit(beforeB...)
	u.emit(n+" = "+bs, "}")
	return primary(n, t)
}

func (u *unit) unary(x *syntax.UnaryExpr) val {
	switch x.Op {
	case syntax.NOT:
		return u.truthVal(x)
	case syntax.MINUS, syntax.PLUS, syntax.TILDE:
		v := u.value(x.X)
		if !isNumber(v.t) && !isHole(v.t) && !isDuration(v.t) {
			u.fail(u.place(x), "%s needs a number", x.Op)
		}
		op := map[syntax.Token]string{syntax.MINUS: "-", syntax.PLUS: "", syntax.TILDE: "^"}[x.Op]
		src := v.at(precUnary)
		if strings.HasPrefix(src, "-") {
			src = "(" + src + ")"
		}
		return val{src: op + src, prec: precUnary, t: v.t, kind: v.kind, whole: op == "" && v.whole}
	}
	u.fail(u.place(x), "%s is not translated here", x.Op)
	return val{}
}

// arith writes an operator between two values.
func (u *unit) arith(op string, a, b val, p pos) val {
	a, b = u.keepUnless(a, p), u.keepUnless(b, p)
	a.t, b.t = u.res(a.t), u.res(b.t)
	if a.kind == kNone || b.kind == kNone {
		u.fail(p, "None takes no part in %s", op)
	}
	if isHole(a.t) && !isHole(b.t) && !isString(b.t) {
		u.unify(a.t, types.Default(b.t))
		a.t = u.res(a.t)
	}
	if isHole(b.t) && !isHole(a.t) {
		if !(op == "*" && isString(a.t)) {
			u.unify(b.t, types.Default(a.t))
		} else {
			u.unify(b.t, tInt)
		}
		b.t = u.res(b.t)
	}
	if isHole(a.t) && isString(b.t) && op == "+" {
		u.unify(a.t, tStr)
		a.t = tStr
	}
	if isHole(a.t) || isHole(b.t) {
		return val{src: a.at(4) + " " + op + " " + b.at(5), prec: 4, t: a.t}
	}
	if isSet(a.t) && isSet(b.t) {
		return u.setOp(op, a, b, p)
	}
	switch {
	case isString(a.t) && isString(b.t) && op == "+":
		return val{src: a.at(4) + " + " + b.at(5), prec: 4, t: tStr}
	case op == "*" && isString(a.t) && isInteger(b.t):
		u.foreign = true
		return primary(u.pkgName("strings", "strings")+"Repeat("+a.src+", "+b.src+")", tStr)
	case op == "*" && isInteger(a.t) && isString(b.t):
		u.foreign = true
		return primary(u.pkgName("strings", "strings")+"Repeat("+b.src+", "+a.src+")", tStr)
	case op == "*" && isInteger(b.t):
		if _, ok := sliceOf(a.t); ok {
			u.foreign = true
			return primary(u.pkgName("slices", "slices")+"Repeat("+a.src+", "+b.src+")", a.t)
		}
	case op == "+":
		if _, ok := sliceOf(a.t); ok {
			u.foreign = true
			return primary(u.pkgName("slices", "slices")+"Concat("+a.src+", "+u.into(b, a.t, p)+")", a.t)
		}
	}
	if isTime(a.t) || isTime(b.t) || isDuration(a.t) || isDuration(b.t) {
		return u.timeArith(op, a, b, p)
	}
	if isBool(a.t) || isBool(b.t) || !isNumber(a.t) || !isNumber(b.t) {
		u.fail(p, "%s between %s and %s is not translated", op, u.typeName(a.t), u.typeName(b.t))
	}
	return u.numeric(op, a, b, p)
}

// number writes arithmetic. Python 2's / of two ints rounds down, as its //.
func (u *unit) numeric(op string, a, b val, p pos) val {
	if op == "/" && u.future && isInteger(a.t) && isInteger(b.t) {
		a, b = u.toFloat(a), u.toFloat(b)
	}
	t := types.Default(a.t)
	switch {
	case isFloat(a.t) && isInteger(b.t):
		b = u.toFloat(b)
	case isInteger(a.t) && isFloat(b.t):
		a = u.toFloat(a)
		t = tFloat
	case isInteger(a.t) && !types.Identical(types.Default(a.t), types.Default(b.t)):
		if a.kind == kNumber {
			t = b.t
		} else if b.kind != kNumber {
			a, b = u.toInt(a), u.toInt(b)
			t = tInt
		}
	}
	kind := kValue
	if a.kind == kNumber && b.kind == kNumber {
		kind = kNumber
	}
	whole := a.whole && b.whole && op != "-"
	switch op {
	case "/", "//":
		if isFloat(t) {
			if b.kind == kNumber && strings.Trim(b.src, "0.") == "" {
				u.fail(p, "division by zero")
			}
			if op == "//" {
				return primary(u.pkgName("math", "math")+"Floor("+a.at(5)+" / "+b.at(6)+")", t)
			}
			return val{src: a.at(5) + " / " + b.at(6), prec: 5, t: t, kind: kind}
		}
		if b.kind == kNumber && strings.Trim(b.src, "0x") == "" {
			u.fail(p, "division by zero")
		}
		if a.whole && b.whole {
			return val{src: a.at(5) + " / " + b.at(6), prec: 5, t: t, kind: kind, whole: true}
		}
		u.foreign = true
		return primary(u.py("FloorDiv")+"("+a.src+", "+b.src+")", t)
	case "%":
		if isFloat(t) {
			return primary(u.py("FloorMod")+"("+a.src+", "+b.src+")", t)
		}
		if a.whole && b.whole {
			return val{src: a.at(5) + " % " + b.at(6), prec: 5, t: t, kind: kind, whole: true}
		}
		u.foreign = true
		return primary(u.py("Mod")+"("+a.src+", "+b.src+")", t)
	case "**":
		return u.powerOf(a, b)
	case "|", "&", "^", "<<", ">>":
		if isFloat(t) {
			u.fail(p, "%s needs ints", op)
		}
	}
	if kind == kNumber && isFloat(t) {
		if v, ok := folded(op, a, b); ok {
			return v
		}
	}
	prec := map[string]int{"+": 4, "-": 4, "*": 5, "|": 4, "&": 5, "^": 4, "<<": 5, ">>": 5}[op]
	if prec == 0 {
		u.fail(p, "the operator %s is not translated", op)
	}
	return val{src: a.at(prec) + " " + op + " " + b.at(prec+1), prec: prec, t: t, kind: kind, whole: whole}
}

// folded computes with two literals where Go, which knows constants exactly,
// would give another number than Python.
func folded(op string, a, b val) (val, bool) {
	x, err1 := strconv.ParseFloat(a.src, 64)
	y, err2 := strconv.ParseFloat(b.src, 64)
	if err1 != nil || err2 != nil {
		return val{}, false
	}
	var f float64
	var tok gotoken.Token
	switch op {
	case "+":
		f, tok = x+y, gotoken.ADD
	case "-":
		f, tok = x-y, gotoken.SUB
	case "*":
		f, tok = x*y, gotoken.MUL
	default:
		return val{}, false
	}
	exact, _ := constant.Float64Val(constant.BinaryOp(constant.MakeFromLiteral(a.src, gotoken.FLOAT, 0), tok, constant.MakeFromLiteral(b.src, gotoken.FLOAT, 0)))
	if exact == f {
		return val{}, false
	}
	return val{src: strconv.FormatFloat(f, 'g', -1, 64), prec: precPrimary, t: tFloat, kind: kNumber}, true
}

func (u *unit) powerOf(a, b val) val {
	if isInteger(a.t) && isInteger(b.t) && b.whole {
		if a.src == "2" {
			return val{src: "1 << " + b.at(6), prec: 5, t: tInt, whole: true}
		}
		if n, err := strconv.Atoi(b.src); err == nil && n > 0 && n <= 4 && isPlain(a.src) {
			return val{src: strings.TrimSuffix(strings.Repeat(a.src+" * ", n), " * "), prec: 5, t: a.t, kind: a.kind, whole: a.whole}
		}
		return primary("int("+u.pkgName("math", "math")+"Pow("+u.toFloat(a).src+", "+u.toFloat(b).src+"))", tInt)
	}
	return primary(u.pkgName("math", "math")+"Pow("+u.toFloat(a).src+", "+u.toFloat(b).src+")", tFloat)
}

func (u *unit) toFloat(v val) val {
	if isFloat(v.t) {
		return v
	}
	if v.kind == kNumber && !strings.ContainsAny(v.src, " ") {
		return val{src: v.src, prec: v.prec, t: tFloat, kind: kNumber}
	}
	return primary("float64("+v.src+")", tFloat)
}

func (u *unit) toInt(v val) val {
	if types.Identical(types.Default(v.t), tInt) {
		return v
	}
	return val{src: "int(" + v.src + ")", prec: precPrimary, t: tInt, whole: v.whole}
}

// py writes the name of a helper that does as Python does.
func (u *unit) py(name string) string { return u.pkgName(pyPath, "py") + name }
