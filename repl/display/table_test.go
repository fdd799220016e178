package display

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"
)

func TestTable(t *testing.T) {
	t.Parallel()
	second := &Instance{ID: "i-2", State: "stopped", Size: 100}
	for _, c := range []struct {
		name  string
		v     any
		width int
		want  string
	}{
		{"resources", []*Instance{web(), second}, 0, `
#  ID   Tags["Name"]  State    Placement   LaunchTime            Size  Groups         Tags
0  i-1  web           running  us-east-1a  2012-07-01T12:00:00Z     8  Group:default  Name=web, team=日本
1  i-2                stopped              0001-01-01T00:00:00Z   100`},
		{"columns give way and are named", []*Instance{web(), second}, 46, `
#  ID   Tags["Name"]  State    Placement
0  i-1  web           running  us-east-1a
1  i-2                stopped
4 columns do not fit: LaunchTime, Size, Group…`},
		{"cells give way with a sign", []string{strings.Repeat("x", 30)}, 20, `
#  value
0  xxxxxxxxxxxxxxxx…`},
		{"reservations are their instances", []*Reservation{{ID: "r-1", Instances: []*Instance{second}}}, 40, `
ID   State    LaunchTime            Size
i-2  stopped  0001-01-01T00:00:00Z   100`},
		{"empty reservations stay", []*Reservation{{ID: "r-1"}}, 0, `
#  ID
0  r-1`},
		{"output of the SDK", &DescribeInstancesOutput{Reservations: []RawReservation{{new("r-1"), []RawInstance{web().Raw}}}}, 80, `
State    InstanceId  InstanceType  Tags      Tags["Name"]  LaunchTime
running  i-1         t1.micro      Name=web  web           2012-07-01T12:00:00Z`},
		{"map", map[string]int{"b": 1, "a": 22}, 0, `
key  value
a    22
b    1`},
		{"map of structs", map[string]*Node{"a": {Value: 1}, "b": {Value: 22}}, 0, `
key  Value
a        1
b       22`},
		{"one struct", web(), 40, `
field       value
ID          i-1
Placement   us-east-1a
State       running
Size        8
Groups      Group:default
Tags        Name=web, team=日本
LaunchTime  2012-07-01T12:00:00Z`},
		{"scalars", []any{1, "a", nil}, 0, `
#  value
0  1
1  a
2`},
		{"no list", 42, 0, "\n42"},
		{"empty list", []int{}, 0, "\n[]"},
		{"nil", nil, 0, "\nnil"},
		{"line ends", []string{"a\nb\tc\x1b"}, 0, `
#  value
0  a\nb\tc\x1b`},
	} {
		got := Render(Value{V: c.v}, Options{Format: FormatTable, Width: c.width})
		if diff := cmp.Diff(c.want[1:], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestTableSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	got := Render(Value{V: make([]int, 1000)}, Options{Format: FormatTable, Items: 10})
	if !strings.HasSuffix(got, "\n... 990 more") || strings.Count(got, "\n") != 11 {
		t.Errorf("got %s", got)
	}
}

func TestTableNeverWiderThanTheTerminal(t *testing.T) {
	t.Parallel()
	rows := []*Instance{web(), {ID: strings.Repeat("日本", 40), State: "👩‍👩‍👧 " + strings.Repeat("x", 70)}}
	for width := 1; width < 200; width++ {
		got := Render(Value{V: rows}, Options{Format: FormatTable, Width: width})
		for _, l := range strings.Split(got, "\n") {
			if w := uniseg.StringWidth(l); w > max(width, len("#")+len(gap)+1) {
				t.Fatalf("width %d: a line is %d wide: %q", width, w, l)
			}
		}
	}
}

// TestTableWideCharacters wants columns in line whatever stands in them.
func TestTableWideCharacters(t *testing.T) {
	t.Parallel()
	type row struct{ A, B string }
	var rows []row
	for _, s := range []string{"ascii", "日本語", "e\u0301", "👩‍👩‍👧", "🇯🇵", "한국"} {
		rows = append(rows, row{s, "|"})
	}
	got := Render(Value{V: rows}, Options{Format: FormatTable})
	at := -1
	for _, l := range strings.Split(got, "\n")[1:] {
		w := uniseg.StringWidth(l[:strings.IndexByte(l, '|')])
		if at >= 0 && w != at {
			t.Errorf("the column is at %d and at %d:\n%s", at, w, got)
		}
		at = w
	}
}

func BenchmarkTable(b *testing.B) {
	var rows []*Instance
	for i := range 1000 {
		in := web()
		in.ID = fmt.Sprint("i-", i)
		rows = append(rows, in)
	}
	for b.Loop() {
		Render(Value{V: rows}, Options{Format: FormatTable, Width: 120})
	}
}
