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
func RawAssociateAddress(set func(*sdk.AssociateAddressInput)) AssociateAddressOption {
	return raw[sdk.AssociateAddressInput](set)
}

// RawDescribeRegions sets the SDK's own input of the call: DescribeRegions.
func RawDescribeRegions(set func(*sdk.DescribeRegionsInput)) GetAllRegionsOption {
	return raw[sdk.DescribeRegionsInput](set)
}

// RawDescribeAvailabilityZones sets the SDK's own input of the call: DescribeAvailabilityZones.
func RawDescribeAvailabilityZones(set func(*sdk.DescribeAvailabilityZonesInput)) GetAllZonesOption {
	return raw[sdk.DescribeAvailabilityZonesInput](set)
}

// RawDescribeInstances sets the SDK's own input of the call: DescribeInstances.
func RawDescribeInstances(set func(*sdk.DescribeInstancesInput)) GetAllInstancesOption {
	return raw[sdk.DescribeInstancesInput](set)
}

// RawDescribeInstanceStatus sets the SDK's own input of the call: DescribeInstanceStatus.
func RawDescribeInstanceStatus(set func(*sdk.DescribeInstanceStatusInput)) GetAllInstanceStatusOption {
	return raw[sdk.DescribeInstanceStatusInput](set)
}

// RawDescribeKeyPairs sets the SDK's own input of the call: DescribeKeyPairs.
func RawDescribeKeyPairs(set func(*sdk.DescribeKeyPairsInput)) GetAllKeyPairsOption {
	return raw[sdk.DescribeKeyPairsInput](set)
}

// RawDescribeSecurityGroups sets the SDK's own input of the call: DescribeSecurityGroups.
func RawDescribeSecurityGroups(set func(*sdk.DescribeSecurityGroupsInput)) GetAllSecurityGroupsOption {
	return raw[sdk.DescribeSecurityGroupsInput](set)
}

// RawDescribeTags sets the SDK's own input of the call: DescribeTags.
func RawDescribeTags(set func(*sdk.DescribeTagsInput)) GetAllTagsOption {
	return raw[sdk.DescribeTagsInput](set)
}

// RawDescribeAddresses sets the SDK's own input of the call: DescribeAddresses.
func RawDescribeAddresses(set func(*sdk.DescribeAddressesInput)) GetAllAddressesOption {
	return raw[sdk.DescribeAddressesInput](set)
}

// RawDescribeVolumes sets the SDK's own input of the call: DescribeVolumes.
func RawDescribeVolumes(set func(*sdk.DescribeVolumesInput)) GetAllVolumesOption {
	return raw[sdk.DescribeVolumesInput](set)
}

// RawDescribeSnapshots sets the SDK's own input of the call: DescribeSnapshots.
func RawDescribeSnapshots(set func(*sdk.DescribeSnapshotsInput)) GetAllSnapshotsOption {
	return raw[sdk.DescribeSnapshotsInput](set)
}

// RawDescribeImages sets the SDK's own input of the call: DescribeImages.
func RawDescribeImages(set func(*sdk.DescribeImagesInput)) GetAllImagesOption {
	return raw[sdk.DescribeImagesInput](set)
}

// RawRunInstances sets the SDK's own input of the call: RunInstances.
func RawRunInstances(set func(*sdk.RunInstancesInput)) RunInstancesOption {
	return raw[sdk.RunInstancesInput](set)
}

// RawStopInstances sets the SDK's own input of the call: StopInstances.
func RawStopInstances(set func(*sdk.StopInstancesInput)) StopInstancesOption {
	return raw[sdk.StopInstancesInput](set)
}

// RawCreateVolume sets the SDK's own input of the call: CreateVolume.
func RawCreateVolume(set func(*sdk.CreateVolumeInput)) CreateVolumeOption {
	return raw[sdk.CreateVolumeInput](set)
}

// RawDetachVolume sets the SDK's own input of the call: DetachVolume.
func RawDetachVolume(set func(*sdk.DetachVolumeInput)) DetachVolumeOption {
	return raw[sdk.DetachVolumeInput](set)
}
