package sns_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/core"
	"pawsh/sandbox/sns"
	"pawsh/sandbox/wire"
)

type keys struct{}

func (keys) LookupKey(context.Context, string) (wire.Key, bool) {
	return wire.Key{Secret: "secret", AccountID: core.DefaultAccountID, Kind: "root"}, true
}

// queues keeps what was delivered.
type queues struct {
	bodies     []string
	attributes []map[string]sqstypes.MessageAttributeValue
}

func (q *queues) Deliver(arn, body string, attributes map[string]sqstypes.MessageAttributeValue) error {
	if strings.HasSuffix(arn, ":gone") {
		return errors.New("no such queue")
	}
	q.bodies, q.attributes = append(q.bodies, body), append(q.attributes, attributes)
	return nil
}

type world struct {
	*testing.T
	*sdk.Client
	cloud  *sns.Cloud
	queues *queues
	url    string
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, queues: &queues{}}
	w.cloud = sns.New(core.New(nil, nil, ""), w.queues)
	service := wire.SNS()
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

func (w *world) topic(name string) *string {
	w.Helper()
	return must[*sdk.CreateTopicOutput](w)(w.CreateTopic(ctx(), &sdk.CreateTopicInput{Name: &name})).TopicArn
}

func (w *world) subscribe(topic *string, protocol, endpoint string, attributes ...string) *string {
	w.Helper()
	in := &sdk.SubscribeInput{TopicArn: topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: map[string]string{}}
	for i := 0; i < len(attributes); i += 2 {
		in.Attributes[attributes[i]] = attributes[i+1]
	}
	return must[*sdk.SubscribeOutput](w)(w.Subscribe(ctx(), in)).SubscriptionArn
}

func TestTopics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn := w.topic("paws")
	if *arn != "arn:aws:sns:us-east-1:123456789012:paws" || *w.topic("paws") != *arn {
		t.Errorf("arn %s", *arn)
	}
	_, err := w.CreateTopic(ctx(), &sdk.CreateTopicInput{Name: aws.String("pa ws")})
	w.refused("bad name", err, "InvalidParameter", "Invalid parameter: Topic Name")
	_, err = w.CreateTopic(ctx(), &sdk.CreateTopicInput{Name: aws.String("paws.fifo")})
	w.refused("FIFO", err, "NotImplemented", "FIFO")
	_, err = w.CreateTopic(ctx(), &sdk.CreateTopicInput{Name: aws.String("paws"), Attributes: map[string]string{"DisplayName": "Cats"}})
	w.refused("other attributes", err, "InvalidParameter", "already exists with different attributes")
	must[*sdk.SetTopicAttributesOutput](w)(w.SetTopicAttributes(ctx(), &sdk.SetTopicAttributesInput{TopicArn: arn, AttributeName: aws.String("DisplayName"), AttributeValue: aws.String("Cats")}))
	_, err = w.SetTopicAttributes(ctx(), &sdk.SetTopicAttributesInput{TopicArn: arn, AttributeName: aws.String("Owner"), AttributeValue: aws.String("x")})
	w.refused("read-only attribute", err, "InvalidParameter", "AttributeName")
	a := must[*sdk.GetTopicAttributesOutput](w)(w.GetTopicAttributes(ctx(), &sdk.GetTopicAttributesInput{TopicArn: arn})).Attributes
	if a["DisplayName"] != "Cats" || a["Owner"] != "123456789012" || a["SubscriptionsConfirmed"] != "0" || !json.Valid([]byte(a["Policy"])) {
		t.Errorf("attributes %v", a)
	}
	must[*sdk.TagResourceOutput](w)(w.TagResource(ctx(), &sdk.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}))
	if tags := must[*sdk.ListTagsForResourceOutput](w)(w.ListTagsForResource(ctx(), &sdk.ListTagsForResourceInput{ResourceArn: arn})).Tags; len(tags) != 1 {
		t.Errorf("tags %v", tags)
	}
	for i := range 120 {
		w.topic(fmt.Sprintf("t%03d", i))
	}
	n := 0
	for p := sdk.NewListTopicsPaginator(w, &sdk.ListTopicsInput{}); p.HasMorePages(); {
		n += len(must[*sdk.ListTopicsOutput](w)(p.NextPage(ctx())).Topics)
	}
	if n != 121 {
		t.Errorf("%d topics", n)
	}
	if got := must[*sdk.ListTopicsOutput](w)(w.in("eu-west-1").ListTopics(ctx(), &sdk.ListTopicsInput{})).Topics; len(got) != 0 {
		t.Errorf("in another region: %v", got)
	}
	must[*sdk.DeleteTopicOutput](w)(w.DeleteTopic(ctx(), &sdk.DeleteTopicInput{TopicArn: arn}))
	must[*sdk.DeleteTopicOutput](w)(w.DeleteTopic(ctx(), &sdk.DeleteTopicInput{TopicArn: arn}))
	_, err = w.GetTopicAttributes(ctx(), &sdk.GetTopicAttributesInput{TopicArn: arn})
	w.refused("deleted", err, "NotFound", "Topic does not exist")
	_, err = w.GetTopicAttributes(ctx(), &sdk.GetTopicAttributesInput{TopicArn: aws.String("cats")})
	w.refused("no ARN", err, "InvalidParameter", "TopicArn")
}

func TestEmailSubscriptionsAreConfirmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic("paws")
	if got := w.subscribe(topic, "email", "mike@example.com"); *got != "pending confirmation" {
		t.Errorf("subscribed: %s", *got)
	}
	publish := func() {
		must[*sdk.PublishOutput](w)(w.Publish(ctx(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("hello"), Subject: aws.String("Cats")}))
	}
	publish()
	letters := w.cloud.Outbox()
	if len(letters) != 1 || letters[0].To != "mike@example.com" || !strings.Contains(letters[0].Subject, "Subscription Confirmation") {
		t.Fatalf("before it is confirmed: %+v", letters)
	}
	list := must[*sdk.ListSubscriptionsByTopicOutput](w)(w.ListSubscriptionsByTopic(ctx(), &sdk.ListSubscriptionsByTopicInput{TopicArn: topic})).Subscriptions
	if len(list) != 1 || *list[0].SubscriptionArn != "PendingConfirmation" {
		t.Errorf("listed: %+v", list)
	}
	lines := strings.Split(strings.TrimSpace(letters[0].Body), "\n")
	token := lines[len(lines)-1]
	_, err := w.ConfirmSubscription(ctx(), &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: aws.String("x")})
	w.refused("wrong token", err, "InvalidParameter", "Token")
	sub := must[*sdk.ConfirmSubscriptionOutput](w)(w.ConfirmSubscription(ctx(), &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: &token})).SubscriptionArn
	if again := must[*sdk.ConfirmSubscriptionOutput](w)(w.ConfirmSubscription(ctx(), &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: &token})).SubscriptionArn; *again != *sub {
		t.Errorf("confirmed twice: %s, %s", *sub, *again)
	}
	publish()
	if letters = w.cloud.Outbox(); len(letters) != 2 || letters[1].Subject != "Cats" || letters[1].Body != "hello" {
		t.Errorf("letters %+v", letters)
	}
	must[*sdk.UnsubscribeOutput](w)(w.Unsubscribe(ctx(), &sdk.UnsubscribeInput{SubscriptionArn: sub}))
	publish()
	if n := len(w.cloud.Outbox()); n != 2 {
		t.Errorf("%d letters after the end", n)
	}
}

func TestQueuesGetMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic("paws")
	sub := w.subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:123456789012:q")
	w.subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:123456789012:raw", "RawMessageDelivery", "true")
	w.subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:123456789012:gone")
	if again := w.subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:123456789012:q"); *again != *sub {
		t.Errorf("subscribed twice: %s, %s", *sub, *again)
	}
	must[*sdk.PublishOutput](w)(w.Publish(ctx(), &sdk.PublishInput{TopicArn: topic, MessageStructure: aws.String("json"), Message: aws.String(`{"default":"hi","sqs":"hi queue"}`),
		MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("cat")}}}))
	if len(w.queues.bodies) != 2 || w.queues.bodies[1] != "hi queue" || *w.queues.attributes[1]["kind"].StringValue != "cat" {
		t.Fatalf("delivered %q %v", w.queues.bodies, w.queues.attributes)
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(w.queues.bodies[0]), &doc); err != nil || doc["Message"] != "hi queue" || doc["Type"] != "Notification" || doc["TopicArn"] != *topic {
		t.Errorf("envelope %v", doc)
	}
	if err := w.cloud.Notify(*topic, "ALARM", "fire"); err != nil || len(w.queues.bodies) != 4 {
		t.Errorf("notified: %v, %d messages", err, len(w.queues.bodies))
	}
	if err := w.cloud.Notify("arn:aws:sns:us-east-1:123456789012:none", "s", "m"); err == nil {
		t.Error("notified no topic")
	}
	a := must[*sdk.GetSubscriptionAttributesOutput](w)(w.GetSubscriptionAttributes(ctx(), &sdk.GetSubscriptionAttributesInput{SubscriptionArn: sub})).Attributes
	if a["RawMessageDelivery"] != "false" || a["PendingConfirmation"] != "false" {
		t.Errorf("attributes %v", a)
	}
	must[*sdk.SetSubscriptionAttributesOutput](w)(w.SetSubscriptionAttributes(ctx(), &sdk.SetSubscriptionAttributesInput{SubscriptionArn: sub, AttributeName: aws.String("RawMessageDelivery"), AttributeValue: aws.String("true")}))
	_, err := w.SetSubscriptionAttributes(ctx(), &sdk.SetSubscriptionAttributesInput{SubscriptionArn: sub, AttributeName: aws.String("FilterPolicy"), AttributeValue: aws.String("{}")})
	w.refused("filter", err, "NotImplemented", "FilterPolicy")
	if n := len(must[*sdk.ListSubscriptionsOutput](w)(w.ListSubscriptions(ctx(), &sdk.ListSubscriptionsInput{})).Subscriptions); n != 3 {
		t.Errorf("%d subscriptions", n)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic := w.topic("paws")
	for _, tt := range []struct{ protocol, endpoint, code, text string }{
		{"pigeon", "x", "InvalidParameter", "Does not support this protocol: pigeon"},
		{"email", "mike", "InvalidParameter", "Invalid email endpoint"},
		{"sms", "call me", "InvalidParameter", "SMS endpoint"},
		{"sqs", "paws", "InvalidParameter", "SQS endpoint ARN"},
		{"http", "http://example.com", "NotImplemented", "loopback only"},
	} {
		_, err := w.Subscribe(ctx(), &sdk.SubscribeInput{TopicArn: topic, Protocol: &tt.protocol, Endpoint: &tt.endpoint})
		w.refused(tt.protocol, err, tt.code, tt.text)
	}
	for _, tt := range []struct {
		in         sdk.PublishInput
		code, text string
	}{
		{sdk.PublishInput{TopicArn: topic, Message: aws.String("")}, "InvalidParameter", "Empty message"},
		{sdk.PublishInput{Message: aws.String("x")}, "InvalidParameter", "TopicArn or TargetArn"},
		{sdk.PublishInput{TopicArn: aws.String(*topic + "x"), Message: aws.String("x")}, "NotFound", "Topic does not exist"},
		{sdk.PublishInput{TopicArn: topic, Message: aws.String(strings.Repeat("x", maxMessage+1))}, "InvalidParameter", "Message too long"},
		{sdk.PublishInput{TopicArn: topic, Message: aws.String("x"), Subject: aws.String(strings.Repeat("x", 101))}, "InvalidParameter", "Subject"},
		{sdk.PublishInput{TopicArn: topic, Message: aws.String("x"), MessageStructure: aws.String("json")}, "InvalidParameter", "failed to parse"},
		{sdk.PublishInput{TopicArn: topic, Message: aws.String("{}"), MessageStructure: aws.String("json")}, "InvalidParameter", "No default entry"},
	} {
		_, err := w.Publish(ctx(), &tt.in)
		w.refused(tt.text, err, tt.code, tt.text)
	}
	out := must[*sdk.PublishBatchOutput](w)(w.PublishBatch(ctx(), &sdk.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{{Id: aws.String("a"), Message: aws.String("x")}, {Id: aws.String("b"), Message: aws.String("")}}}))
	if len(out.Successful) != 1 || len(out.Failed) != 1 || *out.Failed[0].Id != "b" {
		t.Errorf("batch %+v", out)
	}
	_, err := w.Unsubscribe(ctx(), &sdk.UnsubscribeInput{SubscriptionArn: aws.String("pending confirmation")})
	w.refused("unsubscribe what is pending", err, "InvalidParameter", "SubscriptionArn")
	must[*sdk.PublishOutput](w)(w.Publish(ctx(), &sdk.PublishInput{PhoneNumber: aws.String("+15551234567"), Message: aws.String("purr")}))
	if l := w.cloud.Outbox(); len(l) != 1 || l[0].Protocol != "sms" || l[0].Body != "purr" {
		t.Errorf("letters %+v", l)
	}
}

const maxMessage = 262144
