package tools

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"pawsh/sandbox/machine/shell"
)

func runners() map[string]shell.Program {
	return map[string]shell.Program{
		"sh": sh, "bash": sh, "dash": sh, "xargs": xargs, "nohup": through(0), "nice": through(0), "ionice": through(0), "setsid": through(0), "time": through(0), "timeout": through(1),
		"stdbuf": through(0), "command": through(0), "which": which, "whereis": which, "test": through(-1), "[": through(-1),
	}
}

// sh runs a script file, the text of -c, or what it reads.
func sh(p *shell.Proc) int {
	args := p.Args[1:]
	var flags []string
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		a := args[0]
		args = args[1:]
		switch {
		case a == "--":
		case a == "-o" && len(args) > 0:
			flags = append(flags, a, args[0])
			args = args[1:]
			continue
		case a == "--version":
			fmt.Fprintln(p.Stdout, "a shell of an emulated machine")
			return 0
		case strings.HasPrefix(a, "--"):
			continue
		case strings.HasPrefix(a, "-") && strings.Contains(a, "c"):
			if len(args) == 0 {
				return p.Errorf("-c: option requires an argument") + 1
			}
			if rest := strings.Trim(strings.ReplaceAll(a[1:], "c", ""), "li"); rest != "" {
				flags = append(flags, "-"+rest)
			}
			name := append([]string{path.Base(p.Args[0])}, args[1:]...)
			if len(args) > 1 {
				name = args[1:]
			}
			return p.Script(args[0], name, flags)
		default:
			if rest := strings.Trim(a[1:], "lis"); rest != "" {
				flags = append(flags, a[:1]+rest)
			}
			continue
		}
		break
	}
	if len(args) == 0 {
		text, code := readAll(p, nil)
		if code != 0 {
			return code
		}
		return p.Script(text, []string{path.Base(p.Args[0])}, flags)
	}
	data, err := p.FS.ReadFile(p.Abs(args[0]), int64(p.Limits().Script)+1)
	if err != nil {
		return p.Errorf("%s: %s", args[0], shell.Reason(err)) * 127
	}
	return p.Script(string(data), args, flags)
}

// through runs the command behind its flags and n operands of its own.
func through(n int) shell.Program {
	return func(p *shell.Proc) int {
		args := p.Args[1:]
		if n < 0 {
			return p.Exec(nil, nil, append([]string{path.Base(p.Args[0])}, args...))
		}
		for len(args) > 0 && strings.HasPrefix(args[0], "-") {
			value := args[0] == "-n" || args[0] == "-s" || args[0] == "-k" || args[0] == "-c"
			if args = args[1:]; value && len(args) > 0 {
				args = args[1:]
			}
		}
		if len(args) <= n {
			return p.Errorf("missing operand") + 124
		}
		return p.Exec(nil, nil, args[n:])
	}
}

func which(p *shell.Proc) int {
	code := 0
	for _, name := range p.Args[1:] {
		if strings.HasPrefix(name, "-") {
			continue
		}
		at, err := p.Find(name)
		if err != nil {
			fmt.Fprintf(p.Stderr, "%s: no %s in (%s)\n", path.Base(p.Args[0]), name, p.Environ()["PATH"])
			code = 1
			continue
		}
		fmt.Fprintln(p.Stdout, at)
	}
	return code
}

func xargs(p *shell.Proc) int {
	args := p.Args[1:]
	most, replace, zero, delim, skipEmpty := 1000, "", false, "", false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		a := args[0]
		args = args[1:]
		value := a[2:]
		if value == "" && len(args) > 0 && strings.Contains("-n-I-L-P-d", a) {
			value, args = args[0], args[1:]
		}
		switch a[:2] {
		case "-n", "-L":
			if n, err := strconv.Atoi(value); err == nil && n > 0 {
				most = n
			}
		case "-I":
			replace = value
		case "-d":
			delim = strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(value)
		case "-0":
			zero = true
		case "-r":
			skipEmpty = true
		}
	}
	if len(args) == 0 {
		args = []string{"echo"}
	}
	text, code := readAll(p, nil)
	var words []string
	switch {
	case zero:
		words = strings.FieldsFunc(text, func(r rune) bool { return r == 0 })
	case delim != "":
		words = strings.Split(strings.TrimSuffix(text, "\n"), delim)
	case replace != "":
		words = splitLines(text)
		most = 1
	default:
		words = strings.Fields(strings.NewReplacer(`"`, "", `'`, "").Replace(text))
	}
	if len(words) == 0 && (skipEmpty || replace != "") {
		return code
	}
	for first := true; first || len(words) > 0; first = false {
		n := min(most, len(words))
		run := append([]string(nil), args...)
		if replace != "" {
			for i := range run {
				run[i] = strings.ReplaceAll(run[i], replace, words[0])
			}
		} else {
			run = append(run, words[:n]...)
		}
		words = words[n:]
		if p.Exec(nil, nil, run) != 0 {
			code = 123
		}
	}
	return code
}
