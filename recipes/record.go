package recipes

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// Answer is what a cell of a recipe's file said in a run.
type Answer struct {
	Part   string // of the file
	Cell   int    // in the part, from 0
	Output string
}

// Recorder collects the answers of one session, for Record. Its Observe is for
// a Trial.
type Recorder struct {
	Recipe  *Recipe
	Answers []Answer

	seen map[string]int
}

// Observe takes an answer.
func (c *Recorder) Observe(part string, cell Cell, output string) {
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	n := c.seen[part]
	c.seen[part]++
	if part == string(FormSteps) {
		part, n = c.step(n)
	}
	failed := strings.HasPrefix(output, "error:")
	if failed == cell.Fails {
		c.Answers = append(c.Answers, Answer{part, n, output})
	}
}

// step finds the cell of a number among those of all steps.
func (c *Recorder) step(n int) (part string, cell int) {
	for i, s := range c.Recipe.Steps {
		if n < len(s.Cells) {
			return strconv.Itoa(i + 1), n
		}
		n -= len(s.Cells)
	}
	return "", n
}

// Record writes the answers of a session into a recipe's file. Those that match
// stay as they are, so that identifiers do not change with every run; in those
// that do not the identifiers are the file's own as far as it has them.
func Record(src []byte, answers []Answer) ([]byte, error) {
	a := txtar.Parse(src)
	parts := map[string][]Cell{}
	for _, f := range a.Files {
		if cells, err := ParseTranscript(string(f.Data)); err == nil {
			parts[f.Name] = cells
		}
	}
	var m Matcher
	changed := map[string]bool{}
	for _, x := range answers {
		cells := parts[x.Part]
		if x.Cell >= len(cells) {
			return nil, fmt.Errorf("%s: the file has no cell %d: was it changed since the run?", x.Part, x.Cell+1)
		}
		c := &cells[x.Cell]
		if m.Match(c.Output, x.Output) == nil {
			continue
		}
		c.Output = m.tell(x.Output)
		_ = m.Match(c.Output, x.Output) // makes the new identifiers known
		changed[x.Part] = true
	}
	for i, f := range a.Files {
		if changed[f.Name] {
			a.Files[i].Data = []byte(FormatTranscript(parts[f.Name]) + "\n")
		}
	}
	return txtar.Format(a), nil
}

// tell writes an answer with the text's identifiers in place of the run's.
func (m *Matcher) tell(got string) string {
	return kindsRE().ReplaceAllStringFunc(got, func(id string) string {
		if t, ok := m.here[id]; ok {
			return t
		}
		return id
	})
}
