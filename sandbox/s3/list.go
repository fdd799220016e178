package s3

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// maxPage is how many entries a listing has at most.
const maxPage = 1000

// entry is one line of a listing: an object, or all that share a prefix.
type entry struct {
	key    string
	prefix bool
}

// pageSize reads max-keys and its like.
func pageSize(n *int32, name string) (int, error) {
	if n == nil {
		return maxPage, nil
	}
	if *n < 0 {
		return 0, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Argument %s must be an integer between 0 and 2147483647", name).With("ArgumentName", name)
	}
	return min(int(*n), maxPage), nil
}

// walk lists what is under prefix behind start, at most limit entries; more
// says whether there are further ones. shown says which keys count. A group
// of keys with a common prefix is stepped over as a whole.
func (s *keys) walk(prefix, delimiter, start string, limit int, shown func(string) bool) (out []entry, more bool) {
	if limit == 0 {
		return nil, false
	}
	from := prefix
	if start >= prefix && start != "" {
		from = start + "\x00"
		if group, ok := groupOf(start, prefix, delimiter); ok && group == start { // the page before ended with the group
			if from = after(group); from == "" {
				return nil, false
			}
		}
	}
	for {
		next := "" // where to go on behind a group
		for k := range s.from(from) {
			if !strings.HasPrefix(k, prefix) {
				return out, false
			}
			if !shown(k) {
				continue
			}
			if len(out) == limit {
				return out, true
			}
			group, ok := groupOf(k, prefix, delimiter)
			if !ok {
				out = append(out, entry{key: k})
				continue
			}
			if group > start { // a marker inside of a group has seen it
				out = append(out, entry{group, true})
			}
			if next = after(group); next == "" {
				return out, false
			}
			break
		}
		if next == "" {
			return out, false
		}
		from = next
	}
}

// groupOf is the common prefix that k is listed under, false when it is
// listed by itself.
func groupOf(k, prefix, delimiter string) (string, bool) {
	if delimiter == "" || !strings.HasPrefix(k, prefix) {
		return "", false
	}
	i := strings.Index(k[len(prefix):], delimiter)
	if i < 0 {
		return "", false
	}
	return k[:len(prefix)+i+len(delimiter)], true
}

// encode writes a name for a listing, as encoding-type asks.
func encode(how types.EncodingType, s string) *string {
	if how == types.EncodingTypeUrl {
		s = strings.NewReplacer("%2F", "/", "%2A", "*").Replace(url.QueryEscape(s))
	}
	return &s
}

func checkEncoding(e types.EncodingType) error {
	if e != "" && e != types.EncodingTypeUrl {
		return wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid Encoding Method specified in Request").With("ArgumentName", "encoding-type").With("ArgumentValue", string(e))
	}
	return nil
}

func optional(e types.EncodingType, s *string) *string {
	if s == nil {
		return nil
	}
	return encode(e, *s)
}

// current says whether a key's newest version is content.
func (b *bucket) current(k string) bool { return !b.objects[k].marker }

func (q *call) object(e types.EncodingType, k string, withOwner bool) types.Object {
	v := q.bucket.objects[k]
	o := types.Object{Key: encode(e, k), ETag: aws.String(v.etag), Size: aws.Int64(v.body.size()), LastModified: aws.Time(v.modified),
		StorageClass: types.ObjectStorageClassStandard, ChecksumType: v.sumType}
	for _, c := range v.sums {
		o.ChecksumAlgorithm = append(o.ChecksumAlgorithm, types.ChecksumAlgorithm(c.name))
	}
	if v.class != "" {
		o.StorageClass = types.ObjectStorageClass(v.class)
	}
	if withOwner {
		o.Owner = owner(v.acl.account)
	}
	return o
}

func listObjects(q *call, in *s3.ListObjectsInput) (*s3.ListObjectsOutput, error) {
	limit, err := pageSize(in.MaxKeys, "max-keys")
	if err != nil {
		return nil, err
	}
	if err := checkEncoding(in.EncodingType); err != nil {
		return nil, err
	}
	e, delimiter := in.EncodingType, aws.ToString(in.Delimiter)
	list, more := q.bucket.keys.walk(aws.ToString(in.Prefix), delimiter, aws.ToString(in.Marker), limit, q.bucket.current)
	out := &s3.ListObjectsOutput{Name: aws.String(q.bucket.name), Prefix: encode(e, aws.ToString(in.Prefix)), Marker: encode(e, aws.ToString(in.Marker)),
		Delimiter: optional(e, in.Delimiter), EncodingType: e, MaxKeys: aws.Int32(int32(limit)), IsTruncated: aws.Bool(more)}
	for _, x := range list {
		if x.prefix {
			out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: encode(e, x.key)})
		} else {
			out.Contents = append(out.Contents, q.object(e, x.key, true))
		}
	}
	if more && delimiter != "" {
		out.NextMarker = encode(e, list[len(list)-1].key)
	}
	return out, nil
}

// tokenHead marks continuation tokens, which are the last entry in disguise.
const tokenHead = "1:"

func listObjectsV2(q *call, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	limit, err := pageSize(in.MaxKeys, "max-keys")
	if err != nil {
		return nil, err
	}
	if err := checkEncoding(in.EncodingType); err != nil {
		return nil, err
	}
	start := aws.ToString(in.StartAfter)
	if in.ContinuationToken != nil {
		raw, err := base64.StdEncoding.DecodeString(*in.ContinuationToken)
		rest, ok := strings.CutPrefix(string(raw), tokenHead)
		if err != nil || !ok {
			return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "The continuation token provided is incorrect").With("ArgumentName", "continuation-token")
		}
		start = rest
	}
	e := in.EncodingType
	list, more := q.bucket.keys.walk(aws.ToString(in.Prefix), aws.ToString(in.Delimiter), start, limit, q.bucket.current)
	out := &s3.ListObjectsV2Output{Name: aws.String(q.bucket.name), Prefix: encode(e, aws.ToString(in.Prefix)), Delimiter: optional(e, in.Delimiter),
		EncodingType: e, MaxKeys: aws.Int32(int32(limit)), IsTruncated: aws.Bool(more), KeyCount: aws.Int32(int32(len(list))),
		StartAfter: optional(e, in.StartAfter), ContinuationToken: in.ContinuationToken}
	for _, x := range list {
		if x.prefix {
			out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: encode(e, x.key)})
		} else {
			out.Contents = append(out.Contents, q.object(e, x.key, aws.ToBool(in.FetchOwner)))
		}
	}
	if more {
		out.NextContinuationToken = aws.String(base64.StdEncoding.EncodeToString([]byte(tokenHead + list[len(list)-1].key)))
	}
	return out, nil
}
