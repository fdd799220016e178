package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"pawsh/history"
	"pawsh/repl/diag"
)

// cmdEdit gives an earlier cell to the person's editor, and what comes back to
// the prompt.
func (sh *Shell) cmdEdit(_ context.Context, args string) (string, error) {
	ref, err := one(args, ":edit")
	if err != nil {
		return "", err
	}
	if sh.editor == nil || sh.term == nil {
		return "", &diag.Error{Kind: diag.Runtime, Message: ":edit needs the prompt on a terminal"}
	}
	text, _, err := sh.recall(ref)
	if err != nil && (ref != "" || !errors.Is(err, errNoCell)) {
		return "", err
	}
	err = sh.editor.Suspend(func() error {
		// The file may stay behind in an editor's backups: it has no secrets.
		text, err = sh.editText(history.Redact(text))
		return err
	})
	if err != nil {
		return "", failed(err, "the editor is $VISUAL, else $EDITOR, else vi")
	}
	sh.editor.SetText(text, len(text))
	return "", nil
}

// editKey is Alt-E: the text at the prompt, or the last cell where there is
// none, goes to the editor and comes back. It runs while nothing else does.
func (sh *Shell) editKey(_ context.Context, text string, pos int) (string, int) {
	if sh.term == nil {
		return text, pos
	}
	before := text
	if strings.TrimSpace(text) == "" {
		last, _, err := sh.recall("")
		if err == nil {
			before = history.Redact(last)
		}
	}
	after, err := sh.editText(before)
	if err != nil {
		fmt.Fprintf(sh.term.Out, "%s %v\n", sh.palette.Hint("warning:"), err)
		return text, pos
	}
	return after, len(after)
}

// editText has a text edited; the terminal must be cooked. What an editor left
// with an error has written is dropped.
func (sh *Shell) editText(text string) (string, error) {
	dir, err := os.MkdirTemp("", "pawsh")
	if err != nil {
		return "", fmt.Errorf("edit: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "cell.go")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("edit: %w", err)
	}
	editor := sh.editorCommand()
	// The variable may hold arguments and quotes, as a shell reads them.
	c := exec.Command("sh", "-c", editor+` "$1"`, "sh", file)
	c.Stdin, c.Stdout, c.Stderr = sh.term.In, sh.term.Out, sh.term.Out
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("editor %s: %w", editor, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("edit: %w", err)
	}
	return strings.TrimRight(string(b), "\n"), nil
}

func (sh *Shell) editorCommand() string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if v := strings.TrimSpace(sh.getenv(name)); v != "" {
			return v
		}
	}
	return "vi"
}
