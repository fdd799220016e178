package lineedit

import (
	"context"
	"strings"
)

// Ask implements LineEditor. The terminal's driver does the editing.
func (e *Editor) Ask(ctx context.Context, question string) (string, error) {
	if err := e.borrow(); err != nil {
		return "", err
	}
	defer e.giveBack()
	// What was typed before the question is no answer to it.
	if err := e.tty.flush(); err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, e.tty.wake)()
	e.write(question)
	var typed strings.Builder
	b := make([]byte, 4096)
	for {
		if err := ctx.Err(); err != nil {
			e.write("\n")
			_ = e.tty.flush() // half an answer is no beginning of the next line
			return "", err
		}
		n, err := e.tty.read(b, true)
		if err != nil {
			e.write("\n")
			return "", err
		}
		typed.Write(b[:n])
		if line, _, ok := strings.Cut(typed.String(), "\n"); ok {
			return strings.TrimSuffix(line, "\r"), nil
		}
	}
}

// borrow makes the caller the one who uses the terminal between two lines.
func (e *Editor) borrow() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.owner == borrower && !e.closed {
		e.free.Wait()
	}
	switch {
	case e.closed:
		return ErrClosed
	case e.owner == reader:
		return ErrEditing
	}
	e.owner = borrower
	return nil
}

func (e *Editor) giveBack() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.owner = nobody
	e.free.Broadcast()
}
