package display

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"
)

// field is a field of a struct that is set.
type field struct {
	name   string
	v      reflect.Value
	t      types.Type // static type; may be nil
	secret bool
}

// typeTag is the key of the field tag by which the interpreter's structs keep
// the name of their type.
const typeTag = "pawsh"

// ownNameTag keeps the name of a field that Go does not export: the interpreter's
// has an X in front (rewrite.NameTag).
const ownNameTag = "pawsh_field"

// interpreted tells whether a struct type was declared in a session.
func interpreted(t reflect.Type) bool { return t.PkgPath() == "" && t.Name() == "" }

// structName is the name of a struct type, "" when it has none.
func structName(t reflect.Type) string {
	if t.Name() != "" || t.NumField() == 0 {
		return t.Name()
	}
	name, rest, _ := strings.Cut(t.Field(0).Tag.Get(typeTag), "ǃ")
	if name == "t" && rest != "" { // an instance of a generic type
		name, _, _ = strings.Cut(rest, "ǃ")
	}
	return name
}

// opened gives what is inside of the boxes that the interpreter puts around the
// session's values in interfaces.
func opened(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Struct && v.NumField() > 0 {
		switch t := v.Type(); {
		case t.String() == "interp.valueInterface":
			f, ok := t.FieldByName("value")
			if !ok || f.Type != reflect.TypeFor[reflect.Value]() {
				return v
			}
			p := reflect.New(t).Elem() // the field can be read only where it has an address
			p.Set(v)
			inner := *(*reflect.Value)(unsafe.Pointer(p.FieldByIndex(f.Index).UnsafeAddr()))
			if !inner.IsValid() {
				return v
			}
			v = inner
		case t.Field(0).Name == "IValue" && t.Field(0).Type.Kind() == reflect.Interface && strings.HasPrefix(t.Name(), "_") && !v.Field(0).IsNil():
			v = v.Field(0).Elem()
		default:
			return v
		}
	}
	return v
}

// fieldsOf gives the exported fields of a struct that are set, and all of a
// struct that a session declared.
func fieldsOf(v reflect.Value, t types.Type) []field {
	rt := v.Type()
	st, _ := underlying(t).(*types.Struct)
	if st != nil && st.NumFields() != rt.NumField() {
		st = nil
	}
	var out []field
	for i := range rt.NumField() {
		f := rt.Field(i)
		name := f.Name
		if interpreted(rt) {
			if n := f.Tag.Get(ownNameTag); n != "" {
				name = n
			}
		} else if !f.IsExported() {
			continue
		}
		if name == "_" || name == "ResultMetadata" || strings.Contains(name, "ǃ") || unset(v.Field(i)) {
			continue
		}
		x := field{name: name, v: v.Field(i), secret: secretField(name, v.Field(i))}
		if st != nil {
			x.t = st.Field(i).Type()
		}
		out = append(out, x)
	}
	return out
}

// unset tells whether a field has nothing to show: a nil, or an enumeration of
// the SDK without a value.
func unset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return v.IsNil()
	case reflect.String:
		return v.Type().PkgPath() != "" && v.Len() == 0
	}
	return false
}

// plumbing tells whether a field is there for programs and tells a reader of
// the value nothing: the connection, the raw struct, the region's object.
func plumbing(f field) bool {
	t := f.v.Type()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return f.name == "Raw" && t.Kind() == reflect.Struct || t.Name() == "Connection" ||
		f.name == "Region" && t.Name() == "RegionInfo" || t.Kind() == reflect.Func || t.Kind() == reflect.Chan
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// elem is the static type of what a pointer, list or map has in it.
func elem(t types.Type) types.Type {
	switch t := underlying(t).(type) {
	case *types.Pointer:
		return t.Elem()
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	}
	return nil
}

// deref follows pointers and interfaces to a value; ok is false when it ends
// at a nil or goes in a circle.
func deref(v reflect.Value) (_ reflect.Value, ok bool) {
	for range maxDepth {
		if !v.IsValid() {
			return v, false
		}
		if v = opened(v); v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface {
			return v, true
		}
		v = v.Elem()
	}
	return v, false
}

// own gives the text that the value's type itself chooses.
func own(v reflect.Value) (s string, ok bool) {
	if !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	defer func() {
		if r := recover(); r != nil { // a method that can't stand this value
			s, ok = fmt.Sprintf("%s (its String method panics: %v)", v.Type(), r), true
		}
	}()
	x := v.Interface()
	switch x.(type) {
	case error, fmt.Stringer:
	default:
		if v.CanAddr() && v.Kind() == reflect.Struct { // its methods may want a pointer
			x = v.Addr().Interface()
		}
	}
	switch x := x.(type) {
	case time.Time:
		return x.Format(time.RFC3339), true
	case *time.Time:
		return x.Format(time.RFC3339), true
	case error:
		return x.Error(), true
	case fmt.Stringer:
		return x.String(), true
	}
	return "", false
}

// sortedKeys gives the keys of a map in an order that people expect.
func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		for a.Kind() == reflect.Interface && b.Kind() == reflect.Interface && !a.IsNil() && !b.IsNil() {
			a, b = a.Elem(), b.Elem()
		}
		switch {
		case a.Kind() != b.Kind():
		case a.CanInt():
			return cmp.Compare(a.Int(), b.Int())
		case a.CanUint():
			return cmp.Compare(a.Uint(), b.Uint())
		case a.CanFloat():
			return cmp.Compare(a.Float(), b.Float())
		case a.Kind() == reflect.String:
			return cmp.Compare(a.String(), b.String())
		}
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	return keys
}

// more says how many of a list are not shown.
func more(n int) string { return fmt.Sprintf("... %d more", n) }
