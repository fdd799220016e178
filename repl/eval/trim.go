package eval

import (
	"go/token"
	"reflect"
	"strings"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// forget drops the lines of texts from base to end in the interpreter's file set. Those of functions that may be called later stay: a panic finds its place
// by them.
func forget(fset *token.FileSet, base, end int) {
	for base < end {
		f := fset.File(token.Pos(base))
		if f == nil {
			return
		}
		base = f.Base() + f.Size() + 1
		fset.RemoveFile(f)
	}
}

// lasting tells whether a text has functions that may be called after it ran.
func lasting(src string) bool { return strings.Contains(src, "func") }

// trimmer drops what the interpreter keeps of each text that it has run and
// never looks at again: syntax trees for its debugger, and scopes that no later
// text can enter. There is no other door to them (TestTrim fails when they are
// not where they were).
type trimmer struct {
	roots    reflect.Value // the trees of all texts
	universe reflect.Value // the outermost scope
	scopes   reflect.Value // of packages
	frame    reflect.Value // where the session's variables live
}

func newTrimmer(in *interp.Interpreter) *trimmer {
	v := reflect.ValueOf(in).Elem()
	field := func(v reflect.Value, name string, kind reflect.Kind) reflect.Value {
		f := v.FieldByName(name)
		if !f.IsValid() || f.Kind() != kind {
			return reflect.Value{}
		}
		return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
	}
	t := &trimmer{roots: field(v, "roots", reflect.Slice), universe: field(v, "universe", reflect.Pointer), scopes: field(v, "scopes", reflect.Map), frame: field(v, "frame", reflect.Pointer)}
	if !t.roots.IsValid() || !t.universe.IsValid() || !t.scopes.IsValid() || !t.frame.IsValid() {
		return nil
	}
	return t
}

// trim is called when nothing is being compiled. names are functions of the
// session that will not be called by name again.
func (t *trimmer) trim(names ...string) {
	if t == nil {
		return
	}
	t.roots.SetZero()
	t.children(t.universe, nil)
	for it := t.scopes.MapRange(); it.Next(); {
		t.children(it.Value(), names)
	}
}

// grow makes room for the variables of a text that has been compiled. The
// interpreter would copy all variables of the session for each.
func (t *trimmer) grow() {
	if t == nil {
		return
	}
	types := t.universe.Elem().FieldByName("types")
	data := t.frame.Elem().FieldByName("data")
	if !types.IsValid() || !data.IsValid() || data.Type() != reflect.TypeFor[[]reflect.Value]() || types.Type() != reflect.TypeFor[[]reflect.Type]() {
		return
	}
	slots := (*[]reflect.Value)(unsafe.Pointer(data.UnsafeAddr()))
	kinds := *(*[]reflect.Type)(unsafe.Pointer(types.UnsafeAddr()))
	for len(*slots) < len(kinds) {
		*slots = append(*slots, reflect.New(kinds[len(*slots)]).Elem())
	}
}

func (t *trimmer) children(scope reflect.Value, names []string) {
	s := scope.Elem()
	if f := s.FieldByName("child"); f.IsValid() && f.Kind() == reflect.Slice {
		reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().SetZero()
	}
	if f := s.FieldByName("sym"); f.IsValid() && f.Kind() == reflect.Map {
		m := reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
		for _, n := range names {
			m.SetMapIndex(reflect.ValueOf(n), reflect.Value{})
		}
	}
}
