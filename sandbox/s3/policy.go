package s3

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

// statement is one statement of a bucket policy.
type statement struct {
	Effect       string
	Principal    principals
	NotPrincipal principals
	Action       oneOrMore
	NotAction    oneOrMore
	Resource     oneOrMore
	NotResource  oneOrMore
	Condition    map[string]map[string]oneOrMore
}

// oneOrMore is a text or a list of texts, as policies have it.
type oneOrMore []string

// UnmarshalJSON takes a text, a boolean or number as its text, or a list.
func (o *oneOrMore) UnmarshalJSON(b []byte) error {
	var list []any
	if json.Unmarshal(b, &list) != nil {
		var single any
		if err := json.Unmarshal(b, &single); err != nil {
			return err
		}
		list = []any{single}
	}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			*o = append(*o, v)
		case bool, float64:
			*o = append(*o, fmt.Sprint(v))
		default:
			return fmt.Errorf("neither a text nor a list of texts")
		}
	}
	return nil
}

// principals are whom a statement is about.
type principals struct {
	all bool
	aws []string
	set bool
}

// UnmarshalJSON takes "*" or an object of lists by kind.
func (p *principals) UnmarshalJSON(b []byte) error {
	p.set = true
	var text string
	if json.Unmarshal(b, &text) == nil {
		p.all = text == "*"
		if !p.all {
			return fmt.Errorf("invalid principal in policy")
		}
		return nil
	}
	var byKind map[string]oneOrMore
	if err := json.Unmarshal(b, &byKind); err != nil {
		return err
	}
	for kind, list := range byKind {
		switch kind {
		case "AWS":
			for _, who := range list {
				if who == "*" {
					p.all = true
				} else {
					p.aws = append(p.aws, who)
				}
			}
		case "Service", "Federated", "CanonicalUser":
			if kind == "CanonicalUser" {
				p.aws = append(p.aws, list...)
			}
		default:
			return fmt.Errorf("invalid principal in policy")
		}
	}
	return nil
}

// includes reports whether the caller is one of p.
func (p principals) includes(c wire.Caller) bool {
	if p.all {
		return true
	}
	if c.Anonymous() {
		return false
	}
	for _, who := range p.aws {
		if who == c.UserARN || who == c.AccountID || who == "arn:aws:iam::"+c.AccountID+":root" || who == canonicalID(c.AccountID) {
			return true
		}
	}
	return false
}

func malformedPolicy(text string) error {
	return wire.Errorf("MalformedPolicy", http.StatusBadRequest, "%s", text)
}

// parsePolicy reads a policy of the bucket and refuses what AWS would.
func parsePolicy(text, bucket string) ([]statement, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return nil, malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	var doc struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, malformedPolicy("This policy contains invalid Json")
	}
	if doc.Version != "" && doc.Version != "2012-10-17" && doc.Version != "2008-10-17" {
		return nil, malformedPolicy("The policy must contain a valid version string")
	}
	var list []statement
	if len(doc.Statement) == 0 {
		return nil, malformedPolicy("Missing required field Statement")
	}
	if json.Unmarshal(doc.Statement, &list) != nil {
		var single statement
		if err := json.Unmarshal(doc.Statement, &single); err != nil {
			return nil, malformedPolicy("Invalid policy syntax.")
		}
		list = []statement{single}
	}
	for _, s := range list {
		switch {
		case s.Effect != "Allow" && s.Effect != "Deny":
			return nil, malformedPolicy("Invalid effect: " + s.Effect)
		case !s.Principal.set && !s.NotPrincipal.set:
			return nil, malformedPolicy("Missing required field Principal")
		case len(s.Action)+len(s.NotAction) == 0:
			return nil, malformedPolicy("Missing required field Action")
		case len(s.Resource)+len(s.NotResource) == 0:
			return nil, malformedPolicy("Missing required field Resource")
		}
		for _, a := range append(s.Action, s.NotAction...) {
			if a != "*" && !strings.HasPrefix(strings.ToLower(a), "s3:") {
				return nil, malformedPolicy("Policy has invalid action")
			}
		}
		for _, r := range append(s.Resource, s.NotResource...) {
			name, _, _ := strings.Cut(strings.TrimPrefix(r, "arn:aws:s3:::"), "/")
			if r != "*" && (!strings.HasPrefix(r, "arn:aws:s3:::") || !core.Match(name, bucket)) {
				return nil, malformedPolicy("Policy has invalid resource")
			}
		}
		for op := range s.Condition {
			if conditions[strings.TrimSuffix(op, "IfExists")] == nil {
				return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "The policy condition %s is not implemented", op)
			}
		}
	}
	return list, nil
}

