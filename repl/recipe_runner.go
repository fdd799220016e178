package repl

import (
	"bytes"
	"context"
	"sync"

	"pawsh/bindings/session"
)

// CellRunner runs cells and commands in a shell of its own and hands back what
// each prints: values, errors and the debug log, as a person would see them. It
// is a recipes.Runner, for one goroutine.
type CellRunner struct {
	sh  *Shell
	out outputBuffer
}

// NewCellRunner gives a runner with an empty session in env. yes agrees to what
// destroys something where that is not the sandbox.
func NewCellRunner(env *session.Env, yes bool) (*CellRunner, error) {
	r := &CellRunner{}
	sh, err := New(Config{Env: env, Out: &r.out, Err: &r.out, NoColor: true, Yes: yes})
	if err != nil {
		return nil, err
	}
	env.SetLog(&r.out, false)
	r.sh = sh
	return r, nil
}

// Run runs one cell or command.
func (r *CellRunner) Run(ctx context.Context, cell string) (string, error) {
	r.out.take()
	err := r.sh.Run(ctx, cell)
	return r.out.take(), err
}

// outputBuffer is written by the shell, by cells and by the debug log, which
// need not be on one goroutine.
type outputBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to the buffer.
func (o *outputBuffer) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// take empties the buffer.
func (o *outputBuffer) take() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.b.String()
	o.b.Reset()
	return s
}
