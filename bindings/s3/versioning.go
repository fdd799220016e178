package s3

import (
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// GetVersioningStatus tells whether the bucket keeps versions: an empty map
// for a bucket that never did, else Versioning and MfaDelete, each "Enabled"
// or its contrary: GetBucketVersioning (boto: get_versioning_status).
//
// Example: bucket.GetVersioningStatus()
func (b *Bucket) GetVersioningStatus() (map[string]string, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketVersioningOutput, error) {
		return b.Connection.Client.GetBucketVersioning(b.Connection.ctx(), &sdk.GetBucketVersioningInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get versioning status of bucket %q: %w", b.Name, err)
	}
	status := map[string]string{}
	if out.Status != "" {
		status["Versioning"] = string(out.Status)
	}
	if out.MFADelete != "" {
		status["MfaDelete"] = string(out.MFADelete)
	}
	return status, nil
}

// ConfigureVersioningOption is an argument of ConfigureVersioning.
type ConfigureVersioningOption interface {
	versioning(*sdk.PutBucketVersioningInput)
}

func (o MFATokenOption) versioning(in *sdk.PutBucketVersioningInput) { in.MFA = o.header() }

type versioningOption func(*sdk.PutBucketVersioningInput)

func (f versioningOption) versioning(in *sdk.PutBucketVersioningInput) { f(in) }

// MFADelete makes deleting a version need the code of a device; it goes with
// MFAToken (boto: mfa_delete).
//
// Example: bucket.ConfigureVersioning(true, MFADelete(true), MFAToken("arn:aws:iam::123456789012:mfa/bob", "123456"))
func MFADelete(yes bool) ConfigureVersioningOption {
	return versioningOption(func(in *sdk.PutBucketVersioningInput) {
		in.VersioningConfiguration.MFADelete = types.MFADeleteDisabled
		if yes {
			in.VersioningConfiguration.MFADelete = types.MFADeleteEnabled
		}
	})
}

// ConfigureVersioning has the bucket keep versions, or keep no new ones:
// PutBucketVersioning (boto: configure_versioning). Options: MFADelete,
// MFAToken. Code AccessDenied: the device's code is wrong.
//
// Example: bucket.ConfigureVersioning(true)
func (b *Bucket) ConfigureVersioning(versioning bool, opts ...ConfigureVersioningOption) (bool, error) {
	in := &sdk.PutBucketVersioningInput{
		Bucket:                  aws.String(b.Name),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
	}
	if versioning {
		in.VersioningConfiguration.Status = types.BucketVersioningStatusEnabled
	}
	for _, o := range opts {
		o.versioning(in)
	}
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketVersioningOutput, error) {
		return b.Connection.Client.PutBucketVersioning(b.Connection.ctx(), in, opt)
	})
	if err != nil {
		return false, fmt.Errorf("configure versioning of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// ListVersions walks the versions of the bucket's keys and the markers of
// deleted ones, those of one name newest first: ListObjectVersions, all pages
// (boto: list_versions). Options: Prefix, Delimiter, Marker, MaxKeys. Keys of
// DeleteMarker true are markers.
//
// Example: for v := range bucket.ListVersions() { fmt.Println(v.Name, v.VersionID) }
func (b *Bucket) ListVersions(opts ...ListOption) iter.Seq2[*Key, error] {
	var l listing
	for _, o := range opts {
		o.list(&l)
	}
	return func(yield func(*Key, error) bool) {
		in := &sdk.ListObjectVersionsInput{
			Bucket: aws.String(b.Name), Prefix: optional(l.prefix), Delimiter: optional(l.delimiter), KeyMarker: optional(l.marker),
			MaxKeys: pageSize(l.limit), EncodingType: types.EncodingTypeUrl,
		}
		for left := l.limit; ; {
			out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.ListObjectVersionsOutput, error) {
				return b.Connection.Client.ListObjectVersions(b.Connection.ctx(), in, opt)
			})
			if err != nil {
				yield(nil, fmt.Errorf("list versions of bucket %q: %w", b.Name, err))
				return
			}
			for _, k := range b.versions(out) {
				if !yield(k, nil) {
					return
				}
				if left--; l.limit > 0 && left == 0 {
					return
				}
			}
			if !aws.ToBool(out.IsTruncated) {
				return
			}
			in.KeyMarker, in.VersionIdMarker = aws.String(plainName(out.NextKeyMarker, out.EncodingType)), out.NextVersionIdMarker
		}
	}
}

// GetAllVersions lists what ListVersions walks: ListObjectVersions, all pages
// (boto: get_all_versions).
//
// Example: versions := bucket.GetAllVersions(Prefix("cat"))
func (b *Bucket) GetAllVersions(opts ...ListOption) ([]*Key, error) {
	list := []*Key{}
	for k, err := range b.ListVersions(opts...) {
		if err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, nil
}

// versions merges a page's versions and markers, which S3's XML interleaves
// and the SDK's struct keeps apart: by name, then newest first.
func (b *Bucket) versions(out *sdk.ListObjectVersionsOutput) []*Key {
	var list []*Key
	for _, v := range out.Versions {
		k := &Key{
			Name: plainName(v.Key, out.EncodingType), Bucket: b, Size: aws.ToInt64(v.Size), ETag: aws.ToString(v.ETag),
			LastModified: aws.ToTime(v.LastModified), StorageClass: string(v.StorageClass), VersionID: aws.ToString(v.VersionId),
			IsLatest: aws.ToBool(v.IsLatest), Metadata: map[string]string{}, Raw: v,
		}
		if v.Owner != nil {
			k.Owner = owner(v.Owner)
		}
		list = append(list, k)
	}
	for _, m := range out.DeleteMarkers {
		list = append(list, &Key{
			Name: plainName(m.Key, out.EncodingType), Bucket: b, LastModified: aws.ToTime(m.LastModified), VersionID: aws.ToString(m.VersionId),
			IsLatest: aws.ToBool(m.IsLatest), DeleteMarker: true, Metadata: map[string]string{}, Raw: m,
		})
	}
	for _, p := range out.CommonPrefixes {
		list = append(list, &Key{Name: plainName(p.Prefix, out.EncodingType), Bucket: b, IsPrefix: true, Raw: p})
	}
	slices.SortStableFunc(list, func(x, y *Key) int {
		switch {
		case x.Name != y.Name:
			return strings.Compare(x.Name, y.Name)
		case x.IsLatest != y.IsLatest:
			if x.IsLatest {
				return -1
			}
			return 1
		}
		return y.LastModified.Compare(x.LastModified)
	})
	return list
}

// plainName takes off the encoding that keeps any name fit for XML.
func plainName(s *string, encoding types.EncodingType) string {
	if encoding == types.EncodingTypeUrl {
		text := aws.ToString(s)
		if !strings.ContainsAny(text, "%+") {
			return text
		}
		if u, err := url.QueryUnescape(text); err == nil {
			return u
		}
	}
	return aws.ToString(s)
}
