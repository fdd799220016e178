package s3bench

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

const (
	pages    = 10
	perPage  = 1000
	keyBytes = 1234
)

// listingServer answers the listing of a bucket of 10,000 keys, each page made
// beforehand and served from memory, to both versions of the call.
func listingServer(t testing.TB) string {
	t.Helper()
	bodies := make([]string, pages)
	for p := range bodies {
		var b strings.Builder
		last := p == pages-1
		fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>paws</Name><Prefix></Prefix><KeyCount>%d</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>%v</IsTruncated>`, perPage, !last)
		if !last {
			fmt.Fprintf(&b, `<NextContinuationToken>%d</NextContinuationToken><NextMarker>%d</NextMarker>`, p+1, p+1)
		}
		for k := range perPage {
			fmt.Fprintf(&b, `<Contents><Key>photos/2012/%02d/img-%06d.jpg</Key><LastModified>2012-07-01T12:00:00.000Z</LastModified><ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>%d</Size><StorageClass>STANDARD</StorageClass></Contents>`, p, k, keyBytes)
		}
		b.WriteString(`</ListBucketResult>`)
		bodies[p] = b.String()
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		at, _ := strconv.Atoi(q.Get("continuation-token") + q.Get("marker"))
		w.Header().Set("Content-Type", "application/xml")
		io.WriteString(w, bodies[min(at, pages-1)])
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// bindings is a bucket of the bindings' at a server, which they take as the
// shell takes its sandbox: checksums are the SDK's, not an older store's.
func bindings(t testing.TB, url, id, secret string) *s3.Bucket {
	t.Helper()
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", UseSandbox: true,
		Sandbox: func() (session.SandboxEndpoint, error) {
			return session.SandboxEndpoint{URL: url, AccessKeyID: id, SecretAccessKey: secret}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s3.Connect(env)
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.GetBucket("paws", s3.Validate(false))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rawClient is the SDK's own client at a server.
func rawClient(url string) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(url), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("AK", "SK", ""),
	})
}
