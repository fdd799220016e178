package tools

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"strconv"
	"strings"

	"pawsh/sandbox/machine/shell"
)

func text() map[string]shell.Program {
	return map[string]shell.Program{
		"cat": cat, "head": head, "tail": tail, "wc": wc, "tee": tee, "seq": seq, "yes": yes, "tr": tr, "base64": encode64,
		"md5sum": sum, "sha1sum": sum, "sha256sum": sum, "expr": expr, "true": result(0), "false": result(1), "echo": echo, "printf": echo,
	}
}

func result(code int) shell.Program { return func(*shell.Proc) int { return code } }

// echo is the program of that name; the shell has its own.
func echo(p *shell.Proc) int {
	return p.Exec(nil, nil, append([]string{path.Base(p.Args[0])}, p.Args[1:]...))
}

func cat(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	line := 0
	return input(p, names, func(_ string, r io.Reader) error {
		if !has(flags, "n", "A", "e") {
			return copyAll(p, p.Stdout, r, 1<<30)
		}
		out := outStream(p)
		defer out.Flush()
		return eachLine(p, r, func(s string) bool {
			line++
			if has(flags, "n") {
				fmt.Fprintf(out, "%6d\t", line)
			}
			if has(flags, "A", "e") {
				s += "$"
			}
			fmt.Fprintln(out, s)
			return true
		})
	})
}

// count reads the number of -n, -5 and the like.
func count(args []string, valued string) (n int, sign byte, bytes bool, rest []string) {
	var cleaned []string
	for i, a := range args {
		if i > 0 && len(a) > 1 && a[0] == '-' && a[1] >= '0' && a[1] <= '9' {
			a = "-n" + a[1:]
		}
		cleaned = append(cleaned, a)
	}
	flags, rest := options(cleaned, valued, "--lines", "--bytes")
	s := "10"
	for _, f := range []string{"n", "--lines", "c", "--bytes"} {
		if v, ok := flags[f]; ok {
			s, bytes = v, strings.HasSuffix(f, "c") || f == "--bytes"
		}
	}
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[0], s[1:]
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		n = -1
	}
	return n, sign, bytes, rest
}

func head(p *shell.Proc) int {
	n, sign, bytes, names := count(p.Args, "nc")
	if n < 0 {
		return p.Errorf("invalid number of lines")
	}
	return input(p, names, func(name string, r io.Reader) error {
		if len(names) > 1 {
			fmt.Fprintf(p.Stdout, "==> %s <==\n", name)
		}
		if bytes {
			return copyAll(p, p.Stdout, io.LimitReader(r, int64(n)), 1<<30)
		}
		out := outStream(p)
		defer out.Flush()
		left := n
		var held []string
		if n == 0 && sign == 0 {
			return nil
		}
		return eachLine(p, r, func(s string) bool {
			if sign == '-' {
				if held = append(held, s); len(held) > n {
					fmt.Fprintln(out, held[0])
					held = held[1:]
				}
				return true
			}
			fmt.Fprintln(out, s)
			left--
			return left > 0
		})
	})
}

func tail(p *shell.Proc) int {
	n, sign, bytes, names := count(p.Args, "nc")
	if n < 0 {
		return p.Errorf("invalid number of lines")
	}
	return input(p, names, func(name string, r io.Reader) error {
		if len(names) > 1 {
			fmt.Fprintf(p.Stdout, "==> %s <==\n", name)
		}
		var b strings.Builder
		if err := copyAll(p, &b, r, maxText); err != nil {
			return err
		}
		s := b.String()
		if bytes {
			_, err := io.WriteString(p.Stdout, s[max(0, len(s)-n):])
			return err
		}
		all := strings.SplitAfter(s, "\n")
		if all[len(all)-1] == "" {
			all = all[:len(all)-1]
		}
		from := max(0, len(all)-n)
		if sign == '+' {
			from = min(max(n-1, 0), len(all))
		}
		_, err := io.WriteString(p.Stdout, strings.Join(all[from:], ""))
		return err
	})
}

