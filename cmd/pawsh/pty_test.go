package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminal is the program on a pseudo terminal.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	pty    *os.File
	tty    *os.File
	before *unix.Termios
	mu     sync.Mutex
	out    bytes.Buffer
	seen   int // of the text without escapes, what expect has matched
	grown  chan struct{}
	exited chan error
}

// start runs pawsh on a terminal of its own, with further environment.
func start(t *testing.T, home string, env ...string) *terminal {
	t.Helper()
	p, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(p, &pty.Winsize{Rows: 30, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tm := &terminal{t: t, pty: p, tty: tty, grown: make(chan struct{}, 1), exited: make(chan error, 1)}
	tm.before = tm.modes()
	tm.cmd = exec.Command(exe)
	tm.cmd.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + home, "TERM=xterm-256color", "PATH=" + os.Getenv("PATH")}
	tm.cmd.Env = append(tm.cmd.Env, env...)
	tm.cmd.Stdin, tm.cmd.Stdout, tm.cmd.Stderr = tty, tty, tty
	tm.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := tm.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go tm.read()
	go func() { tm.exited <- tm.cmd.Wait() }()
	t.Cleanup(func() {
		_ = tm.cmd.Process.Kill()
		tty.Close()
		p.Close()
	})
	return tm
}

func (tm *terminal) modes() *unix.Termios {
	tm.t.Helper()
	m, err := unix.IoctlGetTermios(int(tm.tty.Fd()), unix.TCGETS)
	if err != nil {
		tm.t.Fatal(err)
	}
	return m
}

func (tm *terminal) read() {
	b := make([]byte, 4096)
	for {
		n, err := tm.pty.Read(b)
		tm.mu.Lock()
		tm.out.Write(b[:n])
		tm.mu.Unlock()
		select {
		case tm.grown <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (tm *terminal) text() string {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	return escapes.ReplaceAllString(tm.out.String(), "")[tm.seen:]
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x1b\][^\x07]*\x07`)

// expect waits until the output behind what was expected before holds want.
func (tm *terminal) expect(want string) {
	tm.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		if i := strings.Index(tm.text(), want); i >= 0 {
			tm.seen += i + len(want)
			return
		}
		select {
		case <-tm.grown:
		case <-deadline:
			tm.t.Fatalf("no %q in the output:\n%s\nstate %v", want, tm.text(), tm.cmd.ProcessState)
		}
	}
}

func (tm *terminal) send(s string) {
	tm.t.Helper()
	if _, err := io.WriteString(tm.pty, s); err != nil {
		tm.t.Fatal(err)
	}
}

// ended waits for the end and compares the terminal's modes with those before.
func (tm *terminal) ended(code int) {
	tm.t.Helper()
	select {
	case <-tm.exited:
	case <-time.After(20 * time.Second):
		tm.t.Fatalf("the program did not end:\n%s", tm.text())
	}
	if got := tm.cmd.ProcessState.ExitCode(); got != code {
		tm.t.Errorf("exit code %d, want %d", got, code)
	}
	if after := tm.modes(); *after != *tm.before {
		tm.t.Errorf("terminal modes %+v, want %+v", after, tm.before)
	}
}

const prompt = "sandbox us-east-1 > "

func TestPromptInterruptHistoryLeave(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	tm := start(t, home)
	tm.expect(prompt)
	tm.send("1 + 41\r")
	tm.expect("42")
	tm.expect(prompt)
	tm.send("x := 7\r")
	tm.expect(prompt)

	// Ctrl-C ends the running cell, again and again, and the shell goes on.
	for range 3 {
		tm.send("fmt.Println(\"running\"); for {}\r")
		tm.expect("\nrunning")
		tm.send("\x03")
		tm.expect("interrupted")
		tm.expect(prompt)
	}
	tm.send("x * 6\r")
	tm.expect("42")
	tm.expect(prompt)

	// Enter breaks the line while a block is open.
	tm.send("func twice(n int) int {\r")
	tm.expect("... ")
	// The lines above are painted again with each key, prompt and all, so the
	// end of the cell shows only in what it prints.
	tm.send("return n * 2\r}; fmt.Println(\"decl\" + \"ared\")\r")
	tm.expect("declared")
	tm.expect(prompt)
	tm.send("twice(_)\r")
	tm.expect("84")
	tm.expect(prompt)

	// Up brings back the last line.
	tm.send("\x1b[A\r")
	tm.expect("168")
	tm.expect(prompt)

	// Ctrl-C on a line drops it, Ctrl-D on an empty one leaves.
	tm.send("nonsense(\x03")
	tm.expect("^C") // the prompt before it may be that of the line, painted again
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(0)

	// The history outlives the shell.
	tm = start(t, home)
	tm.expect(prompt)
	tm.send("\x1b[A")
	tm.expect("twice(_)")
	tm.send("\x03")
	tm.expect("^C")
	tm.expect(prompt)
	tm.send(":history -n 2\r")
	tm.expect("twice(_)")
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)
}

func TestPromptSurvivesErrorsAndSignals(t *testing.T) {
	t.Parallel()
	tm := start(t, t.TempDir())
	tm.expect(prompt)
	tm.send("nope\r")
	tm.expect("error: 1:1: undefined: nope")
	tm.expect(prompt)
	tm.send("ec2.GetAllZones()\r")
	tm.expect("[Zone:us-east-1a, ")
	tm.expect(prompt)
	if err := tm.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	tm.ended(128 + int(syscall.SIGTERM))
}
