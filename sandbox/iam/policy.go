package iam

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"pawsh/sandbox/policy"
)

func malformed(format string, a ...any) error {
	return fail("MalformedPolicyDocument", http.StatusBadRequest, format, a...)
}

// checkName checks what things are called: policies, groups, roles.
func checkName(what, name string, most int) error {
	if len(name) > most || !nameForm.MatchString(name) {
		return fail("ValidationError", http.StatusBadRequest, "The specified value for %s is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-", what)
	}
	return nil
}

var nameForm = regexp.MustCompile(`^[\w+=,.@-]+$`)

var vendorForm = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// checkDocument refuses what is no policy of an identity.
func checkDocument(text string) error {
	const syntax = "Syntax errors in policy."
	d, err := policy.Parse(text)
	var p *policy.Problem
	if errors.As(err, &p) && p.Kind == policy.BadVersion {
		return malformed("The policy must contain a valid version string")
	}
	if err != nil {
		return malformed(syntax)
	}
	sids := map[string]bool{}
	for _, s := range d.Statements {
		switch {
		case s.Principal != nil || s.NotPrincipal != nil:
			return malformed("Policy document should not specify a principal.")
		case len(s.Action)+len(s.NotAction) == 0:
			return malformed("Policy statement must contain actions.")
		case len(s.Resource)+len(s.NotResource) == 0:
			return malformed("Policy statement must contain resources.")
		case len(s.Action) > 0 && len(s.NotAction) > 0, len(s.Resource) > 0 && len(s.NotResource) > 0:
			return malformed(syntax)
		case s.Sid != "" && sids[s.Sid]:
			return malformed("Statement IDs (SID) in a single policy must be unique.")
		}
		sids[s.Sid] = true
		if err := checkActions(append(s.Action, s.NotAction...)); err != nil {
			return err
		}
		if err := checkResources(append(s.Resource, s.NotResource...)); err != nil {
			return err
		}
	}
	return nil
}

func checkActions(list []string) error {
	for _, a := range list {
		vendor, _, ok := strings.Cut(a, ":")
		switch {
		case a == "*":
		case !ok:
			return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
		case !vendorForm.MatchString(vendor):
			return malformed("Vendor %s is not valid", vendor)
		}
	}
	return nil
}

func checkResources(list []string) error {
	for _, r := range list {
		p := strings.SplitN(r, ":", 6)
		switch {
		case strings.Trim(r, "*") == "", strings.HasPrefix(r, "*"):
		case len(p) < 6 || p[0] != "arn":
			return malformed("Resource %s must be in ARN format or \"*\".", r)
		case p[1] != "aws" && p[1] != "*" && p[1] != "aws-cn" && p[1] != "aws-us-gov":
			return malformed("Partition %q is not valid for resource %q.", p[1], r)
		}
	}
	return nil
}

// checkTrust refuses what is no policy of a role: who may assume it.
func checkTrust(text string) error {
	d, err := policy.Parse(text)
	var p *policy.Problem
	if errors.As(err, &p) {
		switch p.Kind {
		case policy.NotJSON:
			return malformed("This policy contains invalid Json")
		case policy.BadVersion:
			return malformed("The policy must contain a valid version string")
		case policy.NoStatement, policy.Empty:
			return malformed("Could not parse the policy: Statement is empty!")
		case policy.BadEffect:
			if p.Detail == "" {
				return malformed("Missing required field Effect")
			}
			return malformed("Invalid effect: %s", p.Detail)
		case policy.BadPrincipal:
			return malformed("Invalid principal in policy.")
		}
		return malformed("Syntax errors in policy.")
	}
	for _, s := range d.Statements {
		switch {
		case len(s.Resource)+len(s.NotResource) > 0:
			return malformed("Has prohibited field Resource")
		case s.Principal == nil && s.NotPrincipal == nil:
			return malformed("Missing required field Principal")
		case len(s.Action)+len(s.NotAction) == 0:
			return malformed("Missing required field Action")
		}
		for _, a := range append(s.Action, s.NotAction...) {
			if !strings.HasPrefix(strings.ToLower(a), "sts:") {
				return malformed("AssumeRole policy may only specify STS AssumeRole actions.")
			}
		}
	}
	return nil
}

func (c *Cloud) putUserPolicy(ctx context.Context, in *iam.PutUserPolicyInput) (*iam.PutUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	return nil, u.put("user", u.name, in.PolicyName, in.PolicyDocument, maxUserInline)
}

func (c *Cloud) getUserPolicy(ctx context.Context, in *iam.GetUserPolicyInput) (*iam.GetUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	text, err := u.inline("user", in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetUserPolicyOutput{UserName: aws.String(u.name), PolicyName: in.PolicyName, PolicyDocument: encoded(text)}, nil
}

func (c *Cloud) listUserPolicies(ctx context.Context, in *iam.ListUserPoliciesInput) (*iam.ListUserPoliciesOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	names, next, err := page(u.names(), in.Marker, in.MaxItems)
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
	return nil, u.drop("user", in.PolicyName)
}

func (c *Cloud) attachUserPolicy(ctx context.Context, in *iam.AttachUserPolicyInput) (*iam.AttachUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	m, err := c.managed(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	return nil, u.attach("User", m)
}

func (c *Cloud) detachUserPolicy(ctx context.Context, in *iam.DetachUserPolicyInput) (*iam.DetachUserPolicyOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	return nil, u.detach(c.findManaged(aws.ToString(in.PolicyArn)), aws.ToString(in.PolicyArn))
}

func (c *Cloud) listAttachedUserPolicies(ctx context.Context, in *iam.ListAttachedUserPoliciesInput) (*iam.ListAttachedUserPoliciesOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	list, next, err := u.attachedPage(in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListAttachedUserPoliciesOutput{AttachedPolicies: list, Marker: next, IsTruncated: next != nil}, nil
}
