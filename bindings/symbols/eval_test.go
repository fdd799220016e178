package symbols_test

import (
	"bytes"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// eval runs func main of a program and gives what it prints.
func eval(t *testing.T, in func(interp.Options) *interp.Interpreter, program string) string {
	t.Helper()
	var out bytes.Buffer
	i := in(interp.Options{Stdout: &out, Stderr: &out})
	if _, err := i.Eval(program); err != nil {
		t.Fatalf("eval: %v", err)
	}
	return out.String()
}

func TestMethodsOfInterpretedTypesAreSeen(t *testing.T) {
	t.Parallel()
	got := eval(t, newInterpreter(t), `package main
import ("encoding/json"; "fmt"; "sort")
type S struct{ n int }
func (s S) String() string { return fmt.Sprint("S", s.n) }
type E struct{ n int }
func (e E) Error() string { return fmt.Sprint("E", e.n) }
type J struct{ n int }
func (j J) MarshalJSON() ([]byte, error) { return []byte(fmt.Sprint(j.n)), nil }
type byN []S
func (b byN) Len() int { return len(b) }
func (b byN) Less(i, j int) bool { return b[i].n < b[j].n }
func (b byN) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func main() {
	fmt.Println(S{1}, E{2}, fmt.Errorf("wrapped: %w", E{3}))
	b, err := json.Marshal(J{4})
	fmt.Println(string(b), err)
	s := byN{{3}, {1}, {2}}
	sort.Sort(s)
	fmt.Println(s[0], s[1], s[2])
}`)
	if want := "S1 E2 wrapped: E3\n4 <nil>\nS1 S2 S3\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConstants(t *testing.T) {
	t.Parallel()
	got := eval(t, newInterpreter(t), `package main
import ("fmt"; "math"; "os"; "runtime"; "strings"; "time"; "unicode/utf8")
func main() {
	var big uint64 = math.MaxUint64
	var tiny float64 = math.SmallestNonzeroFloat64
	fmt.Println(big, tiny, math.Pi, math.MaxInt64, math.MaxFloat64)
	fmt.Println(2*time.Second, time.RFC3339, os.O_RDWR|os.O_CREATE != 0, strings.ContainsRune("a", utf8.RuneError))
	fmt.Println(runtime.GOOS != "", os.PathSeparator != 0)
}`)
	want := "18446744073709551615 5e-324 3.141592653589793 9223372036854775807 1.7976931348623157e+308\n" +
		"2s 2006-01-02T15:04:05Z07:00 true false\ntrue true\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
