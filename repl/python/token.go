package python

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pawsh/repl/diag"
)

// pos is a place in the text that was given, both 1-based, columns in bytes.
type pos struct{ line, col int }

type tokenKind int

const (
	tName tokenKind = iota
	tNumber
	tString
	tOp
)

// token is a word of Python. text is what it says: for a string its value.
type token struct {
	kind  tokenKind
	text  string
	pos   pos
	bytes bool // of a string with b in front
	fmt   bool // of a string with f in front
	glued bool // no blank in front
}

func (t token) is(op string) bool  { return t.kind == tOp && t.text == op }
func (t token) word(w string) bool { return t.kind == tName && t.text == w }
func (t token) oneOf(ws string) bool {
	return t.kind == tName && strings.Contains(" "+ws+" ", " "+t.text+" ")
}

// logical is a line as Python counts them: brackets may hold line ends.
type logical struct {
	toks   []token
	indent int
	pos    pos
	src    string // as it was written, without prompts
}

// errOpen marks an error that more lines could mend.
type errOpen struct{ err *diag.Error }

func (e errOpen) Error() string { return e.err.Error() }
func (e errOpen) Unwrap() error { return e.err }

func malformed(p pos, format string, args ...any) *diag.Error {
	return diag.Malformed(p.line, p.col, format, args...)
}

// scanner makes logical lines of a text.
type scanner struct {
	lines    []textLine
	prompted bool
	i        int // the line at hand
	at       int // byte in it
	depth    []token
	out      []logical
	cur      logical
	took     bool // the last line without a prompt was taken for code
}

// maxDepth bounds nested brackets and blocks.
const maxDepth = 200

func scan(src string) ([]logical, error) {
	s := &scanner{}
	s.lines, s.prompted = cutLines(src)
	for ; s.i < len(s.lines); s.i++ {
		if err := s.line(); err != nil {
			return nil, err
		}
	}
	if len(s.depth) > 0 {
		o := s.depth[len(s.depth)-1]
		return nil, errOpen{malformed(o.pos, "this %s is never closed", o.text)}
	}
	s.flush()
	return s.out, nil
}

func (s *scanner) flush() {
	if len(s.cur.toks) > 0 {
		s.out = append(s.out, s.cur)
	}
	s.cur = logical{}
}

// isOutput tells whether a line without a prompt is what Python answered.
func (s *scanner) isOutput(l textLine) bool {
	if !s.prompted || l.kind != plain {
		s.took = false
		return false
	}
	if strings.TrimSpace(l.text) == "" {
		return true
	}
	n := len(s.out)
	if n == 0 || !strings.HasPrefix(l.text, " ") && !strings.HasPrefix(l.text, "\t") {
		s.took = false
		return true
	}
	last := s.out[n-1]
	if last.toks[len(last.toks)-1].is(":") || s.took {
		s.took = true
		return false
	}
	return true
}

// line scans one line, or the rest of one that a string ended in.
func (s *scanner) line() error {
	l := s.lines[s.i]
	s.at = 0
	if len(s.depth) == 0 && len(s.cur.toks) == 0 {
		if s.isOutput(l) {
			return nil
		}
		indent := 0
		for s.at < len(l.text) && (l.text[s.at] == ' ' || l.text[s.at] == '\t' || l.text[s.at] == '\f') {
			if l.text[s.at] == '\t' {
				indent += 8 - indent%8
			} else {
				indent++
			}
			s.at++
		}
		s.cur = logical{indent: indent, pos: s.pos()}
	}
	if s.cur.src != "" {
		s.cur.src += "\n"
	}
	s.cur.src += l.text
	blank := true
	for {
		l = s.lines[s.i]
		if s.at >= len(l.text) {
			break
		}
		c := l.text[s.at]
		switch {
		case c == ' ' || c == '\t' || c == '\f':
			s.at++
			blank = true
			continue
		case c == '#':
			s.at = len(l.text)
			continue
		case c == '\\' && strings.TrimSpace(l.text[s.at+1:]) == "":
			if s.i+1 >= len(s.lines) {
				return errOpen{malformed(s.pos(), "nothing follows the backslash")}
			}
			return nil // the logical line goes on
		}
		n := len(s.cur.toks)
		if err := s.token(); err != nil {
			return err
		}
		if len(s.cur.toks) > n {
			s.cur.toks[n].glued = !blank
		}
		blank = false
	}
	if len(s.depth) == 0 {
		s.flush()
	}
	return nil
}

