package display

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRepr(t *testing.T) {
	t.Parallel()
	var nilInstance *Instance
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, "nil"},
		{"nil pointer", nilInstance, "nil"},
		{"int", 42, "42"},
		{"text", "a\"b", `"a\"b"`},
		{"lines are read", "a\nb\n", "a\nb"},
		{"pointer to text", new("x"), `"x"`},
		{"enumeration", InstanceType("t1.micro"), `"t1.micro"`},
		{"bytes", []byte("hi"), `"hi"`},
		{"binary", []byte{0xff, 0}, "ff00"},
		{"nil list", []int(nil), "[]"},
		{"resource", web(), "Instance:i-1"},
		{"resources", []*Instance{web(), nil}, "[Instance:i-1, nil]"},
		{"time", day, "2012-07-01T12:00:00Z"},
		{"pointer to time", &day, "2012-07-01T12:00:00Z"},
		{"duration", 5 * time.Second, "5s"},
		{"error", errPaws, "no paws"},
		{"map in order", map[int]string{10: "b", 9: "a"}, `{9: "a", 10: "b"}`},
		{"what is not set is left out", RawInstance{InstanceId: new("i-1")}, `RawInstance{InstanceId: "i-1"}`},
		{"output of the SDK", DescribeInstancesOutput{ResultMetadata: map[string]any{"a": 1}}, "DescribeInstancesOutput{}"},
		{"cycle", cycle(), "Node{Value: 1, Next: Node{Value: 2, Next: ...}}"},
		{"session's struct", session(), `T{A: 1, b: "x"}`},
		{"String that panics", panics{1}, "display.panics (its String method panics: no)"},
		{"function", strings.ToUpper, "func(string) string"},
		{"many short fields", struct{ A, B, C, D string }{strings.Repeat("a", 30), strings.Repeat("b", 30), strings.Repeat("c", 30), "d"},
			"{\n  A: \"" + strings.Repeat("a", 30) + "\",\n  B: \"" + strings.Repeat("b", 30) + "\",\n  C: \"" + strings.Repeat("c", 30) + "\",\n  D: \"d\"\n}"},
		{"many short words", strings.Fields(strings.Repeat("word ", 30)), "[" + strings.Repeat("\"word\", ", 29) + "\"word\"]"},
		{"many fields", struct{ A, B, C string }{strings.Repeat("a", 50), strings.Repeat("b", 50), "c"},
			"{\n  A: \"" + strings.Repeat("a", 50) + "\",\n  B: \"" + strings.Repeat("b", 50) + "\",\n  C: \"c\"\n}"},
	} {
		if diff := cmp.Diff(c.want, Repr(Value{V: c.v})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	text := "from a method of the session"
	if got := Repr(Value{V: 1, Text: &text}); got != text {
		t.Errorf("got %q", got)
	}
}

// session is a struct as the interpreter makes those that cells declare.
func session() any {
	return struct {
		A  int    `pawsh:"Tǃ2"`
		Xb string `json:"-" xml:"-" pawsh_field:"b"`
	}{1, "x"}
}

func TestReprPointerToItself(t *testing.T) {
	t.Parallel()
	var p any
	p = &p
	if got := Repr(Value{V: p}); !strings.Contains(got, "...") {
		t.Errorf("got %q", got)
	}
	m := map[string]any{}
	m["self"] = m
	if got := Repr(Value{V: m}); !strings.Contains(got, "...") {
		t.Errorf("got %q", got)
	}
}

func TestReprSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	o := Options{Items: 3}
	if got, want := Render(Value{V: []int{1, 2, 3, 4, 5}}, o), "[1, 2, 3, ... 2 more]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Render(Value{V: map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}}, o), `{"a": 1, "b": 2, "c": 3, ... 1 more}`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	big := make([]int, 100_000)
	if got := Repr(Value{V: big}); strings.Count(got, ",") != len(big)-1 {
		t.Error("without a bound all is printed")
	}
}

func TestTextOnATerminal(t *testing.T) {
	t.Parallel()
	log := "boot\r\n\x1b]0;owned\x07done\tok\n"
	if got, want := Render(Value{V: log}, Options{Terminal: true}), "boot\n\\x1b]0;owned\\x07done\tok"; got != want {
		t.Errorf("on a terminal %q, want %q", got, want)
	}
	if got, want := Render(Value{V: log}, Options{}), strings.TrimSuffix(log, "\n"); got != want {
		t.Errorf("in a file %q, want %q", got, want)
	}
}

func TestReprFitsTheWidth(t *testing.T) {
	t.Parallel()
	v := Value{V: struct{ A, B string }{"日本語日本語日本語日本語日本語", "日"}}
	if got := Render(v, Options{Width: 35}); !strings.Contains(got, "\n") {
		t.Errorf("%q is wider than 35", got)
	}
	if got := Render(v, Options{Width: 70}); strings.Contains(got, "\n") {
		t.Errorf("%q fits 70", got)
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		if got, err := ParseFormat(f); err != nil || string(got) != f {
			t.Errorf("ParseFormat(%q) = %q, %v", f, got, err)
		}
	}
	if _, err := ParseFormat("xml"); err == nil {
		t.Error("xml is no format")
	}
}
