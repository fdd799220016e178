package python

import (
	gotoken "go/token"
	"go/types"
	"strings"
)

// val is a translated expression.
type val struct {
	src  string
	prec int        // of src as an operand: 1 to 5 for binary operators, 6 unary, 7 primary
	t    types.Type // nil where there is no value
	kind valKind
	// elems are those of a literal tuple, list or set, and the keys and values
	// of a literal dict in turn, for where another type is wanted.
	elems []val
	name  string // of a module, a class, a builtin, a method
	recv  *val   // of a method
	fn    *function
	text  string // of a string literal
	fails bool   // src is a call that also gives an error
	whole bool   // an int that is not negative
	void  bool   // a call without a result
	// format and args are those of a fmt.Sprintf that src is.
	format string
	args   []string
	made   bool // src is fmt.Sprintf(format, args)
	pair   bool // src is a call that gives an error, too, which the shell raises
	maybe  *val // the dict that src was looked up in without a default
	key    string
	nilish bool // None in Python where there is nothing
}

type valKind int

const (
	kValue valKind = iota
	kNone
	kString // a literal
	kNumber // a literal
	kTuple
	kList
	kDict
	kModule
	kClass   // something that is called to make a value
	kMethod  // of a type of the bindings
	kBuiltin // of Python, of its modules, or of its own types
	kFunc    // a def
)

const (
	precUnary   = 6
	precPrimary = 7
)

func primary(src string, t types.Type) val { return val{src: src, prec: precPrimary, t: t} }

// at puts brackets around an operand that binds too loosely.
func (v val) at(prec int) string {
	if v.prec < prec {
		return "(" + v.src + ")"
	}
	return v.src
}

var (
	tInt     = types.Typ[types.Int]
	tFloat   = types.Typ[types.Float64]
	tStr     = types.Typ[types.String]
	tBool    = types.Typ[types.Bool]
	tByte    = types.Typ[types.Uint8]
	tAny     = types.Universe.Lookup("any").Type()
	tError   = types.Universe.Lookup("error").Type()
	tBytes   = types.NewSlice(tByte)
	tStrings = types.NewSlice(tStr)
	tNothing = types.NewStruct(nil, nil)
)

// holePrefix begins the names of types that are not known yet.
const holePrefix = "?"

// hole gives the type that a key stands for: the one that was found, or a
// placeholder.
func (u *unit) hole(key string) types.Type {
	if t := u.bound[key]; t != nil {
		return u.res(t)
	}
	if u.holes[key] == nil {
		u.holes[key] = types.NewNamed(types.NewTypeName(gotoken.NoPos, nil, holePrefix+key, nil), types.NewStruct(nil, nil), nil)
	}
	return u.holes[key]
}

func holeKey(t types.Type) (string, bool) {
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() != nil {
		return "", false
	}
	return strings.CutPrefix(n.Obj().Name(), holePrefix)
}

func isHole(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := holeKey(t)
	return ok
}

// res puts found types in the place of holes.
func (u *unit) res(t types.Type) types.Type {
	switch x := t.(type) {
	case *types.Named:
		if k, ok := holeKey(x); ok {
			if b := u.bound[k]; b != nil {
				return u.res(b)
			}
		}
	case *types.Slice:
		if e := u.res(x.Elem()); e != x.Elem() {
			return types.NewSlice(e)
		}
	case *types.Map:
		k, e := u.res(x.Key()), u.res(x.Elem())
		if k != x.Key() || e != x.Elem() {
			return types.NewMap(k, e)
		}
	case *types.Struct:
		if isTuple(x) {
			var ts []types.Type
			changed := false
			for i := range x.NumFields() {
				e := u.res(x.Field(i).Type())
				changed = changed || e != x.Field(i).Type()
				ts = append(ts, e)
			}
			if changed {
				return tupleType(ts)
			}
		}
	}
	return t
}

