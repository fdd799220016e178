package s3

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// MultiPartUpload is a key's contents on their way in parts
// (boto: MultiPartUpload).
type MultiPartUpload struct {
	ID           string
	KeyName      string
	BucketName   string
	StorageClass string
	Initiated    time.Time
	Bucket       *Bucket
	Raw          any // *s3.CreateMultipartUploadOutput or types.MultipartUpload
}

// String prints the upload as boto does.
func (u *MultiPartUpload) String() string { return "<MultiPartUpload " + u.KeyName + ">" }

// Part is a part that has come (boto: Part).
type Part struct {
	PartNumber   int
	Size         int64
	ETag         string
	LastModified time.Time
	Raw          any // *s3.UploadPartOutput or types.Part
}

// String prints the part as boto does.
func (p *Part) String() string { return fmt.Sprintf("<Part %d>", p.PartNumber) }

// CompleteMultiPartUpload is the key the parts have become
// (boto: CompleteMultiPartUpload).
type CompleteMultiPartUpload struct {
	BucketName string
	KeyName    string
	Location   string
	ETag       string
	VersionID  string
	Raw        *sdk.CompleteMultipartUploadOutput
}

// String prints the result as boto does.
func (c *CompleteMultiPartUpload) String() string {
	return "<CompleteMultiPartUpload: " + c.BucketName + "." + c.KeyName + ">"
}

// InitiateMultipartUpload begins to store a key in parts, of 5 MiB to 5 GiB
// each but for the last: CreateMultipartUpload
// (boto: initiate_multipart_upload). Options: Policy, ReducedRedundancy,
// EncryptKey. Parts cost until CompleteUpload or CancelUpload.
//
// Example: upload := bucket.InitiateMultipartUpload("film2.mp4")
func (b *Bucket) InitiateMultipartUpload(keyName string, opts ...SetContentsOption) (*MultiPartUpload, error) {
	k := b.NewKey(keyName)
	k.ContentType = typeByName(keyName)
	return b.initiate(k, opts)
}

func (b *Bucket) initiate(k *Key, opts []SetContentsOption) (*MultiPartUpload, error) {
	keyName := k.Name
	like := k.putInput()
	for _, o := range opts {
		o.setContents(like)
	}
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.CreateMultipartUploadOutput, error) {
		return b.Connection.Client.CreateMultipartUpload(b.Connection.ctx(), &sdk.CreateMultipartUploadInput{
			Bucket: aws.String(b.Name), Key: aws.String(keyName), ACL: like.ACL, StorageClass: like.StorageClass,
			ServerSideEncryption: like.ServerSideEncryption, ContentType: like.ContentType, ContentEncoding: like.ContentEncoding,
			ContentDisposition: like.ContentDisposition, ContentLanguage: like.ContentLanguage, CacheControl: like.CacheControl,
			Metadata: like.Metadata,
		}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("initiate multipart upload of %q to bucket %q: %w", keyName, b.Name, err)
	}
	return &MultiPartUpload{
		ID: aws.ToString(out.UploadId), KeyName: keyName, BucketName: b.Name, StorageClass: storageClass(like.StorageClass), Bucket: b, Raw: out,
	}, nil
}

