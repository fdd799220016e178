package python

import (
	"go/types"
	"strings"

	"go.starlark.net/syntax"

	"pawsh/bindings/boto"
)

const (
	bindingsPath = "pawsh/bindings/"
	botoPath     = bindingsPath + "boto"
	pyPath       = bindingsPath + "py"
)

// plainName is a name without underscores, in lower case: how boto's and ours
// are compared.
func plainName(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// dot translates x.name.
func (u *unit) dot(x *syntax.DotExpr) val {
	name := strings.TrimPrefix(x.Name.Name, reserved)
	b := u.called(u.expr(x.X), false)
	b.t = u.res(b.t)
	at := u.placeAt(x.NamePos)
	switch b.kind {
	case kModule:
		return u.moduleMember(b, name, at)
	case kClass:
		return u.classMember(b, name, at)
	case kBuiltin:
		return val{kind: kBuiltin, name: b.name + "." + name, src: b.src + "." + name, prec: precPrimary}
	case kMethod, kFunc:
		u.fail(at, "a function has no attribute %s", name)
	}
	if b.kind == kNone || b.void {
		u.fail(at, "None has no attribute %s", name)
	}
	if b.kind == kTuple {
		b = u.keep(b, at)
	}
	if isHole(b.t) {
		return u.guess(b, name)
	}
	if v, ok := u.member(b, name); ok {
		return v
	}
	u.noMember(b, name, at)
	return val{}
}

// guess takes the type of a parameter from the names that are used of it.
func (u *unit) guess(b val, name string) val {
	key, _ := holeKey(b.t)
	u.facts["attr:"+key+"\x00"+name] = true
	var names []string
	for f := range u.facts {
		if n, ok := strings.CutPrefix(f, "attr:"+key+"\x00"); ok {
			names = append(names, n)
		}
	}
	found := map[string]int{}
	for _, n := range names {
		seen := map[string]bool{}
		for _, c := range boto.Counterparts(n) {
			if c.Name != n {
				continue
			}
			i := strings.LastIndexByte(c.Go, '.')
			if owner := c.Go[:i]; strings.Count(owner, ".") == 1 && !seen[owner] {
				seen[owner] = true
				found[owner]++
			}
		}
	}
	var fits []string
	for o, n := range found {
		if n == len(names) {
			fits = append(fits, o)
		}
	}
	if len(fits) == 1 {
		pkg, typ, _ := strings.Cut(fits[0], ".")
		if p, err := u.s.Import(bindingsPath + pkg); err == nil {
			if o, ok := p.Scope().Lookup(typ).(*types.TypeName); ok {
				t := types.Type(types.NewPointer(o.Type()))
				u.unify(b.t, t)
				b.t = t
				if v, ok := u.member(b, name); ok {
					return v
				}
			}
		}
	}
	// Methods of texts, lists and dicts tell what they belong to as well.
	switch {
	case stringOnly[name]:
		u.unify(b.t, tStr)
		return val{kind: kBuiltin, name: "str." + name, recv: &b, src: b.src + "." + name, prec: precPrimary, t: tStr}
	case name == "append":
		u.unify(b.t, types.NewSlice(u.hole("elem of "+key)))
	case name == "items" || name == "keys" || name == "values" || name == "has_key":
		u.unify(b.t, types.NewMap(u.hole("key of "+key), u.hole("val of "+key)))
	}
	h := u.hole(key + "." + name)
	return val{kind: kBuiltin, name: "?." + name, recv: &b, src: b.src + "." + name, prec: precPrimary, t: h}
}

var stringOnly = wordSet("upper lower strip lstrip rstrip split splitlines startswith endswith replace format isdigit isupper islower isalpha title encode decode join")

// member finds boto's name on a value of a type of the bindings, or a method of
// Python's own types.
func (u *unit) member(b val, name string) (val, bool) {
	t := u.res(b.t)
	if types.Identical(t, tError) {
		return u.errorMember(b, name)
	}
	n := named(t)
	if n != nil && n.Obj().Pkg() != nil && strings.HasPrefix(n.Obj().Pkg().Path(), bindingsPath) {
		if v, ok := u.bound2(b, n, name); ok {
			return v, true
		}
		if owner, special := u.special(b, n, name); special {
			return owner, true
		}
	}
	if v, ok := u.builtinMember(b, t, name); ok {
		return v, true
	}
	if n == nil {
		if s, ok := t.Underlying().(*types.Struct); ok {
			for i := range s.NumFields() {
				if plainName(s.Field(i).Name()) == plainName(name) {
					return primary(b.at(precPrimary)+"."+s.Field(i).Name(), s.Field(i).Type()), true
				}
			}
		}
	}
	return val{}, false
}

// bound2 finds a member of a type of the bindings: by boto's table, by the name
// in Go case, or by what the documentation says boto calls it.
func (u *unit) bound2(b val, n *types.Named, name string) (val, bool) {
	own := n.Obj().Pkg().Name() + "." + n.Obj().Name()
	goName := ""
	for _, c := range boto.Counterparts(name) {
		if rest, ok := strings.CutPrefix(c.Go, own+"."); ok && c.Name == name && !strings.Contains(rest, ".") {
			goName = rest
			break
		}
	}
	if goName == "" {
		goName = findMember(n, func(m string) bool { return plainName(m) == plainName(name) })
	}
	if goName == "" {
		return val{}, false
	}
	if goName != name {
		u.foreign = true
	}
	return u.goMember(b, n, goName)
}

func findMember(n *types.Named, is func(string) bool) string {
	if s, ok := n.Underlying().(*types.Struct); ok {
		for i := range s.NumFields() {
			if f := s.Field(i); f.Exported() && is(f.Name()) {
				return f.Name()
			}
		}
	}
	for i := range n.NumMethods() {
		if m := n.Method(i); m.Exported() && is(m.Name()) {
			return m.Name()
		}
	}
	return ""
}

func (u *unit) goMember(b val, n *types.Named, goName string) (val, bool) {
	o, _, _ := types.LookupFieldOrMethod(b.t, true, n.Obj().Pkg(), goName)
	switch o := o.(type) {
	case *types.Var:
		return primary(b.at(precPrimary)+"."+goName, o.Type()), true
	case *types.Func:
		return val{kind: kMethod, name: goName, recv: &b, t: o.Type(), src: b.at(precPrimary) + "." + goName, prec: precPrimary, text: n.Obj().Pkg().Name() + "." + n.Obj().Name()}, true
	}
	return val{}, false
}

func (u *unit) methodNamed(b val, goName string) (val, bool) {
	n := named(u.res(b.t))
	if n == nil {
		return val{}, false
	}
	b.t = u.res(b.t)
	return u.goMember(b, n, goName)
}

// special knows the names of boto's that are something else here.
func (u *unit) special(b val, n *types.Named, name string) (val, bool) {
	own := n.Obj().Pkg().Name() + "." + n.Obj().Name()
	field := func(f string) (val, bool) {
		u.foreign = true
		return u.goMember(b, n, f)
	}
	switch own + "." + name {
	case "s3.Key.key":
		return field("Name")
	case "s3.Connection.provider":
		return val{kind: kClass, name: "provider", src: "provider"}, true
	case "sqs.Message.get_body":
		return field("GetBody")
	}
	if name == "ResponseError" || name == "response_error" {
		return val{kind: kClass, name: "ResponseError", src: "ResponseError"}, true
	}
	if name == "connection" {
		return field("Connection")
	}
	return val{}, false
}

// noMember says that there is no such name, and what is near.
func (u *unit) noMember(b val, name string, at pos) {
	hint := ""
	n := named(b.t)
	if n != nil && n.Obj().Pkg() != nil && strings.HasPrefix(n.Obj().Pkg().Path(), bindingsPath) {
		if near := u.nearest(n, name); near != "" {
			hint = "did you mean " + near + "?"
		} else if c := boto.Counterparts(name); len(c) > 0 {
			hint = name + " belongs to " + c[0].Object
		}
		u.failHint(at, hint, "%s has no %s here", u.typeName(b.t), name)
	}
	u.fail(at, "%s has no %s", u.typeName(b.t), name)
}

// nearest finds the member whose name is most like one.
func (u *unit) nearest(n *types.Named, name string) string {
	best, least := "", 1+len(name)/3
	try := func(m string) {
		if d := distance(plainName(m), plainName(name)); d < least {
			best, least = m, d
		}
	}
	for i := range n.NumMethods() {
		if m := n.Method(i); m.Exported() {
			try(m.Name())
		}
	}
	if s, ok := n.Underlying().(*types.Struct); ok {
		for i := range s.NumFields() {
			if f := s.Field(i); f.Exported() {
				try(f.Name())
			}
		}
	}
	return best
}

// distance counts the letters to change, add or leave out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			prev, row[j] = row[j], min(row[j]+1, row[j-1]+1, prev+cost)
		}
	}
	return row[len(b)]
}

