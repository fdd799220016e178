package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// wellKnown names the use that compiled code makes of a method: its text, the
// error that it wraps, whether it is another error.
func wellKnown(name string, sig *types.Signature) string {
	p, r := sig.Params(), sig.Results()
	if (name == "MarshalJSON" || name == "MarshalText") && p.Len() == 0 && r.Len() == 2 && IsError(r.At(1).Type()) && types.Identical(r.At(0).Type(), types.NewSlice(types.Typ[types.Byte])) {
		return "json"
	}
	if (name == "UnmarshalJSON" || name == "UnmarshalText") && p.Len() == 1 && types.Identical(p.At(0).Type(), types.NewSlice(types.Typ[types.Byte])) && r.Len() == 1 && IsError(r.At(0).Type()) {
		return "unjson"
	}
	if r.Len() != 1 {
		return ""
	}
	switch {
	case (name == "String" || name == "Error") && p.Len() == 0 && types.Identical(r.At(0).Type(), types.Typ[types.String]):
		return "text"
	case name == "Unwrap" && p.Len() == 0 && IsError(r.At(0).Type()):
		return "chain"
	case name == "Unwrap" && p.Len() == 0 && types.Identical(r.At(0).Type(), types.NewSlice(errorType)):
		return "chains"
	case name == "Is" && p.Len() == 1 && IsError(p.At(0).Type()) && types.Identical(r.At(0).Type(), types.Typ[types.Bool]):
		return "match"
	}
	return ""
}

// wellKnown sees to a dispatcher for a method that compiled code looks for.
func (e *em) wellKnown(name string, sig *types.Signature) {
	if wellKnown(name, sig) != "" {
		e.dispatch(types.NewFunc(token.NoPos, e.u.Pkg, name, sig), types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), false))
	}
}

// errorsAs lowers errors.As with a target that points to an interface of the
// session, or gives "".
func (e *em) errorsAs(x *ast.CallExpr) string {
	s, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok || len(x.Args) != 2 {
		return ""
	}
	f, ok := e.info.Uses[s.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != "errors" || f.Name() != "As" {
		return ""
	}
	p, ok := e.typeOf(x.Args[1]).Underlying().(*types.Pointer)
	if !ok || !e.dynamic(p.Elem()) {
		return ""
	}
	ids := ""
	for _, m := range e.methodsOf(p.Elem()) {
		ids += fmt.Sprintf(", %d", e.dispatch(m, m.Signature()).id)
	}
	return Host + ".ErrorAs(" + e.coerce(x.Args[0], errorType) + ", " + e.expr(x.Args[1]) + ids + ")"
}

// reflected lowers the methods of package reflect that tell the name of a type or
// look at fields, or gives "": package reflect sees those that the interpreter made.
func (e *em) reflected(x *ast.CallExpr) string {
	s, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	f, ok := e.info.Uses[s.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != "reflect" || f.Signature().Recv() == nil {
		return ""
	}
	kind := strings.TrimPrefix(types.TypeString(e.typeOf(s.X), qualifier), "reflect.")
	switch kind + "." + f.Name() {
	case "Type.String", "Type.Name", "Type.PkgPath", "Type.NumField", "Type.Fields", "Value.NumField", "Value.Fields":
		return Host + "." + kind + f.Name() + "(" + e.expr(s.X) + ")"
	case "Type.Field", "Type.FieldByIndex", "Type.FieldByName", "Value.Field", "Value.FieldByIndex", "Value.FieldByName":
		return Host + "." + kind + f.Name() + "(" + e.expr(s.X) + ", " + e.args(x) + ")"
	}
	return ""
}

// coding lowers Encode and Decode of package encoding/json, which look for
// methods, or gives "".
func (e *em) coding(x *ast.CallExpr) string {
	s, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok || len(x.Args) != 1 {
		return ""
	}
	f, ok := e.info.Uses[s.Sel].(*types.Func)
	if !ok || f.Name() != "Encode" && f.Name() != "Decode" {
		return ""
	}
	switch f.FullName() {
	case "(*encoding/json.Encoder).Encode", "(*encoding/json.Decoder).Decode":
	default:
		return ""
	}
	sel, ok := e.info.Selections[s]
	if !ok || sel.Kind() != types.MethodVal {
		return ""
	}
	recv, t := e.fieldPath(e.operand(s.X), e.typeOf(s.X), sel.Index())
	if _, ptr := t.Underlying().(*types.Pointer); !ptr {
		return ""
	}
	return Host + "." + f.Name() + "(" + recv + ", " + e.coerce(x.Args[0], emptyInterface) + ")"
}

// refuseReflection refuses what compiled code would answer wrongly: it can't see
// the methods of session types.
func (e *em) refuseReflection(x *ast.CallExpr) {
	s, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if f, ok := e.info.Uses[s.Sel].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() == "reflect" {
		e.refuseReflected(x, f)
	}
}

func (e *em) refuseReflected(n ast.Node, f *types.Func) {
	if f.Signature().Recv() == nil {
		return
	}
	switch f.Name() {
	case "Method", "MethodByName", "NumMethod", "Methods", "Implements":
		if len(e.k.base.concretes)+len(e.k.top.concretes) > 0 {
			e.fail(n, "reflection can't see the methods of types that cells declare: %s would miss them", f.Name())
		}
	}
}

// reflects refuses a method of a session's interface that only package reflect's
// own types can have, see refuseReflection.
func (e *em) reflects(n ast.Node, m *types.Func) {
	r := m.Signature().Results()
	for i := 0; i < r.Len(); i++ {
		if t, ok := types.Unalias(r.At(i).Type()).(*types.Named); ok && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "reflect" {
			switch m.Name() {
			case "Method", "MethodByName", "Methods":
				e.fail(n, "reflection can't see the methods of types that cells declare: %s would miss them", m.Name())
			}
		}
	}
}
