package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// town is a state as services have it: unexported fields, cycles, shared
// pointers, maps, interfaces, large collections and a large set.
type town struct {
	mu      Mutex
	env     func() `store:"-"` //lint:ignore U1000 it is there to be passed over
	name    string
	houses  map[string]*house
	order   []*house
	mayor   *person
	config  map[string]any
	log     []string
	photo   []byte
	seen    time.Time `store:"lazy"`
	touched Touched
	grains  map[int]*grain `store:"-"`
}

type house struct {
	town   *town
	number int
	at     time.Time
	addr   netip.Addr
	people []*person
	tags   map[string]string
	rate   float64
	size   *int32
	kept   *Body
	draft  *person `store:"inline"`
}

type person struct {
	name string
	home *house
	ids  [2]uint16
}

type grain struct {
	Handle_ Handle
	n       int
	in      *house
	body    *Body
}

func (g *grain) Handle() *Handle { return &g.Handle_ }

type setting struct{ On bool }

func newTown() *town {
	return &town{houses: map[string]*house{}, config: map[string]any{}, grains: map[int]*grain{}}
}

func (t *town) unit() *Unit {
	return &Unit{Name: "town", Root: t, Guard: &t.mu, Holds: []any{&setting{}, []string{}, ""}, Touched: &t.touched, Member: &grain{},
		Members: func(yield func(Member)) {
			for _, g := range t.grains {
				yield(g)
			}
		},
		Restored: func(list []Member) error {
			for _, m := range list {
				g := m.(*grain)
				t.grains[g.n] = g
			}
			return nil
		}}
}

func (t *town) do(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
}

func (t *town) build(n int) *house {
	h := &house{town: t, number: n, at: time.Unix(int64(n), 5).UTC(), addr: netip.AddrFrom4([4]byte{10, 0, 0, byte(n)}), tags: map[string]string{"n": fmt.Sprint(n)}, rate: float64(n) / 3}
	h.people = append(h.people, &person{name: fmt.Sprint("p", n), home: h, ids: [2]uint16{1, uint16(n)}})
	t.houses[fmt.Sprint(n)] = h
	t.order = append(t.order, h)
	return h
}

// shown is all of a town as text.
func shown(t *town) string {
	var b strings.Builder
	fmt.Fprintln(&b, t.name, len(t.photo), t.log, len(t.houses))
	fmt.Fprintf(&b, "%x\n", t.photo)
	for i, h := range t.order {
		same := t.houses[fmt.Sprint(h.number)] == h && h.town == t && h.people[0].home == h
		size := int32(-1)
		if h.size != nil {
			size = *h.size
		}
		fmt.Fprintln(&b, i, same, h.number, h.at, h.addr, h.people[0].name, h.people[0].ids, h.tags, h.rate, size, text(h.kept), h.draft != nil && h.draft.name == "draft", t.mayor == h.people[0])
	}
	for _, k := range []string{"a", "b", "c"} {
		fmt.Fprintf(&b, "%s %T %+v\n", k, t.config[k], t.config[k])
	}
	for i := range 4000 {
		if g := t.grains[i]; g != nil {
			fmt.Fprintln(&b, "grain", g.n, g.in.number, text(g.body))
		}
	}
	return b.String()
}

func text(b *Body) string {
	if b == nil {
		return "none"
	}
	var out bytes.Buffer
	if _, err := b.WriteRange(&out, 0, b.Size()); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %x", b.Size(), out.Bytes()[:min(out.Len(), 8)])
}

func opened(t *testing.T, dir string) (*Store, *town) {
	t.Helper()
	s, err := Open(dir, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	x := newTown()
	if err := s.Attach(x.unit()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.lock.Unlock() })
	return s, x
}

// kill leaves the store as the death of its process does.
func (s *Store) kill(t *testing.T) {
	t.Helper()
	close(s.stop)
	<-s.finished
	s.mu.Lock()
	merging := s.merging
	s.closed = true
	s.mu.Unlock()
	if merging != nil {
		<-merging
	}
	if err := s.lock.Unlock(); err != nil {
		t.Fatal(err)
	}
}

