package s3

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// question is what GetObject and HeadObject have in common.
type question struct {
	key, version         string
	match, noneMatch     *string
	modified, unmodified *time.Time
	rng                  *string
	part                 *int32
}

// answer is an object, or the piece of it that was asked for.
type answer struct {
	v     *version
	body  *blob
	rng   *string // Content-Range
	parts *int32
	whole bool
}

// lookUp finds the object and asks for its conditions and range.
func (q *call) lookUp(w question) (*answer, error) {
	if w.part != nil {
		if err := checkPartNumber(w.part); err != nil {
			return nil, err
		}
	}
	v, err := q.bucket.find(w.key, w.version)
	h := wire.ResponseHeader(q.ctx)
	if err != nil {
		if v != nil && v.marker {
			h.Set("X-Amz-Delete-Marker", "true")
			h.Set("X-Amz-Version-Id", v.id)
			if w.version != "" {
				h.Set("Last-Modified", v.modified.Format(http.TimeFormat))
				h.Set("Allow", "DELETE")
			}
		}
		if v == nil && w.version == "" && !q.allowed(q.bucket, "s3:ListBucket", "") { // who may not list is not told what is missing
			if err := q.may(q.bucket, "s3:GetObject", w.key); err != nil {
				return nil, err
			}
			return nil, denied()
		}
		return nil, err
	}
	if err := q.may(q.bucket, onVersion("s3:GetObject", &w.version), w.key); err != nil {
		return nil, err
	}
	if err := checkConditions(v, w.match, w.noneMatch, w.modified, w.unmodified); err != nil {
		h.Set("ETag", v.etag)
		h.Set("Last-Modified", v.modified.Format(http.TimeFormat))
		return nil, err
	}
	a := &answer{v: v, body: v.body, whole: true}
	switch {
	case w.part != nil && w.rng != nil:
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Cannot specify both Range header and partNumber query parameter")
	case w.part != nil:
		return a, a.piece(int(*w.part))
	case w.rng != nil:
		return a, a.cut(*w.rng)
	}
	return a, nil
}

// sameTag compares ETags as S3 does, quotes or not.
func sameTag(pattern, etag string) bool {
	for part := range strings.SplitSeq(pattern, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.Trim(strings.TrimPrefix(part, "W/"), `"`) == strings.Trim(etag, `"`) {
			return true
		}
	}
	return false
}

// checkConditions follows RFC 9110: a condition on the ETag takes the place
// of the one on the time beside it.
func checkConditions(v *version, match, noneMatch *string, modified, unmodified *time.Time) error {
	switch {
	case match != nil && !sameTag(*match, v.etag):
		return failed("If-Match")
	case match == nil && unmodified != nil && v.modified.After(*unmodified):
		return failed("If-Unmodified-Since")
	case noneMatch != nil && sameTag(*noneMatch, v.etag),
		noneMatch == nil && modified != nil && !v.modified.After(*modified):
		return wire.Errorf("NotModified", http.StatusNotModified, "Not Modified")
	}
	return nil
}

// cut takes a range such as bytes=0-99. What is no single range of bytes is
// left unregarded, as AWS does.
func (a *answer) cut(text string) error {
	size := a.v.body.size()
	first, last, ok := parseRange(text, size)
	if !ok {
		return nil
	}
	if first >= size || first > last {
		return wire.Errorf("InvalidRange", http.StatusRequestedRangeNotSatisfiable, "The requested range is not satisfiable").With("ActualObjectSize", fmt.Sprint(size)).With("RangeRequested", text)
	}
	a.body, a.whole = a.v.body.slice(first, last-first+1), false
	a.rng = aws.String(fmt.Sprintf("bytes %d-%d/%d", first, last, size))
	return nil
}

