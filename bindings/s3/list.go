package s3

import (
	"context"
	"fmt"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/bindings/session"
)

// ListOption is an argument of List and GetAllKeys.
type ListOption interface{ list(*listing) }

type listing struct {
	prefix, delimiter, marker string
	limit                     int
	sideBySide                int              // of Size
	count                     func(BucketSize) // of Size
}

type listOption func(*listing)

func (f listOption) list(l *listing) { f(l) }

// Prefix lists only keys whose names begin so (boto: prefix).
//
// Example: bucket.GetAllKeys(Prefix("2012/"))
func Prefix(text string) ListOption { return listOption(func(l *listing) { l.prefix = text }) }

// Delimiter folds names that go on after this text into one entry, as a slash
// makes folders of them (boto: delimiter). Those entries have IsPrefix set.
//
// Example: bucket.GetAllKeys(Delimiter("/"))
func Delimiter(text string) ListOption { return listOption(func(l *listing) { l.delimiter = text }) }

// Marker lists only keys after this name (boto: marker).
//
// Example: bucket.GetAllKeys(Marker("b"))
func Marker(keyName string) ListOption { return listOption(func(l *listing) { l.marker = keyName }) }

// MaxKeys ends the list after so many keys (boto: max_keys).
//
// Example: bucket.GetAllKeys(MaxKeys(10))
func MaxKeys(n int) ListOption { return listOption(func(l *listing) { l.limit = n }) }

// List walks the bucket's keys in the order of their names, however many:
// ListObjectsV2, page by page, the next page fetched while this one is used
// (boto: list, and iterating over a bucket). Options: Prefix, Delimiter,
// Marker, MaxKeys. Keys from a listing have no metadata. An error ends the
// walk.
//
// Example: for k := range bucket.List(Prefix("cat")) { fmt.Println(k.Name, k.Size) }
func (b *Bucket) List(opts ...ListOption) iter.Seq2[*Key, error] {
	var l listing
	for _, o := range opts {
		o.list(&l)
	}
	return func(yield func(*Key, error) bool) {
		ctx, cancel := context.WithCancel(b.Connection.ctx())
		defer cancel()
		left := l.limit
		next := b.fetch(ctx, l, "", left)
		for next != nil {
			page := <-next
			if page.err != nil {
				yield(nil, fmt.Errorf("list bucket %q: %w", b.Name, page.err))
				return
			}
			next = nil
			if rest := left - len(page.keys); page.token != "" && (l.limit == 0 || rest > 0) {
				next = b.fetch(ctx, l, page.token, rest)
			}
			for _, k := range page.keys {
				if !yield(k, nil) {
					return
				}
				if left--; l.limit > 0 && left == 0 {
					return
				}
			}
		}
	}
}

// GetAllKeys lists the bucket's keys, all pages: ListObjectsV2
// (boto: get_all_keys). Options as List; MaxKeys(n) asks for no more than n.
//
// Example: bucket.GetAllKeys()
func (b *Bucket) GetAllKeys(opts ...ListOption) ([]*Key, error) {
	list := []*Key{}
	for k, err := range b.List(opts...) {
		if err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, nil
}

type keyPage struct {
	keys  []*Key
	token string // of the next page; "" at the end
	err   error
}

// fetch asks for a page in the background. The channel has room for it, so
// that nobody waits when the walk ends early.
func (b *Bucket) fetch(ctx context.Context, l listing, token string, limit int) <-chan keyPage {
	out := make(chan keyPage, 1)
	ask := b.pageV2
	if b.Connection.Target.Service.Name == session.Walrus.Name {
		ask = b.pageV1 // Walrus knows no second version
	}
	go func() { out <- ask(ctx, l, token, limit) }()
	return out
}

func pageSize(limit int) *int32 {
	if limit > 0 && limit < 1000 {
		return aws.Int32(int32(limit))
	}
	return nil
}

func (b *Bucket) pageV2(ctx context.Context, l listing, token string, limit int) keyPage {
	in := &sdk.ListObjectsV2Input{
		Bucket: aws.String(b.Name), Prefix: optional(l.prefix), Delimiter: optional(l.delimiter),
		StartAfter: optional(l.marker), ContinuationToken: optional(token), MaxKeys: pageSize(limit),
		EncodingType: types.EncodingTypeUrl,
	}
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.ListObjectsV2Output, error) {
		return b.Connection.Client.ListObjectsV2(ctx, in, opt)
	})
	if err != nil {
		return keyPage{err: err}
	}
	p := keyPage{keys: b.keys(out.Contents, out.CommonPrefixes, out.EncodingType)}
	if aws.ToBool(out.IsTruncated) {
		p.token = aws.ToString(out.NextContinuationToken)
	}
	return p
}

func (b *Bucket) pageV1(ctx context.Context, l listing, token string, limit int) keyPage {
	marker := l.marker
	if token != "" {
		marker = token
	}
	in := &sdk.ListObjectsInput{
		Bucket: aws.String(b.Name), Prefix: optional(l.prefix), Delimiter: optional(l.delimiter),
		Marker: optional(marker), MaxKeys: pageSize(limit),
	}
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.ListObjectsOutput, error) {
		return b.Connection.Client.ListObjects(ctx, in, opt)
	})
	if err != nil {
		return keyPage{err: err}
	}
	p := keyPage{keys: b.keys(out.Contents, out.CommonPrefixes, out.EncodingType)}
	if aws.ToBool(out.IsTruncated) {
		if p.token = aws.ToString(out.NextMarker); p.token == "" && len(p.keys) > 0 {
			p.token = p.keys[len(p.keys)-1].Name
		}
	}
	return p
}

// keys merges a page's keys and folded names into one list in their order.
func (b *Bucket) keys(contents []types.Object, prefixes []types.CommonPrefix, encoding types.EncodingType) []*Key {
	plain := func(s *string) string { return plainName(s, encoding) }
	list := make([]*Key, 0, len(contents)+len(prefixes))
	add := func(raw types.Object) {
		k := &Key{
			Name: plain(raw.Key), Bucket: b, Size: aws.ToInt64(raw.Size), ETag: aws.ToString(raw.ETag),
			LastModified: aws.ToTime(raw.LastModified), StorageClass: string(raw.StorageClass), Raw: raw,
			Metadata: map[string]string{},
		}
		if raw.Owner != nil {
			k.Owner = owner(raw.Owner)
		}
		list = append(list, k)
	}
	for _, p := range prefixes {
		name := plain(p.Prefix)
		for len(contents) > 0 && plain(contents[0].Key) < name {
			add(contents[0])
			contents = contents[1:]
		}
		list = append(list, &Key{Name: name, Bucket: b, IsPrefix: true, Raw: p})
	}
	for _, raw := range contents {
		add(raw)
	}
	return list
}
