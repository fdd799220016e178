package ec2

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// The options of the calls that list things. Each call has an interface of its
// own, so that an option that does not belong to it does not compile.
type (
	// GetAllRegionsOption is an argument of GetAllRegions.
	GetAllRegionsOption interface {
		getAllRegions(*sdk.DescribeRegionsInput) error
	}
	// GetAllZonesOption is an argument of GetAllZones.
	GetAllZonesOption interface {
		getAllZones(*sdk.DescribeAvailabilityZonesInput) error
	}
	// GetAllInstancesOption is an argument of GetAllInstances.
	GetAllInstancesOption interface {
		getAllInstances(*sdk.DescribeInstancesInput) error
	}
	// GetAllInstanceStatusOption is an argument of GetAllInstanceStatus.
	GetAllInstanceStatusOption interface {
		getAllInstanceStatus(*sdk.DescribeInstanceStatusInput) error
	}
	// GetAllKeyPairsOption is an argument of GetAllKeyPairs.
	GetAllKeyPairsOption interface {
		getAllKeyPairs(*sdk.DescribeKeyPairsInput) error
	}
	// GetAllSecurityGroupsOption is an argument of GetAllSecurityGroups.
	GetAllSecurityGroupsOption interface {
		getAllSecurityGroups(*sdk.DescribeSecurityGroupsInput) error
	}
	// GetAllTagsOption is an argument of GetAllTags.
	GetAllTagsOption interface {
		getAllTags(*sdk.DescribeTagsInput) error
	}
	// GetAllAddressesOption is an argument of GetAllAddresses.
	GetAllAddressesOption interface {
		getAllAddresses(*sdk.DescribeAddressesInput) error
	}
	// GetAllVolumesOption is an argument of GetAllVolumes.
	GetAllVolumesOption interface {
		getAllVolumes(*sdk.DescribeVolumesInput) error
	}
	// GetAllSnapshotsOption is an argument of GetAllSnapshots.
	GetAllSnapshotsOption interface {
		getAllSnapshots(*sdk.DescribeSnapshotsInput) error
	}
	// GetAllImagesOption is an argument of GetAllImages.
	GetAllImagesOption interface {
		getAllImages(*sdk.DescribeImagesInput) error
	}
)

// FilterOption is what Filters and Filter give. Every call that lists things
// takes it; filters of several options add up.
type FilterOption struct {
	filters []types.Filter
	err     error
}

// Filters keeps only what matches every filter of a map of names to values
// (boto: filters). The map is a map[string]string, map[string][]string or
// map[string]any; of several values one must match.
//
// Example: ec2.GetAllInstances(Filters(map[string]string{"tag:Name": "web", "instance-type": "t1.micro"}))
func Filters(filters any) FilterOption {
	var o FilterOption
	values := map[string][]string{}
	switch m := filters.(type) {
	case map[string]string:
		for name, v := range m {
			values[name] = []string{v}
		}
	case map[string][]string:
		values = m
	case map[string]any:
		for name, v := range m {
			list, err := filterValues(v)
			if err != nil {
				return FilterOption{err: fmt.Errorf("filter %q: %w", name, err)}
			}
			values[name] = list
		}
	default:
		return FilterOption{err: fmt.Errorf("filters are a map of names to values, such as map[string]string{\"tag-key\": \"paws\"}, not a %T", filters)}
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		o.filters = append(o.filters, types.Filter{Name: aws.String(name), Values: values[name]})
	}
	return o
}

// Filter keeps only what has one of the values for the filter name.
//
// Example: ec2.GetAllInstances(Filter("tag:Name", "web", "mail"))
func Filter(name string, values ...string) FilterOption {
	return FilterOption{filters: []types.Filter{{Name: aws.String(name), Values: values}}}
}

func filterValues(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return []string{""}, nil
	case string:
		return []string{v}, nil
	case []string:
		return v, nil
	case bool, int, int32, int64, uint, float64, fmt.Stringer:
		return []string{fmt.Sprint(v)}, nil
	case []any:
		var list []string
		for _, item := range v {
			one, err := filterValues(item)
			if err != nil {
				return nil, err
			}
			list = append(list, one...)
		}
		return list, nil
	}
	return nil, fmt.Errorf("a value is text, a number, a bool or a list of them, not a %T", v)
}

func (o FilterOption) getAllRegions(in *sdk.DescribeRegionsInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllZones(in *sdk.DescribeAvailabilityZonesInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllInstances(in *sdk.DescribeInstancesInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllInstanceStatus(in *sdk.DescribeInstanceStatusInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllKeyPairs(in *sdk.DescribeKeyPairsInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllSecurityGroups(in *sdk.DescribeSecurityGroupsInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllTags(in *sdk.DescribeTagsInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllAddresses(in *sdk.DescribeAddressesInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllVolumes(in *sdk.DescribeVolumesInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllSnapshots(in *sdk.DescribeSnapshotsInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

func (o FilterOption) getAllImages(in *sdk.DescribeImagesInput) error {
	in.Filters = append(in.Filters, o.filters...)
	return o.err
}

// DryRunOption is what DryRun gives.
type DryRunOption struct{ on bool }

// DryRun only asks whether the call would be allowed: the answer is an error,
// of code DryRunOperation when it would (boto: dry_run).
//
// Example: _, err := ec2.TerminateInstances([]string{instance.ID}, DryRun(true)); boto.Code(err)
func DryRun(on bool) DryRunOption { return DryRunOption{on} }

func (o DryRunOption) getAllRegions(in *sdk.DescribeRegionsInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllZones(in *sdk.DescribeAvailabilityZonesInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllInstances(in *sdk.DescribeInstancesInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllInstanceStatus(in *sdk.DescribeInstanceStatusInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllKeyPairs(in *sdk.DescribeKeyPairsInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllSecurityGroups(in *sdk.DescribeSecurityGroupsInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllTags(in *sdk.DescribeTagsInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllAddresses(in *sdk.DescribeAddressesInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllVolumes(in *sdk.DescribeVolumesInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllSnapshots(in *sdk.DescribeSnapshotsInput) error {
	in.DryRun = &o.on
	return nil
}

func (o DryRunOption) getAllImages(in *sdk.DescribeImagesInput) error {
	in.DryRun = &o.on
	return nil
}
