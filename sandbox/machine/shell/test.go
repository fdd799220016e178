package shell

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// condition evaluates [[ ]].
func (sh *Shell) condition(x syntax.TestExpr) bool {
	switch x := x.(type) {
	case *syntax.Word:
		s, _ := sh.literal(x)
		return s != ""
	case *syntax.ParenTest:
		return sh.condition(x.X)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			return !sh.condition(x.X)
		}
		s, ok := sh.literal(x.X.(*syntax.Word))
		return ok && sh.unary(x.Op.String(), s)
	case *syntax.BinaryTest:
		switch x.Op {
		case syntax.AndTest:
			return sh.condition(x.X) && sh.condition(x.Y)
		case syntax.OrTest:
			return sh.condition(x.X) || sh.condition(x.Y)
		}
		left, ok := sh.literal(x.X.(*syntax.Word))
		if !ok {
			return false
		}
		switch x.Op {
		case syntax.TsMatch, syntax.TsMatchShort, syntax.TsNoMatch:
			p, ok := sh.pattern(x.Y.(*syntax.Word))
			return ok && match(p, left) == (x.Op != syntax.TsNoMatch)
		case syntax.TsReMatch:
			return sh.regexpMatch(left, x.Y.(*syntax.Word))
		}
		right, ok := sh.literal(x.Y.(*syntax.Word))
		return ok && sh.compare(x.Op.String(), left, right, true)
	}
	return false
}

func (sh *Shell) regexpMatch(s string, w *syntax.Word) bool {
	expr, ok := sh.literal(w)
	if !ok {
		return false
	}
	re, err := regexp.CompilePOSIX(expr)
	if err != nil || len(expr) > 4096 {
		sh.last = 2
		return false
	}
	m := re.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	sh.report(environ{sh}.Set("BASH_REMATCH", expand.Variable{Set: true, Kind: expand.Indexed, List: m}))
	return true
}

// unary evaluates a test of one operand, all of it within the machine.
func (sh *Shell) unary(op, s string) bool {
	stat := func(f func(fs.FileInfo) bool) bool {
		info, err := sh.sys.FS.Stat(sh.abs(s))
		return err == nil && s != "" && f(info)
	}
	mode := func(bits fs.FileMode) bool {
		return stat(func(i fs.FileInfo) bool { return i.Mode()&bits != 0 })
	}
	owner := func() (int, int, bool) {
		info, err := sh.sys.FS.Stat(sh.abs(s))
		uid, gid := info.Owner()
		return uid, gid, err == nil
	}
	switch op {
	case "-z":
		return s == ""
	case "-n":
		return s != ""
	case "-e", "-a":
		return stat(func(fs.FileInfo) bool { return true })
	case "-f":
		return stat(func(i fs.FileInfo) bool { return i.Mode().IsRegular() })
	case "-d":
		return mode(fs.ModeDir)
	case "-s":
		return stat(func(i fs.FileInfo) bool { return i.Size() > 0 })
	case "-b":
		return stat(func(i fs.FileInfo) bool {
			return i.Mode()&fs.ModeDevice != 0 && i.Mode()&fs.ModeCharDevice == 0
		})
	case "-c":
		return mode(fs.ModeCharDevice)
	case "-p":
		return mode(fs.ModeNamedPipe)
	case "-S":
		return mode(fs.ModeSocket)
	case "-k":
		return mode(fs.ModeSticky)
	case "-u":
		return mode(fs.ModeSetuid)
	case "-g":
		return mode(fs.ModeSetgid)
	case "-L", "-h":
		info, err := sh.sys.FS.Lstat(sh.abs(s))
		return err == nil && info.Mode()&fs.ModeSymlink != 0
	case "-r", "-w", "-x":
		return s != "" && sh.sys.FS.Access(sh.abs(s), map[string]fs.FileMode{"-r": 4, "-w": 2, "-x": 1}[op]) == nil
	case "-O":
		uid, _, ok := owner()
		return ok && uid == sh.sys.FS.Cred().UID
	case "-G":
		_, gid, ok := owner()
		gids := sh.sys.FS.Cred().GIDs
		return ok && (len(gids) == 0 && gid == 0 || len(gids) > 0 && gids[0] == gid)
	case "-v":
		return environ{sh}.Get(s).IsSet()
	case "-R":
		return sh.vars.get(s).Kind == expand.NameRef
	case "-o":
		p := sh.option(s)
		return p != nil && *p
	}
	return false // -t, -N: there is no terminal and no access time
}

