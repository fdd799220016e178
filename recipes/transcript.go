package recipes

import (
	"fmt"
	"strings"
)

// The beginnings of lines of a transcript.
const (
	begins = "> "
	fails  = "! "
	goesOn = ". "
	quoted = `\`
)

// ParseTranscript reads cells with their answers. A line of an answer that
// looks like one of a cell has a backslash in front.
func ParseTranscript(s string) ([]Cell, error) {
	var cells []Cell
	answered := false
	n := 0
	for line := range strings.Lines(s) {
		n++
		line = strings.TrimSuffix(line, "\n")
		switch text, ok := code(line); {
		case ok && line[0] != goesOn[0]:
			cells = append(cells, Cell{Source: text, Fails: line[0] == fails[0]})
			answered = false
		case ok:
			if len(cells) == 0 || answered {
				return nil, fmt.Errorf("line %d goes on with no cell: %q", n, line)
			}
			cells[len(cells)-1].Source += "\n" + text
		case len(cells) == 0 && strings.TrimSpace(line) == "":
		case len(cells) == 0:
			return nil, fmt.Errorf("line %d is the answer to no cell: %q", n, line)
		default:
			answered = true
			cells[len(cells)-1].Output += strings.TrimPrefix(line, quoted) + "\n"
		}
	}
	for i := range cells {
		cells[i].Output = tidy(cells[i].Output)
	}
	return cells, nil
}

// tidy takes the empty lines off the end of an answer, and the carriage returns
// of a machine's console.
func tidy(s string) string {
	if s = strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n"); s != "" {
		s += "\n"
	}
	return s
}

// code gives the code of a line of a cell.
func code(line string) (string, bool) {
	for _, p := range []string{begins, fails, goesOn} {
		if strings.HasPrefix(line, p) || line == p[:1] {
			return strings.TrimPrefix(strings.TrimPrefix(line, p[:1]), " "), true
		}
	}
	return "", false
}

// FormatTranscript writes cells as ParseTranscript reads them.
func FormatTranscript(cells []Cell) string {
	var b strings.Builder
	for _, c := range cells {
		prompt := begins
		if c.Fails {
			prompt = fails
		}
		for l := range strings.SplitSeq(c.Source, "\n") {
			b.WriteString(strings.TrimRight(prompt+l, " ") + "\n")
			prompt = goesOn
		}
		for l := range strings.Lines(tidy(c.Output)) {
			if _, ok := code(strings.TrimSuffix(l, "\n")); ok || strings.HasPrefix(l, quoted) {
				b.WriteString(quoted)
			}
			b.WriteString(l)
		}
	}
	return b.String()
}
