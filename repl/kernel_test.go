package repl

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pawsh/repl/diag"
	"pawsh/repl/eval"
)

// session runs cells and fails the test when one that should succeed does not.
type testSession struct {
	t   *testing.T
	k   *Kernel
	out *lockedBuffer
}

func newTestSession(t *testing.T) *testSession {
	t.Helper()
	out := &lockedBuffer{}
	conns := &connections{}
	k, err := NewKernel(KernelOptions{
		Eval:     eval.Options{Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Host: conns.host(func(bool) {})},
		Bindings: bindings(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &testSession{t, k, out}
}

func (s *testSession) eval(src string) Result {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	return s.k.Eval(ctx, src)
}

// value runs a cell and gives what the prompt would print.
func (s *testSession) value(src string) string {
	s.t.Helper()
	r := s.eval(src)
	if r.Err != nil {
		s.t.Errorf("%s: %v", src, r.Err)
	}
	return Display(r)
}

// fails runs a cell that must fail.
func (s *testSession) fails(src string) *diag.Error {
	s.t.Helper()
	r := s.eval(src)
	var d *diag.Error
	if !errors.As(r.Err, &d) {
		s.t.Fatalf("%s: error %v, value %q; want a *diag.Error", src, r.Err, Display(r))
	}
	return d
}

func TestSessions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		cells []string // "code => what is printed" or "code =! part of the error"
	}{
		{"errors are raised where a value is wanted", []string{
			`func f(n int) (int, error) { if n > 9 { return 0, errors.New("too large") }; return n, nil }`,
			`f(1) => 1`, `f(1) + f(2) => 3`, `[]int{f(1), f(2)}[f(1)] => 2`, `f(f(3)) => 3`,
			`x := f(10) =! too large`, `x =! undefined: x`, `strings.Repeat("a", f(2)) => "aa"`,
			`v, err := f(10)`, `err.Error() => "too large"`, `a, err := f(1)`, `a, err => 1 nil =!`,
			`for range f(3) { print(".") }`, `func g() int { return f(10) }`, `g() =! too large`,
			`func h() (int, error) { return f(10) }`, `h() =! too large`, `if f(1) == 1 { a = 5 }`, `a => 5`,
			`map[string]int{"k": f(4)}["k"] => 4`, `struct{ N int }{f(6)}.N => 6`,
		}},
		{"a statement call raises its error", []string{
			`os.Remove("/nonexistent/file") =! no such file`,
			`func clean() { os.Remove("/nonexistent/file") }`, `clean() =! no such file`,
			`_ = os.Remove("/nonexistent/file")`,
			`func() { defer os.Remove("/nonexistent/file") }()`,
		}},
		{"a pasted file drops errors as Go does", []string{
			"package main\nimport \"os\"\nfunc main() { os.Remove(\"/nonexistent/file\"); println(\"went on\") }",
		}},
		{"last values", []string{
			`_ =! no last value`, `41`, `_ + 1 => 42`, `__ => 41`, `x := 1`, `__ => 42 =!`, `Out[2] => 41 =!`,
		}},
		{"numbered values", []string{`"one" => "one"`, `"two" => "two"`, `Out[1] + Out[2] => "onetwo"`, `Out[9] =! cell 9 has no value`, `Out =! undefined: Out`}},
		{"underscore keeps its meaning in Go", []string{`_, b := 1, 2`, `b => 2`, `for _, v := range []int{7} { b = v }`, `b => 7`, `func f(_ int) {}`, `var _ = 3`, `5 => 5`, `_ => 5`}},
		{"a statement shows nothing", []string{`7 => 7`, `if true {} => `, `func f() {} => `, `f() => `, `fmt.Println("x") => `}},
		{"names are committed on success only", []string{`a := 1; panic("no") =! panic: no`, `a =! undefined: a`, `b := 1; b.c =! undefined`, `b =! undefined: b`}},
		{"main runs once", []string{"n := 0", "package main\nfunc main() { n++ }", "n => 1", "n => 1", "func() int { n++; return n }() => 2", "n => 2"}},
		{"imports find themselves", []string{`strings.ToUpper("a") => "A"`, `json.Marshal(1) => "1"`, `import "strings"`, `import "strings"`, `import str "strings"`, `str.ToLower("A") => "a"`, `rand.N(1) =! `}},
		{"redefinition", []string{
			`func f() int { return 1 }`, `func g() int { return f() }`, `func f() int { return 2 }`, `g() => 2`,
			`x := 1`, `x := "s"`, `x => "s"`, `type T struct{ A int }`, `o := T{1}`, `type T struct{ B int }`, `T{2}.B => 2`, `o.A => 1`,
			`func (t T) M() int { return t.B }`, `T{3}.M() => 3`, `func (t T) M() int { return t.B * 2 }`, `T{3}.M() => 6`, `func (t T) M() string { return "" } =! signature`,
		}},
		{"generics of the session", []string{
			`func Map[T, U any](s []T, f func(T) U) []U { var r []U; for _, v := range s { r = append(r, f(v)) }; return r }`,
			`Map([]int{1, 2}, func(n int) string { return strconv.Itoa(n) }) => ["1", "2"]`,
			"type Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }\nfunc (s *Stack[T]) Len() int { return len(s.items) }",
			`var s Stack[string]`, `s.Push("a")`, `s.Len() => 1`,
			`slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2})) => ["a", "b"]`,
			`slices.SortFunc([]int{1}, func(a, b int) int { return cmp.Compare(a, b) })`,
			`min(3, 1, 2), max(1.5, 2) =! `, `min(3, 1) => 1`,
		}},
		{"range over functions", []string{
			"func count(n int) iter.Seq[int] { return func(yield func(int) bool) { for i := range n { if !yield(i) { return } } } }",
			"t := 0\nfor i := range count(10) { if i == 2 { continue }; if i == 5 { break }; t += i }\nt => 8",
			"func find(n int) int { for i := range count(10) { for j := range count(10) { if i*j == n { return i*10 + j } } }; return -1 }",
			`find(12) => 26`, `find(97) => -1`,
			"func outer() (r []int) { L: for i := range count(4) { for j := range count(4) { if j == 2 { continue L }; if i == 2 { break L }; r = append(r, i*10+j) } }; return }",
			`outer() => [0, 1, 10, 11]`,
			"func keep() (s string) { for i := range count(3) { defer func() { s += strconv.Itoa(i) }() }; return }", `keep() => "210"`,
			"func bad() iter.Seq2[int, error] { return func(yield func(int, error) bool) { if yield(1, nil) { yield(0, errors.New(\"page 2 failed\")) } } }",
			"n := 0\nfor v := range bad() { n += v } =! page 2 failed",
			"m := 0\nfor v, err := range bad() { if err == nil { m += v } }\nm => 1",
			"next, stop := iter.Pull(count(3))", "next()", "a, ok := next()", "a => 1", "stop()",
		}},
		{"loop variables are per iteration", []string{
			"var fs []func() int\nfor i := 0; i < 3; i++ { fs = append(fs, func() int { i += 10; return i }) }\nfs[0]() + fs[1]()*100 + fs[2]()*10000 => 121110",
			"var ps []*int\nfor i := 0; i < 3; i++ { if i == 1 { continue }; ps = append(ps, &i) }\n*ps[0]*10 + *ps[1] => 2",
			"i := 5\ns := 0\nfor i := i; i < 8; i++ { f := func() { s += i }; f() }\ns => 18",
		}},
		{"defer and recover", []string{
			`func f() (s string) { defer func() { s += fmt.Sprint(recover()) }(); panic("p") }`, `f() => "p"`,
			`func r() any { return recover() }`, `func g() (v any) { defer func() { v = r() }(); panic("kept") }`, `g() =! panic: kept`,
			`func h() (s string) { defer func() { r := recover(); s = r.(error).Error() }(); var p *struct{ A int }; s = strconv.Itoa(p.A); return }`,
			`h() => "runtime error: invalid memory address or nil pointer dereference"`,
			`func two() (s string) { defer func() { s += "|" + fmt.Sprint(recover()) }(); defer func() { defer func() { s += fmt.Sprint(recover()) }(); panic("second") }(); panic("first") }`,
			`two() => "second|first"`,
		}},
		{"two meanings of ec2 and s3", []string{
			`:t => `, `in := ec2.RunInstancesInput{ImageId: aws.String("ami-1")}`, `*in.ImageId => "ami-1"`,
			`func take(c *ec2.Client, b *s3.Client) bool { return c == nil }`, `take(nil, nil) => true`,
			`ec2types.InstanceTypeT1Micro => "t1.micro"`, `var _ types.Filter =! undefined: types`,
			"import \"github.com/aws/aws-sdk-go-v2/service/ec2\"", `ec2.DescribeZonesInput{} =! undefined`, `ec2.DescribeAvailabilityZonesInput{} => DescribeAvailabilityZonesInput{}`,
		}},
		{"errors name what was typed", []string{
			`mustǃ =! undefined`, `strings.ToUpper(os.Stat("/")) =! cannot use os.Stat("/")`, `x := os.Stat("/") + 1 =! os.Stat("/")`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newTestSession(t)
			for _, c := range tt.cells {
				if strings.HasPrefix(c, ":") || strings.HasSuffix(c, "=!") {
					continue
				}
				if code, want, ok := strings.Cut(c, " =! "); ok {
					if d := s.fails(code); !strings.Contains(d.Message, strings.TrimSpace(want)) {
						t.Errorf("%s: error %q, want %q", code, d.Message, want)
					}
					continue
				}
				code, want, check := strings.Cut(c, " => ")
				if got := s.value(code); check && got != strings.TrimSpace(want) {
					t.Errorf("%s: printed %q, want %q", code, got, want)
				}
			}
		})
	}
}

func TestErrorPositions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cell         string
		line, column int
		message      string
	}{
		{"x := 1\ny := nope", 2, 6, "undefined: nope"},
		{"import \"fmt\"\n\n  fmt.Printn()", 3, 7, "undefined: fmt.Printn"},
		{"a := 1; b := \"\"; a + b", 1, 18, "invalid operation: a + b (mismatched types int and string)"},
		{"var s []int\nn := 3\ns[n]", 3, 1, "panic: runtime error: index out of range"},
		{"func f() {\n\tpanic(\"deep\")\n}\nf()", 2, 2, "panic: deep"},
		{"for i := range 3 {\n\tif i == 2 {\n\t\tos.Remove(\"/nonexistent/x\")\n\t}\n}", 3, 3, "remove /nonexistent/x: no such file or directory"},
		{"日本 := 1; 日本 + \"x\"", 1, 14, `invalid operation: 日本 + "x" (mismatched types int and untyped string)`},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			t.Parallel()
			d := newTestSession(t).fails(tt.cell)
			if d.Line != tt.line || d.Column != tt.column || !strings.HasPrefix(d.Message, tt.message) {
				t.Errorf("got %d:%d %q, want %d:%d %q", d.Line, d.Column, d.Message, tt.line, tt.column, tt.message)
			}
		})
	}
}

