package ec2

import (
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"

	"pawsh/bindings/session"
)

// Raw gives a connection like this one on whose calls set is run with the SDK's
// own input before it is sent, for what boto never knew. Each set is a
// func(*ec2.RunInstancesInput), or of another operation's input; every call that
// sends that operation is changed, also those of resources it gives.
//
// Example: ec2.Raw(func(in *ec2.DescribeInstancesInput) { in.MaxResults = aws.Int32(5) }).GetAllInstances()
func (c *Connection) Raw(set ...any) (*Connection, error) {
	step, err := session.RawInput(set...)
	if err != nil {
		return nil, err
	}
	d := *c
	d.Client = sdk.New(c.Client.Options(), func(o *sdk.Options) {
		o.APIOptions = append(slices.Clone(o.APIOptions), step)
	})
	return &d, nil
}

// raw is a function that sets what boto never knew, as an option. It has the
// methods of all options, each with its own input for parameter: so it is an
// option of the one call that sends that input, and of no other.
type raw[In any] func(*In)

func (f raw[In]) associateAddress(in *In) { f(in) }

func (f raw[In]) getAllRegions(in *In) error { f(in); return nil }

func (f raw[In]) getAllZones(in *In) error { f(in); return nil }

func (f raw[In]) getAllInstances(in *In) error { f(in); return nil }

func (f raw[In]) getAllInstanceStatus(in *In) error { f(in); return nil }

func (f raw[In]) getAllKeyPairs(in *In) error { f(in); return nil }

func (f raw[In]) getAllSecurityGroups(in *In) error { f(in); return nil }

func (f raw[In]) getAllTags(in *In) error { f(in); return nil }

func (f raw[In]) getAllAddresses(in *In) error { f(in); return nil }

func (f raw[In]) getAllVolumes(in *In) error { f(in); return nil }

func (f raw[In]) getAllSnapshots(in *In) error { f(in); return nil }

func (f raw[In]) getAllImages(in *In) error { f(in); return nil }

func (f raw[In]) runInstances(in *In) error { f(in); return nil }

func (f raw[In]) stopInstances(in *In) error { f(in); return nil }

func (f raw[In]) createVolume(in *In) { f(in) }

func (f raw[In]) detachVolume(in *In) { f(in) }

// RawAssociateAddress sets the SDK's own input of the call: AssociateAddress.
//
// Example: ec2.AssociateAddress(instance.ID, address.PublicIP, RawAssociateAddress(func(in *ec2.AssociateAddressInput) { in.AllowReassociation = aws.Bool(true) }))
func RawAssociateAddress(set func(*sdk.AssociateAddressInput)) AssociateAddressOption {
	return raw[sdk.AssociateAddressInput](set)
}

// RawDescribeRegions sets the SDK's own input of the call: DescribeRegions.
//
// Example: ec2.GetAllRegions(RawDescribeRegions(func(in *ec2.DescribeRegionsInput) { in.AllRegions = aws.Bool(true) }))
func RawDescribeRegions(set func(*sdk.DescribeRegionsInput)) GetAllRegionsOption {
	return raw[sdk.DescribeRegionsInput](set)
}

// RawDescribeAvailabilityZones sets the SDK's own input of the call: DescribeAvailabilityZones.
//
// Example: ec2.GetAllZones(RawDescribeAvailabilityZones(func(in *ec2.DescribeAvailabilityZonesInput) { in.AllAvailabilityZones = aws.Bool(true) }))
func RawDescribeAvailabilityZones(set func(*sdk.DescribeAvailabilityZonesInput)) GetAllZonesOption {
	return raw[sdk.DescribeAvailabilityZonesInput](set)
}

// RawDescribeInstances sets the SDK's own input of the call: DescribeInstances.
//
// Example: ec2.GetAllInstances(RawDescribeInstances(func(in *ec2.DescribeInstancesInput) { in.MaxResults = aws.Int32(5) }))
func RawDescribeInstances(set func(*sdk.DescribeInstancesInput)) GetAllInstancesOption {
	return raw[sdk.DescribeInstancesInput](set)
}

// RawDescribeInstanceStatus sets the SDK's own input of the call: DescribeInstanceStatus.
//
// Example: ec2.GetAllInstanceStatus(RawDescribeInstanceStatus(func(in *ec2.DescribeInstanceStatusInput) { in.MaxResults = aws.Int32(5) }))
func RawDescribeInstanceStatus(set func(*sdk.DescribeInstanceStatusInput)) GetAllInstanceStatusOption {
	return raw[sdk.DescribeInstanceStatusInput](set)
}

