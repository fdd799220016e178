package eval

import (
	"reflect"
	"unicode/utf8"
)

// functions gives what lowered code asks of values in interfaces, by the name
// of the host's function.
func (d *dynamics) functions() map[string]any {
	return map[string]any{
		"Tag":      tag,
		"HasShape": hasShape,
		"Untag":    d.untag,
		"Bare":     bare,
		"Plain":    plain,
		"Plains":   plainList,
		"Shape":    d.setShape,
		"Field":    d.setField,
		"UnJSON":   d.setUnJSON,
		"Decode":   d.decode,
		"Encode":   d.encode,
		"Chains":   d.setChains,
		"Key":      d.mapKey,
		"HoldsNil": holdsNil,
		"Rune":     func(s string, i int) (rune, int) { return utf8.DecodeRuneInString(s[i:]) },
	}
}

// mapKey gives the key of a map whose keys are or hold interfaces: a panic of Go
// for one that can't be compared, and the session's own values in place of the
// wrappers that the interpreter makes anew each time.
func (d *dynamics) mapKey(x any) any {
	x = unwrap(x)
	v := reflect.ValueOf(x)
	if t, ok := x.(Tagged); ok && !v.Comparable() {
		panic(runtimeError("hash of unhashable type " + d.shapeName(t.Shape)))
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Array, reflect.Slice, reflect.Map, reflect.Func:
		if !v.Comparable() {
			// Of compiled types the map itself says it.
			t := unhashable(v)
			if n := d.typeString(t); n != t.String() {
				panic(runtimeError("hash of unhashable type " + n))
			}
			return x
		}
		if holdsInterface(v.Type()) {
			return unwrapped(v).Interface()
		}
	}
	return x
}

// holdsInterface tells whether a struct or array of a session has interfaces in it.
func holdsInterface(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Array:
		return holdsInterface(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Name() == "" && holdsInterface(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// equalParts compares structs or arrays part by part.
func (d *dynamics) equalParts(x, y reflect.Value) bool {
	switch x.Kind() {
	case reflect.Interface:
		return d.equal(x.Interface(), y.Interface())
	case reflect.Array:
		for i := range x.Len() {
			if !d.equalParts(x.Index(i), y.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		if !holdsInterface(x.Type()) {
			break
		}
		for i := range x.NumField() {
			if fieldName(x.Type().Field(i)) != "_" && !d.equalParts(x.Field(i), y.Field(i)) {
				return false
			}
		}
		return true
	}
	return x.Equal(y)
}

// equalStatic compares structs or arrays that the checker found comparable: one
// may have a name for its type that the other has not.
func (d *dynamics) equalStatic(x, y any) bool {
	return d.equalParts(reflect.ValueOf(bare(unwrap(x))), reflect.ValueOf(bare(unwrap(y))))
}

// unwrapped is a copy of a value with the session's own values in its interfaces.
func unwrapped(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Interface:
		// An error keeps its methods: its wrapper is the same each time.
		if v.NumMethod() == 0 && !v.IsNil() {
			x := reflect.ValueOf(unwrap(v.Interface()))
			if holdsInterface(x.Type()) {
				x = unwrapped(x)
			}
			out.Set(x)
		}
	case reflect.Array:
		for i := range v.Len() {
			out.Index(i).Set(unwrapped(v.Index(i)))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if holdsInterface(v.Field(i).Type()) {
				out.Field(i).Set(unwrapped(v.Field(i)))
			}
		}
	}
	return out
}

// unhashable gives the type because of which a value can't be compared.
func unhashable(v reflect.Value) reflect.Type {
	if v.Type().Comparable() {
		switch v.Kind() {
		case reflect.Interface:
			return unhashable(v.Elem())
		case reflect.Array:
			for i := range v.Len() {
				if !v.Index(i).Comparable() {
					return unhashable(v.Index(i))
				}
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if !v.Field(i).Comparable() {
					return unhashable(v.Field(i))
				}
			}
		}
	}
	return v.Type()
}

// holdsNil tells whether the value in an interface is nil.
func holdsNil(x any) bool {
	switch v := reflect.ValueOf(bare(x)); v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}
