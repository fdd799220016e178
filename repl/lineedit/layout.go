package lineedit

import (
	"slices"
	"strings"
)

// Styles of what the editor itself paints.
const (
	styleGhost    Style = "2;37"
	styleHint     Style = "2;3"
	styleNotice   Style = "1;33"
	styleBracket  Style = "1;4"
	styleMenu     Style = "97;100"
	styleMenuDoc  Style = "37;100"
	styleSelected Style = "1;7"
	styleScroll   Style = "7;100"
	stylePreview  Style = "2"
	styleMatch    Style = "1;33"
)

// maxBracketText is the longest text whose brackets are matched on every key.
const maxBracketText = 64 << 10

// frame is all that is to be seen; layout is a pure function of it, the size
// and the offset the view began with.
type frame struct {
	above  string // the unfinished last line of printed output
	prompt string // may hold SGR escapes
	cont   string
	text   string
	cursor int
	spans  []Span
	ghost  string
	hint   string
	notice string
	menu   menu
	search *search
	final  bool   // the last frame of a line: everything, and nothing but the text
	shape  string // of the cursor, a parameter of DECSCUSR; "" leaves it alone
}

// cell is one grapheme cluster on the screen.
type cell struct {
	s     string
	w     int
	style Style
}

type row []cell

func (r row) width() (w int) {
	for _, c := range r {
		w += c.w
	}
	return w
}

// picture is a frame laid out for a size.
type picture struct {
	rows     []row
	row, col int // cursor
	anchor   int // offset in the text of the first row shown
	shape    string
}

// equal reports whether p looks like q.
func (p *picture) equal(q *picture) bool {
	return p.row == q.row && p.col == q.col && p.shape == q.shape && slices.EqualFunc(p.rows, q.rows, slices.Equal[row])
}

// strip is a row before its cells are made: what stands before the text, and
// the bytes of the text it shows.
type strip struct {
	lead     row
	from, to int
}

// layout lays f out in w columns and at most h rows. anchor is the picture
// before's: a block taller than the screen scrolls no more than it has to.
func (f *frame) layout(w, h, anchor int) picture {
	w, h = max(w, 8), max(h, 2)
	if f.search != nil {
		return f.layoutSearch(w, h)
	}
	text := f.text
	if f.cursor == len(text) && !f.menu.open && !f.final {
		text += f.ghost
	}
	promptCells := splitRows(ansiCells(f.prompt))
	head := promptCells[:len(promptCells)-1]
	lead := promptCells[len(promptCells)-1]
	cont := ansiCells(f.cont)

	// Lines that cannot be on the screen are not looked at.
	first, last := 0, len(text)
	if !f.final {
		first, last = around(text, f.cursor, h)
	}
	var strips []strip
	if first == 0 {
		for _, r := range head {
			strips = appendLine(strips, "", 0, 0, r, w, false)
		}
	} else {
		lead = cont
	}
	for at := first; ; {
		end := min(lineEnd(text, at), last)
		strips = appendLine(strips, text, at, end, lead, w, f.cursor == end)
		if end >= last {
			break
		}
		at, lead = end+1, cont
	}
	cur := 0
	for i, s := range strips {
		if s.from <= f.cursor { // the prompt's strips come first and lose
			cur = i
		}
	}

	above := f.layoutAbove(w)
	below := f.layoutBelow(w, h, text, strips)
	room := max(1, h-len(below))
	if f.final {
		room = len(strips)
	}
	if n := max(0, room-len(strips)); len(above) > n {
		above = above[len(above)-n:]
	}
	top := f.viewTop(strips, cur, room, anchor)
	shown := strips[top:min(len(strips), top+room)]

	p := picture{rows: make([]row, 0, h), row: len(above) + cur - top, anchor: shown[0].from}
	p.rows = append(p.rows, above...)
	paint := f.painter(text)
	for i, s := range shown {
		r := paint(s)
		if top+i == cur {
			p.col = r.width()
			if f.cursor < s.to {
				p.col = s.lead.width() + textWidth(text[s.from:f.cursor])
			}
		}
		p.rows = append(p.rows, r)
	}
	p.rows = append(p.rows, below...)
	return p
}

