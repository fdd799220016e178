package s3

import (
	"iter"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/policy"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// bucket is one bucket and all that is in it.
type bucket struct {
	name, region, account string
	location              string // the constraint as it was given: "" or EU or a region
	created               time.Time
	acl                   acl
	ownership             types.ObjectOwnership
	policy                string
	statements            []policy.Statement
	versioning            types.BucketVersioningStatus
	mfaDelete             bool
	configs               map[string]any // typed configurations, by kind

	keys    keys                    `store:"-"` // that have any version
	objects map[string]*version     `store:"-"` // newest version of each key
	byID    map[versionKey]*version `store:"-"` // that have an id of their own
	uploads map[string]*upload
	done    map[string]versionKey // uploads that were completed, and what they became
	seq     int64                 // of versions and uploads
	log     []string              // records not delivered yet
	logFrom time.Time
	matured time.Time // the day on which the lifecycle rules ran last
}

// version is one version of an object, or a delete marker. A version does not
// change but for its access list, tags, class and restored copy, which belong
// to the lock.
type version struct {
	handle       store.Handle
	bucket       *bucket // nil before it is in one
	key, id      string  // id is "null" for one written without versioning
	seq          int64
	marker       bool
	body         *blob  `store:"inline"`
	etag         string // with quotes
	modified     time.Time
	headers      map[string]string // Content-Type and its like
	meta         map[string]string
	class        types.StorageClass
	encryption   types.ServerSideEncryption
	kmsKey       string
	sums         sums
	sumType      types.ChecksumType
	parts        []piece // of an object uploaded in parts
	lock         lock
	acl          acl
	tags         []types.Tag
	copy         *restored `store:"inline"` // of an archived one, nil before it was asked for
	older, newer *version  `store:"-"`
}

// piece is one of the parts that an object was made of.
type piece struct {
	Number int32
	Size   int64
	Sums   sums
}

type versionKey struct{ key, id string }

const nullVersion = "null"

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// validName reports whether a new bucket may be called so.
func validName(name string) bool {
	for _, head := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, head) {
			return false
		}
	}
	for _, tail := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, tail) {
			return false
		}
	}
	return bucketName.MatchString(name) && !strings.Contains(name, "..") && net.ParseIP(name) == nil
}

