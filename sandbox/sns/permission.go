package sns

import (
	"context"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"pawsh/sandbox/policy"
)

// shareable are the actions that a topic's owner can let others do.
var shareable = []string{"GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish", "Receive"}

var accountForm = regexp.MustCompile(`^[0-9]{12}$`)

// policyOf is the topic's policy, or the one it has while it was given none.
func (c *Cloud) policyOf(t *topic) string {
	if p := t.attributes["Policy"]; p != "" {
		return p
	}
	return c.defaultPolicy(t)
}

// addPermission makes a statement of the topic's policy.
func (c *Cloud) addPermission(ctx context.Context, in *sns.AddPermissionInput) (*sns.AddPermissionOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	switch {
	case aws.ToString(in.Label) == "":
		return nil, invalid("Label Reason: no value for required parameter")
	case len(in.AWSAccountId) == 0:
		return nil, invalid("AWSAccountId Reason: no value for required parameter")
	case len(in.ActionName) == 0:
		return nil, invalid("ActionName Reason: no value for required parameter")
	}
	p := policy.Permission{Label: *in.Label, Accounts: in.AWSAccountId, Resource: t.arn}
	for _, a := range in.AWSAccountId {
		if !accountForm.MatchString(a) {
			return nil, invalid("AWSAccountId Reason: %s is no account", a)
		}
	}
	for _, a := range in.ActionName {
		if !slices.Contains(shareable, a) {
			return nil, invalid("Policy statement action out of service scope!")
		}
		p.Actions = append(p.Actions, "SNS:"+a)
	}
	if found, _ := policy.Has(c.policyOf(t), p.Label); found {
		return nil, invalid("Statement already exists")
	}
	text, err := policy.Grant(c.policyOf(t), "", p)
	if err != nil {
		return nil, invalid("Policy Reason: Policy: Malformed JSON")
	}
	t.attributes["Policy"] = text
	return nil, nil
}

// removePermission takes the statement of that label away; none is no error.
func (c *Cloud) removePermission(ctx context.Context, in *sns.RemovePermissionInput) (*sns.RemovePermissionOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.Label) == "" {
		return nil, invalid("Label Reason: no value for required parameter")
	}
	if found, _ := policy.Has(c.policyOf(t), *in.Label); !found {
		return nil, nil
	}
	text, err := policy.Revoke(c.policyOf(t), *in.Label)
	if err != nil {
		return nil, invalid("Policy Reason: Policy: Malformed JSON")
	}
	if t.attributes["Policy"] = text; text == "" {
		delete(t.attributes, "Policy") // its owner's again
	}
	return nil, nil
}
