// want: backup/a.txt               10 <nil>
// want: backup/sub/b.bin      6291456 <nil>
// want: backup/sub/deep/c.txt        0 <nil>
// want: 6291456 true
// want: true
// want: true
// want: stream <nil>
// then: b := s3.CreateBucket("later")
// then: y := NewSyncer(s3.Client, "later")
// then: b.NewKey("k").SetContentsFromString("hello")
// want: 5
// then: string(y.Down(ctx, "k"))
// want: "hello"
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Syncer copies a folder to a bucket and back.
type Syncer struct {
	uploader   *manager.Uploader
	downloader *manager.Downloader
	client     *s3.Client
	bucket     string
}

type result struct {
	key  string
	size int64
	err  error
}

func NewSyncer(client *s3.Client, bucket string) *Syncer {
	return &Syncer{
		client: client, bucket: bucket,
		uploader:   manager.NewUploader(client, func(u *manager.Uploader) { u.PartSize = 5 << 20; u.Concurrency = 2 }),
		downloader: manager.NewDownloader(client),
	}
}

func (s *Syncer) Up(ctx context.Context, dir, prefix string) <-chan result {
	out := make(chan result)
	go func() {
		defer close(out)
		var wg sync.WaitGroup
		sem := make(chan struct{}, 2)
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir
			case !d.Type().IsRegular():
				return nil
			}
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				return err
			}
			wg.Add(1)
			sem <- struct{}{}
			go func(name, key string) {
				defer func() { <-sem; wg.Done() }()
				f, err := os.Open(name)
				if err != nil {
					out <- result{key: key, err: err}
					return
				}
				defer f.Close()
				st, _ := f.Stat()
				_, err = s.uploader.Upload(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: f, StorageClass: types.StorageClassStandard})
				out <- result{key, st.Size(), err}
			}(name, path.Join(prefix, filepath.ToSlash(rel)))
			return nil
		})
		wg.Wait()
		if err != nil {
			out <- result{err: err}
		}
	}()
	return out
}

func (s *Syncer) Down(ctx context.Context, key string) ([]byte, error) {
	buf := manager.NewWriteAtBuffer(nil)
	_, err := s.downloader.Download(ctx, buf, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(key)})
	return buf.Bytes(), err
}

func main() {
	dir, err := os.MkdirTemp("", "sync")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	files := map[string]int{"a.txt": 10, "sub/b.bin": 6 << 20, "sub/deep/c.txt": 0, ".git/config": 5}
	for name, size := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, bytes.Repeat([]byte{'x'}, size), 0o644)); err != nil {
			log.Fatal(err)
		}
	}
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	s := NewSyncer(s3.NewFromConfig(cfg, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true }), "paws-sync")
	if _, err := s.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(s.bucket)}); err != nil {
		log.Fatal(err)
	}
	var done []result
	for r := range s.Up(ctx, dir, "backup") {
		done = append(done, r)
	}
	sort.Slice(done, func(i, j int) bool { return done[i].key < done[j].key })
	for _, r := range done {
		fmt.Printf("%-20s %8d %v\n", r.key, r.size, r.err)
	}
	b, err := s.Down(ctx, "backup/sub/b.bin")
	if err != nil {
		log.Fatal(err)
	}
	sum, want := sha256.Sum256(b), sha256.Sum256(bytes.Repeat([]byte("x"), 6<<20))
	fmt.Println(len(b), sum == want)
	_, err = s.Down(ctx, "backup/none")
	var nsk *types.NoSuchKey
	fmt.Println(errors.As(err, &nsk))
	for r := range s.Up(ctx, filepath.Join(dir, "none"), "x") {
		fmt.Println(errors.Is(r.err, fs.ErrNotExist))
	}
	pr, pw := io.Pipe()
	go func() { fmt.Fprint(pw, "streamed"); pw.Close() }()
	out, err := s.uploader.Upload(ctx, &s3.PutObjectInput{Bucket: &s.bucket, Key: aws.String("stream"), Body: pr})
	fmt.Println(*out.Key, err)
}
