package python

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// str scans a string, of one line or of several, with its prefix read already.
// Neighbours become one.
func (s *scanner) str(prefix string, p pos) error {
	text := s.lines[s.i].text
	quote := text[s.at : s.at+1]
	if strings.HasPrefix(text[s.at:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	s.at += len(quote)
	raw := strings.Contains(prefix, "r")
	isBytes := strings.Contains(prefix, "b")
	var b strings.Builder
	for {
		text = s.lines[s.i].text
		if s.at >= len(text) {
			if len(quote) == 1 {
				return malformed(p, "this string is never closed")
			}
			if s.i+1 >= len(s.lines) {
				return errOpen{malformed(p, "this string is never closed")}
			}
			b.WriteByte('\n')
			s.i, s.at = s.i+1, 0
			s.cur.src += "\n" + s.lines[s.i].text
			continue
		}
		if strings.HasPrefix(text[s.at:], quote) {
			s.at += len(quote)
			break
		}
		if text[s.at] == '\\' {
			if s.at+1 >= len(text) {
				if s.i+1 >= len(s.lines) {
					return errOpen{malformed(p, "this string is never closed")}
				}
				if raw {
					b.WriteString("\\\n")
				}
				s.i, s.at = s.i+1, 0
				s.cur.src += "\n" + s.lines[s.i].text
				continue
			}
			if raw {
				b.WriteString(text[s.at : s.at+2])
				s.at += 2
				continue
			}
			n, err := escape(&b, text[s.at:], isBytes)
			if err != "" {
				return malformed(s.pos(), "%s", err)
			}
			s.at += n
			continue
		}
		b.WriteByte(text[s.at])
		s.at++
	}
	if n := len(s.cur.toks); n > 0 && s.cur.toks[n-1].kind == tString && !s.cur.toks[n-1].fmt && !strings.Contains(prefix, "f") {
		s.cur.toks[n-1].text += b.String()
		return nil
	}
	s.cur.toks = append(s.cur.toks, token{kind: tString, text: b.String(), pos: p, bytes: isBytes, fmt: strings.Contains(prefix, "f")})
	return nil
}

var simpleEscapes = map[byte]byte{
	'n': '\n', 't': '\t', 'r': '\r', '\\': '\\', '\'': '\'', '"': '"', 'a': 7, 'b': 8, 'f': 12, 'v': 11,
}

// escape decodes what a backslash begins and gives its length.
func escape(b *strings.Builder, s string, isBytes bool) (n int, problem string) {
	c := s[1]
	if e, ok := simpleEscapes[c]; ok {
		b.WriteByte(e)
		return 2, ""
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	switch {
	case digits > 0 && !(isBytes && c != 'x'):
		if len(s) < 2+digits {
			return 0, "the escape \\" + string(c) + " is cut short"
		}
		v, err := strconv.ParseUint(s[2:2+digits], 16, 32)
		if err != nil || v > utf8.MaxRune {
			return 0, "the escape " + s[:2+digits] + " is no character"
		}
		if c == 'x' {
			b.WriteByte(byte(v))
		} else {
			b.WriteRune(rune(v))
		}
		return 2 + digits, ""
	case c >= '0' && c <= '7':
		n = 1
		for n < 4 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(s[1:n], 8, 16)
		b.WriteByte(byte(v))
		return n, ""
	}
	// As Python does, a backslash before anything else is one.
	b.WriteByte('\\')
	return 1, ""
}
