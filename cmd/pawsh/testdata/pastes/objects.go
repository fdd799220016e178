// want: put 3 objects
// want: a/1.txt 1
// want: a/2.txt 2
// want: body xx
// want: no such key: a/9.txt
// want: GET true
// want: deleted 3
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

type Store struct {
	client    *s3.Client
	presigner *s3.PresignClient
	bucket    string
}

func NewStore(cfg aws.Config, bucket string) *Store {
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	return &Store{client: client, presigner: s3.NewPresignClient(client), bucket: bucket}
}

func (s *Store) Put(ctx context.Context, key string, r io.Reader, meta map[string]string) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: r, Metadata: meta, ContentType: aws.String("text/plain")})
	if err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	return nil
}

func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		var nsk *types.NoSuchKey
		if errors.As(err, &nsk) {
			return nil, fmt.Errorf("no such key: %s", key)
		}
		return nil, err
	}
	defer out.Body.Close()
	return io.ReadAll(out.Body)
}

func (s *Store) URL(ctx context.Context, key string) (*v4.PresignedHTTPRequest, error) {
	return s.presigner.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)},
		func(o *s3.PresignOptions) { o.Expires = 15 * time.Minute })
}

func (s *Store) Each(ctx context.Context, prefix string, f func(types.Object) error) error {
	p := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &prefix, MaxKeys: aws.Int32(1)})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			if err := f(o); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) Clear(ctx context.Context) (int, error) {
	var ids []types.ObjectIdentifier
	if err := s.Each(ctx, "", func(o types.Object) error {
		ids = append(ids, types.ObjectIdentifier{Key: o.Key})
		return nil
	}); err != nil {
		return 0, err
	}
	out, err := s.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &s.bucket, Delete: &types.Delete{Objects: ids}})
	if err != nil {
		return 0, err
	}
	return len(out.Deleted), nil
}

func main() {
	ctx := context.TODO()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	s := NewStore(cfg, "paws-objects")
	if _, err := s.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &s.bucket}); err != nil {
		log.Fatal(err)
	}
	var wg sync.WaitGroup
	errs := make(chan error, 3)
	for i := 1; i <= 3; i++ {
		wg.Add(1)
		go func(n int) {
			defer wg.Done()
			key := fmt.Sprintf("a/%d.txt", n)
			if n == 3 {
				key = "b.txt"
			}
			errs <- s.Put(ctx, key, bytes.NewReader([]byte(strings.Repeat("x", n))), map[string]string{"n": fmt.Sprint(n)})
		}(i)
	}
	wg.Wait()
	close(errs)
	n := 0
	for err := range errs {
		if err != nil {
			log.Fatal(err)
		}
		n++
	}
	fmt.Println("put", n, "objects")
	if err := s.Each(ctx, "a/", func(o types.Object) error {
		fmt.Println(*o.Key, *o.Size)
		return nil
	}); err != nil {
		log.Fatal(err)
	}
	b, err := s.Get(ctx, "a/2.txt")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("body %s\n", b)
	if _, err := s.Get(ctx, "a/9.txt"); err != nil {
		fmt.Println(err)
	}
	req, err := s.URL(ctx, "b.txt")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(req.Method, strings.Contains(req.URL, "X-Amz-Signature="))
	deleted, err := s.Clear(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("deleted", deleted)
}
