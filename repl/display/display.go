// Package display turns values into what a person or a program reads: boto's
// own printing for resources and Go's for the rest (repr), tables, trees, JSON
// and Go literals. Key material and passwords are masked in all of them; a
// field that is asked for by itself is shown. It must not run code of a
// session.
package display

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
)

// Value is a value with what is known of it.
type Value struct {
	V    any
	Text *string    // from the value's own String or Error method
	ByV  *string    // by %v, where package fmt would print it otherwise; or nil
	Type types.Type // static type; may be nil
	// TypeName is what a person calls a type of the session, "" for others; it
	// may be nil.
	TypeName func(reflect.Type) string
}

// Plain is the value by fmt's %v, or as Repr has it when there is a secret in it.
func (v Value) Plain() string {
	if v.Text != nil {
		return *v.Text
	}
	if mayHoldSecret(reflect.TypeOf(v.V), map[reflect.Type]bool{}) {
		if s := Repr(v); strings.Contains(s, Masked) {
			return s
		}
	}
	if v.ByV != nil {
		return *v.ByV
	}
	return fmt.Sprintf("%v", v.V)
}

// Format is a way to write values.
type Format string

// The formats.
const (
	FormatRepr  Format = "repr"
	FormatTable Format = "table"
	FormatTree  Format = "tree"
	FormatJSON  Format = "json"
	FormatGo    Format = "go"
)

// Formats lists the formats by name.
func Formats() []string {
	return []string{string(FormatRepr), string(FormatTable), string(FormatTree), string(FormatJSON), string(FormatGo)}
}

// ParseFormat finds a format by its name.
func ParseFormat(s string) (Format, error) {
	for _, f := range Formats() {
		if f == s {
			return Format(f), nil
		}
	}
	return "", fmt.Errorf("%q is no format: want %s", s, strings.Join(Formats(), ", "))
}

// Options say how a value is written. The zero value is repr for a file.
type Options struct {
	Format Format
	// Width of the terminal; 0 where there is none: then tables are as wide as
	// they are.
	Width int
	// Items bounds what repr, tables and trees show of a list; what is left is
	// said. 0 means all. JSON and Go literals are always whole.
	Items int
	// Terminal writes control characters of texts visibly: what a machine far
	// away logged must not steer the terminal.
	Terminal bool
}

// Render writes a value in a format.
func Render(v Value, o Options) string {
	switch o.Format {
	case FormatTable:
		if s, ok := table(v, o); ok {
			return s
		}
	case FormatTree:
		return tree(v, o)
	case FormatJSON:
		return JSON(v)
	case FormatGo:
		return golit(v)
	}
	return repr(v, o)
}

// Repr is the value as the prompt prints it unless told otherwise.
func Repr(v Value) string { return repr(v, Options{}) }

// text gives a string to be read as it is, such as a console log.
func text(v Value) (string, bool) {
	rv := reflect.ValueOf(v.V)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() && rv.Elem().Kind() == reflect.String {
		rv = rv.Elem()
	}
	if rv.Kind() != reflect.String || rv.Type().NumMethod() > 0 {
		return "", false
	}
	return rv.String(), true
}

// lines is a text without its last line end, safe for a terminal.
func lines(s string, o Options) string {
	s = strings.TrimSuffix(s, "\n")
	if !o.Terminal {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return escapeControls(s)
}

// escapeControls writes control characters other than tab and line end as Go
// does in strings.
func escapeControls(s string) string {
	clean := true
	for _, r := range s {
		if control(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if control(r) {
			fmt.Fprintf(&b, "\\x%02x", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func control(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0
}
