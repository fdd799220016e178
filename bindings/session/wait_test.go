package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pawsh/bindings/session"
)

// waiting is a target whose clock is its sleep.
func waiting(t *testing.T) (*session.Target, *[]time.Duration) {
	t.Helper()
	w := newWorld(t).keys()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var pauses []time.Duration
	w.options.Now = func() time.Time { return now }
	w.options.Sleep = func(ctx context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		now = now.Add(d)
		return ctx.Err()
	}
	return w.open(session.EC2), &pauses
}

func TestWait(t *testing.T) {
	t.Parallel()
	states := func(list ...string) func() (string, error) {
		return func() (string, error) {
			s := list[0]
			if len(list) > 1 {
				list = list[1:]
			}
			if reason, ok := strings.CutPrefix(s, "never "); ok {
				return "terminated", session.Never(reason)
			}
			return s, nil
		}
	}
	for _, tt := range []struct {
		name   string
		look   func() (string, error)
		opts   []session.WaitOption
		want   string // error, "" for none
		pauses string
	}{
		{"there at once", states("running"), nil, "", "[]"},
		{"the pauses grow to a bound", states("p", "p", "p", "p", "p", "p", "running"), nil, "", "[2s 3s 4.5s 6.75s 8s 8s]"},
		{"the pauses are the caller's", states("p", "p", "p", "running"), []session.WaitOption{session.PollEvery(time.Second)}, "", "[1s 1.5s 2.25s]"},
		{"it will never come", states("p", "never out of capacity"), nil, "wait for Instance:i-1 to be running: it is terminated after 2s: out of capacity", "[2s]"},
		{"time is up", states("p"), []session.WaitOption{session.WaitAtMost(6 * time.Second)}, "wait for Instance:i-1 to be running: it is p after 5s", "[2s 3s]"},
	} {
		target, pauses := waiting(t)
		err := target.Wait("Instance:i-1", "running", tt.look, tt.opts...)
		if got := fmt.Sprint(err); (tt.want == "" && err != nil) || (tt.want != "" && got != tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if got := fmt.Sprint(*pauses); got != tt.pauses {
			t.Errorf("%s: paused %s, want %s", tt.name, got, tt.pauses)
		}
	}
}

func TestWaitShowsProgressAndEndsWithTheContext(t *testing.T) {
	t.Parallel()
	var env *session.Env
	w := newWorld(t).keys()
	w.options.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	env = w.new()
	ctx, cancel := context.WithCancel(context.Background())
	env.SetContext(func() context.Context { return ctx })
	target, err := env.Open(session.EC2)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	err = target.Wait("Volume:vol-1", "available", func() (string, error) { return "creating", nil }, session.OnProgress(func(p session.Waiting) {
		seen = append(seen, fmt.Sprintf("%s %s %s %d", p.What, p.State, p.Want, p.Looks))
		if p.Looks == 2 {
			cancel()
		}
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after the cancel: %v", err)
	}
	if got := strings.Join(seen, "; "); got != "Volume:vol-1 creating available 1; Volume:vol-1 creating available 2" {
		t.Errorf("progress %q", got)
	}
}
