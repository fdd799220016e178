package s3

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Bucket holds keys (boto: Bucket). It is a name and a connection; nothing is
// asked until a method is called.
type Bucket struct {
	Name         string
	CreationDate time.Time // known from a listing
	Connection   *Connection
	Raw          types.Bucket
}

// String prints the bucket as boto does.
func (b *Bucket) String() string { return "<Bucket: " + b.Name + ">" }

func (c *Connection) bucket(name string) *Bucket { return &Bucket{Name: name, Connection: c} }

// NewKey makes a key of this bucket, here only: nothing is stored until its
// contents are set (boto: new_key).
//
// Example: bucket.NewKey("notes.txt").SetContentsFromString("hello")
func (b *Bucket) NewKey(keyName ...string) *Key {
	k := &Key{Bucket: b, Metadata: map[string]string{}}
	if len(keyName) > 0 {
		k.Name = keyName[0]
	}
	return k
}

// GetKeyOption is an argument of GetKey.
type GetKeyOption interface {
	getKey(*sdk.HeadObjectInput) bool
}

func (o ValidateOption) getKey(*sdk.HeadObjectInput) bool { return o.yes }

// VersionIDOption is what VersionID gives.
type VersionIDOption struct{ id string }

// VersionID means one version of a key (boto: version_id).
//
// Example: bucket.GetKey("cat.jpg", VersionID(versions[0].VersionID))
func VersionID(id string) VersionIDOption { return VersionIDOption{id} }

func (o VersionIDOption) getKey(in *sdk.HeadObjectInput) bool {
	in.VersionId = optional(o.id)
	return true
}

// GetKey gives a key with its metadata, or nil when there is none of that
// name: HeadObject (boto: get_key). Options: VersionID; Validate(false) does
// not ask. Code Forbidden.
//
// Example: bucket.GetKey("cat.jpg").Size
func (b *Bucket) GetKey(keyName string, opts ...GetKeyOption) (*Key, error) {
	in := &sdk.HeadObjectInput{Bucket: aws.String(b.Name), Key: aws.String(keyName)}
	for _, o := range opts {
		if !o.getKey(in) {
			return b.NewKey(keyName), nil
		}
	}
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.HeadObjectOutput, error) {
		return b.Connection.Client.HeadObject(b.Connection.ctx(), in, opt)
	})
	if isNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get key %q of bucket %q: %w", keyName, b.Name, err)
	}
	k := b.NewKey(keyName)
	k.head(out)
	return k, nil
}

// Lookup is GetKey without options: HeadObject (boto: lookup).
//
// Example: bucket.Lookup("dog.jpg") == nil
func (b *Bucket) Lookup(keyName string) (*Key, error) { return b.GetKey(keyName) }

// DeleteKeyOption is an argument of DeleteKey.
type DeleteKeyOption interface{ deleteKey(*sdk.DeleteObjectInput) }

func (o VersionIDOption) deleteKey(in *sdk.DeleteObjectInput) { in.VersionId = optional(o.id) }

// MFATokenOption is what MFAToken gives.
type MFATokenOption struct{ serial, code string }

// MFAToken proves a deletion with the code of a device (boto: mfa_token).
//
// Example: bucket.DeleteKey("cat.jpg", MFAToken("arn:aws:iam::123456789012:mfa/bob", "123456"))
func MFAToken(serial, code string) MFATokenOption { return MFATokenOption{serial, code} }

func (o MFATokenOption) header() *string { return aws.String(o.serial + " " + o.code) }

func (o MFATokenOption) deleteKey(in *sdk.DeleteObjectInput) { in.MFA = o.header() }

// DeleteKey removes a key, there or not; in a bucket with versions it puts a
// delete marker over it, unless VersionID names the version to remove:
// DeleteObject (boto: delete_key). The key it gives tells the marker.
//
// Example: bucket.DeleteKey("cat.jpg")
func (b *Bucket) DeleteKey(keyName string, opts ...DeleteKeyOption) (*Key, error) {
	in := &sdk.DeleteObjectInput{Bucket: aws.String(b.Name), Key: aws.String(keyName)}
	for _, o := range opts {
		o.deleteKey(in)
	}
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteObjectOutput, error) {
		return b.Connection.Client.DeleteObject(b.Connection.ctx(), in, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("delete key %q of bucket %q: %w", keyName, b.Name, err)
	}
	k := b.NewKey(keyName)
	k.VersionID, k.DeleteMarker = aws.ToString(out.VersionId), aws.ToBool(out.DeleteMarker)
	return k, nil
}

// Delete removes the bucket, which must be empty: DeleteBucket
// (boto: delete).
//
// Example: key.Delete(); bucket.Delete()
func (b *Bucket) Delete() error { return b.Connection.DeleteBucket(b.Name) }

// GetLocation tells where the bucket is as S3 does: "" for us-east-1, "EU" or
// a region's name: GetBucketLocation (boto: get_location).
//
// Example: bucket.GetLocation()
func (b *Bucket) GetLocation() (string, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketLocationOutput, error) {
		return b.Connection.Client.GetBucketLocation(b.Connection.ctx(), &sdk.GetBucketLocationInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return "", fmt.Errorf("get location of bucket %q: %w", b.Name, err)
	}
	return string(out.LocationConstraint), nil
}

// optional is nil for an empty text: boto's None.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
