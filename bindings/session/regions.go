package session

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// partition is one of AWS's separate worlds: accounts, regions and host names
// of their own.
type partition struct {
	id      string
	suffix  string
	pattern *regexp.Regexp
	regions []string
}

// partitions are AWS's as the SDK's endpoint rules of today list them
// (TestRegionsAreTheSDKs compares).
var partitions = []partition{
	{"aws", "amazonaws.com", regexp.MustCompile(`^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$`), []string{
		"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
		"ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
		"ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1",
		"eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
		"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2",
		"us-west-1", "us-west-2",
	}},
	{"aws-cn", "amazonaws.com.cn", regexp.MustCompile(`^cn-\w+-\d+$`), []string{"cn-north-1", "cn-northwest-1"}},
	{"aws-eusc", "amazonaws.eu", regexp.MustCompile(`^eusc-(de)-\w+-\d+$`), []string{"eusc-de-east-1"}},
	{"aws-us-gov", "amazonaws.com", regexp.MustCompile(`^us-gov-\w+-\d+$`), []string{"us-gov-east-1", "us-gov-west-1"}},
}

// Regions lists the names of the regions in the partition of region, sorted;
// an empty or unknown region means the public one. It needs no network.
func Regions(region string) []string {
	return slices.Clone(partitionOf(region).regions)
}

func partitionOf(region string) *partition {
	for i := len(partitions) - 1; i > 0; i-- {
		if partitions[i].pattern.MatchString(region) {
			return &partitions[i]
		}
	}
	return &partitions[0]
}

// knownRegion tells whether name is in one of the lists, whatever partition.
func knownRegion(name string) bool {
	for _, p := range partitions {
		if slices.Contains(p.regions, name) {
			return true
		}
	}
	return false
}

// UnknownRegionError says that a region name is none of AWS's.
type UnknownRegionError struct {
	Name    string
	Nearest string   // the most similar name
	Valid   []string // the names that would do
}

// Error names the region, the nearest and all valid ones.
func (e *UnknownRegionError) Error() string {
	return fmt.Sprintf("unknown region %q: did you mean %q? valid regions are %s", e.Name, e.Nearest, strings.Join(e.Valid, ", "))
}

// CheckRegion gives an *UnknownRegionError unless name is a region of AWS.
func CheckRegion(name string) error {
	if knownRegion(name) {
		return nil
	}
	valid := Regions(name)
	nearest, best := "", 1<<30
	for _, p := range partitions {
		for _, r := range p.regions {
			if d := distance(strings.ToLower(name), r); d < best {
				nearest, best = r, d
			}
		}
	}
	return &UnknownRegionError{Name: name, Nearest: nearest, Valid: valid}
}

// distance is the edit distance between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// regionOfHost finds the region in an AWS host name, such as
// ec2.eu-west-1.amazonaws.com or s3-eu-west-1.amazonaws.com; "" when the host
// is not AWS's. AWS's hosts without a region are us-east-1's.
func regionOfHost(host string) string {
	host = strings.ToLower(host)
	for _, p := range partitions {
		prefix, ok := strings.CutSuffix(host, "."+p.suffix)
		if !ok {
			continue
		}
		for label := range strings.SplitSeq(prefix, ".") {
			label = strings.TrimPrefix(label, "s3-")
			if knownRegion(label) {
				return label
			}
		}
		if p.id == "aws" {
			return "us-east-1"
		}
	}
	return ""
}
