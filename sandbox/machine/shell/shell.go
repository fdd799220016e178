// Package shell runs shell scripts in an emulated machine. Parsing and word
// expansion are those of mvdan.cc/sh; the rest is here, because here nothing
// exists that could reach the host: no process, no file, no pipe of the
// system, no look-up of its users. What a script sees is the tree, the
// commands and the clock that its System hands out.
//
//	text -> syntax.Parser -> Shell.stmt (eval.go) -> builtins, functions,
//	        |                                        programs (program.go)
//	        words -> expand.go, under limits.go
//
// Every way a script could grow without end is counted: steps, nested calls,
// shells, bytes of variables, expansions, output and time.
package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"pawsh/sandbox/machine/disk"
)

// System is what a shell runs in, as one user.
type System struct {
	FS   disk.View
	Now  func() time.Time // the machine's clock
	Boot time.Time        // for uptime
	// Sleep waits on the machine's clock. When nil, sleeping costs no time:
	// the script's own clock runs ahead of the machine's.
	Sleep func(context.Context, time.Duration) error
	// Programs are the commands behind the program files of the tree.
	Programs map[string]Program
	// HomeOf gives a user's home, "" when there is no such user.
	HomeOf func(user string) string
	// As gives the same system as another user, nil when there is none.
	As func(user string) *System
	// User is the name of the user, and Host that of the machine.
	User, Home, Host string
	// Any is for the programs, which know what it is.
	Any any
}

// Program is a command that is no part of the shell. It returns its exit
// status.
type Program func(*Proc) int

// Shell is a shell with its variables and functions. It is used by one
// goroutine at a time.
type Shell struct {
	sys *System
	run *run
	ctx context.Context // ends this shell alone

	dir     string
	vars    *scope
	mem     int64 // bytes counted for this shell
	funcs   map[string]*syntax.Stmt
	aliases map[string]string
	params  []string
	name    string
	fds     fdTable
	opts    options
	traps   map[string]string
	pid     int
	main    int // $$
	depth   int
	sub     bool
	inFunc  int
	loops   int
	noErr   int // in a condition: set -e does not apply
	trapped bool
	last    int // $?
	flow    flow
	level   int // loops to leave
	jobs    []*job
	umask   uint32
	offset  time.Duration // slept beyond the machine's clock
	began   time.Time
	caught  int64 // bytes captured in the expansion at hand
	subst   int   // status of the last command substitution
	nsubst  int
	kept    bool // exec made redirections permanent
	subs    []substitution
	dirs    []string // of pushd
}

type options struct{ errexit, nounset, xtrace, noglob, pipefail, allexport, noexec, nullglob, dotglob, globstar, extglob, nocaseglob bool }

// flow says why statements are not run on.
type flow int

const (
	flowNone flow = iota
	flowBreak
	flowContinue
	flowReturn
	flowExit
)

// Streams are what a script reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// New returns a login shell of the system's user.
func New(sys *System, env map[string]string) *Shell {
	sh := &Shell{
		sys: sys, vars: &scope{vars: map[string]expand.Variable{}}, funcs: map[string]*syntax.Stmt{}, aliases: map[string]string{},
		traps: map[string]string{}, name: "-bash", dir: "/", umask: 0o022, began: sys.Now(), opts: options{extglob: true},
	}
	if info, err := sys.FS.Stat(sys.Home); err == nil && info.IsDir() {
		sh.dir = sys.Home
	}
	base := map[string]string{
		"HOME": sys.Home, "USER": sys.User, "LOGNAME": sys.User, "SHELL": "/bin/bash", "PWD": sh.dir, "HOSTNAME": sys.Host,
		"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TERM": "xterm",
	}
	maps.Copy(base, env)
	for k, v := range base {
		sh.vars.vars[k] = expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: v}
	}
	for k, v := range map[string]string{"IFS": " \t\n", "OPTIND": "1", "PS1": `[\u@\h \W]\$ `, "PS2": "> ", "PS4": "+ ", "BASH_VERSION": "5.2.15(1)-release", "SHLVL": "1",
		"UID": fmt.Sprint(sys.FS.Cred().UID), "EUID": fmt.Sprint(sys.FS.Cred().UID), "MACHTYPE": "x86_64-linux-gnu", "OSTYPE": "linux-gnu", "HOSTTYPE": "x86_64"} {
		sh.vars.vars[k] = expand.Variable{Set: true, Kind: expand.String, Str: v}
	}
	return sh
}

