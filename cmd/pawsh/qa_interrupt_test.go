package main

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestInterruptedScripts: SIGINT ends a script with 130 wherever it is: in a
// cell, and waiting for the next one from a pipe. Nothing runs after it.
func TestInterruptedScripts(t *testing.T) {
	t.Parallel()
	for name, cell := range map[string]string{
		"waiting for input": "fmt.Println(\"ready\")\n",
		"in a loop":         "fmt.Println(\"ready\"); for {}\n",
		"asleep":            "fmt.Println(\"ready\"); time.Sleep(time.Hour)\n",
		"in a request":      "fmt.Println(\"ready\"); r := http.Get(\"http://SILENT/\")\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			cmd := w.command()
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			ready := &waitWriter{want: "ready", seen: make(chan struct{})}
			var stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = ready, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			io.WriteString(in, strings.ReplaceAll(cell, "SILENT", silentServer(t)))
			select {
			case <-ready.seen:
			case <-time.After(20 * time.Second):
				t.Fatal("the cell did not begin")
			}
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if name != "waiting for input" { // there the signal and the line would race
				io.WriteString(in, "fmt.Println(\"after\")\n") // fails where the program has ended
			}
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
				t.Errorf("%v, want exit %d", err, exitInterrupted)
			}
			if strings.Contains(ready.String(), "after") || stderr.String() != "interrupted\n" {
				t.Errorf("out %q, err %q", ready.String(), stderr.String())
			}
		})
	}
}

// TestOutOfTime: the message says that it was the time, and how long it was.
func TestOutOfTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("", "--timeout", "100ms", "-c", "for {}").want(t, exitInterrupted, "", "interrupted: out of time after ")
	w.run("", "--timeout", "10s", "-c", "1").want(t, exitOK, "1", "")
	w.run("", "--timeout=-1s", "-c", "1").want(t, exitUsage, "", "-1s")
	w.run("", "--timeout", "10", "-c", "1").want(t, exitUsage, "", "--timeout")
	w.run("", "--json", "-c", "1").want(t, exitUsage, "", "--json")
	w.run("", "--json", "x.go").want(t, exitUsage, "", "--json")
	d := w.door("--timeout", "100ms")
	if r := d.ask("select {}"); r.Status != "interrupted" || !strings.HasPrefix(r.Error.Message, "interrupted: out of time after ") {
		t.Errorf("got %s", r.raw)
	}
	if got := d.value("1"); got != "1" {
		t.Errorf("got %s", got)
	}
}

// waitWriter keeps what is written and says when it holds want.
type waitWriter struct {
	want string
	seen chan struct{}
	mu   sync.Mutex
	buf  bytes.Buffer
	once sync.Once
}

// Write keeps b.
func (w *waitWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf.Write(b)
	if strings.Contains(w.buf.String(), w.want) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(b), nil
}

// String is what was written so far.
func (w *waitWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// TestInterruptedRequests: the request that an interrupt cancels does not pass
// for a failed one, whichever is first to tell.
func TestInterruptedRequests(t *testing.T) {
	t.Parallel()
	d := newWorld(t).door("--endpoint", "http://"+silentServer(t))
	for i := range 40 {
		cell := "ec2.GetAllZones()"
		if i%2 == 1 {
			cell = "z := ec2.Client.DescribeAvailabilityZones(ctx, nil); z"
		}
		d.send(`{"id":1,"code":"` + cell + `","timeout_ms":60}`)
		if r := d.receive(); r.Status != "interrupted" {
			t.Fatalf("round %d: %s", i, r.raw)
		}
	}
}