// errorMember translates what a handler asks of the error it caught.
func (u *unit) errorMember(b val, name string) (val, bool) {
	u.foreign = true
	bp := u.pkgName(botoPath, "boto")
	switch name {
	case "code", "error_code":
		return primary(bp+"Code("+b.src+")", tStr), true
	case "status":
		return primary(bp+"Details("+b.src+").Status", tInt), true
	case "reason":
		return primary(bp+"Details("+b.src+").Reason", tStr), true
	case "request_id":
		return primary(bp+"Details("+b.src+").RequestID", tStr), true
	case "message", "error_message":
		return primary(bp+"Details("+b.src+").Message", tStr), true
	case "strerror", "body":
		return primary(b.src+".Error()", tStr), true
	case "args":
		return primary("[]string{"+b.src+".Error()}", tStrings), true
	}
	return val{}, false
}

// argument is one of a Python call.
type argument struct {
	name string // "" for one by position
	v    val
	p    pos
	x    syntax.Expr
}

func (u *unit) arguments(c *syntax.CallExpr) []argument {
	var out []argument
	for _, a := range c.Args {
		arg := argument{p: u.place(a)}
		if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			arg.name = strings.TrimPrefix(b.X.(*syntax.Ident).Name, reserved)
			a = b.Y
		}
		if isStar(a) {
			u.fail(arg.p, "* and ** of a call are not translated")
		}
		arg.x = a
		arg.v = u.argument(a)
		out = append(out, arg)
	}
	return out
}

