package shell

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// builtin is a command of the shell itself.
type builtin func(sh *Shell, args []string) int

// builtins is filled when it is first needed: its entries refer to it.
var (
	builtins     map[string]builtin
	fillBuiltins sync.Once
)

func builtinOf(name string) builtin {
	fillBuiltins.Do(func() { builtins = table() })
	return builtins[name]
}

func table() map[string]builtin {
	status := func(n int) builtin { return func(*Shell, []string) int { return n } }
	return map[string]builtin{
		":": status(0), "true": status(0), "false": status(1),
		"alias": (*Shell).alias, "bg": status(0), "break": (*Shell).leave, "builtin": (*Shell).builtinWord, "cd": (*Shell).cd,
		"command": (*Shell).commandWord, "continue": (*Shell).leave, "declare": (*Shell).declareWords, "dirs": (*Shell).dirStack,
		"disown": status(0), "echo": (*Shell).echo, "enable": status(0), "eval": (*Shell).eval, "exec": (*Shell).exec, "exit": (*Shell).exit,
		"export": (*Shell).declareWords, "fg": (*Shell).waitJobs, "getopts": (*Shell).getopts, "hash": (*Shell).hash, "help": (*Shell).help,
		"history": status(0), "jobs": (*Shell).listJobs, "kill": (*Shell).kill, "local": (*Shell).declareWords, "logout": (*Shell).exit,
		"mapfile": (*Shell).mapfile, "popd": (*Shell).dirStack, "printf": (*Shell).printf, "pushd": (*Shell).dirStack, "pwd": (*Shell).pwd,
		"read": (*Shell).read, "readarray": (*Shell).mapfile, "readonly": (*Shell).declareWords, "return": (*Shell).exit, "set": (*Shell).setOptions,
		"shift": (*Shell).shift, "shopt": (*Shell).shopt, "source": (*Shell).dot, ".": (*Shell).dot, "test": (*Shell).test, "[": (*Shell).test,
		"times": (*Shell).times, "trap": (*Shell).trap, "type": (*Shell).typeOf, "typeset": (*Shell).declareWords, "ulimit": (*Shell).ulimit,
		"umask": (*Shell).setUmask, "unalias": (*Shell).unaliasNames, "unset": (*Shell).unset, "wait": (*Shell).waitJobs,
	}
}

func (sh *Shell) builtinWord(args []string) int {
	if len(args) < 2 {
		return 0
	}
	if b := builtinOf(args[1]); b != nil {
		return b(sh, args[1:])
	}
	sh.errorf("builtin: %s: not a shell builtin", args[1])
	return 1
}

func (sh *Shell) exit(args []string) int {
	code := sh.last
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			sh.errorf("%s: %s: numeric argument required", args[0], args[1])
			n = 2
		}
		code = n & 255
	}
	if args[0] != "return" {
		sh.flow = flowExit
		return code
	}
	if sh.inFunc == 0 {
		sh.errorf("return: can only `return' from a function or sourced script")
		return 1
	}
	sh.flow = flowReturn
	return code
}

func (sh *Shell) leave(args []string) int {
	if sh.loops == 0 {
		sh.errorf("%s: only meaningful in a `for', `while', or `until' loop", args[0])
		return 0
	}
	sh.level = 1
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 {
			sh.errorf("%s: %s: loop count out of range", args[0], args[1])
			return 1
		}
		sh.level = n
	}
	sh.flow = flowBreak
	if args[0] == "continue" {
		sh.flow = flowContinue
	}
	return 0
}

func (sh *Shell) eval(args []string) int {
	if len(args) > 1 && args[1] == "--" {
		args = args[1:]
	}
	sh.last = 0
	sh.source(strings.Join(args[1:], " "), "eval")
	return sh.last
}

func (sh *Shell) dot(args []string) int {
	if len(args) < 2 {
		sh.errorf("%s: filename argument required", args[0])
		return 2
	}
	p := sh.abs(args[1])
	if !strings.Contains(args[1], "/") {
		for _, dir := range strings.Split(sh.get("PATH"), ":") {
			if info, err := sh.sys.FS.Stat(dir + "/" + args[1]); err == nil && !info.IsDir() {
				p = dir + "/" + args[1]
				break
			}
		}
	}
	if d, ok := sh.substituted(path.Clean(p)); ok && d.r != nil {
		text, err := readLimited(d.r, int64(sh.run.lim.Script))
		if err != nil {
			return 1
		}
		return sh.sourced(text, args)
	}
	data, err := sh.sys.FS.ReadFile(p, int64(sh.run.lim.Script)+1)
	if err != nil {
		sh.errorf("%s: %s", args[1], Reason(err))
		return 1
	}
	return sh.sourced(string(data), args)
}

