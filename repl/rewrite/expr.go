package rewrite

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

func (e *em) typeOf(x ast.Expr) types.Type {
	if tv, ok := e.info.Types[x]; ok {
		return e.subst(tv.Type)
	}
	if id, ok := x.(*ast.Ident); ok {
		if o := e.info.ObjectOf(id); o != nil {
			return e.subst(o.Type())
		}
	}
	return types.Typ[types.Invalid]
}

// konst writes a constant so that its type can't be mistaken.
func (e *em) konst(v constant.Value, t types.Type) string {
	t = e.subst(t)
	b, ok := t.Underlying().(*types.Basic)
	if !ok { // a constant that goes into an interface
		b = types.Default(types.Typ[untypedKind(v)]).(*types.Basic)
		t = b
	}
	if b.Info()&types.IsUntyped != 0 {
		b = types.Default(b).(*types.Basic)
		t = b
	}
	var lit string
	plain := false
	switch {
	case b.Info()&types.IsString != 0:
		lit, plain = strconv.Quote(constant.StringVal(v)), b.Kind() == types.String
	case b.Info()&types.IsBoolean != 0:
		lit, plain = strconv.FormatBool(constant.BoolVal(v)), true
	case b.Info()&types.IsInteger != 0:
		lit, plain = constant.ToInt(v).ExactString(), b.Kind() == types.Int
	case b.Info()&types.IsFloat != 0:
		f, _ := constant.Float64Val(v)
		lit = strconv.FormatFloat(f, 'g', -1, 64)
		if !strings.ContainsAny(lit, ".en") {
			lit += ".0"
		}
		plain = b.Kind() == types.Float64
	default:
		re, _ := constant.Float64Val(constant.Real(v))
		im, _ := constant.Float64Val(constant.Imag(v))
		return fmt.Sprintf("%s(complex(%v, %v))", e.typ(t), re, im)
	}
	if plain && types.Identical(t, b) {
		return lit
	}
	return e.typ(t) + "(" + lit + ")"
}

func untypedKind(v constant.Value) types.BasicKind {
	switch v.Kind() {
	case constant.Bool:
		return types.UntypedBool
	case constant.String:
		return types.UntypedString
	case constant.Float:
		return types.UntypedFloat
	case constant.Complex:
		return types.UntypedComplex
	}
	return types.UntypedInt
}

func (e *em) ident(id *ast.Ident) string {
	if id.Name == "_" {
		return "_"
	}
	o := e.info.Uses[id]
	if o == nil {
		o = e.info.Defs[id]
	}
	if o == nil {
		return e.localName(id.Name)
	}
	if n, ok := e.k.name(o); ok {
		return n
	}
	if inst, ok := e.info.Instances[id]; ok {
		return e.instance(id, o, inst)
	}
	switch x := o.(type) {
	case *types.TypeName:
		return e.typ(x.Type())
	case *types.Var:
		if x.Kind() == types.ResultVar {
			return resultPrefix + x.Name()
		}
	case *types.Nil:
		return "nil"
	case *types.Builtin:
		return x.Name()
	}
	if o.Pkg() != nil && !IsSession(o) && o.Parent() == o.Pkg().Scope() {
		return e.member(id, o) // dot import, option function
	}
	return e.localName(id.Name)
}

// member names an object of a compiled package.
func (e *em) member(n ast.Node, o types.Object) string {
	if !e.k.syms.Has(o.Pkg().Path(), o.Name()) {
		if f, ok := o.(*types.Func); ok && !f.Exported() {
			return e.funcInstance(n, o, nil) // a helper of a generic library function
		}
		return e.fail(n, "%s.%s is not available in the shell", o.Pkg().Name(), o.Name())
	}
	return e.use(o.Pkg().Path()) + "." + o.Name()
}

func (e *em) instance(n ast.Node, o types.Object, inst types.Instance) string {
	args := make([]types.Type, inst.TypeArgs.Len())
	for i := range args {
		args[i] = e.subst(inst.TypeArgs.At(i))
	}
	return e.funcInstance(n, o, args)
}

func (e *em) exprs(xs []ast.Expr) string {
	r := make([]string, len(xs))
	for i, x := range xs {
		r[i] = e.expr(x)
	}
	return strings.Join(r, ", ")
}

