package recipes

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Fold breaks the lines of a text for a screen of so many columns: between
// words, and where Japanese may be broken. Runs of blanks become one.
func Fold(s string, width int) string {
	if width <= 0 {
		return s
	}
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		out = append(out, foldLine(line, width)...)
	}
	return strings.Join(out, "\n")
}

func foldLine(s string, width int) []string {
	var lines []string
	line, used := "", 0
	state := -1
	for s != "" {
		var segment string
		segment, s, _, state = uniseg.FirstLineSegmentInString(s, state)
		shown := strings.TrimRight(segment, " ")
		w := uniseg.StringWidth(shown)
		if used > 0 && used+w > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		line += segment
		used += uniseg.StringWidth(segment)
	}
	return append(lines, strings.TrimRight(line, " "))
}
