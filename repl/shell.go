package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"pawsh/bindings/boto"
	"pawsh/bindings/session"
	"pawsh/history"
	"pawsh/repl/diag"
	"pawsh/repl/display"
	"pawsh/repl/eval"
	"pawsh/repl/input"
	"pawsh/repl/lineedit"
	"pawsh/repl/python"
	"pawsh/repl/settings"
)

// Config is what a Shell is made of.
type Config struct {
	Env *session.Env
	// Stdin is read by cells; Out takes what they print and their values, Err
	// the shell's own words.
	Stdin    io.Reader
	Out, Err io.Writer
	Color    bool
	// Timeout bounds each cell; 0 means it may take for ever.
	Timeout time.Duration
	// History keeps the cells; nil keeps none.
	History *history.Store
	// Version is printed by :help.
	Version string
	// Terminal is the person's; nil for scripts.
	Terminal *Terminal
	// Width is that of the terminal that a script prints on; nil for files.
	Width func() int
	// NoColor wins over the setting.
	NoColor bool
	// Settings are what the prompt begins with; nil for scripts.
	Settings *settings.Settings
	// Sandbox gives the sandbox cloud inside this program, starting it when it
	// has not been used yet; nil where there is none.
	Sandbox func() (Sandbox, error)
	// SandboxKept tells that the sandbox is there again next time.
	SandboxKept bool
	// Yes agrees beforehand to what destroys something on a real account.
	Yes bool
	// Getenv looks up PAGER, EDITOR and the like; nil means os.Getenv.
	Getenv func(string) string
}

// Shell runs cells and commands and prints what comes of them. It is for one
// goroutine.
type Shell struct {
	kernel   *Kernel
	env      *session.Env
	conns    *connections
	out, err io.Writer
	palette  display.Palette
	color    bool
	timeout  time.Duration
	history  *history.Store
	version  string
	quit     bool
	showTime bool
	origin   display.Origin // of the running cell
	warned   bool           // that the history is lost

	sandbox   func() (Sandbox, error)
	kept      bool // the sandbox, for next time
	stdin     io.Reader
	term      *Terminal
	editor    lineedit.LineEditor // while the prompt runs
	getenv    func(string) string
	settings  *settings.Settings
	view      display.Options
	paging    bool
	autoColor bool
	noColor   bool
	columns   func() int
	session   past
	loading   []string // files that :load is in
	lastDir   string
	assist    *assistant // of the prompt
	learning  learning
	guard     *guard
	xray      xray

	translator *python.Translator
	pythonOff  bool
	lastPython lastPython
	ranGo      string // what the cell at hand became, for the history
}

// New gives a shell with an empty session; nothing is opened or sent.
func New(c Config) (*Shell, error) {
	sh := &Shell{
		env: c.Env, conns: &connections{}, out: c.Out, err: c.Err, color: c.Color,
		palette: display.NewPalette(c.Color), timeout: c.Timeout, history: c.History, version: c.Version,
	}
	sh.translator = python.New()
	sh.stdin, sh.term, sh.getenv, sh.settings, sh.autoColor = c.Stdin, c.Terminal, c.Getenv, c.Settings, c.Color
	sh.noColor, sh.columns, sh.sandbox, sh.kept = c.NoColor, c.Width, c.Sandbox, c.SandboxKept
	sh.view.Format = display.FormatRepr
	if sh.getenv == nil {
		sh.getenv = os.Getenv
	}
	if sh.settings != nil {
		sh.apply("")
	}
	stderr := c.Err
	k, err := NewKernel(KernelOptions{
		Eval:     eval.Options{Stdin: c.Stdin, Stdout: c.Out, Stderr: stderr, Host: sh.conns.host(sh.xray.turn), Overrides: overrides()},
		Bindings: bindings(),
		Explain:  explain,
	})
	if err != nil {
		return nil, err
	}
	sh.kernel = k
	sh.guard = &guard{yes: c.Yes, palette: func() display.Palette { return sh.palette }, cell: k.eval.Context}
	sh.use(c.Env)
	return sh, nil
}

// use makes env the one that new connections are opened with.
func (sh *Shell) use(env *session.Env) {
	sh.env = env
	sh.xray.use(env)
	env.SetContext(sh.kernel.eval.Context)
	env.SetGuard(sh.guard.agree)
	boto.Use(env)
	sh.conns.forget()
}

// explain recognises what the bindings know to explain.
func explain(err error) (code, message, hint string, ok bool) {
	code = session.Code(err)
	var nocreds *session.NoCredentialsError
	var nohost *session.NoHostError
	var op *smithy.OperationError
	var region *session.UnknownRegionError
	if code == "" && session.StatusCode(err) == 0 && !errors.As(err, &nocreds) && !errors.As(err, &nohost) && !errors.As(err, &op) && !errors.As(err, &region) {
		return "", "", "", false
	}
	message, hint = session.Explain(err)
	return code, message, hint, true
}

// Run runs one cell or command and prints what comes of it. The error is nil,
// a *diag.Error or diag.ErrInterrupted; it has been printed.
func (sh *Shell) Run(ctx context.Context, text string) error {
	r := sh.Do(ctx, text)
	sh.print(r)
	return r.Err
}

// Reply is what a cell or a command did.
type Reply struct {
	Result
	Source string // the text as it was run
	Text   string // what a command says
}

