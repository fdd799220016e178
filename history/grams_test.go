package history

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// filled is a store opened on a history of n different inputs.
func filled(t *testing.T, n int) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "history.jsonl")
	w, err := Open(Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := w.Append(Entry{Input: fmt.Sprintf("ec2.RunInstances(%q, KeyName(%q))", fmt.Sprintf("ami-%06d", i), "paws")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestFilters: the filters lose nothing that a plain search finds, and leave out
// most of what it need not look at.
func TestFilters(t *testing.T) {
	t.Parallel()
	s := filled(t, 5000)
	if err := s.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	x := s.index
	if len(x.old) != 5000 || len(x.blocks) < 3 {
		t.Fatalf("%d inputs in %d blocks", len(x.old), len(x.blocks))
	}
	for _, q := range []string{"ami-000000", "ami-002917", "004999\"", "ec2.", "paw", "absent", "ami-02917"} {
		var want []int
		for i := range x.old {
			if bytes.Contains(x.input(i), []byte(q)) {
				want = append(want, i)
			}
		}
		got := x.find([]byte(q), grams([]byte(q)), 0, len(x.old), func([]byte) bool { return true })
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %d rows, want %d", q, len(got), len(want))
		}
	}
	may := 0
	for i := range x.blocks {
		if x.blocks[i].holds(grams([]byte("absent"))) {
			may++
		}
	}
	if may > len(x.blocks)/2 {
		t.Errorf("%d of %d blocks may hold what is nowhere", may, len(x.blocks))
	}
}

func TestWarmEnds(t *testing.T) {
	t.Parallel()
	s := filled(t, 10)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Warm(ctx); err == nil {
		t.Error("an ended context does not end it")
	}
	if es, err := s.Search(t.Context(), "ami-000003", 5); err != nil || len(es) != 1 {
		t.Errorf("after it: %v, %v", es, err)
	}
}
