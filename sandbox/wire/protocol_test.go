package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/internal/steady"
	"pawsh/sandbox/wire"
)

// keyring holds one key.
type keyring map[string]wire.Key

func (k keyring) LookupKey(_ context.Context, id string) (wire.Key, bool) {
	key, ok := k[id]
	return key, ok
}

const (
	keyID  = "AKIDEXAMPLE"
	secret = "secret of the example"
)

var (
	goodKeys  = credentials.NewStaticCredentialsProvider(keyID, secret, "")
	wrongKeys = credentials.NewStaticCredentialsProvider(keyID, "another", "")
	noKeys    = credentials.NewStaticCredentialsProvider("AKIDNOBODY", secret, "")
)

// serve runs a service on loopback, with signatures checked.
func serve(t *testing.T, s *wire.Service) string {
	t.Helper()
	s.Authenticate(&wire.Verifier{Keys: keyring{keyID: {Secret: secret, AccountID: "123456789012", UserName: "alice", UserARN: "arn:aws:iam::123456789012:user/alice", Kind: "user"}}})
	s.Log(t.Logf)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return srv.URL
}

// wantAPI checks an error as the SDK's client sees it.
func wantAPI(t *testing.T, err error, code, message string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want %s", err, code)
	}
	if e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), message) {
		t.Fatalf("error %s: %s; want %s: %s", e.ErrorCode(), e.ErrorMessage(), code, message)
	}
}

func snsClient(url string, keys aws.CredentialsProvider) *sns.Client {
	return sns.New(sns.Options{Region: "eu-west-1", Credentials: keys, BaseEndpoint: &url, RetryMaxAttempts: 1})
}

func TestQueryEndToEnd(t *testing.T) {
	t.Parallel()
	s := wire.SNS()
	wire.Handle(s, "CreateTopic", func(ctx context.Context, in *sns.CreateTopicInput) (*sns.CreateTopicOutput, error) {
		c := wire.CallerFrom(ctx)
		if aws.ToString(in.Name) == "bad" {
			return nil, fmt.Errorf("create topic: %w", wire.Errorf("InvalidParameter", 0, "Invalid parameter: Topic Name <%s>", *in.Name))
		}
		return &sns.CreateTopicOutput{TopicArn: aws.String("arn:aws:sns:" + c.Region + ":" + c.AccountID + ":" + *in.Name + ":" + c.UserName + ":" + in.Attributes["DisplayName"])}, nil
	})
	wire.Handle(s, "DeleteTopic", func(context.Context, *sns.DeleteTopicInput) (*sns.DeleteTopicOutput, error) {
		return nil, errors.New("a secret detail")
	})
	wire.Handle(s, "Publish", func(context.Context, *sns.PublishInput) (*sns.PublishOutput, error) { panic("a bug") })
	wire.Handle(s, "SetTopicAttributes", func(context.Context, *sns.SetTopicAttributesInput) (*sns.SetTopicAttributesOutput, error) {
		return nil, nil
	})
	url := serve(t, s)
	ctx := t.Context()
	c := snsClient(url, goodKeys)

	out, err := c.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("paws"), Attributes: map[string]string{"DisplayName": "Pfötchen & <co>"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "arn:aws:sns:eu-west-1:123456789012:paws:alice:Pfötchen & <co>"; *out.TopicArn != want {
		t.Errorf("topic %s, want %s", *out.TopicArn, want)
	}
	_, err = c.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("bad")})
	wantAPI(t, err, "InvalidParameter", "Invalid parameter: Topic Name <bad>")
	_, err = c.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: aws.String("x")})
	wantAPI(t, err, "InternalFailure", "We encountered an internal error")
	if strings.Contains(err.Error(), "secret detail") {
		t.Error("the text of an unexpected error reached the client")
	}
	_, err = c.Publish(ctx, &sns.PublishInput{Message: aws.String("x")})
	wantAPI(t, err, "InternalFailure", "")
	if _, err = c.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: aws.String("x"), AttributeName: aws.String("y")}); err != nil {
		t.Errorf("empty success: %v", err)
	}
	_, err = c.ListTopics(ctx, nil)
	wantAPI(t, err, "NotImplemented", "ListTopics of sns is not built")

	_, err = snsClient(url, wrongKeys).ListTopics(ctx, nil)
	wantAPI(t, err, "SignatureDoesNotMatch", "does not match")
	_, err = snsClient(url, noKeys).ListTopics(ctx, nil)
	wantAPI(t, err, "InvalidClientTokenId", "security token")
	_, err = snsClient(url, aws.AnonymousCredentials{}).ListTopics(ctx, nil)
	wantAPI(t, err, "MissingAuthenticationToken", "")
}

