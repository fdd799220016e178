package sandbox

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwschemas "github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqsschemas "github.com/aws/aws-sdk-go-v2/service/sqs/schemas"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"pawsh/sandbox/internal/steady"
)

// config points the SDK's clients at s, with its root's key.
func config(s *Server) aws.Config {
	id, secret := s.Credentials()
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(s.URL()), RetryMaxAttempts: 1, HTTPClient: &steady.Client{},
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	}
}

// must fails the test on an error, and gives the value.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code {
		t.Fatalf("error %v, want %s", err, code)
	}
}

func TestSDKec2Query(t *testing.T) {
	t.Parallel()
	c, ctx := ec2.NewFromConfig(config(start(t, Options{}))), t.Context()
	zones := must(c.DescribeAvailabilityZones(ctx, nil))(t).AvailabilityZones
	if len(zones) == 0 || *zones[0].RegionName != "us-east-1" {
		t.Fatalf("zones %+v", zones)
	}
	images := must(c.DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"amazon"}}))(t).Images
	run := must(c.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: images[0].ImageId, MinCount: aws.Int32(1), MaxCount: aws.Int32(2),
		TagSpecifications: []types.TagSpecification{{ResourceType: "instance", Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("paws & claws")}}}},
	}))(t)
	if len(run.Instances) != 2 {
		t.Fatalf("%d instances", len(run.Instances))
	}
	found := must(c.DescribeInstances(ctx, &ec2.DescribeInstancesInput{Filters: []types.Filter{{Name: aws.String("tag:Name"), Values: []string{"paws*"}}}}))(t)
	if len(found.Reservations) != 1 || len(found.Reservations[0].Instances) != 2 {
		t.Fatalf("found %+v", found.Reservations)
	}
	_, err := c.DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{"i-0123456789abcdef0"}})
	wantCode(t, err, "InvalidInstanceID.NotFound")
	_, err = c.DescribeFleets(ctx, nil)
	wantCode(t, err, "NotImplemented")
}

func TestSDKrestXml(t *testing.T) {
	t.Parallel()
	c, ctx := s3.NewFromConfig(config(start(t, Options{}))), t.Context()
	bucket := aws.String("paws")
	must(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))(t)
	must(c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("a b"), Body: strings.NewReader("hello"), Metadata: map[string]string{"paw": "left"}}))(t)
	part := must(c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("a b"), Range: aws.String("bytes=1-3")}))(t)
	if b := must(io.ReadAll(part.Body))(t); string(b) != "ell" || part.Metadata["paw"] != "left" {
		t.Errorf("%q, %v", b, part.Metadata)
	}
	list := must(c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket}))(t)
	if len(list.Contents) != 1 || *list.Contents[0].Key != "a b" || *list.Contents[0].Size != 5 {
		t.Errorf("%+v", list.Contents)
	}
	_, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("none")})
	wantCode(t, err, "NoSuchKey")
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket})
	wantCode(t, err, "BucketNotEmpty")
}

func TestSDKawsJSONandQuery(t *testing.T) {
	t.Parallel()
	cfg := config(start(t, Options{}))
	ctx := t.Context()
	for name, c := range map[string]*sqs.Client{
		"json":  sqs.NewFromConfig(cfg),
		"query": sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.Protocol = awsquery.New(sqsschemas.AmazonSQS) }),
	} {
		q := must(c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name}))(t)
		// the client checks the MD5 of what it sends and receives
		must(c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: q.QueueUrl, MessageBody: aws.String("hello <&>")}))(t)
		got := must(c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: q.QueueUrl}))(t)
		if len(got.Messages) != 1 || *got.Messages[0].Body != "hello <&>" {
			t.Errorf("%s: %+v", name, got.Messages)
		}
		_, err := c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("none")})
		var none *sqstypes.QueueDoesNotExist
		if !errors.As(err, &none) {
			t.Errorf("%s: error %v is not the typed one", name, err)
		}
	}
}

func TestSDKcloudwatch(t *testing.T) {
	t.Parallel()
	cfg := config(start(t, Options{}))
	ctx := t.Context()
	for name, c := range map[string]*cloudwatch.Client{
		"cbor": cloudwatch.NewFromConfig(cfg),
		"json": cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
			o.Protocol = awsjson.New10(cwschemas.GraniteServiceVersion20100801)
		}),
		"query": cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) {
			o.Protocol = awsquery.New(cwschemas.GraniteServiceVersion20100801)
		}),
	} {
		must(c.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: &name, MetricData: []cwtypes.MetricDatum{{MetricName: aws.String("purr"), Value: aws.Float64(1.5)}}}))(t)
		list := must(c.ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: &name}))(t)
		if len(list.Metrics) != 1 || *list.Metrics[0].MetricName != "purr" {
			t.Errorf("%s: %+v", name, list.Metrics)
		}
		_, err := c.ListDashboards(ctx, nil)
		wantCode(t, err, "NotImplemented")
	}
}

// TestSDKkeys signs with the key of a user, and of a session of that user.
func TestSDKkeys(t *testing.T) {
	t.Parallel()
	cfg := config(start(t, Options{}))
	ctx := t.Context()
	users := iam.NewFromConfig(cfg)
	must(users.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("alice")}))(t)
	pair := must(users.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("alice")}))(t).AccessKey

	as := func(id, secret, token string) *sts.Client {
		c := cfg.Copy()
		c.Credentials = credentials.NewStaticCredentialsProvider(id, secret, token)
		return sts.NewFromConfig(c)
	}
	alice := as(*pair.AccessKeyId, *pair.SecretAccessKey, "")
	if arn := *must(alice.GetCallerIdentity(ctx, nil))(t).Arn; !strings.HasSuffix(arn, ":user/alice") {
		t.Errorf("caller %s", arn)
	}
	session := must(alice.GetSessionToken(ctx, nil))(t).Credentials
	must(as(*session.AccessKeyId, *session.SecretAccessKey, *session.SessionToken).GetCallerIdentity(ctx, nil))(t)
	_, err := as(*session.AccessKeyId, *session.SecretAccessKey, "").GetCallerIdentity(ctx, nil)
	wantCode(t, err, "InvalidClientTokenId")
	must(users.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: aws.String("alice"), AccessKeyId: pair.AccessKeyId, Status: "Inactive"}))(t)
	_, err = alice.GetCallerIdentity(ctx, nil)
	wantCode(t, err, "InvalidClientTokenId")
}

// TestSDKsns publishes to a queue: one service reaches another.
func TestSDKsns(t *testing.T) {
	t.Parallel()
	cfg := config(start(t, Options{}))
	ctx := t.Context()
	topics, queues := sns.NewFromConfig(cfg), sqs.NewFromConfig(cfg)
	q := must(queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("paws")}))(t).QueueUrl
	arn := must(queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []sqstypes.QueueAttributeName{"QueueArn"}}))(t)
	topic := must(topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("paws")}))(t).TopicArn
	must(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String(arn.Attributes["QueueArn"])}))(t)
	must(topics.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: aws.String("purr")}))(t)
	got := must(queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: q}))(t)
	if len(got.Messages) != 1 || !strings.Contains(*got.Messages[0].Body, "purr") {
		t.Errorf("%+v", got.Messages)
	}
}
