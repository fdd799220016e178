// Package sessiontest helps the tests of the bindings: a session whose
// services answer from a script, and the requests they were sent. Only tests
// import it.
package sessiontest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"pawsh/bindings/session"
)

// Script is a server that answers each operation with a text of the test's.
type Script struct {
	Env *session.Env

	t        *testing.T
	mu       sync.Mutex
	answers  map[string][]string
	requests []Request
}

// Request is one that came: its operation, and its form or its JSON.
type Request struct {
	Operation string
	Form      url.Values
	JSON      string
}

// New starts a server and a session that goes there. answers maps operations
// to the texts they are answered with, one after the other, the last one again
// and again. A text that begins with a three-digit number has that status. An
// operation without an answer fails the test.
func New(t *testing.T, answers map[string][]string) *Script {
	t.Helper()
	s := &Script{t: t, answers: answers}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", Endpoint: server.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Env = env
	return s
}

// ServeHTTP answers a request from the script.
func (s *Script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	request := Request{JSON: string(body)}
	w.Header().Set("X-Amzn-Requestid", "r-1")
	if _, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		request.Operation = operation
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	} else {
		request.Form, _ = url.ParseQuery(string(body))
		request.Operation, request.JSON = request.Form.Get("Action"), ""
		w.Header().Set("Content-Type", "text/xml")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	list := s.answers[request.Operation]
	if len(list) == 0 {
		s.t.Errorf("no answer for %s", request.Operation)
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	text := list[0]
	if len(list) > 1 {
		s.answers[request.Operation] = list[1:]
	}
	for status, number := range map[int]string{400: "400 ", 403: "403 ", 404: "404 ", 409: "409 "} {
		if rest, ok := strings.CutPrefix(text, number); ok {
			w.WriteHeader(status)
			text = rest
		}
	}
	io.WriteString(w, text)
}

// Last is the newest request of an operation.
func (s *Script) Last(operation string) Request {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.requests) - 1; i >= 0; i-- {
		if s.requests[i].Operation == operation {
			return s.requests[i]
		}
	}
	s.t.Fatalf("no request for %s came", operation)
	return Request{}
}

// Count tells how many requests for an operation came.
func (s *Script) Count(operation string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.Operation == operation {
			n++
		}
	}
	return n
}

// Form fails the test unless the newest request of an operation has these
// fields, and none of those with an empty value.
func (s *Script) Form(operation string, want map[string]string) {
	s.t.Helper()
	form := s.Last(operation).Form
	for name, v := range want {
		if form.Get(name) != v {
			s.t.Errorf("%s: %s = %q, want %q in %v", operation, name, form.Get(name), v, form)
		}
	}
}
