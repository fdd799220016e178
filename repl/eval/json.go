package eval

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"pawsh/repl/rewrite"
)

// marshal is json.Marshal for values that may hold session types: their
// methods, which compiled code can't see, are called here.
func (d *dynamics) marshal(x any) ([]byte, error) {
	v, id := opened(x)
	p, err := d.jsonValue(v, id, 0)
	if err != nil {
		return nil, err
	}
	return json.Marshal(p)
}

func (d *dynamics) marshalIndent(x any, prefix, indent string) ([]byte, error) {
	v, id := opened(x)
	p, err := d.jsonValue(v, id, 0)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(p, prefix, indent)
}

func (d *dynamics) marshaler(t any) func(any) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.jsons[t]
}

// setJSON registers a MarshalJSON or MarshalText method.
func (d *dynamics) setJSON(zero any, text bool, f func(any) ([]byte, error)) {
	g := f
	if text {
		g = func(x any) ([]byte, error) {
			b, err := f(x)
			if !isNil(err) {
				return nil, d.toError(err)
			}
			return json.Marshal(string(b))
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t := dynType(zero)
	if d.jsons[t] == nil || !text {
		d.jsons[t] = g
	}
}

// hasMarshaler tells whether a session method or an embedded field is somewhere
// in a value.
func (d *dynamics) hasMarshaler(v reflect.Value, id, depth int) bool {
	if depth > 50 || !v.IsValid() {
		return false
	}
	if d.marshaler(typeOf(v, id)) != nil || v.Type() == reflect.TypeFor[Tagged]() || v.Type().String() == "interp.valueInterface" {
		return true
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return d.hasMarshaler(v.Elem(), d.elemShape(id), depth+1)
	case reflect.Slice, reflect.Array:
		for i := 0; i < v.Len() && d.mayHold(v.Type().Elem()); i++ {
			if d.hasMarshaler(v.Index(i), d.elemShape(id), depth+1) {
				return true
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if !d.mayHold(v.Type().Elem()) {
				return false
			}
			if d.hasMarshaler(v.MapIndex(k), d.elemShape(id), depth+1) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get(rewrite.EmbedTag) != "" {
				return true
			}
			if v.Type().Field(i).IsExported() && d.hasMarshaler(v.Field(i), d.fieldShape(v.Type(), i), depth+1) {
				return true
			}
		}
	}
	return false
}

// jsonValue gives a value that encodes as v does with its session methods.
func (d *dynamics) jsonValue(v reflect.Value, id, depth int) (any, error) {
	if v.IsValid() && v.Kind() == reflect.Struct {
		v, id = openedValue(v, id)
	}
	if !v.IsValid() {
		return nil, nil
	}
	if !d.hasMarshaler(v, id, depth) {
		return v.Interface(), nil
	}
	if f := d.marshaler(typeOf(v, id)); f != nil && (v.Kind() != reflect.Pointer || !v.IsNil()) {
		b, err := f(dressed(v, id))
		if !isNil(err) {
			return nil, d.toError(err)
		}
		return json.RawMessage(b), nil
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return d.jsonValue(v.Elem(), d.elemShape(id), depth+1)
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() {
			return nil, nil
		}
		out := make([]any, v.Len())
		for i := range out {
			x, err := d.jsonValue(v.Index(i), d.elemShape(id), depth+1)
			if err != nil {
				return nil, err
			}
			out[i] = x
		}
		return out, nil
	case reflect.Map:
		out := reflect.MakeMapWithSize(reflect.MapOf(v.Type().Key(), reflect.TypeFor[any]()), v.Len())
		for _, k := range v.MapKeys() {
			x, err := d.jsonValue(v.MapIndex(k), d.elemShape(id), depth+1)
			if err != nil {
				return nil, err
			}
			e := reflect.Zero(reflect.TypeFor[any]())
			if x != nil {
				e = reflect.ValueOf(x)
			}
			out.SetMapIndex(k, e)
		}
		return out.Interface(), nil
	case reflect.Struct:
		return d.jsonStruct(v, depth)
	}
	return v.Interface(), nil
}

// jsonStruct gives a struct that encodes as v does: with the fields of embedded
// structs among its own, and session methods called.
func (d *dynamics) jsonStruct(v reflect.Value, depth int) (any, error) {
	var fields []reflect.StructField
	var values []reflect.Value
	for _, f := range jsonFields(v) {
		if strings.Contains(f.opts, "omitempty") && emptyJSON(f.v) || strings.Contains(f.opts, "omitzero") && f.v.IsZero() {
			continue
		}
		sf := reflect.StructField{Name: "F" + strconv.Itoa(len(fields)), Type: f.v.Type(), Tag: reflect.StructTag("json:" + strconv.Quote(f.name+","+f.opts))}
		x := f.v
		if id := d.fieldShape(f.of, f.index); d.hasMarshaler(f.v, id, depth+1) {
			val, err := d.jsonValue(f.v, id, depth+1)
			if err != nil {
				return nil, err
			}
			sf.Type, x = reflect.TypeFor[any](), reflect.ValueOf(val)
		}
		fields, values = append(fields, sf), append(values, x)
	}
	out := reflect.New(reflect.StructOf(fields)).Elem()
	for i, x := range values {
		if x.IsValid() {
			out.Field(i).Set(x)
		}
	}
	return out.Interface(), nil
}

// jsonField is a field of a struct or of one that is embedded in it.
type jsonField struct {
	name, opts string
	named      bool // by its tag
	v          reflect.Value
	of         reflect.Type
	index      int // in of
	depth      int
}

// jsonFields gives the fields that package encoding/json sees in a struct, which
// can't know what a session embeds.
func jsonFields(v reflect.Value) []jsonField {
	all := appendJSONFields(nil, v, 0)
	best := map[string]int{} // by name the one that hides the others, or -1
	for i, f := range all {
		j, ok := best[f.name]
		switch {
		case !ok || j >= 0 && (f.depth < all[j].depth || f.depth == all[j].depth && f.named && !all[j].named):
			best[f.name] = i
		case j >= 0 && f.depth == all[j].depth && f.named == all[j].named:
			best[f.name] = -1
		}
	}
	out := all[:0:0]
	for i, f := range all {
		if best[f.name] == i {
			out = append(out, f)
		}
	}
	return out
}

func appendJSONFields(out []jsonField, v reflect.Value, depth int) []jsonField {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		tag := f.Tag.Get("json")
		name, opts, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" {
			continue
		}
		if x := v.Field(i); name == "" && embedded(f) {
			if x.Kind() == reflect.Pointer {
				if x = x.Elem(); !x.IsValid() {
					continue
				}
			}
			if x.Kind() == reflect.Struct {
				out = appendJSONFields(out, x, depth+1)
				continue
			}
		}
		if name == "" {
			if name = fieldName(f); f.Tag.Get(rewrite.NameTag) != "" {
				continue // Go does not export it
			}
		}
		out = append(out, jsonField{name, opts, name != fieldName(f), v.Field(i), v.Type(), i, depth})
	}
	return out
}

// embedded tells whether a session or compiled code embeds a field: the
// interpreter's types don't say it.
func embedded(f reflect.StructField) bool {
	return f.Anonymous || f.Tag.Get(rewrite.EmbedTag) != ""
}

func emptyJSON(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