func TestJSONEndToEnd(t *testing.T) {
	t.Parallel()
	s := wire.SQS()
	wire.Handle(s, "GetQueueUrl", func(_ context.Context, in *sqs.GetQueueUrlInput) (*sqs.GetQueueUrlOutput, error) {
		if *in.QueueName != "paws" {
			return nil, wire.Errorf("AWS.SimpleQueueService.NonExistentQueue", 0, "The specified queue does not exist.")
		}
		return &sqs.GetQueueUrlOutput{QueueUrl: aws.String("http://queue/" + *in.QueueName)}, nil
	})
	url := serve(t, s)
	client := func(keys aws.CredentialsProvider) *sqs.Client {
		return sqs.New(sqs.Options{Region: "us-east-1", Credentials: keys, BaseEndpoint: &url, RetryMaxAttempts: 1})
	}
	ctx := t.Context()
	out, err := client(goodKeys).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("paws")})
	if err != nil || *out.QueueUrl != "http://queue/paws" {
		t.Fatalf("%v, %v", out, err)
	}
	_, err = client(goodKeys).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("none")})
	var none *sqstypes.QueueDoesNotExist
	if !errors.As(err, &none) {
		t.Errorf("error %v is not the typed one", err)
	}
	wantAPI(t, err, "AWS.SimpleQueueService.NonExistentQueue", "does not exist")
	_, err = client(goodKeys).ListQueues(ctx, nil)
	wantAPI(t, err, "NotImplemented", "ListQueues of sqs")
	_, err = client(wrongKeys).ListQueues(ctx, nil)
	wantAPI(t, err, "SignatureDoesNotMatch", "")
	_, err = client(noKeys).ListQueues(ctx, nil)
	wantAPI(t, err, "InvalidClientTokenId", "")
}

func TestCBOREndToEnd(t *testing.T) {
	t.Parallel()
	s := wire.CloudWatch()
	at := time.Date(2014, 1, 2, 3, 4, 5, 678e6, time.UTC)
	var put *cloudwatch.PutMetricDataInput
	wire.Handle(s, "PutMetricData", func(_ context.Context, in *cloudwatch.PutMetricDataInput) (*cloudwatch.PutMetricDataOutput, error) {
		put = in
		return nil, nil
	})
	wire.Handle(s, "GetMetricStatistics", func(context.Context, *cloudwatch.GetMetricStatisticsInput) (*cloudwatch.GetMetricStatisticsOutput, error) {
		return nil, wire.Errorf("InvalidParameterValue", 0, "too short")
	})
	url := serve(t, s)
	c := cloudwatch.New(cloudwatch.Options{Region: "us-east-1", Credentials: goodKeys, BaseEndpoint: &url, RetryMaxAttempts: 1})
	ctx := t.Context()
	data := make([]cwtypes.MetricDatum, 500) // large enough for the client to compress
	for i := range data {
		data[i] = cwtypes.MetricDatum{MetricName: aws.String(fmt.Sprint("metric", i)), Value: aws.Float64(float64(i) / 3), Timestamp: &at}
	}
	if _, err := c.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("paws"), MetricData: data}); err != nil {
		t.Fatal(err)
	}
	if len(put.MetricData) != 500 || *put.MetricData[499].Value != 499./3 || !put.MetricData[0].Timestamp.Equal(at) {
		t.Errorf("%d data, last %v, at %v", len(put.MetricData), *put.MetricData[499].Value, put.MetricData[0].Timestamp)
	}
	_, err := c.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{Namespace: aws.String("n"), MetricName: aws.String("m"), Period: aws.Int32(1), StartTime: &at, EndTime: &at})
	var invalid *cwtypes.InvalidParameterValueException
	if !errors.As(err, &invalid) {
		t.Errorf("error %v is not the typed one", err)
	}
	wantAPI(t, err, "InvalidParameterValue", "too short")
	_, err = c.ListMetrics(ctx, nil)
	wantAPI(t, err, "NotImplemented", "ListMetrics of monitoring")
}

