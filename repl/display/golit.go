package display

import (
	"fmt"
	"go/types"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// golit writes a value as a Go expression, as far as there is one: functions,
// channels and cycles become nil with a comment, what is not set is left out.
func golit(v Value) string {
	g := goWriter{names: v.TypeName}
	return g.value(reflect.ValueOf(v.V), v.Type, 0, false)
}

type goWriter struct {
	names func(reflect.Type) string
	path  []uintptr
}

// goWidth is where the lines of a literal break.
const goWidth = 90

// value writes v. typed tells that the place it stands at gives constants
// their type.
func (g *goWriter) value(v reflect.Value, t types.Type, depth int, typed bool) string {
	if !v.IsValid() {
		return "nil"
	}
	if v = opened(v); v.CanInterface() {
		if x, ok := v.Interface().(time.Time); ok {
			return goTime(x)
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		return g.pointer(v, t, depth)
	case reflect.Interface:
		return g.value(v.Elem(), nil, depth, false)
	case reflect.Slice, reflect.Array:
		return g.list(v, t, depth)
	case reflect.Map:
		return g.mapping(v, t, depth)
	case reflect.Struct:
		return g.structure(v, t, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return "nil /* " + g.typeText(v.Type(), t) + " */"
	}
	return g.scalar(v, t, typed)
}

func (g *goWriter) scalar(v reflect.Value, t types.Type, typed bool) string {
	s := ""
	switch v.Kind() {
	case reflect.String:
		s = quote(v.String())
	case reflect.Float32, reflect.Float64:
		f := v.Float()
		switch {
		case math.IsNaN(f):
			s, typed = "math.NaN()", typed || v.Kind() == reflect.Float64
		case math.IsInf(f, 0):
			s, typed = "math.Inf("+strconv.Itoa(int(math.Copysign(1, f)))+")", typed || v.Kind() == reflect.Float64
		default:
			s = strconv.FormatFloat(f, 'g', -1, v.Type().Bits())
		}
	case reflect.Complex64, reflect.Complex128:
		s = fmt.Sprint(v.Complex())
	default:
		switch {
		case v.Kind() == reflect.Bool:
			s = strconv.FormatBool(v.Bool())
		case v.CanInt():
			s = strconv.FormatInt(v.Int(), 10)
		default:
			s = strconv.FormatUint(v.Uint(), 10)
		}
	}
	name := g.typeText(v.Type(), t)
	if typed || name == "string" || name == "int" || name == "bool" || name == "float64" && strings.ContainsAny(s, ".e(") {
		return s
	}
	return name + "(" + s + ")"
}

func quote(s string) string {
	if strings.Count(s, "\n") > 1 && strconv.CanBackquote(strings.ReplaceAll(s, "\n", "")) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

func goTime(t time.Time) string {
	if t.IsZero() {
		return "time.Time{}"
	}
	u := t.UTC()
	return fmt.Sprintf("time.Date(%d, time.%s, %d, %d, %d, %d, %d, time.UTC)",
		u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), u.Nanosecond())
}

func (g *goWriter) pointer(v reflect.Value, t types.Type, depth int) string {
	if v.IsNil() {
		return "nil"
	}
	for _, q := range g.path {
		if q == v.Pointer() {
			return "nil /* a cycle */"
		}
	}
	g.path = append(g.path, v.Pointer())
	defer func() { g.path = g.path[:len(g.path)-1] }()
	e := v.Elem()
	s := g.value(e, elem(t), depth, false)
	switch e.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		if strings.HasSuffix(s, "}") && !strings.HasPrefix(s, "time.") {
			return "&" + s
		}
	}
	return "new(" + s + ")"
}

func (g *goWriter) list(v reflect.Value, t types.Type, depth int) string {
	name := g.typeText(v.Type(), t)
	if v.Kind() == reflect.Slice && v.IsNil() {
		return "nil"
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return name + "(" + quote(string(v.Bytes())) + ")"
	}
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = g.value(v.Index(i), elem(t), depth+1, true)
	}
	return layout(name, parts, depth)
}

func (g *goWriter) mapping(v reflect.Value, t types.Type, depth int) string {
	if v.IsNil() {
		return "nil"
	}
	var kt types.Type
	if m, ok := underlying(t).(*types.Map); ok {
		kt = m.Key()
	}
	var parts []string
	for _, k := range sortedKeys(v) {
		value := g.value(v.MapIndex(k), elem(t), depth+1, true)
		if d, ok := deref(k); ok && d.Kind() == reflect.String && secretField(d.String(), v.MapIndex(k)) {
			value = `"" /* masked */`
		}
		parts = append(parts, g.value(k, kt, depth+1, true)+": "+value)
	}
	return layout(g.typeText(v.Type(), t), parts, depth)
}

func (g *goWriter) structure(v reflect.Value, t types.Type, depth int) string {
	var parts []string
	for _, f := range fieldsOf(v, t) {
		switch {
		case plumbing(f) || f.v.IsZero():
		case f.secret && f.v.Kind() == reflect.String:
			parts = append(parts, f.name+`: "" /* masked */`)
		case f.secret:
			parts = append(parts, f.name+": nil /* masked */")
		default:
			parts = append(parts, f.name+": "+g.value(f.v, f.t, depth+1, true))
		}
	}
	return layout(g.typeText(v.Type(), t), parts, depth)
}

// layout writes a composite literal, on one line where it fits.
func layout(name string, parts []string, depth int) string {
	one := name + "{" + strings.Join(parts, ", ") + "}"
	if len(one)+4*depth <= goWidth && !strings.Contains(one, "\n") {
		return one
	}
	pad := strings.Repeat("\t", depth+1)
	return name + "{\n" + pad + strings.Join(parts, ",\n"+pad) + ",\n" + pad[1:] + "}"
}

// typeText is a type as cells write it.
func (g *goWriter) typeText(rt reflect.Type, t types.Type) string {
	if t != nil {
		t = types.Default(t) // of a constant
		if _, ok := underlying(t).(*types.Interface); !ok {
			return types.TypeString(t, func(p *types.Package) string {
				if p.Name() == "main" {
					return ""
				}
				return packageName(p.Path())
			})
		}
	}
	if g.names != nil {
		if n := g.names(rt); n != "" {
			return n
		}
	}
	if rt.Name() != "" {
		if p := packageName(rt.PkgPath()); p != "" {
			return p + "." + rt.Name()
		}
		return rt.Name()
	}
	switch rt.Kind() {
	case reflect.Pointer:
		return "*" + g.typeText(rt.Elem(), nil)
	case reflect.Slice:
		return "[]" + g.typeText(rt.Elem(), nil)
	case reflect.Array:
		return fmt.Sprintf("[%d]%s", rt.Len(), g.typeText(rt.Elem(), nil))
	case reflect.Map:
		return "map[" + g.typeText(rt.Key(), nil) + "]" + g.typeText(rt.Elem(), nil)
	case reflect.Interface:
		if rt.NumMethod() == 0 {
			return "any"
		}
	case reflect.Struct:
		if n := structName(rt); n != "" {
			return n
		}
		fields := make([]string, rt.NumField())
		for i := range fields {
			f := rt.Field(i)
			name := f.Name
			if n := f.Tag.Get(ownNameTag); n != "" {
				name = n
			}
			fields[i] = name + " " + g.typeText(f.Type, nil)
		}
		return "struct{ " + strings.Join(fields, "; ") + " }"
	}
	return rt.String()
}

// packageName is how cells call a package: the last part of its path, but for
// the SDK's types, which are called by their service.
func packageName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if last == "types" && len(parts) > 1 {
		return parts[len(parts)-2] + "types"
	}
	return last
}
