package repl

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDifferential runs programs as cells and under the Go compiler: what they
// print must be the same.
func TestDifferential(t *testing.T) {
	t.Parallel()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no Go compiler to compare with")
	}
	files, err := filepath.Glob("testdata/programs/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			t.Parallel()
			c := exec.Command(goTool, "run", f)
			var want bytes.Buffer
			c.Stdout, c.Stderr = &want, &want
			if err := c.Run(); err != nil {
				t.Fatalf("%v\n%s", err, want.String())
			}
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s := newTestSession(t)
			if r := s.eval(string(src)); r.Err != nil {
				t.Fatal(r.Err)
			}
			if diff := cmp.Diff(want.String(), s.out.take()); diff != "" {
				t.Errorf("output (-compiler +pawsh):\n%s", diff)
			}
		})
	}
}

// TestFanOut starts closures of a loop as goroutines, many times: each must see
// its own iteration.
func TestFanOut(t *testing.T) {
	t.Parallel()
	s := newTestSession(t)
	s.value(`func fan(n int) int { var mu sync.Mutex; var wg sync.WaitGroup; t := 0; for i := range n { wg.Add(1); go func() { defer wg.Done(); mu.Lock(); defer mu.Unlock(); t += 1 << i }() }; wg.Wait(); return t }`)
	for range 200 {
		if got := s.value("fan(10)"); got != "1023" {
			t.Fatalf("fan(10) = %s, want 1023", got)
		}
	}
}
