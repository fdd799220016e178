package ec2

import (
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
)

func createVolume(q *call, in *ec2.CreateVolumeInput) (*ec2.CreateVolumeOutput, error) {
	zone, err := q.zoneOf(aws.ToString(in.AvailabilityZone), aws.ToString(in.AvailabilityZoneId))
	if err != nil {
		return nil, err
	}
	if in.Size != nil && *in.Size < 1 {
		return nil, invalid("Value (%d) for parameter size is invalid.", *in.Size)
	}
	d := disk{size: aws.ToInt32(in.Size), kind: in.VolumeType, iops: in.Iops, throughput: in.Throughput,
		snapshot: aws.ToString(in.SnapshotId), encrypted: aws.ToBool(in.Encrypted), kmsKey: aws.ToString(in.KmsKeyId)}
	origin, err := q.originSize(d.snapshot)
	if err != nil {
		return nil, err
	}
	if s := q.snapshot(d.snapshot); s != nil && s.state(q.now) != types.SnapshotStateCompleted {
		return nil, fail("IncorrectState", "Snapshot is in invalid state - %s", s.state(q.now))
	}
	if err := d.complete(origin); err != nil {
		return nil, err
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeVolume)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	v := &volume{id: q.env.ID("vol"), disk: d, zone: zone, created: q.now, origin: q.snapshotContent(d.snapshot)}
	q.volumes = append(q.volumes, v)
	q.setTags(v.id, tags[types.ResourceTypeVolume])
	w := q.volumeView(v)
	return &ec2.CreateVolumeOutput{VolumeId: w.VolumeId, Size: w.Size, SnapshotId: w.SnapshotId, AvailabilityZone: w.AvailabilityZone,
		AvailabilityZoneId: w.AvailabilityZoneId, State: w.State, CreateTime: w.CreateTime, VolumeType: w.VolumeType, Iops: w.Iops,
		Throughput: w.Throughput, Encrypted: w.Encrypted, KmsKeyId: w.KmsKeyId, MultiAttachEnabled: w.MultiAttachEnabled, Tags: w.Tags}, nil
}

func (q *call) zoneOf(name, id string) (core.Zone, error) {
	if name == "" && id == "" {
		return core.Zone{}, missing("AvailabilityZone")
	}
	for _, z := range q.AvailabilityZones() {
		if name == z.Name || name == "" && id == z.ID {
			return z, nil
		}
	}
	return core.Zone{}, fail("InvalidZone.NotFound", "The zone '%s' does not exist.", name+id)
}

func (q *call) volumeView(v *volume) types.Volume {
	w := types.Volume{
		VolumeId: aws.String(v.id), Size: aws.Int32(v.disk.size), SnapshotId: aws.String(v.disk.snapshot),
		AvailabilityZone: aws.String(v.zone.Name), AvailabilityZoneId: aws.String(v.zone.ID), State: v.state(q.now),
		CreateTime: aws.Time(v.created), VolumeType: v.disk.kind, Iops: v.disk.iops, Throughput: v.disk.throughput,
		Encrypted: aws.Bool(v.disk.encrypted), KmsKeyId: str(v.disk.kmsKey), MultiAttachEnabled: aws.Bool(false),
		Attachments: []types.VolumeAttachment{}, Tags: q.tagSet(v.id),
	}
	if a := v.link(q.now); a != nil {
		w.Attachments = append(w.Attachments, attachmentView(v, a, a.state(q.now)))
	}
	return w
}

func attachmentView(v *volume, a *attachment, state types.VolumeAttachmentState) types.VolumeAttachment {
	return types.VolumeAttachment{VolumeId: aws.String(v.id), InstanceId: aws.String(a.instance.id), Device: aws.String(a.device),
		AttachTime: aws.Time(a.since), DeleteOnTermination: aws.Bool(!a.keep), State: state}
}

// volumeFields are the filters of DescribeVolumes; those on attachments see
// what holds at the call's time.
func (q *call) volumeFields() fields[*volume] {
	onLink := func(get func(*attachment) string) func(*volume) []string {
		return func(v *volume) []string {
			if a := v.link(q.now); a != nil {
				return one(get(a))
			}
			return nil
		}
	}
	return fields[*volume]{
		"volume-id":                        func(v *volume) []string { return one(v.id) },
		"availability-zone":                func(v *volume) []string { return one(v.zone.Name) },
		"availability-zone-id":             func(v *volume) []string { return one(v.zone.ID) },
		"create-time":                      func(v *volume) []string { return one(stamp(v.created)) },
		"encrypted":                        func(v *volume) []string { return yesno(v.disk.encrypted) },
		"multi-attach-enabled":             func(*volume) []string { return yesno(false) },
		"size":                             func(v *volume) []string { return one(fmt.Sprint(v.disk.size)) },
		"snapshot-id":                      func(v *volume) []string { return one(v.disk.snapshot) },
		"status":                           func(v *volume) []string { return one(string(v.state(q.now))) },
		"volume-type":                      func(v *volume) []string { return one(string(v.disk.kind)) },
		"attachment.attach-time":           onLink(func(a *attachment) string { return stamp(a.since) }),
		"attachment.delete-on-termination": onLink(func(a *attachment) string { return fmt.Sprint(!a.keep) }),
		"attachment.device":                onLink(func(a *attachment) string { return a.device }),
		"attachment.instance-id":           onLink(func(a *attachment) string { return a.instance.id }),
		"attachment.status":                onLink(func(a *attachment) string { return string(a.state(q.now)) }),
	}
}

