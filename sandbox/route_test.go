package sandbox

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// TestRouteUnsigned shows by the form of the refusal whose a request became.
func TestRouteUnsigned(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	const (
		formType = "application/x-www-form-urlencoded; charset=utf-8"
		cbor     = "/service/GraniteServiceVersion20100801/operation/ListMetrics"
	)
	scope := func(service string) string {
		return "AWS4-HMAC-SHA256 Credential=AKIDNOBODY/20130524/eu-west-1/" + service + "/aws4_request, SignedHeaders=host, Signature=00"
	}
	for _, tt := range []struct {
		name, method, target, body string
		header                     map[string]string
		want                       string
	}{
		{"form to ec2", "POST", "/", "Action=DescribeZones&Version=2014-10-01", map[string]string{"Content-Type": formType}, "<Response><Errors>"},
		{"form without version", "POST", "/", "Action=DescribeInstances", map[string]string{"Content-Type": formType}, "<Response><Errors>"},
		{"query to iam", "GET", "/?Action=ListUsers&Version=2010-05-08", "", nil, "iam.amazonaws.com"},
		{"form to sts", "POST", "/", "Action=GetSessionToken&Version=2011-06-15", map[string]string{"Content-Type": formType}, "sts.amazonaws.com"},
		{"form to sns", "POST", "/", "Action=ListTopics&Version=2010-03-31", map[string]string{"Content-Type": formType}, "sns.amazonaws.com"},
		{"form to a queue", "POST", "/1/q", "Action=SendMessage&Version=2012-11-05", map[string]string{"Content-Type": formType}, "queue.amazonaws.com"},
		{"form to cloudwatch", "POST", "/", "Action=ListMetrics&Version=2010-08-01", map[string]string{"Content-Type": formType}, "monitoring.amazonaws.com"},
		{"link with an action alone", "GET", "/?Action=ConfirmSubscription&Token=1&TopicArn=2", "", nil, "sns.amazonaws.com"},
		{"target of sqs", "POST", "/", "{}", map[string]string{"X-Amz-Target": "AmazonSQS.ListQueues"}, "MissingAuthenticationTokenException"},
		{"target of cloudwatch", "POST", "/", "{}", map[string]string{"X-Amz-Target": "GraniteServiceVersion20100801.ListMetrics"}, "MissingAuthenticationTokenException"},
		{"path of rpcv2Cbor", "POST", cbor, "", nil, "MissingAuthenticationTokenException"},
		{"bucket", "GET", "/no-such-bucket-of-ours", "", nil, "<Resource>"},
		{"form upload to a bucket", "POST", "/no-such-bucket-of-ours", "a=b", map[string]string{"Content-Type": formType}, "<Resource>"},
		{"scope of ec2", "POST", "/", "Action=ListUsers&Version=2010-05-08", map[string]string{"Content-Type": formType, "Authorization": scope("ec2")}, "<Response><Errors>"},
		{"scope of s3", "POST", "/?Action=ListUsers&Version=2010-05-08", "", map[string]string{"Authorization": scope("s3")}, "<Resource>"},
		{"scope of a service that is not here", "POST", "/", "", map[string]string{"Authorization": scope("lambda")}, "NotImplemented"},
		{"the same in JSON", "POST", "/", "{}", map[string]string{"Authorization": scope("dynamodb"), "X-Amz-Target": "DynamoDB_20120810.ListTables"}, `{"__type":"NotImplemented"`},
		{"scope that boto guesses", "POST", "/", "Action=DescribeRegions&Version=2014-10-01", map[string]string{"Content-Type": formType, "Authorization": scope("127")}, "<Response><Errors>"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tt.method, s.URL()+tt.target, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range tt.header {
			r.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode < 400 || !strings.Contains(string(b), tt.want) {
			t.Errorf("%s: %s %q (%v), want %q", tt.name, res.Status, b, err, tt.want)
		}
	}
}

// clients are the SDK's for s.
func clients(s *Server) (*ec2.Client, *s3.Client) {
	return ec2.NewFromConfig(config(s)), s3.NewFromConfig(config(s))
}

// TestClockOfTheCloud: what is made is dated by the cloud's clock, and clients
// that sign by the wall clock go on to be served.
func TestClockOfTheCloud(t *testing.T) {
	t.Parallel()
	future := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	s := start(t, Options{Now: func() time.Time { return future }})
	_, b := clients(s)
	ctx := t.Context()
	if _, err := b.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("paws")}); err != nil {
		t.Fatal(err)
	}
	list, err := b.ListBuckets(ctx, nil)
	if err != nil || !list.Buckets[0].CreationDate.Equal(future) {
		t.Errorf("%+v, %v", list, err)
	}
	res, err := http.Get(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if d := res.Header.Get("Date"); d != future.Format(http.TimeFormat) {
		t.Errorf("date %s", d)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	c, b := clients(start(t, Options{}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	errs := make(chan error)
	const n = 16
	for i := range n {
		go func() {
			var err error
			if i%2 == 0 {
				_, err = c.DescribeRegions(ctx, nil)
			} else {
				_, err = b.ListBuckets(ctx, nil)
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	seen := map[string]bool{}
	for range 3 {
		res, err := http.Get(s.URL() + "/?Action=DescribeRegions&Version=2016-11-15")
		if err != nil {
			t.Fatal(err)
		}
		var body struct{ RequestID string }
		if err := xml.NewDecoder(res.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		res.Body.Close()
		if id := res.Header.Get("X-Amzn-Requestid"); id == "" || seen[id] || id != body.RequestID {
			t.Errorf("request id %q in the header, %q in the body", id, body.RequestID)
		} else {
			seen[id] = true
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := Start(Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDescribeRegions(b *testing.B) {
	s, err := Start(Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c, _ := clients(s)
	for b.Loop() {
		if _, err := c.DescribeRegions(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstAnswer is a sandbox started, asked once by EC2's table, closed.
func BenchmarkFirstAnswer(b *testing.B) {
	for b.Loop() {
		s, err := Start(Options{})
		if err != nil {
			b.Fatal(err)
		}
		c, _ := clients(s)
		if _, err := c.DescribeRegions(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHandledOperationsExist(t *testing.T) {
	t.Parallel()
	for _, s := range start(t, Options{}).cloud.Load().front.services {
		for _, op := range s.Handled() {
			if !s.Has(op) {
				t.Errorf("%s has no operation %s", s.Name(), op)
			}
		}
		t.Logf("%s: %d of %d operations are built", s.Name(), len(s.Handled()), len(s.Operations()))
	}
}
