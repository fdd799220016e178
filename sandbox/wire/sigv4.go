package wire

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	sigV4Algorithm  = "AWS4-HMAC-SHA256"
	unsignedPayload = "UNSIGNED-PAYLOAD"
	maxPresign      = 7 * 24 * time.Hour
)

// emptySHA256 is the hash of nothing.
const emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// credential is what a SigV4 signature says about itself.
type credential struct {
	accessKeyID, day, region, service string
	signedHeaders                     []string
	signature                         string
	date                              time.Time
	stamp                             string // date as it was sent
	token                             string
	presigned                         bool
	expires                           time.Duration // of a presigned request
}

func (c *credential) scope() string {
	return c.day + "/" + c.region + "/" + c.service + "/aws4_request"
}

func (v *Verifier) sigV4(ctx context.Context, q signed, params url.Values) (verified, error) {
	c, err := parseSigV4(q.r, params)
	if err != nil {
		return verified{}, err
	}
	region := c.region
	if c.service != q.service {
		if !HostScope(c.service, q.r.Host) {
			f := c.inCredential(q.service, "incorrect service %q. This endpoint belongs to %q.", c.service, q.service)
			f.kind = faultScope
			return verified{}, f
		}
		region = DefaultRegion
	}
	if q.s3 {
		if err := allSigned(q.r, c); err != nil {
			return verified{}, err
		}
	}
	key, caller, err := v.key(ctx, c.accessKeyID, c.token, region)
	if err != nil {
		return verified{}, err
	}
	if c.presigned {
		if end := c.date.Add(c.expires); v.now().After(end) {
			return verified{}, fault{kind: faultExpired, signed: end, now: v.now(), lasts: c.expires}
		} else if c.date.Sub(v.now()) > MaxSkew {
			return verified{}, fault{kind: faultSkewed, signed: c.date, now: v.now()}
		}
	} else if err := v.checkSkew(c.date); err != nil {
		return verified{}, err
	}
	hash, err := payloadHash(q, c)
	if err != nil {
		return verified{}, err
	}
	signer := &chunkSigner{key: signingKey(key.Secret, c), stamp: c.stamp, scope: c.scope()}
	sum := sha256.Sum256([]byte(canonicalRequest(q, c, hash)))
	want := signer.sign(sigV4Algorithm + "\n" + c.stamp + "\n" + c.scope() + "\n" + hex.EncodeToString(sum[:]))
	if !hmac.Equal([]byte(want), []byte(c.signature)) {
		return verified{}, fault{kind: faultMismatch}
	}
	signer.previous = c.signature
	p, err := newPayload(q, signer)
	return verified{caller: caller, payload: p}, err
}

// HostScope reports whether a signature's service was taken from the host that
// was asked, and so says nothing: boto guesses service and region from the
// names it knows of AWS, and signs for service 127 of region 0 on 127.0.0.1.
func HostScope(service, host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	label, _, _ := strings.Cut(strings.ToLower(host), ".")
	return service == label
}

// payloadHash is the last line of the canonical request.
func payloadHash(q signed, c *credential) (string, error) {
	sent := q.r.Header.Get("X-Amz-Content-Sha256")
	if sent == "" && c.presigned {
		sent = q.r.URL.Query().Get("X-Amz-Content-Sha256")
	}
	switch {
	case sent == "" && c.presigned && q.s3:
		return unsignedPayload, nil
	case sent == "" && q.s3:
		return "", Errorf("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256")
	case q.s3 && !payloadForm(sent):
		return "", badPayloadHash(sent)
	case q.s3, sent == unsignedPayload:
		return sent, nil
	}
	sum := sha256.Sum256(q.body)
	return hex.EncodeToString(sum[:]), nil
}

func hmacSHA256(key []byte, s string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(s)) // a hash never fails
	return m.Sum(nil)
}

func signingKey(secret string, c *credential) []byte {
	k := hmacSHA256([]byte("AWS4"+secret), c.day)
	k = hmacSHA256(k, c.region)
	k = hmacSHA256(k, c.service)
	return hmacSHA256(k, "aws4_request")
}

func canonicalRequest(q signed, c *credential, hash string) string {
	var b strings.Builder
	b.WriteString(q.r.Method + "\n" + canonicalPath(q) + "\n" + canonicalQuery(q.r.URL.RawQuery) + "\n")
	for _, h := range c.signedHeaders {
		b.WriteString(h + ":" + canonicalHeader(q.r, h) + "\n")
	}
	b.WriteString("\n" + strings.Join(c.signedHeaders, ";") + "\n" + hash)
	return b.String()
}

func canonicalHeader(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	vals := r.Header.Values(name)
	trimmed := make([]string, len(vals))
	for i, v := range vals {
		trimmed[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(trimmed, ",")
}

// canonicalPath encodes the path the way signers do: once for S3, twice for
// everyone else. Segments are decoded one by one, so that an encoded slash
// stays one.
func canonicalPath(q signed) string {
	path := q.r.URL.EscapedPath()
	if path == "" {
		return "/"
	}
	segs := strings.Split(path, "/")
	for i, s := range segs {
		if d, err := url.PathUnescape(s); err == nil {
			segs[i] = awsEscape(d)
		}
		if !q.s3 {
			segs[i] = awsEscape(segs[i])
		}
	}
	return strings.Join(segs, "/")
}

// canonicalQuery sorts the parameters by name and value, both encoded.
func canonicalQuery(raw string) string {
	var pairs [][2]string
	for part := range strings.SplitSeq(raw, "&") {
		k, v, _ := strings.Cut(part, "=")
		k, v = queryUnescape(k), queryUnescape(v)
		if k != "X-Amz-Signature" && part != "" {
			pairs = append(pairs, [2]string{awsEscape(k), awsEscape(v)})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		if c := strings.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return strings.Compare(a[1], b[1])
	})
	out := make([]string, len(pairs))
	for i, p := range pairs {
		out[i] = p[0] + "=" + p[1]
	}
	return strings.Join(out, "&")
}

func queryUnescape(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

// awsEscape percent-encodes all but the unreserved characters of RFC 3986.
func awsEscape(s string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == '~':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}
