package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// The interpreter loses what an interface holds: named types, typed nils,
// methods. So no interface of a session exists for it. Values of such types
// are plain interface{}; the dynamic type is told by the value's own type,
// which is unique (see TypeTag and named basic types in repl/eval), and
//
//	x.M(a)      calls a dispatcher, a function with a table of methods by type
//	x.(I)       asks the tables whether the type has all methods
//	x.(C), C compiled: looks up a converter, made for each type that fits
//	x == y      is compared by compiled code
//
// Tables are filled by registrations, which every unit completes for the types
// and dispatchers that it brings.

// dispatcher is one method, by name and signature, over all session types.
type dispatcher struct {
	id   int
	name string
	pkg  *types.Package
	sig  *types.Signature
}

func (d *dispatcher) fn() string    { return fmt.Sprintf("d%s%d", Mark, d.id) }
func (d *dispatcher) table() string { return fmt.Sprintf("dt%s%d", Mark, d.id) }

// converter makes values of a compiled interface.
type converter struct {
	id int
	t  types.Type
}

func (c *converter) fn(p string) string { return fmt.Sprintf("c%s%s%d", p, Mark, c.id) }
func (c *converter) table() string      { return c.fn("t") }

// dynamic tells whether values of an interface type are plain interface{}.
func (e *em) dynamic(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t := types.Unalias(e.subst(t)).(type) {
	case *types.Interface:
		return true
	case *types.Named:
		i, ok := t.Underlying().(*types.Interface)
		return ok && (IsSession(t.Obj()) || i.NumMethods() == 0 || t.TypeArgs().Len() > 0)
	}
	return false
}

// compiledInterface tells whether t is an interface with methods that compiled
// code declares, such as error.
func (e *em) compiledInterface(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := e.subst(t).Underlying().(*types.Interface)
	return ok && !e.dynamic(t)
}

func (e *em) isInterface(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := e.subst(t).Underlying().(*types.Interface)
	return ok
}

// methodsOf gives the interface's methods.
func (e *em) methodsOf(t types.Type) []*types.Func {
	i := e.subst(t).Underlying().(*types.Interface)
	ms := make([]*types.Func, i.NumMethods())
	for j := range ms {
		ms[j] = i.Method(j)
	}
	return ms
}

// dispatch finds or makes the dispatcher of a method.
func (e *em) dispatch(m *types.Func, sig *types.Signature) *dispatcher {
	k := m.Name() + "|" + types.TypeString(sig, func(p *types.Package) string { return p.Path() }) + identities(sig)
	if d, ok := get(e.k.top.dispatchers, e.k.base.dispatchers, k); ok {
		return d
	}
	d := &dispatcher{id: e.k.id(), name: m.Name(), pkg: e.u.Pkg, sig: sig}
	e.k.top.dispatchers[k] = d
	e.k.top.dirty = true
	// Functions of this shape: the receiver, then the parameters.
	names := func(i int) string { return fmt.Sprintf("a%s%d", Mark, i) }
	recv := "x" + Mark
	ps := []*types.Var{types.NewVar(token.NoPos, nil, recv, emptyInterface)}
	var args, boxed []string
	for i := 0; i < sig.Params().Len(); i++ {
		ps = append(ps, sig.Params().At(i))
		a := names(i)
		boxed = append(boxed, a)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			a += "..."
		}
		args = append(args, a)
	}
	shape := types.NewSignatureType(nil, nil, nil, types.NewTuple(ps...), unnamed(sig.Results()), sig.Variadic())
	pname := func(i int) string {
		if i == 0 {
			return recv
		}
		return names(i - 1)
	}
	e.out.Decls = append(e.out.Decls, "var "+d.table()+" map[int]func"+e.sig(shape, nil))
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	body := fmt.Sprintf("if f, ok := %s[%s.TypeKey(%s)]; ok { %sf(%s) ", d.table(), Host, recv, ret, strings.Join(append([]string{recv}, args...), ", "))
	if ret == "" {
		body += "; return "
	}
	body += "}\n"
	var rs, ptrs []string
	for i := 0; i < sig.Results().Len(); i++ {
		r := fmt.Sprintf("r%s%d", Mark, i)
		body += "var " + r + " " + e.typ(sig.Results().At(i).Type()) + "\n"
		rs, ptrs = append(rs, r), append(ptrs, "&"+r)
	}
	body += fmt.Sprintf("%s.Invoke(%s, %q, []interface{}{%s}, %v, []interface{}{%s})\n", Host, recv, m.Name(), strings.Join(boxed, ", "), sig.Variadic(), strings.Join(ptrs, ", "))
	if ret != "" {
		body += "return " + strings.Join(rs, ", ")
	}
	e.out.Decls = append(e.out.Decls, "func "+d.fn()+e.sig(shape, pname)+" {\n"+body+"\n}")
	fmt.Fprintf(e.inits, "if %s == nil { %s = map[int]func%s{} }\n%s.Dispatcher(%d, %q)\n", d.table(), d.table(), e.sig(shape, nil), Host, d.id, m.Name())
	return d
}

