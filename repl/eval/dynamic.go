package eval

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"pawsh/repl/rewrite"
)

//go:generate go run ./internal/namedgen

// Identity is the field of an empty struct of a session: its tag names the type.
type Identity struct{}

// dynamics tells the dynamic types of values in interfaces, see
// repl/rewrite/dynamic.go. It is safe for concurrent use.
type dynamics struct {
	mu       sync.RWMutex
	keys     map[any]int                         // by dynType
	names    map[int]string                      // method of a dispatcher
	has      map[int]map[int]bool                // dispatcher -> keys of types that have the method
	typeName map[reflect.Type]string             // what a person calls it
	texts    map[any]map[string]func(any) string // String and Error methods, by dynType as those below
	chains   map[any]func(any) []error           // Unwrap methods
	matches  map[any]func(any, error) bool       // Is methods
	jsons    map[any]func(any) ([]byte, error)   // MarshalJSON and MarshalText methods
	unjsons  map[any]func(any, []byte) error     // UnmarshalJSON and UnmarshalText methods
	shapes   map[int]shape
	pointers map[int]int                     // shapes of pointers, by that of what they point to
	fields   map[reflect.Type]map[string]int // shapes of fields

	guard *guard // of the evaluator
}

func newDynamics() *dynamics {
	return &dynamics{keys: map[any]int{}, shapes: map[int]shape{}, pointers: map[int]int{}, unjsons: map[any]func(any, []byte) error{}, fields: map[reflect.Type]map[string]int{}, names: map[int]string{}, has: map[int]map[int]bool{}, typeName: map[reflect.Type]string{},
		texts: map[any]map[string]func(any) string{}, chains: map[any]func(any) []error{}, matches: map[any]func(any, error) bool{}, jsons: map[any]func(any) ([]byte, error){}}
}

func nilDereference() { panic(runtimeError("invalid memory address or nil pointer dereference")) }

// unwrap gives the session's value inside of a wrapper that the interpreter
// made to hand it to compiled code.
func unwrap(x any) any {
	for {
		if s, ok := x.(sessionError); ok {
			x = s.v
			continue
		}
		v := reflect.ValueOf(x)
		if !v.IsValid() {
			return x
		}
		if v.Type().String() == "interp.valueInterface" {
			x = boxed(v)
			continue
		}
		if v.Kind() == reflect.Pointer && !v.IsNil() && isWrapper(v.Type().Elem()) {
			v = v.Elem()
		}
		if !isWrapper(v.Type()) {
			return x
		}
		x = v.FieldByName("IValue").Interface()
	}
}

// isWrapper tells whether a type is one that gives session values the methods
// of a compiled interface: of the interpreter's own or of bindings/symbols.
func isWrapper(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t.NumField() == 0 || !strings.HasPrefix(t.Name(), "_") && !strings.HasPrefix(t.Name(), "wrap_") {
		return false
	}
	f := t.Field(0)
	return f.Name == "IValue" && f.Type.Kind() == reflect.Interface
}

// boxed reads the value in the interpreter's own box, which has no other door
// (TestUnwrap fails when its shape changes).
func boxed(v reflect.Value) any {
	p := reflect.New(v.Type()).Elem()
	p.Set(v)
	f := p.FieldByName("value")
	if !f.IsValid() || f.Type() != reflect.TypeFor[reflect.Value]() {
		return nil
	}
	inner := *(*reflect.Value)(unsafe.Pointer(f.UnsafeAddr()))
	if !inner.IsValid() || !inner.CanInterface() {
		return nil
	}
	return inner.Interface()
}

