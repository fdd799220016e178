package sqs

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/bindings/session"
)

// Queue holds messages (boto: Queue).
type Queue struct {
	URL        string
	Name       string
	ID         string // /ACCOUNT/NAME
	ARN        string
	Connection *Connection

	raw bool // messages are sent as they are, not in base64
}

// String prints the queue as boto does.
func (q *Queue) String() string { return "Queue(" + q.URL + ")" }

func (c *Connection) queue(url string) *Queue {
	q := &Queue{URL: url, Connection: c}
	parts := strings.Split(strings.TrimRight(url, "/"), "/")
	if n := len(parts); n >= 2 {
		account, name := parts[n-2], parts[n-1]
		q.Name, q.ID = name, "/"+account+"/"+name
		q.ARN = fmt.Sprintf("arn:aws:sqs:%s:%s:%s", c.Target.Region, account, name)
	}
	return q
}

// CreateQueue makes a queue, or finds the one of that name; visibilityTimeout
// is how many seconds a message stays hidden once read, 30 unless given:
// CreateQueue (boto: create_queue). Codes QueueNameExists,
// AWS.SimpleQueueService.QueueDeletedRecently.
//
// Example: queue := sqs.CreateQueue("invoices", 60)
func (c *Connection) CreateQueue(queueName string, visibilityTimeout ...int) (*Queue, error) {
	in := &sdk.CreateQueueInput{QueueName: aws.String(queueName)}
	if len(visibilityTimeout) > 0 {
		in.Attributes = map[string]string{"VisibilityTimeout": strconv.Itoa(visibilityTimeout[0])}
	}
	out, err := c.Client.CreateQueue(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("create queue %q: %w", queueName, err)
	}
	return c.queue(aws.ToString(out.QueueUrl)), nil
}

// GetQueue gives a queue by its name, or nil when there is none:
// GetQueueUrl (boto: get_queue).
//
// Example: sqs.GetQueue("orders").Count()
func (c *Connection) GetQueue(queueName string) (*Queue, error) {
	out, err := c.Client.GetQueueUrl(c.ctx(), &sdk.GetQueueUrlInput{QueueName: aws.String(queueName)})
	switch {
	case err == nil:
		return c.queue(aws.ToString(out.QueueUrl)), nil
	case missing(err):
		return nil, nil
	}
	return nil, fmt.Errorf("get queue %q: %w", queueName, err)
}

// missing tells that there is no such queue, in either protocol's words.
func missing(err error) bool {
	switch session.Code(err) {
	case "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist":
		return true
	}
	return false
}

// Lookup is GetQueue: GetQueueUrl (boto: lookup).
//
// Example: sqs.Lookup("no-such-queue") == nil
func (c *Connection) Lookup(queueName string) (*Queue, error) { return c.GetQueue(queueName) }

// GetAllQueues lists the queues, those whose names begin with prefix if it is
// given: ListQueues, all pages (boto: get_all_queues).
//
// Example: sqs.GetAllQueues("ord")
func (c *Connection) GetAllQueues(prefix ...string) ([]*Queue, error) {
	list := []*Queue{}
	in := &sdk.ListQueuesInput{MaxResults: aws.Int32(1000)}
	if len(prefix) > 0 && prefix[0] != "" {
		in.QueueNamePrefix = aws.String(prefix[0])
	}
	for p := sdk.NewListQueuesPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all queues: %w", err)
		}
		for _, url := range page.QueueUrls {
			list = append(list, c.queue(url))
		}
	}
	return list, nil
}

// DeleteQueue removes a queue with its messages: DeleteQueue
// (boto: delete_queue). It gives true.
//
// Example: sqs.DeleteQueue(queue)
func (c *Connection) DeleteQueue(queue *Queue) (bool, error) {
	if _, err := c.Client.DeleteQueue(c.ctx(), &sdk.DeleteQueueInput{QueueUrl: aws.String(queue.URL)}); err != nil {
		return false, fmt.Errorf("delete queue %q: %w", queue.Name, err)
	}
	return true, nil
}

// Delete removes the queue with its messages: DeleteQueue (boto: delete).
//
// Example: queue.Delete()
func (q *Queue) Delete() (bool, error) { return q.Connection.DeleteQueue(q) }

// Purge removes all the queue's messages: PurgeQueue (boto: purge). Code
// AWS.SimpleQueueService.PurgeQueueInProgress.
//
// Example: queue.Purge()
func (q *Queue) Purge() (bool, error) {
	if _, err := q.Connection.Client.PurgeQueue(q.Connection.ctx(), &sdk.PurgeQueueInput{QueueUrl: aws.String(q.URL)}); err != nil {
		return false, fmt.Errorf("purge queue %q: %w", q.Name, err)
	}
	return true, nil
}

// GetAttributes gives what the queue is set to and holds, one value or all:
// GetQueueAttributes (boto: get_attributes).
//
// Example: queue.GetAttributes()["QueueArn"]
func (q *Queue) GetAttributes(attributes ...string) (map[string]string, error) {
	if len(attributes) == 0 {
		attributes = []string{string(types.QueueAttributeNameAll)}
	}
	in := &sdk.GetQueueAttributesInput{QueueUrl: aws.String(q.URL)}
	for _, a := range attributes {
		in.AttributeNames = append(in.AttributeNames, types.QueueAttributeName(a))
	}
	out, err := q.Connection.Client.GetQueueAttributes(q.Connection.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get attributes of queue %q: %w", q.Name, err)
	}
	return out.Attributes, nil
}

// SetAttribute sets one value of the queue: SetQueueAttributes
// (boto: set_attribute). It gives true.
//
// Example: queue.SetAttribute("DelaySeconds", "10")
func (q *Queue) SetAttribute(attribute, value string) (bool, error) {
	_, err := q.Connection.Client.SetQueueAttributes(q.Connection.ctx(), &sdk.SetQueueAttributesInput{
		QueueUrl: aws.String(q.URL), Attributes: map[string]string{attribute: value},
	})
	if err != nil {
		return false, fmt.Errorf("set %s of queue %q: %w", attribute, q.Name, err)
	}
	return true, nil
}

// Count tells about how many messages wait: GetQueueAttributes (boto: count).
//
// Example: queue.Count()
func (q *Queue) Count() (int, error) {
	return q.number(types.QueueAttributeNameApproximateNumberOfMessages)
}

// GetTimeout tells the visibility timeout in seconds: GetQueueAttributes
// (boto: get_timeout).
//
// Example: queue.GetTimeout()
func (q *Queue) GetTimeout() (int, error) { return q.number(types.QueueAttributeNameVisibilityTimeout) }

// SetTimeout sets the visibility timeout in seconds: SetQueueAttributes
// (boto: set_timeout).
//
// Example: queue.SetTimeout(120)
func (q *Queue) SetTimeout(visibilityTimeout int) (bool, error) {
	return q.SetAttribute(string(types.QueueAttributeNameVisibilityTimeout), strconv.Itoa(visibilityTimeout))
}

func (q *Queue) number(name types.QueueAttributeName) (int, error) {
	attributes, err := q.GetAttributes(string(name))
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(attributes[string(name)])
	if err != nil {
		return 0, fmt.Errorf("%s of queue %q: %w", name, q.Name, err)
	}
	return n, nil
}