// argument translates an argument; what names something of boto's stays it.
func (u *unit) argument(x syntax.Expr) val {
	v := u.called(u.expr(x), false)
	v.t = u.res(v.t)
	if v.void {
		u.fail(u.place(x), "%s gives no value", u.show(x))
	}
	return v
}

// callMethod calls a Go function or method with Python's arguments: by boto's
// order and names for what it takes, as options where Go has them.
func (u *unit) callMethod(m val, positional []val, args []argument, at pos) val {
	for _, p := range positional {
		args = append(args, argument{v: p, p: at})
	}
	sig := m.t.(*types.Signature)
	known, _ := signatureOf(m.text + "." + m.name)
	names := known.names
	left := map[int]bool{}
	for i := range args {
		left[i] = true
		if args[i].name == "" && i < len(names) {
			args[i].name = names[i]
		} else if args[i].name == "" && len(names) > 0 && !sig.Variadic() {
			u.fail(args[i].p, "%s takes %d arguments", m.name, len(names))
		}
	}
	take := func(want string, index int) *argument {
		for i := range args {
			if left[i] && args[i].name != "" && sameParam(args[i].name, want) {
				left[i] = false
				return &args[i]
			}
		}
		if len(names) == 0 {
			for i := range args {
				if left[i] && args[i].name == "" {
					left[i] = false
					return &args[i]
				}
			}
		}
		return nil
	}
	var out []string
	fixed := sig.Params().Len()
	if sig.Variadic() {
		fixed--
	}
	missing := 0
	for i := range fixed {
		q := sig.Params().At(i)
		a := take(q.Name(), i)
		if a == nil {
			// Python's name is another one: the first that is no option.
			for j := range args {
				if left[j] && args[j].name != "" && (j == i || fixed == 1) && u.option(m, sig, args[j].name) == nil {
					a = &args[j]
					left[j] = false
					break
				}
			}
		}
		if a == nil {
			if d, ok := known.defaults[plainName(q.Name())]; ok {
				out = append(out, d)
				continue
			}
			if len(names) == 0 || known.needs(q.Name()) {
				missing++
			}
			out = append(out, u.zero(q.Type()))
			continue
		}
		out = append(out, u.into(u.classValue(a.v), q.Type(), a.p))
	}
	if missing > 0 {
		u.fail(at, "%s needs an argument for %s", m.name, sig.Params().At(fixed-missing).Name())
	}
	if sig.Variadic() {
		last := sig.Params().At(fixed)
		elem := last.Type().(*types.Slice).Elem()
		for i := range args {
			if !left[i] {
				continue
			}
			a := args[i]
			if isOptionType(elem) {
				o := u.optionCall(m, elem, a)
				left[i] = false
				if o != "" {
					out = append(out, o)
				}
				continue
			}
			if a.v.kind == kNone {
				left[i] = false
				continue
			}
			left[i] = false
			out = append(out, u.spread(a.v, last.Type(), a.p))
		}
	}
	for i := range args {
		if left[i] && args[i].v.kind != kNone && !(args[i].v.src == "false") {
			what := args[i].name
			if what == "" {
				u.fail(args[i].p, "%s takes fewer arguments", m.name)
			}
			u.fail(args[i].p, "%s takes no %s here", m.name, what)
		}
	}
	r := u.outcome(m.src+"("+strings.Join(out, ", ")+")", sig)
	r.nilish = givesNone[m.name]
	return r
}

