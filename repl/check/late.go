package check

import (
	"go/ast"
	"go/types"

	"pawsh/repl/diag"
	"pawsh/repl/rewrite"
)

// lateMethods turns methods of types that earlier cells declared into
// functions, and adds them to the types.
func (s *Scope) lateMethods(u *rewrite.Unit) *diag.Error {
	here := map[string]bool{}
	for _, d := range u.File.Decls {
		if gd, ok := d.(*ast.GenDecl); ok {
			for _, sp := range gd.Specs {
				if ts, ok := sp.(*ast.TypeSpec); ok {
					here[ts.Name.Name] = true
				}
			}
		}
	}
	for _, d := range u.File.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv == nil {
			continue
		}
		id, ptr, generic := receiver(fd)
		if id == nil || here[id.Name] {
			continue
		}
		tn, ok := s.objs[id.Name].(*types.TypeName)
		if !ok {
			continue // the checker says what is wrong
		}
		named, isNamed := tn.Type().(*types.Named)
		if generic || isNamed && named.TypeParams().Len() > 0 {
			return u.Errorf(fd.Name, "declare the methods of generic type %s together with the type, in one cell", id.Name)
		}
		if !rewrite.IsSession(tn) || tn.IsAlias() {
			continue
		}
		u.Late = append(u.Late, late(fd, id.Name, tn, ptr))
	}
	if len(u.Late) == 0 {
		return nil
	}
	return s.addMethods(u)
}

// late makes the receiver of a method its first parameter.
func late(fd *ast.FuncDecl, tname string, tn *types.TypeName, ptr bool) *rewrite.LateMethod {
	lm := &rewrite.LateMethod{Type: tn, Name: fd.Name.Name, Ptr: ptr, Decl: fd}
	recv := fd.Recv.List[0]
	if len(recv.Names) == 0 {
		recv.Names = []*ast.Ident{{Name: "_", NamePos: recv.Pos()}}
	}
	fd.Type.Params.List = append([]*ast.Field{recv}, fd.Type.Params.List...)
	fd.Recv = nil
	fd.Name = &ast.Ident{Name: "m" + rewrite.Mark + tname + rewrite.Mark + fd.Name.Name, NamePos: fd.Name.NamePos}
	return lm
}

func receiver(fd *ast.FuncDecl) (id *ast.Ident, ptr, generic bool) {
	if len(fd.Recv.List) != 1 {
		return nil, false, false
	}
	t := ast.Unparen(fd.Recv.List[0].Type)
	if st, ok := t.(*ast.StarExpr); ok {
		t, ptr = ast.Unparen(st.X), true
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t, generic = x.X, true
	case *ast.IndexListExpr:
		t, generic = x.X, true
	}
	id, _ = t.(*ast.Ident)
	return id, ptr, generic
}

// addMethods learns the signatures with empty bodies, then adds the methods to
// their types, so that the bodies can use them.
func (s *Scope) addMethods(u *rewrite.Unit) *diag.Error {
	bodies := make([]*ast.BlockStmt, len(u.Late))
	for i, lm := range u.Late {
		bodies[i] = lm.Decl.Body
		lm.Decl.Body = &ast.BlockStmt{List: []ast.Stmt{&ast.ForStmt{Body: &ast.BlockStmt{}}}}
	}
	s.typecheck(u)
	for i, lm := range u.Late {
		lm.Decl.Body = bodies[i]
		fn, _ := u.Info.Defs[lm.Decl.Name].(*types.Func)
		if fn == nil {
			continue
		}
		if err := addMethod(u, lm, fn.Signature()); err != nil {
			return err
		}
	}
	return nil
}

func addMethod(u *rewrite.Unit, lm *rewrite.LateMethod, sig *types.Signature) *diag.Error {
	ps := make([]*types.Var, 0, sig.Params().Len())
	for j := 1; j < sig.Params().Len(); j++ {
		ps = append(ps, sig.Params().At(j))
	}
	r0 := sig.Params().At(0)
	recv := types.NewVar(r0.Pos(), lm.Type.Pkg(), r0.Name(), r0.Type())
	lm.Func = types.NewFunc(lm.Decl.Name.Pos(), lm.Type.Pkg(), lm.Name, types.NewSignatureType(recv, nil, nil, types.NewTuple(ps...), sig.Results(), sig.Variadic()))
	named := lm.Type.Type().(*types.Named)
	if st, ok := named.Underlying().(*types.Struct); ok {
		for i := range st.NumFields() {
			if st.Field(i).Name() == lm.Name {
				return u.Errorf(lm.Decl.Name, "field and method with the same name %s", lm.Name)
			}
		}
	}
	for i := range named.NumMethods() {
		m := named.Method(i)
		if m.Name() != lm.Name {
			continue
		}
		old := m.Signature()
		_, oldPtr := old.Recv().Type().(*types.Pointer)
		if !types.Identical(old, lm.Func.Signature()) || oldPtr != lm.Ptr {
			return u.Errorf(lm.Decl.Name, "method %s.%s has another signature already: declare type %s again to change it", lm.Type.Name(), lm.Name, lm.Type.Name())
		}
		return nil
	}
	named.AddMethod(lm.Func)
	return nil
}
