package s3

import (
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

func getBucketVersioning(q *call, _ *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
	out := &s3.GetBucketVersioningOutput{Status: q.bucket.versioning}
	if q.bucket.mfaDelete {
		out.MFADelete = types.MFADeleteStatusEnabled
	}
	return out, nil
}

// putBucketVersioning turns versioning on, or suspends it: it never goes off
// again. Whatever touches MFA delete needs a device's code.
func putBucketVersioning(q *call, in *s3.PutBucketVersioningInput) (*s3.PutBucketVersioningOutput, error) {
	c, b := in.VersioningConfiguration, q.bucket
	if c != nil && c.Status != "" && !slices.Contains(c.Status.Values(), c.Status) {
		return nil, malformedXML()
	}
	if c != nil && c.Status == types.BucketVersioningStatusSuspended && b.locks() != nil {
		return nil, wire.Errorf("InvalidBucketState", http.StatusConflict, "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
	}
	if c == nil || c.Status == "" {
		return nil, wire.Errorf("IllegalVersioningConfigurationException", http.StatusBadRequest, "The Versioning element must be specified")
	}
	mfa := b.mfaDelete
	switch c.MFADelete {
	case "":
	case types.MFADeleteEnabled:
		mfa = true
	case types.MFADeleteDisabled:
		mfa = false
	default:
		return nil, wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
	}
	if mfa || b.mfaDelete {
		if err := q.checkMFA(aws.ToString(in.MFA)); err != nil {
			return nil, err
		}
	}
	b.versioning, b.mfaDelete = c.Status, mfa
	return nil, nil
}

// listObjectVersions lists all versions and delete markers, the keys in order
// and each key's versions newest first.
func listObjectVersions(q *call, in *s3.ListObjectVersionsInput) (*s3.ListObjectVersionsOutput, error) {
	limit, err := pageSize(in.MaxKeys, "max-keys")
	if err != nil {
		return nil, err
	}
	if err := checkEncoding(in.EncodingType); err != nil {
		return nil, err
	}
	if in.VersionIdMarker != nil && in.KeyMarker == nil {
		return nil, invalid("A version-id marker cannot be specified without a key marker.")
	}
	b, e := q.bucket, in.EncodingType
	prefix, delimiter, marker := aws.ToString(in.Prefix), aws.ToString(in.Delimiter), aws.ToString(in.KeyMarker)
	out := &s3.ListObjectVersionsOutput{Name: aws.String(b.name), Prefix: encode(e, prefix), Delimiter: optional(e, in.Delimiter), EncodingType: e,
		KeyMarker: encode(e, marker), VersionIdMarker: aws.String(aws.ToString(in.VersionIdMarker)), MaxKeys: aws.Int32(int32(limit)), IsTruncated: aws.Bool(false)}
	n := 0
	lastKey, lastID := "", ""
	full := func() bool { // one entry more than fits: the page ends with the one before
		if n < limit {
			n++
			return false
		}
		if limit > 0 {
			out.IsTruncated = aws.Bool(true)
			out.NextKeyMarker = encode(e, lastKey)
			out.NextVersionIdMarker = nil
			if lastID != "" {
				out.NextVersionIdMarker = aws.String(lastID)
			}
		}
		return true
	}
	list := func(v *version) bool {
		for ; v != nil; v = v.older {
			if full() {
				return false
			}
			q.addVersion(out, v)
			lastKey, lastID = v.key, v.id
		}
		return true
	}
	if id := aws.ToString(in.VersionIdMarker); id != "" && strings.HasPrefix(marker, prefix) {
		if v := b.version(marker, id); v != nil && !list(v.older) {
			return out, nil
		}
	}
	all := func(string) bool { return true }
	start := marker
	for {
		entries, more := b.keys.walk(prefix, delimiter, start, maxPage, all)
		for _, x := range entries {
			start = x.key
			if x.prefix {
				if full() {
					return out, nil
				}
				out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: encode(e, x.key)})
				lastKey, lastID = x.key, ""
			} else if !list(b.objects[x.key]) {
				return out, nil
			}
		}
		if !more {
			return out, nil
		}
	}
}

func (q *call) addVersion(out *s3.ListObjectVersionsOutput, v *version) {
	latest := aws.Bool(v.newer == nil)
	if v.marker {
		out.DeleteMarkers = append(out.DeleteMarkers, types.DeleteMarkerEntry{Key: encode(out.EncodingType, v.key), VersionId: aws.String(v.id),
			IsLatest: latest, LastModified: aws.Time(v.modified), Owner: owner(v.acl.account)})
		return
	}
	w := types.ObjectVersion{Key: encode(out.EncodingType, v.key), VersionId: aws.String(v.id), IsLatest: latest, LastModified: aws.Time(v.modified),
		Owner: owner(v.acl.account), ETag: aws.String(v.etag), Size: aws.Int64(v.body.size()), StorageClass: types.ObjectVersionStorageClassStandard, ChecksumType: v.sumType}
	for _, c := range v.sums {
		w.ChecksumAlgorithm = append(w.ChecksumAlgorithm, types.ChecksumAlgorithm(c.name))
	}
	if v.class != "" {
		w.StorageClass = types.ObjectVersionStorageClass(v.class)
	}
	out.Versions = append(out.Versions, w)
}
