package session_test

import (
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
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"pawsh/bindings/session"
)

// now is the clock of the tests' sessions.
var now = time.Date(2026, 11, 22, 10, 11, 12, 0, time.UTC)

// TestHintsOfRealAnswers takes answers in the form of each service to what a
// person is told. The errors stay the SDK's.
func TestHintsOfRealAnswers(t *testing.T) {
	t.Parallel()
	terminate := func(ctx context.Context, cfg aws.Config) error {
		_, err := ec2.NewFromConfig(cfg).TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1", "i-2"}})
		return err
	}
	s3client := func(cfg aws.Config) *s3.Client {
		return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	}
	get := func(ctx context.Context, cfg aws.Config) error {
		_, err := s3client(cfg).GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String("a/b.jpg")})
		return err
	}
	head := func(ctx context.Context, cfg aws.Config) error {
		_, err := s3client(cfg).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String("paws")})
		return err
	}
	list := func(ctx context.Context, cfg aws.Config) error {
		_, err := s3client(cfg).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("paws")})
		return err
	}
	receive := func(ctx context.Context, cfg aws.Config) error {
		_, err := sqs.NewFromConfig(cfg).ListQueues(ctx, &sqs.ListQueuesInput{})
		return err
	}
	ofEC2 := func(code, message string) string {
		return fmt.Sprintf("<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>req-1</RequestID></Response>", code, message)
	}
	ofS3 := func(code, message string) string {
		return fmt.Sprintf("<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message><RequestId>req-1</RequestId></Error>", code, message)
	}
	const arn = "arn:aws:iam::123456789012:user/bob"
	tests := []struct {
		name          string
		call          func(context.Context, aws.Config) error
		region        string
		status        int
		header, body  string
		code          string
		summary, hint string // parts
		not           string // what neither says
	}{
		{"EC2 denies", terminate, "", 403, "", ofEC2("UnauthorizedOperation", "You are not authorized to perform this operation."), "UnauthorizedOperation",
			"ec2 TerminateInstances: UnauthorizedOperation: You are not", "a policy must allow ec2:TerminateInstances on i-1, i-2 for AKIDENVIRONMENT", "Decode"},
		{"EC2 denies and encodes why", terminate, "", 403, "", ofEC2("UnauthorizedOperation", "You are not authorized to perform this operation. User: "+arn+" is not authorized to perform: ec2:TerminateInstances on resource: arn:aws:ec2:eu-west-1:123456789012:instance/i-1 because no identity-based policy allows the ec2:TerminateInstances action. Encoded authorization failure message: "+strings.Repeat("4HOhs0B", 80)), "UnauthorizedOperation",
			"no identity-based policy allows the ec2:TerminateInstances action. (HTTP 403", "a policy must allow ec2:TerminateInstances on arn:aws:ec2:eu-west-1:123456789012:instance/i-1 for " + arn + "; sts.DecodeAuthorizationMessage(boto.EncodedMessage(err))", "4HOhs0B"},
		{"SQS denies outright", receive, "", 403, "", `{"__type":"com.amazonaws.sqs#AccessDeniedException","message":"User: ` + arn + ` is not authorized to perform: sqs:listqueues on resource: arn:aws:sqs:us-east-1:123456789012: with an explicit deny in a service control policy"}`, "AccessDeniedException",
			"sqs ListQueues: AccessDeniedException", "a policy forbids sqs:listqueues on arn:aws:sqs:us-east-1:123456789012: for " + arn + " outright", ""},
		{"S3 denies an object", get, "", 403, "", ofS3("AccessDenied", "Access Denied"), "AccessDenied", "s3 GetObject: AccessDenied", "a policy must allow s3:GetObject on paws/a/b.jpg for AKIDENVIRONMENT", ""},
		{"S3 denies a listing", list, "", 403, "", ofS3("AccessDenied", "Access Denied"), "AccessDenied", "s3 ListObjectsV2", "a policy must allow s3:ListBucket on paws for", ""},
		{"S3 denies without words", head, "", 403, "", "", "Forbidden", "s3 HeadBucket: Forbidden (HTTP 403", "a policy must allow s3:ListBucket on paws", ""},
		{"the bucket is elsewhere", list, "", 301, "X-Amz-Bucket-Region: eu-west-1", ofS3("PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint."), "PermanentRedirect", "s3 ListObjectsV2: PermanentRedirect", `it is in eu-west-1: connect there, as with boto.S3.ConnectToRegion("eu-west-1")`, ""},
		{"the bucket is elsewhere, by its head", head, "", 301, "X-Amz-Bucket-Region: ap-south-1", "", "MovedPermanently", "s3 HeadBucket", `it is in ap-south-1`, ""},
		{"signed for elsewhere", list, "", 400, "", ofS3("AuthorizationHeaderMalformed", "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'"), "AuthorizationHeaderMalformed", "", "it is in eu-central-1", ""},
		{"elsewhere, who knows", list, "", 301, "", ofS3("PermanentRedirect", "must be addressed elsewhere"), "PermanentRedirect", "", "in another region", ""},
		{"the clock is behind", get, "", 403, "Date: " + now.Add(17*time.Minute).Format(http.TimeFormat), ofS3("RequestTimeTooSkewed", "The difference between the request time and the current time is too large."), "RequestTimeTooSkewed", "", "clock is 17m0s behind the server's", ""},
		{"the clock is ahead", terminate, "", 403, "Date: " + now.Add(-time.Hour).Format(http.TimeFormat), ofEC2("RequestExpired", "Signature expired: now earlier"), "RequestExpired", "", "clock is 1h0m0s ahead of the server's", ""},
		{"the keys are old", terminate, "", 400, "", ofEC2("RequestExpired", "Request has expired."), "RequestExpired", "", "credentials have expired", ""},
		{"no key", get, "", 404, "", ofS3("NoSuchKey", "The specified key does not exist."), "NoSuchKey", "", "bucket.List()", ""},
		{"no bucket", list, "", 404, "", ofS3("NoSuchBucket", "The specified bucket does not exist"), "NoSuchBucket", "", "GetAllBuckets", ""},
		{"too fast", terminate, "", 503, "", ofEC2("RequestLimitExceeded", "Request limit exceeded."), "RequestLimitExceeded", "", "too many requests", ""},
		{"keys unknown", terminate, "", 401, "", ofEC2("AuthFailure", "AWS was not able to validate the provided access credentials"), "AuthFailure", "", "does not know this access key", ""},
		{"a page", terminate, "", 200, "Content-Type: text/html", "<!DOCTYPE html>\n<html><head><title>Welcome\nto nginx!</title></head></html>", "", `does not answer as AWS does: HTTP 200 with a page of HTML ("Welcome to nginx!")`, "check the endpoint", "deserial"},
		{"a gateway's page", list, "", 502, "Content-Type: text/html", "<html><title>502 Bad Gateway</title></html>", "", `HTTP 502 with a page of HTML ("502 Bad Gateway")`, "proxy", ""},
		{"a page for an object that fails", get, "", 404, "Content-Type: text/html", "<html><title>Not Found</title></html>", "", `HTTP 404 with a page of HTML`, "endpoint", ""},
		{"sign in", terminate, "", 302, "Location: https://login.example.com/?token=x", "", "", "HTTP 302 with a redirect to https://login.example.com/", "sign-in", ""},
		{"sign in, head", head, "", 302, "Location: https://login.example.com/", "", "", "HTTP 302 with a redirect to https://login.example.com/", "sign-in", ""},
		{"text", terminate, "", 404, "Content-Type: text/plain", "404 page not found\n", "", `HTTP 404 with text that is not a service's ("404 page not found")`, "endpoint", ""},
		{"JSON for XML", terminate, "", 200, "Content-Type: application/json", `{"ok":true}`, "", `HTTP 200 with text that is not a service's`, "endpoint", ""},
		{"JSON for a listing", list, "", 200, "Content-Type: application/json", `{"ok":true}`, "", `HTTP 200 with text that is not a service's`, "endpoint", ""},
		{"XML for JSON", receive, "", 200, "", `<ok/>`, "", `HTTP 200 with text that is not a service's ("<ok/>")`, "endpoint", ""},
		{"half of an answer", list, "", 200, "", `<ListBucketResult><Contents>`, "", "the answer is none of this service's", "debug wire", "operation error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if name, value, ok := strings.Cut(tt.header, ": "); ok {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			}))
			t.Cleanup(server.Close)
			w := newWorld(t).keys()
			w.env["AWS_MAX_ATTEMPTS"] = "1"
			err := tt.call(context.Background(), w.open(session.S3, session.Endpoint(server.URL)).Config)
			if err == nil {
				t.Fatal("no error")
			}
			err = fmt.Errorf("in a cell: %w", err)
			if session.Code(err) != tt.code {
				t.Errorf("code %q, want %q", session.Code(err), tt.code)
			}
			var api smithy.APIError
			if tt.code != "" && (!errors.As(err, &api) || api.ErrorCode() != tt.code) {
				t.Errorf("smithy's error is lost: %v", err)
			}
			summary, hint := session.Explain(err)
			if !strings.Contains(summary, tt.summary) || !strings.Contains(hint, tt.hint) {
				t.Errorf("Explain: %q\nhint %q\nwant %q\nhint %q", summary, hint, tt.summary, tt.hint)
			}
			if tt.not != "" && strings.Contains(summary+hint, tt.not) {
				t.Errorf("%q in %q, %q", tt.not, summary, hint)
			}
		})
	}
}

