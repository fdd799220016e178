package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"pawsh/bindings/session"
	"pawsh/repl/display"
	"pawsh/repl/lineedit"
)

var (
	errNeedsYes = errors.New("nobody is here to be asked; --yes agrees beforehand")
	errDeclined = errors.New("you did not agree")
	errEditing  = errors.New("the cell that began it has ended, so nobody can be asked")
)

// guard agrees to destructive calls on real accounts, for the person at the
// prompt or by --yes. It is asked by whatever goroutine makes the call.
type guard struct {
	yes     bool
	palette func() display.Palette
	cell    func() context.Context // of the running cell

	mu     sync.Mutex // held while a question is open: they come one by one
	editor lineedit.LineEditor
	agreed map[string]bool // by what was said "all" to in this cell
}

// prompt makes ed the one who asks; nil when nobody is there.
func (g *guard) prompt(ed lineedit.LineEditor) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.editor = ed
}

// begin forgets what was agreed to for the cell before.
func (g *guard) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.agreed = map[string]bool{}
}

// agree is a session.Guard.
func (g *guard) agree(ctx context.Context, f session.Footprint) error {
	if g.yes {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.editor == nil {
		return errNeedsYes
	}
	kind := f.Operation + f.Where()
	if g.agreed[kind] {
		return nil
	}
	// The call may have a context of its own, which Ctrl-C does not end.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cell := g.cell()
	defer context.AfterFunc(cell, func() { cancel(context.Cause(cell)) })()
	for range 3 {
		p := g.palette()
		answer, err := g.editor.Ask(ctx, p.Danger(f.What())+f.Where()+"\n"+p.Hint("do it? [y]es, [N]o, [a]ll of this kind in this cell: "))
		switch {
		case errors.Is(err, lineedit.ErrEditing):
			return errEditing
		case errors.Is(err, io.EOF):
			return errDeclined
		case err != nil:
			return fmt.Errorf("ask: %w", err)
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return nil
		case "a", "all":
			g.agreed[kind] = true
			return nil
		case "", "n", "no":
			return errDeclined
		}
	}
	return errDeclined
}
