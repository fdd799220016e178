package input

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var seeds = []string{
	"", "1+1", ">>> a\n... b\n7\n", "In [3]: x\r\nOut[3]: 1\n", "sandbox us-east-1 > a", ">>> >>> a", "...", "  ...: a",
	":help x", "!ls -l", "!ok", "a?", "a??", "x:", "f(", ")", "`", "/*", "\"", "'", "a |", "a | jq .", "日本 | sort", "\x00", "\xff", "a\rb",
}

func FuzzTransform(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Transform(s)
		if again := Transform(got); again != got {
			t.Errorf("Transform(%q) = %q, once more %q", s, got, again)
		}
		if strings.Contains(got, "\r") {
			t.Errorf("Transform(%q) = %q has a carriage return", s, got)
		}
		prompt := false
		for _, l := range strings.Split(strings.ReplaceAll(s, "\r", "\n"), "\n") {
			if _, ok := stripPrompts(l); ok {
				prompt = true
			}
		}
		ends := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
		if !prompt && got != ends {
			t.Errorf("Transform(%q) = %q: there was no prompt to strip", s, got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("Transform(%q) = %q is no UTF-8", s, got)
		}
	})
}

func FuzzCommand(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, ok := Command(s)
		if !ok && l != (Line{}) {
			t.Errorf("Command(%q) is none and gives %+v", s, l)
		}
		if strings.ContainsAny(l.Name, " \t\n") || l.Args != strings.TrimSpace(l.Args) {
			t.Errorf("Command(%q) = %+v", s, l)
		}
		if l2, ok2 := Command(strings.TrimSpace(s)); l2 != l || ok2 != ok {
			t.Errorf("Command(%q) depends on the blanks around it", s)
		}
	})
}

func FuzzStatus(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		st, depth := Status(s)
		if depth < 0 || depth > len(s) || depth > 0 && st != Incomplete {
			t.Errorf("Status(%q) = %v, depth %d", s, st, depth)
		}
		for _, p := range Pipes(s) {
			if p.Left == "" || p.Program == "" || !strings.HasPrefix(p.Line, p.Program) {
				t.Errorf("Pipes(%q) has %+v", s, p)
			}
		}
	})
}
