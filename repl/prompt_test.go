package repl

import (
	"fmt"
	"strings"
	"testing"
)

// promptStep is a cell and what the prompt shows after it: its value, or "!" and
// the position and message of its error.
type promptStep struct{ code, want string }

// TestRedefinition declares names again, as a person does at a prompt.
func TestRedefinition(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]promptStep{
		"variable with another type": {
			{`x := 1`, ""}, {`get := func() int { return x }`, ""}, {`x = 2`, ""}, {`get()`, "2"},
			{`x := "text"`, ""}, {`x + "!"`, `"text!"`}, {`get()`, "2"}, {`x := 5`, ""}, {`x`, "5"},
		},
		"variable with the same type is seen by closures": {
			{`n := 1`, ""}, {`f := func() int { return n }`, ""}, {`n := 7`, ""}, {`f()`, "7"},
		},
		"function": {
			{`func area(a int) int { return a }`, ""}, {`func twice(a int) int { return 2 * area(a) }`, ""},
			{`func area(a int) int { return a * a }`, ""}, {`twice(3)`, "18"},
			{`keep := twice`, ""}, {`func area(a int) int { return 0 }`, ""}, {`keep(3)`, "0"},
		},
		"function with another signature leaves callers as they are": {
			{`func g() int { return 1 }`, ""}, {`func h() int { return g() }`, ""},
			{`func g() string { return "s" }`, ""}, {`g()`, `"s"`}, {`h()`, "1"},
		},
		"type with values of the old one": {
			{`type T struct{ A int }`, ""}, {`old := T{1}`, ""}, {`type T struct{ B string }`, ""},
			{`T{"b"}.B`, `"b"`}, {`old.A`, "1"}, {`old = T{"b"}`, "!1:7 cannot use"},
			{`var x any = old`, ""}, {`_, ok := x.(T)`, ""}, {`ok`, "false"},
		},
		"named list declared again": {
			{`type L []string`, ""}, {`func (l L) String() string { return "one" }`, ""}, {`a := L{"a"}`, ""},
			{`type L []string`, ""}, {`func (l L) String() string { return "two" }`, ""}, {`b := L{"b"}`, ""},
			{`fmt.Sprint(a, b, []string{"c"})`, `"one two [c]"`},
		},
		"method added later and replaced": {
			{`type C struct{ n int }`, ""}, {`c := &C{2}`, ""}, {`func (c *C) Get() int { return c.n }`, ""}, {`c.Get()`, "2"},
			{`func (c *C) Get() int { return c.n * 10 }`, ""}, {`c.Get()`, "20"},
			{`func (c *C) String() string { return "C!" }`, ""}, {`fmt.Sprint(c)`, `"C!"`},
			{`type getter interface{ Get() int }`, ""}, {`var g getter = c`, ""}, {`g.Get()`, "20"},
			{`func (c *C) Get() int { return -c.n }`, ""}, {`g.Get()`, "-2"},
		},
		"import repeated and under another name": {
			{`import "strings"`, ""}, {`import "strings"`, ""}, {`import str "strings"`, ""}, {`str.ToUpper("a") + strings.ToLower("B")`, `"Ab"`},
			{`import . "strings"`, ""}, {`Repeat("x", 2)`, `"xx"`},
		},
		"constant": {
			{`const k = 3`, ""}, {`f := func() int { return k }`, ""}, {`const k = "x"`, ""}, {`k`, `"x"`}, {`f()`, "3"},
		},
		"a failed cell changes no name": {
			{`v := 1`, ""}, {`v := "s"; var p *int; *p = 1`, "!1: "}, {`v`, "1"}, {`w := 1; panic("no")`, "!1:9 panic: no"}, {`w`, "!1:1 undefined: w"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, steps)
		})
	}
}

