package session_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/encoding/cbor"

	"pawsh/bindings/session"
)

func TestDebugLevels(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(server.Close)
	tests := []struct {
		level     session.Level
		has, lack []string
	}{
		{session.LevelOff, nil, []string{"sts"}},
		{session.LevelCalls, []string{"sts GetCallerIdentity 200 ", "ms 1 try req-1 us-east-1\n"}, []string{"> POST", "Action=", "<Account>"}},
		{session.LevelHeaders, []string{"sts GetCallerIdentity 200 ", "> POST / HTTP/1.1", "> Authorization: AWS4-HMAC-SHA256 [redacted]", "< HTTP/1.1 200 OK", "< Content-Type: text/xml"}, []string{"Action=", "<Account>"}},
		{session.LevelWire, []string{"> Action=GetCallerIdentity", "<     <Account>123456789012</Account>", "sts GetCallerIdentity 200 "}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.level.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).keys()
			w.env["AWS_SESSION_TOKEN"] = "token-of-the-environment"
			e, c := caller(t, w, server.URL)
			e.SetDebug(tt.level) // after the connection was opened
			if err := call(context.Background(), c); err != nil {
				t.Fatal(err)
			}
			log := w.log.String()
			for _, want := range tt.has {
				if !strings.Contains(log, want) {
					t.Errorf("%q is not in\n%s", want, log)
				}
			}
			for _, lack := range append(tt.lack, "secret-of-the-environment", "token-of-the-environment", "AKIDENVIRONMENT/", "Signature=") {
				if strings.Contains(log, lack) {
					t.Errorf("%q is in\n%s", lack, log)
				}
			}
			if tt.level == session.LevelOff && log != "" {
				t.Errorf("log %q", log)
			}
		})
	}
}

// TestStreamLoggerOfTheBook is the cookbook's session: the name stands in the
// head of each line.
func TestStreamLoggerOfTheBook(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e := w.new()
	e.SetStreamLogger("paws")
	target, err := e.Open(session.STS, session.Endpoint(server.URL), session.Debug(2))
	if err != nil {
		t.Fatal(err)
	}
	if target.DebugLevel() != session.LevelWire {
		t.Errorf("level %s, want wire", target.DebugLevel())
	}
	req := clientOf(target)
	if err := call(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(w.log.String(), "\n"), "\n")
	head := regexp.MustCompile(`^2026-11-22 10:11:12,345 paws \[DEBUG\]:`)
	if len(lines) < 10 {
		t.Errorf("only %d lines", len(lines))
	}
	for _, line := range lines {
		if !head.MatchString(line) {
			t.Errorf("line %q has another head", line)
		}
	}
}

func TestDebugOfAConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	e := w.new()
	level := func(opts ...session.ConnectOption) *session.Target {
		target, err := e.Open(session.STS, opts...)
		if err != nil {
			t.Fatal(err)
		}
		return target
	}
	plain, one, two := level(), level(session.Debug(1)), level(session.Debug(2))
	check := func(when string, want ...session.Level) {
		t.Helper()
		for i, target := range []*session.Target{plain, one, two} {
			if got := target.DebugLevel(); got != want[i] {
				t.Errorf("%s: connection %d logs %s, want %s", when, i, got, want[i])
			}
		}
	}
	check("at first", session.LevelOff, session.LevelCalls, session.LevelWire)
	e.SetDebug(session.LevelHeaders)
	check("after :debug headers", session.LevelHeaders, session.LevelHeaders, session.LevelHeaders)
	e.SetDebug(session.LevelOff)
	check("after :debug off", session.LevelOff, session.LevelOff, session.LevelOff)
	two = level(session.Debug(2))
	check("a connection made later", session.LevelOff, session.LevelOff, session.LevelWire)
	e.SetStreamLogger("paws")
	check("after SetStreamLogger", session.LevelCalls, session.LevelCalls, session.LevelWire)
}

func TestDebugOfBotoFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	w.file(".boto", "[Boto]\ndebug = 2\n")
	if got := w.open(session.EC2).DebugLevel(); got != session.LevelWire {
		t.Errorf("level %s, want wire", got)
	}
}

func TestFailedCallsAreLogged(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		io.WriteString(w, `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>req-2</RequestId></ErrorResponse>`)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e, c := caller(t, w, server.URL)
	e.SetDebug(session.LevelCalls)
	err := call(context.Background(), c)
	if session.Code(err) != "AccessDenied" || session.StatusCode(err) != 403 {
		t.Errorf("code %q status %d of %v", session.Code(err), session.StatusCode(err), err)
	}
	if log := w.log.String(); !strings.Contains(log, "403") || !strings.Contains(log, "AccessDenied") || !strings.Contains(log, "req-2") {
		t.Errorf("log %q", log)
	}
	summary, hint := session.Explain(err)
	if summary != "sts GetCallerIdentity: AccessDenied: no (HTTP 403, request id req-2)" || !strings.Contains(hint, "a policy must allow") {
		t.Errorf("Explain = %q, %q", summary, hint)
	}
}

func TestParseLevel(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]session.Level{"off": 0, "calls": 1, "HEADERS": 2, "wire": 3, "0": 0, "1": 1, "2": 3} {
		if got, err := session.ParseLevel(text); err != nil || got != want {
			t.Errorf("ParseLevel(%q) = %v, %v", text, got, err)
		}
	}
	if _, err := session.ParseLevel("loud"); err == nil {
		t.Error("level loud was accepted")
	}
}

