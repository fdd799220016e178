package s3_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

func TestPutAndGetKeepEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	for _, k := range []string{"a/hello.txt", "a", "a//b", "sp ace+é.txt", "x/../y", "./z", "日本/猫", "per%cent", "q?x=1&y", "trailing/"} {
		w.put(b, k, "body of "+k)
		if got := w.get(b, k); got != "body of "+k {
			t.Errorf("%q: got %q", k, got)
		}
	}
	out := ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("meta"), Body: strings.NewReader("m"),
		Metadata: map[string]string{"author": "mike", "Key1": "Value1"}, ContentType: aws.String("text/css"), CacheControl: aws.String("max-age=5"),
		ContentDisposition: aws.String("inline"), ContentEncoding: aws.String("x"), ContentLanguage: aws.String("de"), Expires: aws.Time(time.Unix(1e9, 0)), Tagging: aws.String("k=v&l=w")}))
	if want := fmt.Sprintf("%q", fmt.Sprintf("%x", md5.Sum([]byte("m")))); *out.ETag != want {
		t.Errorf("etag %s, want %s", *out.ETag, want)
	}
	h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("meta")}))
	got := []string{h.Metadata["author"], h.Metadata["key1"], *h.ContentType, *h.CacheControl, *h.ContentDisposition, *h.ContentEncoding, *h.ContentLanguage, *h.ExpiresString, *h.ETag, fmt.Sprint(*h.ContentLength), *h.AcceptRanges}
	want := []string{"mike", "Value1", "text/css", "max-age=5", "inline", "x", "de", "Sun, 09 Sep 2001 01:46:40 GMT", *out.ETag, "1", "bytes"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h.StorageClass != "" || h.VersionId != nil {
		t.Errorf("class %q version %v", h.StorageClass, h.VersionId)
	}
	if n := ok[*sdk.GetObjectOutput](w)(w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("meta")})).TagCount; aws.ToInt32(n) != 2 {
		t.Errorf("tag count %v", n)
	}
	over := ok[*sdk.GetObjectOutput](w)(w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("meta"), ResponseContentType: aws.String("text/x")}))
	if *over.ContentType != "text/x" {
		t.Errorf("overridden type %s", *over.ContentType)
	}
}

func TestLargeBodiesStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	body := bytes.Repeat([]byte("0123456789abcdef"), 3<<20/16+1)
	ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("big"), Body: bytes.NewReader(body)}))
	if got := w.get(b, "big"); got != string(body) {
		t.Errorf("%d bytes came back as %d", len(body), len(got))
	}
	out := ok[*sdk.GetObjectOutput](w)(w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("big"), Range: aws.String("bytes=1048570-1048585")}))
	if got := read(t, out.Body); got != string(body[1048570:1048586]) {
		t.Errorf("across chunks: %q", got)
	}
}

func TestChecksums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	for _, alg := range []types.ChecksumAlgorithm{"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"} {
		k := string(alg)
		put := ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: &k, Body: strings.NewReader("cats"), ChecksumAlgorithm: alg}))
		h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: &k, ChecksumMode: types.ChecksumModeEnabled}))
		sum := func(crc32, crc32c, crc64, sha1, sha256 *string) string {
			for _, s := range []*string{crc32, crc32c, crc64, sha1, sha256} {
				if s != nil {
					return *s
				}
			}
			return ""
		}
		p, q := sum(put.ChecksumCRC32, put.ChecksumCRC32C, put.ChecksumCRC64NVME, put.ChecksumSHA1, put.ChecksumSHA256), sum(h.ChecksumCRC32, h.ChecksumCRC32C, h.ChecksumCRC64NVME, h.ChecksumSHA1, h.ChecksumSHA256)
		if p == "" || p != q || h.ChecksumType != types.ChecksumTypeFullObject {
			t.Errorf("%s: put %q, head %q %s", alg, p, q, h.ChecksumType)
		}
	}
	_, err := w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("bad"), Body: strings.NewReader("abc"), ChecksumCRC32: aws.String("AAAAAA==")})
	w.refused("wrong checksum", err, "BadDigest")
	_, err = w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("bad"), Body: strings.NewReader("abc"), ContentMD5: aws.String("1B2M2Y8AsgTpgAmY7PhCfg==")})
	w.refused("wrong MD5", err, "BadDigest")
	_, err = w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("bad")})
	w.refused("what was refused", err, "NotFound")
}

func TestRanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.put(b, "k", "hello world")
	w.put(b, "empty", "")
	for _, tt := range []struct{ rng, want, content, code string }{
		{"bytes=6-10", "world", "bytes 6-10/11", ""}, {"bytes=6-", "world", "bytes 6-10/11", ""}, {"bytes=-5", "world", "bytes 6-10/11", ""},
		{"bytes=0-0", "h", "bytes 0-0/11", ""}, {"bytes=6-99", "world", "bytes 6-10/11", ""}, {"bytes=-99", "hello world", "bytes 0-10/11", ""},
		{"bytes=11-", "", "", "InvalidRange"}, {"bytes=-0", "", "", "InvalidRange"},
		{"bytes=5-2", "hello world", "", ""}, {"lines=1-2", "hello world", "", ""}, {"bytes=1-2,4-5", "hello world", "", ""},
	} {
		out, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("k"), Range: &tt.rng})
		if tt.code != "" {
			w.refused(tt.rng, err, tt.code)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.rng, err)
			continue
		}
		if got := read(t, out.Body); got != tt.want || aws.ToString(out.ContentRange) != tt.content {
			t.Errorf("%s: %q %q", tt.rng, got, aws.ToString(out.ContentRange))
		}
	}
	_, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("empty"), Range: aws.String("bytes=0-0")})
	w.refused("range of nothing", err, "InvalidRange")
}

func TestConditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	etag := *w.put(b, "k", "x").ETag
	h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("k")}))
	before, after := aws.Time(h.LastModified.Add(-time.Hour)), aws.Time(h.LastModified.Add(time.Hour))
	for _, tt := range []struct {
		name   string
		in     sdk.GetObjectInput
		status int
	}{
		{"match", sdk.GetObjectInput{IfMatch: &etag}, 200},
		{"match, unquoted", sdk.GetObjectInput{IfMatch: aws.String(strings.Trim(etag, `"`))}, 200},
		{"match other", sdk.GetObjectInput{IfMatch: aws.String(`"x"`)}, 412},
		{"none match", sdk.GetObjectInput{IfNoneMatch: &etag}, 304},
		{"none match other", sdk.GetObjectInput{IfNoneMatch: aws.String(`"x"`)}, 200},
		{"modified since before", sdk.GetObjectInput{IfModifiedSince: before}, 200},
		{"modified since after", sdk.GetObjectInput{IfModifiedSince: after}, 304},
		{"unmodified since before", sdk.GetObjectInput{IfUnmodifiedSince: before}, 412},
		{"unmodified since after", sdk.GetObjectInput{IfUnmodifiedSince: after}, 200},
		{"match beats unmodified", sdk.GetObjectInput{IfMatch: &etag, IfUnmodifiedSince: before}, 200},
		{"none match beats modified", sdk.GetObjectInput{IfNoneMatch: aws.String(`"x"`), IfModifiedSince: after}, 200},
	} {
		tt.in.Bucket, tt.in.Key = &b, aws.String("k")
		_, err := w.GetObject(ctx(), &tt.in)
		if got := statusOf(err); got != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.status)
		}
	}
	put := func(key string, match, none *string) error {
		_, err := w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: &key, Body: strings.NewReader("y"), IfMatch: match, IfNoneMatch: none})
		return err
	}
	w.refused("put over", put("k", nil, aws.String("*")), "PreconditionFailed")
	w.refused("put over another", put("k", aws.String(`"x"`), nil), "PreconditionFailed")
	w.refused("put over none", put("none", aws.String(`"x"`), nil), "NoSuchKey")
	if err := put("new", nil, aws.String("*")); err != nil {
		t.Error(err)
	}
	if err := put("k", &etag, nil); err != nil {
		t.Error(err)
	}
}

