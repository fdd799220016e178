package conform

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwschemas "github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqsschemas "github.com/aws/aws-sdk-go-v2/service/sqs/schemas"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"pawsh/sandbox/wire"
)

const region = "us-east-1"

var (
	keys     = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")
	endpoint = aws.String("http://127.0.0.1:1")
)

func TestIAM(t *testing.T) {
	t.Parallel()
	(&Suite{Module: "iam", New: wire.IAM, Same: SameForm, Want: 180, Client: func(w *Wire) any {
		return iam.New(iam.Options{Region: region, Credentials: keys, HTTPClient: w, RetryMaxAttempts: 1})
	}}).Run(t)
}

func TestSTS(t *testing.T) {
	t.Parallel()
	(&Suite{Module: "sts", New: wire.STS, Same: SameForm, Want: 11, Client: func(w *Wire) any {
		return sts.New(sts.Options{Region: region, Credentials: keys, HTTPClient: w, RetryMaxAttempts: 1})
	}}).Run(t)
}

func TestSNS(t *testing.T) {
	t.Parallel()
	(&Suite{Module: "sns", New: wire.SNS, Same: SameForm, Want: 42, Client: func(w *Wire) any {
		return sns.New(sns.Options{Region: region, Credentials: keys, HTTPClient: w, RetryMaxAttempts: 1})
	}}).Run(t)
}

func TestSQS(t *testing.T) {
	t.Parallel()
	client := func(o ...func(*sqs.Options)) func(w *Wire) any {
		return func(w *Wire) any {
			return sqs.New(sqs.Options{Region: region, Credentials: keys, HTTPClient: w, RetryMaxAttempts: 1,
				BaseEndpoint: endpoint, DisableMessageChecksumValidation: true}, o...)
		}
	}
	t.Run("json", func(t *testing.T) {
		t.Parallel()
		(&Suite{Module: "sqs", New: wire.SQS, Same: SameJSON, Want: 23, Client: client()}).Run(t)
	})
	t.Run("query", func(t *testing.T) {
		t.Parallel()
		(&Suite{Module: "sqs", New: wire.SQS, Want: 23, Client: client(func(o *sqs.Options) {
			o.Protocol = awsquery.New(sqsschemas.AmazonSQS)
		})}).Run(t)
	})
}

func TestCloudWatch(t *testing.T) {
	t.Parallel()
	client := func(o ...func(*cloudwatch.Options)) func(w *Wire) any {
		return func(w *Wire) any {
			return cloudwatch.New(cloudwatch.Options{Region: region, Credentials: keys, HTTPClient: w, RetryMaxAttempts: 1,
				BaseEndpoint: endpoint, DisableRequestCompression: true}, o...)
		}
	}
	t.Run("cbor", func(t *testing.T) {
		t.Parallel()
		(&Suite{Module: "cloudwatch", New: wire.CloudWatch, Same: SameCBOR, Want: 55, Client: client()}).Run(t)
	})
	t.Run("json", func(t *testing.T) {
		t.Parallel()
		(&Suite{Module: "cloudwatch", New: wire.CloudWatch, Want: 55, Client: client(func(o *cloudwatch.Options) {
			o.Protocol = awsjson.New10(cwschemas.GraniteServiceVersion20100801)
		})}).Run(t)
	})
	t.Run("query", func(t *testing.T) {
		t.Parallel()
		(&Suite{Module: "cloudwatch", New: wire.CloudWatch, Want: 55, Client: client(func(o *cloudwatch.Options) {
			o.Protocol = awsquery.New(cwschemas.GraniteServiceVersion20100801)
		})}).Run(t)
	})
}

func TestS3(t *testing.T) {
	t.Parallel()
	(&Suite{Module: "s3", New: wire.S3, Same: SameREST, Want: 112, Known: map[string]string{
		"ListDirectoryBuckets": "the client wants the identity of a bucket for an operation that has none",
		"SelectObjectContent":  "answers with an event stream, which is not built, and has no snapshot",
	}, Client: func(w *Wire) any {
		return s3.New(s3.Options{Region: region, Credentials: keys, HTTPClient: w, RetryMaxAttempts: 1,
			UsePathStyle: true, BaseEndpoint: endpoint,
			RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
			ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired})
	}}).Run(t)
}
