package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"sync"
	"testing"
)

// judge is a server that checks the signature of each request with the secrets
// it knows, by a computation of its own, and answers as the service would. Its
// errors name what does not agree.
type judge struct {
	*httptest.Server
	secrets map[string]string // by access key
	answer  http.Handler

	mu       sync.Mutex
	requests []asked
}

// asked is a request that was signed well.
type asked struct {
	Method, Path, Host, Key, Region, Service, Token, Body string
	Header                                                http.Header
	Query                                                 url.Values
}

func newJudge(t *testing.T, secrets map[string]string, answer http.Handler) *judge {
	t.Helper()
	j := &judge{secrets: secrets, answer: answer}
	j.Server = httptest.NewServer(j)
	t.Cleanup(j.Close)
	return j
}

func (j *judge) host() string { return strings.TrimPrefix(j.URL, "http://") }

// last gives the last request that was signed well.
func (j *judge) last(t *testing.T) asked {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.requests) == 0 {
		t.Fatal("no request came that was signed well")
	}
	return j.requests[len(j.requests)-1]
}

// ServeHTTP judges and answers.
func (j *judge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		var a asked
		if a, err = j.verify(r, body); err == nil {
			j.mu.Lock()
			j.requests = append(j.requests, a)
			j.mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(body))
			j.answer.ServeHTTP(w, r)
			return
		}
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, "<Error><Code>SignatureDoesNotMatch</Code><Message>judge: %s</Message></Error>", strings.NewReplacer("<", "", "&", "").Replace(err.Error()))
}

func (j *judge) verify(r *http.Request, body []byte) (asked, error) {
	a := asked{
		Method: r.Method, Path: r.URL.Path, Host: r.Host, Body: string(body),
		Header: r.Header, Query: r.URL.Query(), Token: r.Header.Get("X-Amz-Security-Token"),
	}
	auth, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !ok {
		return a, fmt.Errorf("Authorization is %.20q", r.Header.Get("Authorization"))
	}
	part := map[string]string{}
	for _, p := range strings.Split(auth, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(p), "=")
		part[k] = v
	}
	scope := strings.Split(part["Credential"], "/")
	if len(scope) != 5 || scope[4] != "aws4_request" {
		return a, fmt.Errorf("Credential is %q", part["Credential"])
	}
	a.Key, a.Region, a.Service = scope[0], scope[2], scope[3]
	secret, ok := j.secrets[a.Key]
	if !ok {
		return a, fmt.Errorf("unknown access key %q", a.Key)
	}
	sum := r.Header.Get("X-Amz-Content-Sha256")
	own := hex.EncodeToString(hash(string(body)))
	if sum == "" {
		sum = own
	}
	if sum != own && sum != "UNSIGNED-PAYLOAD" && !strings.HasPrefix(sum, "STREAMING-") {
		return a, fmt.Errorf("X-Amz-Content-Sha256 is not the body's")
	}
	var heads strings.Builder
	signed := strings.Split(part["SignedHeaders"], ";")
	for _, name := range signed {
		values := r.Header.Values(name)
		switch name {
		case "host":
			values = []string{r.Host}
		case "content-length":
			values = []string{fmt.Sprint(r.ContentLength)}
		}
		for i, v := range values {
			values[i] = strings.Join(strings.Fields(v), " ")
		}
		fmt.Fprintf(&heads, "%s:%s\n", name, strings.Join(values, ","))
	}
	if !sort.StringsAreSorted(signed) || !strings.Contains(";"+part["SignedHeaders"]+";", ";host;") {
		return a, fmt.Errorf("SignedHeaders is %q", part["SignedHeaders"])
	}
	var query []string
	for _, p := range strings.Split(r.URL.RawQuery, "&") {
		if p != "" {
			k, v, _ := strings.Cut(p, "=")
			query = append(query, k+"="+v)
		}
	}
	sort.Strings(query)
	path := r.URL.EscapedPath()
	if a.Service != "s3" {
		path = strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
	}
	canonical := strings.Join([]string{r.Method, path, strings.Join(query, "&"), heads.String(), part["SignedHeaders"], sum}, "\n")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", r.Header.Get("X-Amz-Date"), strings.Join(scope[1:], "/"), hex.EncodeToString(hash(canonical))}, "\n")
	key := []byte("AWS4" + secret)
	for _, s := range scope[1:] {
		key = mac(key, s)
	}
	if want := hex.EncodeToString(mac(key, text)); want != part["Signature"] {
		return a, fmt.Errorf("the signature of %s %s by %s does not agree; signed was %q", r.Method, r.URL, a.Key, canonical)
	}
	return a, nil
}

func hash(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

func mac(key []byte, s string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(s))
	return m.Sum(nil)
}