// Run runs a script in the shell and gives its exit status. Params become $0,
// $1 and so on. What still runs in the background when the script ends gets a
// last part of its limits when linger is set, and is ended otherwise.
func (sh *Shell) Run(ctx context.Context, script string, io Streams, lim Limits, linger bool, params ...string) int {
	r := &run{lim: lim.orDefault()}
	base, cancel := context.WithTimeoutCause(ctx, r.lim.Time, limitError("time limit exceeded"))
	defer cancel()
	r.ctx, r.cancel = context.WithCancelCause(base)
	defer r.cancel(nil)
	r.pids.Store(1100)
	out, errs := r.lim.Output, r.lim.Output
	var mu sync.Mutex
	sh.run, sh.ctx = r, r.ctx
	sh.pid = int(r.pids.Add(1))
	sh.main = sh.pid
	sh.fds = fdTable{0: {r: orEmpty(io.In)}, 1: {w: limitWriter{r, &mu, io.Out, &out}}, 2: {w: limitWriter{r, &mu, io.Err, &errs}}}
	if len(params) > 0 {
		sh.name, sh.params = params[0], params[1:]
	}
	code := sh.top(func() { sh.source(script, sh.name) })
	if linger && r.ctx.Err() == nil {
		r.steps.Store(max(r.steps.Load(), r.lim.Steps*9/10))
		r.work.Wait()
	}
	why := context.Cause(r.ctx)
	r.cancel(nil)
	r.work.Wait()
	var limit limitError
	if errors.As(why, &limit) {
		fmt.Fprintf(io.Err, "%s: %s: killed\n", sh.name, limit)
		code = 137
	}
	return code
}

// Latest is by how much any of the shells of the script at work has run ahead.
func (sh *Shell) Latest() time.Duration { return time.Duration(sh.run.latest.Load()) }

// Exited tells that the script of the last Run left the shell.
func (sh *Shell) Exited() bool { return sh.flow == flowExit }

// Dir is the working directory.
func (sh *Shell) Dir() string { return sh.dir }

// Slept is by how much the shell's clock runs ahead of the machine's.
func (sh *Shell) Slept() time.Duration { return sh.offset }

// Prompt expands PS1, in the forms that prompts usually have.
func (sh *Shell) Prompt() string {
	dir := sh.dir
	if dir == sh.sys.Home {
		dir = "~"
	}
	mark := "$"
	if sh.sys.FS.Cred().UID == 0 {
		mark = "#"
	}
	base := dir[strings.LastIndex(dir, "/")+1:]
	if base == "" {
		base = "/"
	}
	host, _, _ := strings.Cut(sh.sys.Host, ".")
	return strings.NewReplacer(`\u`, sh.sys.User, `\h`, host, `\H`, sh.sys.Host, `\W`, base, `\w`, dir, `\$`, mark, `\[`, "", `\]`, "", `\n`, "\n", `\\`, `\`).Replace(sh.get("PS1"))
}

// top runs a shell's outermost part: it catches what ends the shell.
func (sh *Shell) top(f func()) (code int) {
	defer func() {
		switch p := recover().(type) {
		case nil:
			code = sh.last
		case stopped:
			code = 137
		default:
			sh.errorf("internal error: %v", p)
			code = 70
		}
	}()
	f()
	sh.exitTrap()
	return sh.last
}

func (sh *Shell) exitTrap() {
	text, ok := sh.traps["EXIT"]
	if !ok {
		return
	}
	delete(sh.traps, "EXIT")
	code, ended := sh.last, sh.flow
	sh.flow = flowNone
	sh.source(text, "trap")
	if sh.flow != flowExit {
		sh.last = code
	}
	sh.flow = ended
}

// parse reads a script, refusing what is too long or too deeply nested.
func (sh *Shell) parse(text, name string) (*syntax.File, error) {
	if len(text) > sh.run.lim.Script {
		return nil, fmt.Errorf("%s: script too long", name)
	}
	depth := 0
	for _, c := range text {
		switch c {
		case '(', '{', '`', '!', '[':
			depth++
		case ')', '}', '\n', ']':
			depth = max(depth-1, 0)
		}
		if depth > 400 {
			return nil, fmt.Errorf("%s: nested too deeply", name)
		}
	}
	sh.step(1 + int64(len(text))/1024)
	return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), name)
}

