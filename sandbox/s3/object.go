package s3

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// AWS's bounds on objects.
const (
	maxKey     = 1024
	maxObject  = 5 << 30 // of one request; parts make more
	maxMeta    = 2048    // of user metadata, names and values
	defaultSum = "CRC64NVME"
)

// content is a body that was taken in: what it is, and its digests.
type content struct {
	body *blob
	md5  []byte
	sums sums
}

// take reads a body to its end, which also checks it. Where the client sent no
// checksum, it is computed by the algorithm named. It runs outside the lock.
func (q *call) take(body io.Reader, algorithm string) (*content, error) {
	r := wire.Request(q.ctx)
	hint := int64(-1)
	if r != nil {
		hint = r.ContentLength
		if n := r.Header.Get("X-Amz-Decoded-Content-Length"); n != "" {
			hint = -1
			if _, err := fmt.Sscan(n, &hint); err != nil {
				hint = -1
			}
		} else if hint < 0 {
			return nil, wire.Errorf("MissingContentLength", http.StatusLengthRequired, "You must provide the Content-Length HTTP header.")
		}
		if hint > maxObject {
			return nil, wire.Errorf("EntityTooLarge", http.StatusBadRequest, "Your proposed upload exceeds the maximum allowed size").With("ProposedSize", fmt.Sprint(hint)).With("MaxSizeAllowed", fmt.Sprint(int64(maxObject)))
		}
	}
	if body == nil {
		body = strings.NewReader("")
	}
	sum, own := md5.New(), wire.NewSum(algorithm)
	b, err := q.c.bodies.Take(io.TeeReader(io.LimitReader(body, maxObject+1), io.MultiWriter(sum, own)), hint)
	if err != nil {
		return nil, err
	}
	c := &content{body: blobOf(b), md5: sum.Sum(nil), sums: sumsOf(wire.Checksums(q.ctx))}
	if len(c.sums) == 0 {
		c.sums = sums{{algorithm, base64.StdEncoding.EncodeToString(own.Sum(nil))}}
	}
	return c, nil
}

func quoted(sum []byte) string { return `"` + hex.EncodeToString(sum) + `"` }

// storedHeaders are what an object keeps of the headers it came with.
func storedHeaders(kind, cache, disposition, encoding, language, redirect *string, expires *time.Time) map[string]string {
	h := map[string]string{"Content-Type": "binary/octet-stream"}
	for name, v := range map[string]*string{"Content-Type": kind, "Cache-Control": cache, "Content-Disposition": disposition,
		"Content-Language": language, "X-Amz-Website-Redirect-Location": redirect} {
		if aws.ToString(v) != "" {
			h[name] = *v
		}
	}
	var kept []string // aws-chunked was how it travelled, not what it is
	for part := range strings.SplitSeq(aws.ToString(encoding), ",") {
		if part = strings.TrimSpace(part); part != "" && !strings.EqualFold(part, "aws-chunked") {
			kept = append(kept, part)
		}
	}
	if len(kept) > 0 {
		h["Content-Encoding"] = strings.Join(kept, ", ")
	}
	if expires != nil {
		h["Expires"] = expires.UTC().Format(http.TimeFormat)
	}
	return h
}

func checkKey(key string) error {
	if len(key) > maxKey {
		return wire.Errorf("KeyTooLongError", http.StatusBadRequest, "Your key is too long").With("MaxSizeAllowed", fmt.Sprint(maxKey)).With("Size", fmt.Sprint(len(key)))
	}
	if !utf8.ValidString(key) {
		return wire.Errorf("InvalidURI", http.StatusBadRequest, "Couldn't parse the specified URI.")
	}
	return nil
}

func checkMeta(meta map[string]string) error {
	n := 0
	for k, v := range meta {
		n += len(k) + len(v)
	}
	if n > maxMeta {
		return wire.Errorf("MetadataTooLarge", http.StatusBadRequest, "Your metadata headers exceed the maximum allowed metadata size").With("Size", fmt.Sprint(n)).With("MaxSizeAllowed", fmt.Sprint(maxMeta))
	}
	return nil
}

