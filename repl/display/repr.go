package display

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// reprWidth is where lines of a long value break when no terminal says.
const reprWidth = 100

func repr(v Value, o Options) string {
	if v.Text != nil {
		return *v.Text
	}
	if s, ok := text(v); ok && strings.Contains(s, "\n") {
		return lines(s, o) // texts such as console logs are read, not parsed
	}
	p := printer{width: o.Width, items: o.Items}
	if p.width == 0 {
		p.width = reprWidth
	}
	return p.value(reflect.ValueOf(v.V), 0)
}

type printer struct {
	width, items int
	path         []uintptr // pointers on the way here, against cycles
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
		if _, isErr := v.Interface().(error); v.Kind() == reflect.String && !isErr {
			return strconv.Quote(s) // an enumeration of the SDK
		}
		return s
	}
	v = opened(v)
	switch v.Kind() {
	case reflect.String:
		return strconv.Quote(v.String())
	case reflect.Pointer:
		return p.pointer(v, depth)
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

func (p *printer) pointer(v reflect.Value, depth int) string {
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
	if e := v.Elem(); e.Kind() == reflect.Pointer || e.Kind() == reflect.Interface {
		depth++ // a pointer may point to itself
	}
	return p.value(v.Elem(), depth)
}

func bytesText(b []byte) string {
	if utf8.Valid(b) {
		return strconv.Quote(string(b))
	}
	return fmt.Sprintf("%x", b)
}

// shown is how many of n items are printed.
func (p *printer) shown(n int) int {
	if p.items > 0 && n > p.items {
		return p.items
	}
	return n
}

func (p *printer) list(v reflect.Value, depth int) string {
	n := p.shown(v.Len())
	parts := make([]string, n, n+1)
	for i := range parts {
		parts[i] = p.value(v.Index(i), depth+1)
	}
	if n < v.Len() {
		parts = append(parts, more(v.Len()-n))
	}
	return p.join("[", parts, "]", depth)
}

func (p *printer) mapping(v reflect.Value, depth int) string {
	keys := sortedKeys(v)
	n := p.shown(len(keys))
	parts := make([]string, 0, n+1)
	for _, k := range keys[:n] {
		value := p.secretOr(v.MapIndex(k), k, depth)
		parts = append(parts, p.value(k, depth+1)+": "+value)
	}
	if n < len(keys) {
		parts = append(parts, more(len(keys)-n))
	}
	return p.join("{", parts, "}", depth)
}

// secretOr is the value of a key of a map.
func (p *printer) secretOr(v, key reflect.Value, depth int) string {
	if k, ok := deref(key); ok && k.Kind() == reflect.String && secretField(k.String(), v) {
		return Masked
	}
	return p.value(v, depth+1)
}

// structure leaves out what is not set: most fields of the SDK's structs.
func (p *printer) structure(v reflect.Value, depth int) string {
	var parts []string
	for _, f := range fieldsOf(v, nil) {
		s := Masked
		if !f.secret {
			s = p.value(f.v, depth+1)
		}
		parts = append(parts, f.name+": "+s)
	}
	return p.join(structName(v.Type())+"{", parts, "}", depth)
}

// join puts parts on one line where they fit, else each on a line of its own.
func (p *printer) join(open string, parts []string, end string, depth int) string {
	n := len(open) + len(end)
	multi := false
	for _, s := range parts {
		if n <= p.width {
			n += uniseg.StringWidth(s) + 2
		}
		multi = multi || strings.Contains(s, "\n")
	}
	if n+2*depth <= p.width && !multi || len(parts) == 0 || open == "[" && flat(parts) {
		return open + strings.Join(parts, ", ") + end
	}
	pad := strings.Repeat("  ", depth+1)
	return open + "\n" + pad + strings.Join(parts, ",\n"+pad) + "\n" + pad[2:] + end
}

// flat tells whether the parts of a list are short words, which are better read
// in a row.
func flat(parts []string) bool {
	for _, s := range parts {
		if len(s) > 40 || strings.ContainsAny(s, "\n{") {
			return false
		}
	}
	return true
}
