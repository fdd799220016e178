package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// captured tells whether a function literal or a pointer can hold on to one of
// the variables beyond the iteration, and whether the body assigns it.
func (e *em) captured(objs []types.Object, nodes ...ast.Node) (captured, assigned bool) {
	is := func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return false
		}
		o := e.info.Uses[id]
		for _, x := range objs {
			if x != nil && o == x {
				return true
			}
		}
		return false
	}
	root := func(x ast.Expr) ast.Expr {
		for {
			switch y := x.(type) {
			case *ast.ParenExpr:
				x = y.X
			case *ast.SelectorExpr:
				x = y.X
			case *ast.IndexExpr:
				x = y.X
			default:
				return x
			}
		}
	}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ast.Inspect(n, func(m ast.Node) bool {
				captured = captured || is(m)
				return true
			})
		case *ast.UnaryExpr:
			captured = captured || n.Op == token.AND && is(root(n.X))
		case *ast.SelectorExpr:
			if s, ok := e.info.Selections[n]; ok && s.Kind() == types.MethodVal && is(root(n.X)) && takesAddress(s) {
				captured = true
			}
		case *ast.SliceExpr:
			captured = captured || is(root(n.X))
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				assigned = assigned || is(root(l))
			}
		case *ast.IncDecStmt:
			assigned = assigned || is(root(n.X))
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				assigned = assigned || is(n.Key) || is(n.Value)
			}
		}
		return true
	}
	for _, n := range nodes {
		ast.Inspect(n, visit)
	}
	return captured, assigned
}

// looping lowers a loop's body, in which break and continue are the loop's own.
func (e *em) looping(label string, f func() string) string {
	e.ctx().loops++
	defer func() { e.ctx().loops-- }()
	fl := e.ctx().flow
	if fl == nil {
		return f()
	}
	fl.breakable++
	fl.loops++
	fl.own = append(fl.own, label)
	defer func() {
		fl.breakable--
		fl.loops--
		fl.own = fl.own[:len(fl.own)-1]
	}()
	return f()
}

