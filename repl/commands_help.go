package repl

import (
	"context"
	"fmt"
	"strings"
)

func helpCommands() []command {
	return []command{
		{
			name: "help", aliases: []string{"h"}, group: groupHelp, args: "[NAME]", kind: ArgCommand,
			help:    "this list, or one command in full",
			long:    "NAME is a command; the documentation of any other name is shown as :doc does.",
			example: ":help history",
			run:     (*Shell).cmdHelp,
		}, {
			name: "doc", aliases: []string{"?"}, group: groupHelp, args: "NAME", kind: ArgExpr,
			help:    "documentation of a name; also NAME?",
			long:    "NAME is anything that can be selected: a package, a type, a function, a method, a field. Nothing is run and nothing is sent.",
			example: ":doc ec2.RunInstances\ns3.CreateBucket?",
			run:     (*Shell).cmdDoc,
		}, {
			name: "source", aliases: []string{"??"}, group: groupHelp, args: "NAME", kind: ArgExpr,
			help:    "what is behind a name; also NAME??",
			long:    "For a method of the bindings that is the AWS operations it calls, for what a cell declared the cell.",
			example: ":source ec2.RunInstances\nec2.TerminateInstances??",
			run:     (*Shell).cmdSource,
		}, {
			name: "type", aliases: []string{"t"}, group: groupHelp, args: "EXPR", kind: ArgExpr,
			help:    "the type of an expression, without running it",
			example: ":type ec2.GetAllInstances()[0].Instances",
			run:     (*Shell).cmdType,
		},
	}
}

// helpColumn is the width of the commands in the list.
const helpColumn = 26

// introduction stands before the list of commands.
const introduction = `pawsh %s: every line is Go. Try ec2.GetAllZones() or s3.CreateBucket("paws").
ec2 s3 cw sns sqs iam sts euca walrus gs   connections, opened at first use
_ __ ___ Out[n]   earlier values           ctx        context of the cell
NAME?   documentation                      Ctrl-C     interrupts
VALUE | PROGRAM   sends a value to a program
>>> ...           Python of boto 2 becomes Go and runs (:help py)
`

func (sh *Shell) cmdHelp(_ context.Context, args string) (string, error) {
	name := strings.TrimPrefix(strings.TrimSpace(args), ":")
	if name != "" {
		c, ok := find(name)
		if ok {
			return c.text(), nil
		}
		if doc, err := sh.kernel.Doc(name); err == nil {
			return doc, nil
		}
		return "", noCommand(name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, introduction, sh.version)
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s\n", g)
		for _, c := range commands() {
			if c.group != g {
				continue
			}
			head := strings.TrimSpace(c.head() + " " + c.args)
			if len(head) > helpColumn {
				fmt.Fprintf(&b, "  %s\n", head)
				head = ""
			}
			fmt.Fprintf(&b, "  %-*s %s\n", helpColumn, head, c.help)
		}
	}
	return b.String(), nil
}

// text is a command in full, as :help NAME shows it.
func (c command) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n    %s\n", strings.TrimSpace(c.head()+" "+c.args), c.help)
	if len(c.aliases) > 0 {
		fmt.Fprintf(&b, "    also :%s\n", strings.Join(c.aliases, ", :"))
	}
	if c.long != "" {
		fmt.Fprintf(&b, "\n%s\n", fold(c.long, 78))
	}
	if c.example != "" {
		fmt.Fprintf(&b, "\nexample:\n    %s\n", strings.ReplaceAll(c.example, "\n", "\n    "))
	}
	return b.String()
}

// fold breaks a text at blanks into lines of at most width; its own line breaks
// stay.
func fold(s string, width int) string {
	var lines []string
	for _, par := range strings.Split(s, "\n") {
		line := ""
		for _, w := range strings.Fields(par) {
			if line != "" && len(line)+1+len(w) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += w
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// CommandsMarkdown is the page docs/commands.md.
func CommandsMarkdown() string {
	var b strings.Builder
	b.WriteString("# Commands\n\nA line that begins with a colon is a command of the shell; every other line is Go.\n" +
		"`:help` prints this list, `:help NAME` one command. This page is written from the same\n" +
		"table: `go test ./repl -run TestCommandsPage -update` renews it.\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n", g)
		for _, c := range commands() {
			if c.group == g {
				c.markdown(&b)
			}
		}
	}
	return b.String()
}

func (c command) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### `%s`\n\n", strings.TrimSpace(c.head()+" "+c.args))
	b.WriteString(capital(c.help))
	if !strings.HasSuffix(c.help, "?") {
		b.WriteString(".")
	}
	if len(c.aliases) > 0 {
		fmt.Fprintf(b, " Also `:%s`.", strings.Join(c.aliases, "`, `:"))
	}
	b.WriteString("\n")
	if c.long != "" {
		fmt.Fprintf(b, "\n%s\n", fold(c.long, 84))
	}
	if c.example != "" {
		fmt.Fprintf(b, "\n```\n%s\n```\n", c.example)
	}
}

// capital begins a text with a capital letter.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (sh *Shell) cmdType(_ context.Context, args string) (string, error) {
	if args == "" {
		return "", usage(":type wants an expression")
	}
	return sh.kernel.scope.TypeOf(args)
}

func (sh *Shell) cmdDoc(_ context.Context, args string) (string, error) {
	if args == "" {
		return "", usage(":doc wants a name, such as ec2.RunInstances")
	}
	return sh.kernel.Doc(args)
}
