// want: ok: 3 keys in 2 calls
// want: retryable: true
// want: middleware saw ListObjectsV2
// want: wrapped: counting "logs": boom
package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
)

type S3ListObjectsAPI interface {
	ListObjectsV2(ctx context.Context, params *s3.ListObjectsV2Input, optFns ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

type mockListObjectsAPI func(ctx context.Context, params *s3.ListObjectsV2Input, optFns ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)

func (m mockListObjectsAPI) ListObjectsV2(ctx context.Context, params *s3.ListObjectsV2Input, optFns ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	return m(ctx, params, optFns...)
}

type pages struct {
	keys  [][]string
	calls atomic.Int32
	fail  error
}

func (p *pages) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	if p.fail != nil {
		return nil, p.fail
	}
	n := int(p.calls.Add(1)) - 1
	out := &s3.ListObjectsV2Output{}
	for _, k := range p.keys[n] {
		out.Contents = append(out.Contents, types.Object{Key: aws.String(k)})
	}
	if n+1 < len(p.keys) {
		out.IsTruncated = aws.Bool(true)
		out.NextContinuationToken = aws.String(fmt.Sprint(n + 1))
	}
	return out, nil
}

func count(ctx context.Context, api S3ListObjectsAPI, bucket string) (n int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("counting %q: %w", bucket, err)
		}
	}()
	p := s3.NewListObjectsV2Paginator(api, &s3.ListObjectsV2Input{Bucket: &bucket})
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return n, err
		}
		n += len(page.Contents)
	}
	return n, nil
}

type throttled struct{ retry bool }

func (t throttled) Error() string   { return "slow down" }
func (t throttled) Retryable() bool { return t.retry }

func main() {
	ctx := context.Background()
	p := &pages{keys: [][]string{{"a", "b"}, {"c"}}}
	n, err := count(ctx, p, "logs")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("ok: %d keys in %d calls\n", n, p.calls.Load())

	err = fmt.Errorf("call: %w", throttled{true})
	var r interface{ Retryable() bool }
	if errors.As(err, &r) {
		fmt.Println("retryable:", r.Retryable())
	}

	var seen string
	client := s3.New(s3.Options{Region: "us-east-1", APIOptions: []func(*middleware.Stack) error{
		func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("spy", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				seen = middleware.GetOperationName(ctx)
				return middleware.InitializeOutput{Result: &s3.ListObjectsV2Output{}}, middleware.Metadata{}, nil
			}), middleware.Before)
		},
	}})
	if _, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("b")}); err != nil {
		fmt.Println(err)
	}
	fmt.Println("middleware saw", seen)

	boom := errors.New("boom")
	p.fail = boom
	if _, err := count(ctx, p, "logs"); errors.Is(err, boom) {
		fmt.Println("wrapped:", err)
	}
}
