package eval

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"reflect"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/traefik/yaegi/interp"
)

const hostPath = "pawsh/host"

// Value is what a cell shows.
type Value struct {
	V any
	// Text is the value's own String or Error method when only interpreted
	// code can call it; nil otherwise.
	Text *string
	// Plain is the value by %v, where fmt would print it otherwise; or nil.
	Plain *string
}

func deref[T any](p *T) T { return *p }

// host gives the functions that lowered code calls, see repl/rewrite.
func (e *Evaluator) host(extra map[string]any) interp.Exports {
	g := e.guard
	h := map[string]any{
		"Stopped":    g.stopping.Load,
		"Check":      g.check,
		"Enter":      g.enter,
		"At":         func(pos int) { e.at.Store(int64(pos)) },
		"Show":       e.show,
		"Raise":      e.raise,
		"NilPointer": func() { panic(runtimeError("invalid memory address or nil pointer dereference")) },
		"Panic":      g.panic,
		"Size":       size,
		"Go":         e.goroutine,
		"NewDefers":  func() *Defers { return &Defers{g: g} },
		"Direct":     g.caller,
		"IterContinued": func() {
			panic(runtimeError("range function continued iteration after function for loop body returned false"))
		},
		"ClearMap": clearMap,
		"Zeromin":  func(v, m float64) bool { return v == 0 && m == 0 && math.Signbit(v) && !math.Signbit(m) },
		"Zeromax":  func(v, m float64) bool { return v == 0 && m == 0 && !math.Signbit(v) && math.Signbit(m) },
		"Print":    func(a ...any) { printAll(e.stderr, a, "", "") },
		"Println":  func(a ...any) { printAll(e.stderr, a, " ", "\n") },
		"Ctx":      func() context.Context { return e.Context() },
		"Select":   e.selectOne,
		"RecvCase": recvCase,
		"SendCase": sendCase,
		"Block":    e.block,
		"Box":      unwrap,
		"Index":    index,
		"TextOf":   textOf,
		"SetText":  setText,
		"Shift":    shift,
		"SameChan": func(a, b any) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() },
		"IsEmptyStruct": func(x any) bool {
			_, ok := unwrap(x).(struct{})
			return ok
		},
		"TypeKey":           e.dyn.typeKey,
		"TypeKey0":          e.dyn.key,
		"Dispatcher":        e.dyn.dispatcher,
		"Implements":        e.dyn.implements,
		"As":                e.dyn.as,
		"MustAs":            e.dyn.mustAs,
		"NotA":              e.dyn.notA,
		"Text":              e.dyn.setText,
		"Chain":             e.dyn.setChain,
		"Match":             e.dyn.setMatch,
		"JSON":              e.dyn.setJSON,
		"Name":              e.dyn.setName,
		"TypeString":        e.dyn.typeString,
		"TypeNumField":      typeNumField,
		"TypeField":         typeField,
		"TypeFieldByIndex":  typeFieldByIndex,
		"TypeFields":        typeFields,
		"ValueFields":       valueFields,
		"TypeFieldByName":   typeFieldByName,
		"ValueNumField":     valueNumField,
		"ValueField":        valueField,
		"ValueFieldByIndex": valueFieldByIndex,
		"ValueFieldByName":  valueFieldByName,
		"TypeName":          e.dyn.nameAlone,
		"TypePkgPath":       e.dyn.pkgPath,
		"ToError":           e.dyn.toError,
		"ErrorAs":           e.dyn.errorAs,
		"Invoke":            e.dyn.invoke,
		"Any":               unwrap,
		"IsNil":             isNil,
		"Equal":             e.dyn.equal,
		"EqualParts":        e.dyn.equalStatic,
		"Deref_string":      deref[string],
		"Deref_int":         deref[int],
		"Deref_int32":       deref[int32],
		"Deref_int64":       deref[int64],
		"Deref_float64":     deref[float64],
		"Deref_bool":        deref[bool],
	}
	for n, f := range e.dyn.functions() {
		h[n] = f
	}
	for n, f := range extra {
		h[n] = f
	}
	m := make(map[string]reflect.Value, len(h)+2)
	for n, f := range h {
		m[n] = reflect.ValueOf(f)
	}
	m["Defers"] = reflect.ValueOf((*Defers)(nil))
	m["Caller"] = reflect.ValueOf((*Caller)(nil))
	m["Identity"] = reflect.ValueOf((*Identity)(nil))
	namedTypes(m)
	return interp.Exports{hostPath + "/host": m}
}

