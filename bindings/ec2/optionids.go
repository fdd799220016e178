package ec2

import (
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
)

// InstanceIDsOption is what InstanceIDs gives.
type InstanceIDsOption struct{ ids []string }

// InstanceIDs names the instances to list (boto: instance_ids).
//
// Example: ec2.GetAllInstances(InstanceIDs(instance.ID))
func InstanceIDs(ids ...string) InstanceIDsOption { return InstanceIDsOption{ids} }

func (o InstanceIDsOption) getAllInstances(in *sdk.DescribeInstancesInput) error {
	in.InstanceIds = append(in.InstanceIds, o.ids...)
	return nil
}

func (o InstanceIDsOption) getAllInstanceStatus(in *sdk.DescribeInstanceStatusInput) error {
	in.InstanceIds = append(in.InstanceIds, o.ids...)
	return nil
}

type zonesOption func(*sdk.DescribeAvailabilityZonesInput)

func (f zonesOption) getAllZones(in *sdk.DescribeAvailabilityZonesInput) error { f(in); return nil }

// Zones names the zones to list (boto: zones).
//
// Example: ec2.GetAllZones(Zones("us-east-1a"))
func Zones(names ...string) GetAllZonesOption {
	return zonesOption(func(in *sdk.DescribeAvailabilityZonesInput) { in.ZoneNames = append(in.ZoneNames, names...) })
}

type regionsOption func(*sdk.DescribeRegionsInput)

func (f regionsOption) getAllRegions(in *sdk.DescribeRegionsInput) error { f(in); return nil }

// RegionNames names the regions to list (boto: region_names).
//
// Example: ec2.GetAllRegions(RegionNames("eu-west-1", "us-west-2"))
func RegionNames(names ...string) GetAllRegionsOption {
	return regionsOption(func(in *sdk.DescribeRegionsInput) { in.RegionNames = append(in.RegionNames, names...) })
}

type statusOption func(*sdk.DescribeInstanceStatusInput)

func (f statusOption) getAllInstanceStatus(in *sdk.DescribeInstanceStatusInput) error {
	f(in)
	return nil
}

// IncludeAllInstances also lists instances that do not run
// (boto: include_all_instances).
//
// Example: ec2.GetAllInstanceStatus(IncludeAllInstances(true))
func IncludeAllInstances(yes bool) GetAllInstanceStatusOption {
	return statusOption(func(in *sdk.DescribeInstanceStatusInput) { in.IncludeAllInstances = &yes })
}

type keyPairsOption func(*sdk.DescribeKeyPairsInput)

func (f keyPairsOption) getAllKeyPairs(in *sdk.DescribeKeyPairsInput) error { f(in); return nil }

// KeyNames names the key pairs to list (boto: keynames).
//
// Example: ec2.GetAllKeyPairs(KeyNames("paws"))
func KeyNames(names ...string) GetAllKeyPairsOption {
	return keyPairsOption(func(in *sdk.DescribeKeyPairsInput) { in.KeyNames = append(in.KeyNames, names...) })
}

type groupsOption func(*sdk.DescribeSecurityGroupsInput)

func (f groupsOption) getAllSecurityGroups(in *sdk.DescribeSecurityGroupsInput) error {
	f(in)
	return nil
}

// GroupNames names the security groups to list (boto: groupnames).
//
// Example: ec2.GetAllSecurityGroups(GroupNames("web"))
func GroupNames(names ...string) GetAllSecurityGroupsOption {
	return groupsOption(func(in *sdk.DescribeSecurityGroupsInput) { in.GroupNames = append(in.GroupNames, names...) })
}

// GroupIDs names the security groups to list by their ids (boto: group_ids).
//
// Example: ec2.GetAllSecurityGroups(GroupIDs(group.ID))
func GroupIDs(ids ...string) GetAllSecurityGroupsOption {
	return groupsOption(func(in *sdk.DescribeSecurityGroupsInput) { in.GroupIds = append(in.GroupIds, ids...) })
}
