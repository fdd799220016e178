package cookbook

import (
	"fmt"
	"mime"
	"os"
	"path/filepath"

	"pawsh/bindings/boto"
	"pawsh/bindings/s3"
)

// CreateBucket gives the bucket of a name and makes it where there is none, in
// a location, such as "EU" or "us-west-1", unless it is left out. A name that
// another account has is an error that says so.
// Operations: HeadBucket, CreateBucket.
func CreateBucket(name string, location ...string) (*s3.Bucket, error) {
	c, err := boto.ConnectS3()
	if err != nil {
		return nil, err
	}
	b, err := c.Lookup(name)
	if boto.Code(err) == "Forbidden" || boto.Code(err) == "AccessDenied" {
		return nil, fmt.Errorf("bucket %s belongs to another account, choose another name: %w", name, err)
	}
	if b != nil || err != nil {
		return b, err
	}
	if l := first(location); l != "" {
		return c.CreateBucket(name, s3.Location(l))
	}
	return c.CreateBucket(name)
}

// BucketSize adds up the sizes in bytes of all keys of a bucket.
// Operations: HeadBucket, ListObjectsV2.
func BucketSize(name string) (int64, error) {
	b, err := bucket(name)
	if err != nil {
		return 0, err
	}
	total := int64(0)
	for k, err := range b.List() {
		if err != nil {
			return 0, err
		}
		total += k.Size
	}
	return total, nil
}

// EnableLogging has S3 write a log of all requests to a bucket into another,
// under a prefix. The target is made to accept logs first.
// Operations: HeadBucket, GetBucketAcl, PutBucketAcl, PutBucketLogging.
func EnableLogging(name, logBucket string, prefix ...string) (bool, error) {
	b, err := bucket(name)
	if err != nil {
		return false, err
	}
	target, err := bucket(logBucket)
	if err != nil {
		return false, err
	}
	if err := target.SetAsLoggingTarget(); err != nil {
		return false, err
	}
	return b.EnableLogging(target.Name, first(prefix))
}

// DisableLogging ends a bucket's access log. Operation: PutBucketLogging.
func DisableLogging(name string) (bool, error) {
	b, err := bucket(name)
	if err != nil {
		return false, err
	}
	return b.DisableLogging()
}

// EnableVersioning has a bucket keep every version of its keys, and gives the
// status. Done already it changes nothing.
// Operations: GetBucketVersioning, PutBucketVersioning.
func EnableVersioning(name string) (map[string]string, error) {
	b, err := bucket(name)
	if err != nil {
		return nil, err
	}
	status, err := b.GetVersioningStatus()
	if err != nil || status["Versioning"] == "Enabled" {
		return status, err
	}
	if _, err := b.ConfigureVersioning(true); err != nil {
		return nil, err
	}
	return b.GetVersioningStatus()
}

// EnableMFADelete has a bucket keep versions, and delete one for good only with
// a code of the MFA device of a serial number. On AWS only the account's root
// user may do this. Operations: PutBucketVersioning, GetBucketVersioning.
func EnableMFADelete(name, serial, code string) (map[string]string, error) {
	b, err := bucket(name)
	if err != nil {
		return nil, err
	}
	if _, err := b.ConfigureVersioning(true, s3.MFADelete(true), s3.MFAToken(serial, code)); err != nil {
		return nil, err
	}
	return b.GetVersioningStatus()
}

// UploadWebsite uploads a directory into a bucket for all to read, makes the
// bucket a web site and gives its host. index is the page of a directory,
// errorPage that of what is not there and may be left out.
// Operations: HeadBucket, PutBucketAcl, PutObject for each file,
// PutBucketWebsite, GetBucketLocation.
func UploadWebsite(name, dir, index string, errorPage ...string) (string, error) {
	b, err := bucket(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, index)); err != nil {
		return "", fmt.Errorf("the site has no index page: %w", err)
	}
	if err := b.SetCannedACL("public-read"); err != nil {
		return "", err
	}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		k := b.NewKey(filepath.ToSlash(rel))
		k.ContentType = or(mime.TypeByExtension(filepath.Ext(path)), "application/octet-stream")
		_, err = k.SetContentsFromFilename(path, s3.Policy("public-read"))
		return err
	})
	if err != nil {
		return "", err
	}
	if _, err := b.ConfigureWebsite(index, errorPage...); err != nil {
		return "", err
	}
	return b.GetWebsiteEndpoint()
}