func (e *Evaluator) raise(err error) {
	if err != nil {
		// The interpreter prints what it panics with, which may run the error's
		// own method: where the cell is must be noted before.
		panic(&Raised{Err: err, at: e.position()})
	}
}

// shift gives the count of a shift, which must not be negative.
func shift(n int64) uint64 {
	if n < 0 {
		panic(runtimeError("negative shift amount"))
	}
	return uint64(n)
}

func clearMap(m any) { reflect.ValueOf(m).Clear() }

// printAll is print and println as the compiler has them.
func printAll(w io.Writer, a []any, sep, end string) {
	var b []byte
	for i, v := range a {
		if i > 0 {
			b = append(b, sep...)
		}
		b = appendPrinted(b, v)
	}
	w.Write(append(b, end...))
}

func appendPrinted(b []byte, x any) []byte {
	v := reflect.ValueOf(bare(x))
	switch v.Kind() {
	case reflect.Float32:
		return strconv.AppendFloat(b, v.Float(), 'g', -1, 32)
	case reflect.Float64:
		return strconv.AppendFloat(b, v.Float(), 'g', -1, 64)
	case reflect.Complex64:
		return append(b, strconv.FormatComplex(v.Complex(), 'g', -1, 64)...)
	case reflect.Complex128:
		return append(b, strconv.FormatComplex(v.Complex(), 'g', -1, 128)...)
	case reflect.String:
		return append(b, v.String()...)
	case reflect.Slice:
		return fmt.Appendf(b, "[%d/%d]%#x", v.Len(), v.Cap(), v.Pointer())
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Appendf(b, "%#x", v.Pointer())
	case reflect.Invalid:
		return append(b, "(0x0,0x0)"...)
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		switch {
		case v.CanInt():
			return strconv.AppendInt(b, v.Int(), 10)
		case v.CanUint():
			return strconv.AppendUint(b, v.Uint(), 10)
		}
		return strconv.AppendBool(b, v.Bool())
	}
	return fmt.Append(b, x)
}

func (e *Evaluator) show(vs ...any) {
	e.shown = true
	e.values = e.values[:0]
	for _, v := range vs {
		e.values = append(e.values, e.dyn.shown(unwrap(v)))
	}
}

// shown adds the text of a value that only the session can print.
func (d *dynamics) shown(x any) Value {
	v, id := opened(x)
	if !v.IsValid() || !d.isSession(v, id, 0) {
		return Value{V: plain(x)}
	}
	s := fmt.Sprintf("%v", formatted{d, v, id})
	val := Value{V: plain(x), Plain: &s}
	for _, m := range []string{"Error", "String"} {
		if d.method(typeOf(v, id), m) != nil {
			val.Text = &s
		}
	}
	return val
}

// goroutine starts f beside the cell. A panic of it is reported, not fatal.
func (e *Evaluator) goroutine(f func()) {
	e.together()
	e.busy.Add(1)
	go func() {
		defer e.busy.Add(-1)
		id := goroutineID()
		e.guard.began(id)
		debug.SetPanicOnFault(true)
		defer func() {
			r := e.guard.ended(id, recover())
			if p, ok := r.(*deepPanic); ok {
				r = p.value
			}
			switch r {
			case nil, errInterrupted:
			default:
				fmt.Fprintf(e.stderr, "panic in a goroutine: %s\n", panicText(e.dyn.goPanic(r)))
			}
		}()
		f()
	}()
}

// overrides replaces members of the standard library that would act on the
// process instead of the session.
func (e *Evaluator) overrides(path string, m map[string]reflect.Value) {
	set := func(n string, f any) { m[n] = reflect.ValueOf(f) }
	switch path {
	case "fmt":
		e.overrideFmt(set)
		set("Scan", func(a ...any) (int, error) { return fmt.Fscan(e.stdin, a...) })
		set("Scanf", func(f string, a ...any) (int, error) { return fmt.Fscanf(e.stdin, f, a...) })
		set("Scanln", func(a ...any) (int, error) { return fmt.Fscanln(e.stdin, a...) })
	case "encoding/json":
		set("Marshal", e.dyn.marshal)
		set("MarshalIndent", e.dyn.marshalIndent)
		set("Unmarshal", e.dyn.unmarshal)
	case "errors":
		set("Is", e.dyn.errorIs)
		set("As", func(err error, target any) bool { return e.dyn.errorAs(err, target) })
		set("Unwrap", e.dyn.errorUnwrap)
	case "os":
		set("Exit", func(code int) { panic(&Exit{code}) })
		args := []string{"pawsh"} // the shell's own are none of the cells' business
		m["Args"] = reflect.ValueOf(&args).Elem()
		e.standardFiles(m)
	case "time":
		set("Sleep", e.sleep)
	case "encoding/xml":
		set("Marshal", e.dyn.xmlMarshal)
		set("MarshalIndent", e.dyn.xmlMarshalIndent)
	case "log":
		overrideLog(m, e.stderr, e.dyn)
	}
}

