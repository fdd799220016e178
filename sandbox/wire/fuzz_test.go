package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
)

// echo registers a handler that gives back nothing, and keeps what it got.
func echo[I, O any](s *Service, op string, got **I) {
	Handle(s, op, func(_ context.Context, in *I) (*O, error) { *got = in; return nil, nil })
}

// answered fails where a service lost its head: every request gets a success
// or a client's error, never one of ours.
func answered(t *testing.T, s *Service, r *http.Request) {
	t.Helper()
	w := httptest.NewRecorder()
	s.Log(t.Errorf)
	s.ServeHTTP(w, r)
	if w.Code >= 500 && w.Code != http.StatusNotImplemented {
		t.Errorf("%s: %s", r.URL, w.Body)
	}
}

func FuzzForm(f *testing.F) {
	for _, s := range []string{
		"Action=Publish&Message=x&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.StringValue=b",
		"Action=Publish&MessageAttributes.entry.01.Name=a&MessageAttributes.entry.1.Value=b", "Action=Publish&a.b.c=1&..=2&=3&Message.1=x",
		"Action=%00&Version=2010-03-31", strings.Repeat("a.", 300) + "=1", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := SNS()
		var got *sns.PublishInput
		echo[sns.PublishInput, sns.PublishOutput](s, "Publish", &got)
		answered(t, s, form("/", body))
		params, err := url.ParseQuery(body)
		if err != nil || got == nil {
			return
		}
		again := &sns.PublishInput{}
		if err := (formDecoder{t: s.spec.table}).structure(formTree(params, isProtocolParam), reflect.ValueOf(again).Elem(), ""); err != nil {
			t.Fatalf("decoded once, not twice: %v", err)
		}
		if !reflect.DeepEqual(got, again) {
			t.Error("one form decodes to two inputs")
		}
	})
}

func FuzzXML(f *testing.F) {
	for _, s := range []string{
		"<ReplicationConfiguration><Role>r</Role><Rule><ID>1</ID><Priority>7</Priority><Filter><And><Tag><Key>k</Key><Value/></Tag></And></Filter></Rule></ReplicationConfiguration>",
		"<ReplicationConfiguration xmlns='x'><Rule/></ReplicationConfiguration>", "<a/><b/>", "<a", "&#0;",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := S3()
		var got *s3.PutBucketReplicationInput
		echo[s3.PutBucketReplicationInput, s3.PutBucketReplicationOutput](s, "PutBucketReplication", &got)
		answered(t, s, httptest.NewRequest("PUT", "/paws?replication", bytes.NewReader(body)))
		if got == nil || got.ReplicationConfiguration == nil {
			return
		}
		// what was read, written and read again is the same
		var b bytes.Buffer
		(&xmlEncoder{t: s.spec.table, b: &b}).structure("ReplicationConfiguration", reflect.ValueOf(got.ReplicationConfiguration).Elem())
		root, err := parseXML(&b)
		if err != nil {
			t.Fatalf("what was written does not parse: %v", err)
		}
		again := reflect.New(reflect.TypeOf(got.ReplicationConfiguration)).Elem()
		if err := (xmlDecoder{s.spec.table}).value(root, again, noElements, false); err != nil {
			t.Fatalf("what was written does not decode: %v", err)
		}
		if d := cmp.Diff(clean(got.ReplicationConfiguration), clean(again.Interface())); d != "" {
			t.Error(d)
		}
	})
}

// clean takes out what the documents can't tell: nil lists from empty ones,
// and characters that XML replaces or folds.
func clean(x any) any {
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(bytes.ReplaceAll(b, []byte(`\r`), []byte(`\n`)), &tree); err != nil {
		return err
	}
	return dropEmpty(tree)
}

