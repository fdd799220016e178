package history

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// writerPath makes the test binary a second shell: see TestSeveralProcesses.
const writerPath = "PAWSH_TEST_HISTORY_WRITER"

func TestMain(m *testing.M) {
	if path := os.Getenv(writerPath); path != "" {
		if err := writeMany(path, "process"+strconv.Itoa(os.Getpid()), 200); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func writeMany(path, session string, n int) error {
	s, err := Open(Options{Path: path, Session: session})
	if err != nil {
		return err
	}
	for i := range n {
		id, err := s.Append(Entry{Session: session, N: i, Input: session + " " + strconv.Itoa(i) + strings.Repeat(" x", i)})
		if err != nil {
			return err
		}
		if err := s.Finish(id, "ok", "", time.Duration(i)*time.Microsecond); err != nil {
			return err
		}
	}
	return nil
}

var testTime = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

// open opens a store of its own with ids a1, a2, ...
func open(t testing.TB, path, session string) *Store {
	t.Helper()
	var n atomic.Int64
	s, err := Open(Options{Path: path, Session: session, NewID: func() string { return session + strconv.FormatInt(n.Add(1), 10) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newStore(t testing.TB) *Store {
	return open(t, filepath.Join(t.TempDir(), "state", "history.jsonl"), "a")
}

func add(t testing.TB, s *Store, inputs ...string) {
	t.Helper()
	for _, in := range inputs {
		if _, err := s.Append(Entry{Session: s.session, Input: in, Time: testTime}); err != nil {
			t.Fatal(err)
		}
	}
}

func entries(t testing.TB, s *Store) []Entry {
	t.Helper()
	var all []Entry
	for e, err := range s.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func inputs(es []Entry) []string {
	out := []string{}
	for _, e := range es {
		out = append(out, e.Input)
	}
	return out
}

func prefixes(s *Store, prefix string) []string { return inputs(slices.Collect(s.Prefix(prefix))) }

func search(t testing.TB, s *Store, query string, limit int) []string {
	t.Helper()
	es, err := s.Search(context.Background(), query, limit)
	if err != nil {
		t.Fatal(err)
	}
	return inputs(es)
}

func TestAppendAndFinish(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	want := Entry{Session: "a", N: 7, Time: testTime, Account: "sandbox", Region: "eu-west-1", Input: "ec2.\n\tGetAllZones() // 日本 <&> \"q\" \\"}
	id, err := s.Append(want)
	if err != nil {
		t.Fatal(err)
	}
	want.ID = id
	if diff := cmp.Diff([]Entry{want}, entries(t, s)); diff != "" {
		t.Errorf("before it ended:\n%s", diff)
	}
	want.Status, want.Go, want.Duration = "ok", "cell1()", 1500*time.Microsecond
	if err := s.Finish(id, want.Status, want.Go, want.Duration); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]Entry{"Entries": entries(t, s), "Prefix": slices.Collect(s.Prefix("ec2."))} {
		if diff := cmp.Diff([]Entry{want}, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if got, err := s.Search(context.Background(), "getall", 5); err != nil || cmp.Diff([]Entry{want}, got) != "" {
		t.Errorf("Search: %v, %v", got, err)
	}
}

func TestAppendRedacts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	id, err := s.Append(Entry{Input: `x := "` + testSecret + `"`})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(id, "ok", `var x = "`+testSecret+`"`, 0); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(s.path)
	if err != nil || bytes.Contains(b, []byte(testSecret)) || bytes.Count(b, []byte("<redacted:")) != 2 {
		t.Errorf("%v\n%s", err, b)
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add(t, s, "1")
	check := func(path string, want os.FileMode) {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	check(filepath.Dir(s.path), 0o700)
	check(s.path, 0o600)
	if err := os.Chmod(s.path, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, s.path, "b")
	check(s.path, 0o600)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", dir, filepath.Join(dir, "file", "history")} {
		if _, err := Open(Options{Path: path}); err == nil {
			t.Errorf("Open(%q) succeeded", path)
		}
	}
	s := newStore(t)
	if _, err := s.Append(Entry{ID: `"},{`}); err == nil {
		t.Error("Append took an id that breaks the format")
	}
}

func TestEmptyHistory(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	if e, p, q := entries(t, s), prefixes(s, ""), search(t, s, "", 9); len(e)+len(p)+len(q) != 0 {
		t.Errorf("%v %v %v", e, p, q)
	}
}

func TestTornLineIsHealed(t *testing.T) {
	t.Parallel()
	whole := newStore(t)
	add(t, whole, "one", "two")
	b, err := os.ReadFile(whole.path)
	if err != nil {
		t.Fatal(err)
	}
	begin := bytes.IndexByte(b, '\n') + 1
	for cut := begin; cut < len(b); cut++ {
		path := filepath.Join(t.TempDir(), "history")
		if err := os.WriteFile(path, b[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, path, "b")
		if got := prefixes(s, ""); !slices.Equal(got, []string{"one"}) {
			t.Fatalf("cut at %d: Prefix before healing: %q", cut, got)
		}
		add(t, s, "three")
		want, skipped := []string{"three", "one"}, 1
		if cut == len(b)-1 { // only the line break was lost
			want, skipped = []string{"three", "two", "one"}, 0
		}
		if cut == begin { // nothing was torn
			skipped = 0
		}
		if got := prefixes(s, ""); !slices.Equal(got, want) {
			t.Fatalf("cut at %d: Prefix: %q, want %q", cut, got, want)
		}
		if got := inputs(entries(t, s)); !slices.Equal(got, want) || s.Skipped() != skipped {
			t.Fatalf("cut at %d: Entries: %q, %d skipped; want %q, %d", cut, got, s.Skipped(), want, skipped)
		}
	}
}

func TestUnreadableLinesAreSkippedAndCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add(t, s, "one")
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	junk := []string{"garbage", `{"kind":"cell","id":"x","input":"torn`, `{"kind":"cell","id":"x","input":"bad tail",}`, "\x00\x00\x00", "", `{"kind":"later","id":"x"}`, `{"input":"hand-made","kind":"cell","session":"a"}`}
	if _, err := f.WriteString(strings.Join(junk, "\n") + "\n"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	add(t, s, "two")
	want := []string{"two", "hand-made", "one"}
	if got := prefixes(s, ""); !slices.Equal(got, want) {
		t.Errorf("Prefix: %q", got)
	}
	if got := search(t, s, "", 99); !slices.Equal(got, want) {
		t.Errorf("Search: %q", got)
	}
	if got := inputs(entries(t, s)); !slices.Equal(got, want) {
		t.Errorf("Entries: %q", got)
	}
	if s.Skipped() != 4 {
		t.Errorf("skipped %d, want 4", s.Skipped())
	}
}

func TestPrefix(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add(t, s, "ec2.A()", "s3.B()", "ec2.C()", "EC2", "ec2.A()")
	tests := []struct {
		prefix string
		want   []string
	}{
		{"ec2", []string{"ec2.A()", "ec2.C()"}},
		{"EC", []string{"EC2"}},
		{"", []string{"ec2.A()", "EC2", "ec2.C()", "s3.B()"}},
		{"x", []string{}},
	}
	for range 2 { // once as appended, once as found in the file
		for _, tt := range tests {
			if got := prefixes(s, tt.prefix); !slices.Equal(got, tt.want) {
				t.Errorf("Prefix(%q) = %q, want %q", tt.prefix, got, tt.want)
			}
		}
		s = open(t, s.path, "b")
	}
}

func TestPrefixLeavesOutOtherSessions(t *testing.T) {
	t.Parallel()
	before := newStore(t)
	add(t, before, "old")
	a, b := open(t, before.path, "mine"), open(t, before.path, "other")
	add(t, b, "theirs")
	add(t, a, "ours")
	add(t, b, "ours", "theirs too")
	if got, want := prefixes(a, ""), []string{"ours", "old"}; !slices.Equal(got, want) {
		t.Errorf("Prefix = %q, want %q", got, want)
	}
	if got, want := search(t, a, "", 9), []string{"theirs too", "ours", "theirs", "old"}; !slices.Equal(got, want) {
		t.Errorf("Search = %q, want %q", got, want)
	}
}

func TestStoresWithoutSessionAreTwoSessions(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history")
	var stores [2]*Store
	for i := range stores {
		s, err := Open(Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores[i] = s
	}
	for i, in := range []string{"first", "second"} {
		if _, err := stores[i].Append(Entry{Input: in}); err != nil {
			t.Fatal(err)
		}
	}
	if got := prefixes(stores[0], ""); !slices.Equal(got, []string{"first"}) {
		t.Errorf("%q", got)
	}
	if got := prefixes(open(t, path, "later"), ""); !slices.Equal(got, []string{"second", "first"}) {
		t.Errorf("%q", got)
	}
}

func TestPrefixWhileAppending(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add(t, s, "1", "2", "3")
	var got []string
	for e := range s.Prefix("") {
		got = append(got, e.Input)
		add(t, s, "new "+e.Input)
		if len(search(t, s, "new", 99)) != len(got) {
			t.Error("search inside a walk")
		}
	}
	if !slices.Equal(got, []string{"3", "2", "1"}) {
		t.Errorf("%q", got)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add(t, s,
		`for i := range ec2.Regions() {`+"\n\tf(i)\n}",
		`ec2.GetAllInstances()`,
		`s3.GetBucket("Logs")`,
		`ec2.GetAllZones()`,
		`logs, err := f()`,
		`ec2.GetAllInstances()`,
	)
	tests := []struct {
		query string
		limit int
		want  []string
	}{
		{"logs", 9, []string{`logs, err := f()`, `s3.GetBucket("Logs")`}},
		{"LOGS", 1, []string{`logs, err := f()`}},
		{"getall", 9, []string{`ec2.GetAllInstances()`, `ec2.GetAllZones()`}},
		{"zones ec2", 9, []string{`ec2.GetAllZones()`}},
		{"gaz", 9, []string{`ec2.GetAllZones()`}},
		{"f(i)", 9, []string{"for i := range ec2.Regions() {\n\tf(i)\n}"}},
		{"xyz", 9, []string{}},
		{"", 2, []string{`ec2.GetAllInstances()`, `logs, err := f()`}},
	}
	for range 2 {
		for _, tt := range tests {
			if got := search(t, s, tt.query, tt.limit); !slices.Equal(got, tt.want) {
				t.Errorf("Search(%q) = %q, want %q", tt.query, got, tt.want)
			}
		}
		s = open(t, s.path, "b")
	}
}

func TestSearchStopsWithItsContext(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for i := range 9000 { // several blocks
		fmt.Fprintf(fileOf(t, s), `{"kind":"cell","id":"x%d","input":"line %d","n":0,"time":"2024-05-06T07:08:09Z"}`+"\n", i, i)
	}
	s = open(t, s.path, "b")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, err := s.Search(ctx, "line", 1e6); err != nil || len(got) == 0 || len(got) == 9000 {
		t.Errorf("%d entries, %v", len(got), err)
	}
	if got := search(t, s, "line", 1e6); len(got) != 9000 || got[0] != "line 8999" || got[8999] != "line 0" {
		t.Errorf("%d entries", len(got))
	}
}

// fileOf opens the file of s for appending past the Store.
func fileOf(t testing.TB, s *Store) *os.File {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestLinesLongerThanABlock(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	long := strings.Repeat("日本\t", 2*blockSize/7)
	add(t, s, "first", long, long+"!", "last")
	want := []string{"last", long + "!", long, "first"}
	s = open(t, s.path, "b")
	if got := inputs(entries(t, s)); !slices.Equal(got, want) {
		t.Errorf("Entries: %d entries", len(got))
	}
	if got := prefixes(s, "日本"); !slices.Equal(got, want[1:3]) {
		t.Errorf("Prefix: %d entries", len(got))
	}
}

func TestFileReplaced(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add(t, s, "one", "two")
	if got := prefixes(s, ""); len(got) != 2 {
		t.Fatalf("%q", got)
	}
	if err := os.Remove(s.path); err != nil {
		t.Fatal(err)
	}
	if got := prefixes(s, ""); len(got) != 0 {
		t.Errorf("after removal: %q", got)
	}
	add(t, s, "three")
	if got := prefixes(s, ""); !slices.Equal(got, []string{"three"}) {
		t.Errorf("after a new start: %q", got)
	}
	if err := os.Truncate(s.path, 0); err != nil {
		t.Fatal(err)
	}
	add(t, s, "4")
	if got := search(t, s, "", 9); !slices.Equal(got, []string{"4"}) {
		t.Errorf("after truncation: %q", got)
	}
}

func TestSeveralShellsLoseNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history")
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { // goroutines with a store each
			if err := writeMany(path, "goroutine"+strconv.Itoa(i), 200); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() { // and processes
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), writerPath+"="+path)
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	s := open(t, path, "a")
	next := map[string]int{}
	all := entries(t, s)
	slices.Reverse(all)
	for _, e := range all {
		if e.N != next[e.Session] || e.Status != "ok" || e.Duration != time.Duration(e.N)*time.Microsecond {
			t.Fatalf("%+v, want number %d", e, next[e.Session])
		}
		next[e.Session]++
	}
	if len(all) != 6*200 || len(next) != 6 || s.Skipped() != 0 {
		t.Errorf("%d entries of %d sessions, %d skipped", len(all), len(next), s.Skipped())
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				add(t, s, fmt.Sprintf("cell %d of %d", i, g))
				for range s.Prefix("cell") {
					break
				}
				if _, err := s.Search(context.Background(), "of", 10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := search(t, s, "cell", 1000); len(got) != 200 {
		t.Errorf("%d entries", len(got))
	}
}

func TestDefaultPath(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{
		"":         "/home/u/.local/state/pawsh/history.jsonl",
		"relative": "/home/u/.local/state/pawsh/history.jsonl",
		"/s":       "/s/pawsh/history.jsonl",
	} {
		if got := DefaultPath(func(string) string { return state }, "/home/u"); got != want {
			t.Errorf("XDG_STATE_HOME=%q: %s, want %s", state, got, want)
		}
	}
}
