package s3

import (
	"iter"
	"slices"
	"sort"
)

// keys is a set of keys in the order of their bytes: a list of sorted blocks,
// so that neither adding a key nor finding where a listing goes on has to
// look at all others.
type keys struct{ blocks [][]string }

const maxBlock = 512

// block finds the block that k is in, or would be.
func (s *keys) block(k string) int {
	i := sort.Search(len(s.blocks), func(i int) bool { return s.blocks[i][0] > k })
	return max(i-1, 0)
}

func (s *keys) insert(k string) {
	if len(s.blocks) == 0 {
		s.blocks = [][]string{{k}}
		return
	}
	i := s.block(k)
	j, found := slices.BinarySearch(s.blocks[i], k)
	if found {
		return
	}
	b := slices.Insert(s.blocks[i], j, k)
	s.blocks[i] = b
	if len(b) > maxBlock {
		half := len(b) / 2
		if j == len(b)-1 { // keys that come in order leave full blocks behind
			half = len(b) - 1
		}
		right := slices.Clone(b[half:])
		s.blocks[i] = slices.Clip(b[:half])
		s.blocks = slices.Insert(s.blocks, i+1, right)
	}
}

func (s *keys) remove(k string) {
	if len(s.blocks) == 0 {
		return
	}
	i := s.block(k)
	j, found := slices.BinarySearch(s.blocks[i], k)
	if !found {
		return
	}
	s.blocks[i] = slices.Delete(s.blocks[i], j, j+1)
	if len(s.blocks[i]) == 0 {
		s.blocks = slices.Delete(s.blocks, i, i+1)
	}
}

// from walks the keys that are not before k. The set must not change
// meanwhile.
func (s *keys) from(k string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(s.blocks) == 0 {
			return
		}
		i := s.block(k)
		j, _ := slices.BinarySearch(s.blocks[i], k)
		for ; i < len(s.blocks); i, j = i+1, 0 {
			for _, key := range s.blocks[i][j:] {
				if !yield(key) {
					return
				}
			}
		}
	}
}

// after is the first text behind all that begin with prefix, "" when there is
// none such.
func after(prefix string) string {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1])
		}
	}
	return ""
}
