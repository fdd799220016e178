package s3_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func TestConfigurationsComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	_, err := w.GetBucketLifecycleConfiguration(ctx(), &sdk.GetBucketLifecycleConfigurationInput{Bucket: &b})
	w.refused("lifecycle", err, "NoSuchLifecycleConfiguration")
	rule := types.LifecycleRule{Status: "Enabled", Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")}, Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: "GLACIER"}}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(365)}}
	lifecycle := func(r types.LifecycleRule) error {
		_, err := w.PutBucketLifecycleConfiguration(ctx(), &sdk.PutBucketLifecycleConfigurationInput{Bucket: &b, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{r}}})
		return err
	}
	if err := lifecycle(rule); err != nil {
		t.Fatal(err)
	}
	got := ok[*sdk.GetBucketLifecycleConfigurationOutput](w)(w.GetBucketLifecycleConfiguration(ctx(), &sdk.GetBucketLifecycleConfigurationInput{Bucket: &b})).Rules
	if len(got) != 1 || got[0].Transitions[0].StorageClass != "GLACIER" || *got[0].Filter.Prefix != "logs/" || aws.ToString(got[0].ID) == "" {
		t.Errorf("lifecycle %+v", got)
	}
	w.refused("no action", lifecycle(types.LifecycleRule{Status: "Enabled", Filter: rule.Filter}), "InvalidRequest")
	w.refused("status", lifecycle(types.LifecycleRule{Status: "Maybe", Filter: rule.Filter, Expiration: rule.Expiration}), "MalformedXML")
	w.refused("order", lifecycle(types.LifecycleRule{Status: "Enabled", Filter: rule.Filter, Transitions: rule.Transitions, Expiration: &types.LifecycleExpiration{Days: aws.Int32(5)}}), "InvalidArgument")
	ok[*sdk.DeleteBucketLifecycleOutput](w)(w.DeleteBucketLifecycle(ctx(), &sdk.DeleteBucketLifecycleInput{Bucket: &b}))
	_, err = w.GetBucketLifecycleConfiguration(ctx(), &sdk.GetBucketLifecycleConfigurationInput{Bucket: &b})
	w.refused("deleted lifecycle", err, "NoSuchLifecycleConfiguration")

	_, err = w.GetBucketTagging(ctx(), &sdk.GetBucketTaggingInput{Bucket: &b})
	w.refused("tags", err, "NoSuchTagSet")
	ok[*sdk.PutBucketTaggingOutput](w)(w.PutBucketTagging(ctx(), &sdk.PutBucketTaggingInput{Bucket: &b, Tagging: &types.Tagging{TagSet: tagSet("k", "v")}}))
	if tags := ok[*sdk.GetBucketTaggingOutput](w)(w.GetBucketTagging(ctx(), &sdk.GetBucketTaggingInput{Bucket: &b})).TagSet; *tags[0].Value != "v" {
		t.Errorf("tags %v", tags)
	}
	w.put(b, "k", "x")
	ok[*sdk.PutObjectTaggingOutput](w)(w.PutObjectTagging(ctx(), &sdk.PutObjectTaggingInput{Bucket: &b, Key: aws.String("k"), Tagging: &types.Tagging{TagSet: tagSet("a", "b", "c", "d")}}))
	if tags := ok[*sdk.GetObjectTaggingOutput](w)(w.GetObjectTagging(ctx(), &sdk.GetObjectTaggingInput{Bucket: &b, Key: aws.String("k")})).TagSet; len(tags) != 2 {
		t.Errorf("object tags %v", tags)
	}
	_, err = w.PutObjectTagging(ctx(), &sdk.PutObjectTaggingInput{Bucket: &b, Key: aws.String("k"), Tagging: &types.Tagging{TagSet: tagSet("a", "b", "a", "d")}})
	w.refused("tags twice", err, "InvalidTag")
	ok[*sdk.DeleteObjectTaggingOutput](w)(w.DeleteObjectTagging(ctx(), &sdk.DeleteObjectTaggingInput{Bucket: &b, Key: aws.String("k")}))
	if tags := ok[*sdk.GetObjectTaggingOutput](w)(w.GetObjectTagging(ctx(), &sdk.GetObjectTaggingInput{Bucket: &b, Key: aws.String("k")})).TagSet; len(tags) != 0 {
		t.Errorf("deleted tags %v", tags)
	}

	ok[*sdk.PutBucketNotificationConfigurationOutput](w)(w.PutBucketNotificationConfiguration(ctx(), &sdk.PutBucketNotificationConfigurationInput{Bucket: &b, NotificationConfiguration: &types.NotificationConfiguration{
		TopicConfigurations: []types.TopicConfiguration{{TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:t"), Events: []types.Event{"s3:ReducedRedundancyLostObject"}}}}}))
	if n := ok[*sdk.GetBucketNotificationConfigurationOutput](w)(w.GetBucketNotificationConfiguration(ctx(), &sdk.GetBucketNotificationConfigurationInput{Bucket: &b})); len(n.TopicConfigurations) != 1 {
		t.Errorf("notification %+v", n)
	}
	enc := ok[*sdk.GetBucketEncryptionOutput](w)(w.GetBucketEncryption(ctx(), &sdk.GetBucketEncryptionInput{Bucket: &b})).ServerSideEncryptionConfiguration
	if enc.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm != "AES256" {
		t.Errorf("encryption %+v", enc)
	}
	if p := ok[*sdk.GetBucketRequestPaymentOutput](w)(w.GetBucketRequestPayment(ctx(), &sdk.GetBucketRequestPaymentInput{Bucket: &b})).Payer; p != "BucketOwner" {
		t.Errorf("payer %s", p)
	}
	_, err = w.GetPublicAccessBlock(ctx(), &sdk.GetPublicAccessBlockInput{Bucket: &b})
	w.refused("public access", err, "NoSuchPublicAccessBlockConfiguration")
}

func TestLogging(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, logs := w.make("paws"), w.make("logs")
	enable := func(target string) error {
		_, err := w.PutBucketLogging(ctx(), &sdk.PutBucketLoggingInput{Bucket: &b, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{TargetBucket: &target, TargetPrefix: aws.String("log/")}}})
		return err
	}
	w.refused("no target", enable("none"), "InvalidTargetBucketForLogging")
	if err := enable(logs); err != nil {
		t.Fatal(err)
	}
	w.put(b, "lost", "x")
	w.pass(time.Minute)
	if out := ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &logs})); len(out.Contents) != 0 {
		t.Error("delivered where nobody may write")
	}
	ok[*sdk.PutBucketAclOutput](w)(w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &logs, ACL: "log-delivery-write"}))
	if l := ok[*sdk.GetBucketLoggingOutput](w)(w.GetBucketLogging(ctx(), &sdk.GetBucketLoggingInput{Bucket: &b})).LoggingEnabled; l == nil || *l.TargetBucket != "logs" {
		t.Errorf("logging %+v", l)
	}
	w.put(b, "a key", "x")
	w.get(b, "a key")
	if _, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("none")}); err == nil {
		t.Error("found none")
	}
	w.fetch("GET", "/paws/a%20key?X-Amz-Foo=1")
	list := func() []types.Object {
		return ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &logs, Prefix: aws.String("log/")})).Contents
	}
	if n := len(list()); n != 0 {
		t.Errorf("%d objects at once", n)
	}
	w.pass(time.Minute)
	objects := list()
	if len(objects) != 1 {
		t.Fatalf("%d log objects", len(objects))
	}
	text := w.get(logs, *objects[0].Key)
	for _, want := range []string{"REST.PUT.OBJECT a+key", "REST.GET.OBJECT a+key", "REST.GET.OBJECT none", " 404 NoSuchKey ", " 403 AccessDenied ", " 200 - ", `"GET /paws/none?x-id=GetObject HTTP/1.1"`, " paws ["} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not tell %q:\n%s", want, text)
		}
	}
	ok[*sdk.PutBucketLoggingOutput](w)(w.PutBucketLogging(ctx(), &sdk.PutBucketLoggingInput{Bucket: &b, BucketLoggingStatus: &types.BucketLoggingStatus{}}))
	if l := ok[*sdk.GetBucketLoggingOutput](w)(w.GetBucketLogging(ctx(), &sdk.GetBucketLoggingInput{Bucket: &b})).LoggingEnabled; l != nil {
		t.Errorf("still on: %+v", l)
	}
}

