package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// declUnit lowers declarations. Functions become variables, so that callers
// see a function that is defined again; methods become trampolines.
func (e *em) declUnit(body *strings.Builder) {
	u := e.u
	for _, o := range u.New {
		if tn, ok := o.(*types.TypeName); ok && IsSession(tn) {
			e.k.top.names[tn] = e.k.fresh(tn.Name())
		}
	}
	late := map[*ast.FuncDecl]*LateMethod{}
	for _, lm := range u.Late {
		late[lm.Decl] = lm
	}
	e.registerGenerics(late)
	e.declareFuncs(late)
	for _, o := range u.New {
		if v, ok := o.(*types.Var); ok {
			e.hoist(v)
		}
	}
	for _, d := range u.File.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.TYPE {
				e.types(d)
			}
		case *ast.FuncDecl:
			e.funcDecl(d, late[d], body)
		}
	}
	if len(u.Info.InitOrder) > 0 {
		fmt.Fprintf(body, "/*line func@%d@0@0/_.go:1:1*/", u.ID)
	}
	for _, in := range u.Info.InitOrder {
		lhs := make([]string, len(in.Lhs))
		for i, v := range in.Lhs {
			lhs[i] = "_"
			if v.Name() != "_" {
				lhs[i], _ = e.k.name(v)
			}
		}
		e.fn = []*fnctx{{sig: types.NewSignatureType(nil, nil, nil, nil, nil, false)}}
		body.WriteString(e.mark(in.Rhs) + e.initialise(in, lhs) + "\n")
	}
	e.initCalls(body)
}

// initialise writes the initialisation of variables of the session.
func (e *em) initialise(in *types.Initializer, lhs []string) string {
	rhs := []ast.Expr{in.Rhs}
	if len(lhs) == 1 {
		switch {
		case lhs[0] != "_":
			return lhs[0] + " = " + e.coerceText(e.specValue(in.Rhs), in.Rhs, in.Lhs[0].Type())
		case e.droppable(in.Rhs):
			return Host + ".Box(" + e.expr(in.Rhs) + ")"
		}
		return "_ = " + e.specValue(in.Rhs)
	}
	tmps := make([]string, len(lhs))
	post := ""
	for i, l := range lhs {
		tmps[i] = "_"
		if l != "_" {
			tmps[i] = e.temp("t")
			post += "; " + l + " = " + e.coerceFrom(tmps[i], e.component(rhs, i), in.Lhs[i].Type())
		}
	}
	if post == "" {
		return strings.Join(tmps, ", ") + " = " + e.expr(in.Rhs)
	}
	return "{ " + strings.Join(tmps, ", ") + " := " + e.expr(in.Rhs) + post + " }"
}

// registerGenerics remembers generic functions and the methods of generic
// types; instances of them are made where they are used.
func (e *em) registerGenerics(late map[*ast.FuncDecl]*LateMethod) {
	for _, d := range e.u.File.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || late[fd] != nil || fd.Body == nil {
			continue
		}
		f, _ := e.info.Defs[fd.Name].(*types.Func)
		if f == nil {
			continue
		}
		decl := declared{fd: fd, info: e.info, unit: e.u}
		if sig := f.Signature(); fd.Recv != nil && sig.RecvTypeParams().Len() > 0 {
			rt := sig.Recv().Type()
			if p, ok := rt.(*types.Pointer); ok {
				rt = p.Elem()
			}
			tn := rt.(*types.Named).Obj()
			e.k.top.methods[tn] = append(e.k.top.methods[tn], decl)
		} else if fd.Recv == nil && fd.Type.TypeParams != nil {
			e.k.top.decls[f] = decl
		}
	}
}

// initCalls runs the file's init functions after its variables are set.
func (e *em) initCalls(body *strings.Builder) {
	for _, d := range e.u.File.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv != nil || fd.Name.Name != "init" {
			continue
		}
		if f, ok := e.info.Defs[fd.Name].(*types.Func); ok {
			body.WriteString("func" + e.fsig(fd.Type, f.Signature()) + e.body(fd.Body, f.Signature()) + "()\n")
		}
	}
}

// declareFuncs gives each function a variable; one of the same name and type
// as before keeps its variable, and so its callers.
func (e *em) declareFuncs(late map[*ast.FuncDecl]*LateMethod) {
	for _, d := range e.u.File.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || late[fd] != nil || fd.Recv != nil || fd.Type.TypeParams != nil || fd.Name.Name == "_" || fd.Name.Name == "init" {
			continue
		}
		f, _ := e.info.Defs[fd.Name].(*types.Func)
		if f == nil {
			continue
		}
		if o, ok := get(e.k.top.slot, e.k.base.slot, f.Name()); ok {
			if old, ok := o.(*types.Func); ok && types.Identical(old.Type(), f.Type()) {
				n, _ := e.k.name(old)
				e.k.top.names[f] = n
				e.k.top.slot[f.Name()] = f
				continue
			}
		}
		n := e.k.fresh(f.Name())
		e.k.top.names[f] = n
		e.k.top.slot[f.Name()] = f
		e.out.Decls = append(e.out.Decls, "var "+n+" "+e.typ(f.Type()))
	}
}

func (e *em) types(d *ast.GenDecl) {
	for _, sp := range d.Specs {
		ts := sp.(*ast.TypeSpec)
		o, ok := e.info.Defs[ts.Name].(*types.TypeName)
		if !ok || ts.TypeParams != nil || ts.Name.Name == "_" {
			continue // generic types exist as instances only
		}
		if _, ok := o.Type().Underlying().(*types.Interface); ok {
			continue // interfaces exist for the checker only
		}
		if t, ok := o.Type().(*types.Named); ok && !ts.Assign.IsValid() {
			e.concrete(t)
		}
		n, _ := e.k.name(o)
		e.declareType(ts, o, n)
	}
}

