package shell

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
)

// wrote writes a builtin's output; the status is what a failed write left behind.
func (sh *Shell) wrote(s string) int {
	sh.last = 0
	sh.write(1, s)
	return sh.last
}

func (sh *Shell) echo(args []string) int {
	args = args[1:]
	end, escapes := "\n", false
options:
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		for _, c := range args[0][1:] {
			switch c {
			case 'n':
				end = ""
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			default:
				break options
			}
		}
		args = args[1:]
	}
	s := strings.Join(args, " ")
	if escapes {
		var stop bool
		if s, stop = unescape(s); stop {
			end = ""
		}
	}
	return sh.wrote(s + end)
}

// unescape replaces backslash sequences; \c stops all.
func unescape(s string) (out string, stop bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		digits := func(from, most, base int) {
			j := from
			for j < len(s) && j < from+most && strings.IndexByte("0123456789abcdefABCDEF"[:map[int]int{8: 8, 16: 22}[base]], s[j]) >= 0 {
				j++
			}
			n, _ := strconv.ParseUint(s[from:j], base, 32)
			if base == 16 && most > 2 {
				b.WriteRune(rune(n))
			} else {
				b.WriteByte(byte(n))
			}
			i = j - 1
		}
		switch c := s[i]; c {
		case 'a', 'b', 'e', 'E', 'f', 'n', 'r', 't', 'v', '\\':
			b.WriteByte(map[byte]byte{'a': 7, 'b': 8, 'e': 27, 'E': 27, 'f': 12, 'n': '\n', 'r': '\r', 't': '\t', 'v': 11, '\\': '\\'}[c])
		case 'c':
			return b.String(), true
		case '0':
			digits(i+1, 3, 8)
		case '1', '2', '3', '4', '5', '6', '7':
			digits(i, 3, 8)
		case 'x':
			digits(i+1, 2, 16)
		case 'u':
			digits(i+1, 4, 16)
		case 'U':
			digits(i+1, 8, 16)
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String(), false
}

// maxWidth bounds what one conversion of printf can fill.
const maxWidth = 4096

func (sh *Shell) printf(args []string) int {
	args = args[1:]
	to := ""
	if len(args) > 1 && args[0] == "-v" {
		to, args = args[1], args[2:]
	}
	if len(args) == 0 {
		sh.errorf("printf: usage: printf [-v var] format [arguments]")
		return 2
	}
	format, args := args[0], args[1:]
	var b strings.Builder
	code := 0
	for {
		n, stop, bad := sh.format(&b, format, args)
		if bad {
			code = 1
		}
		if int64(b.Len()) > sh.run.lim.Value {
			sh.run.exceed("cannot allocate memory")
		}
		if args = args[min(n, len(args)):]; stop || n == 0 || len(args) == 0 {
			break
		}
		sh.step(1)
	}
	if to != "" {
		sh.set(to, b.String())
		return code
	}
	return max(code, sh.wrote(b.String()))
}

// format writes the format once and tells how many arguments it took.
func (sh *Shell) format(b *strings.Builder, format string, args []string) (used int, stop, bad bool) {
	next := func() string {
		used++
		if used > len(args) {
			return ""
		}
		return args[used-1]
	}
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '\\':
			j := i + 2
			for j < len(format) && j < i+10 && strings.IndexByte("0123456789abcdefABCDEF", format[j]) >= 0 && strings.IndexByte("xuU01234567", format[i+1]) >= 0 {
				j++
			}
			j = min(j, len(format))
			s, end := unescape(format[i:j])
			b.WriteString(s)
			if end {
				return used, true, bad
			}
			i = j - 1
			continue
		case c != '%':
			b.WriteByte(c)
			continue
		}
		j := i + 1
		spec := "%"
		for ; j < len(format) && strings.IndexByte("#0-+ .*123456789", format[j]) >= 0; j++ {
			if format[j] == '*' {
				spec += next()
			} else {
				spec += string(format[j])
			}
		}
		if j == len(format) {
			sh.errorf("printf: `%s': missing format character", format[i:])
			return used, true, true
		}
		if tooWide(spec) {
			sh.errorf("printf: %s: field too wide", spec)
			return used, true, true
		}
		i = j
		switch verb := format[j]; verb {
		case '%':
			b.WriteByte('%')
		case 's':
			fmt.Fprintf(b, spec+"s", next())
		case 'c':
			s := next()
			fmt.Fprintf(b, spec+"s", s[:min(1, len(s))])
		case 'q':
			fmt.Fprintf(b, spec+"s", "'"+strings.ReplaceAll(next(), "'", `'\''`)+"'")
		case 'b':
			s, end := unescape(next())
			fmt.Fprintf(b, spec+"s", s)
			if end {
				return used, true, bad
			}
		case 'd', 'i', 'u', 'o', 'x', 'X':
			s := strings.TrimSpace(next())
			n, err := strconv.ParseInt(s, 0, 64)
			if len(s) > 1 && (s[0] == '\'' || s[0] == '"') {
				n, err = int64([]rune(s[1:])[0]), nil
			}
			if err != nil && s != "" {
				sh.errorf("printf: %s: invalid number", s)
				bad = true
			}
			if verb == 'i' || verb == 'u' {
				verb = 'd'
			}
			fmt.Fprintf(b, spec+string(verb), n)
		case 'e', 'E', 'f', 'F', 'g', 'G':
			s := next()
			n, err := strconv.ParseFloat(s, 64)
			if err != nil && s != "" {
				sh.errorf("printf: %s: invalid number", s)
				bad = true
			}
			fmt.Fprintf(b, spec+string(verb), n)
		default:
			sh.errorf("printf: `%c': invalid format character", verb)
			return used, true, true
		}
	}
	return used, false, bad
}

