package rewrite

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// typ spells a type for the interpreter.
func (e *em) typ(t types.Type) string {
	t = e.subst(t)
	switch t := t.(type) {
	case *types.Basic:
		return e.basic(t)
	case *types.Alias:
		if p := t.Obj().Pkg(); p != nil && !IsSession(t.Obj()) && t.TypeArgs().Len() == 0 && t.Obj().Exported() && e.k.syms.Has(p.Path(), t.Obj().Name()) {
			return e.use(p.Path()) + "." + t.Obj().Name()
		}
		return e.typ(types.Unalias(t))
	case *types.Named:
		return e.named(t)
	case *types.Pointer:
		return "*" + e.typ(t.Elem())
	case *types.Slice:
		return "[]" + e.typ(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), e.typ(t.Elem()))
	case *types.Map:
		return "map[" + e.typ(t.Key()) + "]" + e.typ(t.Elem())
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + e.typ(t.Elem())
		case types.RecvOnly:
			return "<-chan " + e.typ(t.Elem())
		}
		return "chan (" + e.typ(t.Elem()) + ")"
	case *types.Signature:
		return "func" + e.sig(t, nil)
	case *types.Struct:
		e.promotes(t)
		return e.structType(t, "")
	case *types.Interface:
		return "interface{}"
	case *types.TypeParam:
		return e.fail(nil, "type parameter %s is not bound", t)
	}
	return e.fail(nil, "type %s can't be written for the interpreter", t)
}

func (e *em) basic(t *types.Basic) string {
	switch t.Kind() {
	case types.UntypedNil:
		return "interface{}"
	case types.UnsafePointer:
		return e.use("unsafe") + ".Pointer"
	}
	if t.Info()&types.IsUntyped != 0 {
		return types.Default(t).String()
	}
	return t.Name()
}

func (e *em) named(t *types.Named) string {
	o := t.Obj()
	switch {
	case o.Pkg() == nil:
		return o.Name() // error, comparable
	case e.dynamic(t):
		return "interface{}"
	case IsSession(o):
		if t.TypeArgs().Len() > 0 {
			return e.typeInstance(t)
		}
		if n, ok := e.locals[o]; ok {
			return n
		}
		if n, ok := e.k.name(o); ok {
			return n
		}
		return e.localName(o.Name())
	case t.TypeArgs().Len() > 0:
		if t.NumMethods() == 0 {
			return e.typ(t.Underlying())
		}
		return e.fail(nil, "%s: instances of compiled generic types are not available in the shell", types.TypeString(t, qualifier))
	case !o.Exported() || !e.k.syms.Has(o.Pkg().Path(), o.Name()):
		return e.fail(nil, "type %s can't be named outside its package", types.TypeString(t, qualifier))
	}
	return e.use(o.Pkg().Path()) + "." + o.Name()
}

// TypeTag is the key of the field tag that names a declared struct type: the
// interpreter's values have no other identity, and structs of the same fields
// would be of one type in an interface.
const TypeTag = "pawsh"

// NameTag is the key of the field tag with the name of a field that Go does not
// export.
const NameTag = "pawsh_field"

// EmbedTag is the key of the field tag that tells an embedded field: the
// interpreter's types don't.
const EmbedTag = "pawsh_embedded"

// structType spells a struct type; name is that of its declaration, "" for a
// type without a name. Fields that Go does not export carry tags that keep
// encoders away from them, as the interpreter exports them all.
func (e *em) structType(t *types.Struct, name string) string {
	var b strings.Builder
	b.WriteString("struct{")
	if t.NumFields() == 0 && name != "" {
		return "struct{ I" + Mark + " " + Host + ".Identity " + strconv.Quote(`json:"-" xml:"-" `+TypeTag+":"+strconv.Quote(name)) + " }"
	}
	for i := 0; i < t.NumFields(); i++ {
		f := t.Field(i)
		if i > 0 {
			b.WriteString("; ")
		}
		switch {
		case f.Name() == "_":
			fmt.Fprintf(&b, "_%s%d ", Mark, i)
		case !f.Embedded() || e.dynamic(f.Type()):
			b.WriteString(f.Name() + " ")
		}
		b.WriteString(e.typ(f.Type()))
		tag := t.Tag(i)
		if !f.Exported() && !f.Embedded() && tag == "" {
			tag = `json:"-" xml:"-"`
		}
		if !f.Exported() {
			tag = strings.TrimSpace(tag + " " + NameTag + ":" + strconv.Quote(f.Name()))
		}
		if f.Embedded() && !e.dynamic(f.Type()) {
			tag = strings.TrimSpace(tag + " " + EmbedTag + `:"1"`)
		}
		if i == 0 && name != "" {
			tag = strings.TrimSpace(tag + " " + TypeTag + ":" + strconv.Quote(name))
		}
		if tag != "" {
			b.WriteString(" " + strconv.Quote(tag))
		}
	}
	return b.String() + "}"
}

// poolSize is the number of named types a kind that compiled code lends to
// sessions, see repl/eval.
const poolSize = 32

