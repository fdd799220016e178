package main

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pasteCell is a cell of a paste's session and the lines that it must give.
type pasteCell struct {
	code string
	want []string
}

// TestPastes runs programs for the AWS SDK, as people publish them, as one cell
// each, in the sandbox. What they must print stands in lines "// want:", what
// is typed after them in lines "// then:".
func TestPastes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/pastes/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			s := startPasteSession(t)
			for _, c := range pasteCells(string(src)) {
				if diff := cmp.Diff(c.want, s.eval(c.code)); diff != "" {
					t.Errorf("after %.40q (-want +got):\n%s", c.code, diff)
				}
			}
		})
	}
}

// TestPasteTwice gives two programs to one session, and both a second time:
// what the first declared is declared again, with other types.
func TestPasteTwice(t *testing.T) {
	t.Parallel()
	s := startPasteSession(t)
	var last []string
	for _, f := range []string{"identity.go", "volumes.go", "identity.go", "volumes.go"} {
		src, err := os.ReadFile("testdata/pastes/" + f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range pasteCells(string(src)) {
			last = s.eval(c.code)
			if diff := cmp.Diff(c.want, last); diff != "" {
				t.Errorf("%s, after %.40q (-want +got):\n%s", f, c.code, diff)
			}
		}
	}
}

// pasteCells takes a paste apart: the program, and what is typed after it.
func pasteCells(src string) []pasteCell {
	cells := []pasteCell{{code: src}}
	for _, l := range strings.Split(src, "\n") {
		last := &cells[len(cells)-1]
		if w, ok := strings.CutPrefix(l, "// want: "); ok {
			last.want = append(last.want, w)
		} else if c, ok := strings.CutPrefix(l, "// then: "); ok {
			cells = append(cells, pasteCell{code: c})
		}
	}
	return cells
}

// pasteSession is a shell behind the JSON door.
type pasteSession struct {
	t    *testing.T
	enc  *json.Encoder
	read *bufio.Scanner
}

func startPasteSession(t *testing.T) *pasteSession {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, "--json")
	c.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "AWS_CA_BUNDLE=" + caBundle(t)}
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := c.Wait(); err != nil {
			t.Errorf("the shell ended with %v", err)
		}
	})
	sc := bufio.NewScanner(out)
	sc.Buffer(nil, 8<<20)
	return &pasteSession{t: t, enc: json.NewEncoder(in), read: sc}
}

// eval gives the lines that a cell prints, displays or fails with.
func (s *pasteSession) eval(code string) []string {
	s.t.Helper()
	if err := s.enc.Encode(map[string]any{"id": 1, "code": code, "timeout_ms": 120000}); err != nil {
		s.t.Fatal(err)
	}
	if !s.read.Scan() {
		s.t.Fatalf("no answer: %v", s.read.Err())
	}
	var a struct {
		Stdout, Display string
		Error           struct{ Message string }
	}
	if err := json.Unmarshal(s.read.Bytes(), &a); err != nil {
		s.t.Fatal(err)
	}
	text := strings.TrimSpace(a.Stdout)
	for _, more := range []string{a.Display, a.Error.Message} {
		text = strings.TrimSpace(text + "\n" + more)
	}
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

// caBundle writes a file of certificates, as many companies' machines have one.
func caBundle(t *testing.T) string {
	t.Helper()
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	name := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
