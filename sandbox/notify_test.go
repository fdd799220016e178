package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func TestBucketsNotify(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := t.Context()
	b := s3.NewFromConfig(config(s), func(o *s3.Options) { o.UsePathStyle = true })
	queues, topics := sqs.NewFromConfig(config(s)), sns.NewFromConfig(config(s))
	bucket := aws.String("paws")
	must(b.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))(t)
	url := must(queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("events")}))(t).QueueUrl
	behind := must(queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("behind")}))(t).QueueUrl
	topic := must(topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("events")}))(t).TopicArn
	must(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:123456789012:behind"), Attributes: map[string]string{"RawMessageDelivery": "true"}}))(t)
	configure := func(n types.NotificationConfiguration) error {
		_, err := b.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: bucket, NotificationConfiguration: &n})
		return err
	}
	queue := func(arn string, events ...types.Event) types.NotificationConfiguration {
		return types.NotificationConfiguration{QueueConfigurations: []types.QueueConfiguration{{QueueArn: &arn, Events: events,
			Filter: &types.NotificationConfigurationFilter{Key: &types.S3KeyFilter{FilterRules: []types.FilterRule{{Name: "prefix", Value: aws.String("in/")}, {Name: "suffix", Value: aws.String(".jpg")}}}}}}}
	}
	wantCode(t, configure(queue("arn:aws:sqs:us-east-1:123456789012:none", "s3:ObjectCreated:*")), "InvalidArgument")
	wantCode(t, configure(queue("arn:aws:sqs:us-east-1:123456789012:events", "s3:ObjectEaten")), "InvalidArgument")
	n := queue("arn:aws:sqs:us-east-1:123456789012:events", "s3:ObjectCreated:*", "s3:ObjectRemoved:Delete")
	n.TopicConfigurations = []types.TopicConfiguration{{TopicArn: topic, Events: []types.Event{"s3:ObjectRemoved:*"}}}
	if err := configure(n); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"in/a b.jpg", "in/x.txt", "out/x.jpg"} {
		must(b.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader("paw")}))(t)
	}
	must(b.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("in/copy.jpg"), CopySource: aws.String("paws/in/x.txt")}))(t)
	must(b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String("in/copy.jpg")}))(t)
	must(b.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("out/x.jpg")}}}}))(t)
	heard := func(url *string) (names []string) {
		for {
			out := must(queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10}))(t)
			if len(out.Messages) == 0 {
				slices.Sort(names)
				return names
			}
			for _, m := range out.Messages {
				var e struct {
					Event   string
					Records []struct {
						EventName string
						S3        struct{ Object struct{ Key string } }
					}
				}
				if err := json.Unmarshal([]byte(*m.Body), &e); err != nil {
					t.Fatalf("%s: %v", *m.Body, err)
				}
				if e.Event != "" {
					names = append(names, e.Event)
				}
				for _, r := range e.Records {
					names = append(names, r.EventName+" "+r.S3.Object.Key)
				}
			}
		}
	}
	if got := heard(url); !slices.Equal(got, []string{"ObjectCreated:Copy in/copy.jpg", "ObjectCreated:Put in/a+b.jpg", "ObjectRemoved:Delete in/copy.jpg", "s3:TestEvent"}) {
		t.Errorf("the queue heard %q", got)
	}
	if got := heard(behind); !slices.Equal(got, []string{"ObjectRemoved:Delete in/copy.jpg", "ObjectRemoved:Delete out/x.jpg", "s3:TestEvent"}) {
		t.Errorf("the topic heard %q", got)
	}
}
