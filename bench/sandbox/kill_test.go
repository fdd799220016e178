package sandbox

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

var kills = flag.Int("kills", 25, "how often the sandbox is killed")

// fact is what is known of one key of a subject: the last value that was
// acknowledged, and the one whose request was under way when the sandbox died.
type fact struct {
	value   string
	pending *string
}

// fits tells whether a value may be found there.
func (f fact) fits(got string) bool { return got == f.value || f.pending != nil && got == *f.pending }

// witness writes to one subject and remembers what was acknowledged.
type witness struct {
	subject
	r     *rand.Rand
	n     int
	acked int
	facts map[string]*fact
}

// load writes until the sandbox is gone. Each key has at most one value under
// way.
func (w *witness) load(ctx context.Context, c aws.Config) error {
	sizes := []int{0, 100, 5_000, 40_000, 300_000}
	for {
		w.n++
		key := fmt.Sprintf("key%d", w.r.IntN(w.keys))
		value := fmt.Sprintf("%d-%d", w.n, sizes[w.r.IntN(len(sizes))])
		if w.r.IntN(5) == 0 {
			value = ""
		}
		f := w.facts[key]
		if f == nil {
			f = &fact{}
			w.facts[key] = f
		}
		f.pending = &value
		if err := w.write(ctx, c, key, value); err != nil {
			return err
		}
		f.value, f.pending = value, nil
		w.acked++
	}
}

// check reads all back. What was under way is known from then on.
func (w *witness) check(t *testing.T, c aws.Config) {
	t.Helper()
	for key, f := range w.facts {
		got, err := w.read(t.Context(), c, key)
		if err != nil {
			t.Fatalf("%s %s: %v", w.name, key, err)
		}
		if !f.fits(got) && !(w.gap && got == "" && f.pending != nil) {
			pending := "nothing"
			if f.pending != nil {
				pending = *f.pending
			}
			t.Fatalf("%s %s: %q is there, %q was acknowledged, %s was under way", w.name, key, got, f.value, pending)
		}
		if f.pending != nil { // of several requests some may have been done
			if err := w.write(t.Context(), c, key, got); err != nil {
				t.Fatalf("%s %s: %v", w.name, key, err)
			}
		}
		f.value, f.pending = got, nil
	}
}

// TestKilledUnderLoad kills a sandbox with a directory again and again, at
// any moment of its work, and asks the next one for all that was acknowledged.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	var all []*witness
	for i, s := range []subject{objects("objects"), objects("versions"), uploads, queues, groups, instances, users, topics, alarms} {
		all = append(all, &witness{subject: s, r: rand.New(rand.NewPCG(uint64(i), r.Uint64())), facts: map[string]*fact{}})
	}
	c := startChild(t, dir)
	if err := prepare(t.Context(), c.cfg); err != nil {
		t.Fatal(err)
	}
	for n := range *kills {
		var dying atomic.Bool // what fails from then on is no wonder
		var wg sync.WaitGroup
		for _, w := range all {
			wg.Go(func() {
				if err := w.load(t.Context(), c.cfg); !dying.Load() {
					t.Errorf("kill %d: %s: %v", n, w.name, err)
				}
			})
		}
		// How long it works differs each time; nothing depends on it.
		time.Sleep(time.Duration(r.Int64N(int64(150 * time.Millisecond))))
		dying.Store(true)
		c.kill()
		wg.Wait()
		c = startChild(t, dir)
		for _, w := range all {
			w.check(t, c.cfg)
		}
		if t.Failed() {
			return
		}
	}
	acked := 0
	for _, w := range all {
		acked += w.acked
	}
	t.Logf("%d kills, %d writes acknowledged, none lost", *kills, acked)
}
