package sqs

import (
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/sandbox/wire"
)

// AWS's bounds on messages.
const (
	maxDelay      = 900
	maxAttributes = 10
	maxBatch      = 10
	maxBatchSize  = 1 << 20
)

func sum(s string) *string {
	d := md5.Sum([]byte(s))
	return aws.String(hex.EncodeToString(d[:]))
}

// attributesSum is the digest of message attributes, as clients compute it to
// check what arrived.
func attributesSum(attributes map[string]types.MessageAttributeValue) *string {
	if len(attributes) == 0 {
		return nil
	}
	h := md5.New()
	field := func(b []byte) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		v := attributes[name]
		field([]byte(name))
		field([]byte(aws.ToString(v.DataType)))
		if strings.HasPrefix(aws.ToString(v.DataType), "Binary") {
			h.Write([]byte{2})
			field(v.BinaryValue)
		} else {
			h.Write([]byte{1})
			field([]byte(aws.ToString(v.StringValue)))
		}
	}
	return aws.String(hex.EncodeToString(h.Sum(nil)))
}

// valid reports whether a body has only characters that XML can carry.
func valid(body string) bool {
	if !utf8.ValidString(body) {
		return false
	}
	for _, r := range body {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return false
		}
	}
	return true
}

var attributeName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,256}$`)

// checkAttributes refuses attributes that are none and gives their size.
func checkAttributes(attributes map[string]types.MessageAttributeValue) (int, error) {
	if len(attributes) > maxAttributes {
		return 0, fail("InvalidParameterValue", "Number of message attributes [%d] exceeds the allowed maximum [%d].", len(attributes), maxAttributes)
	}
	size := 0
	for name, v := range attributes {
		kind, _, _ := strings.Cut(aws.ToString(v.DataType), ".")
		switch {
		case !attributeName.MatchString(name) || strings.HasPrefix(strings.ToLower(name), "aws.") || strings.HasPrefix(strings.ToLower(name), "amazon."):
			return 0, fail("InvalidParameterValue", "Message (user) attribute name '%s' is invalid.", name)
		case kind != "String" && kind != "Number" && kind != "Binary":
			return 0, fail("InvalidParameterValue", "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		case kind == "Binary" && len(v.BinaryValue) == 0, kind != "Binary" && aws.ToString(v.StringValue) == "":
			return 0, fail("InvalidParameterValue", "The message attribute '%s' must contain a non-empty message attribute value.", name)
		}
		size += len(name) + len(*v.DataType) + len(v.BinaryValue) + len(aws.ToString(v.StringValue))
	}
	return size, nil
}

// outgoing is one message that a request sends.
type outgoing struct {
	body       *string
	delay      int32
	attributes map[string]types.MessageAttributeValue
	system     map[string]types.MessageSystemAttributeValue
	group      *string
	dedup      *string
}

// send checks a message and puts it into the queue.
func (c *Cloud) send(ctx context.Context, q *queue, o outgoing) (*message, error) {
	body := aws.ToString(o.body)
	if body == "" {
		return nil, missing("MessageBody")
	}
	if !valid(body) {
		return nil, fail("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	}
	size, err := checkAttributes(o.attributes)
	if err != nil {
		return nil, err
	}
	if size+len(body) > q.settings.maxSize {
		return nil, fail("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.settings.maxSize)
	}
	if o.delay < 0 || o.delay > maxDelay {
		return nil, badValue(o.delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
	}
	if o.dedup != nil {
		return nil, badValue(*o.dedup, "MessageDeduplicationId", "The request includes a parameter that is not valid for this queue type.")
	}
	delay := q.settings.delay
	if o.delay > 0 { // 0 is what clients send who say nothing
		delay = time.Duration(o.delay) * time.Second
	}
	m := &message{id: c.env.UUID(), body: body, attributes: o.attributes, system: o.system, sender: wire.CallerFrom(ctx).UserID}
	q.add(m, c.env.Now(), delay)
	return m, nil
}

func (c *Cloud) sendMessage(ctx context.Context, in *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	m, err := c.send(ctx, q, outgoing{in.MessageBody, in.DelaySeconds, in.MessageAttributes, in.MessageSystemAttributes, in.MessageGroupId, in.MessageDeduplicationId})
	if err != nil {
		return nil, err
	}
	return &sqs.SendMessageOutput{MessageId: aws.String(m.id), MD5OfMessageBody: sum(m.body), MD5OfMessageAttributes: attributesSum(m.attributes)}, nil
}

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// checkBatch refuses a batch as a whole.
func checkBatch(kind string, ids []*string) error {
	if len(ids) == 0 {
		return fail("AWS.SimpleQueueService.EmptyBatchRequest", "There should be at least one %s in the request.", kind)
	}
	if len(ids) > maxBatch {
		return fail("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(ids))
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if !batchID.MatchString(aws.ToString(id)) {
			return fail("AWS.SimpleQueueService.InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if seen[*id] {
			return fail("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id %s repeated.", *id)
		}
		seen[*id] = true
	}
	return nil
}

// entryError tells of one entry's error, false when it is none of AWS's.
func entryError(id *string, err error) (types.BatchResultErrorEntry, bool) {
	var e *wire.Error
	if !errors.As(err, &e) {
		return types.BatchResultErrorEntry{}, false
	}
	return types.BatchResultErrorEntry{Id: id, Code: aws.String(e.Code), Message: aws.String(e.Message), SenderFault: e.Status < 500}, true
}

func (c *Cloud) sendMessageBatch(ctx context.Context, in *sqs.SendMessageBatchInput) (*sqs.SendMessageBatchOutput, error) {
	q, err := c.find(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	var ids []*string
	size := 0
	for _, e := range in.Entries {
		ids = append(ids, e.Id)
		size += len(aws.ToString(e.MessageBody))
	}
	if err := checkBatch("SendMessageBatchRequestEntry", ids); err != nil {
		return nil, err
	}
	if size > maxBatchSize {
		return nil, fail("AWS.SimpleQueueService.BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxBatchSize, size)
	}
	out := &sqs.SendMessageBatchOutput{Successful: []types.SendMessageBatchResultEntry{}, Failed: nil}
	for _, e := range in.Entries {
		m, err := c.send(ctx, q, outgoing{e.MessageBody, e.DelaySeconds, e.MessageAttributes, e.MessageSystemAttributes, e.MessageGroupId, e.MessageDeduplicationId})
		if err != nil {
			entry, ok := entryError(e.Id, err)
			if !ok {
				return nil, err
			}
			out.Failed = append(out.Failed, entry)
			continue
		}
		out.Successful = append(out.Successful, types.SendMessageBatchResultEntry{Id: e.Id, MessageId: aws.String(m.id), MD5OfMessageBody: sum(m.body), MD5OfMessageAttributes: attributesSum(m.attributes)})
	}
	return out, nil
}

// Deliver puts a message of another service into the queue with that ARN.
func (c *Cloud) Deliver(queueARN, body string, attributes map[string]types.MessageAttributeValue) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.byARN(queueARN)
	if q == nil {
		return fmt.Errorf("deliver to %s: %w", queueARN, noQueue())
	}
	now := c.env.Now()
	q.settle(now)
	q.add(&message{id: c.env.UUID(), body: body, attributes: attributes}, now, q.settings.delay)
	return nil
}
