package lineedit

import (
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// vi is the state of the vi keymap; a model without one has emacs keys. A new
// line begins in insert mode, where keys type and the emacs keys without Escape
// still work. In normal mode a command is read character by character:
//
//	[count] command, [count] operator [count] motion
type vi struct {
	normal  bool
	over    bool // replace mode: typed characters overwrite
	pending viPending
	find    viFind

	// change is what . repeats: the events of the last command that changed the
	// text, with what was typed into it.
	change, events []event
	repeating      bool
	steps          int // of undo, before insert mode
}

// viPending is the part of a command that has been typed.
type viPending struct {
	count, opCount int
	op             rune // d, c, y, < or >
	wait           rune // f F t T r g i a: one more character is wanted
}

// viFind is the last f, F, t or T with its character, for ; and the comma.
type viFind struct{ kind, char rune }

// times is the product of the counts that were typed.
func (p viPending) times() int { return max(1, p.count) * max(1, p.opCount) }

// shape is that of the cursor: a bar to insert, a block for commands.
func (v *vi) shape() string {
	switch {
	case v == nil:
		return ""
	case v.normal:
		return "2"
	case v.over:
		return "4"
	}
	return "6"
}

// viEvent applies ev in the vi keymap. It reports false where the key means
// what it means in emacs.
func (m *model) viEvent(ev event) bool {
	if ev.paste {
		return false
	}
	if ev.alt && ev.key == prompt.Any { // Escape and a character typed fast
		m.viEvent(event{chord: chord{key: prompt.Escape}})
		ev = event{chord: chord{key: prompt.Any}, text: string(ev.r)}
	}
	if !m.vi.normal {
		return m.viInsert(ev)
	}
	if ev.text == "" {
		return m.viKey(ev)
	}
	m.closeMenu()
	for _, r := range ev.text {
		one := event{chord: chord{key: prompt.Any}, text: string(r)}
		if m.vi.normal {
			m.viCommand(r, one)
		} else {
			m.viInsert(one)
		}
	}
	return true
}

// viInsert handles what differs from emacs in insert and replace mode.
func (m *model) viInsert(ev event) bool {
	v := m.vi
	v.events = append(v.events, ev)
	switch {
	case ev.chord == chord{key: prompt.Escape}:
		m.viLeaveInsert()
		return true
	case ev.text != "" && v.over:
		m.closeMenu()
		end := m.buf.pos
		for range []rune(ev.text) {
			if end < lineEnd(m.buf.text, end) {
				end = nextCluster(m.buf.text, end)
			}
		}
		m.buf.replace(m.buf.pos, end, ev.text)
		return true
	case ev.text != "":
		m.typed(ev.text)
		return true
	}
	return false
}

// viLeaveInsert goes to normal mode; what was typed is one step of undo.
func (m *model) viLeaveInsert() {
	v := m.vi
	m.closeMenu()
	m.buf.join(v.steps)
	v.normal, v.over = true, false
	if m.buf.pos > lineStart(m.buf.text, m.buf.pos) {
		m.buf.pos = prevCluster(m.buf.text, m.buf.pos)
	}
	m.viDone(true)
}

// viInsertMode goes to insert mode; steps is the undo depth before the command.
func (m *model) viInsertMode(steps int) {
	m.vi.normal, m.vi.steps = false, steps
	m.vi.pending = viPending{}
}

// viDone ends a command; one that changed the text is what . repeats.
func (m *model) viDone(changed bool) {
	v := m.vi
	if changed && !v.repeating && len(v.events) > 0 {
		v.change = v.events
	}
	v.events, v.pending = nil, viPending{}
	m.viClamp()
}

// viClamp keeps the cursor on a character in normal mode.
func (m *model) viClamp() {
	s, pos := m.buf.text, m.buf.pos
	if start := lineStart(s, pos); m.vi.normal && pos == lineEnd(s, pos) && pos > start {
		m.buf.pos = prevCluster(s, pos)
	}
}

// viKey handles the keys of normal mode that type nothing.
func (m *model) viKey(ev event) bool {
	v := m.vi
	switch ev.chord {
	case chord{key: prompt.Escape}:
		m.closeMenu()
		m.viDone(false)
	case chord{key: prompt.ControlR}:
		for range v.pending.times() {
			m.buf.redo()
		}
		m.viDone(false)
	case chord{key: prompt.Backspace}, chord{key: prompt.Left}:
		m.viCommand('h', ev)
	case chord{key: prompt.Right}:
		m.viCommand('l', ev)
	case chord{key: prompt.Delete}:
		m.viCommand('x', ev)
	case chord{key: prompt.Home}:
		m.viCommand('0', ev)
	case chord{key: prompt.End}:
		m.viCommand('$', ev)
	case chord{key: prompt.Tab}, chord{key: prompt.BackTab}:
	default:
		v.events, v.pending = nil, viPending{}
		return false
	}
	return true
}

// viCommand takes the next character of a command in normal mode.
func (m *model) viCommand(r rune, ev event) {
	v := m.vi
	p := &v.pending
	v.events = append(v.events, ev)
	if p.wait != 0 {
		m.viArgument(r)
		return
	}
	if r >= '1' && r <= '9' || r == '0' && (p.count > 0) {
		p.count = min(p.count*10+int(r-'0'), 100_000)
		return
	}
	if strings.ContainsRune("fFtTrg", r) || p.op != 0 && (r == 'i' || r == 'a') {
		p.wait = r
		return
	}
	if p.op != 0 {
		m.viOperand(r)
		return
	}
	if strings.ContainsRune("dcy<>", r) {
		p.op, p.opCount, p.count = r, p.count, 0
		return
	}
	if mo, ok := m.viMotion(r, p.times(), p.count > 0); ok {
		m.viMove(r, mo)
		return
	}
	m.viSimple(r)
}

// viArgument takes the character that f, t, r, g or a text object waits for.
func (m *model) viArgument(r rune) {
	v := m.vi
	p := &v.pending
	wait := p.wait
	p.wait = 0
	switch wait {
	case 'f', 'F', 't', 'T':
		v.find = viFind{wait, r}
		mo, ok := m.viFindMotion(v.find, p.times(), false)
		m.viApply(mo, ok)
	case 'r':
		m.viReplaceChars(r, p.times())
	case 'g':
		if r != 'g' {
			m.viDone(false)
			return
		}
		mo, ok := m.viMotion('g', p.times(), p.count > 0)
		m.viApply(mo, ok)
	default:
		from, to, ok := viObject(m.buf.text, m.buf.pos, wait == 'a', r)
		m.viApply(viMotion{from: from, to: to, object: true}, ok)
	}
}

// viOperand takes the motion of an operator; an operator typed twice is for lines.
func (m *model) viOperand(r rune) {
	p := &m.vi.pending
	if r == p.op {
		start := lineStart(m.buf.text, m.buf.pos)
		m.viApply(viMotion{from: start, to: viLinesDown(m.buf.text, m.buf.pos, p.times()-1), lines: true}, true)
		return
	}
	if p.op == 'c' && (r == 'w' || r == 'W') && !viBlankAt(m.buf.text, m.buf.pos) {
		r += 'e' - 'w' // cw leaves the blanks after the word
	}
	mo, ok := m.viMotion(r, p.times(), p.count > 0)
	if (r == 'w' || r == 'W') && ok {
		mo.to = viTrimWord(m.buf.text, mo.from, mo.to)
	}
	m.viApply(mo, ok)
}

// viMove goes where a motion leads; j and k beyond the text walk the history.
func (m *model) viMove(r rune, mo viMotion) {
	m.buf.seal()
	if (r == 'j' || r == 'k') && mo.to == mo.from && mo.stuck {
		d := 1
		if r == 'k' {
			d = -1
		}
		m.last = classWalk
		m.recall(d)
		m.viDone(false)
		return
	}
	m.viApply(mo, true)
}

// viApply carries out the pending operator, or moves when there is none.
func (m *model) viApply(mo viMotion, ok bool) {
	p := m.vi.pending
	if !ok {
		m.viDone(false)
		return
	}
	if p.op == 0 {
		m.buf.seal()
		m.buf.pos = mo.to
		m.viDone(false)
		return
	}
	m.viOperate(p.op, mo)
}

// viRepeat is the command . with its count.
func (m *model) viRepeat(times int) {
	v := m.vi
	change := v.change
	v.events, v.pending = nil, viPending{}
	v.repeating = true
	for range times {
		for _, ev := range change {
			if !m.viEvent(ev) {
				m.viDefault(ev)
			}
		}
	}
	v.repeating = false
	m.viDone(false)
}

// viDefault is what a key of insert mode does that vi leaves to emacs.
func (m *model) viDefault(ev event) {
	if c, ok := m.keys[ev.chord]; ok {
		c.do(m, classOther)
	}
}
