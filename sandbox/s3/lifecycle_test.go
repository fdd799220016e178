package s3_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const oneDay = 24 * time.Hour

// versionsOf lists a bucket: keys, classes and markers, the newest first.
func (w *world) versionsOf(bucket string) string {
	w.Helper()
	out := ok[*sdk.ListObjectVersionsOutput](w)(w.ListObjectVersions(ctx(), &sdk.ListObjectVersionsInput{Bucket: &bucket}))
	var s []string
	for _, v := range out.Versions {
		s = append(s, fmt.Sprintf("%s:%s", *v.Key, v.StorageClass))
	}
	for _, m := range out.DeleteMarkers {
		s = append(s, *m.Key+":marker")
	}
	return strings.Join(s, " ")
}

func TestLifecycleRunsOnTheClock(t *testing.T) {
	t.Parallel()
	days := func(n int32) *types.LifecycleExpiration { return &types.LifecycleExpiration{Days: &n} }
	for _, tt := range []struct {
		name      string
		versioned bool
		rule      types.LifecycleRule
		days      int // that pass
		want      string
	}{
		{"not yet", false, types.LifecycleRule{Expiration: days(3)}, 2, "a/1:STANDARD b/2:STANDARD"},
		{"expired", false, types.LifecycleRule{Expiration: days(3)}, 5, ""},
		{"prefix", false, types.LifecycleRule{Expiration: days(3), Filter: &types.LifecycleRuleFilter{Prefix: aws.String("a/")}}, 5, "b/2:STANDARD"},
		//lint:ignore SA1019 older clients still send it
		{"prefix of old", false, types.LifecycleRule{Expiration: days(3), Prefix: aws.String("b/")}, 5, "a/1:STANDARD"},
		{"tag", false, types.LifecycleRule{Expiration: days(3), Filter: &types.LifecycleRuleFilter{Tag: &types.Tag{Key: aws.String("paw"), Value: aws.String("left")}}}, 5, "a/1:STANDARD"},
		{"tag and prefix", false, types.LifecycleRule{Expiration: days(3), Filter: &types.LifecycleRuleFilter{And: &types.LifecycleRuleAndOperator{Prefix: aws.String("a/"), Tags: tagSet("paw", "left")}}}, 5, "a/1:STANDARD b/2:STANDARD"},
		{"size", false, types.LifecycleRule{Expiration: days(3), Filter: &types.LifecycleRuleFilter{ObjectSizeGreaterThan: aws.Int64(2)}}, 5, "a/1:STANDARD"},
		{"off", false, types.LifecycleRule{Expiration: days(3), Status: types.ExpirationStatusDisabled}, 5, "a/1:STANDARD b/2:STANDARD"},
		{"transition", false, types.LifecycleRule{Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: "STANDARD_IA"}, {Days: aws.Int32(60), StorageClass: "GLACIER"}}}, 40, "a/1:STANDARD_IA b/2:STANDARD_IA"},
		{"later transition", false, types.LifecycleRule{Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: "STANDARD_IA"}, {Days: aws.Int32(60), StorageClass: "GLACIER"}}}, 70, "a/1:GLACIER b/2:GLACIER"},
		{"marker", true, types.LifecycleRule{Expiration: days(3), Filter: &types.LifecycleRuleFilter{Prefix: aws.String("a/")}}, 5, "a/1:STANDARD a/1:STANDARD b/2:STANDARD a/1:marker"},
		{"noncurrent", true, types.LifecycleRule{NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(3)}}, 5, "a/1:STANDARD b/2:STANDARD"},
		{"noncurrent kept", true, types.LifecycleRule{NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(3), NewerNoncurrentVersions: aws.Int32(1)}}, 5, "a/1:STANDARD a/1:STANDARD b/2:STANDARD"},
		{"noncurrent moved", true, types.LifecycleRule{NoncurrentVersionTransitions: []types.NoncurrentVersionTransition{{NoncurrentDays: aws.Int32(30), StorageClass: "GLACIER"}}}, 40, "a/1:STANDARD a/1:GLACIER b/2:STANDARD"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.make("paws")
			if tt.versioned {
				ok[*sdk.PutBucketVersioningOutput](w)(w.PutBucketVersioning(ctx(), &sdk.PutBucketVersioningInput{Bucket: &b, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"}}))
				w.put(b, "a/1", "0")
			}
			w.put(b, "a/1", "1")
			ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("b/2"), Body: strings.NewReader("long"), Tagging: aws.String("paw=left")}))
			if tt.rule.Status == "" {
				tt.rule.Status = types.ExpirationStatusEnabled
			}
			tt.rule.ID = aws.String("r")
			ok[*sdk.PutBucketLifecycleConfigurationOutput](w)(w.PutBucketLifecycleConfiguration(ctx(), &sdk.PutBucketLifecycleConfigurationInput{Bucket: &b,
				LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{tt.rule}}}))
			w.pass(time.Duration(tt.days) * oneDay)
			if got := w.versionsOf(b); got != tt.want {
				t.Errorf("after %d days: %s, want %s", tt.days, got, tt.want)
			}
		})
	}
}

func TestLifecycleEndsUploadsAndLonelyMarkers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	ok[*sdk.PutBucketVersioningOutput](w)(w.PutBucketVersioning(ctx(), &sdk.PutBucketVersioningInput{Bucket: &b, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"}}))
	w.upload(b, "big")
	if err := w.drop(b, "gone", nil, false); err != nil {
		t.Fatal(err)
	}
	ok[*sdk.PutBucketLifecycleConfigurationOutput](w)(w.PutBucketLifecycleConfiguration(ctx(), &sdk.PutBucketLifecycleConfigurationInput{Bucket: &b,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{ID: aws.String("r"), Status: types.ExpirationStatusEnabled,
			Expiration: &types.LifecycleExpiration{ExpiredObjectDeleteMarker: aws.Bool(true)}, AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(7)}}}}}))
	if got := w.versionsOf(b); got != "" {
		t.Errorf("a marker that hides nothing: %s", got)
	}
	uploads := func() int {
		return len(ok[*sdk.ListMultipartUploadsOutput](w)(w.ListMultipartUploads(ctx(), &sdk.ListMultipartUploadsInput{Bucket: &b})).Uploads)
	}
	if n := uploads(); n != 1 {
		t.Errorf("%d uploads", n)
	}
	w.pass(9 * oneDay)
	if n := uploads(); n != 0 {
		t.Errorf("%d uploads nine days later", n)
	}
}

func TestObjectsTellWhenTheyExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	ok[*sdk.PutBucketLifecycleConfigurationOutput](w)(w.PutBucketLifecycleConfiguration(ctx(), &sdk.PutBucketLifecycleConfigurationInput{Bucket: &b,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{ID: aws.String("soon"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("tmp/")}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(1)}}}}}))
	if got := aws.ToString(w.put(b, "tmp/x", "x").Expiration); !strings.HasPrefix(got, `expiry-date="`) || !strings.HasSuffix(got, `, rule-id="soon"`) {
		t.Errorf("put: %s", got)
	}
	if got := w.put(b, "x", "x").Expiration; got != nil {
		t.Errorf("no rule is about it: %s", *got)
	}
	if h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("tmp/x")})); h.Expiration == nil {
		t.Error("head says nothing")
	}
}
