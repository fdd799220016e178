package display

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// JSON writes a value as JSON, indented, for a person or a program. A resource
// is written as AWS calls its fields (its Raw struct), what is not set is left
// out, and a cycle ends in null.
func JSON(v Value) string {
	j := jsonWriter{}
	j.value(reflect.ValueOf(v.V), 0)
	var out bytes.Buffer
	if err := json.Indent(&out, j.b.Bytes(), "", "  "); err != nil {
		return strconv.Quote(err.Error()) // a json.Marshaler that lies
	}
	return out.String()
}

type jsonWriter struct {
	b    bytes.Buffer
	path []uintptr
}

// jsonDepth bounds nesting; what lies deeper becomes null.
const jsonDepth = 100

func (j *jsonWriter) value(v reflect.Value, depth int) {
	if !v.IsValid() || depth > jsonDepth {
		j.b.WriteString("null")
		return
	}
	if v = opened(v); j.marshalled(v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		j.indirect(v, depth)
	case reflect.Bool:
		j.b.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Float32, reflect.Float64:
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			j.text(fmt.Sprint(f))
			return
		}
		j.encode(f)
	case reflect.String:
		j.text(v.String())
	case reflect.Slice, reflect.Array:
		j.list(v, depth)
	case reflect.Map:
		j.mapping(v, depth)
	case reflect.Struct:
		j.structure(v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		j.text(v.Type().String())
	case reflect.Complex64, reflect.Complex128:
		j.text(fmt.Sprint(v.Complex()))
	default: // integers
		fmt.Fprint(&j.b, v)
	}
}

// marshalled writes what the type itself knows to write.
func (j *jsonWriter) marshalled(v reflect.Value) (ok bool) {
	if !v.CanInterface() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
		return false
	}
	n := j.b.Len()
	defer func() {
		if recover() != nil {
			j.b.Truncate(n)
			ok = false
		}
	}()
	switch x := v.Interface().(type) {
	case time.Time:
		j.text(x.Format(time.RFC3339Nano))
	case time.Duration:
		j.text(x.String())
	case json.Marshaler:
		b, err := x.MarshalJSON()
		if err != nil || !json.Valid(b) {
			return false
		}
		j.b.Write(b)
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		if err != nil {
			return false
		}
		j.text(string(b))
	case error:
		j.text(x.Error())
	default:
		return false
	}
	return true
}

func (j *jsonWriter) indirect(v reflect.Value, depth int) {
	if v.IsNil() {
		j.b.WriteString("null")
		return
	}
	if v.Kind() == reflect.Pointer {
		for _, q := range j.path {
			if q == v.Pointer() {
				j.b.WriteString("null")
				return
			}
		}
		j.path = append(j.path, v.Pointer())
		defer func() { j.path = j.path[:len(j.path)-1] }()
	}
	j.value(v.Elem(), depth+1)
}

func (j *jsonWriter) list(v reflect.Value, depth int) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		j.text(base64.StdEncoding.EncodeToString(v.Bytes()))
		return
	}
	j.b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			j.b.WriteByte(',')
		}
		j.value(v.Index(i), depth+1)
	}
	j.b.WriteByte(']')
}

func (j *jsonWriter) mapping(v reflect.Value, depth int) {
	j.b.WriteByte('{')
	for i, k := range sortedKeys(v) {
		if i > 0 {
			j.b.WriteByte(',')
		}
		name := keyText(k)
		j.text(name)
		j.b.WriteByte(':')
		if secretField(name, v.MapIndex(k)) {
			j.text(Masked)
			continue
		}
		j.value(v.MapIndex(k), depth+1)
	}
	j.b.WriteByte('}')
}

// keyText is a key of a map as the name of a member.
func keyText(k reflect.Value) string {
	if d, ok := deref(k); ok && d.Kind() == reflect.String {
		return d.String()
	}
	if s, ok := own(k); ok {
		return s
	}
	return fmt.Sprint(k)
}

func (j *jsonWriter) structure(v reflect.Value, depth int) {
	if raw, ok := rawOf(v); ok {
		j.value(raw, depth+1)
		return
	}
	if s, ok := own(v); ok && (v.Type().Name() == "Connection" || len(fieldsOf(v, nil)) == 0) {
		j.text(s)
		return
	}
	j.b.WriteByte('{')
	first := true
	for _, f := range fieldsOf(v, nil) {
		if plumbing(f) {
			continue
		}
		if !first {
			j.b.WriteByte(',')
		}
		first = false
		j.text(f.name)
		j.b.WriteByte(':')
		if f.secret {
			j.text(Masked)
			continue
		}
		j.value(f.v, depth+1)
	}
	j.b.WriteByte('}')
}

// rawOf gives the SDK's own struct of a resource, when it has one that is set.
func rawOf(v reflect.Value) (reflect.Value, bool) {
	f, ok := v.Type().FieldByName("Raw")
	if !ok || !f.IsExported() {
		return v, false
	}
	raw, ok := deref(v.FieldByIndex(f.Index))
	return raw, ok && raw.Kind() == reflect.Struct && !raw.IsZero()
}

func (j *jsonWriter) text(s string) { j.encode(strings.ToValidUTF8(s, "\uFFFD")) }

// encode writes a scalar without the escapes that only HTML needs.
func (j *jsonWriter) encode(v any) {
	enc := json.NewEncoder(&j.b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		j.b.WriteString("null")
		return
	}
	j.b.Truncate(j.b.Len() - 1) // the line end
}
