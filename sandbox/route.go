package sandbox

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pawsh/sandbox/wire"
)

// front hands each request to its service. All services share one port, so
// the request itself must say whose it is:
//
//	the service in the signature's scope (every SigV4 request has it)
//	X-Amz-Target, the path of rpcv2Cbor
//	Action and Version of a query form (SigV2, unsigned)
//	anything else is S3's
type front struct {
	services []*wire.Service
	s3       http.Handler // S3's service, and what is S3's but no operation
	now      func() time.Time
}

// ServeHTTP answers with the service's own words. The date is the cloud's, so
// that clients correct the times they sign with.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.now().UTC().Format(http.TimeFormat))
	scope := scopeService(r)
	if h := f.named(scope); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	if scope != "" && !wire.HostScope(scope, r.Host) {
		wire.NoService(w, r, scope)
		return
	}
	f.unscoped(r).ServeHTTP(w, r)
}

// named gives the service with that signing name, nil when there is none.
func (f *front) named(name string) http.Handler {
	if name == "s3" {
		return f.s3
	}
	for _, s := range f.services {
		if s.Name() == name {
			return s
		}
	}
	return nil
}

// scopeService is the service that a SigV4 signature was made for.
func scopeService(r *http.Request) string {
	cred := ""
	if auth, ok := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 "); ok {
		for part := range strings.SplitSeq(auth, ",") {
			if c, ok := strings.CutPrefix(strings.TrimSpace(part), "Credential="); ok {
				cred = c
			}
		}
	} else if strings.Contains(r.URL.RawQuery, "X-Amz-Credential=") {
		cred = r.URL.Query().Get("X-Amz-Credential")
	}
	if p := strings.Split(cred, "/"); len(p) >= 5 {
		return p[len(p)-2]
	}
	return ""
}

// versions are the APIs whose version no other service has. EC2's own changed
// every few months, so that any other one is its.
var versions = map[string]string{
	"2010-05-08": "iam",
	"2011-06-15": "sts",
	"2010-03-31": "sns",
	"2012-11-05": "sqs",
	"2010-08-01": "monitoring",
}

// unscoped finds the service of a request without scope.
func (f *front) unscoped(r *http.Request) http.Handler {
	switch target, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); {
	case target == "AmazonSQS":
		return f.named("sqs")
	case target == "GraniteServiceVersion20100801", strings.HasPrefix(r.URL.Path, "/service/GraniteServiceVersion20100801/"):
		return f.named("monitoring")
	case strings.HasPrefix(r.Header.Get("Authorization"), "AWS "): // SigV2 in a header is S3's alone
		return f.s3
	}
	form := queryForm(r)
	action := form.Get("Action")
	if action == "" {
		return f.s3
	}
	if name, ok := versions[form.Get("Version")]; ok {
		return f.named(name)
	}
	if !form.Has("Version") { // links in messages carry the action alone
		for _, s := range f.services {
			if s.Has(action) {
				return f.named(s.Name())
			}
		}
	}
	return f.named("ec2")
}

// maxPeek is how much of a form is read to find its Action.
const maxPeek = 8 << 20

// queryForm reads the parameters of a query request, leaving the body whole.
func queryForm(r *http.Request) url.Values {
	form := r.URL.Query()
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if form.Has("Action") || r.Method != http.MethodPost || media != "application/x-www-form-urlencoded" {
		return form
	}
	peek, err := io.ReadAll(io.LimitReader(r.Body, maxPeek))
	r.Body = &restored{Reader: io.MultiReader(bytes.NewReader(peek), r.Body), Closer: r.Body}
	if err != nil {
		return form
	}
	if body, err := url.ParseQuery(string(peek)); err == nil && body.Has("Action") {
		return body
	}
	return form
}

// restored is a body whose beginning has been read, whole again.
type restored struct {
	io.Reader
	io.Closer
}
