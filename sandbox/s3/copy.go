package s3

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// parseSource reads x-amz-copy-source: BUCKET/KEY, with ?versionId=ID for one
// version.
func parseSource(text string) (bucket, key, id string, err error) {
	bad := func(text string) error {
		return wire.Errorf("InvalidArgument", http.StatusBadRequest, "%s", text).With("ArgumentName", "x-amz-copy-source")
	}
	path, query, _ := strings.Cut(text, "?")
	path, err = url.PathUnescape(path)
	if err != nil {
		return "", "", "", bad("Invalid copy source encoding")
	}
	if query != "" {
		values, err := url.ParseQuery(query)
		if err != nil || !values.Has("versionId") {
			return "", "", "", invalid("Unsupported copy source parameter.")
		}
		id = values.Get("versionId")
	}
	bucket, key, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case len(bucket) < 3 || len(bucket) > 255 || strings.Contains(bucket, ".."):
		return "", "", "", bad("Invalid copy source bucket name")
	case key == "":
		return "", "", "", bad("Invalid copy source object key")
	}
	return bucket, key, id, nil
}

// source finds the object that x-amz-copy-source names, asked for as it is or
// in one version. It runs under the lock.
func (q *call) source(text string, match, noneMatch *string, modified, unmodified *time.Time) (*bucket, *version, error) {
	name, key, id, err := parseSource(text)
	if err != nil {
		return nil, nil, err
	}
	b := q.c.buckets[name]
	if b == nil {
		return nil, nil, wire.Errorf("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist").With("BucketName", name)
	}
	if owner := q.rawHeader("X-Amz-Source-Expected-Bucket-Owner"); owner != "" && owner != b.account {
		return nil, nil, denied()
	}
	v, err := b.find(key, id)
	if err != nil {
		if v == nil && !q.allowed(b, "s3:ListBucket", "") {
			return nil, nil, denied()
		}
		if v != nil && v.marker && id != "" {
			return nil, nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "The source of a copy request may not specifically refer to a delete marker by version id.")
		}
		return nil, nil, err
	}
	if err := q.may(b, onVersion("s3:GetObject", &id), key); err != nil {
		return nil, nil, err
	}
	if err := checkConditions(v, match, noneMatch, modified, unmodified); err != nil {
		return nil, nil, failed("x-amz-copy-source condition") // never 304: a copy is no GET
	}
	if !v.readable(q.now) {
		return nil, nil, wire.Errorf("ObjectNotInActiveTierError", http.StatusForbidden, "The source object of the COPY action is not in the active tier.")
	}
	return b, v, nil
}

// copyObject copies within and across buckets; content is shared, not copied.
func copyObject(q *call, in *s3.CopyObjectInput) (*s3.CopyObjectOutput, error) {
	replace := in.MetadataDirective == types.MetadataDirectiveReplace
	if d := in.MetadataDirective; d != "" && !replace && d != types.MetadataDirectiveCopy {
		return nil, invalid("Unknown metadata directive.")
	}
	if d := in.TaggingDirective; d != "" && d != types.TaggingDirectiveReplace && d != types.TaggingDirectiveCopy {
		return nil, invalid("Unknown tagging directive.")
	}
	if a := string(in.ChecksumAlgorithm); a != "" && wire.NewSum(a) == nil {
		return nil, badAlgorithm()
	}
	in.ChecksumAlgorithm = types.ChecksumAlgorithm(strings.ToUpper(string(in.ChecksumAlgorithm)))
	q.c.mu.RLock()
	from, src, err := q.source(aws.ToString(in.CopySource), in.CopySourceIfMatch, in.CopySourceIfNoneMatch, in.CopySourceIfModifiedSince, in.CopySourceIfUnmodifiedSince)
	var tags []types.Tag
	if err == nil {
		tags = src.tags // its slot belongs to the lock, the slice never changes
	}
	q.c.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	key := aws.ToString(in.Key)
	if from == q.bucket && src.key == key && !strings.Contains(*in.CopySource, "versionId=") && !replace && in.StorageClass == "" && in.WebsiteRedirectLocation == nil && in.ServerSideEncryption == "" && in.ChecksumAlgorithm == "" {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	if src.body.size() > maxObject {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(maxObject))
	}
	v := &version{key: key, body: src.body, etag: src.etag, headers: maps.Clone(src.headers), meta: src.meta, class: in.StorageClass, sums: src.sums, sumType: src.sumType}
	delete(v.headers, "X-Amz-Website-Redirect-Location") // the one property that never is copied along
	if replace {
		v.meta = in.Metadata
		v.headers = storedHeaders(in.ContentType, in.CacheControl, in.ContentDisposition, in.ContentEncoding, in.ContentLanguage, in.WebsiteRedirectLocation, in.Expires)
	} else if in.WebsiteRedirectLocation != nil {
		v.headers["X-Amz-Website-Redirect-Location"] = *in.WebsiteRedirectLocation
	}
	if len(src.parts) > 0 { // a copy is one piece, and its ETag that of one
		if v.etag, err = wholeETag(src.body); err != nil {
			return nil, err
		}
	}
	if err := v.sumBy(in.ChecksumAlgorithm, len(src.parts) > 0); err != nil {
		return nil, err
	}
	h := grantHeaders{full: in.GrantFullControl, read: in.GrantRead, readACP: in.GrantReadACP, writeACP: in.GrantWriteACP}
	err = q.under(func() (err error) {
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
	if in.TaggingDirective != types.TaggingDirectiveReplace {
		v.tags = tags
	}
	b, err := q.commit(v, in.IfMatch, in.IfNoneMatch)
	if err != nil {
		return nil, err
	}
	out := &s3.CopyObjectOutput{VersionId: b.writtenID(v), ServerSideEncryption: v.encryption, SSEKMSKeyId: keyOf(v),
		CopyObjectResult: &types.CopyObjectResult{ETag: aws.String(v.etag), LastModified: aws.Time(v.modified), ChecksumType: v.sumType}}
	setSums(out.CopyObjectResult, v.sums)
	if src.id != nullVersion {
		out.CopySourceVersionId = aws.String(src.id)
	}
	return out, nil
}

// sourceRange reads bytes=FIRST-LAST, which must lie within the source.
func sourceRange(text *string, size int64) (first, n int64, err error) {
	if text == nil {
		return 0, size, nil
	}
	var last int64
	if _, err := fmt.Sscanf(*text, "bytes=%d-%d", &first, &last); err != nil {
		return 0, 0, wire.Errorf("InvalidArgument", http.StatusBadRequest, "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy").With("ArgumentName", "x-amz-copy-source-range").With("ArgumentValue", *text)
	}
	if first < 0 || last < first || last >= size {
		return 0, 0, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Range specified is not valid for source object of size: %d", size).With("ArgumentName", "x-amz-copy-source-range").With("ArgumentValue", *text)
	}
	return first, last - first + 1, nil
}