// TestProgramPastedTwice runs main once for each paste, and only then.
func TestProgramPastedTwice(t *testing.T) {
	t.Parallel()
	s := newTestSession(t)
	const src = "package main\n\nimport \"fmt\"\n\nvar runs = 10\n\ntype job struct{ n int }\n\nfunc (j job) run() { runs++; fmt.Println(\"run\", j.n, runs) }\n\nfunc init() { runs++ }\n\nfunc main() { job{1}.run() }\n"
	for range 2 {
		if r := s.eval(src); r.Err != nil {
			t.Fatal(r.Err)
		}
		if got := s.out.take(); got != "run 1 12\n" {
			t.Errorf("printed %q", got)
		}
	}
	for _, c := range []string{"1+1", "x := 1", "job{2}"} {
		s.value(c)
	}
	if got := s.out.take(); got != "" {
		t.Errorf("later cells printed %q", got)
	}
	s.value("job{3}.run()")
	if got := s.out.take(); got != "run 3 13\n" {
		t.Errorf("printed %q", got)
	}
}

// TestUnwrapping raises errors where a value is wanted, once and only there.
func TestUnwrapping(t *testing.T) {
	t.Parallel()
	setup := []promptStep{
		{`calls := 0`, ""},
		{`func num(n int) (int, error) { calls++; if n < 0 { return 0, fmt.Errorf("num %d", n) }; return n, nil }`, ""},
		{`func list(n int) ([]int, error) { calls++; if n < 0 { return nil, errors.New("list") }; return []int{n, n + 1}, nil }`, ""},
		{`func pair() (string, int, error) { calls++; return "p", 2, nil }`, ""},
		{`func check(n int) error { calls++; if n < 0 { return errors.New("check") }; return nil }`, ""},
		{`type S struct{ N int; L []int }`, ""},
		{`func plain(a, b int) int { return a*10 + b }`, ""},
		{`func takes(n int, err error) string { return fmt.Sprint(n, err) }`, ""},
	}
	for name, steps := range map[string][]promptStep{
		"argument":               {{`plain(num(1), num(2))`, "12"}, {`calls`, "2"}},
		"operand":                {{`num(1) + num(2)*num(3)`, "7"}, {`calls`, "3"}},
		"index":                  {{`list(4)[num(1)]`, "5"}, {`calls`, "2"}},
		"slice":                  {{`list(4)[num(0):num(1)]`, "[4]"}, {`calls`, "3"}},
		"range":                  {{`t := 0; for _, v := range list(3) { t += v }; t`, "7"}, {`calls`, "1"}},
		"range over a number":    {{`t := 0; for i := range num(3) { t += i }; t`, "3"}, {`calls`, "1"}},
		"literal":                {{`S{N: num(5), L: list(1)}`, "S{N: 5, L: [1, 2]}"}, {`calls`, "2"}},
		"map literal":            {{`map[int]int{num(1): num(2)}[1]`, "2"}, {`calls`, "2"}},
		"condition":              {{`if num(1) > 0 { calls += 10 }`, ""}, {`calls`, "11"}},
		"switch":                 {{`switch num(2) { case num(2): calls += 10 }`, ""}, {`calls`, "12"}},
		"return without error":   {{`func f() int { return num(8) }`, ""}, {`f()`, "8"}, {`calls`, "1"}},
		"return with error":      {{`func f() (int, error) { return num(-8) }`, ""}, {`v, err := f()`, ""}, {`err.Error()`, `"num -8"`}, {`calls`, "1"}},
		"send":                   {{`c := make(chan int, 1); c <- num(4); <-c`, "4"}, {`calls`, "1"}},
		"declaration":            {{`var n int = num(6)`, ""}, {`n`, "6"}, {`calls`, "1"}},
		"assignment":             {{`n := 0; n = num(6); n += num(1); n`, "7"}, {`calls`, "2"}},
		"field of a result":      {{`len(list(1)) + cap(list(1)[:1])`, "4"}, {`calls`, "2"}},
		"three results":          {{`a, b := pair(); fmt.Sprint(a, b)`, `"p2"`}, {`calls`, "1"}},
		"all results":            {{`a, b, err := pair(); fmt.Sprint(a, b, err)`, `"p2 <nil>"`}, {`calls`, "1"}},
		"error untouched":        {{`v, err := num(-1)`, ""}, {`fmt.Sprint(v, err)`, `"0 num -1"`}, {`calls`, "1"}},
		"blank error":            {{`v, _ := num(-1)`, ""}, {`v`, "0"}},
		"tuple to its function":  {{`takes(num(-2))`, `"0 num -2"`}, {`calls`, "1"}},
		"statement raises":       {{`check(-1)`, "!1:1 check"}, {`calls`, "1"}},
		"statement of two":       {{`num(-1); calls = 100`, "!1:1 num -1"}, {`calls`, "1"}},
		"in a closure":           {{`f := func() int { return num(-3) }`, ""}, {`f()`, "!1: num -3"}},
		"alone":                  {{`num(9)`, "9"}, {`calls`, "1"}},
		"error alone":            {{`check(1)`, ""}, {`calls`, "1"}},
		"nested":                 {{`num(num(num(2)))`, "2"}, {`calls`, "3"}},
		"deferred is not raised": {{`func f() int { defer check(-1); return 1 }`, ""}, {`f()`, "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, append(append([]promptStep{}, setup...), steps...))
		})
	}
}

