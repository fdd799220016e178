package eval

import (
	"encoding/json"
	"reflect"
	"strings"
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

// hasMarshaler tells whether a session method is somewhere in a value.
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

// jsonStruct gives a struct with the same names whose fields are encoded apart.
func (d *dynamics) jsonStruct(v reflect.Value, depth int) (any, error) {
	var fields []reflect.StructField
	var values []any
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		x, err := d.jsonValue(v.Field(i), d.fieldShape(v.Type(), i), depth+1)
		if err != nil {
			return nil, err
		}
		if _, opts, _ := strings.Cut(f.Tag.Get("json"), ","); strings.Contains(opts, "omitempty") && emptyJSON(v.Field(i)) || strings.Contains(opts, "omitzero") && v.Field(i).IsZero() {
			continue
		}
		sf := reflect.StructField{Name: f.Name, Type: reflect.TypeFor[any](), Tag: f.Tag}
		if f.Anonymous && x != nil && reflect.TypeOf(x).Kind() == reflect.Struct {
			sf.Type, sf.Anonymous = reflect.TypeOf(x), true
		}
		fields, values = append(fields, sf), append(values, x)
	}
	out := reflect.New(reflect.StructOf(fields)).Elem()
	for i, x := range values {
		if x != nil {
			out.Field(i).Set(reflect.ValueOf(x))
		}
	}
	return out.Interface(), nil
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
