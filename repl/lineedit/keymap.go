package lineedit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	prompt "github.com/c-bata/go-prompt"
)

// command is what a key does. do gets the class of the command before it.
type command struct {
	class class
	do    func(m *model, was class)
}

// defaultKeys is the emacs keymap.
func defaultKeys() map[chord]command {
	key := func(k prompt.Key) chord { return chord{key: k} }
	alt := func(k prompt.Key) chord { return chord{key: k, alt: true} }
	meta := func(r rune) chord { return chord{key: prompt.Any, r: r, alt: true} }
	t := make(map[chord]command)
	bind := func(f func(*model), keys ...chord) {
		for _, k := range keys {
			t[k] = command{do: func(m *model, _ class) { f(m) }}
		}
	}
	// move binds a motion, which closes the menu.
	move := func(f func(*model), keys ...chord) {
		bind(func(m *model) { m.closeMenu(); m.buf.seal(); f(m) }, keys...)
	}
	// cut binds a kill; from and to are the bytes to cut.
	cut := func(f func(s string, pos int) (from, to int), keys ...chord) {
		for _, k := range keys {
			t[k] = command{class: classKill, do: func(m *model, was class) {
				m.closeMenu()
				from, to := f(m.buf.text, m.buf.pos)
				m.buf.kill(from, to, was == classKill)
			}}
		}
	}

	// Motion
	move(func(m *model) { m.buf.pos = prevCluster(m.buf.text, m.buf.pos) }, key(prompt.Left), key(prompt.ControlB))
	move((*model).right, key(prompt.Right), key(prompt.ControlF))
	move(func(m *model) { m.buf.pos = wordLeft(m.buf.text, m.buf.pos) }, meta('b'), key(prompt.ControlLeft), alt(prompt.Left))
	move((*model).rightWord, meta('f'), key(prompt.ControlRight), alt(prompt.Right))
	move(func(m *model) { m.buf.pos = lineStart(m.buf.text, m.buf.pos) }, key(prompt.Home), key(prompt.ControlA))
	move((*model).endOfLine, key(prompt.End), key(prompt.ControlE))
	move(func(m *model) { m.buf.pos = 0 }, meta('<'))
	move(func(m *model) { m.buf.pos = len(m.buf.text) }, meta('>'))
	for k, d := range map[chord]int{key(prompt.Up): -1, key(prompt.ControlP): -1, key(prompt.Down): 1, key(prompt.ControlN): 1} {
		t[k] = command{do: func(m *model, was class) { m.buf.seal(); m.upDown(d, was) }}
	}
	for k, d := range map[chord]int{key(prompt.PageUp): -1, key(prompt.PageDown): 1} {
		bind(func(m *model) { m.pageBy(d) }, k)
	}
	for k, d := range map[chord]int{meta('p'): -1, meta('n'): 1} {
		bind(func(m *model) { m.buf.seal(); m.recall(d) }, k)
	}

	// Changing
	bind((*model).backspace, key(prompt.Backspace))
	bind((*model).deleteForward, key(prompt.Delete))
	bind(func(m *model) {
		if m.buf.text == "" {
			m.state = ended
			return
		}
		m.deleteForward()
	}, key(prompt.ControlD))
	bind(func(m *model) { m.closeMenu(); m.buf.undo() }, key(prompt.ControlUnderscore))
	bind(func(m *model) { m.closeMenu(); m.buf.redo() }, key(prompt.ControlCircumflex), meta('_'))
	move((*model).transpose, key(prompt.ControlT))
	move(func(m *model) { m.caseWord(strings.ToUpper) }, meta('u'))
	move(func(m *model) { m.caseWord(strings.ToLower) }, meta('l'))
	move(func(m *model) { m.caseWord(capitalise) }, meta('c'))

	// Kill and yank
	cut(func(s string, pos int) (int, int) {
		if end := lineEnd(s, pos); end > pos {
			return pos, end
		}
		return pos, min(len(s), pos+1) // the line break
	}, key(prompt.ControlK))
	cut(func(s string, pos int) (int, int) { return lineStart(s, pos), pos }, key(prompt.ControlU))
	cut(func(s string, pos int) (int, int) { return wordLeft(s, pos), pos }, key(prompt.ControlW), alt(prompt.Backspace))
	cut(func(s string, pos int) (int, int) { return pos, wordRight(s, pos) }, meta('d'), key(prompt.ControlDelete), alt(prompt.Delete))
	t[key(prompt.ControlY)] = command{class: classYank, do: func(m *model, _ class) { m.closeMenu(); m.buf.yank() }}
	t[meta('y')] = command{class: classYank, do: func(m *model, was class) {
		if was == classYank {
			m.buf.yankPop()
		}
	}}

	// Completion, history, the terminal
	bind((*model).tab, key(prompt.Tab))
	bind(func(m *model) {
		if m.menu.open {
			m.menu.move(-1)
		}
	}, key(prompt.BackTab))
	bind((*model).closeMenu, key(prompt.Escape), key(prompt.ControlG))
	bind((*model).startSearch, key(prompt.ControlR))
	bind((*model).submit, key(prompt.Enter))
	bind(func(m *model) { m.newline(goIndent(m.buf.text[:m.buf.pos])) }, alt(prompt.Enter))
	bind(func(m *model) { m.closeMenu(); m.state = interrupted }, key(prompt.ControlC))
	bind(func(m *model) { m.wants.clearScreen = true }, key(prompt.ControlL))
	bind(func(m *model) { m.wants.suspend = true }, key(prompt.ControlZ))
	return t
}

