package check

import (
	"go/ast"
	"go/types"
	"strings"

	"pawsh/repl/rewrite"
)

// TypeOf gives the type of an expression without running it.
func (s *Scope) TypeOf(expr string) (string, error) {
	u, err := s.expression(expr)
	if err != nil {
		return "", err
	}
	tv := u.Info.Types[u.Result]
	if tv.Type == nil {
		return "no value", nil
	}
	return types.TypeString(tv.Type, qualifier), nil
}

// expression checks one expression.
func (s *Scope) expression(expr string) (*rewrite.Unit, error) {
	saved := s.save()
	defer s.restore(saved)
	u, err := s.unit(expr, segment{end: len(expr)}, false, 0, true)
	if err != nil {
		return nil, err
	}
	if u.Result == nil {
		list := u.Func.Body.List
		if len(list) == 1 {
			if es, ok := list[0].(*ast.ExprStmt); ok {
				u.Result = es.X
				return u, nil
			}
		}
		return nil, u.Errorf(nil, "%s is not an expression", strings.TrimSpace(expr))
	}
	return u, nil
}

// TypeString writes the type of an object as cells write it.
func TypeString(o types.Object) string {
	switch o := o.(type) {
	case *types.TypeName:
		return "type " + types.TypeString(o.Type().Underlying(), qualifier)
	case *types.Const:
		return "const " + types.TypeString(o.Type(), qualifier) + " = " + o.Val().String()
	}
	return types.TypeString(o.Type(), qualifier)
}

func qualifier(p *types.Package) string {
	if p.Path() == rewrite.SessionPath {
		return ""
	}
	return p.Name()
}

// Symbol is what a name or a selector stands for: where its documentation is.
type Symbol struct {
	Path string // import path; "" for what cells declared
	Name string // "Name" or "Type.Member"; "" for the package
	Type string
}

// Symbol finds what a name such as ec2.RunInstances stands for.
func (s *Scope) Symbol(expr string) (Symbol, error) {
	expr = strings.TrimSuffix(strings.TrimSpace(expr), "()")
	if !strings.ContainsAny(expr, ".([") {
		if pn, ok := s.find(expr, true).(*types.PkgName); ok {
			return Symbol{Path: pn.Imported().Path(), Type: "package " + pn.Imported().Name()}, nil
		}
		if o := s.find(expr, false); o != nil {
			return symbolOf(o, o.Type()), nil
		}
	}
	u, err := s.expression(expr)
	if err != nil {
		return Symbol{}, err
	}
	x := ast.Unparen(u.Result)
	t := u.Info.TypeOf(x)
	if sel, ok := x.(*ast.SelectorExpr); ok {
		if sn, ok := u.Info.Selections[sel]; ok {
			sym := symbolOf(sn.Obj(), sn.Obj().Type())
			if n := named(receiverOf(sn)); n != nil {
				sym.Path, sym.Name = pathOf(n.Obj()), n.Obj().Name()+"."+sel.Sel.Name
			}
			return sym, nil
		}
		if o := u.Info.Uses[sel.Sel]; o != nil {
			return symbolOf(o, o.Type()), nil
		}
	}
	if n := named(t); n != nil {
		return Symbol{Path: pathOf(n.Obj()), Name: n.Obj().Name(), Type: types.TypeString(t, qualifier)}, nil
	}
	return Symbol{Type: types.TypeString(t, qualifier)}, nil
}

// receiverOf gives the type that declares a selected member, which may be
// embedded in the operand's.
func receiverOf(s *types.Selection) types.Type {
	if f, ok := s.Obj().(*types.Func); ok && f.Signature().Recv() != nil {
		return f.Signature().Recv().Type()
	}
	return s.Recv()
}

func symbolOf(o types.Object, t types.Type) Symbol {
	if v, ok := o.(*types.Var); ok && rewrite.IsSession(o) && !v.IsField() {
		if n := named(t); n != nil {
			return Symbol{Path: pathOf(n.Obj()), Name: n.Obj().Name(), Type: types.TypeString(t, qualifier)}
		}
	}
	return Symbol{Path: pathOf(o), Name: o.Name(), Type: types.TypeString(t, qualifier)}
}

func pathOf(o types.Object) string {
	if o.Pkg() == nil || rewrite.IsSession(o) {
		return ""
	}
	return o.Pkg().Path()
}

func named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// Declared gives the object of a name that a cell declared.
func (s *Scope) Declared(name string) (types.Object, bool) {
	if o := s.objs[name]; o != nil {
		return o, true
	}
	if o := s.out(name); o != nil {
		return o, true
	}
	return nil, false
}

// Declaration writes what a cell declared under a name, "" for what none did.
func (s *Scope) Declaration(name string) string {
	o, ok := s.Declared(strings.TrimSpace(name))
	if !ok || !rewrite.IsSession(o) {
		return ""
	}
	return types.ObjectString(o, qualifier)
}