func tooWide(spec string) bool {
	for _, part := range strings.FieldsFunc(spec, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(part); err != nil || n > maxWidth {
			return true
		}
	}
	return false
}

// read reads a line into variables.
func (sh *Shell) read(args []string) int {
	args = args[1:]
	raw, array, delim, most := false, "", byte('\n'), -1
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		flags := args[0][1:]
		args = args[1:]
		for len(flags) > 0 {
			f := flags[0]
			flags = flags[1:]
			if strings.IndexByte("padntui", f) < 0 {
				raw = raw || f == 'r'
				continue
			}
			value := flags
			flags = ""
			if value == "" {
				if len(args) == 0 {
					sh.errorf("read: -%c: option requires an argument", f)
					return 2
				}
				value, args = args[0], args[1:]
			}
			switch f {
			case 'p':
				sh.write(2, value)
			case 'a':
				array = value
			case 'd':
				delim = 0
				if value != "" {
					delim = value[0]
				}
			case 'n':
				most, _ = strconv.Atoi(value)
			}
		}
	}
	line, ok := sh.readLine(delim, most, raw)
	switch {
	case array != "":
		values := expand.ReadFields(sh.config(), line, -1, raw)
		v := expand.Variable{Set: true, Kind: expand.Indexed, List: values}
		sh.report(environ{sh}.Set(array, v))
	case len(args) == 0:
		sh.set("REPLY", line)
	default:
		values := expand.ReadFields(sh.config(), line, len(args), raw)
		for i, name := range args {
			value := ""
			if i < len(values) {
				value = values[i]
			}
			if !sh.set(name, value) {
				return 1
			}
		}
	}
	return oneIf(!ok)
}

// readLine reads byte by byte, so that what follows is left to others.
func (sh *Shell) readLine(delim byte, most int, raw bool) (string, bool) {
	in := sh.fds[0].r
	if in == nil {
		return "", false
	}
	var line []byte
	var b [1]byte
	for most < 0 || len(line) < most {
		n, err := in.Read(b[:])
		if n > 0 {
			if b[0] == delim {
				if !raw && delim == '\n' && len(line) > 0 && line[len(line)-1] == '\\' {
					line = line[:len(line)-1]
					continue
				}
				return string(line), true
			}
			if line = append(line, b[0]); int64(len(line)) > sh.run.lim.Value {
				sh.run.exceed("cannot allocate memory")
			}
			if len(line)%4096 == 0 {
				sh.step(1)
			}
		}
		if err != nil {
			return string(line), false
		}
	}
	return string(line), true
}

func (sh *Shell) mapfile(args []string) int {
	name, strip := "MAPFILE", false
	for _, a := range args[1:] {
		if strings.HasPrefix(a, "-") {
			strip = strip || strings.Contains(a, "t")
		} else {
			name = a
		}
	}
	var list []string
	var size int64
	for {
		line, ok := sh.readLine('\n', -1, true)
		if !ok && line == "" {
			break
		}
		if !strip && ok {
			line += "\n"
		}
		list = append(list, line)
		if size += int64(len(line)) + 16; size > sh.run.lim.Memory {
			sh.run.exceed("cannot allocate memory")
		}
		sh.step(1)
		if !ok {
			break
		}
	}
	return oneIf(!sh.report(environ{sh}.Set(name, expand.Variable{Set: true, Kind: expand.Indexed, List: list})))
}

func readLimited(r io.Reader, max int64) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, max))
	return string(b), err
}
