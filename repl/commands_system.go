package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"

	"pawsh/bindings/session"
	"pawsh/repl/diag"
	"pawsh/repl/display"
)

func systemCommands() []command {
	return []command{
		{
			name: "!", group: groupSystem, args: "COMMAND", kind: ArgText,
			help:    "run a command of the system's shell",
			long:    "A value goes to a program by VALUE | PROGRAM: a string as it is, all else as JSON. Go's own | wins where both could be meant.",
			example: "!ls -l\nec2.GetAllZones() | jq '.[0]'",
			run:     (*Shell).cmdSystem,
		}, {
			name: "cd", group: groupSystem, args: "[DIR]", kind: ArgDir, saved: true,
			help: "change the directory; - goes back",
			run:  (*Shell).cmdCd,
		}, {
			name: "pwd", group: groupSystem,
			help: "the directory files are looked up in",
			run:  (*Shell).cmdPwd,
		}, {
			name: "env", group: groupSystem, args: "[NAME[=VALUE]]", kind: ArgEnv,
			help:    "show or change environment variables",
			long:    "Without arguments all are listed, secrets masked; -u NAME removes one. A change holds for cells, for programs, and for connections opened from now on.",
			example: ":env AWS_REGION=eu-west-1\n:env -u AWS_REGION",
			run:     (*Shell).cmdEnv,
		}, {
			name: "clear", group: groupSystem,
			help: "clear the screen (also Ctrl-L)",
			run:  (*Shell).cmdClear,
		},
	}
}

// grace is how long a program that was told to end may take.
const grace = 2 * time.Second

// program makes a command line ready to run by the system's shell. On a
// terminal Ctrl-C reaches it directly and is its own affair; a timeout ends it
// everywhere.
func (sh *Shell) program(ctx context.Context, line string) *exec.Cmd {
	c := exec.CommandContext(ctx, "sh", "-c", line)
	c.Cancel = func() error {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return c.Process.Kill()
		}
		return c.Process.Signal(os.Interrupt)
	}
	c.Stdin, c.Stdout, c.Stderr = sh.stdin, sh.out, sh.err
	if o, ok := sh.out.(interface{ Standard() *os.File }); ok {
		c.Stdout = o.Standard()
	}
	if sh.term != nil {
		c.Stdin, c.Stdout, c.Stderr = sh.term.In, sh.term.Out, sh.term.Out
	} else {
		c.WaitDelay = grace
	}
	return c
}

// ended makes of a program's end what the shell says of it: its exit code is
// its own affair, but for an interrupt.
func ended(ctx context.Context, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return diag.ErrInterrupted
	case errors.As(err, &exit):
		if w, ok := exit.Sys().(syscall.WaitStatus); ok && w.Signaled() && w.Signal() == syscall.SIGINT {
			return diag.ErrInterrupted // the signal reached the program first
		}
		return &diag.Error{Kind: diag.Runtime, Message: "the command ended with " + exit.Error(), Err: err}
	}
	return failed(err, "")
}

func (sh *Shell) cmdSystem(ctx context.Context, args string) (string, error) {
	if args == "" {
		return "", usage("! wants a command")
	}
	if name, rest, _ := strings.Cut(args, " "); name == "cd" && !strings.ContainsAny(rest, ";&|$`") {
		return sh.cmdCd(ctx, strings.TrimSpace(rest)) // of a child it would be of no use
	}
	ctx, cancel := sh.bounded(ctx)
	defer cancel()
	return "", ended(ctx, sh.program(ctx, args).Run())
}

func (sh *Shell) cmdCd(_ context.Context, args string) (string, error) {
	dir, err := one(args, ":cd")
	if err != nil {
		return "", err
	}
	from, err := os.Getwd()
	if err != nil {
		from = ""
	}
	switch {
	case dir == "-" && sh.lastDir == "":
		return "", usage("there is no directory to go back to")
	case dir == "-":
		dir = sh.lastDir
	case dir == "" || dir == "~":
		dir = sh.getenv("HOME")
	case strings.HasPrefix(dir, "~/"):
		dir = filepath.Join(sh.getenv("HOME"), dir[2:])
	}
	if err := os.Chdir(dir); err != nil {
		return "", failed(err, "")
	}
	sh.lastDir = from
	return os.Getwd()
}

func (sh *Shell) cmdPwd(context.Context, string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", failed(err, ":cd DIR goes to one that exists")
	}
	return dir, nil
}

func (sh *Shell) cmdEnv(_ context.Context, args string) (string, error) {
	if rest, ok := strings.CutPrefix(args, "-u "); ok {
		name := strings.TrimSpace(rest)
		if err := os.Unsetenv(name); err != nil {
			return "", failed(err, "")
		}
		return sh.environmentChanged(name, args)
	}
	if name, value, ok := strings.Cut(args, "="); ok {
		name = strings.TrimSpace(name)
		if name == "" || strings.ContainsAny(name, " \t\"'") {
			return "", usage("%q is no name of a variable", name)
		}
		ws, err := words(value)
		if err != nil {
			return "", err
		}
		if err := os.Setenv(name, strings.Join(ws, " ")); err != nil {
			return "", failed(err, "")
		}
		return sh.environmentChanged(name, args)
	}
	if args != "" {
		v, ok := os.LookupEnv(args)
		if !ok {
			return "", failed(fmt.Errorf("%s is not set", args), "")
		}
		return v, nil
	}
	list := os.Environ()
	sort.Strings(list)
	for i, kv := range list {
		if name, v, _ := strings.Cut(kv, "="); v != "" && display.SecretName(name) {
			list[i] = name + "=" + display.Masked
		}
	}
	return strings.Join(list, "\n"), nil
}

// environmentChanged makes new connections look at the environment again when
// the variable is one of theirs.
func (sh *Shell) environmentChanged(name, args string) (string, error) {
	sh.session.keep(":env " + args)
	if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "BOTO_") && name != "HOME" {
		return "", nil
	}
	return sh.derive(func(*session.Options) {})
}

func (sh *Shell) cmdClear(context.Context, string) (string, error) {
	if sh.term == nil || sh.getenv("TERM") == "dumb" {
		return "", nil
	}
	_, err := fmt.Fprint(sh.term.Out, "\x1b[H\x1b[2J")
	return "", err
}
