// Package policy reads policies in IAM's language and decides by them: the
// statements that a request meets, with conditions, variables and wildcards.
// Who has which policy, and in what words a refusal is told, is the matter of
// the services.
package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pawsh/sandbox/core"
)

// Document is a policy.
type Document struct {
	Version, ID string
	Statements  []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Sid, Effect             string
	Principal, NotPrincipal *Principals // nil where there is none
	Action, NotAction       Texts
	Resource, NotResource   Texts
	Condition               Conditions
}

// Kind says what is wrong with a document.
type Kind int

// What can be wrong with a document.
const (
	NotJSON      Kind = iota // no JSON object at all
	BadVersion               // Detail is the version
	NoStatement              // none, or null
	Empty                    // a list without statements
	Syntax                   // a member of a wrong type
	BadEffect                // Detail is the effect
	BadPrincipal             // neither "*" nor lists by kind
	BadCondition             // Detail is the operator
)

// Problem is what is wrong with a document; services put it into words.
type Problem struct {
	Kind   Kind
	Detail string
}

// Error names the problem for our own logs.
func (p *Problem) Error() string { return fmt.Sprintf("policy problem %d: %s", p.Kind, p.Detail) }

// Parse reads a document. The error is a *Problem.
func Parse(text string) (*Document, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return nil, &Problem{Kind: NotJSON, Detail: "{"}
	}
	var doc struct {
		Version   *string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, &Problem{Kind: NotJSON}
	}
	d := &Document{ID: doc.ID}
	if doc.Version != nil {
		d.Version = *doc.Version
		if d.Version != "2012-10-17" && d.Version != "2008-10-17" {
			return nil, &Problem{BadVersion, d.Version}
		}
	}
	raw := bytes.TrimSpace(doc.Statement)
	switch {
	case len(raw) == 0, string(raw) == "null":
		return nil, &Problem{Kind: NoStatement}
	case raw[0] == '{':
		raw = append(append([]byte("["), raw...), ']')
	}
	if err := json.Unmarshal(raw, &d.Statements); err != nil {
		return nil, &Problem{Kind: Syntax, Detail: err.Error()}
	}
	if len(d.Statements) == 0 {
		return nil, &Problem{Kind: Empty}
	}
	for _, s := range d.Statements {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return nil, &Problem{BadEffect, s.Effect}
		}
		for _, p := range []*Principals{s.Principal, s.NotPrincipal} {
			if p != nil && p.bad {
				return nil, &Problem{Kind: BadPrincipal}
			}
		}
		for op := range s.Condition {
			if _, ok := parseOperator(op); !ok {
				return nil, &Problem{BadCondition, op}
			}
		}
	}
	return d, nil
}

// Texts is a text or a list of texts, as policies have it; booleans and
// numbers count as their text.
type Texts []string

// UnmarshalJSON takes any of these forms.
func (t *Texts) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	*t = make(Texts, 0, len(list))
	for _, v := range list {
		switch v := v.(type) {
		case string:
			*t = append(*t, v)
		case bool, json.Number:
			*t = append(*t, fmt.Sprint(v))
		default:
			return fmt.Errorf("neither a text nor a list of texts")
		}
	}
	return nil
}

// Principals are whom a statement is about.
type Principals struct {
	All                                bool // "*" or {"AWS": "*"}
	AWS, Service, Federated, Canonical []string
	bad                                bool
}

// UnmarshalJSON takes "*" or an object of lists by kind. Anything else is
// remembered, so that Parse can name it.
func (p *Principals) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		p.All, p.bad = text == "*", text != "*"
		return nil
	}
	var byKind map[string]Texts
	if err := json.Unmarshal(b, &byKind); err != nil || len(byKind) == 0 {
		p.bad = true
		return nil
	}
	for kind, list := range byKind {
		p.bad = p.bad || len(list) == 0 || slices.Contains(list, "")
		switch kind {
		case "AWS":
			for _, who := range list {
				if who == "*" {
					p.All = true
				} else {
					p.AWS = append(p.AWS, who)
				}
			}
		case "Service":
			p.Service = list
		case "Federated":
			p.Federated = list
		case "CanonicalUser":
			p.Canonical = list
		default:
			p.bad = true
		}
	}
	return nil
}

// Covers reports whether the statement is about doing action upon resource by
// a request with these facts. Principals are the caller's matter.
func (s *Statement) Covers(action, resource string, f Facts) bool {
	return s.Means(action) && s.About(resource, f) && s.Condition.Met(f)
}

// Means reports whether the statement is about an action.
func (s *Statement) Means(action string) bool {
	if len(s.NotAction) > 0 {
		return !matchFold(s.NotAction, action)
	}
	return matchFold(s.Action, action)
}

// About reports whether the statement is about a resource. A statement that
// names none is about all: those of trust policies and of what belongs to one
// resource alone.
func (s *Statement) About(resource string, f Facts) bool {
	match := func(patterns []string) bool {
		for _, p := range patterns {
			if p, ok := expand(p, f, true); ok && core.Match(p, resource) {
				return true
			}
		}
		return false
	}
	switch {
	case len(s.NotResource) > 0:
		return !match(s.NotResource)
	case len(s.Resource) > 0:
		return match(s.Resource)
	}
	return true
}

func matchFold(patterns []string, text string) bool {
	for _, p := range patterns {
		if core.Match(strings.ToLower(p), strings.ToLower(text)) {
			return true
		}
	}
	return false
}

// quote makes a text a pattern of itself alone.
var quote = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`)

// expand puts the request's facts in the place of variables such as
// ${aws:username}. It is not ok where a variable has no value: such a pattern
// matches nothing. In a pattern the values are taken as they are, without
// wildcards.
func expand(text string, f Facts, pattern bool) (string, bool) {
	if !strings.Contains(text, "${") {
		return text, true
	}
	var b strings.Builder
	for {
		head, rest, ok := strings.Cut(text, "${")
		b.WriteString(head)
		if !ok {
			return b.String(), true
		}
		name, tail, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("${" + rest)
			return b.String(), true
		}
		text = tail
		name, byDefault, hasDefault := strings.Cut(name, ",")
		value := ""
		switch name = strings.TrimSpace(name); {
		case name == "*" || name == "?" || name == "$":
			value = name
		default:
			values, _ := f.of(name)
			switch {
			case len(values) == 1:
				value = values[0]
			case hasDefault:
				value = strings.Trim(strings.TrimSpace(byDefault), "'")
			default:
				return "", false
			}
		}
		if pattern {
			value = quote.Replace(value)
		}
		b.WriteString(value)
	}
}
