package eval

import (
	"encoding"
	"encoding/xml"
	"fmt"
	"reflect"

	"github.com/traefik/yaegi/interp"
)

// wraps tells, for functions with parameters of type any, which interfaces
// they look for in their arguments: the interpreter then hands session values
// over with these methods.
type wraps struct {
	funcs []string
	types []reflect.Type
}

func wrapped(importPath string) []wraps {
	switch importPath {
	case "fmt":
		return []wraps{
			{[]string{"Scan", "Scanf", "Scanln", "Sscan", "Sscanf", "Sscanln", "Fscan", "Fscanf", "Fscanln"}, []reflect.Type{reflect.TypeFor[fmt.Scanner]()}},
		}
	case "encoding/xml":
		return []wraps{
			{[]string{"Marshal", "MarshalIndent"}, []reflect.Type{reflect.TypeFor[xml.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()}},
			{[]string{"Unmarshal"}, []reflect.Type{reflect.TypeFor[xml.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}},
		}
	}
	return nil
}

// mapTypes registers the wrappers of a package's functions.
func (e *Evaluator) mapTypes(importPath string, m map[string]reflect.Value) {
	ws := wrapped(importPath)
	if ws == nil {
		return
	}
	mt := map[reflect.Value][]reflect.Type{}
	for _, w := range ws {
		for _, f := range w.funcs {
			if v, ok := m[f]; ok {
				mt[v] = w.types
			}
		}
	}
	// Use reports no error for this key.
	_ = e.in.Use(interp.Exports{".": {"MapTypes": reflect.ValueOf(mt)}})
}