func wc(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	var total [4]int
	show := func(n [4]int, name string) {
		var parts []string
		for i, f := range []string{"l", "w", "m", "c"} {
			if has(flags, f) || !has(flags, "l", "w", "c", "m") && f != "m" {
				s := fmt.Sprint(n[i])
				if len(names) != 0 && !(len(flags) == 1 && len(names) == 1) {
					s = fmt.Sprintf("%2s", s)
				} else if len(flags) == 0 {
					s = fmt.Sprintf("%7s", s)
				}
				parts = append(parts, s)
			}
		}
		if name != "-" {
			parts = append(parts, name)
		}
		fmt.Fprintln(p.Stdout, strings.Join(parts, " "))
	}
	code := input(p, names, func(name string, r io.Reader) error {
		var n [4]int
		word := false
		buf := make([]byte, 16<<10)
		for {
			p.Step(1)
			k, err := r.Read(buf)
			n[3] += k
			for _, c := range buf[:k] {
				if c == '\n' {
					n[0]++
				}
				if c&0xc0 != 0x80 {
					n[2]++
				}
				space := c == ' ' || c >= 9 && c <= 13
				if !space && !word {
					n[1]++
				}
				word = !space
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
		}
		for i := range n {
			total[i] += n[i]
		}
		show(n, name)
		return nil
	})
	if len(names) > 1 {
		show(total, "total")
	}
	return code
}

func tee(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	out := []io.Writer{p.Stdout}
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if has(flags, "a") {
		flag = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	code := 0
	for _, n := range names {
		f, err := p.Open(n, flag)
		if err != nil {
			code = p.Errorf("%s: %s", n, shell.Reason(err))
			continue
		}
		defer f.Close()
		out = append(out, f)
	}
	if err := copyAll(p, io.MultiWriter(out...), p.Stdin, 1<<30); err != nil {
		return p.Errorf("%s", shell.Reason(err))
	}
	return code
}

func seq(p *shell.Proc) int {
	flags, names := options(append([]string{"seq"}, dashedNumbers(p.Args[1:])...), "s")
	n := []float64{1, 1, 1}
	var err error
	for i, s := range names {
		names[i] = strings.TrimPrefix(s, "\x00")
	}
	set := func(i int, s string) {
		f, e := strconv.ParseFloat(s, 64)
		if e != nil {
			err = e
		}
		n[i] = f
	}
	switch len(names) {
	case 1:
		set(2, names[0])
	case 2:
		set(0, names[0])
		set(2, names[1])
	case 3:
		set(0, names[0])
		set(1, names[1])
		set(2, names[2])
	default:
		return p.Errorf("missing operand")
	}
	if err != nil || n[1] == 0 {
		return p.Errorf("invalid argument")
	}
	sep := "\n"
	if s, ok := flags["s"]; ok {
		sep = s
	}
	out := outStream(p)
	defer out.Flush()
	width := 0
	if has(flags, "w") {
		width = max(len(strconv.FormatFloat(n[0], 'f', -1, 64)), len(strconv.FormatFloat(n[2], 'f', -1, 64)))
	}
	for i := 0; ; i++ {
		v := n[0] + float64(i)*n[1]
		if n[1] > 0 && v > n[2] || n[1] < 0 && v < n[2] {
			if i > 0 {
				out.WriteString("\n")
			}
			return 0
		}
		if i%64 == 0 {
			p.Step(1)
		}
		if i > 0 {
			out.WriteString(sep)
		}
		s := strconv.FormatFloat(v, 'f', -1, 64)
		out.WriteString(strings.Repeat("0", max(0, width-len(s))) + s)
	}
}

// dashedNumbers hides negative numbers from the parser of flags.
func dashedNumbers(args []string) []string {
	var out []string
	for _, a := range args {
		if _, err := strconv.ParseFloat(a, 64); err == nil {
			a = "\x00" + a
		}
		out = append(out, a)
	}
	return out
}

func yes(p *shell.Proc) int {
	s := "y"
	if len(p.Args) > 1 {
		s = strings.Join(p.Args[1:], " ")
	}
	s += "\n"
	s = strings.Repeat(s, max(1, 1024/len(s)))
	for {
		if _, err := io.WriteString(p.Stdout, s); err != nil {
			return 1
		}
	}
}

func tr(p *shell.Proc) int {
	flags, sets := options(p.Args, "")
	if len(sets) == 0 {
		return p.Errorf("missing operand")
	}
	from, to := trSet(sets[0]), []byte(nil)
	if len(sets) > 1 {
		to = trSet(sets[1])
	}
	if has(flags, "c", "C") {
		var rest []byte
		for c := 0; c < 256; c++ {
			if !strings.Contains(string(from), string([]byte{byte(c)})) {
				rest = append(rest, byte(c))
			}
		}
		from = rest
	}
	var table [256]int
	for i := range table {
		table[i] = i
	}
	squeeze := map[byte]bool{}
	for i, c := range from {
		switch {
		case has(flags, "d"):
			table[c] = -1
		case len(to) > 0:
			table[c] = int(to[min(i, len(to)-1)])
		}
	}
	if has(flags, "s") {
		set := to
		if len(set) == 0 {
			set = from
		}
		for _, c := range set {
			squeeze[c] = true
		}
	}
	last := -1
	buf := make([]byte, 16<<10)
	for {
		p.Step(1)
		n, err := p.Stdin.Read(buf)
		out := buf[:0]
		for _, c := range buf[:n] {
			d := table[c]
			if d < 0 || squeeze[byte(d)] && d == last {
				continue
			}
			out = append(out, byte(d))
			last = d
		}
		if _, werr := p.Stdout.Write(out); err != nil || werr != nil {
			return 0
		}
	}
}

// trSet spells out a set of tr: ranges, classes and escapes.
func trSet(s string) []byte {
	for class, chars := range map[string]string{"[:lower:]": "a-z", "[:upper:]": "A-Z", "[:digit:]": "0-9", "[:alpha:]": "A-Za-z", "[:alnum:]": "0-9A-Za-z", "[:space:]": "\t-\r ", "[:blank:]": " \t", "[:punct:]": "!-/:-@[-`{-~", "[:print:]": " -~", "[:cntrl:]": "\x00-\x1f"} {
		s = strings.ReplaceAll(s, class, chars)
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			c = s[i]
			if e, ok := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '0': 0}[c]; ok {
				c = e
			}
		} else if i+2 < len(s) && s[i+1] == '-' && s[i+2] >= c {
			for ; c < s[i+2]; c++ {
				out = append(out, c)
			}
			i += 2
		}
		out = append(out, c)
	}
	return out
}

