package s3

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

// corsRule finds the rule of the addressed bucket that lets origin use method
// and headers.
func (c *Cloud) corsRule(r *http.Request, origin, method string, headers []string) (*types.CORSRule, string) {
	rules, _ := c.corsRules(r)
	for i := range rules {
		rule := &rules[i]
		if !slices.ContainsFunc(rule.AllowedOrigins, func(o string) bool { return core.Match(o, origin) }) || !slices.Contains(rule.AllowedMethods, method) {
			continue
		}
		ok := true
		for _, h := range headers {
			ok = ok && slices.ContainsFunc(rule.AllowedHeaders, func(a string) bool { return core.Match(strings.ToLower(a), strings.ToLower(h)) })
		}
		if !ok {
			continue
		}
		for _, o := range rule.AllowedOrigins {
			if core.Match(o, origin) {
				return rule, o
			}
		}
	}
	return nil, ""
}

func corsHeaders(h http.Header, rule *types.CORSRule, origin, allowed string) {
	if allowed == "*" {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	h.Set("Access-Control-Allow-Methods", strings.Join(rule.AllowedMethods, ", "))
	h.Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
	if len(rule.ExposeHeaders) > 0 {
		h.Set("Access-Control-Expose-Headers", strings.Join(rule.ExposeHeaders, ", "))
	}
	if rule.MaxAgeSeconds != nil {
		h.Set("Access-Control-Max-Age", fmt.Sprint(*rule.MaxAgeSeconds))
	}
}

// corsRules are those of the bucket that r addresses; found is false when
// there is no such bucket.
func (c *Cloud) corsRules(r *http.Request) (rules []types.CORSRule, found bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if host, _, ok := strings.Cut(r.Host, "."); ok && c.buckets[host] != nil {
		name = host
	}
	if site, ok := websiteBucket(r.Host); ok {
		name = site
	}
	b := c.buckets[name]
	if b == nil {
		return nil, false
	}
	rules, _ = b.configs[kindCORS].([]types.CORSRule)
	return rules, true
}

var corsMethods = []string{"GET", "PUT", "HEAD", "POST", "DELETE"}

// preflight answers what a browser asks before it sends.
func (c *Cloud) preflight(w http.ResponseWriter, r *http.Request) {
	origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
	var headers []string
	for h := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		if h = strings.TrimSpace(h); h != "" {
			headers = append(headers, h)
		}
	}
	rules, found := c.corsRules(r)
	refuse := func(code string, status int, format string, a ...any) {
		wire.WriteS3Error(w, r, c.env.UUID(), wire.Errorf(code, status, format, a...))
	}
	badHeader := slices.IndexFunc(headers, func(h string) bool { return strings.ContainsFunc(h, notToken) })
	switch {
	case origin == "":
		refuse("BadRequest", http.StatusBadRequest, "Insufficient information. Origin request header needed.")
		return
	case !slices.Contains(corsMethods, method):
		refuse("BadRequest", http.StatusBadRequest, "Invalid Access-Control-Request-Method: %s", method)
		return
	case badHeader >= 0:
		refuse("BadRequest", http.StatusBadRequest, "Access-Control-Request-Headers %q contains invalid character.", headers[badHeader])
		return
	case !found:
		refuse("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist")
		return
	case rules == nil:
		refuse("AccessForbidden", http.StatusForbidden, "CORSResponse: CORS is not enabled for this bucket.")
		return
	}
	rule, allowed := c.corsRule(r, origin, method, headers)
	if rule == nil {
		refuse("AccessForbidden", http.StatusForbidden, "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.")
		return
	}
	corsHeaders(w.Header(), rule, origin, allowed)
	if len(headers) > 0 {
		w.Header().Set("Access-Control-Allow-Headers", strings.ToLower(strings.Join(headers, ", ")))
	}
	w.WriteHeader(http.StatusOK)
}

// notToken reports whether a character can't be in the name of a header.
func notToken(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
}
