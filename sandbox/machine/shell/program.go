package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"strings"
	"syscall"
	"time"

	"mvdan.cc/sh/v3/expand"

	"pawsh/sandbox/machine/disk"
)

// Magic begins a program file: the name of a Program and a line's end follow.
const Magic = "\x7fELF\x02\x01\x01 program "

// Proc is a program at work.
type Proc struct {
	Args     []string
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	FS       disk.View
	Sys      *System
	sh       *Shell
	override map[string]string
}

// find looks a command up in PATH, in the machine's tree.
func (sh *Shell) find(name string) (string, error) {
	if strings.Contains(name, "/") {
		return sh.abs(name), sh.executable(sh.abs(name))
	}
	err := error(syscall.ENOENT)
	for _, dir := range strings.Split(sh.get("PATH"), ":") {
		if dir == "" {
			dir = sh.dir
		}
		p := path.Join(sh.abs(dir), name)
		switch e := sh.executable(p); {
		case e == nil:
			return p, nil
		case errors.Is(e, syscall.EACCES):
			err = e
		}
	}
	return "", err
}

func (sh *Shell) executable(p string) error {
	info, err := sh.sys.FS.Stat(p)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return syscall.EISDIR
	}
	return sh.sys.FS.Access(p, 1)
}

// program runs a program file: one of ours, or a script.
func (sh *Shell) program(args []string) {
	p, err := sh.find(args[0])
	if err != nil {
		sh.last = 127
		switch {
		case !errors.Is(err, syscall.ENOENT):
			sh.last = 126
			sh.errorf("%s: %s", args[0], Reason(err))
		case strings.Contains(args[0], "/"):
			sh.errorf("%s: No such file or directory", args[0])
		default:
			sh.errorf("%s: command not found", args[0])
		}
		return
	}
	sh.last = sh.runFile(p, args, nil)
}

// runFile runs the program file at p.
func (sh *Shell) runFile(p string, args []string, env map[string]string) int {
	data, err := sh.sys.FS.ReadFile(p, int64(sh.run.lim.Script)+1)
	if err != nil {
		sh.errorf("%s: %s", args[0], Reason(err))
		return 126
	}
	text := string(data)
	if rest, ok := strings.CutPrefix(text, Magic); ok {
		name, _, _ := strings.Cut(rest, "\n")
		prog := sh.sys.Programs[name]
		if prog == nil {
			sh.errorf("%s: cannot execute binary file", args[0])
			return 126
		}
		return sh.runProgram(prog, args, env)
	}
	name := p // $0 is the path as it was given, or as it was found
	if strings.Contains(args[0], "/") {
		name = args[0]
	}
	line, _, _ := strings.Cut(text, "\n")
	if strings.ContainsRune(line, 0) {
		sh.errorf("%s: cannot execute binary file: Exec format error", args[0])
		return 126
	}
	if interp, ok := strings.CutPrefix(line, "#!"); ok {
		words := strings.Fields(interp)
		if len(words) > 0 && path.Base(words[0]) == "env" {
			words = words[1:]
		}
		if len(words) == 0 {
			return 126
		}
		switch path.Base(words[0]) {
		case "sh", "bash", "dash", "ash", "ksh":
			return sh.script(text, append([]string{name}, args[1:]...), words[1:], env)
		}
		at, err := sh.find(words[0])
		if err != nil {
			sh.errorf("%s: %s: bad interpreter: No such file or directory", args[0], words[0])
			return 126
		}
		defer sh.deeper()()
		return sh.runFile(at, append(append(words, name), args[1:]...), env)
	}
	return sh.script(text, append([]string{name}, args[1:]...), nil, env)
}

func (sh *Shell) runProgram(prog Program, args []string, env map[string]string) (code int) {
	defer sh.deeper()()
	depth := sh.depth
	defer func() {
		if p := recover(); p == (brokenPipe{}) {
			sh.depth, code = depth, 141
		} else if p != nil {
			panic(p)
		}
	}()
	return prog(&Proc{
		Args: args, FS: sh.sys.FS, Sys: sh.sys, sh: sh, override: env, Stdin: orEmpty(sh.fds[0].r),
		Stdout: guarded{sh, orDiscard(sh.fds[1].w)}, Stderr: orDiscard(sh.fds[2].w),
	})
}

// brokenPipe unwinds a program that writes what nobody reads.
type brokenPipe struct{}

// guarded is a program's output: writing is work, and ends with the reader.
type guarded struct {
	sh *Shell
	w  io.Writer
}

