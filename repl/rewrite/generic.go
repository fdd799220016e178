package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// The interpreter's own generics fail, so each instance of a generic function
// or type that a cell uses is written out with its type arguments.

// key names an instance.
func key(o types.Object, args []types.Type) string {
	s := fmt.Sprintf("%p", o)
	for _, a := range args {
		s += "|" + types.TypeString(a, func(p *types.Package) string { return p.Path() })
		s += identities(a)
	}
	return s
}

// identities tells types of one name apart: a session can declare a name again.
func identities(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if IsSession(t.Obj()) {
			s := fmt.Sprintf("@%p", t.Origin().Obj())
			for i := 0; i < t.TypeArgs().Len(); i++ {
				s += identities(t.TypeArgs().At(i))
			}
			return s
		}
	case *types.Pointer:
		return identities(t.Elem())
	case *types.Slice:
		return identities(t.Elem())
	case *types.Array:
		return identities(t.Elem())
	case *types.Map:
		return identities(t.Key()) + identities(t.Elem())
	case *types.Chan:
		return identities(t.Elem())
	case *types.Tuple:
		s := ""
		for i := 0; i < t.Len(); i++ {
			s += identities(t.At(i).Type())
		}
		return s
	case *types.Signature:
		return identities(t.Params()) + identities(t.Results())
	case *types.Struct:
		s := ""
		for i := 0; i < t.NumFields(); i++ {
			s += identities(t.Field(i).Type())
		}
		return s
	}
	return ""
}

// funcInstance makes the instance of a generic function and gives its name.
func (e *em) funcInstance(n ast.Node, o types.Object, args []types.Type) string {
	d, ok := get(e.k.top.decls, e.k.base.decls, o)
	if !ok {
		fd, info, found := e.k.syms.Generic(o)
		if !found {
			return e.fail(n, "generic function %s.%s is not available in the shell", o.Pkg().Name(), o.Name())
		}
		d = declared{fd: fd, info: info}
		o = info.Defs[fd.Name]
	}
	k := key(o, args)
	if name, ok := get(e.k.top.insts, e.k.base.insts, k); ok {
		return name
	}
	sig := o.(*types.Func).Signature()
	env := map[*types.TypeParam]types.Type{}
	for i := 0; i < sig.TypeParams().Len() && i < len(args); i++ {
		env[sig.TypeParams().At(i)] = args[i]
	}
	name := e.k.fresh("g" + Mark + o.Name())
	e.k.top.insts[k] = name
	ne := e.with(d, env)
	inst := substType(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()), env).(*types.Signature)
	e.out.Decls = append(e.out.Decls, "var "+name+" "+ne.typ(inst))
	e.inits.WriteString(name + " = func" + ne.fsig(d.fd.Type, inst) + ne.body(d.fd.Body, inst) + "\n")
	return name
}

// typeInstance makes the instance of a generic type of the session.
func (e *em) typeInstance(t *types.Named) string {
	args := make([]types.Type, t.TypeArgs().Len())
	for i := range args {
		args[i] = t.TypeArgs().At(i)
	}
	o := t.Origin().Obj()
	k := key(o, args)
	if n, ok := get(e.k.top.insts, e.k.base.insts, k); ok {
		return n
	}
	n := e.k.fresh("t" + Mark + o.Name())
	e.k.top.insts[k] = n
	text := ""
	shown := instanceName(o, args)
	switch u := t.Underlying().(type) {
	case *types.Struct:
		text = e.structType(u, shown+Mark+n)
	case *types.Basic:
		text = e.basicType(u, n)
		fmt.Fprintf(e.inits, "%s.Name(*new(%s), %q)\n", Host, n, "main."+shown)
	default:
		text = e.typ(u)
	}
	e.out.Decls = append(e.out.Decls, "type "+n+" "+text)
	e.fieldShapes(t, n)
	e.concrete(t)
	methods := append(append([]declared{}, e.k.base.methods[o]...), e.k.top.methods[o]...)
	for _, d := range methods {
		f := d.info.Defs[d.fd.Name].(*types.Func)
		sig := f.Signature()
		env := map[*types.TypeParam]types.Type{}
		for i := 0; i < sig.RecvTypeParams().Len(); i++ {
			env[sig.RecvTypeParams().At(i)] = args[i]
		}
		rt := types.Type(t)
		if _, ok := sig.Recv().Type().(*types.Pointer); ok {
			rt = types.NewPointer(t)
		}
		recv := types.NewVar(0, nil, sig.Recv().Name(), rt)
		inst := types.NewSignatureType(recv, nil, nil, substTuple(sig.Params(), env), substTuple(sig.Results(), env), sig.Variadic())
		var b strings.Builder
		e.with(d, env).plainMethod(d.fd, inst, &b, n)
		e.inits.WriteString(b.String())
	}
	return n
}

// instanceName is the name of an instance as package reflect spells it.
func instanceName(o *types.TypeName, args []types.Type) string {
	names := mapped(args, func(t types.Type) string {
		if n, ok := types.Unalias(t).(*types.Named); ok && IsSession(n.Obj()) && n.TypeArgs().Len() > 0 {
			inner := make([]types.Type, n.TypeArgs().Len())
			for i := range inner {
				inner[i] = n.TypeArgs().At(i)
			}
			return SessionPath + "." + instanceName(n.Obj(), inner)
		}
		return types.TypeString(t, (*types.Package).Name)
	})
	return o.Name() + "[" + strings.Join(names, ",") + "]"
}

// isParameterized tells whether a type depends on type parameters of the
// instance being lowered.
func (e *em) isParameterized(t types.Type) bool {
	found := false
	seen := map[types.Type]bool{}
	var visit func(t types.Type)
	visit = func(t types.Type) {
		if t == nil || seen[t] || len(e.env) == 0 {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.TypeParam:
			_, bound := e.env[t]
			found = found || bound
		case *types.Named:
			for i := 0; i < t.TypeArgs().Len(); i++ {
				visit(t.TypeArgs().At(i))
			}
			if IsSession(t.Obj()) {
				visit(t.Underlying())
			}
		case *types.Alias:
			visit(types.Unalias(t))
		case *types.Struct:
			for i := 0; i < t.NumFields(); i++ {
				visit(t.Field(i).Type())
			}
		case *types.Signature:
			visit(t.Params())
			visit(t.Results())
		case *types.Tuple:
			for i := 0; i < t.Len(); i++ {
				visit(t.At(i).Type())
			}
		case *types.Map:
			visit(t.Key())
			visit(t.Elem())
		case interface{ Elem() types.Type }:
			visit(t.Elem())
		}
	}
	visit(t)
	return found
}
