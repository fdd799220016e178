//go:build unix

package lineedit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// tty is the terminal's descriptors and modes. No goroutine ever waits in a
// read between restore and raw, so programs that the shell starts get every
// byte.
type tty struct {
	in, out int

	mu           sync.Mutex
	saved        *unix.Termios // nil unless raw
	wakeR, wakeW int           // a pipe that ends wait; -1 when closed
}

func openTTY(in, out *os.File) (*tty, error) {
	if in == nil || out == nil || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return nil, ErrNotTerminal
	}
	var p [2]int
	if err := unix.Pipe(p[:]); err != nil {
		return nil, fmt.Errorf("wake pipe: %w", err)
	}
	for _, fd := range p {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return nil, fmt.Errorf("wake pipe: %w", err)
		}
	}
	return &tty{in: int(in.Fd()), out: int(out.Fd()), wakeR: p[0], wakeW: p[1]}, nil
}

// raw switches to raw mode. Output processing stays on, so that what others
// write straight to the terminal does not staircase.
func (t *tty) raw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.saved == nil {
		s, err := unix.IoctlGetTermios(t.in, ioctlGetTermios)
		if err != nil {
			return fmt.Errorf("terminal modes: %w", err)
		}
		t.saved = s
	}
	r := *t.saved
	r.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	r.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	r.Cflag &^= unix.CSIZE | unix.PARENB
	r.Cflag |= unix.CS8
	r.Oflag |= unix.OPOST | unix.ONLCR
	r.Cc[unix.VMIN], r.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(t.in, ioctlSetTermios, &r); err != nil {
		t.saved = nil
		return fmt.Errorf("raw mode: %w", err)
	}
	return nil
}

// restore puts the modes back that raw found. It is safe to call at any time.
func (t *tty) restore() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.saved == nil {
		return nil
	}
	s := t.saved
	t.saved = nil
	if err := unix.IoctlSetTermios(t.in, ioctlSetTermios, s); err != nil {
		return fmt.Errorf("restore terminal: %w", err)
	}
	return nil
}

// isRaw reports whether raw was called and restore was not.
func (t *tty) isRaw() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.saved != nil
}

// size is the terminal's width and height, 80 by 24 if it does not say.
func (t *tty) size() (w, h int) {
	w, h, err := term.GetSize(t.out)
	if err != nil || w <= 0 || h <= 0 {
		return 80, 24
	}
	return w, h
}

// wake ends wait. It may be called from any goroutine, also after close.
func (t *tty) wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wakeW >= 0 {
		_, _ = unix.Write(t.wakeW, []byte{0}) // a full pipe wakes as well
	}
}

// read waits for input and reads some; n is 0 when it was woken instead, or,
// with block unset, when there is none now.
func (t *tty) read(b []byte, block bool) (n int, err error) {
	timeout := 0
	if block {
		timeout = -1
	}
	fds := []unix.PollFd{{Fd: int32(t.in), Events: unix.POLLIN}, {Fd: int32(t.wakeR), Events: unix.POLLIN}}
	if _, err := unix.Poll(fds, timeout); errors.Is(err, unix.EINTR) {
		return 0, nil
	} else if err != nil {
		return 0, fmt.Errorf("wait for input: %w", err)
	}
	if fds[1].Revents != 0 {
		var drain [256]byte
		_, _ = unix.Read(t.wakeR, drain[:])
	}
	if fds[0].Revents == 0 {
		return 0, nil
	}
	n, err = unix.Read(t.in, b)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return 0, nil
	case err != nil || n <= 0: // a terminal that hung up
		return 0, io.EOF
	}
	return n, nil
}

// close restores the terminal and frees the pipe.
func (t *tty) close() error {
	err := t.restore()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wakeW >= 0 {
		unix.Close(t.wakeR)
		unix.Close(t.wakeW)
		t.wakeR, t.wakeW = -1, -1
	}
	return err
}

// editSignals are the signals that an edit under way answers itself.
var editSignals = []os.Signal{syscall.SIGWINCH, syscall.SIGCONT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT}

const (
	sigResize   = syscall.SIGWINCH
	sigContinue = syscall.SIGCONT
	sigInt      = syscall.SIGINT
)

// stopProcess does what the terminal driver would have done for Ctrl-Z.
func stopProcess() error { return unix.Kill(0, unix.SIGTSTP) }
