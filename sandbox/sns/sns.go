// Package sns emulates SNS: topics, subscriptions and what is published to
// them, each region apart. Queues get their messages at once; what is for a
// person (e-mail, SMS) goes to an outbox, for nothing leaves the sandbox.
// Subscriptions that would call an address or a function are refused.
//
// The package speaks no protocol.
package sns

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Queues is where messages for queues go.
type Queues interface {
	// Deliver puts a message into the queue with that ARN; it fails when
	// there is none.
	Deliver(queueARN, body string, attributes map[string]sqstypes.MessageAttributeValue) error
}

// Letter is a message for a person, as it would have been sent.
type Letter struct {
	Protocol string // email, email-json or sms
	To       string
	Subject  string
	Body     string
	Link     string // path and query of the link that the letter asks to follow, "" without one
	Sent     time.Time
}

// Cloud is the SNS of one account in all regions. It is safe for concurrent use.
type Cloud struct {
	env    *core.Env `store:"-"`
	queues Queues    `store:"-"`

	mu     store.Mutex       // guards all below
	topics map[string]*topic // by ARN
	outbox []Letter
}

// topic is one topic.
type topic struct {
	arn, region, name string
	attributes        map[string]string
	tags              []types.Tag
	subscriptions     []*subscription
	deleted           int // subscriptions that are no more
}

// subscription is one subscription to a topic.
type subscription struct {
	id, protocol, endpoint string
	token                  string // that confirms it, "" once it is
	base                   string // where the cloud was asked for it: links lead there
	attributes             map[string]string
}

// New returns a cloud without topics whose messages for queues go to queues.
func New(env *core.Env, queues Queues) *Cloud {
	return &Cloud{env: env, queues: queues, topics: map[string]*topic{}}
}

// Outbox gives the letters that people would have got, the oldest first.
func (c *Cloud) Outbox() []Letter {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.outbox)
}

// Register makes c answer the operations of s that are built.
func (c *Cloud) Register(s *wire.Service) {
	handle(s, c, "CreateTopic", c.createTopic)
	handle(s, c, "DeleteTopic", c.deleteTopic)
	handle(s, c, "ListTopics", c.listTopics)
	handle(s, c, "GetTopicAttributes", c.getTopicAttributes)
	handle(s, c, "SetTopicAttributes", c.setTopicAttributes)
	handle(s, c, "AddPermission", c.addPermission)
	handle(s, c, "RemovePermission", c.removePermission)
	handle(s, c, "TagResource", c.tagResource)
	handle(s, c, "UntagResource", c.untagResource)
	handle(s, c, "ListTagsForResource", c.listTagsForResource)
	handle(s, c, "Subscribe", c.subscribe)
	handle(s, c, "ConfirmSubscription", c.confirmSubscription)
	handle(s, c, "Unsubscribe", c.unsubscribe)
	handle(s, c, "ListSubscriptions", c.listSubscriptions)
	handle(s, c, "ListSubscriptionsByTopic", c.listSubscriptionsByTopic)
	handle(s, c, "GetSubscriptionAttributes", c.getSubscriptionAttributes)
	handle(s, c, "SetSubscriptionAttributes", c.setSubscriptionAttributes)
	handle(s, c, "Publish", c.publish)
	handle(s, c, "PublishBatch", c.publishBatch)
}

// handle registers h, which runs under the lock.
func handle[I, O any](s *wire.Service, c *Cloud, op string, h func(context.Context, *I) (*O, error)) {
	wire.Handle(s, op, func(ctx context.Context, in *I) (*O, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return h(ctx, in)
	})
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameter", http.StatusBadRequest, "Invalid parameter: "+format, a...)
}

func notFound(what string) error {
	return wire.Errorf("NotFound", http.StatusNotFound, "%s does not exist", what)
}

func notBuilt(what string) error {
	return wire.Errorf("NotImplemented", http.StatusNotImplemented, "%s is not implemented", what)
}

