package repl

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"strings"

	"pawsh/bindings/symbols"
	"pawsh/repl/diag"
	"pawsh/repl/python"
)

// pythonScope is what the translator of Python knows of the session.
type pythonScope struct{ k *Kernel }

func (s pythonScope) Lookup(name string) types.Object            { return s.k.scope.Lookup(name) }
func (s pythonScope) Import(path string) (*types.Package, error) { return s.k.world.Import(path) }
func (s pythonScope) Unqualified(name string) types.Object       { return s.k.world.Unqualified(name) }
func (s pythonScope) Doc(path, name string) string               { return symbols.Doc(path, name) }
func (s pythonScope) Last() types.Type                           { return s.k.scope.Last() }

// maxPython bounds the texts that are looked at as Python.
const maxPython = 256 << 10

// notGo gives the error of a cell that was refused as Go before it ran.
func notGo(r Result) *diag.Error {
	var d *diag.Error
	if r.N == 0 && errors.As(r.Err, &d) && d.Kind == diag.Compile {
		return d
	}
	return nil
}

// python translates a text that is no valid Go. refused is why Go did not take
// it; the result is nil when the text is not Python either, or no more Python
// than Go, and Go's own error is the better one.
func (sh *Shell) python(text string, refused *diag.Error) (*python.Result, error) {
	if sh.pythonOff || len(text) > maxPython {
		return nil, refused
	}
	prompted := python.Prompted(text)
	res, err := sh.translator.Translate(text, pythonScope{sh.kernel})
	var d *diag.Error
	if errors.As(err, &d) {
		if prompted || refused.Syntax && !d.Syntax {
			return nil, pythonError(d)
		}
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	if !prompted && !refused.Syntax && !res.Foreign {
		return nil, refused
	}
	if err := sh.checkPython(res); err != nil {
		if !prompted && !refused.Syntax {
			return nil, refused
		}
		return nil, err
	}
	return res, nil
}

// pythonError says that it is Python that was read.
func pythonError(d *diag.Error) error {
	e := *d
	e.Message = "Python: " + d.Message
	e.Syntax = true
	if e.Hint == "" {
		e.Hint = "nothing of it was run"
	}
	return &e
}

// checkPython wants all cells of a translation to be right before one runs.
func (sh *Shell) checkPython(res *python.Result) error {
	srcs := make([]string, len(res.Cells))
	for i, c := range res.Cells {
		srcs[i] = c.Go
	}
	i, err := sh.kernel.scope.CheckAll(srcs, sh.kernel.n)
	if err == nil {
		return nil
	}
	c := res.Cells[i]
	msg := err.Error()
	var d *diag.Error
	if errors.As(err, &d) {
		msg = d.Message
	}
	return pythonError(&diag.Error{Kind: diag.Compile, Line: c.Line, Message: "this came out as Go that is not right: " + msg, Hint: "the Go was: " + oneLine(c.Go)})
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 200 {
		s = s[:200] + "..."
	}
	return s
}

// runPython runs the cells of a translation and prints all but what the last
// one gives.
func (sh *Shell) runPython(ctx context.Context, res *python.Result) Reply {
	res.Commit()
	sh.lastPython.res = res
	var last Reply
	var ran []string
	defer func() { sh.ranGo = strings.Join(ran, "\n") }()
	for _, n := range res.Notes {
		fmt.Fprintln(sh.err, sh.palette.Hint("note:")+" "+n)
	}
	for i, c := range res.Cells {
		if i > 0 {
			sh.print(last)
		}
		sh.showGo(c.Go)
		ran = append(ran, c.Go)
		sh.guard.begin()
		r := sh.kernel.Eval(ctx, c.Go)
		r.Err = discreet(interruption(ctx, r.Err, r.Elapsed), c.Go)
		sh.session.add(r.N, c.Go, r.Err == nil)
		last = Reply{Result: r, Source: c.Go}
		if r.Err != nil {
			break
		}
	}
	return last
}

// showGo prints the Go that Python became.
func (sh *Shell) showGo(src string) {
	for i, l := range strings.Split(veiled(src), "\n") {
		lead := "go> "
		if i > 0 {
			lead = "  > "
		}
		fmt.Fprintln(sh.err, sh.palette.Dim(lead+l))
	}
}
