package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const defaultContentType = "application/octet-stream"

// SetContentsOption is an argument of the calls that set a key's contents.
type SetContentsOption interface{ setContents(*sdk.PutObjectInput) }

type putOption func(*sdk.PutObjectInput)

func (f putOption) setContents(in *sdk.PutObjectInput) { f(in) }

func (o PolicyOption) setContents(in *sdk.PutObjectInput) { in.ACL = types.ObjectCannedACL(o.canned) }

// ReducedRedundancyOption is what ReducedRedundancy gives.
type ReducedRedundancyOption struct{ yes bool }

// ReducedRedundancy stores at a lower price and safety
// (boto: reduced_redundancy).
//
// Example: key.SetContentsFromFilename("cat.jpg", ReducedRedundancy(true))
func ReducedRedundancy(yes bool) ReducedRedundancyOption { return ReducedRedundancyOption{yes} }

func (o ReducedRedundancyOption) setContents(in *sdk.PutObjectInput) {
	if o.yes {
		in.StorageClass = types.StorageClassReducedRedundancy
	}
}

// EncryptKeyOption is what EncryptKey gives.
type EncryptKeyOption struct{ yes bool }

// EncryptKey has S3 encrypt what it stores (boto: encrypt_key).
//
// Example: key.SetContentsFromFilename("cat.jpg", EncryptKey(true))
func EncryptKey(yes bool) EncryptKeyOption { return EncryptKeyOption{yes} }

func (o EncryptKeyOption) setContents(in *sdk.PutObjectInput) {
	if o.yes {
		in.ServerSideEncryption = types.ServerSideEncryptionAes256
	}
}

// Replace, when false, leaves contents that are there already: the call then
// fails with code PreconditionFailed (boto: replace).
//
// Example: bucket.NewKey("notes.txt").SetContentsFromString("hello", Replace(false))
func Replace(yes bool) SetContentsOption {
	return putOption(func(in *sdk.PutObjectInput) {
		if !yes {
			in.IfNoneMatch = aws.String("*")
		}
	})
}

// SetContentsFromString stores text and tells its length in bytes: PutObject
// (boto: set_contents_from_string). Options: Policy, ReducedRedundancy,
// EncryptKey, Replace. Code NoSuchBucket.
//
// Example: bucket.NewKey("notes.txt").SetContentsFromString("hello")
func (k *Key) SetContentsFromString(stringData string, opts ...SetContentsOption) (int64, error) {
	return k.put(strings.NewReader(stringData), opts)
}

// SetContentsFromFilename stores a file, its type told from its name unless
// ContentType is set: PutObject (boto: set_contents_from_filename). A file
// above 5 GiB needs UploadFile. Options as
// SetContentsFromString.
//
// Example: bucket.NewKey("cat2.jpg").SetContentsFromFilename("cat.jpg")
func (k *Key) SetContentsFromFilename(filename string, opts ...SetContentsOption) (int64, error) {
	f, err := os.Open(filename)
	if err != nil {
		return 0, fmt.Errorf("set contents of key %q: %w", k.Name, err)
	}
	defer f.Close()
	if k.Name == "" {
		k.Name = filepath.Base(filename)
	}
	if k.ContentType == "" {
		k.ContentType = typeByName(filename)
	}
	return k.put(f, opts)
}

// SetContentsFromFile stores what a reader gives; one that can't seek is read
// into memory first: PutObject (boto: set_contents_from_file). Options as
// SetContentsFromString.
//
// Example: f := os.Open("cat.jpg"); bucket.NewKey("cat2.jpg").SetContentsFromFile(f)
func (k *Key) SetContentsFromFile(fp io.Reader, opts ...SetContentsOption) (int64, error) {
	seeker, ok := fp.(io.ReadSeeker)
	if !ok {
		data, err := io.ReadAll(fp)
		if err != nil {
			return 0, fmt.Errorf("set contents of key %q: %w", k.Name, err)
		}
		seeker = bytes.NewReader(data)
	}
	return k.put(seeker, opts)
}