var intOps = map[string]func(a, b int64) bool{
	"-eq": func(a, b int64) bool { return a == b }, "-ne": func(a, b int64) bool { return a != b },
	"-lt": func(a, b int64) bool { return a < b }, "-le": func(a, b int64) bool { return a <= b },
	"-gt": func(a, b int64) bool { return a > b }, "-ge": func(a, b int64) bool { return a >= b },
}

func (sh *Shell) compare(op, x, y string, arith bool) bool {
	if f := intOps[op]; f != nil {
		a, ok1 := sh.number(x, arith)
		b, ok2 := sh.number(y, arith)
		if !ok1 || !ok2 {
			sh.last = 2
			return false
		}
		return f(a, b)
	}
	switch op {
	case "=", "==":
		return x == y
	case "!=":
		return x != y
	case "<":
		return x < y
	case ">":
		return x > y
	case "-nt", "-ot", "-ef":
		a, err1 := sh.sys.FS.Stat(sh.abs(x))
		b, err2 := sh.sys.FS.Stat(sh.abs(y))
		switch op {
		case "-nt":
			return err1 == nil && (err2 != nil || a.ModTime().After(b.ModTime()))
		case "-ot":
			return err2 == nil && (err1 != nil || a.ModTime().Before(b.ModTime()))
		}
		return err1 == nil && err2 == nil && a.Inode() == b.Inode()
	}
	return false
}

func (sh *Shell) number(s string, arith bool) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err == nil {
		return n, true
	}
	if arith {
		if expr, err := syntax.NewParser().Arithmetic(strings.NewReader(s)); err == nil && expr != nil {
			n, ok := sh.arithm(expr)
			return int64(n), ok
		}
		return 0, s == ""
	}
	sh.errorf("[: %s: integer expression expected", s)
	return 0, false
}

// test is [ and test.
func (sh *Shell) test(args []string) int {
	args, name := args[1:], args[0]
	if name == "[" {
		if len(args) == 0 || args[len(args)-1] != "]" {
			sh.errorf("[: missing `]'")
			return 2
		}
		args = args[:len(args)-1]
	}
	sh.last = 0
	p := testParser{sh: sh, args: args}
	ok := len(args) > 0 && p.or()
	if p.bad || len(p.args) > 0 {
		sh.errorf("%s: syntax error", name)
		return 2
	}
	if sh.last == 2 {
		return 2
	}
	return oneIf(!ok)
}

// testParser evaluates the words of test as it reads them.
type testParser struct {
	sh   *Shell
	args []string
	bad  bool
	deep int
}

func (p *testParser) or() bool {
	v := p.and()
	for len(p.args) > 0 && p.args[0] == "-o" {
		p.args = p.args[1:]
		v = p.and() || v
	}
	return v
}

func (p *testParser) and() bool {
	v := p.not()
	for len(p.args) > 0 && p.args[0] == "-a" {
		p.args = p.args[1:]
		v = p.not() && v
	}
	return v
}

func isBinary(op string) bool {
	switch op {
	case "=", "==", "!=", "<", ">", "-nt", "-ot", "-ef":
		return true
	}
	return intOps[op] != nil
}

func (p *testParser) not() bool {
	if p.deep++; p.deep > 200 {
		p.bad = true
		return false
	}
	defer func() { p.deep-- }()
	a := p.args
	switch {
	case len(a) == 0:
		p.bad = true
		return false
	case len(a) >= 3 && isBinary(a[1]):
		p.args = a[3:]
		return p.sh.compare(a[1], a[0], a[2], false)
	case a[0] == "!" && len(a) > 1:
		p.args = a[1:]
		return !p.not()
	case a[0] == "(" && len(a) > 2:
		p.args = a[1:]
		v := p.or()
		if len(p.args) == 0 || p.args[0] != ")" {
			p.bad = true
			return false
		}
		p.args = p.args[1:]
		return v
	case len(a) >= 2 && len(a[0]) == 2 && a[0][0] == '-' && a[1] != "-a" && a[1] != "-o":
		p.args = a[2:]
		if strings.IndexByte("zneafdsbcpSkugLhrwxOGvRotN", a[0][1]) < 0 {
			p.bad = true
			return false
		}
		return p.sh.unary(a[0], a[1])
	}
	p.args = a[1:]
	return a[0] != ""
}
