package repl

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"pawsh/repl/check"
	"pawsh/repl/lineedit"
)

// What the cloud may take before completion goes on without it.
const (
	liveFresh   = 15 * time.Second       // how long an answer is taken for the truth
	liveRefresh = 120 * time.Millisecond // waited for a new answer where there is an old one
	liveRequest = 10 * time.Second       // a request's own bound: it goes on for the next question
)

// value is something of the cloud or the session that a string can name.
type value struct {
	text  string // what the string must hold; the Go for it where bare
	label string // shown in place of text
	note  string // name, state, size
	kind  string
	state string
	mine  bool // owned by the account
	bare  bool // text is Go and not the inside of a string
}

// suggestion makes an entry of the editor's menu.
func (v value) suggestion(ans check.Answer) lineedit.Suggestion {
	s := lineedit.Suggestion{Text: v.text, Display: v.label, Start: ans.Start, End: ans.End, Kind: v.kind, Doc: v.note}
	if s.Display == "" {
		s.Display = v.text
	}
	if s.Doc == "" {
		s.Doc = v.kind
	}
	switch {
	case v.bare:
	case ans.Quote == 0:
		s.Text = strconv.Quote(v.text)
		if ans.Call != nil && ans.Call.Bare && strings.HasPrefix(typeText(ans.Call), "[]string") {
			s.Text = "[]string{" + s.Text + "}"
		}
	default:
		if ans.Quote == '"' {
			q := strconv.Quote(v.text)
			s.Text = q[1 : len(q)-1]
		}
		if !ans.Closed {
			s.Text += string(ans.Quote)
		}
	}
	return s
}

func typeText(c *check.Call) string {
	if c.Type == nil {
		return ""
	}
	return c.Type.String()
}

// live keeps what clouds answered to completion. It only lists and describes,
// and only on connections that the session has. It is safe for concurrent use.
type live struct {
	now   func() time.Time
	mu    sync.Mutex
	kept  map[liveKey]*liveAnswer
	epoch int // raised by every cell: it may have changed anything
}

// liveKey is a list of one connection.
type liveKey struct {
	conn any // a pointer
	kind liveKind
	in   string // the bucket of keys
}

type liveAnswer struct {
	values []value
	have   bool
	epoch  int
	at     time.Time
	busy   chan struct{} // closed when the request under way has ended
}

func newLive(now func() time.Time) *live {
	return &live{now: now, kept: map[liveKey]*liveAnswer{}}
}

// stale makes every answer one that is asked for anew.
func (l *live) stale() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch++
	for k, a := range l.kept { // of connections that are gone
		if a.busy == nil && l.now().Sub(a.at) > time.Hour {
			delete(l.kept, k)
		}
	}
}

// get gives a list: a fresh answer at once, an old one after a short wait for
// a new one, none when ctx ends before the first. A request goes on after ctx
// has ended, for the next question.
func (l *live) get(ctx context.Context, k liveKey, fetch func(context.Context) ([]value, error)) []value {
	l.mu.Lock()
	a := l.kept[k]
	if a == nil {
		a = &liveAnswer{}
		l.kept[k] = a
	}
	if a.have && a.epoch == l.epoch && l.now().Sub(a.at) < liveFresh {
		defer l.mu.Unlock()
		return a.values
	}
	if a.busy == nil {
		a.busy = make(chan struct{})
		go l.refresh(a, l.epoch, fetch)
	}
	busy, have := a.busy, a.have
	l.mu.Unlock()

	if have {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, liveRefresh)
		defer cancel()
	}
	select {
	case <-busy:
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return a.values
}

func (l *live) refresh(a *liveAnswer, epoch int, fetch func(context.Context) ([]value, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), liveRequest)
	defer cancel()
	values, err := fetch(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil { // else the old answer stays: completion is no place for errors
		a.values, a.have, a.epoch, a.at = values, true, epoch, l.now()
	}
	close(a.busy)
	a.busy = nil
}