// around bounds the lines that can be on a screen of h rows with the cursor.
func around(text string, cursor, h int) (first, last int) {
	first = lineStart(text, cursor)
	for range h {
		if first == 0 {
			break
		}
		first = lineStart(text, first-1)
	}
	last = lineEnd(text, cursor)
	for range h {
		if last == len(text) {
			break
		}
		last = lineEnd(text, last+1)
	}
	return first, last
}

// appendLine wraps the line text[from:to] behind lead. A cursor behind a full
// row gets a row of its own.
func appendLine(strips []strip, text string, from, to int, lead row, w int, cursorAtEnd bool) []strip {
	x, begin := 0, 0
	for i, c := range lead {
		if x+c.w > w {
			strips = append(strips, strip{lead: lead[begin:i], from: from, to: from})
			x, begin = 0, i
		}
		x += c.w
	}
	lead = lead[begin:]
	start := from
	for i := from; i < to; {
		n, cw, _ := cluster(text[i:to])
		if x+cw > w && x > 0 {
			strips = append(strips, strip{lead: lead, from: start, to: i})
			lead, start, x = nil, i, 0
		}
		x += cw
		i += n
	}
	strips = append(strips, strip{lead: lead, from: start, to: to})
	if cursorAtEnd && x >= w {
		strips = append(strips, strip{from: to, to: to})
	}
	return strips
}

// viewTop is the first strip shown: the one of the anchor if the cursor is in
// sight from there, else as near to it as brings the cursor into sight.
func (f *frame) viewTop(strips []strip, cur, room, anchor int) int {
	if len(strips) <= room {
		return 0
	}
	top := len(strips)
	for i, s := range strips {
		if s.from >= anchor {
			top = i
			break
		}
	}
	return max(0, min(max(min(top, cur), cur-room+1), len(strips)-room))
}

// painter returns the function that makes the cells of a strip.
func (f *frame) painter(text string) func(strip) row {
	var bracketA, bracketB = -1, -1
	if !f.final && len(f.text) <= maxBracketText {
		if a, b, ok := matchBracket(f.text, f.cursor); ok {
			bracketA, bracketB = a, b
		}
	}
	si := 0
	return func(s strip) row {
		r := make(row, len(s.lead), len(s.lead)+s.to-s.from)
		copy(r, s.lead)
		for i := s.from; i < s.to; {
			n, w, paint := cluster(text[i:s.to])
			c := cell{s: paint, w: w}
			for si < len(f.spans) && f.spans[si].End <= i {
				si++
			}
			switch {
			case i >= len(f.text):
				c.style = styleGhost
			case si < len(f.spans) && f.spans[si].Start <= i:
				c.style = f.spans[si].Style
			}
			if i == bracketA || i == bracketB {
				c.style = join(c.style, styleBracket)
			}
			r = append(r, c)
			i += n
		}
		return r
	}
}

func join(a, b Style) Style {
	if a == "" {
		return b
	}
	return a + ";" + b
}

// layoutAbove wraps the unfinished output line that stands above the prompt.
func (f *frame) layoutAbove(w int) []row {
	if f.above == "" {
		return nil
	}
	var rows []row
	x, begin := 0, 0
	cells := ansiCells(f.above)
	for i, c := range cells {
		if x+c.w > w {
			rows = append(rows, cells[begin:i])
			x, begin = 0, i
		}
		x += c.w
	}
	return append(rows, cells[begin:])
}

// layoutBelow makes the rows under the text: the hint and the menu.
func (f *frame) layoutBelow(w, h int, text string, strips []strip) []row {
	if f.final {
		return nil
	}
	var rows []row
	if f.hint != "" && h > 2 {
		rows = append(rows, fit(plainCells(firstLine(f.hint), styleHint), w-1))
	}
	if f.notice != "" && h > 3 {
		rows = append(rows, fit(plainCells(firstLine(f.notice), styleNotice), w-1))
	}
	if !f.menu.open {
		return rows
	}
	x := 0
	for _, s := range strips {
		if at := f.menu.items[0].Start; s.from <= at && at <= s.to {
			x = s.lead.width() + textWidth(text[s.from:at])
		}
	}
	return append(rows, f.menu.rows(w, h-1-len(rows), max(0, x-1))...)
}

