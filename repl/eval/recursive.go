package eval

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"pawsh/repl/rewrite"
)

// The interpreter makes its types of package reflect, which has no recursive
// ones. Its own way round that works for a struct that points to itself, and
// fails for types that are recursive through each other and for those that are
// no structs. So the types of a cell are declared first, and those that are
// recursive are made here, before anything asks for them:
//
//	structs and arrays  with stand-ins of the same shape for what they refer to
//	other named types   likewise
//	all of them         are given, in place, the types that they refer to
//
// The program recursive.go of TestDifferential fails when the interpreter's types
// or those of package reflect change their shape.

// sourceType is one of the interpreter's own types (*interp.itype).
type sourceType struct{ v reflect.Value }

func (t sourceType) get(field string) reflect.Value {
	f := t.v.Elem().FieldByName(field)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

func (t sourceType) cat() string {
	c, ok := t.get("cat").Interface().(fmt.Stringer)
	if !ok {
		return ""
	}
	return c.String()
}

// Channels of one direction have no name among the interpreter's categories.
const (
	catSendChan = "Cat(7)"
	catRecvChan = "Cat(8)"
)

func (t sourceType) name() string               { return t.get("name").String() }
func (t sourceType) rtype() reflect.Type        { r, _ := t.get("rtype").Interface().(reflect.Type); return r }
func (t sourceType) at(field string) sourceType { return sourceType{t.get(field)} }

func (t sourceType) list(field string) []sourceType {
	l := t.get(field)
	out := make([]sourceType, l.Len())
	for i := range out {
		out[i] = sourceType{l.Index(i)}
	}
	return out
}

// refers lists the types that a type is made of.
func (t sourceType) refers() []sourceType {
	switch t.cat() {
	case "structT":
		fs := t.get("field")
		out := make([]sourceType, fs.Len())
		for i := range out {
			out[i] = sourceType{fs.Index(i).FieldByName("typ")}
			out[i].v = reflect.NewAt(out[i].v.Type(), unsafe.Pointer(out[i].v.UnsafeAddr())).Elem()
		}
		return out
	case "funcT":
		return append(t.list("arg"), t.list("ret")...)
	case "mapT":
		return []sourceType{t.at("key"), t.at("val")}
	case "ptrT", "sliceT", "arrayT", "chanT", catSendChan, catRecvChan, "variadicT", "linkedT":
		return []sourceType{t.at("val")}
	}
	return nil
}

// declarations declares types first: recursive ones need care.
func (e *Evaluator) declarations(decls []string) error {
	var types, names, others []string
	for _, d := range decls {
		if t, ok := strings.CutPrefix(d, "type "); ok {
			name, _, _ := strings.Cut(t, " ")
			types, names = append(types, d), append(names, name)
		} else {
			others = append(others, d)
		}
	}
	if len(types) > 0 {
		if err := e.eval(strings.Join(types, "\n")); err != nil {
			return err
		}
		if err := e.makeRecursive(names); err != nil {
			return err
		}
	}
	if len(others) > 0 {
		return e.eval(strings.Join(others, "\n"))
	}
	return nil
}

// typeMaker makes the recursive types of one program.
type typeMaker struct {
	syms    reflect.Value // what is declared at package level, by name
	cyclic  map[string]bool
	made    map[string]reflect.Type // finished but for the types that they refer to
	stands  map[string]reflect.Type
	patched bool // refer to made types, not to stand-ins
}

// makeRecursive makes the recursive ones of the types that were just declared.
func (e *Evaluator) makeRecursive(names []string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recursive types can't be made: %v", r)
		}
	}()
	m := &typeMaker{syms: e.packageTypes(), cyclic: map[string]bool{}, made: map[string]reflect.Type{}, stands: map[string]reflect.Type{}}
	var cyclic []string
	for _, n := range names {
		if t, ok := m.lookup(n); ok && t.rtype() == nil && m.reaches(t, n, map[uintptr]bool{}) {
			m.cyclic[n] = true
			cyclic = append(cyclic, n)
		}
	}
	for _, n := range cyclic {
		if m.unfolds(m.declared(n), n, map[uintptr]bool{}) {
			return fmt.Errorf("type %s is made of itself without a struct or function in between: put it in a struct", plainName(n))
		}
	}
	for _, n := range cyclic {
		if c := m.declared(n).cat(); c == "structT" || c == "arrayT" {
			m.make(n)
		}
	}
	for _, n := range cyclic {
		m.make(n)
	}
	m.patched = true
	for _, n := range cyclic {
		m.patch(n)
	}
	for _, n := range cyclic {
		m.assign(m.declared(n), map[uintptr]bool{})
	}
	return nil
}

