package sns

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// Subscription is who gets a topic's messages, and how.
type Subscription struct {
	ARN        string // "PendingConfirmation" until its owner agrees
	TopicARN   string
	Protocol   string
	Endpoint   string
	Owner      string
	Connection *Connection
	Raw        types.Subscription
}

// String prints the subscription by its protocol and endpoint.
func (s *Subscription) String() string { return "Subscription:" + s.Protocol + ":" + s.Endpoint }

// Subscribe has a topic's messages sent to an endpoint by a protocol: "email"
// and an address, "sqs" and a queue's ARN, ...: Subscribe (boto: subscribe).
// Codes NotFound, InvalidParameter.
//
// Example: sns.Subscribe(topic, "email", "paws@example.com")
func (c *Connection) Subscribe(topic, protocol, endpoint string) (Response, error) {
	out, err := c.Client.Subscribe(c.ctx(), &sdk.SubscribeInput{
		TopicArn: aws.String(topic), Protocol: aws.String(protocol), Endpoint: aws.String(endpoint),
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe %s %s to %s: %w", protocol, endpoint, topic, err)
	}
	return response("Subscribe", out.ResultMetadata, map[string]string{"SubscriptionArn": aws.ToString(out.SubscriptionArn)}), nil
}

// ConfirmSubscription agrees to a subscription with the token its endpoint was
// sent: ConfirmSubscription (boto: confirm_subscription).
//
// Example: sns.ConfirmSubscription(topic, "the token of the mail")
func (c *Connection) ConfirmSubscription(topic, token string) (Response, error) {
	out, err := c.Client.ConfirmSubscription(c.ctx(), &sdk.ConfirmSubscriptionInput{TopicArn: aws.String(topic), Token: aws.String(token)})
	if err != nil {
		return nil, fmt.Errorf("confirm subscription to %s: %w", topic, err)
	}
	return response("ConfirmSubscription", out.ResultMetadata, map[string]string{"SubscriptionArn": aws.ToString(out.SubscriptionArn)}), nil
}

// Unsubscribe ends a subscription: Unsubscribe (boto: unsubscribe).
//
// Example: sns.Unsubscribe(sns.SubscribeSQSQueue(topic, queue).SubscriptionARN())
func (c *Connection) Unsubscribe(subscription string) (Response, error) {
	out, err := c.Client.Unsubscribe(c.ctx(), &sdk.UnsubscribeInput{SubscriptionArn: aws.String(subscription)})
	if err != nil {
		return nil, fmt.Errorf("unsubscribe %s: %w", subscription, err)
	}
	return response("Unsubscribe", out.ResultMetadata, nil), nil
}

// GetAllSubscriptions lists the subscriptions: ListSubscriptions, all pages
// (boto: get_all_subscriptions).
//
// Example: sns.GetAllSubscriptions()
func (c *Connection) GetAllSubscriptions() ([]*Subscription, error) {
	list := []*Subscription{}
	for p := sdk.NewListSubscriptionsPaginator(c.Client, &sdk.ListSubscriptionsInput{}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all subscriptions: %w", err)
		}
		list = c.subscriptions(list, page.Subscriptions)
	}
	return list, nil
}

// GetAllSubscriptionsByTopic lists a topic's: ListSubscriptionsByTopic, all
// pages (boto: get_all_subscriptions_by_topic). Code NotFound.
//
// Example: sns.GetAllSubscriptionsByTopic(topic)
func (c *Connection) GetAllSubscriptionsByTopic(topic string) ([]*Subscription, error) {
	list := []*Subscription{}
	for p := sdk.NewListSubscriptionsByTopicPaginator(c.Client, &sdk.ListSubscriptionsByTopicInput{TopicArn: aws.String(topic)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all subscriptions of %s: %w", topic, err)
		}
		list = c.subscriptions(list, page.Subscriptions)
	}
	return list, nil
}

func (c *Connection) subscriptions(list []*Subscription, raw []types.Subscription) []*Subscription {
	for _, s := range raw {
		list = append(list, &Subscription{
			ARN: aws.ToString(s.SubscriptionArn), TopicARN: aws.ToString(s.TopicArn), Protocol: aws.ToString(s.Protocol),
			Endpoint: aws.ToString(s.Endpoint), Owner: aws.ToString(s.Owner), Connection: c, Raw: s,
		})
	}
	return list
}
