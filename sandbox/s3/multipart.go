package s3

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// upload is an upload in parts that has neither been completed nor aborted.
type upload struct {
	id      string
	begun   time.Time
	version *version `store:"inline"` // what it will become, but for the body
	sum     types.ChecksumAlgorithm
	parts   map[int32]*part
}

type part struct {
	number   int32
	body     *blob `store:"inline"`
	etag     string
	md5      []byte
	modified time.Time
	sums     sums
}

// became is the version that a completed upload has become, nil for none.
func (b *bucket) became(upload string) *version {
	k := b.done[upload]
	return b.version(k.key, k.id)
}

// algorithm is how parts are checked whose client does not say.
func (u *upload) algorithm() string {
	if u.sum != "" {
		return string(u.sum)
	}
	return defaultSum
}

// AWS's bounds on parts.
const (
	maxParts = 10000
	minPart  = 5 << 20 // but for the last
)

func noUpload(id string) error {
	return wire.Errorf("NoSuchUpload", http.StatusNotFound, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.").With("UploadId", id)
}

// upload finds an upload of the key.
func (b *bucket) upload(id, key *string) (*upload, error) {
	u := b.uploads[aws.ToString(id)]
	if u == nil || u.version.key != aws.ToString(key) {
		return nil, noUpload(aws.ToString(id))
	}
	return u, nil
}

func createMultipartUpload(q *call, in *s3.CreateMultipartUploadInput) (*s3.CreateMultipartUploadOutput, error) {
	in.ChecksumAlgorithm = types.ChecksumAlgorithm(strings.ToUpper(string(in.ChecksumAlgorithm)))
	in.ChecksumType = types.ChecksumType(strings.ToUpper(string(in.ChecksumType)))
	v := &version{key: aws.ToString(in.Key), meta: in.Metadata, class: in.StorageClass, sumType: in.ChecksumType}
	v.headers = storedHeaders(in.ContentType, in.CacheControl, in.ContentDisposition, in.ContentEncoding, in.ContentLanguage, in.WebsiteRedirectLocation, in.Expires)
	h := grantHeaders{full: in.GrantFullControl, read: in.GrantRead, readACP: in.GrantReadACP, writeACP: in.GrantWriteACP}
	if raw := q.rawHeader("Expires"); raw != "" {
		v.headers["Expires"] = raw
	}
	if q.caller.Anonymous() {
		return nil, wire.Errorf("AccessDenied", http.StatusForbidden, "Anonymous users cannot initiate multipart uploads.  Please authenticate.")
	}
	var err error
	if v.lock, err = q.requestedLock(in.ObjectLockMode, in.ObjectLockRetainUntilDate, in.ObjectLockLegalHoldStatus); err != nil {
		return nil, err
	}
	if err := q.mayWriteWith(in.Tagging, in.ACL != "" || h != (grantHeaders{}), in.ObjectLockMode, in.ObjectLockLegalHoldStatus); err != nil {
		return nil, err
	}
	if err := q.prepare(v, string(in.ACL), h, in.Tagging, in.ServerSideEncryption, in.SSEKMSKeyId, in.SSECustomerAlgorithm); err != nil {
		return nil, err
	}
	if v.sumType, err = sumTypeFor(in.ChecksumAlgorithm, in.ChecksumType); err != nil {
		return nil, err
	}
	u := &upload{id: versionID(q.c.env.Text(64)), begun: q.now.Truncate(time.Second), version: v, sum: in.ChecksumAlgorithm, parts: map[int32]*part{}}
	q.bucket.uploads[u.id] = u
	return &s3.CreateMultipartUploadOutput{Bucket: in.Bucket, Key: in.Key, UploadId: aws.String(u.id), ServerSideEncryption: v.encryption,
		SSEKMSKeyId: keyOf(v), ChecksumAlgorithm: in.ChecksumAlgorithm, ChecksumType: v.sumType}, nil
}

func checkPartNumber(n *int32) error {
	if n == nil || *n < 1 || *n > maxParts {
		return wire.Errorf("InvalidArgument", http.StatusBadRequest, "Part number must be an integer between 1 and %d, inclusive", maxParts).With("ArgumentName", "partNumber").With("ArgumentValue", fmt.Sprint(aws.ToInt32(n)))
	}
	return nil
}

// under runs f under the lock when the call's bucket is still the one it was.
func (q *call) under(f func() error) error {
	q.c.mu.Lock()
	defer q.c.mu.Unlock()
	if q.c.buckets[q.bucket.name] != q.bucket {
		return wire.Errorf("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist").With("BucketName", q.bucket.name)
	}
	return f()
}

func uploadPart(q *call, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	if err := checkPartNumber(in.PartNumber); err != nil {
		return nil, err
	}
	algorithm := ""
	err := q.under(func() error {
		u, err := q.bucket.upload(in.UploadId, in.Key)
		if err != nil {
			return err
		}
		algorithm = u.algorithm()
		return u.accepts(wire.AnnouncedSum(q.ctx))
	})
	if err != nil {
		return nil, err
	}
	c, err := q.take(in.Body, algorithm)
	if err != nil {
		return nil, err
	}
	p := &part{number: *in.PartNumber, body: c.body, md5: c.md5, etag: quoted(c.md5), modified: q.c.env.Now().Truncate(time.Second), sums: c.sums}
	out := &s3.UploadPartOutput{ETag: aws.String(p.etag)}
	err = q.under(func() error { // it may have been aborted meanwhile
		u, err := q.bucket.upload(in.UploadId, in.Key)
		if err != nil {
			return err
		}
		u.parts[p.number] = p
		out.ServerSideEncryption = u.version.encryption
		return nil
	})
	if err != nil {
		return nil, err
	}
	setSums(out, p.sums)
	return out, nil
}

func uploadPartCopy(q *call, in *s3.UploadPartCopyInput) (*s3.UploadPartCopyOutput, error) {
	if err := checkPartNumber(in.PartNumber); err != nil {
		return nil, err
	}
	if _, _, _, err := parseSource(aws.ToString(in.CopySource)); err != nil {
		return nil, err
	}
	var body *blob
	algorithm, shown := "", false
	out := &s3.UploadPartCopyOutput{}
	err := q.under(func() error {
		u, err := q.bucket.upload(in.UploadId, in.Key)
		if err != nil {
			return err
		}
		algorithm, shown = u.algorithm(), u.sum != ""
		_, src, err := q.source(aws.ToString(in.CopySource), in.CopySourceIfMatch, in.CopySourceIfNoneMatch, in.CopySourceIfModifiedSince, in.CopySourceIfUnmodifiedSince)
		if err != nil {
			return err
		}
		first, n, err := sourceRange(in.CopySourceRange, src.body.size())
		if err != nil {
			return err
		}
		body = src.body.slice(first, n)
		if src.id != nullVersion {
			out.CopySourceVersionId = aws.String(src.id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sum, own := md5.New(), wire.NewSum(algorithm)
	if _, err := io.Copy(io.MultiWriter(sum, own), body.reader()); err != nil {
		return nil, err
	}
	p := &part{number: *in.PartNumber, body: body, md5: sum.Sum(nil), modified: q.c.env.Now().Truncate(time.Second),
		sums: sums{{algorithm, base64.StdEncoding.EncodeToString(own.Sum(nil))}}}
	p.etag = quoted(p.md5)
	err = q.under(func() error {
		u, err := q.bucket.upload(in.UploadId, in.Key)
		if err != nil {
			return err
		}
		u.parts[p.number] = p
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.CopyPartResult = &types.CopyPartResult{ETag: aws.String(p.etag), LastModified: aws.Time(p.modified)}
	if shown {
		setSums(out.CopyPartResult, p.sums)
	}
	return out, nil
}

func listParts(q *call, in *s3.ListPartsInput) (*s3.ListPartsOutput, error) {
	u, err := q.bucket.upload(in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	limit, err := pageSize(in.MaxParts, "max-parts")
	if err != nil {
		return nil, err
	}
	from := 0
	if s := aws.ToString(in.PartNumberMarker); s != "" {
		if from, err = strconv.Atoi(s); err != nil || from < 0 {
			return nil, invalid("Provided part-number-marker not an integer or within integer range")
		}
	}
	who := owner(u.version.acl.account)
	out := &s3.ListPartsOutput{Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId, IsTruncated: aws.Bool(false), MaxParts: aws.Int32(int32(limit)),
		Owner: who, Initiator: &types.Initiator{ID: who.ID, DisplayName: who.DisplayName}, StorageClass: types.StorageClassStandard,
		PartNumberMarker: aws.String(strconv.Itoa(from)), NextPartNumberMarker: aws.String("0"), ChecksumAlgorithm: u.sum, ChecksumType: u.version.sumType}
	if u.version.class != "" {
		out.StorageClass = u.version.class
	}
	for _, n := range slices.Sorted(maps.Keys(u.parts)) {
		if int(n) <= from {
			continue
		}
		if len(out.Parts) == limit {
			out.IsTruncated = aws.Bool(true)
			break
		}
		p := u.parts[n]
		w := types.Part{PartNumber: aws.Int32(n), ETag: aws.String(p.etag), Size: aws.Int64(p.body.size()), LastModified: aws.Time(p.modified)}
		if u.sum != "" {
			setSums(&w, p.sums)
		}
		out.Parts = append(out.Parts, w)
		out.NextPartNumberMarker = aws.String(strconv.Itoa(int(n)))
	}
	return out, nil
}

func abortMultipartUpload(q *call, in *s3.AbortMultipartUploadInput) (*s3.AbortMultipartUploadOutput, error) {
	u, err := q.bucket.upload(in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	delete(q.bucket.uploads, u.id)
	return nil, nil
}

// uploadForm is what an upload's id looks like.
var uploadForm = regexp.MustCompile(`^[A-Za-z0-9._]{64}$`)

func listMultipartUploads(q *call, in *s3.ListMultipartUploadsInput) (*s3.ListMultipartUploadsOutput, error) {
	limit, err := pageSize(in.MaxUploads, "max-uploads")
	if err != nil {
		return nil, err
	}
	if err := checkEncoding(in.EncodingType); err != nil {
		return nil, err
	}
	e, prefix, delimiter := in.EncodingType, aws.ToString(in.Prefix), aws.ToString(in.Delimiter)
	keyMarker, idMarker := aws.ToString(in.KeyMarker), aws.ToString(in.UploadIdMarker)
	if idMarker != "" && keyMarker != "" && !uploadForm.MatchString(idMarker) {
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid uploadId marker").With("ArgumentName", "upload-id-marker").With("ArgumentValue", idMarker)
	}
	out := &s3.ListMultipartUploadsOutput{Bucket: in.Bucket, Prefix: encode(e, prefix), Delimiter: optional(e, in.Delimiter), EncodingType: e,
		KeyMarker: encode(e, keyMarker), UploadIdMarker: aws.String(idMarker), MaxUploads: aws.Int32(int32(limit)), IsTruncated: aws.Bool(false)}
	uploads := slices.SortedFunc(maps.Values(q.bucket.uploads), func(a, b *upload) int {
		if c := strings.Compare(a.version.key, b.version.key); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	n, lastGroup := 0, ""
	for _, u := range uploads {
		k := u.version.key
		if !strings.HasPrefix(k, prefix) || k < keyMarker || k == keyMarker && (idMarker == "" || u.id <= idMarker) {
			continue
		}
		group, grouped := groupOf(k, prefix, delimiter)
		if grouped && (group == lastGroup || keyMarker != "" && group <= keyMarker) {
			continue
		}
		if n == limit {
			out.IsTruncated = aws.Bool(limit > 0)
			break
		}
		n++
		if grouped {
			lastGroup = group
			out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: encode(e, group)})
			out.NextKeyMarker, out.NextUploadIdMarker = encode(e, group), nil
			continue
		}
		who := owner(u.version.acl.account)
		w := types.MultipartUpload{Key: encode(e, k), UploadId: aws.String(u.id), Initiated: aws.Time(u.begun), Owner: who,
			Initiator: &types.Initiator{ID: who.ID, DisplayName: who.DisplayName}, StorageClass: types.StorageClassStandard, ChecksumAlgorithm: u.sum, ChecksumType: u.version.sumType}
		if u.version.class != "" {
			w.StorageClass = u.version.class
		}
		out.Uploads = append(out.Uploads, w)
		out.NextKeyMarker, out.NextUploadIdMarker = encode(e, k), aws.String(u.id)
	}
	if !*out.IsTruncated {
		out.NextKeyMarker, out.NextUploadIdMarker = nil, nil
	}
	return out, nil
}

// completeMultipartUpload joins the parts that the request names, in order.
func completeMultipartUpload(q *call, in *s3.CompleteMultipartUploadInput) (*s3.CompleteMultipartUploadOutput, error) {
	var chosen []*part
	var v, done *version
	err := q.under(func() error {
		u, err := q.bucket.upload(in.UploadId, in.Key)
		if err != nil {
			if done = q.bucket.became(aws.ToString(in.UploadId)); done != nil && done.key == aws.ToString(in.Key) {
				return nil // its answer was lost, and it is asked again
			}
			return err
		}
		if err := u.checkCompletion(in); err != nil {
			return err
		}
		if chosen, err = u.choose(in.MultipartUpload); err != nil {
			return err
		}
		made := *u.version
		v = &made
		return nil
	})
	if err != nil {
		return nil, err
	}
	if done != nil {
		return q.completed(in, q.bucket, done), nil
	}
	sum := md5.New()
	var bodies []*blob
	for _, p := range chosen {
		sum.Write(p.md5)
		bodies = append(bodies, p.body)
		v.parts = append(v.parts, piece{p.number, p.body.size(), p.sums})
	}
	v.body = join(bodies)
	v.etag = fmt.Sprintf(`"%s-%d"`, hex.EncodeToString(sum.Sum(nil)), len(chosen))
	if in.MpuObjectSize != nil && *in.MpuObjectSize < 0 {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Value for x-amz-mp-object-size header is less than zero: '%d'", *in.MpuObjectSize)
	}
	if in.MpuObjectSize != nil && *in.MpuObjectSize != v.body.size() {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "The provided 'x-amz-mp-object-size' header value %d does not match what was computed: %d", *in.MpuObjectSize, v.body.size())
	}
	if v.sums, v.sumType, err = uploadSums(v, chosen); err != nil {
		return nil, err
	}
	if err := checkAskedSums(in, v); err != nil {
		return nil, err
	}
	b, err := q.commit(v, in.IfMatch, in.IfNoneMatch)
	if err != nil {
		return nil, err
	}
	err = q.under(func() error {
		delete(b.uploads, aws.ToString(in.UploadId))
		if len(b.done) >= maxDone {
			clear(b.done)
		}
		b.done[aws.ToString(in.UploadId)] = versionKey{v.key, v.id}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return q.completed(in, b, v), nil
}

// maxDone is how many uploads are remembered that were completed.
const maxDone = 1000

// completed is the answer to a completion.
func (q *call) completed(in *s3.CompleteMultipartUploadInput, b *bucket, v *version) *s3.CompleteMultipartUploadOutput {
	out := &s3.CompleteMultipartUploadOutput{Bucket: in.Bucket, Key: in.Key, ETag: aws.String(v.etag), VersionId: b.writtenID(v),
		Location: aws.String(q.location(v.key)), ServerSideEncryption: v.encryption, SSEKMSKeyId: keyOf(v), ChecksumType: v.sumType}
	setSums(out, v.sums)
	return out
}

// location is the address of a key, as the request addressed it.
func (q *call) location(key string) string {
	host := q.bucket.name + ".s3.amazonaws.com"
	path := "/" + key
	if r := wire.Request(q.ctx); r != nil {
		host = r.Host
		if !strings.HasPrefix(host, q.bucket.name+".") {
			path = "/" + q.bucket.name + path
		}
	}
	return "http://" + host + *encode(types.EncodingTypeUrl, path)
}

// choose finds the parts that a completion names.
func (u *upload) choose(list *types.CompletedMultipartUpload) ([]*part, error) {
	if list == nil || len(list.Parts) == 0 {
		return nil, wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
	}
	last := int32(0)
	for _, w := range list.Parts {
		switch {
		case w.PartNumber == nil || w.ETag == nil:
			return nil, malformedXML()
		case *w.PartNumber < 1:
			return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "PartNumber must be >= 1").With("ArgumentName", "PartNumber").With("ArgumentValue", number(*w.PartNumber))
		}
		if n := aws.ToInt32(w.PartNumber); n <= last {
			return nil, wire.Errorf("InvalidPartOrder", http.StatusBadRequest, "The list of parts was not in ascending order. Parts must be ordered by part number.").With("UploadId", u.id)
		}
		last = *w.PartNumber
	}
	var out []*part
	for i, w := range list.Parts {
		n := *w.PartNumber
		p := u.parts[n]
		if p == nil || !sameTag(aws.ToString(w.ETag), p.etag) || aws.ToString(w.ETag) == "*" {
			return nil, wire.Errorf("InvalidPart", http.StatusBadRequest, "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.").With("UploadId", u.id).With("PartNumber", fmt.Sprint(n)).With("ETag", aws.ToString(w.ETag))
		}
		if p.body.size() < minPart && i < len(list.Parts)-1 {
			return nil, wire.Errorf("EntityTooSmall", http.StatusBadRequest, "Your proposed upload is smaller than the minimum allowed size").With("ProposedSize", fmt.Sprint(p.body.size())).With("MinSizeAllowed", fmt.Sprint(minPart)).With("PartNumber", fmt.Sprint(n)).With("ETag", p.etag)
		}
		if err := u.checkPartSums(w, p); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
