package s3

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// HeadBucket tells that a bucket is there and may be read: HeadBucket
// (boto: head_bucket). Codes NotFound, Forbidden.
//
// Example: s3.HeadBucket("photos-2012")
func (c *Connection) HeadBucket(bucketName string) (*Bucket, error) { return c.GetBucket(bucketName) }

// GetCanonicalUserID gives the id that grants know the account by: ListBuckets
// (boto: get_canonical_user_id).
//
// Example: s3.GetCanonicalUserID()
func (c *Connection) GetCanonicalUserID() (string, error) {
	out, err := c.Client.ListBuckets(c.ctx(), &sdk.ListBucketsInput{})
	if err != nil {
		return "", fmt.Errorf("get canonical user id: %w", err)
	}
	if out.Owner == nil {
		return "", nil
	}
	return aws.ToString(out.Owner.ID), nil
}

// GenerateURL makes a URL as Key.GenerateURL does, for the bucket itself
// (boto: generate_url).
//
// Example: bucket.GenerateURL(3600)
func (b *Bucket) GenerateURL(expiresIn int, opts ...GenerateURLOption) (string, error) {
	return b.Connection.GenerateURL(expiresIn, "GET", b.Name, "", opts...)
}

// CancelMultipartUpload throws the parts of an upload away:
// AbortMultipartUpload (boto: cancel_multipart_upload). Code NoSuchUpload.
//
// Example: bucket.CancelMultipartUpload(upload.KeyName, upload.ID)
func (b *Bucket) CancelMultipartUpload(keyName, uploadID string) error {
	return (&MultiPartUpload{ID: uploadID, KeyName: keyName, BucketName: b.Name, Bucket: b}).CancelUpload()
}

// CompleteMultipartUpload makes the parts of an upload the key's contents:
// ListParts, CompleteMultipartUpload (boto: complete_multipart_upload).
//
// Example: upload.UploadPartFromFile(strings.NewReader("all of it"), 1); bucket.CompleteMultipartUpload(upload.KeyName, upload.ID)
func (b *Bucket) CompleteMultipartUpload(keyName, uploadID string) (*CompleteMultiPartUpload, error) {
	return (&MultiPartUpload{ID: uploadID, KeyName: keyName, BucketName: b.Name, Bucket: b}).CompleteUpload()
}

// ListMultipartUploads is GetAllMultipartUploads: ListMultipartUploads, all
// pages (boto: list_multipart_uploads).
//
// Example: bucket.ListMultipartUploads()
func (b *Bucket) ListMultipartUploads() ([]*MultiPartUpload, error) {
	return b.GetAllMultipartUploads()
}

