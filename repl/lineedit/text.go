package lineedit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// tabWidth is the width of a tab wherever it stands: blocks are indented with
// tabs only, and a fixed width keeps columns independent of the prompt.
const tabWidth = 4

// cluster returns the first grapheme cluster of s, which is not empty: its
// length in bytes, its width in cells, and what is painted for it. Control and
// invisible characters are painted as their code, so nothing that is pasted can
// move the cursor or hide.
func cluster(s string) (n, w int, paint string) {
	switch c := s[0]; {
	case c >= 0x20 && c < 0x7f:
		if len(s) == 1 || s[1] < utf8.RuneSelf {
			return 1, 1, s[:1]
		}
		if r, _ := utf8.DecodeRuneInString(s[1:]); plainWide(r) {
			return 1, 1, s[:1]
		}
	case c == '\t':
		return 1, tabWidth, "    "
	case c < 0x20 || c == 0x7f:
		return 1, 2, "^" + string(rune(c^0x40))
	default:
		r, n := utf8.DecodeRuneInString(s)
		if plainWide(r) {
			if len(s) == n || s[n] < utf8.RuneSelf {
				return n, 2, s[:n]
			}
			if next, _ := utf8.DecodeRuneInString(s[n:]); plainWide(next) {
				return n, 2, s[:n]
			}
		}
	}
	cl, _, w, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	if w == 0 {
		r, _ := utf8.DecodeRuneInString(cl)
		code := fmt.Sprintf("<%X>", r)
		return len(cl), len(code), code
	}
	return len(cl), w, cl
}

// plainWide reports characters two cells wide that combine with none of their
// own kind and with no ASCII: kana, ideographs, Hangul syllables, full-width
// forms. They need no cluster analysis, which keeps long Japanese texts fast.
func plainWide(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fa ||
		r >= 0xac00 && r <= 0xd7a3 || r >= 0xff01 && r <= 0xff60 || r == 0x3001 || r == 0x3002
}

// textWidth is the width of s in cells, on one line.
func textWidth(s string) (w int) {
	for len(s) > 0 {
		n, cw, _ := cluster(s)
		w += cw
		s = s[n:]
	}
	return w
}

// nextCluster is the byte offset after the cluster at pos.
func nextCluster(s string, pos int) int {
	if pos >= len(s) {
		return len(s)
	}
	n, _, _ := cluster(s[pos:])
	return pos + n
}

// prevCluster is the byte offset of the cluster before pos. It walks from the
// beginning of the line, because clusters can only be told going forward.
func prevCluster(s string, pos int) int {
	start := lineStart(s, pos)
	if start == pos {
		return max(0, pos-1)
	}
	for p := start; ; {
		n := nextCluster(s, p)
		if n >= pos {
			return p
		}
		p = n
	}
}

// lineStart is the offset of the first byte of the line that holds pos.
func lineStart(s string, pos int) int { return strings.LastIndexByte(s[:pos], '\n') + 1 }

// lineEnd is the offset of the line break that ends the line of pos, or len(s).
func lineEnd(s string, pos int) int {
	if i := strings.IndexByte(s[pos:], '\n'); i >= 0 {
		return pos + i
	}
	return len(s)
}

// atColumn is the offset in the line beginning at start whose cell is col, or
// the line's end.
func atColumn(s string, start, col int) int {
	p := start
	for x := 0; p < len(s) && s[p] != '\n' && x < col; {
		n, w, _ := cluster(s[p:])
		p += n
		x += w
	}
	return p
}

// clampPos moves pos into s and back to the beginning of a character.
func clampPos(s string, pos int) int {
	pos = max(0, min(pos, len(s)))
	for pos > 0 && pos < len(s) && !utf8.RuneStart(s[pos]) {
		pos--
	}
	return pos
}

// indentOf is the white space that s begins with.
func indentOf(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " \t"))] }
