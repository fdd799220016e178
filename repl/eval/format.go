package eval

import (
	"fmt"
	"io"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"pawsh/repl/rewrite"
)

// formatted prints a value that has session types in it as package fmt prints
// values of compiled types: with their names, their fields' names, and their
// String and Error methods.
type formatted struct {
	d     *dynamics
	v     reflect.Value
	shape int
}

// Format implements fmt.Formatter.
func (f formatted) Format(st fmt.State, verb rune) {
	p := &valuePrinter{d: f.d, w: st, verb: verb, format: fmt.FormatString(st, verb), plus: st.Flag('+'), sharp: st.Flag('#')}
	p.value(f.v, f.shape, 0)
}

// args makes the arguments of a function of package fmt ready for it.
func (d *dynamics) args(a []any) []any {
	out := make([]any, len(a))
	for i, x := range a {
		if t, ok := bare(x).(reflect.Type); ok {
			out[i] = d.typeString(t)
		} else if v, id := opened(x); v.IsValid() && d.isSession(v, id, 0) {
			out[i] = formatted{d, v, id}
		} else {
			out[i] = bare(x)
		}
	}
	return out
}

// errorArgs is args for Errorf, which looks for errors among them.
func (d *dynamics) errorArgs(a []any) []any {
	out := d.args(a)
	for i, x := range a {
		if e, ok := x.(error); ok {
			out[i] = d.toError(e)
		} else if u := unwrap(x); u != nil && d.method(dynType(u), "Error") != nil {
			out[i] = d.toError(u)
		}
	}
	return out
}

// typeVerbs answers %T and %p, which fmt would answer with the interpreter's types
// and without asking the session's formatter: it gives the format and the arguments with the names in their place.
func (d *dynamics) typeVerbs(format string, a []any) (string, []any) {
	if !strings.ContainsAny(format, "Tp") {
		return format, a
	}
	var b strings.Builder
	out := append([]any{}, a...)
	n := 0
	for i := 0; i < len(format); i++ {
		b.WriteByte(format[i])
		if format[i] != '%' {
			continue
		}
		i++
		for i < len(format) && strings.IndexByte("+-# 0123456789.*[]", format[i]) >= 0 {
			if format[i] == '*' {
				n++
			}
			if format[i] == '[' {
				return format, a // explicit indexes: left to fmt
			}
			b.WriteByte(format[i])
			i++
		}
		if i >= len(format) {
			break
		}
		switch {
		case format[i] == '%':
		case format[i] == 'p' && n < len(out):
			switch v := reflect.ValueOf(bare(out[n])); v.Kind() {
			case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
				out[n] = v.UnsafePointer() // a value of the session's own formatter has no address
			}
			n++
		case format[i] == 'T' && n < len(out) && unwrap(out[n]) != nil:
			out[n] = d.dynName(out[n])
			b.WriteByte('s')
			n++
			continue
		default:
			n++
		}
		b.WriteByte(format[i])
	}
	return b.String(), out
}

