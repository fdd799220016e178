package ec2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func (w *world) volumeState(id string) string {
	w.Helper()
	v := do(w, describeVolumes, &ec2.DescribeVolumesInput{VolumeIds: []string{id}}).Volumes[0]
	s := string(v.State)
	for _, a := range v.Attachments {
		s += " " + string(a.State)
	}
	return s
}

func TestVolumeLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.launch(1)[0]
	zone := x.Placement.AvailabilityZone
	id := *do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: zone, Size: aws.Int32(5), TagSpecifications: []types.TagSpecification{{ResourceType: "volume", Tags: tags("Name", "data")}}}).VolumeId
	attach := &ec2.AttachVolumeInput{VolumeId: &id, InstanceId: x.InstanceId, Device: aws.String("/dev/sdf")}
	expect := func(want string) {
		t.Helper()
		if got := w.volumeState(id); got != want {
			t.Errorf("volume %s, want %s", got, want)
		}
	}
	expect("creating")
	refused(w, attachVolume, attach, "IncorrectState", "is not 'available'.")
	w.pass(volumeTime)
	expect("available")
	if got := do(w, attachVolume, attach); got.State != "attaching" || *got.Device != "/dev/sdf" {
		t.Errorf("attach: %+v", got)
	}
	expect("in-use attaching")
	w.pass(attachTime)
	expect("in-use attached")
	refused(w, attachVolume, attach, "VolumeInUse", "is already attached to an instance")
	refused(w, deleteVolume, &ec2.DeleteVolumeInput{VolumeId: &id}, "VolumeInUse", "is currently attached to "+*x.InstanceId)
	if m := w.describe(*x.InstanceId).BlockDeviceMappings; len(m) != 2 || *m[0].DeviceName != "/dev/sda1" || *m[1].Ebs.DeleteOnTermination {
		t.Errorf("devices %v", m)
	}
	refused(w, detachVolume, &ec2.DetachVolumeInput{VolumeId: &id, Device: aws.String("/dev/sdg")}, "InvalidAttachment.NotFound", "")
	if got := do(w, detachVolume, &ec2.DetachVolumeInput{VolumeId: &id}); got.State != "detaching" {
		t.Errorf("detach: %+v", got)
	}
	expect("in-use detaching")
	w.pass(attachTime)
	expect("available")
	refused(w, detachVolume, &ec2.DetachVolumeInput{VolumeId: &id}, "IncorrectState", "is in the 'available' state")
	do(w, attachVolume, attach)
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*x.InstanceId}})
	w.pass(terminateTime)
	expect("available") // it was attached by hand, and stays
	do(w, deleteVolume, &ec2.DeleteVolumeInput{VolumeId: &id})
	refused(w, describeVolumes, &ec2.DescribeVolumesInput{VolumeIds: []string{id}}, "InvalidVolume.NotFound", "The volume '"+id+"' does not exist.")
}

func TestRootVolumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.launch(1)[0]
	root := w.describe(*x.InstanceId).BlockDeviceMappings[0].Ebs.VolumeId
	refused(w, detachVolume, &ec2.DetachVolumeInput{VolumeId: root}, "OperationNotPermitted", "Unable to detach root volume")
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*x.InstanceId}})
	w.pass(stopTime)
	do(w, detachVolume, &ec2.DetachVolumeInput{VolumeId: root})
	v := do(w, describeVolumes, &ec2.DescribeVolumesInput{VolumeIds: []string{*root}}).Volumes[0]
	if v.VolumeType != "standard" || *v.Size != 8 || *v.SnapshotId == "" {
		t.Errorf("root volume %+v", v)
	}
}

func TestCreateVolumeRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		code, text string
		change     func(*ec2.CreateVolumeInput)
	}{
		{"MissingParameter", "AvailabilityZone", func(in *ec2.CreateVolumeInput) { in.AvailabilityZone = nil }},
		{"InvalidZone.NotFound", "The zone 'eu-west-1a' does not exist.", func(in *ec2.CreateVolumeInput) { in.AvailabilityZone = aws.String("eu-west-1a") }},
		{"MissingParameter", "size or snapshotId", func(in *ec2.CreateVolumeInput) { in.Size = nil }},
		{"InvalidParameterValue", "size", func(in *ec2.CreateVolumeInput) { in.Size = aws.Int32(0) }},
		{"InvalidParameterValue", "invalid for type gp2", func(in *ec2.CreateVolumeInput) { in.Size = aws.Int32(20000) }},
		{"UnknownVolumeType", "Unsupported volume type 'tape'", func(in *ec2.CreateVolumeInput) { in.VolumeType = "tape" }},
		{"MissingParameter", "iops", func(in *ec2.CreateVolumeInput) { in.VolumeType = "io1" }},
		{"InvalidParameterCombination", "iops", func(in *ec2.CreateVolumeInput) { in.Iops = aws.Int32(100) }},
		{"InvalidSnapshot.NotFound", "snap-00000000", func(in *ec2.CreateVolumeInput) { in.SnapshotId = aws.String("snap-00000000") }},
		{"DryRunOperation", "", func(in *ec2.CreateVolumeInput) { in.DryRun = aws.Bool(true) }},
	} {
		in := &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(5)}
		tt.change(in)
		refused(w, createVolume, in, tt.code, tt.text)
	}
	x := w.launch(1)[0] // in us-east-1a
	far := do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1b"), Size: aws.Int32(1)}).VolumeId
	near := do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1)}).VolumeId
	w.pass(volumeTime)
	refused(w, attachVolume, &ec2.AttachVolumeInput{VolumeId: far, InstanceId: x.InstanceId, Device: aws.String("/dev/sdf")}, "InvalidVolume.ZoneMismatch", "not in the same availability zone")
	refused(w, attachVolume, &ec2.AttachVolumeInput{VolumeId: near, InstanceId: x.InstanceId, Device: aws.String("/dev/sda1")}, "InvalidParameterValue", "Attachment point /dev/sda1 is already in use")
	refused(w, attachVolume, &ec2.AttachVolumeInput{VolumeId: near, InstanceId: x.InstanceId}, "MissingParameter", "Device")
	refused(w, attachVolume, &ec2.AttachVolumeInput{VolumeId: aws.String("cat"), InstanceId: x.InstanceId, Device: aws.String("/dev/sdf")}, "InvalidParameterValue", "Expected: 'vol-...'.")
}