var emptyInterface = types.NewInterfaceType(nil, nil).Complete()

// convert finds or makes the converter to a compiled interface.
func (e *em) converter(t types.Type) *converter {
	k := types.TypeString(t, func(p *types.Package) string { return p.Path() })
	if c, ok := get(e.k.top.converters, e.k.base.converters, k); ok {
		return c
	}
	c := &converter{id: e.k.id(), t: t}
	e.k.top.converters[k] = c
	e.k.top.dirty = true
	name := e.typ(t)
	x := "x" + Mark
	e.out.Decls = append(e.out.Decls,
		fmt.Sprintf("var %s map[int]func(interface{}) %s", c.table(), name),
		fmt.Sprintf("func %s(%s interface{}) (%s, bool) {\nvar z %s\nif %s.IsNil(%s) { return z, false }\nif f, ok := %s[%s.TypeKey0(%s)]; ok { return f(%s), true }\nv, ok := %s.(%s)\nreturn v, ok\n}", c.fn("as"), x, name, name, Host, x, c.table(), Host, x, x, x, name),
		fmt.Sprintf("func %s(%s interface{}) %s {\nv, ok := %s(%s)\nif !ok { %s.NotA(%s, %q) }\nreturn v\n}", c.fn("must"), x, name, c.fn("as"), x, Host, x, types.TypeString(t, qualifier)),
		fmt.Sprintf("func %s(%s interface{}) %s {\nvar z %s\nif %s.IsNil(%s) { return z }\nreturn %s(%s)\n}", c.fn("conv"), x, name, name, Host, x, c.fn("must"), x))
	fmt.Fprintf(e.inits, "if %s == nil { %s = map[int]func(interface{}) %s{} }\n", c.table(), c.table(), name)
	return c
}

// concrete remembers a session type for registrations.
func (e *em) concrete(t types.Type) {
	if _, ok := t.Underlying().(*types.Interface); ok {
		return
	}
	e.k.top.concretes = append(e.k.top.concretes, t)
	// What compiled code looks for may come from an embedded type.
	if ms := types.NewMethodSet(types.NewPointer(t)); isStruct(t) {
		for i := 0; i < ms.Len(); i++ {
			if m := ms.At(i); len(m.Index()) > 1 && !IsSession(m.Obj()) {
				e.wellKnown(m.Obj().Name(), m.Obj().(*types.Func).Signature())
			}
		}
	}
	e.k.top.dirty = true
}

// promotes remembers a struct type without a name that has the methods of its
// embedded fields.
func (e *em) promotes(t *types.Struct) {
	if types.NewMethodSet(types.NewPointer(t)).Len() > 0 && e.once("s|"+types.TypeString(t, func(p *types.Package) string { return p.Path() })+identities(t)) {
		e.concrete(t)
	}
}

