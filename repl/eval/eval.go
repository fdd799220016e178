// Package eval runs lowered cells. It is the only importer of the interpreter,
// whose hazards it keeps from the rest: everything here is reached through
// Evaluator, so that another engine, or one in a process of its own, can take
// its place.
package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"reflect"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/traefik/yaegi/interp"

	"pawsh/repl/diag"
	"pawsh/repl/rewrite"
)

// Options configure an Evaluator.
type Options struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer // of cells; safe for concurrent use
	// Exports gives the compiled members of an import path.
	Exports func(path string) (map[string]reflect.Value, bool)
	// Imports lists the packages that the types of a package refer to.
	Imports func(path string) []string
	// Overrides replace members of packages, by import path and name.
	Overrides map[string]map[string]any
	// Host has functions of the shell that lowered code may call.
	Host map[string]any
}

// Evaluator holds the running session. Declare and Run are for one goroutine.
type Evaluator struct {
	in       *interp.Interpreter
	trim     *trimmer
	guard    *guard
	dyn      *dynamics
	trace    *traceWriter
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
	exports  func(string) (map[string]reflect.Value, bool)
	imports  func(string) []string
	replaced map[string]map[string]any
	used     map[string]bool
	imported map[string]bool
	cellCtx  atomic.Pointer[context.Context]
	shown    bool
	values   []Value
	n        int
	declare  sync.Mutex
	busy     atomic.Int64 // goroutines of cells
	where
}

// New starts an interpreter; no package is loaded before a cell needs it.
func New(o Options) (*Evaluator, error) {
	dyn := newDynamics()
	e := &Evaluator{
		guard: newGuard(dyn), dyn: dyn, trace: &traceWriter{}, exports: o.Exports, imports: o.Imports, replaced: o.Overrides,
		stdin: o.Stdin, stdout: o.Stdout, stderr: o.Stderr,
		used: map[string]bool{}, imported: map[string]bool{},
	}
	e.guard.position = e.position
	e.in = interp.New(interp.Options{Stdin: o.Stdin, Stdout: o.Stdout, Stderr: e.trace, Unrestricted: true, Env: os.Environ()})
	e.trim = newTrimmer(e.in)
	if err := e.in.Use(e.host(o.Host)); err != nil {
		return nil, fmt.Errorf("load host functions: %w", err)
	}
	if err := e.eval("import " + rewrite.Host + " " + strconv.Quote(hostPath)); err != nil {
		return nil, fmt.Errorf("import host functions: %w", err)
	}
	if err := e.eval(rewrite.Prologue); err != nil {
		return nil, fmt.Errorf("declare the position: %w", err)
	}
	return e, e.where.find(e.in)
}

// Context is the context of the running cell, or the background's between cells.
func (e *Evaluator) Context() context.Context {
	if c := e.cellCtx.Load(); c != nil {
		return *c
	}
	return context.Background()
}

// Declare loads what a program imports and declares. It gives the function to
// run, nil when there is nothing to run. Nothing of the program has run yet.
//
// The interpreter makes room for new globals by putting a longer copy in the
// place of its table, without a lock, and sets a constant in its frame anew;
// goroutines of earlier cells may read both meanwhile. Old and new table agree
// in all that these can name, so either serves them; the race detector still
// reports it.
func (e *Evaluator) Declare(p *rewrite.Program) (*Func, error) {
	e.declare.Lock()
	defer e.declare.Unlock()
	e.settle()
	if p.Shared {
		e.shared = true
	}
	for _, im := range p.Imports {
		if err := e.load(im); err != nil {
			return nil, err
		}
	}
	if err := e.declarations(p.Decls); err != nil {
		return nil, fmt.Errorf("the interpreter can't take the declarations of this cell: %w", plainRefusal(err))
	}
	if p.Empty() {
		return nil, nil
	}
	e.n++
	name := fmt.Sprintf("run%s%d", rewrite.Mark, e.n)
	base := e.in.FileSet().Base()
	if err := e.eval("func " + name + "() {\n" + p.Body + "\n}"); err != nil {
		return nil, fmt.Errorf("the interpreter can't run this cell: %w", plainRefusal(err))
	}
	f := &Func{name: name}
	if !lasting(p.Body) {
		f.base, f.end = base, e.in.FileSet().Base()
	}
	return f, nil
}

// settle lets goroutines that are about to end do so.
func (e *Evaluator) settle() {
	for range 20 {
		if e.busy.Load() == 0 {
			return
		}
		time.Sleep(10 * time.Microsecond)
	}
}

// plainRefusal takes the interpreter's positions, which are not the cell's, out
// of its error.
func plainRefusal(err error) error {
	msg := refusalRE.ReplaceAllString(err.Error(), "")
	return errors.New(strings.ReplaceAll(msg, "CFG post-order panic: ", ""))
}

var refusalRE = regexp.MustCompile(`(func@\d+@\d+@\d+/_\.go:)?\b\d+:\d+: `)

// Func is a declared run of statements.
type Func struct {
	name      string
	base, end int // of its text, when no function in it outlives it
}

