package eval

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// errInterrupted ends the goroutine of an interrupted cell. Cells can't recover it.
var errInterrupted = errors.New("interrupted")

// errDepth is raised before recursion takes the process down.
var errDepth = errors.New("stack overflow: the recursion is deeper than the shell allows")

// maxAlloc bounds one make.
const maxAlloc = 4 << 30

// guard is what interpreted code asks while it runs: must it stop, is it too
// deep, is this too large. It is safe for concurrent use.
type guard struct {
	stopping atomic.Bool // some goroutine is to be ended
	mu       sync.Mutex
	dead     map[uint64]bool // goroutines to be ended
	ours     map[uint64]bool // goroutines that the evaluator started; true when the stack was too deep
	// overflows is the number of goroutines that end because of it.
	overflows atomic.Int64
	deep      atomic.Pointer[Defers] // whose deferred call runs in one of them
	position  func() int             // where the cell is
	overflown atomic.Int64           // where it was when the stack was too deep
	wake      atomic.Pointer[chan struct{}]

	dmu     sync.Mutex
	direct  map[uint64]*Defers // set between a deferred call and the start of its function
	directs atomic.Int64       // how many there are in direct

	gmu    sync.Mutex
	guards map[uint64]int        // functions that may recover, by goroutine
	lost   map[uint64]*deepPanic // what ended a goroutine without a panic

	dyn *dynamics
}

func newGuard(d *dynamics) *guard {
	g := &guard{dyn: d, dead: map[uint64]bool{}, ours: map[uint64]bool{}, direct: map[uint64]*Defers{}, guards: map[uint64]int{}, lost: map[uint64]*deepPanic{}}
	d.guard = g
	return g
}

// check panics in a goroutine that is to be ended.
func (g *guard) check() {
	id := goroutineID()
	g.mu.Lock()
	dead := g.dead[id]
	g.mu.Unlock()
	if dead {
		panic(errInterrupted)
	}
}

// enter runs at the start of every interpreted function.
func (g *guard) enter() {
	if tooDeep() {
		g.overflow()
	}
	if g.stopping.Load() {
		g.check()
	}
	if g.directs.Load() > 0 {
		g.takeDirect() // what this function calls was not deferred
	}
}

// takeDirect gives the deferred call that started this function, nil when
// another function called it.
func (g *guard) takeDirect() *Defers {
	id := goroutineID()
	g.dmu.Lock()
	defer g.dmu.Unlock()
	d := g.direct[id]
	g.setDirect(id, nil)
	return d
}

// setDirect is for who holds dmu.
func (g *guard) setDirect(id uint64, d *Defers) {
	if d != nil {
		g.direct[id] = d
	} else {
		delete(g.direct, id)
	}
	g.directs.Store(int64(len(g.direct)))
}

// goexit is the function of the runtime that runs deferred calls when a goroutine
// ends before its function does.
const goexit = "runtime.Goexit"

// overflow ends the goroutine. As in compiled Go nothing can recover that; and a
// panic, which the interpreter recovers and raises again in each of its frames, would
// take minutes to leave a deep stack.
func (g *guard) overflow() {
	if under("fmt.(*pp).handleMethods", 60) {
		panic(errDepth) // of which package fmt makes text
	}
	id := goroutineID()
	g.mu.Lock()
	ending, ours := g.ours[id]
	if ending && !farTooDeep() { // a deferred call
		g.mu.Unlock()
		return
	}
	if ours && !ending {
		g.ours[id] = true
		g.overflown.Store(int64(g.position()))
		g.overflows.Add(1)
	}
	g.mu.Unlock()
	if !ours {
		panic(errDepth)
	}
	runtime.Goexit()
}

// under tells whether a function is among the innermost n that called. It doesn't
// walk the rest of the stack, as asking for the goroutine's number would.
func under(function string, n int) bool {
	pc := make([]uintptr, n)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for {
		f, more := frames.Next()
		if f.Function == function {
			return true
		}
		if !more {
			return false
		}
	}
}

// deepPanic is a panic that nothing can recover, raised deep in the stack, and
// where the cell was.
type deepPanic struct {
	value    any
	position int
}

// deepStack is the size of a stack from which a panic takes long to leave it: the
// interpreter recovers and raises it again in each frame.
const deepStack = 1 << 20

// panic raises a panic; where it is deep and nothing can recover it, it ends the
// goroutine, which tells it when it has ended.
func (g *guard) panic(v any) {
	if !isDeep() {
		panic(v)
	}
	id := goroutineID()
	g.mu.Lock()
	_, ours := g.ours[id]
	g.mu.Unlock()
	g.gmu.Lock()
	lost := ours && g.guards[id] == 0
	if lost {
		g.lost[id] = &deepPanic{v, g.position()}
	}
	g.gmu.Unlock()
	if !lost {
		panic(v)
	}
	runtime.Goexit()
}

