package s3_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func TestCreateBucket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := func(name, location string) *sdk.CreateBucketInput {
		c := &sdk.CreateBucketInput{Bucket: &name}
		if location != "" {
			c.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(location)}
		}
		return c
	}
	for _, tt := range []struct{ name, location, region, code string }{
		{"paws", "", "us-east-1", ""},
		{"paws", "", "us-east-1", ""}, // twice is no error there
		{"paws", "EU", "us-east-1", "BucketAlreadyOwnedByYou"},
		{"paws-eu", "EU", "us-east-1", ""},
		{"paws-west", "us-west-1", "us-east-1", ""},
		{"paws-west", "us-west-1", "us-west-1", "BucketAlreadyOwnedByYou"},
		{"amazon", "", "us-east-1", "BucketAlreadyExists"},
		{"paws-x", "", "eu-west-1", "IllegalLocationConstraintException"},
		{"paws-x", "us-west-2", "eu-west-1", "IllegalLocationConstraintException"},
		{"paws-x", "moon-1", "us-east-1", "InvalidLocationConstraint"},
		{"paws-x", "us-east-1", "us-east-1", "InvalidLocationConstraint"},
		{"paws-ireland", "eu-west-1", "eu-west-1", ""},
		{"Paws", "", "us-east-1", "InvalidBucketName"},
		{"pa", "", "us-east-1", "InvalidBucketName"},
		{"paws..paws", "", "us-east-1", "InvalidBucketName"},
		{"192.168.1.1", "", "us-east-1", "InvalidBucketName"},
		{"xn--paws", "", "us-east-1", "InvalidBucketName"},
		{"-paws", "", "us-east-1", "InvalidBucketName"},
		{strings.Repeat("p", 64), "", "us-east-1", "InvalidBucketName"},
	} {
		_, err := w.as("AKIDMINE", tt.region).CreateBucket(ctx(), in(tt.name, tt.location))
		if what := fmt.Sprintf("%s in %q from %s", tt.name, tt.location, tt.region); tt.code != "" {
			w.refused(what, err, tt.code)
		} else if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := w.as("AKIDTHEIRS", "us-east-1").CreateBucket(ctx(), in("paws", ""))
	w.refused("another account's bucket", err, "BucketAlreadyExists")
	for bucket, want := range map[string]string{"paws": "", "paws-eu": "EU", "paws-west": "us-west-1", "paws-ireland": "eu-west-1"} {
		if got := ok[*sdk.GetBucketLocationOutput](w)(w.GetBucketLocation(ctx(), &sdk.GetBucketLocationInput{Bucket: &bucket})); string(got.LocationConstraint) != want {
			t.Errorf("location of %s: %q, want %q", bucket, got.LocationConstraint, want)
		}
	}
	var names []string
	for _, b := range ok[*sdk.ListBucketsOutput](w)(w.ListBuckets(ctx(), &sdk.ListBucketsInput{})).Buckets {
		names = append(names, *b.Name)
	}
	if got := strings.Join(names, " "); got != "paws paws-eu paws-ireland paws-west" {
		t.Errorf("buckets: %s", got)
	}
}

func TestBucketsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.HeadBucket(ctx(), &sdk.HeadBucketInput{Bucket: aws.String("nobodys")})
	w.refused("head of none", err, "NotFound")
	_, err = w.HeadBucket(ctx(), &sdk.HeadBucketInput{Bucket: aws.String("amazon")})
	w.refused("head of another's", err, "Forbidden")
	_, err = w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: aws.String("amazon")})
	w.refused("list of another's", err, "AccessDenied")
	_, err = w.as("AKIDMINE", "us-east-1", func(o *sdk.Options) { o.Credentials = aws.AnonymousCredentials{} }).ListBuckets(ctx(), &sdk.ListBucketsInput{})
	w.refused("anonymous list", err, "AccessDenied")
	paws := w.make("paws")
	out := ok[*sdk.HeadBucketOutput](w)(w.HeadBucket(ctx(), &sdk.HeadBucketInput{Bucket: &paws}))
	if aws.ToString(out.BucketRegion) != "us-east-1" {
		t.Errorf("region %v", out.BucketRegion)
	}
	_, err = w.HeadBucket(ctx(), &sdk.HeadBucketInput{Bucket: &paws, ExpectedBucketOwner: aws.String(theirs)})
	w.refused("wrong expected owner", err, "Forbidden")
}

