// Package sqs emulates SQS: standard queues with visibility, delay, retention,
// long polling and dead letters, each region apart. FIFO queues are refused.
//
// Nothing runs by itself: which messages can be seen is computed from the
// injected clock when a queue is looked at. The package speaks no protocol.
package sqs

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Cloud is the SQS of one account in all regions. It is safe for concurrent use.
type Cloud struct {
	env *core.Env `store:"-"`

	mu      store.Mutex // guards all below, the queues' state too
	regions map[string]map[string]*queue
	touched store.Touched        // messages
	gone    map[string]time.Time // when a queue was deleted, by region and name
}

// New returns a cloud without queues.
func New(env *core.Env) *Cloud {
	return &Cloud{env: env, regions: map[string]map[string]*queue{}, gone: map[string]time.Time{}}
}

// Register makes c answer the operations of s that are built.
func (c *Cloud) Register(s *wire.Service) {
	handle(s, c, "CreateQueue", c.createQueue)
	handle(s, c, "ListQueues", c.listQueues)
	handle(s, c, "GetQueueUrl", c.getQueueURL)
	handle(s, c, "GetQueueAttributes", c.getQueueAttributes)
	handle(s, c, "SetQueueAttributes", c.setQueueAttributes)
	handle(s, c, "AddPermission", c.addPermission)
	handle(s, c, "RemovePermission", c.removePermission)
	handle(s, c, "DeleteQueue", c.deleteQueue)
	handle(s, c, "PurgeQueue", c.purgeQueue)
	handle(s, c, "TagQueue", c.tagQueue)
	handle(s, c, "UntagQueue", c.untagQueue)
	handle(s, c, "ListQueueTags", c.listQueueTags)
	handle(s, c, "ListDeadLetterSourceQueues", c.listDeadLetterSourceQueues)
	handle(s, c, "SendMessage", c.sendMessage)
	handle(s, c, "SendMessageBatch", c.sendMessageBatch)
	handle(s, c, "DeleteMessage", c.deleteMessage)
	handle(s, c, "DeleteMessageBatch", c.deleteMessageBatch)
	handle(s, c, "ChangeMessageVisibility", c.changeMessageVisibility)
	handle(s, c, "ChangeMessageVisibilityBatch", c.changeMessageVisibilityBatch)
	wire.Handle(s, "ReceiveMessage", c.receiveMessage) // locks for itself: it may wait
}

// handle registers h, which runs under the lock.
func handle[I, O any](s *wire.Service, c *Cloud, op string, h func(context.Context, *I) (*O, error)) {
	wire.Handle(s, op, func(ctx context.Context, in *I) (*O, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return h(ctx, in)
	})
}

func fail(code, format string, a ...any) error {
	return wire.Errorf(code, http.StatusBadRequest, format, a...)
}

func missing(parameter string) error {
	return fail("MissingParameter", "The request must contain the parameter %s.", parameter)
}