// register fills the tables for what is new; see Lowerer.Lower.
func (e *em) register() {
	for e.k.top.dirty {
		e.k.top.dirty = false
		types_ := append(append([]types.Type{}, e.k.base.concretes...), e.k.top.concretes...)
		for _, d := range both(e.k.base.dispatchers, e.k.top.dispatchers) {
			for _, t := range types_ {
				e.registerMethod(d, t)
				e.registerMethod(d, types.NewPointer(t))
			}
		}
		for _, c := range both(e.k.base.converters, e.k.top.converters) {
			for _, t := range types_ {
				e.registerConverter(c, t)
				e.registerConverter(c, types.NewPointer(t))
			}
		}
	}
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func both[V any](a, b map[string]V) []V {
	var out []V
	for _, k := range sortedKeys(a) {
		out = append(out, a[k])
	}
	for _, k := range sortedKeys(b) {
		out = append(out, b[k])
	}
	return out
}

func (e *em) once(key string) bool {
	if _, ok := get(e.k.top.registered, e.k.base.registered, key); ok {
		return false
	}
	e.k.top.registered[key] = true
	return true
}

func (e *em) registerMethod(d *dispatcher, t types.Type) {
	o, path, _ := types.LookupFieldOrMethod(t, false, lookupPkg(t, d), d.name)
	m, ok := o.(*types.Func)
	if !ok || !types.Identical(m.Signature(), d.sig) || !inMethodSet(t, m, path) {
		return
	}
	tn := e.typ(t)
	if !e.once(fmt.Sprintf("d%d|%s", d.id, tn)) {
		return
	}
	names := func(i int) string { return fmt.Sprintf("a%s%d", Mark, i) }
	var ps, args []string
	ps = append(ps, "x"+Mark+" interface{}")
	for i := 0; i < d.sig.Params().Len(); i++ {
		p := d.sig.Params().At(i).Type()
		if d.sig.Variadic() && i == d.sig.Params().Len()-1 {
			ps = append(ps, names(i)+" ..."+e.typ(p.(*types.Slice).Elem()))
			args = append(args, names(i)+"...")
			continue
		}
		ps = append(ps, names(i)+" "+e.typ(p))
		args = append(args, names(i))
	}
	res := e.sig(types.NewSignatureType(nil, nil, nil, nil, unnamed(d.sig.Results()), false), nil)
	ret := ""
	if d.sig.Results().Len() > 0 {
		ret = "return "
	}
	v, zero := "v"+Mark, e.tagged(zeroOf(tn), t)
	x, bare := "x"+Mark, ""
	if zero != zeroOf(tn) {
		x = "y" + Mark
		bare = "var " + x + " interface{} = " + Host + ".Bare(x" + Mark + "); "
	}
	call := e.memberCall(v, t, path, m, strings.Join(args, ", "))
	fmt.Fprintf(e.inits, "%s[%s.TypeKey(%s)] = func(%s)%s { %s%s := %s.(%s); %s%s }\n%s.Implements(%d, %s)\n",
		d.table(), Host, zero, strings.Join(ps, ", "), strings.TrimPrefix(res, "()"), bare, v, x, tn, ret, call, Host, d.id, zero)
	switch wellKnown(d.name, d.sig) {
	case "text":
		fmt.Fprintf(e.inits, "%s.Text(%s, %q, %s)\n", Host, zero, d.name, d.fn())
	case "chain":
		fmt.Fprintf(e.inits, "%s.Chain(%s, %s)\n", Host, zero, d.fn())
	case "chains":
		fmt.Fprintf(e.inits, "%s.Chains(%s, %s)\n", Host, zero, d.fn())
	case "json":
		fmt.Fprintf(e.inits, "%s.JSON(%s, %v, %s)\n", Host, zero, d.name == "MarshalText", d.fn())
	case "unjson":
		fmt.Fprintf(e.inits, "%s.UnJSON(%s, %v, %s)\n", Host, zero, d.name == "UnmarshalText", d.fn())
	case "match":
		fmt.Fprintf(e.inits, "%s.Match(%s, %s)\n", Host, zero, d.fn())
	}
}

// lookupPkg is the package that an unexported method is looked up in.
func lookupPkg(t types.Type, d *dispatcher) *types.Package { return d.pkg }

// inMethodSet tells whether a method that was found belongs to values of t.
func inMethodSet(t types.Type, m *types.Func, path []int) bool {
	ms := types.NewMethodSet(t)
	return ms.Lookup(m.Pkg(), m.Name()) != nil
}

// zeroOf writes a value of a type.
func zeroOf(tn string) string {
	if strings.HasPrefix(tn, "*") {
		return "new(" + tn[1:] + ")"
	}
	return "*new(" + tn + ")"
}

// memberCall writes the call of a method that is found at a path of fields.
func (e *em) memberCall(x string, t types.Type, path []int, m *types.Func, args string) string {
	text, last := e.fieldPath(x, t, path)
	if e.dynamic(last) {
		d := e.dispatch(m, e.subst(m.Signature()).(*types.Signature))
		if args != "" {
			args = ", " + args
		}
		return d.fn() + "(" + text + args + ")"
	}
	return text + "." + m.Name() + "(" + args + ")"
}

// fieldPath follows the embedded fields of a selection to the type that has
// the member.
func (e *em) fieldPath(x string, t types.Type, path []int) (string, types.Type) {
	t = e.subst(t)
	for _, i := range path[:len(path)-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return x, t
		}
		f := st.Field(i)
		x += "." + e.fieldName(f)
		t = e.subst(f.Type())
	}
	return x, t
}

