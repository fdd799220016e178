package sandbox

import (
	"bytes"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// start runs a sandbox for one test.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:80", "127.0.0.1", "127.0.0.1.example.com:0"} {
		if s, err := Start(Options{Addr: addr}); err == nil {
			t.Errorf("%s: started at %s", addr, s.URL())
			s.Close()
		}
	}
	for _, addr := range []string{"", "127.0.0.1:0", "localhost:0", "127.9.9.9:0"} {
		s, err := Start(Options{Addr: addr})
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: close: %v", addr, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: second close: %v", addr, err)
		}
		if _, err := http.Get(s.URL()); err == nil {
			t.Errorf("%s: answers after Close", addr)
		}
	}
}

func TestKeysDifferByRandomness(t *testing.T) {
	t.Parallel()
	random := func(b byte) Options { return Options{Rand: bytes.NewReader(bytes.Repeat([]byte{b}, 1<<12))} }
	a, b, c := start(t, random(1)), start(t, random(1)), start(t, random(2))
	idA, secretA := a.Credentials()
	idB, secretB := b.Credentials()
	idC, secretC := c.Credentials()
	if idA != idB || secretA != secretB {
		t.Error("the same randomness gave different keys")
	}
	if idA == idC || secretA == secretC {
		t.Error("different randomness gave the same keys")
	}
	if len(idA) != 20 || !strings.HasPrefix(idA, "AKIA") || len(secretA) != 40 {
		t.Errorf("key %s of %d, secret of %d characters", idA, len(idA), len(secretA))
	}
}

// TestCloseLetsWaitersGo closes a sandbox while a client waits for a message.
func TestCloseLetsWaitersGo(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	id, secret := s.Credentials()
	url := s.URL()
	c := sqs.New(sqs.Options{Region: "us-east-1", BaseEndpoint: &url, RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")})
	q, err := c.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("paws")})
	if err != nil {
		t.Fatal(err)
	}
	sent, done := make(chan struct{}), make(chan error, 1)
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) }})
	go func() {
		_, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: q.QueueUrl, WaitTimeSeconds: 20})
		done <- err
	}()
	<-sent
	began := time.Now()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	<-done
	if d := time.Since(began); d > closeGrace {
		t.Errorf("closed after %v", d)
	}
}

// awsCLI runs the AWS CLI against s, and skips where there is none.
func awsCLI(t *testing.T, s *Server, args ...string) (string, error) {
	t.Helper()
	path, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("SKIPPED: the AWS CLI is not installed")
	}
	id, secret := s.Credentials()
	cmd := exec.CommandContext(t.Context(), path, append([]string{"--endpoint-url", s.URL(), "--region", "eu-west-1", "--output", "json"}, args...)...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+id, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_PAGER=", "AWS_CONFIG_FILE="+home+"/config", "AWS_SHARED_CREDENTIALS_FILE="+home+"/credentials", "AWS_MAX_ATTEMPTS=1")
	cmd.WaitDelay = time.Second
	b, err := cmd.CombinedOutput()
	return string(b), err
}

func TestCLI(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, bytes.Repeat([]byte("paws"), 3<<20), 0o600); err != nil { // large enough for parts
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args string
		want string // in the output; after "!" in the output of a failure
	}{
		{"ec2 describe-regions", "eu-west-1"},
		{"ec2 describe-availability-zones", "eu-west-1a"},
		{"ec2 create-key-pair --key-name paws", "BEGIN RSA PRIVATE KEY"},
		{"ec2 create-key-pair --key-name paws", "!InvalidKeyPair.Duplicate"},
		{"ec2 describe-instances --instance-ids i-0123456789abcdef0", "!InvalidInstanceID.NotFound"},
		{"ec2 describe-fleets", "!NotImplemented"},
		{"iam create-user --user-name alice", "user/alice"},
		{"iam get-user --user-name bob", "!NoSuchEntity"},
		{"sts get-caller-identity", ":root"},
		{"sqs create-queue --queue-name paws", "/paws"},
		{"sqs get-queue-url --queue-name none", "!NonExistentQueue"},
		{"sns create-topic --name paws", "arn:aws:sns:eu-west-1:123456789012:paws"},
		{"sns publish --topic-arn arn:aws:sns:eu-west-1:123456789012:none --message x", "!NotFound"},
		{"cloudwatch put-metric-data --namespace paws --metric-name purr --value 3 --unit Count", ""},
		{"cloudwatch list-metrics --namespace paws", "purr"},
		{"cloudwatch describe-alarms --alarm-names none", "MetricAlarms"},
		{"cloudwatch list-dashboards", "!NotImplemented"},
		{"s3 mb s3://paws", "make_bucket: paws"},
		{"s3 cp " + file + " s3://paws/a/file", "upload"},
		{"s3 ls s3://paws/a/", "12582912 file"},
		{"s3 cp s3://paws/a/file " + file + ".back", "download"},
		{"s3api head-object --bucket paws --key none", "!404"},
		{"s3 rb s3://paws --force", "remove_bucket: paws"},
		{"s3api get-bucket-location --bucket paws", "!NoSuchBucket"},
		{"lambda list-functions", "!NotImplemented"},
	} {
		out, err := awsCLI(t, s, strings.Fields(tt.args)...)
		want, fails := strings.CutPrefix(tt.want, "!")
		if (err != nil) != fails || !strings.Contains(out, want) {
			t.Errorf("aws %s: %v\n%s\nwant %q", tt.args, err, out, tt.want)
		}
	}
	a, errA := os.ReadFile(file)
	b, errB := os.ReadFile(file + ".back")
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the file came back as %d bytes of %d (%v, %v)", len(b), len(a), errA, errB)
	}
}
