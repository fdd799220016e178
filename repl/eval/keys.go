package eval

import "reflect"

// functions gives what lowered code asks of values in interfaces, by the name
// of the host's function.
func (d *dynamics) functions() map[string]any {
	return map[string]any{
		"Key":      d.mapKey,
		"HoldsNil": holdsNil,
	}
}

// mapKey gives the key of a map whose keys are interfaces: a panic of Go for
// one that can't be compared.
func (d *dynamics) mapKey(x any) any {
	x = unwrap(x)
	v := reflect.ValueOf(x)
	switch v.Kind() {
	case reflect.Struct, reflect.Array, reflect.Slice, reflect.Map, reflect.Func:
		if !v.Comparable() {
			// Of compiled types the map itself says it.
			t := unhashable(v)
			if n := d.typeString(t); n != t.String() {
				panic(runtimeError("hash of unhashable type " + n))
			}
		}
	}
	return x
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
	switch v := reflect.ValueOf(unwrap(x)); v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}