func defined(s ast.Stmt) []*ast.Ident {
	a, ok := s.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return nil
	}
	var ids []*ast.Ident
	for _, l := range a.Lhs {
		if id, ok := l.(*ast.Ident); ok && id.Name != "_" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (e *em) forStmt(s *ast.ForStmt, label string) string {
	return e.looping(label, func() string {
		ids := defined(s.Init)
		objs := make([]types.Object, len(ids))
		for i, id := range ids {
			objs[i] = e.info.Defs[id]
		}
		if len(ids) > 0 {
			nodes := []ast.Node{s.Body}
			if s.Cond != nil {
				nodes = append(nodes, s.Cond)
			}
			if s.Post != nil {
				nodes = append(nodes, s.Post)
			}
			if c, _ := e.captured(objs, nodes...); c {
				return e.perIteration(s, label)
			}
		}
		r, before, end := "for ", "", ""
		if s.Init != nil || s.Post != nil {
			init := e.simple
			if parallel(s.Init) {
				before, end = "{\n", "\n}"
				init = func(ast.Stmt) string {
					first, then := e.staged(s.Init.(*ast.AssignStmt))
					before += first
					return then
				}
			}
			r += init(s.Init) + "; "
			if s.Cond != nil {
				r += e.inPlace(func() string { return e.expr(s.Cond) })
			}
			r += "; " + e.simple(s.Post) + " "
		} else if s.Cond != nil {
			r += e.inPlace(func() string { return e.expr(s.Cond) }) + " "
		}
		return before + labelText(label) + r + e.block(s.Body, stopCheck) + end
	})
}

func labelText(label string) string {
	if label == "" {
		return ""
	}
	return label + ":\n"
}

// perIteration lowers a for clause whose variables outlive an iteration. Each
// iteration has variables of its own; the next one starts from a pointer to
// them, so that continue needs no care.
func (e *em) perIteration(s *ast.ForStmt, label string) string {
	var pre, load, renew, keep strings.Builder
	started := e.temp("s")
	pre.WriteString(started + " := false\n")
	init := s.Init.(*ast.AssignStmt)
	values := mapped(init.Lhs, func(l ast.Expr) string {
		if id := l.(*ast.Ident); id.Name == "_" {
			return "_"
		}
		return e.temp("t")
	})
	// The right side is outside the scope of the new variables.
	pre.WriteString(strings.Join(values, ", ") + " := " + e.exprs(init.Rhs) + "\n")
	for i, l := range init.Lhs {
		if values[i] == "_" {
			continue
		}
		id := l.(*ast.Ident)
		p, n := e.temp("q"), e.localName(id.Name)
		fmt.Fprintf(&pre, "var %s *%s\n", p, e.typ(e.info.Defs[id].Type()))
		fmt.Fprintf(&load, "%s = *%s\n", values[i], p)
		// Only := makes the interpreter set aside a new place.
		fmt.Fprintf(&renew, "%s := %s\n", n, values[i])
		fmt.Fprintf(&keep, "%s = &%s\n", p, n)
	}
	head := stopCheck + "if " + started + " {\n" + load.String() + "}\n" + renew.String()
	if s.Post != nil {
		head += "if " + started + " {\n" + e.unmarked(s.Post) + "\n}\n"
	}
	head += started + " = true\n" + keep.String()
	if s.Cond != nil {
		head += "if !(" + e.inPlace(func() string { return e.expr(s.Cond) }) + ") { break }\n"
	}
	return "{\n" + pre.String() + labelText(label) + "for " + e.block(s.Body, head) + "\n}"
}

// takesAddress tells whether a call of a method hands the address of its operand
// to the method.
func takesAddress(s *types.Selection) bool {
	m, ok := s.Obj().(*types.Func)
	if !ok {
		return false
	}
	_, wants := m.Signature().Recv().Type().(*types.Pointer)
	_, has := s.Recv().Underlying().(*types.Pointer)
	return wants && !has
}

// unmarked lowers a statement without a mark of its place.
func (e *em) unmarked(s ast.Stmt) string {
	lines := e.lines
	e.lines = false
	defer func() { e.lines = lines }()
	return e.stmt(s)
}

func mapped[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

func (e *em) rangeStmt(s *ast.RangeStmt, label string) string {
	t := e.typeOf(s.X)
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return e.looping(label, func() string { return e.rangeString(s, label) })
		}
		if u.Info()&types.IsInteger != 0 {
			return e.looping(label, func() string { return labelText(label) + e.rangeInt(s, t) })
		}
	case *types.Signature:
		return e.rangeFunc(s, u, label)
	case *types.Pointer:
		if s.Value == nil || isBlank(s.Value) {
			if a, ok := u.Elem().Underlying().(*types.Array); ok {
				e.evaluated(s.X)
				return e.looping(label, func() string { return labelText(label) + e.rangeCount(s, a.Len()) })
			}
		}
	case *types.Array:
		if s.Value == nil || isBlank(s.Value) {
			e.evaluated(s.X)
			return e.looping(label, func() string { return labelText(label) + e.rangeCount(s, u.Len()) })
		}
	}
	return e.looping(label, func() string {
		pre := stopCheck
		r := "for "
		if s.Key != nil && s.Tok == token.ASSIGN {
			// The interpreter advances the variables once too often.
			k, v := "_", "_"
			if !isBlank(s.Key) {
				k = e.temp("k")
			}
			if s.Value != nil && !isBlank(s.Value) {
				v = e.temp("v")
			}
			pre += e.rangeAssign(s, t, k, v)
			if v != "_" {
				r += k + ", " + v + " := "
			} else if k != "_" {
				r += k + " := "
			}
		} else if s.Key != nil {
			r += e.rangeVar(s, s.Key)
			if s.Value != nil {
				r += ", " + e.rangeVar(s, s.Value)
			}
			r += " := "
			pre += e.copies(s)
		}
		x := e.expr(s.X)
		if _, ok := t.Underlying().(*types.Pointer); ok {
			x = "(" + x + ")[:]"
		}
		return labelText(label) + r + "range " + x + " " + e.block(s.Body, pre)
	})
}

// rangeAssign assigns an iteration's values to places that exist.
func (e *em) rangeAssign(s *ast.RangeStmt, t types.Type, k, v string) string {
	kt, vt := rangeTypes(t)
	places, assigns := "", ""
	if k != "_" {
		pre, lhs := e.place(s.Key)
		places += pre
		assigns += lhs + " = " + e.coerceFrom(k, kt, e.typeOf(s.Key)) + "\n"
	}
	if v != "_" {
		pre, lhs := e.place(s.Value)
		places += pre
		assigns += lhs + " = " + e.coerceFrom(v, vt, e.typeOf(s.Value)) + "\n"
	}
	return places + assigns
}