// rows lays out the suggestions in at most h rows, with their left edge near x.
func (m *menu) rows(w, h, x int) []row {
	n := min(menuRows, h, len(m.items))
	if n <= 0 {
		return nil
	}
	v := *m
	v.show(n)
	shown := v.items[v.top : v.top+n]
	nameW, docW := 0, 0
	for _, s := range shown {
		nameW, docW = max(nameW, textWidth(s.name())), max(docW, textWidth(s.note()))
	}
	nameW = min(nameW, w-4)
	docW = min(docW, w-nameW-6)
	if docW < 6 {
		docW = 0
	}
	total := nameW + 3
	if docW > 0 {
		total += docW + 2
	}
	x = max(0, min(x, w-1-total))
	rows := make([]row, 0, n)
	for i, s := range shown {
		name, doc, mark := styleMenu, styleMenuDoc, " "
		if v.top+i == v.sel {
			name, doc, mark = styleSelected, styleSelected, ">"
		}
		r := plainCells(strings.Repeat(" ", x), "")
		r = append(r, plainCells(mark, name)...)
		r = append(r, pad(fit(plainCells(s.name(), name), nameW), nameW, name)...)
		r = append(r, plainCells(" ", name)...)
		if docW > 0 {
			r = append(r, pad(fit(plainCells(" "+s.note(), doc), docW+1), docW+2, doc)...)
		}
		r = append(r, plainCells(" ", v.scrollbar(i, n))...)
		rows = append(rows, r)
	}
	return rows
}

func (m *menu) scrollbar(i, n int) Style {
	all := len(m.items)
	if all <= n {
		return styleMenu
	}
	thumb := max(1, n*n/all)
	at := m.top * (n - thumb) / (all - n)
	if i >= at && i < at+thumb {
		return styleScroll
	}
	return styleMenu
}

func (s *Suggestion) name() string {
	if s.Display != "" {
		return firstLine(s.Display)
	}
	return firstLine(s.Text)
}

func (s *Suggestion) note() string {
	if s.Doc != "" {
		return firstLine(s.Doc)
	}
	return s.Kind
}

// layoutSearch shows the query line, the matches and the selected one in full.
func (f *frame) layoutSearch(w, h int) picture {
	s := f.search
	lead := fit(plainCells("history: ", styleMatch), max(w/2, 6))
	q := plainCells(s.query.text, "")
	for len(q) > 0 && lead.width()+q.width() >= w { // the end of a long query
		q = q[1:]
	}
	p := picture{rows: []row{append(slices.Clone(lead), q...)}, col: lead.width() + q.width()}
	list := menu{open: true, sel: s.sel}
	for _, m := range s.matches {
		it := Suggestion{Display: firstLine(m)}
		if n := strings.Count(m, "\n"); n > 0 {
			it.Doc = "+" + plural(n, "line")
		}
		list.items = append(list.items, it)
	}
	if len(list.items) == 0 {
		if s.asked == s.query.text && s.asked != "" {
			p.rows = append(p.rows, fit(plainCells("no match", styleHint), w-1))
		}
		return p
	}
	list.top = max(0, s.sel-menuRows/2)
	n := h - 1
	preview := strings.Split(s.matches[s.sel], "\n")
	if len(preview) > 1 {
		n = max(1, n/2)
	}
	p.rows = append(p.rows, list.rows(w, n, 0)...)
	if len(preview) == 1 {
		return p
	}
	for i, line := range preview {
		if len(p.rows) == h-1 && i < len(preview)-1 {
			p.rows = append(p.rows, fit(plainCells("  ... +"+plural(len(preview)-i, "line"), styleHint), w-1))
			break
		}
		if len(p.rows) == h {
			break
		}
		p.rows = append(p.rows, fit(plainCells("  "+line, stylePreview), w-1))
	}
	return p
}
