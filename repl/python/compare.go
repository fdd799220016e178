package python

import (
	"go/types"
	"strings"

	"go.starlark.net/syntax"
)

// compared writes a comparison.
func (u *unit) compared(op syntax.Token, a, b val, p pos) val {
	o := binOps[op].op
	if a.kind == kNone {
		a, b = b, a
	}
	if b.kind == kNone {
		return u.comparedNone(o, a, p)
	}
	if a.kind == kTuple && b.kind == kTuple && len(a.elems) == len(b.elems) && len(a.elems) > 0 && (o == "==" || o == "!=") {
		var parts []string
		for i := range a.elems {
			parts = append(parts, u.compared(syntax.EQL, a.elems[i], b.elems[i], p).src)
		}
		if o == "!=" {
			return val{src: "!(" + strings.Join(parts, " && ") + ")", prec: precUnary, t: tBool}
		}
		return val{src: strings.Join(parts, " && "), prec: 2, t: tBool}
	}
	a, b = u.keepUnless(a, p), u.keepUnless(b, p)
	a.t, b.t = u.res(a.t), u.res(b.t)
	if isHole(a.t) || isHole(b.t) {
		u.unify(a.t, types.Default(b.t))
		return val{src: a.at(4) + " " + o + " " + b.at(4), prec: 3, t: tBool}
	}
	if t, ok := b.t.Underlying().(*types.Slice); ok && (o == "==" || o == "!=") {
		if _, ok := sliceOf(a.t); ok {
			u.foreign = true
			u.unify(a.t, b.t)
			bs := u.into(b, u.res(a.t), p)
			_ = t
			src := u.pkgName("slices", "slices") + "Equal(" + a.src + ", " + bs + ")"
			if b.kind == kList && len(b.elems) == 0 {
				return val{src: "len(" + a.src + ") " + o + " 0", prec: 3, t: tBool}
			}
			if o == "!=" {
				return val{src: "!" + src, prec: precUnary, t: tBool}
			}
			return primary(src, tBool)
		}
	}
	if _, _, ok := mapOf(b.t); ok && (o == "==" || o == "!=") {
		if _, _, ok := mapOf(a.t); ok {
			u.foreign = true
			if b.kind == kDict && len(b.elems) == 0 {
				return val{src: "len(" + a.src + ") " + o + " 0", prec: 3, t: tBool}
			}
			src := u.pkgName("maps", "maps") + "Equal(" + a.src + ", " + u.into(b, a.t, p) + ")"
			if o == "!=" {
				return val{src: "!" + src, prec: precUnary, t: tBool}
			}
			return primary(src, tBool)
		}
	}
	if isTime(a.t) && isTime(b.t) {
		m := map[string]string{"==": "Equal", "<": "Before", ">": "After"}[o]
		switch o {
		case "<=":
			return val{src: "!" + a.at(precPrimary) + ".After(" + b.src + ")", prec: precUnary, t: tBool}
		case ">=":
			return val{src: "!" + a.at(precPrimary) + ".Before(" + b.src + ")", prec: precUnary, t: tBool}
		case "!=":
			return val{src: "!" + a.at(precPrimary) + ".Equal(" + b.src + ")", prec: precUnary, t: tBool}
		}
		return primary(a.at(precPrimary)+"."+m+"("+b.src+")", tBool)
	}
	switch {
	case isInteger(a.t) && isFloat(b.t):
		a = u.toFloat(a)
	case isFloat(a.t) && isInteger(b.t):
		b = u.toFloat(b)
	case isInteger(a.t) && isInteger(b.t) && a.kind != kNumber && b.kind != kNumber && !types.Identical(a.t, b.t):
		a, b = u.toInt(a), u.toInt(b)
	case isAny(a.t) && o != "==" && o != "!=", isAny(b.t) && o != "==" && o != "!=":
		u.fail(p, "%s needs values whose types are known", o)
	case isString(a.t) != isString(b.t) && !isAny(a.t) && !isAny(b.t):
		if isString(b.t) && u.asString(a) != "" {
			a = primary(u.asString(a), tStr)
			break
		}
		if isString(a.t) && u.asString(b) != "" {
			b = primary(u.asString(b), tStr)
			break
		}
		u.fail(p, "%s and %s can't be compared in Go", u.typeName(a.t), u.typeName(b.t))
	case isBool(a.t) && b.src == "true" && o == "==":
		return a
	case isBool(a.t) && b.src == "false" && o == "==":
		return val{src: not1(a), prec: precUnary, t: tBool}
	case isBool(a.t) != isBool(b.t) && !isAny(a.t) && !isAny(b.t):
		u.fail(p, "%s and %s can't be compared in Go", u.typeName(a.t), u.typeName(b.t))
	case !isString(a.t) && !isNumber(a.t) && !isBool(a.t) && !isAny(a.t) && o != "==" && o != "!=":
		u.fail(p, "%s has no order in Go", u.typeName(a.t))
	}
	return val{src: a.at(4) + " " + o + " " + b.at(4), prec: 3, t: tBool}
}