func (s *Store) must(t *testing.T) {
	t.Helper()
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

func fill(t *testing.T, s *Store, x *town) {
	t.Helper()
	large, err := s.Bodies().Take(strings.NewReader(strings.Repeat("large ", 20000)), -1)
	if err != nil {
		t.Fatal(err)
	}
	x.do(func() {
		x.name, x.photo = "Pawston", bytes.Repeat([]byte("0123456789"), 30000)
		for n := range 300 {
			x.build(n)
		}
		size := int32(7)
		h := x.order[3]
		h.size, h.kept, h.draft = &size, large, &person{name: "draft"}
		x.order[4].kept = Bytes([]byte("small"))
		x.mayor = h.people[0]
		x.config["a"], x.config["b"], x.config["c"] = &setting{true}, []string{"x", ""}, "text"
		for n := range 3000 {
			g := &grain{n: n, in: x.order[n%300], body: large}
			x.grains[n] = g
			x.touched.Keep(g)
		}
		for n := range 500 {
			x.log = append(x.log, fmt.Sprint("line ", n))
		}
	})
	s.must(t)
}

func TestStateComesBackAsItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, x := opened(t, dir)
	fill(t, s, x)
	x.do(func() {
		x.order[10].tags["more"] = "yes" // changed in place
		x.log[77] = "changed"
		x.photo[200001] = 'x'
		delete(x.houses, "20")
		x.order = append(x.order[:20], x.order[21:]...)
		for n := 20; n < 3000; n += 300 { // who lived there
			x.touched.Drop(x.grains[n])
			delete(x.grains, n)
		}
		x.grains[5].in = x.order[6]
		x.touched.Keep(x.grains[5])
	})
	s.must(t)
	want := shown(x)
	s.kill(t)
	for range 2 { // the second time from what the first wrote
		again, y := opened(t, dir)
		if diff := cmp.Diff(want, shown(y)); diff != "" {
			t.Fatal(diff)
		}
		before := again.j.size
		y.do(func() {})
		again.must(t)
		if again.j.size != before {
			t.Errorf("a commit without a change wrote %d bytes", again.j.size-before)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAChangeWritesLittle(t *testing.T) {
	t.Parallel()
	s, x := opened(t, t.TempDir())
	fill(t, s, x)
	for name, change := range map[string]func(){
		"field":       func() { x.order[1].rate = 9 },
		"byte":        func() { x.photo[100000]++ },
		"line":        func() { x.log = append(x.log, "one more") },
		"map entry":   func() { x.build(1000) },
		"set member":  func() { x.grains[1].n = 5000; x.touched.Keep(x.grains[1]) },
		"lazy field":  func() { x.seen = time.Unix(1, 1) },
		"nothing new": func() { x.touched.Keep(x.grains[2]) },
	} {
		before := s.j.size
		x.do(change)
		s.must(t)
		wrote := s.j.size - before
		bound := int64(5000)
		switch name {
		case "byte":
			bound = 70000
		case "lazy field", "nothing new":
			bound = 0
		}
		if wrote > bound || bound > 0 && wrote == 0 {
			t.Errorf("%s: wrote %d bytes, want at most %d", name, wrote, bound)
		}
	}
	s.kill(t)
}

// TestTornTail cuts the journal at every byte of its last frames and damages
// bytes there: what is read is always the state after one of the commits.
func TestTornTail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, x := opened(t, dir)
	states := map[string]bool{shown(newTown()): true}
	first := s.j.size
	for n := range 6 {
		x.do(func() { x.build(n).kept = Bytes([]byte("a body")) })
		s.must(t)
		states[shown(x)] = true
	}
	path := s.j.f.Name()
	s.kill(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	try := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		again, y := opened(t, dir)
		if !states[shown(y)] {
			t.Errorf("%s: a state that never was", name)
		}
		y.do(func() { y.build(100) })
		again.must(t)
		after := shown(y)
		again.kill(t)
		third, z := opened(t, dir)
		if shown(z) != after {
			t.Errorf("%s: what was committed after healing is lost", name)
		}
		third.kill(t)
	}
	for at := int64(len(whole)); at > first; at -= 1 + int64(r.IntN(30)) {
		try(fmt.Sprintf("cut at %d", at), whole[:at])
	}
	for range 15 {
		b := bytes.Clone(whole)
		at := len(b) - 1 - r.IntN(60)
		b[at] ^= byte(1 + r.IntN(255))
		try(fmt.Sprintf("damaged at %d", at), b)
	}
	for at := 0; at < len(magic)+3; at += 5 { // killed while the file was begun
		try(fmt.Sprintf("cut at %d", at), whole[:at])
	}
}

func TestCompacting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, x := opened(t, dir)
	fill(t, s, x)
	for n := range 5 {
		x.do(func() { x.build(2000 + n); x.photo[n*60000]++; delete(x.houses, fmt.Sprint(n)) })
		s.must(t)
		s.mu.Lock()
		if err := s.rotate(); err != nil {
			t.Fatal(err)
		}
		merging := s.merging
		s.mu.Unlock()
		x.do(func() { x.log[n] = "while it was merged" })
		s.must(t)
		<-merging
		x.do(func() { x.log[n+10] = "after" })
		s.must(t)
	}
	want := shown(x)
	s.kill(t)
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "base-000006 bodies journal-000006 lock" {
		t.Errorf("files: %s", got)
	}
	// A process that was killed in the middle of it leaves what it was at.
	if err := os.WriteFile(filepath.Join(dir, "base-000007.tmp-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	again, y := opened(t, dir)
	if diff := cmp.Diff(want, shown(y)); diff != "" {
		t.Error(diff)
	}
	again.kill(t)
}

func TestExportAndImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, x := opened(t, dir)
	fill(t, s, x)
	file := filepath.Join(t.TempDir(), "saved")
	if err := Export(file, x.unit()); err != nil {
		t.Fatal(err)
	}
	want := shown(x)
	for _, bodies := range []*Bodies{NewBodies(), s.Bodies()} {
		y := newTown()
		if err := Import(file, bodies, y.unit()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, shown(y)); diff != "" {
			t.Fatal(diff)
		}
		if bodies != s.Bodies() {
			continue
		}
		x.do(func() { x.build(4000) })
		if err := s.Replace(y.unit()); err != nil {
			t.Fatal(err)
		}
		y.do(func() { y.name = "Replaced" })
		s.must(t)
		want = shown(y)
	}
	s.kill(t)
	again, z := opened(t, dir)
	if diff := cmp.Diff(want, shown(z)); diff != "" {
		t.Error(diff)
	}
	again.kill(t)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b[:len(b)-100], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Import(file, NewBodies(), newTown().unit()); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a cut export: %v", err)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, _ := opened(t, dir)
	_, err := Open(dir, t.Logf)
	want := fmt.Sprintf("in use by process %d", os.Getpid())
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("second Open = %v, want %q", err, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, _ := opened(t, dir)
	again.kill(t)
}

// TestTypesMayChange reads what another version of a type wrote.
func TestTypesMayChange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start := func(root any, g Guard) (*Store, error) {
		s, err := Open(dir, t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Attach(&Unit{Name: "x", Root: root, Guard: g})
		if err != nil {
			return nil, errors.Join(err, s.lock.Unlock())
		}
		return s, nil
	}
	var mu Mutex
	func() {
		//lint:ignore U1000 read by reflection, as all here
		type item struct{ old, same string }
		type state struct {
			gone  map[string]*item
			items []*item
		}
		s, err := start(&state{gone: map[string]*item{"a": {}}, items: []*item{{"1", "one"}, {"2", "two"}}}, &mu)
		if err != nil {
			t.Fatal(err)
		}
		s.kill(t)
	}()
	func() {
		type item struct {
			fresh int
			same  string
		}
		type state struct{ items []*item }
		x := &state{}
		s, err := start(x, &mu)
		if err != nil {
			t.Fatal(err)
		}
		if len(x.items) != 2 || x.items[1].same != "two" || x.items[0].fresh != 0 {
			t.Errorf("read %+v", x)
		}
		mu.Lock()
		x.items[0].fresh = 9
		mu.Unlock()
		s.must(t)
		s.kill(t)
	}()
	//lint:ignore U1000 read by reflection
	type item struct{ same int }
	//lint:ignore U1000 read by reflection
	type state struct{ items []*item }
	if _, err := start(&state{}, &mu); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("a field of another type: %v", err)
	}
}

func TestWhatCantBeKeptIsSaid(t *testing.T) {
	t.Parallel()
	//lint:ignore U1000 read by reflection
	type state struct{ f func() }
	var mu Mutex
	s, err := Open(t.TempDir(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Attach(&Unit{Name: "x", Root: &state{}, Guard: &mu})
	if err == nil || !strings.Contains(err.Error(), "state.f") {
		t.Errorf("Attach = %v, want the field's name", err)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	onDisk, err := openBodies(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	inMemory := NewBodies()
	t.Cleanup(func() { _ = inMemory.Close() })
	for name, s := range map[string]*Bodies{"directory": onDisk, "temporary": inMemory} {
		for _, n := range []int{0, 1, maxInline, maxInline + 1, maxMemory - 1, maxMemory, maxMemory + 1, 3*slotSize + 17, 1 << 20} {
			p := make([]byte, n)
			for i := range p {
				p[i] = byte(i*7 + i>>8)
			}
			for _, hint := range []int64{-1, int64(n), int64(n) / 2, int64(n) * 2} {
				b, err := s.Take(onlyReader{bytes.NewReader(p)}, hint)
				if err != nil {
					t.Fatal(err)
				}
				var got bytes.Buffer
				from := int64(n / 3)
				if _, err := b.WriteRange(&got, from, int64(n)-from); err != nil || !bytes.Equal(got.Bytes(), p[from:]) || b.Size() != int64(n) {
					t.Errorf("%s %d: WriteRange %v", name, n, err)
				}
				q := make([]byte, n/2+1)
				k, err := b.ReadAt(q, from)
				if !bytes.Equal(q[:k], p[from:from+int64(k)]) || k < len(q) && err != io.EOF {
					t.Errorf("%s %d: ReadAt = %d, %v", name, n, k, err)
				}
			}
		}
		broken := errors.New("broken")
		if _, err := s.Take(io.MultiReader(bytes.NewReader(make([]byte, 200000)), failing{broken}), -1); !errors.Is(err, broken) {
			t.Errorf("%s: Take of a broken body = %v", name, err)
		}
	}
}

type onlyReader struct{ io.Reader }

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

// TestBodiesThatAreLetGo: files go when nothing refers to them, and not
// before the state without them is on disk.
func TestBodiesThatAreLetGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, x := opened(t, dir)
	put := func(name string) {
		b, err := s.Bodies().Take(strings.NewReader(strings.Repeat(name, 50000)), -1)
		if err != nil {
			t.Fatal(err)
		}
		x.do(func() { x.build(len(x.order)).kept = b })
		s.must(t)
	}
	put("one")
	put("two")
	files := func() int {
		list, err := filepath.Glob(filepath.Join(dir, "bodies", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	x.do(func() { x.order[0].kept = nil })
	deadline := time.Now().Add(time.Minute)
	for files() != 1 && time.Now().Before(deadline) {
		runtime.GC()
		runtime.Gosched()
		s.must(t)
	}
	if n := files(); n != 1 {
		t.Fatalf("%d files, want 1", n)
	}
	// Killed while it took one in: nothing refers to it.
	if _, err := s.Bodies().Take(strings.NewReader(strings.Repeat("lost", 50000)), -1); err != nil {
		t.Fatal(err)
	}
	s.kill(t)
	again, y := opened(t, dir)
	if n := files(); n != 1 || text(y.order[1].kept) != text(x.order[1].kept) {
		t.Errorf("%d files after opening, body %s", n, text(y.order[1].kept))
	}
	again.kill(t)
}

func TestSlotsAreUsedAgain(t *testing.T) {
	t.Parallel()
	s := NewBodies()
	t.Cleanup(func() { _ = s.Close() })
	deadline := time.Now().Add(time.Minute)
	for range 100 {
		if _, err := s.Take(onlyReader{strings.NewReader(strings.Repeat("x", 300000))}, -1); err != nil {
			t.Fatal(err)
		}
	}
	for time.Now().Before(deadline) {
		runtime.GC()
		s.spill.mu.Lock()
		empty := s.spill.next == 0
		s.spill.mu.Unlock()
		if empty {
			return
		}
		runtime.Gosched()
	}
	t.Error("the temporary file never became empty")
}

func TestCommitsAtTheSameTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, x := opened(t, dir)
	done := make(chan error)
	for w := range 8 {
		go func() {
			var err error
			for n := range 50 {
				x.do(func() { x.build(1000*w + n) })
				err = errors.Join(err, s.Commit())
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	want := shown(x)
	s.kill(t)
	again, y := opened(t, dir)
	if shown(y) != want {
		t.Error("not all that was committed is there")
	}
	again.kill(t)
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{opPut, 1, 0, 1, 2, 0, 0, opRoot, 1, 'x', 1, opDelete, 2, 0})
	f.Add([]byte{opSchema, 1, 1, 'a', 1, 1, 'b', 1, 'c'})
	f.Fuzz(func(t *testing.T, frame []byte) {
		c := newContents()
		if c.apply(frame) != nil {
			return
		}
		x := newTown()
		k := newWalker(newSchemas())
		u, err := k.open(x.unit())
		if err != nil {
			t.Fatal(err)
		}
		c.schemas = k.schemas
		c.roots["town"] = 1
		_ = k.restore(c, []*unit{u}, func(string, int64) (*Body, error) { return nil, errors.New("none") }) // must not crash
	})
}

// TestKilledWhileCompacting opens a directory as it is at each step of the
// merging: the next journal begun, the base there beside what it replaces,
// some of that removed.
func TestKilledWhileCompacting(t *testing.T) {
	t.Parallel()
	dir, old := t.TempDir(), t.TempDir()
	s, x := opened(t, dir)
	fill(t, s, x)
	if err := os.CopyFS(old, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	if err := s.rotate(); err != nil {
		t.Fatal(err)
	}
	merging := s.merging
	s.mu.Unlock()
	<-merging
	x.do(func() { x.build(900) })
	s.must(t)
	want := shown(x)
	s.kill(t)
	for name, gone := range map[string][]string{
		"next journal begun":  {"base-000002"},
		"base beside the old": {},
		"old journal removed": {"journal-000001"},
	} {
		both := t.TempDir()
		if err := os.CopyFS(both, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(old, "journal-000001"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(both, "journal-000001"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, n := range gone {
			if err := os.Remove(filepath.Join(both, n)); err != nil {
				t.Fatal(err)
			}
		}
		again, y := opened(t, both)
		if diff := cmp.Diff(want, shown(y)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		again.kill(t)
	}
}
