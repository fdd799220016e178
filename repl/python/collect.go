package python

import (
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

// list gives a literal list, whose type later assignments and uses may settle.
func (u *unit) list(x *syntax.ListExpr) val {
	v := val{kind: kList, prec: precPrimary}
	p := u.place(x)
	for _, e := range x.List {
		v.elems = append(v.elems, u.value(e))
	}
	v.t = types.NewSlice(u.elemType(v.elems, "elem:"+itoa(p.line)+":"+itoa(p.col)))
	return u.listSrc(v, v.t)
}

// elemType finds the one type of several values.
func (u *unit) elemType(vs []val, key string) types.Type {
	t := u.hole(key)
	none := false
	for i := range vs {
		if vs[i].kind == kNone {
			none = true
			continue
		}
		vt := types.Default(u.natural(vs[i]))
		switch {
		case vt == nil:
		case isAny(t):
		case isHole(t):
			u.unify(t, vt)
			t = u.res(t)
			if isHole(t) {
				t = vt
			}
		case u.unify(t, vt):
		case isInteger(t) && isFloat(vt):
			t = tFloat
			u.bind(key, tFloat)
		case isFloat(t) && isInteger(vt):
		default:
			t = tAny
			u.bind(key, tAny)
		}
	}
	if t = u.res(t); none && !isHole(t) && !nilable(t) {
		t = tAny
		u.bind(key, tAny)
	}
	return u.res(t)
}

// natural is the type of a value, tuples included.
func (u *unit) natural(v val) types.Type {
	if v.kind == kTuple {
		var ts []types.Type
		for _, e := range v.elems {
			ts = append(ts, types.Default(u.natural(e)))
		}
		return tupleType(ts)
	}
	if v.t == nil {
		return nil
	}
	return u.res(v.t)
}

// listSrc writes a literal list as a slice type.
func (u *unit) listSrc(v val, t types.Type) val {
	e, _ := sliceOf(t)
	var parts []string
	for _, x := range v.elems {
		parts = append(parts, u.elided(u.into(x, e, u.near), e))
	}
	v.src = u.typeName(t) + "{" + wrapList(parts) + "}"
	v.t = t
	return v
}

// elided leaves out the type of a composite element that Go knows.
func (u *unit) elided(src string, e types.Type) string {
	if n := u.typeName(e); strings.HasPrefix(src, n+"{") && !strings.HasPrefix(n, "*") {
		return src[len(n):]
	}
	return src
}

// wrapList puts long lists on lines of their own.
func wrapList(parts []string) string {
	s := strings.Join(parts, ", ")
	if len(s) > 100 || strings.Contains(s, "\n") {
		return "\n" + strings.Join(parts, ",\n") + ",\n"
	}
	return s
}

func (u *unit) dict(x *syntax.DictExpr) val {
	v := val{kind: kDict, prec: precPrimary}
	p := u.place(x)
	at := itoa(p.line) + ":" + itoa(p.col)
	var keys, vals []val
	for _, e := range x.List {
		d, ok := e.(*syntax.DictEntry)
		if !ok {
			u.fail(u.place(e), "this is not translated in a dict")
		}
		k, val := u.value(d.Key), u.value(d.Value)
		keys, vals = append(keys, k), append(vals, val)
		v.elems = append(v.elems, k, val)
	}
	v.t = types.NewMap(u.elemType(keys, "key:"+at), u.elemType(vals, "val:"+at))
	return u.dictSrc(v, v.t)
}

func (u *unit) dictSrc(v val, t types.Type) val {
	k, e, _ := mapOf(t)
	var parts []string
	for i := 0; i+1 < len(v.elems); i += 2 {
		parts = append(parts, u.elided(u.into(v.elems[i], k, u.near), k)+": "+u.elided(u.into(v.elems[i+1], e, u.near), e))
	}
	v.src = u.typeName(t) + "{" + wrapList(parts) + "}"
	v.t = t
	return v
}

// keep makes a value one that a variable can hold: a tuple becomes a struct.
func (u *unit) keep(v val, p pos) val {
	switch v.kind {
	case kTuple:
		t := u.natural(v)
		if len(v.elems) == 0 {
			u.fail(p, "the empty tuple is not translated: use a list")
		}
		if len(v.elems) > 26 {
			u.fail(p, "a tuple of so many values is not translated")
		}
		s := t.(*types.Struct)
		var parts []string
		for i, e := range v.elems {
			parts = append(parts, u.into(e, s.Field(i).Type(), p))
		}
		return val{src: u.typeName(t) + "{" + strings.Join(parts, ", ") + "}", prec: precPrimary, t: t}
	case kModule, kClass, kBuiltin, kMethod:
		if strings.HasPrefix(v.name, "?.") {
			return primary(v.src, v.t) // a member of what a later round knows
		}
		u.fail(p, "a function or module is not kept as a value")
	case kFunc:
		if v.fn != nil {
			return v
		}
	}
	if v.void {
		u.fail(p, "this gives no value")
	}
	if tp, ok := v.t.(*types.Tuple); ok {
		u.fail(p, "this gives %d values: take them apart", tp.Len())
	}
	return v
}

func (u *unit) keepUnless(v val, p pos) val {
	if v.kind == kNone {
		return v
	}
	return u.keep(v, p)
}

// into writes a value as one of a type.
func (u *unit) into(v val, want types.Type, p pos) string {
	want = u.res(want)
	v.t = u.res(v.t)
	if p.line == 0 {
		p = u.near
	}
	if v.kind == kNone {
		return u.zero(want)
	}
	if v.kind == kTuple && isTuple(want) && want.(*types.Struct).NumFields() == len(v.elems) {
		s := want.(*types.Struct)
		var parts []string
		for i, e := range v.elems {
			parts = append(parts, u.into(e, s.Field(i).Type(), p))
		}
		return u.typeName(want) + "{" + strings.Join(parts, ", ") + "}"
	}
	if v.kind == kTuple {
		if e, ok := sliceOf(want); ok {
			_ = e
			v.kind = kList
		}
	}
	if st, ok := want.Underlying().(*types.Struct); ok && v.kind == kDict && named(want) != nil && !isHole(want) {
		return u.structLiteral(v, want, st, p)
	}
	if e, ok := sliceOf(want); ok && v.kind == kList {
		if n := named(want); n != nil || !types.Identical(v.t, want) {
			for _, x := range v.elems {
				u.unify(u.natural(x), e)
			}
			return u.listSrc(v, want).src
		}
	}
	if _, _, ok := mapOf(want); ok && v.kind == kDict {
		return u.dictSrc(v, want).src
	}
	v = u.keep(v, p)
	if v.t == nil {
		u.fail(p, "this gives no value")
	}
	if isHole(want) || isHole(v.t) {
		u.unify(want, types.Default(v.t))
		return v.src
	}
	if types.Identical(v.t, want) || isAny(want) {
		return v.src
	}
	if u.open(v.t) || u.open(want) {
		if u.unify(want, v.t) {
			return v.src
		}
	}
	switch {
	case v.kind == kNumber && isInteger(v.t) && isNumber(want), v.kind == kNumber && isFloat(want):
		return v.src
	case v.kind == kString && isInteger(want):
		// boto takes numbers as texts.
		if n, err := strconv.Atoi(strings.TrimSpace(v.text)); err == nil {
			u.foreign = true
			return itoa(n)
		}
	case v.kind == kNumber && isDuration(want):
		return v.src
	case isNumber(v.t) && isFloat(want):
		return u.toFloat(v).src
	case isInteger(v.t) && isInteger(want):
		return u.typeName(want) + "(" + v.src + ")"
	case types.Identical(v.t, tBytes) && isString(want):
		return "string(" + v.src + ")"
	case isString(v.t) && types.Identical(want, tBytes):
		return "[]byte(" + v.src + ")"
	case types.AssignableTo(v.t, want):
		return v.src
	case isString(want):
		if s := u.asString(v); s != "" {
			return s
		}
	}
	if e, ok := sliceOf(want); ok {
		if types.AssignableTo(v.t, e) || isString(e) && u.asString(v) != "" {
			return u.typeName(want) + "{" + u.into(v, e, p) + "}"
		}
		if ve, ok := sliceOf(v.t); ok && isString(e) && u.inner == 0 && named(ve) != nil {
			n := u.temp("ids")
			u.emit("var "+n+" []string", "for _, x := range "+v.src+" {")
			u.emit(n+" = append("+n+", "+u.into(primary("x", ve), e, p)+")", "}")
			return n
		}
	}
	if pt, ok := want.(*types.Pointer); ok && types.Identical(pt.Elem(), v.t) && isPlain(v.src) {
		return "&" + v.src
	}
	if r, ok := want.Underlying().(*types.Interface); ok && r.NumMethods() > 0 && isString(v.t) && r.NumMethods() == 1 && r.Method(0).Name() == "Read" {
		return u.pkgName("strings", "strings") + "NewReader(" + v.src + ")"
	}
	u.fail(p, "%s is needed here, this is %s", u.typeName(want), u.typeName(v.t))
	return ""
}

// structLiteral writes a dict where a struct stands for it.
func (u *unit) structLiteral(v val, want types.Type, st *types.Struct, p pos) string {
	var fields []string
	for i := 0; i+1 < len(v.elems); i += 2 {
		name := findMember(named(want), func(m string) bool { return plainName(m) == plainName(v.elems[i].text) })
		found := false
		for j := range st.NumFields() {
			if f := st.Field(j); f.Name() == name {
				fields = append(fields, name+": "+u.into(v.elems[i+1], f.Type(), p))
				found = true
			}
		}
		if !found {
			u.fail(p, "%s has no %s", u.typeName(want), v.elems[i].text)
		}
	}
	return u.typeName(want) + "{" + strings.Join(fields, ", ") + "}"
}

// asString gives the text by which boto names an object: where a name or an id
// is wanted it takes the object, too.
func (u *unit) asString(v val) string {
	n := named(v.t)
	if n == nil || n.Obj().Pkg() == nil || !strings.HasPrefix(n.Obj().Pkg().Path(), bindingsPath) {
		return ""
	}
	for _, f := range []string{"PublicIP", "Name", "ID"} {
		if o, _, _ := types.LookupFieldOrMethod(v.t, true, n.Obj().Pkg(), f); o != nil {
			if x, ok := o.(*types.Var); ok && isString(x.Type()) {
				u.foreign = true
				return v.at(precPrimary) + "." + f
			}
		}
	}
	return ""
}

// spread writes a list as arguments of append or of a variadic parameter.
func (u *unit) spread(v val, want types.Type, p pos) string {
	e, _ := sliceOf(want)
	if v.kind == kTuple {
		v.kind = kList
	}
	if v.kind == kList {
		var parts []string
		for _, x := range v.elems {
			parts = append(parts, u.into(x, e, p))
		}
		return strings.Join(parts, ", ")
	}
	if _, ok := sliceOf(u.res(v.t)); ok || isHole(u.res(v.t)) {
		u.unify(v.t, want)
		return u.into(v, want, p) + "..."
	}
	if isString(v.t) || types.AssignableTo(v.t, e) {
		return u.into(v, e, p)
	}
	if it := u.listOf(v, p); it.src != "" {
		return it.src + "..."
	}
	return u.into(v, e, p)
}

// listOf collects what a loop over a value gives; no value where it is no
// sequence.
func (u *unit) listOf(v val, p pos) val {
	t := u.res(v.t)
	if _, ok := sliceOf(t); ok {
		return v
	}
	if isHole(t) {
		e := u.hole("elem:" + itoa(p.line) + ":" + itoa(p.col))
		u.unify(t, types.NewSlice(e))
		return primary(v.src, types.NewSlice(e))
	}
	if it := u.iterates(v); it.src != "" {
		return u.listOf(it, p)
	}
	if e, ok := seq2(t); ok {
		if u.inner > 0 {
			u.fail(p, "a listing can't be collected in this place: put it into a variable first")
		}
		n := u.temp(u.nameFor(val{t: types.NewSlice(e)}))
		u.emit("var " + n + " []" + u.typeName(e))
		u.valueLoop(&syntax.Ident{Name: "\x00item"}, v, p, func() {
			u.emit(n + " = append(" + n + ", " + u.scope.find("\x00item").name + ")")
		})
		return primary(n, types.NewSlice(e))
	}
	if k, _, ok := mapOf(t); ok {
		return primary(u.sortedKeys(v, k), types.NewSlice(k))
	}
	if isString(t) {
		return primary(u.pkgName("strings", "strings")+"Split("+v.src+`, "")`, tStrings)
	}
	return val{}
}

// hoisted writes a comprehension in front of the statement that uses it.
func (u *unit) hoisted(x *syntax.Comprehension) val {
	u.foreign = true
	if u.inner > 0 {
		var v val
		savedInner := u.inner
		u.inner = 0
		lines := u.capture(func() { v = u.comprehension(x, u.temp("list")) })
		u.inner = savedInner
		if u.policy.kind != raising {
			u.fail(u.place(x), "a comprehension is not translated in this place")
		}
		return primary("func() "+u.typeName(v.t)+" {\n"+strings.Join(lines, "\n")+"\nreturn "+v.src+"\n}()", v.t)
	}
	name := "list"
	if id, ok := unparen(x.Body).(*syntax.DotExpr); ok {
		name = goName(id.Name.Name) + "s"
		if strings.HasSuffix(name, "ss") {
			name = name[:len(name)-1]
		}
	}
	return u.comprehension(x, u.temp(name))
}

// comprehend assigns a comprehension to a name without a detour; false when
// the name is one that the comprehension uses itself.
func (u *unit) comprehend(name string, x *syntax.Comprehension) bool {
	for _, n := range namesIn(x) {
		if n == name {
			return false
		}
	}
	sc := u.scope
	v := u.variable(name)
	if v.declared || sc.parent != nil && sc.global[name] || !sc.isHome(name, sc.block) || sc.parent == nil && u.sessionVar(name) != nil {
		return false
	}
	u.foreign = true
	r := u.comprehension(x, v.name)
	if !u.unify(u.hole(v.key), r.t) {
		u.fail(u.place(x), "%s is %s here and %s elsewhere", name, u.typeName(r.t), u.typeName(u.hole(v.key)))
	}
	v.declared, v.assigned = true, true
	return true
}

// comprehension fills the variable of a name in loops.
func (u *unit) comprehension(x *syntax.Comprehension, name string) val {
	p := u.place(x)
	at := itoa(p.line) + ":" + itoa(p.col)
	var t types.Type
	saved := u.scope
	sc := newScope(saved, saved.fn)
	sc.block = saved.block + "/L" + at
	u.scope = sc
	lines := u.capture(func() { t = u.clauses(x, x.Clauses, name, at) })
	u.scope = saved
	if _, _, ok := mapOf(t); ok {
		u.emit(name + " := " + u.typeName(t) + "{}")
	} else {
		u.emit("var " + name + " " + u.typeName(t))
	}
	u.emit(lines...)
	return primary(name, t)
}

func (u *unit) clauses(x *syntax.Comprehension, rest []syntax.Node, name, at string) (t types.Type) {
	if len(rest) == 0 {
		if e, ok := x.Body.(*syntax.DictEntry); ok {
			k, v := u.value(e.Key), u.keep(u.value(e.Value), u.place(e))
			t = types.NewMap(u.elemType([]val{k}, "key:"+at), u.elemType([]val{v}, "val:"+at))
			kt, vt, _ := mapOf(t)
			u.emit(name + "[" + u.into(k, kt, u.place(e)) + "] = " + u.into(v, vt, u.place(e)))
			return t
		}
		v := u.value(x.Body)
		if v.kind == kNone {
			u.fail(u.place(x.Body), "a list of None is not translated")
		}
		v = u.keep(v, u.place(x.Body))
		e := u.elemType([]val{v}, "elem:"+at)
		if x.Curly {
			u.emit(name + "[" + u.into(v, e, u.place(x.Body)) + "] = struct{}{}")
			return types.NewMap(e, tNothing)
		}
		u.emit(name + " = append(" + name + ", " + u.into(v, e, u.place(x.Body)) + ")")
		return types.NewSlice(e)
	}
	switch c := rest[0].(type) {
	case *syntax.ForClause:
		u.forLoop(c.Vars, c.X, func() { t = u.clauses(x, rest[1:], name, at) })
	case *syntax.IfClause:
		u.emit("if " + u.truth(c.Cond) + " {")
		t = u.clauses(x, rest[1:], name, at)
		u.emit("}")
	}
	return t
}

// index gives the index of an element; one below 0 counts from the end.
func (u *unit) index(x val, i syntax.Expr) val {
	v := u.value(i)
	if isHole(u.res(v.t)) {
		u.unify(v.t, tInt)
		v.t = tInt
	}
	if !isInteger(v.t) {
		u.fail(u.place(i), "an index is an int, this is %s", u.typeName(v.t))
	}
	if strings.HasPrefix(v.src, "-") && v.kind == kNumber {
		return val{src: "len(" + x.src + ")" + v.src, prec: 4, t: tInt}
	}
	return v
}

func (u *unit) indexed(x *syntax.IndexExpr) val {
	b := u.value(x.X)
	if b.kind == kTuple {
		if n, ok := literalInt(x.Y); ok && n < len(b.elems) && n >= -len(b.elems) {
			return b.elems[(n+len(b.elems))%len(b.elems)]
		}
		u.fail(u.place(x), "a tuple is indexed by a number")
	}
	t := u.res(b.t)
	if isHole(t) {
		i := u.value(x.Y)
		p := u.place(x)
		e := u.hole("elem:" + itoa(p.line) + ":" + itoa(p.col))
		if isString(i.t) {
			u.unify(t, types.NewMap(tStr, e))
		}
		return primary(b.src+"["+i.src+"]", e)
	}
	if s, ok := t.(*types.Struct); ok && isTuple(s) {
		if n, ok := literalInt(x.Y); ok && n < s.NumFields() && n >= -s.NumFields() {
			f := s.Field((n + s.NumFields()) % s.NumFields())
			return primary(b.at(precPrimary)+"."+f.Name(), f.Type())
		}
		u.fail(u.place(x), "a tuple is indexed by a number")
	}
	if k, e, ok := mapOf(t); ok {
		if isType(t, bindingsPath+"ec2", "BlockDeviceMapping") {
			u.foreign = u.foreign || false
		}
		return primary(b.at(precPrimary)+"["+u.into(u.value(x.Y), k, u.place(x.Y))+"]", e)
	}
	if types.Identical(t, tError) {
		return primary(b.src+".Error()", tStr)
	}
	if e, ok := sliceOf(t); ok {
		b = u.onceIfNegative(b, x.Y)
		return primary(b.at(precPrimary)+"["+u.index(b, x.Y).src+"]", e)
	}
	if isString(t) {
		b = u.once(b, "s")
		i := u.index(b, x.Y)
		if i.kind == kNumber {
			n, _ := literalInt(x.Y)
			return primary(b.at(precPrimary)+"["+i.src+":"+itoa(n+1)+"]", tStr)
		}
		if strings.HasPrefix(i.src, "len(") && strings.HasSuffix(i.src, "-1") {
			return primary(b.at(precPrimary)+"["+i.src+":]", tStr)
		}
		return primary("string("+b.at(precPrimary)+"["+i.src+"])", tStr)
	}
	if list := u.listOf(b, u.place(x)); list.src != "" {
		list = u.onceIfNegative(list, x.Y)
		e, _ := sliceOf(list.t)
		return primary(list.at(precPrimary)+"["+u.index(list, x.Y).src+"]", e)
	}
	u.noIndex(b, x)
	return val{}
}

func (u *unit) noIndex(b val, x *syntax.IndexExpr) {
	// boto's dicts that are structs here: dp['Average'], status['Versioning'].
	if lit, ok := unparen(x.Y).(*syntax.Literal); ok && lit.Token == syntax.STRING {
		u.fail(u.place(x), "%s has no element %q", u.typeName(b.t), u.p.text(lit).text)
	}
	u.fail(u.place(x), "%s has no elements", u.typeName(b.t))
}

func (u *unit) onceIfNegative(b val, i syntax.Expr) val {
	if n, ok := literalInt(i); ok && n < 0 {
		return u.once(b, u.nameFor(b))
	}
	return b
}

func literalInt(x syntax.Expr) (int, bool) {
	switch x := unparen(x).(type) {
	case *syntax.Literal:
		if n, ok := x.Value.(int64); ok && x.Token == syntax.INT {
			return int(n), true
		}
	case *syntax.UnaryExpr:
		if n, ok := literalInt(x.X); ok && x.Op == syntax.MINUS {
			return -n, true
		}
	}
	return 0, false
}

// sliced writes x[a:b], whose bounds Python cuts to the length.
func (u *unit) sliced(x *syntax.SliceExpr) val {
	u.foreign = true
	b := u.value(x.X)
	t := u.res(b.t)
	if _, ok := sliceOf(t); !ok && !isString(t) {
		list := u.listOf(b, u.place(x))
		if list.src == "" {
			u.fail(u.place(x), "%s can't be sliced", u.typeName(t))
		}
		b, t = list, u.res(list.t)
	}
	if x.Step != nil {
		return u.stepped(x, b, t)
	}
	if x.Lo == nil && x.Hi == nil {
		if isString(t) {
			return b
		}
		return primary(u.pkgName("slices", "slices")+"Clone("+b.src+")", t)
	}
	b = u.once(b, u.nameFor(b))
	lo, hi := u.bound1(b, x.Lo), u.bound1(b, x.Hi)
	return primary(b.at(precPrimary)+"["+lo+":"+hi+"]", t)
}

// bound1 writes a bound of a slice within the length.
func (u *unit) bound1(b val, x syntax.Expr) string {
	if x == nil {
		return ""
	}
	v := u.value(x)
	if v.kind == kNone {
		return ""
	}
	if isHole(u.res(v.t)) {
		u.unify(v.t, tInt)
	}
	if n, ok := literalInt(x); ok {
		switch {
		case n == 0:
			return "0"
		case n < 0:
			return "max(0, len(" + b.src + ")-" + itoa(-n) + ")"
		}
		return "min(" + itoa(n) + ", len(" + b.src + "))"
	}
	if strings.HasPrefix(v.src, "-") {
		return "max(0, len(" + b.src + ")" + v.src + ")"
	}
	if strings.HasPrefix(v.src, "len(") && v.src == "len("+b.src+")" {
		return v.src
	}
	return "min(" + v.src + ", len(" + b.src + "))"
}

func (u *unit) stepped(x *syntax.SliceExpr, b val, t types.Type) val {
	n, ok := literalInt(x.Step)
	if !ok || n == 0 {
		u.fail(u.place(x), "the step of a slice is a number")
	}
	if u.inner > 0 {
		u.fail(u.place(x), "a slice with a step is not translated in this place")
	}
	if n == -1 && x.Lo == nil && x.Hi == nil {
		r := u.temp("reversed")
		if isString(t) {
			u.emit(r + " := []rune(" + b.src + ")")
			u.emit(u.pkgName("slices", "slices") + "Reverse(" + r + ")")
			return primary("string("+r+")", tStr)
		}
		u.emit(r + " := " + u.pkgName("slices", "slices") + "Clone(" + b.src + ")")
		u.emit("slices.Reverse(" + r + ")")
		return primary(r, t)
	}
	if n < 0 {
		u.fail(u.place(x), "a slice with the step %d is not translated", n)
	}
	b = u.once(b, u.nameFor(b))
	lo, hi := u.bound1(b, x.Lo), u.bound1(b, x.Hi)
	if lo == "" {
		lo = "0"
	}
	if hi == "" {
		hi = "len(" + b.src + ")"
	}
	r, i := u.temp("every"), u.temp("i")
	if isString(t) {
		u.emit("var " + r + " string")
		u.emit("for "+i+" := "+lo+"; "+i+" < "+hi+"; "+i+" += "+itoa(n)+" {", r+" += "+b.src+"["+i+":"+i+"+1]", "}")
		return primary(r, t)
	}
	u.emit("var " + r + " " + u.typeName(t))
	u.emit("for "+i+" := "+lo+"; "+i+" < "+hi+"; "+i+" += "+itoa(n)+" {", r+" = append("+r+", "+b.src+"["+i+"])", "}")
	return primary(r, t)
}
