package s3_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

// TestFollowsABucketToItsRegion answers as S3 does to a request signed for
// another region than the bucket's.
func TestFollowsABucketToItsRegion(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var scopes []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		region := strings.Split(credential, "/")[2]
		mu.Lock()
		scopes = append(scopes, r.Method+" "+region)
		mu.Unlock()
		if region != "eu-west-1" {
			w.Header().Set("X-Amz-Bucket-Region", "eu-west-1")
			w.WriteHeader(http.StatusMovedPermanently)
			if r.Method != http.MethodHead {
				io.WriteString(w, "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>")
			}
			return
		}
		io.Copy(io.Discard, r.Body)
		w.Header().Set("ETag", `"x"`)
	}))
	t.Cleanup(server.Close)
	env := must(session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", Endpoint: server.URL,
	}))(t)
	c := must(s3.Connect(env))(t)
	b := must(c.GetBucket("paws"))(t)
	must(b.NewKey("k").SetContentsFromString("x"))(t)
	other := must(c.GetBucket("other", s3.Validate(false)))(t)
	must(other.NewKey("k").SetContentsFromString("x"))(t)
	want := []string{"HEAD us-east-1", "HEAD eu-west-1", "PUT eu-west-1", "PUT us-east-1", "PUT eu-west-1"}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(scopes, want) {
		t.Errorf("requests %q, want %q", scopes, want)
	}
}