func (e *Evaluator) load(im rewrite.Import) error {
	if e.imported[im.Path] {
		return nil
	}
	if err := e.Use(im.Path); err != nil {
		return err
	}
	if err := e.eval("import " + im.Alias + " " + strconv.Quote(im.Path)); err != nil {
		return fmt.Errorf("import %q: %w", im.Path, err)
	}
	e.imported[im.Path] = true
	return nil
}

// Use makes the compiled members of a package known to the interpreter.
func (e *Evaluator) Use(importPath string) error {
	if e.used[importPath] {
		return nil
	}
	src, ok := e.exports(importPath)
	if !ok {
		return fmt.Errorf("package %q is not built into the shell", importPath)
	}
	m := make(map[string]reflect.Value, len(src))
	for n, v := range src {
		m[n] = v
	}
	e.overrides(importPath, m)
	for n, f := range e.replaced[importPath] {
		m[n] = reflect.ValueOf(f)
	}
	// The dot keeps the interpreter from compiling its own copies of generic
	// library sources, which it does when it meets the key "fmt/fmt".
	key := path.Dir(importPath+"/x") + "/./" + path.Base(importPath)
	if err := e.in.Use(interp.Exports{key: m}); err != nil {
		return fmt.Errorf("load package %q: %w", importPath, err)
	}
	e.mapTypes(importPath, m)
	e.used[importPath] = true
	// A session value that becomes an interface of another package is wrapped
	// by a type among that package's members.
	if e.imports != nil {
		for _, im := range e.imports(importPath) {
			if _, ok := e.exports(im); ok {
				if err := e.Use(im); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Outcome is what a run of statements did.
type Outcome struct {
	Shown  bool // the cell showed Values
	Values []Value
}

// grace is how long an interrupted cell may take to end; then it is left
// behind, blocked in compiled code, and ends when it wakes.
const grace = 300 * time.Millisecond

// Run runs a declared function under ctx, which interrupts it. The error is
// a *Panic, *Raised (within a *Panic), *Exit or diag.ErrInterrupted.
func (e *Evaluator) Run(ctx context.Context, f *Func) (Outcome, error) {
	e.declare.Lock()
	base := e.in.FileSet().Base()
	v, err := e.run(f.name)
	forget(e.in.FileSet(), base, e.in.FileSet().Base())
	e.declare.Unlock()
	if err != nil {
		return Outcome{}, fmt.Errorf("find %s: %w", f.name, err)
	}
	run, ok := v.Interface().(func())
	if !ok {
		return Outcome{}, fmt.Errorf("%s is a %s", f.name, v.Type())
	}
	e.declare.Lock()
	e.trim.trim(f.name)
	e.declare.Unlock()
	defer forget(e.in.FileSet(), f.base, f.end)
	e.shown, e.values = false, nil
	e.trace.reset()
	e.cellCtx.Store(&ctx)
	wake := make(chan struct{})
	e.guard.wake.Store(&wake)
	done := make(chan any, 1)
	ids := make(chan uint64, 1)
	if e.shared || e.busy.Load() > 0 {
		e.together()
	} else {
		e.alone()
	}
	e.busy.Add(1)
	go func() {
		id := goroutineID()
		ids <- id
		e.guard.began(id)
		debug.SetPanicOnFault(true)
		var r any
		defer func() {
			r = e.guard.ended(id, r)
			e.busy.Add(-1)
			done <- r
		}()
		defer func() {
			r = recover()
		}()
		run()
	}()
	id := <-ids
	select {
	case r := <-done:
		return e.outcome(r)
	case <-ctx.Done():
	}
	e.guard.kill(id)
	close(wake)
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case r := <-done:
		if r == nil {
			return e.outcome(r)
		}
	case <-t.C:
	}
	return Outcome{}, diag.ErrInterrupted
}

func (e *Evaluator) outcome(r any) (Outcome, error) {
	if r == nil {
		return Outcome{Shown: e.shown, Values: e.values}, nil
	}
	if r == errInterrupted {
		return Outcome{}, diag.ErrInterrupted
	}
	deep, ok := r.(*deepPanic)
	if ok {
		r = deep.value
	}
	p := &Panic{Value: r}
	mark := e.position()
	if raised, is := r.(*Raised); is && raised.at != 0 {
		mark = raised.at
	}
	p.Line, p.Column = e.trace.place(mark)
	if ok {
		_, p.Line, p.Column = rewrite.Unpack(deep.position)
	}
	if r == errDepth {
		_, p.Line, p.Column = rewrite.Unpack(int(e.guard.overflown.Load()))
	}
	switch x := r.(type) {
	case *Exit:
		return Outcome{}, x
	case *Raised:
		return Outcome{}, p
	}
	p.Value = e.dyn.goPanic(r)
	return Outcome{}, p
}

// eval runs text of the shell itself: declarations, which have no effects.
func (e *Evaluator) eval(src string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	base := e.in.FileSet().Base()
	_, err = e.run(src)
	if !lasting(src) {
		forget(e.in.FileSet(), base, e.in.FileSet().Base())
	}
	return err
}

// run runs a text in the interpreter.
func (e *Evaluator) run(src string) (reflect.Value, error) {
	p, err := e.in.Compile(src)
	if err != nil || p == nil {
		return reflect.Value{}, err
	}
	e.trim.grow()
	return e.in.Execute(p)
}
