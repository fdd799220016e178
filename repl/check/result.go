package check

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"pawsh/repl/rewrite"
)

// syncResult follows the trailing expression after it was wrapped.
func (s *Scope) syncResult(u *rewrite.Unit) {
	if u.Result == nil {
		return
	}
	list := u.Func.Body.List
	u.Result = list[len(list)-1].(*ast.ExprStmt).X
}

// wrapResult unwraps a trailing call that yields values and an error: it is
// shown without the error. It tells whether the unit must be checked again. A
// trailing call that yields an error alone, or prints, shows nothing.
func (s *Scope) wrapResult(u *rewrite.Unit) bool {
	if u.Result == nil {
		return false
	}
	tv := u.Info.Types[u.Result]
	call, isCall := ast.Unparen(u.Result).(*ast.CallExpr)
	switch {
	case tv.IsVoid(), isCall && rewrite.IsError(tv.Type) && !u.Info.Types[call.Fun].IsType(), isCall && prints(u, call):
		u.Result = nil
		return false
	}
	if u.AsFile {
		u.Result = nil
		return false
	}
	if !isCall {
		return false
	}
	tp, ok := rewrite.ErrorTuple(tv.Type)
	if !ok {
		return false
	}
	return rewrite.WrapResult(u, tp.Len()-1)
}

// prints tells whether a call is one of package fmt's that print: the count
// that it returns interests nobody.
func prints(u *rewrite.Unit, c *ast.CallExpr) bool {
	var id *ast.Ident
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.Ident:
		id = f
	default:
		return false
	}
	o := u.Info.Uses[id]
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == "fmt" && (strings.HasPrefix(o.Name(), "Print") || strings.HasPrefix(o.Name(), "Fprint"))
}

// result makes the variable that keeps the value of the cell.
func (s *Scope) result(u *rewrite.Unit, cell int) {
	if u.Result == nil {
		return
	}
	tv := u.Info.Types[u.Result]
	if _, ok := tv.Type.(*types.Tuple); ok || tv.IsNil() || tv.IsType() || tv.Type == nil {
		return
	}
	t := types.Default(tv.Type)
	if tv.Value != nil && !fits(tv.Value, t) {
		return
	}
	u.Out = types.NewVar(token.NoPos, u.Pkg, outName(cell), t)
}

func fits(v constant.Value, t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	if !ok || b.Info()&types.IsInteger == 0 {
		return true
	}
	if b.Info()&types.IsUnsigned != 0 {
		_, exact := constant.Uint64Val(constant.ToInt(v))
		return exact
	}
	_, exact := constant.Int64Val(constant.ToInt(v))
	return exact
}

// collect finds the objects that become visible to later cells.
func (s *Scope) collect(u *rewrite.Unit) {
	if !u.Decl {
		if sc := u.Info.Scopes[u.Func.Type]; sc != nil {
			for _, n := range sc.Names() {
				u.New = append(u.New, sc.Lookup(n))
			}
		}
		return
	}
	for _, d := range u.File.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if o := u.Info.Defs[d.Name]; d.Recv == nil && o != nil && d.Name.Name != "_" && d.Name.Name != "init" && !isLate(u, d) {
				u.New = append(u.New, o)
			}
		case *ast.GenDecl:
			s.collectSpecs(u, d)
		}
	}
}

func isLate(u *rewrite.Unit, d *ast.FuncDecl) bool {
	for _, lm := range u.Late {
		if lm.Decl == d {
			return true
		}
	}
	return false
}

func (s *Scope) collectSpecs(u *rewrite.Unit, d *ast.GenDecl) {
	add := func(o types.Object) {
		if o != nil && o.Name() != "_" {
			u.New = append(u.New, o)
		}
	}
	for _, sp := range d.Specs {
		switch sp := sp.(type) {
		case *ast.TypeSpec:
			add(u.Info.Defs[sp.Name])
		case *ast.ValueSpec:
			for _, n := range sp.Names {
				add(u.Info.Defs[n])
			}
		case *ast.ImportSpec:
			switch {
			case sp.Name == nil:
				add(u.Info.Implicits[sp])
			case sp.Name.Name == ".":
				if p, err := s.world.Import(importPath(sp)); err == nil {
					for _, n := range p.Scope().Names() {
						if o := p.Scope().Lookup(n); o.Exported() {
							u.New = append(u.New, o)
						}
					}
				}
			default:
				add(u.Info.Defs[sp.Name])
			}
		}
	}
}

// keyLiterals adds keys to T{1, 2} where T was declared by an earlier cell and
// has unexported fields: go/types takes that cell for a foreign package. It
// tells whether it changed anything.
func keyLiterals(u *rewrite.Unit, hard []error) bool {
	found := false
	for _, e := range hard {
		te, ok := e.(types.Error)
		found = found || ok && strings.HasPrefix(te.Msg, "implicit assignment to unexported field")
	}
	if !found {
		return false
	}
	done := false
	astutil.Apply(u.File, func(c *astutil.Cursor) bool {
		cl, ok := c.Node().(*ast.CompositeLit)
		if !ok || len(cl.Elts) == 0 {
			return true
		}
		if _, keyed := cl.Elts[0].(*ast.KeyValueExpr); keyed {
			return true
		}
		st := sessionStruct(u.Info.TypeOf(cl))
		if st == nil || st.NumFields() != len(cl.Elts) {
			return true
		}
		for i, el := range cl.Elts {
			cl.Elts[i] = &ast.KeyValueExpr{Key: &ast.Ident{Name: st.Field(i).Name(), NamePos: el.Pos()}, Colon: el.Pos(), Value: el}
			done = true
		}
		return true
	}, nil)
	return done
}

func sessionStruct(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || !rewrite.IsSession(n.Obj()) {
		return nil
	}
	st, _ := n.Underlying().(*types.Struct)
	return st
}
