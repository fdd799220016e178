package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
)

// subject is something that values can be written to and read back from. The
// empty value stands for what is not there.
type subject struct {
	name  string
	keys  int  // how many are in use
	gap   bool // a value is taken away before the next is there
	write func(ctx context.Context, c aws.Config, key, value string) error
	read  func(ctx context.Context, c aws.Config, key string) (string, error)
}

// has turns an error with one of codes into what is not there.
func has(v string, err error, codes ...string) (string, error) {
	var e smithy.APIError
	if errors.As(err, &e) {
		for _, c := range codes {
			if e.ErrorCode() == c {
				return "", nil
			}
		}
	}
	return v, err
}

func s3of(c aws.Config) *s3.Client {
	return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
}

// content is the body that stands for a value: its size is in the value.
func content(value string) []byte {
	_, size, _ := strings.Cut(value, "-")
	n, _ := strconv.Atoi(size)
	b := bytes.Repeat([]byte(value+"|"), n/len(value)+1)
	return b[:max(n, len(value)+1)]
}

// valueOf is the value that a body stands for, or says that it is damaged.
func valueOf(b []byte) string {
	value, _, _ := strings.Cut(string(b), "|")
	if !bytes.Equal(content(value), b) {
		return fmt.Sprintf("damaged: %d bytes of %s", len(b), value)
	}
	return value
}

func readObject(ctx context.Context, c aws.Config, bucket, key string) (string, error) {
	o, err := s3of(c).GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return has("", err, "NoSuchKey", "NotFound")
	}
	defer o.Body.Close()
	b, err := io.ReadAll(o.Body)
	return valueOf(b), err
}

func objects(bucket string) subject {
	return subject{
		name: bucket, keys: 20,
		write: func(ctx context.Context, c aws.Config, key, value string) error {
			if value == "" {
				_, err := s3of(c).DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
				return err
			}
			_, err := s3of(c).PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(content(value))})
			return err
		},
		read: func(ctx context.Context, c aws.Config, key string) (string, error) {
			return readObject(ctx, c, bucket, key)
		},
	}
}

var uploads = subject{
	name: "uploads", keys: 5,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		bucket, b := aws.String("objects"), s3of(c)
		key = "parts-" + key
		if value == "" {
			_, err := b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &key})
			return err
		}
		up, err := b.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: &key})
		if err != nil {
			return err
		}
		part, err := b.UploadPart(ctx, &s3.UploadPartInput{Bucket: bucket, Key: &key, UploadId: up.UploadId, PartNumber: aws.Int32(1), Body: bytes.NewReader(content(value))})
		if err != nil {
			return err
		}
		_, err = b.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: &key, UploadId: up.UploadId,
			MultipartUpload: &s3types.CompletedMultipartUpload{Parts: []s3types.CompletedPart{{PartNumber: aws.Int32(1), ETag: part.ETag}}}})
		return err
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		return readObject(ctx, c, "objects", "parts-"+key)
	},
}

// queues hold one message each, which is seen without being hidden.
var queues = subject{
	name: "queues", keys: 20,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		q := sqs.NewFromConfig(c)
		if _, err := q.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &key, Attributes: map[string]string{"VisibilityTimeout": "0"}}); err != nil {
			return err
		}
		sent := ""
		if value != "" {
			out, err := q.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queueURL(c, key), MessageBody: &value})
			if err != nil {
				return err
			}
			sent = *out.MessageId
		}
		for { // what was there before goes
			out, err := q.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queueURL(c, key)})
			if err != nil || len(out.Messages) == 0 || *out.Messages[0].MessageId == sent {
				return err
			}
			if _, err := q.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queueURL(c, key), ReceiptHandle: out.Messages[0].ReceiptHandle}); err != nil {
				return err
			}
		}
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		out, err := sqs.NewFromConfig(c).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queueURL(c, key)})
		if err != nil {
			return has("", err, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
		}
		for _, m := range out.Messages {
			return *m.Body, nil
		}
		return "", nil
	},
}

func queueURL(c aws.Config, name string) *string {
	return aws.String(*c.BaseEndpoint + "/123456789012/" + name)
}

var groups = subject{
	name: "groups", keys: 20, gap: true,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		e := ec2.NewFromConfig(c)
		if value == "" {
			_, err := e.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupName: &key})
			_, err = has("", err, "InvalidGroup.NotFound")
			return err
		}
		if _, err := e.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupName: &key}); err != nil {
			if _, err = has("", err, "InvalidGroup.NotFound"); err != nil {
				return err
			}
		}
		_, err := e.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &key, Description: &value})
		return err
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		out, err := ec2.NewFromConfig(c).DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{{Name: aws.String("group-name"), Values: []string{key}}}})
		if err != nil || len(out.SecurityGroups) == 0 {
			return "", err
		}
		return *out.SecurityGroups[0].Description, nil
	},
}