// givesNone are the methods that give None for what is not there.
var givesNone = wordSet("Lookup GetKey GetQueue GetImage GetKeyPair Read")

// isOptionType knows the types of options by their names.
func isOptionType(t types.Type) bool {
	n := named(t)
	return n != nil && strings.HasSuffix(n.Obj().Name(), "Option")
}

// outcome is what a Go call gives, without its error.
func (u *unit) outcome(src string, sig *types.Signature) val {
	r := val{src: src, prec: precPrimary}
	n := sig.Results().Len()
	if n > 0 && types.Identical(sig.Results().At(n-1).Type(), tError) {
		r.fails = true
		n--
	}
	switch n {
	case 0:
		r.void = true
	case 1:
		r.t = sig.Results().At(0).Type()
	default:
		var vs []*types.Var
		for i := range n {
			vs = append(vs, sig.Results().At(i))
		}
		r.t = types.NewTuple(vs...)
	}
	return r
}

// classValue lets the name of a class stand as an argument: RawMessage.
func (u *unit) classValue(v val) val {
	if v.kind == kClass && v.name == "RawMessage" {
		if p, err := u.s.Import(botoPath); err == nil {
			return primary("boto.RawMessage", p.Scope().Lookup("RawMessage").Type())
		}
	}
	if v.kind == kClass {
		u.fail(u.near, "the class %s is no value here", v.name)
	}
	return v
}

// sameParam compares boto's name of a parameter with Go's.
func sameParam(py, goName string) bool {
	a, b := plainName(py), plainName(goName)
	return a == b || otherParams[a] == b
}

// option finds the option of a keyword among those that a call takes.
func (u *unit) option(m val, sig *types.Signature, keyword string) *types.Func {
	if !sig.Variadic() {
		return nil
	}
	elem := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice).Elem()
	if !isOptionType(elem) {
		return nil
	}
	return u.optionFor(m, elem, keyword)
}

