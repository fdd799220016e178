package tools

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
)

func lines() map[string]shell.Program {
	return map[string]shell.Program{
		"grep": grep, "egrep": grep, "fgrep": grep, "sort": sortLines, "uniq": uniq, "cut": cut, "tac": tac, "nl": nl, "rev": rev, "sed": sed, "awk": noAwk, "column": cat,
	}
}

// basic turns a basic regular expression into Go's form.
func basic(s string) string {
	var b strings.Builder
	class := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case class:
			if c == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
			if c == '[' && i+1 < len(s) && s[i+1] == ':' {
				if end := strings.Index(s[i:], ":]"); end > 0 {
					b.WriteString(s[i+1 : i+end+2])
					i += end + 1
				}
				continue
			}
			class = c != ']'
		case c == '[':
			class = true
			b.WriteByte(c)
			for i+1 < len(s) && (s[i+1] == '^' || s[i+1] == ']') {
				i++
				if s[i] == ']' {
					b.WriteByte('\\')
				}
				b.WriteByte(s[i])
				if s[i] == ']' {
					break
				}
			}
		case c == '\\' && i+1 < len(s):
			i++
			switch {
			case strings.IndexByte("(){}|+?", s[i]) >= 0:
				b.WriteByte(s[i])
			case s[i] == '<' || s[i] == '>':
				b.WriteString(`\b`)
			default:
				b.WriteString(s[i-1 : i+1])
			}
		case strings.IndexByte("(){}|+?", c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// maxExpr bounds regular expressions: their machines are much larger.
const maxExpr = 4096

func compile(s string, extended, fixed, fold bool) (*regexp.Regexp, error) {
	switch {
	case len(s) > maxExpr:
		return nil, errors.New("regular expression too big")
	case fixed:
		s = regexp.QuoteMeta(s)
	case !extended:
		s = basic(s)
	}
	if fold {
		s = "(?i)" + s
	}
	return regexp.Compile(s)
}

func grep(p *shell.Proc) int {
	flags, names := options(p.Args, "emABC", "--include", "--color")
	pat, given := flags["e"]
	if !given {
		if len(names) == 0 {
			return p.Errorf("usage: grep [OPTION]... PATTERNS [FILE]...") + 1
		}
		pat, names = names[0], names[1:]
	}
	cmd := path.Base(p.Args[0])
	if has(flags, "w") {
		pat = `\b` + pat + `\b`
	}
	if has(flags, "x") {
		pat = "^" + pat + "$"
	}
	re, err := compile(pat, has(flags, "E", "P") || cmd == "egrep", has(flags, "F") || cmd == "fgrep", has(flags, "i"))
	if err != nil {
		return p.Errorf("%v", err) + 1
	}
	most := -1
	if m, err := strconv.Atoi(flags["m"]); err == nil {
		most = m
	}
	deep := has(flags, "r", "R")
	if deep {
		var all []string
		for _, n := range names {
			err := each(p, n, true, func(name string, i disk.Info) error {
				if i.Mode().IsRegular() {
					all = append(all, name)
				}
				return nil
			})
			if err != nil {
				p.Errorf("%s: %s", n, shell.Reason(err))
			}
		}
		if names = all; len(names) == 0 {
			return 1
		}
	}
	out := outStream(p)
	defer out.Flush()
	found := false
	code := 0
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		if i, err := p.FS.Stat(p.Abs(name)); err == nil && i.IsDir() && name != "-" {
			code = p.Errorf("%s: Is a directory", name) + 1
			continue
		}
		prefix := ""
		if (len(names) > 1 || deep || has(flags, "H")) && !has(flags, "h") {
			prefix = name + ":"
		}
		hits, no := 0, 0
		err := inputOne(p, name, func(_ string, r io.Reader) error {
			return eachLine(p, r, func(s string) bool {
				no++
				if re.MatchString(s) == has(flags, "v") {
					return true
				}
				hits++
				found = true
				switch {
				case has(flags, "q"):
					return false
				case has(flags, "l"):
					fmt.Fprintln(out, name)
					return false
				case has(flags, "c", "L"):
				case has(flags, "o"):
					for _, m := range re.FindAllString(s, -1) {
						fmt.Fprintln(out, prefix+m)
					}
				case has(flags, "n"):
					fmt.Fprintf(out, "%s%d:%s\n", prefix, no, s)
				default:
					fmt.Fprintln(out, prefix+s)
				}
				return most < 0 || hits < most
			})
		})
		if err != nil {
			if !has(flags, "s") {
				p.Errorf("%s: %s", name, shell.Reason(err))
			}
			code = 2
		}
		if has(flags, "c") {
			fmt.Fprintf(out, "%s%d\n", prefix, hits)
		}
	}
	if found && (code == 0 || has(flags, "q")) {
		return 0
	}
	return max(code, 1)
}

func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

func sortLines(p *shell.Proc) int {
	flags, names := options(p.Args, "kto")
	s, code := readAll(p, names)
	all := splitLines(s)
	p.Step(int64(len(all) / 16))
	field := func(l string) string {
		k, ok := flags["k"]
		if !ok {
			return l
		}
		n, _ := strconv.Atoi(strings.TrimRight(strings.Split(strings.Split(k, ",")[0], ".")[0], "nrbdf"))
		var parts []string
		if sep := flags["t"]; sep != "" {
			parts = strings.Split(l, sep)
		} else {
			parts = strings.Fields(l)
		}
		if n < 1 || n > len(parts) {
			return ""
		}
		if strings.Contains(k, ",") {
			return parts[n-1]
		}
		return strings.Join(parts[n-1:], " ")
	}
	numeric := has(flags, "n", "g", "h") || strings.Contains(flags["k"], "n")
	value := func(s string) float64 {
		s = strings.TrimSpace(s)
		end := 0
		for end < len(s) && strings.IndexByte("+-.0123456789", s[end]) >= 0 {
			end++
		}
		f, _ := strconv.ParseFloat(s[:end], 64)
		if has(flags, "h") && end < len(s) {
			f *= map[byte]float64{'K': 1 << 10, 'M': 1 << 20, 'G': 1 << 30, 'T': 1 << 40}[s[end]]
		}
		return f
	}
	compare := func(a, b string) int {
		x, y := field(a), field(b)
		c := 0
		switch {
		case numeric:
			if u, v := value(x), value(y); u < v {
				c = -1
			} else if u > v {
				c = 1
			}
		case has(flags, "f"):
			c = strings.Compare(strings.ToUpper(x), strings.ToUpper(y))
		default:
			c = strings.Compare(x, y)
		}
		if c == 0 && !has(flags, "s", "u") {
			c = strings.Compare(a, b)
		}
		if has(flags, "r") || strings.Contains(flags["k"], "r") {
			c = -c
		}
		return c
	}
	slices.SortStableFunc(all, compare)
	if has(flags, "u") {
		all = slices.CompactFunc(all, func(a, b string) bool { return compare(a, b) == 0 })
	}
	var b strings.Builder
	for _, l := range all {
		b.WriteString(l + "\n")
	}
	if to, ok := flags["o"]; ok {
		if err := p.FS.WriteFile(p.Abs(to), []byte(b.String()), 0o644); err != nil {
			return p.Errorf("%s: %s", to, shell.Reason(err))
		}
		return code
	}
	io.WriteString(p.Stdout, b.String())
	return code
}

func uniq(p *shell.Proc) int {
	flags, names := options(p.Args, "fsw")
	out := outStream(p)
	defer out.Flush()
	last, n := "", 0
	flush := func() {
		switch {
		case n == 0 || has(flags, "d") && n < 2 || has(flags, "u") && n > 1:
		case has(flags, "c"):
			fmt.Fprintf(out, "%7d %s\n", n, last)
		default:
			fmt.Fprintln(out, last)
		}
	}
	code := input(p, names[:min(1, len(names))], func(_ string, r io.Reader) error {
		return eachLine(p, r, func(s string) bool {
			if n > 0 && (s == last || has(flags, "i") && strings.EqualFold(s, last)) {
				n++
				return true
			}
			flush()
			last, n = s, 1
			return true
		})
	})
	flush()
	return code
}

func cut(p *shell.Proc) int {
	flags, names := options(p.Args, "dfcb", "--output-delimiter")
	spec, byField := flags["f"], true
	if spec == "" {
		if spec, byField = flags["c"], false; spec == "" {
			spec = flags["b"]
		}
	}
	type span struct{ from, to int }
	var spans []span
	for _, part := range strings.Split(spec, ",") {
		a, b, dash := strings.Cut(part, "-")
		s := span{1, 1 << 30}
		var err1, err2 error
		if a != "" {
			s.from, err1 = strconv.Atoi(a)
		}
		if !dash {
			s.to = s.from
		} else if b != "" {
			s.to, err2 = strconv.Atoi(b)
		}
		if err1 != nil || err2 != nil || part == "" || s.from < 1 {
			return p.Errorf("invalid field value ‘%s’", part)
		}
		spans = append(spans, s)
	}
	in := func(i int) bool {
		return slices.ContainsFunc(spans, func(s span) bool { return i >= s.from && i <= s.to })
	}
	sep := "\t"
	if d, ok := flags["d"]; ok && d != "" {
		sep = d
	}
	joined := sep
	if d, ok := flags["--output-delimiter"]; ok {
		joined = d
	}
	out := outStream(p)
	defer out.Flush()
	return input(p, names, func(_ string, r io.Reader) error {
		return eachLine(p, r, func(s string) bool {
			var kept []string
			if !byField {
				for i := range len(s) {
					if in(i + 1) {
						out.WriteByte(s[i])
					}
				}
				out.WriteByte('\n')
				return true
			}
			parts := strings.Split(s, sep)
			if len(parts) == 1 {
				if !has(flags, "s") {
					fmt.Fprintln(out, s)
				}
				return true
			}
			for i, f := range parts {
				if in(i + 1) {
					kept = append(kept, f)
				}
			}
			fmt.Fprintln(out, strings.Join(kept, joined))
			return true
		})
	})
}

func tac(p *shell.Proc) int {
	s, code := readAll(p, p.Args[1:])
	all := splitLines(s)
	slices.Reverse(all)
	for _, l := range all {
		fmt.Fprintln(p.Stdout, l)
	}
	return code
}

func nl(p *shell.Proc) int {
	n := 0
	return input(p, p.Args[1:], func(_ string, r io.Reader) error {
		return eachLine(p, r, func(s string) bool {
			if s == "" {
				fmt.Fprintln(p.Stdout)
				return true
			}
			n++
			fmt.Fprintf(p.Stdout, "%6d\t%s\n", n, s)
			return true
		})
	})
}

func rev(p *shell.Proc) int {
	return input(p, p.Args[1:], func(_ string, r io.Reader) error {
		return eachLine(p, r, func(s string) bool {
			runes := []rune(s)
			slices.Reverse(runes)
			fmt.Fprintln(p.Stdout, string(runes))
			return true
		})
	})
}

func noAwk(p *shell.Proc) int {
	return p.Errorf("not in this emulated machine; cut, sed, grep and the shell are") + 126
}

// sedCommand is one command of a sed script.
type sedCommand struct {
	from, to   sedAddress
	ranged     bool
	negate     bool
	active     bool
	cmd        byte
	re         *regexp.Regexp
	with, text string
	all, print bool
	nth        int
}

type sedAddress struct {
	line int // -1 for $, 0 for none
	re   *regexp.Regexp
}

func (a sedAddress) hit(n int, last bool, s string) bool {
	switch {
	case a.re != nil:
		return a.re.MatchString(s)
	case a.line == -1:
		return last
	}
	return a.line == n
}

func (c *sedCommand) applies(n int, last bool, s string) bool {
	hit := true
	switch {
	case c.ranged && c.active:
		if c.to.hit(n, last, s) || c.to.re == nil && c.to.line > 0 && n >= c.to.line {
			c.active = false
		}
	case c.from.line != 0 || c.from.re != nil:
		hit = c.from.hit(n, last, s)
		c.active = hit && c.ranged && !(c.to.re == nil && c.to.line > 0 && n >= c.to.line)
	}
	return hit != c.negate
}

func sed(p *shell.Proc) int {
	args := slices.Clone(p.Args)
	inPlace := ""
	for i, a := range args {
		if strings.HasPrefix(a, "-i") || strings.HasPrefix(a, "--in-place") {
			inPlace, args[i] = "i", "-i"
			if i := strings.IndexByte(a, '='); i > 0 {
				inPlace += a[i+1:]
			} else if strings.HasPrefix(a, "-i") && len(a) > 2 {
				inPlace += a[2:]
			}
		}
	}
	flags, names := options(args, "ef", "--expression")
	script, ok := flags["e"]
	if f, named := flags["f"]; named {
		data, err := p.FS.ReadFile(p.Abs(f), maxText)
		if err != nil {
			return p.Errorf("couldn't open file %s", f)
		}
		script, ok = string(data), true
	}
	if !ok {
		if len(names) == 0 {
			return p.Errorf("no script specified")
		}
		script, names = names[0], names[1:]
	}
	for i := 1; i+1 < len(args); i++ { // several -e
		if args[i] == "-e" && args[i+1] != script {
			script = args[i+1] + "\n" + script
		}
	}
	cmds, err := parseSed(script, has(flags, "E", "r"))
	if err != nil {
		return p.Errorf("-e expression #1: %v", err)
	}
	if inPlace == "" {
		s, code := readAll(p, names)
		out := outStream(p)
		defer out.Flush()
		return max(code, runSed(p, cmds, s, has(flags, "n"), out))
	}
	code := 0
	for _, n := range names {
		data, err := p.FS.ReadFile(p.Abs(n), maxText)
		if err != nil {
			code = p.Errorf("can't read %s: %s", n, shell.Reason(err))
			continue
		}
		var b strings.Builder
		code = max(code, runSed(p, cmds, string(data), has(flags, "n"), &b))
		if len(inPlace) > 1 {
			if err := p.FS.WriteFile(p.Abs(n+inPlace[1:]), data, 0o644); err != nil {
				return p.Errorf("%s", shell.Reason(err))
			}
		}
		mode := fs.FileMode(0o644)
		if err := p.FS.WriteFile(p.Abs(n), []byte(b.String()), mode); err != nil {
			code = p.Errorf("couldn't write %s: %s", n, shell.Reason(err))
		}
	}
	return code
}

func runSed(p *shell.Proc, cmds []*sedCommand, s string, quiet bool, out io.Writer) int {
	all := splitLines(s)
	written := 0
	say := func(s string) {
		if written += len(s) + 1; written > maxText {
			return
		}
		io.WriteString(out, s+"\n")
	}
	for i, line := range all {
		p.Step(1)
		after := ""
		deleted, quit := false, false
		for _, c := range cmds {
			if !c.applies(i+1, i == len(all)-1, line) {
				continue
			}
			switch c.cmd {
			case 's':
				var hit bool
				if line, hit = c.substitute(line); hit && c.print {
					say(line)
				}
				if len(line) > maxText {
					return p.Errorf("line too long")
				}
			case 'd':
				deleted = true
			case 'p':
				say(line)
			case 'q':
				quit = true
			case 'a':
				after += c.text + "\n"
			case 'i':
				say(c.text)
			case 'c':
				say(c.text)
				deleted = true
			case 'y':
				line = strings.Map(func(r rune) rune {
					if i := slices.Index([]rune(c.text), r); i >= 0 {
						return []rune(c.with)[i]
					}
					return r
				}, line)
			case '=':
				say(strconv.Itoa(i + 1))
			}
			if deleted || quit {
				break
			}
		}
		if !deleted && !quiet {
			say(line)
		}
		if after != "" {
			say(strings.TrimSuffix(after, "\n"))
		}
		if quit {
			return 0
		}
	}
	return 0
}

func (c *sedCommand) substitute(s string) (string, bool) {
	var b strings.Builder
	last, n, hit := 0, 0, false
	for _, m := range c.re.FindAllStringSubmatchIndex(s, -1) {
		if n++; n < c.nth {
			continue
		}
		hit = true
		b.WriteString(s[last:m[0]])
		for i := 0; i < len(c.with); i++ {
			group := -1
			switch ch := c.with[i]; {
			case ch == '&':
				group = 0
			case ch == '\\' && i+1 < len(c.with):
				i++
				if d := c.with[i]; d >= '0' && d <= '9' {
					group = int(d - '0')
				} else if d == 'n' {
					b.WriteByte('\n')
					continue
				} else {
					b.WriteByte(d)
					continue
				}
			default:
				b.WriteByte(ch)
				continue
			}
			if 2*group+1 < len(m) && m[2*group] >= 0 {
				b.WriteString(s[m[2*group]:m[2*group+1]])
			}
			if b.Len() > maxText {
				return b.String(), true
			}
		}
		if last = m[1]; !c.all {
			break
		}
	}
	return b.String() + s[last:], hit
}

// parseSed reads a script of the commands s, d, p, q, a, i, c, y and =.
func parseSed(s string, extended bool) ([]*sedCommand, error) {
	var out []*sedCommand
	for s = strings.TrimLeft(s, " \t\n;"); s != ""; s = strings.TrimLeft(s, " \t\n;") {
		if s[0] == '#' {
			_, s, _ = strings.Cut(s, "\n")
			continue
		}
		c := &sedCommand{nth: 1}
		var err error
		if c.from, s, err = sedAddr(s, extended); err != nil {
			return nil, err
		}
		if strings.HasPrefix(s, ",") {
			c.ranged = true
			if c.to, s, err = sedAddr(s[1:], extended); err != nil {
				return nil, err
			}
		}
		s = strings.TrimLeft(s, " ")
		if strings.HasPrefix(s, "!") {
			c.negate, s = true, strings.TrimLeft(s[1:], " ")
		}
		if s == "" {
			return nil, fmt.Errorf("missing command")
		}
		c.cmd, s = s[0], s[1:]
		switch c.cmd {
		case 's', 'y':
			if s == "" {
				return nil, fmt.Errorf("unterminated `%c' command", c.cmd)
			}
			sep := s[0]
			pat, rest, ok1 := sedPart(s[1:], sep)
			with, rest, ok2 := sedPart(rest, sep)
			if !ok1 || !ok2 {
				return nil, fmt.Errorf("unterminated `%c' command", c.cmd)
			}
			c.with, s = with, rest
			if c.cmd == 'y' {
				if c.text = pat; len([]rune(pat)) != len([]rune(with)) {
					return nil, fmt.Errorf("strings for `y' command are different lengths")
				}
				continue
			}
			fold := false
		modifiers:
			for s != "" {
				switch f := s[0]; {
				case f == 'g':
					c.all = true
				case f == 'p':
					c.print = true
				case f == 'i' || f == 'I':
					fold = true
				case f >= '1' && f <= '9':
					c.nth = int(f - '0')
				default:
					break modifiers
				}
				s = s[1:]
			}
			if c.re, err = compile(pat, extended, false, fold); err != nil {
				return nil, err
			}
		case 'a', 'i', 'c':
			text, rest, _ := strings.Cut(s, "\n")
			text = strings.TrimLeft(text, " \t")
			if text == `\` {
				text, rest, _ = strings.Cut(rest, "\n")
			}
			c.text, s = strings.ReplaceAll(strings.TrimPrefix(text, `\`), `\n`, "\n"), rest
		case 'd', 'p', 'q', '=':
		default:
			return nil, fmt.Errorf("unknown command: `%c'", c.cmd)
		}
		if out = append(out, c); len(out) > 200 {
			return nil, fmt.Errorf("script too long")
		}
	}
	return out, nil
}

func sedAddr(s string, extended bool) (a sedAddress, rest string, err error) {
	switch {
	case strings.HasPrefix(s, "$"):
		return sedAddress{line: -1}, s[1:], nil
	case strings.HasPrefix(s, "/"):
		pat, rest, ok := sedPart(s[1:], '/')
		if !ok {
			return a, s, fmt.Errorf("unterminated address regex")
		}
		a.re, err = compile(pat, extended, false, false)
		return a, rest, err
	}
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	if end > 0 {
		a.line, err = strconv.Atoi(s[:end])
	}
	return a, s[end:], err
}

// sedPart cuts at an unescaped separator.
func sedPart(s string, sep byte) (part, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != sep {
				b.WriteByte('\\')
			}
			i++
			b.WriteByte(s[i])
		case s[i] == sep:
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}
