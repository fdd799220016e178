package symbols_test

import (
	"go/types"
	"reflect"
	"testing"

	"pawsh/bindings/symbols"
)

// Each interface has its wrapper, and the wrapper each method of it.
func TestWrappersHaveAllMethods(t *testing.T) {
	t.Parallel()
	im := symbols.NewImporter()
	seen := 0
	for _, path := range symbols.Paths() {
		p, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		have, _ := symbols.Exports(path)
		for _, name := range p.Scope().Names() {
			tn, ok := p.Scope().Lookup(name).(*types.TypeName)
			if !ok || !symbols.Has(path, name) || tn.IsAlias() {
				continue
			}
			iface, ok := tn.Type().Underlying().(*types.Interface)
			if !ok {
				continue
			}
			wrapper, ok := have["_"+name]
			if !ok {
				t.Errorf("%s.%s has no wrapper", path, name)
				continue
			}
			typ := wrapper.Type().Elem()
			if typ.NumField() == 0 || typ.Field(0).Name != "IValue" {
				t.Errorf("%s.%s: the wrapper's first field is not IValue", path, name)
			}
			complete := true
			for m := range iface.Methods() {
				if !m.Exported() {
					complete = false
					continue
				}
				f, ok := typ.FieldByName("W" + m.Name())
				_, isMethod := typ.MethodByName(m.Name())
				if !ok || !isMethod || f.Type.Kind() != reflect.Func {
					t.Errorf("%s.%s: the wrapper lacks %s", path, name, m.Name())
				}
			}
			if real := have[name].Type().Elem(); complete && !typ.Implements(real) {
				t.Errorf("%s.%s: the wrapper does not implement it", path, name)
			}
			seen++
		}
	}
	if seen < 300 {
		t.Errorf("only %d interfaces", seen)
	}
}
