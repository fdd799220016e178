package sqs

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/sandbox/wire"
)

// AWS's bounds on receiving.
const (
	maxWait     = 20
	maxHide     = 43200
	maxReceive  = 10
	maxInFlight = 120000
)

// tick is how often a long poll looks at the clock: that may be one which is
// set forward, so no timer of ours could know.
const tick = 10 * time.Millisecond

// receiveMessage gives messages that are ready, or waits for one.
func (c *Cloud) receiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput) (*sqs.ReceiveMessageOutput, error) {
	count := int(in.MaxNumberOfMessages)
	if count == 0 { // what clients send who say nothing
		count = 1
	}
	switch {
	case count < 1 || count > maxReceive:
		return nil, badValue(count, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
	case in.WaitTimeSeconds < 0 || in.WaitTimeSeconds > maxWait:
		return nil, badValue(in.WaitTimeSeconds, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
	case in.VisibilityTimeout < 0 || in.VisibilityTimeout > maxHide:
		return nil, badValue(in.VisibilityTimeout, "VisibilityTimeout", "Must be between 0 and 43200, if provided.")
	}
	var until time.Time
	for {
		out, arrival, wait, err := c.tryReceive(ctx, in, count)
		if err != nil || len(out.Messages) > 0 {
			return out, err
		}
		now := c.env.Now()
		if until.IsZero() {
			until = now.Add(wait)
		}
		if !now.Before(until) {
			return out, nil
		}
		t := time.NewTimer(tick)
		select {
		case <-ctx.Done():
			t.Stop()
			return nil, ctx.Err()
		case <-arrival:
			t.Stop()
		case <-t.C:
		}
	}
}

// tryReceive receives what is ready now. wait is how long to wait when there
// is nothing, arrival is closed when there may be something.
func (c *Cloud) tryReceive(ctx context.Context, in *sqs.ReceiveMessageInput, count int) (out *sqs.ReceiveMessageOutput, arrival <-chan struct{}, wait time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, nil, 0, err
	}
	if q.hidden.Len()-q.delayed >= maxInFlight {
		return nil, nil, 0, wire.Errorf("OverLimit", http.StatusForbidden, "Too many messages in flight")
	}
	hide := q.settings.visibility
	if in.VisibilityTimeout > 0 {
		hide = time.Duration(in.VisibilityTimeout) * time.Second
	}
	wait = q.settings.wait
	if in.WaitTimeSeconds > 0 {
		wait = time.Duration(in.WaitTimeSeconds) * time.Second
	}
	out = &sqs.ReceiveMessageOutput{}
	now := c.env.Now()
	for n := 0; n < count && q.ready.Len() > 0; {
		if r := q.settings.redrive; r.max > 0 && q.ready.top().received >= r.max {
			if dead := c.byARN(r.Target); dead != nil {
				m := q.ready.top()
				q.drop(m)
				dead.add(&message{id: m.id, body: m.body, attributes: m.attributes, system: m.system, sender: m.sender, sent: m.sent, received: m.received, first: m.first}, now, 0)
				continue
			}
		}
		m := q.take(now, hide, c.receipt())
		out.Messages = append(out.Messages, show(m, in))
		n++
		if hide == 0 { // it is ready at once, and must not come twice in one answer
			break
		}
	}
	return out, q.arrival, wait, nil
}

// receipt makes a receipt handle.
func (c *Cloud) receipt() string {
	b := make([]byte, 96)
	if _, err := c.env.Read(b); err != nil {
		return ""
	}
	return "AQEB" + base64.StdEncoding.EncodeToString(b)
}

// show makes what the receiver sees of a message.
func show(m *message, in *sqs.ReceiveMessageInput) types.Message {
	w := types.Message{MessageId: aws.String(m.id), ReceiptHandle: aws.String(m.receipt), Body: aws.String(m.body), MD5OfBody: sum(m.body)}
	var system []string
	for _, n := range in.MessageSystemAttributeNames {
		system = append(system, string(n))
	}
	//lint:ignore SA1019 clients of before 2024 know no other name
	for _, n := range in.AttributeNames {
		system = append(system, string(n))
	}
	for name, text := range map[string]string{
		"SenderId":                         m.sender,
		"SentTimestamp":                    fmt.Sprint(m.sent.UnixMilli()),
		"ApproximateReceiveCount":          fmt.Sprint(m.received),
		"ApproximateFirstReceiveTimestamp": fmt.Sprint(m.first.UnixMilli()),
	} {
		if text != "" && (slices.Contains(system, "All") || slices.Contains(system, name)) {
			if w.Attributes == nil {
				w.Attributes = map[string]string{}
			}
			w.Attributes[name] = text
		}
	}
	if h, ok := m.system["AWSTraceHeader"]; ok && (slices.Contains(system, "All") || slices.Contains(system, "AWSTraceHeader")) {
		if w.Attributes == nil {
			w.Attributes = map[string]string{}
		}
		w.Attributes["AWSTraceHeader"] = aws.ToString(h.StringValue)
	}
	for name, v := range m.attributes {
		if !wanted(in.MessageAttributeNames, name) {
			continue
		}
		if w.MessageAttributes == nil {
			w.MessageAttributes = map[string]types.MessageAttributeValue{}
		}
		w.MessageAttributes[name] = v
	}
	w.MD5OfMessageAttributes = attributesSum(w.MessageAttributes)
	return w
}

// wanted reports whether one of names means the attribute: itself, All, or
// the head of it followed by .*.
func wanted(names []string, attribute string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		head, ok := strings.CutSuffix(n, ".*")
		return n == attribute || n == "All" || ok && (head == "" || strings.HasPrefix(attribute, head))
	})
}