func encode64(p *shell.Proc) int {
	flags, names := options(p.Args, "w")
	s, code := readAll(p, names)
	if has(flags, "d", "D", "--decode") {
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
		p.Stdout.Write(raw)
		if err != nil {
			return p.Errorf("invalid input")
		}
		return code
	}
	out, width := base64.StdEncoding.EncodeToString([]byte(s)), 76
	if w, err := strconv.Atoi(flags["w"]); err == nil && has(flags, "w") {
		width = w
	}
	for width > 0 && len(out) > width {
		fmt.Fprintln(p.Stdout, out[:width])
		out = out[width:]
	}
	io.WriteString(p.Stdout, out)
	if width > 0 {
		io.WriteString(p.Stdout, "\n")
	}
	return code
}

func sum(p *shell.Proc) int {
	_, names := options(p.Args, "")
	return input(p, names, func(name string, r io.Reader) error {
		var h hash.Hash
		switch path.Base(p.Args[0]) {
		case "md5sum":
			h = md5.New()
		case "sha1sum":
			h = sha1.New()
		default:
			h = sha256.New()
		}
		if err := copyAll(p, h, r, 1<<30); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "%s  %s\n", hex.EncodeToString(h.Sum(nil)), name)
		return nil
	})
}

// expr knows one operation at a time from the left, as scripts use it.
func expr(p *shell.Proc) int {
	a := p.Args[1:]
	if len(a) == 0 {
		return p.Errorf("missing operand") + 1
	}
	if a[0] == "length" && len(a) == 2 {
		fmt.Fprintln(p.Stdout, len(a[1]))
		return 0
	}
	v := a[0]
	for a = a[1:]; len(a) >= 2; a = a[2:] {
		x, err1 := strconv.ParseInt(v, 10, 64)
		y, err2 := strconv.ParseInt(a[1], 10, 64)
		truth := map[bool]string{true: "1", false: "0"}
		switch a[0] {
		case "=":
			v = truth[v == a[1]]
			continue
		case "!=":
			v = truth[v != a[1]]
			continue
		}
		if err1 != nil || err2 != nil {
			return p.Errorf("non-integer argument") + 1
		}
		switch a[0] {
		case "+":
			x += y
		case "-":
			x -= y
		case "*":
			x *= y
		case "/", "%":
			if y == 0 {
				return p.Errorf("division by zero") + 1
			}
			if a[0] == "/" {
				x /= y
			} else {
				x %= y
			}
		case "<", "<=", ">", ">=":
			v = truth[a[0] == "<" && x < y || a[0] == "<=" && x <= y || a[0] == ">" && x > y || a[0] == ">=" && x >= y]
			continue
		default:
			return p.Errorf("syntax error") + 1
		}
		v = strconv.FormatInt(x, 10)
	}
	if len(a) > 0 {
		return p.Errorf("syntax error") + 1
	}
	fmt.Fprintln(p.Stdout, v)
	return oneIf(v == "" || v == "0")
}
