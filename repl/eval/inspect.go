package eval

import (
	"reflect"
	"strings"
)

// TypeName is what a person calls the type of a value of the session, "" for a
// type that was compiled in and for one without a name.
func (e *Evaluator) TypeName(t reflect.Type) string {
	e.dyn.mu.RLock()
	n, ok := e.dyn.typeName[t]
	e.dyn.mu.RUnlock()
	if !ok {
		n = tagName(t)
	}
	return strings.TrimPrefix(n, "main.")
}
