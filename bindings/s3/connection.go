// Package s3 is S3 as boto's users know it: a Connection, its Buckets and
// their Keys, with boto's method names in Go case.
//
// Everything goes through aws-sdk-go-v2, whose client is Connection.Client.
// Lists walk all pages. A bucket in another region than the connection's is
// followed there. Every error wraps AWS's own, so errors.As to smithy.APIError
// gives the code.
package s3

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/bindings/internal/regional"
	"pawsh/bindings/session"
)

// Connection is an open connection to S3, or to a store that speaks as S3 does
// (boto: S3Connection). It is safe for concurrent use.
type Connection struct {
	Client *sdk.Client // the SDK's own client, for all that is not here

	Region         *RegionInfo
	Host           string
	Port           int
	Path           string
	IsSecure       bool
	AWSAccessKeyID string
	Debug          int             // the level it was opened at, as boto counts
	Target         *session.Target // how the connection was resolved

	mu      sync.Mutex
	regions map[string]string // of buckets that are elsewhere
}

// RegionInfo is a region and the host S3 answers at there (boto: RegionInfo).
type RegionInfo struct {
	Name     string
	Endpoint string

	env    *session.Env
	parent *session.Target
}

// String prints the region as boto does.
func (r *RegionInfo) String() string { return "RegionInfo:" + r.Name }

// Connect opens a connection to the region (boto: connect).
//
// Example: eu := boto.S3.Regions()[0].Connect()
func (r *RegionInfo) Connect(opts ...session.ConnectOption) (*Connection, error) {
	if r.parent != nil {
		env, all := r.parent.Elsewhere(r.Name, opts...)
		return open(env, r.parent.Service, all)
	}
	return Connect(r.env, append([]session.ConnectOption{session.Region(r.Name)}, opts...)...)
}

// Regions lists the regions of the partition env works in, sorted by name. It
// needs no network (boto: boto.s3.regions).
func Regions(env *session.Env) []*RegionInfo {
	return regional.Regions(env, session.S3, func(name, host string) *RegionInfo { return &RegionInfo{Name: name, Endpoint: host, env: env} })
}

// Connect opens a connection to S3. It sends nothing. Errors:
// *session.NoCredentialsError where the sandbox is off.
func Connect(env *session.Env, opts ...session.ConnectOption) (*Connection, error) {
	return open(env, session.S3, opts)
}

// ConnectWalrus opens a connection to the Walrus of a Eucalyptus cloud.
// Errors: *session.NoHostError, *session.NoCredentialsError.
func ConnectWalrus(env *session.Env, opts ...session.ConnectOption) (*Connection, error) {
	return open(env, session.Walrus, opts)
}

// ConnectGoogle opens a connection to Google Cloud Storage, by its
// interoperable keys. Errors: *session.NoCredentialsError.
func ConnectGoogle(env *session.Env, opts ...session.ConnectOption) (*Connection, error) {
	return open(env, session.GoogleStorage, opts)
}

