package check_test

import (
	"context"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pawsh/bindings/symbols"
	"pawsh/repl/check"
)

// world is the shell's knowledge of packages, as far as these tests need it.
type world struct{ *symbols.Importer }

func (w world) FileSet() *token.FileSet     { return w.Fset }
func (w world) ByName(name string) []string { return symbols.ByName(name) }
func (w world) Similar() []string           { return nil }
func (w world) Paths() []string             { return symbols.Paths() }
func (w world) PackageName(p string) string { return symbols.PackageName(p) }
func (w world) Bindings() (ps []*types.Package) {
	for _, n := range []string{"session", "ec2", "s3"} {
		p, err := w.Import("pawsh/bindings/" + n)
		if err != nil {
			panic(err)
		}
		ps = append(ps, p)
	}
	return ps
}

func (w world) Unqualified(name string) types.Object {
	for _, p := range w.Bindings() {
		if o := p.Scope().Lookup(name); o != nil {
			return o
		}
	}
	return nil
}

const sdk = "github.com/aws/aws-sdk-go-v2/service/"

// complete gives a completer for a session with these cells.
func completer(t testing.TB, cells ...string) (*check.Completer, *check.Scope, world) {
	t.Helper()
	w := world{symbols.NewImporter()}
	conn := func(name string) check.Binding {
		return check.Binding{Name: name, Path: "pawsh/bindings/" + name, Type: "Connection", Pointer: true, SDK: sdk + name}
	}
	s, err := check.NewScope(w, []check.Binding{
		conn("ec2"), conn("s3"), {Name: "ctx", Path: "context", Type: "Context"},
		{Name: "boto", Path: "pawsh/bindings/boto"}, {Name: "ec2types", Path: sdk + "ec2/types"},
	}, func(types.Object, string) {})
	if err != nil {
		t.Fatal(err)
	}
	c := check.NewCompleter(s, w)
	for i, src := range cells {
		cell, err := s.Check(src, i+1)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		s.Commit(cell)
		c.Note(src)
	}
	return c, s, w
}

// ask completes a text at its mark.
func ask(t testing.TB, c *check.Completer, marked string) check.Answer {
	t.Helper()
	before, after, ok := strings.Cut(marked, "|")
	if !ok {
		t.Fatalf("no cursor in %q", marked)
	}
	a := c.Complete(context.Background(), before+after, len(before))
	if a.Start > a.End || a.End != len(before) {
		t.Errorf("%s: replaces %d to %d", marked, a.Start, a.End)
	}
	return a
}

func texts(a check.Answer) []string {
	var out []string
	for _, c := range a.Candidates {
		out = append(out, c.Text)
	}
	return out
}