func badValue(value any, parameter, reason string) error {
	return fail("InvalidParameterValue", "Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

func noQueue() error {
	return fail("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
}

func region(ctx context.Context) string {
	if r := wire.CallerFrom(ctx).Region; r != "" {
		return r
	}
	return core.DefaultRegion
}

// find finds the queue that a request addresses: by QueueUrl or, as the first
// clients did, by the path the request was sent to. The host does not matter.
func (c *Cloud) find(ctx context.Context, url *string) (*queue, error) {
	path := aws.ToString(url)
	if path == "" {
		r := wire.Request(ctx)
		if r == nil || strings.Trim(r.URL.Path, "/") == "" {
			return nil, missing("QueueUrl")
		}
		path = r.URL.Path
	}
	parts := strings.Split(strings.TrimRight(path, "/"), "/")
	q := c.regions[region(ctx)][parts[len(parts)-1]]
	if q == nil || len(parts) < 2 || parts[len(parts)-2] != c.env.AccountID() {
		return nil, noQueue()
	}
	q.settle(c.env.Now())
	return q, nil
}

// url is where the queue is, at the address that the request was sent to.
func (c *Cloud) url(ctx context.Context, q *queue) *string {
	base := "https://sqs." + q.region + ".amazonaws.com"
	if r := wire.Request(ctx); r != nil && r.Host != "" {
		base = "http://" + r.Host
	}
	return aws.String(base + "/" + c.env.AccountID() + "/" + q.name)
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// deletedFor is how long the name of a deleted queue stays taken.
const deletedFor = 60 * time.Second

// createQueue makes a queue, or finds the one that is just so already.
func (c *Cloud) createQueue(ctx context.Context, in *sqs.CreateQueueInput) (*sqs.CreateQueueOutput, error) {
	name, where, now := aws.ToString(in.QueueName), region(ctx), c.env.Now()
	switch {
	case name == "":
		return nil, missing("QueueName")
	case strings.HasSuffix(name, ".fifo"), in.Attributes["FifoQueue"] == "true":
		return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "CreateQueue of a FIFO queue is not implemented")
	case !nameForm.MatchString(name):
		return nil, fail("InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	settings, err := c.parseSettings(defaults(), in.Attributes, where)
	if err != nil {
		return nil, err
	}
	if q := c.regions[where][name]; q != nil {
		for k := range in.Attributes {
			if q.settings.text(k) != settings.text(k) {
				return nil, fail("QueueAlreadyExists", "A queue already exists with the same name and a different value for attribute %s", k)
			}
		}
		return &sqs.CreateQueueOutput{QueueUrl: c.url(ctx, q)}, nil
	}
	if t, ok := c.gone[where+" "+name]; ok && now.Sub(t) < deletedFor {
		return nil, fail("AWS.SimpleQueueService.QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	q := &queue{name: name, region: where, arn: "arn:aws:sqs:" + where + ":" + c.env.AccountID() + ":" + name, created: now, modified: now,
		settings: settings, tags: map[string]string{}, touched: &c.touched, arrival: make(chan struct{})}
	for k, v := range in.Tags {
		q.tags[k] = v
	}
	q.empty()
	if c.regions[where] == nil {
		c.regions[where] = map[string]*queue{}
	}
	c.regions[where][name] = q
	return &sqs.CreateQueueOutput{QueueUrl: c.url(ctx, q)}, nil
}

func (c *Cloud) listQueues(ctx context.Context, in *sqs.ListQueuesInput) (*sqs.ListQueuesOutput, error) {
	limit := 1000
	if in.MaxResults != nil {
		if limit = int(*in.MaxResults); limit < 1 || limit > 1000 {
			return nil, badValue(limit, "MaxResults", "Must be an integer from 1 to 1000.")
		}
	}
	var list []*queue
	for _, q := range c.regions[region(ctx)] {
		if strings.HasPrefix(q.name, aws.ToString(in.QueueNamePrefix)) {
			list = append(list, q)
		}
	}
	slices.SortFunc(list, func(a, b *queue) int { return strings.Compare(a.name, b.name) })
	list, next, ok := core.Page(list, aws.ToString(in.NextToken), limit)
	if !ok {
		return nil, badValue(aws.ToString(in.NextToken), "NextToken", "Invalid token.")
	}
	out := &sqs.ListQueuesOutput{}
	if next != "" && in.MaxResults != nil {
		out.NextToken = &next
	}
	for _, q := range list {
		out.QueueUrls = append(out.QueueUrls, *c.url(ctx, q))
	}
	return out, nil
}

func (c *Cloud) getQueueURL(ctx context.Context, in *sqs.GetQueueUrlInput) (*sqs.GetQueueUrlOutput, error) {
	if in.QueueName == nil {
		return nil, missing("QueueName")
	}
	q := c.regions[region(ctx)][*in.QueueName]
	if q == nil || in.QueueOwnerAWSAccountId != nil && *in.QueueOwnerAWSAccountId != c.env.AccountID() {
		return nil, noQueue()
	}
	return &sqs.GetQueueUrlOutput{QueueUrl: c.url(ctx, q)}, nil
}

func (c *Cloud) deleteQueue(ctx context.Context, in *sqs.DeleteQueueInput) (*sqs.DeleteQueueOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.empty()
	delete(c.regions[q.region], q.name)
	c.gone[q.region+" "+q.name] = c.env.Now()
	q.wake() // who waits for a message learns that there is no queue
	return nil, nil
}

// purgeEvery is how long one purge keeps the next away.
const purgeEvery = 60 * time.Second

func (c *Cloud) purgeQueue(ctx context.Context, in *sqs.PurgeQueueInput) (*sqs.PurgeQueueOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	now := c.env.Now()
	if !q.purged.IsZero() && now.Sub(q.purged) < purgeEvery {
		return nil, wire.Errorf("AWS.SimpleQueueService.PurgeQueueInProgress", http.StatusForbidden, "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
	}
	q.purged = now
	q.empty()
	return nil, nil
}

const maxTags = 50

func (c *Cloud) tagQueue(ctx context.Context, in *sqs.TagQueueInput) (*sqs.TagQueueOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	merged := map[string]string{}
	for _, m := range []map[string]string{q.tags, in.Tags} {
		for k, v := range m {
			merged[k] = v
		}
	}
	if len(merged) > maxTags {
		return nil, fail("InvalidParameterValue", "Too many tags added for queue %s.", q.name)
	}
	q.tags = merged // outputs made before share the old map
	return nil, nil
}

func (c *Cloud) untagQueue(ctx context.Context, in *sqs.UntagQueueInput) (*sqs.UntagQueueOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	left := map[string]string{}
	for k, v := range q.tags {
		if !slices.Contains(in.TagKeys, k) {
			left[k] = v
		}
	}
	q.tags = left
	return nil, nil
}

func (c *Cloud) listQueueTags(ctx context.Context, in *sqs.ListQueueTagsInput) (*sqs.ListQueueTagsOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return &sqs.ListQueueTagsOutput{Tags: q.tags}, nil
}

func (c *Cloud) listDeadLetterSourceQueues(ctx context.Context, in *sqs.ListDeadLetterSourceQueuesInput) (*sqs.ListDeadLetterSourceQueuesOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out := &sqs.ListDeadLetterSourceQueuesOutput{QueueUrls: []string{}}
	for _, other := range c.regions[q.region] {
		if other.settings.redrive.Target == q.arn {
			out.QueueUrls = append(out.QueueUrls, *c.url(ctx, other))
		}
	}
	slices.Sort(out.QueueUrls)
	return out, nil
}
