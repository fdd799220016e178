//go:build unix

package lineedit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// childEnv makes the test binary a small shell on its terminal, for what needs
// a process of its own: signals, job control, exit.
const childEnv = "PAWSH_TEST_LINEEDIT_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(childMain())
	}
	os.Exit(m.Run())
}

// childMain runs lines: "wait" until SIGINT, "panic", or any other, which is
// printed.
func childMain() int {
	ed, err := New(Config{
		In: os.Stdin, Out: os.Stdout, Prompt: func() string { return "child> " },
		Bindings: []Binding{{Key: "f1", Do: func(context.Context, string, int) (string, int) { panic("boom") }}},
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer ed.Close()
	for {
		line, err := ed.ReadLine(context.Background())
		var ended *SignalError
		switch {
		case errors.Is(err, io.EOF):
			fmt.Println("bye")
			return 0
		case errors.Is(err, ErrInterrupt):
			fmt.Println("interrupt at the prompt")
			continue
		case errors.As(err, &ended):
			fmt.Println("ended by", ended.Signal)
			return 128 + int(ended.Signal.(syscall.Signal))
		case err != nil:
			fmt.Println(err)
			return 1
		}
		switch line {
		case "wait":
			ch := make(chan os.Signal, 1)
			signal.Notify(ch, os.Interrupt)
			fmt.Println("waiting")
			<-ch
			signal.Stop(ch)
			fmt.Println("interrupt of the cell")
		default:
			fmt.Printf("ran %q\n", line)
		}
	}
}

// child is a process on a pty of its own.
type child struct {
	t   *testing.T
	ptm *os.File
	tty *os.File // kept open to look at the modes after the exit
	cmd *exec.Cmd

	mu      sync.Mutex
	out     []byte
	changed chan struct{}
}

func startChild(t *testing.T, name string, args ...string) *child {
	t.Helper()
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pty: %v", err)
	}
	c := &child{t: t, ptm: ptm, tty: tty, cmd: exec.Command(name, args...), changed: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), childEnv+"=1", "TERM=xterm", "PS1=$ ", "NO_COLOR=")
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = tty, tty, tty
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := ptm.Read(b)
			if err != nil {
				return
			}
			c.mu.Lock()
			c.out = append(c.out, b[:n]...)
			close(c.changed)
			c.changed = make(chan struct{})
			c.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		tty.Close()
		ptm.Close()
	})
	return c
}

// expect waits for want in the output after what was expected before.
func (c *child) expect(want string) {
	c.t.Helper()
	end := time.After(patience)
	for {
		c.mu.Lock()
		i, changed := bytes.Index(c.out, []byte(want)), c.changed
		if i >= 0 {
			c.out = c.out[i+len(want):]
		}
		seen := string(c.out)
		c.mu.Unlock()
		if i >= 0 {
			return
		}
		select {
		case <-changed:
		case <-end:
			c.t.Fatalf("never saw %q in %q", want, seen)
		}
	}
}

func (c *child) send(s string) {
	c.t.Helper()
	if _, err := c.ptm.WriteString(s); err != nil {
		c.t.Fatal(err)
	}
}

func (c *child) modes() unix.Termios {
	c.t.Helper()
	m, err := unix.IoctlGetTermios(int(c.tty.Fd()), ioctlGetTermios)
	if err != nil {
		c.t.Fatal(err)
	}
	return *m
}

// exits waits for the end of the process and compares its exit code and what
// it left of the terminal.
func (c *child) exits(code int, before unix.Termios) {
	c.t.Helper()
	done := make(chan error, 1)
	go func() { done <- c.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(patience):
		c.t.Fatal("the process does not end")
	}
	if got := c.cmd.ProcessState.ExitCode(); got != code {
		c.t.Errorf("exit code %d, want %d", got, code)
	}
	if diff := cmp.Diff(before, c.modes()); diff != "" {
		c.t.Errorf("the terminal is changed:\n%s", diff)
	}
}

func newChild(t *testing.T) (*child, unix.Termios) {
	t.Helper()
	c := startChild(t, os.Args[0])
	c.expect(pasteModeOn)
	c.expect("child> ")
	var before unix.Termios
	raw := c.modes()
	c.send("wait\r") // its modes while a line runs are those it found
	c.expect("waiting")
	before = c.modes()
	if cmp.Equal(raw, before) {
		t.Error("the terminal is raw while a line runs")
	}
	c.send("\x03")
	c.expect("interrupt of the cell")
	c.expect("child> ")
	c.expect(endSync)
	return c, before
}