// instances are launched and named once; their names change.
var instances = subject{
	name: "instances", keys: 8,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		e := ec2.NewFromConfig(c)
		x, err := instanceOf(ctx, e, key)
		switch {
		case err != nil:
			return err
		case x == nil && value == "":
			return nil
		case x == nil:
			_, err = e.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-7341831a"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), InstanceType: "t1.micro",
				TagSpecifications: []types.TagSpecification{{ResourceType: "instance", Tags: []types.Tag{{Key: aws.String("key"), Value: &key}, {Key: aws.String("value"), Value: &value}}}}})
		case value == "":
			_, err = e.DeleteTags(ctx, &ec2.DeleteTagsInput{Resources: []string{*x.InstanceId}, Tags: []types.Tag{{Key: aws.String("value")}}})
		default:
			_, err = e.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{*x.InstanceId}, Tags: []types.Tag{{Key: aws.String("value"), Value: &value}}})
		}
		return err
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		x, err := instanceOf(ctx, ec2.NewFromConfig(c), key)
		if err != nil || x == nil {
			return "", err
		}
		for _, t := range x.Tags {
			if *t.Key == "value" {
				return *t.Value, nil
			}
		}
		return "", nil
	},
}

func instanceOf(ctx context.Context, e *ec2.Client, key string) (*types.Instance, error) {
	out, err := e.DescribeInstances(ctx, &ec2.DescribeInstancesInput{Filters: []types.Filter{{Name: aws.String("tag:key"), Values: []string{key}}}})
	if err != nil || len(out.Reservations) == 0 {
		return nil, err
	}
	return &out.Reservations[0].Instances[0], nil
}

var users = subject{
	name: "users", keys: 20,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		i := iam.NewFromConfig(c)
		if value == "" {
			_, err := i.DeleteUser(ctx, &iam.DeleteUserInput{UserName: &key})
			_, err = has("", err, "NoSuchEntity")
			return err
		}
		path := aws.String("/" + value + "/")
		_, err := i.UpdateUser(ctx, &iam.UpdateUserInput{UserName: &key, NewPath: path})
		var e smithy.APIError
		if errors.As(err, &e) && e.ErrorCode() == "NoSuchEntity" {
			_, err = i.CreateUser(ctx, &iam.CreateUserInput{UserName: &key, Path: path})
		}
		return err
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		out, err := iam.NewFromConfig(c).GetUser(ctx, &iam.GetUserInput{UserName: &key})
		if err != nil {
			return has("", err, "NoSuchEntity")
		}
		return strings.Trim(*out.User.Path, "/"), nil
	},
}

var topics = subject{
	name: "topics", keys: 20,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		n, arn := sns.NewFromConfig(c), "arn:aws:sns:us-east-1:123456789012:"+key
		if value == "" {
			_, err := n.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: &arn})
			return err
		}
		_, err := n.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: &arn, AttributeName: aws.String("DisplayName"), AttributeValue: &value})
		var e smithy.APIError
		if errors.As(err, &e) && e.ErrorCode() == "NotFound" {
			_, err = n.CreateTopic(ctx, &sns.CreateTopicInput{Name: &key, Attributes: map[string]string{"DisplayName": value}})
		}
		return err
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		out, err := sns.NewFromConfig(c).GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:" + key)})
		if err != nil {
			return has("", err, "NotFound")
		}
		return out.Attributes["DisplayName"], nil
	},
}

var alarms = subject{
	name: "alarms", keys: 20,
	write: func(ctx context.Context, c aws.Config, key, value string) error {
		w := cloudwatch.NewFromConfig(c)
		if value == "" {
			_, err := w.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{key}})
			_, err = has("", err, "ResourceNotFound")
			return err
		}
		_, err := w.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: &key, AlarmDescription: &value, Namespace: aws.String("Paws"), MetricName: aws.String("Heat"), Statistic: cwtypes.StatisticSum,
			Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold})
		return err
	},
	read: func(ctx context.Context, c aws.Config, key string) (string, error) {
		out, err := cloudwatch.NewFromConfig(c).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{key}})
		if err != nil || len(out.MetricAlarms) == 0 {
			return "", err
		}
		return *out.MetricAlarms[0].AlarmDescription, nil
	},
}

// prepare makes what the subjects live in.
func prepare(ctx context.Context, c aws.Config) error {
	b := s3of(c)
	for _, name := range []string{"objects", "versions"} {
		if _, err := b.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name}); err != nil {
			return err
		}
	}
	_, err := b.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String("versions"), VersioningConfiguration: &s3types.VersioningConfiguration{Status: "Enabled"}})
	return err
}
