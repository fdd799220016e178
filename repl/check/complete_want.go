package check

import (
	"go/ast"
	"go/token"
	"go/types"
)

// wanted gives the type that the place of the cursor asks for, or nil.
func (c *Completer) wanted(st *site) types.Type {
	info := st.unit.Info
	switch p := st.parent(1).(type) {
	case *ast.CallExpr:
		if sig, ok := info.TypeOf(p.Fun).(*types.Signature); ok {
			for j, a := range p.Args {
				if a == ast.Expr(st.ident) {
					return paramType(sig, j)
				}
			}
		}
	case *ast.KeyValueExpr:
		return st.wantedElement(p)
	case *ast.CompositeLit:
		switch t := elem(info.TypeOf(p)).(type) {
		case *types.Slice:
			return t.Elem()
		case *types.Array:
			return t.Elem()
		case *types.Map:
			return t.Key()
		}
	case *ast.BinaryExpr:
		if p.Y == ast.Expr(st.ident) && p.Op != token.LAND && p.Op != token.LOR {
			return info.TypeOf(p.X)
		}
	case *ast.AssignStmt:
		for j, r := range p.Rhs {
			if r == ast.Expr(st.ident) && len(p.Lhs) == len(p.Rhs) && p.Tok != token.DEFINE {
				return info.TypeOf(p.Lhs[j])
			}
		}
	case *ast.ValueSpec:
		if p.Type != nil && p.Type != ast.Expr(st.ident) {
			return info.TypeOf(p.Type)
		}
	case *ast.IndexExpr:
		if p.Index != ast.Expr(st.ident) {
			return nil
		}
		switch t := elem(info.TypeOf(p.X)).(type) {
		case *types.Map:
			return t.Key()
		case *types.Slice, *types.Array:
			return types.Typ[types.Int]
		}
	case *ast.CaseClause:
		for i := range st.path {
			if sw, ok := st.parent(i).(*ast.SwitchStmt); ok && sw.Tag != nil {
				return info.TypeOf(sw.Tag)
			}
		}
	case *ast.SendStmt:
		if t, ok := elem(info.TypeOf(p.Chan)).(*types.Chan); ok && p.Value == ast.Expr(st.ident) {
			return t.Elem()
		}
	}
	return nil
}

// elem is the underlying type, of what a pointer points to.
func elem(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying()
}

// wantedElement is the type of the cursor behind or in front of a colon.
func (st *site) wantedElement(kv *ast.KeyValueExpr) types.Type {
	cl, ok := st.parent(2).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	switch t := elem(st.unit.Info.TypeOf(cl)).(type) {
	case *types.Struct:
		id, ok := kv.Key.(*ast.Ident)
		if !ok || kv.Value != ast.Expr(st.ident) {
			return nil
		}
		for i := range t.NumFields() {
			if t.Field(i).Name() == id.Name {
				return t.Field(i).Type()
			}
		}
	case *types.Map:
		if kv.Value == ast.Expr(st.ident) {
			return t.Elem()
		}
		return t.Key()
	case *types.Slice:
		return t.Elem()
	}
	return nil
}
