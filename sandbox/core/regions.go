package core

import (
	"fmt"
	"slices"
)

// DefaultRegion is where a request without a region of its own goes.
const DefaultRegion = "us-east-1"

// Region is one AWS region as an account sees it.
type Region struct {
	Name     string
	LongName string
	ZoneID   string // head of its zones' ids: use1 of use1-az1
	Zones    string // the letters of its zones, as this account sees them
	OptIn    bool   // must be enabled by the account first; here none is
}

// Zone is one availability zone.
type Zone struct{ Name, ID, Region string }

// regions lists the aws partition; those of the China and government
// partitions are other accounts' worlds. The order is that of the names.
var regions = []Region{
	{"af-south-1", "Africa (Cape Town)", "afs1", "abc", true},
	{"ap-east-1", "Asia Pacific (Hong Kong)", "ape1", "abc", true},
	{"ap-east-2", "Asia Pacific (Taipei)", "ape2", "abc", true},
	{"ap-northeast-1", "Asia Pacific (Tokyo)", "apne1", "acd", false},
	{"ap-northeast-2", "Asia Pacific (Seoul)", "apne2", "abcd", false},
	{"ap-northeast-3", "Asia Pacific (Osaka)", "apne3", "abc", false},
	{"ap-south-1", "Asia Pacific (Mumbai)", "aps1", "abc", false},
	{"ap-south-2", "Asia Pacific (Hyderabad)", "aps2", "abc", true},
	{"ap-southeast-1", "Asia Pacific (Singapore)", "apse1", "abc", false},
	{"ap-southeast-2", "Asia Pacific (Sydney)", "apse2", "abc", false},
	{"ap-southeast-3", "Asia Pacific (Jakarta)", "apse3", "abc", true},
	{"ap-southeast-4", "Asia Pacific (Melbourne)", "apse4", "abc", true},
	{"ap-southeast-5", "Asia Pacific (Malaysia)", "apse5", "abc", true},
	{"ap-southeast-6", "Asia Pacific (New Zealand)", "apse6", "abc", true},
	{"ap-southeast-7", "Asia Pacific (Thailand)", "apse7", "abc", true},
	{"ca-central-1", "Canada (Central)", "cac1", "abd", false},
	{"ca-west-1", "Canada West (Calgary)", "caw1", "abc", true},
	{"eu-central-1", "Europe (Frankfurt)", "euc1", "abc", false},
	{"eu-central-2", "Europe (Zurich)", "euc2", "abc", true},
	{"eu-north-1", "Europe (Stockholm)", "eun1", "abc", false},
	{"eu-south-1", "Europe (Milan)", "eus1", "abc", true},
	{"eu-south-2", "Europe (Spain)", "eus2", "abc", true},
	{"eu-west-1", "Europe (Ireland)", "euw1", "abc", false},
	{"eu-west-2", "Europe (London)", "euw2", "abc", false},
	{"eu-west-3", "Europe (Paris)", "euw3", "abc", false},
	{"il-central-1", "Israel (Tel Aviv)", "ilc1", "abc", true},
	{"me-central-1", "Middle East (UAE)", "mec1", "abc", true},
	{"me-south-1", "Middle East (Bahrain)", "mes1", "abc", true},
	{"mx-central-1", "Mexico (Central)", "mxc1", "abc", true},
	{"sa-east-1", "South America (Sao Paulo)", "sae1", "abc", false},
	{"us-east-1", "US East (N. Virginia)", "use1", "abcdef", false},
	{"us-east-2", "US East (Ohio)", "use2", "abc", false},
	{"us-west-1", "US West (N. California)", "usw1", "ab", false},
	{"us-west-2", "US West (Oregon)", "usw2", "abcd", false},
}

// Regions returns all regions, those not opted into as well, sorted by name.
func Regions() []Region { return slices.Clone(regions) }

// RegionByName returns the region of that name.
func RegionByName(name string) (Region, bool) {
	i := slices.IndexFunc(regions, func(r Region) bool { return r.Name == name })
	if i < 0 {
		return Region{}, false
	}
	return regions[i], true
}

// OptInStatus is the word DescribeRegions has for it.
func (r Region) OptInStatus() string {
	if r.OptIn {
		return "not-opted-in"
	}
	return "opt-in-not-required"
}

// AvailabilityZones returns the region's zones in the order of their names.
func (r Region) AvailabilityZones() []Zone {
	var out []Zone
	for i, l := range r.Zones {
		out = append(out, Zone{Name: r.Name + string(l), ID: fmt.Sprintf("%s-az%d", r.ZoneID, i+1), Region: r.Name})
	}
	return out
}