func TestRESTEndToEnd(t *testing.T) {
	t.Parallel()
	s := wire.S3()
	objects := map[string][]byte{}
	wire.Handle(s, "PutObject", func(_ context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
		b, err := io.ReadAll(in.Body)
		if err != nil {
			return nil, err
		}
		objects[*in.Bucket+"/"+*in.Key] = b
		return &s3.PutObjectOutput{ETag: aws.String(`"tag"`)}, nil
	})
	wire.Handle(s, "GetObject", func(_ context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
		b, ok := objects[*in.Bucket+"/"+*in.Key]
		if !ok {
			return nil, wire.Errorf("NoSuchKey", 404, "The specified key does not exist.").With("Key", *in.Key)
		}
		return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(b)), ContentLength: aws.Int64(int64(len(b))), Metadata: map[string]string{"paw": "left"}}, nil
	})
	wire.Handle(s, "HeadObject", func(context.Context, *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
		return nil, wire.Errorf("NoSuchKey", 404, "The specified key does not exist.")
	})
	wire.Handle(s, "DeleteObject", func(context.Context, *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) { return nil, nil })
	url := serve(t, s)
	client := func(keys aws.CredentialsProvider) *s3.Client {
		return s3.New(s3.Options{Region: "us-east-1", Credentials: keys, BaseEndpoint: &url, UsePathStyle: true, RetryMaxAttempts: 1, HTTPClient: &steady.Client{}})
	}
	ctx, c := t.Context(), client(goodKeys)
	body := bytes.Repeat([]byte("paws "), 100_000)
	for _, key := range []string{"plain", "a b/ü+%2F!*'()", "trailing/", "dots/../x", "q?&=#"} {
		// a reader that can't seek makes the client send trailers
		for name, r := range map[string]io.Reader{"seekable": bytes.NewReader(body), "stream": io.MultiReader(bytes.NewReader(body))} {
			var o []func(*s3.Options)
			if name == "stream" {
				o = append(o, s3.WithAPIOptions(), func(o *s3.Options) { o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported })
			}
			in := &s3.PutObjectInput{Bucket: aws.String("paws"), Key: &key, Body: r, ContentLength: aws.Int64(int64(len(body)))}
			if _, err := c.PutObject(ctx, in, o...); err != nil {
				if name == "stream" && strings.Contains(err.Error(), "unseekable stream is not supported without TLS") {
					continue // over plain HTTP the client can't
				}
				t.Fatalf("put %s %q: %v", name, key, err)
			}
			out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: &key})
			if err != nil {
				t.Fatalf("get %s %q: %v", name, key, err)
			}
			b, err := io.ReadAll(out.Body)
			if err != nil || !bytes.Equal(b, body) || out.Metadata["paw"] != "left" {
				t.Errorf("get %s %q: %d bytes, %v, %v", name, key, len(b), err, out.Metadata)
			}
		}
	}
	_, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String("none")})
	var noKey *s3types.NoSuchKey
	if !errors.As(err, &noKey) {
		t.Errorf("error %v is not the typed one", err)
	}
	_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String("paws"), Key: aws.String("none")})
	wantAPI(t, err, "NotFound", "")
	if _, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("paws"), Key: aws.String("none")}); err != nil {
		t.Errorf("empty success: %v", err)
	}
	_, err = c.ListBuckets(ctx, nil)
	wantAPI(t, err, "NotImplemented", "ListBuckets of s3")
	_, err = client(wrongKeys).ListBuckets(ctx, nil)
	wantAPI(t, err, "SignatureDoesNotMatch", "")
	_, err = client(noKeys).ListBuckets(ctx, nil)
	wantAPI(t, err, "InvalidAccessKeyId", "")

	p, err := s3.NewPresignClient(c).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String("plain")})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Get(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); err != nil || !bytes.Equal(b, body) {
		t.Errorf("presigned: %s, %d bytes, %v", res.Status, len(b), err)
	}
}
