package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// world is the surroundings of a program under test: a home, files in it, and
// nothing of this process's environment.
type world struct {
	t    *testing.T
	home string
	env  []string
}

func newWorld(t *testing.T, env ...string) *world {
	t.Helper()
	return &world{t: t, home: t.TempDir(), env: env}
}

// write puts a file into the home, readable by its owner alone.
func (w *world) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) command(args ...string) *exec.Cmd {
	w.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.CommandContext(w.t.Context(), exe, args...)
	cmd.Dir = w.home
	cmd.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + w.home, "PATH=" + os.Getenv("PATH")}
	for _, e := range w.env {
		cmd.Env = append(cmd.Env, strings.ReplaceAll(e, "$HOME", w.home))
	}
	return cmd
}

// outcome is what a run of the program left.
type outcome struct {
	out, err string
	code     int
	took     time.Duration
}

// run runs pawsh to its end.
func (w *world) run(stdin string, args ...string) outcome {
	w.t.Helper()
	cmd := w.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	o := outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(start)}
	for _, trace := range []string{"goroutine ", "panic: runtime error", ".go:"} {
		if strings.Contains(o.err, trace) {
			w.t.Errorf("%q: a trace on the error stream:\n%s", args, o.err)
		}
	}
	return o
}

// want compares what a run left; out is the standard output but for the last
// line end, err a part of the error stream, or "" for none.
func (o outcome) want(t *testing.T, code int, out, err string) {
	t.Helper()
	if o.code != code || strings.TrimSuffix(o.out, "\n") != out || (err == "" && o.err != "") || !strings.Contains(o.err, err) {
		t.Errorf("exit %d, out %q, err:\n%s\nwant exit %d, out %q, err %q", o.code, o.out, o.err, code, out, err)
	}
}
