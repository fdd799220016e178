package s3

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Key is a name in a bucket and what is stored under it (boto: Key). Keys from
// a listing lack what only HeadObject tells: ContentType and Metadata.
type Key struct {
	Name         string
	Bucket       *Bucket
	Size         int64  // bytes
	ETag         string // in quotes, as S3 sends it
	LastModified time.Time
	StorageClass string
	VersionID    string
	IsLatest     bool // of the versions in a listing
	DeleteMarker bool
	IsPrefix     bool // a folded name of a listing with Delimiter, no key
	Owner        *Owner

	// What is sent with the contents when they are set.
	ContentType        string
	ContentEncoding    string
	ContentDisposition string
	ContentLanguage    string
	CacheControl       string
	Metadata           map[string]string // names without x-amz-meta-, in lower case from S3

	Encrypted      string // "AES256", "aws:kms"
	OngoingRestore bool
	ExpiryDate     time.Time // of a restored copy
	MD5            string    // in hex, of the contents last set
	Raw            any       // *s3.HeadObjectOutput, *s3.GetObjectOutput or types.Object
}

// Owner is who owns a bucket or key (boto: User).
type Owner struct{ ID, DisplayName string }

// String prints the owner's name.
func (o *Owner) String() string { return "<User: " + o.DisplayName + ">" }

func owner(raw *types.Owner) *Owner {
	return &Owner{ID: aws.ToString(raw.ID), DisplayName: aws.ToString(raw.DisplayName)}
}

// String prints the key as boto does.
func (k *Key) String() string {
	bucket := "None"
	if k.Bucket != nil {
		bucket = k.Bucket.Name
	}
	switch {
	case k.IsPrefix:
		return "<Prefix: " + bucket + "," + k.Name + ">"
	case k.DeleteMarker:
		return "<DeleteMarker: " + bucket + "," + k.Name + ">"
	}
	return "<Key: " + bucket + "," + k.Name + ">"
}

func (k *Key) check(doing string) error {
	switch {
	case k.Bucket == nil || k.Bucket.Connection == nil:
		return fmt.Errorf("%s key %q: it belongs to no bucket; bucket.NewKey(name) makes one", doing, k.Name)
	case k.Name == "":
		return fmt.Errorf("%s a key of bucket %q: it has no name", doing, k.Bucket.Name)
	}
	return nil
}

func (k *Key) head(out *sdk.HeadObjectOutput) {
	k.Size, k.ETag, k.LastModified = aws.ToInt64(out.ContentLength), aws.ToString(out.ETag), aws.ToTime(out.LastModified)
	k.StorageClass, k.VersionID = storageClass(out.StorageClass), aws.ToString(out.VersionId)
	k.ContentType, k.ContentEncoding = aws.ToString(out.ContentType), aws.ToString(out.ContentEncoding)
	k.ContentDisposition, k.ContentLanguage = aws.ToString(out.ContentDisposition), aws.ToString(out.ContentLanguage)
	k.CacheControl, k.Encrypted = aws.ToString(out.CacheControl), string(out.ServerSideEncryption)
	k.DeleteMarker = aws.ToBool(out.DeleteMarker)
	k.Metadata = metadata(out.Metadata)
	k.restore(aws.ToString(out.Restore))
	k.Raw = out
}

func metadata(raw map[string]string) map[string]string {
	if raw == nil {
		return map[string]string{}
	}
	return raw
}

// storageClass names the class that S3 leaves unsaid.
func storageClass(raw types.StorageClass) string {
	if raw == "" {
		return string(types.StorageClassStandard)
	}
	return string(raw)
}

// restore reads x-amz-restore: ongoing-request="false", expiry-date="Fri, ...".
func (k *Key) restore(header string) {
	k.OngoingRestore = strings.Contains(header, `ongoing-request="true"`)
	if _, rest, ok := strings.Cut(header, `expiry-date="`); ok {
		text, _, _ := strings.Cut(rest, `"`)
		k.ExpiryDate, _ = time.Parse(time.RFC1123, text)
	}
}

// GetMetadata gives one entry of the metadata, "" when there is none
// (boto: get_metadata).
//
// Example: key.GetMetadata("color")
func (k *Key) GetMetadata(name string) string { return k.Metadata[name] }

// SetMetadata sets one entry of the metadata, to be sent with the contents
// (boto: set_metadata). content-type and its like set the header instead.
//
// Example: key.SetMetadata("color", "grey"); key.SetContentsFromString("meow")
func (k *Key) SetMetadata(name, value string) {
	switch strings.ToLower(name) {
	case "content-type":
		k.ContentType = value
	case "content-encoding":
		k.ContentEncoding = value
	case "content-disposition":
		k.ContentDisposition = value
	case "content-language":
		k.ContentLanguage = value
	case "cache-control":
		k.CacheControl = value
	default:
		if k.Metadata == nil {
			k.Metadata = map[string]string{}
		}
		k.Metadata[name] = value
	}
}

// Delete removes the key, or the one version it was got as: DeleteObject
// (boto: delete).
//
// Example: key.Delete()
func (k *Key) Delete() (*Key, error) {
	if err := k.check("delete"); err != nil {
		return nil, err
	}
	return k.Bucket.DeleteKey(k.Name, VersionID(k.VersionID))
}

// Exists tells whether the key is in the bucket: HeadObject (boto: exists).
//
// Example: key.Exists()
func (k *Key) Exists() (bool, error) {
	if err := k.check("look for"); err != nil {
		return false, err
	}
	found, err := k.Bucket.Lookup(k.Name)
	return found != nil, err
}