// rangeTypes gives the types of the values that a range yields, nil for those
// that need no thought.
func rangeTypes(t types.Type) (k, v types.Type) {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return u.Key(), u.Elem()
	case *types.Chan:
		return u.Elem(), nil
	case *types.Pointer:
		return nil, elem(u.Elem())
	}
	return nil, elem(t)
}

// copies gives each iteration variables of its own where that can be seen.
func (e *em) copies(s *ast.RangeStmt) string {
	pre := ""
	if s.Tok != token.DEFINE {
		return pre
	}
	for _, l := range []ast.Expr{s.Key, s.Value} {
		id, ok := l.(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		if c, a := e.captured([]types.Object{e.info.Defs[id]}, s.Body); c || a {
			n := e.localName(id.Name)
			pre += n + " := " + n + "\n"
		}
	}
	return pre
}

func (e *em) rangeVar(s *ast.RangeStmt, x ast.Expr) string {
	if id, ok := x.(*ast.Ident); ok && s.Tok == token.DEFINE {
		return e.localName(id.Name)
	}
	return e.lval(x)
}

func (e *em) rangeInt(s *ast.RangeStmt, t types.Type) string {
	if id, ok := s.Key.(*ast.Ident); ok && s.Tok == token.DEFINE && id.Name != "_" {
		t = e.subst(e.info.Defs[id].Type())
	} else if s.Key != nil && s.Tok == token.ASSIGN {
		if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			t = e.typeOf(s.Key)
		}
	}
	i, n := e.temp("i"), e.temp("n")
	pre := stopCheck
	if s.Key != nil {
		if k := e.rangeVar(s, s.Key); k != "_" {
			pre += k + " " + s.Tok.String() + " " + i + "\n"
		}
	}
	ty := e.typ(t)
	return fmt.Sprintf("for %s, %s := %s(0), %s(%s); %s < %s; %s++ %s", i, n, ty, ty, e.expr(s.X), i, n, i, e.block(s.Body, pre))
}

// rangeString lowers a range over a string: the interpreter counts runes where
// bytes are meant, and takes a byte that is no UTF-8 for three.
func (e *em) rangeString(s *ast.RangeStmt, label string) string {
	x, i, w, r := e.temp("s"), e.temp("i"), e.temp("w"), e.temp("r")
	pre := stopCheck + r + ", " + w + " = " + Host + ".Rune(" + x + ", " + i + ")\n"
	switch {
	case s.Key == nil:
	case s.Tok == token.ASSIGN:
		k, v := "_", "_"
		if !isBlank(s.Key) {
			k = i
		}
		if s.Value != nil && !isBlank(s.Value) {
			v = r
		}
		pre += e.rangeAssign(s, types.Typ[types.String], k, v)
	default:
		if !isBlank(s.Key) {
			pre += e.rangeVar(s, s.Key) + " := " + i + "\n"
		}
		if s.Value != nil && !isBlank(s.Value) {
			pre += e.rangeVar(s, s.Value) + " := " + r + "\n"
		}
	}
	head := fmt.Sprintf("{\n%s := string(%s)\nvar %s rune\n_ = %s\n", x, e.expr(s.X), r, r)
	return head + labelText(label) + fmt.Sprintf("for %s, %s := 0, 0; %s < len(%s); %s += %s ", i, w, i, x, i, w) + e.block(s.Body, pre) + "\n}"
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// evaluated sees to it that an array, of which only the length is wanted, is
// evaluated where the length is no constant: with a call or receive in it.
func (e *em) evaluated(x ast.Expr) {
	if !e.hasCall(x) {
		return
	}
	v := e.temp("t")
	*e.pre = append(*e.pre, v+" := "+e.specValue(x)+"\n_ = "+v)
}

// hasCall tells whether an expression calls a function or receives.
func (e *em) hasCall(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			tv := e.info.Types[n.Fun]
			found = found || !tv.IsType() && e.info.Types[n].Value == nil
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return true
	})
	return found
}

// rangeCount lowers a range over the indexes of an array: it is not evaluated,
// so that a nil pointer to it does no harm.
func (e *em) rangeCount(s *ast.RangeStmt, n int64) string {
	i := e.temp("i")
	pre := stopCheck
	if s.Key != nil && !isBlank(s.Key) {
		pre += e.rangeVar(s, s.Key) + " " + s.Tok.String() + " " + i + "\n"
	}
	return fmt.Sprintf("for %s := 0; %s < %d; %s++ %s", i, i, n, i, e.block(s.Body, pre))
}
