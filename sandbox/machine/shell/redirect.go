package shell

import (
	"fmt"
	"io"
	"maps"
	"os"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fd is what a descriptor stands for.
type fd struct {
	r io.Reader
	w io.Writer
}

type fdTable map[int]fd

const maxFD = 64

// redirect opens what redirections name. undo puts the descriptors back.
func (sh *Shell) redirect(list []*syntax.Redirect) (undo func(), ok bool) {
	if len(list) == 0 {
		return func() {}, true
	}
	before := sh.fds
	sh.fds = maps.Clone(before)
	var opened []io.Closer
	undo = func() {
		sh.fds = before
		for _, c := range opened {
			c.Close()
		}
	}
	for _, r := range list {
		sh.step(1)
		c, err := sh.redirectOne(r)
		if c != nil {
			opened = append(opened, c)
		}
		if err != nil {
			sh.errorf("%v", err)
			return undo, false
		}
	}
	return undo, true
}

func (sh *Shell) redirectOne(r *syntax.Redirect) (io.Closer, error) {
	n := -1
	if r.N != nil {
		var err error
		if n, err = strconv.Atoi(r.N.Value); err != nil || n < 0 || n >= maxFD {
			return nil, fmt.Errorf("%s: Bad file descriptor", r.N.Value)
		}
	}
	to := func(def int) int {
		if n >= 0 {
			return n
		}
		return def
	}
	if r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc {
		text, ok := sh.hereDocument(r)
		if !ok {
			return nil, fmt.Errorf("bad here-document")
		}
		sh.fds[to(0)] = fd{r: strings.NewReader(text)}
		return nil, nil
	}
	arg, ok := sh.literal(r.Word)
	if !ok {
		return nil, fmt.Errorf("ambiguous redirect")
	}
	open := func(flag int) (io.Closer, fd, error) {
		f, d, err := sh.open(arg, flag)
		if err != nil {
			return nil, fd{}, fmt.Errorf("%s: %s", arg, Reason(err))
		}
		return f, d, nil
	}
	const write = os.O_WRONLY | os.O_CREATE
	switch r.Op {
	case syntax.WordHdoc:
		sh.fds[to(0)] = fd{r: strings.NewReader(arg + "\n")}
		return nil, nil
	case syntax.RdrIn:
		c, d, err := open(os.O_RDONLY)
		sh.fds[to(0)] = d
		return c, err
	case syntax.RdrInOut:
		c, d, err := open(os.O_RDWR | os.O_CREATE)
		sh.fds[to(0)] = d
		return c, err
	case syntax.RdrOut, syntax.RdrClob:
		c, d, err := open(write | os.O_TRUNC)
		sh.fds[to(1)] = d
		return c, err
	case syntax.AppOut, syntax.AppClob:
		c, d, err := open(write | os.O_APPEND)
		sh.fds[to(1)] = d
		return c, err
	case syntax.RdrAll, syntax.RdrAllClob, syntax.AppAll, syntax.AppAllClob:
		flag := write | os.O_TRUNC
		if r.Op == syntax.AppAll || r.Op == syntax.AppAllClob {
			flag = write | os.O_APPEND
		}
		c, d, err := open(flag)
		sh.fds[1], sh.fds[2] = d, d
		return c, err
	case syntax.DplIn, syntax.DplOut:
		at := to(oneIf(r.Op == syntax.DplOut))
		if arg == "-" {
			delete(sh.fds, at)
			return nil, nil
		}
		from, err := strconv.Atoi(strings.TrimSuffix(arg, "-"))
		if err != nil && r.Op == syntax.DplOut && n < 0 { // >&file
			c, d, err := open(write | os.O_TRUNC)
			sh.fds[1], sh.fds[2] = d, d
			return c, err
		}
		d, there := sh.fds[from]
		if err != nil || !there {
			return nil, fmt.Errorf("%s: Bad file descriptor", arg)
		}
		sh.fds[at] = d
		return nil, nil
	}
	return nil, fmt.Errorf("redirection %s is not supported", r.Op)
}

// open opens a file of the machine, or what /dev has for a descriptor.
func (sh *Shell) open(name string, flag int) (io.Closer, fd, error) {
	if p := sh.clean(name); strings.HasPrefix(p, "/dev/") {
		if d, ok := sh.substituted(p); ok {
			return nil, d, nil
		}
	}
	f, err := sh.sys.FS.Open(sh.abs(name), flag, 0o666&^os.FileMode(sh.umask))
	if err != nil {
		return nil, fd{}, err
	}
	return f, fd{r: f, w: f}, nil
}

// substituted finds a descriptor by its name in /dev.
func (sh *Shell) substituted(p string) (fd, bool) {
	n := -1
	switch p {
	case "/dev/stdin":
		n = 0
	case "/dev/stdout":
		n = 1
	case "/dev/stderr":
		n = 2
	default:
		if s, ok := strings.CutPrefix(p, "/dev/fd/"); ok {
			n, _ = strconv.Atoi(s)
		}
	}
	d, ok := sh.fds[n]
	return d, ok
}

func (sh *Shell) hereDocument(r *syntax.Redirect) (string, bool) {
	if r.Hdoc == nil {
		return "", true
	}
	quoted := false
	for _, p := range r.Word.Parts {
		switch p := p.(type) {
		case *syntax.Lit:
			quoted = quoted || strings.Contains(p.Value, `\`)
		default:
			quoted = true
		}
	}
	word := r.Hdoc
	if r.Op == syntax.DashHdoc {
		word = untabbed(word)
	}
	if quoted {
		var b strings.Builder
		for _, p := range word.Parts {
			if l, ok := p.(*syntax.Lit); ok {
				b.WriteString(l.Value)
			}
		}
		return b.String(), true
	}
	return sh.document(word)
}

// untabbed takes the tabs off the beginnings of a here-document's lines.
func untabbed(w *syntax.Word) *syntax.Word {
	out := &syntax.Word{}
	begin := true
	for _, p := range w.Parts {
		l, ok := p.(*syntax.Lit)
		if !ok {
			out.Parts = append(out.Parts, p)
			begin = false
			continue
		}
		lines := strings.Split(l.Value, "\n")
		for i := range lines {
			if i > 0 || begin {
				lines[i] = strings.TrimLeft(lines[i], "\t")
			}
		}
		out.Parts = append(out.Parts, &syntax.Lit{Value: strings.Join(lines, "\n")})
		begin = strings.HasSuffix(l.Value, "\n")
	}
	return out
}

// processSubst runs statements beside the command that reads or writes them
// by a name in /dev/fd.
func (sh *Shell) processSubst(ps *syntax.ProcSubst) (string, error) {
	n := maxFD
	for _, taken := sh.fds[n]; taken; _, taken = sh.fds[n] {
		n++
	}
	if n > maxFD+16 {
		return "", fmt.Errorf("too many process substitutions")
	}
	p := newPipe(sh.ctx)
	sub := sh.subshell()
	sub.depth++
	if ps.Op == syntax.CmdOut {
		sub.fds[0] = fd{r: p}
		sh.fds[n] = fd{w: p}
	} else {
		sub.fds[0] = fd{r: strings.NewReader("")}
		sub.fds[1] = fd{w: p}
		sh.fds[n] = fd{r: p}
	}
	done := make(chan struct{})
	ok := sh.spawn(func() {
		defer close(done)
		sub.top(func() { sub.stmts(ps.Stmts) })
		p.closeWrite()
		if ps.Op == syntax.CmdOut {
			p.closeRead()
		}
	}, nil)
	if !ok {
		p.closeRead()
		return "", fmt.Errorf("cannot make pipe")
	}
	sh.subs = append(sh.subs, substitution{n, p, done, ps.Op == syntax.CmdOut})
	return fmt.Sprintf("/dev/fd/%d", n), nil
}

// substitution is a process substitution at work.
type substitution struct {
	n      int
	p      *pipe
	done   chan struct{}
	writes bool // the command writes into it
}

// finish ends the process substitutions of a command.
func (sh *Shell) finish() {
	for _, s := range sh.subs {
		delete(sh.fds, s.n)
		if s.writes {
			s.p.closeWrite()
			select {
			case <-s.done:
			case <-sh.ctx.Done():
			}
		} else {
			s.p.closeRead()
		}
	}
	sh.subs = nil
}
