package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Limits bound what one script can use. A zero field means its default.
type Limits struct {
	Time   time.Duration // on the wall clock
	Steps  int64         // commands, rounds of loops and blocks of data
	Output int64         // bytes written to the script's own output
	Memory int64         // bytes in variables, parameters and functions, a shell
	Value  int64         // bytes of one expansion or one captured output
	Procs  int32         // shells at work at the same time
	Depth  int           // calls within calls
	Script int           // bytes of source
}

// DefaultLimits are generous for a boot script and harmless for the host.
var DefaultLimits = Limits{
	Time: 30 * time.Second, Steps: 400_000, Output: 4 << 20, Memory: 2 << 20, Value: 512 << 10,
	Procs: 48, Depth: 128, Script: 256 << 10,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	set(&d.Time, l.Time)
	set(&d.Steps, l.Steps)
	set(&d.Output, l.Output)
	set(&d.Memory, l.Memory)
	set(&d.Value, l.Value)
	set(&d.Procs, l.Procs)
	set(&d.Depth, l.Depth)
	set(&d.Script, l.Script)
	return d
}

func set[T comparable](to *T, v T) {
	var zero T
	if v != zero {
		*to = v
	}
}

// run is one script at work with all its shells, which share its limits.
type run struct {
	lim    Limits
	ctx    context.Context
	cancel context.CancelCauseFunc
	steps  atomic.Int64
	procs  atomic.Int32
	pids   atomic.Int32
	latest atomic.Int64   // nanoseconds slept by the shell that slept most
	work   sync.WaitGroup // shells in goroutines of their own
}

// stopped unwinds a shell whose script has met its end.
type stopped struct{}

// limitError says which limit ended a script.
type limitError string

func (e limitError) Error() string { return string(e) }

// exceed ends the script for good.
func (r *run) exceed(format string, a ...any) {
	r.cancel(limitError(fmt.Sprintf(format, a...)))
	panic(stopped{})
}

// step counts n pieces of work and ends the shell when its time has come.
func (sh *Shell) step(n int64) {
	if sh.ctx.Err() != nil {
		panic(stopped{})
	}
	if sh.run.steps.Add(n) > sh.run.lim.Steps {
		sh.run.exceed("CPU time limit exceeded")
	}
}

// limitWriter is a script's own output, bounded.
type limitWriter struct {
	r  *run
	mu *sync.Mutex // both streams may be one
	w  io.Writer
	n  *int64
}

func (l limitWriter) Write(b []byte) (int, error) {
	if l.r.ctx.Err() != nil {
		return 0, errBroken
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if *l.n -= int64(len(b)); *l.n < 0 {
		l.r.cancel(limitError("output limit exceeded"))
		return 0, errBroken
	}
	return l.w.Write(b)
}

// errBroken is what writing to a pipe gives that nobody reads.
var errBroken = errors.New("broken pipe")

// pipe hands bytes from one shell to another; at most pipeSize are under way.
type pipe struct {
	mu     sync.Mutex
	change sync.Cond
	buf    []byte
	noMore bool // the writers are done
	broken bool // the reader is gone, or the script
	stop   func() bool
}

const pipeSize = 64 << 10

func newPipe(ctx context.Context) *pipe {
	p := &pipe{}
	p.change.L = &p.mu
	p.stop = context.AfterFunc(ctx, p.breakOff)
	return p
}

func (p *pipe) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.buf) == 0 && !p.noMore && !p.broken {
		p.change.Wait()
	}
	if len(p.buf) == 0 || p.broken {
		return 0, io.EOF
	}
	n := copy(b, p.buf)
	p.buf = p.buf[n:]
	p.change.Broadcast()
	return n, nil
}

func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := 0
	for len(b) > 0 {
		for len(p.buf) >= pipeSize && !p.broken {
			p.change.Wait()
		}
		if p.broken || p.noMore {
			return done, errBroken
		}
		n := min(len(b), pipeSize-len(p.buf))
		p.buf = append(p.buf, b[:n]...)
		b = b[n:]
		done += n
		p.change.Broadcast()
	}
	return done, nil
}

func (p *pipe) closeRead() {
	p.stop()
	p.breakOff()
}

func (p *pipe) breakOff() {
	p.mu.Lock()
	p.broken, p.buf = true, nil
	p.change.Broadcast()
	p.mu.Unlock()
}

func (p *pipe) closeWrite() {
	p.mu.Lock()
	p.noMore = true
	p.change.Broadcast()
	p.mu.Unlock()
}