func (u *unit) optionFor(m val, elem types.Type, keyword string) *types.Func {
	key := types.TypeString(elem, nil) + " " + keyword
	if f, ok := u.tr.options[key]; ok {
		return f
	}
	var found *types.Func
	for _, pkg := range []string{"session", "ec2", "s3", "cloudwatch", "sns", "sqs", "iam", "sts", "boto"} {
		p, err := u.s.Import(bindingsPath + pkg)
		if err != nil {
			continue
		}
		for _, n := range p.Scope().Names() {
			f, ok := p.Scope().Lookup(n).(*types.Func)
			if !ok || !f.Exported() || f.Signature().Results().Len() != 1 || !types.AssignableTo(f.Signature().Results().At(0).Type(), elem) {
				continue
			}
			switch {
			case plainName(n) == plainName(keyword):
				u.tr.options[key] = f
				return f
			case strings.Contains(u.s.Doc(p.Path(), n), "(boto: "+keyword+")"):
				found = f
			}
		}
	}
	u.tr.options[key] = found
	return found
}

// optionCall writes a keyword argument as an option.
func (u *unit) optionCall(m val, elem types.Type, a argument) string {
	if a.name == "" {
		u.fail(a.p, "%s takes no further argument by position: name it", m.name)
	}
	f := u.optionFor(m, elem, a.name)
	if f == nil {
		if a.v.kind == kNone || a.name == "dry_run" && a.v.src == "false" {
			return ""
		}
		u.failHint(a.p, u.nearOption(elem, a.name), "%s takes no %s here", m.name, a.name)
	}
	if a.v.kind == kNone {
		return ""
	}
	u.foreign = true
	sig := f.Signature()
	name := f.Name()
	if u.mode == program {
		name = u.pkgName(f.Pkg().Path(), f.Pkg().Name()) + name
	}
	switch {
	case sig.Params().Len() == 0:
		return name + "()"
	case sig.Variadic() && sig.Params().Len() == 1:
		return name + "(" + u.spread(a.v, sig.Params().At(0).Type(), a.p) + ")"
	case sig.Params().Len() > 1 && a.v.kind == kTuple && len(a.v.elems) == sig.Params().Len():
		var out []string
		for i, e := range a.v.elems {
			out = append(out, u.into(e, sig.Params().At(i).Type(), a.p))
		}
		return name + "(" + strings.Join(out, ", ") + ")"
	case sig.Params().Len() > 1 && isTuple(u.res(a.v.t)) && isPlain(a.v.src):
		s := u.res(a.v.t).(*types.Struct)
		var out []string
		for i := range s.NumFields() {
			out = append(out, a.v.src+"."+s.Field(i).Name())
		}
		return name + "(" + strings.Join(out, ", ") + ")"
	}
	return name + "(" + u.into(u.classValue(a.v), sig.Params().At(0).Type(), a.p) + ")"
}

func (u *unit) nearOption(elem types.Type, keyword string) string {
	best, least := "", 1+len(keyword)/3
	for _, pkg := range []string{"session", "ec2", "s3", "cloudwatch", "sqs", "boto"} {
		p, err := u.s.Import(bindingsPath + pkg)
		if err != nil {
			continue
		}
		for _, n := range p.Scope().Names() {
			f, ok := p.Scope().Lookup(n).(*types.Func)
			if ok && f.Exported() && f.Signature().Results().Len() == 1 && types.AssignableTo(f.Signature().Results().At(0).Type(), elem) {
				if d := distance(plainName(n), plainName(keyword)); d < least {
					best, least = n, d
				}
			}
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean the option " + best + "?"
}

// needs tells whether a parameter has no default in boto.
func (s signature) needs(goParam string) bool {
	for i, n := range s.names {
		if sameParam(n, goParam) {
			return i < s.required
		}
	}
	return false
}
