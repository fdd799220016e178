package ec2

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
	content "pawsh/sandbox/machine/disk"
)

// How long volumes take, by the injected clock.
const (
	volumeTime = time.Second // creating to available
	attachTime = time.Second // attaching to attached, detaching to gone
)

// volume is one EBS volume.
type volume struct {
	id       string
	disk     disk
	zone     core.Zone
	created  time.Time
	attached *attachment
	content  *content.Disk // nil until a machine uses it
	origin   *content.Disk // the snapshot's content it is made of, nil for none
}

// disk is what a volume is made of.
type disk struct {
	size       int32 // GiB
	kind       types.VolumeType
	iops       *int32
	throughput *int32
	snapshot   string
	encrypted  bool
	kmsKey     string
}

// device is a disk that a launch puts into a machine.
type device struct {
	name string
	disk disk
	keep bool // outlives the machine
}

// attachment ties a volume to a machine.
type attachment struct {
	instance *instance
	device   string
	since    time.Time
	keep     bool
	leaving  time.Time // when detaching began, zero before
}

// link is the volume's attachment at now, nil once it has come off.
func (v *volume) link(now time.Time) *attachment {
	a := v.attached
	if a != nil && !a.leaving.IsZero() && now.Sub(a.leaving) >= attachTime {
		return nil
	}
	return a
}

func (a *attachment) state(now time.Time) types.VolumeAttachmentState {
	switch {
	case !a.leaving.IsZero():
		return types.VolumeAttachmentStateDetaching
	case now.Sub(a.since) < attachTime:
		return types.VolumeAttachmentStateAttaching
	}
	return types.VolumeAttachmentStateAttached
}

func (v *volume) state(now time.Time) types.VolumeState {
	switch {
	case v.link(now) != nil:
		return types.VolumeStateInUse
	case now.Sub(v.created) < volumeTime:
		return types.VolumeStateCreating
	}
	return types.VolumeStateAvailable
}

func (r *region) volume(id string) *volume {
	for _, v := range r.volumes {
		if v.id == id {
			return v
		}
	}
	return nil
}

// makeVolume makes one of a new machine's volumes, attached already.
func (q *call) makeVolume(x *instance, d device) *volume {
	v := &volume{id: q.env.ID("vol"), disk: d.disk, zone: x.subnet.zone, created: q.now,
		attached: &attachment{instance: x, device: d.name, since: q.now, keep: d.keep}, origin: q.snapshotContent(d.disk.snapshot)}
	q.volumes = append(q.volumes, v)
	q.links = nil
	return v
}

// volumesOf gives the volumes of a machine in the order of their devices. The
// call looks over all volumes once, however many machines it tells of.
func (q *call) volumesOf(x *instance) []*volume {
	if q.links == nil {
		q.links = map[*instance][]*volume{}
		for _, v := range q.volumes {
			if a := v.link(q.now); a != nil {
				q.links[a.instance] = append(q.links[a.instance], v)
			}
		}
	}
	out := q.links[x]
	slices.SortStableFunc(out, func(a, b *volume) int {
		root := func(v *volume) int { // the root device comes first
			if v.attached.device == x.image.root {
				return 0
			}
			return 1
		}
		if c := root(a) - root(b); c != 0 {
			return c
		}
		switch {
		case a.attached.device < b.attached.device:
			return -1
		case a.attached.device > b.attached.device:
			return 1
		}
		return 0
	})
	return out
}

// dropVolumes frees the volumes of an ended machine, and deletes those that
// were to end with it.
func (r *region) dropVolumes(x *instance) {
	r.volumes = slices.DeleteFunc(r.volumes, func(v *volume) bool {
		if v.attached == nil || v.attached.instance != x {
			return false
		}
		keep := v.attached.keep
		v.attached = nil
		if !keep {
			delete(r.tags, v.id)
			v.free()
		}
		return !keep
	})
}

// ioBounds are the provisioned IOPS a type takes; types without are absent.
var ioBounds = map[types.VolumeType]struct{ low, high int32 }{
	types.VolumeTypeIo1: {100, 64000},
	types.VolumeTypeIo2: {100, 256000},
	types.VolumeTypeGp3: {3000, 80000},
}

// sizeBounds are the sizes a type takes, in GiB.
var sizeBounds = map[types.VolumeType]struct{ low, high int32 }{
	types.VolumeTypeStandard: {1, 1024},
	types.VolumeTypeGp2:      {1, 16384},
	types.VolumeTypeGp3:      {1, 65536},
	types.VolumeTypeIo1:      {4, 16384},
	types.VolumeTypeIo2:      {4, 65536},
	types.VolumeTypeSt1:      {125, 16384},
	types.VolumeTypeSc1:      {125, 16384},
}