func (s *scanner) pos() pos {
	l := s.lines[s.i]
	return pos{l.line, l.col + s.at + 1}
}

func (s *scanner) add(kind tokenKind, text string, p pos) {
	s.cur.toks = append(s.cur.toks, token{kind: kind, text: text, pos: p})
}

var operators = []string{
	"**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "<>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->", ":=",
	"+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=", "<", ">", "&", "|", "^", "~", "@", "`",
}

func (s *scanner) token() error {
	rest := s.lines[s.i].text[s.at:]
	p := s.pos()
	c := rest[0]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case c >= '0' && c <= '9', c == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return s.number(rest, p)
	case c == '"' || c == '\'':
		return s.str("", p)
	case c == '_' || unicode.IsLetter(r):
		n := size
		for n < len(rest) {
			r, size := utf8.DecodeRuneInString(rest[n:])
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			n += size
		}
		if n <= 2 && n < len(rest) && (rest[n] == '"' || rest[n] == '\'') && strings.Trim(strings.ToLower(rest[:n]), "urbf") == "" {
			s.at += n
			return s.str(strings.ToLower(rest[:n]), p)
		}
		s.at += n
		s.add(tName, rest[:n], p)
		return nil
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			s.at += len(op)
			s.add(tOp, op, p)
			return s.bracket(s.cur.toks[len(s.cur.toks)-1])
		}
	}
	return malformed(p, "unexpected character %q", r)
}

func (s *scanner) bracket(t token) error {
	switch t.text {
	case "(", "[", "{":
		if len(s.depth) >= maxDepth {
			return malformed(t.pos, "too many open brackets")
		}
		s.depth = append(s.depth, t)
	case ")", "]", "}":
		n := len(s.depth)
		if n == 0 {
			return malformed(t.pos, "unexpected %s: nothing is open here", t.text)
		}
		if want := map[string]string{"(": ")", "[": "]", "{": "}"}[s.depth[n-1].text]; want != t.text {
			return malformed(t.pos, "unexpected %s: %s is open, %s closes it", t.text, s.depth[n-1].text, want)
		}
		s.depth = s.depth[:n-1]
	}
	return nil
}

// number scans a number and writes it as Go and Starlark do.
func (s *scanner) number(rest string, p pos) error {
	n := 0
	for n < len(rest) {
		c := rest[n]
		exp := n > 0 && (c == '+' || c == '-') && (rest[n-1] == 'e' || rest[n-1] == 'E') && !strings.HasPrefix(strings.ToLower(rest), "0x")
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '_' || exp {
			n++
			continue
		}
		break
	}
	text := strings.ReplaceAll(rest[:n], "_", "")
	text = strings.TrimRight(text, "lL")
	if len(text) > 1 && text[0] == '0' && strings.Trim(text, "01234567") == "" {
		text = "0o" + strings.TrimLeft(text, "0")
		if text == "0o" {
			text = "0"
		}
	}
	if _, err := strconv.ParseInt(text, 0, 64); err != nil {
		if _, err := strconv.ParseFloat(text, 64); err != nil || strings.HasPrefix(strings.ToLower(text), "0x") {
			return malformed(p, "%s is no number that Go can hold", rest[:n])
		}
		if !strings.ContainsAny(text, ".eE") {
			return malformed(p, "%s is too large for a Go int", rest[:n])
		}
	}
	s.at += n
	s.add(tNumber, text, p)
	return nil
}
