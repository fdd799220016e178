package ec2

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// imageForm is what an image may be called.
var imageForm = regexp.MustCompile(`^[A-Za-z0-9()\[\] ./'@_-]{3,128}$`)

// state is where an image is on its way to be launched: one of the account's
// own is ready when its snapshots are.
func (m *image) state(now time.Time) types.ImageState {
	if m.own && now.Sub(m.made) < snapshotTime {
		return types.ImageStatePending
	}
	return types.ImageStateAvailable
}

// checkImageName refuses a name that is none, or that an image of the
// account's own has.
func (q *call) checkImageName(name string) error {
	if !imageForm.MatchString(name) {
		return fail("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'")
	}
	for _, m := range q.images {
		if m.own && m.name == name {
			return fail("InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s", name, m.id)
		}
	}
	return nil
}

// addImage makes an image of the account's own. Its devices hold the
// snapshots, the root's first.
func (q *call) addImage(m image, devices []device, tags []tag) *image {
	m.id, m.own, m.owner, m.made = q.env.ID("ami"), true, q.account(), q.now
	m.created = stamp(q.now)
	for i := range devices {
		if d := &devices[i].disk; d.kind != types.VolumeTypeIo1 && d.kind != types.VolumeTypeIo2 && d.kind != types.VolumeTypeGp3 {
			d.iops = nil // follows from the size
		}
	}
	root := devices[0]
	m.root, m.size, m.snapshot, m.volumeType, m.rootKeeps, m.rootIOPS = root.name, root.disk.size, root.disk.snapshot, root.disk.kind, root.keep, root.disk.iops
	m.devices = devices[1:]
	q.images = append(q.images, &m)
	q.setTags(m.id, tags)
	return &m
}

// createImage lets the machine boot first, outside the lock: what its user
// data writes belongs to the image.
func (c *Cloud) createImage(ctx context.Context, in *ec2.CreateImageInput) (*ec2.CreateImageOutput, error) {
	if id := aws.ToString(in.InstanceId); id != "" && !aws.ToBool(in.DryRun) {
		if q, err := c.enter(ctx, true); err == nil {
			var volumes []string
			if x := q.byID[id]; x != nil {
				for _, v := range q.volumesOf(x) {
					volumes = append(volumes, v.id)
				}
			}
			c.leave()
			for _, v := range volumes {
				c.wakeVolume(ctx, v)
			}
		}
	}
	return run(ctx, c, createImage, in)
}

// createImage makes an image of a machine: snapshots of its volumes, and what
// they are attached as. A running machine is rebooted unless it must not be.
func createImage(q *call, in *ec2.CreateImageInput) (*ec2.CreateImageOutput, error) {
	switch {
	case in.InstanceId == nil:
		return nil, missing("InstanceId")
	case in.Name == nil:
		return nil, missing("Name")
	}
	list, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	x := list[0]
	state := x.state(q.now)
	if state != types.InstanceStateNameRunning && state != types.InstanceStateNameStopped && state != types.InstanceStateNameStopping {
		return nil, fail("IncorrectState", "Instance %s is not in state 'running' or 'stopped' or 'stopping' (it is %s).", x.id, state)
	}
	if err := q.checkImageName(*in.Name); err != nil {
		return nil, err
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeImage, types.ResourceTypeSnapshot)
	if err != nil {
		return nil, err
	}
	plan, err := q.imagePlan(x, in.BlockDeviceMappings)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	var devices []device
	var snapshots []*snapshot
	for _, d := range plan {
		if d.volume != nil {
			s := &snapshot{id: q.env.ID("snap"), volume: d.volume.id, size: d.volume.disk.size, encrypted: d.volume.disk.encrypted, started: q.now}
			if s.content, err = q.copyOf(d.volume); err != nil {
				return nil, err
			}
			snapshots = append(snapshots, s)
			d.disk.snapshot = s.id
		}
		devices = append(devices, d.device)
	}
	if !aws.ToBool(in.NoReboot) && state == types.InstanceStateNameRunning {
		x.reboot(q)
	}
	from := x.image
	m := q.addImage(image{name: *in.Name, description: aws.ToString(in.Description), arch: from.arch, virtualization: from.virtualization, kernel: from.kernel,
		user: from.user, release: from.release}, devices, tags[types.ResourceTypeImage])
	for _, s := range snapshots {
		s.description = fmt.Sprintf("Created by CreateImage(%s) for %s", x.id, m.id)
		q.snapshots = append(q.snapshots, s)
		q.setTags(s.id, tags[types.ResourceTypeSnapshot])
	}
	return &ec2.CreateImageOutput{ImageId: aws.String(m.id)}, nil
}

// planned is one device of a new image: of a volume, or as the request says.
type planned struct {
	device
	volume *volume
}