func (k *Key) put(body io.ReadSeeker, opts []SetContentsOption) (int64, error) {
	if err := k.check("set contents of"); err != nil {
		return 0, err
	}
	size, sum, err := measure(body)
	if err != nil {
		return 0, fmt.Errorf("set contents of key %q: %w", k.Name, err)
	}
	if k.ContentType == "" {
		k.ContentType = defaultContentType
	}
	in := k.putInput()
	in.Body, in.ContentLength = body, aws.Int64(size)
	for _, o := range opts {
		o.setContents(in)
	}
	extra := headersOf(opts)
	start, _ := body.Seek(0, io.SeekCurrent)
	out, err := follow(k.Bucket.Connection, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.PutObjectOutput, error) {
		if _, err := body.Seek(start, io.SeekStart); err != nil {
			return nil, err
		}
		return k.Bucket.Connection.Client.PutObject(k.Bucket.Connection.ctx(), in, opt, extra)
	})
	if err != nil {
		return 0, fmt.Errorf("set contents of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	k.Size, k.MD5, k.ETag, k.VersionID = size, sum, aws.ToString(out.ETag), aws.ToString(out.VersionId)
	k.Encrypted, k.StorageClass = string(out.ServerSideEncryption), storageClass(in.StorageClass)
	return size, nil
}

// putInput is what a key sends with its contents.
func (k *Key) putInput() *sdk.PutObjectInput {
	in := &sdk.PutObjectInput{
		Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name),
		ContentType: optional(k.ContentType), ContentEncoding: optional(k.ContentEncoding),
		ContentDisposition: optional(k.ContentDisposition), ContentLanguage: optional(k.ContentLanguage),
		CacheControl: optional(k.CacheControl), Metadata: k.Metadata,
	}
	if class := types.StorageClass(k.StorageClass); class != "" && class != types.StorageClassStandard {
		in.StorageClass = class
	}
	return in
}

// measure tells what is left of a body and its MD5, and winds it back.
func measure(body io.ReadSeeker) (size int64, sum string, err error) {
	start, err := body.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, "", err
	}
	var h hash.Hash = md5.New()
	if size, err = io.Copy(h, body); err != nil {
		return 0, "", err
	}
	_, err = body.Seek(start, io.SeekStart)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// typeByName knows the common types itself, so that they do not depend on the
