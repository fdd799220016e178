package ec2

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// BlockDeviceMapping maps device names, such as "/dev/sda1", to disks
// (boto: BlockDeviceMapping).
type BlockDeviceMapping map[string]*BlockDeviceType

// BlockDeviceType is a disk of an instance, or one to be made for it
// (boto: BlockDeviceType).
type BlockDeviceType struct {
	SnapshotID          string
	VolumeID            string
	EphemeralName       string // "ephemeral0": a disk of the host
	NoDevice            bool   // suppresses a device of the image
	Status              string
	Size                int // GiB
	VolumeType          string
	IOPS                int
	Encrypted           bool
	DeleteOnTermination bool
}

// String prints the disk by what it is made of.
func (b *BlockDeviceType) String() string {
	switch {
	case b.VolumeID != "":
		return "BlockDeviceType:" + b.VolumeID
	case b.SnapshotID != "":
		return "BlockDeviceType:" + b.SnapshotID
	}
	return "BlockDeviceType:" + b.EphemeralName
}

func instanceDevices(raw []types.InstanceBlockDeviceMapping) BlockDeviceMapping {
	m := BlockDeviceMapping{}
	for _, d := range raw {
		b := &BlockDeviceType{}
		if e := d.Ebs; e != nil {
			b.VolumeID, b.Status, b.DeleteOnTermination = aws.ToString(e.VolumeId), string(e.Status), aws.ToBool(e.DeleteOnTermination)
		}
		m[aws.ToString(d.DeviceName)] = b
	}
	return m
}

func imageDevices(raw []types.BlockDeviceMapping) BlockDeviceMapping {
	m := BlockDeviceMapping{}
	for _, d := range raw {
		b := &BlockDeviceType{EphemeralName: aws.ToString(d.VirtualName), NoDevice: d.NoDevice != nil}
		if e := d.Ebs; e != nil {
			b.SnapshotID, b.Size, b.VolumeType = aws.ToString(e.SnapshotId), int(aws.ToInt32(e.VolumeSize)), string(e.VolumeType)
			b.IOPS, b.Encrypted, b.DeleteOnTermination = int(aws.ToInt32(e.Iops)), aws.ToBool(e.Encrypted), aws.ToBool(e.DeleteOnTermination)
		}
		m[aws.ToString(d.DeviceName)] = b
	}
	return m
}

func (m BlockDeviceMapping) raw() []types.BlockDeviceMapping {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	list := make([]types.BlockDeviceMapping, 0, len(m))
	for _, name := range names {
		b := m[name]
		d := types.BlockDeviceMapping{DeviceName: aws.String(name)}
		switch {
		case b == nil || b.NoDevice:
			d.NoDevice = aws.String("")
		case b.EphemeralName != "":
			d.VirtualName = aws.String(b.EphemeralName)
		default:
			d.Ebs = &types.EbsBlockDevice{
				SnapshotId: optional(b.SnapshotID), VolumeType: types.VolumeType(b.VolumeType),
				DeleteOnTermination: aws.Bool(b.DeleteOnTermination),
			}
			if b.Size > 0 {
				d.Ebs.VolumeSize = aws.Int32(int32(b.Size))
			}
			if b.IOPS > 0 {
				d.Ebs.Iops = aws.Int32(int32(b.IOPS))
			}
			if b.Encrypted {
				d.Ebs.Encrypted = aws.Bool(true)
			}
		}
		list = append(list, d)
	}
	return list
}
