package s3

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/store"
)

// UseBodies makes the cloud keep the content of objects there. It is called
// before the cloud serves.
func (c *Cloud) UseBodies(b *store.Bodies) { c.bodies = b }

// State is what the cloud keeps on disk. Versions are a large set: each names
// itself when it comes, changes or goes.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{
		Name: "s3", Root: c, Guard: &c.mu, Touched: &c.touched, Member: &version{}, Members: c.members, Restored: c.restored,
		Holds: []any{ // a bucket's configurations
			&types.LoggingEnabled{}, &types.WebsiteConfiguration{}, &types.PublicAccessBlockConfiguration{}, &types.ServerSideEncryptionConfiguration{},
			&types.NotificationConfiguration{}, &types.ObjectLockConfiguration{}, []types.LifecycleRule{}, []types.CORSRule{}, []types.Tag{}, types.Payer(""), types.BucketAccelerateStatus(""),
		},
	}
}

// Handle is the version's place on disk.
func (v *version) Handle() *store.Handle { return &v.handle }

func (c *Cloud) members(yield func(store.Member)) {
	for _, b := range c.buckets {
		for v := range b.versions() {
			yield(v)
		}
	}
}

// touch names the versions of a key, of which a request may have changed any.
func (c *Cloud) touch(b *bucket, key string) {
	if b == nil || key == "" {
		return
	}
	for v := b.objects[key]; v != nil; v = v.older {
		c.touched.Keep(v)
	}
}

// restored puts the versions into their buckets in the order they came.
func (c *Cloud) restored(list []store.Member) error {
	c.names = keys{}
	for name, b := range c.buckets {
		c.names.insert(name)
		b.objects, b.byID, b.keys = map[string]*version{}, map[versionKey]*version{}, keys{}
	}
	slices.SortFunc(list, func(a, b store.Member) int { return cmp.Compare(a.(*version).seq, b.(*version).seq) })
	for _, m := range list {
		v := m.(*version)
		v.acl, v.headers = shared.acl(v.acl), shared.headers(v.headers)
		v.bucket.link(v)
	}
	return nil
}
