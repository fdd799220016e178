package ec2

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Volume is an EBS disk (boto: Volume).
type Volume struct {
	ID         string
	Status     string // "creating", "available", "in-use", ...
	Size       int    // GiB
	Zone       string
	SnapshotID string
	Type       string
	IOPS       int
	Encrypted  bool
	CreateTime time.Time
	AttachData *AttachmentSet
	Tags       map[string]string
	Region     *RegionInfo
	Connection *Connection
	Raw        types.Volume
}

// String prints the volume as boto does.
func (v *Volume) String() string { return "Volume:" + v.ID }

// AttachmentSet tells which instance has a volume (boto: AttachmentSet). Its
// fields are empty for a volume that none has.
type AttachmentSet struct {
	ID                  string // of the volume
	InstanceID          string
	Device              string
	Status              string // "attaching", "attached", ...
	AttachTime          time.Time
	DeleteOnTermination bool
	Raw                 types.VolumeAttachment
}

// String prints the attachment as boto does.
func (a *AttachmentSet) String() string { return "AttachmentSet:" + a.ID }

func (c *Connection) volume(raw types.Volume) *Volume {
	v := &Volume{Connection: c, Region: c.Region}
	v.fill(raw)
	return v
}

func (v *Volume) fill(raw types.Volume) {
	*v = Volume{
		ID: aws.ToString(raw.VolumeId), Status: string(raw.State), Size: int(aws.ToInt32(raw.Size)),
		Zone: aws.ToString(raw.AvailabilityZone), SnapshotID: aws.ToString(raw.SnapshotId),
		Type: string(raw.VolumeType), IOPS: int(aws.ToInt32(raw.Iops)), Encrypted: aws.ToBool(raw.Encrypted),
		CreateTime: aws.ToTime(raw.CreateTime), AttachData: &AttachmentSet{}, Tags: tagMap(raw.Tags),
		Region: v.Region, Connection: v.Connection, Raw: raw,
	}
	if len(raw.Attachments) > 0 {
		a := raw.Attachments[0]
		v.AttachData = &AttachmentSet{
			ID: aws.ToString(a.VolumeId), InstanceID: aws.ToString(a.InstanceId), Device: aws.ToString(a.Device),
			Status: string(a.State), AttachTime: aws.ToTime(a.AttachTime), DeleteOnTermination: aws.ToBool(a.DeleteOnTermination), Raw: a,
		}
	}
}

type volumesOption func(*sdk.DescribeVolumesInput)

func (f volumesOption) getAllVolumes(in *sdk.DescribeVolumesInput) error { f(in); return nil }

// VolumeIDs names the volumes to list (boto: volume_ids).
//
// Example: ec2.GetAllVolumes(VolumeIDs(volume.ID))
func VolumeIDs(ids ...string) GetAllVolumesOption {
	return volumesOption(func(in *sdk.DescribeVolumesInput) { in.VolumeIds = append(in.VolumeIds, ids...) })
}

// GetAllVolumes lists volumes: DescribeVolumes, all pages
// (boto: get_all_volumes). Options: VolumeIDs, Filters, Filter, DryRun. Code
// InvalidVolume.NotFound.
//
// Example: ec2.GetAllVolumes(Filter("status", "available"))
func (c *Connection) GetAllVolumes(opts ...GetAllVolumesOption) ([]*Volume, error) {
	in := &sdk.DescribeVolumesInput{}
	for _, o := range opts {
		if err := o.getAllVolumes(in); err != nil {
			return nil, fmt.Errorf("get all volumes: %w", err)
		}
	}
	var list []*Volume
	for p := sdk.NewDescribeVolumesPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all volumes: %w", err)
		}
		for _, raw := range page.Volumes {
			list = append(list, c.volume(raw))
		}
	}
	return list, nil
}

// CreateVolumeOption is an argument of the calls that make a volume.
type CreateVolumeOption interface{ createVolume(*sdk.CreateVolumeInput) }

type createVolumeOption func(*sdk.CreateVolumeInput)

func (f createVolumeOption) createVolume(in *sdk.CreateVolumeInput) { f(in) }

// FromSnapshot fills a new volume with a snapshot's data (boto: snapshot).
//
// Example: ec2.CreateVolume(2, "us-east-1a", FromSnapshot(snapshot.ID))
func FromSnapshot(snapshotID string) CreateVolumeOption {
	return createVolumeOption(func(in *sdk.CreateVolumeInput) { in.SnapshotId = optional(snapshotID) })
}

