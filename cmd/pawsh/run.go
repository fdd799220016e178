package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pawsh/bindings/session"
	"pawsh/history"
	"pawsh/repl"
	"pawsh/repl/lineedit"
	"pawsh/repl/settings"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// process is what the program gets from the operating system.
type process struct {
	args           []string
	stdin          *os.File
	stdout, stderr *os.File
	getenv         func(string) string
}

// size is that of the terminal that the output goes to; zeros for a file.
func (p process) size() (width, height int) {
	w, h, err := term.GetSize(int(p.stdout.Fd()))
	if err != nil {
		return 0, 0
	}
	return w, h
}

// options are the flags.
type options struct {
	sandboxDir, clock                      string
	code, endpoint, region, profile        string
	json, sandbox, noSandbox, noColor, yes bool
	timeout                                time.Duration
	hasCode                                bool
}

// failure carries an exit code through cobra; its text has been printed.
type failure int

func (f failure) Error() string { return fmt.Sprintf("exit %d", int(f)) }

// run is the program; it gives the exit code.
func run(p process) int {
	var o options
	root := &cobra.Command{
		Use:   "pawsh [flags] [FILE]",
		Short: "The AWS shell whose every line is live Go",
		Long: `pawsh is a shell in which an AWS account is a set of live Go objects.
Without arguments it is interactive on a terminal and runs what it reads otherwise.
Without credentials it runs on its own sandbox cloud.`,
		Example:       "  pawsh -c 'ec2.GetAllZones()'\n  pawsh script.go      (./history for a file of a command's name)\n  echo 'boto.EC2.Regions()' | pawsh",
		Version:       version(),
		Args:          cobra.MaximumNArgs(1),
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.hasCode = cmd.Flags().Changed("command")
			return shell(cmd.Context(), p, o, args)
		},
	}
	root.SetArgs(p.args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(historyCommand(p), py2goCommand(p), recipeCommand(p), sandboxCommand(p))
	f := root.Flags()
	f.SortFlags = false
	f.StringVarP(&o.code, "command", "c", "", "run `CODE` and leave")
	f.BoolVar(&o.json, "json", false, "answer one JSON request a line: {\"id\",\"code\",\"timeout_ms\"}")
	f.StringVar(&o.endpoint, "endpoint", "", "send every request to `URL` (AWS_ENDPOINT_URL)")
	f.StringVar(&o.region, "region", "", "region of new connections (AWS_REGION)")
	f.StringVar(&o.profile, "profile", "", "profile of the shared AWS files (AWS_PROFILE)")
	f.BoolVar(&o.sandbox, "sandbox", false, "use the sandbox whatever is configured")
	f.BoolVar(&o.noSandbox, "no-sandbox", false, "fail when there are no credentials")
	f.StringVar(&o.sandboxDir, "sandbox-dir", "", "keep the sandbox in directory `D`")
	f.StringVar(&o.clock, "clock", "", "set the sandbox's clock to `TIME`: +1h, +30d, 2030-01-02, or real")
	f.BoolVar(&o.yes, "yes", false, "agree to calls that destroy something on a real account")
	f.DurationVar(&o.timeout, "timeout", 0, "bound the time of each cell, such as 30s")
	f.BoolVar(&o.noColor, "no-color", false, "no colours (NO_COLOR)")
	err := root.ExecuteContext(context.Background())
	var code failure
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(p.stderr, "pawsh: %v\nRun pawsh --help to see what it takes.\n", err)
	return exitUsage
}

func version() string {
	if bi, ok := debug.ReadBuildInfo(); ok && bi.Main.Version != "" {
		return strings.Trim(bi.Main.Version, "()")
	}
	return "devel"
}

