package s3

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// MultiDeleteResult tells what became of each key of a batch
// (boto: MultiDeleteResult).
type MultiDeleteResult struct {
	Deleted []*Key
	Errors  []*DeleteError
}

// String prints how it went.
func (r *MultiDeleteResult) String() string {
	return fmt.Sprintf("<MultiDeleteResult: %d deleted, %d errors>", len(r.Deleted), len(r.Errors))
}

// DeleteError tells why one key of a batch is still there (boto: Error).
type DeleteError struct{ Key, VersionID, Code, Message string }

// String prints the key and why.
func (e *DeleteError) String() string { return "<Error: " + e.Key + "(" + e.Code + ")>" }

// batchLimit is how many keys one DeleteObjects takes.
const batchLimit = 1000

// DeleteKeys removes many keys, 1,000 a request: DeleteObjects
// (boto: delete_keys). A key is a *Key, whose version counts, or a name. It
// does not fail where a single key can't be removed: see the result's Errors.
//
// Example: bucket.DeleteKeys(bucket.GetAllKeys(Prefix("cat"))).Deleted
func (b *Bucket) DeleteKeys(keys any) (*MultiDeleteResult, error) {
	var objects []types.ObjectIdentifier
	switch list := keys.(type) {
	case []string:
		for _, name := range list {
			objects = append(objects, types.ObjectIdentifier{Key: aws.String(name)})
		}
	case []*Key:
		for _, k := range list {
			objects = append(objects, types.ObjectIdentifier{Key: aws.String(k.Name), VersionId: optional(k.VersionID)})
		}
	default:
		return nil, fmt.Errorf("delete keys of bucket %q: want a []*Key or []string, not a %T", b.Name, keys)
	}
	result := &MultiDeleteResult{}
	for len(objects) > 0 {
		n := min(len(objects), batchLimit)
		out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteObjectsOutput, error) {
			return b.Connection.Client.DeleteObjects(b.Connection.ctx(), &sdk.DeleteObjectsInput{Bucket: aws.String(b.Name), Delete: &types.Delete{Objects: objects[:n]}}, opt)
		})
		if err != nil {
			return result, fmt.Errorf("delete %d keys of bucket %q: %w", n, b.Name, err)
		}
		objects = objects[n:]
		for _, d := range out.Deleted {
			k := b.NewKey(aws.ToString(d.Key))
			k.VersionID, k.DeleteMarker, k.Raw = aws.ToString(d.VersionId), aws.ToBool(d.DeleteMarker), d
			result.Deleted = append(result.Deleted, k)
		}
		for _, e := range out.Errors {
			result.Errors = append(result.Errors, &DeleteError{aws.ToString(e.Key), aws.ToString(e.VersionId), aws.ToString(e.Code), aws.ToString(e.Message)})
		}
	}
	return result, nil
}
