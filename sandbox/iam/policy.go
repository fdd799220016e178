package iam

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// policy is one inline policy of a user: its text, and what it says.
type policy struct {
	text       string
	statements []statement
}

// AWS's bounds on inline policies.
const maxPolicies = 2048 // characters of all of a user's, white space apart

var policyForm = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

func malformed(text string) error {
	return fail("MalformedPolicyDocument", http.StatusBadRequest, "%s", text)
}

// statement is one statement of a policy.
type statement struct {
	Effect                  string
	Action, NotAction       texts
	Resource, NotResource   texts
	Principal, NotPrincipal json.RawMessage
	Condition               map[string]json.RawMessage
}

// texts is a text or a list of texts, as policies have it.
type texts []string

// UnmarshalJSON takes either form.
func (t *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// parsePolicy reads a document and refuses one that is no policy.
func parsePolicy(text string) ([]statement, error) {
	var doc struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, malformed("Syntax errors in policy.")
	}
	if doc.Version != "" && doc.Version != "2012-10-17" && doc.Version != "2008-10-17" {
		return nil, malformed("The policy must contain a valid version string")
	}
	var list []statement
	if json.Unmarshal(doc.Statement, &list) != nil {
		var single statement
		if json.Unmarshal(doc.Statement, &single) != nil {
			return nil, malformed("Syntax errors in policy.")
		}
		list = []statement{single}
	}
	if len(list) == 0 {
		return nil, malformed("Syntax errors in policy.")
	}
	for _, s := range list {
		switch {
		case s.Effect != "Allow" && s.Effect != "Deny":
			return nil, malformed("Syntax errors in policy.")
		case s.Principal != nil || s.NotPrincipal != nil:
			return nil, malformed("Policy document should not specify a principal.")
		case len(s.Action)+len(s.NotAction) == 0:
			return nil, malformed("Policy statement must contain actions.")
		case len(s.Resource)+len(s.NotResource) == 0:
			return nil, malformed("Policy statement must contain resources.")
		}
	}
	return list, nil
}

func (c *Cloud) putUserPolicy(ctx context.Context, in *iam.PutUserPolicyInput) (*iam.PutUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	name, text := aws.ToString(in.PolicyName), aws.ToString(in.PolicyDocument)
	if !policyForm.MatchString(name) {
		return nil, fail("ValidationError", http.StatusBadRequest, "The specified value for policyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
	statements, err := parsePolicy(text)
	if err != nil {
		return nil, err
	}
	size := len(strings.Join(strings.Fields(text), ""))
	for n, p := range u.policies {
		if n != name {
			size += len(strings.Join(strings.Fields(p.text), ""))
		}
	}
	if size > maxPolicies {
		return nil, fail("LimitExceeded", http.StatusConflict, "Maximum policy size of %d bytes exceeded for user %s", maxPolicies, u.name)
	}
	u.policies[name] = policy{text, statements}
	return nil, nil
}

func noPolicy(name string) error {
	return fail("NoSuchEntity", http.StatusNotFound, "The user policy with name %s cannot be found.", name)
}

// getUserPolicy gives the document percent-encoded, as IAM always has.
func (c *Cloud) getUserPolicy(ctx context.Context, in *iam.GetUserPolicyInput) (*iam.GetUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	p, ok := u.policies[aws.ToString(in.PolicyName)]
	if !ok {
		return nil, noPolicy(aws.ToString(in.PolicyName))
	}
	return &iam.GetUserPolicyOutput{UserName: aws.String(u.name), PolicyName: in.PolicyName, PolicyDocument: aws.String(strings.ReplaceAll(url.QueryEscape(p.text), "+", "%20"))}, nil
}

func (c *Cloud) listUserPolicies(ctx context.Context, in *iam.ListUserPoliciesInput) (*iam.ListUserPoliciesOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	names, next, err := page(slices.Sorted(maps.Keys(u.policies)), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListUserPoliciesOutput{PolicyNames: names, Marker: next, IsTruncated: next != nil}, nil
}

func (c *Cloud) deleteUserPolicy(ctx context.Context, in *iam.DeleteUserPolicyInput) (*iam.DeleteUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	if _, ok := u.policies[aws.ToString(in.PolicyName)]; !ok {
		return nil, noPolicy(aws.ToString(in.PolicyName))
	}
	delete(u.policies, *in.PolicyName)
	return nil, nil
}
