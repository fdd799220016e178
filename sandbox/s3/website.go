package s3

import (
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// Front puts before next, the S3 service, what is S3's but no operation:
// the questions that browsers ask before they send (CORS), and the hosts of
// static web sites, NAME.s3-website-REGION.amazonaws.com or
// NAME.s3-website.localhost.
func (c *Cloud) Front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			c.preflight(w, r)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			if rule, allowed := c.corsRule(r, origin, r.Method, nil); rule != nil {
				corsHeaders(w.Header(), rule, origin, allowed)
			}
		}
		if name, ok := websiteBucket(r.Host); ok {
			c.website(w, r, name)
			return
		}
		if v, ok := next.(formVerifier); ok {
			if name, ok := postBucket(r); ok {
				c.post(w, r, name, v)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// websiteBucket finds the bucket in the host of a web site.
func websiteBucket(host string) (string, bool) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	name, rest, ok := strings.Cut(strings.ToLower(host), ".s3-website")
	if !ok || name == "" || !(rest == ".localhost" || strings.HasSuffix(rest, ".amazonaws.com") || strings.HasSuffix(rest, ".localhost")) {
		return "", false
	}
	return name, true
}

// site is one request to a static web site.
type site struct {
	w      http.ResponseWriter
	r      *http.Request
	q      *call
	config *types.WebsiteConfiguration
}

// website serves a bucket as a static site: what anybody may read.
func (c *Cloud) website(w http.ResponseWriter, r *http.Request, name string) {
	c.deliver(name, c.env.Now())
	c.mature(name, c.env.Now())
	s := &site{w: w, r: r, q: &call{c: c, ctx: r.Context(), now: c.env.Now()}}
	c.mu.RLock()
	s.q.bucket = c.buckets[name]
	if s.q.bucket != nil {
		s.config, _ = s.q.bucket.configs[kindWebsite].(*types.WebsiteConfiguration)
	}
	c.mu.RUnlock()
	switch {
	case s.q.bucket == nil:
		s.problem(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	case s.config == nil:
		s.problem(http.StatusNotFound, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		s.problem(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	default:
		s.serve()
	}
}

func (s *site) serve() {
	if all := s.config.RedirectAllRequestsTo; all != nil {
		protocol := string(all.Protocol)
		if protocol == "" {
			protocol = "http"
		}
		http.Redirect(s.w, s.r, protocol+"://"+aws.ToString(all.HostName)+s.r.URL.RequestURI(), http.StatusMovedPermanently)
		return
	}
	key := strings.TrimPrefix(s.r.URL.Path, "/")
	if s.redirected(key, 0) {
		return
	}
	index := aws.ToString(s.config.IndexDocument.Suffix)
	wanted := key
	if key == "" || strings.HasSuffix(key, "/") {
		wanted += index
	}
	v, err := s.read(wanted)
	if err == nil {
		s.send(v, http.StatusOK)
		return
	}
	if _, e := s.read(key + "/" + index); e == nil && wanted == key { // a folder, asked for without its slash
		http.Redirect(s.w, s.r, "/"+key+"/", http.StatusFound)
		return
	}
	var e *wire.Error
	if !errors.As(err, &e) {
		e = wire.Errorf("InternalError", http.StatusInternalServerError, "We encountered an internal error. Please try again.")
	}
	if s.redirected(key, e.Status) {
		return
	}
	if s.config.ErrorDocument != nil {
		if v, err := s.read(aws.ToString(s.config.ErrorDocument.Key)); err == nil {
			s.send(v, e.Status)
			return
		}
	}
	s.problem(e.Status, e.Code, e.Message)
}

// read finds what anybody may read.
func (s *site) read(key string) (*version, error) {
	s.q.c.mu.RLock()
	defer s.q.c.mu.RUnlock()
	v, err := s.q.bucket.find(key, "")
	if !s.q.allowed(s.q.bucket, "s3:GetObject", key) && (err == nil || !s.q.allowed(s.q.bucket, "s3:ListBucket", "")) {
		return nil, denied()
	}
	return v, err
}

// redirected follows the first routing rule that fits the key, and the error
// where there is one already.
func (s *site) redirected(key string, status int) bool {
	for _, rule := range s.config.RoutingRules {
		prefix, code := "", ""
		if c := rule.Condition; c != nil {
			prefix, code = aws.ToString(c.KeyPrefixEquals), aws.ToString(c.HttpErrorCodeReturnedEquals)
		}
		if !strings.HasPrefix(key, prefix) || (code == "") != (status == 0) || code != "" && code != fmt.Sprint(status) {
			continue
		}
		to := rule.Redirect
		switch {
		case to.ReplaceKeyWith != nil:
			key = *to.ReplaceKeyWith
		case to.ReplaceKeyPrefixWith != nil:
			key = *to.ReplaceKeyPrefixWith + strings.TrimPrefix(key, prefix)
		}
		host, protocol := s.r.Host, "http"
		if to.HostName != nil {
			host = *to.HostName
		}
		if to.Protocol != "" {
			protocol = string(to.Protocol)
		}
		answer := http.StatusMovedPermanently
		if to.HttpRedirectCode != nil {
			if _, err := fmt.Sscan(*to.HttpRedirectCode, &answer); err != nil {
				answer = http.StatusMovedPermanently
			}
		}
		http.Redirect(s.w, s.r, protocol+"://"+host+"/"+key, answer)
		return true
	}
	return false
}

func (s *site) send(v *version, status int) {
	h := s.w.Header()
	if to := v.headers["X-Amz-Website-Redirect-Location"]; to != "" {
		http.Redirect(s.w, s.r, to, http.StatusMovedPermanently)
		return
	}
	for name, value := range v.headers {
		h.Set(name, value)
	}
	for name, value := range v.meta {
		h.Set("x-amz-meta-"+name, value)
	}
	h.Set("ETag", v.etag)
	h.Set("Last-Modified", v.modified.Format(http.TimeFormat))
	h.Set("Content-Length", fmt.Sprint(v.body.size()))
	if status == http.StatusOK && sameTag(s.r.Header.Get("If-None-Match"), v.etag) {
		h.Del("Content-Length")
		s.w.WriteHeader(http.StatusNotModified)
		return
	}
	s.w.WriteHeader(status)
	if s.r.Method != http.MethodHead {
		// a browser that has gone needs no answer
		_, _ = v.body.reader().(*blobReader).WriteTo(s.w)
	}
}

// problem is the page that S3 makes where there is none of the site's own.
func (s *site) problem(status int, code, message string) {
	s.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	s.w.Header().Set("x-amz-error-code", code)
	s.w.Header().Set("x-amz-error-message", message)
	s.w.WriteHeader(status)
	if s.r.Method != http.MethodHead {
		fmt.Fprintf(s.w, "<html>\n<head><title>%[1]d %[2]s</title></head>\n<body>\n<h1>%[1]d %[2]s</h1>\n<ul>\n<li>Code: %[3]s</li>\n<li>Message: %[4]s</li>\n</ul>\n</body>\n</html>\n",
			status, http.StatusText(status), code, html.EscapeString(message))
	}
}
