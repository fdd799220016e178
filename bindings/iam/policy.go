package iam

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// Policy is a policy of its own, that can be attached to users.
type Policy struct {
	PolicyName       string
	PolicyID         string
	ARN              string
	Path             string
	Description      string
	DefaultVersionID string
	AttachmentCount  int
	CreateDate       time.Time
	UpdateDate       time.Time
	Connection       *Connection
	Raw              types.Policy
}

// String prints the policy by name.
func (p *Policy) String() string { return "Policy:" + p.PolicyName }

func (c *Connection) policy(raw types.Policy) *Policy {
	return &Policy{
		PolicyName: aws.ToString(raw.PolicyName), PolicyID: aws.ToString(raw.PolicyId), ARN: aws.ToString(raw.Arn), Path: aws.ToString(raw.Path),
		Description: aws.ToString(raw.Description), DefaultVersionID: aws.ToString(raw.DefaultVersionId), AttachmentCount: int(aws.ToInt32(raw.AttachmentCount)),
		CreateDate: aws.ToTime(raw.CreateDate), UpdateDate: aws.ToTime(raw.UpdateDate), Connection: c, Raw: raw,
	}
}

// CreatePolicy makes a policy of JSON, with a description if it is given:
// CreatePolicy (boto: create_policy). Codes EntityAlreadyExists,
// MalformedPolicyDocument.
//
// Example: iam.CreatePolicy("write", document, "writes to the bucket")
func (c *Connection) CreatePolicy(policyName, policyDocument string, description ...string) (*Policy, error) {
	in := &sdk.CreatePolicyInput{PolicyName: aws.String(policyName), PolicyDocument: aws.String(policyDocument)}
	if len(description) > 0 {
		in.Description = optional(description[0])
	}
	out, err := c.Client.CreatePolicy(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("create policy %q: %w", policyName, err)
	}
	return c.policy(*out.Policy), nil
}

// GetPolicy gives a policy by its ARN: GetPolicy (boto: get_policy). Code
// NoSuchEntity.
//
// Example: iam.GetPolicy(policy.ARN)
func (c *Connection) GetPolicy(policyARN string) (*Policy, error) {
	out, err := c.Client.GetPolicy(c.ctx(), &sdk.GetPolicyInput{PolicyArn: aws.String(policyARN)})
	if err != nil {
		return nil, fmt.Errorf("get policy %s: %w", policyARN, err)
	}
	return c.policy(*out.Policy), nil
}

// ListPolicies lists the account's own policies, or of scope "AWS" those that
// AWS keeps, or "All": ListPolicies, all pages (boto: list_policies).
//
// Example: iam.ListPolicies("Local")
func (c *Connection) ListPolicies(scope ...string) ([]*Policy, error) {
	in := &sdk.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}
	if len(scope) > 0 {
		in.Scope = types.PolicyScopeType(scope[0])
	}
	list := []*Policy{}
	for p := sdk.NewListPoliciesPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("list policies: %w", err)
		}
		for _, raw := range page.Policies {
			list = append(list, c.policy(raw))
		}
	}
	return list, nil
}

// DeletePolicy removes a policy that nothing has: DeletePolicy
// (boto: delete_policy). Codes NoSuchEntity, DeleteConflict.
//
// Example: iam.DeletePolicy(policy.ARN)
func (c *Connection) DeletePolicy(policyARN string) (bool, error) {
	if _, err := c.Client.DeletePolicy(c.ctx(), &sdk.DeletePolicyInput{PolicyArn: aws.String(policyARN)}); err != nil {
		return false, fmt.Errorf("delete policy %s: %w", policyARN, err)
	}
	return true, nil
}

// PutGroupPolicy writes a policy, as JSON, into a group: PutGroupPolicy
// (boto: put_group_policy). Codes NoSuchEntity, MalformedPolicyDocument.
//
// Example: iam.PutGroupPolicy("staff", "read", document)
func (c *Connection) PutGroupPolicy(groupName, policyName, policyJSON string) (bool, error) {
	_, err := c.Client.PutGroupPolicy(c.ctx(), &sdk.PutGroupPolicyInput{
		GroupName: aws.String(groupName), PolicyName: aws.String(policyName), PolicyDocument: aws.String(policyJSON),
	})
	if err != nil {
		return false, fmt.Errorf("put policy %q of group %q: %w", policyName, groupName, err)
	}
	return true, nil
}

// GetGroupPolicy gives the JSON of a policy of a group: GetGroupPolicy
// (boto: get_group_policy). Code NoSuchEntity.
//
// Example: iam.PutGroupPolicy("staff", "read", document); iam.GetGroupPolicy("staff", "read")
func (c *Connection) GetGroupPolicy(groupName, policyName string) (string, error) {
	out, err := c.Client.GetGroupPolicy(c.ctx(), &sdk.GetGroupPolicyInput{GroupName: aws.String(groupName), PolicyName: aws.String(policyName)})
	if err != nil {
		return "", fmt.Errorf("get policy %q of group %q: %w", policyName, groupName, err)
	}
	return document(out.PolicyDocument), nil
}

// GetAllGroupPolicies lists the names of a group's policies:
// ListGroupPolicies, all pages (boto: get_all_group_policies).
//
// Example: iam.GetAllGroupPolicies("staff")
func (c *Connection) GetAllGroupPolicies(groupName string) ([]string, error) {
	list := []string{}
	for p := sdk.NewListGroupPoliciesPaginator(c.Client, &sdk.ListGroupPoliciesInput{GroupName: aws.String(groupName)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all policies of group %q: %w", groupName, err)
		}
		list = append(list, page.PolicyNames...)
	}
	return list, nil
}

// DeleteGroupPolicy removes a policy from a group: DeleteGroupPolicy
// (boto: delete_group_policy). Code NoSuchEntity.
//
// Example: iam.PutGroupPolicy("staff", "read", document); iam.DeleteGroupPolicy("staff", "read")
func (c *Connection) DeleteGroupPolicy(groupName, policyName string) (bool, error) {
	if _, err := c.Client.DeleteGroupPolicy(c.ctx(), &sdk.DeleteGroupPolicyInput{GroupName: aws.String(groupName), PolicyName: aws.String(policyName)}); err != nil {
		return false, fmt.Errorf("delete policy %q of group %q: %w", policyName, groupName, err)
	}
	return true, nil
}