func TestInterruptAHundredTimes(t *testing.T) {
	t.Parallel()
	skipBeside(t)
	s := newTestSession(t)
	s.value("n := 0\nf := func(k int) int { return k * 2 }\nbeat := make(chan int)\ngo func() { for i := 0; ; i++ { beat <- i } }()")
	loops := []string{"for { n++ }", "time.Sleep(time.Hour)", "var c chan int; <-c", "select {}", "func g() { for { f(1) } }; g()", "<-ctx.Done(); for {}"}
	for i := range 100 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		start := time.Now()
		r := s.k.Eval(ctx, loops[i%len(loops)])
		cancel()
		if !errors.Is(r.Err, diag.ErrInterrupted) {
			t.Fatalf("round %d: %v", i, r.Err)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("round %d took %v", i, d)
		}
	}
	if got := s.value("f(21)"); got != "42" {
		t.Errorf("a closure made before gives %s", got)
	}
	if got := s.value("a := <-beat; b := <-beat; b - a"); got != "1" {
		t.Errorf("the goroutine made before gives %s", got)
	}
}

func TestSurvival(t *testing.T) {
	t.Parallel()
	s := newTestSession(t)
	for cell, want := range map[string]string{
		"func r(n int) int { return r(n+1) + 1 }\nr(0)": "stack overflow",
		"x := make([]byte, 1<<46)":                      "more than the shell allows",
		"os.Exit(3)":                                    "os.Exit(3)",
		"log.Fatal(\"end\")":                            "end",
		"type T struct{}; func (t T) String() string { return t.String() }; T{}.String()": "",
	} {
		if d := s.fails(cell); !strings.Contains(d.Message, want) {
			t.Errorf("%s: %q, want %q", cell, d.Message, want)
		}
	}
	s.value(`done := make(chan bool); go func() { defer close(done); panic("in the background") }(); <-done`)
	if got := s.value("1 + 1"); got != "2" {
		t.Errorf("the session gives %s", got)
	}
}

