package s3

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// CopyOption is an argument of the calls that copy a key.
type CopyOption interface{ copyKey(*copying) }

type copying struct {
	in          sdk.CopyObjectInput
	preserveACL bool
	validate    bool
	version     string
}

type copyOption func(*copying)

func (f copyOption) copyKey(c *copying) { f(c) }

// Metadata gives the copy metadata of its own instead of the original's
// (boto: metadata).
//
// Example: key.Copy("photos-2012", "cat2.jpg", Metadata(map[string]string{"color": "grey"}))
func Metadata(m map[string]string) CopyOption {
	return copyOption(func(c *copying) {
		c.in.Metadata, c.in.MetadataDirective = m, types.MetadataDirectiveReplace
	})
}

// PreserveACL gives the copy the original's access rights, at the price of two
// more requests (boto: preserve_acl).
//
// Example: key.Copy("photos-2012", "cat2.jpg", PreserveACL(true))
func PreserveACL(yes bool) CopyOption { return copyOption(func(c *copying) { c.preserveACL = yes }) }

// StorageClass names the copy's storage class (boto: storage_class).
//
// Example: key.Copy("photos-2012", "cat2.jpg", StorageClass("STANDARD_IA"))
func StorageClass(name string) CopyOption {
	return copyOption(func(c *copying) { c.in.StorageClass = types.StorageClass(name) })
}

// SrcVersionID copies one version of the original (boto: src_version_id).
//
// Example: bucket.CopyKey("cat.jpg", "photos-2012", "cat.jpg", SrcVersionID(versions[0].VersionID))
func SrcVersionID(id string) CopyOption { return copyOption(func(c *copying) { c.version = id }) }

// ValidateDstBucket, when false, does not first ask whether the destination
// is there (boto: validate_dst_bucket).
//
// Example: key.Copy("photos-2012", "cat2.jpg", ValidateDstBucket(false))
func ValidateDstBucket(yes bool) CopyOption {
	return copyOption(func(c *copying) { c.validate = yes })
}

func (o ReducedRedundancyOption) copyKey(c *copying) {
	if o.yes {
		c.in.StorageClass = types.StorageClassReducedRedundancy
	}
}

func (o EncryptKeyOption) copyKey(c *copying) {
	if o.yes {
		c.in.ServerSideEncryption = types.ServerSideEncryptionAes256
	}
}

// CopyKey copies a key of any bucket into this one: CopyObject
// (boto: copy_key). Options: Metadata, PreserveACL, StorageClass,
// SrcVersionID, ReducedRedundancy, EncryptKey. Codes NoSuchKey, NoSuchBucket.
//
// Example: bucket.CopyKey("cat2.jpg", "photos-2012", "cat.jpg")
func (b *Bucket) CopyKey(newKeyName, srcBucketName, srcKeyName string, opts ...CopyOption) (*Key, error) {
	c := copying{}
	for _, o := range opts {
		o.copyKey(&c)
	}
	k, err := b.copyKey(&c, newKeyName, srcBucketName, srcKeyName)
	if err != nil {
		return nil, fmt.Errorf("copy key %q of bucket %q to %q of bucket %q: %w", srcKeyName, srcBucketName, newKeyName, b.Name, err)
	}
	return k, nil
}