// fieldText writes the selection of a field, with all embedded fields on the
// way: the interpreter takes the deepest of a name, not the shallowest.
func (e *em) fieldText(x string, t types.Type, sel *types.Selection) string {
	text, _ := e.fieldPath(x, t, sel.Index())
	return text + "." + e.fieldName(sel.Obj().(*types.Var))
}

func (e *em) registerConverter(c *converter, t types.Type) {
	i := c.t.Underlying().(*types.Interface)
	if !types.Implements(t, i) {
		return
	}
	tn := e.typ(t)
	if !e.once(fmt.Sprintf("c%d|%s", c.id, tn)) {
		return
	}
	zero, bare := e.tagged(zeroOf(tn), t), ""
	if zero != zeroOf(tn) {
		bare = fmt.Sprintf("var y%s interface{} = %s.Bare(x%s); x%s = y%s; ", Mark, Host, Mark, Mark, Mark)
	}
	if IsError(c.t) {
		fmt.Fprintf(e.inits, "%s[%s.TypeKey(%s)] = %s.ToError\n", c.table(), Host, zero, Host)
		return
	}
	fmt.Fprintf(e.inits, "%s[%s.TypeKey(%s)] = func(x%s interface{}) %s { %sreturn x%s.(%s) }\n",
		c.table(), Host, zero, Mark, e.typ(c.t), bare, Mark, tn)
}

// ifaceCall lowers a call of a method of a session interface, or gives "".
func (e *em) ifaceCall(x *ast.CallExpr) string {
	s, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	sel, ok := e.info.Selections[s]
	if !ok || sel.Kind() != types.MethodVal {
		return ""
	}
	text, last := e.fieldPath(e.operand(s.X), e.typeOf(s.X), sel.Index())
	if !e.dynamic(last) {
		return ""
	}
	m := sel.Obj().(*types.Func)
	e.reflects(x, m)
	sig := e.methodSig(last, m)
	args := e.argsTo(x, sig)
	if args != "" {
		args = ", " + args
	}
	return e.dispatch(m, sig).fn() + "(" + text + args + ")"
}

// methodSig gives the signature of an interface's method as instances have it.
func (e *em) methodSig(t types.Type, m *types.Func) *types.Signature {
	for _, x := range e.methodsOf(t) {
		if x.Id() == m.Id() {
			return e.subst(x.Signature()).(*types.Signature)
		}
	}
	return e.subst(m.Signature()).(*types.Signature)
}

