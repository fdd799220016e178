package lineedit

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells the tokens apart as far as editing needs it.
type tokenKind int

const (
	tokSpace  tokenKind = iota
	tokWord             // identifier, keyword or number
	tokString           // with its quotes, complete or not
	tokComment
	tokOpen
	tokClose
	tokOperator
)

// piece is a token at the bytes from to to. open marks a raw string or a block
// comment whose end is missing.
type piece struct {
	kind     tokenKind
	from, to int
	open     bool
}

// goTokens splits s roughly as the Go compiler would, and never fails: what is
// being typed is seldom a program yet. go/scanner is not used because it
// reports a newline as a semicolon, drops white space and stops at NUL.
func goTokens(s string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		for i := 0; i < len(s); {
			p := nextToken(s, i)
			if !yield(p) {
				return
			}
			i = p.to
		}
	}
}

func nextToken(s string, i int) piece {
	p := piece{from: i, to: i + 1}
	switch c := s[i]; c {
	case ' ', '\t', '\n', '\r':
		for p.to < len(s) && strings.IndexByte(" \t\n\r", s[p.to]) >= 0 {
			p.to++
		}
		return p
	case '(', '[', '{':
		p.kind = tokOpen
		return p
	case ')', ']', '}':
		p.kind = tokClose
		return p
	case '"', '\'':
		p.kind = tokString
		for p.to < len(s) && s[p.to] != '\n' {
			p.to++
			if s[p.to-1] == c {
				break
			}
			if s[p.to-1] == '\\' && p.to < len(s) && s[p.to] != '\n' {
				p.to++
			}
		}
		return p
	case '`':
		p.kind = tokString
		p.to, p.open = endAfter(s, i+1, "`")
		return p
	case '/':
		switch {
		case strings.HasPrefix(s[i:], "//"):
			p.kind, p.to = tokComment, lineEnd(s, i)
			return p
		case strings.HasPrefix(s[i:], "/*"):
			p.kind = tokComment
			p.to, p.open = endAfter(s, i+2, "*/")
			return p
		}
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	p.to = i + n
	if !isWordRune(r) {
		p.kind = tokOperator
		return p
	}
	p.kind = tokWord
	digits := unicode.IsDigit(r)
	for p.to < len(s) {
		r, n := utf8.DecodeRuneInString(s[p.to:])
		if !isWordRune(r) && !(digits && r == '.') {
			break
		}
		p.to += n
	}
	return p
}

func endAfter(s string, from int, end string) (to int, open bool) {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end), false
	}
	return len(s), true
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// goWords yields the words of s that the cursor stops at: identifiers and
// numbers, and within strings and comments runs of letters, digits and hyphens,
// so that "ami-7341831a" is one word there.
func goWords(s string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		for p := range goTokens(s) {
			switch p.kind {
			case tokWord:
				if !yield(p) {
					return
				}
			case tokString, tokComment:
				for i := p.from; i < p.to; {
					r, n := utf8.DecodeRuneInString(s[i:p.to])
					if !isWordRune(r) {
						i += n
						continue
					}
					w := piece{kind: tokWord, from: i, to: i + n}
					for w.to < p.to {
						r, n := utf8.DecodeRuneInString(s[w.to:p.to])
						if !isWordRune(r) && r != '-' {
							break
						}
						w.to += n
					}
					if !yield(w) {
						return
					}
					i = w.to
				}
			}
		}
	}
}

// wordRight is the end of the first word that ends after pos, or len(s).
func wordRight(s string, pos int) int {
	for w := range goWords(s) {
		if w.to > pos {
			return w.to
		}
	}
	return len(s)
}

// wordLeft is the beginning of the last word that begins before pos, or 0.
func wordLeft(s string, pos int) int {
	at := 0
	for w := range goWords(s) {
		if w.from >= pos {
			break
		}
		at = w.from
	}
	return at
}

