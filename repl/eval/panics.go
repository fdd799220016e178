package eval

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// Raised is an error that a call of the cell returned and nobody took.
type Raised struct {
	Err error
	at  int // where, see rewrite.Position; 0 when unknown
}

func (r *Raised) Error() string { return r.Err.Error() }

// Unwrap gives the error itself.
func (r *Raised) Unwrap() error { return r.Err }

// Exit is the wish of a cell to end the process, which a shell does not follow.
type Exit struct{ Code int }

func (e *Exit) Error() string {
	return fmt.Sprintf("os.Exit(%d): the shell goes on; leave it with :quit", e.Code)
}

// Panic is a panic of a cell, with the place in the cell where it began.
type Panic struct {
	Value        any
	Line, Column int // 0 when unknown
}

func (p *Panic) Error() string { return "panic: " + panicText(p.Value) }

// Unwrap gives the error that was the panic's value, if it was one.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// panicText writes a panic's value as Go's runtime does.
func panicText(v any) string {
	switch x := v.(type) {
	case error:
		return x.Error()
	case fmt.Stringer:
		return x.String()
	case string:
		return x
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return fmt.Sprintf("%s(%q)", rv.Type(), rv.String())
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return fmt.Sprintf("%s(%v)", rv.Type(), v)
	}
	return fmt.Sprintf("%v", v)
}

// runtimeError is a runtime.Error with a message that the shell chose.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError marks it as the runtime's.
func (e runtimeError) RuntimeError() {}

// goPanic gives the value that compiled Go panics with where the interpreter,
// which works by reflection, panics with a text of package reflect.
func (d *dynamics) goPanic(v any) any {
	switch x := v.(type) {
	case *Raised:
		return x.Err
	case reflect.Value:
		if x.IsValid() && x.CanInterface() {
			return d.goPanic(x.Interface())
		}
	case *reflect.ValueError:
		return runtimeError("invalid memory address or nil pointer dereference")
	case string:
		switch {
		case strings.Contains(x, "on zero Value"), strings.Contains(x, "using zero Value"), strings.Contains(x, "nil pointer dereference"),
			strings.Contains(x, "through nil pointer"), strings.Contains(x, "call of nil function"):
			return runtimeError("invalid memory address or nil pointer dereference")
		case strings.Contains(x, "slice index out of bounds"):
			return runtimeError("slice bounds out of range")
		case strings.Contains(x, "index out of range"):
			return runtimeError("index out of range")
		case strings.Contains(x, "call of nil function"):
			return runtimeError("invalid memory address or nil pointer dereference")
		case strings.Contains(x, "MakeSlice: negative len"):
			return runtimeError("makeslice: len out of range")
		case strings.Contains(x, "MakeSlice: "):
			return runtimeError("makeslice: cap out of range")
		case strings.Contains(x, "slice overflow"):
			return runtimeError("growslice: len out of range")
		case strings.HasPrefix(x, "reflect: cannot convert slice with length "):
			return runtimeError(strings.Replace(strings.TrimPrefix(x, "reflect: "), " to array with ", " to array or pointer to array with ", 1))
		}
	}
	if err, ok := v.(error); ok {
		if loc := positionRE.FindStringIndex(err.Error()); loc != nil {
			return runtimeText(d.conversion(strings.TrimSuffix(err.Error()[loc[1]:], ": missing method ")))
		}
	}
	return v
}

// positionRE matches the position that the interpreter puts before its errors.
var positionRE = regexp.MustCompile(`^(func@\d+@\d+@\d+/_\.go:)?\d+:\d+: `)

// runtimeText is an error of the interpreter, with a text as the runtime has it.
type runtimeText string

func (e runtimeText) Error() string { return string(e) }

// RuntimeError marks it as the runtime's.
func (e runtimeText) RuntimeError() {}