// ifaceMethodValue lowers x.M as a value, or gives "".
func (e *em) ifaceMethodValue(x *ast.SelectorExpr, sel *types.Selection) string {
	text, last := e.fieldPath(e.operand(x.X), e.typeOf(x.X), sel.Index())
	if !e.dynamic(last) {
		return ""
	}
	m := sel.Obj().(*types.Func)
	sig := e.methodSig(last, m)
	d := e.dispatch(m, sig)
	v := e.temp("v")
	names := func(i int) string { return fmt.Sprintf("a%s%d", Mark, i) }
	args := v
	for i := 0; i < sig.Params().Len(); i++ {
		args += ", " + names(i)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			args += "..."
		}
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	plain := types.NewSignatureType(nil, nil, nil, sig.Params(), unnamed(sig.Results()), sig.Variadic())
	return fmt.Sprintf("func() func%s { %s := %s; %s.TypeKey(%s); return func%s { %s%s(%s) } }()", e.sig(plain, nil), v, text, Host, v, e.sig(plain, names), ret, d.fn(), args)
}

// assertion lowers x.(T); ok tells that the second value is wanted too.
func (e *em) assertion(src string, from, to types.Type, n ast.Node, ok bool) string {
	to = e.subst(to)
	if e.compiledInterface(from) {
		src = Host + ".Any(" + src + ")"
	}
	switch {
	case e.dynamic(to):
		ids := ""
		for _, m := range e.methodsOf(to) {
			ids += fmt.Sprintf(", %d", e.dispatch(m, m.Signature()).id)
		}
		if ok {
			return Host + ".As(" + src + ids + ")"
		}
		return Host + ".MustAs(" + src + ", " + fmt.Sprintf("%q", types.TypeString(to, qualifier)) + ids + ")"
	case e.compiledInterface(to):
		c := e.converter(to)
		if ok {
			return c.fn("as") + "(" + src + ")"
		}
		return c.fn("must") + "(" + src + ")"
	}
	if emptyStruct(to) {
		if ok {
			return "func() (struct{}, bool) { return struct{}{}, " + Host + ".IsEmptyStruct(" + src + ") }()"
		}
		return "func() struct{} { if !" + Host + ".IsEmptyStruct(" + src + ") { " + Host + `.NotA("", "struct {}") }; return struct{}{} }()`
	}
	if id := e.shape(to); id != 0 {
		if e.compiledInterface(from) && !IsError(from) {
			return e.fail(n, "the shell can't tell %s from its underlying type in this interface: make it a struct", types.TypeString(to, qualifier))
		}
		return e.shapeAssertion(src, to, id, ok)
	}
	return src + ".(" + e.typ(to) + ")"
}

// emptyStruct tells whether t is struct{} without a name.
func emptyStruct(t types.Type) bool {
	st, ok := types.Unalias(t).(*types.Struct)
	return ok && st.NumFields() == 0
}

// nameless tells whether a session type has no identity of its own at run time.
func nameless(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !IsSession(n.Obj()) {
		return false
	}
	switch n.Underlying().(type) {
	case *types.Basic, *types.Struct, *types.Interface:
		return false
	}
	return true
}

// coerce writes an expression that is assigned to a place of type to: a value
// of a session interface becomes one of a compiled interface.
func (e *em) coerce(x ast.Expr, to types.Type) string {
	return e.coerceText(e.expr(x), x, to)
}

// coerceText is coerce for an expression that is written already.
func (e *em) coerceText(text string, x ast.Expr, to types.Type) string {
	if to == nil || e.info.Types[x].IsNil() {
		return text
	}
	from := e.typeOf(x)
	if e.compiledInterface(to) && !IsError(to) && !e.isInterface(from) {
		e.refuseContested(x, from, to)
	}
	if e.dynamic(to) && !e.isInterface(from) {
		// The interpreter stores the results of operators badly in interfaces.
		switch ast.Unparen(x).(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr:
			if tv := e.info.Types[x]; tv.Value == nil {
				return e.tagged(Host+".Box("+text+")", from)
			}
		}
	}
	return e.coerceFrom(text, from, to)
}