// value writes an expression that is assigned to a variable of type t.
func (e *em) value(x ast.Expr, t types.Type) string {
	if tv, ok := e.info.Types[x]; ok && tv.Value != nil {
		return e.konst(tv.Value, t)
	}
	return e.expr(x)
}

func (e *em) expr(x ast.Expr) string {
	if tv, ok := e.info.Types[x]; ok {
		if tv.IsType() {
			return e.typ(tv.Type)
		}
		if tv.Value != nil {
			if tp, ok := tv.Type.(*types.TypeParam); ok {
				return e.typ(tp) + "(" + e.konst(tv.Value, types.Default(types.Typ[untypedKind(tv.Value)])) + ")"
			}
			return e.konst(tv.Value, tv.Type)
		}
	}
	switch x := x.(type) {
	case *ast.Ident:
		return e.ident(x)
	case *ast.BasicLit:
		return x.Value
	case *ast.ParenExpr:
		return "(" + e.expr(x.X) + ")"
	case *ast.FuncLit:
		return e.funcValue(x)
	case *ast.CompositeLit:
		return e.complit(x)
	case *ast.SelectorExpr:
		return e.selector(x)
	case *ast.IndexExpr:
		if id := instIdent(x.X); id != nil {
			if inst, ok := e.info.Instances[id]; ok {
				return e.instance(id, e.info.Uses[id], inst)
			}
		}
		if s := e.checkedIndex(x); s != "" {
			return s
		}
		return e.expr(x.X) + "[" + e.mapKey(x.X, x.Index) + "]"
	case *ast.IndexListExpr:
		if id := instIdent(x.X); id != nil {
			if inst, ok := e.info.Instances[id]; ok {
				return e.instance(id, e.info.Uses[id], inst)
			}
		}
		return e.fail(x, "this index is not understood")
	case *ast.SliceExpr:
		return e.slice(x)
	case *ast.StarExpr:
		return e.deref(x)
	case *ast.TypeAssertExpr:
		_, ok := e.info.Types[x].Type.(*types.Tuple)
		return e.assertion(e.expr(x.X), e.typeOf(x.X), e.info.Types[x.Type].Type, x, ok)
	case *ast.CallExpr:
		return e.call(x)
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return "&" + e.lval(x.X)
		}
		return x.Op.String() + e.expr(x.X)
	case *ast.BinaryExpr:
		if s := e.comparison(x); s != "" {
			return s
		}
		if tv := e.info.Types[x.X]; (x.Op == token.SHL || x.Op == token.SHR) && tv.Value != nil {
			// The interpreter can't shift a constant by a variable.
			v, t := e.temp("v"), e.typeOf(x)
			return fmt.Sprintf("func() %s { var %s %s = %s; return %s %s %s }()", e.typ(t), v, e.typ(t), e.konst(tv.Value, t), v, x.Op, e.shiftCount(x.Y))
		}
		if x.Op == token.SHL || x.Op == token.SHR {
			return e.expr(x.X) + " " + x.Op.String() + " " + e.shiftCount(x.Y)
		}
		return e.expr(x.X) + " " + x.Op.String() + " " + e.expr(x.Y)
	case *ast.KeyValueExpr:
		return e.expr(x.Key) + ": " + e.expr(x.Value)
	}
	return e.fail(x, "this expression is not understood (%T)", x)
}

func (e *em) funcLit(x *ast.FuncLit) string {
	sig := e.info.Types[x].Type.(*types.Signature)
	return "func" + e.fsig(x.Type, sig) + e.body(x.Body, sig)
}

// funcValue writes a function literal that is a value. In a loop it is given a
// variable first: the interpreter freezes what a literal captures only when it
// is assigned, not when it is an argument.
func (e *em) funcValue(x *ast.FuncLit) string {
	if e.pre == nil || len(e.fn) == 0 || e.ctx().loops == 0 {
		return e.funcLit(x)
	}
	f := e.temp("f")
	text := e.funcLit(x)
	*e.pre = append(*e.pre, f+" := "+text)
	return f
}

func (e *em) slice(x *ast.SliceExpr) string {
	s := e.expr(x.X) + "["
	if x.Low != nil {
		s += e.expr(x.Low)
	}
	s += ":"
	if x.High != nil {
		s += e.expr(x.High)
	}
	if x.Slice3 {
		s += ":" + e.expr(x.Max)
	}
	return s + "]"
}

