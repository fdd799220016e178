package lineedit

import (
	"strings"
	"unicode"
)

// viSimple is a command of one character that is neither motion nor operator.
func (m *model) viSimple(r rune) {
	n := m.vi.pending.times()
	s, pos := m.buf.text, m.buf.pos
	steps := len(m.buf.past)
	switch r {
	case 'i':
		m.viInsertMode(steps)
	case 'a':
		if pos < lineEnd(s, pos) {
			m.buf.pos = nextCluster(s, pos)
		}
		m.viInsertMode(steps)
	case 'I':
		m.buf.pos = viFirstNonBlank(s, pos)
		m.viInsertMode(steps)
	case 'A':
		m.buf.pos = lineEnd(s, pos)
		m.viInsertMode(steps)
	case 'R':
		m.viInsertMode(steps)
		m.vi.over = true
	case 'o':
		m.buf.pos = lineEnd(s, pos)
		m.newline(goIndent(s[:m.buf.pos]))
		m.viInsertMode(steps)
	case 'O':
		start := lineStart(s, pos)
		indent := indentOf(s[start:lineEnd(s, pos)])
		m.buf.replace(start, start, indent+"\n")
		m.buf.pos = start + len(indent)
		m.viInsertMode(steps)
	case 'x':
		m.viShortcut('d', 'l')
	case 'X':
		m.viShortcut('d', 'h')
	case 'D':
		m.viShortcut('d', '$')
	case 'C':
		m.viShortcut('c', '$')
	case 's':
		m.viShortcut('c', 'l')
	case 'S':
		m.viShortcut('c', 'c')
	case 'Y':
		m.viShortcut('y', 'y')
	case 'p', 'P':
		m.viPut(r == 'p', n)
		m.viDone(true)
	case 'J':
		m.viJoin(max(2, n) - 1)
		m.viDone(true)
	case '~':
		m.viSwapCase(n)
		m.viDone(true)
	case 'u':
		for range n {
			m.buf.undo()
		}
		m.viDone(false)
	case '.':
		m.viRepeat(n)
	case '/':
		m.viDone(false)
		m.startSearch()
	default:
		m.viDone(false)
	}
}

// viShortcut is a command that stands for an operator with its motion.
func (m *model) viShortcut(op, motion rune) {
	p := &m.vi.pending
	p.op, p.opCount, p.count = op, p.count, 0
	m.viOperand(motion)
}

// viOperate applies an operator to what a motion covers.
func (m *model) viOperate(op rune, mo viMotion) {
	s := m.buf.text
	from, to := min(mo.from, mo.to), max(mo.from, mo.to)
	if mo.inclusive {
		to = nextCluster(s, to)
	}
	if mo.lines {
		from, to = lineStart(s, from), lineEnd(s, to)
	}
	steps := len(m.buf.past)
	switch op {
	case 'y':
		m.buf.copy(s[from:to] + viLineMark(mo.lines))
		if !mo.lines {
			m.buf.pos = from
		}
		m.viDone(false)
	case 'd', 'c':
		m.viCut(from, to, mo.lines, op == 'c')
		if op == 'c' {
			m.viInsertMode(steps)
			return
		}
		m.buf.join(steps)
		m.viDone(true)
	case '<', '>':
		m.viShift(from, to, op == '>')
		m.buf.join(steps)
		m.viDone(true)
	}
}

// viLineMark ends a kill that is whole lines.
func viLineMark(lines bool) string {
	if lines {
		return "\n"
	}
	return ""
}

// viCut deletes into the kill ring. Whole lines go with their break, unless
// they are to be typed anew: then an empty line with their indent stays.
func (m *model) viCut(from, to int, lines, keep bool) {
	s := m.buf.text
	m.buf.copy(s[from:to] + viLineMark(lines))
	switch {
	case lines && keep:
		from += len(indentOf(s[from:to]))
	case lines && to < len(s):
		to++
	case lines && from > 0:
		from--
	}
	m.buf.replace(from, to, "")
	if lines && !keep {
		m.buf.pos = viFirstNonBlank(m.buf.text, min(from, len(m.buf.text)))
	}
}

// viPut inserts the last kill n times, whole lines as lines.
func (m *model) viPut(after bool, n int) {
	if len(m.buf.kills) == 0 {
		return
	}
	cut := m.buf.kills[len(m.buf.kills)-1]
	s, pos := m.buf.text, m.buf.pos
	if body, lines := strings.CutSuffix(cut, "\n"); lines {
		text := strings.TrimSuffix(strings.Repeat(body+"\n", n), "\n")
		at := lineStart(s, pos)
		if after {
			at = lineEnd(s, pos)
			m.buf.replace(at, at, "\n"+text)
			m.buf.pos = viFirstNonBlank(m.buf.text, at+1)
			return
		}
		m.buf.replace(at, at, text+"\n")
		m.buf.pos = viFirstNonBlank(m.buf.text, at)
		return
	}
	if after && pos < lineEnd(s, pos) {
		pos = nextCluster(s, pos)
	}
	m.buf.replace(pos, pos, strings.Repeat(cut, n))
	m.buf.pos = prevCluster(m.buf.text, m.buf.pos)
}

// viShift indents or outdents the lines from from to to by a tab.
func (m *model) viShift(from, to int, right bool) {
	lines := strings.Split(m.buf.text[from:to], "\n")
	for i, l := range lines {
		switch {
		case right && l != "":
			lines[i] = "\t" + l
		case !right:
			lines[i] = strings.TrimPrefix(l, "\t")
		}
	}
	m.buf.replace(from, to, strings.Join(lines, "\n"))
	m.buf.pos = viFirstNonBlank(m.buf.text, from)
}

// viJoin joins n further lines to the cursor's, with a blank between.
func (m *model) viJoin(n int) {
	steps := len(m.buf.past)
	for range n {
		s := m.buf.text
		end := lineEnd(s, m.buf.pos)
		if end == len(s) {
			break
		}
		next := end + 1 + len(indentOf(s[end+1:]))
		blank := " "
		if end == lineStart(s, end) || next == len(s) || strings.HasSuffix(s[:end], " ") || s[next] == ')' {
			blank = ""
		}
		m.buf.replace(end, next, blank)
		m.buf.pos = end
	}
	m.buf.join(steps)
}

// viReplaceChars puts r in the place of n characters of the line.
func (m *model) viReplaceChars(r rune, n int) {
	s, end := m.buf.text, m.buf.pos
	for range n {
		if end == lineEnd(s, end) {
			m.viDone(false)
			return
		}
		end = nextCluster(s, end)
	}
	m.buf.replace(m.buf.pos, end, strings.Repeat(string(r), n))
	m.buf.pos = prevCluster(m.buf.text, m.buf.pos)
	m.viDone(true)
}

// viSwapCase changes the case of n characters.
func (m *model) viSwapCase(n int) {
	s, end := m.buf.text, m.buf.pos
	for range n {
		if end < lineEnd(s, end) {
			end = nextCluster(s, end)
		}
	}
	m.buf.replace(m.buf.pos, end, strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s[m.buf.pos:end]))
}