// isSession tells whether fmt would print a value otherwise than Go does.
func (d *dynamics) isSession(v reflect.Value, id, depth int) bool {
	if depth > 20 || !v.IsValid() {
		return false
	}
	t := v.Type()
	if id != 0 || t == reflect.TypeFor[Tagged]() || tagName(t) != "" || d.method(t, "String") != nil || d.method(t, "Error") != nil || t.String() == "interp.valueInterface" {
		return true
	}
	switch v.Kind() {
	case reflect.Interface:
		return d.isSession(v.Elem(), 0, depth+1)
	case reflect.Pointer:
		return t.Name() == "" && (tagName(t.Elem()) != "" || depth == 0 && d.isSession(v.Elem(), 0, depth+1))
	case reflect.Slice, reflect.Array:
		if d.mayHold(t.Elem()) {
			for i := range v.Len() {
				if d.isSession(v.Index(i), 0, depth+1) {
					return true
				}
			}
		}
	case reflect.Map:
		if d.mayHold(t.Elem()) || d.mayHold(t.Key()) {
			for _, k := range v.MapKeys() {
				if d.isSession(k, 0, depth+1) || d.isSession(v.MapIndex(k), 0, depth+1) {
					return true
				}
			}
		}
	case reflect.Struct:
		if t.PkgPath() == "" || t.Name() == "" {
			for i := range v.NumField() {
				if d.isSession(v.Field(i), 0, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// mayHold tells whether elements of a type can be session values.
func (d *dynamics) mayHold(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface, reflect.Struct, reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return true
	}
	return strings.HasPrefix(t.PkgPath(), "pawsh/repl/eval")
}

type valuePrinter struct {
	d           *dynamics
	w           io.Writer
	verb        rune
	format      string
	plus, sharp bool
}

// name is what %#v calls a type.
func (p *valuePrinter) name(t reflect.Type, id int) string {
	if id != 0 {
		return p.d.shapeName(id)
	}
	return p.d.typeString(t)
}

func (p *valuePrinter) text(s string) { io.WriteString(p.w, s) }

func (p *valuePrinter) value(v reflect.Value, id, depth int) {
	if v.IsValid() && v.Kind() == reflect.Struct {
		v, id = openedValue(v, id)
	}
	if !v.IsValid() {
		p.text("<nil>")
		return
	}
	t := v.Type()
	if !p.sharp && strings.ContainsRune("vsxXq", p.verb) {
		for _, m := range []string{"Error", "String"} {
			if f := p.d.method(typeOf(v, id), m); f != nil && v.CanInterface() {
				p.method(f, m, v, id)
				return
			}
		}
	}
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			if p.sharp && p.verb == 'v' {
				p.text(p.d.typeString(t) + "(nil)")
			} else {
				p.text("<nil>")
			}
			return
		}
		p.value(v.Elem(), 0, depth)
	case reflect.Pointer:
		if depth == 0 && !v.IsNil() {
			switch v.Elem().Kind() {
			case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
				p.text("&")
				p.value(v.Elem(), p.d.elemShape(id), depth+1)
				return
			}
		}
		p.pointer(v)
	case reflect.Struct:
		if v.CanInterface() && t.Name() != "" {
			p.leaf(v)
			return
		}
		p.structure(v, id, depth)
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && p.verb != 'v' && p.verb != 'd' {
			p.leaf(v)
			return
		}
		p.list(v, id, depth)
	case reflect.Map:
		p.mapping(v, id, depth)
	default:
		p.leaf(v)
	}
}

// method prints the text of a String or Error method, and as fmt does survives
// its panic.
func (p *valuePrinter) method(f func(any) string, name string, v reflect.Value, id int) {
	if p.d.guard != nil {
		defer p.d.guard.guarding()()
	}
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if unrecoverable(r) || r == errDepth {
			panic(r)
		}
		if v.Kind() == reflect.Pointer && v.IsNil() {
			p.text("<nil>")
			return
		}
		p.text(fmt.Sprintf("%%!%c(PANIC=%s method: %s)", p.verb, name, panicText(p.d.goPanic(r))))
	}()
	fmt.Fprintf(p.w, p.format, f(dressed(v, id)))
}

// pointer prints a pointer that is not followed.
func (p *valuePrinter) pointer(v reflect.Value) {
	switch {
	case !strings.ContainsRune("vbodxXp", p.verb):
		p.text(fmt.Sprintf("%%!%c(%s=", p.verb, p.d.typeString(v.Type())))
		if v.IsNil() {
			p.text("<nil>)")
		} else {
			p.text(fmt.Sprintf("%#x)", v.Pointer()))
		}
	case p.verb != 'v':
		fmt.Fprintf(p.w, p.format, v.UnsafePointer())
	case p.sharp && v.IsNil():
		p.text("(" + p.d.typeString(v.Type()) + ")(nil)")
	case p.sharp:
		p.text(fmt.Sprintf("(%s)(%#x)", p.d.typeString(v.Type()), v.Pointer()))
	case v.IsNil():
		fmt.Fprintf(p.w, p.format, nil)
	default:
		fmt.Fprintf(p.w, p.format, v.UnsafePointer())
	}
}

func (p *valuePrinter) leaf(v reflect.Value) {
	if strings.HasPrefix(v.Type().PkgPath(), "pawsh/repl/eval") { // a named basic type
		if b, ok := basicTypes[v.Kind()]; ok {
			v = v.Convert(b)
		}
	}
	if v.CanInterface() {
		fmt.Fprintf(p.w, p.format, v.Interface())
		return
	}
	fmt.Fprintf(p.w, p.format, v)
}

func (p *valuePrinter) structure(v reflect.Value, id, depth int) {
	t := v.Type()
	sep := " "
	if p.sharp {
		p.text(p.name(t, id))
		sep = ", "
	}
	p.text("{")
	n := 0
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type == reflect.TypeFor[Identity]() {
			continue
		}
		if n > 0 {
			p.text(sep)
		}
		n++
		if p.plus || p.sharp {
			p.text(fieldName(f) + ":")
		}
		p.value(v.Field(i), p.d.fieldShape(t, i), depth+1)
	}
	p.text("}")
}

