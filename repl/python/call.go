package python

import (
	"go/types"
	"strings"

	"go.starlark.net/syntax"
)

// call translates a call.
func (u *unit) call(c *syntax.CallExpr) val {
	if id, ok := c.Fn.(*syntax.Ident); ok {
		switch id.Name {
		case power:
			return u.arith("**", u.value(c.Args[0]), u.value(c.Args[1]), u.place(c))
		case setOf:
			u.foreign = true
			l := u.list(c.Args[0].(*syntax.ListExpr))
			return u.setLiteral(l)
		}
	}
	wanted := u.wanted
	u.wanted = ""
	f := u.expr(c.Fn)
	defer func() { u.wanted = wanted }()
	switch f.kind {
	case kFunc:
		return u.callFunc(f.fn, c)
	case kClass:
		return u.construct(f, c)
	case kMethod:
		return u.callBound(f, c)
	case kBuiltin:
		if f.recv != nil {
			return u.callOwn(f, c)
		}
		if strings.Contains(f.name, ".") {
			return u.moduleCall(f.name, c)
		}
		return u.builtin(f.name, c)
	case kModule:
		u.fail(u.place(c), "the module %s is not called", f.name)
	}
	if sig, ok := f.t.(*types.Signature); ok && f.kind == kValue {
		f.kind, f.name, f.text = kMethod, f.src, ""
		_ = sig
		return u.callMethod(f, nil, u.arguments(c), u.place(c))
	}
	if isHole(u.res(f.t)) {
		for _, a := range c.Args {
			if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
				a = b.Y
			}
			u.expr(a)
		}
		key, _ := holeKey(u.res(f.t))
		return primary(f.src+"()", u.hole(key+"()"))
	}
	u.fail(u.place(c), "%s is not a function", u.show(c.Fn))
	return val{}
}

// callBound calls a method of the bindings.
func (u *unit) callBound(m val, c *syntax.CallExpr) val {
	args := u.arguments(c)
	at := u.place(c)
	switch m.text + "." + m.name {
	case "s3.Key.GetContentsAsString":
		args = without(args, "encoding")
	case "s3.Connection.CreateBucket", "s3.Bucket.SetCannedACL":
		args = without(args, "headers")
	case "ec2.RegionInfo.Connect":
		if len(args) > 0 && args[0].name == "" {
			args[0].name = "aws_access_key_id"
		}
		if len(args) > 1 && args[1].name == "" {
			args[1].name = "aws_secret_access_key"
		}
	case "s3.Transitions.AddTransition":
		args = without(args, "date")
	}
	if strings.HasPrefix(m.name, "Connect") && m.name != "ConnectToRegion" && m.text == "boto" {
		for i := range args {
			if args[i].name == "" && i < len(connectParams) {
				args[i].name = connectParams[i]
			}
		}
	}
	args = without(args, "calling_format")
	return u.callMethod(m, nil, args, at)
}

func without(args []argument, name string) []argument {
	var out []argument
	for _, a := range args {
		if a.name != name {
			out = append(out, a)
		}
	}
	return out
}

// construct makes an object of one of boto's classes.
func (u *unit) construct(f val, c *syntax.CallExpr) val {
	u.foreign = true
	p := u.place(c)
	name := f.name[strings.LastIndexByte(f.name, '.')+1:]
	if strings.HasPrefix(f.name, "datetime") {
		return u.moduleCall(f.name, c)
	}
	k, ok := constructors[name]
	if !ok {
		u.fail(p, "%s(...) is not translated", name)
	}
	if rest, ok := strings.CutPrefix(k.goType, "boto."); ok {
		return u.callBound(u.botoFunction(rest, p), c)
	}
	pkg, typ, _ := strings.Cut(k.goType, ".")
	imp, err := u.s.Import(bindingsPath + pkg)
	if err != nil {
		u.fail(p, "%v", err)
	}
	t := imp.Scope().Lookup(typ).Type()
	args := u.arguments(c)
	for i := range args {
		if args[i].name == "" {
			if i >= len(k.params) {
				u.fail(args[i].p, "%s takes fewer arguments", name)
			}
			args[i].name = k.params[i]
		}
	}
	if name == "Key" {
		return u.newKey(args, p)
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		if len(args) > 0 && !(len(args) == 1 && args[0].name == "connection") {
			u.fail(p, "%s takes no arguments here", name)
		}
		return primary(u.typeName(t)+"{}", t)
	}
	var fields []string
	for _, a := range args {
		if a.name == "connection" || a.v.kind == kNone {
			continue
		}
		fieldName := findMember(named(t), func(m string) bool { return plainName(m) == plainName(a.name) })
		o, _, _ := types.LookupFieldOrMethod(t, true, imp, fieldName)
		fv, ok := o.(*types.Var)
		if !ok {
			u.fail(a.p, "%s has no %s here", name, a.name)
		}
		fields = append(fields, fieldName+": "+u.into(a.v, fv.Type(), a.p))
	}
	return primary("&"+u.typeName(t)+"{"+strings.Join(fields, ", ")+"}", types.NewPointer(t))
}

// newKey translates Key(bucket, name), which Bucket.NewKey does here.
func (u *unit) newKey(args []argument, p pos) val {
	var bucket *val
	name := ""
	for _, a := range args {
		switch a.name {
		case "bucket":
			bucket = &a.v
		case "name":
			name = u.into(a.v, tStr, a.p)
		}
	}
	if bucket == nil {
		u.fail(p, "Key needs its bucket")
	}
	m, ok := u.methodNamed(*bucket, "NewKey")
	if !ok {
		if isHole(u.res(bucket.t)) {
			if imp, err := u.s.Import(bindingsPath + "s3"); err == nil {
				u.unify(bucket.t, types.NewPointer(imp.Scope().Lookup("Bucket").Type()))
				bucket.t = u.res(bucket.t)
				m, ok = u.methodNamed(*bucket, "NewKey")
			}
		}
		if !ok {
			u.fail(p, "Key needs a bucket")
		}
	}
	return u.outcome(m.src+"("+name+")", m.t.(*types.Signature))
}

// botoFunction finds a function of package boto by boto's or by our name.
func (u *unit) botoFunction(name string, p pos) val {
	imp, err := u.s.Import(botoPath)
	if err != nil {
		u.fail(p, "%v", err)
	}
	for _, n := range imp.Scope().Names() {
		if f, ok := imp.Scope().Lookup(n).(*types.Func); ok && f.Exported() && plainName(n) == plainName(name) {
			u.foreign = true
			return val{kind: kMethod, name: n, t: f.Type(), src: u.pkgName(botoPath, "boto") + n, prec: precPrimary, text: "boto"}
		}
	}
	u.failHint(p, u.nearBoto(imp, name), "boto has no %s here", name)
	return val{}
}

func (u *unit) nearBoto(imp *types.Package, name string) string {
	best, least := "", 1+len(name)/3
	for _, n := range imp.Scope().Names() {
		if _, ok := imp.Scope().Lookup(n).(*types.Func); ok {
			if d := distance(plainName(n), plainName(name)); d < least {
				best, least = n, d
			}
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean boto." + best + "?"
}

func (u *unit) setLiteral(l val) val {
	e, _ := sliceOf(l.t)
	var parts []string
	seen := map[string]bool{}
	for _, x := range l.elems {
		src := u.into(x, e, u.near)
		if !seen[src] {
			parts = append(parts, src+": {}")
		}
		seen[src] = true
	}
	t := types.NewMap(e, tNothing)
	return primary("map["+u.typeName(e)+"]struct{}{"+strings.Join(parts, ", ")+"}", t)
}
