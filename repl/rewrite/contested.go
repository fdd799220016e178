package rewrite

import (
	"go/ast"
	"go/types"
)

// refuseContested refuses to make a compiled interface of a struct in which
// several embedded types have a method of that name: the interpreter hands the
// first over, not the shallowest.
func (e *em) refuseContested(x ast.Expr, from, to types.Type) {
	for _, m := range e.methodsOf(to) {
		_, path, _ := types.LookupFieldOrMethod(from, true, m.Pkg(), m.Name())
		if len(path) > 1 && e.bearers(from, m, map[types.Type]bool{}) > 1 {
			e.fail(x, "several embedded types of %s have a method %s: give it one of its own to use it as a %s",
				types.TypeString(from, qualifier), m.Name(), types.TypeString(to, qualifier))
			return
		}
	}
}

// bearers counts the types among a type and those embedded in it that have a
// method of their own, or that are interfaces with it.
func (e *em) bearers(t types.Type, m *types.Func, seen map[types.Type]bool) int {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	t = types.Unalias(e.subst(t))
	if seen[t] {
		return 0
	}
	seen[t] = true
	n := 0
	if _, path, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name()); len(path) == 1 {
		n++
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for i := 0; i < st.NumFields(); i++ {
			if st.Field(i).Embedded() {
				n += e.bearers(st.Field(i).Type(), m, seen)
			}
		}
	}
	return n
}
