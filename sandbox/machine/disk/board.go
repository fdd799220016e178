package disk

import (
	"slices"
	"time"
)

// Board is what a machine keeps beside its disks: how often it has booted,
// the seed of its host key, and what it printed on the console.
type Board struct {
	store *Store
	boots int
	seed  []byte
	log   []printed
	size  int
}

// printed is a part of the console's log with its time.
type printed struct {
	at   time.Time
	text string
}

// MaxConsole is how many bytes of the log's end are shown; twice as much is kept.
const MaxConsole = 64 << 10

// NewBoard returns the board of a machine that never booted.
func (s *Store) NewBoard() *Board { return &Board{store: s} }

// Boots is how often the machine has booted.
func (b *Board) Boots() int {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	return b.boots
}

// SetBoots notes how often the machine has booted.
func (b *Board) SetBoots(n int) {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	b.boots = n
}

// Seed is what the host key is made from, nil before it was set.
func (b *Board) Seed() []byte {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	return slices.Clone(b.seed)
}

// SetSeed keeps what the host key is made from.
func (b *Board) SetSeed(seed []byte) {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	b.seed = slices.Clone(seed)
}

// Print puts text on the console as of a time, no earlier than what is there.
func (b *Board) Print(at time.Time, text string) {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	if n := len(b.log); n > 0 && b.log[n-1].at.After(at) {
		at = b.log[n-1].at
	}
	if n := len(b.log); n > 0 && b.log[n-1].at.Equal(at) && len(b.log[n-1].text) < 4096 {
		b.log[n-1].text += text
	} else {
		b.log = append(b.log, printed{at, text})
	}
	for b.size += len(text); b.size > 2*MaxConsole && len(b.log) > 1; b.log = b.log[1:] {
		b.size -= len(b.log[0].text)
	}
}

// Console gives what was printed until now, the last of it when it is much.
func (b *Board) Console(now time.Time) string {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	var text []byte
	for _, p := range b.log {
		if !p.at.After(now) {
			text = append(text, p.text...)
		}
	}
	return string(text[max(0, len(text)-MaxConsole):])
}
