package shell

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// option finds an option by its name for set -o and shopt.
func (sh *Shell) option(name string) *bool {
	o := &sh.opts
	return map[string]*bool{
		"errexit": &o.errexit, "nounset": &o.nounset, "xtrace": &o.xtrace, "noglob": &o.noglob, "pipefail": &o.pipefail,
		"allexport": &o.allexport, "noexec": &o.noexec, "nullglob": &o.nullglob, "dotglob": &o.dotglob, "globstar": &o.globstar,
		"extglob": &o.extglob, "nocaseglob": &o.nocaseglob,
	}[name]
}

var letters = map[rune]string{'e': "errexit", 'u': "nounset", 'x': "xtrace", 'f': "noglob", 'a': "allexport", 'n': "noexec"}

// setOptions is set: options, parameters, or the list of variables.
func (sh *Shell) setOptions(args []string) int {
	args = args[1:]
	if len(args) == 0 {
		for name, v := range (environ{sh}).Each {
			if v.Set {
				sh.write(1, name+"="+quoted(v)+"\n")
			}
		}
		return 0
	}
	for len(args) > 0 && len(args[0]) > 1 && strings.ContainsAny(args[0][:1], "-+") {
		a := args[0]
		args = args[1:]
		if a == "--" {
			sh.setParams(args)
			return 0
		}
		for _, c := range a[1:] {
			name := letters[c]
			if c == 'o' {
				if len(args) == 0 {
					return 0
				}
				name, args = args[0], args[1:]
			}
			if p := sh.option(name); p != nil {
				*p = a[0] == '-'
			}
		}
	}
	if len(args) > 0 {
		sh.setParams(args)
	}
	return 0
}

// setParams replaces $1 and so on. What is replaced stays counted, so that no
// loop can hold more than its share.
func (sh *Shell) setParams(args []string) {
	var n int64
	for _, a := range args {
		n += int64(len(a)) + 16
	}
	for _, a := range sh.params {
		n -= int64(len(a)) + 16
	}
	sh.hold(max(n, 0))
	sh.params = slices.Clone(args)
}

func (sh *Shell) shopt(args []string) int {
	mode, code := "", 0
	for _, a := range args[1:] {
		if strings.HasPrefix(a, "-") {
			mode += a[1:]
			continue
		}
		p := sh.option(a)
		switch {
		case strings.Contains(mode, "s") && p != nil:
			*p = true
		case strings.Contains(mode, "u") && p != nil:
			*p = false
		case strings.ContainsAny(mode, "su"): // without effect here
		case p == nil || !*p:
			code = 1
		}
	}
	return code
}

// declare is declare, local, export, readonly and typeset as the parser sees
// them.
func (sh *Shell) declare(c *syntax.DeclClause) {
	d := declaration{}
	list, functions := false, false
	switch c.Variant.Value {
	case "local":
		if sh.inFunc == 0 || sh.vars.outer == nil {
			sh.errorf("local: can only be used in a function")
			sh.last = 1
			return
		}
		d.local = true
	case "export":
		d.export = true
	case "readonly":
		d.readonly = true
	case "nameref":
		d.ref = true
	default:
		d.local = sh.vars.outer != nil
	}
	sh.last = 0
	named := false
	sh.nsubst, sh.subst = 0, 0
	for _, as := range c.Args {
		for _, as := range sh.spelledOut(as) {
			if as.Naked && strings.ContainsAny(as.Name.Value[:min(1, len(as.Name.Value))], "-+") {
				for _, o := range as.Name.Value[1:] {
					switch o {
					case 'x':
						d.export, d.unexport = as.Name.Value[0] == '-', as.Name.Value[0] == '+'
					case 'n':
						d.unexport, d.ref = d.export, !d.export
						d.export = false
					case 'r':
						d.readonly = true
					case 'a':
						d.array = true
					case 'A':
						d.assoc = true
					case 'i':
						d.integer = true
					case 'g':
						d.local = false
					case 'p':
						list = true
					case 'f', 'F':
						functions = true
					}
				}
				continue
			}
			named = true
			name := as.Name.Value
			switch {
			case functions:
				if sh.funcs[name] == nil {
					sh.last = 1
				} else {
					sh.write(1, name+" ()\n")
				}
			case !syntax.ValidName(name):
				sh.errorf("%s: `%s': not a valid identifier", c.Variant.Value, name)
				sh.last = 1
			case list && as.Naked:
				if v := sh.vars.get(name); v.Declared() {
					sh.write(1, declared(name, v))
				} else {
					sh.errorf("declare: %s: not found", name)
					sh.last = 1
				}
			default:
				sh.assign(as, d)
			}
		}
	}
	if named || functions {
		return
	}
	for name, v := range (environ{sh}).Each {
		if v.Declared() && (!d.export || v.Exported) && (!d.readonly || v.ReadOnly) {
			sh.write(1, declared(name, v))
		}
	}
}

