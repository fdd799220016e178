package sqs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/core"
	"pawsh/sandbox/sqs"
	"pawsh/sandbox/wire"
)

type keys struct{}

func (keys) LookupKey(context.Context, string) (wire.Key, bool) {
	return wire.Key{Secret: "secret", AccountID: core.DefaultAccountID, UserID: core.DefaultAccountID, Kind: "root"}, true
}

// world is an SQS on loopback with a clock of its own, and a client of it.
type world struct {
	*testing.T
	*sdk.Client
	cloud *sqs.Cloud
	url   string

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	w.cloud = sqs.New(core.New(func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}, nil, ""))
	service := wire.SQS()
	service.Authenticate(&wire.Verifier{Keys: keys{}})
	w.cloud.Register(service)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = w.in("us-east-1")
	return w
}

func (w *world) in(region string) *sdk.Client {
	return sdk.New(sdk.Options{Region: region, BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", "")})
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func ctx() context.Context { return context.Background() }

func must[T any](w *world) func(T, error) T {
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

func (w *world) refused(what string, err error, code, text string) {
	w.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), text) {
		w.Errorf("%s: %v\nwant %s: ...%s...", what, err, code, text)
	}
}

func (w *world) queue(name string, attributes ...string) *string {
	w.Helper()
	in := &sdk.CreateQueueInput{QueueName: &name, Attributes: map[string]string{}}
	for i := 0; i < len(attributes); i += 2 {
		in.Attributes[attributes[i]] = attributes[i+1]
	}
	return must[*sdk.CreateQueueOutput](w)(w.CreateQueue(ctx(), in)).QueueUrl
}

func (w *world) send(q *string, body string) {
	w.Helper()
	must[*sdk.SendMessageOutput](w)(w.SendMessage(ctx(), &sdk.SendMessageInput{QueueUrl: q, MessageBody: &body}))
}

func (w *world) receive(q *string, n int32) []types.Message {
	w.Helper()
	return must[*sdk.ReceiveMessageOutput](w)(w.ReceiveMessage(ctx(), &sdk.ReceiveMessageInput{QueueUrl: q, MaxNumberOfMessages: n})).Messages
}

// counts gives how many messages are ready, in flight and delayed.
func (w *world) counts(q *string) string {
	w.Helper()
	a := must[*sdk.GetQueueAttributesOutput](w)(w.GetQueueAttributes(ctx(), &sdk.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []types.QueueAttributeName{"All"}})).Attributes
	return a["ApproximateNumberOfMessages"] + " " + a["ApproximateNumberOfMessagesNotVisible"] + " " + a["ApproximateNumberOfMessagesDelayed"]
}

func TestQueues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws", "VisibilityTimeout", "60")
	if *q != w.url+"/123456789012/paws" {
		t.Errorf("url %s", *q)
	}
	if again := w.queue("paws"); *again != *q {
		t.Errorf("again: %s", *again)
	}
	w.queue("claws")
	create := func(name string, attributes map[string]string) error {
		_, err := w.CreateQueue(ctx(), &sdk.CreateQueueInput{QueueName: &name, Attributes: attributes})
		return err
	}
	w.refused("other attributes", create("paws", map[string]string{"VisibilityTimeout": "5"}), "QueueAlreadyExists", "different value for attribute VisibilityTimeout")
	w.refused("bad name", create("pa ws", nil), "InvalidParameterValue", "alphanumeric")
	w.refused("FIFO", create("paws.fifo", nil), "NotImplemented", "FIFO")
	w.refused("attribute", create("x", map[string]string{"Mood": "good"}), "InvalidAttributeName", "Unknown Attribute Mood.")
	w.refused("value", create("x", map[string]string{"VisibilityTimeout": "50000"}), "InvalidAttributeValue", "VisibilityTimeout")
	list := must[*sdk.ListQueuesOutput](w)(w.ListQueues(ctx(), &sdk.ListQueuesInput{QueueNamePrefix: aws.String("p")})).QueueUrls
	if len(list) != 1 || list[0] != *q {
		t.Errorf("list %v", list)
	}
	if got := must[*sdk.GetQueueUrlOutput](w)(w.GetQueueUrl(ctx(), &sdk.GetQueueUrlInput{QueueName: aws.String("paws")})).QueueUrl; *got != *q {
		t.Errorf("url by name %s", *got)
	}
	_, err := w.GetQueueUrl(ctx(), &sdk.GetQueueUrlInput{QueueName: aws.String("nope")})
	w.refused("no queue", err, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist")
	_, err = w.in("eu-west-1").GetQueueUrl(ctx(), &sdk.GetQueueUrlInput{QueueName: aws.String("paws")})
	w.refused("another region", err, "AWS.SimpleQueueService.NonExistentQueue", "does not exist")
	must[*sdk.DeleteQueueOutput](w)(w.DeleteQueue(ctx(), &sdk.DeleteQueueInput{QueueUrl: q}))
	w.refused("too soon", create("paws", nil), "AWS.SimpleQueueService.QueueDeletedRecently", "60 seconds")
	w.pass(time.Minute)
	w.queue("paws")
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	w.pass(time.Hour)
	must[*sdk.SetQueueAttributesOutput](w)(w.SetQueueAttributes(ctx(), &sdk.SetQueueAttributesInput{QueueUrl: q, Attributes: map[string]string{"VisibilityTimeout": "7"}}))
	a := must[*sdk.GetQueueAttributesOutput](w)(w.GetQueueAttributes(ctx(), &sdk.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []types.QueueAttributeName{"All"}})).Attributes
	for k, want := range map[string]string{"VisibilityTimeout": "7", "QueueArn": "arn:aws:sqs:us-east-1:123456789012:paws", "MessageRetentionPeriod": "345600", "DelaySeconds": "0", "CreatedTimestamp": "1767323045", "LastModifiedTimestamp": "1767326645"} {
		if a[k] != want {
			t.Errorf("%s = %q, want %q", k, a[k], want)
		}
	}
	one := must[*sdk.GetQueueAttributesOutput](w)(w.GetQueueAttributes(ctx(), &sdk.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []types.QueueAttributeName{"VisibilityTimeout"}})).Attributes
	if len(one) != 1 {
		t.Errorf("one: %v", one)
	}
	_, err := w.GetQueueAttributes(ctx(), &sdk.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []types.QueueAttributeName{"Mood"}})
	w.refused("unknown", err, "InvalidAttributeName", "Mood")
	must[*sdk.TagQueueOutput](w)(w.TagQueue(ctx(), &sdk.TagQueueInput{QueueUrl: q, Tags: map[string]string{"a": "b", "c": "d"}}))
	must[*sdk.UntagQueueOutput](w)(w.UntagQueue(ctx(), &sdk.UntagQueueInput{QueueUrl: q, TagKeys: []string{"a"}}))
	if tags := must[*sdk.ListQueueTagsOutput](w)(w.ListQueueTags(ctx(), &sdk.ListQueueTagsInput{QueueUrl: q})).Tags; fmt.Sprint(tags) != "map[c:d]" {
		t.Errorf("tags %v", tags)
	}
}

func TestMessageLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	sent := must[*sdk.SendMessageOutput](w)(w.SendMessage(ctx(), &sdk.SendMessageInput{QueueUrl: q, MessageBody: aws.String("one"),
		MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("cat")}, "raw": {DataType: aws.String("Binary"), BinaryValue: []byte{1, 2}}}}))
	w.send(q, "two")
	if got := w.counts(q); got != "2 0 0" {
		t.Errorf("sent: %s", got)
	}
	m := must[*sdk.ReceiveMessageOutput](w)(w.ReceiveMessage(ctx(), &sdk.ReceiveMessageInput{QueueUrl: q, MessageAttributeNames: []string{"k.*"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}})).Messages
	if len(m) != 1 || *m[0].Body != "one" || *m[0].MessageId != *sent.MessageId || *m[0].MD5OfBody != *sent.MD5OfMessageBody {
		t.Fatalf("received %+v", m)
	}
	if len(m[0].MessageAttributes) != 1 || *m[0].MessageAttributes["kind"].StringValue != "cat" || m[0].Attributes["ApproximateReceiveCount"] != "1" || m[0].Attributes["SenderId"] != "123456789012" {
		t.Errorf("attributes %v %v", m[0].MessageAttributes, m[0].Attributes)
	}
	if got := w.counts(q); got != "1 1 0" {
		t.Errorf("received: %s", got)
	}
	w.pass(30 * time.Second)
	if got := w.counts(q); got != "2 0 0" {
		t.Errorf("not deleted in time: %s", got)
	}
	again := w.receive(q, 10)
	if len(again) != 2 || *again[0].Body != "one" || *again[0].ReceiptHandle == *m[0].ReceiptHandle {
		t.Errorf("again: %d", len(again))
	}
	must[*sdk.DeleteMessageOutput](w)(w.DeleteMessage(ctx(), &sdk.DeleteMessageInput{QueueUrl: q, ReceiptHandle: m[0].ReceiptHandle})) // an old receipt deletes nothing
	must[*sdk.DeleteMessageOutput](w)(w.DeleteMessage(ctx(), &sdk.DeleteMessageInput{QueueUrl: q, ReceiptHandle: again[0].ReceiptHandle}))
	must[*sdk.DeleteMessageOutput](w)(w.DeleteMessage(ctx(), &sdk.DeleteMessageInput{QueueUrl: q, ReceiptHandle: again[0].ReceiptHandle}))
	if got := w.counts(q); got != "0 1 0" {
		t.Errorf("deleted: %s", got)
	}
	_, err := w.DeleteMessage(ctx(), &sdk.DeleteMessageInput{QueueUrl: q, ReceiptHandle: aws.String("cats")})
	w.refused("bad receipt", err, "ReceiptHandleIsInvalid", "cats")
	change := func(seconds int32) error {
		_, err := w.ChangeMessageVisibility(ctx(), &sdk.ChangeMessageVisibilityInput{QueueUrl: q, ReceiptHandle: again[1].ReceiptHandle, VisibilityTimeout: seconds})
		return err
	}
	if err := change(100); err != nil {
		t.Fatal(err)
	}
	w.pass(99 * time.Second)
	if got := w.counts(q); got != "0 1 0" {
		t.Errorf("held longer: %s", got)
	}
	if err := change(0); err != nil {
		t.Fatal(err)
	}
	if got := w.counts(q); got != "1 0 0" {
		t.Errorf("let go: %s", got)
	}
	w.refused("not in flight", change(5), "AWS.SimpleQueueService.MessageNotInflight", "")
	w.pass(345600 * time.Second)
	if got := w.counts(q); got != "0 0 0" {
		t.Errorf("retained: %s", got)
	}
}

