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
)

// tty is the terminal's descriptors and modes. No goroutine ever waits in a
// read between restore and raw, so programs that the shell starts get every
// byte.
type tty struct {
	in, out syscall.RawConn // which keep a descriptor from being reused while in use

	mu           sync.Mutex
	saved        *unix.Termios // nil unless raw
	wakeR, wakeW int           // a pipe that ends wait; -1 when closed
}

func openTTY(in, out *os.File) (*tty, error) {
	if in == nil || out == nil {
		return nil, ErrNotTerminal
	}
	t := &tty{}
	for _, c := range []struct {
		f    *os.File
		conn *syscall.RawConn
	}{{in, &t.in}, {out, &t.out}} {
		conn, err := c.f.SyscallConn()
		if err != nil {
			return nil, ErrNotTerminal
		}
		if _, err := getModes(conn); err != nil {
			return nil, ErrNotTerminal
		}
		*c.conn = conn
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
	t.wakeR, t.wakeW = p[0], p[1]
	return t, nil
}

func getModes(c syscall.RawConn) (modes *unix.Termios, err error) {
	if e := c.Control(func(fd uintptr) { modes, err = unix.IoctlGetTermios(int(fd), ioctlGetTermios) }); e != nil {
		return nil, e
	}
	return modes, err
}

func setModes(c syscall.RawConn, modes *unix.Termios) (err error) {
	if e := c.Control(func(fd uintptr) { err = unix.IoctlSetTermios(int(fd), ioctlSetTermios, modes) }); e != nil {
		return e
	}
	return err
}

// raw switches to raw mode. Output processing stays on, so that what others
// write straight to the terminal does not staircase.
func (t *tty) raw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.saved == nil {
		s, err := getModes(t.in)
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
	if err := setModes(t.in, &r); err != nil {
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
	if err := setModes(t.in, s); err != nil {
		return fmt.Errorf("restore terminal: %w", err)
	}
	return nil
}

// flush drops what was typed and not yet read. The modes stay.
func (t *tty) flush() error {
	modes, err := getModes(t.in)
	if err != nil {
		return fmt.Errorf("terminal modes: %w", err)
	}
	if e := t.in.Control(func(fd uintptr) { err = unix.IoctlSetTermios(int(fd), ioctlSetFlush, modes) }); e != nil {
		return e
	}
	return err
}

// isRaw reports whether raw was called and restore was not.
func (t *tty) isRaw() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.saved != nil
}

// size is the terminal's width and height, 80 by 24 if it does not say.
func (t *tty) size() (w, h int) {
	w, h = 80, 24
	_ = t.out.Control(func(fd uintptr) { // a closed terminal has no size
		if s, err := unix.IoctlGetWinsize(int(fd), unix.TIOCGWINSZ); err == nil && s.Col > 0 && s.Row > 0 {
			w, h = int(s.Col), int(s.Row)
		}
	})
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
	if e := t.in.Control(func(fd uintptr) { n, err = t.readFrom(int(fd), b, block) }); e != nil {
		return 0, io.EOF // closed by its owner
	}
	return n, err
}

func (t *tty) readFrom(fd int, b []byte, block bool) (n int, err error) {
	timeout := 0
	if block {
		timeout = -1
	}
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(t.wakeR), Events: unix.POLLIN}}
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
	n, err = unix.Read(fd, b)
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
