package lineedit

import (
	"fmt"
	"os"
	"os/signal"
	"time"

	prompt "github.com/c-bata/go-prompt"
)

// watchSignals answers signals until the returned function is called.
func (e *Editor) watchSignals(line int) (end func()) {
	ch := make(chan os.Signal, 16)
	done := make(chan struct{})
	signal.Notify(ch, editSignals...)
	go func() {
		for {
			select {
			case s := <-ch:
				e.onSignal(line, s)
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(ch)
		close(done)
	}
}

func (e *Editor) onSignal(line int, s os.Signal) {
	e.mu.Lock()
	cooked := e.cooked
	e.mu.Unlock()
	switch {
	case s == sigContinue && cooked:
		select {
		case e.resumed <- struct{}{}:
		default:
		}
	case s == sigContinue:
		e.post(func() {
			if line == e.lineNo && e.tty.raw() == nil { // the shell may have reset the modes
				e.write(pasteModeOn)
				e.scr.redraw()
			}
		})
	case s == sigResize:
		e.tty.wake() // painting asks for the size
	case s == sigInt && cooked: // meant for the program that has the terminal
	case s == sigInt:
		e.post(func() {
			if line == e.lineNo {
				e.model.handle(event{chord: chord{key: prompt.ControlC}})
			}
		})
	default:
		e.post(func() { e.stop(line, &SignalError{Signal: s}) })
	}
}

// lend runs f with the terminal restored, in the middle of a line.
func (e *Editor) lend(f func() error) error {
	e.scr.leave()
	e.setCooked(true)
	e.restore()
	defer func() {
		if err := e.tty.raw(); err != nil {
			e.stop(e.lineNo, err)
		}
		e.setCooked(false)
		e.write(pasteModeOn)
	}()
	return f()
}

func (e *Editor) setCooked(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cooked = on
}

// suspend stops the process as Ctrl-Z does elsewhere. Where nobody could
// continue it, in an orphaned process group, the system drops the signal: hence
// the bound on the wait.
func (e *Editor) suspend() {
	err := e.lend(func() error {
		select {
		case <-e.resumed:
		default:
		}
		if err := stopProcess(); err != nil {
			return err
		}
		woken := make(chan struct{})
		defer e.cfg.Clock.AfterFunc(200*time.Millisecond, func() { close(woken) })()
		select {
		case <-e.resumed:
		case <-woken:
		}
		return nil
	})
	if err != nil {
		e.report(fmt.Errorf("suspend: %w", err))
	}
}

// Suspend implements LineEditor.
func (e *Editor) Suspend(f func() error) error {
	e.mu.Lock()
	for e.owner == borrower {
		e.free.Wait()
	}
	if e.owner == nobody {
		e.owner = borrower
		e.mu.Unlock()
		defer e.giveBack()
		return f()
	}
	done := make(chan error, 1)
	e.mail = append(e.mail, func() {
		if e.tty.isRaw() {
			done <- e.lend(f)
			return
		}
		done <- f()
	})
	e.mu.Unlock()
	e.tty.wake()
	return <-done
}
