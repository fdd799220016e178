package sns

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/sandbox/wire"
)

// AWS's bounds on what is published.
const (
	maxMessage = 262144
	maxSubject = 100
	maxBatch   = 10
)

// notice is one message on its way to a topic's subscribers.
type notice struct {
	id, subject string
	text        string
	byProtocol  map[string]string // of a message in the form of json
	attributes  map[string]types.MessageAttributeValue
	sent        time.Time
}

func (n *notice) textFor(protocol string) string {
	if s, ok := n.byProtocol[protocol]; ok {
		return s
	}
	return n.text
}

// compose checks a message.
func (c *Cloud) compose(message, subject, structure *string, attributes map[string]types.MessageAttributeValue) (*notice, error) {
	text := aws.ToString(message)
	if text == "" {
		return nil, invalid("Empty message")
	}
	size := len(text)
	for name, v := range attributes {
		kind, _, _ := strings.Cut(aws.ToString(v.DataType), ".")
		switch {
		case name == "" || kind != "String" && kind != "Number" && kind != "Binary":
			return nil, wire.Errorf("ParameterValueInvalid", http.StatusBadRequest, "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		case kind == "Binary" && len(v.BinaryValue) == 0, kind != "Binary" && aws.ToString(v.StringValue) == "":
			return nil, wire.Errorf("ParameterValueInvalid", http.StatusBadRequest, "The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, kind)
		}
		size += len(name) + len(*v.DataType) + len(v.BinaryValue) + len(aws.ToString(v.StringValue))
	}
	if size > maxMessage {
		return nil, invalid("Message too long")
	}
	n := &notice{id: c.env.UUID(), subject: aws.ToString(subject), text: text, attributes: attributes, sent: c.env.Now()}
	if subject != nil && (n.subject == "" || utf8.RuneCountInString(n.subject) > maxSubject || strings.ContainsFunc(n.subject, func(r rune) bool { return r < 0x20 || r > 0x7e })) {
		return nil, invalid("Subject")
	}
	switch aws.ToString(structure) {
	case "":
	case "json":
		if err := json.Unmarshal([]byte(text), &n.byProtocol); err != nil {
			return nil, invalid("Message Structure - JSON message body failed to parse")
		}
		var ok bool
		if n.text, ok = n.byProtocol["default"]; !ok {
			return nil, invalid("Message Structure - No default entry in JSON message body")
		}
	default:
		return nil, invalid("MessageStructure")
	}
	return n, nil
}

func (c *Cloud) publish(ctx context.Context, in *sns.PublishInput) (*sns.PublishOutput, error) {
	n, err := c.compose(in.Message, in.Subject, in.MessageStructure, in.MessageAttributes)
	if err != nil {
		return nil, err
	}
	if in.PhoneNumber != nil {
		if !phoneForm.MatchString(*in.PhoneNumber) {
			return nil, invalid("PhoneNumber Reason: %s is not valid to publish to", *in.PhoneNumber)
		}
		c.outbox = append(c.outbox, Letter{Protocol: "sms", To: *in.PhoneNumber, Body: n.textFor("sms"), Sent: n.sent})
		return &sns.PublishOutput{MessageId: aws.String(n.id)}, nil
	}
	arn := in.TopicArn
	if arn == nil {
		arn = in.TargetArn
	}
	if arn == nil {
		return nil, invalid("TopicArn or TargetArn Reason: no value for required parameter")
	}
	t, err := c.topic(ctx, arn)
	if err != nil {
		return nil, err
	}
	if err := c.spread(t, n); err != nil {
		return nil, err
	}
	return &sns.PublishOutput{MessageId: aws.String(n.id)}, nil
}

func (c *Cloud) publishBatch(ctx context.Context, in *sns.PublishBatchInput) (*sns.PublishBatchOutput, error) {
	t, err := c.topic(ctx, in.TopicArn)
	if err != nil {
		return nil, err
	}
	switch n := len(in.PublishBatchRequestEntries); {
	case n == 0:
		return nil, wire.Errorf("EmptyBatchRequest", http.StatusBadRequest, "The batch request doesn't contain any entries.")
	case n > maxBatch:
		return nil, wire.Errorf("TooManyEntriesInBatchRequest", http.StatusBadRequest, "The batch request contains more entries than permissible.")
	}
	seen := map[string]bool{}
	for _, e := range in.PublishBatchRequestEntries {
		if id := aws.ToString(e.Id); seen[id] {
			return nil, wire.Errorf("BatchEntryIdsNotDistinct", http.StatusBadRequest, "Two or more batch entries in the request have the same Id.")
		}
		seen[aws.ToString(e.Id)] = true
	}
	out := &sns.PublishBatchOutput{Successful: []types.PublishBatchResultEntry{}, Failed: []types.BatchResultErrorEntry{}}
	for _, e := range in.PublishBatchRequestEntries {
		n, err := c.compose(e.Message, e.Subject, e.MessageStructure, e.MessageAttributes)
		if err == nil {
			err = c.spread(t, n)
		}
		var w *wire.Error
		switch {
		case errors.As(err, &w):
			out.Failed = append(out.Failed, types.BatchResultErrorEntry{Id: e.Id, Code: aws.String(w.Code), Message: aws.String(w.Message), SenderFault: true})
		case err != nil:
			return nil, err
		default:
			out.Successful = append(out.Successful, types.PublishBatchResultEntry{Id: e.Id, MessageId: aws.String(n.id)})
		}
	}
	return out, nil
}

// Notify publishes for another service, such as an alarm that fires.
func (c *Cloud) Notify(topicARN, subject, message string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.topics[topicARN]
	if t == nil {
		return fmt.Errorf("notify %s: %w", topicARN, notFound("Topic"))
	}
	n := &notice{id: c.env.UUID(), subject: subject, text: message, sent: c.env.Now()}
	return c.spread(t, n)
}

// spread sends a notice to all confirmed subscribers. A queue that is gone
// gets nothing, and nobody is told, as on AWS.
func (c *Cloud) spread(t *topic, n *notice) error {
	for _, s := range t.subscriptions {
		if s.token != "" {
			continue
		}
		text := n.textFor(s.protocol)
		if s.protocol == "http" {
			if err := c.send(t, s, n, text); err != nil {
				return err
			}
			continue
		}
		if s.protocol != "sqs" {
			if err := c.write(t, s, n, text); err != nil {
				return err
			}
			continue
		}
		var attributes map[string]sqstypes.MessageAttributeValue
		if s.attributes["RawMessageDelivery"] == "true" {
			attributes = rawAttributes(n.attributes)
		} else {
			envelope, err := n.envelope(t, text)
			if err != nil {
				return err
			}
			text = envelope
		}
		if err := c.queues.Deliver(s.endpoint, text, attributes); err != nil {
			continue
		}
	}
	return nil
}

// write puts what a person gets into the outbox.
func (c *Cloud) write(t *topic, s *subscription, n *notice, text string) error {
	l := Letter{Protocol: s.protocol, To: s.endpoint, Subject: n.subject, Body: text, Sent: n.sent}
	if l.Subject == "" && s.protocol != "sms" {
		l.Subject = "AWS Notification Message"
	}
	if s.protocol == "email-json" {
		envelope, err := n.envelope(t, text)
		if err != nil {
			return err
		}
		l.Body = envelope
	}
	c.outbox = append(c.outbox, l)
	return nil
}

// envelope is the document that carries a message. It has no signature: the
// sandbox has no certificate that anybody could check it with.
func (n *notice) envelope(t *topic, text string) (string, error) {
	type attribute struct{ Type, Value string }
	doc := struct {
		Type, MessageId, TopicArn string
		Subject                   string `json:",omitempty"`
		Message, Timestamp        string
		MessageAttributes         map[string]attribute `json:",omitempty"`
	}{"Notification", n.id, t.arn, n.subject, text, n.sent.UTC().Format("2006-01-02T15:04:05.000Z"), nil}
	for name, v := range n.attributes {
		if doc.MessageAttributes == nil {
			doc.MessageAttributes = map[string]attribute{}
		}
		value := aws.ToString(v.StringValue)
		if len(v.BinaryValue) > 0 {
			value = base64.StdEncoding.EncodeToString(v.BinaryValue)
		}
		doc.MessageAttributes[name] = attribute{aws.ToString(v.DataType), value}
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("envelope of %s: %w", n.id, err)
	}
	return string(b), nil
}

func rawAttributes(in map[string]types.MessageAttributeValue) map[string]sqstypes.MessageAttributeValue {
	out := map[string]sqstypes.MessageAttributeValue{}
	for name, v := range in {
		out[name] = sqstypes.MessageAttributeValue{DataType: v.DataType, StringValue: v.StringValue, BinaryValue: v.BinaryValue}
	}
	return out
}