// guarding notes that this goroutine is in a function that may recover, until
// the function that it returns is called.
func (g *guard) guarding() func() {
	id := goroutineID()
	g.gmu.Lock()
	g.guards[id]++
	g.gmu.Unlock()
	return func() {
		g.gmu.Lock()
		defer g.gmu.Unlock()
		if g.guards[id]--; g.guards[id] == 0 {
			delete(g.guards, id)
		}
	}
}

// began registers a goroutine, and ended tells how it ended: with r, the value of
// its panic, or errDepth.
func (g *guard) began(id uint64) {
	g.mu.Lock()
	g.ours[id] = false
	g.mu.Unlock()
}

func (g *guard) kill(id uint64) {
	g.mu.Lock()
	g.dead[id] = true
	g.stopping.Store(true)
	g.mu.Unlock()
}

func (g *guard) ended(id uint64, r any) any {
	g.mu.Lock()
	if g.ours[id] {
		r = errDepth
		g.overflows.Add(-1)
	}
	delete(g.ours, id)
	delete(g.dead, id)
	g.gmu.Lock()
	if p := g.lost[id]; p != nil {
		r = p
		delete(g.lost, id)
	}
	g.gmu.Unlock()
	g.stopping.Store(len(g.dead) > 0)
	g.mu.Unlock()
	g.dmu.Lock()
	g.setDirect(id, nil)
	g.dmu.Unlock()
	return r
}

func size(n, elem int) int {
	if n > 0 && elem > 0 && n > maxAlloc/elem {
		panic(fmt.Errorf("make: %d elements of %d bytes are more than the shell allows (%d bytes)", n, elem, maxAlloc))
	}
	return n
}

// Defers is the stack of a function's deferred calls, see repl/rewrite.
type Defers struct {
	g         *guard
	calls     []deferred
	value     any
	panicking bool
}

type deferred struct {
	f     func()
	plain bool // does not recover
}

// Push defers f, which may recover.
func (d *Defers) Push(f func()) { d.calls = append(d.calls, deferred{f, false}) }

// PushPlain defers f, which does not recover.
func (d *Defers) PushPlain(f func()) { d.calls = append(d.calls, deferred{f, true}) }

// Guard calls the body of a function and then its deferred calls.
func (d *Defers) Guard(body func()) {
	defer d.g.guarding()()
	defer func() {
		r := recover()
		if r == nil && d.g.overflows.Load() > 0 && under(goexit, 2) {
			r = errDepth
		}
		d.run(r)
	}()
	body()
}

// run runs the deferred calls, the last first, while r is the value of the
// panic under way, nil when there is none.
func (d *Defers) run(r any) {
	d.value, d.panicking = r, r != nil
	for len(d.calls) > 0 {
		c := d.calls[len(d.calls)-1]
		d.calls = d.calls[:len(d.calls)-1]
		d.call(c)
	}
	if d.panicking && d.value != errDepth { // which ends the goroutine anyhow
		panic(d.value)
	}
}

func (d *Defers) call(c deferred) {
	// Without a panic there is nothing to recover, whoever asks.
	direct := d.panicking && !c.plain
	if direct && d.value == errDepth {
		direct = false
		d.g.deep.Store(d)
		defer d.g.deep.Store(nil)
	}
	var id uint64
	if direct {
		id = goroutineID()
		d.g.dmu.Lock()
		d.g.setDirect(id, d)
		d.g.dmu.Unlock()
	}
	defer func() {
		if r := recover(); r != nil {
			d.value, d.panicking = r, true
		}
		if direct {
			d.g.dmu.Lock()
			d.g.setDirect(id, nil)
			d.g.dmu.Unlock()
		}
	}()
	c.f()
}

// Caller is who called a function that recovers: only one that was deferred
// can stop a panic.
type Caller struct {
	g *guard
	d *Defers
}

// caller is enter for a function that recovers: it takes note of who called it.
func (g *guard) caller() *Caller {
	var d *Defers
	if g.directs.Load() > 0 {
		d = g.takeDirect()
	}
	g.enter()
	if deep := g.deep.Load(); deep != nil && under(goexit, 40) {
		d = deep
	}
	return &Caller{g, d}
}

// Recover is the recover of lowered code.
func (c *Caller) Recover() any {
	if c.d == nil || !c.d.panicking || unrecoverable(c.d.value) {
		return nil
	}
	v := c.d.value
	if v != errDepth {
		c.d.value, c.d.panicking = nil, false
	}
	return c.g.dyn.goPanic(v)
}

// Recover is `defer recover()`: a recover of the function that defers it, unless
// that panics itself.
func (d *Defers) Recover(c *Caller) {
	if !d.panicking {
		c.Recover()
	}
}

func unrecoverable(v any) bool {
	if v == errInterrupted {
		return true
	}
	_, ok := v.(*Exit)
	return ok
}
