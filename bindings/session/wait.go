package session

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Waiting is one look during a wait, for those who watch it.
type Waiting struct {
	What   string        // "Instance:i-0d6"
	Want   string        // the state that is waited for
	State  string        // as it is now
	Looks  int           // so far
	Waited time.Duration // so far
}

// WaitOption is an argument of the calls that wait.
type WaitOption func(*waiting)

type waiting struct {
	progress func(Waiting)
	every    time.Duration
	longest  time.Duration
	limit    time.Duration
}

// OnProgress has f called after each look.
//
// Example: reservation.Instances[0].WaitUntilRunning(OnProgress(func(w Waiting) { fmt.Println(w.State) }))
func OnProgress(f func(Waiting)) WaitOption { return func(w *waiting) { w.progress = f } }

// PollEvery waits so long before the second look; the pauses then grow to four
// times that. 2 seconds unless given.
//
// Example: reservation.Instances[0].WaitUntilRunning(PollEvery(2 * time.Second))
func PollEvery(pause time.Duration) WaitOption {
	return func(w *waiting) { w.every, w.longest = pause, 4*pause }
}

// WaitAtMost ends a wait after so long with an error that says how far it got.
// Without it a wait ends after 15 minutes.
//
// Example: reservation.Instances[0].WaitUntilRunning(WaitAtMost(10 * time.Minute))
func WaitAtMost(limit time.Duration) WaitOption { return func(w *waiting) { w.limit = limit } }

const (
	firstPause  = 2 * time.Second
	longestWait = 15 * time.Minute
)

// WaitError says that what was waited for did not come, or can't any more.
type WaitError struct {
	What, Want, State string
	Reason            string // as AWS gives it; "" when time was up
	Waited            time.Duration
}

// Error says it with AWS's reason.
func (e *WaitError) Error() string {
	text := fmt.Sprintf("wait for %s to be %s: it is %s after %s", e.What, e.Want, e.State, e.Waited.Round(time.Second))
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// ErrNeverAgain is what a look gives, wrapped with a reason, when the state
// waited for can't come any more.
var ErrNeverAgain = errors.New("it will not come any more")

// Wait looks until look gives the state want. The pauses grow from PollEvery
// by half each; the cell's context ends them at once. look gives ErrNeverAgain
// wrapped in its reason to end the wait with a *WaitError; any other error
// ends it as it is.
func (t *Target) Wait(what, want string, look func() (state string, err error), opts ...WaitOption) error {
	w := waiting{every: firstPause, longest: 4 * firstPause, limit: longestWait}
	for _, o := range opts {
		o(&w)
	}
	ctx := t.Context()
	start := t.env.opts.Now()
	pause := w.every
	for looks := 1; ; looks++ {
		state, err := look()
		waited := t.env.opts.Now().Sub(start)
		var never *neverError
		switch {
		case errors.As(err, &never):
			return &WaitError{what, want, state, never.reason, waited}
		case err != nil:
			return fmt.Errorf("wait for %s to be %s: %w", what, want, err)
		}
		if w.progress != nil {
			w.progress(Waiting{what, want, state, looks, waited})
		}
		if state == want {
			return nil
		}
		if waited+pause > w.limit {
			return &WaitError{what, want, state, "", waited}
		}
		if err := t.env.opts.Sleep(ctx, pause); err != nil {
			return fmt.Errorf("wait for %s to be %s: %w", what, want, err)
		}
		pause = min(pause+pause/2, w.longest)
	}
}

// neverError carries the reason for which a state can't come any more.
type neverError struct{ reason string }

func (e *neverError) Error() string { return e.reason }
func (e *neverError) Unwrap() error { return ErrNeverAgain }

// Never is the error of a look at something that can't come to the state any
// more.
func Never(reason string) error { return &neverError{reason} }

// sleep is Options.Sleep where none is given.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