func TestComplete(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		cells    []string
		want     string // the first candidates, by blanks
		only     bool   // and no others
		not      string // must not be among them
	}{
		{name: "method by prefix", in: "ec2.GetAllZ|", want: "GetAllZones", only: true},
		{name: "in any case", in: "ec2.getallz|", want: "GetAllZones", only: true},
		{name: "by humps", in: "ec2.gaz|", want: "GetAllZones"},
		{name: "by later humps", in: "ec2.allzo|", want: "GetAllZones", only: true},
		{name: "by letters", in: "ec2.gtlzns|", want: "GetAllZones"},
		{name: "connection before package", in: "ec2.RunI|", want: "RunInstances RunInstancesInput RunInstancesOutput", only: true},
		{name: "types where a type is wanted", in: "var in *ec2.RunI|", want: "RunInstancesInput RunInstancesOutput", only: true},
		{name: "fields", in: "ec2.Region.|", want: "Connect Endpoint Name String", only: true},
		{name: "after a call with an error", in: "ec2.GetAllZones()[0].|", want: "Messages Name Raw RegionName State String ZoneID ZoneType", only: true},
		{name: "after a chain of calls", in: "ec2.GetAllInstances()[0].Instances[0].St|", want: "Start State StateCode StateReason Stop String"},
		{name: "in an argument", in: "fmt.Println(ec2.GetAllZones()[0].Na|", want: "Name", only: true},
		{name: "package", in: "strings.ToUp|", want: "ToUpper ToUpperSpecial", only: true},
		{name: "bound package", in: "boto.ConnectE|", want: "ConnectEC2 ConnectEuca", only: true},
		{name: "variable of the session", in: "zones|", cells: []string{"zonesHere := ec2.GetAllZones()"}, want: "zonesHere"},
		{name: "its elements", in: "zs[0].N|", cells: []string{"zs := ec2.GetAllZones()"}, want: "Name", only: true},
		{name: "variable of the cell", in: "zs := ec2.GetAllZones()\nfor _, z := range zs {\n\tz.Na|", want: "Name", only: true},
		{name: "not declared yet", in: "za|\nzacharias := 1", not: "zacharias"},
		{name: "local hides session", in: "func f(x []int) { x.|", cells: []string{"x := ec2.Region"}, want: "", only: true},
		{name: "struct of the session", in: "p.|", cells: []string{"type point struct{ x, y int }\nfunc (p point) norm() int { return p.x }", "p := point{}"}, want: "x norm y", only: true},
		{name: "receiver of a new method", in: "func (p *point) move() { p.|", cells: []string{"type point struct{ x, y int }"}, want: "y x", only: true},
		{name: "embedded", in: "q.|", cells: []string{"type point struct{ x, y int }", "type named struct { point; name string }", "q := named{}"}, want: "name point y x", only: true},
		{name: "last value", in: "_[0].Na|", cells: []string{"ec2.GetAllZones()"}, want: "Name", only: true},
		{name: "numbers of cells", in: "Out[|", cells: []string{"7"}, want: "1"},
		{name: "interface", in: "ctx.D|", want: "Deadline Done", only: true},
		{name: "client by humps", in: "ec2.Client.DescribeZ|", want: "DescribeAvailabilityZones", only: true},
		{name: "SDK method", in: "ec2.Client.RunInst|", want: "RunInstances", only: true},
		{name: "shadowed by an import", in: "ec2.GetAllZ|", cells: []string{`import "github.com/aws/aws-sdk-go-v2/service/ec2"`}, want: "GetAllZones", only: true},
		{name: "literal keys", in: "ec2.DescribeRegionsInput{|", want: "AllRegions:  DryRun:  Filters:  RegionNames: ", only: true},
		{name: "only keys not used", in: "ec2.DescribeRegionsInput{DryRun: nil, |, Filters: nil}", want: "AllRegions:  RegionNames: ", only: true},
		{name: "key by prefix", in: "ec2.Client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{\n\tReg|", want: "RegionNames: "},
		{name: "elided literal", in: "[]ec2types.Tag{{K|", want: "Key: ", only: false},
		{name: "options that fit", in: "ec2.GetAllZones(|", want: "DryRun( Filter( Filters("},
		{name: "option of the call", in: "ec2.GetAllZones(Z|", want: "Zones(", only: true},
		{name: "options by prefix", in: `ec2.RunInstances("ami-1", Key|`, want: "KeyName("},
		{name: "capitals are meant", in: `ec2.RunInstances("ami-1", Min|`, want: "MinCount(", only: true},
		{name: "options of another package", in: "boto.ConnectEC2(AWSA|", want: "AWSAccessKeyID(", only: false},
		{name: "no options where none fit", in: "ec2.GetAllZones(KeyN|", not: "KeyName("},
		{name: "constants of an enumeration", in: "ec2.RunInstancesInput{InstanceType: |", want: "ec2types.InstanceTypeA12xlarge"},
		{name: "by value", in: "ec2.RunInstancesInput{InstanceType: t1|", want: "ec2types.InstanceTypeT1Micro"},
		{name: "in a comparison", in: "time.Now().Month() == Ma|", want: "time.March time.May"},
		{name: "recent first", in: "ec2.GetAllI|", cells: []string{"ec2.GetAllInstances()"}, want: "GetAllInstances GetAllImages GetAllInstanceStatus", only: true},
		{name: "wanted type first", in: "strings.ToUpper(a|", cells: []string{"abc := 1", "axe := \"\""}, want: "axe abc"},
		{name: "index of a slice", in: "for i := range xs { xs[|", cells: []string{"xs := []string{}"}, want: "i", only: true},
		{name: "keywords", in: "swi|", want: "switch"},
		{name: "builtins", in: "appe|", want: "append"},
		{name: "package names", in: "strc|", want: "strconv", only: false},
		{name: "functions without package", in: "x := KeyNam|", want: "KeyName KeyNames"},
		{name: "head of a for", in: "for _, z := range ec2.GetAllZ|", want: "GetAllZones", only: true},
		{name: "head of an if", in: "if ec2.IsS|", want: "IsSecure", only: true},
		{name: "head of an if with a statement", in: "if z := ec2.GetAllZ|", want: "GetAllZones", only: true},
		{name: "in a case", in: "switch {\ncase ec2.IsS|", want: "IsSecure", only: true},
		{name: "deferred", in: "defer ec2.GetAllZ|", want: "GetAllZones", only: true},
		{name: "middle of a text", in: "ec2.GetAllZ|[0].Name + \"x\"", want: "GetAllZones", only: true},
		{name: "in a function literal", in: "func() { x := ec2.GetAllZones(); x[0].Na|", want: "Name", only: true},
		{name: "generic", in: "slices.SortF|", want: "SortFunc", only: true},
		{name: "imports", in: "import \"encoding/j|", want: "encoding/json"},
		{name: "imports by name", in: "import (\n\t\"json|", want: "encoding/json"},
		{name: "comment", in: "x := 1 // ec2.|", want: "", only: true},
		{name: "number", in: "1|", want: "", only: true},
		{name: "unknown", in: "nope.|", want: "", only: true},
		{name: "nothing", in: "|", not: "x"},
		{name: "Japanese", in: "\"日本\" + 日|", cells: []string{"日本 := \"x\""}, want: "日本"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _, _ := completer(t, tt.cells...)
			got := texts(ask(t, c, tt.in))
			var want []string
			if tt.want != "" {
				for _, w := range strings.Split(tt.want, " ") {
					if w == "" { // the blank behind a key
						want[len(want)-1] += " "
						continue
					}
					want = append(want, w)
				}
			}
			if tt.not != "" {
				for _, g := range got {
					if g == tt.not {
						t.Errorf("offers %q", tt.not)
					}
				}
				if tt.want == "" && !tt.only {
					return
				}
			}
			if !tt.only && len(got) > len(want) {
				got = got[:len(want)]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"first parameter", "ec2.RunInstances(|", "ec2.RunInstances(«imageID string», opts ...RunInstancesOption) (*Reservation, error)"},
		{"inside a string", `ec2.RunInstances("ami|`, "ec2.RunInstances(«imageID string», opts ...RunInstancesOption) (*Reservation, error)"},
		{"variadic", `ec2.RunInstances("a", x, |)`, "ec2.RunInstances(imageID string, «opts ...RunInstancesOption») (*Reservation, error)"},
		{"inner call", `ec2.RunInstances("a", KeyName(|`, "KeyName(«name string») RunInstancesOption"},
		{"behind it", `ec2.RunInstances("a", KeyName("b")|`, "ec2.RunInstances(imageID string, «opts ...RunInstancesOption») (*Reservation, error)"},
		{"SDK", "ec2.Client.DescribeRegions(ctx, |", "ec2.Client.DescribeRegions(ctx context.Context, «params *DescribeRegionsInput», optFns ...func(*Options)) (*DescribeRegionsOutput, error)"},
		{"SDK package", "ec2.NewFromConfig(|", "ec2.NewFromConfig(«cfg aws.Config», optFns ...func(*Options)) *Client"},
		{"end of a chain", "ec2.GetAllInstances()[0].Instances[0].AddTag(|", ".AddTag(«key string», value ...string) error"},
		{"slice in a call", `ec2.StopInstances([]string{"a|`, "ec2.StopInstances(«instanceIDs []string», opts ...StopInstancesOption) ([]*Instance, error)"},
		{"builtin", "append(x, |", "append(slice []T, elems ...T) []T"},
		{"package", "strings.Repeat(\"a\", |", "strings.Repeat(s string, «count int») string"},
		{"none", "x := |", ""},
		{"conversion", "string(|", ""},
		{"outside a body", "foo(func() { |", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _, _ := completer(t)
			before, after, _ := strings.Cut(tt.in, "|")
			if got := c.Signature(t.Context(), before+after, len(before)); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
			}
		})
	}
}

