package repl

import (
	"context"
	"fmt"
	"go/types"
	"os"
	"os/exec"
	"sort"
	"strings"
	"time"

	"pawsh/bindings/session"
	"pawsh/repl/check"
	"pawsh/repl/diag"
	"pawsh/repl/input"
)

// command is one row of the table of commands, which also renders :help.
type command struct {
	name    string
	aliases []string
	args    string
	help    string
	run     func(sh *Shell, ctx context.Context, args string) (string, error)
}

// commands lists all commands; see also docs/how-it-works.md.
func commands() []command {
	return []command{
		{name: "help", aliases: []string{"h"}, args: "[NAME]", help: "this list, or one command", run: (*Shell).cmdHelp},
		{name: "type", aliases: []string{"t"}, args: "EXPR", help: "type of an expression, without running it", run: (*Shell).cmdType},
		{name: "doc", aliases: []string{"?"}, args: "NAME", help: "documentation; also NAME?", run: (*Shell).cmdDoc},
		{name: "config", help: "the configuration in use and where each value comes from", run: (*Shell).cmdConfig},
		{name: "region", args: "[NAME]", help: "show or change the region of new connections", run: (*Shell).cmdRegion},
		{name: "profile", args: "[NAME]", help: "show or change the profile of new connections", run: (*Shell).cmdProfile},
		{name: "sandbox", help: "go to the sandbox cloud", run: (*Shell).cmdSandbox},
		{name: "debug", args: "[off|calls|headers|wire]", help: "show requests, on open connections too", run: (*Shell).cmdDebug},
		{name: "timeout", args: "[DURATION|off]", help: "bound the time of each cell", run: (*Shell).cmdTimeout},
		{name: "time", args: "[on|off]", help: "show how long each cell took", run: (*Shell).cmdTime},
		{name: "history", args: "[-n N] [-g TEXT]", help: "earlier cells", run: (*Shell).cmdHistory},
		{name: "names", help: "the names of this session", run: (*Shell).cmdNames},
		{name: "load", args: "FILE", help: "run a file as cells", run: (*Shell).cmdLoad},
		{name: "reset", help: "forget all that cells declared", run: (*Shell).cmdReset},
		{name: "!", args: "COMMAND", help: "run a command of the system's shell", run: (*Shell).cmdSystem},
		{name: "quit", aliases: []string{"q", "exit"}, help: "leave (also Ctrl-D)", run: (*Shell).cmdQuit},
	}
}

func usage(format string, args ...any) error {
	return &diag.Error{Kind: diag.Compile, Message: fmt.Sprintf(format, args...), Hint: ":help lists the commands"}
}

func (sh *Shell) command(ctx context.Context, l input.Line) (string, error) {
	if l.Name == "??" {
		l.Name = "?"
	}
	var names []string
	for _, c := range commands() {
		if c.name == l.Name {
			return c.run(sh, ctx, l.Args)
		}
		for _, a := range c.aliases {
			if a == l.Name {
				return c.run(sh, ctx, l.Args)
			}
		}
		names = append(names, c.name)
	}
	err := usage("there is no command :%s", l.Name)
	if near := check.Nearest(l.Name, names); near != "" {
		err.(*diag.Error).Hint = "did you mean :" + near + "?"
	}
	return "", err
}

func (sh *Shell) cmdHelp(_ context.Context, args string) (string, error) {
	var b strings.Builder
	name := strings.TrimPrefix(args, ":")
	if name == "" {
		fmt.Fprintf(&b, "pawsh %s: every line is Go. Try ec2.GetAllZones(), boto.EC2.Regions(), s3.CreateBucket(\"paws\")\n", sh.version)
		b.WriteString("ec2 s3 cw sns sqs iam sts euca walrus gs  connections, opened at first use\n")
		b.WriteString("_ __ ___ Out[n]  earlier values    ctx  context of the cell    Ctrl-C  interrupts\n\n")
	}
	found := false
	for _, c := range commands() {
		if name != "" && c.name != name {
			continue
		}
		found = true
		head := ":" + c.name
		if c.name == "!" {
			head = "!"
		}
		fmt.Fprintf(&b, "%-34s %s\n", strings.TrimSpace(head+" "+c.args), c.help)
	}
	if !found {
		return "", usage("there is no command :%s", name)
	}
	return b.String(), nil
}

