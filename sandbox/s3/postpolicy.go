package s3

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pawsh/sandbox/wire"
)

// postPolicy is what the signer of a browser's form lets its user upload.
type postPolicy struct {
	expires    time.Time
	conditions []postCondition
	least      int64
	most       int64
}

// postCondition is a condition on one field of the form.
type postCondition struct {
	field, value string
	prefix       bool
	text         string // as errors show it
}

func badPost(format string, a ...any) error {
	return wire.Errorf("InvalidPolicyDocument", http.StatusBadRequest, "Invalid Policy: "+format, a...)
}

func refusedPost(format string, a ...any) error {
	return wire.Errorf("AccessDenied", http.StatusForbidden, "Invalid according to Policy: "+format, a...)
}

// parsePostPolicy reads the policy of a form.
func parsePostPolicy(text string) (*postPolicy, error) {
	if text == "" {
		return nil, badPost("Expecting '{' but found End-of-Input")
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, badPost("invalid Base64 encoding.")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, badPost("Invalid JSON.")
	}
	for name := range members {
		if name != "expiration" && name != "conditions" {
			return nil, badPost("Unexpected: %q", name)
		}
	}
	p := &postPolicy{most: -1}
	var expiration *string
	if err := json.Unmarshal(members["expiration"], &expiration); members["expiration"] != nil && err != nil {
		return nil, badPost("Invalid JSON.")
	}
	if expiration == nil {
		return nil, badPost("Policy missing expiration.")
	}
	if p.expires, err = time.Parse(time.RFC3339, *expiration); err != nil {
		return nil, badPost("Invalid 'expiration' value: '%s'", *expiration)
	}
	if members["conditions"] == nil {
		return nil, badPost("Policy missing conditions.")
	}
	var list []json.RawMessage
	if err := json.Unmarshal(members["conditions"], &list); err != nil {
		return nil, badPost("Invalid 'conditions' value: must be a List.")
	}
	for _, c := range list {
		if err := p.addCondition(bytes.TrimSpace(c)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// addCondition reads {"field": "value"} or [operation, ...].
func (p *postPolicy) addCondition(raw json.RawMessage) error {
	switch {
	case len(raw) > 0 && raw[0] == '{':
		var simple map[string]any
		if err := json.Unmarshal(raw, &simple); err != nil {
			return badPost("Invalid JSON.")
		}
		if len(simple) != 1 {
			return badPost("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
		}
		for field, v := range simple {
			value, ok := v.(string)
			if !ok {
				return badPost("Invalid Simple-Condition: value must be a string.")
			}
			p.conditions = append(p.conditions, postCondition{field: strings.ToLower(field), value: value, text: fmt.Sprintf(`["eq", "$%s", %q]`, field, value)})
		}
		return nil
	case len(raw) > 0 && raw[0] == '[':
		return p.addList(raw)
	}
	return badPost("Invalid condition test: must be a List or Object.")
}

func (p *postPolicy) addList(raw json.RawMessage) error {
	var list []any
	if err := json.Unmarshal(raw, &list); err != nil {
		return badPost("Invalid JSON.")
	}
	if len(list) == 0 {
		return badPost("Invalid Condition: missing operation identifier.")
	}
	op, _ := list[0].(string)
	switch lower := strings.ToLower(op); {
	case lower != "eq" && lower != "starts-with" && lower != "content-length-range":
		return badPost("Invalid Condition: unknown operation '%s'.", op)
	case len(list) != 3:
		return badPost("Invalid %s: wrong number of arguments.", op)
	case lower == "content-length-range":
		least, ok1 := list[1].(float64)
		most, ok2 := list[2].(float64)
		if !ok1 || !ok2 {
			return badPost("Invalid JSON.")
		}
		p.least, p.most = int64(least), int64(most)
	default:
		field, ok1 := list[1].(string)
		value, ok2 := list[2].(string)
		if !ok1 || !ok2 {
			return badPost("Invalid JSON.")
		}
		c := postCondition{value: value, prefix: lower == "starts-with", text: fmt.Sprintf("[%q,%q,%q]", op, field, value)}
		if name, ok := strings.CutPrefix(field, "$"); ok {
			c.field = strings.ToLower(name)
		}
		p.conditions = append(p.conditions, c)
	}
	return nil
}

// uncovered are the fields that no condition need name.
var uncovered = []string{"awsaccesskeyid", "signature", "policy", "x-amz-signature", "file"}

// check compares the form with the policy: every condition holds, and every
// field has one. The bucket is a field of its own.
func (p *postPolicy) check(fields map[string]string, bucket string, now time.Time) error {
	if !now.Before(p.expires) {
		return refusedPost("Policy expired.")
	}
	named := map[string]bool{}
	for _, c := range p.conditions {
		have := fields[c.field]
		if c.field == "bucket" {
			have = bucket
		}
		named[c.field] = true
		ok := have == c.value
		if c.prefix {
			ok = c.starts(have)
		}
		if c.field == "" || !ok {
			return refusedPost("Policy Condition failed: %s", c.text)
		}
	}
	var extra []string
	for name := range fields {
		if !named[name] && name != "bucket" && !slices.Contains(uncovered, name) && !strings.HasPrefix(name, "x-ignore-") {
			extra = append(extra, name)
		}
	}
	if !named["bucket"] {
		extra = append(extra, "bucket")
	}
	if len(extra) > 0 {
		return refusedPost("Extra input fields: %s", slices.Min(extra))
	}
	return nil
}

// starts compares a value with a prefix. Several content types, parted by
// commas, must each begin so.
func (c postCondition) starts(have string) bool {
	if c.field != "content-type" {
		return strings.HasPrefix(have, c.value)
	}
	for part := range strings.SplitSeq(have, ",") {
		if !strings.HasPrefix(strings.TrimSpace(part), c.value) {
			return false
		}
	}
	return true
}
