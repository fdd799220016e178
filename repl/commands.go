package repl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pawsh/repl/check"
	"pawsh/repl/diag"
	"pawsh/repl/input"
)

// command is one row of the table of commands. The table renders :help,
// :help NAME and docs/commands.md, and serves completion.
type command struct {
	name    string
	aliases []string
	group   group
	args    string // as :help shows them
	kind    ArgKind
	values  []string // what the first argument can be, where that is a closed list
	then    ArgKind  // what follows the first argument, where that differs
	help    string   // one line
	long    string   // what else there is to know; may be ""
	example string   // lines to type, each with a comment or without
	// saved tells that :save keeps the command: it changes what later cells do.
	saved bool
	run   func(sh *Shell, ctx context.Context, args string) (string, error)
}

// group is a heading of :help.
type group string

// The groups, in the order of :help.
const (
	groupHelp     group = "Help"
	groupCloud    group = "Cloud"
	groupResults  group = "Results"
	groupHistory  group = "History"
	groupSession  group = "Session"
	groupLearning group = "Learning"
	groupSystem   group = "System"
)

var groups = []group{groupHelp, groupCloud, groupResults, groupHistory, groupSession, groupLearning, groupSystem}

// ArgKind says what the argument of a command is, for completion.
type ArgKind string

// The kinds of arguments.
const (
	ArgNone  ArgKind = ""
	ArgValue ArgKind = "value" // one of CommandInfo.Values
	// ArgValueFile is a value that a file may follow.
	ArgValueFile ArgKind = "value, file"
	ArgCommand   ArgKind = "command"
	ArgExpr      ArgKind = "expression"
	ArgCell      ArgKind = "cell" // a number of an earlier cell
	ArgFile      ArgKind = "file"
	ArgDir       ArgKind = "directory"
	ArgRegion    ArgKind = "region"
	ArgProfile   ArgKind = "profile"
	ArgEnv       ArgKind = "variable"
	ArgSetting   ArgKind = "setting"
	ArgRecipe    ArgKind = "recipe"
	ArgText      ArgKind = "text"
)

// CommandInfo describes a command to completion.
type CommandInfo struct {
	Name    string // without the colon; "!" stands alone
	Aliases []string
	Args    string
	Help    string
	Kind    ArgKind
	Values  []string
}

// Commands lists the commands of the shell.
func Commands() []CommandInfo {
	var out []CommandInfo
	for _, c := range commands() {
		out = append(out, CommandInfo{c.name, c.aliases, c.args, c.help, c.kind, c.values})
	}
	return out
}

// commands is the table of commands.
func commands() []command {
	return slices.Concat(helpCommands(), cloudCommands(), sandboxCommands(), resultCommands(), historyCommands(), sessionCommands(), recipeCommands(), pythonCommands(), systemCommands())
}

// find gives the row of a name or an alias.
func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name || slices.Contains(c.aliases, name) {
			return c, true
		}
	}
	return command{}, false
}

// usage is the error of a command that was typed wrong; the hint follows.
func usage(format string, args ...any) error {
	return &diag.Error{Kind: diag.Compile, Message: fmt.Sprintf(format, args...)}
}

// failed is the error of a command that was right and could not be done.
func failed(err error, hint string) error {
	return &diag.Error{Kind: diag.Runtime, Message: err.Error(), Err: err, Hint: hint}
}

// printed marks an error that a person has seen already: that of a cell which
// a command ran.
type printed struct{ error }

// Unwrap gives the error itself.
func (p printed) Unwrap() error { return p.error }

// command runs a line of a command.
func (sh *Shell) command(ctx context.Context, l input.Line) (string, error) {
	c, ok := find(l.Name)
	if !ok {
		return "", noCommand(l.Name)
	}
	out, err := c.run(sh, ctx, l.Args)
	var d *diag.Error
	if errors.As(err, &d) && d.Hint == "" && d.Kind == diag.Compile {
		d.Hint = ":help " + c.name + " tells more"
	}
	if err == nil && c.saved && l.Args != "" {
		sh.session.keep(":" + c.name + " " + l.Args)
	}
	return out, err
}

func noCommand(name string) error {
	var names []string
	for _, c := range commands() {
		names = append(append(names, c.name), c.aliases...)
	}
	d := &diag.Error{Kind: diag.Compile, Message: "there is no command :" + name, Hint: ":help lists the commands"}
	if near := check.Nearest(name, names); near != "" {
		d.Hint = "did you mean :" + near + "?"
	}
	return d
}

// head is a command as it is typed.
func (c command) head() string {
	if c.name == "!" {
		return "!"
	}
	return ":" + c.name
}

// words splits the arguments of a command at blanks; what stands in quotes is
// one word.
func words(s string) ([]string, error) {
	var out []string
	var w strings.Builder
	open, in := rune(0), false
	for _, r := range s {
		switch {
		case open != 0 && r == open:
			open = 0
		case open != 0:
			w.WriteRune(r)
		case r == '"' || r == '\'':
			open, in = r, true
		case r == ' ' || r == '\t':
			if in || w.Len() > 0 {
				out = append(out, w.String())
				w.Reset()
				in = false
			}
		default:
			w.WriteRune(r)
		}
	}
	if open != 0 {
		return nil, usage("the quote %c is not closed", open)
	}
	if in || w.Len() > 0 {
		out = append(out, w.String())
	}
	return out, nil
}

// one gives the only word of arguments, "" when there is none.
func one(args, want string) (string, error) {
	ws, err := words(args)
	switch {
	case err != nil:
		return "", err
	case len(ws) == 0:
		return "", nil
	case len(ws) > 1:
		return "", usage("%s: %q is too much", want, strings.Join(ws[1:], " "))
	}
	return ws[0], nil
}