// imagePlan joins a machine's volumes with the request's mappings: those
// leave one out, size it anew or add an empty one.
func (q *call) imagePlan(x *instance, mappings []types.BlockDeviceMapping) ([]planned, error) {
	var plan []planned
	for _, v := range q.volumesOf(x) {
		d := device{name: v.attached.device, disk: v.disk, keep: v.attached.keep}
		plan = append(plan, planned{d, v})
	}
	if len(plan) == 0 || plan[0].name != x.image.root {
		return nil, fail("InvalidParameterValue", "Instance %s has no volume attached at root (%s)", x.id, x.image.root)
	}
	for _, m := range mappings {
		name := aws.ToString(m.DeviceName)
		i := slices.IndexFunc(plan, func(p planned) bool { return p.name == name })
		switch {
		case name == "":
			return nil, missing("deviceName")
		case m.NoDevice != nil && i == 0:
			return nil, fail("InvalidBlockDeviceMapping", "The root device may not be suppressed")
		case m.NoDevice != nil:
			if i > 0 {
				plan = slices.Delete(plan, i, i+1)
			}
			continue
		case m.Ebs == nil: // an instance store disk: nothing is kept of it
			continue
		case i < 0:
			plan = append(plan, planned{device: device{name: name}})
			i = len(plan) - 1
		}
		size := plan[i].disk.size
		if err := q.applyMapping(&plan[i].device, m.Ebs); err != nil {
			return nil, err
		}
		if plan[i].volume != nil && plan[i].disk.size < size {
			return nil, fail("InvalidBlockDeviceMapping", "Volume of size %dGB is smaller than snapshot '%s', expect size >= %dGB", plan[i].disk.size, plan[i].volume.id, size)
		}
		origin, err := q.originSize(plan[i].disk.snapshot)
		if err != nil {
			return nil, err
		}
		if err := plan[i].disk.complete(origin); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// registerImage makes an image of snapshots that are there.
func registerImage(q *call, in *ec2.RegisterImageInput) (*ec2.RegisterImageOutput, error) {
	if in.Name == nil {
		return nil, missing("Name")
	}
	if err := q.checkImageName(*in.Name); err != nil {
		return nil, err
	}
	root := aws.ToString(in.RootDeviceName)
	if root == "" {
		return nil, missing("RootDeviceName")
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeImage)
	if err != nil {
		return nil, err
	}
	var devices []device
	for _, m := range in.BlockDeviceMappings {
		if m.Ebs == nil {
			continue
		}
		d := device{name: aws.ToString(m.DeviceName)}
		if err := q.applyMapping(&d, m.Ebs); err != nil {
			return nil, err
		}
		origin, err := q.originSize(d.disk.snapshot)
		if err != nil {
			return nil, err
		}
		if err := d.disk.complete(origin); err != nil {
			return nil, err
		}
		if d.name == root {
			devices = append([]device{d}, devices...)
		} else {
			devices = append(devices, d)
		}
	}
	if len(devices) == 0 || devices[0].name != root || devices[0].disk.snapshot == "" {
		return nil, fail("InvalidBlockDeviceMapping", "The root device %s needs a snapshot", root)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	from := q.images[0] // of the catalogue: what machines are like
	m := image{name: *in.Name, description: aws.ToString(in.Description), arch: in.Architecture, virtualization: types.VirtualizationType(aws.ToString(in.VirtualizationType)),
		kernel: aws.ToString(in.KernelId), user: from.user, release: from.release}
	if m.arch == "" {
		m.arch = types.ArchitectureValuesI386
	}
	if m.virtualization == "" {
		m.virtualization = types.VirtualizationTypeParavirtual
	}
	return &ec2.RegisterImageOutput{ImageId: aws.String(q.addImage(m, devices, tags[types.ResourceTypeImage]).id)}, nil
}

// mine finds an image that may be changed: the account's own.
func (q *call) mine(id *string) (*image, error) {
	if id == nil {
		return nil, missing("ImageId")
	}
	if !wellFormed("ami", *id) {
		return nil, fail("InvalidAMIID.Malformed", "Invalid id: %q (expecting %q)", *id, "ami-...")
	}
	m := q.image(*id)
	switch {
	case m == nil:
		return nil, fail("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", *id)
	case !m.own:
		return nil, fail("AuthFailure", "Not authorized for image:%s", *id)
	}
	return m, nil
}

// deregisterImage takes an image away. Machines that run it stay, and so do
// its snapshots.
func deregisterImage(q *call, in *ec2.DeregisterImageInput) (*ec2.DeregisterImageOutput, error) {
	m, err := q.mine(in.ImageId)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	q.images = slices.DeleteFunc(q.images, func(x *image) bool { return x == m })
	delete(q.tags, m.id)
	if aws.ToBool(in.DeleteAssociatedSnapshots) {
		gone := []string{m.snapshot}
		for _, d := range m.devices {
			gone = append(gone, d.disk.snapshot)
		}
		q.snapshots = slices.DeleteFunc(q.snapshots, func(s *snapshot) bool { return slices.Contains(gone, s.id) && q.userOf(s.id) == nil })
	}
	return &ec2.DeregisterImageOutput{Return: aws.Bool(true)}, nil
}

// userOf finds the image that is made of a snapshot, nil when none is.
func (q *call) userOf(snapshot string) *image {
	for _, m := range q.images {
		if m.snapshot == snapshot || slices.ContainsFunc(m.devices, func(d device) bool { return d.disk.snapshot == snapshot }) {
			return m
		}
	}
	return nil
}