// files of the machine.
func typeByName(filename string) string {
	ext := strings.ToLower(filepath.Ext(filename))
	if t := commonTypes[ext]; t != "" {
		return t
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return defaultContentType
}

var commonTypes = map[string]string{
	".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".csv": "text/csv",
	".js": "text/javascript", ".json": "application/json", ".xml": "text/xml", ".pdf": "application/pdf",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
	".ico": "image/vnd.microsoft.icon", ".webp": "image/webp", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
	".zip": "application/zip", ".gz": "application/gzip", ".tar": "application/x-tar", ".md": "text/markdown",
	".py": "text/x-python", ".go": "text/x-go", ".sh": "application/x-sh",
}

// GetContentsOption is an argument of the calls that read a key's contents.
type GetContentsOption interface{ getContents(*sdk.GetObjectInput) }

func (o VersionIDOption) getContents(in *sdk.GetObjectInput) { in.VersionId = optional(o.id) }

// Open gives the contents as a stream, which the caller closes: GetObject
// (boto: open_read). It fills in the key's fields. Code NoSuchKey.
//
// Example: body := key.Open(); data := io.ReadAll(body); body.Close(); len(data)
func (k *Key) Open(opts ...GetContentsOption) (io.ReadCloser, error) {
	if err := k.check("get contents of"); err != nil {
		return nil, err
	}
	in := &sdk.GetObjectInput{Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), VersionId: optional(k.VersionID)}
	for _, o := range opts {
		o.getContents(in)
	}
	extra := headersOf(opts)
	out, err := follow(k.Bucket.Connection, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.GetObjectOutput, error) {
		return k.Bucket.Connection.Client.GetObject(k.Bucket.Connection.ctx(), in, opt, extra)
	})
	if err != nil {
		return nil, fmt.Errorf("get contents of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	k.Size, k.ETag, k.LastModified = aws.ToInt64(out.ContentLength), aws.ToString(out.ETag), aws.ToTime(out.LastModified)
	k.ContentType, k.ContentEncoding = aws.ToString(out.ContentType), aws.ToString(out.ContentEncoding)
	k.ContentDisposition, k.ContentLanguage = aws.ToString(out.ContentDisposition), aws.ToString(out.ContentLanguage)
	k.CacheControl, k.Encrypted = aws.ToString(out.CacheControl), string(out.ServerSideEncryption)
	k.StorageClass, k.Metadata, k.Raw = storageClass(out.StorageClass), metadata(out.Metadata), out
	return out.Body, nil
}

// GetContentsAsString gives the contents as text: GetObject
// (boto: get_contents_as_string). Option VersionID. Code NoSuchKey.
//
// Example: key.GetContentsAsString()
func (k *Key) GetContentsAsString(opts ...GetContentsOption) (string, error) {
	var b strings.Builder
	if err := k.GetContentsToFile(&b, opts...); err != nil {
		return "", err
	}
	return b.String(), nil
}

// GetContentsToFile copies the contents to a writer: GetObject
// (boto: get_contents_to_file). Option VersionID. Code NoSuchKey.
//
// Example: var b strings.Builder; key.GetContentsToFile(&b); b.Len()
func (k *Key) GetContentsToFile(fp io.Writer, opts ...GetContentsOption) error {
	body, err := k.Open(opts...)
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := io.Copy(fp, body); err != nil {
		return fmt.Errorf("get contents of key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	return nil
}

// GetContentsToFilename copies the contents to a file, which appears when it
// is whole: GetObject (boto: get_contents_to_filename). Option VersionID. Code
// NoSuchKey.
//
// Example: key.GetContentsToFilename("copy.jpg")
func (k *Key) GetContentsToFilename(filename string, opts ...GetContentsOption) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(filename), "."+filepath.Base(filename)+".*")
	if err != nil {
		return fmt.Errorf("get contents of key %q: %w", k.Name, err)
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if err := errors.Join(k.GetContentsToFile(tmp, opts...), tmp.Close()); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(filename); err == nil {
		mode = info.Mode().Perm()
	}
	if err := errors.Join(os.Chmod(tmp.Name(), mode), os.Rename(tmp.Name(), filename)); err != nil {
		return fmt.Errorf("get contents of key %q: %w", k.Name, err)
	}
	if !k.LastModified.IsZero() {
		// As boto does; a file system that can't is no reason to fail.
		_ = os.Chtimes(filename, k.LastModified, k.LastModified)
	}
	return nil
}

// SetContentsFromStream is SetContentsFromFile: PutObject
// (boto: set_contents_from_stream).
//
// Example: bucket.NewKey("log.txt").SetContentsFromStream(strings.NewReader("a long story"))
func (k *Key) SetContentsFromStream(fp io.Reader, opts ...SetContentsOption) (int64, error) {
	return k.SetContentsFromFile(fp, opts...)
}

// Restore brings a key back from an archive for some days: RestoreObject
// (boto: restore). Codes InvalidObjectState, RestoreAlreadyInProgress.
//
// Example: bucket.CopyKey("old.jpg", "photos-2012", "cat.jpg", StorageClass("GLACIER")).Restore(7)
func (k *Key) Restore(days int) error {
	if err := k.check("restore"); err != nil {
		return err
	}
	c := k.Bucket.Connection
	_, err := follow(c, k.Bucket.Name, func(opt func(*sdk.Options)) (*sdk.RestoreObjectOutput, error) {
		return c.Client.RestoreObject(c.ctx(), &sdk.RestoreObjectInput{
			Bucket: aws.String(k.Bucket.Name), Key: aws.String(k.Name), VersionId: optional(k.VersionID),
			RestoreRequest: &types.RestoreRequest{Days: aws.Int32(int32(days))},
		}, opt)
	})
	if err != nil {
		return fmt.Errorf("restore key %q of bucket %q: %w", k.Name, k.Bucket.Name, err)
	}
	return nil
}
