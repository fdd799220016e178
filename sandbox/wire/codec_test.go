package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"context"
)

// ask sends a raw request to a service and gives what came back.
func ask(s *Service, r *http.Request) (*http.Response, string) {
	w := httptest.NewRecorder()
	s.RequestIDs(func() string { return "00112233-4455-6677-8899-aabbccddeeff" })
	s.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		b = []byte(err.Error())
	}
	return w.Result(), string(b)
}

func form(path, body string) *http.Request {
	return request("POST", path, body, "Content-Type: application/x-www-form-urlencoded; charset=utf-8")
}

func TestErrorForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		s      *Service
		r      *http.Request
		status int
		header http.Header
		want   string
	}{
		{"awsQuery unknown", STS(), form("/", "Action=Nonsense&Version=2011-06-15"), 400,
			http.Header{"Content-Type": {"text/xml;charset=UTF-8"}, "X-Amzn-Requestid": {"00112233-4455-6677-8899-aabbccddeeff"}},
			`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>The action Nonsense is not valid for this web service.</Message></Error><RequestId>00112233-4455-6677-8899-aabbccddeeff</RequestId></ErrorResponse>`},
		{"awsQuery not built", STS(), form("/", "Action=AssumeRole"), 501, nil,
			`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Receiver</Type><Code>NotImplemented</Code><Message>The operation AssumeRole of sts is not built in the sandbox.</Message></Error><RequestId>00112233-4455-6677-8899-aabbccddeeff</RequestId></ErrorResponse>`},
		{"awsQuery without action", STS(), form("/", ""), 400, nil,
			`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>MissingAction</Code><Message>The request must contain the parameter Action.</Message></Error><RequestId>00112233-4455-6677-8899-aabbccddeeff</RequestId></ErrorResponse>`},
		{"ec2Query not built", EC2(), form("/", "Action=DescribeVpcs"), 501, nil,
			`<Response><Errors><Error><Code>NotImplemented</Code><Message>The operation DescribeVpcs of ec2 is not built in the sandbox.</Message></Error></Errors><RequestID>00112233-4455-6677-8899-aabbccddeeff</RequestID></Response>`},
		{"awsJson unknown", SQS(), request("POST", "/", "{}", "X-Amz-Target: AmazonSQS.Nonsense"), 400,
			http.Header{"X-Amzn-Query-Error": {"InvalidAction;Sender"}, "Content-Type": {"application/x-amz-json-1.0"}},
			`{"__type":"com.amazon.coral.service#UnknownOperationException","message":"The action Nonsense is not valid for this web service."}`},
		{"restXml not built", S3(), request("GET", "/paws/a%3Cb?acl", ""), 501,
			http.Header{"X-Amz-Request-Id": {"0011223344556677"}, "Content-Type": {"application/xml"}},
			`<Error><Code>NotImplemented</Code><Message>The operation GetObjectAcl of s3 is not built in the sandbox.</Message><Resource>/paws/a&lt;b</Resource><RequestId>0011223344556677</RequestId><HostId>00112233-4455-6677-8899-aabbccddeeff</HostId></Error>`},
		{"restXml method", S3(), request("POST", "/paws", ""), 405, nil,
			`<Error><Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message><Method>POST</Method><ResourceType>SERVICE</ResourceType><Resource>/paws</Resource><RequestId>0011223344556677</RequestId><HostId>00112233-4455-6677-8899-aabbccddeeff</HostId></Error>`},
		{"restXml HEAD has no body", S3(), request("HEAD", "/paws/x", ""), 501, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, body := ask(tt.s, tt.r)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			for k, v := range tt.header {
				if res.Header.Get(k) != v[0] {
					t.Errorf("header %s: %q, want %q", k, res.Header.Get(k), v[0])
				}
			}
			if d := cmp.Diff(tt.want, strings.TrimPrefix(body, xmlHeader)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestErrorSpellings(t *testing.T) {
	t.Parallel()
	s := SQS()
	for _, code := range []string{"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"} {
		n := s.spec.table.errorName(code)
		if n.shape != "QueueDoesNotExist" || n.code != "AWS.SimpleQueueService.NonExistentQueue" {
			t.Errorf("%s: %+v", code, n)
		}
	}
	if got := CloudWatch().status(Errorf("ResourceNotFound", 0, "")); got != 404 {
		t.Errorf("status of ResourceNotFound %d, want 404", got)
	}
	if got := CloudWatch().status(Errorf("ResourceNotFound", 410, "")); got != 410 {
		t.Errorf("a status of the error's own: %d, want 410", got)
	}
}

func TestBadBodies(t *testing.T) {
	t.Parallel()
	sqsService, cw, s3Service := SQS(), CloudWatch(), S3()
	Handle(sqsService, "SendMessage", func(context.Context, *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) { return nil, nil })
	Handle(cw, "ListMetrics", func(context.Context, *cloudwatch.ListMetricsInput) (*cloudwatch.ListMetricsOutput, error) {
		return nil, nil
	})
	Handle(s3Service, "PutBucketCors", func(context.Context, *s3.PutBucketCorsInput) (*s3.PutBucketCorsOutput, error) { return nil, nil })
	Handle(s3Service, "ListObjects", func(context.Context, *s3.ListObjectsInput) (*s3.ListObjectsOutput, error) { return nil, nil })
	json := func(body string) *http.Request {
		return request("POST", "/", body, "X-Amz-Target: AmazonSQS.SendMessage")
	}
	cbor := func(body string) *http.Request {
		return request("POST", "/service/GraniteServiceVersion20100801/operation/ListMetrics", body)
	}
	tests := []struct {
		name string
		s    *Service
		r    *http.Request
		want string
	}{
		{"json cut short", sqsService, json(`{"MessageBody":`), "SerializationException"},
		{"json list", sqsService, json(`[1]`), "SerializationException"},
		{"json number for text", sqsService, json(`{"MessageBody":{}}`), "SerializationException"},
		{"json text for number", sqsService, json(`{"DelaySeconds":"x"}`), "SerializationException"},
		{"json number too large", sqsService, json(`{"DelaySeconds":99999999999}`), "SerializationException"},
		{"json with a tail", sqsService, json(`{} {}`), "SerializationException"},
		{"cbor nonsense", cw, cbor("\xff\xff"), "SerializationException"},
		{"cbor list", cw, cbor("\x80"), "SerializationException"},
		{"form list of names", sqsService, form("/", "Action=SendMessage&MessageAttribute.x.Name=1"), "MalformedQueryString"},
		{"form map without value", sqsService, form("/", "Action=SendMessage&MessageAttribute.1.Name=1"), "MissingParameter"},
		{"form text for number", sqsService, form("/", "Action=SendMessage&DelaySeconds=x"), "InvalidParameterValue"},
		{"form syntax", sqsService, form("/", "Action=%zz"), "MalformedQueryString"},
		{"form version", sqsService, form("/", "Action=SendMessage&Version=%3Cx"), "InvalidParameterValue"},
		{"xml cut short", s3Service, request("PUT", "/paws?cors", "<CORSConfiguration><CORSRule>"), "MalformedXML"},
		{"xml two roots", s3Service, request("PUT", "/paws?cors", "<a/><b/>"), "MalformedXML"},
		{"xml too deep", s3Service, request("PUT", "/paws?cors", strings.Repeat("<a>", 100)+strings.Repeat("</a>", 100)), "MalformedXML"},
		{"xml text for number", s3Service, request("PUT", "/paws?cors", "<CORSConfiguration><CORSRule><MaxAgeSeconds>x</MaxAgeSeconds></CORSRule></CORSConfiguration>"), "MalformedXML"},
		{"query text for number", s3Service, request("GET", "/paws?max-keys=x", ""), "InvalidArgument"},
		{"too large", s3Service, request("PUT", "/paws?cors", strings.Repeat(" ", maxDocument+1)), "EntityTooLarge"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			tt.s.ServeHTTP(w, tt.r)
			if b := w.Body.String(); w.Code < 400 || w.Code >= 500 || !strings.Contains(b, tt.want) {
				t.Errorf("%d %q, want %s", w.Code, b, tt.want)
			}
		})
	}
}

// routed gives the operation of an S3 request that no client marked.
func routed(r *router, method, target string, h http.Header) string {
	req := httptest.NewRequest(method, target, nil)
	lv := levelService
	if bucket, key, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/"); key != "" {
		lv = levelKey
	} else if bucket != "" {
		lv = levelBucket
	}
	if o := r.route(method, lv, req.URL.Query(), h); o != nil {
		return o.name
	}
	return ""
}

func TestRouteOldClients(t *testing.T) {
	t.Parallel()
	r := newRouter(S3().spec.table)
	tests := []struct{ method, target, header, want string }{
		{"GET", "/", "", "ListBuckets"},
		{"GET", "/paws", "", "ListObjects"},
		{"GET", "/paws/?prefix=a&delimiter=/&max-keys=0", "", "ListObjects"},
		{"GET", "/paws?list-type=2&prefix=a", "", "ListObjectsV2"},
		{"GET", "/paws?versions&prefix=a", "", "ListObjectVersions"},
		{"GET", "/paws?uploads", "", "ListMultipartUploads"},
		{"GET", "/paws?location", "", "GetBucketLocation"},
		{"GET", "/paws?analytics&id=x", "", "GetBucketAnalyticsConfiguration"},
		{"GET", "/paws?analytics", "", "ListBucketAnalyticsConfigurations"},
		{"GET", "/paws?unknown=1", "", "ListObjects"},
		{"PUT", "/paws", "", "CreateBucket"},
		{"PUT", "/paws?acl", "", "PutBucketAcl"},
		{"PUT", "/paws?analytics", "", ""},
		{"HEAD", "/paws", "", "HeadBucket"},
		{"DELETE", "/paws", "", "DeleteBucket"},
		{"DELETE", "/paws?unknown=1", "", "DeleteBucket"},
		{"DELETE", "/paws?cors", "", "DeleteBucketCors"},
		{"DELETE", "/paws?versioning", "", ""},
		{"DELETE", "/paws?acl", "", ""},
		{"POST", "/paws?delete", "", "DeleteObjects"},
		{"GET", "/paws/k", "", "GetObject"},
		{"GET", "/paws/k?versionId=1&response-content-type=x", "", "GetObject"},
		{"GET", "/paws/k?partNumber=1", "", "GetObject"},
		{"GET", "/paws/k?uploadId=1", "", "ListParts"},
		{"GET", "/paws/k?torrent", "", "GetObjectTorrent"},
		{"GET", "/paws/k?acl&versionId=1", "", "GetObjectAcl"},
		{"GET", "/paws/k?website", "", ""},
		{"PUT", "/paws/k", "", "PutObject"},
		{"PUT", "/paws/k", "X-Amz-Copy-Source", "CopyObject"},
		{"PUT", "/paws/k?partNumber=1&uploadId=1", "", "UploadPart"},
		{"PUT", "/paws/k?partNumber=1&uploadId=1", "X-Amz-Copy-Source", "UploadPartCopy"},
		{"POST", "/paws/k?uploads", "", "CreateMultipartUpload"},
		{"POST", "/paws/k?uploadId=1", "", "CompleteMultipartUpload"},
		{"POST", "/paws/k?restore", "", "RestoreObject"},
		{"DELETE", "/paws/k", "", "DeleteObject"},
		{"DELETE", "/paws/k?uploadId=1", "", "AbortMultipartUpload"},
		{"DELETE", "/paws/k?tagging", "", "DeleteObjectTagging"},
		{"DELETE", "/paws/k?acl", "", ""},
		{"PATCH", "/paws/k", "", ""},
	}
	for _, tt := range tests {
		h := http.Header{}
		if tt.header != "" {
			h.Set(tt.header, "x")
		}
		if got := routed(r, tt.method, tt.target, h); got != tt.want {
			t.Errorf("%s %s %s: %q, want %q", tt.method, tt.target, tt.header, got, tt.want)
		}
	}
}

// TestRouteSnapshots sends the SDK's own requests without their x-id.
func TestRouteSnapshots(t *testing.T) {
	t.Parallel()
	b, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2/service/s3").Output()
	files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(b)), "request_snapshot", "*.request.snap"))
	if err != nil || len(files) == 0 {
		t.Skip("SKIPPED: the SDK module s3 with its request snapshots is not in the module cache")
	}
	own := map[string]string{
		"ListDirectoryBuckets":   "the same request as ListBuckets but for x-id",
		"WriteGetObjectResponse": "has a path of its own",
	}
	r := newRouter(S3().spec.table)
	n := 0
	for _, f := range files {
		op := strings.TrimSuffix(filepath.Base(f), ".request.snap")
		if own[op] != "" {
			continue
		}
		snap, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, _ := strings.Cut(string(snap), "\n\n")
		method, uri, _ := strings.Cut(strings.TrimSpace(head), " ")
		if op != "ListBuckets" {
			uri = "/paws" + uri
		}
		uri = strings.NewReplacer("x-id="+op+"&", "", "&x-id="+op, "", "x-id="+op, "").Replace(uri)
		h := http.Header{}
		headers, _, _ := strings.Cut(rest, "\n\n")
		for line := range strings.Lines(headers) {
			if k, v, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
				h.Set(k, v)
			}
		}
		if got := routed(r, method, uri, h); got != op {
			t.Errorf("%s %s: %q, want %q", method, uri, got, op)
		}
		n++
	}
	t.Logf("%d operations are found without x-id, %d are not tried", n, len(own))
}