func BenchmarkCell(b *testing.B) {
	k, _ := testKernel(b)
	ctx := context.Background()
	k.Eval(ctx, "x := 1")
	for b.Loop() {
		if r := k.Eval(ctx, "x + 1"); r.Err != nil {
			b.Fatal(r.Err)
		}
	}
}

// TestRefusedBeforeAnyEffect gives what the session can't run right: it must be
// refused with the reason, and nothing of it may have run.
func TestRefusedBeforeAnyEffect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, code, want string }{
		{"methods of one name", "type deep struct{ time.Time }; var s fmt.Stringer = struct { deep; *bytes.Buffer }{}", "several embedded types"},
		{"recursion without a struct", "type P *P", "type P is made of itself"},
		{"recursion of a map", "type O map[string]O", "type O is made of itself"},
		{"recursion through each other", "type A []B; type B []A", "is made of itself"},
		{"stack of the interpreter", "debug.PrintStack()", "debug.PrintStack is not available in the shell"},
		{"allocations of the interpreter", "testing.AllocsPerRun(1, func() {})", "testing.AllocsPerRun is not available"},
		{"end of the process", "runtime.Breakpoint()", "runtime.Breakpoint is not available"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newTestSession(t)
			d := s.fails("effect := 1\n" + c.code)
			if d.Kind != diag.Compile || !strings.Contains(d.Message, c.want) {
				t.Errorf("%v %q; want %q", d.Kind, d.Message, c.want)
			}
			s.fails("effect")
		})
	}
}

// TestDeepPanic panics deep in a recursion: the interpreter alone would take
// minutes to leave it.
func TestDeepPanic(t *testing.T) {
	t.Parallel()
	s := newTestSession(t)
	s.eval("func deep(n int) int {\n\tif n == 0 {\n\t\tpanic(\"bottom\")\n\t}\n\treturn deep(n-1) + 1\n}")
	d := s.fails("deep(8000)")
	if d.Kind != diag.Runtime || !strings.Contains(d.Message, "bottom") || d.Line != 3 {
		t.Errorf("%v in line %d: %s", d.Kind, d.Line, d.Message)
	}
	if got := s.value("func() (s any) { defer func() { s = recover() }(); deep(400); return nil }()"); got != `"bottom"` {
		t.Errorf("recovered %s", got)
	}
	s.fails("func f(n int) int { return f(n+1) + 1 }\nf(0)")
	if got := s.value("1 + 1"); got != "2" {
		t.Errorf("afterwards 1 + 1 is %s", got)
	}
}