// deref reads through a pointer. The interpreter gives an invalid value, and no
// panic, where the pointer is nil.
func (e *em) deref(x *ast.StarExpr) string {
	t := e.typeOf(x)
	if b, ok := t.(*types.Basic); ok {
		switch b.Kind() {
		case types.String, types.Int, types.Int32, types.Int64, types.Float64, types.Bool:
			return Host + ".Deref_" + b.Name() + "(" + e.expr(x.X) + ")"
		}
	}
	p := e.temp("p")
	return fmt.Sprintf("func() %s { %s := %s; if %s == nil { %s.NilPointer() }; return *%s }()", e.typ(t), p, e.expr(x.X), p, Host, p)
}

func instIdent(x ast.Expr) *ast.Ident {
	switch x := x.(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
}

// lval writes an expression that is a place, not a value.
func (e *em) lval(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return "*" + e.expr(x.X)
	case *ast.ParenExpr:
		return "(" + e.lval(x.X) + ")"
	case *ast.Ident:
		if o := e.info.Uses[x]; o != nil && e.k.bound[o] {
			return e.fail(x, "%s is bound by the shell and can't be assigned here: declare your own with %s :=", x.Name, x.Name)
		}
	}
	return e.expr(x)
}

func (e *em) complit(x *ast.CompositeLit) string {
	t := e.typeOf(x)
	pre := ""
	if p, ok := t.Underlying().(*types.Pointer); ok {
		pre, t = "&", p.Elem()
	}
	st, isStruct := t.Underlying().(*types.Struct)
	parts := make([]string, len(x.Elts))
	at := 0 // index of the element
	for i, el := range x.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		switch {
		case !ok && isStruct && i < st.NumFields() && st.Field(i).Name() == "_":
			if e.hasCall(el) {
				e.fail(el, "the shell can't evaluate the value of a blank field: do it before")
			}
		case !ok && isStruct && i < st.NumFields():
			parts[i] = e.fieldName(st.Field(i)) + ": " + e.coerce(el, st.Field(i).Type())
		case !ok:
			parts[i] = e.coerce(el, elem(t))
			if !simple(el) { // without its index the interpreter takes members of members for nil
				parts[i] = strconv.Itoa(at) + ": " + parts[i]
			}
			at++
		case isStruct:
			name := kv.Key.(*ast.Ident).Name
			if v, ok := e.info.Uses[kv.Key.(*ast.Ident)].(*types.Var); ok {
				name = e.fieldName(v)
				parts[i] = name + ": " + e.coerce(kv.Value, v.Type())
				continue
			}
			parts[i] = name + ": " + e.expr(kv.Value)
		default:
			parts[i] = e.keyOf(t, kv.Key) + ": " + e.coerce(kv.Value, elem(t))
			if v := e.info.Types[kv.Key].Value; v != nil && v.Kind() == constant.Int {
				n, _ := constant.Int64Val(v)
				at = int(n) + 1
			}
		}
	}
	if isStruct {
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" }) // blank fields stay zero
	}
	return pre + e.typ(t) + "{" + strings.Join(parts, ", ") + "}"
}

// simple tells whether x is a name or a literal.
func simple(x ast.Expr) bool {
	switch ast.Unparen(x).(type) {
	case *ast.Ident, *ast.BasicLit, *ast.FuncLit:
		return true
	}
	return false
}

// mapKey writes an index; see keyOf.
func (e *em) mapKey(m, key ast.Expr) string { return e.keyOf(e.typeOf(m), key) }

// keyOf writes the key of a map: one that becomes an interface is boxed by
// compiled code, as the interpreter wraps values with methods differently each
// time.
func (e *em) keyOf(t types.Type, key ast.Expr) string {
	m, ok := t.Underlying().(*types.Map)
	switch {
	case ok && e.compiledInterface(m.Key()) && !e.info.Types[key].IsNil():
		if !IsError(m.Key()) && !e.isInterface(e.typeOf(key)) && sessionType(e.typeOf(key)) {
			return e.fail(key, "the shell can't find %s again as the key of a map of %s: use any as the type of its keys", types.TypeString(e.typeOf(key), qualifier), types.TypeString(m.Key(), qualifier))
		}
		return e.coerce(key, m.Key())
	case ok && e.dynamic(m.Key()) && !e.info.Types[key].IsNil():
		return Host + ".Key(" + e.operandOf(key) + ")"
	case ok && e.holdsInterface(m.Key()):
		return Host + ".Key(" + e.operandOf(key) + ").(" + e.typ(m.Key()) + ")"
	case ok && e.info.Types[key].IsNil() && !e.dynamic(m.Key()):
		return "*new(" + e.typ(m.Key()) + ")" // a nil of no type is none of the map's keys
	}
	return e.expr(key)
}