func TestDetail(t *testing.T) {
	t.Parallel()
	c, _, _ := completer(t)
	for _, tt := range []struct{ in, want string }{
		{"ec2.AttachVol|", "(volumeID, instanceID, device string) (string, error)"},
		{"ec2.CreateVol|", "(size int, zone string, opts ...CreateVolumeOption) (*Volume, error)"},
		{"ec2.Region.Na|", "string"},
		{"ec2types.InstanceTypeT1M|", `"t1.micro"`},
		{"strings.Buil|", "struct"},
		{"time.Dura|", "int64"},
		{"len|", "(v T) int"},
		{"strcon|", "strconv"},
		{"ec2.DescribeRegionsInput{Dr|", "*bool"},
	} {
		a := ask(t, c, tt.in)
		if len(a.Candidates) == 0 || a.Candidates[0].Detail != tt.want {
			t.Errorf("%s: got %+v, want %s", tt.in, a.Candidates, tt.want)
		}
	}
}

// What stands in a string is completed by the shell, which must know the call.
func TestCall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{`ec2.GetImage("|`, "Connection.GetImage imageID ec2 direct"},
		{`ec2.GetImage("ami|")`, "Connection.GetImage imageID ec2 direct"},
		{"ec2.GetImage(`ami|`)", "Connection.GetImage imageID ec2 direct"},
		{`ec2.GetImage(|`, "Connection.GetImage imageID ec2 direct bare"},
		{`ec2.TerminateInstances([]string{"a", "|`, "Connection.TerminateInstances instanceIDs ec2 direct"},
		{`ec2.RunInstances("a", KeyName("|`, "KeyName name < Connection.RunInstances opts ec2 direct"},
		{`ec2.GetAllInstances()[0].Instances[0].GetAttribute("|`, "Instance.GetAttribute attribute ec2"},
		{`b.GetKey("|`, "Bucket.GetKey keyName b direct"},
		{`os.Open("|`, "Open name"},
		{`ec2.StopInstancesInput{InstanceIds: []string{"|`, "StopInstancesInput.InstanceIds InstanceIds"},
		{`ec2.Client.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("|`, "RunInstancesInput.ImageId ImageId < Client.RunInstances params ec2"},
		{`ec2.GetAllInstances(Filters(map[string]string{"|`, "Filters filters map < Connection.GetAllInstances opts ec2 direct"},
		{`ec2.GetAllInstances(Filters(map[string]string{"a": "b", "c": "|`, "Filters filters map of c < Connection.GetAllInstances opts ec2 direct"},
		{`Filter("a", "|`, "Filter values after a"},
		{`[]ec2types.Tag{{Key: aws.String("|`, "Tag.Key Key"},
		{`x := "|`, ""},
		{`m["|`, "keys of m"},
		{`m[|`, "keys of m"},
	} {
		c, _, _ := completer(t, `b := s3.GetBucket("x")`, `m := map[string]int{"a": 1}`)
		a := ask(t, c, tt.in)
		got := ""
		for k := a.Call; k != nil; k = k.Outer {
			if got != "" {
				got += " < "
			}
			got = strings.TrimSuffix(got+k.Name+" "+k.Param+" "+k.Root, " ")
			if k.Map {
				got += " map"
			}
			if k.Key != "" {
				got += " of " + k.Key
			}
			if k.First != "" && k.Param == "values" {
				got += " after " + k.First
			}
			if k.Direct {
				got += " direct"
			}
			if k.Bare && a.Quote == 0 {
				got += " bare"
			}
		}
		if a.Keys != "" {
			got += "keys of " + a.Keys
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Completion leaves the scope as it was.
func TestCompleteChangesNothing(t *testing.T) {
	t.Parallel()
	c, s, w := completer(t, "type point struct{ x, y int }", "p := point{1, 2}")
	names := func() string { n := s.Names(); slices.Sort(n); return strings.Join(n, " ") }
	files := func() (n int) {
		w.Fset.Iterate(func(*token.File) bool { n++; return true })
		return n
	}
	ask(t, c, "p.|") // loads what it needs
	before, count := names(), files()
	for range 20 {
		for _, in := range []string{
			"q := p\nq.|", "func (p point) norm() int { return p.|", "type other struct{ a int }\nvar o other\no.|",
			"import \"os\"\nos.|", "ec2 = nil\nec2.|", "package main\nfunc main() { p.|", "p := 3; ec2.GetAllZones(|",
		} {
			ask(t, c, in)
			c.Signature(t.Context(), strings.Replace(in, "|", "", 1), strings.Index(in, "|"))
		}
	}
	if got := names(); got != before {
		t.Errorf("names: got %s, want %s", got, before)
	}
	if got := files(); got != count {
		t.Errorf("files: got %d, want %d", got, count)
	}
	if _, err := s.Check("p.norm()", 9); err == nil {
		t.Error("a method that was only typed exists")
	}
	if _, err := s.TypeOf("p.x + p.y"); err != nil {
		t.Error(err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	c, _, _ := completer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a := c.Complete(ctx, "ec2.", 4); len(a.Candidates) > 0 {
		t.Errorf("%d candidates", len(a.Candidates))
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, word string
		want       int
	}{
		{"abc", "abc", 0}, {"abc", "ab", 1}, {"abc", "AB", 2}, {"GetAllZones", "gaz", 3}, {"GetAllZones", "GAZo", 3},
		{"GetAllZones", "zo", 3}, {"GetAllZones", "tll", 4}, {"GetAllZones", "zg", check.Unfit}, {"a", "ab", check.Unfit},
		{"snake_case_name", "scn", 3}, {"t2.micro", "mi", 3}, {"", "", 0}, {"x", "", 1}, {"日本語", "日語", 4},
	} {
		if got := check.Fit(tt.name, tt.word); got != tt.want {
			t.Errorf("Fit(%q, %q) = %d, want %d", tt.name, tt.word, got, tt.want)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, s := range []string{
		"ec2.|", "ec2.GetAllZones()[0].|", "ec2.RunInstancesInput{|", "for _, x := range |", "func (p *point) f() { p.|",
		"import \"|", "m[\"|", "x := []ec2types.Tag{{Key: |", "type T struct { a |", "switch x := p.(type) { case |", "a, b := |",
		"package main\nimport (\n\"os|", "var x map[string]|", "f(func(a int, b ...|", "`|", "'|", "/*|", "Out[|", "_.|", "}|", "(|", "goto |",
		"type T[P |", "type T[P any] struct{}; var t T[|", "defer |", "if x := 1; |", "select { case c <- |", "\xff|", "ec2.|\n}",
	} {
		before, after, _ := strings.Cut(s, "|")
		f.Add(before+after, len(before))
	}
	c, _, _ := completer(f, "type point struct{ x, y int }", "p := point{}", "m := map[string]int{}", "7")
	f.Fuzz(func(t *testing.T, text string, pos int) {
		a := c.Complete(t.Context(), text, pos)
		for _, k := range a.Candidates {
			if k.Text == "" || strings.Contains(k.Text, "ǃ") {
				t.Errorf("offers %q", k.Text)
			}
		}
		if len(a.Candidates) > 0 && (a.Start < 0 || a.Start > a.End || a.End != pos) {
			t.Errorf("replaces %d to %d of %d", a.Start, a.End, len(text))
		}
		if s := c.Signature(t.Context(), text, pos); strings.Contains(s, "ǃ") {
			t.Errorf("signature %q", s)
		}
	})
}

func BenchmarkComplete(b *testing.B) {
	for _, in := range []string{"ec2.Client.", "ec2.", "ec2.RunInstancesInput{", "ec2.GetAllInstances()[0].Instances[0].", "ec2.RunInstances(\"ami-1\", ", "st"} {
		b.Run(in, func(b *testing.B) {
			c, _, _ := completer(b)
			c.Complete(b.Context(), in, len(in)) // loads the types
			times := make([]time.Duration, 0, b.N)
			for b.Loop() {
				start := time.Now()
				if a := c.Complete(b.Context(), in, len(in)); len(a.Candidates) == 0 {
					b.Fatal("no candidates")
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
