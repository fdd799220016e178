package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPastes runs programs for the AWS SDK, as people publish them, as one cell
// each, in the sandbox. What they must print stands in their first lines.
func TestPastes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/pastes/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
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
			var want []string
			for _, l := range strings.Split(string(src), "\n") {
				if w, ok := strings.CutPrefix(l, "// want: "); ok {
					want = append(want, w)
				}
			}
			c := exec.Command(exe, f)
			c.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if diff := cmp.Diff(strings.Join(want, "\n"), strings.TrimSpace(string(out))); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}
