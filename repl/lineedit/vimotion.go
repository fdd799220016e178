package lineedit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// viMotion is the range from the cursor to where a motion leads, or a text
// object's.
type viMotion struct {
	from, to  int
	inclusive bool // the character at the end belongs to it
	lines     bool // whole lines
	object    bool
	stuck     bool // j or k without a line to go to
}

// viMotion finds where the motion r leads; counted tells whether n was typed.
func (m *model) viMotion(r rune, n int, counted bool) (viMotion, bool) {
	s, pos := m.buf.text, m.buf.pos
	mo := viMotion{from: pos, to: pos}
	repeat := func(f func(s string, pos int) int) (viMotion, bool) {
		for range n {
			next := f(s, mo.to)
			if next == mo.to {
				break
			}
			mo.to = next
		}
		return mo, true
	}
	switch r {
	case 'h':
		return repeat(func(s string, p int) int { return max(lineStart(s, p), min(p, prevIn(s, p))) })
	case 'l', ' ':
		return repeat(func(s string, p int) int {
			if p == lineEnd(s, p) {
				return p
			}
			return nextCluster(s, p)
		})
	case 'j', 'k':
		d := 1
		if r == 'k' {
			d = -1
		}
		mo.lines = m.vi.pending.op != 0
		for range n {
			if !m.vertical(d) {
				mo.stuck = true
				break
			}
		}
		mo.to, m.buf.pos = m.buf.pos, pos
		return mo, !mo.stuck || mo.to != pos || m.vi.pending.op == 0
	case '0':
		mo.to = lineStart(s, pos)
	case '^':
		mo.to = viFirstNonBlank(s, pos)
	case '$':
		mo.to = lineEnd(s, viLinesDown(s, pos, n-1))
	case 'w', 'W':
		return repeat(func(s string, p int) int { return viWord(s, p, r == 'W') })
	case 'b', 'B':
		return repeat(func(s string, p int) int { return viWordBack(s, p, r == 'B') })
	case 'e', 'E':
		mo.inclusive = true
		return repeat(func(s string, p int) int { return viWordEnd(s, p, r == 'E') })
	case 'g', 'G':
		mo.lines = m.vi.pending.op != 0
		line := n - 1
		if r == 'G' && !counted {
			line = strings.Count(s, "\n")
		}
		mo.to = viFirstNonBlank(s, viLinesDown(s, 0, line))
	case '{':
		return repeat(func(s string, p int) int { return viParagraph(s, p, -1) })
	case '}':
		return repeat(func(s string, p int) int { return viParagraph(s, p, 1) })
	case '%':
		for at := pos; at < lineEnd(s, pos); at++ {
			if strings.IndexByte("()[]{}", s[at]) < 0 {
				continue
			}
			if a, b, ok := matchBracket(s, at+1); ok {
				mo.inclusive = true
				mo.to = a
				if a == at {
					mo.to = b
				}
				return mo, true
			}
		}
		return mo, false
	case ';', ',':
		return m.viFindMotion(m.vi.find, n, r == ',')
	default:
		return mo, false
	}
	return mo, true
}

// viFindMotion is f, F, t or T, the n-th time, or back.
func (m *model) viFindMotion(f viFind, n int, back bool) (viMotion, bool) {
	s, pos := m.buf.text, m.buf.pos
	mo := viMotion{from: pos, to: pos}
	if f.char == 0 {
		return mo, false
	}
	forward := (f.kind == 'f' || f.kind == 't') != back
	till := f.kind == 't' || f.kind == 'T'
	c := string(f.char)
	for i := range n {
		if forward {
			from := nextCluster(s, mo.to)
			if till && i == 0 && strings.HasPrefix(s[from:], c) {
				from = nextCluster(s, from) // ; steps over the one that t stopped at
			}
			end := lineEnd(s, pos)
			at := -1
			if from <= end {
				at = strings.Index(s[from:end], c)
			}
			if at < 0 {
				return mo, false
			}
			mo.to = from + at
			continue
		}
		start := lineStart(s, pos)
		to := mo.to
		if till && i == 0 && to > start && strings.HasSuffix(s[start:to], c) {
			to = prevCluster(s, to)
		}
		at := strings.LastIndex(s[start:to], c)
		if at < 0 {
			return mo, false
		}
		mo.to = start + at
	}
	mo.inclusive = forward
	switch {
	case till && forward:
		mo.to = prevCluster(s, mo.to)
	case till:
		mo.to = nextCluster(s, mo.to)
	}
	return mo, true
}

// prevIn is the cluster before p on its line, p at the line's beginning.
func prevIn(s string, p int) int {
	if p == lineStart(s, p) {
		return p
	}
	return prevCluster(s, p)
}

func viFirstNonBlank(s string, pos int) int {
	start := lineStart(s, pos)
	return start + len(indentOf(s[start:lineEnd(s, pos)]))
}

// viLinesDown is the beginning of the line n below that of pos, or of the last.
func viLinesDown(s string, pos, n int) int {
	start := lineStart(s, pos)
	for range n {
		end := lineEnd(s, start)
		if end == len(s) {
			break
		}
		start = end + 1
	}
	return start
}

