package boto_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"pawsh/bindings/session"
)

// newEnv is a session of the test's own, with boto's file as text.
func newEnv(t *testing.T, botoFile string, env map[string]string) *session.Env {
	t.Helper()
	home := t.TempDir()
	e, err := session.New(session.Options{
		Getenv: func(name string) string {
			if name == "AWS_EC2_METADATA_DISABLED" {
				return "true"
			}
			return env[name]
		},
		Home: home, SystemConfig: writeFile(t, home+"/boto.cfg", botoFile), NoSandbox: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// cloud records the requests that come and answers them all alike.
type cloud struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*recorded
}

type recorded struct {
	*http.Request
	body string
}

func newCloud(t *testing.T, answer string) *cloud {
	t.Helper()
	c := &cloud{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		c.requests = append(c.requests, &recorded{r, string(body)})
		c.mu.Unlock()
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, answer)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) host() (host string, port string) {
	host, port, _ = strings.Cut(strings.TrimPrefix(c.URL, "http://"), ":")
	return host, port
}

func (c *cloud) last(t *testing.T) *recorded {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.requests) == 0 {
		t.Fatal("no request came")
	}
	return c.requests[len(c.requests)-1]
}

// checkSignature computes the AWS4-HMAC-SHA256 signature of a request from its
// description, apart from the SDK, and compares.
func checkSignature(t *testing.T, r *recorded, accessKey, secret, region, service string) (signedHeaders []string) {
	t.Helper()
	auth := r.Header.Get("Authorization")
	rest, ok := strings.CutPrefix(auth, "AWS4-HMAC-SHA256 ")
	if !ok {
		t.Fatalf("Authorization %q is no AWS4-HMAC-SHA256", auth)
	}
	parts := map[string]string{}
	for field := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		parts[name] = value
	}
	date := r.Header.Get("X-Amz-Date")
	scope := fmt.Sprintf("%s/%s/%s/aws4_request", date[:8], region, service)
	if parts["Credential"] != accessKey+"/"+scope {
		t.Errorf("credential %q, want %q", parts["Credential"], accessKey+"/"+scope)
	}
	signedHeaders = strings.Split(parts["SignedHeaders"], ";")
	if !slices.Contains(signedHeaders, "host") || !slices.IsSorted(signedHeaders) {
		t.Errorf("signed headers %q", signedHeaders)
	}
	var headers strings.Builder
	for _, name := range signedHeaders {
		value := strings.Join(strings.Fields(strings.Join(r.Header.Values(name), ",")), " ")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		headers.WriteString(name + ":" + value + "\n")
	}
	payload := r.Header.Get("X-Amz-Content-Sha256")
	sum := sha256.Sum256([]byte(r.body))
	if payload == "" {
		payload = hex.EncodeToString(sum[:])
	} else if payload != hex.EncodeToString(sum[:]) && payload != "UNSIGNED-PAYLOAD" {
		t.Errorf("payload hash %s is not the body's", payload)
	}
	canonical := strings.Join([]string{r.Method, r.URL.EscapedPath(), canonicalQuery(r.URL.Query()), headers.String(), strings.Join(signedHeaders, ";"), payload}, "\n")
	canonicalSum := sha256.Sum256([]byte(canonical))
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", date, scope, hex.EncodeToString(canonicalSum[:])}, "\n")
	key := []byte("AWS4" + secret)
	for _, step := range []string{date[:8], region, service, "aws4_request"} {
		key = sum256(key, step)
	}
	if want := hex.EncodeToString(sum256(key, toSign)); parts["Signature"] != want {
		t.Errorf("signature %s, want %s of\n%s", parts["Signature"], want, canonical)
	}
	return signedHeaders
}

func sum256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func canonicalQuery(q url.Values) string {
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, escape(name)+"="+escape(v))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