func (sh *Shell) sourced(text string, args []string) int {
	params := sh.params
	if len(args) > 2 {
		sh.params = args[2:]
	}
	sh.inFunc++
	sh.last = 0
	sh.source(text, args[1])
	sh.inFunc--
	if len(args) > 2 {
		sh.params = params
	}
	if sh.flow == flowReturn {
		sh.flow = flowNone
	}
	return sh.last
}

func (sh *Shell) exec(args []string) int {
	args = args[1:]
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		args = args[1:]
	}
	if len(args) == 0 {
		sh.kept = true
		return 0
	}
	sh.program(args)
	sh.flow = flowExit
	return sh.last
}

// commandWord runs a program or builtin past functions, or tells what a name is.
func (sh *Shell) commandWord(args []string) int {
	args = args[1:]
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-v", "-V":
			code := 0
			for _, name := range args[1:] {
				kind, at := sh.kind(name)
				switch {
				case kind == "":
					code = 1
					if args[0] == "-V" {
						sh.errorf("command: %s: not found", name)
					}
				case args[0] == "-V":
					sh.write(1, describe(name, kind, at))
				case kind == "file":
					sh.write(1, at+"\n")
				case kind == "alias":
					sh.write(1, "alias "+name+"='"+at+"'\n")
				default:
					sh.write(1, name+"\n")
				}
			}
			return code
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return 0
	}
	sh.invoke(args, false)
	return sh.last
}

// kind tells what a command's name stands for in this machine.
func (sh *Shell) kind(name string) (kind, at string) {
	if text, ok := sh.aliases[name]; ok {
		return "alias", text
	}
	switch {
	case syntax.IsKeyword(name):
		return "keyword", ""
	case sh.funcs[name] != nil:
		return "function", ""
	case builtinOf(name) != nil:
		return "builtin", ""
	}
	if p, err := sh.find(name); err == nil {
		return "file", p
	}
	return "", ""
}

func describe(name, kind, at string) string {
	switch kind {
	case "alias":
		return name + " is aliased to `" + at + "'\n"
	case "keyword", "builtin":
		return name + " is a shell " + kind + "\n"
	case "function":
		return name + " is a function\n"
	}
	return name + " is " + at + "\n"
}

func (sh *Shell) typeOf(args []string) int {
	mode, code := "", 0
	for _, name := range args[1:] {
		if strings.HasPrefix(name, "-") {
			mode = name
			continue
		}
		kind, at := sh.kind(name)
		if mode == "-P" || mode == "-p" {
			kind = "file"
			p, err := sh.find(name)
			if at = p + "\n"; err != nil {
				at, kind = "", ""
			}
		}
		switch {
		case kind == "":
			code = 1
			if mode == "" || mode == "-a" {
				sh.errorf("type: %s: not found", name)
			}
		case mode == "-t":
			sh.write(1, kind+"\n")
		case mode == "-P" || mode == "-p":
			sh.write(1, at)
		default:
			sh.write(1, describe(name, kind, at))
		}
	}
	return code
}

func (sh *Shell) hash(args []string) int {
	for _, name := range args[1:] {
		if strings.HasPrefix(name, "-") {
			continue
		}
		if kind, _ := sh.kind(name); kind == "" {
			sh.errorf("hash: %s: not found", name)
			return 1
		}
	}
	return 0
}

func (sh *Shell) cd(args []string) int {
	for len(args) > 1 && (args[1] == "-L" || args[1] == "-P" || args[1] == "--") {
		args = args[1:]
	}
	dir := sh.get("HOME")
	if len(args) > 1 {
		dir = args[1]
	}
	if len(args) > 2 {
		sh.errorf("cd: too many arguments")
		return 1
	}
	if dir == "-" {
		dir = sh.get("OLDPWD")
		sh.write(1, dir+"\n")
	}
	return sh.changeDir("cd", dir)
}

