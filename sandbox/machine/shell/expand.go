package shell

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// config is the expansion's view of the shell: all it can ask for is here.
func (sh *Shell) config() *expand.Config {
	c := &expand.Config{
		Env: environ{sh}, NoUnset: sh.opts.nounset, NullGlob: sh.opts.nullglob, DotGlob: sh.opts.dotglob,
		GlobStar: sh.opts.globstar, ExtGlob: sh.opts.extglob, NoCaseGlob: sh.opts.nocaseglob,
		CmdSubst:  sh.substitute,
		ProcSubst: sh.processSubst,
	}
	if !sh.opts.noglob {
		c.ReadDir2 = func(p string) ([]fs.DirEntry, error) {
			sh.step(5)
			list, err := sh.sys.FS.ReadDir(sh.abs(p))
			if pe, ok := err.(*fs.PathError); ok {
				err = pe.Err
			}
			out := make([]fs.DirEntry, len(list))
			for i := range list {
				out[i] = list[i]
			}
			return out, err
		}
	}
	return c
}

func (sh *Shell) substitute(w io.Writer, cs *syntax.CmdSubst) error {
	if len(cs.Stmts) == 1 { // $(<file)
		if s := cs.Stmts[0]; s.Cmd == nil && len(s.Redirs) == 1 && s.Redirs[0].Op == syntax.RdrIn {
			name, ok := sh.literal(s.Redirs[0].Word)
			if !ok {
				return fmt.Errorf("bad file name")
			}
			data, err := sh.sys.FS.ReadFile(sh.abs(name), sh.run.lim.Value)
			if err != nil {
				sh.errorf("%s: %s", name, Reason(err))
				sh.subst = 1
				return nil
			}
			sh.caught += int64(len(data))
			_, err = w.Write(data)
			return err
		}
	}
	sh.capture(w, cs.Stmts)
	return nil
}

// expanding guards one expansion: its input is bounded before, what it
// captures while it runs, and a panic of the library ends the command only.
func (sh *Shell) expanding(f func() error, words ...*syntax.Word) (ok bool) {
	before := sh.caught
	defer func() { sh.caught = before }()
	defer func() {
		if p := recover(); p != nil {
			if _, mine := p.(stopped); mine {
				panic(p)
			}
			sh.errorf("bad substitution: %v", p)
			sh.last, ok = 1, false
		}
	}()
	var size int64
	for _, w := range words {
		size += sh.bound(w)
	}
	if size > 4*sh.run.lim.Value {
		sh.run.exceed("cannot allocate memory")
	}
	if err := f(); err != nil {
		sh.errorf("%v", err)
		sh.last = 1
		if _, unset := err.(expand.UnsetParameterError); unset && sh.flow == flowNone {
			sh.flow = flowExit
		}
		return false
	}
	return true
}

// fields expands words as the arguments of a command.
func (sh *Shell) fields(words []*syntax.Word) ([]string, bool) {
	var out []string
	var size int64
	ok := sh.expanding(func() error {
		for s, err := range expand.FieldsSeq(sh.config(), words...) {
			if err != nil {
				return err
			}
			if size += int64(len(s)) + 16; size > 2*sh.run.lim.Value {
				sh.run.exceed("argument list too long")
			}
			out = append(out, s)
		}
		return nil
	}, words...)
	sh.step(1 + int64(len(out))/64)
	return out, ok
}

func (sh *Shell) one(w *syntax.Word, f func(*expand.Config, *syntax.Word) (string, error)) (out string, ok bool) {
	if w == nil {
		return "", true
	}
	ok = sh.expanding(func() (err error) {
		out, err = f(sh.config(), w)
		if int64(len(out)) > sh.run.lim.Value {
			sh.run.exceed("cannot allocate memory")
		}
		return err
	}, w)
	return out, ok
}

// literal expands a word to one string.
func (sh *Shell) literal(w *syntax.Word) (string, bool) { return sh.one(w, expand.Literal) }

// document expands a here-document.
func (sh *Shell) document(w *syntax.Word) (string, bool) { return sh.one(w, expand.Document) }

// pattern expands a word to a pattern, its quoted parts taken literally.
func (sh *Shell) pattern(w *syntax.Word) (string, bool) { return sh.one(w, expand.Pattern) }

// arithm evaluates an arithmetic expression.
func (sh *Shell) arithm(x syntax.ArithmExpr) (n int, ok bool) {
	ok = sh.expanding(func() (err error) {
		n, err = expand.Arithm(sh.config(), x)
		return err
	})
	return n, ok
}

// bound is the most that a word can expand to, captured output aside, which
// is counted when it is captured, and braces, which are cut off by fields.
func (sh *Shell) bound(w *syntax.Word) int64 {
	if w == nil {
		return 0
	}
	return sh.boundParts(w.Parts)
}

func (sh *Shell) boundParts(parts []syntax.WordPart) int64 {
	var n int64
	for _, p := range parts {
		switch p := p.(type) {
		case *syntax.Lit:
			n += int64(len(p.Value))
		case *syntax.SglQuoted:
			n += int64(len(p.Value))
		case *syntax.DblQuoted:
			n += sh.boundParts(p.Parts)
		case *syntax.ParamExp:
			n += sh.boundParam(p)
		default:
			n += 64
		}
	}
	return n
}

func (sh *Shell) boundParam(p *syntax.ParamExp) int64 {
	if p.Param == nil {
		return 0
	}
	n := int64(16)
	switch {
	case p.Excl: // by another name, or the names themselves
		for s := sh.vars; s != nil; s = s.outer {
			for _, v := range s.vars {
				n = max(n, cost(v))
			}
			n += int64(len(s.vars)) * 32
		}
	case p.Length:
	default:
		v := environ{sh}.Get(p.Param.Value)
		if _, to := v.Resolve(environ{sh}); v.Kind == expand.NameRef {
			v = to
		}
		n += cost(v) * 2 // ${x@Q} and the like double it
	}
	switch {
	case p.Repl != nil:
		with := sh.bound(p.Repl.With)
		if p.Repl.With != nil {
			for _, part := range p.Repl.With.Parts {
				if _, simple := part.(*syntax.Lit); !simple {
					with = max(with, 1024) // what is captured in it is not known yet
				}
			}
		}
		n *= 1 + with
	case p.Exp != nil:
		n += sh.bound(p.Exp.Word)
	}
	return n
}

// abs makes a path absolute.
func (sh *Shell) abs(p string) string {
	if !strings.HasPrefix(p, "/") {
		p = sh.dir + "/" + p
	}
	return p
}

// clean is abs without dots.
func (sh *Shell) clean(p string) string { return path.Clean(sh.abs(p)) }

// Reason is an error's last part as a command shows it.
func Reason(err error) string {
	if pe, ok := err.(*fs.PathError); ok {
		err = pe.Err
	}
	s := err.Error()
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