// declareType gives the interpreter a type under a name of the session.
func (e *em) declareType(ts *ast.TypeSpec, o *types.TypeName, name string) {
	if _, ok := o.Type().Underlying().(*types.Basic); ok && !ts.Assign.IsValid() {
		fmt.Fprintf(e.inits, "%s.Name(*new(%s), %q)\n", Host, name, "main."+ts.Name.Name)
	}
	e.out.Decls = append(e.out.Decls, e.typeDecl(ts, name))
	e.fieldShapes(o.Type(), name)
}

// localType declares a type of a function's body outside of it, under a name of
// its own: the interpreter tells neither types of one name apart nor one from
// the package's, and nothing could be registered for it.
func (e *em) localType(ts *ast.TypeSpec) {
	o, ok := e.info.Defs[ts.Name].(*types.TypeName)
	if !ok || ts.Assign.IsValid() || ts.Name.Name == "_" {
		return // aliases exist for the checker only
	}
	name := e.k.fresh(ts.Name.Name + Mark + "t")
	if len(e.env) > 0 {
		e.locals[o] = name // another one in each instance
	} else {
		e.k.top.names[o] = name
	}
	if _, ok := o.Type().Underlying().(*types.Interface); ok {
		return
	}
	if t, ok := o.Type().(*types.Named); ok && len(e.env) == 0 {
		e.concrete(t)
	}
	e.declareType(ts, o, name)
}

func (e *em) funcDecl(d *ast.FuncDecl, lm *LateMethod, body *strings.Builder) {
	if lm != nil {
		tname, _ := e.k.name(lm.Type)
		e.method(tname, lm.Ptr, lm.Name, d, e.info.Defs[d.Name].(*types.Func).Signature(), lm.Func.Signature(), body)
		return
	}
	f, _ := e.info.Defs[d.Name].(*types.Func)
	if f == nil || d.Body == nil || d.Name.Name == "_" || d.Recv == nil && d.Name.Name == "init" {
		if d.Body == nil {
			e.fail(d, "function %s has no body", d.Name.Name)
		}
		return
	}
	sig := f.Signature()
	switch {
	case d.Recv != nil && sig.RecvTypeParams().Len() > 0, d.Type.TypeParams != nil:
		return // written out with each instance
	case d.Recv != nil:
		e.plainMethod(d, sig, body, "")
	default:
		n, _ := e.k.name(f)
		body.WriteString(n + " = func" + e.fsig(d.Type, sig) + e.body(d.Body, sig) + "\n")
	}
}

// plainMethod turns func (r T) M(...) into a function that takes the receiver
// first, and a trampoline that calls it.
func (e *em) plainMethod(d *ast.FuncDecl, sig *types.Signature, body *strings.Builder, tname string) {
	rt := sig.Recv().Type()
	ptr := false
	if p, ok := rt.(*types.Pointer); ok {
		rt, ptr = p.Elem(), true
	}
	if tname == "" {
		tname = e.typ(rt)
	}
	recv := *d.Recv.List[0]
	if len(recv.Names) == 0 {
		recv.Names = []*ast.Ident{{Name: "_"}}
	}
	ft, params := *d.Type, *d.Type.Params
	params.List = append([]*ast.Field{&recv}, params.List...)
	ft.Params = &params
	ps := []*types.Var{sig.Recv()}
	for i := 0; i < sig.Params().Len(); i++ {
		ps = append(ps, sig.Params().At(i))
	}
	fsig := types.NewSignatureType(nil, nil, nil, types.NewTuple(ps...), sig.Results(), sig.Variadic())
	e.method(tname, ptr, d.Name.Name, &ast.FuncDecl{Name: d.Name, Type: &ft, Body: d.Body}, fsig, sig, body)
}

func (e *em) method(tname string, ptr bool, name string, d *ast.FuncDecl, fsig, msig *types.Signature, body *strings.Builder) {
	slot := "m" + Mark + tname + Mark + name
	if _, ok := get(e.k.top.slots, e.k.base.slots, slot); !ok {
		e.k.top.slots[slot] = true
		e.k.top.dirty = true
		e.wellKnown(name, msig)
		e.out.Decls = append(e.out.Decls, "var "+slot+" "+e.typ(fsig))
		names := func(i int) string { return fmt.Sprintf("a%s%d", Mark, i) }
		recv := "r" + Mark
		args := []string{recv}
		for i := 0; i < msig.Params().Len(); i++ {
			a := names(i)
			if msig.Variadic() && i == msig.Params().Len()-1 {
				a += "..."
			}
			args = append(args, a)
		}
		star, ret := "", ""
		if ptr {
			star = "*"
		}
		if msig.Results().Len() > 0 {
			ret = "return "
		}
		plain := types.NewSignatureType(nil, nil, nil, msig.Params(), unnamed(msig.Results()), msig.Variadic())
		e.out.Decls = append(e.out.Decls, fmt.Sprintf("func (%s %s%s) %s%s { %s%s(%s) }", recv, star, tname, name, e.sig(plain, names), ret, slot, strings.Join(args, ", ")))
	}
	body.WriteString(slot + " = func" + e.fsig(d.Type, fsig) + e.body(d.Body, fsig) + "\n")
}

func unnamed(t *types.Tuple) *types.Tuple {
	vs := make([]*types.Var, t.Len())
	for i := range vs {
		vs[i] = types.NewVar(token.NoPos, nil, "", t.At(i).Type())
	}
	return types.NewTuple(vs...)
}
