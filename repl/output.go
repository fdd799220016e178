package repl

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/rivo/uniseg"

	"pawsh/repl/display"
)

// Terminal is where a person sits; a shell without one never starts a pager or
// an editor.
type Terminal struct {
	In, Out *os.File
	// Size gives columns and lines; 0 where they are not known.
	Size func() (width, height int)
}

// width is that of the terminal that results are printed on, 0 without one.
func (sh *Shell) width() int {
	switch {
	case sh.term != nil:
		w, _ := sh.term.Size()
		return w
	case sh.columns != nil:
		return sh.columns()
	}
	return 0
}

// Display is what the shell prints for the values of a result.
func (sh *Shell) Display(r Result) string {
	o := sh.view
	o.Width, o.Terminal = sh.width(), sh.term != nil || sh.columns != nil
	return render(r, o)
}

// Display is what a prompt prints for the values of a result unless told
// otherwise.
func Display(r Result) string { return render(r, display.Options{}) }

func render(r Result, o display.Options) string {
	if !r.Shown {
		return ""
	}
	parts := make([]string, len(r.Values))
	for i, v := range r.Values {
		parts[i] = display.Render(v, o)
	}
	sep := " "
	if strings.Contains(strings.Join(parts, ""), "\n") {
		sep = "\n"
	}
	return strings.Join(parts, sep)
}

// show prints a text, in the pager where it does not fit the screen.
func (sh *Shell) show(text string) {
	text = strings.TrimSuffix(text, "\n")
	if sh.term == nil || !sh.paging || sh.fits(text) || !sh.page(text) {
		fmt.Fprintln(sh.out, text)
	}
}

// fits tells whether a text leaves a line of the screen for the prompt.
func (sh *Shell) fits(text string) bool {
	width, height := sh.term.Size()
	if width <= 0 || height <= 0 {
		return true
	}
	used := 1
	for line := range strings.SplitSeq(text, "\n") {
		used++
		if len(line) > width { // else it can't be wider
			used += max(0, uniseg.StringWidth(line)-1) / width
		}
		if used > height {
			return false
		}
	}
	return true
}

// page shows a text in the pager; false when there is none.
func (sh *Shell) page(text string) bool {
	pager := strings.TrimSpace(sh.getenv("PAGER"))
	if pager == "" {
		pager = "less"
	}
	if pager == "cat" || sh.getenv("TERM") == "dumb" {
		return false
	}
	if _, err := exec.LookPath(strings.Fields(pager)[0]); err != nil {
		return false
	}
	// Ctrl-C is the pager's own affair: ended by us it would leave the terminal
	// in its own state.
	c := exec.Command("sh", "-c", pager)
	c.Stdin = strings.NewReader(text + "\n")
	c.Stdout, c.Stderr = sh.term.Out, sh.term.Out
	if sh.getenv("LESS") == "" {
		c.Env = append(os.Environ(), "LESS=FRX")
	}
	if err := c.Run(); err != nil {
		fmt.Fprintf(sh.err, "%s pager %s: %v\n", sh.palette.Hint("warning:"), pager, err)
	}
	return true
}