// TestMessages looks at words, lines and columns of errors.
func TestMessages(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]promptStep{
		"undefined":              {{`1 + undefinedName`, "!1:5 undefined: undefinedName"}},
		"type":                   {{`var n int = "s"`, `!1:13 cannot use "s" (untyped string constant) as int value in variable declaration`}},
		"line":                   {{"x := 1\ny := 2\nz := x + nope", "!3:10 undefined: nope"}},
		"after tabs and letters": {{"s := \"日本\"; s.Foo()", "!1:18 s.Foo undefined"}},
		"argument":               {{`strings.Repeat("a", "b")`, "!1:21 cannot use"}},
		"too many":               {{`strings.ToUpper("a", "b")`, "!1:22 too many arguments"}},
		"field":                  {{`type T struct{ A int }`, ""}, {`T{B: 1}`, "!1:3 unknown field B in struct literal of type T"}},
		"interface":              {{`type T struct{}`, ""}, {`var s fmt.Stringer = T{}`, "!1:22 cannot use T{} (value of struct type T) as fmt.Stringer value in variable declaration: T does not implement fmt.Stringer (missing method String)"}},
		"runtime":                {{"func f(xs []int) int {\n\treturn xs[3]\n}", ""}, {"\n\nf(nil)", "!2: panic: runtime error: index out of range [3] with length 0"}},
		"division":               {{"a, b := 1, 0\na / b", "!2: panic: runtime error: integer divide by zero"}},
		"nil map":                {{"var m map[string]int\nm[\"a\"] = 1", "!2:1 panic: assignment to entry in nil map"}},
		"conversion":             {{`var x any = "s"`, ""}, {`x.(int)`, "!1:1 panic: interface conversion: interface {} is string, not int"}},
		"own shape":              {{`type L []int`, ""}, {`var x any = []int{1}`, ""}, {`x.(L)`, "!1:1 panic: interface conversion: interface {} is []int, not main.L"}},
		"own error":              {{`type E struct{ n int }`, ""}, {`func (e E) Error() string { return fmt.Sprint("E", e.n) }`, ""}, {`func f() error { return E{4} }`, ""}, {`f()`, "!1:1 E4"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, steps)
		})
	}
}

func play(t *testing.T, steps []promptStep) {
	t.Helper()
	s := newTestSession(t)
	for _, st := range steps {
		if !strings.HasPrefix(st.want, "!") {
			if got := s.value(st.code); got != st.want {
				t.Errorf("%s\ngives %q, want %q", st.code, got, st.want)
			}
			continue
		}
		d := s.fails(st.code)
		got := "!" + fmt.Sprintf("%d:%d", d.Line, d.Column) + " " + d.Message
		if place, message, _ := strings.Cut(st.want[1:], " "); !strings.HasPrefix(fmt.Sprintf("%d:%d", d.Line, d.Column), place) || !strings.Contains(d.Error(), message) {
			t.Errorf("%s\ngives %q, want %q", st.code, got, st.want)
		}
		for _, word := range []string{"ǃ", "_refused_", "reflect:", "func@"} {
			if strings.Contains(d.Error(), word) {
				t.Errorf("%s: %q is no word of a person's", st.code, d.Error())
			}
		}
	}
}