func statusOf(err error) int {
	if err == nil {
		return 200
	}
	var s interface{ HTTPStatusCode() int }
	if errors.As(err, &s) {
		return s.HTTPStatusCode()
	}
	return 0
}

func TestCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, c := w.make("paws"), w.make("claws")
	ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("a b+é"), Body: strings.NewReader("cats"), Metadata: map[string]string{"author": "mike"}, ContentType: aws.String("text/css"), Tagging: aws.String("t=1")}))
	src := aws.String("paws/a%20b%2B%C3%A9")
	ok[*sdk.CopyObjectOutput](w)(w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &c, Key: aws.String("kept"), CopySource: src}))
	h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &c, Key: aws.String("kept")}))
	if h.Metadata["author"] != "mike" || *h.ContentType != "text/css" || w.get(c, "kept") != "cats" {
		t.Errorf("copied: %+v", h)
	}
	ok[*sdk.CopyObjectOutput](w)(w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &c, Key: aws.String("new"), CopySource: src, MetadataDirective: types.MetadataDirectiveReplace, Metadata: map[string]string{"author": "new"}}))
	h = ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &c, Key: aws.String("new")}))
	if h.Metadata["author"] != "new" || *h.ContentType != "binary/octet-stream" {
		t.Errorf("replaced: %v %s", h.Metadata, *h.ContentType)
	}
	tags := ok[*sdk.GetObjectTaggingOutput](w)(w.GetObjectTagging(ctx(), &sdk.GetObjectTaggingInput{Bucket: &c, Key: aws.String("kept")})).TagSet
	if len(tags) != 1 || *tags[0].Key != "t" {
		t.Errorf("tags of the copy: %v", tags)
	}
	for _, tt := range []struct {
		name, source, code string
		change             func(*sdk.CopyObjectInput)
	}{
		{"onto itself", "claws/kept", "InvalidRequest", func(*sdk.CopyObjectInput) {}},
		{"from no bucket", "nobodys/kept", "NoSuchBucket", nil},
		{"from no key", "claws/nope", "NoSuchKey", nil},
		{"from a foreign bucket", "amazon/kept", "AccessDenied", nil},
		{"without key", "claws", "InvalidArgument", nil},
		{"condition", "claws/kept", "PreconditionFailed", func(in *sdk.CopyObjectInput) { in.Key, in.CopySourceIfMatch = aws.String("x"), aws.String(`"y"`) }},
		{"storage class", "claws/kept", "InvalidStorageClass", func(in *sdk.CopyObjectInput) { in.StorageClass = "SHELF" }},
	} {
		in := &sdk.CopyObjectInput{Bucket: &c, Key: aws.String("kept"), CopySource: &tt.source}
		if tt.change != nil {
			tt.change(in)
		}
		_, err := w.CopyObject(ctx(), in)
		w.refused(tt.name, err, tt.code)
	}
	ok[*sdk.CopyObjectOutput](w)(w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &c, Key: aws.String("kept"), CopySource: aws.String("claws/kept"), StorageClass: types.StorageClassReducedRedundancy}))
	if h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &c, Key: aws.String("kept")})); h.StorageClass != types.StorageClassReducedRedundancy || h.Metadata["author"] != "mike" {
		t.Errorf("converted: %+v", h)
	}
}

func TestPutObjectRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	for _, tt := range []struct {
		name, code string
		in         sdk.PutObjectInput
	}{
		{"long key", "KeyTooLongError", sdk.PutObjectInput{Key: aws.String(strings.Repeat("k", 1025))}},
		{"much metadata", "MetadataTooLarge", sdk.PutObjectInput{Metadata: map[string]string{"a": strings.Repeat("x", 2048)}}},
		{"storage class", "InvalidStorageClass", sdk.PutObjectInput{StorageClass: "SHELF"}},
		{"acl", "InvalidArgument", sdk.PutObjectInput{ACL: "cats-only"}},
		{"tags", "InvalidTag", sdk.PutObjectInput{Tagging: aws.String("=x")}},
		{"tags twice", "InvalidArgument", sdk.PutObjectInput{Tagging: aws.String("a=x&a=y")}},
	} {
		if tt.in.Bucket = &b; tt.in.Key == nil {
			tt.in.Key = aws.String("k")
		}
		tt.in.Body = strings.NewReader("x")
		_, err := w.PutObject(ctx(), &tt.in)
		w.refused(tt.name, err, tt.code)
	}
	_, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("k")})
	w.refused("what was refused", err, "NoSuchKey")
	_, err = w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("k"), VersionId: aws.String("x")})
	w.refused("bad version", err, "InvalidArgument")
}

func TestDeleteObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	var ids []types.ObjectIdentifier
	for i := range 10 {
		k := fmt.Sprint("k", i)
		w.put(b, k, "x")
		ids = append(ids, types.ObjectIdentifier{Key: &k})
	}
	ids = append(ids, types.ObjectIdentifier{Key: aws.String("none")})
	out := ok[*sdk.DeleteObjectsOutput](w)(w.DeleteObjects(ctx(), &sdk.DeleteObjectsInput{Bucket: &b, Delete: &types.Delete{Objects: ids}}))
	if len(out.Deleted) != 11 || len(out.Errors) != 0 {
		t.Errorf("deleted %d, errors %v", len(out.Deleted), out.Errors)
	}
	if n := *ok[*sdk.ListObjectsV2Output](w)(w.ListObjectsV2(ctx(), &sdk.ListObjectsV2Input{Bucket: &b})).KeyCount; n != 0 {
		t.Errorf("%d left", n)
	}
	quiet := ok[*sdk.DeleteObjectsOutput](w)(w.DeleteObjects(ctx(), &sdk.DeleteObjectsInput{Bucket: &b, Delete: &types.Delete{Objects: ids, Quiet: aws.Bool(true)}}))
	if len(quiet.Deleted) != 0 {
		t.Errorf("quiet told %d", len(quiet.Deleted))
	}
	_, err := w.DeleteObjects(ctx(), &sdk.DeleteObjectsInput{Bucket: &b, Delete: &types.Delete{Objects: make([]types.ObjectIdentifier, 0)}})
	if err == nil {
		t.Error("deleting nothing succeeded")
	}
}

func TestPresignedAndVirtualHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.put(b, "a b", "private")
	u := ok[*v4.PresignedHTTPRequest](w)(sdk.NewPresignClient(w.Client).PresignGetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("a b")}, sdk.WithPresignExpires(time.Minute)))
	if code, body, _ := w.fetch("GET", strings.TrimPrefix(u.URL, w.url)); code != 200 || body != "private" {
		t.Errorf("presigned: %d %s", code, body)
	}
	if code, body, _ := w.fetch("GET", strings.Replace(strings.TrimPrefix(u.URL, w.url), "a%20b", "other", 1)); code != 403 || !strings.Contains(body, "SignatureDoesNotMatch") {
		t.Errorf("altered: %d %s", code, body)
	}
	if code, body, _ := w.fetch("GET", "/paws/a%20b"); code != 403 || !strings.Contains(body, "<Code>AccessDenied</Code>") {
		t.Errorf("unsigned: %d %s", code, body)
	}
	ok[*sdk.PutObjectAclOutput](w)(w.PutObjectAcl(ctx(), &sdk.PutObjectAclInput{Bucket: &b, Key: aws.String("a b"), ACL: types.ObjectCannedACLPublicRead}))
	for _, host := range []string{"paws.s3.amazonaws.com", "paws.localhost", "paws.s3.eu-west-1.amazonaws.com"} {
		if code, body, _ := w.fetch("GET", "/a%20b", "Host", host); code != http.StatusOK || body != "private" {
			t.Errorf("%s: %d %s", host, code, body)
		}
	}
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.as("AKIDMINE", "us-east-1", func(o *sdk.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDMINE", SecretAccessKey: "wrong"}, nil
		})
	}).ListBuckets(ctx(), &sdk.ListBucketsInput{})
	w.refused("wrong secret", err, "SignatureDoesNotMatch")
}