// fieldName is the name of a field as the session wrote it.
func fieldName(f reflect.StructField) string {
	if n := f.Tag.Get(rewrite.NameTag); n != "" {
		return n
	}
	n, _, _ := strings.Cut(f.Name, rewrite.Mark)
	return n
}

func (p *valuePrinter) list(v reflect.Value, id, depth int) {
	open, sep, end := "[", " ", "]"
	if p.sharp {
		open, sep, end = p.name(v.Type(), id)+"{", ", ", "}"
	}
	p.text(open)
	for i := range v.Len() {
		if i > 0 {
			p.text(sep)
		}
		p.value(v.Index(i), p.d.elemShape(id), depth+1)
	}
	p.text(end)
}

func (p *valuePrinter) mapping(v reflect.Value, id, depth int) {
	open, sep, end := "map[", " ", "]"
	if p.sharp {
		open, sep, end = p.name(v.Type(), id)+"{", ", ", "}"
	}
	p.text(open)
	keys := v.MapKeys()
	sort.SliceStable(keys, func(i, j int) bool { return lessKey(keys[i], keys[j]) })
	for i, k := range keys {
		if i > 0 {
			p.text(sep)
		}
		p.value(k, p.d.keyShape(id), depth+1)
		p.text(":")
		p.value(v.MapIndex(k), p.d.elemShape(id), depth+1)
	}
	p.text(end)
}

func lessKey(a, b reflect.Value) bool {
	switch {
	case a.Kind() != b.Kind():
		return a.Kind() < b.Kind()
	case a.CanInt():
		return a.Int() < b.Int()
	case a.CanUint():
		return a.Uint() < b.Uint()
	case a.CanFloat():
		return a.Float() < b.Float()
	case a.Kind() == reflect.String:
		return a.String() < b.String()
	case a.Kind() == reflect.Interface:
		return lessKey(a.Elem(), b.Elem())
	case a.Kind() == reflect.Struct:
		for i := range a.NumField() {
			if lessKey(a.Field(i), b.Field(i)) {
				return true
			}
			if lessKey(b.Field(i), a.Field(i)) {
				return false
			}
		}
	}
	return false
}

// typeString is the name of a type as %T prints it.
func (d *dynamics) typeString(t reflect.Type) string {
	if n := d.name(t); t.Kind() != reflect.Pointer && (t.Name() == "" && tagName(t) != "" || t.Name() != "") {
		return n
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + d.typeString(t.Elem())
	case reflect.Slice:
		return "[]" + d.typeString(t.Elem())
	case reflect.Array:
		return "[" + strconv.Itoa(t.Len()) + "]" + d.typeString(t.Elem())
	case reflect.Map:
		return "map[" + d.typeString(t.Key()) + "]" + d.typeString(t.Elem())
	case reflect.Chan:
		return t.ChanDir().String() + " " + d.typeString(t.Elem())
	case reflect.Struct:
		parts := make([]string, t.NumField())
		for i := range parts {
			parts[i] = fieldName(t.Field(i)) + " " + d.typeString(t.Field(i).Type)
		}
		if len(parts) == 0 {
			return "struct {}"
		}
		return "struct { " + strings.Join(parts, "; ") + " }"
	}
	return t.String()
}

// basicTypes are the unnamed types of the kinds that a session can name.
var basicTypes = map[reflect.Kind]reflect.Type{
	reflect.Bool: reflect.TypeFor[bool](), reflect.String: reflect.TypeFor[string](),
	reflect.Int: reflect.TypeFor[int](), reflect.Int8: reflect.TypeFor[int8](), reflect.Int16: reflect.TypeFor[int16](), reflect.Int32: reflect.TypeFor[int32](), reflect.Int64: reflect.TypeFor[int64](),
	reflect.Uint: reflect.TypeFor[uint](), reflect.Uint8: reflect.TypeFor[uint8](), reflect.Uint16: reflect.TypeFor[uint16](), reflect.Uint32: reflect.TypeFor[uint32](), reflect.Uint64: reflect.TypeFor[uint64](), reflect.Uintptr: reflect.TypeFor[uintptr](),
	reflect.Float32: reflect.TypeFor[float32](), reflect.Float64: reflect.TypeFor[float64](), reflect.Complex64: reflect.TypeFor[complex64](), reflect.Complex128: reflect.TypeFor[complex128](),
}
