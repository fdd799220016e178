package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPythonSessions pastes sessions of boto 2, as its tutorials and the book
// have them, into the real program in the sandbox. What must appear, in its
// order, stands in lines that begin with "#> "; to Python they are comments.
func TestPythonSessions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/python/*.py")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d sessions: %v", len(files), err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			c := exec.Command(exe, "--sandbox")
			c.Dir = t.TempDir()
			c.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
			c.Stdin = strings.NewReader(strings.ReplaceAll(string(src), "/tmp/", c.Dir+"/"))
			var stdout, stderr strings.Builder
			c.Stdout, c.Stderr = &stdout, &stderr
			if err := c.Run(); err != nil {
				t.Fatalf("%v\n%s\n%s", err, stdout.String(), stderr.String())
			}
			rest := stdout.String()
			for l := range strings.Lines(string(src)) {
				want, ok := strings.CutPrefix(strings.TrimRight(l, "\n"), "#> ")
				if !ok {
					continue
				}
				i := strings.Index(rest, want)
				if i < 0 {
					t.Fatalf("no %q in the output behind what was found before:\n%s\n%s", want, rest, stderr.String())
				}
				rest = rest[i+len(want):]
			}
		})
	}
}
