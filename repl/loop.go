package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"pawsh/history"
	"pawsh/repl/diag"
	"pawsh/repl/input"
	"pawsh/repl/lineedit"
	"pawsh/repl/python"
)

// Interruptible gives a context that Ctrl-C ends. Until stop is called the
// signal does not end the process.
func Interruptible(ctx context.Context) (_ context.Context, stop context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt)
}

// Loop reads cells from the terminal and runs them until the person leaves.
func (sh *Shell) Loop(ctx context.Context, ed lineedit.LineEditor) error {
	sh.editor = ed
	defer func() { sh.editor = nil }()
	sh.guard.prompt(ed)
	defer sh.guard.prompt(nil)
	for !sh.quit {
		text, err := ed.ReadLine(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, lineedit.ErrInterrupt):
			continue
		case err != nil:
			return err
		}
		cellCtx, stop := Interruptible(ctx)
		// What went wrong has been printed; the shell goes on.
		sh.assistant().run(text, func() { sh.afterLine(cellCtx, text, sh.Run(cellCtx, text)) })
		stop()
	}
	return nil
}

// EditorConfig is how the shell wants its line editor.
func (sh *Shell) EditorConfig(in, out *os.File) lineedit.Config {
	a := sh.assistant()
	return lineedit.Config{
		In: in, Out: out,
		Prompt:       a.prompt,
		Continuation: "... ",
		Enter:        sh.enter,
		History:      recall{sh.history, new(sync.Once)},
		Complete:     a.complete,
		Hint:         a.hint,
		Notice:       a.footprint,
		Highlight:    a.highlight,
		Vi:           func() bool { return sh.settings != nil && sh.settings.Get("keys") == "vi" },
		Bindings:     []lineedit.Binding{{Key: "f1", Do: a.f1}, {Key: "alt-e", Cooked: true, Do: sh.editKey}},
	}
}

// enter runs a text that is whole, or a command, and breaks the line otherwise.
func (sh *Shell) enter(text string) (complete bool, indent int) {
	src := input.Transform(text)
	if _, ok := input.Command(src); ok {
		return true, 0
	}
	if block, whole := python.Block(text); block && !sh.pythonOff {
		return whole, -1
	}
	return whole(src), -1
}

// Prompt shows where the next connection goes; a real account is red.
func (sh *Shell) Prompt() string {
	if sh.settings == nil {
		return sh.place() + " > "
	}
	dir, _ := os.Getwd() // a directory that is gone has no name
	return strings.NewReplacer("{place}", sh.place(), "{region}", sh.env.Region(), "{profile}", sh.env.ProfileName(),
		"{n}", strconv.Itoa(sh.kernel.n+1), "{dir}", filepath.Base(dir)).Replace(sh.settings.Get("prompt"))
}

func (sh *Shell) place() string {
	p := sh.palette
	place := sh.Place()
	if sh.env.InSandbox() {
		return p.Accent(place)
	}
	if sh.env.Endpoint() == "" {
		return p.Danger(place)
	}
	return place
}

// Greet says once where the person is.
func (sh *Shell) Greet(w io.Writer) {
	fmt.Fprintf(w, "pawsh %s: every line is live Go. :help lists the commands, Ctrl-D leaves.\n", sh.version)
	if sh.env.InSandbox() {
		fate := "forgets everything"
		if sh.kept {
			fate = "is kept for next time"
		}
		fmt.Fprintln(w, "No credentials were found: you are in the sandbox cloud inside this program.\nIt costs nothing and "+fate+".")
	}
}

// recall makes a history.Store what the line editor asks.
type recall struct {
	store *history.Store
	warm  *sync.Once
}

// Prefix yields earlier inputs that begin with prefix, the newest first.
func (r recall) Prefix(prefix string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if r.store == nil {
			return
		}
		for e := range r.store.Prefix(prefix) {
			if !yield(e.Input) {
				return
			}
		}
	}
}

// Search gives earlier inputs that match a query.
func (r recall) Search(ctx context.Context, query string, limit int) []string {
	if r.store == nil {
		return nil
	}
	if query == "" { // Ctrl-R was pressed: what will be asked next may be rare
		r.warm.Do(func() { go func() { _ = r.store.Warm(context.WithoutCancel(ctx)) }() })
	}
	es, err := r.store.Search(ctx, query, limit)
	if err != nil {
		return nil
	}
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.Input
	}
	return out
}

// Interrupted tells whether an error of Run came from Ctrl-C or the timeout.
func Interrupted(err error) bool { return errors.Is(err, diag.ErrInterrupted) }