func (sh *Shell) cmdType(_ context.Context, args string) (string, error) {
	if args == "" {
		return "", usage(":type wants an expression")
	}
	t, err := sh.kernel.scope.TypeOf(args)
	if err != nil {
		return "", err
	}
	return t, nil
}

func (sh *Shell) cmdDoc(_ context.Context, args string) (string, error) {
	if args == "" {
		return "", usage(":doc wants a name, such as ec2.RunInstances")
	}
	return sh.kernel.Doc(args)
}

func (sh *Shell) cmdConfig(context.Context, string) (string, error) {
	var b strings.Builder
	for _, s := range sh.env.Settings() {
		fmt.Fprintf(&b, "%-24s %-28s %s\n", s.Name, s.Value, s.Source)
	}
	for _, w := range sh.env.Warnings() {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	return b.String(), nil
}

func (sh *Shell) derive(change func(*session.Options)) (string, error) {
	env, err := sh.env.Derive(change)
	if err != nil {
		return "", &diag.Error{Kind: diag.Compile, Message: err.Error(), Err: err, Hint: ":config shows what is in use"}
	}
	sh.use(env)
	return sh.Place(), nil
}

func (sh *Shell) cmdRegion(_ context.Context, args string) (string, error) {
	if args == "" {
		return sh.env.Region(), nil
	}
	if sh.env.InSandbox() || sh.env.Endpoint() == "" {
		if err := session.CheckRegion(args); err != nil {
			summary, hint := session.Explain(err)
			return "", &diag.Error{Kind: diag.Compile, Message: summary, Hint: hint, Err: err}
		}
	}
	return sh.derive(func(o *session.Options) { o.Region = args })
}

func (sh *Shell) cmdProfile(_ context.Context, args string) (string, error) {
	if args == "" {
		return fmt.Sprintf("%s (there are: %s)", sh.env.ProfileName(), strings.Join(sh.env.Profiles(), ", ")), nil
	}
	return sh.derive(func(o *session.Options) { o.Profile, o.UseSandbox = args, false })
}

func (sh *Shell) cmdSandbox(context.Context, string) (string, error) {
	return sh.derive(func(o *session.Options) { o.UseSandbox = true })
}

func (sh *Shell) cmdDebug(_ context.Context, args string) (string, error) {
	if args == "" {
		return sh.env.DebugLevel().String(), nil
	}
	l, err := session.ParseLevel(args)
	if err != nil {
		return "", usage("%v", err)
	}
	sh.env.SetDebug(l)
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

func (sh *Shell) cmdTime(_ context.Context, args string) (string, error) {
	switch args {
	case "on", "":
		sh.showTime = true
	case "off":
		sh.showTime = false
	default:
		return "", usage(":time is on or off")
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

func (sh *Shell) cmdReset(context.Context, string) (string, error) {
	sh.kernel.scope.Reset()
	return "", nil
}

func (sh *Shell) cmdLoad(ctx context.Context, args string) (string, error) {
	if args == "" {
		return "", usage(":load wants a file")
	}
	f, err := os.Open(args)
	if err != nil {
		return "", usage("%v", err)
	}
	defer f.Close()
	return "", sh.Script(ctx, args, f)
}

func (sh *Shell) cmdQuit(context.Context, string) (string, error) {
	sh.quit = true
	return "", nil
}

func (sh *Shell) cmdSystem(ctx context.Context, args string) (string, error) {
	if args == "" {
		return "", usage("! wants a command")
	}
	c := exec.CommandContext(ctx, "sh", "-c", args)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, sh.out, sh.err
	if err := c.Run(); err != nil {
		return "", &diag.Error{Kind: diag.Runtime, Message: err.Error(), Err: err}
	}
	return "", nil
}
