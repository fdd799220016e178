// Package conform compares the sandbox's wire layer with the SDK, operation by
// operation. It is for tests.
//
// Each SDK module ships the request that its client makes of a filled input
// (request_snapshot/<Operation>.request.snap). One test is two ways round:
//
//	snapshot -> wire -> input A
//	input A -> the SDK's client -> request -> wire -> input B, filled output
//	        -> wire -> response -> the SDK's client -> output
//
// The client's request must be the snapshot again, B must be A, and the output
// must be what was filled in. Nothing leaves the process.
package conform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pawsh/sandbox/wire"
)

// Suite is one service in one protocol.
type Suite struct {
	// Module is the SDK's module: ec2.
	Module string
	// New makes the service under test.
	New func() *wire.Service
	// Client makes the SDK's client over the given transport.
	Client func(*Wire) any
	// Same compares the client's request with the snapshot. nil leaves that
	// comparison out, for protocols the snapshots are not in.
	Same func(got, want *Request) error
	// Known lists the operations that are known to fail, and why. A listed
	// one that passes fails the test: the list only shrinks.
	Known map[string]string
	// Want is the exact number of operations of the module.
	Want int
}

// Request is a request at rest.
type Request struct {
	Method, URI string
	Header      http.Header
	Body        []byte
}

// Wire is the transport between client and service.
type Wire struct {
	s    *wire.Service
	last *Request
	in   any // input that the service decoded last
	out  any // output that it answers with
}

// Do answers an HTTP request, and remembers it.
func (w *Wire) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	w.last = &Request{Method: r.Method, URI: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body}
	return w.serve(w.last), nil
}

func (w *Wire) serve(q *Request) *http.Response {
	r := httptest.NewRequest(q.Method, q.URI, bytes.NewReader(q.Body))
	r.Header = q.Header.Clone()
	r.Header.Del("X-Amz-Content-Sha256") // signatures are tested elsewhere
	rec := httptest.NewRecorder()
	w.s.ServeHTTP(rec, r)
	res := rec.Result()
	res.Request = r
	return res
}

// Run tests every operation of the suite.
func (s *Suite) Run(t *testing.T) {
	dir := moduleDir(t, s.Module)
	w := &Wire{s: s.New()}
	client := reflect.ValueOf(s.Client(w))
	passed, known := 0, 0
	ops := operations(client.Type())
	if len(ops) != s.Want {
		t.Errorf("%s has %d operations, the test expects %d", s.Module, len(ops), s.Want)
	}
	for _, op := range ops {
		m := client.MethodByName(op)
		err := s.one(w, m, op, dir)
		reason, listed := s.Known[op]
		switch {
		case err == nil && listed:
			t.Errorf("%s passes now: take it off the list (%s)", op, reason)
		case err == nil:
			passed++
		case listed:
			known++
			t.Logf("known: %s: %v (%s)", op, err, reason)
		default:
			t.Errorf("%s: %v", op, err)
		}
	}
	t.Logf("%s: %d operations: %d pass both ways, %d are known not to", s.Module, len(ops), passed, known)
}

// moduleDir finds the module with its snapshots, and skips where there is none.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	b, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2/service/"+module).Output()
	dir := strings.TrimSpace(string(b))
	if err != nil || dir == "" {
		t.Skipf("SKIPPED: the SDK module %s is not in the module cache: %v", module, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "request_snapshot")); err != nil {
		t.Skipf("SKIPPED: the SDK module %s has no request snapshots here", module)
	}
	return dir
}

// operations lists the methods of a client that are operations.
func operations(client reflect.Type) []string {
	var ops []string
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() == 4 && m.Type.NumOut() == 2 && strings.HasSuffix(m.Type.In(2).String(), m.Name+"Input") {
			ops = append(ops, m.Name)
		}
	}
	return ops
}

func (s *Suite) one(w *Wire, m reflect.Value, op, dir string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	inType, outType := m.Type().In(1).Elem(), m.Type().Out(0).Elem()
	want := reflect.New(outType)
	fill(want.Elem(), 0)
	trueOutput(want.Elem())
	w.out = want.Interface()
	wire.HandleAny(w.s, op, inType, func(_ context.Context, in any) (any, error) {
		if err := keepBody(in); err != nil {
			return nil, err
		}
		w.in = in
		return w.out, nil
	})

	snap, err := readSnapshot(filepath.Join(dir, "request_snapshot", op+".request.snap"), inType)
	if err != nil {
		return err
	}
	w.in = nil
	if res := w.serve(snap); w.in == nil {
		return fmt.Errorf("snapshot is refused: %s: %s", res.Status, bodyText(res))
	}
	first := w.in
	rewindBodies(first, w.out)
	call := []reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(first)}
	res := m.Call(call)
	if e, _ := res[1].Interface().(error); e != nil {
		return fmt.Errorf("client: %w", e)
	}
	if s.Same != nil {
		if err := s.Same(w.last, snap); err != nil {
			return fmt.Errorf("request: %w", err)
		}
	}
	if d := diff(op+"Input", reflect.ValueOf(w.in).Elem(), reflect.ValueOf(first).Elem()); d != "" {
		return fmt.Errorf("input: %s", d)
	}
	got := res[0].Elem()
	if d := diff(op+"Output", got, want.Elem()); d != "" {
		return fmt.Errorf("output: %s", d)
	}
	return nil
}

func bodyText(r *http.Response) string {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// readSnapshot parses "METHOD uri", headers and body, a blank line between.
func readSnapshot(path string, in reflect.Type) (*Request, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	head, rest, _ := bytes.Cut(b, []byte("\n\n"))
	method, uri, ok := strings.Cut(strings.TrimSpace(string(head)), " ")
	if !ok {
		return nil, fmt.Errorf("snapshot %s has no request line", filepath.Base(path))
	}
	q := &Request{Method: method, URI: uri, Header: http.Header{}}
	headers, body, _ := bytes.Cut(rest, []byte("\n\n"))
	for line := range strings.Lines(string(headers)) {
		if k, v, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok {
			q.Header.Add(k, v)
		}
	}
	q.Body = body
	trueDigests(q)
	if _, ok := in.FieldByName("Bucket"); ok { // the snapshots leave the address to the endpoint
		q.URI = "/" + bucket + uri
	}
	return q, nil
}

// bucket is the one that S3 requests address.
const bucket = "paws"
