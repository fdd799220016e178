//go:build unix

package lineedit

import (
	"context"
	"iter"
	"strings"
	"sync"
	"testing"
)

func TestCompletionMenu(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 50, 10, func(c *Config) {
		c.Complete = func(_ context.Context, text string, pos int) []Suggestion {
			return []Suggestion{{Text: "GetAllZones", Doc: "zones", Start: 4, End: pos}, {Text: "GetImage", Doc: "an image", Start: 4, End: pos}}
		}
	})
	tm.readLine(background)
	tm.typeKeys("ec2.G\t")
	tm.shows("> ec2.Get\n      GetAllZones  zones\n      GetImage     an image")
	tm.typeKeys("\t")
	tm.contains(">GetAllZones")
	tm.typeKeys("\t\r")
	tm.shows("> ec2.GetImage")
	tm.typeKeys("()\r")
	tm.gets("ec2.GetImage()")
}

func TestCompletionAsYouType(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 50, 10, func(c *Config) {
		c.CompleteAsYouType = true
		c.Complete = func(_ context.Context, text string, pos int) []Suggestion {
			return suggest(wordBefore(text, pos), pos, "one", "other")
		}
	})
	tm.readLine(background)
	tm.typeKeys("x.o")
	tm.contains("other")
	tm.typeKeys("\r")
	tm.gets("x.o")
}

func TestSlowSourcesNeverDelayAKey(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var once sync.Once
	stop := func() { once.Do(func() { close(release) }) }
	defer stop()
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.CompleteAsYouType = true
		c.Complete = func(_ context.Context, text string, pos int) []Suggestion {
			<-release // deaf to its context
			return suggest(0, pos, text+"tail")
		}
		c.Hint = func(context.Context, string, int) string { <-release; return "hint" }
		c.Highlight = func(string) []Span { <-release; return []Span{{0, 1, "31"}} }
		c.History = slowPast{release}
	})
	tm.readLine(background)
	text := "x"
	tm.typeKeys(text)
	tm.shows("> " + text)
	for i := range 30 {
		text += string(rune('a' + i%26))
		tm.typeKeys(text[len(text)-1:])
		tm.shows("> " + text) // nobody has answered
	}
	stop()
	tm.contains("hint")
	tm.contains(text + "tail")
	tm.typeKeys("\r")
	tm.gets(text)
}

type slowPast struct{ release chan struct{} }

func (s slowPast) Prefix(string) iter.Seq[string] {
	return func(func(string) bool) { <-s.release }
}
func (s slowPast) Search(context.Context, string, int) []string { <-s.release; return nil }

func TestPanicOfACallbackCostsItsAnswerOnly(t *testing.T) {
	t.Parallel()
	reports := make(chan error, 10)
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Complete = func(context.Context, string, int) []Suggestion { panic("boom") }
		c.Enter = func(string) (bool, int) { panic("bang") }
		c.Report = func(err error) { reports <- err }
	})
	tm.readLine(background)
	tm.typeKeys("x\t")
	if err := <-reports; !strings.Contains(err.Error(), "boom") {
		t.Error(err)
	}
	tm.typeKeys("y\r")
	tm.gets("xy")
}

func TestGhostAndHistory(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, func(c *Config) { c.History = past{"s3.B()", "ec2.GetAllZones()", "for {\n\tx()\n}"} })
	tm.readLine(background)
	tm.typeKeys("e")
	tm.shows("> ec2.GetAllZones()")
	tm.typeKeys(right + "\r")
	tm.gets("ec2.GetAllZones()")
	tm.readLine(background)
	tm.typeKeys("s" + up + "\r")
	tm.gets("s3.B()")
	tm.readLine(background)
	tm.typeKeys("\x12f")
	tm.contains("+2 lines")
	tm.contains("      x()")
	tm.typeKeys("\r")
	tm.contains("> for {\n...     x()\n... }")
	tm.typeKeys("\r")
	tm.gets("for {\n\tx()\n}")
}

func TestHint(t *testing.T) {
	t.Parallel()
	tm := newTerminal(t, 40, 10, func(c *Config) {
		c.Hint = func(_ context.Context, text string, pos int) string {
			if strings.HasSuffix(text[:pos], "(") {
				return "func f(a int)"
			}
			return ""
		}
	})
	tm.readLine(background)
	tm.typeKeys("f(")
	tm.shows("> f(\nfunc f(a int)")
	tm.typeKeys("1)")
	tm.shows("> f(1)")
	tm.typeKeys("\r")
	tm.gets("f(1)")
}

func TestColours(t *testing.T) {
	t.Parallel()
	for _, noColour := range []string{"", "1"} {
		tm := newTerminal(t, 40, 10, func(c *Config) {
			c.Prompt = func() string { return "\x1b[1;31mprod\x1b[0m> " }
			c.Highlight = func(text string) []Span { return []Span{{0, len(text), "35"}} }
			c.Getenv = func(k string) string { return map[string]string{"TERM": "xterm", "NO_COLOR": noColour}[k] }
		})
		tm.readLine(background)
		tm.typeKeys("x")
		tm.shows("prod> x")
		tm.typeKeys("\r")
		tm.gets("x")
		out := tm.written()
		red, bold, magenta := strings.Contains(out, "\x1b[1;31m"), strings.Contains(out, "\x1b[1mprod"), strings.Contains(out, "\x1b[35mx")
		if on := noColour == ""; red != on || magenta != on || bold == on {
			t.Errorf("NO_COLOR=%q: %q", noColour, out)
		}
	}
}
