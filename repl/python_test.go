package repl

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawsh/bindings/session"
)

// python3 gives what the real Python prints for each of several texts.
const python3Runner = `
import contextlib, io, json, sys
out = []
for text in json.load(sys.stdin):
    b = io.StringIO()
    with contextlib.redirect_stdout(b):
        exec(compile(text, "case", "exec"), {"__name__": "__main__"})
    out.append(b.getvalue())
json.dump(out, sys.stdout)
`

func python3(t *testing.T, texts []string) []string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here: what Python prints can't be compared")
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "-c", python3Runner)
	c.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	c.Stderr = &stderr
	b, err := c.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.String())
	}
	var out []string
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// prompts writes a text as a session of Python.
func prompts(text string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		lead := ">>> "
		for _, w := range []string{" ", "elif", "else", "except", "finally"} {
			if strings.HasPrefix(l, w) {
				lead = "... "
			}
		}
		b.WriteString(lead + l)
	}
	return b.String()
}

func pythonCases(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/python/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "# ---\n")
}

// TestPythonPrintsAsPython runs statements that need no cloud and compares what
// they print with the real Python.
func TestPythonPrintsAsPython(t *testing.T) {
	t.Parallel()
	cases := pythonCases(t, "pure.py")
	want := python3(t, cases)
	for i, text := range cases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			sh := quietShell(t, &out, &errs)
			if err := sh.Run(context.Background(), prompts(text)); err != nil {
				t.Fatalf("%s\n%v\n%s", text, err, errs.String())
			}
			if diff := cmp.Diff(want[i], out.String()); diff != "" {
				t.Errorf("%s\noutput (-Python +pawsh):\n%s\n%s", text, diff, errs.String())
			}
		})
	}
}

// quietShell is a shell of a script that never opens a connection.
func quietShell(t *testing.T, out, errs *bytes.Buffer) *Shell {
	t.Helper()
	env, err := session.New(session.Options{Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-"})
	if err != nil {
		t.Fatal(err)
	}
	sh, err := New(Config{Env: env, Stdin: strings.NewReader(""), Out: out, Err: errs, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return sh
}