// open tells whether a type has holes.
func (u *unit) open(t types.Type) bool {
	switch x := u.res(t).(type) {
	case *types.Named:
		return isHole(x)
	case *types.Slice:
		return u.open(x.Elem())
	case *types.Map:
		return u.open(x.Key()) || u.open(x.Elem())
	case *types.Struct:
		if isTuple(x) {
			for i := range x.NumFields() {
				if u.open(x.Field(i).Type()) {
					return true
				}
			}
		}
	}
	return false
}

// bind says what a hole is.
func (u *unit) bind(key string, t types.Type) {
	t = u.res(t)
	if k, ok := holeKey(t); ok && k == key || u.contains(t, key) {
		return
	}
	if old := u.bound[key]; old != nil && types.Identical(old, t) {
		return
	}
	u.bound[key] = t
	u.changed = true
}

func (u *unit) contains(t types.Type, key string) bool {
	switch x := u.res(t).(type) {
	case *types.Named:
		k, ok := holeKey(x)
		return ok && k == key
	case *types.Slice:
		return u.contains(x.Elem(), key)
	case *types.Map:
		return u.contains(x.Key(), key) || u.contains(x.Elem(), key)
	}
	return false
}

// unify makes two types one where holes allow it.
func (u *unit) unify(a, b types.Type) bool {
	a, b = u.res(a), u.res(b)
	if a == nil || b == nil {
		return false
	}
	if k, ok := holeKey(a); ok {
		u.bind(k, b)
		return true
	}
	if k, ok := holeKey(b); ok {
		u.bind(k, a)
		return true
	}
	switch x := a.(type) {
	case *types.Slice:
		if y, ok := b.(*types.Slice); ok {
			return u.unify(x.Elem(), y.Elem())
		}
		if y, ok := b.Underlying().(*types.Slice); ok && u.open(x) {
			return u.unify(x.Elem(), y.Elem())
		}
	case *types.Map:
		if y, ok := b.Underlying().(*types.Map); ok {
			return u.unify(x.Key(), y.Key()) && u.unify(x.Elem(), y.Elem())
		}
	case *types.Struct:
		if y, ok := b.(*types.Struct); ok && isTuple(x) && isTuple(y) && x.NumFields() == y.NumFields() {
			for i := range x.NumFields() {
				if !u.unify(x.Field(i).Type(), y.Field(i).Type()) {
					return false
				}
			}
			return true
		}
	}
	return types.Identical(a, b)
}

// tupleType is the type of a tuple that is kept: a struct of fields A, B, ...
func tupleType(ts []types.Type) types.Type {
	var fs []*types.Var
	for i, t := range ts {
		fs = append(fs, types.NewField(gotoken.NoPos, nil, string(rune('A'+i)), t, false))
	}
	return types.NewStruct(fs, nil)
}

func isTuple(t types.Type) bool {
	s, ok := t.(*types.Struct)
	if !ok || s.NumFields() == 0 {
		return false
	}
	for i := range s.NumFields() {
		if s.Field(i).Name() != string(rune('A'+i)) {
			return false
		}
	}
	return true
}

func basic(t types.Type, info types.BasicInfo) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}

func isString(t types.Type) bool  { return basic(t, types.IsString) }
func isInteger(t types.Type) bool { return basic(t, types.IsInteger) }
func isFloat(t types.Type) bool   { return basic(t, types.IsFloat) }
func isBool(t types.Type) bool    { return basic(t, types.IsBoolean) }
func isNumber(t types.Type) bool  { return isInteger(t) || isFloat(t) }

func sliceOf(t types.Type) (types.Type, bool) {
	if t == nil {
		return nil, false
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		return s.Elem(), true
	}
	return nil, false
}

func mapOf(t types.Type) (key, elem types.Type, ok bool) {
	if t == nil {
		return nil, nil, false
	}
	if m, ok := t.Underlying().(*types.Map); ok {
		return m.Key(), m.Elem(), true
	}
	return nil, nil, false
}