// right moves by a character; at the end of the text it takes the ghost.
func (m *model) right() {
	if m.buf.pos == len(m.buf.text) && m.ghost != "" {
		m.buf.typeText(m.ghost)
		return
	}
	m.buf.pos = nextCluster(m.buf.text, m.buf.pos)
}

// rightWord moves by a word; at the end of the text it takes one of the ghost.
func (m *model) rightWord() {
	if m.buf.pos == len(m.buf.text) && m.ghost != "" {
		m.buf.typeText(m.ghost[:wordRight(m.buf.text+m.ghost, m.buf.pos)-m.buf.pos])
		return
	}
	m.buf.pos = wordRight(m.buf.text, m.buf.pos)
}

// endOfLine moves to the end of the line; there already, it takes the ghost.
func (m *model) endOfLine() {
	if m.buf.pos == len(m.buf.text) && m.ghost != "" {
		m.buf.typeText(m.ghost)
		return
	}
	m.buf.pos = lineEnd(m.buf.text, m.buf.pos)
}

func (m *model) backspace() {
	m.buf.replace(prevCluster(m.buf.text, m.buf.pos), m.buf.pos, "")
	if m.menu.open {
		m.afterTyping()
	}
}

func (m *model) deleteForward() {
	m.closeMenu()
	m.buf.replace(m.buf.pos, nextCluster(m.buf.text, m.buf.pos), "")
}

// pageBy moves in the menu or the text by a page.
func (m *model) pageBy(d int) {
	if m.menu.open {
		m.menu.sel = max(0, min(m.menu.sel+d*menuRows, len(m.menu.items)-1))
		m.menu.show(menuRows)
		return
	}
	for range m.page {
		if !m.vertical(d) {
			return
		}
	}
}

// transpose exchanges the characters around the cursor and steps over them.
func (m *model) transpose() {
	s, pos := m.buf.text, m.buf.pos
	if pos == lineEnd(s, pos) {
		pos = prevCluster(s, pos)
	}
	if pos <= lineStart(s, m.buf.pos) {
		return
	}
	a, z := prevCluster(s, pos), nextCluster(s, pos)
	m.buf.replace(a, z, s[pos:z]+s[a:pos])
}

// caseWord changes the letters from the cursor to the end of the word.
func (m *model) caseWord(f func(string) string) {
	end := wordRight(m.buf.text, m.buf.pos)
	m.buf.replace(m.buf.pos, end, f(m.buf.text[m.buf.pos:end]))
}

func capitalise(s string) string {
	i := strings.IndexFunc(s, isWordRune)
	if i < 0 {
		return s
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	return s[:i] + string(unicode.ToUpper(r)) + strings.ToLower(s[i+n:])
}