func region(ctx context.Context) string {
	if r := wire.CallerFrom(ctx).Region; r != "" {
		return r
	}
	return core.DefaultRegion
}

// topic finds a topic of the caller's region.
func (c *Cloud) topic(ctx context.Context, arn *string) (*topic, error) {
	a := aws.ToString(arn)
	if parts := strings.Split(a, ":"); len(parts) != 6 || parts[0] != "arn" || parts[2] != "sns" {
		return nil, invalid("TopicArn Reason: An ARN must have at least 6 elements, not %d", len(strings.Split(a, ":")))
	}
	t := c.topics[a]
	if t == nil || t.region != region(ctx) {
		return nil, notFound("Topic")
	}
	return t, nil
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// createTopic makes a topic, or finds the one that is there already.
func (c *Cloud) createTopic(ctx context.Context, in *sns.CreateTopicInput) (*sns.CreateTopicOutput, error) {
	name := aws.ToString(in.Name)
	switch {
	case strings.HasSuffix(name, ".fifo"), in.Attributes["FifoTopic"] == "true":
		return nil, notBuilt("CreateTopic of a FIFO topic")
	case !nameForm.MatchString(name):
		return nil, invalid("Topic Name")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	attributes := map[string]string{}
	for k, v := range in.Attributes {
		if err := checkTopicAttribute(k); err != nil {
			return nil, err
		}
		attributes[k] = v
	}
	arn := "arn:aws:sns:" + region(ctx) + ":" + c.env.AccountID() + ":" + name
	if t := c.topics[arn]; t != nil {
		for k, v := range attributes {
			if t.attributes[k] != v {
				return nil, invalid("Attributes Reason: Topic already exists with different attributes")
			}
		}
		for _, tag := range in.Tags {
			if !slices.ContainsFunc(t.tags, func(h types.Tag) bool {
				return *h.Key == *tag.Key && aws.ToString(h.Value) == aws.ToString(tag.Value)
			}) {
				return nil, invalid("Tags Reason: Topic already exists with different tags")
			}
		}
		return &sns.CreateTopicOutput{TopicArn: aws.String(arn)}, nil
	}
	c.topics[arn] = &topic{arn: arn, region: region(ctx), name: name, attributes: attributes, tags: in.Tags}
	return &sns.CreateTopicOutput{TopicArn: aws.String(arn)}, nil
}

// deleteTopic deletes a topic and its subscriptions; none is no error.
func (c *Cloud) deleteTopic(ctx context.Context, in *sns.DeleteTopicInput) (*sns.DeleteTopicOutput, error) {
	if t, _ := c.topic(ctx, in.TopicArn); t != nil {
		delete(c.topics, t.arn)
	}
	return nil, nil
}

const pageSize = 100

// page cuts a page of SNS's fixed size.
func page[T any](items []T, token *string) ([]T, *string, error) {
	out, next, ok := core.Page(items, aws.ToString(token), pageSize)
	if !ok {
		return nil, nil, invalid("NextToken Reason: Invalid token")
	}
	if next == "" {
		return out, nil, nil
	}
	return out, &next, nil
}

// sorted lists the topics of the caller's region by ARN.
func (c *Cloud) sorted(ctx context.Context) []*topic {
	var list []*topic
	for _, t := range c.topics {
		if t.region == region(ctx) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *topic) int { return strings.Compare(a.arn, b.arn) })
	return list
}

func (c *Cloud) listTopics(ctx context.Context, in *sns.ListTopicsInput) (*sns.ListTopicsOutput, error) {
	list, next, err := page(c.sorted(ctx), in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &sns.ListTopicsOutput{Topics: []types.Topic{}, NextToken: next}
	for _, t := range list {
		out.Topics = append(out.Topics, types.Topic{TopicArn: aws.String(t.arn)})
	}
	return out, nil
}