func (g guarded) Write(b []byte) (int, error) {
	g.sh.step(1 + int64(len(b)/4096))
	n, err := g.w.Write(b)
	if errors.Is(err, errBroken) {
		panic(brokenPipe{})
	}
	return n, err
}

func orDiscard(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

// script runs a shell script as a process of its own: it gets the exported
// variables and nothing else.
func (sh *Shell) script(text string, args, flags []string, env map[string]string) int {
	defer sh.deeper()()
	c := New(sh.sys, nil)
	c.vars.vars = maps.Clone(c.vars.vars)
	for _, name := range []string{"HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "TERM", "HOSTNAME"} {
		delete(c.vars.vars, name)
	}
	all := sh.exported()
	maps.Copy(all, env)
	for k, v := range all {
		c.vars.vars[k] = expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: v}
		c.mem += int64(len(k)+len(v)) + 64
	}
	c.run, c.ctx, c.dir, c.umask = sh.run, sh.ctx, sh.dir, sh.umask
	c.vars.vars["PWD"] = expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: sh.dir}
	c.offset, c.depth = sh.offset, sh.depth
	c.fds = maps.Clone(sh.fds)
	c.pid = int(sh.run.pids.Add(1))
	c.main = c.pid
	c.name, c.params = args[0], args[1:]
	if len(flags) > 0 {
		c.setOptions(append([]string{"set"}, flags...))
	}
	c.source(text, c.name)
	c.exitTrap()
	sh.offset = max(sh.offset, c.offset)
	return c.last
}

// Step counts n pieces of work; it does not return when the script's limits
// are met.
func (p *Proc) Step(n int64) { p.sh.step(n) }

// Context ends with the program.
func (p *Proc) Context() context.Context { return p.sh.ctx }

// Abs makes a path of an argument absolute.
func (p *Proc) Abs(name string) string { return p.sh.abs(name) }

// Dir is the working directory.
func (p *Proc) Dir() string { return p.sh.dir }

// Now is the time by the script's clock.
func (p *Proc) Now() time.Time { return p.sh.now() }

// Sleep waits by the script's clock.
func (p *Proc) Sleep(d time.Duration) error { return p.sh.sleep(d) }

// Umask is the mask of new files.
func (p *Proc) Umask() uint32 { return p.sh.umask }

// Limits are the script's limits.
func (p *Proc) Limits() Limits { return p.sh.run.lim }

// Environ gives the exported variables.
func (p *Proc) Environ() map[string]string {
	all := p.sh.exported()
	maps.Copy(all, p.override)
	return all
}

// Open opens a file by an argument, which may be a descriptor of the shell.
func (p *Proc) Open(name string, flag int) (io.ReadWriteCloser, error) {
	c, d, err := p.sh.open(name, flag)
	if err != nil {
		return nil, err
	}
	return opened{d, c}, nil
}

type opened struct {
	d fd
	c io.Closer
}

func (o opened) Read(b []byte) (int, error) {
	if o.d.r == nil {
		return 0, io.EOF
	}
	return o.d.r.Read(b)
}

func (o opened) Write(b []byte) (int, error) {
	if o.d.w == nil {
		return 0, syscall.EBADF
	}
	return o.d.w.Write(b)
}

func (o opened) Close() error {
	if o.c == nil {
		return nil
	}
	return o.c.Close()
}

// Errorf writes an error in the program's name and gives status 1.
func (p *Proc) Errorf(format string, a ...any) int {
	fmt.Fprintf(p.Stderr, "%s: %s\n", path.Base(p.Args[0]), fmt.Sprintf(format, a...))
	return 1
}

// Exec runs another command as this program would: with other variables, as
// another user when sys is not nil.
func (p *Proc) Exec(sys *System, env map[string]string, args []string) int {
	sub := p.sh.subshell()
	sub.fds = fdTable{0: {r: p.Stdin}, 1: {w: p.Stdout}, 2: {w: p.Stderr}}
	if sys != nil {
		sub.sys = sys
	}
	sub.depth++
	defer sub.deeper()()
	for k, v := range env {
		sub.put(sub.vars, k, expand.Variable{Set: true, Exported: true, Kind: expand.String, Str: v})
	}
	sub.invoke(args, false)
	p.sh.offset = max(p.sh.offset, sub.offset)
	return sub.last
}

// Script runs text as a script of its own; args are $0, $1 and so on.
func (p *Proc) Script(text string, args, flags []string) int {
	return p.sh.script(text, args, flags, p.override)
}

// Find looks a command up in PATH.
func (p *Proc) Find(name string) (string, error) { return p.sh.find(name) }
