package wire

import (
	"path"
	"reflect"
	"strings"
)

// UnionMembers lists the types that a union of the SDK, an interface type, can
// hold; nil where the type is none. Reflection alone can't tell.
func UnionMembers(union reflect.Type) []reflect.Type {
	// .../service/<module>/types
	t := &table{service: path.Base(strings.TrimSuffix(union.PkgPath(), "/types"))}
	if union.Kind() != reflect.Interface || !strings.HasSuffix(union.PkgPath(), "/types") {
		return nil
	}
	var members []reflect.Type
	for _, f := range t.plan(union).fields {
		members = append(members, f.variant)
	}
	return members
}