func TestVirtualBucket(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"127.0.0.1:4000":                       "",
		"localhost:4000":                       "",
		"s3.localhost:4000":                    "",
		"s3.eu-west-1.localhost":               "",
		"paws.localhost:4000":                  "paws",
		"paws.s3.localhost":                    "paws",
		"a.b.localhost":                        "a.b",
		"s3.amazonaws.com":                     "",
		"s3-eu-west-1.amazonaws.com":           "",
		"s3.eu-west-1.amazonaws.com":           "",
		"paws.s3.amazonaws.com":                "paws",
		"a.b.s3.amazonaws.com":                 "a.b",
		"paws.s3.eu-west-1.amazonaws.com":      "paws",
		"paws.s3-eu-west-1.amazonaws.com":      "paws",
		"paws.s3.x.s3.eu-west-1.amazonaws.com": "paws.s3.x",
		"example.com":                          "",
	} {
		if got, _ := VirtualBucket(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestDecodeForms(t *testing.T) {
	t.Parallel()
	stsTable, snsTable := STS().spec.table, SNS().spec.table
	tests := []struct {
		name string
		t    *table
		form string
		got  any
		want any
	}{
		{"gaps and order", stsTable, "Tags.member.10.Key=b&Tags.member.2.Key=a&Unknown=1", &sts.AssumeRoleInput{}, "a b"},
		{"one that is not numbered", stsTable, "TransitiveTagKeys=a", &sts.AssumeRoleInput{}, "a"},
		{"empty list", stsTable, "TransitiveTagKeys=", &sts.AssumeRoleInput{}, ""},
		{"map", snsTable, "Attributes.entry.1.key=k&Attributes.entry.1.value=v", &sns.CreateTopicInput{}, "k=v"},
	}
	for _, tt := range tests {
		q := form("/", tt.form)
		if err := q.ParseForm(); err != nil {
			t.Fatal(err)
		}
		if err := (formDecoder{t: tt.t}).structure(formTree(q.PostForm, isProtocolParam), reflect.ValueOf(tt.got).Elem(), ""); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var s []string
		switch in := tt.got.(type) {
		case *sts.AssumeRoleInput:
			for _, tag := range in.Tags {
				s = append(s, *tag.Key)
			}
			s = append(s, in.TransitiveTagKeys...)
			if tt.name == "empty list" && in.TransitiveTagKeys == nil {
				t.Error("an empty list became none")
			}
		case *sns.CreateTopicInput:
			for k, v := range in.Attributes {
				s = append(s, k+"="+v)
			}
		}
		if got := strings.Join(s, " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestQueueFromAddress(t *testing.T) {
	t.Parallel()
	s := SQS()
	got := ""
	Handle(s, "SendMessage", func(_ context.Context, in *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) {
		got = aws.ToString(in.QueueUrl)
		return nil, nil
	})
	r := form("/123456789012/paws", "Action=SendMessage&MessageBody=x")
	r.Host = "127.0.0.1:4000"
	if res, body := ask(s, r); res.StatusCode != 200 || got != "http://127.0.0.1:4000/123456789012/paws" {
		t.Errorf("%s %s: queue %q", res.Status, body, got)
	}
}

func TestRESTResponses(t *testing.T) {
	t.Parallel()
	s := S3()
	Handle(s, "GetBucketLocation", func(context.Context, *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
		return &s3.GetBucketLocationOutput{LocationConstraint: "EU"}, nil
	})
	Handle(s, "GetObject", func(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
		ResponseHeader(ctx).Set("X-Own", "1")
		return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader("ell")), ContentLength: aws.Int64(3), ContentRange: aws.String("bytes 1-3/5")}, nil
	})
	Handle(s, "DeleteObject", func(context.Context, *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
		return &s3.DeleteObjectOutput{VersionId: aws.String("v1")}, nil
	})
	Handle(s, "GetBucketPolicy", func(context.Context, *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
		return &s3.GetBucketPolicyOutput{Policy: aws.String(`{"a":"<"}`)}, nil
	})
	Handle(s, "PutObject", func(ctx context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
		SetStatus(ctx, 201)
		return nil, nil
	})
	Handle(s, "GetBucketAcl", func(context.Context, *s3.GetBucketAclInput) (*s3.GetBucketAclOutput, error) {
		return &s3.GetBucketAclOutput{Grants: []s3types.Grant{{Grantee: &s3types.Grantee{ID: aws.String("me"), Type: "CanonicalUser"}, Permission: "READ"}}}, nil
	})
	tests := []struct {
		method, target string
		status         int
		header, value  string
		want           string
	}{
		{"GET", "/paws?location", 200, "Content-Type", "application/xml", `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">EU</LocationConstraint>`},
		{"GET", "/paws/x", 206, "X-Own", "1", "ell"},
		{"DELETE", "/paws/x", 204, "X-Amz-Version-Id", "v1", ""},
		{"GET", "/paws?policy", 200, "Content-Type", "application/json", `{"a":"<"}`},
		{"PUT", "/paws/x", 201, "Server", "AmazonS3", ""},
		{"GET", "/paws?acl", 200, "Content-Type", "application/xml", `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>me</ID></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`},
	}
	for _, tt := range tests {
		res, body := ask(s, request(tt.method, tt.target, ""))
		if res.StatusCode != tt.status || res.Header.Get(tt.header) != tt.value {
			t.Errorf("%s %s: %d, %s %q", tt.method, tt.target, res.StatusCode, tt.header, res.Header.Get(tt.header))
		}
		if d := cmp.Diff(tt.want, strings.TrimPrefix(body, xmlHeader)); d != "" {
			t.Errorf("%s %s: %s", tt.method, tt.target, d)
		}
	}
}

func TestUnreadBodyIsCheckedBeforeSuccess(t *testing.T) {
	t.Parallel()
	s := S3()
	Handle(s, "PutObject", func(context.Context, *s3.PutObjectInput) (*s3.PutObjectOutput, error) { return nil, nil })
	res, body := ask(s, request("PUT", "/paws/x", "hellO", "Content-Md5: XUFAKrxLKna5cZ2REBfFkg=="))
	if res.StatusCode != 400 || !strings.Contains(body, "BadDigest") {
		t.Errorf("%s %s", res.Status, body)
	}
}

func TestAroundSurrounds(t *testing.T) {
	t.Parallel()
	s := STS()
	var order []string
	note := func(name string) Around {
		return func(ctx context.Context, op string, in any, next Next) (any, error) {
			order = append(order, name+" "+op)
			return next(ctx)
		}
	}
	s.Use(note("outer"))
	s.Use(note("inner"))
	Handle(s, "GetCallerIdentity", func(context.Context, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
		order = append(order, "handler")
		return &sts.GetCallerIdentityOutput{Account: aws.String("1")}, nil
	})
	res, _ := ask(s, form("/", "Action=GetCallerIdentity"))
	if d := cmp.Diff([]string{"outer GetCallerIdentity", "inner GetCallerIdentity", "handler"}, order); d != "" || res.StatusCode != 200 {
		t.Error(res.Status, d)
	}
}

func TestRegisterRefusesMistakes(t *testing.T) {
	t.Parallel()
	h := func(context.Context, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
		return nil, nil
	}
	for name, register := range map[string]func(*Service){
		"twice":            func(s *Service) { Handle(s, "GetCallerIdentity", h); Handle(s, "GetCallerIdentity", h) },
		"another's input":  func(s *Service) { Handle(s, "AssumeRole", h) },
		"no such function": func(s *Service) { HandleAny(s, "AssumeRole", reflect.TypeFor[string](), nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: registered", name)
				}
			}()
			register(STS())
		}()
	}
}

func TestCallerOutsideOfRequests(t *testing.T) {
	t.Parallel()
	if c := CallerFrom(t.Context()); !c.Anonymous() || c.Region != DefaultRegion {
		t.Errorf("%+v", c)
	}
	ctx := WithCaller(t.Context(), Caller{AccessKeyID: "AKID", Region: "eu-west-1"})
	want := Caller{AccessKeyID: "AKID", Region: "eu-west-1"}
	if d := cmp.Diff(want, CallerFrom(ctx), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}