func TestExitsRestoreTheTerminal(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(c *child)
		code int
	}{
		{"Ctrl-D", func(c *child) { c.send("\x04"); c.expect("bye") }, 0},
		{"SIGTERM", func(c *child) { _ = c.cmd.Process.Signal(syscall.SIGTERM); c.expect("ended by terminated") }, 143},
		{"SIGHUP", func(c *child) { _ = c.cmd.Process.Signal(syscall.SIGHUP); c.expect("ended by hangup") }, 129},
		{"SIGTERM in the middle of a block", func(c *child) {
			c.send("f(\rx")
			c.expect("x")
			_ = c.cmd.Process.Signal(syscall.SIGTERM)
			c.expect("ended by terminated")
		}, 143},
		{"panic", func(c *child) { c.send("\x1bOP"); c.expect("panic: boom") }, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, before := newChild(t)
			tt.end(c)
			c.exits(tt.code, before)
		})
	}
}

func TestInterruptsMoreThanOnce(t *testing.T) {
	t.Parallel()
	c, before := newChild(t)
	for range 3 {
		c.send("abc\x03")
		c.expect("interrupt at the prompt")
		c.expect("child> ")
		c.send("wait\r")
		c.expect("waiting")
		c.send("\x03")
		c.expect("interrupt of the cell")
		c.expect("child> ")
	}
	c.expect(endSync)
	_ = c.cmd.Process.Signal(syscall.SIGINT) // from outside, at the prompt
	c.expect("interrupt at the prompt")
	c.expect("child> ")
	c.expect(endSync)
	c.send("\x04")
	c.exits(0, before)
}

func TestStopAndContinue(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash for job control")
	}
	c := startChild(t, bash, "--norc", "--noediting", "-i")
	c.expect("$ ")
	before := c.modes()
	c.send(os.Args[0] + "\n")
	c.expect("child> ")
	c.send("abc")
	c.expect("abc")
	for range 2 {
		c.send("\x1a")
		c.expect("Stopped")
		c.expect("$ ")
		if diff := cmp.Diff(before, c.modes()); diff != "" {
			t.Errorf("the terminal is changed while stopped:\n%s", diff)
		}
		c.send("fg\n")
		c.expect(pasteModeOn)
		c.expect("child> abc")
	}
	c.send("d\r")
	c.expect(`ran "abcd"`)
	c.expect("child> ")
	c.expect(endSync)
	c.send("\x04")
	c.expect("bye")
	c.expect("$ ")
	c.send("exit\n")
	c.exits(0, before)
}

func TestCtrlZWhereNobodyCouldContinue(t *testing.T) {
	t.Parallel()
	c, before := newChild(t) // a session leader: the system drops SIGTSTP
	c.send("abc")
	c.expect("abc")
	c.send("\x1a")
	c.expect(pasteModeOn)
	c.expect("child> abc")
	c.send("d\r")
	c.expect(`ran "abcd"`)
	c.expect("child> ")
	c.expect(endSync)
	c.send("\x04")
	c.exits(0, before)
}

func TestStoppedFromOutside(t *testing.T) {
	t.Parallel()
	c, before := newChild(t)
	c.send("abc")
	c.expect("abc")
	_ = c.cmd.Process.Signal(syscall.SIGSTOP)
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(c.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("%v, %v", status, err)
	}
	if err := unix.IoctlSetTermios(int(c.tty.Fd()), ioctlSetTermios, &before); err != nil { // as a shell does
		t.Fatal(err)
	}
	_ = c.cmd.Process.Signal(syscall.SIGCONT)
	c.expect("child> abc")
	c.send("d\r")
	c.expect(`ran "abcd"`)
	c.expect("child> ")
	c.expect(endSync)
	c.send("\x04")
	c.exits(0, before)
}

func TestChildOutputHasNoGarbage(t *testing.T) {
	t.Parallel()
	c, before := newChild(t)
	c.send("\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?62;c\x1b[5;5Rok\r")
	c.expect(`ran "ok"`)
	c.expect("child> ")
	c.expect(endSync)
	c.send("\x04")
	c.exits(0, before)
	c.mu.Lock()
	defer c.mu.Unlock()
	if strings.Contains(string(c.out), "rgb") {
		t.Errorf("%q", c.out)
	}
}
