package lineedit

import (
	"iter"
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// walk is a way back through history that Up began: the inputs with the prefix
// that stood before the cursor. It reads history as far as the user goes.
type walk struct {
	active bool
	seen   []string // [0] is the draft the walk began with
	at     int
	next   func() (string, bool)
	close  func()
	known  map[string]bool
}

func (w *walk) stop() {
	if w.active {
		w.close()
		*w = walk{}
	}
}

func (w *walk) start(h History, draft, prefix string) {
	w.next, w.close = iter.Pull(h.Prefix(prefix))
	w.active, w.seen, w.at = true, []string{draft}, 0
	w.known = map[string]bool{draft: true}
}

// older is the next input not seen before.
func (w *walk) older() (string, bool) {
	if w.at+1 < len(w.seen) {
		w.at++
		return w.seen[w.at], true
	}
	for {
		s, ok := w.next()
		if !ok {
			return "", false
		}
		if s = normalise(s); !w.known[s] {
			w.known[s] = true
			w.seen = append(w.seen, s)
			w.at++
			return s, true
		}
	}
}

func (w *walk) newer() (string, bool) {
	if w.at == 0 {
		return "", false
	}
	w.at--
	return w.seen[w.at], true
}

// recall walks history by one step, d < 0 into the past.
func (m *model) recall(d int) {
	m.last = classWalk
	if m.history == nil || d > 0 && !m.walk.active {
		return
	}
	if !m.walk.active {
		m.walk.start(m.history, m.buf.text, m.buf.text[:m.buf.pos])
	}
	step := m.walk.newer
	if d < 0 {
		step = m.walk.older
	}
	if s, ok := step(); ok {
		m.closeMenu()
		m.buf.replace(0, len(m.buf.text), s)
	}
}

// upDown moves by lines inside a block, and through history at its ends and
// while a walk is under way.
func (m *model) upDown(d int, was class) {
	if m.menu.open && (m.menu.sel >= 0 || d > 0 && lineEnd(m.buf.text, m.buf.pos) == len(m.buf.text)) {
		m.menu.move(d)
		return
	}
	if m.walk.active && was == classWalk || !m.vertical(d) {
		m.recall(d)
		return
	}
	m.closeMenu()
}

// search is the state of Ctrl-R: a query line with its matches below.
type search struct {
	query   buffer
	matches []string
	sel     int
	asked   string // the query that matches answers
}

func (m *model) startSearch() {
	if m.history == nil {
		return
	}
	m.closeMenu()
	m.ghost = ""
	m.search = &search{}
	m.wants.search = true
}

// setMatches takes the answer to query.
func (m *model) setMatches(query string, matches []string) {
	if m.search == nil || m.search.query.text != query {
		return
	}
	m.search.matches, m.search.sel, m.search.asked = matches, 0, query
}

// searchEvent handles what the user does while searching. It reports false for
// events that end the search and mean something for the text.
func (m *model) searchEvent(ev event) bool {
	s := m.search
	before := s.query.text
	switch {
	case ev.paste:
		s.query.typeText(strings.ReplaceAll(strings.TrimRight(ev.text, "\n"), "\n", " "))
	case ev.text != "":
		s.query.typeText(ev.text)
	default:
		switch ev.chord {
		case chord{key: prompt.ControlR}, chord{key: prompt.Up}, chord{key: prompt.ControlP}:
			s.sel = min(s.sel+1, max(0, len(s.matches)-1))
		case chord{key: prompt.ControlS}, chord{key: prompt.Down}, chord{key: prompt.ControlN}:
			s.sel = max(0, s.sel-1)
		case chord{key: prompt.Backspace}:
			s.query.replace(prevCluster(s.query.text, s.query.pos), s.query.pos, "")
		case chord{key: prompt.ControlW}, chord{key: prompt.Backspace, alt: true}:
			s.query.replace(wordLeft(s.query.text, s.query.pos), s.query.pos, "")
		case chord{key: prompt.ControlU}:
			s.query.replace(0, s.query.pos, "")
		case chord{key: prompt.ControlG}, chord{key: prompt.Escape}, chord{key: prompt.ControlC}, chord{key: prompt.ControlD}:
			m.search = nil
			m.wants.assist = true
		case chord{key: prompt.Enter}, chord{key: prompt.Tab}:
			m.acceptMatch()
		case chord{key: prompt.ControlL}:
			m.wants.clearScreen = true
		case chord{key: prompt.ControlZ}:
			m.wants.suspend = true
		default:
			m.acceptMatch()
			return false
		}
	}
	if s.query.text != before {
		m.wants.search = true
	}
	return true
}

// acceptMatch takes the selected match into the text, to be run or edited.
func (m *model) acceptMatch() {
	s := m.search
	m.search = nil
	if s.sel >= len(s.matches) {
		m.wants.assist = true
		return
	}
	before := m.buf.text
	text := normalise(s.matches[s.sel])
	m.buf.seal()
	m.buf.replace(0, len(before), text)
	m.changed(before)
}
