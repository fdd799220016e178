package repl

import (
	"go/types"
	"reflect"
	"strconv"

	"pawsh/repl/rewrite"
)

// Value reads a variable that cells declared, without running anything of the
// session. It refuses while goroutines of cells are under way: they may be
// writing what is read.
func (k *Kernel) Value(name string) (reflect.Value, bool) {
	o, ok := k.scope.Declared(name)
	if !ok {
		return reflect.Value{}, false
	}
	v, ok := o.(*types.Var)
	if !ok || !rewrite.IsSession(v) {
		return reflect.Value{}, false
	}
	n, ok := k.lower.Name(v)
	if !ok {
		return reflect.Value{}, false
	}
	rv, ok := k.eval.Global(n)
	if !ok || !rv.CanInterface() {
		return reflect.Value{}, false
	}
	return rv, true
}

// keyText writes the key of a map as Go has it; a string stands without quotes.
func keyText(k reflect.Value) (string, bool) {
	switch {
	case k.Kind() == reflect.String:
		return k.String(), true
	case k.CanInt():
		return strconv.FormatInt(k.Int(), 10), true
	case k.CanUint():
		return strconv.FormatUint(k.Uint(), 10), true
	case k.Kind() == reflect.Bool:
		return strconv.FormatBool(k.Bool()), true
	}
	return "", false
}
