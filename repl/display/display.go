// Package display turns values into what a person reads: boto's own printing
// for resources, Go's for the rest, with pointers followed and long structs
// laid out. It must not run code of a session.
package display

import (
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Value is a value with what is known of it.
type Value struct {
	V    any
	Text *string    // from the value's own String or Error method
	Type types.Type // static type; may be nil
}

// Plain is the value by fmt's %v.
func (v Value) Plain() string {
	if v.Text != nil {
		return *v.Text
	}
	return fmt.Sprintf("%v", v.V)
}

// Repr is the value as the prompt prints it.
func Repr(v Value) string {
	if v.Text != nil {
		return *v.Text
	}
	if s, ok := v.V.(string); ok && strings.Contains(s, "\n") {
		return strings.TrimSuffix(s, "\n") // texts such as console logs are read, not parsed
	}
	p := printer{width: 100}
	return p.value(reflect.ValueOf(v.V), 0)
}

type printer struct {
	width int
	path  []uintptr // pointers on the way here, against cycles
}

const maxDepth = 12

func (p *printer) value(v reflect.Value, depth int) string {
	if !v.IsValid() {
		return "nil"
	}
	if depth > maxDepth {
		return "..."
	}
	if s, ok := own(v); ok {
		return s
	}
	switch v.Kind() {
	case reflect.String:
		return strconv.Quote(v.String())
	case reflect.Pointer:
		if v.IsNil() {
			return "nil"
		}
		for _, q := range p.path {
			if q == v.Pointer() {
				return "..."
			}
		}
		p.path = append(p.path, v.Pointer())
		defer func() { p.path = p.path[:len(p.path)-1] }()
		return p.value(v.Elem(), depth)
	case reflect.Interface:
		return p.value(v.Elem(), depth)
	case reflect.Slice:
		if v.IsNil() {
			return "[]"
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bytesText(v.Bytes())
		}
		return p.list(v, depth)
	case reflect.Array:
		return p.list(v, depth)
	case reflect.Map:
		return p.mapping(v, depth)
	case reflect.Struct:
		return p.structure(v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if v.IsNil() {
			return "nil"
		}
		return v.Type().String()
	}
	return fmt.Sprintf("%v", v)
}

// own gives the text that the value's type itself chooses.
func own(v reflect.Value) (string, bool) {
	if !v.CanInterface() {
		return "", false
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339), true
	case error:
		return x.Error(), true
	case fmt.Stringer:
		if v.Kind() == reflect.String { // enumerations of the SDK
			return strconv.Quote(x.String()), true
		}
		return x.String(), true
	}
	return "", false
}

func bytesText(b []byte) string {
	if utf8.Valid(b) {
		return strconv.Quote(string(b))
	}
	return fmt.Sprintf("%x", b)
}

func (p *printer) list(v reflect.Value, depth int) string {
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = p.value(v.Index(i), depth+1)
	}
	return p.join("[", parts, "]", depth)
}

func (p *printer) mapping(v reflect.Value, depth int) string {
	parts := make([]string, 0, v.Len())
	for _, k := range v.MapKeys() {
		parts = append(parts, p.value(k, depth+1)+": "+p.value(v.MapIndex(k), depth+1))
	}
	sort.Strings(parts)
	return p.join("{", parts, "}", depth)
}

// structure leaves out what is not set: most fields of the SDK's structs.
func (p *printer) structure(v reflect.Value, depth int) string {
	t := v.Type()
	var parts []string
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && t.PkgPath() != "" || f.Name == "_" {
			continue
		}
		switch fv := v.Field(i); fv.Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
			if fv.IsNil() || f.Name == "ResultMetadata" {
				continue
			}
		}
		if f.Name == "ResultMetadata" || f.Type.Kind() == reflect.String && f.Type.PkgPath() != "" && v.Field(i).Len() == 0 {
			continue // an enumeration that is not set
		}
		parts = append(parts, f.Name+": "+p.value(v.Field(i), depth+1))
	}
	return p.join(t.Name()+"{", parts, "}", depth)
}

// join puts parts on one line where they fit, else each on a line of its own.
func (p *printer) join(open string, parts []string, end string, depth int) string {
	n := len(open) + len(end)
	multi := false
	for _, s := range parts {
		n += utf8.RuneCountInString(s) + 2
		multi = multi || strings.Contains(s, "\n")
	}
	if n+2*depth <= p.width && !multi || len(parts) == 0 || flat(parts) {
		return open + strings.Join(parts, ", ") + end
	}
	pad := strings.Repeat("  ", depth+1)
	return open + "\n" + pad + strings.Join(parts, ",\n"+pad) + "\n" + pad[2:] + end
}

// flat tells whether parts are short words, which are better read in a row.
func flat(parts []string) bool {
	for _, s := range parts {
		if len(s) > 40 || strings.ContainsAny(s, "\n{") {
			return false
		}
	}
	return true
}
