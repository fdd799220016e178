package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// door is a running `pawsh --json`.
type door struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out chan string
}

// reply is an answer of the door.
type reply struct {
	ID              json.RawMessage
	Status, Display string
	Value           *string
	Stdout          string
	Error           struct{ Kind, Code, Message, Hint string }
	raw             string
}

func (r reply) value() string {
	if r.Value == nil {
		return ""
	}
	return *r.Value
}

func (w *world) door(args ...string) *door {
	w.t.Helper()
	d := &door{t: w.t, cmd: w.command(append([]string{"--json"}, args...)...), out: make(chan string, 4096)}
	var err error
	if d.in, err = d.cmd.StdinPipe(); err != nil {
		w.t.Fatal(err)
	}
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		defer close(d.out)
		r := bufio.NewReader(out)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			d.out <- line
		}
	}()
	w.t.Cleanup(func() { _ = d.cmd.Process.Kill(); _ = d.cmd.Wait() })
	return d
}

func (d *door) send(line string) {
	d.t.Helper()
	if _, err := io.WriteString(d.in, line+"\n"); err != nil {
		d.t.Fatal(err)
	}
}

func (d *door) receive() (r reply) {
	d.t.Helper()
	select {
	case line, ok := <-d.out:
		if !ok {
			d.t.Fatal("the program ended")
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			d.t.Fatalf("%v in %.300q", err, line)
		}
		r.raw = line
	case <-time.After(30 * time.Second):
		d.t.Fatal("no answer")
	}
	return r
}

// ask sends a cell and gives the answer.
func (d *door) ask(code string) reply {
	d.t.Helper()
	b, err := json.Marshal(map[string]any{"id": 1, "code": code})
	if err != nil {
		d.t.Fatal(err)
	}
	d.send(string(b))
	return d.receive()
}

// value asks for a value and fails the test when there is none.
func (d *door) value(code string) string {
	d.t.Helper()
	r := d.ask(code)
	if r.Status != "ok" {
		d.t.Fatalf("%s: %s", code, r.raw)
	}
	return r.value()
}

func (d *door) interrupt() {
	d.t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGINT); err != nil {
		d.t.Fatal(err)
	}
}

// TestDoorRequests: ids of each type come back as they were sent, and with
// faulty requests too wherever there is one.
func TestDoorRequests(t *testing.T) {
	t.Parallel()
	d := newWorld(t).door()
	for _, tt := range []struct{ line, id, status, message string }{
		{`{"id":1,"code":"1"}`, `1`, "ok", ""},
		{`{"id":"a<b>&","code":"1"}`, `"a<b>&"`, "ok", ""},
		{`{"id":12345678901234567890123.5e3,"code":"1"}`, `12345678901234567890123.5e3`, "ok", ""},
		{`{"id":[1,{"x":null}],"code":"1"}`, `[1,{"x":null}]`, "ok", ""},
		{`{"id":false,"code":"1"}`, `false`, "ok", ""},
		{`{"id":null,"code":"1"}`, `null`, "ok", ""},
		{`{"code":"1"}`, `null`, "ok", ""},
		{`{"id":2,"code":""}`, `2`, "ok", ""},
		{`{"id":3,"code":5}`, `3`, "invalid", "code"},
		{`{"id":4}`, `4`, "invalid", "no code"},
		{`{"id":5,"code":"1","timeout_ms":"soon"}`, `5`, "invalid", "timeout_ms"},
		{`null`, `null`, "invalid", "no code"},
		{`[]`, `null`, "invalid", "not a JSON object"},
		{`{"id":6,"code":"1"} {"id":7,"code":"2"}`, `null`, "invalid", "after top-level value"},
		{"\xff\xfe", `null`, "invalid", "not a JSON object"},
		{`{"id":8,"code":"\"a\u0000\""}`, `8`, "invalid", "NUL"},
		{`{"id":9,"code":"` + strings.Repeat("a", 65<<20) + `"}`, `null`, "invalid", "more than 67108864 bytes"},
		{"\r\n  \r\n" + `{"id":10,"code":"1"}` + "\r", `10`, "ok", ""},
	} {
		d.send(tt.line)
		r := d.receive()
		if string(r.ID) != tt.id || r.Status != tt.status || !strings.Contains(r.Error.Message, tt.message) {
			t.Errorf("%.60s\n got %.300s\nwant id %s, status %s, message %q", tt.line, r.raw, tt.id, tt.status, tt.message)
		}
	}
}

// TestDoorInterrupts: SIGINT ends a running cell; one that comes too late, when
// the cell has ended, does not end the program with all its session.
func TestDoorInterrupts(t *testing.T) {
	t.Parallel()
	d := newWorld(t).door("--sandbox")
	d.value("n := 5; n")
	for range 20 {
		d.interrupt()
	}
	for _, cell := range []string{`fmt.Println("on"); for {}`, `time.Sleep(time.Hour)`, `select {}`, `ec2.GetAllZones(); <-make(chan int)`} {
		d.send(fmt.Sprintf(`{"id":1,"code":%q}`, "n++; "+cell))
		// The signal may come before the cell began: it is sent until it hit.
		for answered := false; !answered; {
			select {
			case line := <-d.out:
				if answered = true; !strings.Contains(line, `"status":"interrupted"`) {
					t.Errorf("%s: %s", cell, line)
				}
			case <-time.After(50 * time.Millisecond):
				d.interrupt()
			}
		}
		d.interrupt()
	}
	if got := d.value("n"); got != "9" && got != "5" {
		t.Errorf("n is %s", got)
	}
	d.in.Close()
	if err := d.cmd.Wait(); err != nil {
		t.Errorf("end of requests: %v", err)
	}
}

// TestDoorThousand: a thousand requests in one go, each with the output that is
// its own.
func TestDoorThousand(t *testing.T) {
	t.Parallel()
	d := newWorld(t).door()
	go func() {
		for i := range 1000 {
			fmt.Fprintf(d.in, "{\"id\":%d,\"code\":\"fmt.Println(%d); os.Stdout.WriteString(\\\"raw\\\"); %d * 2\"}\n", i, i, i)
		}
	}()
	for i := range 1000 {
		r := d.receive()
		// WriteString's count is no value: it is not the last statement.
		if string(r.ID) != fmt.Sprint(i) || r.value() != fmt.Sprint(2*i) || r.Stdout != fmt.Sprintf("%d\nraw", i) {
			t.Fatalf("request %d: %s", i, r.raw)
		}
	}
}

// TestDoorOutput: what goroutines print between two requests is in the next
// answer; what looks like our own mark is no mark.
func TestDoorOutput(t *testing.T) {
	t.Parallel()
	d := newWorld(t).door()
	first := d.ask(`done := make(chan bool); go func() { fmt.Print("later"); close(done) }()`)
	if second := d.ask(`<-done; 1`); first.Stdout+second.Stdout != "later" {
		t.Errorf("stdout %q and %q", first.Stdout, second.Stdout)
	}
	for range 3 {
		if r := d.ask(`fmt.Print("a\x00pawsh:mark\x00b")`); r.Stdout != "a\x00pawsh:mark\x00b" {
			t.Errorf("stdout %q", r.Stdout)
		}
	}
	if r := d.ask(`fmt.Print(strings.Repeat("x", 3_000_000))`); len(r.Stdout) != 3_000_000 {
		t.Errorf("%d bytes of output", len(r.Stdout))
	}
	if r := d.ask(`1`); r.Stdout != "" {
		t.Errorf("stdout %q", r.Stdout)
	}
}