func TestDelay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws", "DelaySeconds", "5")
	w.send(q, "by the queue")
	must[*sdk.SendMessageOutput](w)(w.SendMessage(ctx(), &sdk.SendMessageInput{QueueUrl: q, MessageBody: aws.String("by itself"), DelaySeconds: 10}))
	if got := w.counts(q); got != "0 0 2" || len(w.receive(q, 10)) != 0 {
		t.Errorf("at once: %s", got)
	}
	w.pass(5 * time.Second)
	if got := w.counts(q); got != "1 0 1" {
		t.Errorf("after 5 s: %s", got)
	}
	w.pass(5 * time.Second)
	if got := len(w.receive(q, 10)); got != 2 {
		t.Errorf("after 10 s: %d", got)
	}
}

func TestSendRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws", "MaximumMessageSize", "1024")
	attr := func(name, kind, value string) map[string]types.MessageAttributeValue {
		return map[string]types.MessageAttributeValue{name: {DataType: &kind, StringValue: &value}}
	}
	for _, tt := range []struct {
		in         sdk.SendMessageInput
		code, text string
	}{
		{sdk.SendMessageInput{MessageBody: aws.String("")}, "MissingParameter", "MessageBody"},
		{sdk.SendMessageInput{MessageBody: aws.String(strings.Repeat("x", 1025))}, "InvalidParameterValue", "shorter than 1024 bytes"},
		{sdk.SendMessageInput{MessageBody: aws.String("\x01")}, "InvalidMessageContents", "Invalid characters"},
		{sdk.SendMessageInput{MessageBody: aws.String("x"), DelaySeconds: 901}, "InvalidParameterValue", "DelaySeconds must be >= 0 and <= 900."},
		{sdk.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attr("a b", "String", "v")}, "InvalidParameterValue", "name 'a b' is invalid"},
		{sdk.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attr("a", "Cat", "v")}, "InvalidParameterValue", "type prefixes"},
		{sdk.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attr("a", "String", "")}, "InvalidParameterValue", "non-empty"},
	} {
		tt.in.QueueUrl = q
		_, err := w.SendMessage(ctx(), &tt.in)
		w.refused(fmt.Sprint(tt.code, " ", tt.text), err, tt.code, tt.text)
	}
	_, err := w.ReceiveMessage(ctx(), &sdk.ReceiveMessageInput{QueueUrl: q, MaxNumberOfMessages: 11})
	w.refused("11 messages", err, "InvalidParameterValue", "between 1 and 10")
	_, err = w.ReceiveMessage(ctx(), &sdk.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: 21})
	w.refused("long wait", err, "InvalidParameterValue", "<= 20")
}

func TestBatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	entry := func(id, body string) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
	}
	out := must[*sdk.SendMessageBatchOutput](w)(w.SendMessageBatch(ctx(), &sdk.SendMessageBatchInput{QueueUrl: q, Entries: []types.SendMessageBatchRequestEntry{entry("a", "1"), entry("b", "\x01"), entry("c", "3")}}))
	if len(out.Successful) != 2 || len(out.Failed) != 1 || *out.Failed[0].Id != "b" || *out.Failed[0].Code != "InvalidMessageContents" {
		t.Errorf("sent %+v", out)
	}
	_, err := w.SendMessageBatch(ctx(), &sdk.SendMessageBatchInput{QueueUrl: q, Entries: []types.SendMessageBatchRequestEntry{entry("a", "1"), entry("a", "2")}})
	w.refused("twice", err, "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id a repeated.")
	_, err = w.SendMessageBatch(ctx(), &sdk.SendMessageBatchInput{QueueUrl: q, Entries: []types.SendMessageBatchRequestEntry{}})
	if err == nil {
		t.Error("an empty batch was sent")
	}
	var del []types.DeleteMessageBatchRequestEntry
	for i, m := range w.receive(q, 10) {
		del = append(del, types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle})
	}
	del = append(del, types.DeleteMessageBatchRequestEntry{Id: aws.String("x"), ReceiptHandle: aws.String("cats")})
	gone := must[*sdk.DeleteMessageBatchOutput](w)(w.DeleteMessageBatch(ctx(), &sdk.DeleteMessageBatchInput{QueueUrl: q, Entries: del}))
	if len(gone.Successful) != 2 || len(gone.Failed) != 1 || w.counts(q) != "0 0 0" {
		t.Errorf("deleted %+v", gone)
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	w.send(q, "1")
	w.send(q, "2")
	w.receive(q, 1)
	must[*sdk.PurgeQueueOutput](w)(w.PurgeQueue(ctx(), &sdk.PurgeQueueInput{QueueUrl: q}))
	if got := w.counts(q); got != "0 0 0" {
		t.Errorf("purged: %s", got)
	}
	_, err := w.PurgeQueue(ctx(), &sdk.PurgeQueueInput{QueueUrl: q})
	w.refused("again", err, "AWS.SimpleQueueService.PurgeQueueInProgress", "every 60 seconds")
	w.pass(time.Minute)
	must[*sdk.PurgeQueueOutput](w)(w.PurgeQueue(ctx(), &sdk.PurgeQueueInput{QueueUrl: q}))
}

func TestDeadLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dead := w.queue("dead")
	q := w.queue("paws", "RedrivePolicy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dead","maxReceiveCount":"2"}`, "VisibilityTimeout", "1")
	w.send(q, "poison")
	w.send(q, "poison too")
	for i := range 2 {
		if got := len(w.receive(q, 10)); got != 2 {
			t.Errorf("receive %d: %d messages", i, got)
		}
		w.pass(time.Second)
	}
	if got := len(w.receive(q, 10)); got != 0 {
		t.Errorf("received too often: %d messages", got)
	}
	if got := w.counts(dead); got != "2 0 0" {
		t.Errorf("dead letters: %s", got)
	}
	if src := must[*sdk.ListDeadLetterSourceQueuesOutput](w)(w.ListDeadLetterSourceQueues(ctx(), &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: dead})).QueueUrls; len(src) != 1 || src[0] != *q {
		t.Errorf("sources %v", src)
	}
	_, err := w.CreateQueue(ctx(), &sdk.CreateQueueInput{QueueName: aws.String("x"), Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:none","maxReceiveCount":2}`}})
	w.refused("no target", err, "InvalidParameterValue", "Dead letter target does not exist.")
}

func TestLongPollFollowsTheClockAndTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	poll := func() chan []types.Message {
		got := make(chan []types.Message, 1)
		go func() {
			out, err := w.ReceiveMessage(ctx(), &sdk.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: 20})
			if err != nil {
				w.Error(err)
				got <- nil
				return
			}
			got <- out.Messages
		}()
		return got
	}
	first := poll()
	w.send(q, "hello") // whether it comes before or after the poll began
	if m := <-first; len(m) != 1 || *m[0].Body != "hello" {
		t.Errorf("a message came, the poll gave %v", m)
	} else {
		must[*sdk.DeleteMessageOutput](w)(w.DeleteMessage(ctx(), &sdk.DeleteMessageInput{QueueUrl: q, ReceiptHandle: m[0].ReceiptHandle}))
	}
	second := poll()
	for done := false; !done; { // the poll begins at its own time
		select {
		case m := <-second:
			if done = true; len(m) != 0 {
				t.Errorf("nothing came, the poll gave %v", m)
			}
		default:
			w.pass(time.Second / 10)
		}
	}
	canceled, cancel := context.WithCancel(ctx())
	cancel()
	if _, err := w.ReceiveMessage(canceled, &sdk.ReceiveMessageInput{QueueUrl: q, WaitTimeSeconds: 20}); err == nil {
		t.Error("a cancelled poll succeeded")
	}
}

func TestFirstClientsAddressQueuesByPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cloud := sqs.New(core.New(nil, nil, ""))
	service := wire.SQS() // without a verifier: the form is what matters here
	cloud.Register(service)
	server := httptest.NewServer(service)
	defer server.Close()
	post := func(path string, form url.Values) string {
		form.Set("Version", "2012-11-05")
		resp, err := http.PostForm(server.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var b strings.Builder
		if _, err := fmt.Fprint(&b, resp.StatusCode); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got := post("/", url.Values{"Action": {"CreateQueue"}, "QueueName": {"paws"}}); got != "200" {
		t.Errorf("create: %s", got)
	}
	if got := post("/123456789012/paws", url.Values{"Action": {"SendMessage"}, "MessageBody": {"x"}}); got != "200" {
		t.Errorf("send: %s", got)
	}
	if got := post("/999999999999/paws", url.Values{"Action": {"SendMessage"}, "MessageBody": {"x"}}); got != "400" {
		t.Errorf("send to another account: %s", got)
	}
	if err := w.cloud.Deliver("arn:aws:sqs:us-east-1:123456789012:paws", "x", nil); err == nil {
		t.Error("delivered to no queue")
	}
}

func TestManyMessagesStayFast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	for range 2000 {
		if err := w.cloud.Deliver("arn:aws:sqs:us-east-1:123456789012:paws", "x", nil); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for {
		m := w.receive(q, 10)
		if len(m) == 0 {
			break
		}
		n += len(m)
	}
	if n != 2000 || w.counts(q) != "0 2000 0" {
		t.Errorf("%d received, %s", n, w.counts(q))
	}
}
