package repl

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"pawsh/history"
	"pawsh/repl/check"
	"pawsh/repl/python"
)

func sessionCommands() []command {
	return []command{
		{
			name: "names", group: groupSession,
			help: "the names of this session with their types",
			run:  (*Shell).cmdNames,
		}, {
			name: "time", group: groupSession, args: "[EXPR|on|off]", kind: ArgExpr, values: []string{"on", "off"},
			help:    "time one cell, or every cell",
			example: ":time ec2.GetAllInstances()",
			run:     (*Shell).cmdTime,
		}, {
			name: "timeout", group: groupSession, args: "[DURATION|off]", kind: ArgText, values: []string{"off"}, saved: true,
			help:    "bound the time of each cell",
			example: ":timeout 30s",
			run:     (*Shell).cmdTimeout,
		}, {
			name: "load", group: groupSession, args: "FILE", kind: ArgFile,
			help: "run a file as cells",
			long: "The first cell that fails ends it. What the cells declare stays.",
			run:  (*Shell).cmdLoad,
		}, {
			name: "save", group: groupSession, args: "[-f] FILE", kind: ArgFile,
			help: "write the cells that succeeded as a script",
			long: "`pawsh FILE` runs the script, :load FILE runs it here. Secrets are left out, and the script says where. " +
				"A file that exists is only replaced with -f.",
			example: ":save setup.pawsh",
			run:     (*Shell).cmdSave,
		}, {
			name: "reset", group: groupSession,
			help: "forget all that cells declared",
			run:  (*Shell).cmdReset,
		}, {
			name: "set", group: groupSession, args: "[KEY [VALUE]]", kind: ArgSetting,
			help: "the settings that every prompt begins with",
			long: "They stand in pawsh/config.toml under XDG_CONFIG_HOME (~/.config). Without arguments all are listed, with what they mean. " +
				":set -u KEY goes back to the default. Scripts, -c and --json do not read them.",
			example: ":set display table\n:set -u display",
			run:     (*Shell).cmdSet,
		}, {
			name: "quit", aliases: []string{"q", "exit"}, group: groupSession,
			help: "leave (also Ctrl-D)",
			run:  (*Shell).cmdQuit,
		},
	}
}

// past is what a session remembers of its own cells. History, which outlives
// it, has secrets redacted; this has not, and is never written anywhere as it is.
type past struct{ cells []pastCell }

type pastCell struct {
	n       int // 0 for a command, and for a cell that was refused
	text    string
	ok      bool
	command bool
}

func (p *past) keep(command string) {
	p.cells = append(p.cells, pastCell{text: command, ok: true, command: true})
}

func (p *past) add(n int, text string, ok bool) {
	p.cells = append(p.cells, pastCell{n: n, text: text, ok: ok})
}

// cell gives a cell of this session; n below 1 means the last one, refused or
// not.
func (p *past) cell(n int) (pastCell, bool) {
	for i := len(p.cells) - 1; i >= 0; i-- {
		if c := p.cells[i]; !c.command && (n < 1 || c.n == n) {
			return c, true
		}
	}
	return pastCell{}, false
}

var outRE = regexp.MustCompile(`\bOut\[`)

// script writes the cells that succeeded as a file of cells. notes says what
// stands otherwise than it was typed.
func (p *past) script() (text string, cells int, notes []string) {
	var b strings.Builder
	for _, c := range p.cells {
		if !c.ok {
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(c.text), "package ") {
			notes = append(notes, fmt.Sprintf("cell %d is a whole Go file and was left out", c.n))
			continue
		}
		safe := history.Redact(c.text)
		if safe != c.text {
			b.WriteString("// The next cell held a secret: put it back before you run it.\n")
			if !c.command {
				notes = append(notes, fmt.Sprintf("cell %d held a secret, which was left out", c.n))
			}
		}
		if !c.command {
			cells++
		}
		if outRE.MatchString(safe) {
			notes = append(notes, fmt.Sprintf("cell %d uses Out[n]: the cells of a script are numbered anew", c.n))
		}
		b.WriteString(strings.TrimRight(safe, "\n") + "\n")
	}
	return b.String(), cells, notes
}

func (sh *Shell) cmdSave(_ context.Context, args string) (string, error) {
	ws, err := words(args)
	if err != nil {
		return "", err
	}
	force := len(ws) > 0 && ws[0] == "-f"
	if force {
		ws = ws[1:]
	}
	if len(ws) != 1 {
		return "", usage(":save wants a file")
	}
	text, n, notes := sh.session.script()
	if n == 0 {
		return "", usage("there is nothing to save: no cell has succeeded yet")
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(ws[0], flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", failed(err, ":save -f "+ws[0]+" replaces it")
	}
	if err != nil {
		return "", failed(err, "")
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", failed(err, "")
	}
	cells := "cells"
	if n == 1 {
		cells = "cell"
	}
	return strings.Join(append([]string{fmt.Sprintf("%d %s in %s", n, cells, ws[0])}, notes...), "\n"), nil
}

func (sh *Shell) cmdLoad(ctx context.Context, args string) (string, error) {
	name, err := one(args, ":load")
	if err != nil {
		return "", err
	}
	if name == "" {
		return "", usage(":load wants a file")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", failed(err, "")
	}
	defer f.Close()
	// A file that loads itself would go on for ever.
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", failed(err, "")
	}
	for _, l := range sh.loading {
		if l == abs {
			return "", usage("%s loads itself", name)
		}
	}
	sh.loading = append(sh.loading, abs)
	defer func() { sh.loading = sh.loading[:len(sh.loading)-1] }()
	if err := sh.Script(ctx, name, f); err != nil {
		return "", printed{err}
	}
	return "", nil
}

func (sh *Shell) cmdNames(context.Context, string) (string, error) {
	names := sh.kernel.scope.Names()
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		o := sh.kernel.scope.Lookup(n)
		if o == nil {
			continue
		}
		if pn, ok := o.(*types.PkgName); ok {
			fmt.Fprintf(&b, "%-16s package %s\n", n, pn.Imported().Path())
			continue
		}
		fmt.Fprintf(&b, "%-16s %s\n", n, check.TypeString(o))
	}
	return b.String(), nil
}

func (sh *Shell) cmdTime(ctx context.Context, args string) (string, error) {
	switch args {
	case "on", "":
		sh.showTime = true
		return "", nil
	case "off":
		sh.showTime = false
		return "", nil
	}
	saved := sh.showTime
	sh.showTime = true
	defer func() { sh.showTime = saved }()
	if err := sh.Run(ctx, args); err != nil {
		return "", printed{err}
	}
	return "", nil
}

func (sh *Shell) cmdTimeout(_ context.Context, args string) (string, error) {
	switch args {
	case "":
		if sh.timeout == 0 {
			return "off", nil
		}
		return sh.timeout.String(), nil
	case "off", "0":
		sh.timeout = 0
		return "", nil
	}
	d, err := time.ParseDuration(args)
	if err != nil || d < 0 {
		return "", usage(":timeout wants a duration such as 30s, or off")
	}
	sh.timeout = d
	return "", nil
}

func (sh *Shell) cmdReset(context.Context, string) (string, error) {
	sh.kernel.scope.Reset()
	sh.translator = python.New()
	sh.session.cells = nil
	return "", nil
}

func (sh *Shell) cmdQuit(_ context.Context, args string) (string, error) {
	if args != "" {
		return "", usage(":quit takes nothing: the exit code is 0, or that of a script's failed cell")
	}
	sh.quit = true
	return "", nil
}
