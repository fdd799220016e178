package shell

import (
	"strings"
	"testing"
	"time"
)

// FuzzScript wants any text to end within its limits, without an error of the
// shell's own.
func FuzzScript(f *testing.F) {
	for _, s := range scripts {
		f.Add(s.in)
	}
	f.Add(`0||$1`) // words that expand to no command
	f.Add(`()00`)  // a function without a name
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		began := time.Now()
		out, _ := runScript(t, lab(t), text, Limits{Steps: 2000, Time: 10 * time.Second, Output: 64 << 10})
		if strings.Contains(out, "internal error") && !strings.Contains(text, "internal") {
			t.Errorf("%q: %s", text, out)
		}
		if d := time.Since(began); d > 8*time.Second {
			t.Errorf("%q took %v", text, d)
		}
	})
}