func open(env *session.Env, service session.Service, opts []session.ConnectOption) (*Connection, error) {
	t, err := env.Open(service, opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", service.Name, err)
	}
	c := &Connection{
		Host: t.Host, Port: t.Port, Path: t.Path, IsSecure: t.IsSecure,
		AWSAccessKeyID: t.AccessKeyID, Debug: t.Debug(), Target: t, regions: map[string]string{},
	}
	c.Region = &RegionInfo{Name: t.Region, Endpoint: t.Host, parent: t}
	c.Client = sdk.NewFromConfig(t.Config, func(o *sdk.Options) {
		o.BaseEndpoint = t.Config.BaseEndpoint
		// A host of one's own has no names for its buckets.
		o.UsePathStyle = t.OwnHost || t.Sandbox
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	return c, nil
}

// String prints the connection as boto does.
func (c *Connection) String() string { return "S3Connection:" + c.Host }

// SetRequestHook has hook called after each request of this connection; nil
// ends that (boto: set_request_hook).
//
// Example: s3.SetRequestHook(boto.RequestLogger("requests.csv"))
func (c *Connection) SetRequestHook(hook session.RequestHook) { c.Target.SetRequestHook(hook) }

func (c *Connection) ctx() context.Context { return c.Target.Context() }

// follow runs a call on a bucket, and once more in the bucket's own region
// when S3 answers that the bucket lives there.
func follow[T any](c *Connection, bucket string, call func(func(*sdk.Options)) (T, error)) (T, error) {
	c.mu.Lock()
	region := c.regions[bucket]
	c.mu.Unlock()
	out, err := call(inRegion(region))
	elsewhere := bucketRegion(err)
	if elsewhere == "" || elsewhere == region || (region == "" && elsewhere == c.Target.Region) {
		return out, err
	}
	c.mu.Lock()
	c.regions[bucket] = elsewhere
	c.mu.Unlock()
	return call(inRegion(elsewhere))
}

func inRegion(region string) func(*sdk.Options) {
	return func(o *sdk.Options) {
		if region != "" {
			o.Region = region
		}
	}
}

// bucketRegion is where S3 says a bucket is, in the answer to a call that went
// to the wrong region.
func bucketRegion(err error) string {
	var resp *awshttp.ResponseError
	if err == nil || !errors.As(err, &resp) || resp.Response == nil {
		return ""
	}
	return resp.Response.Header.Get("X-Amz-Bucket-Region")
}

// isNotFound tells a 404, of which HEAD gives no code of S3's own.
func isNotFound(err error) bool {
	switch session.Code(err) {
	case "NotFound", "NoSuchBucket", "NoSuchKey", "NoSuchVersion":
		return true
	}
	return err != nil && session.StatusCode(err) == 404
}

// CreateBucketOption is an argument of CreateBucket.
type CreateBucketOption interface{ createBucket(*sdk.CreateBucketInput) }

type locationOption string

func (o locationOption) createBucket(in *sdk.CreateBucketInput) {
	if o != "" {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(o)}
	}
}

// Location says where a new bucket is to be: a region's name, or one of the
// Location constants (boto: location).
//
// Example: s3.CreateBucket("backup-eu", Location("eu-west-1")).GetLocation()
func Location(name string) CreateBucketOption { return locationOption(name) }

// The locations that boto had names for (boto: Location).
const (
	LocationDefault      = "" // the connection's region
	LocationEU           = "EU"
	LocationEUCentral1   = "eu-central-1"
	LocationUSWest       = "us-west-1"
	LocationUSWest2      = "us-west-2"
	LocationSAEast       = "sa-east-1"
	LocationAPNortheast  = "ap-northeast-1"
	LocationAPSoutheast  = "ap-southeast-1"
	LocationAPSoutheast2 = "ap-southeast-2"
	LocationCNNorth1     = "cn-north-1"
)

// PolicyOption is what Policy gives.
type PolicyOption struct{ canned string }

// Policy sets a canned access policy, such as "public-read" (boto: policy).
//
// Example: bucket.NewKey("index.html").SetContentsFromString("<p>hello</p>", Policy("public-read"))
func Policy(canned string) PolicyOption { return PolicyOption{canned} }

func (o PolicyOption) createBucket(in *sdk.CreateBucketInput) {
	in.ACL = types.BucketCannedACL(o.canned)
}

// CreateBucket makes a bucket, in the connection's region unless Location says
// otherwise: CreateBucket (boto: create_bucket). Options: Location, Policy.
// Codes BucketAlreadyExists (another account has the name),
// BucketAlreadyOwnedByYou, InvalidBucketName.
//
// Example: bucket := s3.CreateBucket("backup-2012")
func (c *Connection) CreateBucket(bucketName string, opts ...CreateBucketOption) (*Bucket, error) {
	in := &sdk.CreateBucketInput{Bucket: aws.String(bucketName)}
	for _, o := range opts {
		o.createBucket(in)
	}
	region := ""
	if conf := in.CreateBucketConfiguration; conf != nil {
		if region = string(conf.LocationConstraint); region == LocationEU {
			region = "eu-west-1"
		}
		if region == "us-east-1" { // which S3 refuses to be told
			in.CreateBucketConfiguration = nil
		}
	} else if c.Target.Region != "us-east-1" && (!c.Target.OwnHost || c.Target.Service.Name == session.S3.Name) {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(c.Target.Region)}
	}
	if _, err := c.Client.CreateBucket(c.ctx(), in, inRegion(region)); err != nil {
		return nil, fmt.Errorf("create bucket %q: %w", bucketName, err)
	}
	if region != "" && region != c.Target.Region {
		c.mu.Lock()
		c.regions[bucketName] = region
		c.mu.Unlock()
	}
	return c.bucket(bucketName), nil
}

