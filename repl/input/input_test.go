package input

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		want     State
	}{
		{"nothing", "", Complete},
		{"blanks", " \n\t", Complete},
		{"expression", "1 + 1", Complete},
		{"call", `ec2.GetAllZones()`, Complete},
		{"return", "return", Complete},
		{"increment", "n++", Complete},
		{"block", "if a {\n\tb()\n}", Complete},
		{"comment", "// not yet", Complete},
		{"brackets in text", `"((("`, Complete},
		{"brackets in a rune", `'('`, Complete},
		{"brackets in a comment", "a // (((", Complete},
		{"raw text", "`a\nb`", Complete},
		{"open call", "f(", Incomplete},
		{"open block", "for {", Incomplete},
		{"open literal", "[]string{\n\"a\",", Incomplete},
		{"open raw text", "x := `a", Incomplete},
		{"open comment", "/* a", Incomplete},
		{"binary operator", "1 +", Incomplete},
		{"selector", "ec2.", Incomplete},
		{"assignment", "x :=", Incomplete},
		{"comma", "a, b", Complete},
		{"trailing comma", "a,", Incomplete},
		{"keyword", "func", Incomplete},
		{"label", "x:", Incomplete},
		{"operator and comment", "1 + // and", Incomplete},
		{"closing bracket", ")", Invalid},
		{"closed twice", "f())", Invalid},
		{"closed before opened", "}{", Invalid},
	} {
		if got, _ := Status(c.in); got != c.want {
			t.Errorf("%s: Status(%q) = %v, want %v", c.name, c.in, got, c.want)
		}
	}
}

func TestStatusDepth(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"f(": 1, "f(a, []int{1": 2, "f()": 0, "{{{": 3} {
		if _, got := Status(in); got != want {
			t.Errorf("Status(%q) gives depth %d, want %d", in, got, want)
		}
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want Line
		ok   bool
	}{
		{":help", Line{"help", ""}, true},
		{"  :help  ", Line{"help", ""}, true},
		{":history -n 5", Line{"history", "-n 5"}, true},
		{":history\t-n 5", Line{"history", "-n 5"}, true},
		{":", Line{"", ""}, true},
		{":display go", Line{"display", "go"}, true},
		{"!ls", Line{"!", "ls"}, true},
		{"!ls -l", Line{"!", "ls -l"}, true},
		{"! ls", Line{"!", "ls"}, true},
		{"!./run", Line{"!", "./run"}, true},
		{"!ok == false", Line{}, false},
		{"!ok && done", Line{}, false},
		{"!(a || b)", Line{}, false},
		{"!strings.Contains(a, b)", Line{}, false},
		{"!m[\"a\"]", Line{}, false},
		{"!= 3", Line{}, false},
		{"!", Line{}, false},
		{"a?", Line{"?", "a"}, true},
		{"ec2.RunInstances?", Line{"?", "ec2.RunInstances"}, true},
		{"ec2.RunInstances ??", Line{"??", "ec2.RunInstances"}, true},
		{`ec2.GetAllInstances()[0].State?`, Line{"?", "ec2.GetAllInstances()[0].State"}, true},
		{"?", Line{"help", ""}, true},
		{"help", Line{"help", ""}, true},
		{"exit", Line{"quit", ""}, true},
		{"quit", Line{"quit", ""}, true},
		{"x:", Line{}, false},
		{"x:\nfor {}", Line{}, false},
		{":a\n:b", Line{}, false},
		{"x := 1", Line{}, false},
		{`"a?"`, Line{}, false},
		{"a ? b : c", Line{}, false},
		{"", Line{}, false},
	} {
		got, ok := Command(c.in)
		if got != c.want || ok != c.ok {
			t.Errorf("Command(%q) = %+v, %v; want %+v, %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

func TestTransform(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"no prompt", "a\n  b\n", "a\n  b\n"},
		{"line ends", "a\r\nb\rc\n", "a\nb\nc\n"},
		{"Python", ">>> a\n>>> b", "a\nb"},
		{"Python's block", ">>> for x := range 3 {\n...     x\n... }\n", "for x := range 3 {\n    x\n}"},
		{"output between", ">>> 1+1\n2\n>>> 2+2\n4\n", "1+1\n2+2"},
		{"empty prompt", ">>>\n>>> a\n...\n", "\na\n"},
		{"IPython", "In [3]: a\nOut[3]: 7\n\nIn [4]: b\n   ...: c", "a\nb\nc"},
		{"this shell", "sandbox us-east-1 > x := 1\n... \nsandbox us-east-1 > x\n1\n", "x := 1\n\nx"},
		{"a real account", "prod eu-west-1 > ec2\nEC2Connection:h", "ec2"},
		{"prompts twice", ">>> >>> a", "a"},
		{"indented", "    >>> a\n    7\n", "a"},
		{"commands", ">>> :help\n", ":help"},
		{"Go that begins with dots", "...\na", "...\na"},
		{"a prompt later is text", "x := `\n>>> a\n`", "x := `\n>>> a\n`"},
		{"shift", "a >> 1", "a >> 1"},
		{"comparison", "a > b", "a > b"},
	} {
		if diff := cmp.Diff(c.want, Transform(c.in)); diff != "" {
			t.Errorf("%s: Transform(%q) (-want +got):\n%s", c.name, c.in, diff)
		}
	}
}

func TestPipes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []Pipe
	}{
		{"a", nil},
		{"a || b", nil},
		{"a |= b", nil},
		{"f(a | b)", nil},
		{`"a | b"`, nil},
		{"a |", nil},
		{"x := a | b", nil},
		{"a | sort", []Pipe{{"a", "sort", "sort"}}},
		{"a | jq .", []Pipe{{"a", "jq .", "jq"}}},
		{"a | jq '.[0]' | wc -l", []Pipe{{"a", "jq '.[0]' | wc -l", "jq"}}},
		{"a | b | sort", []Pipe{{"a", "b | sort", "b"}, {"a | b", "sort", "sort"}}},
		{"f(\n1,\n) | sort", []Pipe{{"f(\n1,\n)", "sort", "sort"}}},
		{"a | sort\nb", nil},
	} {
		if diff := cmp.Diff(c.want, Pipes(c.in)); diff != "" {
			t.Errorf("Pipes(%q) (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a":                             "",
		"日本\n\t":                        "",
		"a\x00":                         "1:2: a NUL byte can't stand in a cell",
		"a\nb\xff":                      "2:2: byte 0xff is not valid UTF-8",
		strings.Repeat("a", MaxCell+1):  "this cell has 4194305 bytes, the limit is 4194304",
		strings.Repeat("a", MaxCell):    "",
		"\xe3\x81":                      "1:1: byte 0xe3 is not valid UTF-8",
		"x := \"\ufffd\" // a real one": "",
	} {
		got := ""
		if err := Valid(in); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("Valid(%.20q) = %q, want %q", in, got, want)
		}
	}
}

func TestDepthOfALine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"f(": 1, "}": -1, "f(a[0])": 0, "a": 0} {
		if got := Depth(in); got != want {
			t.Errorf("Depth(%q) = %d, want %d", in, got, want)
		}
	}
	if Depth(`f("(")`) >= 0 {
		t.Error("a line with text must be left to Status")
	}
}
