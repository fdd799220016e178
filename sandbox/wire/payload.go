package wire

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// payload is the body of a request as its signer meant it: without the framing
// of aws-chunked, and checked while it is read. An error instead of io.EOF
// means that what was read must not be believed.
type payload struct {
	src    io.Reader
	length int64 // expected, -1 where the request does not say
	read   int64
	checks []check
	chunks *chunkReader // for trailers, nil without framing
	sums   map[string]string
	err    error // sticky
}

// check compares a digest of the whole body with what the request says.
type check struct {
	hash    hash.Hash
	sum     string // name of an x-amz-checksum algorithm, empty for others
	want    string // the digest, or the trailer's name
	trailer bool   // want names a trailer
	hex     bool
	fail    *Error
}

var errMismatchedHash = Errorf("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed.")

// newPayload prepares the reading of q's body. signer is nil where the
// signature does not reach into the body.
func newPayload(q signed, signer *chunkSigner) (*payload, error) {
	if !q.s3 {
		return &payload{src: bytes.NewReader(q.body), length: -1}, nil
	}
	p := &payload{src: q.r.Body, length: q.r.ContentLength, sums: map[string]string{}}
	if p.src == nil {
		p.src = http.NoBody
	}
	if err := p.unframe(q.r, signer); err != nil {
		return nil, err
	}
	return p, p.addChecks(q.r)
}

// unframe reads X-Amz-Content-Sha256, which says how the body is sent.
func (p *payload) unframe(r *http.Request, signer *chunkSigner) error {
	how := r.Header.Get("X-Amz-Content-Sha256")
	chunks := &chunkReader{}
	switch how {
	case "", unsignedPayload:
		return nil
	case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
	case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER":
		return Errorf("NotImplemented", 501, "Asymmetric signatures are not built in the sandbox")
	case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
		if signer == nil {
			return Errorf("InvalidRequest", 400, "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.")
		}
		chunks.signer = signer
	default:
		if !payloadForm(how) {
			return badPayloadHash(how)
		}
		p.checks = append(p.checks, check{hash: sha256.New(), want: how, hex: true, fail: errMismatchedHash})
		return nil
	}
	n, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return Errorf("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
	}
	chunks.trailers = strings.HasSuffix(how, "-TRAILER")
	chunks.open(p.src)
	for name := range strings.SplitSeq(r.Header.Get("X-Amz-Trailer"), ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			chunks.announced = append(chunks.announced, name)
		}
	}
	p.src, p.length, p.chunks = chunks, n, chunks
	return nil
}

// payloadForms are what X-Amz-Content-Sha256 may be besides a hash. Those of
// asymmetric signatures are known, but refused where they come to be checked.
var payloadForms = []string{
	unsignedPayload, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
	"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
}

func payloadForm(how string) bool {
	b, err := hex.DecodeString(how)
	return slices.Contains(payloadForms, how) || err == nil && len(b) == sha256.Size
}

func badPayloadHash(how string) error {
	return Errorf("InvalidArgument", 400, "x-amz-content-sha256 must be %s or a valid sha256 value.", strings.Join(payloadForms, ", ")).
		With("ArgumentName", "x-amz-content-sha256").With("ArgumentValue", how)
}

// addChecks finds the digests that the request announces.
func (p *payload) addChecks(r *http.Request) error {
	if m := r.Header.Get("Content-Md5"); m != "" || r.Header.Values("Content-Md5") != nil {
		if b, err := base64.StdEncoding.DecodeString(m); err != nil || len(b) != md5.Size {
			return Errorf("InvalidDigest", 400, "The Content-MD5 you specified was invalid.").With("Content-MD5", m)
		}
		p.checks = append(p.checks, check{hash: md5.New(), want: m, fail: Errorf("BadDigest", 400, "The Content-MD5 you specified did not match what we received.")})
	}
	if r.Method == http.MethodPost && r.URL.Query().Has("uploadId") {
		return nil // CompleteMultipartUpload: the checksum is the object's, not the body's
	}
	return p.addSums(r)
}

// Read gives the body. The last Read compares all digests.
func (p *payload) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.src.Read(b)
	p.read += int64(n)
	for _, c := range p.checks {
		c.hash.Write(b[:n]) // a hash never fails
	}
	switch {
	case err == io.EOF:
		p.err = p.finish()
	case err != nil:
		var e *Error
		if p.err = err; !errors.As(err, &e) {
			p.err = errIncomplete
		}
	}
	return n, p.err
}

var errIncomplete = Errorf("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header")

func (p *payload) finish() error {
	if p.length >= 0 && p.read != p.length {
		return errIncomplete
	}
	for _, c := range p.checks {
		want := c.want
		if c.trailer {
			if want = p.chunks.trailer(c.want); !sumForm(c.sum, want) {
				return Errorf("InvalidRequest", 400, "Value for %s trailing header is invalid.", c.want)
			}
		}
		sum := c.hash.Sum(nil)
		got := base64.StdEncoding.EncodeToString(sum)
		if c.hex {
			got = hex.EncodeToString(sum)
			want = strings.ToLower(want)
		}
		if !hmac.Equal([]byte(got), []byte(want)) {
			if c.fail == errMismatchedHash {
				return c.fail.With("ClientComputedContentSHA256", want).With("S3ComputedContentSHA256", got)
			}
			return c.fail
		}
		if c.sum != "" {
			p.sums[strings.ToUpper(c.sum)] = got
		}
	}
	return io.EOF
}

// drain reads what a handler left, so that all is checked.
func (p *payload) drain() error {
	if p == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, p); err != nil {
		return err
	}
	return nil
}

// Checksums gives the x-amz-checksum digests of an S3 request's body, by
// algorithm (CRC32, SHA256), in base64. They are verified, and complete only
// once the body has been read to its end: those in trailers come last.
func Checksums(ctx context.Context) map[string]string {
	if p := callFrom(ctx).payload; p != nil {
		return p.sums
	}
	return nil
}

// AnnouncedSum gives the algorithm of the one checksum that an S3 request
// brings along for its body, such as CRC32; "" without one.
func AnnouncedSum(ctx context.Context) string {
	if p := callFrom(ctx).payload; p != nil {
		for _, c := range p.checks {
			if c.sum != "" {
				return strings.ToUpper(c.sum)
			}
		}
	}
	return ""
}