func dropEmpty(x any) any {
	switch x := x.(type) {
	case map[string]any:
		for k, v := range x {
			if v = dropEmpty(v); v == nil {
				delete(x, k)
			} else {
				x[k] = v
			}
		}
	case []any:
		if len(x) == 0 {
			return nil
		}
		for i := range x {
			x[i] = dropEmpty(x[i])
		}
	}
	return x
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"MessageBody":"x","DelaySeconds":1,"MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"AAE="}}}`,
		`{"DelaySeconds":1e400}`, `{"MessageAttributes":[]}`, `[[[[[[`, `null`, `{"MessageBody":null}`, "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := SQS()
		var got *sqs.SendMessageInput
		echo[sqs.SendMessageInput, sqs.SendMessageOutput](s, "SendMessage", &got)
		answered(t, s, request("POST", "/", body, "X-Amz-Target: AmazonSQS.SendMessage"))
	})
}

func FuzzCBOR(f *testing.F) {
	f.Add(toCBOR(map[string]any{"Namespace": "x", "Dimensions": []any{map[string]any{"Name": "a"}}}))
	f.Add([]byte("\xbf\xff"))
	f.Add([]byte("\x9b\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\xc1\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := CloudWatch()
		var got *cloudwatch.ListMetricsInput
		echo[cloudwatch.ListMetricsInput, cloudwatch.ListMetricsOutput](s, "ListMetrics", &got)
		answered(t, s, httptest.NewRequest("POST", "/service/GraniteServiceVersion20100801/operation/ListMetrics", bytes.NewReader(body)))
		tree, err := fromCBOR(body)
		if err != nil {
			return
		}
		if again, err := fromCBOR(toCBOR(tree)); err != nil {
			t.Errorf("what was written does not decode: %v (%v)", err, again)
		}
	})
}

func FuzzSigV4Header(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential="+exampleKey+"/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature=00", "/a?b=c", "20130524T000000Z")
	f.Add("AWS4-HMAC-SHA256 Credential=////,SignedHeaders=;,Signature=", "/%2F%zz?%zz", "")
	f.Add("AWS "+exampleKey+":AAAA", "/?acl&Signature=x", "x")
	f.Add("", "/?X-Amz-Signature=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/s3/aws4_request&X-Amz-SignedHeaders=host&X-Amz-Expires=-1", "")
	v := verifierAt("2013-05-24T00:00:00Z")
	f.Fuzz(func(t *testing.T, auth, target, date string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := request("GET", "/", "", "X-Amz-Content-Sha256: "+emptySHA256, "X-Amz-Date: "+date, "Authorization: "+auth)
		r.URL = u
		got, err := v.verify(t.Context(), signedS3(r))
		if err == nil && !got.caller.Anonymous() {
			t.Errorf("a guess was taken for the signature of %s", got.caller.AccessKeyID)
		}
		if err == nil && auth != "" {
			t.Errorf("an Authorization header was left unregarded: %q", auth)
		}
	})
}

func FuzzChunked(f *testing.F) {
	f.Add([]byte("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"), uint8(7))
	f.Add([]byte("5;chunk-signature=00\r\nhello\r\n0;\r\n\r\n"), uint8(1))
	f.Add([]byte("0\r\n"), uint8(0))
	f.Add([]byte("7fffffffffffffff\r\n"), uint8(255))
	f.Fuzz(func(t *testing.T, body []byte, step uint8) {
		read := func(size int) ([]byte, error) {
			c := &chunkReader{trailers: true}
			c.open(bytes.NewReader(body))
			var all []byte
			b := make([]byte, size)
			for {
				n, err := c.Read(b)
				all = append(all, b[:n]...)
				if err == io.EOF {
					return all, nil
				}
				if err != nil {
					return all, err
				}
			}
		}
		whole, err1 := read(1 << 16)
		parts, err2 := read(int(step) + 1)
		if !bytes.Equal(whole, parts) || (err1 == nil) != (err2 == nil) {
			t.Errorf("%q, %v in one read; %q, %v in steps of %d", whole, err1, parts, err2, int(step)+1)
		}
		if len(whole) > len(body) {
			t.Errorf("%d bytes of data from %d", len(whole), len(body))
		}
	})
}