// judge asks the bucket's policy about a request.
func (q *call) judge(b *bucket, action, resource string) (deny, allow bool) {
	for _, s := range b.statements {
		switch {
		case s.Principal.set && !s.Principal.includes(q.caller),
			s.NotPrincipal.set && s.NotPrincipal.includes(q.caller),
			len(s.Action) > 0 && !anyFold(s.Action, action),
			len(s.NotAction) > 0 && anyFold(s.NotAction, action),
			len(s.Resource) > 0 && !anyMatch(s.Resource, resource),
			len(s.NotResource) > 0 && anyMatch(s.NotResource, resource),
			!q.meets(s.Condition):
			continue
		}
		if s.Effect == "Deny" {
			deny = true
		} else {
			allow = true
		}
	}
	return deny, allow
}

func anyMatch(patterns []string, s string) bool {
	for _, p := range patterns {
		if core.Match(p, s) {
			return true
		}
	}
	return false
}

func anyFold(patterns []string, s string) bool {
	for _, p := range patterns {
		if core.Match(strings.ToLower(p), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// conditions are the operators that are built: how a value of the request
// compares with those of the policy.
var conditions = map[string]func(want []string, have string) bool{
	"StringEquals":    contains,
	"StringNotEquals": func(w []string, h string) bool { return !contains(w, h) },
	"StringLike":      anyMatch,
	"StringNotLike":   func(w []string, h string) bool { return !anyMatch(w, h) },
	"Bool":            contains,
	"IpAddress":       inNets,
	"NotIpAddress":    func(w []string, h string) bool { return !inNets(w, h) },
	"Null":            func(w []string, h string) bool { return contains(w, fmt.Sprint(h == "")) },
}

func contains(want []string, have string) bool {
	for _, w := range want {
		if w == have {
			return true
		}
	}
	return false
}

func inNets(nets []string, ip string) bool {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	for _, n := range nets {
		if p, err := netip.ParsePrefix(n); err == nil && p.Contains(a) || n == ip {
			return true
		}
	}
	return false
}

// meets reports whether the request is what all conditions ask for. A key
// that the request has no value for meets the negative operators only.
func (q *call) meets(want map[string]map[string]oneOrMore) bool {
	for op, keys := range want {
		test := conditions[strings.TrimSuffix(op, "IfExists")]
		for key, values := range keys {
			have, ok := q.fact(key)
			switch {
			case op == "Null":
			case !ok && strings.HasSuffix(op, "IfExists"), !ok && strings.Contains(op, "Not"):
				continue
			case !ok:
				return false
			}
			if !test(values, have) {
				return false
			}
		}
	}
	return true
}

// fact gives what a condition key says of the request.
func (q *call) fact(key string) (string, bool) {
	r := wire.Request(q.ctx)
	switch key = strings.ToLower(key); key {
	case "aws:principalaccount":
		return q.caller.AccountID, !q.caller.Anonymous()
	case "aws:principalarn":
		return q.caller.UserARN, !q.caller.Anonymous()
	case "aws:username":
		return q.caller.UserName, q.caller.UserName != ""
	case "aws:securetransport":
		return fmt.Sprint(r != nil && r.TLS != nil), true
	}
	if r == nil {
		return "", false
	}
	switch key {
	case "aws:sourceip":
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		return host, err == nil
	case "aws:useragent":
		return r.UserAgent(), r.UserAgent() != ""
	case "aws:referer":
		return r.Referer(), r.Referer() != ""
	case "s3:prefix", "s3:delimiter", "s3:max-keys", "s3:versionid":
		name := map[string]string{"s3:versionid": "versionId"}[key]
		if name == "" {
			name = strings.TrimPrefix(key, "s3:")
		}
		return r.URL.Query().Get(name), r.URL.Query().Has(name)
	}
	if name, ok := strings.CutPrefix(key, "s3:x-amz-"); ok {
		v := r.Header.Get("X-Amz-" + name)
		return v, v != ""
	}
	return "", false
}

func putBucketPolicy(q *call, in *s3.PutBucketPolicyInput) (*s3.PutBucketPolicyOutput, error) {
	text := aws.ToString(in.Policy)
	statements, err := parsePolicy(text, q.bucket.name)
	if err != nil {
		return nil, err
	}
	if block, ok := q.bucket.configs[kindPublicAccess].(*types.PublicAccessBlockConfiguration); ok && aws.ToBool(block.BlockPublicPolicy) {
		for _, s := range statements {
			if s.Effect == "Allow" && s.Principal.all && len(s.Condition) == 0 {
				return nil, denied()
			}
		}
	}
	q.bucket.policy, q.bucket.statements = text, statements
	return nil, nil
}

func getBucketPolicy(q *call, _ *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
	if q.bucket.policy == "" {
		return nil, wire.Errorf("NoSuchBucketPolicy", http.StatusNotFound, "The bucket policy does not exist").With("BucketName", q.bucket.name)
	}
	return &s3.GetBucketPolicyOutput{Policy: aws.String(q.bucket.policy)}, nil
}

func deleteBucketPolicy(q *call, _ *s3.DeleteBucketPolicyInput) (*s3.DeleteBucketPolicyOutput, error) {
	q.bucket.policy, q.bucket.statements = "", nil
	return nil, nil
}
