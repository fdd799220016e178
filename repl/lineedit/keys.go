package lineedit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	prompt "github.com/c-bata/go-prompt"
)

// chord is a key with its Alt modifier. A chord that types a character has key
// prompt.Any and the character in r.
type chord struct {
	key prompt.Key
	r   rune
	alt bool
}

// sequences maps escape sequences, without their leading ESC, to chords.
type sequences map[string]chord

// newSequences joins go-prompt's table with what it lacks. Of go-prompt's
// duplicates the first entry holds, as in its own GetKey; entries that hold
// control bytes (decimal numbers written as hexadecimal) are left out.
func newSequences() sequences {
	t := make(sequences, 2*len(prompt.ASCIISequences))
	for s, c := range extraSequences {
		t[s] = c
	}
	for _, k := range prompt.ASCIISequences {
		b := string(k.ASCIICode)
		if len(b) < 3 || b[0] != 0x1b || strings.IndexFunc(b[1:], func(r rune) bool { return r < 0x20 }) >= 0 {
			continue
		}
		if _, ok := t[b[1:]]; !ok {
			t[b[1:]] = chord{key: k.Key}
		}
	}
	return t
}

// extraSequences holds Alt with the arrows, what terminals send for a modified
// Enter (CSI u and modifyOtherKeys), F12 (whose entry in go-prompt ends in a
// stray byte) and the reports that must not do anything.
var extraSequences = sequences{
	"[1;3A": {key: prompt.Up, alt: true}, "[1;3B": {key: prompt.Down, alt: true},
	"[1;3C": {key: prompt.Right, alt: true}, "[1;3D": {key: prompt.Left, alt: true},
	"[1;9C": {key: prompt.Right, alt: true}, "[1;9D": {key: prompt.Left, alt: true},
	"[3;3~": {key: prompt.Delete, alt: true},
	"[1;5H": {r: '<', key: prompt.Any, alt: true}, "[1;5F": {r: '>', key: prompt.Any, alt: true},
	"[13;2u": {key: prompt.Enter, alt: true}, "[13;3u": {key: prompt.Enter, alt: true},
	"[13;5u": {key: prompt.Enter, alt: true}, "[27;2;13~": {key: prompt.Enter, alt: true},
	"[27;3;13~": {key: prompt.Enter, alt: true}, "[27;5;13~": {key: prompt.Enter, alt: true},
	"Oc": {key: prompt.ControlRight}, "Od": {key: prompt.ControlLeft},
	"OH": {key: prompt.Home}, "OF": {key: prompt.End}, "OM": {key: prompt.Enter},
	"[11~": {key: prompt.F1}, "[12~": {key: prompt.F2}, "[13~": {key: prompt.F3}, "[14~": {key: prompt.F4},
	"[[A": {key: prompt.F1}, "[23~": {key: prompt.F11}, "[24~": {key: prompt.F12},
	"[I": {key: prompt.Ignore}, "[O": {key: prompt.Ignore},
}

// controlKey is the chord of one byte below 0x20, or of DEL.
func controlKey(c byte) chord {
	switch {
	case c == '\r', c == '\n':
		return chord{key: prompt.Enter}
	case c == '\t':
		return chord{key: prompt.Tab}
	case c == 0x7f, c == 0x08:
		return chord{key: prompt.Backspace}
	}
	return chord{key: prompt.GetKey([]byte{c})}
}

// parseChord reads a key's name: "f1", "ctrl-o", "alt-e", "alt-enter".
func parseChord(name string) (chord, error) {
	c := chord{}
	s := strings.ToLower(name)
	if rest, ok := strings.CutPrefix(s, "alt-"); ok {
		c.alt, s = true, rest
	}
	if rest, ok := strings.CutPrefix(s, "ctrl-"); ok {
		if len(rest) == 1 && rest[0] >= 'a' && rest[0] <= 'z' {
			k := controlKey(rest[0] - 'a' + 1)
			k.alt = c.alt
			return k, nil
		}
		return c, fmt.Errorf("key %q: unknown control key", name)
	}
	if r, n := utf8.DecodeRuneInString(s); c.alt && n == len(s) && n > 0 {
		c.key, c.r = prompt.Any, r
		return c, nil
	}
	for k := prompt.Escape; k < prompt.NotDefined; k++ {
		if k != prompt.Any && strings.EqualFold(k.String(), s) {
			c.key = k
			return c, nil
		}
	}
	return c, fmt.Errorf("key %q: unknown name", name)
}
