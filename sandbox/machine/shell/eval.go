package shell

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/pattern"
	"mvdan.cc/sh/v3/syntax"
)

func (sh *Shell) stmts(list []*syntax.Stmt) {
	for _, s := range list {
		if sh.stmt(s); sh.flow != flowNone {
			return
		}
	}
}

func (sh *Shell) stmt(s *syntax.Stmt) {
	sh.step(1)
	if sh.opts.noexec {
		return
	}
	if s.Background || s.Coprocess || s.Disown {
		plain := *s
		plain.Background, plain.Coprocess, plain.Disown = false, false, false
		sh.background(&plain)
		return
	}
	outer := sh.subs
	sh.subs = nil
	undo, ok := sh.redirect(s.Redirs)
	if !ok {
		sh.last = 1
	} else if s.Cmd != nil {
		sh.command(s.Cmd)
	} else {
		sh.last = 0
	}
	if len(sh.subs) > 0 {
		sh.finish()
	}
	sh.subs = outer
	if sh.kept {
		sh.kept = false
	} else {
		undo()
	}
	if s.Negated {
		sh.last = oneIf(sh.last == 0)
		return
	}
	if b, ok := s.Cmd.(*syntax.BinaryCmd); ok && (b.Op == syntax.AndStmt || b.Op == syntax.OrStmt) {
		return
	}
	if sh.last != 0 && sh.noErr == 0 && sh.flow == flowNone {
		sh.failed()
	}
}