func (u *unit) comparedNone(o string, a val, p pos) val {
	u.foreign = true
	if o != "==" && o != "!=" {
		u.fail(p, "None has no order")
	}
	if a.kind == kNone {
		return val{src: map[string]string{"==": "true", "!=": "false"}[o], prec: precPrimary, t: tBool}
	}
	if a.maybe != nil {
		found := u.contains2(primary(a.key, nil), *a.maybe, p)
		if o == "==" {
			return val{src: not1(found), prec: precUnary, t: tBool}
		}
		return found
	}
	a = u.keep(a, p)
	t := u.res(a.t)
	switch {
	case isHole(t), nilable(t):
		return val{src: a.at(4) + " " + o + " nil", prec: 3, t: tBool}
	case isString(t):
		return val{src: a.at(4) + " " + o + ` ""`, prec: 3, t: tBool}
	case isNumber(t):
		return val{src: a.at(4) + " " + o + " 0", prec: 3, t: tBool}
	case isTime(t):
		src := a.at(precPrimary) + ".IsZero()"
		if o == "!=" {
			src = "!" + src
		}
		return val{src: src, prec: precUnary, t: tBool}
	}
	u.fail(p, "%s is never None in Go", u.typeName(t))
	return val{}
}

// contains2 writes `a in b`.
func (u *unit) contains2(a, b val, p pos) val {
	u.foreign = true
	a = u.keepUnless(a, p)
	if b.kind == kTuple || b.kind == kList {
		var parts []string
		if len(b.elems) > 0 && len(b.elems) <= 3 && isPlain(a.src) {
			for _, e := range b.elems {
				c := u.compared(syntax.EQL, a, e, p)
				parts = append(parts, c.src)
			}
			return val{src: strings.Join(parts, " || "), prec: 1, t: tBool}
		}
		b.kind = kList
	}
	b = u.keep(b, p)
	t := u.res(b.t)
	if isString(t) {
		return primary(u.pkgName("strings", "strings")+"Contains("+b.src+", "+u.into(a, tStr, p)+")", tBool)
	}
	if e, ok := sliceOf(t); ok {
		if named(e) != nil && isString(a.t) {
			u.fail(p, "a text is looked for among %s: compare a field of theirs", u.typeName(e))
		}
		return primary(u.pkgName("slices", "slices")+"Contains("+b.src+", "+u.into(a, e, p)+")", tBool)
	}
	if k, _, ok := mapOf(t); ok {
		key := a.src
		if a.t != nil || a.kind != kValue {
			key = u.into(a, k, p)
		}
		if u.inner > 0 {
			return primary("func() bool { _, ok := "+b.src+"["+key+"]; return ok }()", tBool)
		}
		n := u.temp("ok")
		u.emit("_, " + n + " := " + b.src + "[" + key + "]")
		return primary(n, tBool)
	}
	if isHole(t) {
		return val{src: "true", prec: precPrimary, t: tBool}
	}
	for _, it := range []struct{ pkg, name string }{{"s3", "Connection"}, {"s3", "Bucket"}} {
		if isType(t, bindingsPath+it.pkg, it.name) {
			m, _ := u.methodNamed(b, "Lookup")
			v := u.called(u.callMethod(m, []val{a}, nil, p), false)
			return val{src: v.at(4) + " != nil", prec: 3, t: tBool}
		}
	}
	u.fail(p, "nothing can be looked for in %s", u.typeName(t))
	return val{}
}

// setOp writes | & - ^ of sets.
func (u *unit) setOp(op string, a, b val, p pos) val {
	u.foreign = true
	if u.inner > 0 {
		u.fail(p, "sets are not combined in this place")
	}
	n := u.temp("set")
	k, _, _ := mapOf(a.t)
	switch op {
	case "|":
		u.emit(n + " := " + u.pkgName("maps", "maps") + "Clone(" + a.src + ")")
		u.emit("maps.Copy(" + n + ", " + b.src + ")")
	case "&", "-":
		b = u.once(b, "other")
		u.emit(n + " := map[" + u.typeName(k) + "]struct{}{}")
		u.emit("for k := range " + a.src + " {")
		not := ""
		if op == "-" {
			not = "!"
		}
		u.emit("if _, ok := "+b.src+"[k]; "+not+"ok {", n+"[k] = struct{}{}", "}", "}")
	default:
		u.fail(p, "%s of sets is not translated", op)
	}
	return primary(n, a.t)
}
