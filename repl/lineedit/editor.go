package lineedit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	// escapeTimeout decides that a lone Escape is a key. It is longer than
	// the gap between the bytes of a sequence on a slow connection.
	escapeTimeout = 40 * time.Millisecond
	// readSize is more than a terminal driver hands out at once.
	readSize = 32 << 10
	// maxDrain bounds the reads between two paintings.
	maxDrain = 256
)

const (
	pasteModeOn  = "\x1b[?2004h"
	pasteModeOff = "\x1b[?2004l"
)

// Editor is a LineEditor on a terminal. ReadLine may be called by one goroutine
// at a time; the other methods by any.
type Editor struct {
	cfg   Config
	tty   *tty
	scr   *screen
	dumb  bool
	plain plainReader

	// Owned by the goroutine in ReadLine.
	dec      *decoder
	model    *model
	prompt   string
	queue    []event // decoded and not handled: may outlast a line
	stopErr  error
	tasks    tasks
	escStop  func() bool
	input    []byte
	lineNo   int
	lineCtx  context.Context
	coloured string // text that spans were asked for

	mu      sync.Mutex
	free    sync.Cond // owner changed
	owner   owner
	mail    []func() // to be run by the loop
	initial initialText
	closed  bool
	cooked  bool          // inside a line, and the terminal is lent out
	resumed chan struct{} // SIGCONT while cooked
}

// owner says who uses the terminal.
type owner int

const (
	nobody owner = iota
	reader
	borrower // Suspend between two lines
)

type initialText struct {
	text string
	pos  int
}

var _ LineEditor = (*Editor)(nil)

// New returns an editor on the terminal c.In and c.Out, which it does not touch
// before ReadLine. It returns ErrNotTerminal if either is not a terminal.
func New(c Config) (*Editor, error) {
	if c.Prompt == nil {
		return nil, errors.New("line editor: no prompt")
	}
	if c.Getenv == nil {
		c.Getenv = os.Getenv
	}
	if c.Clock == nil {
		c.Clock = realClock{}
	}
	if c.Continuation == "" {
		c.Continuation = "... "
	}
	m := newModel(c.Enter, c.History)
	m.popup = c.CompleteAsYouType
	m.bound = make(map[chord]*Binding, len(c.Bindings))
	for i, b := range c.Bindings {
		k, err := parseChord(b.Key)
		if err != nil {
			return nil, fmt.Errorf("line editor: %w", err)
		}
		m.bound[k] = &c.Bindings[i]
	}
	t, err := openTTY(c.In, c.Out)
	if err != nil {
		return nil, err
	}
	e := &Editor{cfg: c, tty: t, model: m, dec: newDecoder(), input: make([]byte, readSize), resumed: make(chan struct{}, 1)}
	e.free.L = &e.mu
	e.dumb = c.Getenv("TERM") == "dumb" || c.Getenv("TERM") == ""
	e.scr = &screen{out: c.Out, size: t.size, colour: c.Getenv("NO_COLOR") == ""}
	e.tasks = newTasks(e)
	if c.Enter != nil {
		m.enter = e.guardEnter
	}
	return e, nil
}

// ReadLine implements LineEditor.
func (e *Editor) ReadLine(ctx context.Context) (string, error) {
	if err := e.acquire(); err != nil {
		return "", err
	}
	defer e.release()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	e.lineCtx, e.stopErr = ctx, nil
	e.lineNo++
	line := e.lineNo
	defer context.AfterFunc(ctx, func() {
		e.post(func() { e.stop(line, ctx.Err()) })
	})()
	if e.dumb {
		return e.readPlain(ctx)
	}

	e.prompt = e.cfg.Prompt()
	if err := e.tty.raw(); err != nil {
		return "", err
	}
	defer e.restore() // runs for a panic, too
	defer e.watchSignals(line)()
	e.startLine()
	return e.edit()
}

// acquire makes the caller the reader.
func (e *Editor) acquire() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.owner != nobody && !e.closed {
		e.free.Wait()
	}
	if e.closed {
		return ErrClosed
	}
	e.owner = reader
	return nil
}

// release ends a line. Mail that came too late, such as a Suspend, is handled
// now that the terminal is restored.
func (e *Editor) release() {
	e.tasks.cancel()
	e.model.walk.stop()
	for {
		e.mu.Lock()
		if len(e.mail) == 0 {
			e.owner = nobody
			e.free.Broadcast()
			closed := e.closed
			e.mu.Unlock()
			if closed {
				e.report(e.tty.close())
			}
			return
		}
		e.mu.Unlock()
		e.runMail()
	}
}

// startLine takes the text that SetText left and paints the first frame, on a
// line of its own even if the output before it did not end its line.
func (e *Editor) startLine() {
	e.mu.Lock()
	init := e.initial
	e.initial = initialText{}
	e.mu.Unlock()
	e.tasks.cancel()
	if e.cfg.Vi != nil {
		e.model.setVi(e.cfg.Vi())
	}
	e.model.begin(init.text, init.pos)
	e.coloured = ""
	w, h := e.tty.size()
	e.model.page = max(1, h-2)
	e.scr.begin(w)
	e.write(pasteModeOn)
}

// restore gives the terminal back as ReadLine found it.
func (e *Editor) restore() {
	e.write(pasteModeOff)
	e.scr.restore()
	if err := e.tty.restore(); err != nil {
		e.report(err)
	}
}

