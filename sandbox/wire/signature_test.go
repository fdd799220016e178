package wire

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The examples that AWS publishes for its signatures are signed with these.
const (
	exampleKey    = "AKIAIOSFODNN7EXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// testKeys are access keys by id.
type testKeys map[string]Key

func (k testKeys) LookupKey(_ context.Context, id string) (Key, bool) {
	key, ok := k[id]
	return key, ok
}

var exampleKeys = testKeys{exampleKey: {Secret: exampleSecret, AccountID: "123456789012", UserName: "alice", Kind: "user"}}

func verifierAt(now string) *Verifier {
	t, err := time.Parse(time.RFC3339, now)
	if err != nil {
		panic(err)
	}
	return &Verifier{Keys: exampleKeys, Now: func() time.Time { return t }}
}

// request makes a request as a server sees it. Headers are "Name: value".
func request(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, h := range headers {
		k, v, _ := strings.Cut(h, ": ")
		if k == "Host" {
			r.Host = v
			continue
		}
		r.Header.Add(k, v)
	}
	return r
}

func signedS3(r *http.Request) signed {
	b, _ := VirtualBucket(r.Host)
	return signed{r: r, service: "s3", s3: true, bucket: b}
}

// wantFault checks the kind of a fault; -1 wants none.
func wantFault(t *testing.T, err error, want faultKind) {
	t.Helper()
	var f fault
	switch {
	case want < 0 && err != nil:
		t.Fatalf("error %v, want none", err)
	case want >= 0 && (!errors.As(err, &f) || f.kind != want):
		t.Fatalf("error %v, want fault %d", err, want)
	}
}

const noFault faultKind = -1

func TestSigV4PublishedExamples(t *testing.T) {
	t.Parallel()
	v := verifierAt("2013-05-24T00:00:00Z")
	const host = "Host: examplebucket.s3.amazonaws.com"
	auth := func(signedHeaders, signature string) string {
		return "Authorization: AWS4-HMAC-SHA256 Credential=" + exampleKey + "/20130524/us-east-1/s3/aws4_request,SignedHeaders=" + signedHeaders + ",Signature=" + signature
	}
	tests := []struct {
		name string
		r    *http.Request
	}{
		{"get object with range", request("GET", "/test.txt", "", host, "Range: bytes=0-9",
			"X-Amz-Content-Sha256: "+emptySHA256, "X-Amz-Date: 20130524T000000Z",
			auth("host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))},
		{"put object with an escaped name", request("PUT", "/test$file.text", "Welcome to Amazon S3.", host,
			"Date: Fri, 24 May 2013 00:00:00 GMT", "X-Amz-Date: 20130524T000000Z", "X-Amz-Storage-Class: REDUCED_REDUNDANCY",
			"X-Amz-Content-Sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
			auth("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))},
		{"subresource without value", request("GET", "/?lifecycle", "", host,
			"X-Amz-Content-Sha256: "+emptySHA256, "X-Amz-Date: 20130524T000000Z",
			auth("host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))},
		{"list with parameters", request("GET", "/?max-keys=2&prefix=J", "", host,
			"X-Amz-Content-Sha256: "+emptySHA256, "X-Amz-Date: 20130524T000000Z",
			auth("host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))},
		{"presigned", request("GET", "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="+exampleKey+"%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", "", host)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := v.verify(t.Context(), signedS3(tt.r))
			wantFault(t, err, noFault)
			if got.caller.UserName != "alice" || got.caller.Region != "us-east-1" || got.caller.AccessKeyID != exampleKey {
				t.Errorf("caller %+v", got.caller)
			}
			if err := got.payload.drain(); err != nil {
				t.Errorf("body: %v", err)
			}
		})
	}
}

func TestSigV2PublishedExamples(t *testing.T) {
	t.Parallel()
	const host = "Host: johnsmith.s3.amazonaws.com"
	auth := func(signature string) string { return "Authorization: AWS " + exampleKey + ":" + signature }
	tests := []struct {
		name, now string
		r         *http.Request
		query     bool
	}{
		{"get object", "2007-03-27T19:36:42Z", request("GET", "/photos/puppy.jpg", "", host,
			"Date: Tue, 27 Mar 2007 19:36:42 +0000", auth("bWq2s1WEIj+Ydj0vQ697zp+IXMU=")), false},
		{"put object", "2007-03-27T21:15:45Z", request("PUT", "/photos/puppy.jpg", "", host, "Content-Type: image/jpeg",
			"Date: Tue, 27 Mar 2007 21:15:45 +0000", auth("MyyxeRY7whkBe+bq8fHCL/2kKUg=")), false},
		{"list signs no parameters", "2007-03-27T19:42:41Z", request("GET", "/?prefix=photos&max-keys=50&marker=puppy", "", host,
			"Date: Tue, 27 Mar 2007 19:42:41 +0000", auth("htDYFYduRNen8P9ZfE/s9SuKy0U=")), false},
		{"subresource", "2007-03-27T19:44:46Z", request("GET", "/?acl", "", host,
			"Date: Tue, 27 Mar 2007 19:44:46 +0000", auth("c2WLPFtWHVgbEmeEG93a4cG37dM=")), false},
		{"presigned", "2006-03-09T07:00:00Z", request("GET", "/photos/puppy.jpg?AWSAccessKeyId="+exampleKey+"&Expires=1175139620&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D", "", host), false},
		{"query form", "2011-10-03T15:20:00Z", request("GET", "/?Action=DescribeJobFlows&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2011-10-03T15%3A19%3A30&Version=2009-03-31&AWSAccessKeyId="+exampleKey+"&Signature=i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf%2FMj6vPxyYIs%3D", "",
			"Host: elasticmapreduce.amazonaws.com"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := signedS3(tt.r)
			if tt.query {
				q = signed{r: tt.r, service: "ec2", form: tt.r.URL.Query()}
			}
			got, err := verifierAt(tt.now).verify(t.Context(), q)
			wantFault(t, err, noFault)
			if got.caller.UserName != "alice" || got.caller.Region != DefaultRegion {
				t.Errorf("caller %+v", got.caller)
			}
		})
	}
}

// chunkedExample is AWS's example of a body in signed chunks.
func chunkedExample(first, second, last string) (*http.Request, []byte) {
	data := bytes.Repeat([]byte("a"), 65536+1024)
	body := "10000;chunk-signature=" + first + "\r\n" + string(data[:65536]) + "\r\n" +
		"400;chunk-signature=" + second + "\r\n" + string(data[65536:]) + "\r\n" +
		"0;chunk-signature=" + last + "\r\n\r\n"
	r := request("PUT", "/examplebucket/chunkObject.txt", body, "Host: s3.amazonaws.com",
		"X-Amz-Date: 20130524T000000Z", "X-Amz-Storage-Class: REDUCED_REDUNDANCY",
		"X-Amz-Content-Sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "Content-Encoding: aws-chunked",
		"X-Amz-Decoded-Content-Length: 66560",
		"Authorization: AWS4-HMAC-SHA256 Credential="+exampleKey+"/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
	r.ContentLength = 66824
	return r, data
}

const (
	chunk1 = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
	chunk2 = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
	chunk3 = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
)

func TestSignedChunks(t *testing.T) {
	t.Parallel()
	v := verifierAt("2013-05-24T00:00:00Z")
	tests := []struct {
		name             string
		first, mid, last string
		want             string
	}{
		{"published example", chunk1, chunk2, chunk3, ""},
		{"first chunk altered", chunk2, chunk2, chunk3, "SignatureDoesNotMatch"},
		{"last chunk altered", chunk1, chunk2, chunk1, "SignatureDoesNotMatch"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, data := chunkedExample(tt.first, tt.mid, tt.last)
			got, err := v.verify(t.Context(), signedS3(r))
			wantFault(t, err, noFault)
			b, err := io.ReadAll(got.payload)
			wantCode(t, err, tt.want)
			if tt.want == "" && !bytes.Equal(b, data) {
				t.Errorf("%d bytes differ from the %d sent", len(b), len(data))
			}
		})
	}
}

// wantCode checks the code of an *Error; "" wants no error.
func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	var e *Error
	switch {
	case want == "" && err != nil:
		t.Fatalf("error %v, want none", err)
	case want != "" && (!errors.As(err, &e) || e.Code != want):
		t.Fatalf("error %v, want %s", err, want)
	}
}

func TestSignedTrailer(t *testing.T) {
	t.Parallel()
	data := strings.Repeat("a", 65536+1024)
	put := func(trailer, signature string) *http.Request {
		body := "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n" + data[:65536] + "\r\n" +
			"400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" + data[65536:] + "\r\n" +
			"0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n" +
			"x-amz-checksum-crc32c:" + trailer + "\r\nx-amz-trailer-signature:" + signature + "\r\n\r\n"
		return request("PUT", "/examplebucket/chunkObject.txt", body, "Host: s3.amazonaws.com",
			"X-Amz-Date: 20130524T000000Z", "X-Amz-Storage-Class: REDUCED_REDUNDANCY",
			"X-Amz-Content-Sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "Content-Encoding: aws-chunked",
			"X-Amz-Decoded-Content-Length: 66560", "X-Amz-Trailer: x-amz-checksum-crc32c",
			"Authorization: AWS4-HMAC-SHA256 Credential="+exampleKey+"/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")
	}
	v := verifierAt("2013-05-24T00:00:00Z")
	const signature = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
	for _, tt := range []struct{ name, sum, signature, want string }{
		{"published example", "sOO8/Q==", signature, ""},
		{"trailer altered", "sOO8/A==", signature, "SignatureDoesNotMatch"},
		{"signature altered", "sOO8/Q==", chunk1, "SignatureDoesNotMatch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := v.verify(t.Context(), signedS3(put(tt.sum, tt.signature)))
			wantFault(t, err, noFault)
			wantCode(t, got.payload.drain(), tt.want)
			if tt.want == "" && got.payload.sums["CRC32C"] != "sOO8/Q==" {
				t.Errorf("checksums %v", got.payload.sums)
			}
		})
	}
}

func TestSignatureFaults(t *testing.T) {
	t.Parallel()
	get := func(edit func(*http.Request)) *http.Request {
		r := request("GET", "/test.txt", "", "Host: examplebucket.s3.amazonaws.com", "Range: bytes=0-9",
			"X-Amz-Content-Sha256: "+emptySHA256, "X-Amz-Date: 20130524T000000Z",
			"Authorization: AWS4-HMAC-SHA256 Credential="+exampleKey+"/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
		edit(r)
		return r
	}
	replace := func(old, with string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.ReplaceAll(r.Header.Get("Authorization"), old, with))
		}
	}
	keep := func(*http.Request) {}
	tests := []struct {
		name, now string
		edit      func(*http.Request)
		want      faultKind
	}{
		{"good", "2013-05-24T00:00:00Z", keep, noFault},
		{"14 minutes late", "2013-05-24T00:14:59Z", keep, noFault},
		{"16 minutes late", "2013-05-24T00:16:00Z", keep, faultSkewed},
		{"16 minutes early", "2013-05-23T23:44:00Z", keep, faultSkewed},
		{"unknown key", "2013-05-24T00:00:00Z", replace(exampleKey, "AKIDNOBODY"), faultUnknownKey},
		{"altered header", "2013-05-24T00:00:00Z", func(r *http.Request) { r.Header.Set("Range", "bytes=0-99") }, faultMismatch},
		{"altered method", "2013-05-24T00:00:00Z", func(r *http.Request) { r.Method = "DELETE" }, faultMismatch},
		{"other service", "2013-05-24T00:00:00Z", replace("/s3/", "/ec2/"), faultScope},
		{"no signature", "2013-05-24T00:00:00Z", replace("Signature=f0", "X=f0"), faultMalformed},
		{"host not signed", "2013-05-24T00:00:00Z", replace("host;", ""), faultMalformed},
		{"scope of another day", "2013-05-24T00:00:00Z", replace("20130524/", "20130525/"), faultMalformed},
		{"scope cut short", "2013-05-24T00:00:00Z", replace("/aws4_request", ""), faultMalformed},
		{"unknown scheme", "2013-05-24T00:00:00Z", replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), faultUnsupported},
		{"token for a lasting key", "2013-05-24T00:00:00Z", func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") }, faultToken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := verifierAt(tt.now).verify(t.Context(), signedS3(get(tt.edit)))
			wantFault(t, err, tt.want)
		})
	}
}

func TestPresignedExpires(t *testing.T) {
	t.Parallel()
	u := "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + exampleKey + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
	for now, want := range map[string]faultKind{
		"2013-05-24T23:59:00Z": noFault,
		"2013-05-25T00:01:00Z": faultExpired,
		"2013-05-23T23:00:00Z": faultSkewed,
	} {
		_, err := verifierAt(now).verify(t.Context(), signedS3(request("GET", u, "", "Host: examplebucket.s3.amazonaws.com")))
		wantFault(t, err, want)
	}
}

func TestAnonymousIsNoFault(t *testing.T) {
	t.Parallel()
	got, err := verifierAt("2013-05-24T00:00:00Z").verify(t.Context(), signedS3(request("GET", "/paws/x", "")))
	wantFault(t, err, noFault)
	if !got.caller.Anonymous() || got.caller.Region != DefaultRegion {
		t.Errorf("caller %+v", got.caller)
	}
}

func TestSlashOfBucketIsSignedOrNot(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]faultKind{"/paws": noFault, "/paws/": noFault, "/pawz": faultMismatch} {
		const date = "Fri, 24 May 2013 00:00:00 GMT"
		m := hmac.New(sha1.New, []byte(exampleSecret))
		m.Write([]byte("PUT\n\n\n" + date + "\n" + resource))
		r := request("PUT", "/paws", "", "Host: 127.0.0.1:4000", "Date: "+date,
			"Authorization: AWS "+exampleKey+":"+base64.StdEncoding.EncodeToString(m.Sum(nil)))
		_, err := verifierAt("2013-05-24T00:00:00Z").verify(t.Context(), signedS3(r))
		wantFault(t, err, want)
	}
}

func TestWallClockServesAdvancedCloud(t *testing.T) {
	t.Parallel()
	v := verifierAt("2013-06-01T00:00:00Z") // a week ahead of the clients
	v.Wall = verifierAt("2013-05-24T00:00:30Z").Now
	if err := v.checkSkew(verifierAt("2013-05-24T00:00:00Z").now()); err != nil {
		t.Errorf("signed by the wall clock: %v", err)
	}
	if err := v.checkSkew(verifierAt("2013-06-01T00:01:00Z").now()); err != nil {
		t.Errorf("signed by the cloud's clock: %v", err)
	}
	if err := v.checkSkew(verifierAt("2013-05-28T00:00:00Z").now()); err == nil {
		t.Error("signed by neither clock: no error")
	}
}

func TestTemporaryKeys(t *testing.T) {
	t.Parallel()
	v := verifierAt("2013-05-24T00:00:00Z")
	v.Keys = testKeys{
		"ASIALIVE":  {Secret: "s", Token: "token", Expires: v.now().Add(time.Minute)},
		"ASIADEAD":  {Secret: "s", Token: "token", Expires: v.now()},
		"AKIAASIDE": {Secret: "s", Inactive: true},
	}
	for _, tt := range []struct {
		id, token string
		want      faultKind
	}{
		{"ASIALIVE", "token", noFault},
		{"ASIALIVE", "", faultToken},
		{"ASIALIVE", "tokem", faultToken},
		{"ASIADEAD", "token", faultTokenExpired},
		{"AKIAASIDE", "", faultUnknownKey},
	} {
		_, _, err := v.key(t.Context(), tt.id, tt.token, DefaultRegion)
		wantFault(t, err, tt.want)
	}
}

func TestQueryV2SignsHostWithOrWithoutPort(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		host string
		want faultKind
	}{
		{"127.0.0.1:8773", noFault},
		{"127.0.0.1", noFault},
		{"example.com", faultMismatch},
	} {
		form := url.Values{"Action": {"DescribeZones"}, "AWSAccessKeyId": {exampleKey}, "SignatureMethod": {"HmacSHA1"},
			"SignatureVersion": {"2"}, "Timestamp": {"2013-05-24T00:00:00Z"}}
		m := hmac.New(sha1.New, []byte(exampleSecret))
		m.Write([]byte("POST\n" + tt.host + "\n/\n" + strings.ReplaceAll(form.Encode(), "+", "%20")))
		form.Set("Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
		r := request("POST", "/", "", "Host: 127.0.0.1:8773")
		_, err := verifierAt("2013-05-24T00:00:00Z").verify(t.Context(), signed{r: r, service: "ec2", form: form})
		wantFault(t, err, tt.want)
	}
}

// TestS3SaysWhatIsWrongWithASignature: S3 has words of its own for signatures
// that can't be read, and another code where they stand in the query.
func TestS3SaysWhatIsWrongWithASignature(t *testing.T) {
	t.Parallel()
	const (
		scope  = "/20130524/us-east-1/s3/aws4_request"
		header = "Authorization: AWS4-HMAC-SHA256 Credential=AKID" + scope + ",SignedHeaders=host;x-amz-date,Signature=00"
		query  = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID" + scope + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
		dated  = "X-Amz-Date: 20130524T000000Z"
	)
	tests := []struct{ name, old, new, code, text string }{
		{"one word", header, "Authorization: nonsense", "InvalidArgument", "one and only one"},
		{"other scheme", "AWS4-HMAC-SHA256", "AWS2-HMAC-SHA1", "InvalidArgument", "Unsupported Authorization Type"},
		{"two components", ",Signature=00", "", "AuthorizationHeaderMalformed", "three components"},
		{"component without value", "Signature=00", "Signature", "AuthorizationHeaderMalformed", `component "Signature" is malformed`},
		{"other component", "Credential=", "Cred=", "AuthorizationHeaderMalformed", "missing Credential."},
		{"short credential", scope, "/20130524/s3", "AuthorizationHeaderMalformed", "Credential is mal-formed"},
		{"terminal", "aws4_request", "aws_request", "AuthorizationHeaderMalformed", `incorrect terminal "aws_request"`},
		{"service", "/s3/", "/ec2/", "AuthorizationHeaderMalformed", `incorrect service "ec2"`},
		{"day", "20130524/", "2013/", "AuthorizationHeaderMalformed", `incorrect date format "2013"`},
		{"another day", "20130524/", "20130525/", "AuthorizationHeaderMalformed", "Invalid credential date"},
		{"no date", dated, "X-Amz-Date: ", "AccessDenied", "requires a valid Date"},
		{"nonsense date", dated, "X-Amz-Date: 1", "AccessDenied", "requires a valid Date"},
		{"header not signed", "host;x-amz-date", "host", "AccessDenied", "not signed"},
		{"query: parameter missing", "X-Amz-Expires=60&", "", "AuthorizationQueryParametersError", "requires the X-Amz-Algorithm"},
		{"query: algorithm", "=AWS4-HMAC-SHA256", "=AWS4", "AuthorizationQueryParametersError", "only supports"},
		{"query: terminal", "aws4_request", "aws_request", "AuthorizationQueryParametersError", "X-Amz-Credential parameter; incorrect terminal"},
		{"query: no number of seconds", "Expires=60", "Expires=soon", "AuthorizationQueryParametersError", "should be a number"},
		{"query: negative", "Expires=60", "Expires=-1", "AuthorizationQueryParametersError", "non-negative"},
		{"query: more than a week", "Expires=60", "Expires=604801", "AuthorizationQueryParametersError", "less than a week"},
		{"query: date", "Date=20130524T000000Z", "Date=yesterday", "AuthorizationQueryParametersError", "ISO8601"},
		{"query: another day", "Date=20130524T", "Date=20130525T", "AuthorizationQueryParametersError", "Invalid credential date"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path, headers := "/paws/x", []string{header, dated, "X-Amz-Content-Sha256: " + unsignedPayload}
			if strings.HasPrefix(tt.name, "query") {
				path, headers = "/paws/x?"+strings.Replace(query, tt.old, tt.new, 1), nil
			}
			for i := range headers {
				headers[i] = strings.Replace(headers[i], tt.old, tt.new, 1)
			}
			_, err := verifierAt("2013-05-24T00:00:00Z").verify(t.Context(), signedS3(request("GET", path, "", headers...)))
			var f fault
			var e *Error
			if errors.As(err, &f) {
				err = f.said(flavorREST)
			}
			if !errors.As(err, &e) || e.Code != tt.code || !strings.Contains(e.Message, tt.text) {
				t.Errorf("got %v, want %s: ...%s...", err, tt.code, tt.text)
			}
		})
	}
}
