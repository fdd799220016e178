package rewrite

import "go/types"

// Name gives the name that a variable of a committed cell has in the
// interpreter.
func (k *Lowerer) Name(v *types.Var) (string, bool) {
	n, ok := k.base.names[v]
	return n, ok && !k.bound[v]
}
