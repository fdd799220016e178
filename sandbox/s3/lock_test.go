package s3_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func (w *world) locked(bucket string) string {
	w.Helper()
	ok[*sdk.CreateBucketOutput](w)(w.CreateBucket(ctx(), &sdk.CreateBucketInput{Bucket: &bucket, ObjectLockEnabledForBucket: aws.Bool(true)}))
	return bucket
}

func (w *world) drop(bucket, key string, id *string, bypass bool) error {
	_, err := w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &bucket, Key: &key, VersionId: id, BypassGovernanceRetention: &bypass})
	return err
}

func (w *world) retain(bucket, key string, mode types.ObjectLockRetentionMode, d time.Duration, bypass bool) error {
	r := &types.ObjectLockRetention{Mode: mode}
	if mode != "" {
		r.RetainUntilDate = aws.Time(w.now.Add(d))
	}
	_, err := w.PutObjectRetention(ctx(), &sdk.PutObjectRetentionInput{Bucket: &bucket, Key: &key, Retention: r, BypassGovernanceRetention: &bypass})
	return err
}

func TestObjectLockKeepsVersions(t *testing.T) {
	t.Parallel()
	const governance, compliance = types.ObjectLockRetentionModeGovernance, types.ObjectLockRetentionModeCompliance
	for _, tt := range []struct {
		name             string
		mode             types.ObjectLockRetentionMode
		hold, bypass     bool
		now, afterAnHour string // codes of deleting the version
	}{
		{"governance", governance, false, false, "AccessDenied", ""},
		{"governance bypassed", governance, false, true, "", ""},
		{"compliance", compliance, false, false, "AccessDenied", ""},
		{"compliance can't be bypassed", compliance, false, true, "AccessDenied", ""},
		{"legal hold", "", true, true, "AccessDenied", "AccessDenied"},
		{"neither", "", false, false, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.locked("paws")
			id := w.put(b, "k", "x").VersionId
			if tt.mode != "" {
				if err := w.retain(b, "k", tt.mode, time.Hour, false); err != nil {
					t.Fatal(err)
				}
			}
			if tt.hold {
				ok[*sdk.PutObjectLegalHoldOutput](w)(w.PutObjectLegalHold(ctx(), &sdk.PutObjectLegalHoldInput{Bucket: &b, Key: aws.String("k"), LegalHold: &types.ObjectLockLegalHold{Status: types.ObjectLockLegalHoldStatusOn}}))
			}
			w.put(b, "k", "another version lies above it")
			if err := w.drop(b, "k", nil, false); err != nil {
				t.Errorf("a delete marker hurts nobody: %v", err)
			}
			switch err := w.drop(b, "k", id, tt.bypass); {
			case tt.now != "":
				w.refused("delete", err, tt.now)
			case err != nil:
				t.Error(err)
			}
			w.pass(2 * time.Hour)
			switch err := w.drop(b, "k", id, false); {
			case tt.afterAnHour != "":
				w.refused("delete later", err, tt.afterAnHour)
			case err != nil:
				t.Errorf("later: %v", err)
			}
		})
	}
}