func (b *Bucket) copyKey(c *copying, newKeyName, srcBucketName, srcKeyName string) (*Key, error) {
	conn := b.Connection
	var acl *sdk.GetObjectAclOutput
	if c.preserveACL {
		var err error
		acl, err = follow(conn, srcBucketName, func(opt func(*sdk.Options)) (*sdk.GetObjectAclOutput, error) {
			return conn.Client.GetObjectAcl(conn.ctx(), &sdk.GetObjectAclInput{Bucket: aws.String(srcBucketName), Key: aws.String(srcKeyName), VersionId: optional(c.version)}, opt)
		})
		if err != nil {
			return nil, err
		}
	}
	c.in.Bucket, c.in.Key = aws.String(b.Name), aws.String(newKeyName)
	c.in.CopySource = aws.String(copySource(srcBucketName, srcKeyName, c.version))
	out, err := follow(conn, b.Name, func(opt func(*sdk.Options)) (*sdk.CopyObjectOutput, error) {
		return conn.Client.CopyObject(conn.ctx(), &c.in, opt)
	})
	if err != nil {
		return nil, err
	}
	if acl != nil {
		_, err := follow(conn, b.Name, func(opt func(*sdk.Options)) (*sdk.PutObjectAclOutput, error) {
			return conn.Client.PutObjectAcl(conn.ctx(), &sdk.PutObjectAclInput{
				Bucket: aws.String(b.Name), Key: aws.String(newKeyName),
				AccessControlPolicy: &types.AccessControlPolicy{Owner: acl.Owner, Grants: acl.Grants},
			}, opt)
		})
		if err != nil {
			return nil, err
		}
	}
	k := b.NewKey(newKeyName)
	k.VersionID, k.StorageClass = aws.ToString(out.VersionId), storageClass(c.in.StorageClass)
	if r := out.CopyObjectResult; r != nil {
		k.ETag, k.LastModified = aws.ToString(r.ETag), aws.ToTime(r.LastModified)
	}
	if c.in.MetadataDirective == types.MetadataDirectiveReplace {
		k.Metadata = metadata(c.in.Metadata)
	}
	return k, nil
}

// copySource is a bucket and key as the header of a copy names them.
func copySource(bucket, key, version string) string {
	parts := strings.Split(key, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), "+", "%2B")
	}
	s := bucket + "/" + strings.Join(parts, "/")
	if version != "" {
		s += "?versionId=" + url.QueryEscape(version)
	}
	return s
}

// Copy copies the key to a bucket, under a name: CopyObject (boto: copy). The
// copy has the original's metadata unless Metadata gives it other, and its
// storage class. Options: Metadata, PreserveACL, ReducedRedundancy,
// EncryptKey, StorageClass, ValidateDstBucket. Codes NoSuchKey, NotFound (no
// such destination).
//
// Example: key.Copy("photos-2012", "cat2.jpg")
func (k *Key) Copy(dstBucket, dstKey string, opts ...CopyOption) (*Key, error) {
	if err := k.check("copy"); err != nil {
		return nil, err
	}
	c := copying{validate: true, version: k.VersionID}
	if class := types.StorageClass(k.StorageClass); class != types.StorageClassStandard {
		c.in.StorageClass = class
	}
	for _, o := range opts {
		o.copyKey(&c)
	}
	if c.in.MetadataDirective == types.MetadataDirectiveReplace {
		// Replacing the metadata would otherwise lose the type too.
		c.in.ContentType = optional(k.ContentType)
	}
	dst := k.Bucket.Connection.bucket(dstBucket)
	if c.validate {
		if _, err := k.Bucket.Connection.GetBucket(dstBucket); err != nil {
			return nil, fmt.Errorf("copy key %q: %w", k.Name, err)
		}
	}
	out, err := dst.copyKey(&c, dstKey, k.Bucket.Name, k.Name)
	if err != nil {
		return nil, fmt.Errorf("copy key %q of bucket %q to %q of bucket %q: %w", k.Name, k.Bucket.Name, dstKey, dstBucket, err)
	}
	return out, nil
}

// ChangeStorageClass copies the key onto itself in another storage class, its
// access rights kept: CopyObject (boto: change_storage_class).
//
// Example: key.ChangeStorageClass("STANDARD_IA")
func (k *Key) ChangeStorageClass(newStorageClass string) (*Key, error) {
	if newStorageClass == "" {
		return nil, errors.New("change storage class: no class named")
	}
	out, err := k.Copy(k.Bucket.Name, k.Name, StorageClass(newStorageClass), PreserveACL(true), ValidateDstBucket(false))
	if err == nil {
		k.StorageClass, k.VersionID = newStorageClass, out.VersionID
	}
	return out, err
}