// stamp writes a time as filters have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func describeVolumes(q *call, in *ec2.DescribeVolumesInput) (*ec2.DescribeVolumesOutput, error) {
	if err := q.checkVolumes(in.VolumeIds...); err != nil {
		return nil, err
	}
	if in.MaxResults != nil && len(in.VolumeIds) > 0 {
		return nil, fail("InvalidParameterCombination", "The parameter volumeSet cannot be used with the parameter maxResults")
	}
	id := func(v *volume) string { return v.id }
	volumes, err := filter(q, q.volumeFields(), in.Filters, selected(q.volumes, in.VolumeIds, id), id)
	if err != nil {
		return nil, err
	}
	volumes, next, err := page(volumes, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeVolumesOutput{Volumes: []types.Volume{}, NextToken: next}
	for _, v := range volumes {
		out.Volumes = append(out.Volumes, q.volumeView(v))
	}
	return out, nil
}

func (q *call) checkVolumes(ids ...string) error {
	for _, id := range ids {
		if !wellFormed("vol", id) {
			return invalid("Value (%s) for parameter volumes is invalid. Expected: 'vol-...'.", id)
		}
	}
	if gone := absent(ids, func(id string) bool { return q.volume(id) != nil }); len(gone) > 0 {
		if len(gone) == 1 {
			return fail("InvalidVolume.NotFound", "The volume '%s' does not exist.", gone[0])
		}
		return notFound("InvalidVolume.NotFound", "volume", gone...)
	}
	return nil
}

func deleteVolume(q *call, in *ec2.DeleteVolumeInput) (*ec2.DeleteVolumeOutput, error) {
	if in.VolumeId == nil {
		return nil, missing("VolumeId")
	}
	if err := q.checkVolumes(*in.VolumeId); err != nil {
		return nil, err
	}
	v := q.volume(*in.VolumeId)
	if a := v.link(q.now); a != nil {
		return nil, fail("VolumeInUse", "Volume %s is currently attached to %s", v.id, a.instance.id)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	q.volumes = slices.DeleteFunc(q.volumes, func(x *volume) bool { return x == v })
	delete(q.tags, v.id)
	v.free()
	return &ec2.DeleteVolumeOutput{}, nil
}

func attachVolume(q *call, in *ec2.AttachVolumeInput) (*ec2.AttachVolumeOutput, error) {
	for _, w := range []struct {
		name  string
		value *string
	}{{"VolumeId", in.VolumeId}, {"InstanceId", in.InstanceId}, {"Device", in.Device}} {
		if aws.ToString(w.value) == "" {
			return nil, missing(w.name)
		}
	}
	if err := q.checkVolumes(*in.VolumeId); err != nil {
		return nil, err
	}
	named, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	v, x := q.volume(*in.VolumeId), named[0]
	switch s := x.state(q.now); {
	case v.link(q.now) != nil:
		return nil, fail("VolumeInUse", "%s is already attached to an instance", v.id)
	case v.state(q.now) != types.VolumeStateAvailable:
		return nil, fail("IncorrectState", "'%s' is not 'available'.", v.id)
	case s != types.InstanceStateNameRunning && s != types.InstanceStateNameStopped:
		return nil, fail("IncorrectState", "Instance '%s' is not 'running'.", x.id)
	case v.zone != x.subnet.zone:
		return nil, fail("InvalidVolume.ZoneMismatch", "The volume '%s' is not in the same availability zone as instance '%s'", v.id, x.id)
	}
	for _, other := range q.volumesOf(x) {
		if other.attached.device == *in.Device {
			return nil, invalid("Invalid value '%s' for unixDevice. Attachment point %s is already in use", *in.Device, *in.Device)
		}
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	v.attached = &attachment{instance: x, device: *in.Device, since: q.now, keep: true}
	return &ec2.AttachVolumeOutput{VolumeId: aws.String(v.id), InstanceId: aws.String(x.id), Device: in.Device,
		AttachTime: aws.Time(q.now), DeleteOnTermination: aws.Bool(false), State: types.VolumeAttachmentStateAttaching}, nil
}

func detachVolume(q *call, in *ec2.DetachVolumeInput) (*ec2.DetachVolumeOutput, error) {
	if in.VolumeId == nil {
		return nil, missing("VolumeId")
	}
	if err := q.checkVolumes(*in.VolumeId); err != nil {
		return nil, err
	}
	v := q.volume(*in.VolumeId)
	a := v.link(q.now)
	switch {
	case a == nil:
		return nil, fail("IncorrectState", "Volume '%s' is in the 'available' state.", v.id)
	case in.InstanceId != nil && *in.InstanceId != a.instance.id, in.Device != nil && *in.Device != a.device:
		return nil, fail("InvalidAttachment.NotFound", "Volume '%s' is not attached as asked for", v.id)
	case a.device == a.instance.image.root && a.instance.state(q.now) != types.InstanceStateNameStopped:
		return nil, fail("OperationNotPermitted", "Unable to detach root volume '%s' from instance '%s'", v.id, a.instance.id)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	if a.leaving.IsZero() {
		a.leaving = q.now
	}
	return &ec2.DetachVolumeOutput{VolumeId: aws.String(v.id), InstanceId: aws.String(a.instance.id), Device: aws.String(a.device),
		AttachTime: aws.Time(a.since), DeleteOnTermination: aws.Bool(!a.keep), State: types.VolumeAttachmentStateDetaching}, nil
}
