package recipes

import (
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"
)

// Record writes the answers that a run gave into a recipe's file: answers that
// match stay as they are, so that identifiers do not change with every run.
// answers holds them by part and in the order of the cells.
func Record(src []byte, answers map[string][]string) ([]byte, error) {
	a := txtar.Parse(src)
	var m Matcher
	for i, f := range a.Files {
		got, ok := answers[f.Name]
		if !ok {
			continue
		}
		cells, err := ParseTranscript(string(f.Data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		for j := range min(len(cells), len(got)) {
			failed := strings.HasPrefix(got[j], "error:") // by mistake, if it should not
			if m.Match(cells[j].Output, got[j]) != nil && failed == cells[j].Fails {
				cells[j].Output = got[j]
			}
		}
		a.Files[i].Data = []byte(FormatTranscript(cells) + "\n")
	}
	return txtar.Format(a), nil
}
