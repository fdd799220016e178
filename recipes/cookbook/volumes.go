package cookbook

import (
	"encoding/base64"
	"fmt"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
)

// AttachVolume makes a volume of a size in GiB in the zone of an instance, waits
// for it and attaches it as a device, "/dev/sdh" unless given. A volume that
// can't be attached is deleted.
// Operations: DescribeInstances, CreateVolume, DescribeVolumes, AttachVolume.
func AttachVolume(instanceID string, size int, device ...string) (_ *ec2.Volume, err error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	i, err := instance(c, instanceID)
	if err != nil {
		return nil, err
	}
	v, err := c.CreateVolume(size, i.Placement)
	if err != nil {
		return nil, err
	}
	return attach(v, i.ID, or(first(device), "/dev/sdh"))
}

// attach waits for a new volume and attaches it; it deletes it when it can't.
func attach(v *ec2.Volume, instanceID, device string) (_ *ec2.Volume, err error) {
	var undo undoing
	defer func() { undo.after(&err) }()
	undo.add(func() error { _, err := v.Delete(); return err })
	if err := v.WaitUntilAvailable(); err != nil {
		return nil, err
	}
	if _, err := v.Attach(instanceID, device); err != nil {
		return nil, err
	}
	return v, v.WaitUntilInUse()
}

// BackupVolumes makes a snapshot of each volume that an instance has attached,
// with a description, and waits for none of them. When one can't be made those
// before it stay: they are good.
// Operations: DescribeVolumes, CreateSnapshot.
func BackupVolumes(instanceID string, description ...string) ([]*ec2.Snapshot, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	volumes, err := c.GetAllVolumes(ec2.Filter("attachment.instance-id", instanceID))
	if err != nil {
		return nil, err
	}
	if len(volumes) == 0 {
		return nil, fmt.Errorf("instance %s has no volume attached", instanceID)
	}
	var out []*ec2.Snapshot
	for _, v := range volumes {
		text := or(first(description), "Backup of "+v.ID+" on "+instanceID)
		s, err := v.CreateSnapshot(text)
		if err != nil {
			return out, fmt.Errorf("back up %s: %w", v.ID, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// RestoreVolume makes a volume of the newest completed snapshot of another and
// attaches it in its place, as the same device. The old volume is detached and
// kept. The new one is made before the old one is taken away, and deleted when
// it can't take its place. Operations: DescribeVolumes, DescribeSnapshots,
// CreateVolume, DetachVolume, AttachVolume.
func RestoreVolume(volumeID string) (*ec2.Volume, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	list, err := c.GetAllVolumes(ec2.VolumeIDs(volumeID))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no volume %s in %s", volumeID, c.Region.Name)
	}
	old := list[0]
	at := *old.AttachData
	if at.InstanceID == "" {
		return nil, fmt.Errorf("volume %s is attached to no instance: there is no place to restore it to", volumeID)
	}
	s, err := newestSnapshot(c, volumeID)
	if err != nil {
		return nil, err
	}
	v, err := s.CreateVolume(old.Zone)
	if err != nil {
		return nil, err
	}
	if err := swap(old, v); err != nil {
		return nil, err
	}
	return attach(v, at.InstanceID, at.Device)
}

// swap waits for the new volume and takes the old one away.
func swap(old, v *ec2.Volume) (err error) {
	var undo undoing
	defer func() { undo.after(&err) }()
	undo.add(func() error { _, err := v.Delete(); return err })
	if err := v.WaitUntilAvailable(); err != nil {
		return err
	}
	if _, err := old.Detach(); err != nil {
		return err
	}
	return old.WaitUntilAvailable()
}

// newestSnapshot gives the newest completed snapshot of a volume.
func newestSnapshot(c *ec2.Connection, volumeID string) (*ec2.Snapshot, error) {
	list, err := c.GetAllSnapshots(ec2.Owner("self"), ec2.Filter("volume-id", volumeID), ec2.Filter("status", "completed"))
	if err != nil {
		return nil, err
	}
	var newest *ec2.Snapshot
	for _, s := range list {
		if newest == nil || s.StartTime.After(newest.StartTime) {
			newest = s
		}
	}
	if newest == nil {
		return nil, fmt.Errorf("volume %s has no completed snapshot: BackupVolumes makes one", volumeID)
	}
	return newest, nil
}

// userData gives an instance's user data as text.
func userData(i *ec2.Instance) (string, error) {
	a, err := i.GetAttribute("userData")
	if err != nil {
		return "", err
	}
	encoded, _ := a["userData"].(string) // none is nil
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", fmt.Errorf("user data of %s: %w", i.ID, err)
	}
	return string(text), nil
}
