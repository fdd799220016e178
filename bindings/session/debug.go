package session

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// Level says how much the debug log tells.
type Level int

// The levels, each with what the one before has.
const (
	LevelOff     Level = iota
	LevelCalls         // one line a call
	LevelHeaders       // and the head of each request and response
	LevelWire          // and the bodies
)

var levelNames = []string{"off", "calls", "headers", "wire"}

// String is the level's name, as ParseLevel reads it.
func (l Level) String() string {
	if l < 0 || int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", int(l))
	}
	return levelNames[l]
}

// ParseLevel reads a level's name, or boto's number.
func ParseLevel(s string) (Level, error) {
	for i, n := range levelNames {
		if strings.EqualFold(strings.TrimSpace(s), n) {
			return Level(i), nil
		}
	}
	switch strings.TrimSpace(s) {
	case "0":
		return LevelOff, nil
	case "1":
		return LevelCalls, nil
	case "2":
		return LevelWire, nil
	}
	return LevelOff, fmt.Errorf("debug level %q is none of %s", s, strings.Join(levelNames, ", "))
}

// LevelOf is the level of boto's numbers 0, 1 and 2.
func LevelOf(boto int) Level {
	switch {
	case boto <= 0:
		return LevelOff
	case boto == 1:
		return LevelCalls
	}
	return LevelWire
}

// debugLog is the log of an Env and of those derived from it.
type debugLog struct {
	mu    sync.Mutex
	out   io.Writer
	now   func() time.Time
	color bool
	name  string
	level Level
	// turn counts settings of the level. A connection's own level counts until
	// the common one is set again after it.
	turn int
	// forced are levels that hold for a while, whatever the others say; the
	// last counts.
	forced []*Level
}

// connDebug is the level a connection was given.
type connDebug struct {
	level Level
	turn  int
}

func newDebugLog(out io.Writer, now func() time.Time, color bool) *debugLog {
	if out == nil {
		out = io.Discard
	}
	return &debugLog{out: out, now: now, color: color, name: "boto"}
}

func (d *debugLog) setLevel(l Level) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.level = l
	d.turn++
}

// force makes a level hold, on all connections, until end is called.
func (d *debugLog) force(l Level) (end func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := &l
	d.forced = append(d.forced, own)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.forced = slices.DeleteFunc(d.forced, func(f *Level) bool { return f == own })
	}
}

func (d *debugLog) setName(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.name = name
	if d.level == LevelOff {
		d.level = LevelCalls
	}
}

func (d *debugLog) setOutput(w io.Writer, color bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w == nil {
		w = io.Discard
	}
	d.out, d.color = w, color
}

func (d *debugLog) current() Level {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.level
}

func (d *debugLog) connection(own *Level) *connDebug {
	if own == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return &connDebug{*own, d.turn}
}

func (d *debugLog) levelFor(c *connDebug) Level {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.forced); n > 0 {
		return *d.forced[n-1]
	}
	if c != nil && c.turn == d.turn {
		return c.level
	}
	return d.level
}

// write logs text, each line with the head that boto's loggers print.
func (d *debugLog) write(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	head := strings.Replace(d.now().Format("2006-01-02 15:04:05.000"), ".", ",", 1) + " " + d.name + " [DEBUG]:"
	if d.color {
		head = "\x1b[2m" + head + "\x1b[0m"
	}
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(head)
		b.WriteString(strings.TrimRight(line, "\r"))
		b.WriteByte('\n')
	}
	io.WriteString(d.out, b.String())
}

// paint colours s where the log has colour.
func (d *debugLog) paint(code, s string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
