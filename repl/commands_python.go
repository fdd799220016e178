package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"unicode"

	"pawsh/bindings/boto"
	"pawsh/repl/diag"
	"pawsh/repl/python"
)

func pythonCommands() []command {
	return []command{
		{
			name: "py", group: groupSession, args: "[show [-v]] [CODE|FILE.py]", kind: ArgFile, values: []string{"show"},
			help: "run Python that uses boto 2, as Go",
			long: "Python that is pasted or typed needs no command: what is no valid Go and is Python, with >>> or without, becomes Go, is shown and runs; " +
				"all of it or none. :py CODE takes a line that would be valid Go as well for Python, and so does a text below a line :py. " +
				":py FILE.py loads the functions and constants of a script, and runs its main guard where it has one. " +
				":py show puts Python and Go side by side, those of the last paste without CODE, and runs nothing; -v adds the AWS operations with the lines of AWS's own program. " +
				":set python off leaves all Python alone but that of :py. `pawsh py2go FILE` prints a script as a Go program.",
			example: ":py 7 / -2\n:py show ec2.get_all_instances(filters={'tag-key': 'paws'})\n:py launch.py",
			run:     (*Shell).cmdPy,
		},
	}
}

// lastPython is the translation that :py show shows.
type lastPython struct{ res *python.Result }

func (sh *Shell) cmdPy(ctx context.Context, args string) (string, error) {
	word, rest, _ := strings.Cut(args, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case args == "":
		return "", usage(":py wants Python, a file, or show")
	case word == "show":
		return sh.showPython(rest)
	case strings.HasSuffix(args, ".py") && !strings.ContainsAny(args, "()=\n"):
		return "", sh.loadPython(ctx, args)
	}
	return "", sh.forcePython(ctx, args)
}

// forcePython runs a text as Python, whatever it is in Go.
func (sh *Shell) forcePython(ctx context.Context, text string) error {
	res, err := sh.translator.Translate(text, pythonScope{sh.kernel})
	if err == nil {
		err = sh.checkPython(res)
	}
	return sh.finishPython(ctx, text, res, err)
}

func (sh *Shell) loadPython(ctx context.Context, name string) error {
	name, err := one(name, ":py")
	if err != nil {
		return err
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return failed(err, "")
	}
	res, err := sh.translator.Load(string(b), pythonScope{sh.kernel})
	if err == nil {
		err = sh.checkPython(res)
	}
	saved := sh.origin
	sh.origin.File, sh.origin.Line = name, 0
	defer func() { sh.origin = saved }()
	return sh.finishPython(ctx, string(b), res, err)
}

func (sh *Shell) finishPython(ctx context.Context, text string, res *python.Result, err error) error {
	var d *diag.Error
	if errors.As(err, &d) {
		if !strings.HasPrefix(d.Message, "Python: ") {
			err = pythonError(d)
		}
		sh.print(Reply{Result: Result{Err: discreet(err, text)}, Source: text})
		return printed{err}
	}
	if err != nil {
		return err
	}
	r := sh.runPython(ctx, res)
	sh.print(r)
	if r.Err != nil {
		return printed{r.Err}
	}
	return nil
}

// showPython puts Python and its Go side by side without running them.
func (sh *Shell) showPython(args string) (string, error) {
	rest, verbose := strings.CutPrefix(args, "-v")
	text := strings.TrimSpace(rest)
	res := sh.lastPython.res
	if text != "" {
		if strings.HasSuffix(text, ".py") && !strings.ContainsAny(text, "()=") {
			b, err := os.ReadFile(text)
			if err != nil {
				return "", failed(err, "")
			}
			text = string(b)
		}
		var err error
		res, err = sh.translator.Translate(text, pythonScope{sh.kernel})
		var d *diag.Error
		if errors.As(err, &d) {
			return "", pythonError(d)
		}
	}
	if res == nil {
		return "", usage("no Python was run yet: give it to :py show")
	}
	var b strings.Builder
	for _, c := range res.Cells {
		sideBySide(&b, c)
		if verbose {
			for _, op := range operationsOf(c.Go) {
				fmt.Fprintf(&b, "    AWS: %s\n", op)
			}
		}
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

const pythonColumn = 48

func sideBySide(b *strings.Builder, c python.Cell) {
	left := strings.Split(strings.TrimRight(veiled(c.Python), "\n"), "\n")
	right := strings.Split(strings.ReplaceAll(veiled(c.Go), "\t", "    "), "\n")
	for i := range max(len(left), len(right)) {
		l, r := "", ""
		if i < len(left) {
			l = strings.ReplaceAll(left[i], "\t", "    ")
		}
		if i < len(right) {
			r = right[i]
		}
		if len([]rune(l)) > pythonColumn {
			fmt.Fprintf(b, "%s\n", l)
			l = ""
		}
		fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf("%-*s | %s", pythonColumn, l, r), " "))
	}
}

var methodRE = regexp.MustCompile(`\.([A-Z]\w*)\(`)

// operationsOf lists the AWS operations behind the calls in a piece of Go, each
// with the command of AWS's own program.
func operationsOf(src string) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range methodRE.FindAllStringSubmatch(src, -1) {
		for _, c := range boto.Counterparts(m[1]) {
			service, _, _ := strings.Cut(c.Go, ".")
			if c.Operations == "" || !strings.HasSuffix(c.Go, "."+m[1]) {
				continue
			}
			for op := range strings.FieldsSeq(c.Operations) {
				line := fmt.Sprintf("%s.Client.%s   aws %s %s", service, op, cliService(service), kebab(op))
				if !seen[line] {
					out = append(out, line)
				}
				seen[line] = true
			}
			break
		}
	}
	return out
}

func cliService(service string) string {
	if service == "s3" {
		return "s3api"
	}
	return service
}

// kebab writes RunInstances as run-instances.
func kebab(op string) string {
	var b strings.Builder
	rs := []rune(op)
	for i, r := range rs {
		if unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// PythonProgram makes a Go program of a script of Python that uses boto 2:
// `pawsh py2go`. The error names the construct and the line.
func PythonProgram(src string) (string, error) {
	k, err := NewKernel(KernelOptions{})
	if err != nil {
		return "", err
	}
	text, err := python.Program(src, pythonScope{k})
	if err != nil {
		return "", err
	}
	if _, err := k.scope.Check(text, 1); err != nil {
		return "", fmt.Errorf("this came out as Go that is not right: %w", err)
	}
	return text, nil
}
