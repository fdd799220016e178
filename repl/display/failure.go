package display

import (
	"fmt"
	"strings"

	"github.com/fatih/color"
	"github.com/rivo/uniseg"

	"pawsh/repl/diag"
)

// Palette has the colours of what the shell says; without colour it changes
// nothing.
type Palette struct{ Error, Hint, Dim, Accent, Danger func(a ...any) string }

// NewPalette gives the colours, or plain text when on is false.
func NewPalette(on bool) Palette {
	style := func(attrs ...color.Attribute) func(a ...any) string {
		c := color.New(attrs...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return Palette{
		Error: style(color.FgRed, color.Bold), Hint: style(color.FgYellow), Dim: style(color.Faint),
		Accent: style(color.FgCyan), Danger: style(color.FgRed),
	}
}

// Origin is where a cell stands in a script.
type Origin struct {
	File string // "" where there is none
	Line int    // lines before the cell
}

// Failure writes an error as a person reads it: what happened, the line of the
// cell with a caret under the column, and what to do next.
func Failure(d *diag.Error, src string, o Origin, p Palette) string {
	var b strings.Builder
	b.WriteString(p.Error("error:") + " " + headline(d, o) + "\n")
	if line, ok := sourceLine(src, d.Line); ok && strings.TrimSpace(line) != "" {
		b.WriteString("  " + clip(line, d.Column) + "\n")
		if d.Column > 0 {
			b.WriteString("  " + strings.Repeat(" ", caret(line, d.Column)) + p.Error("^") + "\n")
		}
	}
	if d.Hint != "" {
		b.WriteString(p.Hint("hint:") + " " + d.Hint + "\n")
	}
	return b.String()
}

func headline(d *diag.Error, o Origin) string {
	if d.Line == 0 {
		if o.File != "" {
			return fmt.Sprintf("%s:%d: %s", o.File, o.Line+1, d.Message)
		}
		return d.Message
	}
	e := *d
	e.Line += o.Line
	if o.File != "" {
		return o.File + ":" + e.Error()
	}
	return e.Error()
}

func sourceLine(src string, n int) (string, bool) {
	if n < 1 {
		return "", false
	}
	for i := 1; i < n; i++ {
		k := strings.IndexByte(src, '\n')
		if k < 0 {
			return "", false
		}
		src = src[k+1:]
	}
	line, _, _ := strings.Cut(src, "\n")
	return strings.TrimSuffix(line, "\r"), true
}

const (
	tabWidth = 4
	maxLine  = 160 // bytes of a source line that are shown
)

// window gives the bytes of a long line to show, those around the column.
func window(line string, column int) (from, to int) {
	if len(line) <= maxLine {
		return 0, len(line)
	}
	from = max(0, min(column-1-maxLine/2, len(line)-maxLine))
	to = from + maxLine
	for from > 0 && line[from]&0xC0 == 0x80 {
		from--
	}
	for to < len(line) && line[to]&0xC0 == 0x80 {
		to++
	}
	return from, to
}

func clip(line string, column int) string {
	from, to := window(line, column)
	return strings.ReplaceAll(line[from:to], "\t", strings.Repeat(" ", tabWidth))
}

// caret gives the width of what stands before a byte column.
func caret(line string, column int) int {
	from, _ := window(line, column)
	end := min(column-1, len(line))
	if end < from {
		return 0
	}
	w := 0
	for i, part := range strings.Split(line[from:end], "\t") {
		if i > 0 {
			w += tabWidth
		}
		w += uniseg.StringWidth(part)
	}
	return w
}
