package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"pawsh/repl"
	"pawsh/repl/diag"
)

// py2goCommand is `pawsh py2go`.
func py2goCommand(p process) *cobra.Command {
	return &cobra.Command{
		Use:   "py2go FILE",
		Short: "Print a Python script that uses boto 2 as a Go program",
		Long: `py2go prints the Go program that a Python script for boto 2 is: its functions
return their errors, what stands outside of them is main. The program imports
the bindings that the shell has. A script is translated whole or refused with
the construct and its line; nothing is run.`,
		Example: "  pawsh py2go launch.py > launch/main.go",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := os.ReadFile(args[0])
			if err != nil {
				return fmt.Errorf("read script: %w", err)
			}
			text, err := repl.PythonProgram(string(b))
			var d *diag.Error
			if errors.As(err, &d) && d.Hint != "" {
				err = fmt.Errorf("%w\nhint: %s", err, d.Hint)
			}
			if err != nil {
				return problem(p, fmt.Errorf("%s:%w", args[0], err))
			}
			fmt.Fprint(p.stdout, text)
			return nil
		},
	}
}
