package lineedit

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// How long the sources of suggestions may take, and how long a pause in typing
// they wait for.
const (
	typingPause   = 12 * time.Millisecond
	hintPause     = 30 * time.Millisecond
	typingBudget  = 300 * time.Millisecond
	tabBudget     = 5 * time.Second
	searchBudget  = 2 * time.Second
	colourWait    = time.Millisecond // what painting waits for colours
	maxRunning    = 2                // calls of one source that ignore their ctx
	searchMatches = 100
)

// task runs one kind of question off the key path. The newest question wins: an
// answer to an older one is dropped. Its fields belong to the loop.
type task struct {
	ed       *Editor
	gen      int
	running  int
	pending  func()
	stop     func()
	answered chan struct{} // an answer is in the mail
}

// tasks are the kinds of questions.
type tasks struct{ complete, hint, notice, ghost, colours, search *task }

func newTasks(e *Editor) tasks {
	t := func() *task { return &task{ed: e, stop: func() {}, answered: make(chan struct{}, 1)} }
	return tasks{complete: t(), hint: t(), notice: t(), ghost: t(), colours: t(), search: t()}
}

// cancel drops every question.
func (t *tasks) cancel() {
	for _, k := range []*task{t.complete, t.hint, t.notice, t.ghost, t.colours, t.search} {
		k.cancel()
	}
}

func (t *task) cancel() {
	t.gen++
	t.pending = nil
	t.stop()
	t.stop = func() {}
}

// ask runs the question after a pause, with a context that ends with the budget
// or with the next question, and has the loop apply its answer.
func (t *task) ask(pause, budget time.Duration, question func(context.Context) (apply func())) {
	t.cancel()
	gen := t.gen
	var launch func()
	launch = func() {
		if gen != t.gen {
			return
		}
		if t.running >= maxRunning {
			t.pending = launch
			return
		}
		t.running++
		ctx, cancel := context.WithTimeout(context.Background(), budget)
		t.stop = cancel
		go func() {
			defer cancel()
			apply := t.guarded(ctx, question)
			t.ed.post(func() {
				t.running--
				if gen == t.gen && apply != nil {
					apply()
				}
				if next := t.pending; next != nil {
					t.pending = nil
					next()
				}
			})
			select {
			case t.answered <- struct{}{}:
			default:
			}
		}()
	}
	if pause == 0 {
		launch()
		return
	}
	stop := t.ed.cfg.Clock.AfterFunc(pause, func() { t.ed.post(launch) })
	t.stop = func() { stop() }
}

// guarded turns a panic of a callback into no answer.
func (t *task) guarded(ctx context.Context, question func(context.Context) func()) (apply func()) {
	defer func() {
		if r := recover(); r != nil {
			t.ed.report(fmt.Errorf("line editor callback: %v\n%s", r, debug.Stack()))
			apply = nil
		}
	}()
	return question(ctx)
}

// guardEnter is Config.Enter; a panic of it makes the text complete.
func (e *Editor) guardEnter(text string) (complete bool, indent int) {
	defer func() {
		if r := recover(); r != nil {
			e.report(fmt.Errorf("line editor callback: %v\n%s", r, debug.Stack()))
			complete = true
		}
	}()
	return e.cfg.Enter(text)
}

// serve does what the model wants of its surroundings.
func (e *Editor) serve() {
	m := e.model
	w := m.wants
	m.wants = wants{}
	if w.clearScreen {
		e.scr.clear()
	}
	if w.suspend {
		e.suspend()
	}
	if w.binding != nil {
		e.runBinding(w.binding)
	}
	if m.state != editing {
		return
	}
	if w.complete {
		e.askSuggestions(w.forced)
	} else if !m.menu.open {
		e.tasks.complete.cancel()
	}
	if w.search && m.search != nil {
		e.askMatches()
	}
	if w.assist {
		e.askColours()
		e.askGhost()
		e.askHint()
		e.askNotice()
	}
}

func (e *Editor) askSuggestions(forced bool) {
	if e.cfg.Complete == nil {
		return
	}
	pause, budget := typingPause, typingBudget
	if forced {
		pause, budget = 0, tabBudget
	}
	text, pos := e.model.buf.text, e.model.buf.pos
	e.tasks.complete.ask(pause, budget, func(ctx context.Context) func() {
		items := e.cfg.Complete(ctx, text, pos)
		return func() {
			e.model.setSuggestions(text, pos, items, forced)
			e.serve()
		}
	})
}

func (e *Editor) askMatches() {
	query := e.model.search.query.text
	e.tasks.search.ask(0, searchBudget, func(ctx context.Context) func() {
		matches := e.cfg.History.Search(ctx, query, searchMatches)
		return func() { e.model.setMatches(query, matches) }
	})
}

func (e *Editor) askHint() {
	if e.cfg.Hint == nil {
		return
	}
	text, pos := e.model.buf.text, e.model.buf.pos
	e.tasks.hint.ask(hintPause, typingBudget, func(ctx context.Context) func() {
		hint := e.cfg.Hint(ctx, text, pos)
		return func() { e.model.hint = hint }
	})
}

func (e *Editor) askNotice() {
	if e.cfg.Notice == nil {
		return
	}
	text := e.model.buf.text
	e.tasks.notice.ask(hintPause, typingBudget, func(ctx context.Context) func() {
		notice := e.cfg.Notice(ctx, text)
		return func() { e.model.notice = notice }
	})
}

// askGhost asks for the newest input that goes on from the text.
func (e *Editor) askGhost() {
	m := e.model
	text := m.buf.text
	if e.cfg.History == nil || m.ghost != "" || text == "" || m.buf.pos != len(text) || m.search != nil {
		return
	}
	e.tasks.ghost.ask(0, typingBudget, func(ctx context.Context) func() {
		for s := range e.cfg.History.Prefix(text) {
			if s = normalise(s); len(s) > len(text) {
				return func() { m.setGhost(text, s) }
			}
			if ctx.Err() != nil {
				break
			}
		}
		return nil
	})
}

func (e *Editor) askColours() {
	text := e.model.buf.text
	if e.cfg.Highlight == nil || text == e.coloured {
		return
	}
	e.coloured = text
	e.tasks.colours.ask(0, time.Hour, func(context.Context) func() {
		spans := e.cfg.Highlight(text)
		return func() {
			if e.model.buf.text == text {
				e.model.spans = spans
			}
		}
	})
}

// awaitColours gives a quick highlighter the time to answer before painting, so
// that what is typed does not appear plain first.
func (e *Editor) awaitColours() {
	if e.tasks.colours.running == 0 {
		return
	}
	deadline := time.NewTimer(colourWait)
	defer deadline.Stop()
	for e.tasks.colours.running > 0 {
		select {
		case <-e.tasks.colours.answered:
			e.runMail()
		case <-deadline.C:
			return
		}
	}
}

// runBinding lets the caller's key change the text.
func (e *Editor) runBinding(b *Binding) {
	text, pos := e.model.buf.text, e.model.buf.pos
	do := func() error {
		text, pos = b.Do(e.lineCtx, text, pos)
		return nil
	}
	if b.Cooked {
		_ = e.lend(do) // do does not fail
	} else {
		_ = do()
	}
	if text = normalise(text); text != e.model.buf.text {
		e.model.setText(text, pos)
	} else {
		e.model.buf.pos = clampPos(text, pos)
	}
}
