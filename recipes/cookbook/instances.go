package cookbook

import (
	"fmt"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
)

// TagInstance tags an instance and gives all instances that have a tag of that
// key, so that it can be found again. value may be left out.
// Operations: CreateTags, DescribeInstances.
func TagInstance(instanceID, key string, value ...string) ([]*ec2.Instance, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	i, err := instance(c, instanceID)
	if err != nil {
		return nil, err
	}
	if err := i.AddTag(key, value...); err != nil {
		return nil, err
	}
	return c.GetOnlyInstances(ec2.Filter("tag-key", key))
}

// ConsoleOutput gives what the instances with a tag of a key, DefaultName unless
// given, wrote on their consoles, by their ids. AWS fills it in minutes after
// the boot: until then a text is empty.
// Operations: DescribeInstances, GetConsoleOutput.
func ConsoleOutput(tagKey ...string) (map[string]string, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	list, err := c.GetOnlyInstances(ec2.Filter("tag-key", or(first(tagKey), DefaultName)))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, i := range list {
		o, err := i.GetConsoleOutput()
		if err != nil {
			return nil, err
		}
		out[i.ID] = o.Output
	}
	return out, nil
}

// AssociateElasticIP allocates an address and gives it to an instance. When the
// association fails the address, which would cost while nobody has it, is
// released. Operations: AllocateAddress, AssociateAddress.
func AssociateElasticIP(instanceID string) (_ *ec2.Address, err error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	a, err := c.AllocateAddress()
	if err != nil {
		return nil, err
	}
	var undo undoing
	defer func() { undo.after(&err) }()
	undo.add(func() error { _, err := a.Release(); return err })
	if _, err := a.Associate(instanceID); err != nil {
		return nil, err
	}
	return a, nil
}

// CloneInstance launches an instance like another: same image, type, key pair,
// groups, user data, zone and monitoring, with volumes restored from the newest
// snapshots of the original's. A volume without a completed snapshot is an error
// that names it, before anything is launched. Operations: DescribeInstances,
// DescribeInstanceAttribute, DescribeVolumes, DescribeSnapshots, RunInstances.
func CloneInstance(instanceID string) (*ec2.Instance, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	i, err := instance(c, instanceID)
	if err != nil {
		return nil, err
	}
	devices := ec2.BlockDeviceMapping{}
	for device, d := range i.BlockDeviceMapping {
		if device == i.RootDeviceName || d.VolumeID == "" {
			continue // the image brings the root
		}
		s, err := newestSnapshot(c, d.VolumeID)
		if err != nil {
			return nil, err
		}
		devices[device] = &ec2.BlockDeviceType{SnapshotID: s.ID, Size: s.VolumeSize, DeleteOnTermination: d.DeleteOnTermination}
	}
	opts := []ec2.RunInstancesOption{ec2.InstanceType(i.InstanceType), ec2.Placement(i.Placement), ec2.MonitoringEnabled(i.Monitored)}
	if i.KeyName != "" {
		opts = append(opts, ec2.KeyName(i.KeyName))
	}
	if len(devices) > 0 {
		opts = append(opts, ec2.BlockDeviceMap(devices))
	}
	if ids := groupIDs(i); len(ids) > 0 {
		opts = append(opts, ec2.SecurityGroupIDs(ids...))
	}
	if i.SubnetID != "" {
		opts = append(opts, ec2.SubnetID(i.SubnetID))
	}
	data, err := userData(i)
	if err != nil {
		return nil, err
	}
	if data != "" {
		opts = append(opts, ec2.UserData(data))
	}
	r, err := c.RunInstances(i.ImageID, opts...)
	if err != nil {
		return nil, fmt.Errorf("clone %s: %w", i.ID, err)
	}
	return r.Instances[0], nil
}

func groupIDs(i *ec2.Instance) []string {
	var ids []string
	for _, g := range i.Groups {
		ids = append(ids, g.ID)
	}
	return ids
}

// FindRunning lists the running instances of all regions, and of all profiles
// that are named. Regions that can't be asked, such as those an account has not
// enabled, are in the error; the others' instances are given all the same.
// Operation: DescribeInstances in each region.
func FindRunning(profiles ...string) ([]*ec2.Instance, error) {
	var opts []boto.EverywhereOption
	if len(profiles) > 0 {
		opts = append(opts, boto.WithProfiles(profiles...))
	}
	all, err := boto.EC2.Instances(opts...)
	var running []*ec2.Instance
	for _, i := range all {
		if i.State == "running" {
			running = append(running, i)
		}
	}
	return running, err
}
