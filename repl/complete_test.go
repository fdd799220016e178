package repl

import (
	"context"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
	"pawsh/bindings/symbols"
	"pawsh/repl/check"
	"pawsh/repl/lineedit"
	"pawsh/sandbox"
)

// promptShell is a shell in a sandbox of its own, with what its prompt asks.
// The bindings have one session a process: tests with it are not parallel.
type promptShell struct {
	*assistant
	t     *testing.T
	out   *lockedBuffer
	ahead atomic.Int64 // of the cloud's clock
}

func newPromptShell(t *testing.T, cells ...string) *promptShell {
	t.Helper()
	p := &promptShell{t: t, out: &lockedBuffer{}}
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", UseSandbox: true,
		Sandbox: func() (session.SandboxEndpoint, error) {
			s, err := sandbox.Start(sandbox.Options{Now: func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }})
			if err != nil {
				return session.SandboxEndpoint{}, err
			}
			t.Cleanup(func() { _ = s.Close() })
			id, secret := s.Credentials()
			return session.SandboxEndpoint{URL: s.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	sh, err := New(Config{Env: env, Stdin: strings.NewReader(""), Out: p.out, Err: p.out})
	if err != nil {
		t.Fatal(err)
	}
	p.assistant = sh.assistant()
	for _, c := range cells {
		p.cell1(c)
	}
	return p
}

// cell1 runs a cell as the prompt does.
func (p *promptShell) cell1(text string) {
	p.t.Helper()
	p.run(text, func() {
		if err := p.sh.Run(p.t.Context(), text); err != nil {
			p.t.Fatalf("%s: %v", text, err)
		}
	})
}

// tab gives what the menu offers at the mark of a text: the text that each
// suggestion would make of the word at the cursor.
func (p *promptShell) tab(marked string) []lineedit.Suggestion {
	p.t.Helper()
	before, after, ok := strings.Cut(marked, "|")
	if !ok {
		p.t.Fatalf("no cursor in %q", marked)
	}
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	out := p.complete(ctx, before+after, len(before))
	for _, s := range out {
		if s.Start < 0 || s.Start > s.End || s.End != len(before) {
			p.t.Errorf("%s: %q replaces %d to %d", marked, s.Text, s.Start, s.End)
		}
	}
	return out
}

func menu(list []lineedit.Suggestion) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Text)
	}
	return strings.Join(out, " ")
}