// parseTagging reads tags in the form of a query: a=b&c=d.
func parseTagging(text *string) ([]types.Tag, error) {
	if aws.ToString(text) == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(*text)
	if err != nil {
		return nil, invalid("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
	}
	var tags []types.Tag
	for part := range strings.SplitSeq(*text, "&") { // in the order they were given
		if part == "" {
			continue
		}
		k, _, _ := strings.Cut(part, "=")
		k, _ = url.QueryUnescape(k)
		if len(values[k]) > 1 {
			return nil, invalid("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
		}
		tags = append(tags, types.Tag{Key: aws.String(k), Value: aws.String(values.Get(k))})
	}
	return tags, checkTagSet(tags, maxObjectTags)
}

// putObject stores an object. What can be refused is refused before the body
// is read, and asked again after, for others may have been quicker.
func putObject(q *call, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
	v := &version{key: aws.ToString(in.Key), meta: in.Metadata, class: in.StorageClass, sumType: types.ChecksumTypeFullObject}
	v.headers = storedHeaders(in.ContentType, in.CacheControl, in.ContentDisposition, in.ContentEncoding, in.ContentLanguage, in.WebsiteRedirectLocation, in.Expires)
	if raw := q.rawHeader("Expires"); raw != "" { // kept as it came, even where it is no date
		v.headers["Expires"] = raw
	}
	h := grantHeaders{full: in.GrantFullControl, read: in.GrantRead, readACP: in.GrantReadACP, writeACP: in.GrantWriteACP}
	err := q.under(func() (err error) {
		if v.lock, err = q.requestedLock(in.ObjectLockMode, in.ObjectLockRetainUntilDate, in.ObjectLockLegalHoldStatus); err != nil {
			return err
		}
		if err := q.mayWriteWith(in.Tagging, in.ACL != "" || h != (grantHeaders{}), in.ObjectLockMode, in.ObjectLockLegalHoldStatus); err != nil {
			return err
		}
		return q.prepare(v, string(in.ACL), h, in.Tagging, in.ServerSideEncryption, in.SSEKMSKeyId, in.SSECustomerAlgorithm)
	})
	if err != nil {
		return nil, err
	}
	if in.WriteOffsetBytes != nil {
		return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "PutObject with x-amz-write-offset-bytes is not implemented")
	}
	c, err := q.take(in.Body, defaultSum)
	if err != nil {
		return nil, err
	}
	v.body, v.etag, v.sums = c.body, quoted(c.md5), c.sums
	b, err := q.commit(v, in.IfMatch, in.IfNoneMatch)
	if err != nil {
		return nil, err
	}
	out := &s3.PutObjectOutput{ETag: aws.String(v.etag), VersionId: b.writtenID(v), ChecksumType: v.sumType, ServerSideEncryption: v.encryption, SSEKMSKeyId: keyOf(v)}
	setSums(out, v.sums)
	q.c.mu.RLock()
	out.Expiration = b.expiration(v)
	q.c.mu.RUnlock()
	return out, nil
}

// prepare checks what a new version is made of, and sets its access list,
// tags and encryption.
func (q *call) prepare(v *version, cannedName string, h grantHeaders, tagging *string, sse types.ServerSideEncryption, kmsKey, customer *string) error {
	if err := checkKey(v.key); err != nil {
		return err
	}
	if err := checkMeta(v.meta); err != nil {
		return err
	}
	if err := checkClass(v.class); err != nil {
		return err
	}
	if to := v.headers["X-Amz-Website-Redirect-Location"]; to != "" && !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") {
		return wire.Errorf("InvalidRedirectLocation", http.StatusBadRequest, "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
	}
	if customer != nil {
		return wire.Errorf("NotImplemented", http.StatusNotImplemented, "Encryption with keys of the customer's is not implemented")
	}
	b := q.bucket
	if b.ownership == types.ObjectOwnershipBucketOwnerEnforced && (cannedName != "" && cannedName != "bucket-owner-full-control" && cannedName != "private" || h != (grantHeaders{})) {
		return aclsOff()
	}
	who := q.account()
	if b.ownership == types.ObjectOwnershipBucketOwnerEnforced || b.ownership == types.ObjectOwnershipBucketOwnerPreferred && cannedName == "bucket-owner-full-control" {
		who = b.account
	}
	list, err := q.requestedACL(cannedName, h, nil, who, b.account)
	if err != nil {
		return err
	}
	v.acl = list
	if v.tags, err = parseTagging(tagging); err != nil {
		return err
	}
	if v.encryption = sse; sse == "" {
		v.encryption = types.ServerSideEncryptionAes256
	}
	v.kmsKey = aws.ToString(kmsKey)
	return nil
}

func aclsOff() error {
	return wire.Errorf("AccessControlListNotSupported", http.StatusBadRequest, "The bucket does not allow ACLs")
}

func keyOf(v *version) *string {
	if v.kmsKey == "" {
		return nil
	}
	return aws.String(v.kmsKey)
}

// commit puts a version into the bucket, where that is still there and the
// object is what the request expects.
func (q *call) commit(v *version, ifMatch, ifNoneMatch *string) (*bucket, error) {
	q.c.mu.Lock()
	defer q.c.mu.Unlock()
	b := q.c.buckets[q.bucket.name]
	if b != q.bucket {
		return nil, wire.Errorf("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist").With("BucketName", q.bucket.name)
	}
	current := b.objects[v.key]
	if current != nil && current.marker {
		current = nil
	}
	switch {
	case ifNoneMatch != nil && (*ifNoneMatch != "*" || ifMatch != nil):
		return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "A header you provided implies functionality that is not implemented").With("Header", "If-None-Match")
	case ifNoneMatch != nil && current != nil:
		return nil, failed("If-None-Match")
	case ifMatch != nil && current == nil:
		return nil, wire.Errorf("NoSuchKey", http.StatusNotFound, "The specified key does not exist.").With("Key", v.key)
	case ifMatch != nil && !sameTag(*ifMatch, current.etag):
		return nil, failed("If-Match")
	}
	v.modified = q.c.env.Now().Truncate(time.Second)
	v.key = strings.Clone(v.key) // else it holds the line of the request that it is a part of
	v.acl, v.headers = shared.acl(v.acl), shared.headers(v.headers)
	b.add(q.c, v)
	return b, nil
}

// writtenID is the version id a write answers with: only where versioning is on.
func (b *bucket) writtenID(v *version) *string {
	if v.id == nullVersion {
		return nil
	}
	return aws.String(v.id)
}

func failed(condition string) error {
	return wire.Errorf("PreconditionFailed", http.StatusPreconditionFailed, "At least one of the pre-conditions you specified did not hold").With("Condition", condition)
}

// setSums sets the Checksum... members of an output or of a part of one.
func setSums(out any, list sums) {
	dst := reflect.ValueOf(out).Elem()
	for _, c := range list {
		if f := dst.FieldByName("Checksum" + c.name); f.IsValid() {
			f.Set(reflect.ValueOf(aws.String(c.text)))
		}
	}
}