// method gives the String or Error method of a session type, nil for others.
func (d *dynamics) method(t any, name string) func(any) string {
	if t == nil {
		return nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.texts[t][name]
}

// setText registers a String or Error method.
func (d *dynamics) setText(zero any, name string, f func(any) string) {
	t := dynType(zero)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.texts[t] == nil {
		d.texts[t] = map[string]func(any) string{}
	}
	d.texts[t][name] = f
}

func (d *dynamics) setChain(zero any, f func(any) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.chains[dynType(zero)] = func(x any) []error {
		if err := f(x); !isNil(err) {
			return []error{d.toError(err)}
		}
		return nil
	}
}

// setChains registers an Unwrap method that gives several errors.
func (d *dynamics) setChains(zero any, f func(any) []error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.chains[dynType(zero)] = func(x any) []error {
		var out []error
		for _, err := range f(x) {
			if !isNil(err) {
				out = append(out, d.toError(err))
			}
		}
		return out
	}
}

func (d *dynamics) setMatch(zero any, f func(any, error) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.matches[dynType(zero)] = f
}

// setName tells what a person calls a type that compiled code lends.
func (d *dynamics) setName(zero any, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.typeName[reflect.TypeOf(unwrap(zero))] = name
}

// key is the number of the dynamic type of x, -1 for nil.
func (d *dynamics) key(x any) int {
	x = unwrap(x)
	if x == nil {
		return -1
	}
	t := dynType(x)
	d.mu.RLock()
	k, ok := d.keys[t]
	d.mu.RUnlock()
	if ok {
		return k
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, ok = d.keys[t]; !ok {
		k = len(d.keys)
		d.keys[t] = k
	}
	return k
}

func (d *dynamics) typeKey(x any) int {
	k := d.key(x)
	if k < 0 {
		nilDereference()
	}
	return k
}

func (d *dynamics) dispatcher(id int, method string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names[id] = method
	if d.has[id] == nil {
		d.has[id] = map[int]bool{}
	}
}

func (d *dynamics) implements(id int, x any) {
	k := d.key(x)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.has[id][k] = true
}

// as tells whether the type of x has the methods of all dispatchers.
func (d *dynamics) as(x any, ids ...int) (any, bool) {
	x = unwrap(x)
	if x == nil {
		return nil, false
	}
	k := d.key(x)
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, id := range ids {
		if d.has[id][k] {
			continue
		}
		m := d.names[id]
		if m == "" || !reflect.ValueOf(bare(x)).MethodByName(m).IsValid() {
			return nil, false
		}
	}
	return x, true
}

func (d *dynamics) mustAs(x any, name string, ids ...int) any {
	v, ok := d.as(x, ids...)
	if !ok {
		d.notA(x, name)
	}
	return v
}

func (d *dynamics) notA(x any, name string) {
	x = unwrap(x)
	if x == nil {
		panic(runtimeText("interface conversion: interface is nil, not " + name))
	}
	panic(runtimeText(fmt.Sprintf("interface conversion: %s is not %s: missing method", d.dynName(x), name)))
}

// invoke calls a method of a value of a compiled type.
func (d *dynamics) invoke(x any, method string, args []any, variadic bool, results []any) {
	x = bare(x)
	v := reflect.ValueOf(x)
	if !v.IsValid() {
		nilDereference()
	}
	m := v.MethodByName(method)
	if !m.IsValid() {
		panic(fmt.Errorf("the shell can't call method %s of a %s", method, d.name(v.Type())))
	}
	t := m.Type()
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		if a == nil {
			in[i] = reflect.Zero(t.In(i))
			continue
		}
		in[i] = reflect.ValueOf(a)
		if !in[i].Type().AssignableTo(t.In(i)) && in[i].Type().ConvertibleTo(t.In(i)) {
			in[i] = in[i].Convert(t.In(i))
		}
	}
	call := m.Call
	if variadic {
		call = m.CallSlice
	}
	for i, r := range call(in) {
		reflect.ValueOf(results[i]).Elem().Set(r)
	}
}

// isNil tells whether an interface holds nothing.
func isNil(x any) bool { return unwrap(x) == nil }

// equal is == of interfaces: a panic of Go for types that can't be compared.
func (d *dynamics) equal(x, y any) bool {
	x, y = unwrap(x), unwrap(y)
	if x == nil || y == nil {
		return x == nil && y == nil
	}
	tx := reflect.TypeOf(x)
	if tx != reflect.TypeOf(y) {
		return false
	}
	if tx == reflect.TypeFor[Tagged]() {
		return d.equalTagged(x, y)
	}
	switch tx.Kind() {
	case reflect.Struct, reflect.Array, reflect.Slice, reflect.Map, reflect.Func:
		if !tx.Comparable() {
			panic(runtimeError("comparing uncomparable type " + d.typeString(tx)))
		}
		if holdsInterface(tx) {
			return d.equalParts(reflect.ValueOf(x), reflect.ValueOf(y))
		}
	}
	return x == y
}

// name is what a person calls a type.
func (d *dynamics) name(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return "*" + d.name(t.Elem())
	}
	if n := tagName(t); n != "" {
		return "main." + n
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if n, ok := d.typeName[t]; ok {
		return n
	}
	return t.String()
}

// tagName is the name of a struct type that a cell declared.
func tagName(t reflect.Type) string {
	if t.Kind() != reflect.Struct || t.NumField() == 0 || t.Name() != "" {
		return ""
	}
	n := t.Field(0).Tag.Get(rewrite.TypeTag)
	n, _, _ = strings.Cut(n, rewrite.Mark)
	return n
}
