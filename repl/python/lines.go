package python

import (
	"regexp"
	"strings"
)

// textLine is a line of Python without its prompt.
type textLine struct {
	text string
	line int // 1-based, in the text that was given
	col  int // bytes in front of text
	// kind tells what stood before it.
	kind lineKind
}

type lineKind int

const (
	plain  lineKind = iota // no prompt
	first                  // >>>
	follow                 // ...
)

var (
	promptRE = regexp.MustCompile(`^[ \t]*(>>>|In \[\d+\]:|pawsh>|\S+ [a-z]{2,4}(-[a-z]+)+-\d+ >)( |$)`)
	barePS1  = regexp.MustCompile(`^[ \t]*>>>`)
	followRE = regexp.MustCompile(`^[ \t]*\.\.\.:?( |$)`)
)

// cutLines takes the prompts off a text; prompted tells that it has some. Then
// lines without a prompt are output, or go on with a statement that is open:
// only the scanner knows which.
func cutLines(src string) (out []textLine, prompted bool) {
	src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	for i, l := range strings.Split(src, "\n") {
		tl := textLine{text: l, line: i + 1}
		for {
			m := promptRE.FindString(tl.text)
			if m == "" {
				m = barePS1.FindString(tl.text)
			}
			if m == "" {
				break
			}
			tl.text, tl.col, tl.kind, prompted = tl.text[len(m):], tl.col+len(m), first, true
		}
		if m := followRE.FindString(tl.text); m != "" {
			tl.text, tl.col = tl.text[len(m):], tl.col+len(m)
			if tl.kind == plain {
				tl.kind = follow
			}
		}
		out = append(out, tl)
	}
	if !prompted {
		// Dots alone are no prompt: take the text as it is.
		for i, l := range strings.Split(src, "\n") {
			out[i] = textLine{text: l, line: i + 1}
		}
	}
	return out, prompted
}

// Prompted tells whether a text has Python's prompts.
func Prompted(src string) bool {
	for l := range strings.Lines(src) {
		if barePS1.MatchString(l) {
			return true
		}
	}
	return false
}
