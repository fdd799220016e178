package core_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"pawsh/sandbox/core"
)

func TestIdentifiersHaveAWSForms(t *testing.T) {
	t.Parallel()
	e := core.New(nil, nil, "")
	for _, tt := range []struct{ name, got, want string }{
		{"resource", e.ID("i"), `^i-0[0-9a-f]{16}$`},
		{"hex, odd", e.Hex(7), `^[0-9a-f]{7}$`},
		{"uuid", e.UUID(), `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		{"access key", e.UpperID("AKIA", 20), `^AKIA[A-Z2-7]{16}$`},
		{"secret", e.Text(40), `^[A-Za-z0-9+/]{40}$`},
		{"account", e.AccountID(), `^123456789012$`},
	} {
		if !regexp.MustCompile(tt.want).MatchString(tt.got) {
			t.Errorf("%s: got %q, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestInjectedClockAndRandomnessAreUsed(t *testing.T) {
	t.Parallel()
	at := time.Date(2011, 7, 4, 0, 0, 0, 0, time.UTC)
	e := core.New(func() time.Time { return at }, bytes.NewReader(make([]byte, 8)), "999999999999")
	if got := e.ID("vol"); got != "vol-00000000000000000" {
		t.Errorf("ID = %q", got)
	}
	if !e.Now().Equal(at) || e.AccountID() != "999999999999" {
		t.Errorf("Now = %v, AccountID = %q", e.Now(), e.AccountID())
	}
	defer func() {
		if recover() == nil {
			t.Error("an exhausted random source went unnoticed")
		}
	}()
	e.ID("vol")
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "A", false},
		{"*", "", true}, {"*", "anything", true}, {"web*", "web-1", true}, {"*-1", "web-1", true},
		{"w*b*1", "web-1", true}, {"w*b*2", "web-1", false}, {"we?-1", "web-1", true}, {"we?", "we", false},
		{`\*`, "*", true}, {`\*`, "a", false}, {`a\?`, "a?", true}, {`a\?`, "ab", false}, {`\\`, `\`, true},
		{"日*", "日本", true}, {"日?", "日本", true}, {"**a", "ba", true},
		{strings.Repeat("*a", 200), strings.Repeat("a", 199), false},
	} {
		if got := core.Match(tt.pattern, tt.s); got != tt.want {
			t.Errorf("Match(%q, %q) = %v, want %v", tt.pattern, tt.s, got, tt.want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("a*b", "acb")
	f.Add(`\`, `\`)
	f.Fuzz(func(t *testing.T, pattern, s string) {
		core.Match(pattern, s)
		quoted := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace(s)
		if !core.Match(quoted, s) {
			t.Errorf("Match(%q, %q) = false: a quoted text must match itself", quoted, s)
		}
	})
}

func TestPageWalksEverythingOnce(t *testing.T) {
	t.Parallel()
	items := []int{0, 1, 2, 3, 4, 5, 6}
	var got []int
	token, pages := "", 0
	for {
		page, next, ok := core.Page(items, token, 3)
		if !ok {
			t.Fatalf("token %q refused", token)
		}
		got = append(got, page...)
		pages++
		if token = next; next == "" {
			break
		}
	}
	if len(got) != len(items) || pages != 3 {
		t.Errorf("got %v in %d pages", got, pages)
	}
	for _, bad := range []string{"x", "AAAA", "AAAAAAAAAAAAAAAA-"} {
		if _, _, ok := core.Page(items, bad, 3); ok {
			t.Errorf("token %q accepted", bad)
		}
	}
	if page, next, ok := core.Page(items, "", 0); len(page) != 7 || next != "" || !ok {
		t.Errorf("no limit: %v %q %v", page, next, ok)
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	enabled := 0
	zones := map[string]bool{}
	for i, r := range core.Regions() {
		if i > 0 && core.Regions()[i-1].Name >= r.Name {
			t.Errorf("%s is out of order", r.Name)
		}
		if !r.OptIn {
			enabled++
		}
		for _, z := range r.AvailabilityZones() {
			if zones[z.ID] {
				t.Errorf("zone id %s twice", z.ID)
			}
			zones[z.ID] = true
		}
	}
	if enabled != 17 {
		t.Errorf("%d regions enabled by default, AWS has 17", enabled)
	}
	if r, ok := core.RegionByName("us-east-1"); !ok || len(r.AvailabilityZones()) != 6 || r.AvailabilityZones()[0].Name != "us-east-1a" {
		t.Errorf("us-east-1 = %+v, %v", r, ok)
	}
	if _, ok := core.RegionByName("nowhere-1"); ok {
		t.Error("nowhere-1 found")
	}
}