// elem gives the type of the elements of a list or map.
func elem(t types.Type) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	}
	return nil
}

// fieldName gives a field its name in the interpreter: that of an embedded
// type follows the type's name there.
func (e *em) fieldName(v *types.Var) string {
	if !v.Embedded() || e.dynamic(v.Type()) {
		return v.Name()
	}
	t := v.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && IsSession(n.Obj()) {
		s := e.typ(e.subst(n))
		if !strings.ContainsAny(s, ". ") {
			return s
		}
	}
	return v.Name()
}

func (e *em) selector(x *ast.SelectorExpr) string {
	sel, ok := e.info.Selections[x]
	if !ok { // a member of a package
		o := e.info.Uses[x.Sel]
		if o == nil {
			return e.fail(x, "undefined: %s", x.Sel.Name)
		}
		if inst, ok := e.info.Instances[x.Sel]; ok {
			return e.instance(x.Sel, o, inst)
		}
		if IsSession(o) {
			n, _ := e.k.name(o)
			return n
		}
		return e.member(x, o)
	}
	if f, ok := sel.Obj().(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "reflect" {
		e.refuseReflected(x, f)
	}
	switch sel.Kind() {
	case types.MethodExpr:
		sig := e.subst(sel.Type()).(*types.Signature)
		names := func(i int) string { return fmt.Sprintf("a%s%d", Mark, i) }
		args := make([]string, 0, sig.Params().Len())
		for i := 1; i < sig.Params().Len(); i++ {
			a := names(i)
			if sig.Variadic() && i == sig.Params().Len()-1 {
				a += "..."
			}
			args = append(args, a)
		}
		ret := ""
		if sig.Results().Len() > 0 {
			ret = "return "
		}
		m := sel.Obj().(*types.Func)
		return "func" + e.sig(sig, names) + " { " + ret + e.memberCall(names(0), sig.Params().At(0).Type(), sel.Index(), m, strings.Join(args, ", ")) + " }"
	case types.MethodVal:
		if s := e.ifaceMethodValue(x, sel); s != "" {
			return s
		}
		return e.methodValue(x, sel)
	case types.FieldVal:
		return e.fieldText(e.operand(x.X), e.typeOf(x.X), sel)
	}
	return e.operand(x.X) + "." + x.Sel.Name
}

// operand writes the left side of a selector; (*p).f stays a place.
func (e *em) operand(x ast.Expr) string {
	if p, ok := x.(*ast.ParenExpr); ok {
		if s, ok := p.X.(*ast.StarExpr); ok && !e.info.Types[s].IsType() {
			if _, ok := e.typeOf(s).Underlying().(*types.Struct); ok {
				return e.expr(s.X)
			}
		}
	}
	return e.expr(x)
}

func (e *em) call(x *ast.CallExpr) string {
	if tv := e.info.Types[x.Fun]; tv.IsType() {
		return e.convert(tv.Type, x.Args[0])
	}
	fun := ast.Unparen(x.Fun)
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := e.info.Uses[id].(*types.Builtin); ok {
			return e.builtin(b.Name(), x)
		}
		if isMust(id) {
			return e.must(x)
		}
		if isXRay(id) {
			return e.xray(x)
		}
	}
	if s := e.callOf(x); s != "" {
		return s
	}
	if fl, ok := fun.(*ast.FuncLit); ok {
		sig, _ := e.typeOf(fl).(*types.Signature)
		return e.funcLit(fl) + "(" + e.argsTo(x, sig) + ")"
	}
	if s := e.ifaceCall(x); s != "" {
		return s
	}
	e.refuseReflection(x)
	if s := e.reflected(x); s != "" {
		return s
	}
	if s := e.errorsAs(x); s != "" {
		return s
	}
	if s := e.coding(x); s != "" {
		return s
	}
	sig, _ := underlying(e.typeOf(x.Fun)).(*types.Signature)
	e.hands(x, sig)
	f := ""
	if s, ok := fun.(*ast.SelectorExpr); ok && e.isMethodVal(s) {
		recv, _ := e.fieldPath(e.operand(s.X), e.typeOf(s.X), e.info.Selections[s].Index())
		f = recv + "." + s.Sel.Name
	} else {
		f = e.expr(x.Fun)
	}
	return f + "(" + e.argsTo(x, sig) + ")"
}

