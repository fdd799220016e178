package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// builtin lowers a call of a predeclared function.
func (e *em) builtin(name string, x *ast.CallExpr) string {
	if tp, ok := e.argumentTuple(x); ok {
		return e.builtinOf(name, x, tp)
	}
	switch name {
	case "min", "max":
		return e.minmax(name, x)
	case "clear":
		return e.clear(x)
	case "recover":
		return e.recover()
	case "new":
		return e.new(x)
	case "make":
		return e.make(x)
	case "len", "cap":
		if n, ok := arrayLen(e.typeOf(x.Args[0])); ok {
			// The interpreter reads through a pointer to an array for its length.
			if !e.hasCall(x.Args[0]) {
				return fmt.Sprint(n)
			}
			return fmt.Sprintf("func() int { %s.Box(%s); return %d }()", Host, e.expr(x.Args[0]), n)
		}
	case "print", "println":
		return Host + ".Print" + map[string]string{"print": "", "println": "ln"}[name] + "(" + e.args(x) + ")"
	case "delete":
		return "delete(" + e.expr(x.Args[0]) + ", " + e.mapKey(x.Args[0], x.Args[1]) + ")"
	case "panic":
		if a := x.Args[0]; !e.isInterface(e.typeOf(a)) {
			return Host + ".Panic(" + e.coerce(a, emptyInterface) + ")"
		}
		return Host + ".Panic(" + e.args(x) + ")"
	case "append":
		if x.Ellipsis.IsValid() && len(x.Args) == 2 {
			if b, ok := e.typeOf(x.Args[1]).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
				return "append(" + e.expr(x.Args[0]) + ", []byte(" + e.expr(x.Args[1]) + ")...)"
			}
			return "append(" + e.expr(x.Args[0]) + ", " + e.spread(x.Args[1], e.typeOf(x)) + "...)"
		}
		if st, ok := e.typeOf(x).Underlying().(*types.Slice); ok && !x.Ellipsis.IsValid() && len(x.Args) > 1 {
			values := strings.Join(mapped(x.Args[1:], func(a ast.Expr) string { return e.coerce(a, st.Elem()) }), ", ")
			if len(x.Args) > 2 && aliased(x.Args[2:]) || e.hasNil(x.Args[1:]) {
				// The interpreter reads the places that values stand in only when
				// it has written the ones before, and gives nil no type.
				values = "[]" + e.typ(st.Elem()) + "{" + values + "}..."
			}
			return "append(" + e.expr(x.Args[0]) + ", " + values + ")"
		}
	}
	return name + "(" + e.args(x) + ")"
}

// argumentTuple gives the values of a call that is the only argument.
func (e *em) argumentTuple(x *ast.CallExpr) (*types.Tuple, bool) {
	if len(x.Args) != 1 {
		return nil, false
	}
	tp, ok := e.typeOf(x.Args[0]).(*types.Tuple)
	return tp, ok
}

// builtinOf lowers a call of a predeclared function with the values of another.
func (e *em) builtinOf(name string, x *ast.CallExpr, tp *types.Tuple) string {
	vs := make([]string, tp.Len())
	args := make([]string, tp.Len())
	for i := range vs {
		vs[i] = e.temp("v")
		args[i] = vs[i]
		if st, ok := e.typeOf(x).Underlying().(*types.Slice); ok && i > 0 && name == "append" {
			args[i] = e.coerceFrom(vs[i], tp.At(i).Type(), st.Elem())
		}
	}
	list := strings.Join(args, ", ")
	call := name + "(" + list + ")"
	switch name {
	case "print", "println":
		call = Host + ".Print" + strings.TrimPrefix(name, "print") + "(" + list + ")"
	case "min", "max":
		return e.fail(x, "%s of a call with several values is not supported by the shell", name)
	}
	head := strings.Join(vs, ", ") + " := " + e.expr(x.Args[0])
	if e.info.Types[x].IsVoid() {
		return "func() { " + head + "; " + call + " }()"
	}
	return "func() " + e.typ(e.typeOf(x)) + " { " + head + "; return " + call + " }()"
}

