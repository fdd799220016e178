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

// An interpreted type becomes a compiled interface by its wrapper.
func TestInterpretedTypesAsInterfaces(t *testing.T) {
	t.Parallel()
	got := eval(t, newInterpreter(t), `package main
import ("bufio"; "context"; "fmt"; "io"; "net/http"; "net/http/httptest"; "sort"; "time")
type byLen []string
func (b byLen) Len() int { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
type lines struct{ n int }
func (l *lines) Read(p []byte) (int, error) {
	if l.n == 0 {
		return 0, io.EOF
	}
	l.n--
	return copy(p, fmt.Sprintln("line", l.n)), nil
}
type hello struct{}
func (hello) ServeHTTP(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello ", r.URL.Path) }
func main() {
	s := byLen{"ccc", "a", "bb"}
	sort.Sort(s)
	fmt.Println(s[0], s[1], s[2])
	in := bufio.NewScanner(&lines{2})
	for in.Scan() {
		fmt.Println(in.Text())
	}
	rec := httptest.NewRecorder()
	http.StripPrefix("/a", hello{}).ServeHTTP(rec, httptest.NewRequest("GET", "/a/b", nil))
	fmt.Println(rec.Body.String())
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err() == context.DeadlineExceeded)
}`)
	if want := "a bb ccc\nline 1\nline 0\nhello /b\ntrue\n"; got != want {
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
