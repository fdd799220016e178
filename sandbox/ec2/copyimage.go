package ec2

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
)

// other gives another region of the same cloud, as a call of its own under
// the lock that is held already.
func (q *call) other(name *string) (*call, error) {
	if name == nil {
		return nil, missing("SourceRegion")
	}
	if _, ok := core.RegionByName(*name); !ok && q.cloud.regions[*name] == nil {
		return nil, invalid("Invalid source region: %s", *name)
	}
	r := q.cloud.regions[*name]
	if r == nil {
		known, _ := core.RegionByName(*name)
		r = q.cloud.newRegion(known)
		q.cloud.regions[*name] = r
	}
	return &call{region: r, now: q.now, caller: q.caller}, nil
}

// duplicate copies a snapshot into this region. Those behind images of the
// catalogue hold nothing of the account's.
func (q *call) duplicate(from *call, id, description string) (*snapshot, error) {
	size, err := from.originSize(id)
	if err != nil {
		return nil, err
	}
	c := &snapshot{id: q.env.ID("snap"), volume: "vol-ffffffff", description: description, size: size, started: q.now}
	if s := from.snapshot(id); s != nil {
		c.encrypted = s.encrypted
		if s.content != nil {
			if c.content, err = s.content.Clone(maxDisk); err != nil {
				return nil, fail("SnapshotLimitExceeded", "The emulated disks are full.")
			}
		}
	}
	q.snapshots = append(q.snapshots, c)
	return c, nil
}

// copySnapshot copies a snapshot from a region into the one that is asked.
func copySnapshot(q *call, in *ec2.CopySnapshotInput) (*ec2.CopySnapshotOutput, error) {
	if in.SourceSnapshotId == nil {
		return nil, missing("SourceSnapshotId")
	}
	from, err := q.other(in.SourceRegion)
	if err != nil {
		return nil, err
	}
	s := from.snapshot(*in.SourceSnapshotId)
	switch {
	case s == nil:
		return nil, notFound("InvalidSnapshot.NotFound", "snapshot", *in.SourceSnapshotId)
	case s.state(q.now) != types.SnapshotStateCompleted:
		return nil, fail("IncorrectState", "Snapshot is in invalid state - %s", s.state(q.now))
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeSnapshot)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	c, err := q.duplicate(from, s.id, aws.ToString(in.Description))
	if err != nil {
		return nil, err
	}
	c.encrypted = c.encrypted || aws.ToBool(in.Encrypted)
	q.setTags(c.id, tags[types.ResourceTypeSnapshot])
	return &ec2.CopySnapshotOutput{SnapshotId: aws.String(c.id), Tags: q.tagSet(c.id)}, nil
}

// copyImage copies an image, and the snapshots it is made of, from a region
// into the one that is asked.
func copyImage(q *call, in *ec2.CopyImageInput) (*ec2.CopyImageOutput, error) {
	switch {
	case in.SourceImageId == nil:
		return nil, missing("SourceImageId")
	case in.Name == nil:
		return nil, missing("Name")
	}
	from, err := q.other(in.SourceRegion)
	if err != nil {
		return nil, err
	}
	src := from.image(*in.SourceImageId)
	switch {
	case src == nil:
		return nil, noImage(*in.SourceImageId)
	case src.state(q.now) != types.ImageStateAvailable:
		return nil, fail("InvalidAMIID.Unavailable", "The image ID '%s' is not available", src.id)
	}
	if err := q.checkImageName(*in.Name); err != nil {
		return nil, err
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeImage, types.ResourceTypeSnapshot)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	devices := append([]device{{name: src.root, disk: disk{size: src.size, kind: src.volumeType, snapshot: src.snapshot, iops: src.rootIOPS}, keep: src.rootKeeps}}, slices.Clone(src.devices)...)
	for i := range devices {
		d := &devices[i].disk
		if d.snapshot == "" {
			continue
		}
		c, err := q.duplicate(from, d.snapshot, "Copied for DestinationAmi from SourceAmi "+src.id+" for SourceSnapshot "+d.snapshot+".")
		if err != nil {
			return nil, err
		}
		q.setTags(c.id, tags[types.ResourceTypeSnapshot])
		d.snapshot = c.id
	}
	description := aws.ToString(in.Description)
	if description == "" {
		description = "[Copied " + src.id + " from " + from.Name + "] " + src.description
	}
	m := q.addImage(image{name: *in.Name, description: description, arch: src.arch, virtualization: src.virtualization, kernel: src.kernel, user: src.user, release: src.release},
		devices, tags[types.ResourceTypeImage])
	return &ec2.CopyImageOutput{ImageId: aws.String(m.id)}, nil
}

// describeImageAttribute tells one attribute of an image of the account's own.
func describeImageAttribute(q *call, in *ec2.DescribeImageAttributeInput) (*ec2.DescribeImageAttributeOutput, error) {
	m, err := q.mine(in.ImageId)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeImageAttributeOutput{ImageId: in.ImageId}
	switch in.Attribute {
	case types.ImageAttributeNameDescription:
		out.Description = &types.AttributeValue{Value: aws.String(m.description)}
	case types.ImageAttributeNameKernel:
		out.KernelId = &types.AttributeValue{Value: str(m.kernel)}
	case types.ImageAttributeNameRamdisk:
		out.RamdiskId = &types.AttributeValue{}
	case types.ImageAttributeNameLaunchPermission:
		out.LaunchPermissions = []types.LaunchPermission{}
		if m.public {
			out.LaunchPermissions = append(out.LaunchPermissions, types.LaunchPermission{Group: types.PermissionGroupAll})
		}
		for _, account := range m.shared {
			out.LaunchPermissions = append(out.LaunchPermissions, types.LaunchPermission{UserId: aws.String(account)})
		}
	case types.ImageAttributeNameProductCodes:
		out.ProductCodes = []types.ProductCode{}
	case types.ImageAttributeNameBlockDeviceMapping:
		out.BlockDeviceMappings = q.imageView(m).BlockDeviceMappings
	case "":
		return nil, missing("Attribute")
	default:
		return nil, invalid("Value (%s) for parameter attribute is invalid. Unknown attribute.", in.Attribute)
	}
	return out, nil
}

// modifyImageAttribute changes the description, or who may launch.
func modifyImageAttribute(q *call, in *ec2.ModifyImageAttributeInput) (*ec2.ModifyImageAttributeOutput, error) {
	m, err := q.mine(in.ImageId)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	add, remove := slices.Clone(in.UserGroups), []string(nil)
	add = append(add, in.UserIds...)
	if in.OperationType == types.OperationTypeRemove {
		add, remove = nil, add
	}
	if p := in.LaunchPermission; p != nil {
		for _, x := range p.Add {
			add = append(add, aws.ToString(x.UserId)+string(x.Group))
		}
		for _, x := range p.Remove {
			remove = append(remove, aws.ToString(x.UserId)+string(x.Group))
		}
	}
	switch {
	case in.Description != nil:
		m.description = aws.ToString(in.Description.Value)
	case aws.ToString(in.Attribute) == "description" && in.Value != nil:
		m.description = *in.Value
	case len(add)+len(remove) == 0:
		return nil, fail("InvalidParameterCombination", "No attributes specified.")
	}
	share(&m.public, &m.shared, add, remove)
	return &ec2.ModifyImageAttributeOutput{}, nil
}
