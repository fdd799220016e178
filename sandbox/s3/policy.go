package s3

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/policy"
	"pawsh/sandbox/wire"
)

func malformedPolicy(format string, a ...any) error {
	return wire.Errorf("MalformedPolicy", http.StatusBadRequest, format, a...)
}

// policyProblem puts what is wrong with a document into S3's words.
func policyProblem(err error) error {
	var p *policy.Problem
	if !errors.As(err, &p) {
		return err
	}
	switch p.Kind {
	case policy.NotJSON:
		if p.Detail != "" {
			return malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
		}
		return malformedPolicy("This policy contains invalid Json")
	case policy.BadVersion:
		return malformedPolicy("The policy must contain a valid version string")
	case policy.NoStatement:
		return malformedPolicy("Missing required field Statement")
	case policy.Empty:
		return malformedPolicy("Could not parse the policy: Statement is empty!")
	case policy.BadEffect:
		return malformedPolicy("Invalid effect: %s", p.Detail)
	case policy.BadPrincipal:
		return malformedPolicy("Invalid principal in policy")
	case policy.BadCondition:
		return malformedPolicy("Invalid Condition type : %s", p.Detail)
	}
	return malformedPolicy("Invalid policy syntax.")
}

// parsePolicy reads a policy of the bucket and refuses what AWS would.
func (c *Cloud) parsePolicy(text, bucket string) ([]policy.Statement, error) {
	doc, err := policy.Parse(text)
	if err != nil {
		return nil, policyProblem(err)
	}
	for _, s := range doc.Statements {
		if err := c.checkStatement(s, bucket); err != nil {
			return nil, err
		}
	}
	return doc.Statements, nil
}

func (c *Cloud) checkStatement(s policy.Statement, bucket string) error {
	switch {
	case s.Principal == nil && s.NotPrincipal == nil:
		return malformedPolicy("Missing required field Principal")
	case s.Action == nil && s.NotAction == nil:
		return malformedPolicy("Missing required field Action")
	case s.Resource == nil && s.NotResource == nil:
		return malformedPolicy("Missing required field Resource")
	}
	for _, p := range []*policy.Principals{s.Principal, s.NotPrincipal} {
		if p == nil {
			continue
		}
		for _, who := range p.AWS {
			if !c.isPrincipal(who) {
				return malformedPolicy("Invalid principal in policy")
			}
		}
	}
	if err := checkActions(append(s.Action, s.NotAction...)); err != nil {
		return err
	}
	onBucket, onObjects, err := checkResources(append(s.Resource, s.NotResource...), bucket)
	if err != nil {
		return err
	}
	if err := checkConditionKeys(s); err != nil {
		return err
	}
	for _, a := range s.Action {
		if (!onBucket || !anyAction(a, bucketActions)) && (!onObjects || !anyAction(a, objectActions)) {
			return malformedPolicy("Action does not apply to any resource(s) in statement")
		}
	}
	return nil
}