// TestPagesOfTheUsersOwn leaves alone what the user stored.
func TestPagesOfTheUsersOwn(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><title>mine</title></html>"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, page)
	}))
	t.Cleanup(server.Close)
	target := newWorld(t).keys().open(session.S3, session.Endpoint(server.URL))
	out, err := s3.NewFromConfig(target.Config, func(o *s3.Options) { o.UsePathStyle = true }).GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("index.html")})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(out.Body); err != nil || string(b) != page {
		t.Errorf("read %q: %v", b, err)
	}
}

func TestOptInRegion(t *testing.T) {
	t.Parallel()
	target, _, _ := realAccountIn(t, session.EC2, "me-south-1", 401, "<Response><Errors><Error><Code>AuthFailure</Code><Message>AWS was not able to validate the provided access credentials</Message></Error></Errors></Response>")
	_, err := ec2.NewFromConfig(target.Config).DescribeInstances(context.Background(), &ec2.DescribeInstancesInput{})
	if _, hint := session.Explain(err); !strings.Contains(hint, "me-south-1 must be enabled for the account") {
		t.Errorf("hint %q of %v", hint, err)
	}
}

func TestDenied(t *testing.T) {
	t.Parallel()
	if d, ok := session.Denied(errors.New("denied")); ok {
		t.Errorf("%+v of an error that is nobody's", d)
	}
	err := &smithy.GenericAPIError{Code: "UnauthorizedOperation", Message: "You are not authorized. Encoded authorization failure message: abc"}
	if d, ok := session.Denied(err); !ok || d.Encoded != "abc" || d.Action != "" {
		t.Errorf("%+v %t", d, ok)
	}
}