// Do runs one cell or command without printing; history is kept.
func (sh *Shell) Do(ctx context.Context, text string) Reply {
	if err := input.Valid(text); err != nil {
		return Reply{Result: Result{Err: err, Invalid: true}, Source: text}
	}
	src := input.Transform(text)
	if rest, ok := strings.CutPrefix(strings.TrimLeft(src, " \n"), ":py\n"); ok {
		done := sh.record(src)
		err := discreet(sh.forcePython(ctx, rest), src)
		done(err, 0)
		return Reply{Result: Result{Err: err}, Source: src}
	}
	if c, ok := sh.commandIn(src); ok {
		done := sh.record(src)
		out, err := sh.command(ctx, c)
		err = discreet(err, src)
		done(err, 0)
		return Reply{Result: Result{Err: err}, Source: src, Text: out}
	}
	if strings.TrimSpace(src) == "" {
		return Reply{Source: src}
	}
	done := sh.record(src)
	ctx, cancel := sh.bounded(ctx)
	defer cancel()
	sh.guard.begin()
	r := sh.eval(ctx, src)
	if refused := notGo(r); refused != nil {
		res, err := sh.python(text, refused)
		if res != nil {
			reply := sh.runPython(ctx, res)
			sh.xray.end()
			done(reply.Err, reply.Elapsed)
			return reply
		}
		if err != error(refused) {
			src = text
		}
		r.Err = err
	}
	sh.xray.end()
	r.Err = discreet(interruption(ctx, r.Err, r.Elapsed), src)
	done(r.Err, r.Elapsed)
	sh.session.add(r.N, src, r.Err == nil)
	return Reply{Result: r, Source: src}
}

// interruption tells a cell that was ended from one that failed: a request that
// the interrupt cancels may report it before the cell is ended.
func interruption(ctx context.Context, err error, elapsed time.Duration) error {
	cancelled := ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
	switch {
	case !cancelled && !errors.Is(err, diag.ErrInterrupted):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w: out of time after %s", diag.ErrInterrupted, elapsed.Round(10*time.Millisecond))
	}
	return diag.ErrInterrupted
}

func (sh *Shell) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if sh.timeout > 0 {
		return context.WithTimeout(ctx, sh.timeout)
	}
	return context.WithCancel(ctx)
}

func (sh *Shell) print(r Reply) {
	if r.Text != "" {
		sh.show(r.Text)
	}
	if s := sh.Display(r.Result); s != "" {
		sh.show(s)
	}
	if sh.showTime && r.N > 0 {
		fmt.Fprintln(sh.err, sh.palette.Dim(r.Elapsed.Round(time.Microsecond)))
	}
	var seen printed
	if r.Err != nil && !errors.As(r.Err, &seen) {
		fmt.Fprint(sh.err, sh.Explain(r.Err, r.Source))
	}
}

// Explain writes an error of a cell as a person reads it.
func (sh *Shell) Explain(err error, src string) string {
	var d *diag.Error
	switch {
	case errors.As(err, &d):
		return display.Failure(d, veiled(src), sh.origin, sh.palette)
	case errors.Is(err, diag.ErrInterrupted):
		return sh.palette.Hint(err.Error()) + "\n"
	}
	return sh.palette.Error("error:") + " " + err.Error() + "\n"
}

// Place is where the next connection goes, as the prompt shows it.
func (sh *Shell) Place() string {
	place := sh.env.ProfileName()
	if e := sh.env.Endpoint(); sh.env.InSandbox() {
		place = "sandbox"
	} else if e != "" {
		place = strings.TrimPrefix(strings.TrimPrefix(e, "http://"), "https://")
	} else if account := sh.account(); account != "" {
		place += " (" + account + ")"
	}
	place += " " + sh.env.Region()
	if sh.env.DryRun() {
		place += " (dry run)"
	}
	return place
}

// account is the number of the account that new connections go to, "" where
// that is not known without asking.
func (sh *Shell) account() string {
	if t := sh.env.Preview(session.EC2); t != nil {
		return session.AccountOf(t.AccessKeyID)
	}
	return ""
}

// commandIn tells whether a text is a command; !ok is one only where ok is no
// name of the session.
func (sh *Shell) commandIn(src string) (input.Line, bool) {
	c, ok := input.Command(src)
	if ok && c.Name == "!" && sh.kernel.scope.Lookup(c.Args) != nil {
		return c, false
	}
	return c, ok
}

// record writes a cell or command into the history before it runs; done says
// how it ended. Cells that a command runs are recorded in between.
func (sh *Shell) record(src string) (done func(error, time.Duration)) {
	if sh.history == nil {
		return func(error, time.Duration) {}
	}
	account := sh.env.ProfileName()
	if sh.env.InSandbox() {
		account = "sandbox"
	}
	id, err := sh.history.Append(history.Entry{N: sh.kernel.n + 1, Time: time.Now(), Account: account, Region: sh.env.Region(), Input: src})
	if err != nil {
		sh.historyLost(err)
		return func(error, time.Duration) {}
	}
	return func(err error, d time.Duration) { sh.recordEnd(id, err, d) }
}

func (sh *Shell) recordEnd(id string, err error, d time.Duration) {
	status := "ok"
	if err != nil {
		status = "error"
	}
	if errors.Is(err, diag.ErrInterrupted) {
		status = "interrupted"
	}
	src := sh.ranGo
	sh.ranGo = ""
	if err := sh.history.Finish(id, status, src, d); err != nil {
		sh.historyLost(err)
	}
}

// historyLost says once that the history can't be written.
func (sh *Shell) historyLost(err error) {
	if !sh.warned {
		sh.warned = true
		fmt.Fprintf(sh.err, "%s the history is not kept: %v\n", sh.palette.Hint("warning:"), err)
	}
}