func parseRange(text string, size int64) (first, last int64, ok bool) {
	spec, ok := strings.CutPrefix(strings.TrimSpace(text), "bytes=")
	from, to, dash := strings.Cut(spec, "-")
	if !ok || !dash || strings.Contains(spec, ",") {
		return 0, 0, false
	}
	if from == "" { // the last n bytes
		n, err := strconv.ParseInt(to, 10, 64)
		if err != nil || n < 0 {
			return 0, 0, false
		}
		if n == 0 {
			return size, size, true
		}
		return max(size-n, 0), size - 1, true
	}
	first, err := strconv.ParseInt(from, 10, 64)
	if err != nil || first < 0 {
		return 0, 0, false
	}
	last = size - 1
	if to != "" {
		n, err := strconv.ParseInt(to, 10, 64)
		if err != nil || n < first {
			return 0, 0, false
		}
		last = min(n, last)
	}
	return first, last, true
}

// piece takes one part of an object that was uploaded in parts; any other
// object is its own first part.
func (a *answer) piece(n int) error {
	var sizes []int64
	for _, p := range a.v.parts {
		sizes = append(sizes, p.Size)
	}
	if len(sizes) == 0 {
		sizes = []int64{a.v.body.size()}
	} else {
		a.parts = aws.Int32(int32(len(sizes)))
	}
	if n < 1 || n > len(sizes) {
		return wire.Errorf("InvalidPartNumber", http.StatusRequestedRangeNotSatisfiable, "The requested partnumber is not satisfiable").With("PartNumberRequested", fmt.Sprint(n)).With("ActualPartCount", fmt.Sprint(len(sizes)))
	}
	var first int64
	for _, s := range sizes[:n-1] {
		first += s
	}
	size := a.v.body.size()
	a.body, a.whole = a.v.body.slice(first, sizes[n-1]), len(a.v.parts) == 0
	if sizes[n-1] > 0 {
		a.rng = aws.String(fmt.Sprintf("bytes %d-%d/%d", first, first+sizes[n-1]-1, size))
	}
	return nil
}

func getObject(q *call, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	if q.caller.Anonymous() && (in.ResponseCacheControl != nil || in.ResponseContentDisposition != nil || in.ResponseContentEncoding != nil ||
		in.ResponseContentLanguage != nil || in.ResponseContentType != nil || in.ResponseExpires != nil) {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Request specific response headers cannot be used for anonymous GET requests.")
	}
	a, err := q.lookUp(question{key: aws.ToString(in.Key), version: aws.ToString(in.VersionId), match: in.IfMatch, noneMatch: in.IfNoneMatch,
		modified: in.IfModifiedSince, unmodified: in.IfUnmodifiedSince, rng: in.Range, part: in.PartNumber})
	if err != nil {
		return nil, err
	}
	v := a.v
	if err := q.checkReadable(v); err != nil {
		return nil, err
	}
	out := &s3.GetObjectOutput{
		Body: a.body.reader(), AcceptRanges: aws.String("bytes"), ContentLength: aws.Int64(a.body.size()), ContentRange: a.rng,
		ETag: aws.String(v.etag), LastModified: aws.Time(v.modified), Metadata: v.meta, VersionId: q.bucket.shownID(v), PartsCount: a.parts,
		ContentType: v.header("Content-Type"), CacheControl: v.header("Cache-Control"), ContentDisposition: v.header("Content-Disposition"),
		ContentEncoding: v.header("Content-Encoding"), ContentLanguage: v.header("Content-Language"),
		WebsiteRedirectLocation: v.header("X-Amz-Website-Redirect-Location"),
		ServerSideEncryption:    v.encryption, SSEKMSKeyId: keyOf(v),
	}
	if v.class != "" && v.class != types.StorageClassStandard {
		out.StorageClass = v.class
	}
	if n := int32(len(v.tags)); n > 0 {
		out.TagCount = &n
	}
	out.Expiration, out.Restore = q.bucket.expiration(v), v.restore(q.now)
	v.lock.show(&out.ObjectLockMode, &out.ObjectLockRetainUntilDate, &out.ObjectLockLegalHoldStatus)
	if in.ChecksumMode == types.ChecksumModeEnabled && a.whole {
		out.ChecksumType = v.sumType
		setSums(out, v.sums)
	}
	q.expiresHeader(v, in.ResponseExpires)
	for dst, asked := range map[**string]*string{&out.CacheControl: in.ResponseCacheControl, &out.ContentDisposition: in.ResponseContentDisposition,
		&out.ContentEncoding: in.ResponseContentEncoding, &out.ContentLanguage: in.ResponseContentLanguage, &out.ContentType: in.ResponseContentType} {
		if asked != nil {
			*dst = asked
		}
	}
	return out, nil
}

