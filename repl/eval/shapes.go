package eval

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Tagged is a value in an interface whose type reflection can't tell from
// others: the interpreter has no names for slices, maps, functions and the like.
// Its type is the shape of that number, see repl/rewrite/shapes.go.
type Tagged struct {
	Shape int
	V     any
}

// shape is a type as the session declared it, 0 being one that reflection knows.
type shape struct {
	name      string // as %T prints it
	key, elem int    // shapes of what it consists of
}

// setShape makes a shape known.
func (d *dynamics) setShape(id int, name string, key, elem int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shapes[id] = shape{name, key, elem}
	if strings.HasPrefix(name, "*") && elem != 0 {
		d.pointers[elem] = id
	}
}

// setField tells the shape of a field of a session's struct type.
func (d *dynamics) setField(zero any, field string, id int) {
	t := reflect.TypeOf(unwrap(zero))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fields[t] == nil {
		d.fields[t] = map[string]int{}
	}
	d.fields[t][field] = id
}

// fieldShape is the shape of a field of a struct.
func (d *dynamics) fieldShape(t reflect.Type, i int) int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if f := d.fields[t]; f != nil {
		return f[t.Field(i).Name]
	}
	return 0
}

// elemShape is the shape of the elements of a value of a shape, keyShape that
// of a map's keys.
func (d *dynamics) elemShape(id int) int {
	if id == 0 {
		return 0
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.shapes[id].elem
}

func (d *dynamics) keyShape(id int) int {
	if id == 0 {
		return 0
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.shapes[id].key
}

func (d *dynamics) shapeName(id int) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.shapes[id].name
}

// tag puts a value of a shape into an interface.
func tag(id int, v any) any { return Tagged{id, unwrap(v)} }

// hasShape tells whether an interface holds a value of a shape.
func hasShape(x any, id int) bool {
	t, ok := unwrap(x).(Tagged)
	return ok && t.Shape == id
}

// bare gives the value in an interface without its shape.
func bare(x any) any {
	x = unwrap(x)
	if t, ok := x.(Tagged); ok {
		return t.V
	}
	return x
}

// opened gives the value in an interface and its shape.
func opened(x any) (reflect.Value, int) {
	x = unwrap(x)
	if t, ok := x.(Tagged); ok {
		return reflect.ValueOf(t.V), t.Shape
	}
	return reflect.ValueOf(x), 0
}

// openedValue is opened for what reflection found in a value.
func openedValue(v reflect.Value, id int) (reflect.Value, int) {
	if v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.IsValid() && v.CanInterface() && (v.Type() == reflect.TypeFor[Tagged]() || v.Type().String() == "interp.valueInterface") {
		return opened(v.Interface())
	}
	return v, id
}

// dressed puts a value with its shape into an interface.
func dressed(v reflect.Value, id int) any {
	if id != 0 {
		return Tagged{id, v.Interface()}
	}
	return v.Interface()
}

// dynType stands for the dynamic type of a value: a reflect.Type or the number
// of a shape.
func dynType(x any) any {
	x = unwrap(x)
	if t, ok := x.(Tagged); ok {
		return t.Shape
	}
	if x == nil {
		return nil
	}
	return reflect.TypeOf(x)
}

// typeOf is dynType for a value and its shape.
func typeOf(v reflect.Value, id int) any {
	if id != 0 {
		return id
	}
	if !v.IsValid() {
		return nil
	}
	return v.Type()
}

// dynName is what a person calls the type of a value.
func (d *dynamics) dynName(x any) string {
	v, id := opened(x)
	if id != 0 {
		return d.shapeName(id)
	}
	if !v.IsValid() {
		return "nil"
	}
	return d.typeString(v.Type())
}

// equalTagged is == of two values of which one has a shape.
func (d *dynamics) equalTagged(x, y any) bool {
	a, ok1 := x.(Tagged)
	b, ok2 := y.(Tagged)
	if !ok1 || !ok2 || a.Shape != b.Shape {
		return false
	}
	if t := reflect.TypeOf(a.V); t != nil && !t.Comparable() {
		panic(runtimeError("comparing uncomparable type " + d.shapeName(a.Shape)))
	}
	return d.equalStatic(a.V, b.V)
}

// plain gives a value to compiled code that looks into it by reflection: without
// shapes. What holds none is not copied.
func plain(x any) any {
	x = bare(x)
	v := reflect.ValueOf(x)
	if !v.IsValid() || !holdsTagged(v, 0) {
		return x
	}
	return plainValue(v).Interface()
}

// plainList is plain for the arguments of a variadic function.
func plainList(xs []any) []any {
	out := slices.Clone(xs)
	for i, x := range out {
		out[i] = plain(x)
	}
	return out
}

func holdsTagged(v reflect.Value, depth int) bool {
	if depth > 20 || !v.IsValid() {
		return false
	}
	switch v.Kind() {
	case reflect.Interface:
		return !v.IsNil() && (v.Elem().Type() == reflect.TypeFor[Tagged]() || holdsTagged(v.Elem(), depth+1))
	case reflect.Slice, reflect.Array:
		for i := 0; mayHoldAny(v.Type().Elem()) && i < v.Len(); i++ {
			if holdsTagged(v.Index(i), depth+1) {
				return true
			}
		}
	case reflect.Map:
		if !mayHoldAny(v.Type().Elem()) {
			return false
		}
		for it := v.MapRange(); it.Next(); {
			if holdsTagged(it.Value(), depth+1) {
				return true
			}
		}
	}
	return false
}

func mayHoldAny(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Slice, reflect.Array, reflect.Map:
		return true
	}
	return false
}

func plainValue(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		p := reflect.ValueOf(plain(v.Interface()))
		out := reflect.New(v.Type()).Elem()
		if p.IsValid() {
			out.Set(p)
		}
		return out
	case reflect.Slice, reflect.Array:
		out := reflect.New(v.Type()).Elem()
		if v.Kind() == reflect.Slice {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		for i := range v.Len() {
			out.Index(i).Set(plainValue(v.Index(i)))
		}
		return out
	case reflect.Map:
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for it := v.MapRange(); it.Next(); {
			out.SetMapIndex(it.Key(), plainValue(it.Value()))
		}
		return out
	}
	return v
}

// untag gives the value in an interface that must be of a shape.
func (d *dynamics) untag(x any, id int) any {
	if !hasShape(x, id) {
		if x = unwrap(x); x == nil {
			panic(runtimeText("interface conversion: interface {} is nil, not " + d.shapeName(id)))
		}
		panic(runtimeText(fmt.Sprintf("interface conversion: interface {} is %s, not %s", d.dynName(x), d.shapeName(id))))
	}
	return bare(x)
}
