package lineedit

import (
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// menuRows is the most suggestions that are shown at once.
const menuRows = 8

// menu is the list of suggestions under the text.
type menu struct {
	open  bool
	items []Suggestion
	sel   int // -1: none
	top   int // first one shown
}

// chosen reports whether a suggestion is selected.
func (m *menu) chosen() bool { return m.open && m.sel >= 0 && m.sel < len(m.items) }

// move selects the suggestion d further, around the ends.
func (m *menu) move(d int) {
	n := len(m.items)
	if n == 0 {
		return
	}
	if m.sel < 0 && d < 0 {
		m.sel = 0
	}
	m.sel = ((m.sel+d)%n + n) % n
	m.show(menuRows)
}

// show scrolls so that the selected suggestion is among the rows shown.
func (m *menu) show(rows int) {
	sel := max(0, m.sel)
	m.top = max(0, min(m.top, sel, len(m.items)-rows))
	if sel >= m.top+rows {
		m.top = sel - rows + 1
	}
}

// narrow keeps the suggestions that fit the word before pos, at once, while
// fresh ones are on their way. It reports whether any is left.
func (m *menu) narrow(text string, pos int) bool {
	start := wordBefore(text, pos)
	all := make([]prompt.Suggest, 0, len(m.items))
	for _, s := range m.items {
		if s.Start != start {
			return false
		}
		all = append(all, prompt.Suggest{Text: s.Text})
	}
	fit := prompt.FilterFuzzy(all, text[start:pos], true)
	kept := m.items[:0:0]
	for _, s := range m.items { // the filter keeps the order
		if len(fit) > 0 && fit[0].Text == s.Text {
			s.End = pos
			kept, fit = append(kept, s), fit[1:]
		}
	}
	m.items, m.sel, m.top = kept, -1, 0
	return len(kept) > 0
}

// setSuggestions shows an answer of the completer for text and pos. A forced
// one, asked for by Tab, also completes as far as there is no choice.
func (m *model) setSuggestions(text string, pos int, items []Suggestion, forced bool) {
	if m.buf.text != text || m.buf.pos != pos || m.search != nil || m.state != editing {
		return
	}
	valid := make([]Suggestion, 0, len(items))
	for _, s := range items {
		if 0 <= s.Start && s.Start <= s.End && s.End <= len(text) && clampPos(text, s.Start) == s.Start && clampPos(text, s.End) == s.End {
			valid = append(valid, s)
		}
	}
	m.menu = menu{open: len(valid) > 0, items: valid, sel: -1}
	if !forced || len(valid) == 0 {
		return
	}
	if len(valid) == 1 {
		m.menu.sel = 0
		m.acceptSuggestion()
		m.changed(text)
		return
	}
	common := commonPrefix(valid)
	s := valid[0]
	if have := text[s.Start:pos]; len(common) > len(have) && strings.HasPrefix(common, have) && s.End == pos {
		m.buf.seal()
		m.buf.replace(s.Start, s.End, common)
		for i := range valid {
			valid[i].End = m.buf.pos
		}
		m.changed(text)
		return
	}
	m.menu.sel = 0
}

// commonPrefix is what all suggestions begin with, empty when they replace
// different parts of the text.
func commonPrefix(items []Suggestion) string {
	p := items[0].Text
	for _, s := range items[1:] {
		if s.Start != items[0].Start || s.End != items[0].End {
			return ""
		}
		n := 0
		for n < min(len(p), len(s.Text)) && p[n] == s.Text[n] {
			n++
		}
		p = p[:clampPos(p, n)]
	}
	return p
}

// acceptSuggestion puts the selected suggestion into the text.
func (m *model) acceptSuggestion() {
	s := m.menu.items[m.menu.sel]
	m.closeMenu()
	m.buf.seal()
	m.buf.replace(s.Start, s.End, s.Text)
}

// tab indents at the beginning of a line, moves in an open menu, and otherwise
// asks for suggestions.
func (m *model) tab() {
	text, pos := m.buf.text, m.buf.pos
	switch {
	case m.menu.open:
		m.menu.move(1)
	case strings.TrimSpace(text[lineStart(text, pos):pos]) == "":
		m.buf.replace(pos, pos, "\t")
	default:
		m.wants.complete, m.wants.forced = true, true
	}
}