// failed does what a failing command brings with it: the ERR trap, set -e.
func (sh *Shell) failed() {
	if text, ok := sh.traps["ERR"]; ok && !sh.trapped {
		code := sh.last
		sh.trapped = true
		sh.source(text, "trap")
		sh.trapped = false
		sh.last = code
	}
	if sh.opts.errexit {
		sh.flow = flowExit
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// quietly runs statements whose failure is a question.
func (sh *Shell) quietly(list []*syntax.Stmt) {
	sh.noErr++
	sh.stmts(list)
	sh.noErr--
}

func (sh *Shell) command(cmd syntax.Command) {
	switch c := cmd.(type) {
	case *syntax.CallExpr:
		sh.call(c)
	case *syntax.Block:
		sh.stmts(c.Stmts)
	case *syntax.Subshell:
		sh.last = sh.within(func(sub *Shell) { sub.stmts(c.Stmts) })
	case *syntax.BinaryCmd:
		sh.binary(c)
	case *syntax.IfClause:
		sh.ifClause(c)
	case *syntax.WhileClause:
		sh.while(c)
	case *syntax.ForClause:
		sh.forClause(c)
	case *syntax.CaseClause:
		sh.caseClause(c)
	case *syntax.FuncDecl:
		if c.Name == nil {
			sh.errorf("syntax error near unexpected token `)'")
			sh.last = 2
			return
		}
		name := c.Name.Value
		size := int64(c.Body.End().Offset()-c.Body.Pos().Offset()) * 16
		sh.hold(size + 64)
		sh.funcs[name] = c.Body
		sh.last = 0
	case *syntax.ArithmCmd:
		n, ok := sh.arithm(c.X)
		sh.last = oneIf(!ok || n == 0)
	case *syntax.LetClause:
		n := 0
		ok := true
		for _, x := range c.Exprs {
			if n, ok = sh.arithm(x); !ok {
				break
			}
		}
		sh.last = oneIf(!ok || n == 0)
	case *syntax.TestClause:
		sh.last = 1 // an error leaves 2 behind
		if ok := sh.condition(c.X); ok {
			sh.last = 0
		}
	case *syntax.DeclClause:
		sh.declare(c)
	case *syntax.TimeClause:
		began := sh.now()
		if c.Stmt != nil {
			sh.stmt(c.Stmt)
		}
		d := sh.now().Sub(began)
		sh.write(2, fmt.Sprintf("\nreal\t%dm%.3fs\nuser\t0m0.000s\nsys\t0m0.000s\n", int(d.Minutes()), d.Seconds()-60*float64(int(d.Minutes()))))
	case *syntax.CoprocClause:
		sh.background(c.Stmt)
	default:
		sh.errorf("%T is not supported", cmd)
		sh.last = 2
	}
}

// within runs f in a subshell and gives its status.
func (sh *Shell) within(f func(*Shell)) int {
	defer sh.deeper()()
	sub := sh.subshell()
	f(sub)
	sub.exitTrap()
	sh.offset = max(sh.offset, sub.offset)
	return sub.last
}

func (sh *Shell) binary(c *syntax.BinaryCmd) {
	switch c.Op {
	case syntax.AndStmt, syntax.OrStmt:
		sh.noErr++
		sh.stmt(c.X)
		sh.noErr--
		if sh.flow == flowNone && (sh.last == 0) == (c.Op == syntax.AndStmt) {
			sh.stmt(c.Y)
		}
	default:
		sh.pipeline(c)
	}
}

// pipeline runs all parts at the same time, each in a subshell.
func (sh *Shell) pipeline(c *syntax.BinaryCmd) {
	type part struct {
		stmt *syntax.Stmt
		both bool // |&
	}
	parts := []part{{stmt: c.Y}}
	for {
		parts = append(parts, part{c.X, c.Op == syntax.PipeAll})
		next, ok := c.X.Cmd.(*syntax.BinaryCmd)
		if !ok || (next.Op != syntax.Pipe && next.Op != syntax.PipeAll) || len(c.X.Redirs) > 0 || c.X.Negated {
			break
		}
		parts = parts[:len(parts)-1]
		parts = append(parts, part{next.Y, c.Op == syntax.PipeAll})
		c = next
	}
	codes := make([]int, len(parts))
	offsets := make([]*Shell, 0, len(parts))
	var wg sync.WaitGroup
	var next *pipe // what the part to the right reads
	for i, p := range parts {
		sub := sh.subshell()
		sub.depth++
		var out, in *pipe
		out = next
		if i < len(parts)-1 {
			in = newPipe(sh.ctx)
			sub.fds[0] = fd{r: in}
		}
		if out != nil {
			sub.fds[1] = fd{w: out}
			if p.both {
				sub.fds[2] = sub.fds[1]
			}
		}
		offsets = append(offsets, sub)
		next = in
		work := func() {
			codes[i] = sub.top(func() { sub.stmt(p.stmt) })
			if out != nil {
				out.closeWrite()
			}
			if in != nil {
				in.closeRead()
			}
		}
		if !sh.spawn(func() { defer wg.Done(); work() }, func() { wg.Add(1) }) {
			for _, o := range []*pipe{out, in} {
				if o != nil {
					o.closeWrite()
					o.closeRead()
				}
			}
			codes[i] = 254
			break
		}
	}
	wg.Wait()
	sh.last = codes[0]
	for i, o := range offsets {
		sh.offset = max(sh.offset, o.offset)
		if sh.opts.pipefail && sh.last == 0 {
			sh.last = codes[i]
		}
	}
	sh.step(1)
}

// spawn starts a goroutine of the script when it may have one more. before is
// run first when it may.
func (sh *Shell) spawn(f, before func()) bool {
	if sh.run.procs.Add(1) > sh.run.lim.Procs {
		sh.run.procs.Add(-1)
		sh.errorf("fork: Resource temporarily unavailable")
		sh.last, sh.flow = 254, flowExit
		return false
	}
	if before != nil {
		before()
	}
	sh.run.work.Add(1)
	go func() {
		defer sh.run.work.Done()
		defer sh.run.procs.Add(-1)
		f()
	}()
	return true
}

// job is a command in the background.
type job struct {
	pid    int
	text   string
	done   chan struct{}
	code   int // valid once done is closed
	offset *Shell
	cancel context.CancelFunc
}

func (sh *Shell) background(s *syntax.Stmt) {
	sub := sh.subshell()
	sub.depth++
	ctx, cancel := context.WithCancel(sh.ctx)
	sub.ctx = ctx
	sub.fds[0] = fd{r: strings.NewReader("")}
	var text strings.Builder
	_ = syntax.NewPrinter(syntax.SingleLine(true)).Print(&text, s)
	j := &job{pid: sub.pid, text: text.String(), done: make(chan struct{}), offset: sub, cancel: cancel}
	sh.hold(int64(len(j.text)) + 256)
	ok := sh.spawn(func() {
		defer close(j.done)
		defer cancel()
		j.code = sub.top(func() { sub.stmt(s) })
	}, nil)
	if !ok {
		cancel()
		return
	}
	sh.jobs = append(sh.jobs, j)
	sh.last = 0
}

// wait waits for a job, or for the end of the script.
func (sh *Shell) wait(j *job) int {
	select {
	case <-j.done:
	case <-sh.ctx.Done():
		panic(stopped{})
	}
	sh.offset = max(sh.offset, j.offset.offset)
	return j.code
}

func (sh *Shell) ifClause(c *syntax.IfClause) {
	for ; c != nil; c = c.Else {
		if len(c.Cond) > 0 {
			if sh.quietly(c.Cond); sh.flow != flowNone {
				return
			}
			if sh.last != 0 {
				continue
			}
		}
		sh.last = 0
		sh.stmts(c.Then)
		return
	}
	sh.last = 0
}

// round runs a loop's body once and tells whether to go on.
func (sh *Shell) round(body []*syntax.Stmt) bool {
	sh.step(1)
	sh.loops++
	sh.stmts(body)
	sh.loops--
	if sh.flow == flowBreak || sh.flow == flowContinue {
		leave := sh.flow == flowBreak
		if sh.level--; sh.level > 0 && sh.loops > 0 {
			return false // of an outer loop
		}
		sh.flow = flowNone
		return !leave
	}
	return sh.flow == flowNone
}

func (sh *Shell) while(c *syntax.WhileClause) {
	code := 0
	for {
		sh.loops++
		sh.quietly(c.Cond)
		sh.loops--
		if sh.flow != flowNone {
			if sh.flow == flowBreak || sh.flow == flowContinue {
				sh.flow = flowNone
			}
			return
		}
		if (sh.last == 0) == c.Until {
			break
		}
		if !sh.round(c.Do) {
			return
		}
		code = sh.last
	}
	sh.last = code
}

func (sh *Shell) forClause(c *syntax.ForClause) {
	switch l := c.Loop.(type) {
	case *syntax.WordIter:
		items := sh.params
		if l.InPos.IsValid() {
			var ok bool
			if items, ok = sh.fields(l.Items); !ok {
				return
			}
		}
		sh.last = 0
		if c.Select {
			sh.selectLoop(l.Name.Value, items, c.Do)
			return
		}
		for _, item := range items {
			if !sh.set(l.Name.Value, item) || !sh.round(c.Do) {
				return
			}
		}
	case *syntax.CStyleLoop:
		if l.Init != nil {
			if _, ok := sh.arithm(l.Init); !ok {
				return
			}
		}
		for {
			if l.Cond != nil {
				if n, ok := sh.arithm(l.Cond); !ok || n == 0 {
					return
				}
			}
			sh.last = 0
			if !sh.round(c.Do) {
				return
			}
			if l.Post != nil {
				if _, ok := sh.arithm(l.Post); !ok {
					return
				}
			}
		}
	}
}

func (sh *Shell) selectLoop(name string, items []string, body []*syntax.Stmt) {
	for {
		for i, item := range items {
			sh.write(2, fmt.Sprintf("%d) %s\n", i+1, item))
		}
		sh.write(2, "#? ")
		line, ok := sh.readLine('\n', -1, true)
		if !ok {
			sh.last = 1
			return
		}
		choice := ""
		for i, item := range items {
			if line == fmt.Sprint(i+1) {
				choice = item
			}
		}
		sh.set("REPLY", line)
		sh.set(name, choice)
		if !sh.round(body) {
			return
		}
	}
}

func (sh *Shell) caseClause(c *syntax.CaseClause) {
	word, ok := sh.literal(c.Word)
	if !ok {
		return
	}
	sh.last = 0
	through := false
	for _, item := range c.Items {
		hit := through
		for i := 0; i < len(item.Patterns) && !hit; i++ {
			p, ok := sh.pattern(item.Patterns[i])
			if !ok {
				return
			}
			hit = match(p, word)
		}
		if !hit {
			continue
		}
		sh.stmts(item.Stmts)
		if item.Op == syntax.Break || sh.flow != flowNone {
			return
		}
		through = item.Op == syntax.Fallthrough
	}
}

// match tells whether a shell pattern fits all of s.
func match(pat, s string) bool {
	expr, err := pattern.Regexp(pat, pattern.EntireString|pattern.ExtendedOperators)
	if err != nil {
		return pat == s
	}
	re, err := regexp.Compile(expr)
	return err == nil && re.MatchString(s)
}

// call runs a simple command.
func (sh *Shell) call(c *syntax.CallExpr) {
	sh.nsubst, sh.subst = 0, 0
	args, ok := sh.fields(sh.unalias(c.Args))
	if !ok {
		return
	}
	if len(args) == 0 {
		sh.last = 0
		for _, as := range c.Assigns {
			if !sh.assign(as, declaration{}) {
				sh.last = 1
				return
			}
		}
		if sh.nsubst > 0 {
			sh.last = sh.subst
		}
		if sh.opts.xtrace && len(c.Assigns) > 0 {
			sh.trace(assigned(c))
		}
		return
	}
	type saved struct {
		name string
		v    expand.Variable
	}
	var before []saved
	for _, as := range c.Assigns {
		before = append(before, saved{as.Name.Value, sh.vars.get(as.Name.Value)})
		if !sh.assign(as, declaration{export: true}) {
			sh.last = 1
			return
		}
	}
	sh.trace(strings.Join(args, " "))
	sh.invoke(args, true)
	for _, b := range before {
		sh.restore(b.name, b.v)
	}
}

func assigned(c *syntax.CallExpr) string {
	var b strings.Builder
	_ = syntax.NewPrinter().Print(&b, &syntax.CallExpr{Assigns: c.Assigns})
	return b.String()
}

func (sh *Shell) trace(line string) {
	if sh.opts.xtrace && line != "" {
		sh.write(2, sh.get("PS4")+line+"\n")
	}
}

// unalias replaces a first word that is an alias by what it stands for.
func (sh *Shell) unalias(words []*syntax.Word) []*syntax.Word {
	for range 8 {
		if len(words) == 0 {
			return words
		}
		text, ok := sh.aliases[words[0].Lit()]
		if !ok {
			return words
		}
		var list []*syntax.Word
		for w, err := range syntax.NewParser().WordsSeq(strings.NewReader(text)) {
			if err != nil {
				return words
			}
			list = append(list, w)
		}
		if len(list) > 0 && list[0].Lit() == words[0].Lit() {
			return append(list, words[1:]...)
		}
		words = append(list, words[1:]...)
	}
	return words
}

// invoke runs a command that is expanded: a function, a builtin, a program.
func (sh *Shell) invoke(args []string, functions bool) {
	sh.step(1)
	name := args[0]
	if body := sh.funcs[name]; body != nil && functions {
		sh.function(body, args)
		return
	}
	if b := builtinOf(name); b != nil {
		sh.last = b(sh, args)
		return
	}
	sh.program(args)
}

func (sh *Shell) function(body *syntax.Stmt, args []string) {
	defer sh.deeper()()
	size := int64(256)
	for _, a := range args {
		size += int64(len(a)) + 16
	}
	sh.hold(size)
	params, loops := sh.params, sh.loops
	sh.params, sh.loops = args[1:], 0
	sh.vars = &scope{vars: map[string]expand.Variable{}, outer: sh.vars}
	sh.inFunc++
	sh.stmt(body)
	sh.inFunc--
	for _, v := range sh.vars.vars {
		sh.mem -= cost(v)
	}
	sh.vars = sh.vars.outer
	sh.params, sh.loops = params, loops
	if sh.flow == flowReturn {
		sh.flow = flowNone
	}
	sh.mem -= size
}

// capture runs statements in a subshell whose output is w.
func (sh *Shell) capture(w io.Writer, stmts []*syntax.Stmt) {
	c := &captured{sh: sh, w: w}
	code := sh.within(func(sub *Shell) {
		sub.fds[1] = fd{w: c}
		sub.stmts(stmts)
		for _, j := range sub.jobs {
			sub.wait(j)
		}
	})
	c.mu.Lock()
	c.done = true // what is still at work writes to nobody
	c.mu.Unlock()
	sh.subst = code
	sh.nsubst++
}

// captured is the output of a command substitution, bounded.
type captured struct {
	sh   *Shell
	mu   sync.Mutex
	w    io.Writer
	done bool
}

func (c *captured) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return 0, errBroken
	}
	if c.sh.caught += int64(len(b)); c.sh.caught > c.sh.run.lim.Value {
		c.sh.run.cancel(limitError("cannot allocate memory"))
		return 0, errBroken
	}
	return c.w.Write(b)
}
