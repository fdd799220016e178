package check

import (
	"context"
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"

	"pawsh/repl/rewrite"
)

// Called is a call of compiled code in a cell that has not run, with what can
// be told of it without running anything.
type Called struct {
	// Path and Name tell what is called, as in Symbol.
	Path, Name string
	// Root is the variable in front of the call, as ec2 in ec2.GetImage, and
	// Direct tells that the method is the variable's own.
	Root   string
	Direct bool
	// Recv is what the method is called on, nil where that is not known.
	Recv any
	// Args are the arguments.
	Args []Argument
	// Loop tells that the call stands in a loop of which is not known how often
	// it runs. Of other loops there is a Called for each turn.
	Loop bool
}

// Argument is an argument of a call. What is not known of it is nil: Value is a
// string, an int64, a []any or a live value of the session.
type Argument struct {
	Param string // the parameter's name
	Value any
	// Fields are those of a struct that is written there, the input of an
	// operation say.
	Fields map[string]any
	// Call is the name of the function whose result is the argument, an
	// option say, and Of its first argument.
	Call string
	Of   any
}

// maxTurns bounds the turns of loops that are told apart.
const maxTurns = 1000

// Calls lists the calls of compiled code that a whole cell makes when it runs,
// in the order of the text. Nothing is run: value gives the variables of the
// session. What functions of earlier cells call is not in it.
func (c *Completer) Calls(ctx context.Context, src string, value func(name string) (reflect.Value, bool)) []Called {
	if len(src) > maxText || ctx.Err() != nil {
		return nil
	}
	defer c.scope.undo()()
	cell, err := c.scope.Check(src, 0)
	if err != nil {
		return nil
	}
	var out []Called
	for _, u := range cell.Units {
		l := &lookout{scope: c.scope, unit: u, value: value, bound: map[types.Object]any{}}
		switch {
		case u.Func != nil:
			l.walk(u.Func.Body, false)
		case cell.RunsMain():
			l.walk(u.File, false)
		}
		out = append(out, l.out...)
	}
	return out
}

// lookout walks the syntax of a unit.
type lookout struct {
	scope *Scope
	unit  *rewrite.Unit
	value func(string) (reflect.Value, bool)
	bound map[types.Object]any // loop variables, in the turn that is looked at
	out   []Called
}

func (l *lookout) walk(n ast.Node, loop bool) {
	ast.Inspect(n, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.RangeStmt:
			l.walk(x.X, loop)
			l.ranged(x, loop)
			return false
		case *ast.ForStmt:
			if x.Init != nil {
				l.walk(x.Init, loop)
			}
			for _, part := range []ast.Node{x.Cond, x.Post, x.Body} {
				if !reflect.ValueOf(part).IsNil() {
					l.walk(part, true)
				}
			}
			return false
		case *ast.CallExpr:
			if !isInvented(x.Fun) && len(l.out) < maxTurns {
				l.call(x, loop)
			}
		}
		return true
	})
}

// ranged walks the body of a loop, once for each turn where these are known.
func (l *lookout) ranged(r *ast.RangeStmt, loop bool) {
	list, ok := l.expr(r.X).([]any)
	if n, isInt := l.expr(r.X).(int64); isInt && n >= 0 && n <= maxTurns {
		list, ok = make([]any, n), true
	}
	if !ok {
		list = flatten(l.expr(r.X))
		ok = list != nil
	}
	if !ok || len(list) > maxTurns {
		l.walk(r.Body, true)
		return
	}
	id, _ := r.Value.(*ast.Ident)
	var o types.Object
	if id != nil {
		o = l.unit.Info.Defs[id]
	}
	for _, v := range list {
		if o != nil {
			l.bound[o] = v
		}
		l.walk(r.Body, loop)
	}
	delete(l.bound, o)
}

// flatten gives the elements of a live slice, nil of anything else.
func flatten(v any) []any {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice || rv.Len() > maxTurns {
		return nil
	}
	list := make([]any, rv.Len())
	for i := range list {
		list[i] = rv.Index(i).Interface()
	}
	return list
}

func (l *lookout) call(x *ast.CallExpr, loop bool) {
	f := callee(l.unit, x.Fun)
	if f == nil || f.Pkg() == nil || rewrite.IsSession(f) {
		return
	}
	c := Called{Path: pathOf(f), Name: f.Name(), Loop: loop}
	sig := f.Signature()
	if r := sig.Recv(); r != nil {
		if t := named(r.Type()); t != nil {
			c.Name = t.Obj().Name() + "." + f.Name()
		}
		if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
			c.Root, c.Direct = root(sel.X)
			c.Recv = l.expr(sel.X)
		}
	}
	for i, a := range x.Args {
		arg := Argument{Value: l.expr(a), Fields: l.fields(a)}
		if p := parameter(sig, i); p != nil {
			arg.Param = p.Name()
		}
		if inner, ok := ast.Unparen(a).(*ast.CallExpr); ok {
			if g := callee(l.unit, inner.Fun); g != nil {
				arg.Call = g.Name()
				if len(inner.Args) > 0 {
					arg.Of = l.expr(inner.Args[0])
				}
			}
		}
		c.Args = append(c.Args, arg)
	}
	l.out = append(l.out, c)
}

