// Package py does the few things that Python does otherwise than Go's standard
// library: how values print, how division rounds, what a letter is. It is for
// code that was translated from Python; nothing else of the bindings needs it.
package py

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Str writes a value as Python's str does: True, 1.0, ['a', 'b'], {'k': 1}.
// Texts stay as they are; what has a String method prints by that.
func Str(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case string:
		return v
	case error:
		return v.Error()
	case time.Time:
		return strings.Replace(ISOFormat(v), "T", " ", 1)
	case time.Duration:
		return duration(v)
	}
	return Repr(v)
}

// Repr writes a value as Python's repr does: as Str, with quotes around texts.
// Keys of a dict are sorted.
func Repr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case string:
		return quote(v)
	case bool:
		if v {
			return "True"
		}
		return "False"
	case float64:
		return float(v)
	case time.Time, time.Duration, error:
		return Str(v)
	case fmt.Stringer:
		if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
			return "None"
		}
		return v.String()
	}
	return reflected(reflect.ValueOf(v))
}

func reflected(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "None"
		}
		return Repr(v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, Repr(v.Index(i).Interface()))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Map:
		return dict(v)
	case reflect.Struct:
		if tuple(v.Type()) {
			var parts []string
			for i := range v.NumField() {
				parts = append(parts, Repr(v.Field(i).Interface()))
			}
			if len(parts) == 1 {
				return "(" + parts[0] + ",)"
			}
			return "(" + strings.Join(parts, ", ") + ")"
		}
	case reflect.String:
		return quote(v.String())
	case reflect.Float32, reflect.Float64:
		return float(v.Float())
	}
	return fmt.Sprint(v.Interface())
}

// tuple tells the structs that stand for tuples: fields A, B, ...
func tuple(t reflect.Type) bool {
	if t.Name() != "" || t.NumField() == 0 {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).Name != string(rune('A'+i)) {
			return false
		}
	}
	return true
}