func (e *em) isMethodVal(s *ast.SelectorExpr) bool {
	sel, ok := e.info.Selections[s]
	return ok && sel.Kind() == types.MethodVal
}

// bind evaluates the receiver of a method now: it gives what to do first and
// the name that stands for the receiver.
func (e *em) bind(x *ast.SelectorExpr, sel *types.Selection) (pre, recv string) {
	r := e.temp("r")
	base := e.operand(x.X)
	if len(sel.Index()) == 1 {
		if _, ptr := e.typeOf(x.X).Underlying().(*types.Pointer); !ptr {
			base = e.lval(x.X)
		}
	}
	text, last := e.fieldPath(base, e.typeOf(x.X), sel.Index())
	p, ptr := types.Unalias(last).(*types.Pointer)
	m, ok := sel.Obj().(*types.Func)
	if !ok || e.isInterface(last) {
		return r + " := " + text, r
	}
	switch _, needs := m.Signature().Recv().Type().(*types.Pointer); {
	case needs && !ptr:
		return r + " := &" + text, r
	case !needs && ptr && !e.isInterface(p.Elem()):
		q := e.temp("q")
		return fmt.Sprintf("%s := %s\nif %s == nil { %s.NilPointer() }\n%s := *%s", q, text, q, Host, r, q), r
	}
	return r + " := " + text, r
}

// methodValue lowers x.M as a value: the interpreter would evaluate x at each
// call, and gets the type of compiled methods wrong.
func (e *em) methodValue(x *ast.SelectorExpr, sel *types.Selection) string {
	sig := e.subst(sel.Type()).(*types.Signature)
	pre, r := e.bind(x, sel)
	names := func(i int) string { return fmt.Sprintf("a%s%d", Mark, i) }
	args := make([]string, sig.Params().Len())
	for i := range args {
		args[i] = names(i)
		if sig.Variadic() && i == len(args)-1 {
			args[i] += "..."
		}
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	plain := types.NewSignatureType(nil, nil, nil, sig.Params(), unnamed(sig.Results()), sig.Variadic())
	return fmt.Sprintf("func() func%s { %s; return func%s { %s%s.%s(%s) } }()", e.sig(plain, nil), pre, e.sig(plain, names), ret, r, x.Sel.Name, strings.Join(args, ", "))
}

func (e *em) args(x *ast.CallExpr) string {
	s := e.exprs(x.Args)
	if x.Ellipsis.IsValid() {
		s += "..."
	}
	return s
}

func (e *em) convert(to types.Type, x ast.Expr) string {
	if e.compiledInterface(to) && !e.info.Types[x].IsNil() && (e.dynamic(e.typeOf(x)) || IsError(to)) {
		return e.coerce(x, to)
	}
	if e.dynamic(to) && !e.isInterface(e.typeOf(x)) && (e.shaped(e.typeOf(x)) || sessionType(e.typeOf(x))) {
		return e.coerce(x, to)
	}
	if s := e.convertText(to, x); s != "" {
		return s
	}
	t := e.typ(to)
	if strings.HasPrefix(t, "*") || strings.HasPrefix(t, "func") || strings.HasPrefix(t, "<-") || strings.HasPrefix(t, "chan") {
		t = "(" + t + ")"
	}
	return t + "(" + e.expr(x) + ")"
}

// must lowers an unwrapped call: the values without the error, or a raise.
func (e *em) must(x *ast.CallExpr) string {
	tp, ok := e.typeOf(x.Args[0]).(*types.Tuple)
	if !ok {
		return e.fail(x, "the error of this call can't be unwrapped")
	}
	n := tp.Len() - 1
	rs, vs := make([]string, n), make([]string, n)
	for i := range rs {
		rs[i], vs[i] = e.typ(tp.At(i).Type()), e.temp("v")
	}
	er := e.temp("e")
	list := strings.Join(vs, ", ")
	// Noted once more: the called function has left a note of its own.
	return fmt.Sprintf("func() (%s) { %s, %s := %s; %s%s.Raise(%s); return %s }()", strings.Join(rs, ", "), list, er, e.expr(x.Args[0]), e.mark(x.Args[0]), Host, er, list)
}