// expiresHeader sets Expires itself: the outputs have it as a time only, and
// a text that is no time would be lost.
func (q *call) expiresHeader(v *version, asked *time.Time) {
	switch {
	case asked != nil:
		text := asked.UTC().Format(http.TimeFormat)
		if r := wire.Request(q.ctx); r != nil && r.URL.Query().Get("response-expires") != "" {
			text = r.URL.Query().Get("response-expires")
		}
		wire.ResponseHeader(q.ctx).Set("Expires", text)
	case v.headers["Expires"] != "":
		wire.ResponseHeader(q.ctx).Set("Expires", v.headers["Expires"])
	}
}

func (v *version) header(name string) *string {
	if s := v.headers[name]; s != "" {
		return &s
	}
	return nil
}

func headObject(q *call, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	if q.caller.Anonymous() && (in.ResponseCacheControl != nil || in.ResponseContentDisposition != nil || in.ResponseContentEncoding != nil ||
		in.ResponseContentLanguage != nil || in.ResponseContentType != nil || in.ResponseExpires != nil) {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Request specific response headers cannot be used for anonymous GET requests.")
	}
	a, err := q.lookUp(question{key: aws.ToString(in.Key), version: aws.ToString(in.VersionId), match: in.IfMatch, noneMatch: in.IfNoneMatch,
		modified: in.IfModifiedSince, unmodified: in.IfUnmodifiedSince, rng: in.Range, part: in.PartNumber})
	if err != nil {
		return nil, err
	}
	v := a.v
	out := &s3.HeadObjectOutput{
		AcceptRanges: aws.String("bytes"), ContentLength: aws.Int64(a.body.size()), ContentRange: a.rng,
		ETag: aws.String(v.etag), LastModified: aws.Time(v.modified), Metadata: v.meta, VersionId: q.bucket.shownID(v), PartsCount: a.parts,
		ContentType: v.header("Content-Type"), CacheControl: v.header("Cache-Control"), ContentDisposition: v.header("Content-Disposition"),
		ContentEncoding: v.header("Content-Encoding"), ContentLanguage: v.header("Content-Language"),
		WebsiteRedirectLocation: v.header("X-Amz-Website-Redirect-Location"),
		ServerSideEncryption:    v.encryption, SSEKMSKeyId: keyOf(v),
	}
	if v.class != "" && v.class != types.StorageClassStandard {
		out.StorageClass = v.class
	}
	if n := int32(len(v.tags)); n > 0 {
		out.TagCount = &n
	}
	out.Expiration, out.Restore = q.bucket.expiration(v), v.restore(q.now)
	v.lock.show(&out.ObjectLockMode, &out.ObjectLockRetainUntilDate, &out.ObjectLockLegalHoldStatus)
	if in.ChecksumMode == types.ChecksumModeEnabled && a.whole {
		out.ChecksumType = v.sumType
		setSums(out, v.sums)
	}
	q.expiresHeader(v, in.ResponseExpires)
	for dst, asked := range map[**string]*string{&out.CacheControl: in.ResponseCacheControl, &out.ContentDisposition: in.ResponseContentDisposition,
		&out.ContentEncoding: in.ResponseContentEncoding, &out.ContentLanguage: in.ResponseContentLanguage, &out.ContentType: in.ResponseContentType} {
		if asked != nil {
			*dst = asked
		}
	}
	return out, nil
}