func TestLongBodiesAreNotCopiedWhole(t *testing.T) {
	t.Parallel()
	big := strings.Replace(identityAnswer, "AIDA", strings.Repeat("A", 1<<20), 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, big)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e, c := caller(t, w, server.URL)
	e.SetDebug(session.LevelWire)
	if err := call(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	if log := w.log.String(); len(log) > 10_000 || !strings.Contains(log, "too long to show") {
		t.Errorf("the log has %d bytes", len(log))
	}
}

// TestCallLines is the form of the line of a call, however the call went.
func TestCallLines(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e := w.new()
	e.SetDebug(session.LevelCalls)
	at := func(s session.Service) *session.Target {
		target, err := e.Open(s, session.Endpoint(server.URL))
		if err != nil {
			t.Fatal(err)
		}
		return target
	}
	if err := call(context.Background(), clientOf(at(session.STS))); err != nil {
		t.Fatal(err)
	}
	storage := s3.NewFromConfig(at(session.S3).Config, func(o *s3.Options) { o.UsePathStyle = true })
	in := &s3.DeleteObjectInput{Bucket: aws.String("b"), Key: aws.String("k")}
	if _, err := s3.NewPresignClient(storage).PresignDeleteObject(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	e.SetGuard(func(context.Context, session.Footprint) error { return errors.New("no") })
	if _, err := storage.DeleteObject(context.Background(), in); err == nil {
		t.Fatal("no error")
	}
	server.Close()
	if err := call(context.Background(), clientOf(at(session.STS))); err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(strings.TrimSpace(w.log.String()), "\n")
	want := []string{
		`sts GetCallerIdentity 200 \d+ms 2 tries req-1 us-east-1`,
		`s3 DeleteObject presigned \d+ms 0 tries - us-east-1`,
		`s3 DeleteObject not sent \d+ms 0 tries - us-east-1 refused to delete object: 1 \(b/k\) .*: no`,
		`sts GetCallerIdentity no answer \d+ms 1 try - us-east-1 .*refused`,
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines:\n%s", len(lines), w.log.String())
	}
	for i, line := range lines {
		if !regexp.MustCompile(`^[\d-]+ [\d:,]+ boto \[DEBUG\]:` + want[i] + `$`).MatchString(line) {
			t.Errorf("%s\nwant %s", line, want[i])
		}
	}
}

// TestWireOfTheBinaryProtocols reads what CloudWatch and SQS send.
func TestWireOfTheBinaryProtocols(t *testing.T) {
	t.Parallel()
	at := time.Date(2012, 7, 1, 12, 0, 0, 0, time.UTC)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-amz-json") {
			io.WriteString(w, `{"Messages":[{"Body":"hello","ReceiptHandle":"r"}]}`)
			return
		}
		w.Header().Set("Content-Type", "application/cbor")
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		if strings.HasSuffix(r.URL.Path, "PutMetricData") {
			return
		}
		w.Write(cbor.Encode(cbor.Map{"Datapoints": cbor.List{cbor.Map{
			"Timestamp": &cbor.Tag{ID: 1, Value: cbor.Float64(at.Unix())}, "Average": cbor.Float64(1.5), "SampleCount": cbor.NegInt(3), "Unit": cbor.String("Percent"),
		}}, "AccessToken": cbor.String("not-for-the-log")}))
	}))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	e := w.new()
	defer e.ForceDebug(session.LevelWire)()
	target, err := e.Open(session.SQS, session.Endpoint(server.URL), session.Debug(0))
	if err != nil {
		t.Fatal(err)
	}
	big := make([]cwtypes.MetricDatum, 300) // so that the client packs them
	for i := range big {
		big[i] = cwtypes.MetricDatum{MetricName: aws.String("paws"), Timestamp: &at, Value: aws.Float64(float64(i))}
	}
	metrics := cloudwatch.NewFromConfig(target.Config)
	_, err = metrics.GetMetricStatistics(context.Background(), &cloudwatch.GetMetricStatisticsInput{Namespace: aws.String("AWS/EC2"), MetricName: aws.String("CPUUtilization"), Period: aws.Int32(60), StartTime: &at, EndTime: &at})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := metrics.PutMetricData(context.Background(), &cloudwatch.PutMetricDataInput{Namespace: aws.String("Paws"), MetricData: big}); err != nil {
		t.Fatal(err)
	}
	if _, err := sqs.NewFromConfig(target.Config).ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(server.URL + "/1/q")}); err != nil {
		t.Fatal(err)
	}
	log := w.log.String()
	for _, want := range []string{
		`>   "MetricName": "CPUUtilization"`, `>   "StartTime": "2012-07-01T12:00:00Z"`, `<       "Average": 1.5`, `<       "SampleCount": -3`, `<       "Timestamp": "2012-07-01T12:00:00Z"`,
		`> Content-Encoding: gzip`, `>       "MetricName": "paws"`, `<       "Body": "hello"`, `"AccessToken": "[redacted]"`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%s is not in\n%.6000s", want, log)
		}
	}
	if strings.Contains(log, "not-for-the-log") {
		t.Error("a secret is in the log")
	}
}

func TestForcedLevelEnds(t *testing.T) {
	t.Parallel()
	e := newWorld(t).keys().new()
	target, err := e.Open(session.STS, session.Debug(1))
	if err != nil {
		t.Fatal(err)
	}
	outer := e.ForceDebug(session.LevelWire)
	inner := e.ForceDebug(session.LevelOff)
	if got := target.DebugLevel(); got != session.LevelOff {
		t.Errorf("the innermost: %s", got)
	}
	outer()
	if got := target.DebugLevel(); got != session.LevelOff {
		t.Errorf("the outer one ended first: %s", got)
	}
	inner()
	inner()
	if got := target.DebugLevel(); got != session.LevelCalls {
		t.Errorf("in the end: %s", got)
	}
}
