//go:build !unix

package lineedit

import (
	"os"
	"syscall"
)

// tty is not written for this system: New returns ErrNotTerminal, and the
// caller reads lines itself.
type tty struct{}

func openTTY(in, out *os.File) (*tty, error) { return nil, ErrNotTerminal }

func (*tty) raw() error                     { return ErrNotTerminal }
func (*tty) restore() error                 { return nil }
func (*tty) isRaw() bool                    { return false }
func (*tty) flush() error                   { return ErrNotTerminal }
func (*tty) size() (w, h int)               { return 80, 24 }
func (*tty) wake()                          {}
func (*tty) read([]byte, bool) (int, error) { return 0, ErrNotTerminal }
func (*tty) close() error                   { return nil }

var editSignals = []os.Signal{os.Interrupt}

const (
	sigResize   = syscall.Signal(-1)
	sigContinue = syscall.Signal(-2)
	sigInt      = syscall.SIGINT
)

func stopProcess() error { return ErrNotTerminal }