// packageTypes gives the symbols of the interpreter's package main.
func (e *Evaluator) packageTypes() reflect.Value {
	sc := sourceType{reflect.ValueOf(e.in)}.get("scopes").MapIndex(reflect.ValueOf("main"))
	if !sc.IsValid() {
		panic("the interpreter has no package main")
	}
	return sourceType{sc}.get("sym")
}

// lookup finds a declared type.
func (m *typeMaker) lookup(name string) (sourceType, bool) {
	sym := m.syms.MapIndex(reflect.ValueOf(name))
	if name == "" || !sym.IsValid() {
		return sourceType{}, false
	}
	t := sourceType{sourceType{sym}.get("typ")}
	return t, !t.v.IsNil() && t.name() == name
}

// declared is lookup for a name that is known to be declared.
func (m *typeMaker) declared(name string) sourceType {
	t, _ := m.lookup(name)
	return t
}

// named gives the declared type that t stands for, if any.
func (m *typeMaker) named(t sourceType) (string, bool) {
	n := t.name()
	d, ok := m.lookup(n)
	return n, ok && t.get("path").String() == d.get("path").String()
}

// reaches tells whether a type is made of the named one.
func (m *typeMaker) reaches(t sourceType, name string, seen map[uintptr]bool) bool {
	if seen[t.v.Pointer()] {
		return false
	}
	seen[t.v.Pointer()] = true
	for _, r := range t.refers() {
		if n, ok := m.named(r); ok {
			if n == name {
				return true
			}
			r = m.declared(n)
		}
		if m.reaches(r, name, seen) {
			return true
		}
	}
	return false
}

// unfolds tells whether a type is made of the named one by pointers, lists and
// maps alone, which the interpreter unfolds without end.
func (m *typeMaker) unfolds(t sourceType, name string, seen map[uintptr]bool) bool {
	switch t.cat() {
	case "structT", "funcT", "chanT", catSendChan, catRecvChan:
		return false
	}
	if seen[t.v.Pointer()] {
		return false
	}
	seen[t.v.Pointer()] = true
	for _, r := range t.refers() {
		if n, ok := m.named(r); ok {
			if n == name {
				return true
			}
			r = m.declared(n)
		}
		if m.unfolds(r, name, seen) {
			return true
		}
	}
	return false
}

// plainName is a type's name as the session wrote it.
func plainName(n string) string {
	n = strings.TrimPrefix(n, "t"+rewrite.Mark)
	n, _, _ = strings.Cut(n, rewrite.Mark)
	return n
}

// make makes a named recursive type.
func (m *typeMaker) make(name string) reflect.Type {
	if t, ok := m.made[name]; ok {
		return t
	}
	t := m.build(m.declared(name))
	m.made[name] = t
	return t
}

// typ gives the type of a part. A part by value of a struct or array must have
// the size that it will have.
func (m *typeMaker) typ(t sourceType, byValue bool) reflect.Type {
	n, ok := m.named(t)
	if !ok || !m.cyclic[n] {
		return m.build(t)
	}
	if r, ok := m.made[n]; ok {
		return r
	}
	if c := m.declared(n).cat(); byValue && (c == "structT" || c == "arrayT") {
		return m.make(n)
	}
	return m.standIn(n)
}

