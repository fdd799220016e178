package repl

import (
	"context"
	"strings"
	"testing"
)

// TestGoLiteralsRunAgain wants what :display go prints to give the same value.
func TestGoLiteralsRunAgain(t *testing.T) {
	t.Parallel()
	sh, out, _ := shell(t)
	ctx := context.Background()
	run := func(cell string) string {
		t.Helper()
		out.Reset()
		if err := sh.Run(ctx, cell); err != nil {
			t.Fatalf("%s: %v\n%s", cell, err, out)
		}
		return strings.TrimSuffix(out.String(), "\n")
	}
	run("type S string")
	run("type T struct{ A int; b []S; M map[S]*T; E any }")
	run("func (t T) String() string { return \"T!\" }")
	run("type G[A any] struct{ V A }")
	run(":display go")
	for _, cell := range []string{
		`1`, `"a"`, `1.5`, `int64(3)`, `S("x")`, `[]S{"a"}`, `T{A: 1, b: []S{"x"}, M: map[S]*T{"k": {A: 2}}, E: S("y")}`,
		`[]any{T{A: 1}, S("x"), nil, 2.5, uint8(3)}`, `map[string][]int{"a": {1}, "b": nil}`, `&T{A: 1}`, `G[int]{3}`,
		`time.Date(2012, 7, 1, 0, 0, 0, 0, time.UTC)`, `3 * time.Second`, `struct{ A int }{1}`, `[2]bool{true}`, `new("x")`,
		`ec2types.Tag{Key: new("a"), Value: new("b")}`, `ec2types.InstanceTypeT1Micro`, `&ec2.RunInstancesInput{MinCount: new(int32(1))}`,
		`"a\nb\nc\n"`, `[]byte("hi")`,
	} {
		first := run(cell)
		if again := run(first); again != first {
			t.Errorf("%s prints\n%s\nwhich prints\n%s", cell, first, again)
		}
	}
}

// TestFormatsOfSessionValues wants values that a cell keeps in interfaces to be
// printed by what they are.
func TestFormatsOfSessionValues(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"repr":  `[T{A: 1, b: "x"}, "y"]`,
		"json":  "[\n  {\n    \"A\": 1,\n    \"b\": \"x\"\n  },\n  \"y\"\n]",
		"go":    `[]any{T{A: 1, b: "x"}, S("y")}`,
		"tree":  "(2)\n├─ [0]: T\n│  ├─ A: 1\n│  └─ b: \"x\"\n└─ [1]: \"y\"",
		"table": "#  value\n0  T{A: 1, b: \"x\"}\n1  y",
	} {
		sh, out, _ := shell(t)
		for _, cell := range []string{"type S string", "type T struct{ A int; b string }", "func (t T) Len() int { return 1 }",
			":display " + format, `[]any{T{1, "x"}, S("y")}`} {
			if err := sh.Run(context.Background(), cell); err != nil {
				t.Fatalf("%s: %v\n%s", cell, err, out)
			}
		}
		if got := strings.TrimSuffix(out.String(), "\n"); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", format, got, want)
		}
	}
}
