package session_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"pawsh/bindings/session"
)

func TestRetryMode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, env, boto, shared string
		opts                    []session.ConnectOption
		want                    aws.RetryMode
		warns                   bool
	}{
		{"nothing said", "", "", "", nil, aws.RetryModeStandard, false},
		{"boto.cfg", "", "adaptive", "", nil, aws.RetryModeAdaptive, false},
		{"shared file", "", "standard", "adaptive", nil, aws.RetryModeAdaptive, false},
		{"environment before files", "standard", "adaptive", "adaptive", nil, aws.RetryModeStandard, false},
		{"argument before all", "standard", "standard", "", []session.ConnectOption{session.RetryMode("Adaptive")}, aws.RetryModeAdaptive, false},
		{"nonsense", "eager", "", "", nil, aws.RetryModeStandard, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).keys()
			w.env["AWS_RETRY_MODE"] = tt.env
			w.file(".boto", "[Boto]\nretry_mode = "+tt.boto+"\nnum_retries = 2\n")
			if tt.shared != "" {
				w.file(".aws/config", "[default]\nretry_mode = "+tt.shared+"\n")
			}
			e := w.new()
			target, err := e.Open(session.STS, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			r := target.Config.Retryer()
			_, adaptive := r.(*retry.AdaptiveMode)
			if target.Config.RetryMode != tt.want || adaptive != (tt.want == aws.RetryModeAdaptive) || r.MaxAttempts() != 3 {
				t.Errorf("mode %s, retryer %T of %d attempts; want %s", target.Config.RetryMode, r, r.MaxAttempts(), tt.want)
			}
			if warned := strings.Contains(strings.Join(e.Warnings(), "\n"), "neither standard nor adaptive"); warned != tt.warns {
				t.Errorf("warnings %q", e.Warnings())
			}
		})
	}
	if _, err := newWorld(t).keys().new().Open(session.STS, session.RetryMode("eager")); err == nil || !strings.Contains(err.Error(), `"eager"`) {
		t.Errorf("a mode that is none: %v", err)
	}
}

// TestAdaptiveRetries tries again as the standard mode does, and not what is
// hopeless.
func TestAdaptiveRetries(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	_, c := caller(t, newWorld(t).keys(), server.URL, session.RetryMode("adaptive"))
	if err := call(context.Background(), c); err != nil || n.Load() != 2 {
		t.Errorf("%d requests: %v", n.Load(), err)
	}
	server.Close()
	before := n.Load()
	if err := call(context.Background(), c); err == nil || n.Load() != before {
		t.Errorf("a server that is gone: %v", err)
	}
}