// fields gives what is known of the fields of a struct literal or the pointer
// to one.
func (l *lookout) fields(x ast.Expr) map[string]any {
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok {
		x = u.X
	}
	lit, ok := ast.Unparen(x).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	out := map[string]any{}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				out[id.Name] = l.expr(kv.Value)
				if inner := l.fields(kv.Value); inner != nil && out[id.Name] == nil {
					out[id.Name] = inner
				}
			}
		}
	}
	return out
}

// expr gives the value of an expression where it follows from the text and the
// session's variables without calling anything; else nil.
func (l *lookout) expr(x ast.Expr) any {
	x = ast.Unparen(x)
	if tv, ok := l.unit.Info.Types[x]; ok && tv.Value != nil {
		switch tv.Value.Kind() {
		case constant.String:
			return constant.StringVal(tv.Value)
		case constant.Int:
			if n, exact := constant.Int64Val(tv.Value); exact {
				return n
			}
		}
		return nil
	}
	switch x := x.(type) {
	case *ast.Ident:
		o := l.unit.Info.Uses[x]
		if v, ok := l.bound[o]; ok {
			return v
		}
		if known, ok := l.scope.Declared(x.Name); ok && known == o {
			if v, ok := l.value(x.Name); ok {
				return v.Interface()
			}
		}
	case *ast.SelectorExpr:
		if s := l.unit.Info.Selections[x]; s != nil && s.Kind() == types.FieldVal {
			return field(l.expr(x.X), x.Sel.Name)
		}
	case *ast.IndexExpr:
		return index(l.expr(x.X), l.expr(x.Index))
	case *ast.SliceExpr:
		return slice(l.expr(x.X), l.bound64(x.Low, 0), l.bound64(x.High, -1))
	case *ast.CompositeLit:
		if _, ok := x.Type.(*ast.ArrayType); !ok && x.Type != nil {
			return nil
		}
		list := []any{}
		for _, e := range x.Elts {
			if _, keyed := e.(*ast.KeyValueExpr); keyed {
				return nil
			}
			v := l.expr(e)
			if fields := l.fields(e); v == nil && fields != nil {
				v = fields
			}
			list = append(list, v)
		}
		return list
	case *ast.CallExpr:
		tv := l.unit.Info.Types[x.Fun]
		f := callee(l.unit, x.Fun)
		if len(x.Args) == 1 && (tv.IsType() || f != nil && pathOf(f) == awsPath && (f.Name() == "String" || f.Name() == "StringSlice")) {
			return l.expr(x.Args[0])
		}
	}
	return nil
}

// bound64 is a bound of a slice expression: without is what it means when it is
// left out, and what is not known is below that.
func (l *lookout) bound64(x ast.Expr, without int64) int64 {
	if x == nil {
		return without
	}
	if n, ok := l.expr(x).(int64); ok && n >= 0 {
		return n
	}
	return -2
}

// slice cuts a live or written slice; high is -1 for its end.
func slice(v any, low, high int64) any {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return nil
	}
	n := int64(rv.Len())
	if high == -1 {
		high = n
	}
	if low < 0 || high < low || high > n {
		return nil
	}
	return rv.Slice(int(low), int(high)).Interface()
}

// field reads a field of a live struct.
func field(v any, name string) any {
	rv := reflect.Indirect(reflect.ValueOf(v))
	if rv.Kind() != reflect.Struct {
		return nil
	}
	if f := rv.FieldByName(name); f.IsValid() && f.CanInterface() {
		return f.Interface()
	}
	return nil
}

// index reads an element of a live or written slice or map.
func index(v, i any) any {
	rv := reflect.ValueOf(v)
	switch n, isInt := i.(int64); {
	case rv.Kind() == reflect.Slice && isInt && n >= 0 && n < int64(rv.Len()):
		return rv.Index(int(n)).Interface()
	case rv.Kind() == reflect.Map && i != nil && reflect.TypeOf(i).AssignableTo(rv.Type().Key()):
		if e := rv.MapIndex(reflect.ValueOf(i)); e.IsValid() {
			return e.Interface()
		}
	}
	return nil
}
