package sandbox

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestManyClientsAtOnce lets 50 clients use all services at the same time, on
// things of their own and on the same ones, while the clock is set forward,
// the state is saved and the journal merged. It is there for the race
// detector, and counts what must have come of it.
func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{"memory": "", "directory": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, Options{Dir: dir})
			cfg := config(s)
			cfg.RetryMaxAttempts = 5 // a connection may be lost on loopback
			ctx := t.Context()
			b := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
			must(b.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("paws")}))(t)
			queue := must(sqs.NewFromConfig(cfg).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("paws")}))(t).QueueUrl
			topic := must(sns.NewFromConfig(cfg).CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("paws")}))(t).TopicArn
			must(sns.NewFromConfig(cfg).Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:123456789012:paws")}))(t)
			const clients = 50
			var wg sync.WaitGroup
			for n := range clients {
				wg.Go(func() {
					if err := useAll(ctx, cfg, n, queue, topic); err != nil {
						t.Errorf("client %d: %v", n, err)
					}
				})
			}
			done := make(chan struct{})
			var meddler sync.WaitGroup
			meddler.Go(func() { // what the shell does meanwhile
				for i := 0; ; i++ {
					select {
					case <-done:
						return
					case <-time.After(time.Millisecond):
					}
					s.Describe()
					s.DescribeOutbox()
					s.DescribeBill()
					if i%20 == 0 {
						if err := s.Save(t.TempDir() + "/saved"); err != nil {
							t.Error(err)
						}
						if err := s.SetClock("+1s"); err != nil {
							t.Error(err)
						}
					}
				}
			})
			wg.Wait()
			close(done)
			meddler.Wait()
			counts := map[string]int64{}
			for _, list := range s.Counts() {
				for _, c := range list {
					counts[c.Many] = c.N
				}
			}
			for what, want := range map[string]int64{"objects": clients, "users": clients, "key pairs": clients, "alarms": clients, "volumes": 2 * clients} {
				if counts[what] != want {
					t.Errorf("%d %s, want %d", counts[what], what, want)
				}
			}
		})
	}
}

// useAll uses each service once or twice, as client n.
func useAll(ctx context.Context, cfg aws.Config, n int, queue, topic *string) error {
	name := aws.String(fmt.Sprint("paws", n))
	b := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	e, q := ec2.NewFromConfig(cfg), sqs.NewFromConfig(cfg)
	for _, step := range []func() error{
		func() error {
			_, err := b.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("paws"), Key: name, Body: strings.NewReader(strings.Repeat("x", n*3000))})
			return err
		},
		func() error {
			out, err := b.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: name})
			if err != nil {
				return err
			}
			defer out.Body.Close()
			got, err := io.Copy(io.Discard, out.Body)
			if err == nil && got != int64(n*3000) {
				err = fmt.Errorf("%d bytes came back", got)
			}
			return err
		},
		func() error {
			_, err := b.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("paws")})
			return err
		},
		func() error {
			_, err := e.CreateKeyPair(ctx, &ec2.CreateKeyPairInput{KeyName: name, KeyType: types.KeyTypeEd25519})
			return err
		},
		func() error {
			_, err := e.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1)})
			return err
		},
		func() error {
			out, err := e.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-7341831a"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), KeyName: name})
			if err != nil {
				return err
			}
			_, err = e.GetConsoleOutput(ctx, &ec2.GetConsoleOutputInput{InstanceId: out.Instances[0].InstanceId})
			return err
		},
		func() error {
			_, err := e.DescribeInstances(ctx, nil)
			return err
		},
		func() error {
			_, err := q.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue, MessageBody: name})
			return err
		},
		func() error {
			_, err := sns.NewFromConfig(cfg).Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: name})
			return err
		},
		func() error {
			out, err := q.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: 5})
			if err != nil {
				return err
			}
			for _, m := range out.Messages {
				if _, err := q.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
					return err
				}
			}
			return nil
		},
		func() error {
			_, err := iam.NewFromConfig(cfg).CreateUser(ctx, &iam.CreateUserInput{UserName: name})
			return err
		},
		func() error {
			_, err := sts.NewFromConfig(cfg).GetSessionToken(ctx, nil)
			return err
		},
		func() error {
			w := cloudwatch.NewFromConfig(cfg)
			_, err := w.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: name, Namespace: aws.String("Paws"), MetricName: name, Statistic: cwtypes.StatisticSum,
				Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, AlarmActions: []string{*topic}})
			if err != nil {
				return err
			}
			_, err = w.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("Paws"), MetricData: []cwtypes.MetricDatum{{MetricName: name, Value: aws.Float64(5)}}})
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