// CopyPartFromKey stores part partNum from a key that is in S3 already, its
// bytes start to end if both are given: UploadPartCopy
// (boto: copy_part_from_key).
//
// Example: upload.CopyPartFromKey("photos-2012", "cat.jpg", 1)
func (u *MultiPartUpload) CopyPartFromKey(srcBucketName, srcKeyName string, partNum int, startEnd ...int64) (*Part, error) {
	c := u.Bucket.Connection
	in := &sdk.UploadPartCopyInput{
		Bucket: aws.String(u.BucketName), Key: aws.String(u.KeyName), UploadId: aws.String(u.ID), PartNumber: aws.Int32(int32(partNum)),
		CopySource: aws.String(copySource(srcBucketName, srcKeyName, "")),
	}
	if len(startEnd) == 2 {
		in.CopySourceRange = aws.String(fmt.Sprintf("bytes=%d-%d", startEnd[0], startEnd[1]))
	}
	out, err := follow(c, u.BucketName, func(opt func(*sdk.Options)) (*sdk.UploadPartCopyOutput, error) {
		return c.Client.UploadPartCopy(c.ctx(), in, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("copy part %d of %q from key %q of bucket %q: %w", partNum, u.KeyName, srcKeyName, srcBucketName, err)
	}
	p := &Part{PartNumber: partNum, Raw: out}
	if r := out.CopyPartResult; r != nil {
		p.ETag, p.LastModified = aws.ToString(r.ETag), aws.ToTime(r.LastModified)
	}
	return p, nil
}

// SetWebsiteConfiguration has the bucket serve as a web site as w says:
// PutBucketWebsite (boto: set_website_configuration).
//
// Example: bucket.SetWebsiteConfiguration(&Website{Suffix: "index.html", ErrorKey: "error.html"})
func (b *Bucket) SetWebsiteConfiguration(w *Website) (bool, error) {
	conf := &types.WebsiteConfiguration{}
	if w.RedirectAllRequestsTo != "" {
		conf.RedirectAllRequestsTo = &types.RedirectAllRequestsTo{HostName: aws.String(w.RedirectAllRequestsTo)}
	}
	if w.Suffix != "" {
		conf.IndexDocument = &types.IndexDocument{Suffix: aws.String(w.Suffix)}
	}
	if w.ErrorKey != "" {
		conf.ErrorDocument = &types.ErrorDocument{Key: aws.String(w.ErrorKey)}
	}
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketWebsiteOutput, error) {
		return b.Connection.Client.PutBucketWebsite(b.Connection.ctx(), &sdk.PutBucketWebsiteInput{Bucket: aws.String(b.Name), WebsiteConfiguration: conf}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("set website of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// GetRedirect gives where the key's page on a web site sends its visitors, ""
// for nowhere: HeadObject (boto: get_redirect).
//
// Example: key.GetRedirect()
func (k *Key) GetRedirect() (string, error) {
	if err := k.check("get redirect of"); err != nil {
		return "", err
	}
	out, err := k.headObject(k.Bucket.Connection.ctx(), k.VersionID, 0)
	if err != nil {
		return "", fmt.Errorf("get redirect of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	return aws.ToString(out.WebsiteRedirectLocation), nil
}

// SetRedirect makes the key an empty page that sends visitors of the web site
// to a URL or to another key, "/other": PutObject (boto: set_redirect).
//
// Example: bucket.NewKey("old.html").SetRedirect("/new.html")
func (k *Key) SetRedirect(location string) error {
	_, err := k.SetContentsFromString("", putOption(func(in *sdk.PutObjectInput) { in.WebsiteRedirectLocation = aws.String(location) }))
	return err
}

// UpdateMetadata sets several entries of the metadata, as SetMetadata does one
// (boto: update_metadata).
//
// Example: key.UpdateMetadata(map[string]string{"color": "grey", "age": "3"}); key.SetContentsFromString("meow")
func (k *Key) UpdateMetadata(m map[string]string) {
	for name, value := range m {
		k.SetMetadata(name, value)
	}
}

// SetRemoteMetadata changes the metadata of what is stored, by a copy onto
// itself: entries of plus are set, those named in minus taken away: HeadObject,
// CopyObject (boto: set_remote_metadata).
//
// Example: key.SetRemoteMetadata(map[string]string{"Content-Type": "image/jpeg", "color": "grey"}, nil)
func (k *Key) SetRemoteMetadata(plus map[string]string, minus []string, opts ...CopyOption) (*Key, error) {
	now, err := k.Bucket.Lookup(k.Name)
	if err != nil {
		return nil, err
	}
	if now == nil {
		return nil, fmt.Errorf("set metadata of key %q of bucket %q: it is not there", k.Name, k.Bucket.Name)
	}
	now.UpdateMetadata(plus)
	for _, name := range minus {
		maps.DeleteFunc(now.Metadata, func(have, _ string) bool { return strings.EqualFold(have, name) })
	}
	all := append([]CopyOption{Metadata(now.Metadata), ValidateDstBucket(false)}, opts...)
	if _, err := now.Copy(k.Bucket.Name, k.Name, all...); err != nil {
		return nil, err
	}
	k.Metadata, k.ContentType = now.Metadata, now.ContentType
	return now, nil
}

// ComputeMD5 gives the MD5 of what is left of a reader, in hex and in base64,
// and winds it back (boto: compute_md5).
//
// Example: key.ComputeMD5(strings.NewReader("meow"))
func (k *Key) ComputeMD5(fp io.ReadSeeker) (hexDigest, b64Digest string, err error) {
	_, hexDigest, err = measure(fp)
	if err != nil {
		return "", "", fmt.Errorf("MD5: %w", err)
	}
	raw, err := hex.DecodeString(hexDigest)
	if err != nil || len(raw) != md5.Size {
		return "", "", fmt.Errorf("MD5 %q: %w", hexDigest, err)
	}
	return hexDigest, base64.StdEncoding.EncodeToString(raw), nil
}
