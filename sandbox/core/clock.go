package core

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Clock is the one clock of the sandbox: the one it was made from, set forward
// by as much as somebody asked for. It is safe for concurrent use.
type Clock struct {
	base func() time.Time

	mu     sync.Mutex
	offset time.Duration
}

// NewClock returns a clock that runs with base, time.Now when that is nil.
func NewClock(base func() time.Time) *Clock {
	if base == nil {
		base = time.Now
	}
	return &Clock{base: base}
}

// Now is the clock's time in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().UTC().Add(c.offset)
}

// Offset is how far the clock is ahead of the one it was made from.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// SetOffset sets how far the clock is ahead; 0 makes it the real one again.
func (c *Clock) SetOffset(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = d
}

// Parse reads what people say of a clock: +1h30m and +2d go on from where it
// is, a time or a date such as 2030-01-02 or 2030-01-02T15:04:05Z sets it, and
// real takes both back. It gives the offset that is meant. A clock goes
// forward only, but for real: what has happened by then can't be undone.
func (c *Clock) Parse(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "real":
		return 0, nil
	case strings.HasPrefix(text, "+"):
		d, err := parseLength(text[1:])
		if err != nil {
			return 0, fmt.Errorf("clock %q: want a length such as +90s, +1h30m or +2d", text)
		}
		return c.Offset() + d, nil
	case strings.HasPrefix(text, "-"):
		return 0, fmt.Errorf("clock %q: time goes forward only; real sets the clock back to the true time", text)
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		ahead := t.Sub(c.Now())
		if ahead < 0 {
			return 0, fmt.Errorf("clock %q: it is %s already, and time goes forward only", text, c.Now().Format(time.RFC3339))
		}
		return c.Offset() + ahead, nil
	}
	return 0, fmt.Errorf("clock %q: want +1h, +2d, a time such as 2030-01-02T15:04:05Z, or real", text)
}

// maxLength is the longest that a clock is set forward at once: a hundred years.
const maxLength = 36525 * 24 * time.Hour

// parseLength is time.ParseDuration that knows weeks and days too, which come
// first: 1w2d3h.
func parseLength(s string) (time.Duration, error) {
	if s == "" {
		return 0, errors.New("no length")
	}
	var total time.Duration
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		head, rest, ok := strings.Cut(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(head, 10, 16)
		if err != nil {
			return 0, err
		}
		total, s = total+time.Duration(n)*u.size, rest
	}
	if s != "" {
		d, err := time.ParseDuration(s)
		if err != nil || d < 0 || strings.ContainsAny(s, "+-") {
			return 0, fmt.Errorf("length %q", s)
		}
		total += min(d, maxLength+1)
	}
	return limited(total)
}

func limited(d time.Duration) (time.Duration, error) {
	if d < 0 || d > maxLength {
		return 0, fmt.Errorf("length %s", d)
	}
	return d, nil
}
