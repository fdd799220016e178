package core_test

import (
	"strings"
	"testing"
	"time"

	"pawsh/sandbox/core"
)

func TestClockGoesForward(t *testing.T) {
	t.Parallel()
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	c := core.NewClock(func() time.Time { return at })
	for _, tt := range []struct {
		text string
		want time.Duration
		err  string
	}{
		{"+1h", time.Hour, ""},
		{"+1w2d3h4m", 9*24*time.Hour + 3*time.Hour + 4*time.Minute, ""},
		{"+10d", 240 * time.Hour, ""},
		{"2030-01-03T03:04:05Z", 24 * time.Hour, ""},
		{"2030-01-03", 20*time.Hour + 55*time.Minute + 55*time.Second, ""},
		{"real", 0, ""},
		{"2029-01-01", 0, "forward only"},
		{"-1h", 0, "forward only"},
		{"+-1h", 0, "want a length"},
		{"+", 0, "want a length"},
		{"+99999d", 0, "want a length"},
		{"+1x", 0, "want a length"},
		{"soon", 0, "want +1h"},
	} {
		got, err := c.Parse(tt.text)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("Parse(%q) = %v, %v; want %v, %q", tt.text, got, err, tt.want, tt.err)
		}
	}
	c.SetOffset(time.Hour)
	if got, err := c.Parse("+30m"); got != 90*time.Minute || err != nil {
		t.Errorf("a second advance = %v, %v", got, err)
	}
	if got := c.Now(); !got.Equal(at.Add(time.Hour)) {
		t.Errorf("Now = %v", got)
	}
}