// VolumeSize is a new volume's size in GiB where it differs from its
// snapshot's (boto: size).
//
// Example: snapshot.CreateVolume("us-east-1a", VolumeSize(5))
func VolumeSize(gib int) CreateVolumeOption {
	return createVolumeOption(func(in *sdk.CreateVolumeInput) { in.Size = aws.Int32(int32(gib)) })
}

// VolumeType is "gp3", "io2", "standard", ... (boto: volume_type).
//
// Example: ec2.CreateVolume(10, "us-east-1a", VolumeType("gp2"))
func VolumeType(name string) CreateVolumeOption {
	return createVolumeOption(func(in *sdk.CreateVolumeInput) { in.VolumeType = types.VolumeType(name) })
}

// IOPS is a volume's operations a second (boto: iops).
//
// Example: ec2.CreateVolume(10, "us-east-1a", VolumeType("io1"), IOPS(100))
func IOPS(n int) CreateVolumeOption {
	return createVolumeOption(func(in *sdk.CreateVolumeInput) { in.Iops = aws.Int32(int32(n)) })
}

// Encrypted encrypts a new volume (boto: encrypted).
//
// Example: ec2.CreateVolume(1, "us-east-1a", Encrypted(true))
func Encrypted(yes bool) CreateVolumeOption {
	return createVolumeOption(func(in *sdk.CreateVolumeInput) { in.Encrypted = &yes })
}

// KMSKeyID names the key a volume is encrypted with (boto: kms_key_id).
//
// Example: ec2.CreateVolume(1, "us-east-1a", Encrypted(true), KMSKeyID("alias/data"))
func KMSKeyID(id string) CreateVolumeOption {
	return createVolumeOption(func(in *sdk.CreateVolumeInput) { in.KmsKeyId = optional(id) })
}

// CreateVolume makes a volume of size GiB in an availability zone; size may be
// 0 with FromSnapshot: CreateVolume (boto: create_volume). Code
// InvalidZone.NotFound.
//
// Example: volume := ec2.CreateVolume(10, "us-east-1a"); volume.WaitUntilAvailable()
func (c *Connection) CreateVolume(size int, zone string, opts ...CreateVolumeOption) (*Volume, error) {
	in := &sdk.CreateVolumeInput{AvailabilityZone: aws.String(zone)}
	if size > 0 {
		in.Size = aws.Int32(int32(size))
	}
	for _, o := range opts {
		o.createVolume(in)
	}
	out, err := c.Client.CreateVolume(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("create volume in %s: %w", zone, err)
	}
	return c.volume(types.Volume{
		VolumeId: out.VolumeId, State: out.State, Size: out.Size, AvailabilityZone: out.AvailabilityZone,
		SnapshotId: out.SnapshotId, VolumeType: out.VolumeType, Iops: out.Iops, Encrypted: out.Encrypted,
		CreateTime: out.CreateTime, Attachments: out.Attachments, Tags: out.Tags, KmsKeyId: out.KmsKeyId,
	}), nil
}

// DeleteVolume deletes a volume for good: DeleteVolume (boto: delete_volume).
// Code VolumeInUse.
//
// Example: ec2.DeleteVolume(volume.ID)
func (c *Connection) DeleteVolume(volumeID string) (bool, error) {
	if _, err := c.Client.DeleteVolume(c.ctx(), &sdk.DeleteVolumeInput{VolumeId: aws.String(volumeID)}); err != nil {
		return false, fmt.Errorf("delete volume %s: %w", volumeID, err)
	}
	return true, nil
}

// AttachVolume gives a volume to an instance as a device and tells the
// status, "attaching": AttachVolume (boto: attach_volume). Codes VolumeInUse,
// InvalidVolume.ZoneMismatch, IncorrectState.
//
// Example: ec2.AttachVolume(volume.ID, instance.ID, "/dev/sdh")
func (c *Connection) AttachVolume(volumeID, instanceID, device string) (string, error) {
	out, err := c.Client.AttachVolume(c.ctx(), &sdk.AttachVolumeInput{
		VolumeId: aws.String(volumeID), InstanceId: aws.String(instanceID), Device: aws.String(device),
	})
	if err != nil {
		return "", fmt.Errorf("attach volume %s to %s: %w", volumeID, instanceID, err)
	}
	return string(out.State), nil
}