// RawDescribeKeyPairs sets the SDK's own input of the call: DescribeKeyPairs.
//
// Example: ec2.GetAllKeyPairs(RawDescribeKeyPairs(func(in *ec2.DescribeKeyPairsInput) { in.IncludePublicKey = aws.Bool(true) }))
func RawDescribeKeyPairs(set func(*sdk.DescribeKeyPairsInput)) GetAllKeyPairsOption {
	return raw[sdk.DescribeKeyPairsInput](set)
}

// RawDescribeSecurityGroups sets the SDK's own input of the call: DescribeSecurityGroups.
//
// Example: ec2.GetAllSecurityGroups(RawDescribeSecurityGroups(func(in *ec2.DescribeSecurityGroupsInput) { in.MaxResults = aws.Int32(5) }))
func RawDescribeSecurityGroups(set func(*sdk.DescribeSecurityGroupsInput)) GetAllSecurityGroupsOption {
	return raw[sdk.DescribeSecurityGroupsInput](set)
}

// RawDescribeTags sets the SDK's own input of the call: DescribeTags.
//
// Example: ec2.GetAllTags(RawDescribeTags(func(in *ec2.DescribeTagsInput) { in.MaxResults = aws.Int32(5) }))
func RawDescribeTags(set func(*sdk.DescribeTagsInput)) GetAllTagsOption {
	return raw[sdk.DescribeTagsInput](set)
}

// RawDescribeAddresses sets the SDK's own input of the call: DescribeAddresses.
//
// Example: ec2.GetAllAddresses(RawDescribeAddresses(func(in *ec2.DescribeAddressesInput) { in.PublicIps = []string{address.PublicIP} }))
func RawDescribeAddresses(set func(*sdk.DescribeAddressesInput)) GetAllAddressesOption {
	return raw[sdk.DescribeAddressesInput](set)
}

// RawDescribeVolumes sets the SDK's own input of the call: DescribeVolumes.
//
// Example: ec2.GetAllVolumes(RawDescribeVolumes(func(in *ec2.DescribeVolumesInput) { in.MaxResults = aws.Int32(5) }))
func RawDescribeVolumes(set func(*sdk.DescribeVolumesInput)) GetAllVolumesOption {
	return raw[sdk.DescribeVolumesInput](set)
}

// RawDescribeSnapshots sets the SDK's own input of the call: DescribeSnapshots.
//
// Example: ec2.GetAllSnapshots(RawDescribeSnapshots(func(in *ec2.DescribeSnapshotsInput) { in.OwnerIds = []string{"self"} }))
func RawDescribeSnapshots(set func(*sdk.DescribeSnapshotsInput)) GetAllSnapshotsOption {
	return raw[sdk.DescribeSnapshotsInput](set)
}

// RawDescribeImages sets the SDK's own input of the call: DescribeImages.
//
// Example: ec2.GetAllImages(RawDescribeImages(func(in *ec2.DescribeImagesInput) { in.IncludeDeprecated = aws.Bool(true) }))
func RawDescribeImages(set func(*sdk.DescribeImagesInput)) GetAllImagesOption {
	return raw[sdk.DescribeImagesInput](set)
}

// RawRunInstances sets the SDK's own input of the call: RunInstances.
//
// Example: ec2.RunInstances("ami-7341831a", RawRunInstances(func(in *ec2.RunInstancesInput) { in.PrivateIpAddress = aws.String("172.31.0.9") }))
func RawRunInstances(set func(*sdk.RunInstancesInput)) RunInstancesOption {
	return raw[sdk.RunInstancesInput](set)
}

// RawStopInstances sets the SDK's own input of the call: StopInstances.
//
// Example: instance.Stop(RawStopInstances(func(in *ec2.StopInstancesInput) { in.Force = aws.Bool(true) }))
func RawStopInstances(set func(*sdk.StopInstancesInput)) StopInstancesOption {
	return raw[sdk.StopInstancesInput](set)
}

// RawCreateVolume sets the SDK's own input of the call: CreateVolume.
//
// Example: ec2.CreateVolume(1, "us-east-1a", RawCreateVolume(func(in *ec2.CreateVolumeInput) { in.VolumeType = "gp2" }))
func RawCreateVolume(set func(*sdk.CreateVolumeInput)) CreateVolumeOption {
	return raw[sdk.CreateVolumeInput](set)
}

// RawDetachVolume sets the SDK's own input of the call: DetachVolume.
//
// Example: disk.Detach(RawDetachVolume(func(in *ec2.DetachVolumeInput) { in.Device = aws.String("/dev/sdh") }))
func RawDetachVolume(set func(*sdk.DetachVolumeInput)) DetachVolumeOption {
	return raw[sdk.DetachVolumeInput](set)
}