var standIns atomic.Int64

// standIn gives a type of the shape of a named one: its pointers, its size and
// whether it can be compared are the same where it is no struct or array.
func (m *typeMaker) standIn(name string) reflect.Type {
	if t, ok := m.stands[name]; ok {
		return t
	}
	t := unique()
	switch m.declared(name).cat() {
	case "sliceT":
		t = reflect.SliceOf(t)
	case "mapT":
		t = reflect.MapOf(reflect.TypeFor[int](), t)
	case "funcT":
		t = reflect.FuncOf([]reflect.Type{t}, nil, false)
	case "ptrT", "chanT", catSendChan, catRecvChan:
		t = reflect.PointerTo(t)
	}
	m.stands[name] = t
	return t
}

// unique gives a type that nothing else has.
func unique() reflect.Type {
	tag := reflect.StructTag(strconv.Quote(strconv.FormatInt(standIns.Add(1), 10)))
	return reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeFor[struct{}](), Tag: tag}})
}

// build makes a type of its parts, as the interpreter does.
func (m *typeMaker) build(t sourceType) reflect.Type {
	if n, ok := m.named(t); ok && m.declared(n).v.Pointer() != t.v.Pointer() {
		t = m.declared(n)
	}
	if r := t.rtype(); r != nil {
		return r
	}
	val := func(byValue bool) reflect.Type { return m.typ(t.at("val"), byValue) }
	switch t.cat() {
	case "linkedT":
		return val(true)
	case "ptrT":
		return reflect.PointerTo(val(false))
	case "sliceT", "variadicT":
		return reflect.SliceOf(val(false))
	case "arrayT":
		return reflect.ArrayOf(int(t.get("length").Int()), val(true))
	case "chanT":
		return reflect.ChanOf(reflect.BothDir, val(false))
	case catSendChan:
		return reflect.ChanOf(reflect.SendDir, val(false))
	case catRecvChan:
		return reflect.ChanOf(reflect.RecvDir, val(false))
	case "mapT":
		return reflect.MapOf(m.typ(t.at("key"), false), val(false))
	case "funcT":
		in, out := t.list("arg"), t.list("ret")
		variadic := len(in) > 0 && in[len(in)-1].cat() == "variadicT"
		return reflect.FuncOf(m.types(in), m.types(out), variadic)
	case "structT":
		return reflect.StructOf(m.fields(t))
	case "errorT":
		return reflect.TypeFor[error]()
	case "interfaceT":
		if t.get("field").Len() == 0 {
			return reflect.TypeFor[any]()
		}
	}
	if r, ok := plainTypes[t.cat()]; ok {
		return r
	}
	panic(fmt.Sprintf("type %s of category %s", t.get("str").String(), t.cat()))
}

func (m *typeMaker) types(list []sourceType) []reflect.Type {
	out := make([]reflect.Type, len(list))
	for i, t := range list {
		out[i] = m.typ(t, false)
	}
	return out
}

func (m *typeMaker) fields(t sourceType) []reflect.StructField {
	parts := t.refers()
	out := make([]reflect.StructField, len(parts))
	for i, p := range parts {
		f := t.get("field").Index(i)
		name := f.FieldByName("name").String()
		if r, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(r) {
			name = "X" + name
		}
		out[i] = reflect.StructField{Name: name, Type: m.typ(p, true), Tag: reflect.StructTag(f.FieldByName("tag").String())}
		out[i].Anonymous = len(parts) == 1 && f.FieldByName("embed").Bool()
	}
	return out
}