func (e *Editor) write(s string) {
	e.scr.mu.Lock()
	defer e.scr.mu.Unlock()
	_, _ = io.WriteString(e.scr.out, s) // a lost terminal shows up as the end of input
}

// edit is the loop of one line.
//
//	mail (answers, signals, SetText) ─┐
//	input -> decoder -> queue ────────┴─> model -> wants -> tasks
//	                                        └─> frame -> screen
func (e *Editor) edit() (string, error) {
	for {
		e.runMail()
		e.handleQueue()
		if e.stopErr != nil {
			e.scr.commit(e.frame(), "")
			return "", e.stopErr
		}
		switch e.model.state {
		case submitted:
			e.scr.commit(e.finalFrame(), "")
			return e.model.buf.text, nil
		case interrupted:
			e.scr.commit(e.finalFrame(), "^C")
			return "", ErrInterrupt
		case ended:
			e.scr.commit(e.finalFrame(), "")
			return "", io.EOF
		}
		if !e.dec.pasting { // nothing to see before the paste is whole
			e.scr.draw(e.frame())
		}
		if err := e.wait(); err != nil {
			e.scr.commit(e.frame(), "")
			return "", err
		}
	}
}

// handleQueue applies events until there are none or the line has ended; typed
// characters that came together are inserted together.
func (e *Editor) handleQueue() {
	for len(e.queue) > 0 && e.model.state == editing && e.stopErr == nil {
		ev := e.queue[0]
		n := 1
		if typedRun(ev) {
			for n < len(e.queue) && typedRun(e.queue[n]) {
				n++
			}
			if n > 1 {
				var b strings.Builder
				for _, t := range e.queue[:n] {
					b.WriteString(t.text)
				}
				ev.text = b.String()
			}
		}
		e.queue = e.queue[n:]
		e.model.handle(ev)
		e.serve()
	}
	if len(e.queue) == 0 {
		e.queue = nil
	}
	if e.model.state == editing {
		e.awaitColours()
	}
}

// typedRun reports whether ev is a character that needs no handling of its own.
func typedRun(ev event) bool {
	return ev.text != "" && !ev.paste && !strings.ContainsAny(ev.text, ")]}:.(")
}

// wait blocks until there is input or mail, and decodes all input there is.
func (e *Editor) wait() error {
	block := true
	for range maxDrain {
		n, err := e.tty.read(e.input, block)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		e.queue = append(e.queue, e.dec.feed(e.input[:n])...)
		block = false
	}
	e.timeEscape()
	return nil
}

// timeEscape lets a lone Escape become a key after a while.
func (e *Editor) timeEscape() {
	if e.escStop != nil {
		e.escStop()
		e.escStop = nil
	}
	if !e.dec.waiting() {
		return
	}
	held := string(e.dec.pend)
	e.escStop = e.cfg.Clock.AfterFunc(escapeTimeout, func() {
		e.post(func() {
			if string(e.dec.pend) == held {
				e.queue = append(e.queue, e.dec.timeout()...)
			}
		})
	})
}

// frame is what is to be seen now.
func (e *Editor) frame() frame {
	m := e.model
	return frame{prompt: e.prompt, cont: e.cfg.Continuation, text: m.buf.text, cursor: m.buf.pos, spans: m.spans,
		ghost: m.ghost, hint: m.hint, notice: m.notice, menu: m.menu, search: m.search, shape: m.vi.shape()}
}

// finalFrame is frame with the colours of the whole text if they come at once.
func (e *Editor) finalFrame() frame {
	e.model.menu, e.model.search = menu{}, nil
	e.askColours()
	e.awaitColours()
	return e.frame()
}

// stop ends the line numbered line with err.
func (e *Editor) stop(line int, err error) {
	if line == e.lineNo && e.stopErr == nil {
		e.stopErr = err
	}
}

// post has f run by the loop, now or at the beginning of the next line.
func (e *Editor) post(f func()) {
	e.mu.Lock()
	e.mail = append(e.mail, f)
	e.mu.Unlock()
	e.tty.wake()
}

func (e *Editor) runMail() {
	for {
		e.mu.Lock()
		mail := e.mail
		e.mail = nil
		e.mu.Unlock()
		if len(mail) == 0 {
			return
		}
		for _, f := range mail {
			f()
		}
	}
}

// Print implements LineEditor.
func (e *Editor) Print(p []byte) { e.scr.print(p) }

// Write is Print as an io.Writer.
func (e *Editor) Write(p []byte) (int, error) {
	e.scr.print(p)
	return len(p), nil
}

// SetText implements LineEditor.
func (e *Editor) SetText(text string, pos int) {
	text = normalise(text)
	e.mu.Lock()
	if e.owner != reader {
		e.initial = initialText{text, pos}
		e.mu.Unlock()
		return
	}
	e.mail = append(e.mail, func() {
		e.model.setText(text, pos)
		e.serve()
	})
	e.mu.Unlock()
	e.tty.wake()
}

// Close implements LineEditor.
func (e *Editor) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	reading := e.owner == reader
	e.free.Broadcast()
	e.mu.Unlock()
	if !reading {
		return e.tty.close()
	}
	// The terminal is restored here, not by the loop: it may be stuck in a
	// callback, and the process may be about to exit.
	e.scr.end()
	e.write(pasteModeOff + showCursor)
	err := e.tty.restore()
	e.post(func() { e.stop(e.lineNo, ErrClosed) })
	return err
}

func (e *Editor) report(err error) {
	if e.cfg.Report != nil && err != nil {
		e.cfg.Report(err)
	}
}
