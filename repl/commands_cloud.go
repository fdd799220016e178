package repl

import (
	"context"
	"fmt"
	"strings"

	"pawsh/bindings/session"
	"pawsh/bindings/sts"
	"pawsh/repl/diag"
)

func cloudCommands() []command {
	return []command{
		{
			name: "region", group: groupCloud, args: "[NAME]", kind: ArgRegion, saved: true,
			help:    "show or change the region of new connections",
			long:    "ec2, s3 and the other names connect anew; a connection that a variable holds stays where it is.",
			example: ":region eu-west-1",
			run:     (*Shell).cmdRegion,
		}, {
			name: "profile", group: groupCloud, args: "[NAME]", kind: ArgProfile, saved: true,
			help:    "show or change the profile of new connections",
			long:    "Profiles are those of the shared AWS files and of boto's. Without NAME they are listed.",
			example: ":profile staging",
			run:     (*Shell).cmdProfile,
		}, {
			name: "whoami", group: groupCloud,
			help: "who signs requests, and where the keys are from",
			long: "Asks STS (GetCallerIdentity), which any valid key may do.",
			run:  (*Shell).cmdWhoami,
		}, {
			name: "config", group: groupCloud,
			help: "the configuration in use, and its sources",
			run:  (*Shell).cmdConfig,
		}, {
			name: "dryrun", group: groupCloud, args: "[on|off]", kind: ArgValue, values: []string{"on", "off"}, saved: true,
			help: "have calls checked instead of done",
			long: "EC2 then answers DryRunOperation to what would be allowed and UnauthorizedOperation to what would not, and does neither. " +
				"Other services have no dry run: a call that would change something is not sent, and the error says what it would have done.",
			example: ":dryrun on\nec2.TerminateInstances([]string{\"i-0123456789abcdef0\"})",
			run:     (*Shell).cmdDryRun,
		}, {
			name: "debug", group: groupCloud, args: "[off|calls|headers|wire [CELL]]", kind: ArgValue, then: ArgExpr,
			values: []string{"off", "calls", "headers", "wire"},
			help:   "show requests, on open connections too",
			long: "calls prints a line for each request, headers adds the heads of request and answer, wire the bodies. Secrets are left out. " +
				"With a CELL the level holds for that one. Within a cell, xray(expr) is expr, shown as at wire.",
			example: ":debug calls\n:debug wire ec2.GetAllZones()\nzones := xray(ec2.GetAllZones())",
			run:     (*Shell).cmdDebug,
		},
	}
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

func (sh *Shell) cmdWhoami(ctx context.Context, _ string) (string, error) {
	ctx, cancel := sh.bounded(ctx)
	defer cancel()
	sh.env.SetContext(func() context.Context { return ctx })
	defer sh.env.SetContext(sh.kernel.eval.Context)
	fail := func(err error) error {
		code, message, hint, ok := explain(err)
		if !ok {
			return failed(err, ":config shows the configuration in use")
		}
		return &diag.Error{Kind: diag.AWS, Code: code, Message: message, Hint: hint, Err: err}
	}
	c, err := sts.Connect(sh.env)
	if err != nil {
		return "", fail(err)
	}
	id, err := c.GetCallerIdentity()
	if err != nil {
		if ctx.Err() != nil {
			return "", diag.ErrInterrupted
		}
		return "", fail(err)
	}
	var b strings.Builder
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", name, value)
		}
	}
	row("account", id.Account)
	row("ARN", id.ARN)
	row("user id", id.UserID)
	row("access key", c.AWSAccessKeyID)
	row("from", credentialSource(c.Target))
	row("region", c.Target.Region+" ("+c.Target.Sources.Region+")")
	return b.String(), nil
}

func credentialSource(t *session.Target) string {
	if t.Sandbox {
		return "the sandbox"
	}
	return t.Sources.Credentials
}

func (sh *Shell) cmdDryRun(_ context.Context, args string) (string, error) {
	switch args {
	case "":
		if sh.env.DryRun() {
			return "on", nil
		}
		return "off", nil
	case "on", "off":
		sh.env.SetDryRun(args == "on")
		return "", nil
	}
	return "", usage(":dryrun is on or off")
}

func (sh *Shell) cmdDebug(ctx context.Context, args string) (string, error) {
	if args == "" {
		return sh.env.DebugLevel().String(), nil
	}
	level, cell, _ := strings.Cut(args, " ")
	l, err := session.ParseLevel(level)
	if err != nil {
		return "", usage("%v", err)
	}
	if cell = strings.TrimSpace(cell); cell != "" {
		defer sh.env.ForceDebug(l)()
		if err := sh.Run(ctx, cell); err != nil {
			return "", printed{err}
		}
		return "", nil
	}
	sh.env.SetDebug(l)
	return "", nil
}