// overrideFmt gives the functions of package fmt values as they print.
func (e *Evaluator) overrideFmt(set func(string, any)) {
	d := e.dyn
	f := func(format string, a []any) (string, []any) {
		format, a = d.typeVerbs(format, a)
		return format, d.args(a)
	}
	set("Print", func(a ...any) (int, error) { return fmt.Fprint(e.stdout, d.args(a)...) })
	set("Println", func(a ...any) (int, error) { return fmt.Fprintln(e.stdout, d.args(a)...) })
	set("Printf", func(s string, a ...any) (int, error) { s, a = f(s, a); return fmt.Fprintf(e.stdout, s, a...) })
	set("Fprint", func(w io.Writer, a ...any) (int, error) { return fmt.Fprint(w, d.args(a)...) })
	set("Fprintln", func(w io.Writer, a ...any) (int, error) { return fmt.Fprintln(w, d.args(a)...) })
	set("Fprintf", func(w io.Writer, s string, a ...any) (int, error) { s, a = f(s, a); return fmt.Fprintf(w, s, a...) })
	set("Sprint", func(a ...any) string { return fmt.Sprint(d.args(a)...) })
	set("Sprintln", func(a ...any) string { return fmt.Sprintln(d.args(a)...) })
	set("Sprintf", func(s string, a ...any) string { s, a = f(s, a); return fmt.Sprintf(s, a...) })
	set("Append", func(b []byte, a ...any) []byte { return fmt.Append(b, d.args(a)...) })
	set("Appendln", func(b []byte, a ...any) []byte { return fmt.Appendln(b, d.args(a)...) })
	set("Appendf", func(b []byte, s string, a ...any) []byte { s, a = f(s, a); return fmt.Appendf(b, s, a...) })
	set("Errorf", func(s string, a ...any) error { s, a = d.typeVerbs(s, a); return fmt.Errorf(s, d.errorArgs(a)...) })
}

func overrideLog(m map[string]reflect.Value, w io.Writer, d *dynamics) {
	l := log.New(w, "", log.LstdFlags)
	for n, f := range map[string]any{
		"Fatal": func(a ...any) { l.Panic(d.args(a)...) }, "Fatalln": func(a ...any) { l.Panicln(d.args(a)...) },
		"Fatalf": func(f string, a ...any) { f, a = d.typeVerbs(f, a); l.Panicf(f, d.args(a)...) },
		"Panic":  func(a ...any) { l.Panic(d.args(a)...) }, "Panicln": func(a ...any) { l.Panicln(d.args(a)...) },
		"Panicf": func(f string, a ...any) { f, a = d.typeVerbs(f, a); l.Panicf(f, d.args(a)...) },
		"Print":  func(a ...any) { l.Print(d.args(a)...) }, "Println": func(a ...any) { l.Println(d.args(a)...) },
		"Printf": func(f string, a ...any) { f, a = d.typeVerbs(f, a); l.Printf(f, d.args(a)...) },
		"Flags":  l.Flags, "Output": l.Output, "Prefix": l.Prefix, "SetFlags": l.SetFlags,
		"SetOutput": l.SetOutput, "SetPrefix": l.SetPrefix, "Writer": l.Writer,
		"Default": func() *log.Logger { return l },
	} {
		m[n] = reflect.ValueOf(f)
	}
}

// sleep is time.Sleep, which an interrupt ends.
func (e *Evaluator) sleep(d time.Duration) {
	c := e.guard.wake.Load()
	if c == nil {
		time.Sleep(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-*c:
		e.guard.check()
		<-t.C // a goroutine of an earlier cell sleeps on
	}
}
