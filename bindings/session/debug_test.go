package session_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"pawsh/bindings/session"
)

func TestDebugLevels(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(server.Close)
	tests := []struct {
		level     session.Level
		has, lack []string
	}{
		{session.LevelOff, nil, []string{"STS"}},
		{session.LevelCalls, []string{"STS GetCallerIdentity 200 ", " ms ", "request-id=req-1"}, []string{"> POST", "Action=", "<Account>"}},
		{session.LevelHeaders, []string{"STS GetCallerIdentity 200 ", "> POST / HTTP/1.1", "> Authorization: AWS4-HMAC-SHA256 [redacted]", "< HTTP/1.1 200 OK", "< Content-Type: text/xml"}, []string{"Action=", "<Account>"}},
		{session.LevelWire, []string{"> Action=GetCallerIdentity", "<     <Account>123456789012</Account>", "STS GetCallerIdentity 200 "}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.level.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).keys()
			w.env["AWS_SESSION_TOKEN"] = "token-of-the-environment"
			e, c := caller(t, w, server.URL)
			e.SetDebug(tt.level) // after the connection was opened
			if err := call(context.Background(), c); err != nil {
				t.Fatal(err)
			}
			log := w.log.String()
			for _, want := range tt.has {
				if !strings.Contains(log, want) {
					t.Errorf("%q is not in\n%s", want, log)
				}
			}
			for _, lack := range append(tt.lack, "secret-of-the-environment", "token-of-the-environment", "AKIDENVIRONMENT/", "Signature=") {
				if strings.Contains(log, lack) {
					t.Errorf("%q is in\n%s", lack, log)
				}
			}
			if tt.level == session.LevelOff && log != "" {
				t.Errorf("log %q", log)
			}
		})
	}
}

// TestStreamLoggerOfTheBook is the cookbook's session: the name stands in the
// head of each line.
func TestStreamLoggerOfTheBook(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e := w.new()
	e.SetStreamLogger("paws")
	target, err := e.Open(session.STS, session.Endpoint(server.URL), session.Debug(2))
	if err != nil {
		t.Fatal(err)
	}
	if target.DebugLevel() != session.LevelWire {
		t.Errorf("level %s, want wire", target.DebugLevel())
	}
	req := clientOf(target)
	if err := call(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(w.log.String(), "\n"), "\n")
	head := regexp.MustCompile(`^2026-11-22 10:11:12,345 paws \[DEBUG\]:`)
	if len(lines) < 10 {
		t.Errorf("only %d lines", len(lines))
	}
	for _, line := range lines {
		if !head.MatchString(line) {
			t.Errorf("line %q has another head", line)
		}
	}
}

func TestDebugOfAConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	e := w.new()
	level := func(opts ...session.ConnectOption) *session.Target {
		target, err := e.Open(session.STS, opts...)
		if err != nil {
			t.Fatal(err)
		}
		return target
	}
	plain, one, two := level(), level(session.Debug(1)), level(session.Debug(2))
	check := func(when string, want ...session.Level) {
		t.Helper()
		for i, target := range []*session.Target{plain, one, two} {
			if got := target.DebugLevel(); got != want[i] {
				t.Errorf("%s: connection %d logs %s, want %s", when, i, got, want[i])
			}
		}
	}
	check("at first", session.LevelOff, session.LevelCalls, session.LevelWire)
	e.SetDebug(session.LevelHeaders)
	check("after :debug headers", session.LevelHeaders, session.LevelHeaders, session.LevelHeaders)
	e.SetDebug(session.LevelOff)
	check("after :debug off", session.LevelOff, session.LevelOff, session.LevelOff)
	two = level(session.Debug(2))
	check("a connection made later", session.LevelOff, session.LevelOff, session.LevelWire)
	e.SetStreamLogger("paws")
	check("after SetStreamLogger", session.LevelCalls, session.LevelCalls, session.LevelWire)
}

func TestDebugOfBotoFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	w.file(".boto", "[Boto]\ndebug = 2\n")
	if got := w.open(session.EC2).DebugLevel(); got != session.LevelWire {
		t.Errorf("level %s, want wire", got)
	}
}

func TestFailedCallsAreLogged(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		io.WriteString(w, `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>req-2</RequestId></ErrorResponse>`)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e, c := caller(t, w, server.URL)
	e.SetDebug(session.LevelCalls)
	err := call(context.Background(), c)
	if session.Code(err) != "AccessDenied" || session.StatusCode(err) != 403 {
		t.Errorf("code %q status %d of %v", session.Code(err), session.StatusCode(err), err)
	}
	if log := w.log.String(); !strings.Contains(log, "403") || !strings.Contains(log, "AccessDenied") || !strings.Contains(log, "req-2") {
		t.Errorf("log %q", log)
	}
	summary, hint := session.Explain(err)
	if summary != "sts GetCallerIdentity: AccessDenied: no (HTTP 403, request id req-2)" || !strings.Contains(hint, "a policy must allow") {
		t.Errorf("Explain = %q, %q", summary, hint)
	}
}

func TestParseLevel(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]session.Level{"off": 0, "calls": 1, "HEADERS": 2, "wire": 3, "0": 0, "1": 1, "2": 3} {
		if got, err := session.ParseLevel(text); err != nil || got != want {
			t.Errorf("ParseLevel(%q) = %v, %v", text, got, err)
		}
	}
	if _, err := session.ParseLevel("loud"); err == nil {
		t.Error("level loud was accepted")
	}
}

func TestLongBodiesAreNotCopiedWhole(t *testing.T) {
	t.Parallel()
	big := strings.Replace(identityAnswer, "AIDA", strings.Repeat("A", 1<<20), 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, big)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e, c := caller(t, w, server.URL)
	e.SetDebug(session.LevelWire)
	if err := call(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	if log := w.log.String(); len(log) > 10_000 || !strings.Contains(log, "too long to show") {
		t.Errorf("the log has %d bytes", len(log))
	}
}
