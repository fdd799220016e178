package lineedit

import "strings"

// buffer is the edited text with its cursor, its past and its kill ring. Every
// change goes through replace, so that every change can be undone.
type buffer struct {
	text string
	pos  int // byte offset, always at the beginning of a character

	past, future []edit
	kills        []string
	yanked       int // length of the text the last yank inserted
	yankAt       int // which kill it was
}

// edit is one step of undo: at offset at, removed became inserted.
type edit struct {
	at                int
	removed, inserted string
	before, after     int // cursor
	typed             bool
	joined            bool // undone together with the one before
}

const (
	maxUndo  = 2000
	maxKills = 32
)

// reset begins a new text; kills stay.
func (b *buffer) reset(text string, pos int) {
	b.text, b.pos = text, clampPos(text, pos)
	b.past, b.future = nil, nil
}

// replace puts s in the place of the bytes from to to, the cursor after it.
func (b *buffer) replace(from, to int, s string) { b.change(from, to, s, false) }

// typeText is replace for typed characters: a run of them is undone at once,
// a word at a time.
func (b *buffer) typeText(s string) { b.change(b.pos, b.pos, s, true) }

func (b *buffer) change(from, to int, s string, typed bool) {
	if from == to && s == "" {
		return
	}
	e := edit{at: from, removed: b.text[from:to], inserted: s, before: b.pos, after: from + len(s), typed: typed}
	b.text = b.text[:from] + s + b.text[to:]
	b.pos = e.after
	b.future = nil
	if n := len(b.past); typed && n > 0 && b.past[n-1].continues(e) {
		b.past[n-1].inserted += s
		b.past[n-1].after = e.after
		return
	}
	if len(b.past) == maxUndo {
		b.past = append(b.past[:0], b.past[1:]...)
	}
	b.past = append(b.past, e)
}

// continues reports whether next belongs to the same typed word as e.
func (e edit) continues(next edit) bool {
	return e.typed && e.removed == "" && e.at+len(e.inserted) == next.at && e.after == next.before &&
		(!strings.HasSuffix(e.inserted, " ") || strings.HasPrefix(next.inserted, " "))
}

// seal ends the current run of typing: the next character is undone apart.
func (b *buffer) seal() {
	if n := len(b.past); n > 0 {
		b.past[n-1].typed = false
	}
}

// join makes one step of undo of all that were made after the first n.
func (b *buffer) join(n int) {
	b.seal()
	for i := max(n, 0) + 1; i < len(b.past); i++ {
		b.past[i].joined = true
	}
}

func (b *buffer) undo() {
	for {
		n := len(b.past)
		if n == 0 {
			return
		}
		e := b.past[n-1]
		b.past, b.future = b.past[:n-1], append(b.future, e)
		b.text = b.text[:e.at] + e.removed + b.text[e.at+len(e.inserted):]
		b.pos = e.before
		if !e.joined {
			return
		}
	}
}

func (b *buffer) redo() {
	for {
		n := len(b.future)
		if n == 0 {
			return
		}
		e := b.future[n-1]
		b.past, b.future = append(b.past, e), b.future[:n-1]
		b.text = b.text[:e.at] + e.inserted + b.text[e.at+len(e.removed):]
		b.pos = e.after
		if n < 2 || !b.future[n-2].joined {
			return
		}
	}
}

// kill cuts the bytes from to to into the ring. Joined, they are added to the
// last kill, on the side they stood on.
func (b *buffer) kill(from, to int, joined bool) {
	if from >= to {
		return
	}
	cut := b.text[from:to]
	switch n := len(b.kills); {
	case joined && n > 0 && from < b.pos:
		b.kills[n-1] = cut + b.kills[n-1]
	case joined && n > 0:
		b.kills[n-1] += cut
	default:
		b.copy(cut)
	}
	b.replace(from, to, "")
}

// copy puts s into the ring.
func (b *buffer) copy(s string) {
	if len(b.kills) == maxKills {
		b.kills = append(b.kills[:0], b.kills[1:]...)
	}
	b.kills = append(b.kills, s)
}

// yank inserts the last kill.
func (b *buffer) yank() {
	if len(b.kills) == 0 {
		return
	}
	b.yankAt = len(b.kills) - 1
	b.yanked = len(b.kills[b.yankAt])
	b.replace(b.pos, b.pos, b.kills[b.yankAt])
}

// yankPop replaces what was just yanked by the kill before it.
func (b *buffer) yankPop() {
	if len(b.kills) == 0 || b.yanked > b.pos {
		return
	}
	b.yankAt = (b.yankAt + len(b.kills) - 1) % len(b.kills)
	s := b.kills[b.yankAt]
	b.replace(b.pos-b.yanked, b.pos, s)
	b.yanked = len(s)
}