// GetBucketOption is an argument of GetBucket.
type GetBucketOption interface{ validate() bool }

// ValidateOption is what Validate gives.
type ValidateOption struct{ yes bool }

// Validate, when false, gives a bucket or key without asking whether it is
// there (boto: validate).
//
// Example: s3.GetBucket("photos-2012", Validate(false))
func Validate(yes bool) ValidateOption { return ValidateOption{yes} }

func (o ValidateOption) validate() bool { return o.yes }

// GetBucket gives a bucket that must be there: HeadBucket (boto: get_bucket).
// Option Validate(false) does not ask. Codes NotFound, Forbidden (it is
// another account's).
//
// Example: s3.GetBucket("photos-2012").GetAllKeys()
func (c *Connection) GetBucket(bucketName string, opts ...GetBucketOption) (*Bucket, error) {
	for _, o := range opts {
		if !o.validate() {
			return c.bucket(bucketName), nil
		}
	}
	_, err := follow(c, bucketName, func(opt func(*sdk.Options)) (*sdk.HeadBucketOutput, error) {
		return c.Client.HeadBucket(c.ctx(), &sdk.HeadBucketInput{Bucket: aws.String(bucketName)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get bucket %q: %w", bucketName, err)
	}
	return c.bucket(bucketName), nil
}

// Lookup gives a bucket, or nil when there is none of that name: HeadBucket
// (boto: lookup). Code Forbidden tells that it is another account's.
//
// Example: s3.Lookup("no-such-bucket") == nil
func (c *Connection) Lookup(bucketName string) (*Bucket, error) {
	b, err := c.GetBucket(bucketName)
	if isNotFound(err) {
		return nil, nil
	}
	return b, err
}

// GetAllBuckets lists the account's buckets: ListBuckets, all pages
// (boto: get_all_buckets).
//
// Example: s3.GetAllBuckets()
func (c *Connection) GetAllBuckets() ([]*Bucket, error) {
	list := []*Bucket{}
	for b, err := range c.Buckets() {
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

// Buckets walks the account's buckets, as iterating over the connection does
// in boto: ListBuckets, page by page.
//
// Example: for b := range s3.Buckets() { fmt.Println(b.Name, b.CreationDate) }
func (c *Connection) Buckets() iter.Seq2[*Bucket, error] {
	return func(yield func(*Bucket, error) bool) {
		for p := sdk.NewListBucketsPaginator(c.Client, &sdk.ListBucketsInput{}); p.HasMorePages(); {
			page, err := p.NextPage(c.ctx())
			if err != nil {
				yield(nil, fmt.Errorf("list buckets: %w", err))
				return
			}
			for _, raw := range page.Buckets {
				b := c.bucket(aws.ToString(raw.Name))
				b.CreationDate, b.Raw = aws.ToTime(raw.CreationDate), raw
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// DeleteBucket removes an empty bucket: DeleteBucket (boto: delete_bucket).
// Codes NoSuchBucket, BucketNotEmpty.
//
// Example: s3.CreateBucket("backup-2012"); s3.DeleteBucket("backup-2012")
func (c *Connection) DeleteBucket(bucketName string) error {
	_, err := follow(c, bucketName, func(opt func(*sdk.Options)) (*sdk.DeleteBucketOutput, error) {
		return c.Client.DeleteBucket(c.ctx(), &sdk.DeleteBucketInput{Bucket: aws.String(bucketName)}, opt)
	})
	if err != nil {
		return fmt.Errorf("delete bucket %q: %w", bucketName, err)
	}
	return nil
}