// coerceFrom writes a value of type from that is assigned to a place of type
// to; from may be nil where it is not known.
func (e *em) coerceFrom(text string, from, to types.Type) string {
	switch {
	case from == nil || to == nil:
		return text
	case e.dynamic(from) && e.compiledInterface(to):
		return e.converter(e.subst(to)).fn("conv") + "(" + text + ")"
	case IsError(to) && !e.isInterface(from) && sessionType(e.subst(from)):
		return Host + ".ToError(" + e.tagged(text, from) + ")"
	case e.dynamic(to) && e.compiledInterface(from):
		return Host + ".Any(" + text + ")" // the session's value itself
	case e.dynamic(to) && !e.isInterface(from):
		if t := e.tagged(text, from); t != text || !sessionType(e.subst(from)) || strings.HasPrefix(text, Host+".Box(") {
			return t
		}
		// The interpreter would keep the variable that the value stands in, not
		// the value: what is assigned to it later would be seen in the interface.
		return Host + ".Box(" + text + ")"
	}
	return text
}

// coerceTuple writes the values of a call where values of other types, given by
// to, are wanted: what to do first, and the values. It gives nil where the
// interpreter does it right.
func (e *em) coerceTuple(x ast.Expr, to func(i int) types.Type) (first string, values []string) {
	tp, ok := e.typeOf(x).(*types.Tuple)
	if !ok {
		return "", nil
	}
	vs, out := make([]string, tp.Len()), make([]string, tp.Len())
	same := true
	for i := range vs {
		vs[i] = e.temp("t")
		out[i] = e.coerceFrom(vs[i], tp.At(i).Type(), to(i))
		same = same && out[i] == vs[i]
	}
	if same {
		return "", nil
	}
	return strings.Join(vs, ", ") + " := " + e.expr(x), out
}

// parameter gives the type that argument i of a call is assigned to.
func parameter(sig *types.Signature, i int) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 {
		if s, ok := sig.Params().At(n - 1).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return nil
	}
	if i >= n {
		return nil
	}
	return sig.Params().At(i).Type()
}

// callOf lowers f(g()) where the values of g become others, or gives "".
func (e *em) callOf(x *ast.CallExpr) string {
	if len(x.Args) != 1 || e.spreads[x] != "" {
		return ""
	}
	sig, ok := underlying(e.typeOf(x.Fun)).(*types.Signature)
	if !ok {
		return ""
	}
	first, values := e.coerceTuple(x.Args[0], func(i int) types.Type {
		t := parameter(sig, i)
		if e.dynamic(t) && e.compiledCallee(x) {
			return nil // as it is, with the methods that compiled code can call
		}
		return t
	})
	if values == nil {
		return ""
	}
	if e.spreads == nil {
		e.spreads = map[*ast.CallExpr]string{}
	}
	e.spreads[x] = strings.Join(values, ", ")
	defer delete(e.spreads, x)
	res := e.subst(sig.Results()).(*types.Tuple)
	ret := ""
	if res.Len() > 0 {
		ret = "return "
	}
	result := strings.TrimPrefix(e.sig(types.NewSignatureType(nil, nil, nil, nil, unnamed(res), false), nil), "()")
	return "func()" + result + " { " + first + "\n" + ret + e.call(x) + " }()"
}

// sessionType tells whether a type, or what it points to, was declared by a cell.
func sessionType(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return IsSession(t.Obj())
	case *types.Struct:
		return true
	}
	return false
}

// spread writes the list behind the dots of a call.
func (e *em) spread(x ast.Expr, list types.Type) string {
	if e.info.Types[x].IsNil() {
		return "*new(" + e.typ(list) + ")" // the interpreter can't spread nil
	}
	return e.expr(x)
}

