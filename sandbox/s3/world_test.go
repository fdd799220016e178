package s3_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/core"
	"pawsh/sandbox/s3"
	"pawsh/sandbox/wire"
)

// world is an S3 on loopback with a clock of its own, and a client of it.
type world struct {
	*testing.T
	*sdk.Client
	url string

	mu  sync.Mutex
	now time.Time
}

// keys are the accounts of the tests: the sandbox's own and another.
type keys map[string]wire.Key

func (k keys) LookupKey(_ context.Context, id string) (wire.Key, bool) {
	key, ok := k[id]
	return key, ok
}

const (
	mine   = core.DefaultAccountID
	theirs = "999999999999"
)

var accounts = keys{
	"AKIDMINE":   {Secret: "secret", AccountID: mine, UserARN: "arn:aws:iam::" + mine + ":root", Kind: "root"},
	"AKIDTHEIRS": {Secret: "other", AccountID: theirs, UserARN: "arn:aws:iam::" + theirs + ":root", Kind: "root"},
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, now: time.Now()} // the client signs by the wall clock
	clock := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	cloud := s3.New(core.New(clock, nil, mine))
	service := wire.S3()
	service.Authenticate(&wire.Verifier{Keys: accounts, Now: time.Now})
	cloud.Register(service)
	server := httptest.NewServer(cloud.Front(service))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.Client = w.as("AKIDMINE", "us-east-1")
	return w
}

func (w *world) as(id, region string, change ...func(*sdk.Options)) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: region, BaseEndpoint: aws.String(w.url), UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(id, accounts[id].Secret, ""),
	}, change...)
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func ctx() context.Context { return context.Background() }

// ok unwraps the result of a call that must succeed.
func ok[T any](w *world) func(T, error) T {
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

// refused checks the code of a call that must fail.
func (w *world) refused(what string, err error, code string) {
	w.Helper()
	var e smithy.APIError
	switch {
	case err == nil:
		w.Errorf("%s succeeded, want %s", what, code)
	case !errors.As(err, &e):
		w.Errorf("%s: %v, want %s", what, err, code)
	case e.ErrorCode() != code:
		w.Errorf("%s: got %s: %s, want %s", what, e.ErrorCode(), e.ErrorMessage(), code)
	}
}

func (w *world) make(bucket string) string {
	w.Helper()
	if _, err := w.CreateBucket(ctx(), &sdk.CreateBucketInput{Bucket: &bucket}); err != nil {
		w.Fatal(err)
	}
	return bucket
}

func (w *world) put(bucket, key, body string) *sdk.PutObjectOutput {
	w.Helper()
	out, err := w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		w.Fatalf("put %q: %v", key, err)
	}
	return out
}

func (w *world) get(bucket, key string) string {
	w.Helper()
	out, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		w.Fatalf("get %q: %v", key, err)
	}
	return read(w.T, out.Body)
}

func read(t *testing.T, r io.ReadCloser) string {
	t.Helper()
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fetch asks without a signature.
func (w *world) fetch(method, path string, header ...string) (int, string, http.Header) {
	w.Helper()
	req, err := http.NewRequest(method, w.url+path, nil)
	if err != nil {
		w.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	return resp.StatusCode, read(w.T, resp.Body), resp.Header
}

func tagSet(pairs ...string) []types.Tag {
	var out []types.Tag
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Tag{Key: aws.String(pairs[i]), Value: aws.String(pairs[i+1])})
	}
	return out
}