// isSet tells a Python set: a map to struct{}.
func isSet(t types.Type) bool {
	_, e, ok := mapOf(t)
	return ok && types.Identical(e, tNothing)
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// named gives a type's name, pointer or not.
func named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	n, _ := types.Unalias(pointee(types.Unalias(t))).(*types.Named)
	return n
}

// isType tells whether a type is a named one of a package, pointer or not.
func isType(t types.Type, path, name string) bool {
	n := named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path && n.Obj().Name() == name
}

func isTime(t types.Type) bool     { return isType(t, "time", "Time") }
func isDuration(t types.Type) bool { return isType(t, "time", "Duration") }
func isFile(t types.Type) bool     { return isType(t, "os", "File") }

func nilable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface, *types.Signature, *types.Chan:
		return !isHole(t)
	}
	return false
}

// seq2 gives what an iter.Seq2[T, error] yields.
func seq2(t types.Type) (types.Type, bool) {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "iter" || n.Obj().Name() != "Seq2" || n.TypeArgs().Len() != 2 {
		return nil, false
	}
	if !types.Identical(n.TypeArgs().At(1), tError) {
		return nil, false
	}
	return n.TypeArgs().At(0), true
}

// typeName writes a type as a cell does.
func (u *unit) typeName(t types.Type) string {
	t = u.res(t)
	switch x := t.(type) {
	case *types.Pointer:
		return "*" + u.typeName(x.Elem())
	case *types.Slice:
		return "[]" + u.typeName(x.Elem())
	case *types.Map:
		return "map[" + u.typeName(x.Key()) + "]" + u.typeName(x.Elem())
	case *types.Alias:
		return u.typeName(types.Unalias(x))
	case *types.Interface:
		if x.Empty() {
			return "any"
		}
	case *types.Named:
		if isHole(x) {
			u.unknown = true
			return "any"
		}
		if x.Obj().Pkg() == nil {
			return x.Obj().Name()
		}
		if a := u.alias(x); a != "" {
			return "boto." + a
		}
		return u.pkgName(x.Obj().Pkg().Path(), x.Obj().Pkg().Name()) + x.Obj().Name() + u.typeArgs(x)
	case *types.Struct:
		if isTuple(x) {
			var b strings.Builder
			b.WriteString("struct {")
			for i := range x.NumFields() {
				if i > 0 {
					b.WriteString("; ")
				}
				b.WriteString(x.Field(i).Name() + " " + u.typeName(x.Field(i).Type()))
			}
			return b.String() + "}"
		}
	case *types.Signature:
		var ps []string
		for i := range x.Params().Len() {
			ps = append(ps, u.typeName(x.Params().At(i).Type()))
		}
		s := "func(" + strings.Join(ps, ", ") + ")"
		if x.Results().Len() == 1 {
			s += " " + u.typeName(x.Results().At(0).Type())
		}
		return s
	}
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

func (u *unit) typeArgs(n *types.Named) string {
	if n.TypeArgs().Len() == 0 {
		return ""
	}
	var out []string
	for i := range n.TypeArgs().Len() {
		out = append(out, u.typeName(n.TypeArgs().At(i)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// alias finds boto's name of a type of the bindings.
func (u *unit) alias(n *types.Named) string {
	if !strings.HasPrefix(n.Obj().Pkg().Path(), "pawsh/bindings/") {
		return ""
	}
	if u.tr.aliases == nil {
		u.tr.aliases = map[*types.TypeName]string{}
		p, err := u.s.Import(botoPath)
		if err != nil {
			return ""
		}
		for _, name := range p.Scope().Names() {
			o, ok := p.Scope().Lookup(name).(*types.TypeName)
			if !ok {
				continue
			}
			if m, ok := types.Unalias(o.Type()).(*types.Named); ok {
				u.tr.aliases[m.Obj()] = name
			}
		}
	}
	return u.tr.aliases[n.Obj()]
}