// UploadPartFromFile stores part partNum, counted from 1, from a reader: all
// of it, or size bytes if size is given: UploadPart
// (boto: upload_part_from_file). Code EntityTooSmall comes from
// CompleteUpload.
//
// Example: upload.UploadPartFromFile(strings.NewReader("the first part"), 1)
func (u *MultiPartUpload) UploadPartFromFile(fp io.Reader, partNum int, size ...int64) (*Part, error) {
	if len(size) > 0 {
		fp = io.LimitReader(fp, size[0])
	}
	// A part is read into memory: it must be sent again when the line breaks.
	data, err := io.ReadAll(fp)
	if err != nil {
		return nil, fmt.Errorf("upload part %d of %q: %w", partNum, u.KeyName, err)
	}
	c := u.Bucket.Connection
	out, err := follow(c, u.BucketName, func(opt func(*sdk.Options)) (*sdk.UploadPartOutput, error) {
		return c.Client.UploadPart(c.ctx(), &sdk.UploadPartInput{
			Bucket: aws.String(u.BucketName), Key: aws.String(u.KeyName), UploadId: aws.String(u.ID),
			PartNumber: aws.Int32(int32(partNum)), Body: bytes.NewReader(data),
		}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("upload part %d of %q: %w", partNum, u.KeyName, err)
	}
	return &Part{PartNumber: partNum, Size: int64(len(data)), ETag: aws.ToString(out.ETag), Raw: out}, nil
}

// GetAllParts lists the parts that have come: ListParts, all pages
// (boto: get_all_parts).
//
// Example: upload.GetAllParts()
func (u *MultiPartUpload) GetAllParts() ([]*Part, error) {
	c, list := u.Bucket.Connection, []*Part{}
	in := &sdk.ListPartsInput{Bucket: aws.String(u.BucketName), Key: aws.String(u.KeyName), UploadId: aws.String(u.ID)}
	for {
		out, err := follow(c, u.BucketName, func(opt func(*sdk.Options)) (*sdk.ListPartsOutput, error) {
			return c.Client.ListParts(c.ctx(), in, opt)
		})
		if err != nil {
			return nil, fmt.Errorf("list parts of %q: %w", u.KeyName, err)
		}
		for _, p := range out.Parts {
			list = append(list, &Part{
				PartNumber: int(aws.ToInt32(p.PartNumber)), Size: aws.ToInt64(p.Size), ETag: aws.ToString(p.ETag), LastModified: aws.ToTime(p.LastModified), Raw: p,
			})
		}
		if !aws.ToBool(out.IsTruncated) {
			return list, nil
		}
		in.PartNumberMarker = out.NextPartNumberMarker
	}
}

// CompleteUpload makes the parts that have come the key's contents: ListParts,
// CompleteMultipartUpload (boto: complete_upload). Codes EntityTooSmall,
// InvalidPart, NoSuchUpload.
//
// Example: upload.UploadPartFromFile(strings.NewReader("all of it"), 1); upload.CompleteUpload()
func (u *MultiPartUpload) CompleteUpload() (*CompleteMultiPartUpload, error) {
	parts, err := u.GetAllParts()
	if err != nil {
		return nil, err
	}
	done := &types.CompletedMultipartUpload{}
	for _, p := range parts {
		done.Parts = append(done.Parts, completed(p.PartNumber, p.ETag, p.checksums()))
	}
	c := u.Bucket.Connection
	out, err := follow(c, u.BucketName, func(opt func(*sdk.Options)) (*sdk.CompleteMultipartUploadOutput, error) {
		return c.Client.CompleteMultipartUpload(c.ctx(), &sdk.CompleteMultipartUploadInput{
			Bucket: aws.String(u.BucketName), Key: aws.String(u.KeyName), UploadId: aws.String(u.ID), MultipartUpload: done,
		}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("complete upload of %q: %w", u.KeyName, err)
	}
	return &CompleteMultiPartUpload{
		BucketName: u.BucketName, KeyName: u.KeyName, Location: aws.ToString(out.Location), ETag: aws.ToString(out.ETag), VersionID: aws.ToString(out.VersionId), Raw: out,
	}, nil
}

// CancelUpload throws the parts away: AbortMultipartUpload
// (boto: cancel_upload). Code NoSuchUpload.
//
// Example: upload.CancelUpload()
func (u *MultiPartUpload) CancelUpload() error {
	c := u.Bucket.Connection
	_, err := follow(c, u.BucketName, func(opt func(*sdk.Options)) (*sdk.AbortMultipartUploadOutput, error) {
		return c.Client.AbortMultipartUpload(c.ctx(), &sdk.AbortMultipartUploadInput{Bucket: aws.String(u.BucketName), Key: aws.String(u.KeyName), UploadId: aws.String(u.ID)}, opt)
	})
	if err != nil {
		return fmt.Errorf("cancel upload of %q: %w", u.KeyName, err)
	}
	return nil
}

// GetAllMultipartUploads lists the uploads that are neither complete nor
// cancelled: ListMultipartUploads, all pages
// (boto: get_all_multipart_uploads).
//
// Example: bucket.GetAllMultipartUploads()
func (b *Bucket) GetAllMultipartUploads() ([]*MultiPartUpload, error) {
	list := []*MultiPartUpload{}
	in := &sdk.ListMultipartUploadsInput{Bucket: aws.String(b.Name)}
	for {
		out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.ListMultipartUploadsOutput, error) {
			return b.Connection.Client.ListMultipartUploads(b.Connection.ctx(), in, opt)
		})
		if err != nil {
			return nil, fmt.Errorf("list multipart uploads of bucket %q: %w", b.Name, err)
		}
		for _, u := range out.Uploads {
			list = append(list, &MultiPartUpload{
				ID: aws.ToString(u.UploadId), KeyName: aws.ToString(u.Key), BucketName: b.Name, StorageClass: storageClass(u.StorageClass),
				Initiated: aws.ToTime(u.Initiated), Bucket: b, Raw: u,
			})
		}
		if !aws.ToBool(out.IsTruncated) {
			return list, nil
		}
		in.KeyMarker, in.UploadIdMarker = out.NextKeyMarker, out.NextUploadIdMarker
	}
}
