package wire

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sigV2Query checks the signature of a query form, as boto sends them to EC2
// and the services of its time.
func (v *Verifier) sigV2Query(ctx context.Context, q signed) (Caller, error) {
	f := q.form
	if f.Get("SignatureVersion") != "2" || f.Get("Signature") == "" {
		return Caller{}, fault{kind: faultMalformed, detail: "The request must contain a signature of version 2 or 4."}
	}
	newHash := sha256.New
	switch f.Get("SignatureMethod") {
	case "HmacSHA256":
	case "HmacSHA1":
		newHash = sha1.New
	default:
		return Caller{}, fault{kind: faultMalformed, detail: "The SignatureMethod must be HmacSHA256 or HmacSHA1."}
	}
	key, caller, err := v.key(ctx, f.Get("AWSAccessKeyId"), f.Get("SecurityToken"), DefaultRegion)
	if err != nil {
		return Caller{}, err
	}
	if err := v.checkQueryTime(f); err != nil {
		return Caller{}, err
	}
	names := make([]string, 0, len(f))
	for n := range f {
		if n != "Signature" {
			names = append(names, n)
		}
	}
	slices.Sort(names) // by byte, as SigV2 wants it
	for i, n := range names {
		names[i] = awsEscape(n) + "=" + awsEscape(f.Get(n))
	}
	path := q.r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	for _, host := range hosts(q.r.Host) {
		s := q.r.Method + "\n" + host + "\n" + path + "\n" + strings.Join(names, "&")
		if sameMAC(newHash, key.Secret, s, f.Get("Signature")) {
			return caller, nil
		}
	}
	return Caller{}, fault{kind: faultMismatch}
}

// hosts are the names that clients sign a host by: with its port or without.
func hosts(h string) []string {
	h = strings.ToLower(h)
	if name, _, err := net.SplitHostPort(h); err == nil {
		return []string{h, name}
	}
	return []string{h}
}

func (v *Verifier) checkQueryTime(f url.Values) error {
	if s := f.Get("Expires"); s != "" {
		t, err := parseTime(s)
		if err != nil {
			return fault{kind: faultMalformed, detail: "Expires is not a date."}
		}
		if v.now().After(t) {
			return fault{kind: faultExpired, signed: t, now: v.now()}
		}
		return nil
	}
	t, err := parseTime(f.Get("Timestamp"))
	if err != nil {
		return fault{kind: faultMalformed, detail: "The request must contain a valid Timestamp or Expires."}
	}
	return v.checkSkew(t)
}

func sameMAC(newHash func() hash.Hash, secret, s, signature string) bool {
	m := hmac.New(newHash, []byte(secret))
	m.Write([]byte(s)) // a hash never fails
	got, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && hmac.Equal(m.Sum(nil), got)
}

// sigV2S3 checks S3's own form of SigV2: the Authorization header, or the
// query of a presigned request.
func (v *Verifier) sigV2S3(ctx context.Context, q signed, params url.Values) (Caller, error) {
	h := q.r.Header
	auth, header := strings.CutPrefix(h.Get("Authorization"), "AWS ")
	id, signature := params.Get("AWSAccessKeyId"), params.Get("Signature")
	date, token := params.Get("Expires"), params.Get("x-amz-security-token")
	if header {
		id, signature, _ = strings.Cut(auth, ":")
		date, token = h.Get("Date"), h.Get("X-Amz-Security-Token")
	}
	if id == "" || signature == "" {
		return Caller{}, fault{kind: faultMalformed, detail: "expecting AWS <YOUR-AKID>:<SIGNATURE>."}
	}
	key, caller, err := v.key(ctx, id, token, DefaultRegion)
	if err != nil {
		return Caller{}, err
	}
	if err := v.checkS3Time(h, date, header); err != nil {
		return Caller{}, err
	}
	if header && h.Get("X-Amz-Date") != "" {
		date = "" // signed with the other headers below
	}
	s := q.r.Method + "\n" + h.Get("Content-Md5") + "\n" + h.Get("Content-Type") + "\n" + date + "\n" + amzHeaders(h)
	for _, path := range resourcePaths(q) {
		if sameMAC(sha1.New, key.Secret, s+path+subresources(params), signature) {
			return caller, nil
		}
	}
	return Caller{}, fault{kind: faultMismatch}
}

func (v *Verifier) checkS3Time(h http.Header, date string, header bool) error {
	if !header {
		secs, err := strconv.ParseInt(date, 10, 64)
		if err != nil {
			return Errorf("AccessDenied", 403, "Invalid date (should be seconds since epoch): %s", date)
		}
		if end := time.Unix(secs, 0); v.now().After(end) {
			return fault{kind: faultExpired, signed: end, now: v.now()}
		}
		return nil
	}
	if x := h.Get("X-Amz-Date"); x != "" {
		date = x
	}
	t, err := parseTime(date)
	if err != nil {
		return Errorf("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
	}
	return v.checkSkew(t)
}

// amzHeaders are the x-amz- headers in their canonical form, a line each.
func amzHeaders(h http.Header) string {
	var lines []string
	for k, vals := range h {
		if l := strings.ToLower(k); strings.HasPrefix(l, "x-amz-") {
			lines = append(lines, l+":"+strings.TrimSpace(strings.Join(vals, ","))+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// signedSubresources are the query parameters that SigV2 signs.
var signedSubresources = map[string]bool{
	"accelerate": true, "acl": true, "analytics": true, "cors": true, "defaultObjectAcl": true, "delete": true,
	"inventory": true, "lifecycle": true, "location": true, "logging": true, "metrics": true,
	"notification": true, "object-lock": true, "partNumber": true, "policy": true, "replication": true,
	"requestPayment": true, "restore": true, "select": true, "select-type": true, "storageClass": true,
	"tagging": true, "torrent": true, "uploadId": true, "uploads": true, "versionId": true,
	"versioning": true, "versions": true, "website": true,
	"response-cache-control": true, "response-content-disposition": true, "response-content-encoding": true,
	"response-content-language": true, "response-content-type": true, "response-expires": true,
}

// resourcePaths are the paths that clients sign: a bucket's own with or
// without its slash (botocore adds one that it does not send).
func resourcePaths(q signed) []string {
	path := q.r.URL.EscapedPath()
	if q.bucket != "" {
		path = "/" + q.bucket + path
	}
	if strings.Count(path, "/") == 1 && len(path) > 1 {
		return []string{path, path + "/"}
	}
	return []string{path}
}

// subresources are the signed parameters in their canonical form.
func subresources(params url.Values) string {
	var subs []string
	for k, vals := range params {
		if !signedSubresources[k] {
			continue
		}
		if vals[0] != "" {
			k += "=" + vals[0]
		}
		subs = append(subs, k)
	}
	if len(subs) == 0 {
		return ""
	}
	slices.Sort(subs)
	return "?" + strings.Join(subs, "&")
}