// wordBefore is where the identifier that ends at pos begins.
func wordBefore(s string, pos int) int {
	for pos > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:pos])
		if !isWordRune(r) {
			break
		}
		pos -= n
	}
	return pos
}

// matchBracket finds the bracket before the cursor, or else the one under it,
// and its partner.
func matchBracket(s string, pos int) (a, b int, ok bool) {
	var stack []int
	partner := make(map[int]int, 2)
	want := func(at int) bool { return at == pos || at == pos-1 }
	for p := range goTokens(s) {
		switch p.kind {
		case tokOpen:
			stack = append(stack, p.from)
		case tokClose:
			n := len(stack)
			if n == 0 {
				continue
			}
			o := stack[n-1]
			stack = stack[:n-1]
			if !pairs(s[o], s[p.from]) {
				continue
			}
			if want(o) {
				partner[o] = p.from
			}
			if want(p.from) {
				partner[p.from] = o
			}
		}
	}
	for _, at := range []int{pos - 1, pos} {
		if o, ok := partner[at]; ok {
			return at, o, true
		}
	}
	return 0, 0, false
}

func pairs(o, c byte) bool {
	return o == '(' && c == ')' || o == '[' && c == ']' || o == '{' && c == '}'
}

// outline is what the indentation of a text's next line depends on.
type outline struct {
	open     []int // offsets of the brackets still open
	inside   bool  // of a raw string or a block comment
	dangling bool  // the last token asks for another one
}

func newOutline(s string) outline {
	var o outline
	var last piece
	for p := range goTokens(s) {
		switch p.kind {
		case tokSpace:
			continue
		case tokComment:
			o.inside = p.open
			continue
		case tokOpen:
			o.open = append(o.open, p.from)
		case tokClose:
			if n := len(o.open); n > 0 {
				o.open = o.open[:n-1]
			}
		}
		o.inside = p.open
		last = p
	}
	if last.kind == tokOperator {
		switch t := s[last.from:last.to]; t {
		case "+", "-": // x++ is complete
			o.dangling = last.from == 0 || s[last.from-1] != t[0]
		case "*", "/", "%", "=", ".", "&", "|", "^", "<", ",":
			o.dangling = true
		case ">": // a shell prompt's or a comparison's; too common in prose to wait for
		}
	}
	return o
}

// GoEnter is what Enter does when Config.Enter is nil: a text is complete when
// its brackets, raw strings and comments are closed and no operator waits for
// its right side.
func GoEnter(text string) (complete bool, indent int) {
	o := newOutline(text)
	return len(o.open) == 0 && !o.inside && !o.dangling, goIndent(text)
}

// goIndent is gofmt's number of tabs for a line that begins after s: one for
// each line that leaves brackets open, one for an expression that goes on. In
// a raw string it is none, because there white space is content.
func goIndent(s string) int {
	o := newOutline(s)
	if o.inside {
		return 0
	}
	n, line := 0, -1
	for _, at := range o.open {
		if l := lineStart(s, at); l != line {
			n, line = n+1, l
		}
	}
	if o.dangling && !strings.HasSuffix(strings.TrimRight(s, " \t"), ",") {
		n++
	}
	return n
}

// outdent returns how the blank beginning of the line at pos has to look after
// text was typed that begins the line and stands further left: a closing
// bracket, a case label. ok is false when nothing is to change.
func outdent(s string, pos int) (from, to int, indent string, ok bool) {
	from = lineStart(s, pos)
	line := s[from:pos]
	to = from + len(indentOf(line))
	word := strings.TrimLeft(line, " \t")
	closes := word == ")" || word == "]" || word == "}"
	label := strings.HasSuffix(word, ":") && (strings.HasPrefix(word, "case ") || word == "default:")
	if !closes && !label {
		return 0, 0, "", false
	}
	o := newOutline(s[:to])
	if len(o.open) == 0 || o.inside {
		return 0, 0, "", false
	}
	at := o.open[len(o.open)-1]
	indent = indentOf(s[lineStart(s, at):])
	return from, to, indent, indent != s[from:to]
}
