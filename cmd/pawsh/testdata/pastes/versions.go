// want: key  size  latest  marker
// want:   doc.txt     5   false   false
// want:   doc.txt    10   false   false
// want:   doc.txt     5   false   false
// want:   doc.txt     0    true    true
// want: status 404 true
// want: "second one"
// then: vb := open(ctx, s3.Client, "paws-later")
// then: len(vb.write(ctx, "k", "a", "b"))
// want: 2
// then: len(vb.versions(ctx))
// want: 2
// then: s3.GetBucket("paws-later").GetKey("k").GetContentsAsString()
// want: "b"
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

type objectVersion struct {
	key, id string
	size    int64
	latest  bool
	marker  bool
}

type versionedBucket struct {
	*s3.Client
	name string
}

func open(ctx context.Context, client *s3.Client, name string) (vb *versionedBucket, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open %s: %w", name, err)
		}
	}()
	if _, err = client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name}); err != nil {
		return
	}
	_, err = client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket:                  &name,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	vb = &versionedBucket{client, name}
	return
}

func (vb *versionedBucket) write(ctx context.Context, key string, bodies ...string) (ids []string, err error) {
	for i, body := range bodies {
		out, err := vb.PutObject(ctx, &s3.PutObjectInput{Bucket: &vb.name, Key: &key, Body: strings.NewReader(body)})
		if err != nil {
			return ids, fmt.Errorf("body %d: %w", i, err)
		}
		ids = append(ids, *out.VersionId)
	}
	return ids, nil
}

func (vb *versionedBucket) versions(ctx context.Context) (list []objectVersion, err error) {
	pages := s3.NewListObjectVersionsPaginator(vb, &s3.ListObjectVersionsInput{Bucket: aws.String(vb.name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Versions {
			list = append(list, objectVersion{*v.Key, *v.VersionId, aws.ToInt64(v.Size), aws.ToBool(v.IsLatest), false})
		}
		for _, m := range page.DeleteMarkers {
			list = append(list, objectVersion{key: *m.Key, id: *m.VersionId, latest: *m.IsLatest, marker: true})
		}
	}
	return list, nil
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println("fatal:", err)
		os.Exit(1)
	}
	return v
}

func main() {
	ctx := context.TODO()
	cfg := must(config.LoadDefaultConfig(ctx))
	vb := must(open(ctx, s3.NewFromConfig(cfg), "paws-versions"))
	ids := must(vb.write(ctx, "doc.txt", "first", "second one", "third"))
	must(vb.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &vb.name, Key: aws.String("doc.txt")}))

	tw := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "key\tsize\tlatest\tmarker\t")
	for _, v := range must(vb.versions(ctx)) {
		fmt.Fprintf(tw, "%s\t%d\t%t\t%t\t\n", v.key, v.size, v.latest, v.marker)
	}
	tw.Flush()

	_, err := vb.GetObject(ctx, &s3.GetObjectInput{Bucket: &vb.name, Key: aws.String("doc.txt")})
	var re *awshttp.ResponseError
	if errors.As(err, &re) {
		fmt.Println("status", re.HTTPStatusCode(), re.ServiceRequestID() != "")
	}
	old := must(vb.GetObject(ctx, &s3.GetObjectInput{Bucket: &vb.name, Key: aws.String("doc.txt"), VersionId: &ids[1]}))
	defer old.Body.Close()
	fmt.Printf("%q\n", must(io.ReadAll(old.Body)))
}
