package eval

import (
	"fmt"
	"go/token"
	"iter"
	"reflect"
	"strings"
	"unsafe"

	"pawsh/repl/rewrite"
)

// The interpreter exports all fields of its structs, and those of a session
// have tags that tell what they are. Calls of package reflect that look at
// fields come here, and give what they give in compiled Go.

// reflectedFields gives the indexes of the fields that the session declared.
func reflectedFields(t reflect.Type) []int {
	out := make([]int, 0, t.NumField())
	for i := range t.NumField() {
		if t.Field(i).Type != reflect.TypeFor[Identity]() {
			out = append(out, i)
		}
	}
	return out
}

// reflectedField gives a field as the session declared it.
func reflectedField(t reflect.Type, i int) reflect.StructField {
	f := t.Field(reflectedFields(t)[i])
	tag := string(f.Tag)
	f.Name = fieldName(f)
	f.Anonymous = f.Anonymous || f.Tag.Get(rewrite.EmbedTag) != ""
	for _, key := range []string{rewrite.TypeTag, rewrite.NameTag, rewrite.EmbedTag} {
		if v, ok := f.Tag.Lookup(key); ok {
			tag = strings.Replace(tag, fmt.Sprintf("%s:%q", key, v), "", 1)
		}
	}
	tag = strings.TrimSpace(tag)
	if !token.IsExported(f.Name) {
		tag = strings.TrimSpace(strings.TrimPrefix(tag, `json:"-" xml:"-"`))
		if f.PkgPath == "" {
			f.PkgPath = rewrite.SessionPath
		}
	}
	f.Tag = reflect.StructTag(tag)
	f.Index = []int{i}
	return f
}

func structOf(t reflect.Type, method string) reflect.Type {
	if t.Kind() != reflect.Struct {
		panic("reflect: " + method + " of non-struct type " + t.String())
	}
	return t
}

func typeNumField(t reflect.Type) int { return len(reflectedFields(structOf(t, "NumField"))) }

func typeField(t reflect.Type, i int) reflect.StructField {
	if structOf(t, "Field"); i < 0 || i >= len(reflectedFields(t)) {
		panic("reflect: Field index out of bounds")
	}
	return reflectedField(t, i)
}

func typeFieldByIndex(t reflect.Type, index []int) reflect.StructField {
	var f reflect.StructField
	for n, i := range index {
		if n > 0 && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f = typeField(t, i)
		t = f.Type
	}
	f.Index = index
	return f
}

// typeFieldByName finds the shallowest field of a name, if it is the only one.
func typeFieldByName(t reflect.Type, name string) (reflect.StructField, bool) {
	type level struct {
		t     reflect.Type
		index []int
	}
	structOf(t, "FieldByName")
	seen := map[reflect.Type]bool{}
	for at := []level{{t, nil}}; len(at) > 0; {
		var next []level
		var found []reflect.StructField
		for _, l := range at {
			if seen[l.t] {
				continue
			}
			seen[l.t] = true
			for i := range reflectedFields(l.t) {
				f := reflectedField(l.t, i)
				f.Index = append(append([]int{}, l.index...), i)
				if f.Name == name {
					found = append(found, f)
				}
				et := f.Type
				if et.Kind() == reflect.Pointer {
					et = et.Elem()
				}
				if f.Anonymous && et.Kind() == reflect.Struct {
					next = append(next, level{et, f.Index})
				}
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
		at = next
	}
	return reflect.StructField{}, false
}

func typeFields(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for i := range typeNumField(t) {
			if !yield(typeField(t, i)) {
				return
			}
		}
	}
}

func valueFields(v reflect.Value) iter.Seq2[reflect.StructField, reflect.Value] {
	return func(yield func(reflect.StructField, reflect.Value) bool) {
		for i := range valueNumField(v) {
			if !yield(typeField(v.Type(), i), valueField(v, i)) {
				return
			}
		}
	}
}

func valueNumField(v reflect.Value) int { return typeNumField(v.Type()) }

// valueField gives a field; one that Go does not export can't be set nor taken
// out.
func valueField(v reflect.Value, i int) reflect.Value {
	f := typeField(v.Type(), i)
	out := v.Field(reflectedFields(v.Type())[i])
	if !f.IsExported() {
		out = readOnly(out)
	}
	return out
}

func valueFieldByIndex(v reflect.Value, index []int) reflect.Value {
	for n, i := range index {
		if n > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				panic("reflect: indirection through nil pointer to embedded struct")
			}
			v = v.Elem()
		}
		v = valueField(v, i)
	}
	return v
}

func valueFieldByName(v reflect.Value, name string) reflect.Value {
	if f, ok := typeFieldByName(v.Type(), name); ok {
		return valueFieldByIndex(v, f.Index)
	}
	return reflect.Value{}
}

// secret is a struct with a field that Go does not export: from its value
// readOnly learns the mark that such values bear.
type secret struct{ field int }

// readOnly marks a value as that of a field that Go does not export. The flags
// are the last word of a reflect.Value (the program reflected.go of
// TestDifferential fails when they move).
func readOnly(v reflect.Value) reflect.Value {
	flags := func(v *reflect.Value) *uintptr {
		return (*uintptr)(unsafe.Add(unsafe.Pointer(v), unsafe.Sizeof(*v)-unsafe.Sizeof(uintptr(0))))
	}
	s := secret{}
	field := reflect.ValueOf(&s).Elem().Field(0)
	plain := reflect.ValueOf(&s.field).Elem()
	*flags(&v) |= *flags(&field) &^ *flags(&plain)
	return v
}