// isPrincipal reports whether somebody of this account goes by that name, or
// somebody might of another.
func (c *Cloud) isPrincipal(who string) bool {
	if len(who) == 12 && strings.Trim(who, "0123456789") == "" {
		return true
	}
	p := strings.SplitN(who, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[1] != "aws" || p[2] != "iam" && p[2] != "sts" || p[3] != "" || len(p[4]) != 12 || strings.Trim(p[4], "0123456789") != "" || p[5] == "" {
		return false
	}
	if p[4] != c.env.AccountID() || c.Identity == nil {
		return true
	}
	return c.Identity.IsPrincipal(who)
}

func checkActions(list []string) error {
	for _, a := range list {
		if a != "*" && !anyAction(a, objectActions) && !anyAction(a, bucketActions) {
			return malformedPolicy("Policy has invalid action")
		}
	}
	if len(list) == 0 {
		return malformedPolicy("Policy has invalid action")
	}
	return nil
}

// checkResources tells whether resources take in the bucket, and its objects.
func checkResources(list []string, bucket string) (onBucket, onObjects bool, err error) {
	for _, r := range list {
		if r == "*" {
			onBucket, onObjects = true, true
			continue
		}
		path, ok := strings.CutPrefix(r, "arn:aws:s3:::")
		name, _, slash := strings.Cut(path, "/")
		if !ok || !matchOne(name, bucket) {
			return false, false, malformedPolicy("Policy has invalid resource")
		}
		onBucket = onBucket || !slash
		onObjects = onObjects || slash || strings.HasSuffix(name, "*")
	}
	if len(list) == 0 {
		return false, false, malformedPolicy("Policy has invalid resource")
	}
	return onBucket, onObjects, nil
}

// checkConditionKeys refuses conditions on keys that there are none of, and
// on those that say nothing of the actions beside them.
func checkConditionKeys(s policy.Statement) error {
	for _, keys := range s.Condition {
		for key, values := range keys {
			lower := strings.ToLower(key)
			actions, known := conditionKeys[lower]
			if head, _, ok := strings.Cut(lower, "/"); ok && !known {
				actions, known = conditionKeys[head+"/"]
			}
			if !known {
				return malformedPolicy("Policy has an invalid condition key")
			}
			for _, a := range s.Action {
				if actions != nil && !anyAction(a, actions) {
					return malformedPolicy("Conditions do not apply to combination of actions and resources in statement")
				}
			}
			if lower != "aws:sourceip" {
				continue
			}
			for _, v := range values {
				if !policy.ValidNet(v) {
					return malformedPolicy("Invalid IP address in Conditions")
				}
			}
		}
	}
	return nil
}

// includes reports whether the caller is one of p.
func includes(p *policy.Principals, c wire.Caller) bool {
	if p.All {
		return true
	}
	if c.Anonymous() {
		return false
	}
	for _, who := range p.AWS {
		if who == c.UserARN || who == policy.PrincipalARN(c) || who == c.AccountID || who == "arn:aws:iam::"+c.AccountID+":root" {
			return true
		}
	}
	for _, who := range p.Canonical {
		if who == canonicalID(c.AccountID) {
			return true
		}
	}
	return false
}

// judge asks the bucket's policy about a request. direct is an Allow that
// names the caller or everybody, not just the caller's account.
func (q *call) judge(b *bucket, action, resource string, f policy.Facts) (deny, allow, direct bool) {
	for i := range b.statements {
		s := &b.statements[i]
		switch {
		case s.Principal != nil && !includes(s.Principal, q.caller),
			s.NotPrincipal != nil && includes(s.NotPrincipal, q.caller),
			!s.Covers(action, resource, f):
			continue
		}
		if s.Effect == "Deny" {
			deny = true
			continue
		}
		allow = true
		direct = direct || s.NotPrincipal != nil || s.Principal.All || includesSelf(s.Principal, q.caller)
	}
	return deny, allow, direct
}

// includesSelf reports whether p names the caller, and not his account alone.
func includesSelf(p *policy.Principals, c wire.Caller) bool {
	for _, who := range p.AWS {
		if !c.Anonymous() && (who == c.UserARN || who == policy.PrincipalARN(c)) {
			return true
		}
	}
	return false
}

// facts are what conditions may ask of the request, v is the object it is
// about, where there is one.
func (q *call) facts(v *version) policy.Facts {
	r := wire.Request(q.ctx)
	return policy.Request(q.ctx, q.now, func(key string) []string {
		if name, ok := strings.CutPrefix(key, "s3:existingobjecttag/"); ok && v != nil {
			return tagValue(v.tags, name)
		}
		if r == nil {
			return nil
		}
		if name, ok := strings.CutPrefix(key, "s3:requestobjecttag/"); ok {
			tags, err := parseTagging(aws.String(r.Header.Get("X-Amz-Tagging")))
			if err != nil {
				return nil
			}
			return tagValue(tags, name)
		}
		switch key {
		case "s3:prefix", "s3:delimiter", "s3:max-keys":
			if name := strings.TrimPrefix(key, "s3:"); r.URL.Query().Has(name) {
				return r.URL.Query()[name]
			}
		case "s3:versionid":
			if r.URL.Query().Has("versionId") {
				return r.URL.Query()["versionId"]
			}
		case "s3:signatureversion", "s3:authtype", "s3:signatureage":
			return q.signatureFact(key, r)
		case "s3:resourceaccount":
			if q.bucket != nil {
				return []string{q.bucket.account}
			}
		case "s3:locationconstraint":
			return nil
		}
		if name, ok := strings.CutPrefix(key, "s3:x-amz-"); ok && r.Header.Get("X-Amz-"+name) != "" {
			return []string{r.Header.Get("X-Amz-" + name)}
		}
		return nil
	})
}

func (q *call) signatureFact(key string, r *http.Request) []string {
	query, header := r.URL.Query(), r.Header.Get("Authorization")
	v4, kind := strings.HasPrefix(header, "AWS4"), "REST-HEADER"
	if header == "" {
		v4, kind = query.Has("X-Amz-Signature"), "REST-QUERY-STRING"
	}
	switch {
	case q.caller.Anonymous():
	case key == "s3:authtype":
		return []string{kind}
	case key == "s3:signatureversion" && v4:
		return []string{"AWS4-HMAC-SHA256"}
	case key == "s3:signatureversion":
		return []string{"AWS"}
	}
	return nil
}

func tagValue(tags []types.Tag, name string) []string {
	for _, t := range tags {
		if strings.EqualFold(aws.ToString(t.Key), name) {
			return []string{aws.ToString(t.Value)}
		}
	}
	return nil
}

func putBucketPolicy(q *call, in *s3.PutBucketPolicyInput) (*s3.PutBucketPolicyOutput, error) {
	text := aws.ToString(in.Policy)
	statements, err := q.c.parsePolicy(text, q.bucket.name)
	if err != nil {
		return nil, err
	}
	if block, ok := q.bucket.configs[kindPublicAccess].(*types.PublicAccessBlockConfiguration); ok && aws.ToBool(block.BlockPublicPolicy) && public(statements) {
		return nil, denied()
	}
	q.bucket.policy, q.bucket.statements = text, statements
	return nil, nil
}

// public reports whether a policy lets everybody do something, whatever the
// request is.
func public(statements []policy.Statement) bool {
	for _, s := range statements {
		if s.Effect == "Allow" && s.Principal != nil && s.Principal.All && len(s.Condition) == 0 {
			return true
		}
	}
	return false
}

func noPolicy(b *bucket) error {
	return wire.Errorf("NoSuchBucketPolicy", http.StatusNotFound, "The bucket policy does not exist").With("BucketName", b.name)
}

func getBucketPolicy(q *call, _ *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
	if q.bucket.policy == "" {
		return nil, noPolicy(q.bucket)
	}
	return &s3.GetBucketPolicyOutput{Policy: aws.String(q.bucket.policy)}, nil
}

func getBucketPolicyStatus(q *call, _ *s3.GetBucketPolicyStatusInput) (*s3.GetBucketPolicyStatusOutput, error) {
	if q.bucket.policy == "" {
		return nil, noPolicy(q.bucket)
	}
	return &s3.GetBucketPolicyStatusOutput{PolicyStatus: &types.PolicyStatus{IsPublic: aws.Bool(public(q.bucket.statements))}}, nil
}

func deleteBucketPolicy(q *call, _ *s3.DeleteBucketPolicyInput) (*s3.DeleteBucketPolicyOutput, error) {
	q.bucket.policy, q.bucket.statements = "", nil
	return nil, nil
}

// Identity judges by the policies of who asks: IAM.
type Identity interface {
	// Judge says whether the caller's own policies let him do action upon
	// resource, by the facts of his request.
	Judge(ctx context.Context, caller wire.Caller, action, resource string, f policy.Facts) policy.Verdict
	// CheckMFA reports whether code is what the caller's MFA device shows.
	CheckMFA(caller wire.Caller, serial, code string) bool
	// IsPrincipal reports whether the account has a user or role of that ARN.
	IsPrincipal(arn string) bool
}

// refusal names who may not do what, as AWS does within an account.
func refusal(c wire.Caller, action, resource, why string) error {
	return wire.Errorf("AccessDenied", http.StatusForbidden, "User: %s is not authorized to perform: %s on resource: %s %s", c.UserARN, action, fmt.Sprintf("%q", resource), why)
}
