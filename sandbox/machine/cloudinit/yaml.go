package cloudinit

import (
	"errors"
	"fmt"
	"strings"
)

// The part of YAML that cloud-config documents are written in: block mappings
// and sequences, flow sequences and mappings on one line, plain and quoted
// scalars, literal and folded blocks, comments. Anchors, tags and documents
// of several are refused. A value is a string, a []any or a map[string]any.

var errIndent = errors.New("bad indentation")

type yamlLine struct {
	indent int
	text   string // without indentation; comments are still there
	no     int
}

type yamlParser struct {
	lines []yamlLine
	raw   []string // for block scalars, whose empty lines count
	at    int
	depth int
}

func parseYAML(s string) (any, error) {
	p := &yamlParser{raw: strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")}
	for i, l := range p.raw {
		text := strings.TrimLeft(l, " ")
		if strings.TrimSpace(text) == "" || text[0] == '#' || i == 0 && strings.HasPrefix(l, "---") {
			continue
		}
		if strings.HasPrefix(text, "\t") {
			return nil, fmt.Errorf("line %d: a tab in the indentation", i+1)
		}
		p.lines = append(p.lines, yamlLine{len(l) - len(text), strings.TrimRight(text, " \t"), i})
	}
	if len(p.lines) == 0 {
		return nil, nil
	}
	v, err := p.block(p.lines[0].indent)
	if err == nil && p.at < len(p.lines) {
		err = errIndent
	}
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", p.lines[min(p.at, len(p.lines)-1)].no+1, err)
	}
	return v, nil
}

// block reads what stands at an indentation.
func (p *yamlParser) block(indent int) (any, error) {
	if p.depth++; p.depth > 50 {
		return nil, errors.New("nested too deeply")
	}
	defer func() { p.depth-- }()
	l := p.lines[p.at]
	if isItem(l.text) {
		return p.sequence(indent)
	}
	if _, _, ok := cutKey(l.text); ok {
		return p.mapping(indent)
	}
	p.at++
	return p.scalar(l.text, indent)
}

func isItem(s string) bool { return s == "-" || strings.HasPrefix(s, "- ") }

