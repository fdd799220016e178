package recipes

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// kind is a part of an answer that differs from run to run.
type kind struct {
	name    string
	pattern string
	bound   bool // the same text stands for the same thing all through a recipe
}

// kinds lists them, made when they are first needed; the first that matches at a place counts.
var kinds = sync.OnceValue(func() []kind {
	list := []kind{
		{"time", `[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z| ?\+0000(?: UTC)?)?`, false},
		{"date", `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} (?:GMT|\+0000)`, false},
		{"uuid", `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, true},
		{"fingerprint", `(?:[0-9a-f]{2}:){15,19}[0-9a-f]{2}`, true},
		{"key id", `\b(?:AKIA|ASIA|AIDA)[A-Z0-9]{16}\b`, true},
		{"host", `\b(?:127\.[0-9.]+|localhost):[0-9]+\b`, true},
		{"address name", `\b(?:ec2|ip)-[0-9]+-[0-9]+-[0-9]+-[0-9]+\b`, true},
		{"address", `\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b`, true},
		{"signature", `\b(?:Signature=[A-Za-z0-9%/+=]+|X-Amz-Signature=[0-9a-f]+|Expires=[0-9]+)`, false},
	}
	for _, prefix := range []string{"i", "r", "vol", "snap", "sg", "sgr", "ami", "vpc", "subnet", "eni", "eipalloc", "eipassoc"} {
		list = append(list, kind{prefix, `\b` + prefix + `-[0-9a-f]{8,17}\b`, true})
	}
	return list
})

var kindsRE = sync.OnceValue(func() *regexp.Regexp {
	parts := make([]string, len(kinds()))
	for i, k := range kinds() {
		parts[i] = "(" + k.pattern + ")"
	}
	return regexp.MustCompile(strings.Join(parts, "|") + `|(\.\.\.)`)
})

// Matcher compares answers with those that a recipe tells. Identifiers, times
// and addresses may differ, but one identifier of the text must stand for one
// of the run, and the other way about, all through the recipe. It is made by
// its zero value.
type Matcher struct {
	there, here map[string]string
}

// Match tells whether an answer is the one told; the error says why not.
func (m *Matcher) Match(want, got string) error {
	want, got = tidy(want), tidy(got)
	if m.there == nil {
		m.there, m.here = map[string]string{}, map[string]string{}
	}
	var re strings.Builder
	re.WriteString(`(?s)\A`)
	var tokens, groups []string // bound ones only
	at := 0
	kinds := kinds()
	for _, loc := range kindsRE().FindAllStringSubmatchIndex(want, -1) {
		re.WriteString(regexp.QuoteMeta(want[at:loc[0]]))
		at = loc[1]
		kind := -1
		for i := range kinds {
			if loc[2+2*i] >= 0 {
				kind = i
			}
		}
		switch {
		case kind < 0:
			re.WriteString(`.*?`)
		case kinds[kind].bound:
			re.WriteString("(" + kinds[kind].pattern + ")")
			tokens = append(tokens, want[loc[0]:loc[1]])
			groups = append(groups, kinds[kind].name)
		default:
			re.WriteString("(?:" + kinds[kind].pattern + ")")
		}
	}
	re.WriteString(regexp.QuoteMeta(want[at:]) + `\z`)
	exp, err := regexp.Compile(re.String())
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	found := exp.FindStringSubmatch(got)
	if found == nil {
		return fmt.Errorf("the answer is\n%s\nand not\n%s", indent(got), indent(want))
	}
	for i, t := range tokens {
		f := found[i+1]
		if old, ok := m.there[t]; ok && old != f {
			return fmt.Errorf("%s %s of the text was %s before and is %s here", groups[i], t, old, f)
		}
		if old, ok := m.here[f]; ok && old != t {
			return fmt.Errorf("%s %s was %s of the text before and is %s here", groups[i], f, old, t)
		}
		m.there[t], m.here[f] = f, t
	}
	return nil
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n    ")
}
