package s3_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// Run with -race: every kind of call against one bucket at once, while
// others come and go. Errors may only be those of things that are gone.
func TestConcurrentCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.versioning(b, types.BucketVersioningStatusEnabled)
	key := func(n int) *string { return aws.String(fmt.Sprintf("k/%d", n%5)) }
	calls := []func(n int) error{
		func(n int) error {
			_, err := w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: key(n), Body: strings.NewReader(strings.Repeat("x", n*1000))})
			return err
		},
		func(n int) error {
			out, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: key(n)})
			if err == nil {
				_, err = io.Copy(io.Discard, out.Body)
			}
			return err
		},
		func(n int) error {
			_, err := w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: key(n)})
			return err
		},
		func(n int) error {
			out, err := w.ListObjectVersions(ctx(), &sdk.ListObjectVersionsInput{Bucket: &b, MaxKeys: aws.Int32(7)})
			if err == nil && len(out.Versions) > 0 {
				_, err = w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: out.Versions[0].Key, VersionId: out.Versions[0].VersionId})
			}
			return err
		},
		func(n int) error {
			_, err := w.PutObjectAcl(ctx(), &sdk.PutObjectAclInput{Bucket: &b, Key: key(n), ACL: types.ObjectCannedACLPublicRead})
			return err
		},
		func(n int) error {
			_, err := w.GetObjectAcl(ctx(), &sdk.GetObjectAclInput{Bucket: &b, Key: key(n)})
			return err
		},
		func(n int) error {
			_, err := w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &b, Key: key(n + 1), CopySource: aws.String("paws/" + *key(n))})
			return err
		},
		func(n int) error {
			_, err := w.PutObjectTagging(ctx(), &sdk.PutObjectTaggingInput{Bucket: &b, Key: key(n), Tagging: &types.Tagging{TagSet: tagSet("n", fmt.Sprint(n))}})
			return err
		},
		func(n int) error {
			up, err := w.CreateMultipartUpload(ctx(), &sdk.CreateMultipartUploadInput{Bucket: &b, Key: key(n)})
			if err != nil {
				return err
			}
			p, err := w.UploadPart(ctx(), &sdk.UploadPartInput{Bucket: &b, Key: key(n), UploadId: up.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("part")})
			if err != nil {
				return err
			}
			_, err = w.complete(b, *key(n), up.UploadId, types.CompletedPart{PartNumber: aws.Int32(1), ETag: p.ETag})
			return err
		},
		func(n int) error {
			name := fmt.Sprintf("other-%d", n)
			if _, err := w.CreateBucket(ctx(), &sdk.CreateBucketInput{Bucket: &name}); err != nil {
				return err
			}
			if _, err := w.ListBuckets(ctx(), &sdk.ListBucketsInput{}); err != nil {
				return err
			}
			_, err := w.DeleteBucket(ctx(), &sdk.DeleteBucketInput{Bucket: &name})
			return err
		},
	}
	var wg sync.WaitGroup
	for _, call := range calls {
		wg.Go(func() {
			for n := range 25 {
				var e smithy.APIError
				if err := call(n); err != nil && (!errors.As(err, &e) || e.ErrorCode() != "NoSuchKey" && e.ErrorCode() != "NoSuchVersion" && e.ErrorCode() != "NotFound") {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
