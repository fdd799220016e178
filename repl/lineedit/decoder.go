package lineedit

import (
	"bytes"
	"strings"
	"unicode/utf8"

	prompt "github.com/c-bata/go-prompt"
)

// event is one thing the user did. Exactly one of its parts is meant: a paste,
// typed text (one character) or a key.
type event struct {
	chord
	text  string
	paste bool
}

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	// maxSequence bounds what is held back of a sequence without an end.
	maxSequence = 4096
)

// decoder turns the bytes of a terminal into events. It is a stream: however
// the bytes are split over calls of feed, the events are the same.
type decoder struct {
	table   sequences
	pend    []byte // held back: the beginning of something longer
	pasting bool
	paste   []byte
	scanned int // bytes of paste already searched for its end
}

func newDecoder() *decoder { return &decoder{table: newSequences()} }

// feed decodes b after what was held back.
func (d *decoder) feed(b []byte) []event {
	var evs []event
	for len(b) > 0 {
		if d.pasting {
			ev, rest := d.feedPaste(b)
			if ev != nil {
				evs = append(evs, *ev)
			}
			b = rest
			continue
		}
		d.pend = append(d.pend, b...)
		b = nil
		used := 0
		for used < len(d.pend) && !d.pasting {
			ev, n := d.next(d.pend[used:])
			if n == 0 {
				break
			}
			if ev.key != prompt.Ignore && ev.key != prompt.NotDefined {
				evs = append(evs, ev)
			}
			used += n
		}
		if d.pasting {
			b = bytes.Clone(d.pend[used:])
			used = len(d.pend)
		}
		d.pend = append(d.pend[:0], d.pend[used:]...)
	}
	return evs
}

// waiting reports whether a key is held back that a timeout may decide: a lone
// Escape, or Escape followed by what may begin a sequence.
func (d *decoder) waiting() bool {
	return !d.pasting && len(d.pend) > 0 && len(d.pend) <= 2 && d.pend[0] == 0x1b
}

// timeout decides what waiting is about: nothing followed, so it was a key.
func (d *decoder) timeout() []event {
	if !d.waiting() {
		return nil
	}
	p := d.pend
	d.pend = nil
	if len(p) == 1 {
		return []event{{chord: chord{key: prompt.Escape}}}
	}
	if p[1] >= utf8.RuneSelf { // the rest of Alt with a character is under way
		d.pend = p
		return nil
	}
	return []event{{chord: chord{key: prompt.Any, r: rune(p[1]), alt: true}}}
}

// next decodes the first event of p; n is 0 while p is incomplete. Keys that
// mean nothing come back as prompt.Ignore: an unknown sequence is swallowed
// whole and never typed into the text.
func (d *decoder) next(p []byte) (ev event, n int) {
	c := p[0]
	switch {
	case c == 0x1b:
		return d.escape(p)
	case c < 0x20 || c == 0x7f:
		return event{chord: controlKey(c)}, 1
	case c < utf8.RuneSelf:
		return event{chord: chord{key: prompt.Any}, text: string(rune(c))}, 1
	}
	if !utf8.FullRune(p) {
		return event{}, 0
	}
	r, n := utf8.DecodeRune(p) // an invalid byte is U+FFFD of length 1
	if r < 0xa0 {              // C1 controls are nobody's keys
		return event{chord: chord{key: prompt.Ignore}}, n
	}
	return event{chord: chord{key: prompt.Any}, text: string(r)}, n
}

func (d *decoder) escape(p []byte) (event, int) {
	ignore := event{chord: chord{key: prompt.Ignore}}
	if len(p) == 1 {
		return event{}, 0
	}
	switch c := p[1]; {
	case c == '[':
		n := csiLen(p)
		if n <= 0 {
			return ignore, -n
		}
		if string(p[:n]) == pasteStart {
			d.pasting = true
			return ignore, n
		}
		if k, ok := d.table[string(p[1:n])]; ok {
			return event{chord: k}, n
		}
		return ignore, n
	case c == 'O':
		if len(p) < 3 {
			return event{}, 0
		}
		if k, ok := d.table[string(p[1:3])]; ok {
			return event{chord: k}, 3
		}
		if p[2] < 0x20 || p[2] >= 0x7f { // Alt-O and then another key
			return event{chord: chord{key: prompt.Any, r: 'O', alt: true}}, 2
		}
		return ignore, 3
	case c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X':
		return ignore, stringLen(p)
	case c == 0x1b:
		return event{chord: chord{key: prompt.Escape}}, 1
	case c < 0x20 || c == 0x7f:
		k := controlKey(c)
		k.alt = true
		return event{chord: k}, 2
	}
	if !utf8.FullRune(p[1:]) {
		return event{}, 0
	}
	r, n := utf8.DecodeRune(p[1:])
	return event{chord: chord{key: prompt.Any, r: r, alt: true}}, 1 + n
}

// csiLen is the length of the control sequence that p begins with, 0 when its
// end is missing, and negative for bytes to drop: a control character inside
// it, such as Ctrl-C, breaks the sequence off and is a key again.
func csiLen(p []byte) int {
	for i := 2; i < min(len(p), maxSequence); i++ {
		switch c := p[i]; {
		case c < 0x20 || c >= 0x7f:
			return -i
		case i == 2 && c == '[': // the Linux console's function keys
		case c >= 0x40:
			return i + 1
		}
	}
	if len(p) >= maxSequence {
		return -maxSequence
	}
	return 0
}

// stringLen is the length of an operating system command or another control
// string, up to BEL or ESC \; 0 when its end is missing.
func stringLen(p []byte) int {
	for i := 2; i < min(len(p), maxSequence); i++ {
		switch c := p[i]; {
		case c == 0x07:
			return i + 1
		case c == 0x1b && i+1 == len(p):
			return 0
		case c == 0x1b && p[i+1] == '\\':
			return i + 2
		case c < 0x20:
			return i
		}
	}
	if len(p) >= maxSequence {
		return maxSequence
	}
	return 0
}

// feedPaste collects b until the end of the paste and returns what follows it.
func (d *decoder) feedPaste(b []byte) (*event, []byte) {
	d.paste = append(d.paste, b...)
	from := max(0, d.scanned-len(pasteEnd))
	i := bytes.Index(d.paste[from:], []byte(pasteEnd))
	d.scanned = len(d.paste)
	if i < 0 {
		return nil, nil
	}
	i += from
	rest := bytes.Clone(d.paste[i+len(pasteEnd):])
	ev := &event{chord: chord{key: prompt.BracketedPaste}, text: normalise(string(d.paste[:i])), paste: true}
	d.paste, d.scanned, d.pasting = nil, 0, false
	return ev, rest
}

// normalise makes line breaks \n and the text valid UTF-8.
func normalise(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.ToValidUTF8(s, "\uFFFD")
}
