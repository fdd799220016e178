package s3

import (
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"pawsh/bindings/session"
)

// Raw gives a connection like this one on whose calls set is run with the SDK's
// own input before it is sent, for what boto never knew. Each set is a
// func(*s3.PutObjectInput), or of another operation's input; every call that
// sends that operation is changed, also those of resources it gives.
//
// Example: s3.Raw(func(in *s3.ListObjectsV2Input) { in.FetchOwner = aws.Bool(true) }).GetBucket("photos-2012").GetAllKeys()
func (c *Connection) Raw(set ...any) (*Connection, error) {
	step, err := session.RawInput(set...)
	if err != nil {
		return nil, err
	}
	d := &Connection{
		Region: c.Region, Host: c.Host, Port: c.Port, Path: c.Path, IsSecure: c.IsSecure,
		AWSAccessKeyID: c.AWSAccessKeyID, Debug: c.Debug, Target: c.Target, regions: map[string]string{},
	}
	d.Client = sdk.New(c.Client.Options(), func(o *sdk.Options) {
		o.APIOptions = append(slices.Clone(o.APIOptions), step)
	})
	return d, nil
}

// raw is a function that sets what boto never knew, as an option. It has the
// methods of all options, each with its own input for parameter: so it is an
// option of the one call that sends that input, and of no other.
type raw[In any] func(*In)

func (f raw[In]) getKey(in *In) bool { f(in); return true }

func (f raw[In]) deleteKey(in *In) { f(in) }

func (f raw[In]) createBucket(in *In) { f(in) }

func (f raw[In]) setContents(in *In) { f(in) }

func (f raw[In]) getContents(in *In) { f(in) }

func (f raw[In]) versioning(in *In) { f(in) }

// RawHeadObject sets the SDK's own input of the call: HeadObject.
//
// Example: bucket.GetKey("cat.jpg", RawHeadObject(func(in *s3.HeadObjectInput) { in.Range = aws.String("bytes=0-1") }))
func RawHeadObject(set func(*sdk.HeadObjectInput)) GetKeyOption { return raw[sdk.HeadObjectInput](set) }

// RawDeleteObject sets the SDK's own input of the call: DeleteObject.
//
// Example: bucket.DeleteKey("cat.jpg", RawDeleteObject(func(in *s3.DeleteObjectInput) { in.BypassGovernanceRetention = aws.Bool(true) }))
func RawDeleteObject(set func(*sdk.DeleteObjectInput)) DeleteKeyOption {
	return raw[sdk.DeleteObjectInput](set)
}

// RawCreateBucket sets the SDK's own input of the call: CreateBucket.
//
// Example: s3.CreateBucket("backup-2012", RawCreateBucket(func(in *s3.CreateBucketInput) { in.ObjectOwnership = "ObjectWriter" }))
func RawCreateBucket(set func(*sdk.CreateBucketInput)) CreateBucketOption {
	return raw[sdk.CreateBucketInput](set)
}

// RawPutObject sets the SDK's own input of the call: PutObject.
//
// Example: key.SetContentsFromString("meow", RawPutObject(func(in *s3.PutObjectInput) { in.ContentLanguage = aws.String("en") }))
func RawPutObject(set func(*sdk.PutObjectInput)) SetContentsOption {
	return raw[sdk.PutObjectInput](set)
}

// RawGetObject sets the SDK's own input of the call: GetObject.
//
// Example: key.GetContentsAsString(RawGetObject(func(in *s3.GetObjectInput) { in.Range = aws.String("bytes=0-1") }))
func RawGetObject(set func(*sdk.GetObjectInput)) GetContentsOption {
	return raw[sdk.GetObjectInput](set)
}

// RawPutBucketVersioning sets the SDK's own input of the call: PutBucketVersioning.
//
// Example: bucket.ConfigureVersioning(true, RawPutBucketVersioning(func(in *s3.PutBucketVersioningInput) { in.ExpectedBucketOwner = nil }))
func RawPutBucketVersioning(set func(*sdk.PutBucketVersioningInput)) ConfigureVersioningOption {
	return raw[sdk.PutBucketVersioningInput](set)
}
