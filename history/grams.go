package history

import "encoding/binary"

const (
	// gramBits is how many bits a block's filter has, as a power of two.
	gramBits = 17
	// blockText is the text that one filter stands for, at least.
	blockText = 64 << 10
)

// block is a run of rows with a filter of the four-byte sequences in their text:
// what is rare is looked for in few blocks, and what is nowhere in none.
type block struct {
	row    int // the first
	text   int // where it begins
	filter *[1 << gramBits / 64]uint64
}

// gram is the place of four bytes in a filter.
func gram(b []byte) uint32 {
	return binary.LittleEndian.Uint32(b) * 2654435761 >> (32 - gramBits)
}

// grams gives the places of all that a text must hold to contain each of words.
func grams(words ...[]byte) []uint32 {
	var out []uint32
	for _, w := range words {
		for i := 0; i+4 <= len(w); i++ {
			out = append(out, gram(w[i:]))
		}
	}
	return out
}

// note takes the row that was just added into the filter of its block.
func (x *index) note(row int, text []byte) {
	at := x.old[row].text
	if n := len(x.blocks); n == 0 || at-x.blocks[n-1].text > blockText {
		x.blocks = append(x.blocks, block{row: row, text: at, filter: new([1 << gramBits / 64]uint64)})
	}
	f := x.blocks[len(x.blocks)-1].filter
	for i := 0; i+4 <= len(text); i++ {
		g := gram(text[i:])
		f[g/64] |= 1 << (g % 64)
	}
}

// holds reports whether the block may have a row with all of need.
func (b *block) holds(need []uint32) bool {
	for _, g := range need {
		if b.filter[g/64]&(1<<(g%64)) == 0 {
			return false
		}
	}
	return true
}