func (p *yamlParser) sequence(indent int) (any, error) {
	out := []any{}
	for p.at < len(p.lines) && p.lines[p.at].indent == indent && isItem(p.lines[p.at].text) {
		l := p.lines[p.at]
		rest := strings.TrimLeft(strings.TrimPrefix(l.text, "-"), " ")
		if clean := uncomment(rest); clean == "" {
			p.at++
			v, err := p.below(indent + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			continue
		}
		_, _, key := cutKey(rest)
		if key || isItem(rest) { // a block that begins on the item's own line
			in := indent + len(l.text) - len(rest)
			p.lines[p.at] = yamlLine{in, rest, l.no}
			v, err := p.block(in)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			continue
		}
		p.at++
		v, err := p.scalar(rest, indent)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, p.outdented(indent)
}

// outdented checks that what follows a block is not further in.
func (p *yamlParser) outdented(indent int) error {
	if p.at < len(p.lines) && p.lines[p.at].indent > indent {
		return errIndent
	}
	return nil
}

// below reads a block that is further in, nil when there is none.
func (p *yamlParser) below(least int) (any, error) {
	if p.at < len(p.lines) && p.lines[p.at].indent >= least {
		return p.block(p.lines[p.at].indent)
	}
	return nil, nil
}

func (p *yamlParser) mapping(indent int) (any, error) {
	out := map[string]any{}
	for p.at < len(p.lines) && p.lines[p.at].indent == indent {
		l := p.lines[p.at]
		key, rest, ok := cutKey(l.text)
		if !ok {
			return nil, errors.New("expected a key")
		}
		p.at++
		var v any
		var err error
		switch {
		case uncomment(rest) != "":
			v, err = p.scalar(rest, indent)
		case p.at < len(p.lines) && p.lines[p.at].indent == indent && isItem(p.lines[p.at].text):
			v, err = p.sequence(indent) // items may stand right below their key
		default:
			v, err = p.below(indent + 1)
		}
		if err != nil {
			return nil, err
		}
		out[key] = v
	}
	return out, p.outdented(indent)
}

// cutKey splits "key: value".
func cutKey(s string) (key, rest string, ok bool) {
	if s == "" || strings.IndexByte("[{|>&*!%@`", s[0]) >= 0 {
		return "", "", false
	}
	if s[0] == '"' || s[0] == '\'' {
		k, after, err := quoted(s)
		if err != nil || !strings.HasPrefix(after, ":") {
			return "", "", false
		}
		return k, strings.TrimLeft(after[1:], " "), len(after) == 1 || after[1] == ' '
	}
	i := strings.Index(s, ": ")
	if clean := uncomment(s); i < 0 && strings.HasSuffix(clean, ":") {
		return strings.TrimSpace(clean[:len(clean)-1]), "", true
	}
	if i < 0 || strings.Contains(s[:i], " #") || strings.ContainsAny(s[:i], `"'`) { // a command with ": " in quotes is meant as one
		return "", "", false
	}
	return strings.TrimSpace(s[:i]), strings.TrimLeft(s[i+1:], " "), true
}

// uncomment cuts off a comment behind a plain value.
func uncomment(s string) string {
	if strings.HasPrefix(s, "#") {
		return ""
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, " \t")
}

// scalar reads a value that begins on a line; the line is consumed already.
func (p *yamlParser) scalar(s string, indent int) (any, error) {
	switch s[0] {
	case '|', '>':
		return p.literal(uncomment(s), indent)
	case '"', '\'':
		v, rest, err := quoted(s)
		if err == nil && uncomment(strings.TrimSpace(rest)) != "" {
			err = errors.New("something follows a quoted value")
		}
		return v, err
	case '[', '{':
		f := flow{s: s}
		v, err := f.value(0)
		if err == nil && uncomment(strings.TrimSpace(f.s)) != "" {
			err = errors.New("something follows a flow value")
		}
		return v, err
	case '&', '*', '!', '%', '@', '`':
		return nil, fmt.Errorf("%q is not supported", s[:1])
	}
	out := uncomment(s)
	for p.at < len(p.lines) && p.lines[p.at].indent > indent { // goes on below
		l := p.lines[p.at]
		if _, _, key := cutKey(l.text); key {
			return nil, errIndent
		}
		out += " " + uncomment(l.text)
		p.at++
	}
	switch out {
	case "null", "~":
		return nil, nil
	}
	return out, nil
}

// literal reads a block scalar: | keeps lines, > joins them.
func (p *yamlParser) literal(mark string, indent int) (any, error) {
	if strings.Trim(mark[1:], "+-0123456789") != "" {
		return nil, fmt.Errorf("%q is not supported", mark)
	}
	from := p.lines[p.at-1].no + 1
	in := -1
	var out []string
	end := from
	for ; end < len(p.raw); end++ {
		l := p.raw[end]
		if strings.TrimSpace(l) == "" {
			out = append(out, "")
			continue
		}
		n := len(l) - len(strings.TrimLeft(l, " "))
		if in < 0 {
			in = n
		}
		if n <= indent && !(indent == 0 && n > 0) || n < in {
			break
		}
		out = append(out, l[in:])
	}
	for p.at < len(p.lines) && p.lines[p.at].no < end {
		p.at++
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	s := strings.Join(out, "\n")
	if mark[0] == '>' {
		s = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(s, "\n\n", "\x00"), "\n", " "), "\x00", "\n")
	}
	if !strings.Contains(mark, "-") && s != "" {
		s += "\n"
	}
	return s, nil
}

// quoted reads a quoted string and gives what follows.
func quoted(s string) (v, rest string, err error) {
	var b strings.Builder
	q := s[0]
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == q && q == '\'' && i+1 < len(s) && s[i+1] == '\'':
			b.WriteByte('\'')
			i++
		case c == q:
			return b.String(), s[i+1:], nil
		case c == '\\' && q == '"' && i+1 < len(s):
			i++
			if e, ok := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '0': 0, 'e': 27}[s[i]]; ok {
				b.WriteByte(e)
			} else {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", "", errors.New("a quoted value does not end on its line")
}

// flow reads [a, b] and {a: b}.
type flow struct{ s string }

func (f *flow) value(depth int) (any, error) {
	if depth > 20 {
		return nil, errors.New("nested too deeply")
	}
	f.s = strings.TrimLeft(f.s, " ")
	if f.s == "" {
		return nil, errors.New("a flow value does not end on its line")
	}
	switch f.s[0] {
	case '"', '\'':
		v, rest, err := quoted(f.s)
		f.s = rest
		return v, err
	case '[':
		f.s = f.s[1:]
		out := []any{}
		for {
			f.s = strings.TrimLeft(f.s, " ")
			if strings.HasPrefix(f.s, "]") {
				f.s = f.s[1:]
				return out, nil
			}
			v, err := f.value(depth + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			if err := f.comma("]"); err != nil {
				return nil, err
			}
		}
	case '{':
		f.s = f.s[1:]
		out := map[string]any{}
		for {
			f.s = strings.TrimLeft(f.s, " ")
			if strings.HasPrefix(f.s, "}") {
				f.s = f.s[1:]
				return out, nil
			}
			key, rest, ok := strings.Cut(f.s, ":")
			if !ok {
				return nil, errors.New("expected a key")
			}
			f.s = rest
			v, err := f.value(depth + 1)
			if err != nil {
				return nil, err
			}
			out[strings.Trim(key, ` "'`)] = v
			if err := f.comma("}"); err != nil {
				return nil, err
			}
		}
	}
	i := strings.IndexAny(f.s, ",]}")
	if i < 0 {
		i = len(f.s)
	}
	v := strings.TrimSpace(f.s[:i])
	f.s = f.s[i:]
	return v, nil
}

func (f *flow) comma(end string) error {
	f.s = strings.TrimLeft(f.s, " ")
	switch {
	case strings.HasPrefix(f.s, ","):
		f.s = f.s[1:]
	case !strings.HasPrefix(f.s, end):
		return fmt.Errorf("expected , or %s", end)
	}
	return nil
}
