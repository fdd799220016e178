// Package repl is the shell: it takes a cell along its whole way, from the
// text a person typed to the value on the screen, and has the commands beside
// the language. How a line travels:
//
//	text -> input (prompts stripped, commands routed) -> check (types, names)
//	     -> rewrite (unwrap, lower) -> eval (run) -> display -> scope (commit)
package repl

import (
	"context"
	"errors"
	"go/types"
	"strings"
	"time"

	"pawsh/bindings/symbols"
	"pawsh/repl/check"
	"pawsh/repl/diag"
	"pawsh/repl/display"
	"pawsh/repl/eval"
	"pawsh/repl/input"
	"pawsh/repl/rewrite"
)

// Kernel runs cells: the part of the shell without prompt and commands. It is
// for one goroutine.
type Kernel struct {
	world   *world
	scope   *check.Scope
	lower   *rewrite.Lowerer
	eval    *eval.Evaluator
	explain func(error) (code, message, hint string, ok bool)
	n       int
}

// KernelOptions configure a Kernel.
type KernelOptions struct {
	Eval eval.Options // Exports is set by NewKernel
	// Bindings are the names bound before the first cell.
	Bindings []check.Binding
	// Explain recognises errors of requests to a cloud; it may be nil.
	Explain func(error) (code, message, hint string, ok bool)
}

// NewKernel gives a kernel with an empty session.
func NewKernel(o KernelOptions) (*Kernel, error) {
	w := newWorld()
	k := &Kernel{world: w, lower: rewrite.New(w), explain: o.Explain}
	o.Eval.Exports, o.Eval.Imports = w.exports, w.imports
	var err error
	if k.eval, err = eval.New(o.Eval); err != nil {
		return nil, err
	}
	k.scope, err = check.NewScope(w, o.Bindings, k.lower.Bind)
	return k, err
}

// Result is what a cell did.
type Result struct {
	N       int // the cell's number; 0 when it was refused before it got one
	Shown   bool
	Values  []display.Value
	Err     error // a *diag.Error or diag.ErrInterrupted
	Invalid bool  // the text is not well-formed
	Elapsed time.Duration
}

// Eval runs a cell under ctx. What the cell declares is kept only when it
// succeeds.
func (k *Kernel) Eval(ctx context.Context, src string) Result {
	start := time.Now()
	r := k.run(ctx, src)
	r.Elapsed = time.Since(start)
	return r
}

func (k *Kernel) run(ctx context.Context, src string) Result {
	if err := input.Valid(src); err != nil {
		return Result{Err: err, Invalid: true}
	}
	if strings.TrimSpace(src) == "" {
		return Result{}
	}
	n := k.n + 1
	cell, err := k.scope.Check(src, n)
	if err != nil {
		var d *diag.Error
		return Result{Err: err, Invalid: errors.As(err, &d) && d.Syntax}
	}
	k.n = n
	res := Result{N: n}
	funcs, err := k.prepare(cell)
	if err != nil {
		res.Err = err
		return res
	}
	for i, f := range funcs {
		if f == nil {
			continue
		}
		out, err := k.eval.Run(ctx, f)
		if err != nil {
			res.Err = k.failure(err)
			return res
		}
		if i == len(funcs)-1 && out.Shown {
			res.Shown = true
			res.Values = k.values(cell.Units[i], out.Values)
		}
	}
	k.lower.Commit()
	k.scope.Commit(cell)
	return res
}

// prepare lowers and declares all of a cell before any of it runs.
func (k *Kernel) prepare(cell *check.Cell) ([]*eval.Func, error) {
	k.lower.Begin()
	programs := make([]*rewrite.Program, len(cell.Units))
	for i, u := range cell.Units {
		p, err := k.lower.Lower(u)
		if err != nil {
			return nil, err
		}
		programs[i] = p
	}
	funcs := make([]*eval.Func, len(programs))
	for i, p := range programs {
		f, err := k.eval.Declare(p)
		if err != nil {
			return nil, &diag.Error{Kind: diag.Compile, Message: err.Error(), Err: err,
				Hint: "the cell was refused before anything of it ran"}
		}
		funcs[i] = f
	}
	return funcs, nil
}

func (k *Kernel) values(u *rewrite.Unit, vs []eval.Value) []display.Value {
	out := make([]display.Value, len(vs))
	var t types.Type
	if u.Result != nil {
		t = u.Info.TypeOf(u.Result)
	}
	for i, v := range vs {
		out[i] = display.Value{V: v.V, Text: v.Text, ByV: v.Plain, Type: t, TypeName: k.eval.TypeName}
		if tp, ok := t.(*types.Tuple); ok && i < tp.Len() {
			out[i].Type = tp.At(i).Type()
		}
	}
	return out
}

// failure turns what ended a cell into the error that a person reads.
func (k *Kernel) failure(err error) error {
	if errors.Is(err, diag.ErrInterrupted) {
		return err
	}
	d := &diag.Error{Kind: diag.Runtime, Message: err.Error(), Err: err}
	var exit *eval.Exit
	if errors.As(err, &exit) {
		return d
	}
	var p *eval.Panic
	if !errors.As(err, &p) {
		d.Kind = diag.Internal
		return d
	}
	d.Line, d.Column = p.Line, p.Column
	if raised, ok := p.Value.(*eval.Raised); ok {
		d.Message, d.Err = raised.Err.Error(), raised.Err
	}
	if k.explain != nil && p.Unwrap() != nil {
		if code, msg, hint, ok := k.explain(p.Unwrap()); ok {
			d.Kind, d.Code, d.Message, d.Hint = diag.AWS, code, msg, hint
		}
	}
	return d
}

// Doc gives signature and documentation of a name.
func (k *Kernel) Doc(expr string) (string, error) {
	if strings.TrimSpace(expr) == "xray" && k.scope.Lookup("xray") == nil {
		return xrayDoc, nil
	}
	sym, err := k.scope.Symbol(expr)
	if err != nil {
		return "", err
	}
	head := sym.Type
	if sym.Path != "" {
		head = strings.TrimSuffix(sym.Path+"."+sym.Name, ".") + "\n" + head
	}
	if doc := strings.TrimSpace(symbols.Doc(sym.Path, sym.Name)); doc != "" && sym.Path != "" {
		return head + "\n\n" + doc, nil
	}
	return head, nil
}
