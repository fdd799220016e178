package repl

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pawsh/bindings/session"
	"pawsh/history"
	"pawsh/repl/diag"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// TestCommandsPage wants docs/commands.md to say what the table says.
func TestCommandsPage(t *testing.T) {
	t.Parallel()
	const page = "../docs/commands.md"
	want := CommandsMarkdown()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("the page drifted from the table; go test ./repl -run TestCommandsPage -update renews it (-want +got):\n%s", diff)
	}
}

func TestTableOfCommands(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, c := range commands() {
		if c.help == "" || c.group == "" || c.run == nil || strings.HasSuffix(c.help, ".") {
			t.Errorf("%s lacks something: %+v", c.name, c)
		}
		if len(c.help) > 80-helpColumn-3 {
			t.Errorf("the help of %s is longer than a line of the list", c.name)
		}
		for _, n := range append([]string{c.name}, c.aliases...) {
			if seen[n] != "" {
				t.Errorf("%s names %s and %s", n, seen[n], c.name)
			}
			seen[n] = c.name
		}
		if (c.args == "") != (c.kind == ArgNone) {
			t.Errorf("%s: arguments %q of kind %q", c.name, c.args, c.kind)
		}
	}
	if got := len(Commands()); got != len(commands()) {
		t.Errorf("%d commands for completion", got)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"": nil, "  ": nil, "a b": {"a", "b"}, `"a b" c`: {"a b", "c"}, `a"b c"d`: {"ab cd"}, `''`: {""}, "a\t'b'": {"a", "b"},
	} {
		got, err := words(in)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("words(%q) (-want +got):\n%s", in, diff)
		}
	}
	if _, err := words(`"a`); err == nil {
		t.Error("an open quote was taken")
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{"": nil, "3": {"3"}, "1-3 7": {"1", "2", "3", "7"}, "a1b2c3d": {"a1b2c3d"}} {
		got, err := references(in)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("references(%q) (-want +got):\n%s", in, diff)
		}
	}
	for _, in := range []string{"3-1", "0-2", "a-b", "-", "1-99999999"} {
		if got, err := references(in); err == nil {
			t.Errorf("references(%q) = %v", in, got)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	if got, want := fold("aa bb cc\ndd", 5), "aa bb\ncc\ndd"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// shell makes a shell of a script: its output is in out, the history in store.
func shell(t *testing.T) (sh *Shell, out *bytes.Buffer, store *history.Store) {
	t.Helper()
	env, err := session.New(session.Options{Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-"})
	if err != nil {
		t.Fatal(err)
	}
	store, err = history.Open(history.Options{Path: filepath.Join(t.TempDir(), "history.jsonl")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	out = &bytes.Buffer{}
	sh, err = New(Config{Env: env, Stdin: strings.NewReader(""), Out: out, Err: out, History: store, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return sh, out, store
}

const (
	secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	password  = "correct-horse-battery"
)

// TestSecretsStayInTheSession types secrets and looks for them wherever a
// session leaves traces.
func TestSecretsStayInTheSession(t *testing.T) {
	t.Parallel()
	sh, out, store := shell(t)
	ctx := context.Background()
	for _, line := range []string{
		`secretKey := "` + secretKey + `"`,
		`password := "` + password + `"`,
		`len(secretKey) + len(password)`,
		`password`,
		`map[string]string{"password": password}`,
		`:rerun 2`,
		`n := 1`,
		`:env PAWSH_TEST_PASSWORD=` + password,
	} {
		if err := sh.Run(ctx, line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	defer os.Unsetenv("PAWSH_TEST_PASSWORD")
	if got := strings.Count(out.String(), password); got != 1 {
		t.Errorf("the password was asked for once and shown %d times:\n%s", got, out)
	}
	out.Reset()
	file := filepath.Join(t.TempDir(), "saved")
	if err := sh.Run(ctx, ":save "+file); err != nil {
		t.Fatal(err)
	}
	if err := sh.Run(ctx, ":history -n 0"); err != nil {
		t.Fatal(err)
	}
	if err := sh.Run(ctx, ":env"); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var plain, asJSON bytes.Buffer
	entries, err := HistoryQuery{}.Find(store)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(WriteHistory(&plain, entries, false), WriteHistory(&asJSON, entries, true)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"the script": string(script), ":history, :env and :save": out.String(),
		"pawsh history": plain.String(), "pawsh history --json": asJSON.String()} {
		for _, s := range []string{secretKey, password} {
			if strings.Contains(text, s) {
				t.Errorf("%s shows %q:\n%s", name, s, text)
			}
		}
	}
	for _, want := range []string{"n := 1", "<redacted:password>", "// The next cell held a secret"} {
		if !strings.Contains(string(script), want) {
			t.Errorf("no %q in the script:\n%s", want, script)
		}
	}
	if !strings.Contains(out.String(), "cell 1 held a secret, which was left out") {
		t.Errorf("nothing is said of what was left out:\n%s", out)
	}
}

func TestSaveRuns(t *testing.T) {
	t.Parallel()
	sh, out, _ := shell(t)
	ctx := context.Background()
	for _, line := range []string{
		"x := 20", "nope", "func double(n int) int {\n\treturn n * 2\n}", ":display json", "package x\nfunc f() {}", "double(x) + 2", ":type x", ":time x", ">>> _ + 1",
	} {
		_ = sh.Run(ctx, line) // some are wrong on purpose
	}
	file := filepath.Join(t.TempDir(), "a script")
	out.Reset()
	if err := sh.Run(ctx, `:save "`+file+`"`); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := "x := 20\nfunc double(n int) int {\n\treturn n * 2\n}\n:display json\ndouble(x) + 2\nx\n_ + 1\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "5 cells in " + file + "\ncell 3 is a whole Go file and was left out\n"; out.String() != want {
		t.Errorf("said %q, want %q", out, want)
	}
	if err := sh.Run(ctx, `:save "`+file+`"`); err == nil || !strings.Contains(out.String(), ":save -f ") {
		t.Errorf("a file was replaced unasked: %v\n%s", err, out)
	}
	if err := sh.Run(ctx, `:save -f "`+file+`"`); err != nil {
		t.Error(err)
	}
	again, out2, _ := shell(t)
	if err := again.Run(ctx, `:load "`+file+`"`); err != nil {
		t.Fatalf("%v\n%s", err, out2)
	}
	if got, want := out2.String(), "42\n20\n21\n"; got != want {
		t.Errorf("the script printed %q, want %q", got, want)
	}
}

func TestErrorsOfNestedCellsAreSaidOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("nope\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{":load " + file, ":time nope", ":rerun"} {
		sh, out, _ := shell(t)
		_ = sh.Run(context.Background(), "nope") // for :rerun
		out.Reset()
		err := sh.Run(context.Background(), line)
		if n := strings.Count(out.String(), "undefined: nope"); n != 1 {
			t.Errorf("%s: the error is said %d times:\n%s", line, n, out)
		}
		var d *diag.Error
		if !errors.As(err, &d) {
			t.Errorf("%s: error %v", line, err)
		}
	}
}

func TestLoadOfItself(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte(":load "+file+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sh, out, _ := shell(t)
	if err := sh.Run(context.Background(), ":load "+file); err == nil || !strings.Contains(out.String(), "loads itself") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestPipeline(t *testing.T) {
	t.Parallel()
	sh, out, _ := shell(t)
	ctx := context.Background()
	if err := sh.Run(ctx, "cat, n := 4, 3"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, want string }{
		{"n | 8", "11\n"},
		{"n | cat", "7\n"}, // Go's own: both are numbers of the session
		{`"b\na" | sort`, "a\nb\n"},
		{`[]string{"b"} | tr -d '\n '`, `["b"]`},
		{`n | cat | cat`, "7\n"},
		{`map[string]int{"a": 1} | head -n 1`, "{\n"},
		{`_["a"]`, "1\n"}, // the value is kept as any other
	} {
		out.Reset()
		err := sh.Run(ctx, c.in)
		if err != nil || out.String() != c.want {
			t.Errorf("%s: %q, %v; want %q", c.in, out, err, c.want)
		}
	}
	for in, want := range map[string]string{
		"n | nosuchprogramatall": "undefined: nosuchprogramatall",
		"nope | sort":            "undefined: nope",
		`"a" | false`:            "the command ended with exit status 1",
		`panic("x") | sort`:      "panic",
	} {
		out.Reset()
		if err := sh.Run(ctx, in); err == nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v, %q; want %q", in, err, out, want)
		}
	}
	for text, want := range map[string]bool{"n | nosuchprogramatall .": false, "n | cat .": true, "n |": false, ":display go": true, "f(": false, "n | sort": true} {
		if got := whole(text); got != want {
			t.Errorf("whole(%q) = %v", text, got)
		}
	}
}

func TestNegationOfANameOfTheSession(t *testing.T) {
	t.Parallel()
	sh, out, _ := shell(t)
	for _, line := range []string{"ok := true", "!ok", "!true"} {
		if err := sh.Run(context.Background(), line); err != nil {
			t.Fatal(err)
		}
	}
	if got := out.String(); got != "false\n" {
		t.Errorf("got %q: !ok is Go, !true a program", got)
	}
}

func TestHistoryNumbersCellsOnly(t *testing.T) {
	t.Parallel()
	sh, out, store := shell(t)
	if _, err := store.Append(history.Entry{ID: "a1b2c3d4e5", Session: "other", N: 1, Input: "40 + 2"}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"7", ":pwd", "!true", "nope", "8"} {
		_ = sh.Run(context.Background(), line)
	}
	out.Reset()
	if err := sh.Run(context.Background(), ":history --session"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for l := range strings.Lines(out.String()) {
		f := strings.Fields(l)
		got = append(got, strings.TrimSpace(l[:8])+" "+f[len(f)-1])
	}
	if len(got) > 3 {
		got[3] = strings.TrimLeft(got[3], "0123456789abcdef") // refused: no number, a name
	}
	if diff := cmp.Diff([]string{"1 7", " :pwd", " !true", " nope", "2 8", " --session"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	out.Reset()
	if err := sh.Run(context.Background(), ":rerun a1b2 2"); err != nil {
		t.Fatal(err)
	}
	if want := "40 + 2\n42\n8\n8\n"; out.String() != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

func TestHistoryQuery(t *testing.T) {
	t.Parallel()
	_, _, store := shell(t)
	for _, in := range []string{"ec2.RunInstances(1)", "a", "EC2.runInstances(2)", "b"} {
		if _, err := store.Append(history.Entry{Input: in}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		q    HistoryQuery
		want []string
	}{
		{HistoryQuery{}, []string{"ec2.RunInstances(1)", "a", "EC2.runInstances(2)", "b"}},
		{HistoryQuery{N: 2}, []string{"EC2.runInstances(2)", "b"}},
		{HistoryQuery{Pattern: "runinst"}, []string{"ec2.RunInstances(1)", "EC2.runInstances(2)"}},
		{HistoryQuery{Pattern: "ec2*1"}, []string{"ec2.RunInstances(1)"}},
		{HistoryQuery{Pattern: "1*ec2"}, nil},
		{HistoryQuery{Session: "other"}, nil},
	} {
		es, err := c.q.Find(store)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range es {
			got = append(got, e.Input)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.q, diff)
		}
	}
}
