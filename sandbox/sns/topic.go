package sns

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"pawsh/sandbox/wire"
)

// settable are the attributes of a topic that its owner may set.
var settable = []string{"DisplayName", "Policy", "DeliveryPolicy", "KmsMasterKeyId", "SignatureVersion", "TracingConfig"}

func checkTopicAttribute(name string) error {
	if !slices.Contains(settable, name) && name != "FifoTopic" {
		return invalid("AttributeName")
	}
	return nil
}

// getTopicAttributes tells what the topic was given and what it is.
func (c *Cloud) getTopicAttributes(ctx context.Context, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	confirmed := 0
	for _, s := range t.subscriptions {
		if s.token == "" {
			confirmed++
		}
	}
	out := map[string]string{
		"TopicArn": t.arn, "Owner": c.env.AccountID(), "DisplayName": "", "Policy": c.defaultPolicy(t),
		"SubscriptionsConfirmed":  fmt.Sprint(confirmed),
		"SubscriptionsPending":    fmt.Sprint(len(t.subscriptions) - confirmed),
		"SubscriptionsDeleted":    fmt.Sprint(t.deleted),
		"EffectiveDeliveryPolicy": `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false}}`,
	}
	for k, v := range t.attributes {
		out[k] = v
	}
	return &sns.GetTopicAttributesOutput{Attributes: out}, nil
}

// defaultPolicy is the policy of a topic that was given none: its owner's.
func (c *Cloud) defaultPolicy(t *topic) string {
	doc := map[string]any{"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": []any{map[string]any{
		"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": map[string]string{"AWS": "*"},
		"Action": []string{"SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
			"SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"},
		"Resource": t.arn, "Condition": map[string]any{"StringEquals": map[string]string{"AWS:SourceOwner": c.env.AccountID()}},
	}}}
	b, err := json.Marshal(doc)
	if err != nil {
		panic(err) // maps of texts always marshal
	}
	return string(b)
}

func (c *Cloud) setTopicAttributes(ctx context.Context, in *sns.SetTopicAttributesInput) (*sns.SetTopicAttributesOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	name, value := aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue)
	if !slices.Contains(settable, name) {
		return nil, invalid("AttributeName")
	}
	switch name {
	case "Policy", "DeliveryPolicy":
		if value != "" && !json.Valid([]byte(value)) {
			return nil, invalid("%s Reason: %s: Malformed JSON", name, name)
		}
	case "DisplayName":
		if utf8.RuneCountInString(value) > 100 {
			return nil, invalid("DisplayName")
		}
	}
	t.attributes[name] = value
	return nil, nil
}

const maxTags = 50

func checkTags(tags []types.Tag) error {
	if len(tags) > maxTags {
		return wire.Errorf("TagLimitExceeded", http.StatusBadRequest, "Could not complete request: tag quota of per resource exceeded")
	}
	for _, t := range tags {
		k := aws.ToString(t.Key)
		if k == "" || utf8.RuneCountInString(k) > 128 || utf8.RuneCountInString(aws.ToString(t.Value)) > 256 || strings.HasPrefix(strings.ToLower(k), "aws:") {
			return invalid("Tags Reason: Tag keys have 1 to 128 characters and do not begin with aws:, values have at most 256")
		}
	}
	return nil
}

func (c *Cloud) resource(ctx context.Context, arn *string) (*topic, error) {
	t, err := c.topic(ctx, arn)
	if err != nil {
		return nil, wire.Errorf("ResourceNotFound", http.StatusNotFound, "Resource does not exist")
	}
	return t, nil
}

func (c *Cloud) tagResource(ctx context.Context, in *sns.TagResourceInput) (*sns.TagResourceOutput, error) {
	t, err := c.resource(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	tags := slices.Clone(t.tags) // outputs made before share the old slice
	for _, tag := range in.Tags {
		if i := slices.IndexFunc(tags, func(h types.Tag) bool { return *h.Key == *tag.Key }); i >= 0 {
			tags[i] = tag
		} else {
			tags = append(tags, tag)
		}
	}
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	t.tags = tags
	return nil, nil
}

func (c *Cloud) untagResource(ctx context.Context, in *sns.UntagResourceInput) (*sns.UntagResourceOutput, error) {
	t, err := c.resource(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	var left []types.Tag
	for _, tag := range t.tags {
		if !slices.Contains(in.TagKeys, *tag.Key) {
			left = append(left, tag)
		}
	}
	t.tags = left
	return nil, nil
}

func (c *Cloud) listTagsForResource(ctx context.Context, in *sns.ListTagsForResourceInput) (*sns.ListTagsForResourceOutput, error) {
	t, err := c.resource(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &sns.ListTagsForResourceOutput{Tags: t.tags}, nil
}