func dict(v reflect.Value) string {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		if a.CanInt() && b.CanInt() {
			return int(max(-1, min(1, a.Int()-b.Int())))
		}
		return strings.Compare(fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface()))
	})
	set := v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem().NumField() == 0
	var parts []string
	for _, k := range keys {
		if set {
			parts = append(parts, Repr(k.Interface()))
		} else {
			parts = append(parts, Repr(k.Interface())+": "+Repr(v.MapIndex(k).Interface()))
		}
	}
	if set && len(parts) == 0 {
		return "set()"
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func float(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		format = 'e'
	}
	s := strconv.FormatFloat(f, format, -1, 64)
	if format == 'f' && !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func quote(s string) string {
	q := "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = `"`
	}
	var b strings.Builder
	b.WriteString(q)
	for _, r := range s {
		switch {
		case r == '\\', string(r) == q:
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + q
}

func duration(d time.Duration) string {
	sign := ""
	days := int(d / (24 * time.Hour))
	if d < 0 {
		days = -int((-d + 24*time.Hour - 1) / (24 * time.Hour))
	}
	rest := d - time.Duration(days)*24*time.Hour
	if days != 0 {
		sign = strconv.Itoa(days) + " day"
		if days != 1 && days != -1 {
			sign += "s"
		}
		sign += ", "
	}
	s := fmt.Sprintf("%s%d:%02d:%02d", sign, int(rest.Hours()), int(rest.Minutes())%60, int(rest.Seconds())%60)
	if us := rest.Microseconds() % 1e6; us != 0 {
		s += fmt.Sprintf(".%06d", us)
	}
	return s
}

// ISOFormat writes a time as datetime.isoformat does.
func ISOFormat(t time.Time) string {
	if t.Nanosecond()/1000 == 0 {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format("2006-01-02T15:04:05.000000")
}

// FloorDiv divides and rounds down, as Python's // does.
func FloorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// Mod is the rest of FloorDiv: it has the sign of b.
func Mod(a, b int) int { return a - b*FloorDiv(a, b) }

// FloorMod is Mod of floats.
func FloorMod(a, b float64) float64 {
	m := math.Mod(a, b)
	if m != 0 && (m < 0) != (b < 0) {
		m += b
	}
	return m
}

// Round rounds to digits behind the point, halves to even.
func Round(f float64, digits int) float64 {
	s := strconv.FormatFloat(f, 'f', max(digits, 0), 64)
	r, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return f
	}
	return r
}

// JSON writes a value as json.dumps does: with a blank behind commas and colons.
func JSON(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write JSON: %w", err)
	}
	var out strings.Builder
	text := false
	for i := 0; i < len(b); i++ {
		c := b[i]
		out.WriteByte(c)
		switch {
		case text && c == '\\':
			i++
			out.WriteByte(b[i])
		case c == '"':
			text = !text
		case !text && (c == ',' || c == ':'):
			out.WriteByte(' ')
		}
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(out.String()), nil
}

func every(s string, is func(rune) bool) bool {
	for _, r := range s {
		if !is(r) {
			return false
		}
	}
	return s != ""
}

// IsDigit tells whether a text is all digits, and not empty.
func IsDigit(s string) bool { return every(s, unicode.IsDigit) }

// IsAlpha tells whether a text is all letters, and not empty.
func IsAlpha(s string) bool { return every(s, unicode.IsLetter) }

// IsAlnum tells whether a text is all letters and digits, and not empty.
func IsAlnum(s string) bool {
	return every(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// IsSpace tells whether a text is all white space, and not empty.
func IsSpace(s string) bool { return every(s, unicode.IsSpace) }

// IsUpper tells whether the letters of a text are all capitals and there are some.
func IsUpper(s string) bool { return strings.ToUpper(s) == s && strings.ToLower(s) != s }

// IsLower tells whether the letters of a text are all small and there are some.
func IsLower(s string) bool { return strings.ToLower(s) == s && strings.ToUpper(s) != s }

// Capitalize writes the first letter as a capital and the others small.
func Capitalize(s string) string {
	r := []rune(strings.ToLower(s))
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// Title writes each word with a capital.
func Title(s string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		was := inside
		inside = unicode.IsLetter(r)
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// Swapcase turns capitals into small letters and the other way round.
func Swapcase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// Zfill puts zeros in front of a number in a text, behind its sign.
func Zfill(s string, width int) string {
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	return sign + strings.Repeat("0", max(0, width-len(s)-len(sign))) + s
}

// Center puts blanks around a text.
func Center(s string, width int) string {
	pad := max(0, width-len([]rune(s)))
	left := pad/2 + pad&width&1
	return strings.Repeat(" ", left) + s + strings.Repeat(" ", pad-left)
}

// Exists tells whether there is a file or folder of a name.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// IsDir tells whether a name is a folder's.
func IsDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// IsFile tells whether a name is a file's.
func IsFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// ListDir gives the names in a folder, sorted.
func ListDir(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// Folder is one that Walk came through.
type Folder struct {
	Root        string   // its path
	Dirs, Files []string // the names in it
}

// Walk gives a folder and all below it, from the top, as os.walk does. What
// can't be read is left out, and so is all of a top that is not there.
func Walk(top string) ([]Folder, error) {
	entries, err := os.ReadDir(top)
	if err != nil {
		return nil, nil
	}
	f := Folder{Root: top}
	var below []Folder
	for _, e := range entries {
		path := filepath.Join(top, e.Name())
		if !IsDir(path) {
			f.Files = append(f.Files, e.Name())
			continue
		}
		f.Dirs = append(f.Dirs, e.Name())
		if e.Type()&os.ModeSymlink != 0 {
			continue
		}
		list, err := Walk(path)
		if err != nil {
			return nil, err
		}
		below = append(below, list...)
	}
	return append([]Folder{f}, below...), nil
}