func TestTabOnCommands(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"one.go", "two.go", ".hidden", "sub/x"} {
		f := filepath.Join(dir, n)
		if err := os.MkdirAll(filepath.Dir(f), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := newPromptShell(t, "zebra := 1")
	for _, tt := range []struct{ in, want string }{
		{":ty|", "type"},
		{":rer|", "rerun"},
		{":help ty|", "type"},
		{":sandbox out|", "outbox"},
		{":sandbox save testdat|", "testdata/"},
		{":clock re|", "real"},
		{":debug c|", "calls"},
		{":debug |", "off calls headers wire"},
		{":region eu-w|", "eu-west-1 eu-west-2 eu-west-3"},
		{":type ec2.GetAllZ|", "GetAllZones"},
		{":doc zeb|", "zebra"},
		{"  :ty|", "type"},
		{"  :doc  zeb|", "zebra"},
		{":load " + dir + "/o|", dir + "/one.go"},
		{":load " + dir + "/|", dir + "/one.go " + dir + "/sub/ " + dir + "/two.go"},
		{":cd " + dir + "/|", dir + "/sub/"},
		{"!cat " + dir + "/tw|", dir + "/two.go"},
		{":rerun |", "1"},
		{":debug wire zeb|", "zebra"},
		{":nonsense x|", ""},
		{":|type x", ""},
	} {
		got := menu(p.tab(tt.in))
		if tt.in == ":|type x" {
			if !strings.Contains(got, "help") {
				t.Errorf("%s: got %q", tt.in, got)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
	for _, tt := range []struct{ in, want string }{
		{`os.ReadFile("` + dir + `/on|`, dir + `/one.go"`},
		{`os.ReadFile("` + dir + `/on|")`, dir + `/one.go`},
		{`os.ReadFile("` + dir + `/su|`, dir + `/sub/`},
		{"os.ReadDir(`" + dir + "/su|", dir + "/sub/"},
		{`strings.ToUpper("` + dir + `/on|`, ""},
	} {
		if got := menu(p.tab(tt.in)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

// What is offered has its signature and a sentence of its documentation.
func TestTabDescribes(t *testing.T) {
	p := newPromptShell(t)
	got := p.tab("ec2.GetAllZon|")
	if len(got) != 1 || got[0].Text != "GetAllZones" || got[0].Start != 4 || got[0].Kind != "method" ||
		!strings.HasPrefix(got[0].Doc, "(opts ...GetAllZonesOption) ([]*Zone, error)  lists ") ||
		!strings.HasSuffix(got[0].Doc, "(boto: get_all_zones).") {
		t.Errorf("got %+v", got)
	}
}

func TestTabOnLiveValues(t *testing.T) {
	p := newPromptShell(t,
		`r := ec2.RunInstances("ami-7341831a", MinCount(3), MaxCount(3))`,
		`a, b, c := r.Instances[0], r.Instances[1], r.Instances[2]`,
		`a.AddTag("Name", "web")`,
		`ec2.TerminateInstances([]string{b.ID})`,
		`ec2.CreateKeyPair("paws")`,
		`ec2.AllocateAddress()`,
		`vol := ec2.CreateVolume(7, "us-east-1a")`,
		`eu := boto.EC2.ConnectToRegion("eu-west-1")`,
		`eu.CreateKeyPair("pattes")`,
		`s3.CreateBucket("paws-b"); bucket := s3.GetBucket("paws-b")`,
		`bucket.NewKey("x/hello.txt").SetContentsFromString("hello")`,
		`sqs.CreateQueue("tasks"); sns.CreateTopic("news"); iam.CreateUser("alice")`,
		`m := map[string]int{"one": 1, "two": 2}`,
		`n := map[int]bool{7: true}`,
	)
	text := func(expr string) string {
		v, ok := p.sh.kernel.Value(expr)
		if !ok {
			t.Fatalf("no value of %s", expr)
		}
		return v.Interface().(*ec2.Instance).ID
	}
	a, c := text("a"), text("c")
	p.ahead.Store(int64(time.Hour)) // what was on its way has arrived
	vol, _ := p.sh.kernel.Value("vol")
	volume := vol.Interface().(*ec2.Volume).ID
	for _, tt := range []struct{ name, in, want string }{
		{"what is not terminated", `ec2.TerminateInstances([]string{"|`, a + `" ` + c + `"`},
		{"not twice the quote", `ec2.TerminateInstances([]string{"|"})`, a + ` ` + c},
		{"nothing to start", `ec2.StartInstances([]string{"|`, ``},
		{"by name tag", `ec2.GetConsoleOutput("we|`, a + `"`},
		{"whole argument", `ec2.GetConsoleOutput(|`, `"` + a + `" "` + c + `"`},
		{"whole list", `ec2.StopInstances(|`, `[]string{"` + a + `"} []string{"` + c + `"}`},
		{"key pair by option", `ec2.RunInstances("ami-1", KeyName("|`, `paws"`},
		{"of the connection in front", `eu.RunInstances("ami-1", KeyName("|`, `pattes"`},
		{"of a connection of the session", `eu.GetKeyPair("|`, `pattes"`},
		{"key pair that does not exist yet", `ec2.CreateKeyPair("|`, ``},
		{"image", `ec2.GetImage("ami-7|`, `ami-7341831a"`},
		{"volume that is free", `ec2.AttachVolume("|`, volume + `"`},
		{"volume that is in use", `ec2.DetachVolume("|`, "!" + volume},
		{"second argument", `ec2.AttachVolume("v", "|`, a + `" ` + c + `"`},
		{"zone", `ec2.CreateVolume(1, "us-east-1b|`, `us-east-1b"`},
		{"region", `boto.EC2.ConnectToRegion("eu-n|`, `eu-north-1"`},
		{"instance type", `InstanceType("t1|`, `t1.micro"`},
		{"bucket", `s3.GetBucket("|`, `paws-b"`},
		{"key of a bucket", `bucket.GetKey("|`, `x/hello.txt"`},
		{"queue", `sqs.GetQueue("|`, `tasks"`},
		{"topic by name", `sns.DeleteTopic("new|`, `arn:aws:sns:us-east-1:123456789012:news"`},
		{"user", `iam.GetUser("|`, `alice"`},
		{"keys of a map", `m["|`, `one" two"`},
		{"keys of a map, with quotes", `m[|`, `"one" "two"`},
		{"keys that are numbers", `n[|`, `7`},
		{"input of the SDK", `ec2.Client.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{"|`, a + `" ` + c + `"`},
		{"pointer in an input of the SDK", `in := s3.GetObjectInput{Bucket: aws.String("|`, `paws-b"`},
		{"input that makes a name", `s3.CreateBucketInput{Bucket: aws.String("|`, ``},
		{"filter", `ec2.GetAllInstances(Filters(map[string]string{"instance-state-n|`, `instance-state-name"`},
		{"filter of another call", `ec2.GetAllVolumes(Filter("attachment.dev|`, `attachment.device"`},
		{"value of a filter", `ec2.GetAllInstances(Filters(map[string]string{"instance-state-name": "sto|`, `stopping" stopped"`},
		{"value of a filter of one", `ec2.GetAllVolumes(Filter("status", "avail|`, `available"`},
		{"live value of a filter", `ec2.GetAllInstances(Filters(map[string]any{"key-name": "|`, `paws"`},
		{"no name of anything", `ec2.AddTags("|`, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := menu(p.tab(tt.in))
			if not, ok := strings.CutPrefix(tt.want, "!"); ok {
				if strings.Contains(got, not) || got == "" {
					t.Errorf("%s: got %q, want something and not %q", tt.in, got, not)
				}
				return
			}
			if !sameWords(got, tt.want) {
				t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// sameWords compares lists whose order the cloud chooses.
func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	seen := map[string]int{}
	for i := range x {
		seen[x[i]]++
		seen[y[i]]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}

// Completion lists and describes, whatever it is asked, and nothing else.
func TestTabOnlyReads(t *testing.T) {
	p := newPromptShell(t, `r := ec2.RunInstances("ami-7341831a"); v := ec2.CreateVolume(1, "us-east-1a"); ec2.AllocateAddress()`)
	conn := p.sh.conns.peek("ec2").(*ec2.Connection)
	log := &lockedBuffer{}
	p.sh.env.SetLog(log, false)
	p.sh.env.SetDebug(session.LevelWire)
	var mu sync.Mutex
	var ops []string
	conn.Target.SetRequestHook(func(r session.SentRequest) {
		mu.Lock()
		defer mu.Unlock()
		ops = append(ops, r.Operation)
	})
	for _, in := range []string{
		`ec2.TerminateInstances([]string{"|`, `ec2.DeleteVolume("|`, `ec2.ReleaseAddress("|`, `ec2.DeleteSnapshot("|`, `ec2.DeregisterImage("|`,
		`ec2.DeleteKeyPair("|`, `ec2.DeleteSecurityGroup("|`, `ec2.CreateTags([]string{"|`, `ec2.CreateVolume(1, "|`, `r.Instances[0].Terminate(|`,
		`ec2.RunInstances(|`, `ec2.RunInstances("x", SecurityGroupIDs("|`, `ec2.AssociateAddress("i", "|`, `AllocationID("|`,
	} {
		p.tab(in)
	}
	if got := log.take(); got != "" {
		t.Errorf("the debug log has %q", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(ops) < 8 {
		t.Errorf("asked for %v only", ops)
	}
	for _, op := range ops {
		if !strings.HasPrefix(op, "Describe") && !strings.HasPrefix(op, "List") && !strings.HasPrefix(op, "Get") {
			t.Errorf("sent %s", op)
		}
	}
}

// Where there is an account, completion opens nothing by itself.
func TestTabOpensNoAccount(t *testing.T) {
	env, err := session.New(session.Options{
		Getenv: func(n string) string {
			return map[string]string{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1"}[n]
		},
		Home: t.TempDir(), SystemConfig: "-",
	})
	if err != nil {
		t.Fatal(err)
	}
	out := &lockedBuffer{}
	sh, err := New(Config{Env: env, Stdin: strings.NewReader(""), Out: out, Err: out})
	if err != nil {
		t.Fatal(err)
	}
	p := &promptShell{assistant: sh.assistant(), t: t, out: out}
	if got := menu(p.tab(`ec2.TerminateInstances([]string{"|`)); got != "" {
		t.Errorf("offers %q", got)
	}
	if v := sh.conns.peek("ec2"); v != nil {
		t.Errorf("opened %v", v)
	}
}

func TestHint(t *testing.T) {
	p := newPromptShell(t)
	for _, tt := range []struct{ in, want string }{
		{"ec2.GetImage(|", "ec2.GetImage(«imageID string») (*Image, error)"},
		{":type ec2.GetImage(|", "ec2.GetImage(«imageID string») (*Image, error)"},
		{":region |", ":region [NAME]   show or change the region of new connections"},
		{":nonsense |", ""},
		{"x := 1|", ""},
	} {
		before, after, _ := strings.Cut(tt.in, "|")
		if got := p.hint(t.Context(), before+after, len(before)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestExprAt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"ec2.RunInstances|", "ec2.RunInstances"},
		{"ec2.RunIn|stances", "ec2.RunInstances"},
		{"ec2.RunInstances(|", "ec2.RunInstances"},
		{`ec2.RunInstances("ami-1", |`, "ec2.RunInstances"},
		{`ec2.RunInstances("ami-1", KeyName("x|`, "KeyName"},
		{"ec2.GetAllInstances()[0].Instances|", "ec2.GetAllInstances()[0].Instances"},
		{"x := strings.ToUpper|", "strings.ToUpper"},
		{":doc ec2.RunInst|ances", "ec2.RunInstances"},
		{":do|", ""}, {"|", ""}, {"1 + |", ""}, {"(|", ""}, {").x|", ""},
	} {
		before, after, _ := strings.Cut(tt.in, "|")
		if got := exprAt(before+after, len(before)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestF1PrintsAboveTheLine(t *testing.T) {
	p := newPromptShell(t)
	text, pos := p.f1(t.Context(), "ec2.RunInstances(", 17)
	if text != "ec2.RunInstances(" || pos != 17 {
		t.Errorf("changed the line to %q at %d", text, pos)
	}
	if got := p.out.take(); !strings.Contains(got, "RunInstances launches instances from an image") {
		t.Errorf("printed %q", got)
	}
}

func TestF1LeavesRoomForTheLine(t *testing.T) {
	p := newPromptShell(t)
	p.f1(t.Context(), "ec2.Client.RunInstances", 23)
	got := p.out.take()
	if n := strings.Count(got, "\n"); n > maxHelp+2 || !strings.Contains(got, "more lines: ec2.Client.RunInstances?") {
		t.Errorf("printed %d lines:\n%s", n, got)
	}
}

func TestSource(t *testing.T) {
	p := newPromptShell(t, "func twice(n int) int { return 2 * n }", "x, y := 1, 2")
	for _, tt := range []struct{ in, want string }{
		{"ec2.RunInstances??", "calls RunInstances, in the SDK's words ec2.Client.RunInstances:\nLaunches the specified number of instances"},
		{"twice??", "cell 1:\nfunc twice(n int) int { return 2 * n }"},
		{"y??", "cell 2:\nx, y := 1, 2"},
		{"ec2.Client.RunInstances??", "is the AWS operation RunInstances itself"},
		{"strings.ToUpper??", "strings.ToUpper\nis compiled into the shell"},
	} {
		r := p.sh.Do(t.Context(), tt.in)
		if r.Err != nil || !strings.Contains(r.Text, tt.want) {
			t.Errorf("%s: got %q, %v; want %q in it", tt.in, r.Text, r.Err, tt.want)
		}
	}
}

func TestHighlight(t *testing.T) {
	p := newPromptShell(t, "zebra := 1")
	p.prompt()
	for _, tt := range []struct{ in, want string }{
		{`for x := range ec2.Zones("a", 12) // c`, `for=35 range=35 ec2=1;34 "a"=32 12=36 // c=2`},
		{"zebra + unknown", "zebra=34"},
		{"ec2.len(len)", "ec2=1;34 len=36"},
		{`"open`, `"open=32`},
		{"`raw\nstring` + x", "`raw\nstring`=32"},
		{":type zebra", ":type =1 zebra=34"},
		{":region eu-west-1", ":region =1"},
		{"日本 := zebra", "zebra=34"},
		{"", ""},
	} {
		var got []string
		for _, s := range p.highlight(tt.in) {
			got = append(got, tt.in[s.Start:s.End]+"="+string(s.Style))
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%s: got %q, want %q", tt.in, g, tt.want)
		}
	}
}

// A goroutine of the session may be writing a map: nothing reads it then.
func TestValueIsNotReadBesideGoroutines(t *testing.T) {
	p := newPromptShell(t, `m := map[string]int{"a": 1}`)
	if got := menu(p.tab(`m["|`)); got != `a"` {
		t.Errorf("got %q", got)
	}
	p.cell1(`stop := make(chan bool); go func() { for { select { case <-stop: return; default: m["a"]++ } } }()`)
	if got := menu(p.tab(`m["|`)); got != "" {
		t.Errorf("read beside a goroutine: %q", got)
	}
	p.cell1(`stop <- true`)
}

func FuzzPrompt(f *testing.F) {
	for _, s := range []string{":help ty", "!cat /et", "ec2.", ":", "!", " :t", ":type \"", ":set prompt ", "x := \"\xff", "a(((", ").x", "ec2.RunInstances(KeyName("} {
		f.Add(s, len(s))
	}
	k := newTestKernel(f)
	sh := &Shell{kernel: k, conns: &connections{}, out: &lockedBuffer{}}
	env, err := session.New(session.Options{Getenv: func(string) string { return "" }, Home: f.TempDir(), SystemConfig: "-"})
	if err != nil {
		f.Fatal(err)
	}
	sh.env = env
	a := sh.assistant()
	f.Fuzz(func(t *testing.T, text string, pos int) {
		if pos < 0 || pos > len(text) {
			return
		}
		for _, s := range a.complete(t.Context(), text, pos) {
			if s.Start < 0 || s.Start > s.End || s.End > len(text) {
				t.Errorf("replaces %d to %d", s.Start, s.End)
			}
		}
		a.hint(t.Context(), text, pos)
		exprAt(text, pos)
		last := 0
		for _, s := range a.highlight(text) {
			if s.Start < last || s.End < s.Start || s.End > len(text) {
				t.Errorf("colours %d to %d", s.Start, s.End)
			}
			last = s.End
		}
	})
}

func newTestKernel(t testing.TB) *Kernel {
	t.Helper()
	conns := &connections{}
	o := KernelOptions{Bindings: bindings()}
	o.Eval.Stdin, o.Eval.Stdout, o.Eval.Stderr, o.Eval.Host = strings.NewReader(""), &lockedBuffer{}, &lockedBuffer{}, conns.host(func(bool) {})
	k, err := NewKernel(o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestLiveServesTheOldAndFetchesTheNew(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := newLive(func() time.Time { return now })
	answers := make(chan []value)
	fetch := func(context.Context) ([]value, error) { return <-answers, nil }
	k := liveKey{kind: liveInstance}

	// Nothing yet and no time: none, but the request goes on.
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got := l.get(ended, k, fetch); got != nil {
		t.Errorf("got %v", got)
	}
	answers <- []value{{text: "a"}}
	if got := l.get(t.Context(), k, fetch); len(got) != 1 || got[0].text != "a" {
		t.Errorf("got %v", got)
	}
	// Fresh: no request.
	if got := l.get(t.Context(), k, nil); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	// A cell ran: the old is served while the new is on its way.
	l.stale()
	if got := l.get(t.Context(), k, fetch); len(got) != 1 || got[0].text != "a" {
		t.Errorf("got %v", got)
	}
	answers <- []value{{text: "b"}, {text: "c"}}
	if got := l.get(t.Context(), k, fetch); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	// Old by time.
	now = now.Add(time.Minute)
	go func() { answers <- []value{{text: "d"}} }()
	if got := l.get(t.Context(), k, fetch); len(got) != 1 || got[0].text != "d" {
		t.Errorf("got %v", got)
	}
}

func TestLegal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		method, kind, state string
		want                bool
	}{
		{"TerminateInstances", "instance", "running", true}, {"TerminateInstances", "instance", "terminated", false},
		{"TerminateInstances", "instance", "shutting-down", false}, {"StartInstances", "instance", "stopped", true},
		{"StartInstances", "instance", "running", false}, {"StopInstances", "instance", "running", true},
		{"RebootInstances", "instance", "pending", false}, {"AttachVolume", "volume", "available", true},
		{"AttachVolume", "volume", "in-use", false}, {"DetachVolume", "volume", "in-use", true},
		{"ReleaseAddress", "address", "", true}, {"ReleaseAddress", "address", "i-1", false},
		{"DisassociateAddress", "address", "i-1", true}, {"DeregisterImage", "image", "", false}, {"RunInstances", "image", "", true},
	} {
		c := &check.Call{Path: "pawsh/bindings/ec2", Name: "Connection." + tt.method}
		if got := legal(c, value{kind: tt.kind, state: tt.state}); got != tt.want {
			t.Errorf("%s of %s %s: %v", tt.method, tt.kind, tt.state, got)
		}
	}
}

func BenchmarkTab(b *testing.B) {
	k := newTestKernel(b)
	sh := &Shell{kernel: k, conns: &connections{}, out: &lockedBuffer{}}
	a := sh.assistant()
	for _, in := range []string{"ec2.Client.", "ec2.", "ec2.RunInstancesInput{"} {
		b.Run(in, func(b *testing.B) {
			a.complete(b.Context(), in, len(in))
			times := make([]time.Duration, 0, b.N)
			for b.Loop() {
				start := time.Now()
				if len(a.complete(b.Context(), in, len(in))) == 0 {
					b.Fatal("nothing")
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkFirstTab is the wait of a person who has just begun.
func BenchmarkFirstTab(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		sh := &Shell{kernel: newTestKernel(b), conns: &connections{}, out: &lockedBuffer{}}
		a := sh.assistant()
		b.StartTimer()
		if len(a.complete(b.Context(), "ec2.", 4)) == 0 {
			b.Fatal("nothing")
		}
	}
}

// Nearly every method of a connection says which operations it calls.
func TestOperationsOfBindings(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, service := range []string{"ec2", "s3", "sqs", "sns", "iam", "sts", "cloudwatch"} {
		p, err := w.Import("pawsh/bindings/" + service)
		if err != nil {
			t.Fatal(err)
		}
		n := p.Scope().Lookup("Connection").Type().(*types.Named)
		var without []string
		for i := range n.NumMethods() {
			name := "Connection." + n.Method(i).Name()
			if strings.Contains(symbols.Doc(p.Path(), name), "(boto:") && len(operations(p.Path(), name)) == 0 {
				without = append(without, name)
			}
		}
		if len(without) > 2 {
			t.Errorf("%s: no operation of %v", service, without)
		}
	}
}
