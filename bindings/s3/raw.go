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
func RawHeadObject(set func(*sdk.HeadObjectInput)) GetKeyOption { return raw[sdk.HeadObjectInput](set) }

// RawDeleteObject sets the SDK's own input of the call: DeleteObject.
func RawDeleteObject(set func(*sdk.DeleteObjectInput)) DeleteKeyOption {
	return raw[sdk.DeleteObjectInput](set)
}

// RawCreateBucket sets the SDK's own input of the call: CreateBucket.
func RawCreateBucket(set func(*sdk.CreateBucketInput)) CreateBucketOption {
	return raw[sdk.CreateBucketInput](set)
}

// RawPutObject sets the SDK's own input of the call: PutObject.
func RawPutObject(set func(*sdk.PutObjectInput)) SetContentsOption {
	return raw[sdk.PutObjectInput](set)
}

// RawGetObject sets the SDK's own input of the call: GetObject.
func RawGetObject(set func(*sdk.GetObjectInput)) GetContentsOption {
	return raw[sdk.GetObjectInput](set)
}

// RawPutBucketVersioning sets the SDK's own input of the call: PutBucketVersioning.
func RawPutBucketVersioning(set func(*sdk.PutBucketVersioningInput)) ConfigureVersioningOption {
	return raw[sdk.PutBucketVersioningInput](set)
}
