package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"reflect"
	"strings"
	"syscall"

	"pawsh/repl/display"
	"pawsh/repl/input"
)

// eval runs a cell, or a cell whose value goes to a program.
func (sh *Shell) eval(ctx context.Context, src string) Result {
	left, line, ok := sh.pipeline(src)
	if !ok {
		return sh.kernel.Eval(ctx, src)
	}
	r := sh.kernel.Eval(ctx, left)
	if r.Err != nil || !r.Shown {
		return r
	}
	r.Shown = false
	r.Err = sh.pipe(ctx, r.Values, line)
	return r
}

// pipeline tells whether a text is VALUE | PROGRAM: not Go as a whole, with an
// expression on the left, and on the right a line of the system's shell that
// begins with a program. Go's own | always wins.
func (sh *Shell) pipeline(src string) (left, line string, ok bool) {
	for _, p := range input.Pipes(src) {
		if !sh.isProgram(p.Program) {
			continue
		}
		if _, err := sh.kernel.scope.Check(src, sh.kernel.n+1); err == nil {
			return "", "", false
		}
		if t, err := sh.kernel.scope.TypeOf(p.Left); err != nil || t == "no value" {
			continue
		}
		return p.Left, p.Line, true
	}
	return "", "", false
}

// builtins are commands of sh that are worth piping to and may be no files.
const builtins = " while read xargs test "

func (sh *Shell) isProgram(name string) bool {
	if strings.Contains(builtins, " "+name+" ") {
		return true
	}
	_, err := exec.LookPath(name)
	return err == nil || errors.Is(err, exec.ErrDot)
}

// whole tells whether a text is whole: as a cell, as a command, or as a pipe to
// a program.
func whole(text string) bool {
	if _, ok := input.Command(text); ok { // ":display go" is no Go that goes on
		return true
	}
	if st, _ := input.Status(text); st != input.Incomplete {
		return true
	}
	for _, p := range input.Pipes(text) {
		if _, err := exec.LookPath(p.Program); err == nil {
			return true
		}
	}
	return false
}

// pipe sends values to a program. A string goes as it is, all else as JSON,
// whatever :display says: programs read that.
func (sh *Shell) pipe(ctx context.Context, vs []display.Value, line string) error {
	var b bytes.Buffer
	for _, v := range vs {
		b.WriteString(piped(v) + "\n")
	}
	c := sh.program(ctx, line)
	c.Stdin = nil
	in, err := c.StdinPipe()
	if err != nil {
		return failed(err, "")
	}
	if err := c.Start(); err != nil {
		return failed(err, "")
	}
	fed := make(chan error, 1)
	go func() {
		_, err := io.Copy(in, &b)
		fed <- errors.Join(err, in.Close())
	}()
	if err := ended(ctx, c.Wait()); err != nil {
		return err
	}
	if err := <-fed; err != nil && !errors.Is(err, syscall.EPIPE) { // head stops to read
		return failed(err, "")
	}
	return nil
}

func piped(v display.Value) string {
	rv := reflect.ValueOf(v.V)
	switch {
	case v.Text != nil:
		return *v.Text
	case rv.Kind() == reflect.String:
		return strings.TrimSuffix(rv.String(), "\n")
	case rv.Kind() == reflect.Slice && rv.Type().Elem().Kind() == reflect.Uint8:
		return strings.TrimSuffix(string(rv.Bytes()), "\n")
	}
	return display.JSON(v)
}