// basicType spells the type that a declaration gives a name to: a compiled one
// of the same kind that nothing else uses, so that interfaces can tell it.
func (e *em) basicType(b *types.Basic, name string) string {
	if b.Kind() == types.UnsafePointer || b.Info()&types.IsUntyped != 0 {
		return e.typ(b)
	}
	n := e.k.pool[b.Kind()]
	if n >= poolSize {
		return e.typ(b)
	}
	e.k.pool[b.Kind()]++
	kind := strings.ToUpper(b.Name()[:1]) + b.Name()[1:]
	if b.Kind() == types.Uint8 {
		kind = "Uint8"
	} else if b.Kind() == types.Int32 {
		kind = "Int32"
	}
	return fmt.Sprintf("%s.%s_%d", Host, kind, n)
}

// sig spells parameters and results. The interpreter mishandles functions with
// unnamed parameters, so definitions pass a name for each.
func (e *em) sig(s *types.Signature, names func(i int) string) string {
	var b strings.Builder
	b.WriteString("(")
	for i := 0; i < s.Params().Len(); i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		if names != nil {
			b.WriteString(names(i) + " ")
		}
		t := s.Params().At(i).Type()
		if s.Variadic() && i == s.Params().Len()-1 {
			if sl, ok := e.subst(t).(*types.Slice); ok {
				b.WriteString("..." + e.typ(sl.Elem()))
			} else {
				b.WriteString("...byte")
			}
			continue
		}
		b.WriteString(e.typ(t))
	}
	b.WriteString(")")
	n := s.Results().Len()
	if n == 0 {
		return b.String()
	}
	named := names != nil && s.Results().At(0).Name() != ""
	if n == 1 && !named {
		return b.String() + " " + e.typ(s.Results().At(0).Type())
	}
	b.WriteString(" (")
	for i := 0; i < n; i++ {
		r := s.Results().At(i)
		if i > 0 {
			b.WriteString(", ")
		}
		if named {
			b.WriteString(e.resultName(r, i) + " ")
		}
		b.WriteString(e.typ(r.Type()))
	}
	return b.String() + ")"
}

// localName keeps names of functions' own variables apart from predeclared
// ones, which lowered code needs.
func (e *em) localName(name string) string {
	if types.Universe.Lookup(name) != nil {
		return name + Mark
	}
	return name
}

// subst replaces type parameters by the arguments of the instance being lowered.
func (e *em) subst(t types.Type) types.Type {
	if len(e.env) == 0 {
		return t
	}
	return substType(t, e.env)
}

func substType(t types.Type, env map[*types.TypeParam]types.Type) types.Type {
	switch t := t.(type) {
	case *types.TypeParam:
		if r, ok := env[t]; ok {
			return r
		}
	case *types.Alias:
		return substType(types.Unalias(t), env)
	case *types.Pointer:
		return types.NewPointer(substType(t.Elem(), env))
	case *types.Slice:
		return types.NewSlice(substType(t.Elem(), env))
	case *types.Array:
		return types.NewArray(substType(t.Elem(), env), t.Len())
	case *types.Map:
		return types.NewMap(substType(t.Key(), env), substType(t.Elem(), env))
	case *types.Chan:
		return types.NewChan(t.Dir(), substType(t.Elem(), env))
	case *types.Tuple:
		return substTuple(t, env)
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, substTuple(t.Params(), env), substTuple(t.Results(), env), t.Variadic())
	case *types.Struct:
		fields := make([]*types.Var, t.NumFields())
		tags := make([]string, t.NumFields())
		for i := range fields {
			f := t.Field(i)
			fields[i] = types.NewField(f.Pos(), f.Pkg(), f.Name(), substType(f.Type(), env), f.Embedded())
			tags[i] = t.Tag(i)
		}
		return types.NewStruct(fields, tags)
	case *types.Interface:
		return substInterface(t, env)
	case *types.Named:
		return substNamed(t, env)
	}
	return t
}

func substInterface(t *types.Interface, env map[*types.TypeParam]types.Type) types.Type {
	if t.NumMethods() == 0 {
		return t
	}
	ms := make([]*types.Func, t.NumMethods())
	for i := range ms {
		m := t.Method(i)
		sig := substType(m.Signature(), env).(*types.Signature)
		ms[i] = types.NewFunc(m.Pos(), m.Pkg(), m.Name(), sig)
	}
	return types.NewInterfaceType(ms, nil).Complete()
}

func substNamed(t *types.Named, env map[*types.TypeParam]types.Type) types.Type {
	ta := t.TypeArgs()
	if ta.Len() == 0 {
		return t
	}
	args := make([]types.Type, ta.Len())
	for i := range args {
		args[i] = substType(ta.At(i), env)
	}
	if r, err := types.Instantiate(shared, t.Origin(), args, false); err == nil {
		return r
	}
	return t
}

// shared makes equal instances one type.
var shared = types.NewContext()

func substTuple(t *types.Tuple, env map[*types.TypeParam]types.Type) *types.Tuple {
	vs := make([]*types.Var, t.Len())
	for i := range vs {
		v := t.At(i)
		vs[i] = types.NewVar(v.Pos(), v.Pkg(), v.Name(), substType(v.Type(), env))
	}
	return types.NewTuple(vs...)
}
