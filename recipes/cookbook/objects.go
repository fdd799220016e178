package cookbook

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pawsh/bindings/s3"
)

// StorePrivateData stores a file in a bucket under a key that its owner alone
// can read. Operations: HeadBucket, PutObject.
func StorePrivateData(bucketName, key, file string) (*s3.Key, error) {
	return store(bucketName, key, file, nil)
}

// StoreWithMetadata stores a file with metadata of one's own.
// Operations: HeadBucket, PutObject.
func StoreWithMetadata(bucketName, key, file string, metadata map[string]string) (*s3.Key, error) {
	return store(bucketName, key, file, metadata)
}

// StoreReducedRedundancy stores a file as REDUCED_REDUNDANCY, for what can be
// made again. Operations: HeadBucket, PutObject.
func StoreReducedRedundancy(bucketName, key, file string) (*s3.Key, error) {
	return store(bucketName, key, file, nil, s3.ReducedRedundancy(true))
}

// store stores a file under a key, the file's own name unless given.
func store(bucketName, key, file string, metadata map[string]string, opts ...s3.SetContentsOption) (*s3.Key, error) {
	b, err := bucket(bucketName)
	if err != nil {
		return nil, err
	}
	k := b.NewKey(or(key, filepath.Base(file)))
	k.UpdateMetadata(metadata)
	if _, err := k.SetContentsFromFilename(file, opts...); err != nil {
		return nil, err
	}
	return k, nil
}

// CopyObject copies a key to another bucket, under a name, the same unless
// given. The copy has metadata, where it is not nil, in place of the original's.
// Operations: HeadBucket, HeadObject, CopyObject.
func CopyObject(srcBucket, srcKey, dstBucket, dstKey string, metadata map[string]string) (*s3.Key, error) {
	src, err := bucket(srcBucket)
	if err != nil {
		return nil, err
	}
	k, err := object(src, srcKey)
	if err != nil {
		return nil, err
	}
	if _, err := bucket(dstBucket); err != nil {
		return nil, err
	}
	var opts []s3.CopyOption
	if metadata != nil {
		opts = append(opts, s3.Metadata(metadata))
	}
	return k.Copy(dstBucket, or(dstKey, srcKey), opts...)
}

// ModifyMetadata gives a key other metadata in place of what it has: it copies
// the key onto itself, since S3 can't change a key. Who may read it stays.
// Operations: HeadObject, GetObjectAcl, CopyObject, PutObjectAcl.
func ModifyMetadata(bucketName, key string, metadata map[string]string) (*s3.Key, error) {
	b, err := bucket(bucketName)
	if err != nil {
		return nil, err
	}
	k, err := object(b, key)
	if err != nil {
		return nil, err
	}
	return k.Copy(b.Name, k.Name, s3.Metadata(metadata), s3.PreserveACL(true))
}

// ReduceRedundancy makes a key that is stored already REDUCED_REDUNDANCY.
// Operations: HeadObject, GetObjectAcl, CopyObject, PutObjectAcl.
func ReduceRedundancy(bucketName, key string) (*s3.Key, error) {
	b, err := bucket(bucketName)
	if err != nil {
		return nil, err
	}
	k, err := object(b, key)
	if err != nil {
		return nil, err
	}
	return k.Copy(b.Name, k.Name, s3.ReducedRedundancy(true), s3.PreserveACL(true))
}

// ExpiringURL makes a URL by which anyone can read a key for some seconds. A key
// that is not there is an error: a signed URL would not tell.
// Operation: HeadObject.
func ExpiringURL(bucketName, key string, seconds int) (string, error) {
	b, err := bucket(bucketName)
	if err != nil {
		return "", err
	}
	k, err := object(b, key)
	if err != nil {
		return "", err
	}
	return k.GenerateURL(seconds)
}

// MultipartUpload stores a file in parts of so many bytes, 5 MiB at least. When
// a part fails the upload is cancelled, since the parts would cost for ever.
// Operations: CreateMultipartUpload, UploadPart, CompleteMultipartUpload,
// AbortMultipartUpload.
func MultipartUpload(bucketName, key, file string, partSize ...int64) (_ *s3.CompleteMultiPartUpload, err error) {
	b, err := bucket(bucketName)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	const least = 5 << 20
	size := or(first(partSize), least)
	if size < least {
		return nil, fmt.Errorf("parts of %d bytes: S3 wants at least %d", size, least)
	}
	up, err := b.InitiateMultipartUpload(or(key, filepath.Base(file)))
	if err != nil {
		return nil, err
	}
	var undo undoing
	defer func() { undo.after(&err) }()
	undo.add(up.CancelUpload)
	for n, at := 1, int64(0); at < info.Size() || n == 1; n, at = n+1, at+size {
		part := min(size, info.Size()-at)
		if _, err := up.UploadPartFromFile(io.NewSectionReader(f, at, part), n, part); err != nil {
			return nil, fmt.Errorf("part %d of %s: %w", n, file, err)
		}
	}
	return up.CompleteUpload()
}
