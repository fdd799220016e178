package lineedit

import (
	"strconv"
	"strings"
)

// plainCells makes cells of s, which holds no escapes that mean anything.
func plainCells(s string, style Style) row {
	r := make(row, 0, len(s))
	for len(s) > 0 {
		n, w, paint := cluster(s)
		r = append(r, cell{s: paint, w: w, style: style})
		s = s[n:]
	}
	return r
}

// ansiCells makes cells of s, whose SGR escapes become styles and whose other
// escapes are dropped. A line break becomes a cell "\n" of no width.
func ansiCells(s string) row {
	var r row
	var style Style
	for len(s) > 0 {
		if params, n, ok := cutEscape(s); n > 0 {
			if ok {
				style = applySGR(style, params)
			}
			s = s[n:]
			continue
		}
		if s[0] == '\n' {
			r = append(r, cell{s: "\n"})
			s = s[1:]
			continue
		}
		end := strings.IndexAny(s[1:], "\x1b\n") + 1
		if end == 0 {
			end = len(s)
		}
		r = append(r, plainCells(s[:end], style)...)
		s = s[end:]
	}
	return r
}

// cutEscape measures the escape sequence that s begins with; n is 0 if there is
// none. sgr is true for one that sets the style, with its parameters.
func cutEscape(s string) (params string, n int, sgr bool) {
	if len(s) < 2 || s[0] != 0x1b {
		return "", 0, false
	}
	switch s[1] {
	case '[':
		for i := 2; i < len(s); i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return s[2:i], i + 1, s[i] == 'm'
			}
		}
		return "", len(s), false
	case ']', 'P', '_', '^':
		for i := 2; i < len(s); i++ {
			if s[i] == 0x07 {
				return "", i + 1, false
			}
			if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\' {
				return "", i + 2, false
			}
		}
		return "", len(s), false
	}
	return "", 2, false
}

// applySGR adds parameters to a style; 0 clears what came before it.
func applySGR(style Style, params string) Style {
	if params == "" {
		return ""
	}
	for _, p := range strings.Split(params, ";") {
		if strings.Trim(p, "0") == "" {
			style = ""
			continue
		}
		style = join(style, Style(p))
	}
	return style
}

// colourless drops the colours of a style and keeps bold, dim, underline and
// the like.
func colourless(s Style) Style {
	var out []string
	params := strings.Split(string(s), ";")
	for i := 0; i < len(params); i++ {
		n, err := strconv.Atoi(params[i])
		switch {
		case err != nil:
		case n == 38 || n == 48: // 5;n or 2;r;g;b
			if i+1 < len(params) && params[i+1] == "2" {
				i += 4
			} else {
				i += 2
			}
		case n < 30:
			out = append(out, params[i])
		}
	}
	return Style(strings.Join(out, ";"))
}

// splitRows divides cells at line breaks; there is always one row.
func splitRows(cells row) []row {
	var rows []row
	begin := 0
	for i, c := range cells {
		if c.s == "\n" {
			rows = append(rows, cells[begin:i])
			begin = i + 1
		}
	}
	return append(rows, cells[begin:])
}

// fit cuts cells to w columns, with a sign that something is missing.
func fit(cells row, w int) row {
	if cells.width() <= w {
		return cells
	}
	x := 0
	for i, c := range cells {
		if x+c.w > w-1 {
			return append(cells[:i:i], cell{s: "…", w: 1, style: c.style})
		}
		x += c.w
	}
	return cells
}

// pad fills cells with blanks up to w columns.
func pad(cells row, w int, style Style) row {
	for x := cells.width(); x < w; x++ {
		cells = append(cells, cell{s: " ", w: 1, style: style})
	}
	return cells
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
