package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"strconv"
	"strings"
)

// A type such as `type List []string`, or []List, is a shape: the interpreter
// has no name for it, so that reflection takes it for []string. A value of a
// shape that becomes an interface is tagged with the shape's number, which the
// tables of methods, type switches and the printing functions go by. Fields and
// elements are not tagged: what they are is known from the struct or the shape.

// shaped tells whether a type is a shape.
func (e *em) shaped(t types.Type) bool { return shaped(e.subst(t), 0) }

func shaped(t types.Type, depth int) bool {
	if depth > 20 {
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return nameless(t)
	case *types.Pointer:
		return shaped(t.Elem(), depth+1)
	case *types.Slice:
		return shaped(t.Elem(), depth+1)
	case *types.Array:
		return shaped(t.Elem(), depth+1)
	case *types.Chan:
		return shaped(t.Elem(), depth+1)
	case *types.Map:
		return shaped(t.Elem(), depth+1) || shaped(t.Key(), depth+1)
	case *types.Signature:
		return shaped(t.Params(), depth+1) || shaped(t.Results(), depth+1)
	case *types.Tuple:
		for i := 0; i < t.Len(); i++ {
			if shaped(t.At(i).Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// shape gives a type's number and makes it known to the evaluator; 0 when the
// type needs none.
func (e *em) shape(t types.Type) int {
	t = e.subst(t)
	if !e.shaped(t) {
		return 0
	}
	key := types.TypeString(t, func(p *types.Package) string { return p.Path() }) + identities(t)
	if id, ok := get(e.k.top.shapes, e.k.base.shapes, key); ok {
		return id
	}
	id := e.k.id()
	e.k.top.shapes[key] = id
	var k, el types.Type
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		el = u.Elem()
	case *types.Slice:
		el = u.Elem()
	case *types.Array:
		el = u.Elem()
	case *types.Map:
		k, el = u.Key(), u.Elem()
	}
	part := func(t types.Type) int {
		if t == nil {
			return 0
		}
		return e.shape(t)
	}
	name := types.TypeString(t, func(p *types.Package) string { return path.Base(p.Path()) })
	fmt.Fprintf(e.inits, "%s.Shape(%d, %q, %d, %d)\n", Host, id, name, part(k), part(el))
	return id
}

// tagged writes a value of type t that becomes an interface.
func (e *em) tagged(text string, t types.Type) string {
	if id := e.shape(t); id != 0 {
		return Host + ".Tag(" + strconv.Itoa(id) + ", " + text + ")"
	}
	return text
}

// fieldShapes tells the evaluator which fields of a struct are shapes.
func (e *em) fieldShapes(t types.Type, name string) {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := 0; i < st.NumFields(); i++ {
		f := st.Field(i)
		if id := e.shape(f.Type()); id != 0 {
			fmt.Fprintf(e.inits, "%s.Field(*new(%s), %q, %d)\n", Host, name, e.fieldName(f), id)
		}
	}
}

// shapeAssertion lowers x.(T) for a shape.
func (e *em) shapeAssertion(src string, to types.Type, id int, ok bool) string {
	t := e.typ(to)
	if !ok {
		// A variable between: the interpreter finds no methods in what it asserts
		// of a compiled function's result.
		v := e.temp("v")
		return fmt.Sprintf("func() %s { var %s interface{} = %s.Untag(%s, %d); return %s.(%s) }()", t, v, Host, src, id, v, t)
	}
	v := e.temp("v")
	return fmt.Sprintf("func() (%s, bool) { var %s interface{} = %s; if !%s.HasShape(%s, %d) { return *new(%s), false }; %s = %s.Bare(%s); return %s.(%s), true }()", t, v, src, Host, v, id, t, v, Host, v, v, t)
}

// looksInside tells whether a compiled function looks into its arguments by
// reflection, so that it must get them without tags.
func (e *em) looksInside(fun ast.Expr) bool {
	s, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := e.info.Uses[s.Sel].(*types.Func)
	if !ok || f.Pkg() == nil {
		return false
	}
	switch p := f.Pkg().Path(); p {
	case "fmt":
		return strings.Contains(f.Name(), "can") // Scan and the like
	case "log":
		return f.Signature().Recv() != nil // the functions are the shell's own
	case "encoding/json":
		return f.Name() != "Marshal" && f.Name() != "MarshalIndent" && f.Name() != "Unmarshal"
	case "reflect", "runtime", "text/template", "html/template", "sort", "log/slog", "database/sql", "net/rpc":
		return true
	default:
		return strings.HasPrefix(p, "encoding/") || strings.HasPrefix(p, "github.com/aws/smithy-go/document")
	}
}
