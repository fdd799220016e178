package session

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// iniEntry is one option of a boto file with the place it was read from.
type iniEntry struct {
	value string
	file  string
	line  int
}

func (e iniEntry) source() string { return fmt.Sprintf("%s:%d", e.file, e.line) }

// iniProblem is a line that could not be used.
type iniProblem struct {
	file string
	line int
	what string
}

func (p iniProblem) String() string {
	return fmt.Sprintf("%s:%d: %s; the rest of the file is used", p.file, p.line, p.what)
}

// iniSections maps a section to its options; option names are lower case.
type iniSections map[string]map[string]iniEntry

// parseINI reads text as Python's ConfigParser would, but goes on after a line
// that it can't use. Values in a pair of quotes, as the cookbook prints host
// names, lose them.
func parseINI(file, text string, into iniSections) []iniProblem {
	p := iniParser{file: file, into: into}
	text = strings.TrimPrefix(text, "\ufeff")
	for i, line := range strings.Split(text, "\n") {
		p.lineNo = i + 1
		p.line(strings.TrimSuffix(line, "\r"))
	}
	return p.problems
}

type iniParser struct {
	file     string
	lineNo   int
	into     iniSections
	section  string
	skipping bool // inside a section whose header is broken
	last     string
	problems []iniProblem
}

func (p *iniParser) problem(format string, args ...any) {
	p.problems = append(p.problems, iniProblem{p.file, p.lineNo, fmt.Sprintf(format, args...)})
}

func (p *iniParser) line(line string) {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		return
	case !utf8.ValidString(line) || strings.ContainsRune(line, 0):
		p.problem("not valid UTF-8 text")
	case trimmed[0] == '[':
		p.header(trimmed)
	case p.skipping:
		return
	case line[0] == ' ' || line[0] == '\t':
		p.indented(trimmed)
	default:
		p.option(trimmed)
	}
}

func (p *iniParser) header(s string) {
	p.last = ""
	end := strings.IndexByte(s, ']')
	if end < 0 {
		p.skipping = true
		p.problem("section header without closing bracket, so the lines below it are left out")
		return
	}
	name := strings.TrimSpace(s[1:end])
	if name == "" {
		p.skipping = true
		p.problem("section header without a name, so the lines below it are left out")
		return
	}
	p.skipping = false
	p.section = name
	if p.into[name] == nil {
		p.into[name] = map[string]iniEntry{}
	}
}

// indented is a continuation of the option above, or an option that was
// indented by taste. ConfigParser takes both for a continuation; an option that
// vanished into the value above it would be hard to find.
func (p *iniParser) indented(s string) {
	if p.last == "" || looksLikeOption(s) {
		p.option(s)
		return
	}
	e := p.into[p.section][p.last]
	e.value += "\n" + s
	p.into[p.section][p.last] = e
}

func looksLikeOption(s string) bool {
	i := strings.IndexAny(s, "=:")
	return i > 0 && !strings.ContainsAny(strings.TrimSpace(s[:i]), " \t/")
}

func (p *iniParser) option(s string) {
	i := strings.IndexAny(s, "=:")
	switch {
	case i < 0:
		// The text is not repeated: it may be a secret on a line of its own.
		p.last = ""
		p.problem("neither a [section] nor name = value")
		return
	case i == 0:
		p.last = ""
		p.problem("value without a name")
		return
	case p.section == "":
		p.problem("option %q stands before any [section]", strings.TrimSpace(s[:i]))
		return
	}
	name := strings.ToLower(strings.TrimSpace(s[:i]))
	value := strings.TrimSpace(s[i+1:])
	if j := strings.Index(value, " ;"); j >= 0 {
		value = strings.TrimSpace(value[:j])
	}
	if q, ok := unquote(value); ok {
		value = q
	} else if value != "" && strings.ContainsRune("\"'", rune(value[0])) && len(value) > 1 {
		p.problem("option %q has an opening quote and no closing one", name)
		value = value[1:]
	}
	p.last = name
	p.into[p.section][name] = iniEntry{value, p.file, p.lineNo}
}

// unquote takes off one pair of quotes, straight or typographic.
func unquote(s string) (string, bool) {
	for _, q := range [][2]string{{`"`, `"`}, {`'`, `'`}, {"“", "”"}, {"‘", "’"}} {
		if len(s) >= len(q[0])+len(q[1]) && strings.HasPrefix(s, q[0]) && strings.HasSuffix(s, q[1]) {
			return strings.TrimSpace(s[len(q[0]) : len(s)-len(q[1])]), true
		}
	}
	return s, false
}
