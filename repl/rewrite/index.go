package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
)

// checkedIndex writes the index of a list or string so that a panic tells index
// and length, or gives "". It costs a call, so only indexes that are constant,
// or stand in the statements of a cell outside of loops, are checked.
func (e *em) checkedIndex(x *ast.IndexExpr) string {
	if len(e.fn) == 0 || e.hasCall(x.X) {
		return ""
	}
	switch u := e.typeOf(x.X).Underlying().(type) {
	case *types.Slice:
	case *types.Basic:
		if u.Info()&types.IsString == 0 || e.info.Types[x.X].Value != nil {
			return ""
		}
	default:
		return ""
	}
	constant := e.info.Types[x.Index].Value != nil
	if !constant && (e.u.Decl || len(e.fn) > 1 || e.ctx().loops > 0) {
		return ""
	}
	if b, ok := e.typeOf(x.Index).Underlying().(*types.Basic); !constant && (!ok || b.Kind() != types.Int) {
		return ""
	}
	list := e.expr(x.X)
	return fmt.Sprintf("%s[%s.Index(%s, len(%s))]", list, Host, e.value(x.Index, types.Typ[types.Int]), list)
}

// convertText writes a conversion between strings and lists of bytes or runes
// whose type has a name, or gives "".
func (e *em) convertText(to types.Type, x ast.Expr) string {
	from := e.typeOf(x)
	switch {
	case isText(e.subst(to)) && namedElems(from):
		return e.typ(to) + "(" + Host + ".TextOf(" + e.expr(x) + "))"
	case isText(from) && namedElems(e.subst(to)):
		v, t := e.temp("v"), e.typ(to)
		return fmt.Sprintf("func() %s { var %s %s; %s.SetText(&%s, string(%s)); return %s }()", t, v, t, Host, v, e.value(x, types.Typ[types.String]), v)
	}
	return ""
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// namedElems tells whether t is a list of bytes or runes of a type with a name.
func namedElems(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	_, named := types.Unalias(s.Elem()).(*types.Named)
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && named && (b.Kind() == types.Byte || b.Kind() == types.Rune)
}
