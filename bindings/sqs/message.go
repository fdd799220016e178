package sqs

import (
	"encoding/base64"
	"fmt"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Message is a message (boto: Message). As boto's it is base64 on the wire,
// unless its queue has SetRawMessages.
type Message struct {
	ID                string
	Body              string
	MD5               string // of the body on the wire
	ReceiptHandle     string
	Attributes        map[string]string
	MessageAttributes map[string]MessageAttribute
	Queue             *Queue
	Raw               types.Message
}

// MessageAttribute is a named value beside the body.
type MessageAttribute struct{ DataType, StringValue string }

// String prints the message by its id.
func (m *Message) String() string { return "Message:" + m.ID }

// GetBody gives the message's text (boto: get_body).
//
// Example: message.GetBody()
func (m *Message) GetBody() string { return m.Body }

// SetBody sets the message's text (boto: set_body).
//
// Example: m := queue.NewMessage(""); m.SetBody("hello"); queue.Write(m)
func (m *Message) SetBody(body string) { m.Body = body }

// Delete removes the message from its queue: DeleteMessage (boto: delete).
//
// Example: message.Delete()
func (m *Message) Delete() (bool, error) {
	if m.Queue == nil {
		return false, fmt.Errorf("delete message %s: it was not read from a queue", m.ID)
	}
	return m.Queue.DeleteMessage(m)
}

// ChangeVisibility hides the message for so many seconds more:
// ChangeMessageVisibility (boto: change_visibility).
//
// Example: message.ChangeVisibility(120)
func (m *Message) ChangeVisibility(visibilityTimeout int) (bool, error) {
	if m.Queue == nil {
		return false, fmt.Errorf("change visibility of message %s: it was not read from a queue", m.ID)
	}
	c := m.Queue.Connection
	_, err := c.Client.ChangeMessageVisibility(c.ctx(), &sdk.ChangeMessageVisibilityInput{
		QueueUrl: aws.String(m.Queue.URL), ReceiptHandle: aws.String(m.ReceiptHandle), VisibilityTimeout: int32(visibilityTimeout),
	})
	if err != nil {
		return false, fmt.Errorf("change visibility of message %s: %w", m.ID, err)
	}
	return true, nil
}

// NewMessage makes a message, here only (boto: new_message).
//
// Example: queue.Write(queue.NewMessage("hello"))
func (q *Queue) NewMessage(body string) *Message { return &Message{Body: body, Queue: q} }

// SetRawMessages sends and reads messages as they are, without base64: it is
// SetMessageClass with RawMessage.
//
// Example: queue.SetRawMessages(true)
func (q *Queue) SetRawMessages(raw bool) { q.raw = raw }

// Write puts a message into the queue, a *Message or its text, after
// delaySeconds if they are given: SendMessage (boto: write). It gives the
// message with its id and MD5.
//
// Example: queue.Write("hello")
func (q *Queue) Write(message any, delaySeconds ...int) (*Message, error) {
	var m *Message
	switch v := message.(type) {
	case string:
		m = q.NewMessage(v)
	case *Message:
		m = v
	default:
		return nil, fmt.Errorf("write to queue %q: want a *Message or text, not a %T", q.Name, message)
	}
	in := &sdk.SendMessageInput{QueueUrl: aws.String(q.URL), MessageBody: aws.String(q.encode(m.Body))}
	if len(delaySeconds) > 0 {
		in.DelaySeconds = int32(delaySeconds[0])
	}
	for name, a := range m.MessageAttributes {
		if in.MessageAttributes == nil {
			in.MessageAttributes = map[string]types.MessageAttributeValue{}
		}
		in.MessageAttributes[name] = types.MessageAttributeValue{DataType: aws.String(a.DataType), StringValue: aws.String(a.StringValue)}
	}
	out, err := q.Connection.Client.SendMessage(q.Connection.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("write to queue %q: %w", q.Name, err)
	}
	m.ID, m.MD5, m.Queue = aws.ToString(out.MessageId), aws.ToString(out.MD5OfMessageBody), q
	return m, nil
}

func (q *Queue) encode(body string) string {
	if q.raw {
		return body
	}
	return base64.StdEncoding.EncodeToString([]byte(body))
}

// decode leaves alone what others than boto wrote.
func (q *Queue) decode(body string) string {
	if q.raw {
		return body
	}
	plain, err := base64.StdEncoding.DecodeString(body)
	if err != nil || !utf8.Valid(plain) {
		return body
	}
	return string(plain)
}

// ReadOption is an argument of Read and GetMessages.
type ReadOption interface {
	read(*sdk.ReceiveMessageInput)
}

type readOption func(*sdk.ReceiveMessageInput)

func (f readOption) read(in *sdk.ReceiveMessageInput) { f(in) }

// VisibilityTimeout hides the messages read from others for so many seconds
// (boto: visibility_timeout).
//
// Example: queue.Read(VisibilityTimeout(60))
func VisibilityTimeout(seconds int) ReadOption {
	return readOption(func(in *sdk.ReceiveMessageInput) { in.VisibilityTimeout = int32(seconds) })
}

// WaitTimeSeconds waits so long for a message, at most 20 seconds
// (boto: wait_time_seconds).
//
// Example: queue.Read(WaitTimeSeconds(1))
func WaitTimeSeconds(seconds int) ReadOption {
	return readOption(func(in *sdk.ReceiveMessageInput) { in.WaitTimeSeconds = int32(seconds) })
}

// Attributes asks for system attributes by name, or "All" (boto: attributes).
//
// Example: queue.GetMessages(Attributes("All"))
func Attributes(names ...string) ReadOption {
	return readOption(func(in *sdk.ReceiveMessageInput) {
		for _, n := range names {
			in.MessageSystemAttributeNames = append(in.MessageSystemAttributeNames, types.MessageSystemAttributeName(n))
		}
	})
}

// MessageAttributes asks for the writer's attributes by name, or "All"
// (boto: message_attributes).
//
// Example: queue.GetMessages(MessageAttributes("All"))
func MessageAttributes(names ...string) ReadOption {
	return readOption(func(in *sdk.ReceiveMessageInput) {
		in.MessageAttributeNames = append(in.MessageAttributeNames, names...)
	})
}

// NumMessages is the most messages to read, 1 to 10 (boto: num_messages).
//
// Example: queue.GetMessages(NumMessages(10))
func NumMessages(n int) ReadOption {
	return readOption(func(in *sdk.ReceiveMessageInput) { in.MaxNumberOfMessages = int32(n) })
}

// GetMessages reads up to NumMessages messages, one unless it is given, and
// hides them from others for a time: ReceiveMessage (boto: get_messages).
// Options: NumMessages, VisibilityTimeout, WaitTimeSeconds, Attributes,
// MessageAttributes.
//
// Example: for _, m := range queue.GetMessages(NumMessages(10)) { fmt.Println(m.GetBody()); m.Delete() }
func (q *Queue) GetMessages(opts ...ReadOption) ([]*Message, error) {
	in := &sdk.ReceiveMessageInput{QueueUrl: aws.String(q.URL), MaxNumberOfMessages: 1}
	for _, o := range opts {
		o.read(in)
	}
	out, err := q.Connection.Client.ReceiveMessage(q.Connection.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("read from queue %q: %w", q.Name, err)
	}
	list := []*Message{}
	for _, raw := range out.Messages {
		m := &Message{
			ID: aws.ToString(raw.MessageId), Body: q.decode(aws.ToString(raw.Body)), MD5: aws.ToString(raw.MD5OfBody),
			ReceiptHandle: aws.ToString(raw.ReceiptHandle), Attributes: raw.Attributes,
			MessageAttributes: map[string]MessageAttribute{}, Queue: q, Raw: raw,
		}
		for name, a := range raw.MessageAttributes {
			m.MessageAttributes[name] = MessageAttribute{aws.ToString(a.DataType), aws.ToString(a.StringValue)}
		}
		list = append(list, m)
	}
	return list, nil
}

// Read reads one message, or gives nil when none waits: ReceiveMessage
// (boto: read). Options as GetMessages.
//
// Example: if m := queue.Read(); m != nil { fmt.Println(m.GetBody()); m.Delete() }
func (q *Queue) Read(opts ...ReadOption) (*Message, error) {
	list, err := q.GetMessages(opts...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// DeleteMessage removes a message that was read: DeleteMessage
// (boto: delete_message). Code ReceiptHandleIsInvalid.
//
// Example: queue.DeleteMessage(message)
func (q *Queue) DeleteMessage(message *Message) (bool, error) {
	_, err := q.Connection.Client.DeleteMessage(q.Connection.ctx(), &sdk.DeleteMessageInput{
		QueueUrl: aws.String(q.URL), ReceiptHandle: aws.String(message.ReceiptHandle),
	})
	if err != nil {
		return false, fmt.Errorf("delete message %s of queue %q: %w", message.ID, q.Name, err)
	}
	return true, nil
}