// argsTo writes the arguments of a call of a function of a signature.
func (e *em) argsTo(x *ast.CallExpr, sig *types.Signature) string {
	if s := e.spreads[x]; s != "" {
		return s
	}
	if sig == nil || len(x.Args) == 1 && sig.Params().Len() > 1 {
		return e.args(x)
	}
	parts := make([]string, len(x.Args))
	for i, a := range x.Args {
		var to types.Type
		switch {
		case i < sig.Params().Len()-1 || i < sig.Params().Len() && !sig.Variadic():
			to = sig.Params().At(i).Type()
		case sig.Variadic() && !x.Ellipsis.IsValid():
			if s, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice); ok {
				to = s.Elem()
			}
		}
		parts[i] = e.coerce(a, to)
		if to != nil && e.dynamic(to) && e.looksInside(x.Fun) {
			parts[i] = e.expr(a)
			if e.isInterface(e.typeOf(a)) || !e.shaped(e.typeOf(a)) {
				parts[i] = Host + ".Plain(" + parts[i] + ")"
			}
		}
		if e.compiledInterface(e.typeOf(a)) && e.compiledCallee(x) {
			parts[i] = e.expr(a) // with the methods that compiled code can call
		}
		if x.Ellipsis.IsValid() && i == len(x.Args)-1 {
			list := sig.Params().At(sig.Params().Len() - 1).Type()
			if parts[i] = e.spread(a, list); e.dynamic(elem(list)) && e.looksInside(x.Fun) {
				parts[i] = Host + ".Plains(" + parts[i] + ")"
			}
		}
	}
	s := strings.Join(parts, ", ")
	if x.Ellipsis.IsValid() {
		s += "..."
	}
	return s
}

// comparison lowers == and != where an interface is involved, or gives "".
func (e *em) comparison(x *ast.BinaryExpr) string {
	if x.Op != token.EQL && x.Op != token.NEQ {
		return ""
	}
	not := ""
	if x.Op == token.NEQ {
		not = "!"
	}
	isNil := func(y ast.Expr) bool { return e.info.Types[y].IsNil() }
	switch {
	case isNil(x.Y) && e.isInterface(e.typeOf(x.X)):
		return not + Host + ".IsNil(" + e.expr(x.X) + ")"
	case isNil(x.X) && e.isInterface(e.typeOf(x.Y)):
		return not + Host + ".IsNil(" + e.expr(x.Y) + ")"
	case isNil(x.X), isNil(x.Y):
		return ""
	case e.isInterface(e.typeOf(x.X)), e.isInterface(e.typeOf(x.Y)):
		return not + Host + ".Equal(" + e.operandOf(x.X) + ", " + e.operandOf(x.Y) + ")"
	case e.holdsInterface(e.typeOf(x.X)):
		return not + Host + ".EqualParts(" + e.operandOf(x.X) + ", " + e.operandOf(x.Y) + ")"
	}
	return e.sameChan(x)
}

// holdsInterface tells whether a struct or array has interfaces in it.
func (e *em) holdsInterface(t types.Type) bool {
	switch u := e.subst(t).Underlying().(type) {
	case *types.Struct:
		for i := 0; i < u.NumFields(); i++ {
			if f := u.Field(i).Type(); e.isInterface(f) || e.holdsInterface(f) {
				return true
			}
		}
	case *types.Array:
		return e.isInterface(u.Elem()) || e.holdsInterface(u.Elem())
	}
	return false
}

// operandOf writes an operand of a comparison with its own type.
func (e *em) operandOf(x ast.Expr) string {
	if tv, ok := e.info.Types[x]; ok && tv.Value != nil {
		return e.konst(tv.Value, tv.Type)
	}
	if e.isInterface(e.typeOf(x)) {
		return e.expr(x)
	}
	return e.tagged(e.expr(x), e.typeOf(x))
}