func (sh *Shell) changeDir(cmd, dir string) int {
	p := sh.clean(dir)
	info, err := sh.sys.FS.Stat(p)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("not a directory")
	}
	if err == nil {
		err = sh.sys.FS.Access(p, 1)
	}
	if err != nil || dir == "" {
		if dir == "" {
			return 0
		}
		sh.errorf("%s: %s: %s", cmd, dir, Reason(err))
		return 1
	}
	sh.set("OLDPWD", sh.dir)
	sh.set("PWD", p)
	sh.dir = p
	return 0
}

// pwd never asks for more than the shell knows: a path of the machine has no
// other form that a host could tell.
func (sh *Shell) pwd([]string) int {
	return sh.wrote(sh.dir + "\n")
}

func (sh *Shell) dirStack(args []string) int {
	switch args[0] {
	case "pushd":
		dir := ""
		if len(args) > 1 {
			dir = args[1]
		} else if len(sh.dirs) > 0 {
			dir = sh.dirs[len(sh.dirs)-1]
			sh.dirs = sh.dirs[:len(sh.dirs)-1]
		} else {
			sh.errorf("pushd: no other directory")
			return 1
		}
		before := sh.dir
		if code := sh.changeDir("pushd", dir); code != 0 {
			return code
		}
		sh.hold(int64(len(before)) + 16)
		sh.dirs = append(slices.Clone(sh.dirs), before)
	case "popd":
		if len(sh.dirs) == 0 {
			sh.errorf("popd: directory stack empty")
			return 1
		}
		dir := sh.dirs[len(sh.dirs)-1]
		sh.dirs = sh.dirs[:len(sh.dirs)-1]
		if code := sh.changeDir("popd", dir); code != 0 {
			return code
		}
	}
	out := []string{sh.dir}
	for _, d := range slices.Backward(sh.dirs) {
		out = append(out, d)
	}
	sh.write(1, strings.Join(out, " ")+"\n")
	return 0
}

func (sh *Shell) shift(args []string) int {
	n := 1
	if len(args) > 1 {
		var err error
		if n, err = strconv.Atoi(args[1]); err != nil || n < 0 {
			sh.errorf("shift: %s: numeric argument required", args[1])
			return 1
		}
	}
	if n > len(sh.params) {
		return 1
	}
	sh.params = sh.params[n:]
	return 0
}

func (sh *Shell) unset(args []string) int {
	funcs, vars := true, true
	for _, name := range args[1:] {
		switch name {
		case "-f":
			vars = false
			continue
		case "-v":
			funcs = false
			continue
		}
		if base, sub, ok := strings.Cut(name, "["); ok && vars {
			sh.unsetElement(base, strings.TrimSuffix(sub, "]"))
			continue
		}
		v := sh.vars.get(name)
		switch {
		case vars && v.ReadOnly:
			sh.errorf("unset: %s: cannot unset: readonly variable", name)
			return 1
		case vars && v.Declared():
			sh.drop(sh.vars.home(name), name)
		case funcs:
			delete(sh.funcs, name)
		}
	}
	return 0
}

func (sh *Shell) unsetElement(name, sub string) {
	v := sh.vars.get(name)
	if sub == "@" || sub == "*" {
		sh.drop(sh.vars.home(name), name)
		return
	}
	switch v.Kind {
	case expand.Associative:
		v.Map = maps.Clone(v.Map)
		delete(v.Map, strings.Trim(sub, `"'`))
	case expand.Indexed:
		i, err := strconv.Atoi(sub)
		if err != nil {
			i, _ = strconv.Atoi(sh.get(strings.TrimPrefix(sub, "$")))
		}
		if i < 0 {
			i += top(v.List, v.Indexes)
		}
		at, ok := position(v.List, v.Indexes, i)
		if !ok || i < 0 {
			return
		}
		if v.Indexes == nil {
			for n := range v.List {
				v.Indexes = append(v.Indexes, n)
			}
		}
		v.List = slices.Delete(slices.Clone(v.List), at, at+1)
		v.Indexes = slices.Delete(slices.Clone(v.Indexes), at, at+1)
	}
	sh.put(sh.vars.home(name), name, v)
}

func (sh *Shell) alias(args []string) int {
	if len(args) == 1 {
		for _, name := range slices.Sorted(maps.Keys(sh.aliases)) {
			sh.write(1, "alias "+name+"='"+sh.aliases[name]+"'\n")
		}
	}
	for _, a := range args[1:] {
		name, text, ok := strings.Cut(a, "=")
		if ok {
			sh.hold(int64(len(a)) + 32)
			sh.aliases[name] = text
		} else if text, ok := sh.aliases[name]; ok {
			sh.write(1, "alias "+name+"='"+text+"'\n")
		} else {
			sh.errorf("alias: %s: not found", name)
			return 1
		}
	}
	return 0
}