// complete checks a disk and fills in what it leaves open. origin is the size
// of the snapshot it is made of, 0 without one.
func (d *disk) complete(origin int32) error {
	if d.kind == "" {
		d.kind = types.VolumeTypeGp2
	}
	bounds, ok := sizeBounds[d.kind]
	if !ok {
		return fail("UnknownVolumeType", "Unsupported volume type '%s' for volume creation.", d.kind)
	}
	if d.size == 0 {
		d.size = origin
	}
	switch {
	case d.size == 0:
		return fail("MissingParameter", "The request must contain the parameter size or snapshotId")
	case d.size < origin:
		return invalid("Volume of size %dGB is smaller than snapshot '%s', expect size >= %dGB", d.size, d.snapshot, origin)
	case d.size < bounds.low || d.size > bounds.high:
		return invalid("Volume of %dGiB is invalid for type %s; allowed are %d to %d GiB.", d.size, d.kind, bounds.low, bounds.high)
	}
	io, provisioned := ioBounds[d.kind]
	switch {
	case d.iops != nil && !provisioned:
		return fail("InvalidParameterCombination", "The parameter iops is not supported for %s volumes.", d.kind)
	case d.iops != nil && (*d.iops < io.low || *d.iops > io.high):
		return invalid("Volume iops of %d is invalid; allowed for %s are %d to %d.", *d.iops, d.kind, io.low, io.high)
	case d.iops == nil && (d.kind == types.VolumeTypeIo1 || d.kind == types.VolumeTypeIo2):
		return missing("iops")
	case d.throughput != nil && d.kind != types.VolumeTypeGp3:
		return fail("InvalidParameterCombination", "The parameter throughput is not supported for %s volumes.", d.kind)
	}
	switch d.kind {
	case types.VolumeTypeGp3:
		if d.iops == nil {
			d.iops = aws.Int32(3000)
		}
		if d.throughput == nil {
			d.throughput = aws.Int32(125)
		}
	case types.VolumeTypeGp2:
		d.iops = aws.Int32(min(max(3*d.size, 100), 16000))
	}
	return nil
}

// checkDevices joins the image's root device with the request's mappings.
func (q *call) checkDevices(l *launch) error {
	root := device{name: l.image.root, disk: disk{size: l.image.size, kind: l.image.volumeType, snapshot: l.image.snapshot, iops: l.image.rootIOPS}}
	root.keep = l.image.rootKeeps
	devices := append([]device{root}, slices.Clone(l.image.devices)...)
	seen := map[string]bool{}
	for _, m := range l.in.BlockDeviceMappings {
		name := aws.ToString(m.DeviceName)
		switch {
		case name == "":
			return missing("deviceName")
		case seen[name]:
			return fail("InvalidBlockDeviceMapping", "The device '%s' is used in more than one block-device mapping", name)
		}
		seen[name] = true
		i := slices.IndexFunc(devices, func(d device) bool { return d.name == name })
		if m.NoDevice != nil {
			if i == 0 {
				return fail("InvalidBlockDeviceMapping", "The root device may not be suppressed")
			}
			if i > 0 {
				devices = slices.Delete(devices, i, i+1)
			}
			continue
		}
		if m.VirtualName != nil || m.Ebs == nil { // an instance store disk: nothing is kept of it
			continue
		}
		if i < 0 {
			devices = append(devices, device{name: name})
			i = len(devices) - 1
		}
		if err := q.applyMapping(&devices[i], m.Ebs); err != nil {
			return err
		}
	}
	for i := range devices {
		d := &devices[i].disk
		origin, err := q.originSize(d.snapshot)
		if err != nil {
			return err
		}
		if err := d.complete(origin); err != nil {
			return err
		}
	}
	l.devices = devices
	return nil
}

func (q *call) applyMapping(d *device, e *types.EbsBlockDevice) error {
	if s := aws.ToString(e.SnapshotId); s != "" {
		d.disk.snapshot = s
	}
	if e.VolumeSize != nil {
		if *e.VolumeSize < 1 {
			return invalid("Value (%d) for parameter volumeSize is invalid.", *e.VolumeSize)
		}
		d.disk.size = *e.VolumeSize
	} else if e.SnapshotId != nil {
		d.disk.size = 0
	}
	if e.VolumeType != "" {
		d.disk.kind = e.VolumeType
	}
	d.disk.iops, d.disk.throughput = e.Iops, e.Throughput
	d.disk.encrypted, d.disk.kmsKey = aws.ToBool(e.Encrypted), aws.ToString(e.KmsKeyId)
	if e.DeleteOnTermination != nil {
		d.keep = !*e.DeleteOnTermination
	}
	return nil
}

// originSize gives the size of a snapshot, of the account's own or behind an image.
func (q *call) originSize(id string) (int32, error) {
	if id == "" {
		return 0, nil
	}
	if s := q.snapshot(id); s != nil {
		return s.size, nil
	}
	for _, m := range q.images {
		if m.snapshot == id {
			return m.size, nil
		}
	}
	return 0, fail("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", id)
}