// shell runs cells from wherever they come.
func shell(ctx context.Context, p process, o options, args []string) error {
	if o.hasCode && len(args) > 0 {
		return errors.New("give -c CODE or a FILE, not both")
	}
	if o.json && (o.hasCode || len(args) > 0) {
		return errors.New("--json takes its cells as requests: give neither -c CODE nor a FILE with it")
	}
	if o.timeout < 0 {
		return fmt.Errorf("--timeout %s is no length of time", o.timeout)
	}
	if o.sandbox && o.noSandbox {
		return errors.New("--sandbox and --no-sandbox exclude each other")
	}
	interactive := !o.hasCode && !o.json && len(args) == 0 && term.IsTerminal(int(p.stdin.Fd()))
	color := !o.noColor && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
	cloud := &cloud{p: p, how: serving{dir: o.sandboxDir, clock: o.clock}}
	defer cloud.close()
	env, err := session.New(session.Options{
		Getenv: p.getenv, Region: o.region, Profile: o.profile, Endpoint: o.endpoint,
		UseSandbox: o.sandbox, NoSandbox: o.noSandbox, Sandbox: cloud.start, DialSSH: cloud.dialSSH,
		Log: p.stderr, Color: color && term.IsTerminal(int(p.stderr.Fd())),
		Warn: func(s string) { fmt.Fprintln(p.stderr, "warning:", s) },
	})
	if err != nil {
		return err
	}
	c := repl.Config{
		Env: env, Stdin: p.stdin, Out: p.stdout, Err: p.stderr, Timeout: o.timeout, Version: version(),
		Color: color && term.IsTerminal(int(p.stderr.Fd())),
	}
	c.NoColor, c.Yes = o.noColor, o.yes
	c.Sandbox, c.SandboxKept = cloud.control, o.sandboxDir != ""
	if term.IsTerminal(int(p.stdout.Fd())) && !o.json {
		c.Width = func() int { w, _ := p.size(); return w }
	}
	switch {
	case o.json:
		return serveJSON(ctx, p, c)
	case interactive:
		return interact(ctx, p, c)
	}
	if !o.hasCode && len(args) == 0 {
		c.Stdin = strings.NewReader("") // the script itself comes from there
	}
	out := &output{file: p.stdout}
	c.Out = out
	sh, err := repl.New(c)
	if err != nil {
		return err
	}
	ctx, stop := repl.Interruptible(ctx)
	defer stop()
	switch {
	case o.hasCode:
		err = sh.Script(ctx, "", strings.NewReader(o.code))
	case len(args) == 1:
		err = runFile(ctx, sh, args[0])
	default:
		err = sh.Script(ctx, "", p.stdin)
	}
	if failed := out.failed(); err == nil && failed != nil {
		fmt.Fprintln(p.stderr, "pawsh:", failed)
		return failure(exitFailed)
	}
	return exit(err)
}

func runFile(ctx context.Context, sh *repl.Shell, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return usageError{fmt.Errorf("read script: %w", err)}
	}
	defer f.Close()
	return sh.Script(ctx, name, f)
}

// usageError is a fault in the arguments, which nothing has printed yet.
type usageError struct{ error }

func exit(err error) error {
	var u usageError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &u):
		return u.error
	case repl.Interrupted(err):
		return failure(exitInterrupted)
	}
	return failure(exitFailed)
}

func serveJSON(ctx context.Context, p process, c repl.Config) error {
	out, err := repl.NewCapture()
	if err != nil {
		return err
	}
	c.Stdin, c.Out, c.Err, c.Color = strings.NewReader(""), out.File, out.File, false
	sh, err := repl.New(c)
	if err != nil {
		return err
	}
	return sh.ServeJSON(ctx, p.stdin, p.stdout, out)
}

// interact runs the prompt.
func interact(ctx context.Context, p process, c repl.Config) error {
	home, _ := os.UserHomeDir()
	store, err := history.Open(history.Options{Path: history.DefaultPath(p.getenv, home)})
	if err != nil {
		fmt.Fprintln(p.stderr, "warning: the history is not kept:", err)
	} else {
		c.History = store
		defer store.Close()
	}
	file, problems := settings.Open(settings.Path(p.getenv, home))
	for _, f := range problems {
		fmt.Fprintln(p.stderr, "warning:", f)
	}
	c.Settings = file
	c.Terminal = &repl.Terminal{In: p.stdin, Out: p.stdout, Size: p.size}
	var ed *lineedit.Editor
	out := &above{w: p.stdout}
	c.Out, c.Err = out, out
	sh, err := repl.New(c)
	if err != nil {
		return err
	}
	ed, err = lineedit.New(sh.EditorConfig(p.stdin, p.stdout))
	if err != nil {
		return plainLoop(ctx, p, sh)
	}
	defer ed.Close()
	out.w = ed
	c.Env.SetLog(ed, c.Color)
	sh.Greet(out)
	// A SIGINT that comes when a cell has just ended, before the editor has the
	// terminal, is for nobody (TestPromptInStormOfInterrupts).
	late := make(chan os.Signal, 1)
	signal.Notify(late, os.Interrupt)
	defer signal.Stop(late)
	err = sh.Loop(ctx, ed)
	var sig *lineedit.SignalError
	if errors.As(err, &sig) {
		return failure(128 + signalNumber(sig.Signal))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	return nil
}

// plainLoop is the prompt of a terminal that can't be driven.
func plainLoop(ctx context.Context, p process, sh *repl.Shell) error {
	sh.Greet(p.stdout)
	return exit(sh.Script(ctx, "", p.stdin))
}

// above writes through the line editor once there is one.
type above struct{ w io.Writer }

func (a *above) Write(b []byte) (int, error) { return a.w.Write(b) }
