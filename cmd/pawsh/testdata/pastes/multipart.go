// want: level=INFO msg=complete program=upload parts=3 object.bucket=paws-parts object.key=big.bin
// want: true
// want: ef0123456789abcdef01 bytes 5242878-5242897/10486752 map[origin:uploader]
// want: failed as it should
package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sort"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const partSize = 5 * 1024 * 1024

type partResult struct {
	part types.CompletedPart
	err  error
}

type Uploader struct {
	Client      *s3.Client
	Concurrency int
	Logger      *slog.Logger
}

func (u *Uploader) Upload(ctx context.Context, bucket, key string, body []byte) (etag string, err error) {
	created, err := u.Client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &bucket, Key: &key, ContentType: aws.String("application/octet-stream"),
		Metadata: map[string]string{"origin": "uploader"},
	})
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_, abortErr := u.Client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: created.UploadId})
			u.Logger.Warn("aborted", "key", key, "abort error", abortErr)
		}
	}()

	jobs := make(chan int32)
	results := make(chan partResult)
	var wg sync.WaitGroup
	for w := 0; w < u.Concurrency; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs {
				from := int(n-1) * partSize
				to := min(from+partSize, len(body))
				out, err := u.Client.UploadPart(ctx, &s3.UploadPartInput{
					Bucket: &bucket, Key: &key, UploadId: created.UploadId,
					PartNumber: aws.Int32(n), Body: bytes.NewReader(body[from:to]),
				})
				if err != nil {
					results <- partResult{err: fmt.Errorf("part %d: %w", n, err)}
					continue
				}
				results <- partResult{part: types.CompletedPart{PartNumber: aws.Int32(n), ETag: out.ETag}}
			}
		}()
	}
	parts := (len(body) + partSize - 1) / partSize
	go func() {
		defer close(results)
		for n := 1; n <= parts; n++ {
			jobs <- int32(n)
		}
		close(jobs)
		wg.Wait()
	}()

	completed := make([]types.CompletedPart, 0, parts)
	for r := range results {
		if r.err != nil {
			err = r.err
			continue
		}
		completed = append(completed, r.part)
	}
	if err != nil {
		return "", err
	}
	sort.Slice(completed, func(i, j int) bool { return *completed[i].PartNumber < *completed[j].PartNumber })
	u.Logger.Info("complete", slog.Int("parts", len(completed)), slog.Group("object", "bucket", bucket, "key", key))
	done, err := u.Client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &bucket, Key: &key, UploadId: created.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: completed},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(done.ETag), nil
}

func expectedETag(body []byte) string {
	var sums []byte
	n := 0
	for chunk := range bytesChunks(body, partSize) {
		s := md5.Sum(chunk)
		sums = append(sums, s[:]...)
		n++
	}
	total := md5.Sum(sums)
	return fmt.Sprintf("%q", fmt.Sprintf("%s-%d", hex.EncodeToString(total[:]), n))
}

func bytesChunks(b []byte, size int) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(b) > 0 {
			n := min(size, len(b))
			if !yield(b[:n:n]) {
				return
			}
			b = b[n:]
		}
	}
}

func main() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey && len(groups) == 0 {
				return slog.Attr{}
			}
			return a
		},
	}))
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		logger.Error("config", "error", err)
		os.Exit(1)
	}
	u := &Uploader{Client: s3.NewFromConfig(cfg), Concurrency: 3, Logger: logger.With("program", "upload")}
	bucket, key := "paws-parts", "big.bin"
	if _, err := u.Client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		logger.Error("create bucket", "error", err)
		os.Exit(1)
	}
	body := bytes.Repeat([]byte("0123456789abcdef"), (partSize*2+1000)/16)
	etag, err := u.Upload(ctx, bucket, key, body)
	if err != nil {
		logger.Error("upload", "error", err)
		os.Exit(1)
	}
	fmt.Println(etag == expectedETag(body))
	out, err := u.Client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: aws.String("bytes=5242878-5242897")},
		func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true })
	if err != nil {
		logger.Error("get", "error", err)
		os.Exit(1)
	}
	defer out.Body.Close()
	got, _ := io.ReadAll(out.Body)
	fmt.Printf("%s %s %v\n", got, *out.ContentRange, out.Metadata)
	if _, err := u.Upload(ctx, "paws-no-such-bucket", key, body); err != nil {
		fmt.Println("failed as it should")
	}
}
