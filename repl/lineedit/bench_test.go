//go:build unix

package lineedit

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	prompt "github.com/c-bata/go-prompt"
	"github.com/creack/pty"
)

// benchTerminal runs an editor on a pty and reads what it writes until a
// marker, without a vt between.
type benchTerminal struct {
	b    *testing.B
	ptm  *os.File
	ed   *Editor
	done chan string
	buf  []byte
}

func newBenchTerminal(b *testing.B, set func(*Config)) *benchTerminal {
	b.Helper()
	ptm, tty, err := pty.Open()
	if err != nil {
		b.Skipf("no pty: %v", err)
	}
	if err := pty.Setsize(ptm, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		b.Fatal(err)
	}
	c := Config{In: tty, Out: tty, Prompt: func() string { return "> " }, Getenv: func(string) string { return "xterm" }}
	set(&c)
	ed, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	t := &benchTerminal{b: b, ptm: ptm, ed: ed, done: make(chan string, 1), buf: make([]byte, 64<<10)}
	b.Cleanup(func() { ed.Close(); tty.Close(); ptm.Close() })
	t.begin()
	return t
}

func (t *benchTerminal) begin() {
	go func() {
		s, _ := t.ed.ReadLine(context.Background())
		t.done <- s
	}()
	t.until(endSync)
}

// until reads until the output holds mark.
func (t *benchTerminal) until(mark string) {
	t.b.Helper()
	var seen []byte
	for !strings.Contains(string(seen), mark) {
		n, err := t.ptm.Read(t.buf)
		if err != nil {
			t.b.Fatal(err)
		}
		seen = append(seen, t.buf[:n]...)
	}
}

func (t *benchTerminal) send(s string) {
	if _, err := t.ptm.WriteString(s); err != nil {
		t.b.Fatal(err)
	}
}

// BenchmarkKeyToPaint is the time from a byte at the terminal to the end of the
// frame that shows it, with 800 candidates in an open menu, colours, a hint and
// a completer that takes 50 ms.
func BenchmarkKeyToPaint(b *testing.B) {
	items := make([]prompt.Suggest, 800)
	for i := range items {
		items[i] = prompt.Suggest{Text: fmt.Sprintf("DescribeThing%03d", i), Description: "(ctx, *Input, ...func(*Options)) (*Output, error)"}
	}
	for _, delay := range []time.Duration{0, 50 * time.Millisecond} {
		b.Run(fmt.Sprintf("completer of %v", delay), func(b *testing.B) {
			t := newBenchTerminal(b, func(c *Config) {
				c.CompleteAsYouType = true
				c.Complete = func(ctx context.Context, text string, pos int) []Suggestion {
					if delay > 0 {
						select {
						case <-ctx.Done():
						case <-time.After(delay):
						}
					}
					start := wordBefore(text, pos)
					out := make([]Suggestion, 0, len(items))
					for _, s := range prompt.FilterFuzzy(items, text[start:pos], true) {
						out = append(out, Suggestion{Text: s.Text, Doc: s.Description, Start: start, End: pos})
					}
					return out
				}
				c.Highlight = func(text string) []Span {
					var out []Span
					for p := range goWords(text) {
						out = append(out, Span{p.from, p.to, "36"})
					}
					return out
				}
				c.Hint = func(context.Context, string, int) string { return "func DescribeThing" }
			})
			t.send("for _, r := range must(ec2.Client.")
			t.until("Client")
			var times []time.Duration
			keys := "DescribeThing"
			i := 0
			for b.Loop() {
				begin := time.Now()
				if i++; i%(len(keys)+1) == 0 {
					t.send("\x17") // begin the word again
				} else {
					t.send(keys[i%(len(keys)+1)-1 : i%(len(keys)+1)])
				}
				t.until(endSync)
				times = append(times, time.Since(begin))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds()), "p95-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// BenchmarkPaste200KB is the time from the first byte of a paste to the frame
// that shows it.
func BenchmarkPaste200KB(b *testing.B) {
	text := longPaste()
	t := newBenchTerminal(b, func(*Config) {})
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		t.send(pasteStart + text + pasteEnd)
		t.until(endSync)
		b.StopTimer()
		t.send("\x03")
		<-t.done
		t.begin()
		b.StartTimer()
	}
}

// BenchmarkKeyInLongText is the work of one key in 200 KB, without the terminal.
func BenchmarkKeyInLongText(b *testing.B) {
	for name, text := range map[string]string{"lines": longPaste(), "one line": strings.Repeat("日本 abc ", 20<<10)} {
		b.Run(name, func(b *testing.B) {
			m := newModel(nil, nil)
			m.begin(text, len(text)/2)
			m.buf.pos = clampPos(text, len(text)/2)
			ev := event{chord: chord{key: prompt.Any}, text: "x"}
			for b.Loop() {
				m.handle(ev)
				f := frame{prompt: "> ", cont: "... ", text: m.buf.text, cursor: m.buf.pos}
				f.layout(100, 30, 0)
			}
		})
	}
}

func BenchmarkDecoder(b *testing.B) {
	in := []byte(pasteStart + longPaste() + pasteEnd)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		d := newDecoder()
		for rest := in; len(rest) > 0; {
			n := min(len(rest), 4095)
			d.feed(rest[:n])
			rest = rest[n:]
		}
	}
}
