package wire

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"time"
)

// valueDecoder fills an input from a tree of maps, lists and scalars: what
// JSON and CBOR bodies decode to. Names that the input does not have are left.
type valueDecoder struct{ t *table }

// set stores x, a tree's node, in v. A null leaves v as it is.
func (d valueDecoder) set(v reflect.Value, x any) error {
	if x == nil {
		return nil
	}
	if v.Kind() == reflect.Pointer {
		e := reflect.New(v.Type().Elem())
		if err := d.set(e.Elem(), x); err != nil {
			return err
		}
		v.Set(e)
		return nil
	}
	if isScalar(v.Type()) {
		return setScalar(v, x)
	}
	switch v.Kind() {
	case reflect.Slice:
		items, ok := x.([]any)
		if !ok {
			return errBadText
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, it := range items {
			if err := d.set(v.Index(i), it); err != nil {
				return err
			}
		}
		return nil
	}
	m, ok := x.(map[string]any)
	if !ok {
		return errBadText
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, f := range d.t.plan(v.Type()).fields {
			if err := d.set(v.Field(f.index), m[f.json]); err != nil {
				return err
			}
		}
	case reflect.Interface:
		for _, f := range d.t.plan(v.Type()).fields {
			if x := m[f.json]; x != nil && f.variant != nil {
				e := reflect.New(f.variant)
				if err := d.set(e.Elem().Field(f.index), x); err != nil {
					return err
				}
				v.Set(e)
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMapWithSize(v.Type(), len(m)))
		for k, x := range m {
			e := reflect.New(v.Type().Elem()).Elem()
			if err := d.set(e, x); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(k).Convert(v.Type().Key()), e)
		}
	}
	return nil
}

func setScalar(v reflect.Value, x any) error {
	switch x := x.(type) {
	case json.Number:
		return setText(v, x.String())
	case string:
		if k := v.Kind(); k == reflect.Bool || k == reflect.Int32 || k == reflect.Int64 {
			return errBadText // "true" and "7" are no boolean and number in JSON
		}
		return setText(v, x)
	case bool:
		if v.Kind() != reflect.Bool {
			return errBadText
		}
		v.SetBool(x)
	case []byte:
		if !isBlob(v.Type()) {
			return errBadText
		}
		v.SetBytes(x)
	case time.Time:
		if v.Type() != timeType {
			return errBadText
		}
		v.Set(reflect.ValueOf(x))
	case int64:
		switch v.Kind() {
		case reflect.Int32, reflect.Int64:
			if v.OverflowInt(x) {
				return errBadText
			}
			v.SetInt(x)
		case reflect.Float32, reflect.Float64:
			v.SetFloat(float64(x))
		case reflect.Struct:
			return setEpoch(v, float64(x))
		default:
			return errBadText
		}
	case float64:
		switch v.Kind() {
		case reflect.Float32, reflect.Float64:
			v.SetFloat(x)
		case reflect.Int32, reflect.Int64:
			if x != math.Trunc(x) || math.Abs(x) > 1<<53 || v.OverflowInt(int64(x)) {
				return errBadText
			}
			v.SetInt(int64(x))
		case reflect.Struct:
			return setEpoch(v, x)
		default:
			return errBadText
		}
	default:
		return errBadText
	}
	return nil
}

func setEpoch(v reflect.Value, x float64) error {
	t, err := epoch(x)
	if err != nil || v.Type() != timeType {
		return errBadText
	}
	v.Set(reflect.ValueOf(t))
	return nil
}

// tree makes the tree of an output: maps, lists, strings, bools, int64,
// float64, []byte and time.Time. ok is false for what is not set.
func (t *table) tree(v reflect.Value) (x any, ok bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, false
		}
		x, ok := t.tree(v.Elem())
		if !ok && v.Elem().Kind() == reflect.String {
			return "", true // a pointer to "" is set
		}
		return x, ok
	case reflect.String:
		return v.String(), v.Len() > 0
	case reflect.Bool:
		return v.Bool(), true
	case reflect.Int32, reflect.Int64:
		return v.Int(), true
	case reflect.Float32, reflect.Float64:
		return v.Float(), true
	case reflect.Struct:
		if v.Type() == timeType {
			return v.Interface().(time.Time), true
		}
		m := map[string]any{}
		for _, f := range t.plan(v.Type()).fields {
			if x, ok := t.tree(v.Field(f.index)); ok {
				m[f.json] = x
			}
		}
		return m, true
	case reflect.Interface:
		if v.IsNil() {
			return nil, false
		}
		for _, f := range t.plan(v.Type()).fields {
			if u := v.Elem(); u.Kind() == reflect.Pointer && u.Type().Elem() == f.variant {
				x, _ := t.tree(u.Elem().Field(f.index))
				return map[string]any{f.json: x}, true
			}
		}
		return nil, false
	case reflect.Slice:
		if v.IsNil() {
			return nil, false
		}
		if isBlob(v.Type()) {
			return v.Bytes(), true
		}
		items := make([]any, v.Len())
		for i := range items {
			if items[i], ok = t.tree(v.Index(i)); !ok {
				items[i] = ""
			}
		}
		return items, true
	case reflect.Map:
		if v.IsNil() {
			return nil, false
		}
		m := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			x, ok := t.tree(it.Value())
			if !ok {
				x = ""
			}
			m[it.Key().String()] = x
		}
		return m, true
	}
	return nil, false
}

// jsonReady turns a tree's blobs and times into what JSON carries: base64 and
// epoch seconds. It works in place.
func jsonReady(x any) any {
	switch x := x.(type) {
	case map[string]any:
		for k, e := range x {
			x[k] = jsonReady(e)
		}
	case []any:
		for i, e := range x {
			x[i] = jsonReady(e)
		}
	case []byte:
		return base64.StdEncoding.EncodeToString(x)
	case time.Time:
		return epochNumber(x)
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return floatText(x, 64)
		}
	}
	return x
}

// epochNumber spells a time as seconds, with milliseconds where there are some.
func epochNumber(t time.Time) json.Number {
	return json.Number(floatText(float64(t.UnixMilli())/1e3, 64))
}
