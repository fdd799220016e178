package eval

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"pawsh/repl/rewrite"
)

// unmarshal is json.Unmarshal for places that may hold session types: their
// methods, which compiled code can't see, are called here.
func (d *dynamics) unmarshal(data []byte, target any) error {
	v, id := opened(target)
	if v.Kind() != reflect.Pointer || v.IsNil() || !d.takesJSON(v.Type().Elem(), d.elemShape(id), 0) {
		return json.Unmarshal(data, bare(target))
	}
	if !json.Valid(data) {
		var x any
		return json.Unmarshal(data, &x) // the error
	}
	return d.fromJSON(data, v.Elem(), d.elemShape(id))
}

// decode is Decode of a json.Decoder.
func (d *dynamics) decode(dec *json.Decoder, target any) error {
	v, id := opened(target)
	if v.Kind() != reflect.Pointer || v.IsNil() || !d.takesJSON(v.Type().Elem(), d.elemShape(id), 0) {
		return dec.Decode(bare(target))
	}
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	return d.fromJSON(raw, v.Elem(), d.elemShape(id))
}

// encode is Encode of a json.Encoder.
func (d *dynamics) encode(enc *json.Encoder, x any) error {
	v, id := opened(x)
	p, err := d.jsonValue(v, id, 0)
	if err != nil {
		return err
	}
	return enc.Encode(p)
}

// setUnJSON registers an UnmarshalJSON or UnmarshalText method.
func (d *dynamics) setUnJSON(zero any, text bool, f func(any, []byte) error) {
	g := func(x any, b []byte) error {
		if text {
			var s *string
			if err := json.Unmarshal(b, &s); err != nil || s == nil {
				return err
			}
			b = []byte(*s)
		}
		if err := f(x, b); !isNil(err) {
			return d.toError(err)
		}
		return nil
	}
	t := dynType(zero)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unjsons[t] == nil || !text {
		d.unjsons[t] = g
	}
}

// unmarshaler gives the method of a place of a type.
func (d *dynamics) unmarshaler(t reflect.Type, id int) func(any, []byte) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if id != 0 {
		if p := d.pointers[id]; p != 0 {
			return d.unjsons[p]
		}
		return nil
	}
	return d.unjsons[reflect.PointerTo(t)]
}

// takesJSON tells whether a session method is somewhere in a type.
func (d *dynamics) takesJSON(t reflect.Type, id, depth int) bool {
	if depth > 20 {
		return false
	}
	if d.unmarshaler(t, id) != nil {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return d.takesJSON(t.Elem(), d.elemShape(id), depth+1)
	case reflect.Struct:
		if t.Name() != "" {
			return false // a compiled type
		}
		for i := range t.NumField() {
			if t.Field(i).Tag.Get(rewrite.EmbedTag) != "" || d.takesJSON(t.Field(i).Type, d.fieldShape(t, i), depth+1) {
				return true
			}
		}
	}
	return false
}

// fromJSON decodes well-formed JSON into a place.
func (d *dynamics) fromJSON(raw []byte, v reflect.Value, id int) error {
	t := v.Type()
	if f := d.unmarshaler(t, id); f != nil {
		d.mu.RLock()
		p := d.pointers[id]
		d.mu.RUnlock()
		return f(dressed(v.Addr(), p), raw)
	}
	if !d.takesJSON(t, id, 0) || string(raw) == "null" {
		return json.Unmarshal(raw, v.Addr().Interface())
	}
	switch t.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		return d.fromJSON(raw, v.Elem(), d.elemShape(id))
	case reflect.Slice, reflect.Array:
		return d.listFromJSON(raw, v, d.elemShape(id))
	case reflect.Map:
		return d.mapFromJSON(raw, v, d.elemShape(id))
	}
	return d.structFromJSON(raw, v)
}

func (d *dynamics) listFromJSON(raw []byte, v reflect.Value, elem int) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), len(parts), len(parts)))
	}
	for i := 0; i < len(parts) && i < v.Len(); i++ {
		if err := d.fromJSON(parts[i], v.Index(i), elem); err != nil {
			return err
		}
	}
	return nil
}

func (d *dynamics) mapFromJSON(raw []byte, v reflect.Value, elem int) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for name, part := range parts {
		key := reflect.New(v.Type().Key()).Elem()
		switch {
		case key.Kind() == reflect.String:
			key.SetString(name)
		case key.CanInt():
			n, err := strconv.ParseInt(name, 10, key.Type().Bits())
			if err != nil {
				return fmt.Errorf("json: key %q: %w", name, err)
			}
			key.SetInt(n)
		case key.CanUint():
			n, err := strconv.ParseUint(name, 10, key.Type().Bits())
			if err != nil {
				return fmt.Errorf("json: key %q: %w", name, err)
			}
			key.SetUint(n)
		default:
			return fmt.Errorf("json: the shell can't decode keys of type %s", d.typeString(key.Type()))
		}
		x := reflect.New(v.Type().Elem()).Elem()
		if err := d.fromJSON(part, x, elem); err != nil {
			return err
		}
		v.SetMapIndex(key, x)
	}
	return nil
}

func (d *dynamics) structFromJSON(raw []byte, v reflect.Value) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" && opts == "" || !f.IsExported() {
			continue
		}
		if name == "" && embedded(f) {
			x := v.Field(i)
			if x.Kind() == reflect.Pointer && x.Type().Elem().Kind() == reflect.Struct {
				if x.IsNil() {
					x.Set(reflect.New(x.Type().Elem()))
				}
				x = x.Elem()
			}
			if x.Kind() == reflect.Struct {
				if err := d.fromJSON(raw, x, d.fieldShape(v.Type(), i)); err != nil {
					return err
				}
				continue
			}
		}
		if name == "" {
			if name = fieldName(f); f.Tag.Get(rewrite.NameTag) != "" {
				continue
			}
		}
		part, ok := parts[name]
		for k, p := range parts {
			if !ok && strings.EqualFold(k, name) {
				part, ok = p, true
			}
		}
		if !ok {
			continue
		}
		var err error
		if strings.Contains(opts, "string") {
			one := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "F", Type: f.Type, Tag: `json:"f,string"`}}))
			err = json.Unmarshal([]byte(`{"f":`+string(part)+`}`), one.Interface())
			v.Field(i).Set(one.Elem().Field(0))
		} else {
			err = d.fromJSON(part, v.Field(i), d.fieldShape(v.Type(), i))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
