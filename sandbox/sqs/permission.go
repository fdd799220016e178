package sqs

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/sandbox/policy"
	"pawsh/sandbox/wire"
)

// AWS's bounds on permissions.
const (
	maxActions    = 7
	maxStatements = 20
)

// shareable are the actions that a queue's owner can let others do.
var shareable = strings.Fields("* ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues PurgeQueue ReceiveMessage SendMessage")

// ownersOnly are those that the owner alone does.
var ownersOnly = strings.Fields("AddPermission CreateQueue DeleteQueue ListQueueTags ListQueues RemovePermission SetQueueAttributes TagQueue UntagQueue")

var accountForm = regexp.MustCompile(`^[0-9]{12}$`)

func checkLabel(label *string) error {
	switch {
	case aws.ToString(label) == "":
		return missing("Label")
	case !nameForm.MatchString(*label):
		return badValue(*label, "Label", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.")
	}
	return nil
}

// addPermission makes a statement of the queue's policy.
func (c *Cloud) addPermission(ctx context.Context, in *sqs.AddPermissionInput) (*sqs.AddPermissionOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkLabel(in.Label); err != nil {
		return nil, err
	}
	switch {
	case len(in.AWSAccountIds) == 0:
		return nil, missing("AWSAccountId")
	case len(in.Actions) == 0:
		return nil, missing("ActionName")
	case len(in.Actions) > maxActions:
		return nil, overLimit(len(in.Actions), "Actions", maxActions)
	}
	p := policy.Permission{Label: *in.Label, Accounts: in.AWSAccountIds, Resource: q.arn}
	for _, a := range in.AWSAccountIds {
		if !accountForm.MatchString(a) {
			return nil, badValue("["+a+"]", "PrincipalId", "Unable to verify.")
		}
	}
	for _, a := range in.Actions {
		switch {
		case slices.Contains(ownersOnly, a):
			return nil, badValue("SQS:"+a, "ActionName", "Only the queue owner is allowed to invoke this action.")
		case !slices.Contains(shareable, a):
			return nil, badValue("SQS:"+a, "ActionName", "Please refer to the appropriate WSDL for a list of valid actions.")
		}
		p.Actions = append(p.Actions, "SQS:"+a)
	}
	switch found, n := policy.Has(q.settings.policy, p.Label); {
	case found:
		return nil, badValue(p.Label, "Label", "Already exists.")
	case n >= maxStatements:
		return nil, overLimit(n+1, "Statements", maxStatements)
	}
	text, err := policy.Grant(q.settings.policy, q.arn+"/SQSDefaultPolicy", p)
	if err != nil {
		return nil, fail("InvalidAttributeValue", "Invalid value for the parameter Policy.")
	}
	q.settings.policy, q.modified = text, c.env.Now()
	return nil, nil
}

// removePermission takes the statement of that label away.
func (c *Cloud) removePermission(ctx context.Context, in *sqs.RemovePermissionInput) (*sqs.RemovePermissionOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkLabel(in.Label); err != nil {
		return nil, err
	}
	if found, _ := policy.Has(q.settings.policy, *in.Label); !found {
		return nil, badValue(*in.Label, "Label", "can't find label on existing policy.")
	}
	text, err := policy.Revoke(q.settings.policy, *in.Label)
	if err != nil {
		return nil, fail("InvalidAttributeValue", "Invalid value for the parameter Policy.")
	}
	q.settings.policy, q.modified = text, c.env.Now()
	return nil, nil
}

func overLimit(n int, what string, most int) error {
	return wire.Errorf("OverLimit", http.StatusForbidden, "%d %s were found, maximum allowed is %d.", n, what, most)
}
