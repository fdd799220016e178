package lineedit

import (
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// outcome is how an edit ended.
type outcome int

const (
	editing outcome = iota
	submitted
	interrupted
	ended // end of input
)

// wants are the things the model asks of the loop, because they need the
// terminal or take time. The loop takes and clears them after each event.
type wants struct {
	complete    bool // suggestions
	forced      bool // ... asked for by Tab
	assist      bool // ghost, hint and colours for a changed text
	search      bool // matches for the search's query
	clearScreen bool
	suspend     bool
	binding     *Binding
}

// model is the editor without its terminal. Its methods are called by one
// goroutine; answers to what it wants come back through the set methods.
type model struct {
	buf     buffer
	enter   func(string) (bool, int)
	history History
	keys    map[chord]command
	bound   map[chord]*Binding
	popup   bool // complete as you type
	vi      *vi  // nil for emacs keys

	menu   menu
	walk   walk
	search *search
	ghost  string
	hint   string
	notice string
	spans  []Span
	page   int // lines PageUp moves by

	last  class // of the command before, for joined kills and yank-pop
	state outcome
	wants wants
}

// class groups the commands whose meaning depends on the one before.
type class int

const (
	classOther class = iota
	classKill
	classYank
	classWalk
)

func newModel(enter func(string) (bool, int), h History) *model {
	if enter == nil {
		enter = GoEnter
	}
	return &model{enter: enter, history: h, keys: defaultKeys(), page: 10}
}

// begin starts a new edit of text.
func (m *model) begin(text string, pos int) {
	m.buf.reset(text, pos)
	m.menu, m.search, m.ghost, m.hint, m.notice, m.spans = menu{}, nil, "", "", "", nil
	m.walk.stop()
	m.last, m.state, m.wants = classOther, editing, wants{}
	m.wants.assist = text != ""
	if m.vi != nil {
		m.vi.normal, m.vi.over, m.vi.events, m.vi.pending, m.vi.steps = false, false, nil, viPending{}, 0
	}
}

// setVi chooses between the vi and the emacs keys.
func (m *model) setVi(on bool) {
	switch {
	case !on:
		m.vi = nil
	case m.vi == nil:
		m.vi = &vi{}
	}
}

// handle applies one event.
func (m *model) handle(ev event) {
	if b := m.bound[ev.chord]; b != nil && ev.key != prompt.BracketedPaste && ev.text == "" {
		m.closeMenu()
		m.wants.binding = b
		return
	}
	if m.search != nil && m.searchEvent(ev) {
		return
	}
	before := m.buf.text
	was := m.last
	m.last = classOther
	switch {
	case m.vi != nil && m.viEvent(ev):
	case ev.paste:
		m.buf.seal()
		m.buf.typeText(ev.text)
		m.buf.seal()
		m.closeMenu()
	case ev.text != "":
		m.typed(ev.text)
	default:
		c, ok := m.keys[ev.chord]
		if !ok {
			m.last = was
			return
		}
		m.last = c.class
		c.do(m, was)
	}
	if m.last != classWalk {
		m.walk.stop()
	}
	if m.vi != nil && m.state == editing {
		m.viClamp()
	}
	if m.buf.text != before {
		m.changed(before)
	} else if m.state == editing {
		m.moved()
	}
}

// typed inserts characters of the keyboard.
func (m *model) typed(s string) {
	if m.menu.chosen() && (s == "." || s == "(") {
		m.acceptSuggestion() // these two end a name: the chosen one
		if strings.HasSuffix(m.buf.text[:m.buf.pos], s) {
			return // which brought it along
		}
	}
	m.buf.typeText(s)
	if from, to, indent, ok := outdent(m.buf.text, m.buf.pos); ok {
		after := m.buf.pos - to + from + len(indent)
		m.buf.replace(from, to, indent)
		m.buf.pos = after
	}
	m.afterTyping()
}

// afterTyping keeps the menu in step with the word being typed.
func (m *model) afterTyping() {
	pos := m.buf.pos
	inWord := wordBefore(m.buf.text, pos) < pos
	opens := inWord || strings.HasSuffix(m.buf.text[:pos], ".")
	switch {
	case m.menu.open && inWord && m.menu.narrow(m.buf.text, pos):
		m.wants.complete = true
	case opens && (m.popup || m.menu.open):
		m.closeMenu()
		m.wants.complete = true
	default:
		m.closeMenu()
	}
}

// changed keeps what depends on the text in step with it.
func (m *model) changed(before string) {
	text := m.buf.text
	at, removed, inserted := difference(before, text)
	m.spans = shiftSpans(m.spans, at, removed, inserted)
	if m.ghost != "" {
		typed, ok := strings.CutPrefix(text, before)
		if rest, fits := strings.CutPrefix(m.ghost, typed); ok && fits && m.buf.pos == len(text) {
			m.ghost = rest
		} else {
			m.ghost = ""
		}
	}
	m.wants.assist = true
}

// moved is changed for the cursor alone.
func (m *model) moved() {
	if m.buf.pos != len(m.buf.text) {
		m.ghost = ""
	}
	m.wants.assist = true
}

// setText replaces the whole text as one step of undo.
func (m *model) setText(text string, pos int) {
	before := m.buf.text
	m.search = nil
	m.closeMenu()
	m.walk.stop()
	m.buf.replace(0, len(before), text)
	m.buf.pos = clampPos(text, pos)
	m.changed(before)
}

// setGhost takes the rest of a past input that begins with text.
func (m *model) setGhost(text, whole string) {
	if m.buf.text == text && m.buf.pos == len(text) && text != "" && len(whole) > len(text) {
		m.ghost = whole[len(text):]
	}
}

// submit decides what Enter does.
func (m *model) submit() {
	if m.menu.chosen() {
		m.acceptSuggestion()
		return
	}
	text, pos := m.buf.text, m.buf.pos
	complete, indent := m.enter(text)
	inside := strings.TrimSpace(text[pos:]) != "" && strings.Contains(text[pos:], "\n")
	if complete && !inside {
		m.state = submitted
		return
	}
	if pos != len(text) || indent < 0 {
		indent = goIndent(text[:pos])
	}
	m.newline(indent)
}

// newline breaks the line at the cursor. A closing bracket that follows goes to
// a line of its own, where it belongs, with the cursor's line between.
func (m *model) newline(indent int) {
	m.closeMenu()
	text, pos := m.buf.text, m.buf.pos
	rest := text[pos:lineEnd(text, pos)]
	blank := len(rest) - len(strings.TrimLeft(rest, " \t"))
	if newOutline(text[:pos]).inside {
		blank = 0
	}
	s := "\n" + strings.Repeat("\t", indent)
	if pos > 0 && blank < len(rest) && pairs(text[pos-1], rest[blank]) {
		tail := "\n" + indentOf(text[lineStart(text, pos):pos])
		m.buf.replace(pos, pos+blank, s+tail)
		m.buf.pos = pos + len(s)
		return
	}
	m.buf.replace(pos, pos+blank, s)
}

func (m *model) closeMenu() {
	m.menu = menu{}
	m.wants.complete, m.wants.forced = false, false
}

// vertical moves the cursor by d lines and reports whether there was a line.
func (m *model) vertical(d int) bool {
	text, pos := m.buf.text, m.buf.pos
	start := lineStart(text, pos)
	col := textWidth(text[start:pos])
	if d < 0 {
		if start == 0 {
			return false
		}
		start = lineStart(text, start-1)
	} else {
		end := lineEnd(text, pos)
		if end == len(text) {
			return false
		}
		start = end + 1
	}
	m.buf.pos = atColumn(text, start, col)
	return true
}

// difference finds the bytes in which two texts differ.
func difference(a, b string) (at, removed, inserted int) {
	n := min(len(a), len(b))
	for at < n && a[at] == b[at] {
		at++
	}
	end := 0
	for end < n-at && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return at, len(a) - at - end, len(b) - at - end
}

// shiftSpans moves spans along with an edit until new ones are there.
func shiftSpans(spans []Span, at, removed, inserted int) []Span {
	out := make([]Span, 0, len(spans))
	for _, s := range spans {
		switch {
		case s.End < at || s.End == at && inserted == 0:
		case s.Start >= at+removed && s.Start > at:
			s.Start += inserted - removed
			s.End += inserted - removed
		case s.End >= at+removed:
			if s.Start > at {
				s.Start = at + inserted
			}
			s.End += inserted - removed
		default:
			s.End = at
		}
		if s.Start < s.End {
			out = append(out, s)
		}
	}
	return out
}
