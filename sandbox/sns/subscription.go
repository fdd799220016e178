package sns

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"pawsh/sandbox/wire"
)

var (
	phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 -]{4,20}$`)
	queueForm = regexp.MustCompile(`^arn:aws:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}$`)
)

const pending = "pending confirmation"

func (s *subscription) arn(t *topic) string { return t.arn + ":" + s.id }

// shownARN is what lists call a subscription: not its ARN before it is confirmed.
func (s *subscription) shownARN(t *topic) string {
	if s.token != "" {
		return "PendingConfirmation"
	}
	return s.arn(t)
}

// checkEndpoint refuses what a protocol can't be sent to.
func checkEndpoint(protocol, endpoint string) error {
	switch protocol {
	case "email", "email-json":
		if a, err := mail.ParseAddress(endpoint); err != nil || a.Address != endpoint {
			return invalid("Endpoint Reason: Invalid email endpoint")
		}
	case "sms":
		if !phoneForm.MatchString(endpoint) {
			return invalid("Endpoint Reason: Invalid SMS endpoint: %s", endpoint)
		}
	case "sqs":
		if !queueForm.MatchString(endpoint) {
			return invalid("Endpoint Reason: SQS endpoint ARN")
		}
	case "http", "https":
		return checkListener(protocol, endpoint)
	case "lambda", "application", "firehose":
		return notBuilt("Subscribe with the protocol " + protocol)
	default:
		return invalid("Protocol Reason: Does not support this protocol: %s", protocol)
	}
	return nil
}

// subscribe adds a subscription, or finds the one that is there. One to an
// e-mail address waits until who reads it confirms.
func (c *Cloud) subscribe(ctx context.Context, in *sns.SubscribeInput) (*sns.SubscribeOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	protocol, endpoint := aws.ToString(in.Protocol), aws.ToString(in.Endpoint)
	if err := checkEndpoint(protocol, endpoint); err != nil {
		return nil, err
	}
	for k, v := range in.Attributes {
		if err := checkSubscriptionAttribute(k, v); err != nil {
			return nil, err
		}
	}
	i := slices.IndexFunc(t.subscriptions, func(s *subscription) bool { return s.protocol == protocol && s.endpoint == endpoint })
	var s *subscription
	if i >= 0 {
		s = t.subscriptions[i]
		for k, v := range in.Attributes {
			if s.attributes[k] != v {
				return nil, invalid("Attributes Reason: Subscription already exists with different attributes")
			}
		}
	} else {
		s = &subscription{id: c.env.UUID(), protocol: protocol, endpoint: endpoint, attributes: map[string]string{}}
		for k, v := range in.Attributes {
			s.attributes[k] = v
		}
		if strings.HasPrefix(protocol, "email") || protocol == "http" {
			s.token = c.env.Hex(192)
		}
		if r := wire.Request(ctx); r != nil {
			s.base = "http://" + r.Host
		}
		t.subscriptions = append(t.subscriptions, s)
	}
	out := &sns.SubscribeOutput{SubscriptionArn: aws.String(s.arn(t))}
	if s.token == "" {
		return out, nil
	}
	c.askToConfirm(t, s)
	if !in.ReturnSubscriptionArn {
		out.SubscriptionArn = aws.String(pending)
	}
	return out, nil
}

// askToConfirm writes the letter with the token.
func (c *Cloud) askToConfirm(t *topic, s *subscription) {
	if s.protocol == "http" {
		c.introduce(t, s)
		return
	}
	c.outbox = append(c.outbox, Letter{Protocol: s.protocol, To: s.endpoint, Subject: "AWS Notification - Subscription Confirmation", Sent: c.env.Now(),
		Link: "/?" + url.Values{"Action": {"ConfirmSubscription"}, "TopicArn": {t.arn}, "Token": {s.token}}.Encode(),
		Body: fmt.Sprintf("You have chosen to subscribe to the topic:\n%s\n\nTo confirm this subscription, call ConfirmSubscription with the topic and this token:\n%s\n", t.arn, s.token)})
}

func (c *Cloud) confirmSubscription(ctx context.Context, in *sns.ConfirmSubscriptionInput) (*sns.ConfirmSubscriptionOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	token := aws.ToString(in.Token)
	for _, s := range t.subscriptions {
		if token != "" && s.token == token {
			s.token = ""
			s.attributes["confirmed"] = token // so that the link works more than once
			return &sns.ConfirmSubscriptionOutput{SubscriptionArn: aws.String(s.arn(t))}, nil
		}
		if token != "" && s.attributes["confirmed"] == token {
			return &sns.ConfirmSubscriptionOutput{SubscriptionArn: aws.String(s.arn(t))}, nil
		}
	}
	return nil, invalid("Token")
}

// find finds a confirmed subscription by its ARN.
func (c *Cloud) find(ctx context.Context, arn *string) (*topic, *subscription, error) {
	a := aws.ToString(arn)
	i := strings.LastIndex(a, ":")
	if strings.Count(a, ":") != 6 {
		return nil, nil, invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not %d", strings.Count(a, ":")+1)
	}
	if t := c.topics[a[:i]]; t != nil && t.region == region(ctx) {
		for _, s := range t.subscriptions {
			if s.id == a[i+1:] {
				return t, s, nil
			}
		}
	}
	return nil, nil, notFound("Subscription")
}

// unsubscribe ends a subscription; one that is none is no error.
func (c *Cloud) unsubscribe(ctx context.Context, in *sns.UnsubscribeInput) (*sns.UnsubscribeOutput, error) {
	if strings.Count(aws.ToString(in.SubscriptionArn), ":") != 6 {
		_, _, err := c.find(ctx, in.SubscriptionArn)
		return nil, err
	}
	t, s, err := c.find(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, nil
	}
	if s.token != "" {
		return nil, invalid("This operation can only be performed on confirmed subscriptions")
	}
	t.subscriptions = slices.DeleteFunc(t.subscriptions, func(x *subscription) bool { return x == s })
	t.deleted++
	return nil, nil
}

func (c *Cloud) view(t *topic, s *subscription) types.Subscription {
	return types.Subscription{SubscriptionArn: aws.String(s.shownARN(t)), TopicArn: aws.String(t.arn), Owner: aws.String(c.env.AccountID()),
		Protocol: aws.String(s.protocol), Endpoint: aws.String(s.endpoint)}
}

func (c *Cloud) listSubscriptions(ctx context.Context, in *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error) {
	list := []types.Subscription{}
	for _, t := range c.sorted(ctx) {
		for _, s := range t.subscriptions {
			list = append(list, c.view(t, s))
		}
	}
	list, next, err := page(list, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListSubscriptionsOutput{Subscriptions: list, NextToken: next}, nil
}

func (c *Cloud) listSubscriptionsByTopic(ctx context.Context, in *sns.ListSubscriptionsByTopicInput) (*sns.ListSubscriptionsByTopicOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	list := []types.Subscription{}
	for _, s := range t.subscriptions {
		list = append(list, c.view(t, s))
	}
	list, next, err := page(list, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListSubscriptionsByTopicOutput{Subscriptions: list, NextToken: next}, nil
}

// checkSubscriptionAttribute refuses what can't be set, and what is not built.
func checkSubscriptionAttribute(name, value string) error {
	switch name {
	case "RawMessageDelivery":
		if value != "true" && value != "false" {
			return invalid("Attributes Reason: RawMessageDelivery: Invalid value [%s]. Must be true or false.", value)
		}
	case "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy", "ReplayPolicy", "SubscriptionRoleArn":
		return notBuilt("The subscription attribute " + name)
	default:
		return invalid("AttributeName")
	}
	return nil
}

func (c *Cloud) getSubscriptionAttributes(ctx context.Context, in *sns.GetSubscriptionAttributesInput) (*sns.GetSubscriptionAttributesOutput, error) {
	t, s, err := c.find(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	raw := s.attributes["RawMessageDelivery"]
	if raw == "" {
		raw = "false"
	}
	return &sns.GetSubscriptionAttributesOutput{Attributes: map[string]string{
		"SubscriptionArn": s.arn(t), "TopicArn": t.arn, "Owner": c.env.AccountID(), "Protocol": s.protocol, "Endpoint": s.endpoint,
		"RawMessageDelivery": raw, "PendingConfirmation": fmt.Sprint(s.token != ""), "ConfirmationWasAuthenticated": fmt.Sprint(s.protocol == "sqs"),
	}}, nil
}

func (c *Cloud) setSubscriptionAttributes(ctx context.Context, in *sns.SetSubscriptionAttributesInput) (*sns.SetSubscriptionAttributesOutput, error) {
	_, s, err := c.find(ctx, in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	name, value := aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue)
	if err := checkSubscriptionAttribute(name, value); err != nil {
		return nil, err
	}
	s.attributes[name] = value
	return nil, nil
}