// held finds the message of a receipt. A receipt of a message that is gone,
// or was received again, finds none.
func held(q *queue, receipt *string) (*message, error) {
	if receipt == nil {
		return nil, missing("ReceiptHandle")
	}
	if b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(*receipt, "AQEB")); err != nil || len(b) != 96 {
		return nil, fail("ReceiptHandleIsInvalid", "The input receipt handle %q is not a valid receipt handle.", *receipt)
	}
	return q.handles[*receipt], nil
}

// deleteReceived deletes a message; one that is gone already is no error.
func deleteReceived(q *queue, receipt *string) error {
	m, err := held(q, receipt)
	if err == nil && m != nil {
		q.drop(m)
	}
	return err
}

func (c *Cloud) deleteMessage(ctx context.Context, in *sqs.DeleteMessageInput) (*sqs.DeleteMessageOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, deleteReceived(q, in.ReceiptHandle)
}

func (c *Cloud) deleteMessageBatch(ctx context.Context, in *sqs.DeleteMessageBatchInput) (*sqs.DeleteMessageBatchOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	var ids []*string
	for _, e := range in.Entries {
		ids = append(ids, e.Id)
	}
	if err := checkBatch("DeleteMessageBatchRequestEntry", ids); err != nil {
		return nil, err
	}
	out := &sqs.DeleteMessageBatchOutput{}
	for _, e := range in.Entries {
		if err := deleteReceived(q, e.ReceiptHandle); err != nil {
			entry, ok := entryError(e.Id, err)
			if !ok {
				return nil, err
			}
			out.Failed = append(out.Failed, entry)
			continue
		}
		out.Successful = append(out.Successful, types.DeleteMessageBatchResultEntry{Id: e.Id})
	}
	return out, nil
}

// changeVisibility hides a received message for so long from now on.
func (c *Cloud) changeVisibility(q *queue, receipt *string, seconds int32) error {
	if seconds < 0 || seconds > maxHide {
		return badValue(seconds, "VisibilityTimeout", "Must be between 0 and 43200, if provided.")
	}
	m, err := held(q, receipt)
	if err != nil {
		return err
	}
	if m == nil || !q.inFlight(m) {
		return fail("AWS.SimpleQueueService.MessageNotInflight", "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.")
	}
	now := c.env.Now()
	q.hide(m, now.Add(time.Duration(seconds)*time.Second))
	q.settle(now)
	q.wake()
	return nil
}

func (c *Cloud) changeMessageVisibility(ctx context.Context, in *sqs.ChangeMessageVisibilityInput) (*sqs.ChangeMessageVisibilityOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, c.changeVisibility(q, in.ReceiptHandle, in.VisibilityTimeout)
}

func (c *Cloud) changeMessageVisibilityBatch(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	var ids []*string
	for _, e := range in.Entries {
		ids = append(ids, e.Id)
	}
	if err := checkBatch("ChangeMessageVisibilityBatchRequestEntry", ids); err != nil {
		return nil, err
	}
	out := &sqs.ChangeMessageVisibilityBatchOutput{}
	for _, e := range in.Entries {
		if err := c.changeVisibility(q, e.ReceiptHandle, e.VisibilityTimeout); err != nil {
			entry, ok := entryError(e.Id, err)
			if !ok {
				return nil, err
			}
			out.Failed = append(out.Failed, entry)
			continue
		}
		out.Successful = append(out.Successful, types.ChangeMessageVisibilityBatchResultEntry{Id: e.Id})
	}
	return out, nil
}
