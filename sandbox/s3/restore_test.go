package s3_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// restore asks for a copy of some days and gives the status of the answer.
func (w *world) restore(bucket, key string, r *types.RestoreRequest) (status int, err error) {
	_, err = w.RestoreObject(ctx(), &sdk.RestoreObjectInput{Bucket: &bucket, Key: &key, RestoreRequest: r}, func(o *sdk.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Status", func(c context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
				out, m, err := next.HandleDeserialize(c, in)
				if resp, ok := out.RawResponse.(*smithyhttp.Response); ok {
					status = resp.StatusCode
				}
				return out, m, err
			}), middleware.After)
		})
	})
	return status, err
}

func forDays(n int32, tier types.Tier) *types.RestoreRequest {
	r := &types.RestoreRequest{Days: &n}
	if tier != "" {
		r.GlacierJobParameters = &types.GlacierJobParameters{Tier: tier}
	}
	return r
}

func TestArchivedObjectsAreRestored(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		class types.StorageClass
		tier  types.Tier
		takes time.Duration
	}{
		{"GLACIER", "", 5 * time.Hour}, {"GLACIER", "Expedited", 5 * time.Minute}, {"GLACIER", "Bulk", 12 * time.Hour},
		{"DEEP_ARCHIVE", "", 12 * time.Hour}, {"DEEP_ARCHIVE", "Bulk", 48 * time.Hour},
	} {
		t.Run(fmt.Sprint(tt.class, tt.tier), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b, k := w.make("paws"), "old"
			ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: &k, Body: strings.NewReader("meow"), StorageClass: tt.class}))
			head := func() string {
				t.Helper()
				return aws.ToString(ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: &k})).Restore)
			}
			unreadable := func(when string) {
				t.Helper()
				_, err := w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: &k})
				w.refused(when+": get", err, "InvalidObjectState")
				_, err = w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &b, Key: aws.String("copy"), CopySource: aws.String("paws/old")})
				w.refused(when+": copy", err, "ObjectNotInActiveTierError")
			}
			expiry := func(days int) string {
				at := w.now.UTC().Add(time.Duration(days) * oneDay)
				if day := at.Truncate(oneDay); !at.Equal(day) {
					at = day.Add(oneDay)
				}
				return fmt.Sprintf("ongoing-request=\"false\", expiry-date=%q", at.Format(http.TimeFormat))
			}
			unreadable("at first")
			if got := head(); got != "" {
				t.Errorf("at first: %s", got)
			}
			if status, err := w.restore(b, k, forDays(3, tt.tier)); err != nil || status != http.StatusAccepted {
				t.Fatalf("%d, %v", status, err)
			}
			unreadable("while it is restored")
			if got := head(); got != `ongoing-request="true"` {
				t.Errorf("while it is restored: %s", got)
			}
			status, err := w.restore(b, k, forDays(3, tt.tier))
			if w.refused("again", err, "RestoreAlreadyInProgress"); status != http.StatusConflict {
				t.Errorf("again: %d", status)
			}
			w.pass(tt.takes)
			if got := head(); got != expiry(3) || w.get(b, k) != "meow" {
				t.Errorf("restored: %s, want %s", got, expiry(3))
			}
			if got := ok[*sdk.GetObjectOutput](w)(w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: &k})); aws.ToString(got.Restore) != expiry(3) || got.StorageClass != tt.class {
				t.Errorf("get: %s, %s", aws.ToString(got.Restore), got.StorageClass)
			}
			ok[*sdk.CopyObjectOutput](w)(w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &b, Key: aws.String("copy"), CopySource: aws.String("paws/old")}))
			if got := w.get(b, "copy"); got != "meow" {
				t.Errorf("copy %q", got)
			}
			if status, err := w.restore(b, k, forDays(7, tt.tier)); err != nil || status != http.StatusOK || head() != expiry(7) {
				t.Errorf("longer: %d, %v, %s; want %s", status, err, head(), expiry(7))
			}
			w.pass(8 * oneDay)
			unreadable("later")
			if got := head(); got != "" {
				t.Errorf("later: %s", got)
			}
			if status, err := w.restore(b, k, forDays(1, tt.tier)); err != nil || status != http.StatusAccepted {
				t.Errorf("once more: %d, %v", status, err)
			}
		})
	}
}

func TestRestoreIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	for _, class := range []types.StorageClass{"STANDARD", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"} {
		ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String(string(class)), Body: strings.NewReader("meow"), StorageClass: class}))
	}
	for _, tt := range []struct {
		key    string
		r      *types.RestoreRequest
		code   string
		status int
	}{
		{"STANDARD", forDays(1, ""), "InvalidObjectState", 403},
		{"GLACIER_IR", forDays(1, ""), "InvalidObjectState", 403},
		{"none", forDays(1, ""), "NoSuchKey", 404},
		{"GLACIER", forDays(0, ""), "InvalidArgument", 400},
		{"GLACIER", &types.RestoreRequest{}, "MalformedXML", 400},
		{"GLACIER", forDays(1, "Purring"), "InvalidArgument", 400},
		{"DEEP_ARCHIVE", forDays(1, "Expedited"), "InvalidArgument", 400},
	} {
		status, err := w.restore(b, tt.key, tt.r)
		if w.refused(tt.key, err, tt.code); status != tt.status {
			t.Errorf("%s: %d, want %d", tt.key, status, tt.status)
		}
	}
	if got := w.get(b, "GLACIER_IR"); got != "meow" {
		t.Errorf("instant retrieval: %q", got)
	}
}
