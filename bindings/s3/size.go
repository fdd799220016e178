package s3

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/bindings/session"
)

// BucketSize is how many keys a bucket has and how many bytes they hold.
type BucketSize struct {
	Keys  int64
	Bytes int64
}

// String prints both.
func (s *BucketSize) String() string { return fmt.Sprintf("%d keys, %d bytes", s.Keys, s.Bytes) }

// SideBySide has Size list the prefixes of the first level, up to a slash, n at
// a time. It helps where there are many keys in each.
//
// Example: bucket.Size(SideBySide(8))
func SideBySide(n int) ListOption { return listOption(func(l *listing) { l.sideBySide = n }) }

// OnCount has f told of the count after each page of Size, one call at a time.
//
// Example: bucket.Size(OnCount(func(n BucketSize) { fmt.Println(n.Keys) }))
func OnCount(f func(BucketSize)) ListOption { return listOption(func(l *listing) { l.count = f }) }

// Size counts the bucket's keys and adds up their sizes, in memory that does
// not grow with their number: ListObjectsV2, all pages. Options: Prefix, Marker,
// SideBySide, OnCount.
//
// Example: size := bucket.Size(); fmt.Println(size.Keys, size.Bytes)
func (b *Bucket) Size(opts ...ListOption) (*BucketSize, error) {
	l := listing{}
	for _, o := range opts {
		o.list(&l)
	}
	ctx, cancel := context.WithCancel(b.Connection.ctx())
	defer cancel()
	s := &sizer{bucket: b, report: l.count}
	var err error
	if l.sideBySide > 1 {
		err = s.prefixes(ctx, l)
	} else {
		_, err = s.pages(ctx, l)
	}
	if err != nil {
		return nil, fmt.Errorf("size of bucket %q: %w", b.Name, err)
	}
	return &s.sum, nil
}

type sizer struct {
	bucket *Bucket
	report func(BucketSize)
	mu     sync.Mutex
	sum    BucketSize
}

func (s *sizer) add(contents []types.Object) {
	var bytes int64
	for i := range contents {
		bytes += aws.ToInt64(contents[i].Size)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum.Keys += int64(len(contents))
	s.sum.Bytes += bytes
	if s.report != nil {
		s.report(s.sum)
	}
}

// prefixes adds up what lies on the first level itself, and in each prefix
// below it side by side.
func (s *sizer) prefixes(ctx context.Context, l listing) error {
	l.delimiter = "/"
	names, err := s.pages(ctx, l)
	if err != nil {
		return err
	}
	work := make([]part, len(names))
	for i := range work {
		work[i].number = i
	}
	return each(ctx, l.sideBySide, work, func(ctx context.Context, p part) error {
		below := listing{prefix: names[p.number], marker: l.marker}
		_, err := s.pages(ctx, below)
		return err
	})
}

// sizePage is one page's keys and where the next begins.
type sizePage struct {
	contents []types.Object
	prefixes []string
	next     string
	err      error
}

// pages adds up a listing, each page while the next one is fetched, and gives
// the prefixes it was folded to.
func (s *sizer) pages(ctx context.Context, l listing) (prefixes []string, err error) {
	fetch := func(token string) <-chan sizePage {
		out := make(chan sizePage, 1)
		go func() { out <- s.page(ctx, l, token) }()
		return out
	}
	for next := fetch(""); next != nil; {
		page := <-next
		if page.err != nil {
			return nil, page.err
		}
		next = nil
		if page.next != "" {
			next = fetch(page.next)
		}
		s.add(page.contents)
		prefixes = append(prefixes, page.prefixes...)
	}
	return prefixes, nil
}

func (s *sizer) page(ctx context.Context, l listing, token string) sizePage {
	b, c := s.bucket, s.bucket.Connection
	if c.Target.Service.Name == session.Walrus.Name {
		return s.pageV1(ctx, l, token)
	}
	out, err := follow(c, b.Name, func(opt func(*sdk.Options)) (*sdk.ListObjectsV2Output, error) {
		return c.Client.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{
			Bucket: aws.String(b.Name), Prefix: optional(l.prefix), Delimiter: optional(l.delimiter), StartAfter: optional(l.marker),
			ContinuationToken: optional(token), EncodingType: types.EncodingTypeUrl,
		}, opt)
	})
	if err != nil {
		return sizePage{err: err}
	}
	p := sizePage{contents: out.Contents}
	for _, prefix := range out.CommonPrefixes {
		p.prefixes = append(p.prefixes, plainName(prefix.Prefix, out.EncodingType))
	}
	if aws.ToBool(out.IsTruncated) {
		p.next = aws.ToString(out.NextContinuationToken)
	}
	return p
}

// pageV1 is the page of a store that knows no second version of listings.
func (s *sizer) pageV1(ctx context.Context, l listing, token string) sizePage {
	page := s.bucket.pageV1(ctx, l, token, 0)
	p := sizePage{next: page.token, err: page.err}
	for _, k := range page.keys {
		if k.IsPrefix {
			p.prefixes = append(p.prefixes, k.Name)
		} else {
			p.contents = append(p.contents, types.Object{Size: aws.Int64(k.Size)})
		}
	}
	return p
}
