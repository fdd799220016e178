package repl

import (
	"sync"

	"pawsh/bindings/session"
)

// xrayDoc documents the shell's own function.
const xrayDoc = `func xray[T any](expr T) T

xray gives the value of an expression and shows the requests that it takes as they
go over the wire, with the answers. Secrets are left out. Errors are raised, as of
other calls. :debug wire CELL shows a whole cell so, :debug wire all that follow.

Example: zones := xray(ec2.GetAllZones())`

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
