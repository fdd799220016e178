package python

import (
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

// builtinMember gives the methods of Python's texts, lists, dicts and files,
// and what a time has.
func (u *unit) builtinMember(b val, t types.Type, name string) (val, bool) {
	kind := ""
	switch {
	case isString(t):
		kind = "str"
	case isFile(t):
		kind = "file"
	case isTime(t):
		if v, ok := u.timeField(b, name); ok {
			return v, true
		}
		kind = "time"
	case isDuration(t):
		if v, ok := u.durationField(b, name); ok {
			return v, true
		}
		kind = "delta"
	case types.Identical(t, tBytes):
		kind = "str"
		b = primary("string("+b.src+")", tStr)
	case isSet(t):
		kind = "set"
	default:
		if _, ok := sliceOf(t); ok {
			kind = "list"
		} else if _, _, ok := mapOf(t); ok {
			kind = "dict"
		}
	}
	if kind == "" || !ownMethods[kind+"."+name] {
		return val{}, false
	}
	u.foreign = true
	return val{kind: kBuiltin, name: kind + "." + name, recv: &b, src: b.src + "." + name, prec: precPrimary}, true
}

var ownMethods = wordSet(`str.upper str.lower str.strip str.lstrip str.rstrip str.split str.rsplit str.splitlines str.join str.startswith str.endswith
	str.replace str.find str.rfind str.index str.rindex str.count str.isdigit str.isalpha str.isalnum str.isupper str.islower str.isspace str.title
	str.capitalize str.zfill str.ljust str.rjust str.center str.encode str.decode str.format str.partition str.rpartition str.swapcase str.read str.close str.hexdigest
	list.append list.extend list.insert list.remove list.pop list.sort list.reverse list.index list.count list.copy list.clear
	dict.get dict.keys dict.values dict.items dict.iteritems dict.iterkeys dict.itervalues dict.has_key dict.update dict.pop dict.setdefault dict.copy dict.clear
	set.add set.remove set.discard set.union set.intersection set.difference set.update set.copy set.issubset
	file.read file.readlines file.readline file.write file.writelines file.close file.flush file.seek file.tell
	time.strftime time.isoformat time.date time.replace time.timetuple time.utctimetuple delta.total_seconds`)

// callOwn calls a method of Python's own types as an expression.
func (u *unit) callOwn(f val, c *syntax.CallExpr) val {
	b := *f.recv
	args := u.arguments(c)
	p := u.place(c)
	kind, name, _ := strings.Cut(f.name, ".")
	switch kind {
	case "str":
		return u.strMethod(b, name, args, p)
	case "list":
		return u.listMethod(b, name, args, p)
	case "dict":
		return u.dictMethod(b, name, args, p)
	case "set":
		return u.setMethod(b, name, args, p)
	case "file":
		return u.fileMethod(b, name, args, p)
	case "time":
		return u.timeMethod(b, name, args, p)
	case "delta":
		return primary(b.at(precPrimary)+".Seconds()", tFloat)
	}
	// The type of the receiver is not known yet.
	return primary(f.src+"()", u.res(f.t))
}

func (u *unit) strArg(args []argument, i int, name string, p pos) string {
	if i >= len(args) {
		u.fail(p, "%s needs %d arguments", name, i+1)
	}
	return u.into(args[i].v, tStr, args[i].p)
}

func (u *unit) strMethod(b val, name string, args []argument, p pos) val {
	s := b.src
	sp := func(f string, rest ...string) string {
		return u.pkgName("strings", "strings") + f + "(" + strings.Join(append([]string{s}, rest...), ", ") + ")"
	}
	str := func(src string) val { return primary(src, tStr) }
	max1 := func(n int) {
		if len(args) > n {
			u.fail(p, "%s with %d arguments is not translated", name, len(args))
		}
	}
	switch name {
	case "upper":
		return str(sp("ToUpper"))
	case "lower":
		return str(sp("ToLower"))
	case "strip", "lstrip", "rstrip":
		max1(1)
		f := map[string]string{"strip": "Trim", "lstrip": "TrimLeft", "rstrip": "TrimRight"}[name]
		if len(args) == 1 && args[0].v.kind != kNone {
			return str(sp(f, u.strArg(args, 0, name, p)))
		}
		if name == "strip" {
			return str(sp("TrimSpace"))
		}
		return str(sp(f+"Func", u.pkgName("unicode", "unicode")+"IsSpace"))
	case "split":
		max1(2)
		if len(args) == 0 || args[0].v.kind == kNone {
			return primary(sp("Fields"), tStrings)
		}
		if len(args) == 2 {
			n := "-1"
			if k, ok := literalInt(args[1].x); ok {
				n = itoa(k + 1)
			} else {
				n = args[1].v.at(4) + "+1"
			}
			return primary(sp("SplitN", u.strArg(args, 0, name, p), n), tStrings)
		}
		return primary(sp("Split", u.strArg(args, 0, name, p)), tStrings)
	case "rsplit":
		if len(args) == 2 && u.inner == 0 {
			if k, ok := literalInt(args[1].x); ok && k == 1 {
				b = u.once(b, "s")
				sep := u.strArg(args, 0, name, p)
				parts := u.temp("parts")
				i := u.temp("i")
				u.emit(parts + " := []string{" + b.src + "}")
				u.emit("if "+i+" := "+u.pkgName("strings", "strings")+"LastIndex("+b.src+", "+sep+"); "+i+" >= 0 {", parts+" = []string{"+b.src+"[:"+i+"], "+b.src+"["+i+"+len("+sep+"):]}", "}")
				return primary(parts, tStrings)
			}
		}
		if len(args) == 1 {
			return primary(sp("Split", u.strArg(args, 0, name, p)), tStrings)
		}
	case "splitlines":
		s = u.pkgName("strings", "strings") + "TrimSuffix(" + s + `, "\n")`
		if u.inner == 0 {
			return primary(sp("Split", `"\n"`), tStrings)
		}
		return primary(sp("Split", `"\n"`), tStrings)
	case "join":
		max1(1)
		return u.joined(b, args, p)
	case "startswith", "endswith":
		max1(1)
		f := map[string]string{"startswith": "HasPrefix", "endswith": "HasSuffix"}[name]
		if len(args) == 1 && args[0].v.kind == kTuple {
			var parts []string
			for _, e := range args[0].v.elems {
				parts = append(parts, sp(f, u.into(e, tStr, p)))
			}
			return val{src: strings.Join(parts, " || "), prec: 1, t: tBool}
		}
		return primary(sp(f, u.strArg(args, 0, name, p)), tBool)
	case "replace":
		if len(args) == 3 {
			return str(sp("Replace", u.strArg(args, 0, name, p), u.strArg(args, 1, name, p), args[2].v.src))
		}
		return str(sp("ReplaceAll", u.strArg(args, 0, name, p), u.strArg(args, 1, name, p)))
	case "find", "rfind":
		max1(1)
		return primary(sp(map[string]string{"find": "Index", "rfind": "LastIndex"}[name], u.strArg(args, 0, name, p)), tInt)
	case "index":
		max1(1)
		return primary(sp("Index", u.strArg(args, 0, name, p)), tInt)
	case "count":
		max1(1)
		return val{src: sp("Count", u.strArg(args, 0, name, p)), prec: precPrimary, t: tInt, whole: true}
	case "isdigit", "isalpha", "isspace", "isupper", "islower", "isalnum":
		return primary(u.py(map[string]string{"isdigit": "IsDigit", "isalpha": "IsAlpha", "isspace": "IsSpace", "isupper": "IsUpper", "islower": "IsLower", "isalnum": "IsAlnum"}[name])+"("+s+")", tBool)
	case "title", "capitalize", "swapcase":
		return str(u.py(strings.ToUpper(name[:1])+name[1:]) + "(" + s + ")")
	case "zfill":
		return str(u.py("Zfill") + "(" + s + ", " + u.into(args[0].v, tInt, p) + ")")
	case "ljust", "rjust":
		max1(1)
		flag := map[string]string{"ljust": "-", "rjust": ""}[name]
		if n, ok := literalInt(args[0].x); ok {
			return u.sprintf("%"+flag+itoa(n)+"s", []string{s})
		}
		return u.sprintf("%"+flag+"*s", []string{args[0].v.src, s})
	case "center":
		max1(1)
		return str(u.py("Center") + "(" + s + ", " + u.into(args[0].v, tInt, p) + ")")
	case "encode", "decode":
		if len(args) == 0 || args[0].v.kind == kString && strings.Contains("utf-8 utf8 ascii", strings.ToLower(args[0].v.text)) {
			return b
		}
		if args[0].v.kind == kString && args[0].v.text == "base64" {
			return u.base64(name, b, p)
		}
	case "format":
		return u.formatMethod(b, args, p)
	case "partition", "rpartition":
		if name == "partition" && u.inner == 0 {
			sep := u.strArg(args, 0, name, p)
			before, after, found := u.temp("before"), u.temp("after"), u.temp("found")
			mid := u.temp("sep")
			u.emit(before + ", " + after + ", " + found + " := " + sp("Cut", sep))
			u.emit(mid+` := ""`, "if "+found+" {", mid+" = "+sep, "}")
			return val{kind: kTuple, prec: precPrimary, elems: []val{str(before), str(mid), str(after)}}
		}
	}
	u.fail(p, "%s of a text is not translated here", name)
	return val{}
}

// joined writes sep.join(list).
func (u *unit) joined(sep val, args []argument, p pos) val {
	v := args[0].v
	if v.kind == kTuple {
		v.kind = kList
		v.t = types.NewSlice(u.elemType(v.elems, "elem:"+itoa(p.line)+":"+itoa(p.col)))
		v = u.listSrc(v, v.t)
	}
	l := u.listOf(v, p)
	e, ok := sliceOf(u.res(l.t))
	if !ok {
		u.fail(p, "join takes a list of texts")
	}
	if isHole(e) {
		u.unify(e, tStr)
		e = tStr
	}
	if !isString(e) {
		u.fail(p, "join takes texts, these are %s", u.typeName(e))
	}
	if l.src == v.src && v.kind == kList {
		return primary(u.pkgName("strings", "strings")+"Join("+u.listSrc(v, tStrings).src+", "+sep.src+")", tStr)
	}
	return primary(u.pkgName("strings", "strings")+"Join("+l.src+", "+sep.src+")", tStr)
}

// changing translates a statement that changes a list, dict or set in place; it
// tells whether it was one.
func (u *unit) changing(c *syntax.CallExpr) bool {
	d, ok := c.Fn.(*syntax.DotExpr)
	if !ok {
		return false
	}
	name := d.Name.Name
	switch name {
	case "append", "extend", "insert", "remove", "pop", "sort", "reverse", "clear":
	default:
		return false
	}
	f := u.expr(d)
	if f.kind != kBuiltin || f.recv == nil || !strings.HasPrefix(f.name, "list.") && !strings.HasPrefix(f.name, "?.") {
		return false
	}
	u.foreign = true
	b := *f.recv
	p := u.place(c)
	var args []argument
	if name != "sort" {
		args = u.arguments(c)
	}
	t := u.res(b.t)
	e, _ := sliceOf(t)
	if e == nil {
		return false
	}
	if name != "sort" && name != "reverse" {
		u.mutable(d.X, p)
	}
	sl := func() string { return u.pkgName("slices", "slices") }
	switch name {
	case "append":
		if len(args) != 1 {
			u.fail(p, "append takes one value")
		}
		v := args[0].v
		if v.kind != kNone {
			u.join1(e, v, d.X, p)
			e, _ = sliceOf(u.res(u.value(d.X).t))
		}
		u.emit(b.src + " = append(" + b.src + ", " + u.into(v, e, p) + ")")
	case "extend":
		v := args[0].v
		u.emit(b.src + " = append(" + b.src + ", " + u.spread(v, t, p) + ")")
	case "insert":
		i := u.index(b, args[0].x)
		u.emit(b.src + " = " + sl() + "Insert(" + b.src + ", " + i.src + ", " + u.into(args[1].v, e, p) + ")")
	case "remove":
		i := u.temp("i")
		u.emit("if "+i+" := "+sl()+"Index("+b.src+", "+u.into(args[0].v, e, p)+"); "+i+" >= 0 {", b.src+" = slices.Delete("+b.src+", "+i+", "+i+"+1)", "}")
	case "pop":
		if len(args) == 0 {
			u.emit(b.src + " = " + b.src + "[:len(" + b.src + ")-1]")
		} else {
			i := u.index(b, args[0].x)
			u.emit(b.src + " = " + sl() + "Delete(" + b.src + ", " + i.src + ", " + addOne(i) + ")")
		}
	case "reverse":
		u.emit(sl() + "Reverse(" + b.src + ")")
	case "clear":
		u.emit(b.src + " = nil")
	case "sort":
		rev := false
		if r := keyword(c.Args, "reverse"); r != nil {
			rev = u.value(r).src == "true"
		}
		u.sortBy(b.src, e, keyword(c.Args, "key"), rev, p)
	}
	return true
}

// join1 widens the element type of a list by a value that is put in.
func (u *unit) join1(e types.Type, v val, x syntax.Expr, p pos) {
	vt := types.Default(u.natural(v))
	e = u.res(e)
	if vt == nil || isAny(e) || u.unify(e, vt) || types.AssignableTo(vt, e) || isFloat(e) && isInteger(vt) {
		return
	}
	id, ok := unparen(x).(*syntax.Ident)
	if !ok {
		return
	}
	known := u.scope.find(id.Name)
	if known == nil || known.key == "" {
		return
	}
	// The literal that the list began with has the hole.
	for key, b := range u.bound {
		if strings.HasPrefix(key, "elem:") && types.Identical(u.res(b), e) && isInteger(e) && isFloat(vt) && u.bound[known.key] != nil {
			u.bind(key, tFloat)
			u.bind(known.key, types.NewSlice(tFloat))
			return
		}
	}
}

// mutable refuses to change the length of a list that is known by another name
// as well: in Go the other one would not see it.
func (u *unit) mutable(x syntax.Expr, p pos) {
	id, ok := unparen(x).(*syntax.Ident)
	if !ok {
		return
	}
	v := u.scope.find(id.Name)
	if v == nil {
		return
	}
	if v.list {
		u.fail(p, "%s is a parameter: a Go function can't change the length of its caller's list, so return the list", id.Name)
	}
	for sc := u.scope; sc != nil; sc = sc.parent {
		if sc.alias[id.Name] && sc.vars[id.Name] == v {
			u.fail(p, "%s is a list with two names: in Go only one of them would see the change", id.Name)
		}
	}
}

func (u *unit) listMethod(b val, name string, args []argument, p pos) val {
	t := u.res(b.t)
	e, _ := sliceOf(t)
	sl := func() string { return u.pkgName("slices", "slices") }
	switch name {
	case "index":
		return primary(sl()+"Index("+b.src+", "+u.into(args[0].v, e, p)+")", tInt)
	case "count":
		if u.inner == 0 && len(args) == 1 {
			n := u.temp("count")
			u.emit(n+" := 0", "for _, x := range "+b.src+" {", "if x == "+u.into(args[0].v, e, p)+" {", n+"++", "}", "}")
			return val{src: n, prec: precPrimary, t: tInt, whole: true}
		}
	case "copy":
		return primary(sl()+"Clone("+b.src+")", t)
	case "pop":
		if u.inner == 0 && isPlain(b.src) {
			n := u.temp(map[bool]string{true: "last", false: "item"}[len(args) == 0])
			if len(args) == 0 {
				u.emit(n+" := "+b.src+"[len("+b.src+")-1]", b.src+" = "+b.src+"[:len("+b.src+")-1]")
			} else {
				i := u.index(b, args[0].x)
				u.emit(n+" := "+b.src+"["+i.src+"]", b.src+" = "+sl()+"Delete("+b.src+", "+i.src+", "+addOne(i)+")")
			}
			return primary(n, e)
		}
	}
	u.fail(p, "%s of a list is not translated as a value", name)
	return val{}
}

func (u *unit) dictMethod(b val, name string, args []argument, p pos) val {
	t := u.res(b.t)
	k, e, _ := mapOf(t)
	switch strings.TrimPrefix(name, "iter") {
	case "keys":
		return primary(u.sortedKeys(b, k), types.NewSlice(k))
	case "values":
		if u.inner == 0 {
			n := u.temp("values")
			b = u.once(b, "m")
			u.emit("var "+n+" []"+u.typeName(e), "for _, k := range "+u.sortedKeys(b, k)+" {", n+" = append("+n+", "+b.src+"[k])", "}")
			return primary(n, types.NewSlice(e))
		}
	case "items":
		if u.inner == 0 {
			n := u.temp("items")
			b = u.once(b, "m")
			pair := tupleType([]types.Type{k, e})
			u.emit("var "+n+" []"+u.typeName(pair), "for _, k := range "+u.sortedKeys(b, k)+" {", n+" = append("+n+", "+u.typeName(pair)+"{k, "+b.src+"[k]})", "}")
			return primary(n, types.NewSlice(pair))
		}
	case "has_key":
		return u.contains2(args[0].v, b, p)
	case "get":
		key := u.into(args[0].v, k, p)
		if len(args) == 1 || args[1].v.kind == kNone {
			v := primary(b.at(precPrimary)+"["+key+"]", e)
			v.maybe, v.key = &b, key
			return v
		}
		def := args[1].v
		u.unify(e, types.Default(u.keep(def, p).t))
		e = u.res(e)
		if z := u.zero(e); def.src == z || def.src == z+".0" {
			return primary(b.at(precPrimary)+"["+key+"]", e)
		}
		if u.inner == 0 {
			v, ok := u.temp("v"), u.temp("ok")
			u.emit(v+", "+ok+" := "+b.src+"["+key+"]", "if !"+ok+" {", v+" = "+u.into(def, e, p), "}")
			return primary(v, e)
		}
	case "update":
		if len(args) == 1 && args[0].name == "" {
			if args[0].v.kind == kDict && len(args[0].v.elems) <= 6 && isPlain(b.src) {
				for i := 0; i+1 < len(args[0].v.elems); i += 2 {
					u.emit(b.src + "[" + u.into(args[0].v.elems[i], k, p) + "] = " + u.into(args[0].v.elems[i+1], e, p))
				}
				return val{void: true}
			}
			return val{src: u.pkgName("maps", "maps") + "Copy(" + b.src + ", " + u.into(args[0].v, t, p) + ")", void: true}
		}
		for _, a := range args {
			u.emit(b.src + "[" + strconv.Quote(a.name) + "] = " + u.into(a.v, e, a.p))
		}
		return val{void: true}
	case "pop":
		if u.inner == 0 {
			key := u.into(args[0].v, k, p)
			v := u.temp("v")
			if len(args) == 2 && args[1].v.kind != kNone {
				ok := u.temp("ok")
				u.emit(v+", "+ok+" := "+b.src+"["+key+"]", "if !"+ok+" {", v+" = "+u.into(args[1].v, e, p), "}")
			} else {
				u.emit(v + " := " + b.src + "[" + key + "]")
			}
			u.emit("delete(" + b.src + ", " + key + ")")
			return primary(v, e)
		}
	case "setdefault":
		if u.inner == 0 && len(args) == 2 {
			key := u.into(args[0].v, k, p)
			u.unify(e, types.Default(u.keep(args[1].v, p).t))
			ok := u.temp("ok")
			u.emit("if _, "+ok+" := "+b.src+"["+key+"]; !"+ok+" {", b.src+"["+key+"] = "+u.into(args[1].v, u.res(e), p), "}")
			return primary(b.src+"["+key+"]", u.res(e))
		}
	case "copy":
		return primary(u.pkgName("maps", "maps")+"Clone("+b.src+")", t)
	case "clear":
		return val{src: "clear(" + b.src + ")", void: true}
	}
	u.fail(p, "%s of a dict is not translated here", name)
	return val{}
}

func (u *unit) setMethod(b val, name string, args []argument, p pos) val {
	k, _, _ := mapOf(u.res(b.t))
	switch name {
	case "add":
		u.unify(k, types.Default(u.keep(args[0].v, p).t))
		u.emit(b.src + "[" + u.into(args[0].v, u.res(k), p) + "] = struct{}{}")
		return val{void: true}
	case "remove", "discard":
		return val{src: "delete(" + b.src + ", " + u.into(args[0].v, k, p) + ")", void: true}
	case "union", "intersection", "difference":
		other := args[0].v
		if !isSet(u.res(other.t)) {
			other = u.toSet(other, p)
		}
		return u.setOp(map[string]string{"union": "|", "intersection": "&", "difference": "-"}[name], b, other, p)
	case "copy":
		return primary(u.pkgName("maps", "maps")+"Clone("+b.src+")", b.t)
	}
	u.fail(p, "%s of a set is not translated", name)
	return val{}
}

func (u *unit) fileMethod(b val, name string, args []argument, p pos) val {
	read := func() val {
		return u.called(val{src: u.pkgName("io", "io") + "ReadAll(" + b.src + ")", prec: precPrimary, t: tBytes, fails: true}, false)
	}
	switch name {
	case "read":
		if len(args) == 0 {
			// open(p).read() is os.ReadFile(p).
			if rest, ok := strings.CutPrefix(b.src, "os.Open("); ok {
				if u.policy.count != nil {
					*u.policy.count--
				}
				return primary("string("+u.called(val{src: "os.ReadFile(" + rest, prec: precPrimary, t: tBytes, fails: true}, false).src+")", tStr)
			}
			return primary("string("+read().src+")", tStr)
		}
	case "readlines":
		return primary(u.pkgName("slices", "slices")+"Collect("+u.pkgName("strings", "strings")+"Lines(string("+read().src+")))", tStrings)
	case "write":
		return val{src: u.pkgName("fmt", "fmt") + "Fprint(" + b.src + ", " + u.into(args[0].v, tStr, p) + ")", void: true}
	case "writelines":
		l := u.listOf(args[0].v, p)
		return val{src: u.pkgName("fmt", "fmt") + "Fprint(" + b.src + ", " + u.pkgName("strings", "strings") + "Join(" + l.src + `, ""))`, void: true}
	case "close":
		return val{src: b.src + ".Close()", void: true}
	case "flush":
		return val{kind: kNone}
	case "seek":
		return val{src: b.src + ".Seek(" + args[0].v.src + ", 0)", prec: precPrimary, t: types.Typ[types.Int64], fails: true}
	}
	u.fail(p, "%s of a file is not translated here", name)
	return val{}
}
