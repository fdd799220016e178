package ec2

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
)

// each runs f for every region, by name and brought up to date.
func (c *Cloud) each(f func(*call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := make([]string, 0, len(c.regions))
	for n := range c.regions {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		q := &call{region: c.regions[n], now: c.env.Now()}
		q.settle(q.now)
		f(q)
	}
}

// Counts says what there is in all regions.
func (c *Cloud) Counts() []core.Count {
	var running, others, volumes, snapshots, addresses, keys int64
	c.each(func(q *call) {
		for _, x := range q.listed() {
			switch x.state(q.now) {
			case types.InstanceStateNameRunning:
				running++
			case types.InstanceStateNameTerminated:
			default:
				others++
			}
		}
		volumes += int64(len(q.volumes))
		snapshots += int64(len(q.snapshots))
		addresses += int64(len(q.elastic))
		keys += int64(len(q.keys))
	})
	return []core.Count{{One: "instance running", Many: "instances running", N: running}, {One: "instance in another state", Many: "instances in other states", N: others}, {One: "volume", Many: "volumes", N: volumes},
		{One: "snapshot", Many: "snapshots", N: snapshots}, {One: "address", Many: "addresses", N: addresses}, {One: "key pair", Many: "key pairs", N: keys}}
}

// Prices of us-east-1 for Linux on demand, US dollars, as AWS published them
// in January 2025. Sizes of a family cost in proportion.
var (
	largePrices = map[string]float64{ // of the size large, for an hour
		"m1": 0.175, "m2": 0.1225, "m3": 0.133, "m4": 0.10, "m5": 0.096, "m5a": 0.086, "m6i": 0.096, "m6a": 0.0864, "m6g": 0.077, "m7i": 0.1008, "m7a": 0.11592, "m7g": 0.0816,
		"c1": 0.26, "c3": 0.105, "c4": 0.10, "c5": 0.085, "c5a": 0.077, "c6i": 0.085, "c6a": 0.0765, "c6g": 0.068, "c7i": 0.08925, "c7g": 0.0725,
		"r3": 0.166, "r4": 0.133, "r5": 0.126, "r5a": 0.113, "r6i": 0.126, "r6g": 0.1008, "r7i": 0.1323, "r7g": 0.1071,
		"t2": 0.0928, "t3": 0.0832, "t3a": 0.0752, "t4g": 0.0672,
	}
	sizes = map[string]float64{ // in sizes of large
		"nano": 1.0 / 16, "micro": 1.0 / 8, "small": 1.0 / 4, "medium": 1.0 / 2, "large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8, "8xlarge": 16,
		"12xlarge": 24, "16xlarge": 32, "24xlarge": 48,
	}
	oddPrices    = map[string]float64{"t1.micro": 0.02, "m1.small": 0.044, "m1.medium": 0.087, "m3.medium": 0.067, "c1.medium": 0.13}
	volumePrices = map[types.VolumeType]float64{ // a GB and month
		types.VolumeTypeStandard: 0.05, types.VolumeTypeGp2: 0.10, types.VolumeTypeGp3: 0.08, types.VolumeTypeIo1: 0.125, types.VolumeTypeIo2: 0.125,
		types.VolumeTypeSt1: 0.045, types.VolumeTypeSc1: 0.015,
	}
)

const (
	snapshotPrice = 0.05  // a GB and month
	iopsPrice     = 0.065 // an IOPS and month, of io1 and io2
	addressPrice  = 0.005 // an hour, in use or not
)

// price is what an instance of a type costs for an hour.
func price(kind string) (float64, bool) {
	if p, ok := oddPrices[kind]; ok {
		return p, true
	}
	family, size, _ := strings.Cut(kind, ".")
	p, n := largePrices[family], sizes[size]
	return p * n, p*n > 0
}

// Bill lists what the resources of all regions cost.
func (c *Cloud) Bill() []core.Item {
	kinds, storage := map[string]float64{}, map[types.VolumeType]float64{}
	var iops, snapshots, addresses float64
	c.each(func(q *call) {
		for _, x := range q.listed() {
			if x.state(q.now) == types.InstanceStateNameRunning {
				kinds[string(x.kind)]++
				if x.public != "" && q.publicIP(x) == x.public {
					addresses++
				}
			}
		}
		for _, v := range q.volumes {
			storage[v.disk.kind] += float64(v.disk.size)
			if k := v.disk.kind; v.disk.iops != nil && (k == types.VolumeTypeIo1 || k == types.VolumeTypeIo2) {
				iops += float64(*v.disk.iops)
			}
		}
		for _, s := range q.snapshots {
			snapshots += float64(s.size)
		}
		addresses += float64(len(q.elastic))
	})
	var out []core.Item
	for k, n := range kinds {
		p, ok := price(k)
		out = append(out, core.Item{What: k + " running", N: n, Hourly: p, Known: ok})
	}
	for k, n := range storage {
		p, ok := volumePrices[k]
		out = append(out, core.Item{What: string(k) + " volumes", N: n, Unit: "GB", Hourly: core.Monthly(p), Known: ok})
	}
	slices.SortFunc(out, func(a, b core.Item) int { return cmp.Compare(a.What, b.What) })
	out = append(out, core.Item{What: "provisioned IOPS", N: iops, Hourly: core.Monthly(iopsPrice), Known: true},
		core.Item{What: "snapshots", N: snapshots, Unit: "GB", Hourly: core.Monthly(snapshotPrice), Known: true},
		core.Item{What: "public IPv4 addresses", N: addresses, Hourly: addressPrice, Known: true})
	return slices.DeleteFunc(out, func(i core.Item) bool { return i.N == 0 })
}