func TestDeleteBucket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.put(b, "k", "x")
	_, err := w.DeleteBucket(ctx(), &sdk.DeleteBucketInput{Bucket: &b})
	w.refused("full bucket", err, "BucketNotEmpty")
	ok[*sdk.DeleteObjectOutput](w)(w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("k")}))
	ok[*sdk.DeleteBucketOutput](w)(w.DeleteBucket(ctx(), &sdk.DeleteBucketInput{Bucket: &b}))
	_, err = w.DeleteBucket(ctx(), &sdk.DeleteBucketInput{Bucket: &b})
	w.refused("again", err, "NoSuchBucket")
	_, err = w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("k"), Body: strings.NewReader("x")})
	w.refused("into none", err, "NoSuchBucket")
}

func TestListObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	for _, k := range []string{"a", "l/a/1", "l/a/2", "l/b/1", "l/c", "l/d", "m é+&", "z//z", "日本"} {
		w.put(b, k, k)
	}
	ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("rrs"), StorageClass: types.StorageClassReducedRedundancy}))
	pages := func(prefix, delimiter string, size int32) (got []string, n int) {
		p := sdk.NewListObjectsV2Paginator(w, &sdk.ListObjectsV2Input{Bucket: &b, Prefix: &prefix, Delimiter: &delimiter, MaxKeys: &size})
		for p.HasMorePages() && n < 50 {
			n++
			out := ok[*sdk.ListObjectsV2Output](w)(p.NextPage(ctx()))
			for _, x := range out.CommonPrefixes {
				got = append(got, *x.Prefix)
			}
			for _, x := range out.Contents {
				got = append(got, *x.Key)
			}
		}
		return got, n
	}
	for _, tt := range []struct {
		prefix, delimiter string
		size              int32
		want              string
		pages             int
	}{
		{"", "", 1000, "[a l/a/1 l/a/2 l/b/1 l/c l/d m é+& rrs z//z 日本]", 1},
		{"", "", 3, "[a l/a/1 l/a/2 l/b/1 l/c l/d m é+& rrs z//z 日本]", 4},
		{"l/", "/", 1, "[l/a/ l/b/ l/c l/d]", 4},
		{"", "/", 2, "[l/ a m é+& rrs z/ 日本]", 3},
		{"l/a", "", 10, "[l/a/1 l/a/2]", 1},
		{"nope", "/", 10, "[]", 1},
		{"z/", "/", 10, "[z//]", 1},
	} {
		if got, n := pages(tt.prefix, tt.delimiter, tt.size); fmt.Sprint(got) != tt.want || n != tt.pages {
			t.Errorf("prefix %q delimiter %q by %d: %v in %d pages, want %s in %d", tt.prefix, tt.delimiter, tt.size, got, n, tt.want, tt.pages)
		}
	}
	v1 := ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, Prefix: aws.String("l/"), MaxKeys: aws.Int32(2)}))
	if !*v1.IsTruncated || len(v1.Contents) != 2 || v1.NextMarker != nil || v1.Contents[0].Owner == nil {
		t.Errorf("v1: %+v", v1)
	}
	v1 = ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, Prefix: aws.String("l/"), Marker: v1.Contents[1].Key}))
	if *v1.Contents[0].Key != "l/b/1" || *v1.IsTruncated {
		t.Errorf("v1 from marker: %+v", v1)
	}
	v1 = ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, Delimiter: aws.String("/"), MaxKeys: aws.Int32(2)}))
	if aws.ToString(v1.NextMarker) != "l/" {
		t.Errorf("next marker %v", v1.NextMarker)
	}
	enc := ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, Prefix: aws.String("m"), EncodingType: types.EncodingTypeUrl}))
	if *enc.Contents[0].Key != "m+%C3%A9%2B%26" {
		t.Errorf("encoded key %q", *enc.Contents[0].Key)
	}
	rrs := ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, Prefix: aws.String("rrs")}))
	if rrs.Contents[0].StorageClass != "REDUCED_REDUNDANCY" || *rrs.Contents[0].Size != 0 {
		t.Errorf("rrs: %+v", rrs.Contents[0])
	}
	none := ok[*sdk.ListObjectsV2Output](w)(w.ListObjectsV2(ctx(), &sdk.ListObjectsV2Input{Bucket: &b, MaxKeys: aws.Int32(0)}))
	if *none.IsTruncated || *none.KeyCount != 0 {
		t.Errorf("max-keys 0: %+v", none)
	}
	_, err := w.ListObjectsV2(ctx(), &sdk.ListObjectsV2Input{Bucket: &b, ContinuationToken: aws.String("cats")})
	w.refused("bad token", err, "InvalidArgument")
	_, err = w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, EncodingType: "rot13"})
	w.refused("bad encoding", err, "InvalidArgument")
}