func (sh *Shell) unaliasNames(args []string) int {
	for _, name := range args[1:] {
		if name == "-a" {
			clear(sh.aliases)
		}
		delete(sh.aliases, name)
	}
	return 0
}

func (sh *Shell) trap(args []string) int {
	args = args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 || args[0] == "-p" {
		for _, name := range slices.Sorted(maps.Keys(sh.traps)) {
			sh.write(1, fmt.Sprintf("trap -- '%s' %s\n", sh.traps[name], name))
		}
		return 0
	}
	text, names := args[0], args[1:]
	if len(names) == 0 {
		text, names = "-", args
	}
	for _, name := range names {
		name = strings.TrimPrefix(strings.ToUpper(name), "SIG")
		if name == "0" {
			name = "EXIT"
		}
		if text == "-" {
			delete(sh.traps, name)
			continue
		}
		sh.hold(int64(len(text)+len(name)) + 32)
		sh.traps[name] = text
	}
	return 0
}

func (sh *Shell) waitJobs(args []string) int {
	if len(args) < 2 {
		for _, j := range sh.jobs {
			sh.wait(j)
		}
		if args[0] == "wait" {
			sh.jobs = nil
		}
		return 0
	}
	code := 0
	for _, a := range args[1:] {
		if strings.HasPrefix(a, "-") {
			continue
		}
		j := sh.job(a)
		if j == nil {
			sh.errorf("wait: pid %s is not a child of this shell", a)
			code = 127
			continue
		}
		code = sh.wait(j)
	}
	return code
}

func (sh *Shell) job(name string) *job {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "%"))
	if err != nil {
		return nil
	}
	if strings.HasPrefix(name, "%") {
		if n < 1 || n > len(sh.jobs) {
			return nil
		}
		return sh.jobs[n-1]
	}
	for _, j := range sh.jobs {
		if j.pid == n {
			return j
		}
	}
	return nil
}

func (sh *Shell) listJobs([]string) int {
	for i, j := range sh.jobs {
		state := "Running"
		select {
		case <-j.done:
			state = "Done"
		default:
		}
		sh.write(1, fmt.Sprintf("[%d]   %-23s %s\n", i+1, state, j.text))
	}
	return 0
}

// kill ends jobs of this shell, and the shell itself. There is no other
// process.
func (sh *Shell) kill(args []string) int {
	signal, code := "TERM", 0
	for _, a := range args[1:] {
		if strings.HasPrefix(a, "-") && len(a) > 1 {
			signal = strings.TrimPrefix(strings.ToUpper(a[1:]), "SIG")
			continue
		}
		switch j := sh.job(a); {
		case j != nil && signal != "0":
			j.cancel()
		case j != nil, a == strconv.Itoa(sh.main) && signal == "0":
		case a == strconv.Itoa(sh.main) || a == strconv.Itoa(sh.pid):
			sh.flow = flowExit
			code = 143
			if signal == "9" || signal == "KILL" {
				code = 137
			}
		default:
			sh.errorf("kill: (%s) - No such process", a)
			code = 1
		}
	}
	return code
}

func (sh *Shell) setUmask(args []string) int {
	if len(args) < 2 {
		sh.write(1, fmt.Sprintf("%04o\n", sh.umask))
		return 0
	}
	n, err := strconv.ParseUint(args[1], 8, 9)
	if err != nil {
		sh.errorf("umask: %s: octal number out of range", args[1])
		return 1
	}
	sh.umask = uint32(n) & uint32(fs.ModePerm)
	return 0
}

func (sh *Shell) ulimit(args []string) int {
	if len(args) > 1 && args[1] == "-a" {
		l := sh.run.lim
		sh.write(1, fmt.Sprintf("cpu time (steps)     (-t) %d\nfile size            (-f) unlimited\nmemory (bytes)       (-v) %d\nuser processes       (-u) %d\n", l.Steps, l.Memory, l.Procs))
	} else if len(args) < 3 {
		sh.write(1, "unlimited\n")
	}
	return 0
}

func (sh *Shell) times([]string) int {
	sh.write(1, "0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n")
	return 0
}

func (sh *Shell) help([]string) int {
	sh.write(1, "Shell builtins: "+strings.Join(slices.Sorted(maps.Keys(builtins)), " ")+"\n")
	return 0
}
