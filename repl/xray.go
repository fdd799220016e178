package repl

import (
	"sync"

	"pawsh/bindings/session"
)

// xray shows the wire while xray(expr) evaluates expr.
type xray struct {
	mu   sync.Mutex
	env  *session.Env
	open []func() // ends, the innermost last
}

func (x *xray) use(env *session.Env) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.env = env
}

// turn begins an expression or ends the innermost one. Lowered code calls it.
func (x *xray) turn(on bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if on {
		x.open = append(x.open, x.env.ForceDebug(session.LevelWire))
		return
	}
	if n := len(x.open); n > 0 {
		x.open[n-1]()
		x.open = x.open[:n-1]
	}
}

// end ends what an error of the cell left open.
func (x *xray) end() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.open {
		f()
	}
	x.open = nil
}
