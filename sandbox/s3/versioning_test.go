package s3_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func (w *world) versioning(b string, status types.BucketVersioningStatus) {
	w.Helper()
	ok[*sdk.PutBucketVersioningOutput](w)(w.PutBucketVersioning(ctx(), &sdk.PutBucketVersioningInput{Bucket: &b, VersioningConfiguration: &types.VersioningConfiguration{Status: status}}))
}

// versions lists versions and markers as key=latest?, marked with a star when latest.
func (w *world) versions(in *sdk.ListObjectVersionsInput) (*sdk.ListObjectVersionsOutput, string) {
	w.Helper()
	out := ok[*sdk.ListObjectVersionsOutput](w)(w.ListObjectVersions(ctx(), in))
	var s []string
	for _, v := range out.Versions {
		s = append(s, *v.Key+map[bool]string{true: "*"}[*v.IsLatest])
	}
	for _, m := range out.DeleteMarkers {
		s = append(s, "-"+*m.Key+map[bool]string{true: "*"}[*m.IsLatest])
	}
	return out, strings.Join(s, " ")
}

func TestVersionedLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	if s := ok[*sdk.GetBucketVersioningOutput](w)(w.GetBucketVersioning(ctx(), &sdk.GetBucketVersioningInput{Bucket: &b})); s.Status != "" || s.MFADelete != "" {
		t.Errorf("new bucket: %q %q", s.Status, s.MFADelete)
	}
	w.put(b, "k", "v0")
	w.versioning(b, types.BucketVersioningStatusEnabled)
	v1 := w.put(b, "k", "v1").VersionId
	v2 := w.put(b, "k", "v2").VersionId
	if v1 == nil || v2 == nil || *v1 == *v2 || len(*v1) != 32 {
		t.Fatalf("version ids %v %v", v1, v2)
	}
	d := ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k")}))
	if !aws.ToBool(d.DeleteMarker) || d.VersionId == nil {
		t.Errorf("deleted: %+v", d)
	}
	_, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("k")})
	w.refused("deleted", err, "NoSuchKey")
	_, err = w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: d.VersionId})
	w.refused("the marker itself", err, "MethodNotAllowed")
	if n := *ok[*sdk.ListObjectsV2Output](w)(w.ListObjectsV2(ctx(), &sdk.ListObjectsV2Input{Bucket: &b})).KeyCount; n != 0 {
		t.Errorf("%d keys listed", n)
	}
	if _, got := w.versions(&sdk.ListObjectVersionsInput{Bucket: &b}); got != "k k k -k*" {
		t.Errorf("versions %s", got)
	}
	for id, want := range map[string]string{*v1: "v1", *v2: "v2", "null": "v0"} {
		out := ok[*sdk.GetObjectOutput](w)(w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: &id}))
		if got := read(t, out.Body); got != want || *out.VersionId != id {
			t.Errorf("version %s: %q %s", id, got, *out.VersionId)
		}
	}
	c := ok[*sdk.CopyObjectOutput](w)(w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &b, Key: aws.String("k"), CopySource: aws.String("paws/k?versionId=" + *v1)}))
	if got := w.get(b, "k"); got != "v1" || *c.CopySourceVersionId != *v1 {
		t.Errorf("restored %q", got)
	}
	ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: c.VersionId}))
	gone := ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: d.VersionId}))
	if !aws.ToBool(gone.DeleteMarker) || w.get(b, "k") != "v2" {
		t.Errorf("without the marker: %+v", gone)
	}
	_, err = w.DeleteBucket(ctx(), &sdk.DeleteBucketInput{Bucket: &b})
	w.refused("bucket with versions", err, "BucketNotEmpty")
}

func TestSuspendedVersioningKeepsOneNullVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.versioning(b, types.BucketVersioningStatusEnabled)
	w.put(b, "k", "v1")
	w.versioning(b, types.BucketVersioningStatusSuspended)
	w.put(b, "k", "null 1")
	w.put(b, "k", "null 2")
	if _, got := w.versions(&sdk.ListObjectVersionsInput{Bucket: &b}); got != "k* k" || w.get(b, "k") != "null 2" {
		t.Errorf("versions %s", got)
	}
	d := ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k")}))
	if *d.VersionId != "null" {
		t.Errorf("deleted %s", *d.VersionId)
	}
	if _, got := w.versions(&sdk.ListObjectVersionsInput{Bucket: &b}); got != "k -k*" {
		t.Errorf("versions %s", got)
	}
	_, err := w.PutBucketVersioning(ctx(), &sdk.PutBucketVersioningInput{Bucket: &b, VersioningConfiguration: &types.VersioningConfiguration{}})
	w.refused("no status", err, "IllegalVersioningConfigurationException")
}

func TestListVersionsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.versioning(b, types.BucketVersioningStatusEnabled)
	for i := range 3 {
		for _, k := range []string{"a", "b/1", "b/2", "c"} {
			w.put(b, k, fmt.Sprint(i))
		}
	}
	for _, size := range []int32{1, 2, 5, 100} {
		in := &sdk.ListObjectVersionsInput{Bucket: &b, MaxKeys: &size}
		seen := map[string]int{}
		for n := 0; n < 20; n++ {
			out, _ := w.versions(in)
			for _, v := range out.Versions {
				seen[*v.Key]++
			}
			if len(out.Versions) > int(size) {
				t.Errorf("%d in a page of %d", len(out.Versions), size)
			}
			if !*out.IsTruncated {
				break
			}
			in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
		}
		if fmt.Sprint(seen) != "map[a:3 b/1:3 b/2:3 c:3]" {
			t.Errorf("by %d: %v", size, seen)
		}
	}
	out, got := w.versions(&sdk.ListObjectVersionsInput{Bucket: &b, Delimiter: aws.String("/")})
	if got != "a* a a c* c c" || len(out.CommonPrefixes) != 1 {
		t.Errorf("grouped: %s, %d prefixes", got, len(out.CommonPrefixes))
	}
	if _, got := w.versions(&sdk.ListObjectVersionsInput{Bucket: &b, Prefix: aws.String("b/2")}); got != "b/2* b/2 b/2" {
		t.Errorf("under a prefix: %s", got)
	}
	_, err := w.ListObjectVersions(ctx(), &sdk.ListObjectVersionsInput{Bucket: &b, VersionIdMarker: aws.String("x")})
	w.refused("id without key", err, "InvalidArgument")
}

func TestMFADelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	conf := func(mfa string, del types.MFADelete) error {
		in := &sdk.PutBucketVersioningInput{Bucket: &b, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled", MFADelete: del}}
		if mfa != "" {
			in.MFA = &mfa
		}
		_, err := w.PutBucketVersioning(ctx(), in)
		return err
	}
	device := "arn:aws:iam::123456789012:mfa/root "
	w.refused("without a code", conf("", "Enabled"), "AccessDenied")
	w.refused("with a short code", conf(device+"123", "Enabled"), "AccessDenied")
	if err := conf(device+"123456", "Enabled"); err != nil {
		t.Fatal(err)
	}
	if s := ok[*sdk.GetBucketVersioningOutput](w)(w.GetBucketVersioning(ctx(), &sdk.GetBucketVersioningInput{Bucket: &b})); s.MFADelete != "Enabled" {
		t.Errorf("status %+v", s)
	}
	v := w.put(b, "k", "x").VersionId
	_, err := w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: v})
	w.refused("delete without a code", err, "AccessDenied")
	many := ok[*sdk.DeleteObjectsOutput](w)(w.DeleteObjects(ctx(), &sdk.DeleteObjectsInput{Bucket: &b, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("k"), VersionId: v}}}}))
	if len(many.Errors) != 1 || *many.Errors[0].Code != "AccessDenied" {
		t.Errorf("many: %+v", many)
	}
	ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k")})) // a marker needs none
	ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: v, MFA: aws.String(device + "654321")}))
	w.refused("turn it off without a code", conf("", "Disabled"), "AccessDenied")
}