func TestSnapshots(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vol := do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(5)}).VolumeId
	first := do(w, createSnapshot, &ec2.CreateSnapshotInput{VolumeId: vol, Description: aws.String("first")})
	if first.State != "pending" || *first.Progress != "0%" || *first.VolumeSize != 5 {
		t.Errorf("snapshot %+v", first)
	}
	refused(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), SnapshotId: first.SnapshotId}, "IncorrectState", "pending")
	w.pass(snapshotTime / 2)
	if s := do(w, describeSnapshots, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{*first.SnapshotId}}).Snapshots[0]; *s.Progress != "50%" {
		t.Errorf("half way: %s", *s.Progress)
	}
	w.pass(snapshotTime)
	do(w, createSnapshot, &ec2.CreateSnapshotInput{VolumeId: vol, Description: aws.String("second")})
	for _, tt := range []struct {
		in   ec2.DescribeSnapshotsInput
		want int
	}{
		{ec2.DescribeSnapshotsInput{}, 2}, {ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}}, 2}, {ec2.DescribeSnapshotsInput{OwnerIds: []string{"amazon"}}, 0},
		{ec2.DescribeSnapshotsInput{Filters: filters("status", "completed")}, 1}, {ec2.DescribeSnapshotsInput{Filters: filters("description", "f*", "volume-id", *vol)}, 1},
	} {
		if got := len(do(w, describeSnapshots, &tt.in).Snapshots); got != tt.want {
			t.Errorf("%+v: %d snapshots", tt.in, got)
		}
	}
	grown := do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1b"), SnapshotId: first.SnapshotId})
	if *grown.Size != 5 || *grown.SnapshotId != *first.SnapshotId {
		t.Errorf("restored %+v", grown)
	}
	refused(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), SnapshotId: first.SnapshotId, Size: aws.Int32(4)}, "InvalidParameterValue", "expect size >= 5GB")
	x := w.launch(1, func(in *ec2.RunInstancesInput) {
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sdf"), Ebs: &types.EbsBlockDevice{SnapshotId: first.SnapshotId}}}
	})[0]
	if n := len(w.describe(*x.InstanceId).BlockDeviceMappings); n != 2 {
		t.Errorf("%d devices", n)
	}
	do(w, deleteSnapshot, &ec2.DeleteSnapshotInput{SnapshotId: first.SnapshotId})
	refused(w, deleteSnapshot, &ec2.DeleteSnapshotInput{SnapshotId: first.SnapshotId}, "InvalidSnapshot.NotFound", "does not exist")
	of := do(w, describeImages, &ec2.DescribeImagesInput{ImageIds: []string{bookImage}}).Images[0].BlockDeviceMappings[0].Ebs.SnapshotId
	refused(w, deleteSnapshot, &ec2.DeleteSnapshotInput{SnapshotId: of}, "InvalidSnapshot.InUse", "in use by "+bookImage)
	refused(w, createSnapshot, &ec2.CreateSnapshotInput{VolumeId: aws.String("vol-00000000")}, "InvalidVolume.NotFound", "The volume 'vol-00000000' does not exist.")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.launch(2)
	a := do(w, allocateAddress, &ec2.AllocateAddressInput{})
	if a.Domain != "vpc" || *a.PublicIp == "" {
		t.Errorf("allocated %+v", a)
	}
	before := *w.describe(*x[0].InstanceId).PublicIpAddress
	first := do(w, associateAddress, &ec2.AssociateAddressInput{InstanceId: x[0].InstanceId, PublicIp: a.PublicIp})
	again := do(w, associateAddress, &ec2.AssociateAddressInput{InstanceId: x[0].InstanceId, AllocationId: a.AllocationId})
	if *first.AssociationId != *again.AssociationId {
		t.Errorf("associated anew: %s, %s", *first.AssociationId, *again.AssociationId)
	}
	if got := *w.describe(*x[0].InstanceId).PublicIpAddress; got != *a.PublicIp || got == before {
		t.Errorf("address %s", got)
	}
	refused(w, associateAddress, &ec2.AssociateAddressInput{InstanceId: x[1].InstanceId, AllocationId: a.AllocationId, AllowReassociation: aws.Bool(false)}, "Resource.AlreadyAssociated", "is already associated")
	refused(w, releaseAddress, &ec2.ReleaseAddressInput{AllocationId: a.AllocationId}, "InvalidIPAddress.InUse", *a.PublicIp)
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*x[0].InstanceId}})
	w.pass(stopTime)
	if got := w.describe(*x[0].InstanceId).PublicIpAddress; aws.ToString(got) != *a.PublicIp {
		t.Error("a stopped instance lost its elastic address")
	}
	list := do(w, describeAddresses, &ec2.DescribeAddressesInput{Filters: filters("instance-id", *x[0].InstanceId)}).Addresses
	if len(list) != 1 || *list[0].AssociationId != *first.AssociationId || *list[0].PrivateIpAddress != *x[0].PrivateIpAddress {
		t.Errorf("described %+v", list)
	}
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*x[0].InstanceId}})
	w.pass(terminateTime)
	if got := do(w, describeAddresses, &ec2.DescribeAddressesInput{PublicIps: []string{*a.PublicIp}}).Addresses[0]; got.InstanceId != nil {
		t.Errorf("still with %s", *got.InstanceId)
	}
	b := do(w, associateAddress, &ec2.AssociateAddressInput{InstanceId: x[1].InstanceId, AllocationId: a.AllocationId})
	do(w, disassociateAddress, &ec2.DisassociateAddressInput{AssociationId: b.AssociationId})
	refused(w, disassociateAddress, &ec2.DisassociateAddressInput{AssociationId: b.AssociationId}, "InvalidAssociationID.NotFound", *b.AssociationId)
	do(w, releaseAddress, &ec2.ReleaseAddressInput{AllocationId: a.AllocationId})
	refused(w, releaseAddress, &ec2.ReleaseAddressInput{AllocationId: a.AllocationId}, "InvalidAllocationID.NotFound", *a.AllocationId)
	refused(w, associateAddress, &ec2.AssociateAddressInput{InstanceId: x[1].InstanceId, PublicIp: aws.String("1.2.3.4")}, "InvalidAddress.NotFound", "Address '1.2.3.4' not found.")
	refused(w, associateAddress, &ec2.AssociateAddressInput{InstanceId: x[1].InstanceId}, "MissingParameter", "Either public IP or allocation id")
	for range maxAddresses {
		do(w, allocateAddress, &ec2.AllocateAddressInput{})
	}
	refused(w, allocateAddress, &ec2.AllocateAddressInput{}, "AddressLimitExceeded", "maximum number of addresses")
}
