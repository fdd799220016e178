package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"pawsh/history"
	"pawsh/repl"
)

// historyCommand is `pawsh history`.
func historyCommand(p process) *cobra.Command {
	var q repl.HistoryQuery
	asJSON := false
	c := &cobra.Command{
		Use:   "history",
		Short: "Print the history for other programs",
		Long: `history prints what was typed at the prompt, the oldest first: the inputs alone,
or with --json an object a line with all that is known of them. Secrets are
not in it.`,
		Example: "  pawsh history -g run*instances\n  pawsh history --json -n 100 | jq -r 'select(.status != \"ok\").input'",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if q.N < 0 {
				return fmt.Errorf("-n %d: want a number of entries, 0 for all", q.N)
			}
			home, _ := os.UserHomeDir() // XDG_STATE_HOME may serve without
			path := history.DefaultPath(p.getenv, home)
			if _, err := os.Stat(path); os.IsNotExist(err) {
				return nil // nothing was typed yet; asking must not create it
			}
			store, err := history.Open(history.Options{Path: path})
			if err != nil {
				return problem(p, err)
			}
			defer store.Close()
			found, err := q.Find(store)
			if err != nil {
				return problem(p, err)
			}
			if err := repl.WriteHistory(p.stdout, found, asJSON); err != nil {
				return problem(p, err)
			}
			return nil
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.IntVarP(&q.N, "number", "n", 0, "the newest `N` only")
	f.StringVarP(&q.Pattern, "grep", "g", "", "those that contain `PATTERN`; * stands for anything, case does not matter")
	f.StringVar(&q.Session, "session", "", "those of one session, by its `ID`")
	f.BoolVar(&asJSON, "json", false, "a JSON object a line")
	return c
}

// problem prints an error that is no wrong usage.
func problem(p process, err error) error {
	fmt.Fprintln(p.stderr, "pawsh:", err)
	return failure(exitFailed)
}
