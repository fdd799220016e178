package sandbox

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// TestClockFiresAllAtOnce sets the clock forward once: the instance runs, the
// snapshot is done, the delayed message is there, the alarm has rung and told.
func TestClockFiresAllAtOnce(t *testing.T) {
	t.Parallel()
	clock := newHand()
	s := start(t, Options{Now: clock.now})
	ctx, cfg := t.Context(), config(s)
	e, q, n, w := ec2.NewFromConfig(cfg), sqs.NewFromConfig(cfg), sns.NewFromConfig(cfg), cloudwatch.NewFromConfig(cfg)
	id := must(e.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-7341831a"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}))(t).Instances[0].InstanceId
	volume := must(e.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1)}))(t).VolumeId
	if err := s.SetClock("+1m"); err != nil {
		t.Fatal(err)
	}
	snapshot := must(e.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume}))(t)
	queue := must(q.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("late")}))(t).QueueUrl
	must(q.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("late"), DelaySeconds: 900}))(t)
	topic := must(n.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("alarms")}))(t).TopicArn
	must(n.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("cat@example.com")}))(t)
	letters := s.Outbox()
	if len(letters) != 1 || !strings.HasPrefix(letters[0].Link, s.URL()) {
		t.Fatalf("outbox %+v", letters)
	}
	res := must(http.Get(letters[0].Link))(t) // as a person who clicks on it
	text := must(io.ReadAll(res.Body))(t)
	res.Body.Close()
	if res.StatusCode != http.StatusOK || !strings.Contains(string(text), *topic) {
		t.Fatalf("the link: %s %s", res.Status, text)
	}
	must(w.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: aws.String("busy"), Namespace: aws.String("AWS/EC2"), MetricName: aws.String("CPUUtilization"), Statistic: cwtypes.StatisticMaximum,
		Dimensions: []cwtypes.Dimension{{Name: aws.String("InstanceId"), Value: id}}, Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(0.001),
		ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, AlarmActions: []string{*topic}}))(t)
	if err := s.SetClock("+1h"); err != nil {
		t.Fatal(err)
	}
	if letters := s.Outbox(); len(letters) != 2 || !strings.Contains(letters[1].Subject, "ALARM") {
		t.Errorf("outbox %+v", letters)
	}
	if state := must(e.DescribeInstances(ctx, nil))(t).Reservations[0].Instances[0].State.Name; state != types.InstanceStateNameRunning {
		t.Errorf("the instance is %s", state)
	}
	if got := must(e.DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{*snapshot.SnapshotId}}))(t).Snapshots[0].State; got != types.SnapshotStateCompleted {
		t.Errorf("the snapshot is %s", got)
	}
	if got := must(q.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue}))(t).Messages; len(got) != 1 {
		t.Errorf("%d messages", len(got))
	}
	for text, want := range map[string]string{"+1 hour": "want a length", "-1h": "forward only", "2001-01-01": "forward only", "": "want +1h"} {
		if err := s.SetClock(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("SetClock(%q) = %v, want %q", text, err, want)
		}
	}
	if err := s.SetClock("real"); err != nil || s.Ahead() != 0 {
		t.Errorf("real: %v, %v ahead", err, s.Ahead())
	}
}

func TestMFADeleteWantsTheDevicesCode(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Now: newHand().now})
	ctx, b := t.Context(), s3.NewFromConfig(config(s), func(o *s3.Options) { o.UsePathStyle = true })
	must(b.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("paws")}))(t)
	put := func(mfa string) error {
		_, err := b.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String("paws"), MFA: &mfa,
			VersioningConfiguration: &s3types.VersioningConfiguration{Status: "Enabled", MFADelete: "Enabled"}})
		return err
	}
	d := s.Device()
	other := "000000"
	if d.Code == other {
		other = "000001"
	}
	wantCode(t, put("1234 "+d.Code), "AccessDenied")
	wantCode(t, put(d.Serial+" "+other), "AccessDenied")
	if err := put(d.Serial + " " + d.Code); err != nil {
		t.Error(err)
	}
	if text := s.DescribeDevice(); !strings.Contains(text, d.Code) || !strings.Contains(text, d.Serial) {
		t.Error(text)
	}
}

func TestBillAndCounts(t *testing.T) {
	t.Parallel()
	clock := newHand()
	s := start(t, Options{Now: clock.now})
	if got := s.DescribeBill(); !strings.Contains(got, "nothing") {
		t.Error(got)
	}
	populate(t, s, clock)
	items := map[string]float64{}
	for _, i := range s.Bill() {
		if !i.Known {
			t.Errorf("%s has no price", i.What)
		}
		items[i.What] = i.N * i.Hourly
	}
	for what, want := range map[string]float64{"m1.small running": 0.044, "public IPv4 addresses": 0.005, "snapshots": 0.05 / 730, "alarms": 0.1 / 730} {
		if got := items[what]; got < want*0.999 || got > want*1.001 {
			t.Errorf("%s costs %v, want %v; all: %v", what, got, want, items)
		}
	}
	if got := s.DescribeBill(); !strings.Contains(got, "together") || !strings.Contains(got, priceDate) {
		t.Error(got)
	}
	text := s.Describe()
	for _, want := range []string{s.URL(), "1 instance running", "3 buckets", "1 alarm", "5 messages", "1 letter in the outbox", "in memory"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