// spelledOut turns "export $x" into the assignment that $x holds.
func (sh *Shell) spelledOut(as *syntax.Assign) []*syntax.Assign {
	if as.Name != nil {
		return []*syntax.Assign{as}
	}
	words, ok := sh.fields([]*syntax.Word{as.Value})
	if !ok {
		return nil
	}
	return assignments(words)
}

func assignments(words []string) []*syntax.Assign {
	var out []*syntax.Assign
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		as := &syntax.Assign{Name: &syntax.Lit{Value: name}, Naked: !ok}
		if ok {
			if strings.HasSuffix(name, "+") {
				as.Name.Value, as.Append = name[:len(name)-1], true
			}
			as.Value = &syntax.Word{Parts: []syntax.WordPart{&syntax.SglQuoted{Value: value}}}
		}
		out = append(out, as)
	}
	return out
}

// declareWords is a declaration that came about by expansion, as in
// "builtin export x=1".
func (sh *Shell) declareWords(args []string) int {
	sh.declare(&syntax.DeclClause{Variant: &syntax.Lit{Value: args[0]}, Args: assignments(args[1:])})
	return sh.last
}

func declared(name string, v expand.Variable) string {
	flags := v.Flags()
	if flags == "" {
		flags = "-"
	}
	return "declare -" + flags + " " + name + "=" + quoted(v) + "\n"
}

func quoted(v expand.Variable) string {
	switch v.Kind {
	case expand.Indexed:
		var parts []string
		for i, s := range v.List {
			n := i
			if v.Indexes != nil {
				n = v.Indexes[i]
			}
			parts = append(parts, fmt.Sprintf("[%d]=%q", n, s))
		}
		return "(" + strings.Join(parts, " ") + ")"
	case expand.Associative:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v.Map)) {
			parts = append(parts, fmt.Sprintf("[%s]=%q", k, v.Map[k]))
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	return strconv.Quote(v.Str)
}

// getopts takes the next option of the parameters.
func (sh *Shell) getopts(args []string) int {
	if len(args) < 3 {
		sh.errorf("getopts: usage: getopts optstring name [arg]")
		return 2
	}
	opts, name, list := args[1], args[2], sh.params
	if len(args) > 3 {
		list = args[3:]
	}
	at, _ := strconv.Atoi(sh.get("OPTIND"))
	at = max(at, 1)
	within, _ := strconv.Atoi(sh.get("__optpos"))
	within = max(within, 1)
	sh.drop(sh.vars.home("OPTARG"), "OPTARG")
	if at > len(list) || len(list[at-1]) < 2 || list[at-1][0] != '-' || list[at-1] == "--" {
		if at <= len(list) && list[at-1] == "--" {
			sh.set("OPTIND", strconv.Itoa(at+1))
		}
		sh.set(name, "?")
		return 1
	}
	word := list[at-1]
	within = min(within, len(word)-1)
	c := word[within]
	next := func(words, pos int) {
		sh.set("OPTIND", strconv.Itoa(at+words))
		sh.set("__optpos", strconv.Itoa(pos))
	}
	if within+1 < len(word) {
		next(0, within+1)
	} else {
		next(1, 1)
	}
	i := strings.IndexByte(opts, c)
	switch {
	case c == ':' || i < 0:
		sh.set(name, "?")
		if strings.HasPrefix(opts, ":") {
			sh.set("OPTARG", string(c))
		} else {
			sh.errorf("illegal option -- %c", c)
		}
		return 0
	case i+1 < len(opts) && opts[i+1] == ':':
		switch {
		case within+1 < len(word):
			sh.set("OPTARG", word[within+1:])
			next(1, 1)
		case at < len(list):
			sh.set("OPTARG", list[at])
			next(2, 1)
		default:
			sh.set(name, "?")
			sh.errorf("option requires an argument -- %c", c)
			return 0
		}
	}
	sh.set(name, string(c))
	return 0
}