// DetachVolumeOption is an argument of DetachVolume.
type DetachVolumeOption interface{ detachVolume(*sdk.DetachVolumeInput) }

func (o ForceOption) detachVolume(in *sdk.DetachVolumeInput) { in.Force = &o.on }

// DetachVolume takes a volume from its instance and tells the status,
// "detaching": DetachVolume (boto: detach_volume). Option Force.
//
// Example: ec2.DetachVolume(disk.ID)
func (c *Connection) DetachVolume(volumeID string, opts ...DetachVolumeOption) (string, error) {
	in := &sdk.DetachVolumeInput{VolumeId: aws.String(volumeID)}
	for _, o := range opts {
		o.detachVolume(in)
	}
	out, err := c.Client.DetachVolume(c.ctx(), in)
	if err != nil {
		return "", fmt.Errorf("detach volume %s: %w", volumeID, err)
	}
	return string(out.State), nil
}

// Update asks EC2 for the volume anew and gives its status: DescribeVolumes
// (boto: update).
//
// Example: volume.Update()
func (v *Volume) Update() (string, error) {
	out, err := v.Connection.Client.DescribeVolumes(v.Connection.ctx(), &sdk.DescribeVolumesInput{VolumeIds: []string{v.ID}})
	if err != nil {
		return "", fmt.Errorf("update volume %s: %w", v.ID, err)
	}
	if len(out.Volumes) == 0 {
		return "", fmt.Errorf("update volume %s: EC2 no longer knows it", v.ID)
	}
	v.fill(out.Volumes[0])
	return v.Status, nil
}

// Attach gives the volume to an instance as a device: AttachVolume
// (boto: attach).
//
// Example: volume.Attach(instance.ID, "/dev/sdh")
func (v *Volume) Attach(instanceID, device string) (string, error) {
	return v.Connection.AttachVolume(v.ID, instanceID, device)
}

// Detach takes the volume from its instance: DetachVolume (boto: detach).
//
// Example: disk.Detach()
func (v *Volume) Detach(opts ...DetachVolumeOption) (string, error) {
	// As boto does it, the instance and the device are named where they are known.
	if a := v.AttachData; a != nil && a.InstanceID != "" {
		from := RawDetachVolume(func(in *sdk.DetachVolumeInput) {
			in.InstanceId, in.Device = aws.String(a.InstanceID), aws.String(a.Device)
		})
		opts = append([]DetachVolumeOption{from}, opts...)
	}
	return v.Connection.DetachVolume(v.ID, opts...)
}

// Delete deletes the volume for good: DeleteVolume (boto: delete).
//
// Example: volume.Delete()
func (v *Volume) Delete() (bool, error) { return v.Connection.DeleteVolume(v.ID) }

// VolumeState is the status last known (boto: volume_state).
//
// Example: volume.VolumeState()
func (v *Volume) VolumeState() string { return v.Status }

// AttachmentState is the attachment's status last known, "" without one
// (boto: attachment_state).
//
// Example: disk.AttachmentState()
func (v *Volume) AttachmentState() string { return v.AttachData.Status }

// CreateSnapshot copies the volume's data: CreateSnapshot
// (boto: create_snapshot).
//
// Example: volume.CreateSnapshot("before the upgrade")
func (v *Volume) CreateSnapshot(description ...string) (*Snapshot, error) {
	return v.Connection.CreateSnapshot(v.ID, description...)
}

// Snapshots lists the snapshots of the volume: DescribeSnapshots
// (boto: snapshots). Options: Owner, RestorableBy.
//
// Example: volume.Snapshots()
func (v *Volume) Snapshots(opts ...GetAllSnapshotsOption) ([]*Snapshot, error) {
	return v.Connection.GetAllSnapshots(append([]GetAllSnapshotsOption{Filter("volume-id", v.ID)}, opts...)...)
}

// AddTag sets a tag: CreateTags (boto: add_tag).
//
// Example: volume.AddTag("Name", "data")
func (v *Volume) AddTag(key string, value ...string) error {
	return v.Connection.addTag(v.ID, &v.Tags, key, value)
}

// RemoveTag takes a tag away: DeleteTags (boto: remove_tag).
//
// Example: volume.RemoveTag("Name")
func (v *Volume) RemoveTag(key string, value ...string) error {
	return v.Connection.removeTag(v.ID, v.Tags, key, value)
}
