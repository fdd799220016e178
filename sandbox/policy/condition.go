package policy

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"pawsh/sandbox/core"
)

// Conditions are what a statement asks of a request: by operator and key, the
// values of which one must fit.
type Conditions map[string]map[string]Texts

// Facts gives the values that a condition key, such as aws:SourceIp, has for a
// request; none where the request says nothing about it.
type Facts func(key string) []string

func (f Facts) of(key string) ([]string, bool) {
	if f == nil {
		return nil, false
	}
	v := f(key)
	return v, len(v) > 0
}

// operator is a condition operator taken apart.
type operator struct {
	set      string // ForAllValues, ForAnyValue or ""
	ifExists bool
	negated  bool
	test     func(want, have string) bool // of one value, not negated
	null     bool
}

// tests are the operators by name; those with Not in it are made of them.
var tests = map[string]func(want, have string) bool{
	"StringEquals":             func(w, h string) bool { return unquote(w) == h },
	"StringEqualsIgnoreCase":   func(w, h string) bool { return strings.EqualFold(unquote(w), h) },
	"StringLike":               core.Match,
	"NumericEquals":            number(func(c int) bool { return c == 0 }),
	"NumericLessThan":          number(func(c int) bool { return c < 0 }),
	"NumericLessThanEquals":    number(func(c int) bool { return c <= 0 }),
	"NumericGreaterThan":       number(func(c int) bool { return c > 0 }),
	"NumericGreaterThanEquals": number(func(c int) bool { return c >= 0 }),
	"DateEquals":               date(func(c int) bool { return c == 0 }),
	"DateLessThan":             date(func(c int) bool { return c < 0 }),
	"DateLessThanEquals":       date(func(c int) bool { return c <= 0 }),
	"DateGreaterThan":          date(func(c int) bool { return c > 0 }),
	"DateGreaterThanEquals":    date(func(c int) bool { return c >= 0 }),
	"Bool":                     func(w, h string) bool { return strings.EqualFold(w, h) },
	"BinaryEquals":             func(w, h string) bool { return unquote(w) == h },
	"IpAddress":                inNet,
	"ArnEquals":                arnLike,
	"ArnLike":                  arnLike,
}

// negations are the operators that hold where another does not.
var negations = map[string]string{
	"StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase", "StringNotLike": "StringLike",
	"NumericNotEquals": "NumericEquals", "DateNotEquals": "DateEquals", "NotIpAddress": "IpAddress", "ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike",
}

// unquote undoes quote: the values of variables came in as patterns.
var unquoter = strings.NewReplacer(`\\`, `\`, `\*`, "*", `\?`, "?")

func unquote(s string) string { return unquoter.Replace(s) }

// parseOperator takes an operator such as ForAnyValue:StringLikeIfExists apart.
func parseOperator(name string) (operator, bool) {
	var o operator
	if set, rest, ok := strings.Cut(name, ":"); ok {
		if set != "ForAllValues" && set != "ForAnyValue" {
			return o, false
		}
		o.set, name = set, rest
	}
	if name == "Null" {
		o.null = true
		return o, o.set == ""
	}
	name, o.ifExists = strings.CutSuffix(name, "IfExists")
	if base, ok := negations[name]; ok {
		name, o.negated = base, true
	}
	o.test = tests[name]
	return o, o.test != nil
}

// Met reports whether a request with these facts is what all conditions ask.
func (c Conditions) Met(f Facts) bool {
	for name, keys := range c {
		o, ok := parseOperator(name)
		if !ok {
			return false
		}
		for key, want := range keys {
			have, there := f.of(key)
			if !o.met(want, have, there, f) {
				return false
			}
		}
	}
	return true
}

func (o operator) met(want Texts, have []string, there bool, f Facts) bool {
	switch {
	case o.null:
		for _, w := range want {
			if strings.EqualFold(w, strconv.FormatBool(!there)) {
				return true
			}
		}
		return false
	case !there:
		return o.ifExists || o.set == "ForAllValues" || o.negated && o.set == ""
	}
	one := func(h string) bool {
		for _, w := range want {
			if w, ok := expand(w, f, true); ok && o.test(w, h) {
				return true
			}
		}
		return false
	}
	all := o.set == "ForAllValues" || o.set == "" && o.negated
	for _, h := range have {
		if one(h) != o.negated != all {
			return !all
		}
	}
	return all
}

func number(ok func(int) bool) func(w, h string) bool {
	return func(w, h string) bool {
		a, err1 := strconv.ParseFloat(h, 64)
		b, err2 := strconv.ParseFloat(unquote(w), 64)
		if err1 != nil || err2 != nil {
			return false
		}
		return ok(compare(a, b))
	}
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func date(ok func(int) bool) func(w, h string) bool {
	return func(w, h string) bool {
		a, ok1 := parseDate(h)
		b, ok2 := parseDate(unquote(w))
		return ok1 && ok2 && ok(a.Compare(b))
	}
}

// parseDate takes ISO 8601 in its usual lengths, or seconds of the epoch.
func parseDate(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15Z07:00", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(form, s); err == nil && (form != "2006" || len(s) == 4) {
			return t, true
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return time.Unix(int64(n), 0), err == nil
}

// ValidNet reports whether a text is an address or a range of addresses.
func ValidNet(s string) bool {
	_, err := netip.ParsePrefix(s)
	if err != nil {
		_, err = netip.ParseAddr(s)
	}
	return err == nil
}

func inNet(w, h string) bool {
	a, err := netip.ParseAddr(h)
	if err != nil {
		return false
	}
	a = a.Unmap()
	if p, err := netip.ParsePrefix(w); err == nil {
		return p.Contains(a)
	}
	b, err := netip.ParseAddr(w)
	return err == nil && b.Unmap() == a
}

// arnLike compares each of the six parts of an ARN by itself, so that a star
// does not reach over a colon, but for the last.
func arnLike(w, h string) bool {
	a, b := strings.SplitN(w, ":", 6), strings.SplitN(h, ":", 6)
	if len(a) != 6 || len(b) != 6 {
		return core.Match(w, h)
	}
	for i := range a {
		if !core.Match(a[i], b[i]) {
			return false
		}
	}
	return true
}
