// want: created paws-a
// want: created paws-b
// want: bucket paws-a
// want: bucket paws-b
// want: missing: true
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// BucketBasics groups what the program does with buckets.
type BucketBasics struct {
	S3Client *s3.Client
}

func (basics BucketBasics) BucketExists(ctx context.Context, bucketName string) (bool, error) {
	_, err := basics.S3Client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(bucketName)})
	exists := true
	if err != nil {
		var apiError smithy.APIError
		if errors.As(err, &apiError) {
			switch apiError.(type) {
			case *types.NotFound:
				exists = false
				err = nil
			default:
				log.Printf("either you don't have access to bucket %v or another error occurred: %v", bucketName, err)
			}
		}
	}
	return exists, err
}

func (basics BucketBasics) CreateBucket(ctx context.Context, name string) error {
	_, err := basics.S3Client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(name)})
	if err != nil {
		var owned *types.BucketAlreadyOwnedByYou
		var exists *types.BucketAlreadyExists
		if errors.As(err, &owned) {
			log.Printf("you already own bucket %s", name)
			err = owned
		} else if errors.As(err, &exists) {
			log.Printf("bucket %s already exists", name)
			err = exists
		}
	}
	return err
}

func (basics BucketBasics) ListBuckets(ctx context.Context) ([]types.Bucket, error) {
	var buckets []types.Bucket
	paginator := s3.NewListBucketsPaginator(basics.S3Client, &s3.ListBucketsInput{})
	for paginator.HasMorePages() {
		output, err := paginator.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list buckets: %w", err)
		}
		buckets = append(buckets, output.Buckets...)
	}
	return buckets, nil
}

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatalf("unable to load SDK config, %v", err)
	}
	basics := BucketBasics{S3Client: s3.NewFromConfig(cfg)}
	for _, name := range []string{"paws-a", "paws-b"} {
		if err := basics.CreateBucket(ctx, name); err != nil {
			log.Fatal(err)
		}
		fmt.Println("created", name)
	}
	buckets, err := basics.ListBuckets(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range buckets {
		fmt.Println("bucket", *b.Name)
	}
	exists, err := basics.BucketExists(ctx, "nothing-here")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("missing:", !exists)
}