// createBucket makes a bucket. One that the caller has already is an error,
// but in us-east-1, where it always was none.
func createBucket(q *call, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
	name := aws.ToString(in.Bucket)
	if !validName(name) {
		return nil, wire.Errorf("InvalidBucketName", http.StatusBadRequest, "The specified bucket is not valid.").With("BucketName", name)
	}
	if o := in.ObjectOwnership; o != "" && !slices.Contains(o.Values(), o) {
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid x-amz-object-ownership header: %s", o).With("ArgumentName", "x-amz-object-ownership")
	}
	h := grantHeaders{full: in.GrantFullControl, read: in.GrantRead, readACP: in.GrantReadACP, write: in.GrantWrite, writeACP: in.GrantWriteACP}
	if in.ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced && (in.ACL != "" && in.ACL != types.BucketCannedACLPrivate || h != (grantHeaders{})) {
		return nil, wire.Errorf("InvalidBucketAclWithObjectOwnership", http.StatusBadRequest, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	if c := in.CreateBucketConfiguration; c != nil {
		if err := checkTagSet(c.Tags, maxBucketTags); err != nil {
			return nil, err
		}
	}
	region, location, err := q.placement(in.CreateBucketConfiguration)
	if err != nil {
		return nil, err
	}
	list, err := q.requestedACL(string(in.ACL), h, nil, q.account(), "")
	if err != nil {
		return nil, err
	}
	out := &s3.CreateBucketOutput{Location: aws.String("/" + name)}
	if region != core.DefaultRegion {
		out.Location = aws.String("http://" + name + ".s3.amazonaws.com/")
	}
	if b := q.bucket; b != nil {
		switch {
		case b.account != q.account():
			return nil, wire.Errorf("BucketAlreadyExists", http.StatusConflict, "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.").With("BucketName", name)
		case b.region == core.DefaultRegion && region == core.DefaultRegion:
			b.acl = list
			return out, nil
		}
		return nil, wire.Errorf("BucketAlreadyOwnedByYou", http.StatusConflict, "Your previous request to create the named bucket succeeded and you already own it.").With("BucketName", name)
	}
	b := &bucket{name: name, region: region, location: location, account: q.account(), created: q.now.Truncate(time.Second), acl: list, ownership: in.ObjectOwnership}
	q.c.addBucket(b)
	if aws.ToBool(in.ObjectLockEnabledForBucket) {
		b.versioning = types.BucketVersioningStatusEnabled
		b.configs[kindLock] = &types.ObjectLockConfiguration{ObjectLockEnabled: types.ObjectLockEnabledEnabled}
	}
	if c := in.CreateBucketConfiguration; c != nil && len(c.Tags) > 0 {
		b.configs[kindTagging] = c.Tags
	}
	return out, nil
}

// placement resolves where a new bucket goes. The endpoint of us-east-1 makes
// buckets anywhere; those of other regions in their own only.
func (q *call) placement(c *types.CreateBucketConfiguration) (region, location string, err error) {
	here := q.caller.Region
	if _, ok := core.RegionByName(here); !ok { // old tools sign for US, or for what the host is called
		here = core.DefaultRegion
	}
	want := ""
	if c != nil {
		want = string(c.LocationConstraint)
	}
	region = want
	switch want {
	case "":
		region = core.DefaultRegion
	case "EU":
		region = "eu-west-1"
	case core.DefaultRegion:
		return "", "", invalidLocation(want)
	default:
		if _, ok := core.RegionByName(want); !ok && want != q.caller.Region {
			return "", "", invalidLocation(want)
		}
	}
	if here != core.DefaultRegion && region != here {
		if want == "" {
			want = "unspecified"
		}
		return "", "", wire.Errorf("IllegalLocationConstraintException", http.StatusBadRequest, "The %s location constraint is incompatible for the region specific endpoint this request was sent to.", want)
	}
	return region, want, nil
}

func invalidLocation(want string) error {
	return wire.Errorf("InvalidLocationConstraint", http.StatusBadRequest, "The specified location-constraint is not valid").With("LocationConstraint", want)
}

func headBucket(q *call, _ *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	return &s3.HeadBucketOutput{BucketRegion: aws.String(q.bucket.region)}, nil
}

func getBucketLocation(q *call, _ *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	return &s3.GetBucketLocationOutput{LocationConstraint: types.BucketLocationConstraint(q.bucket.location)}, nil
}

func deleteBucket(q *call, _ *s3.DeleteBucketInput) (*s3.DeleteBucketOutput, error) {
	b := q.bucket
	if len(b.objects) > 0 {
		text := "The bucket you tried to delete is not empty"
		if b.versioning != "" {
			text += ". You must delete all versions in the bucket."
		}
		return nil, wire.Errorf("BucketNotEmpty", http.StatusConflict, "%s", text).With("BucketName", b.name)
	}
	delete(q.c.buckets, b.name)
	q.c.names.remove(b.name)
	return &s3.DeleteBucketOutput{}, nil
}

// maxBuckets is how many buckets one page of a listing has at most.
const maxBuckets = 10000

func listBuckets(q *call, in *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	limit := int(aws.ToInt32(in.MaxBuckets))
	if in.MaxBuckets != nil && (limit < 1 || limit > maxBuckets) {
		return nil, invalid("Argument max-buckets must be an integer between 1 and %d", maxBuckets)
	}
	var mine []*bucket
	for name := range q.c.names.from("") {
		b := q.c.buckets[name]
		if b.account == q.account() && strings.HasPrefix(name, aws.ToString(in.Prefix)) && (in.BucketRegion == nil || b.region == *in.BucketRegion) {
			mine = append(mine, b)
		}
	}
	mine, next, ok := core.Page(mine, aws.ToString(in.ContinuationToken), limit)
	if !ok {
		return nil, invalid("The continuation token provided is incorrect")
	}
	out := &s3.ListBucketsOutput{Owner: owner(q.account()), Buckets: []types.Bucket{}, Prefix: in.Prefix}
	if next != "" {
		out.ContinuationToken = &next
	}
	for _, b := range mine {
		out.Buckets = append(out.Buckets, types.Bucket{Name: aws.String(b.name), CreationDate: aws.Time(b.created), BucketRegion: aws.String(b.region)})
	}
	return out, nil
}

// account is whom the caller's requests count for.
func (q *call) account() string {
	if q.caller.AccountID != "" {
		return q.caller.AccountID
	}
	return q.c.env.AccountID()
}

// version gives one version of a key, the null version too, nil for none.
func (b *bucket) version(key, id string) *version {
	if id != nullVersion {
		return b.byID[versionKey{key, id}]
	}
	v := b.objects[key]
	for v != nil && v.id != nullVersion {
		v = v.older
	}
	return v
}

// versions walks all versions and markers, in no order of the keys.
func (b *bucket) versions() iter.Seq[*version] {
	return func(yield func(*version) bool) {
		for _, v := range b.objects {
			for ; v != nil; v = v.older {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// find finds a version: the newest for an empty id. A delete marker is found
// by its id only, and not as content.
func (b *bucket) find(key, id string) (*version, error) {
	if id == "" {
		v := b.objects[key]
		if v == nil || v.marker {
			return v, wire.Errorf("NoSuchKey", http.StatusNotFound, "The specified key does not exist.").With("Key", key)
		}
		return v, nil
	}
	v := b.version(key, id)
	if v == nil {
		if id != nullVersion && !wellFormedVersion(id) {
			return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid version id specified").With("ArgumentName", "versionId").With("ArgumentValue", id)
		}
		return nil, wire.Errorf("NoSuchVersion", http.StatusNotFound, "The specified version does not exist.").With("Key", key).With("VersionId", id)
	}
	if v.marker {
		return v, wire.Errorf("MethodNotAllowed", http.StatusMethodNotAllowed, "The specified method is not allowed against this resource.")
	}
	return v, nil
}

var versionForm = regexp.MustCompile(`^[A-Za-z0-9._]{32}$`)

func wellFormedVersion(id string) bool { return versionForm.MatchString(id) }

// add puts a version on top of its key's others: beside them with versioning,
// in the place of the null version without.
func (b *bucket) add(c *Cloud, v *version) {
	b.seq++
	v.seq = b.seq
	if b.versioning == types.BucketVersioningStatusEnabled {
		v.id = versionID(c.env.Text(32))
	} else {
		v.id = nullVersion
		if old := b.version(v.key, nullVersion); old != nil {
			b.drop(c, old)
		}
	}
	v.bucket = b
	b.link(v)
	c.touched.Keep(v)
}

// link puts a version in front of its key's others.
func (b *bucket) link(v *version) {
	if top := b.objects[v.key]; top != nil {
		v.older, top.newer = top, v
	} else {
		b.keys.insert(v.key)
	}
	b.objects[v.key] = v
	if v.id != nullVersion {
		b.byID[versionKey{v.key, v.id}] = v
	}
}

// versionID makes random text into what a version id looks like.
func versionID(s string) string { return strings.NewReplacer("+", "_", "/", ".").Replace(s) }

// drop takes a version away for good.
func (b *bucket) drop(c *Cloud, v *version) {
	c.touched.Drop(v)
	if v.newer != nil {
		v.newer.older = v.older
	} else if v.older != nil {
		b.objects[v.key] = v.older
	} else {
		delete(b.objects, v.key)
		b.keys.remove(v.key)
	}
	if v.older != nil {
		v.older.newer = v.newer
	}
	if v.id != nullVersion {
		delete(b.byID, versionKey{v.key, v.id})
	}
}

// shownID is the version id that responses carry: none in a bucket that
// never was versioned.
func (b *bucket) shownID(v *version) *string {
	if b.versioning == "" {
		return nil
	}
	return aws.String(v.id)
}

func classes() []types.StorageClass { return types.StorageClass("").Values() }

// checkClass refuses a storage class that is none.
func checkClass(c types.StorageClass) error {
	if c != "" && !slices.Contains(classes(), c) {
		return wire.Errorf("InvalidStorageClass", http.StatusBadRequest, "The storage class you specified is not valid").With("StorageClassRequested", string(c))
	}
	return nil
}