// source runs text in this shell.
func (sh *Shell) source(text, name string) {
	defer sh.deeper()()
	file, err := sh.parse(text, name)
	if err != nil {
		sh.errorf("%v", err)
		sh.last = 2
		return
	}
	size := int64(len(text)) * 16 // the tree of a script is larger than its text
	sh.hold(size)
	sh.stmts(file.Stmts)
	sh.mem -= size
}

// deeper counts a call within calls; what it returns counts it back.
func (sh *Shell) deeper() func() {
	if sh.depth++; sh.depth > sh.run.lim.Depth {
		sh.run.exceed("maximum nesting level exceeded (%d)", sh.run.lim.Depth)
	}
	return func() { sh.depth-- }
}

// hold counts memory of this shell.
func (sh *Shell) hold(n int64) {
	if sh.mem += n; sh.mem > sh.run.lim.Memory {
		sh.run.exceed("cannot allocate memory")
	}
}

// subshell returns a copy that shares nothing that either can change.
func (sh *Shell) subshell() *Shell {
	c := *sh
	c.vars = sh.vars.flat()
	c.funcs = maps.Clone(sh.funcs)
	c.aliases = maps.Clone(sh.aliases)
	c.traps = map[string]string{}
	c.fds = maps.Clone(sh.fds)
	c.jobs, c.subs = nil, nil
	c.flow, c.loops, c.sub = flowNone, 0, true
	c.pid = int(sh.run.pids.Add(1))
	return &c
}

// now is the shell's own time.
func (sh *Shell) now() time.Time { return sh.sys.Now().Add(sh.offset) }

// sleep waits by the machine's clock, or lets the shell's own run ahead.
func (sh *Shell) sleep(d time.Duration) error {
	sh.step(10)
	if sh.sys.Sleep != nil {
		return sh.sys.Sleep(sh.ctx, d)
	}
	if sh.offset += d; sh.offset > 24*time.Hour {
		sh.run.exceed("time limit exceeded")
	}
	for {
		before := sh.run.latest.Load()
		if before >= int64(sh.offset) || sh.run.latest.CompareAndSwap(before, int64(sh.offset)) {
			return nil
		}
	}
}

// errorf writes an error of the shell itself.
func (sh *Shell) errorf(format string, a ...any) {
	name := sh.name
	if name == "" {
		name = "bash"
	}
	sh.write(2, name+": "+fmt.Sprintf(format, a...)+"\n")
}

// write writes to a descriptor; a pipe nobody reads ends the shell, as its
// signal would.
func (sh *Shell) write(fd int, s string) {
	f := sh.fds[fd]
	if f.w == nil {
		return
	}
	if len(s) > 4096 {
		sh.step(int64(len(s) / 4096))
	}
	if _, err := io.WriteString(f.w, s); errors.Is(err, errBroken) && fd == 1 {
		sh.last, sh.flow = 141, flowExit
	} else if err != nil && fd == 1 {
		sh.errorf("write error: %s", Reason(err))
		sh.last = 1
	}
}

func orEmpty(r io.Reader) io.Reader {
	if r == nil {
		return strings.NewReader("")
	}
	return r
}