func (e *em) hasNil(xs []ast.Expr) bool {
	for _, x := range xs {
		if e.info.Types[x].IsNil() {
			return true
		}
	}
	return false
}

// aliased tells whether one of the expressions is a place in memory.
func aliased(xs []ast.Expr) bool {
	for _, x := range xs {
		switch ast.Unparen(x).(type) {
		case *ast.IndexExpr, *ast.SelectorExpr, *ast.StarExpr:
			return true
		}
	}
	return false
}

func (e *em) minmax(name string, x *ast.CallExpr) string {
	t := e.typeOf(x)
	op := "<"
	if name == "max" {
		op = ">"
	}
	b, _ := t.Underlying().(*types.Basic)
	float := b != nil && b.Info()&types.IsFloat != 0
	m := e.temp("m")
	s := fmt.Sprintf("func() %s { var %s %s = %s; ", e.typ(t), m, e.typ(t), e.value(x.Args[0], t))
	for _, a := range x.Args[1:] {
		v := e.temp("v")
		cond := v + " " + op + " " + m
		if float { // a NaN wins, and so does the zero of the right sign
			cond = fmt.Sprintf("%s || %s != %s || %s.Zero%s(float64(%s), float64(%s))", cond, v, v, Host, name, v, m)
		}
		s += fmt.Sprintf("var %s %s = %s; if %s { %s = %s }; ", v, e.typ(t), e.value(a, t), cond, m, v)
	}
	return s + "return " + m + " }()"
}

func (e *em) clear(x *ast.CallExpr) string {
	v, i := e.temp("v"), e.temp("k")
	switch u := e.typeOf(x.Args[0]).Underlying().(type) {
	case *types.Map:
		return Host + ".ClearMap(" + e.expr(x.Args[0]) + ")"
	case *types.Slice:
		z := e.temp("z")
		return fmt.Sprintf("func() { %s := %s; var %s %s; for %s := range %s { %s[%s] = %s } }()", v, e.expr(x.Args[0]), z, e.typ(u.Elem()), i, v, v, i, z)
	}
	return e.fail(x, "clear of this type is not understood")
}

func (e *em) new(x *ast.CallExpr) string {
	tv := e.info.Types[x.Args[0]]
	if tv.IsType() {
		return "new(" + e.typ(tv.Type) + ")"
	}
	t := e.typeOf(x)
	et := t.(*types.Pointer).Elem()
	v := e.temp("v")
	return fmt.Sprintf("func() %s { var %s %s = %s; return &%s }()", e.typ(t), v, e.typ(et), e.value(x.Args[0], et), v)
}

var sizes = types.SizesFor("gc", "amd64")

// arrayLen gives the length of an array, or of one that a pointer points to.
func arrayLen(t types.Type) (int64, bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	a, ok := t.Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return a.Len(), true
}

// make bounds the size, which would otherwise end the process.
func (e *em) make(x *ast.CallExpr) string {
	t := e.typeOf(x)
	made, from, to := t, "", ""
	if c, ok := t.Underlying().(*types.Chan); ok && c.Dir() != types.SendRecv {
		// The interpreter makes channels of both directions only.
		made = types.NewChan(types.SendRecv, c.Elem())
		from, to = "("+e.typ(t)+")(", ")"
	}
	s := from + "make(" + e.typ(made)
	size := int64(8)
	switch u := t.Underlying().(type) {
	case *types.Slice:
		size = sizes.Sizeof(e.subst(u.Elem()))
	case *types.Map:
		size = sizes.Sizeof(e.subst(u.Elem())) + sizes.Sizeof(e.subst(u.Key()))
	case *types.Chan:
		size = sizes.Sizeof(e.subst(u.Elem()))
	}
	for _, a := range x.Args[1:] {
		if b, ok := e.typeOf(a).Underlying().(*types.Basic); ok && (b.Kind() == types.Int || b.Kind() == types.UntypedInt) {
			s += fmt.Sprintf(", %s.Size(%s, %d)", Host, e.value(a, types.Typ[types.Int]), size)
		} else {
			s += ", " + e.expr(a)
		}
	}
	return s + ")" + to
}