// viClass tells the characters of words apart: blanks, letters and the like, and
// all others. For the capital motions there are only blanks and others.
func viClass(s string, pos int, big bool) int {
	r, _ := utf8.DecodeRuneInString(s[pos:])
	switch {
	case pos >= len(s) || unicode.IsSpace(r):
		return 0
	case big || isWordRune(r) || unicode.IsMark(r):
		return 1
	}
	return 2
}

func viBlankAt(s string, pos int) bool { return viClass(s, pos, false) == 0 }

// viWord is the beginning of the next word; an empty line is one.
func viWord(s string, pos int, big bool) int {
	c := viClass(s, pos, big)
	p := pos
	for p < len(s) && c != 0 && viClass(s, p, big) == c {
		p = nextCluster(s, p)
	}
	for p < len(s) && viClass(s, p, big) == 0 {
		if p > pos && s[p] == '\n' && s[p-1] == '\n' {
			break
		}
		p = nextCluster(s, p)
	}
	return p
}

// viTrimWord keeps an operator with w from joining lines: the last word of a
// line ends with the line.
func viTrimWord(s string, from, to int) int {
	if i := strings.LastIndexByte(s[from:to], '\n'); i > 0 && strings.TrimSpace(s[from+i:to]) == "" {
		return from + strings.IndexByte(s[from:to], '\n')
	}
	return to
}

func viWordBack(s string, pos int, big bool) int {
	p := pos
	for p > 0 && viClass(s, prevCluster(s, p), big) == 0 {
		p = prevCluster(s, p)
	}
	if p == 0 {
		return 0
	}
	c := viClass(s, prevCluster(s, p), big)
	for p > 0 && viClass(s, prevCluster(s, p), big) == c {
		p = prevCluster(s, p)
	}
	return p
}

func viWordEnd(s string, pos int, big bool) int {
	p := nextCluster(s, pos)
	for p < len(s) && viClass(s, p, big) == 0 {
		p = nextCluster(s, p)
	}
	if p >= len(s) {
		return max(pos, prevCluster(s, len(s)))
	}
	c := viClass(s, p, big)
	for n := nextCluster(s, p); n < len(s) && viClass(s, n, big) == c; n = nextCluster(s, n) {
		p = n
	}
	return p
}

// viParagraph is the empty line before or after pos, or the text's end.
func viParagraph(s string, pos, d int) int {
	if d > 0 {
		for p := viLinesDown(s, pos, 1); p > pos; {
			if p == lineEnd(s, p) {
				return p
			}
			next := viLinesDown(s, p, 1)
			if next == p {
				break
			}
			p = next
		}
		return max(pos, prevIn(s, len(s)))
	}
	for p := lineStart(s, pos); p > 0; {
		p = lineStart(s, p-1)
		if p == lineEnd(s, p) {
			return p
		}
	}
	return 0
}

// viObject is the text object r around pos: w, a quote, or a bracket; all with
// what belongs to it.
func viObject(s string, pos int, all bool, r rune) (from, to int, ok bool) {
	switch r {
	case 'w', 'W':
		return viWordObject(s, pos, all, r == 'W')
	case '"', '\'', '`':
		return viQuoteObject(s, pos, all, byte(r))
	case '(', ')', 'b':
		return viBracketObject(s, pos, all, '(', ')')
	case '[', ']':
		return viBracketObject(s, pos, all, '[', ']')
	case '{', '}', 'B':
		return viBracketObject(s, pos, all, '{', '}')
	}
	return 0, 0, false
}

func viWordObject(s string, pos int, all, big bool) (from, to int, ok bool) {
	if pos >= len(s) || s[pos] == '\n' {
		return 0, 0, false
	}
	c := viClass(s, pos, big)
	same := func(p int) bool { return s[p] != '\n' && viClass(s, p, big) == c }
	from, to = pos, pos
	for from > lineStart(s, pos) && same(prevCluster(s, from)) {
		from = prevCluster(s, from)
	}
	for to < len(s) && same(to) {
		to = nextCluster(s, to)
	}
	if all {
		end := to + len(indentOf(s[to:lineEnd(s, to)]))
		if end > to {
			return from, end, true
		}
		for from > lineStart(s, pos) && viBlankAt(s, prevCluster(s, from)) {
			from = prevCluster(s, from)
		}
	}
	return from, to, true
}

// viQuoteObject finds the quotes around pos on its line, or the first after it.
func viQuoteObject(s string, pos int, all bool, q byte) (from, to int, ok bool) {
	start, end := lineStart(s, pos), lineEnd(s, pos)
	open := -1
	for i := start; i < end; i++ {
		switch {
		case s[i] == '\\' && q != '`':
			i++
		case s[i] != q:
		case open < 0:
			open = i
		case i >= pos:
			if all {
				return open, i + 1, true
			}
			return open + 1, i, true
		default:
			open = -1
		}
	}
	return 0, 0, false
}

func viBracketObject(s string, pos int, all bool, o, c byte) (from, to int, ok bool) {
	depth := 0
	if pos < len(s) && s[pos] == c {
		depth = -1
	}
	for i := min(pos, len(s)-1); i >= 0; i-- {
		switch s[i] {
		case c:
			depth++
		case o:
			if depth > 0 {
				depth--
				continue
			}
			a, b, ok := matchBracket(s, i+1)
			if !ok || a != i {
				return 0, 0, false
			}
			if all {
				return a, b + 1, true
			}
			return a + 1, b, true
		}
	}
	return 0, 0, false
}
