package s3

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/core"
)

// mine walks the versions in the account's buckets, parts of uploads excepted.
func (c *Cloud) mine(f func(*bucket, *version)) (buckets int64) {
	for _, b := range c.buckets {
		if b.account == strangers {
			continue
		}
		buckets++
		for v := range b.versions() {
			f(b, v)
		}
	}
	return buckets
}

// Counts says what there is.
func (c *Cloud) Counts() []core.Count {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var objects, versions, bytes int64
	buckets := c.mine(func(b *bucket, v *version) {
		versions++
		bytes += v.body.size()
		if v.newer == nil && !v.marker {
			objects++
		}
	})
	return []core.Count{{One: "bucket", Many: "buckets", N: buckets}, {One: "object", Many: "objects", N: objects}, {One: "version or marker", Many: "versions and markers", N: versions}, {One: "byte in objects", Many: "bytes in objects", N: bytes}}
}

// classPrices are for a GB and month of us-east-1, US dollars, as AWS
// published them in January 2025.
var classPrices = map[types.StorageClass]float64{
	types.StorageClassStandard: 0.023, types.StorageClassReducedRedundancy: 0.024, types.StorageClassStandardIa: 0.0125, types.StorageClassOnezoneIa: 0.01,
	types.StorageClassIntelligentTiering: 0.023, types.StorageClassGlacierIr: 0.004, types.StorageClassGlacier: 0.0036, types.StorageClassDeepArchive: 0.00099,
	types.StorageClassExpressOnezone: 0.11,
}

// Bill lists what the objects cost, by storage class; parts of unfinished
// uploads are stored too.
func (c *Cloud) Bill() []core.Item {
	c.mu.RLock()
	defer c.mu.RUnlock()
	sizes := map[types.StorageClass]int64{}
	count := func(class types.StorageClass, n int64) {
		if class == "" {
			class = types.StorageClassStandard
		}
		sizes[class] += n
	}
	c.mine(func(_ *bucket, v *version) { count(v.class, v.body.size()) })
	for _, b := range c.buckets {
		for _, u := range b.uploads {
			for _, p := range u.parts {
				count(u.version.class, p.body.size())
			}
		}
	}
	var out []core.Item
	for class, n := range sizes {
		if n > 0 {
			p, ok := classPrices[class]
			out = append(out, core.Item{What: "S3 " + string(class), N: float64(n) / 1e9, Unit: "GB", Hourly: core.Monthly(p), Known: ok})
		}
	}
	slices.SortFunc(out, func(a, b core.Item) int { return len(a.What) - len(b.What) })
	return out
}