var plainTypes = map[string]reflect.Type{
	"boolT": reflect.TypeFor[bool](), "stringT": reflect.TypeFor[string](),
	"intT": reflect.TypeFor[int](), "int8T": reflect.TypeFor[int8](), "int16T": reflect.TypeFor[int16](), "int32T": reflect.TypeFor[int32](), "int64T": reflect.TypeFor[int64](),
	"uintT": reflect.TypeFor[uint](), "uint8T": reflect.TypeFor[uint8](), "uint16T": reflect.TypeFor[uint16](), "uint32T": reflect.TypeFor[uint32](), "uint64T": reflect.TypeFor[uint64](), "uintptrT": reflect.TypeFor[uintptr](),
	"float32": reflect.TypeFor[float32](), "float64T": reflect.TypeFor[float64](), "complex64T": reflect.TypeFor[complex64](), "complex128T": reflect.TypeFor[complex128](),
}

// The layout of types that package reflect makes (internal/abi).
type (
	abiType struct {
		_, _ uintptr
		_    uint32
		_    [4]uint8
		_, _ unsafe.Pointer
		_, _ int32
	}
	abiElem struct { // of pointers, slices, channels and arrays
		abiType
		elem unsafe.Pointer
	}
	abiMap struct {
		abiType
		key, elem unsafe.Pointer
	}
	abiFunc struct {
		_    abiType
		_, _ uint16
		args [0]unsafe.Pointer // of any number
	}
	abiField struct {
		_   unsafe.Pointer
		typ unsafe.Pointer
		_   uintptr
	}
	abiStruct struct {
		abiType
		_      unsafe.Pointer
		fields []abiField
	}
)

// pointer is where a type is described.
func pointer(t reflect.Type) unsafe.Pointer { return unsafe.Pointer(reflect.ValueOf(t).Pointer()) }

// patch gives a made type the types that it refers to, in place.
func (m *typeMaker) patch(name string) {
	t, src := m.made[name], m.declared(name)
	for src.cat() == "linkedT" {
		return // its type is another's
	}
	p := pointer(t)
	parts := src.refers()
	switch t.Kind() {
	case reflect.Struct:
		for i, part := range parts {
			(*abiStruct)(p).fields[i].typ = pointer(m.typ(part, true))
		}
	case reflect.Func:
		for i, part := range parts {
			arg := unsafe.Add(p, unsafe.Offsetof(abiFunc{}.args)+uintptr(i)*unsafe.Sizeof(p))
			*(*unsafe.Pointer)(arg) = pointer(m.typ(part, false))
		}
	case reflect.Map:
		(*abiMap)(p).elem = pointer(m.typ(parts[1], false))
	default:
		(*abiElem)(p).elem = pointer(m.typ(parts[0], t.Kind() == reflect.Array))
	}
	m.verify(t, parts)
}

// verify panics when a patch did not do what it should.
func (m *typeMaker) verify(t reflect.Type, parts []sourceType) {
	for i, part := range parts {
		var got reflect.Type
		switch t.Kind() {
		case reflect.Struct:
			got = t.Field(i).Type
		case reflect.Func:
			if got = nil; i < t.NumIn() {
				got = t.In(i)
			} else {
				got = t.Out(i - t.NumIn())
			}
		case reflect.Map:
			if got = t.Key(); i == 1 {
				got = t.Elem()
			}
		default:
			got = t.Elem()
		}
		if want := m.typ(part, true); got != want {
			panic(fmt.Sprintf("%s refers to %s, not to %s", t, got, want))
		}
	}
}

// assign makes the interpreter use the made types.
func (m *typeMaker) assign(t sourceType, seen map[uintptr]bool) {
	if seen[t.v.Pointer()] {
		return
	}
	seen[t.v.Pointer()] = true
	if n, ok := m.named(t); ok && m.cyclic[n] {
		t.get("rtype").Set(reflect.ValueOf(m.made[n]))
	}
	for _, r := range t.refers() {
		if n, ok := m.named(r); ok && m.cyclic[n] {
			r.v.Set(m.declared(n).v) // it may be an unfinished copy
		}
		m.assign(r, seen)
	}
}
