package table

import (
	"go/constant"
	"reflect"
	"strings"
	"testing"
)

var variable = 1

var sample = Package{
	Path:     "x",
	Name:     "x",
	Values:   []Symbol{{"F", strings.ToUpper}, {"K", int8(3)}, {"T", (*strings.Builder)(nil)}},
	Vars:     []Symbol{{"V", &variable}},
	Wrappers: []Symbol{{"I", (*strings.Reader)(nil)}},
	Ints:     []Literal{{"Big", "1267650600228229401496703205376"}},
	Floats:   []Literal{{"Half", "0.5"}},
	Strings:  []Literal{{"Text", "a\"b"}},
	Missing:  []Lack{{"G", Generic}, {"P", Platform}},
}

func TestMap(t *testing.T) {
	t.Parallel()
	m := sample.Map()
	if len(m) != 8 {
		t.Errorf("%d symbols", len(m))
	}
	if got := m["F"].Interface().(func(string) string)("a"); got != "A" {
		t.Errorf("F gives %q", got)
	}
	if m["K"].Interface() != int8(3) {
		t.Errorf("K is %v", m["K"])
	}
	if m["T"].Type() != reflect.TypeFor[*strings.Builder]() || m["_I"].Type() != reflect.TypeFor[*strings.Reader]() {
		t.Errorf("T is %v, _I is %v", m["T"].Type(), m["_I"].Type())
	}
	m["V"].SetInt(5)
	if variable != 5 {
		t.Error("V is not the variable itself")
	}
	for name, want := range map[string]string{"Big": "1267650600228229401496703205376", "Half": "0.5", "Text": `"a\"b"`} {
		if got := m[name].Interface().(constant.Value); got.ExactString() != want && got.String() != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	delete(m, "F")
	if _, ok := sample.Map()["F"]; !ok {
		t.Error("the map is not the caller's own")
	}
}

func TestHasAndWhy(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"F": true, "T": true, "V": true, "Big": true, "Half": true, "Text": true, "I": false, "_I": false, "G": false, "": false} {
		if got := sample.Has(name); got != want {
			t.Errorf("Has(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]Reason{"G": Generic, "P": Platform, "F": 0, "Z": 0} {
		if got := sample.Why(name); got != want {
			t.Errorf("Why(%q) = %v", name, got)
		}
	}
}
