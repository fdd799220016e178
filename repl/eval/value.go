package eval

import "reflect"

// Global reads a variable of the session by its name in the interpreter, which
// runs nothing. It answers false while code of the session is under way in any
// goroutine that the shell knows of: reading what that code writes could end
// the process. Timers that call back into cells are not known.
func (e *Evaluator) Global(name string) (reflect.Value, bool) {
	if e.busy.Load() > 0 {
		return reflect.Value{}, false
	}
	e.declare.Lock()
	defer e.declare.Unlock()
	v, ok := e.in.Globals()[name]
	return v, ok && v.IsValid()
}
