package s3

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pawsh/sandbox/store"
)

// noise is n bytes that no two places have alike.
func noise(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	r.Read(b)
	return b
}

func TestBlobSlicesShareBodies(t *testing.T) {
	t.Parallel()
	const maxChunk = 1 << 20
	body := noise(3*maxChunk + 100)
	kept, err := store.NewBodies().Take(bytes.NewReader(body), -1)
	if err != nil {
		t.Fatal(err)
	}
	b := blobOf(kept)
	whole := join([]*blob{b, b.slice(10, 20), b})
	want := slices.Concat(body, body[10:30], body)
	for _, c := range []struct{ at, n int64 }{{0, 0}, {0, 1}, {0, whole.size()}, {maxChunk - 1, 2}, {5, 2 * maxChunk}, {whole.size() - 1, 1}, {b.size() - 3, 30}, {b.size() + 5, maxChunk}} {
		s := whole.slice(c.at, c.n)
		got, err := io.ReadAll(s.reader())
		if err != nil || !bytes.Equal(got, want[c.at:c.at+c.n]) {
			t.Errorf("slice(%d, %d): %d bytes, %v", c.at, c.n, len(got), err)
		}
		var out bytes.Buffer
		if _, err := io.Copy(&out, s.reader()); err != nil || !bytes.Equal(out.Bytes(), got) {
			t.Errorf("slice(%d, %d) copied: %v", c.at, c.n, err)
		}
	}
}

// FuzzKeys does what a sorted slice does.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("abcabd"), "a")
	f.Fuzz(func(t *testing.T, ops []byte, from string) {
		var s keys
		model := map[string]bool{}
		for i, op := range ops {
			k := strings.Repeat(string(rune('a'+op%7)), int(op%5)+1) + string(ops[:min(i, 3)])
			if op%3 == 0 {
				s.remove(k)
				delete(model, k)
			} else {
				s.insert(k)
				model[k] = true
			}
		}
		var want []string
		for k := range model {
			if k >= from {
				want = append(want, k)
			}
		}
		slices.Sort(want)
		if got := slices.Collect(s.from(from)); !slices.Equal(got, want) {
			t.Errorf("from %q: %q, want %q", from, got, want)
		}
	})
}

func TestKeysSplitBlocks(t *testing.T) {
	t.Parallel()
	orders := map[string]func([]string){
		"ascending":  func([]string) {},
		"descending": func(k []string) { slices.Reverse(k) },
		"mixed": func(k []string) {
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(k), func(i, j int) { k[i], k[j] = k[j], k[i] })
		},
	}
	for name, order := range orders {
		var all []string
		for i := range 5000 {
			all = append(all, string([]byte{byte('a' + i/676), byte('a' + i/26%26), byte('a' + i%26)}))
		}
		want := slices.Clone(all)
		order(all)
		var s keys
		for _, k := range all {
			s.insert(k)
			s.insert(k)
		}
		if got := slices.Collect(s.from("")); !slices.Equal(got, want) {
			t.Errorf("%s: %d keys in order, want %d", name, len(got), len(want))
		}
		for _, b := range s.blocks {
			if len(b) > maxBlock || len(b) == 0 {
				t.Errorf("%s: a block of %d", name, len(b))
			}
		}
		for i, k := range want {
			if i%2 == 0 {
				s.remove(k)
			}
		}
		if n := len(slices.Collect(s.from(""))); n != 2500 {
			t.Errorf("%s: %d left", name, n)
		}
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a": "b", "a/": "a0", "a\xff": "b", "\xff": "", "": ""} {
		if got := after(in); got != want {
			t.Errorf("after(%q) = %q, want %q", in, got, want)
		}
	}
}

// A listing steps over a group as a whole: a million keys under one prefix
// cost what one does.
func BenchmarkListGroups(b *testing.B) {
	var s keys
	for i := range 1_000_000 {
		s.insert("p/" + string([]byte{byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	s.insert("q/1")
	for b.Loop() {
		if list, _ := s.walk("", "/", "", maxPage, func(string) bool { return true }); len(list) != 2 {
			b.Fatal(list)
		}
	}
}
