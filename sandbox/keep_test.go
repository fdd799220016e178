package sandbox

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// hand is a clock that is set by hand.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func newHand() *hand { return &hand{at: time.Now().UTC().Truncate(time.Second)} }

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// populated is what populate made that describing needs.
type populated struct {
	session          aws.Credentials
	instance, upload string
	inFlight         string
}

// populate leaves something in every service. The clock stands.
func populate(t *testing.T, s *Server, clock *hand) populated {
	t.Helper()
	ctx, cfg := t.Context(), config(s)
	var out populated
	e := ec2.NewFromConfig(cfg)
	image := must(e.DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"amazon"}}))(t).Images[0].ImageId
	must(e.CreateKeyPair(ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("paws")}))(t)
	group := must(e.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: aws.String("web"), Description: aws.String("web")}))(t).GroupId
	must(e.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: group, IpPermissions: []types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}}))(t)
	data := "#!/bin/sh\necho it ran at first boot\necho kept > /root/file\n"
	run := must(e.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: image, MinCount: aws.Int32(2), MaxCount: aws.Int32(2), KeyName: aws.String("paws"),
		SecurityGroupIds: []string{*group}, UserData: aws.String(base64.StdEncoding.EncodeToString([]byte(data))), ClientToken: aws.String("once"),
		TagSpecifications: []types.TagSpecification{{ResourceType: "instance", Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("paws")}}}}}))(t)
	id := run.Instances[0].InstanceId
	out.instance = *id
	volume := must(e.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: run.Instances[0].Placement.AvailabilityZone, Size: aws.Int32(1)}))(t).VolumeId
	clock.pass(time.Minute)
	must(e.AttachVolume(ctx, &ec2.AttachVolumeInput{VolumeId: volume, InstanceId: id, Device: aws.String("/dev/sdf")}))(t)
	must(e.GetConsoleOutput(ctx, &ec2.GetConsoleOutputInput{InstanceId: id}))(t)
	snapshot := must(e.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume, Description: aws.String("first")}))(t).SnapshotId
	must(e.ModifySnapshotAttribute(ctx, &ec2.ModifySnapshotAttributeInput{SnapshotId: snapshot, OperationType: types.OperationTypeAdd, UserIds: []string{"999999999999"}, GroupNames: []string{"all"}}))(t)
	address := must(e.AllocateAddress(ctx, nil))(t)
	must(e.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: address.AllocationId, InstanceId: id}))(t)
	must(e.StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: []string{*run.Instances[1].InstanceId}}))(t)
	abroad := ec2.NewFromConfig(cfg, func(o *ec2.Options) { o.Region = "eu-west-1" })
	must(abroad.CreateKeyPair(ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("abroad"), KeyType: types.KeyTypeEd25519}))(t)

	b := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	for _, name := range []string{"paws", "paws-logs", "paws-versions"} {
		must(b.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(name)}))(t)
	}
	must(b.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String("paws-versions"), VersioningConfiguration: &s3types.VersioningConfiguration{Status: "Enabled"}}))(t)
	put := func(bucket, key string, size int) {
		must(b.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: bytes.NewReader(bytes.Repeat([]byte("pawsome!"), size/8)),
			Metadata: map[string]string{"size": fmt.Sprint(size)}, Tagging: aws.String("a=b"), ContentType: aws.String("text/x-paws")}))(t)
	}
	put("paws", "empty", 0)
	put("paws", "small", 80)
	put("paws", "large", 2<<20)
	for i := range 100 {
		put("paws", fmt.Sprintf("many/%03d", i), 8*i)
		put("paws-versions", fmt.Sprint("v", i%7), 80+8*i)
	}
	must(b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("paws-versions"), Key: aws.String("v3")}))(t)
	must(b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("paws"), Key: aws.String("many/050")}))(t)
	must(b.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{Bucket: aws.String("paws"), Key: aws.String("small"), Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: aws.String("x"), Value: aws.String("y")}}}}))(t)
	must(b.PutBucketWebsite(ctx, &s3.PutBucketWebsiteInput{Bucket: aws.String("paws"), WebsiteConfiguration: &s3types.WebsiteConfiguration{IndexDocument: &s3types.IndexDocument{Suffix: aws.String("index.html")}}}))(t)
	must(b.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String("paws"), Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::paws/*"}]}`)}))(t)
	must(b.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("paws-logs"), Key: aws.String("old"), Body: strings.NewReader("pawsome!"), StorageClass: s3types.StorageClassGlacier}))(t)
	must(b.RestoreObject(ctx, &s3.RestoreObjectInput{Bucket: aws.String("paws-logs"), Key: aws.String("old"), RestoreRequest: &s3types.RestoreRequest{Days: aws.Int32(3),
		GlacierJobParameters: &s3types.GlacierJobParameters{Tier: s3types.TierExpedited}}}))(t)
	clock.pass(5 * time.Minute)
	up := must(b.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: aws.String("paws"), Key: aws.String("parts")}))(t)
	out.upload = *up.UploadId
	must(b.UploadPart(ctx, &s3.UploadPartInput{Bucket: aws.String("paws"), Key: aws.String("parts"), UploadId: up.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader(strings.Repeat("part", 50000))}))(t)

	q := sqs.NewFromConfig(cfg)
	queue := must(q.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("paws"), Attributes: map[string]string{"VisibilityTimeout": "77"}}))(t).QueueUrl
	must(q.AddPermission(ctx, &sqs.AddPermissionInput{QueueUrl: queue, Label: aws.String("partners"), AWSAccountIds: []string{"999999999999"}, Actions: []string{"SendMessage"}}))(t)
	for i := range 5 {
		must(q.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String(fmt.Sprint("message ", i)),
			MessageAttributes: map[string]sqstypes.MessageAttributeValue{"n": {DataType: aws.String("Number"), StringValue: aws.String("7")}}}))(t)
	}
	out.inFlight = *must(q.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue}))(t).Messages[0].ReceiptHandle

	n := sns.NewFromConfig(cfg)
	topic := must(n.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("paws")}))(t).TopicArn
	must(n.AddPermission(ctx, &sns.AddPermissionInput{TopicArn: topic, Label: aws.String("partners"), AWSAccountId: []string{"999999999999"}, ActionName: []string{"Publish"}}))(t)
	must(n.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("cat@example.com")}))(t)

	w := cloudwatch.NewFromConfig(cfg)
	must(w.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{AlarmName: aws.String("hot"), Namespace: aws.String("Paws"), MetricName: aws.String("Heat"), Statistic: cwtypes.StatisticAverage,
		Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, AlarmActions: []string{*topic}}))(t)
	must(w.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("Paws"), MetricData: []cwtypes.MetricDatum{{MetricName: aws.String("Heat"), Value: aws.Float64(5), Timestamp: aws.Time(clock.now())}}}))(t)

	i := iam.NewFromConfig(cfg)
	must(i.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: aws.String("paws")}))(t)
	must(i.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("cat")}))(t)
	must(i.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("look"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}`)}))(t)
	k := must(i.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("cat")}))(t).AccessKey
	catCfg := cfg
	catCfg.Credentials = credentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, "")
	session := must(sts.NewFromConfig(catCfg).GetSessionToken(ctx, nil))(t).Credentials
	out.session = aws.Credentials{AccessKeyID: *session.AccessKeyId, SecretAccessKey: *session.SecretAccessKey, SessionToken: *session.SessionToken}
	clock.pass(time.Minute)
	return out
}

// described is all that the services tell of what is in them.
func described(t *testing.T, s *Server, p populated) string {
	t.Helper()
	ctx, cfg := t.Context(), config(s)
	var all strings.Builder
	show := func(v any, err error) {
		t.Helper()
		if err != nil {
			var e smithy.APIError
			fmt.Fprintf(&all, "%T %t %s\n", v, errors.As(err, &e), e.ErrorCode())
			return
		}
		b, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.SplitSeq(string(b), "\n") {
			if !strings.Contains(line, "127.0.0.1:") { // the port of this sandbox
				lines = append(lines, line)
			}
		}
		text := strings.Join(lines, "\n")
		if i := strings.Index(text, `"ResultMetadata"`); i >= 0 {
			text = text[:i]
		}
		fmt.Fprintf(&all, "%T %s\n", v, text)
	}
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		e := ec2.NewFromConfig(cfg, func(o *ec2.Options) { o.Region = region })
		show(e.DescribeVpcs(ctx, nil))
		show(e.DescribeSubnets(ctx, nil))
		show(e.DescribeKeyPairs(ctx, nil))
		show(e.DescribeSecurityGroups(ctx, nil))
		show(e.DescribeInstances(ctx, nil))
		show(e.DescribeInstanceStatus(ctx, nil))
		show(e.DescribeVolumes(ctx, nil))
		show(e.DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}}))
		for _, s := range must(e.DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}}))(t).Snapshots {
			show(e.DescribeSnapshotAttribute(ctx, &ec2.DescribeSnapshotAttributeInput{SnapshotId: s.SnapshotId, Attribute: types.SnapshotAttributeNameCreateVolumePermission}))
		}
		show(e.DescribeAddresses(ctx, nil))
		show(e.DescribeTags(ctx, nil))
	}
	e := ec2.NewFromConfig(cfg)
	console := must(e.GetConsoleOutput(ctx, &ec2.GetConsoleOutputInput{InstanceId: aws.String(p.instance)}))
	text, err := base64.StdEncoding.DecodeString(aws.ToString(console(t).Output))
	if err != nil || strings.Count(string(text), "it ran at first boot") != 1 {
		t.Errorf("console: %v %s", err, text)
	}
	// Where sshd listens is told whenever it begins to.
	listening := regexp.MustCompile(`sshd\[901\]: .*\r\n`)
	fmt.Fprintf(&all, "%s\n", listening.ReplaceAllString(string(text), ""))

	b := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	show(b.ListBuckets(ctx, nil))
	for _, name := range []string{"paws", "paws-logs", "paws-versions"} {
		bucket := aws.String(name)
		list := must(b.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket}))(t)
		show(list, nil)
		show(b.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: bucket}))
		show(b.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: bucket}))
		for _, v := range list.Versions {
			o := must(b.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: v.Key, VersionId: v.VersionId, ChecksumMode: "ENABLED"}))(t)
			body, err := io.ReadAll(o.Body)
			o.Body.Close()
			fmt.Fprintln(&all, *v.Key, err, len(body), bytes.Equal(body, bytes.Repeat([]byte("pawsome!"), len(body)/8)), o.Metadata, aws.ToString(o.ContentType), aws.ToString(o.ChecksumCRC32), aws.ToInt32(o.TagCount))
		}
	}
	show(b.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String("paws-logs"), Key: aws.String("old")}))
	show(b.ListParts(ctx, &s3.ListPartsInput{Bucket: aws.String("paws"), Key: aws.String("parts"), UploadId: &p.upload}))
	show(b.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: aws.String("paws"), Key: aws.String("small")}))

	q := sqs.NewFromConfig(cfg)
	queue := must(q.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("paws")}))(t).QueueUrl
	show(q.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []sqstypes.QueueAttributeName{"All"}}))
	n := sns.NewFromConfig(cfg)
	show(n.ListTopics(ctx, nil))
	for _, topic := range must(n.ListTopics(ctx, nil))(t).Topics {
		show(n.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: topic.TopicArn}))
	}
	show(n.ListSubscriptions(ctx, nil))
	for _, l := range s.cloud.Load().topics.Outbox() {
		text, _, _ := strings.Cut(l.Body, "http://")
		fmt.Fprintln(&all, l.To, l.Subject, text, l.Sent)
	}
	w := cloudwatch.NewFromConfig(cfg)
	show(w.DescribeAlarms(ctx, nil))
	show(w.DescribeAlarmHistory(ctx, nil))
	show(w.ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: aws.String("Paws")}))
	i := iam.NewFromConfig(cfg)
	show(i.ListUsers(ctx, nil))
	show(i.ListAccountAliases(ctx, nil))
	show(i.GetAccountSummary(ctx, nil))
	show(i.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: aws.String("cat")}))
	show(i.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("look")}))
	catCfg := cfg
	catCfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return p.session, nil })
	show(sts.NewFromConfig(catCfg).GetCallerIdentity(ctx, nil))
	return all.String()
}

// TestDirectoryKeepsAll opens what another sandbox left: closed well, or as if
// it had been killed the moment after the last answer.
func TestDirectoryKeepsAll(t *testing.T) {
	t.Parallel()
	dir, clock := t.TempDir(), newHand()
	s := must(Start(Options{Dir: dir, Now: clock.now}))(t)
	p := populate(t, s, clock)
	killed := t.TempDir()
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil { // nothing runs: the state after the last answer
		t.Fatal(err)
	}
	id, secret := s.Credentials()
	want := described(t, s, p)
	for _, text := range []string{`ongoing-request=\"false\"`, `"UserId": "999999999999"`, "/SQSDefaultPolicy", `SNS:Publish\",\"Resource`, `"AccountAliases": [`} {
		if !strings.Contains(want, text) {
			t.Errorf("nothing tells of %s", text)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]string{"closed": dir, "killed": killed, "opened twice": dir} {
		again := must(Start(Options{Dir: d, Now: clock.now}))(t)
		if i, k := again.Credentials(); i != id || k != secret {
			t.Errorf("%s: another root key", name)
		}
		if diff := cmp.Diff(want, described(t, again, p)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		// It goes on where it was: the message in flight can be deleted, the
		// upload completed, the machine used.
		if name == "killed" {
			goOn(t, again, p)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}

// goOn does with the restored cloud what can only be done when all is there.
func goOn(t *testing.T, s *Server, p populated) {
	t.Helper()
	ctx, cfg := t.Context(), config(s)
	q := sqs.NewFromConfig(cfg)
	queue := must(q.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("paws")}))(t).QueueUrl
	must(q.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: &p.inFlight}))(t)
	got := must(q.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: 10}))(t)
	if len(got.Messages) != 4 || *got.Messages[0].Body != "message 1" {
		t.Errorf("%d messages are left", len(got.Messages))
	}
	b := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	parts := must(b.ListParts(ctx, &s3.ListPartsInput{Bucket: aws.String("paws"), Key: aws.String("parts"), UploadId: &p.upload}))(t).Parts
	must(b.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: aws.String("paws"), Key: aws.String("parts"), UploadId: &p.upload,
		MultipartUpload: &s3types.CompletedMultipartUpload{Parts: []s3types.CompletedPart{{PartNumber: aws.Int32(1), ETag: parts[0].ETag}}}}))(t)
	e := ec2.NewFromConfig(cfg)
	must(e.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{p.instance}}))(t)
}

func TestSaveResetLoad(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		clock := newHand()
		s := must(Start(Options{Dir: dir, Now: clock.now}))(t)
		p := populate(t, s, clock)
		want := described(t, s, p)
		file := filepath.Join(t.TempDir(), "saved.cloud")
		if err := s.Save(file); err != nil {
			t.Fatal(err)
		}
		if err := s.Reset(); err != nil {
			t.Fatal(err)
		}
		if got := must(s3.NewFromConfig(config(s)).ListBuckets(t.Context(), nil))(t).Buckets; len(got) != 0 {
			t.Errorf("%d buckets after Reset", len(got))
		}
		if err := s.Load(filepath.Join(t.TempDir(), "none")); err == nil {
			t.Error("a file that is not there was loaded")
		}
		if err := s.Load(file); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, described(t, s, p)); diff != "" {
			t.Error(diff)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if dir == "" {
			continue
		}
		s = must(Start(Options{Dir: dir, Now: clock.now}))(t)
		if diff := cmp.Diff(want, described(t, s, p)); diff != "" {
			t.Error(diff)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestClockIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := must(Start(Options{Dir: dir}))(t)
	if err := s.SetClock("+10d"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Dir: dir})
	if got := again.Ahead(); got != 240*time.Hour {
		t.Errorf("the clock is %v ahead, want ten days", got)
	}
	if _, err := Start(Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a second sandbox in one directory: %v", err)
	}
}