func TestWebsite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	site := func(c *types.WebsiteConfiguration) error {
		_, err := w.PutBucketWebsite(ctx(), &sdk.PutBucketWebsiteInput{Bucket: &b, WebsiteConfiguration: c})
		return err
	}
	_, err := w.GetBucketWebsite(ctx(), &sdk.GetBucketWebsiteInput{Bucket: &b})
	w.refused("none", err, "NoSuchWebsiteConfiguration")
	w.refused("no index", site(&types.WebsiteConfiguration{}), "InvalidArgument")
	w.refused("index in a folder", site(&types.WebsiteConfiguration{IndexDocument: &types.IndexDocument{Suffix: aws.String("a/b")}}), "InvalidArgument")
	if err := site(&types.WebsiteConfiguration{IndexDocument: &types.IndexDocument{Suffix: aws.String("index.html")}, ErrorDocument: &types.ErrorDocument{Key: aws.String("error.html")},
		RoutingRules: []types.RoutingRule{{Condition: &types.Condition{KeyPrefixEquals: aws.String("old/")}, Redirect: &types.Redirect{ReplaceKeyPrefixWith: aws.String("new/")}}}}); err != nil {
		t.Fatal(err)
	}
	if c := ok[*sdk.GetBucketWebsiteOutput](w)(w.GetBucketWebsite(ctx(), &sdk.GetBucketWebsiteInput{Bucket: &b})); *c.IndexDocument.Suffix != "index.html" || *c.ErrorDocument.Key != "error.html" || len(c.RoutingRules) != 1 {
		t.Errorf("website %+v", c)
	}
	for k, body := range map[string]string{"index.html": "<h1>index</h1>", "error.html": "<h1>oops</h1>", "sub/index.html": "sub"} {
		ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: &k, Body: strings.NewReader(body), ACL: types.ObjectCannedACLPublicRead, ContentType: aws.String("text/html")}))
	}
	w.put(b, "private.html", "secret")
	host := "paws.s3-website-us-east-1.amazonaws.com"
	for _, tt := range []struct {
		path, host string
		code       int
		body       string
	}{
		{"/", host, 200, "<h1>index</h1>"}, {"/index.html", host, 200, "<h1>index</h1>"}, {"/sub/", host, 200, "sub"}, {"/sub", host, 302, ""},
		{"/missing", host, 403, "<h1>oops</h1>"}, {"/private.html", host, 403, "<h1>oops</h1>"}, {"/old/x", host, 301, ""},
		{"/", "paws.s3-website.localhost:1234", 200, "<h1>index</h1>"}, {"/", "none.s3-website.us-east-1.amazonaws.com", 404, "NoSuchBucket"},
	} {
		code, body, h := w.fetch("GET", tt.path, "Host", tt.host)
		if code != tt.code || !strings.Contains(body, tt.body) {
			t.Errorf("%s%s: %d %q", tt.host, tt.path, code, body)
		}
		if tt.path == "/old/x" && h.Get("Location") != "http://"+host+"/new/x" {
			t.Errorf("redirected to %s", h.Get("Location"))
		}
	}
	ok[*sdk.PutBucketPolicyOutput](w)(w.PutBucketPolicy(ctx(), &sdk.PutBucketPolicyInput{Bucket: &b, Policy: aws.String(`{"Statement":{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::paws","arn:aws:s3:::paws/*"]}}`)}))
	if code, body, _ := w.fetch("GET", "/missing", "Host", host); code != 404 || body != "<h1>oops</h1>" {
		t.Errorf("missing, listable: %d %q", code, body)
	}
	if code, _, _ := w.fetch("HEAD", "/", "Host", host); code != 200 {
		t.Errorf("HEAD: %d", code)
	}
	if code, _, _ := w.fetch("POST", "/", "Host", host); code != 405 {
		t.Errorf("POST: %d", code)
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("k"), Body: strings.NewReader("x"), ACL: types.ObjectCannedACLPublicRead}))
	preflight := func(origin, method, headers string) int {
		code, _, _ := w.fetch("OPTIONS", "/paws/k", "Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", headers)
		return code
	}
	if code := preflight("http://example.com", "GET", ""); code != 403 {
		t.Errorf("without rules: %d", code)
	}
	ok[*sdk.PutBucketCorsOutput](w)(w.PutBucketCors(ctx(), &sdk.PutBucketCorsInput{Bucket: &b, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{
		{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"http://*.example.com"}, AllowedHeaders: []string{"x-*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(60)}}}}))
	for _, tt := range []struct {
		origin, method, headers string
		want                    int
	}{{"http://a.example.com", "GET", "", 200}, {"http://a.example.com", "GET", "X-Cat, x-dog", 200}, {"http://a.example.com", "GET", "y", 403}, {"http://a.example.com", "PUT", "", 403}, {"http://a.example.org", "GET", "", 403},
		{"", "GET", "", 400}, {"http://a.example.com", "PET", "", 400}, {"http://a.example.com", "GET", "x y", 400}} {
		if got := preflight(tt.origin, tt.method, tt.headers); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
	if _, _, h := w.fetch("GET", "/paws/k", "Origin", "http://a.example.com"); h.Get("Access-Control-Allow-Origin") != "http://a.example.com" || h.Get("Access-Control-Expose-Headers") != "ETag" {
		t.Errorf("headers %v", h)
	}
	_, err := w.PutBucketCors(ctx(), &sdk.PutBucketCorsInput{Bucket: &b, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{AllowedMethods: []string{"PET"}, AllowedOrigins: []string{"*"}}}}})
	w.refused("method", err, "InvalidRequest")
}