func TestRetentionGrowsFreelyAndShrinksInGovernance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.locked("paws")
	const governance, compliance = types.ObjectLockRetentionModeGovernance, types.ObjectLockRetentionModeCompliance
	w.put(b, "k", "x")
	for _, tt := range []struct {
		name   string
		mode   types.ObjectLockRetentionMode
		d      time.Duration
		bypass bool
		want   string
	}{
		{"in the past", governance, -time.Hour, false, "InvalidArgument"},
		{"unknown mode", "FOREVER", time.Hour, false, "MalformedXML"},
		{"set", governance, time.Hour, false, ""},
		{"longer", governance, 2 * time.Hour, false, ""},
		{"shorter", governance, time.Hour, false, "AccessDenied"},
		{"shorter, bypassed", governance, time.Hour, true, ""},
		{"none", "", 0, false, "AccessDenied"},
		{"stricter", compliance, 2 * time.Hour, false, ""},
		{"shorter compliance, bypassed", compliance, time.Hour, true, "AccessDenied"},
		{"weaker", governance, 3 * time.Hour, true, "AccessDenied"},
		{"longer compliance", compliance, 3 * time.Hour, false, ""},
	} {
		switch err := w.retain(b, "k", tt.mode, tt.d, tt.bypass); {
		case tt.want != "":
			w.refused(tt.name, err, tt.want)
		case err != nil:
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	got := ok[*sdk.GetObjectRetentionOutput](w)(w.GetObjectRetention(ctx(), &sdk.GetObjectRetentionInput{Bucket: &b, Key: aws.String("k")}))
	head := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("k")}))
	if got.Retention.Mode != compliance || head.ObjectLockMode != types.ObjectLockModeCompliance || head.ObjectLockRetainUntilDate.Sub(w.now) < 2*time.Hour {
		t.Errorf("retention %+v, head %v %v", got.Retention, head.ObjectLockMode, head.ObjectLockRetainUntilDate)
	}
}

func TestBucketsLockByDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.locked("paws")
	set := func(b string, c *types.ObjectLockConfiguration) error {
		_, err := w.PutObjectLockConfiguration(ctx(), &sdk.PutObjectLockConfigurationInput{Bucket: &b, ObjectLockConfiguration: c})
		return err
	}
	rule := func(mode types.ObjectLockRetentionMode, days, years *int32) *types.ObjectLockConfiguration {
		return &types.ObjectLockConfiguration{ObjectLockEnabled: types.ObjectLockEnabledEnabled, Rule: &types.ObjectLockRule{DefaultRetention: &types.DefaultRetention{Mode: mode, Days: days, Years: years}}}
	}
	one := aws.Int32(1)
	for _, tt := range []struct {
		name string
		c    *types.ObjectLockConfiguration
		want string
	}{
		{"not enabled", &types.ObjectLockConfiguration{}, "MalformedXML"},
		{"mode", rule("SOFT", one, nil), "MalformedXML"},
		{"both", rule(types.ObjectLockRetentionModeGovernance, one, one), "MalformedXML"},
		{"neither", rule(types.ObjectLockRetentionModeGovernance, nil, nil), "MalformedXML"},
		{"negative", rule(types.ObjectLockRetentionModeGovernance, aws.Int32(-1), nil), "InvalidArgument"},
		{"too many years", rule(types.ObjectLockRetentionModeGovernance, nil, aws.Int32(101)), "InvalidArgument"},
	} {
		w.refused(tt.name, set(b, tt.c), tt.want)
	}
	w.refused("without versioning", set(w.make("plain"), rule(types.ObjectLockRetentionModeGovernance, one, nil)), "InvalidBucketState")
	if err := set(b, rule(types.ObjectLockRetentionModeGovernance, one, nil)); err != nil {
		t.Fatal(err)
	}
	id := w.put(b, "k", "x").VersionId
	w.refused("kept a day", w.drop(b, "k", id, false), "AccessDenied")
	w.pass(25 * time.Hour)
	if err := w.drop(b, "k", id, false); err != nil {
		t.Errorf("a day later: %v", err)
	}
	_, err := w.PutBucketVersioning(ctx(), &sdk.PutBucketVersioningInput{Bucket: &b, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended}})
	w.refused("suspended", err, "InvalidBucketState")
	_, err = w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: aws.String("plain"), Key: aws.String("k"), ObjectLockLegalHoldStatus: types.ObjectLockLegalHoldStatusOn})
	w.refused("hold in a bucket without locks", err, "InvalidRequest")
	_, err = w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("k"), ObjectLockMode: types.ObjectLockModeGovernance})
	w.refused("mode without date", err, "InvalidArgument")
	w.put("plain", "k", "x")
	_, err = w.GetObjectRetention(ctx(), &sdk.GetObjectRetentionInput{Bucket: aws.String("plain"), Key: aws.String("k")})
	w.refused("retention in a bucket without locks", err, "InvalidRequest")
}
