package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// call describes the call that the cursor's value is an argument of: itself or
// as an element of a slice.
func (c *Completer) call(st *site) *Call {
	bare, inMap, key := true, false, ""
	for i := len(st.path) - 2; i >= 0; i-- {
		switch n := st.path[i].(type) {
		case *ast.CompositeLit:
			switch n.Type.(type) {
			case *ast.ArrayType:
			case *ast.MapType:
				inMap = true
			default:
				return nil
			}
			if n.Type == st.path[i+1] {
				return nil
			}
			bare = false
		case *ast.ParenExpr:
		case *ast.KeyValueExpr:
			if cl, ok := st.path[i-1].(*ast.CompositeLit); ok {
				if _, ok := cl.Type.(*ast.MapType); ok {
					if n.Value == st.path[i+1] {
						key = text(n.Key)
					}
					continue
				}
			}
			return c.field(st, i, n)
		case *ast.CallExpr:
			if isInvented(n.Fun) {
				continue
			}
			for j, a := range n.Args {
				if a == st.path[i+1] {
					d := c.describe(st, i, n, j)
					if d == nil {
						return nil
					}
					if kv, ok := st.parent(len(st.path) - i).(*ast.KeyValueExpr); ok && d.Path == awsPath { // aws.String("...")
						return c.field(st, i-1, kv)
					}
					d.Bare, d.Map, d.Key = bare, inMap, key
					return d
				}
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// text is the value of a string literal, "" of anything else.
func text(x ast.Expr) string {
	lit, ok := x.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

// awsPath is the package whose functions make pointers of strings.
const awsPath = "github.com/aws/aws-sdk-go-v2/aws"

// field describes the field at place i of the path as if the struct were a
// function: the input of an operation names its parameters.
func (c *Completer) field(st *site, i int, kv *ast.KeyValueExpr) *Call {
	key, ok := kv.Key.(*ast.Ident)
	if !ok || kv.Value != st.path[i+1] || i == 0 {
		return nil
	}
	cl, ok := st.path[i-1].(*ast.CompositeLit)
	if !ok {
		return nil
	}
	n := named(st.unit.Info.TypeOf(cl))
	if n == nil {
		return nil
	}
	d := &Call{Path: pathOf(n.Obj()), Name: n.Obj().Name() + "." + key.Name, Param: key.Name}
	d.Outer = c.outer(st, i-1)
	return d
}

// outer describes the call around place i of the path.
func (c *Completer) outer(st *site, i int) *Call {
	for k := i - 1; k >= 0; k-- {
		switch n := st.path[k].(type) {
		case *ast.BlockStmt:
			return nil
		case *ast.CallExpr:
			if isInvented(n.Fun) {
				continue
			}
			for m, a := range n.Args {
				if a == st.path[k+1] {
					return c.describe(st, k, n, m)
				}
			}
			return nil
		}
	}
	return nil
}

// describe tells of the call at place i of the path and its argument j.
func (c *Completer) describe(st *site, i int, n *ast.CallExpr, j int) *Call {
	f := callee(st.unit, n.Fun)
	if f == nil {
		return nil
	}
	sig, ok := st.unit.Info.TypeOf(n.Fun).(*types.Signature)
	if !ok {
		sig = f.Signature()
	}
	d := &Call{Path: pathOf(f), Name: f.Name()}
	if r := f.Signature().Recv(); r != nil {
		if t := named(r.Type()); t != nil {
			d.Name = t.Obj().Name() + "." + f.Name()
		}
	}
	if p := parameter(sig, j); p != nil {
		d.Param, d.Type = p.Name(), paramType(sig, j)
	}
	if len(n.Args) > 0 {
		d.First = text(n.Args[0])
	}
	if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil {
		d.Root, d.Direct = root(sel.X)
	}
	d.Outer = c.outer(st, i)
	return d
}

// root is the name that a chain of selectors, calls and indices begins with.
func root(x ast.Expr) (name string, direct bool) {
	direct = true
	for {
		switch e := x.(type) {
		case *ast.Ident:
			n := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(e.Name, sdkSuffix), ownSuffix), connSuffix)
			return n, direct
		case *ast.ParenExpr:
			x = e.X
			continue
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.CallExpr:
			if isInvented(e.Fun) && len(e.Args) == 1 {
				x = e.Args[0]
			} else {
				x = e.Fun
			}
		default:
			return "", false
		}
		direct = false
	}
}

func parameter(sig *types.Signature, i int) *types.Var {
	n := sig.Params().Len()
	switch {
	case i < n:
		return sig.Params().At(i)
	case sig.Variadic() && n > 0:
		return sig.Params().At(n - 1)
	}
	return nil
}

// paramType is the type that argument i must have.
func paramType(sig *types.Signature, i int) types.Type {
	p := parameter(sig, i)
	if p == nil {
		return nil
	}
	if s, ok := p.Type().(*types.Slice); ok && sig.Variadic() && i >= sig.Params().Len()-1 {
		return s.Elem()
	}
	return p.Type()
}
