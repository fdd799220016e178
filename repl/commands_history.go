package repl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"pawsh/history"
	"pawsh/repl/diag"
)

// cmdHistory prints earlier cells, the oldest first.
func (sh *Shell) cmdHistory(_ context.Context, args string) (string, error) {
	if sh.history == nil {
		return "", &diag.Error{Kind: diag.Runtime, Message: "no history is kept in this shell"}
	}
	fs := flag.NewFlagSet("history", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	n := fs.Int("n", 20, "")
	pattern := fs.String("g", "", "")
	if err := fs.Parse(strings.Fields(args)); err != nil || fs.NArg() > 0 {
		return "", usage(":history [-n N] [-g TEXT]")
	}
	var found []history.Entry
	for e, err := range sh.history.Entries() {
		if err != nil {
			return "", &diag.Error{Kind: diag.Runtime, Message: err.Error(), Err: err}
		}
		if *pattern != "" && !strings.Contains(e.Input, *pattern) {
			continue
		}
		if found = append(found, e); len(found) == *n {
			break
		}
	}
	slices.Reverse(found)
	var b strings.Builder
	for _, e := range found {
		fmt.Fprintf(&b, "%s  %-10s %s\n", e.Time.Format("2006-01-02 15:04"), e.Account, strings.ReplaceAll(e.Input, "\n", "\n                              "))
	}
	return b.String(), nil
}
