package ec2

import (
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var accountForm = regexp.MustCompile(`^[0-9]{12}$`)

// share changes who may use a thing: add and remove hold accounts, and "all"
// for everybody.
func share(public *bool, shared *[]string, add, remove []string) {
	all := string(types.PermissionGroupAll)
	for _, who := range add {
		if who == all {
			*public = true
		} else if !slices.Contains(*shared, who) {
			*shared = append(*shared, who)
		}
	}
	for _, who := range remove {
		if who == all {
			*public = false
		}
		*shared = slices.DeleteFunc(*shared, func(s string) bool { return s == who })
	}
}

// ownSnapshot finds a snapshot that may be changed: the account's own.
func (q *call) ownSnapshot(id *string) (*snapshot, error) {
	if id == nil {
		return nil, missing("SnapshotId")
	}
	if !wellFormed("snap", *id) {
		return nil, invalid("Value (%s) for parameter snapshotId is invalid. Expected: 'snap-...'.", *id)
	}
	if s := q.snapshot(*id); s != nil {
		return s, nil
	}
	return nil, fail("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", *id)
}

// describeSnapshotAttribute tells who may make volumes of a snapshot.
func describeSnapshotAttribute(q *call, in *ec2.DescribeSnapshotAttributeInput) (*ec2.DescribeSnapshotAttributeOutput, error) {
	s, err := q.ownSnapshot(in.SnapshotId)
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeSnapshotAttributeOutput{SnapshotId: aws.String(s.id)}
	switch in.Attribute {
	case types.SnapshotAttributeNameCreateVolumePermission:
		out.CreateVolumePermissions = []types.CreateVolumePermission{}
		if s.public {
			out.CreateVolumePermissions = append(out.CreateVolumePermissions, types.CreateVolumePermission{Group: types.PermissionGroupAll})
		}
		for _, account := range s.shared {
			out.CreateVolumePermissions = append(out.CreateVolumePermissions, types.CreateVolumePermission{UserId: aws.String(account)})
		}
	case types.SnapshotAttributeNameProductCodes:
		out.ProductCodes = []types.ProductCode{}
	case "":
		return nil, missing("Attribute")
	default:
		return nil, invalid("Value (%s) for parameter attribute is invalid. Unknown attribute.", in.Attribute)
	}
	return out, dry(in.DryRun)
}

// modifySnapshotAttribute lets others make volumes of a snapshot, or no longer.
func modifySnapshotAttribute(q *call, in *ec2.ModifySnapshotAttributeInput) (*ec2.ModifySnapshotAttributeOutput, error) {
	s, err := q.ownSnapshot(in.SnapshotId)
	if err != nil {
		return nil, err
	}
	if in.Attribute != "" && in.Attribute != types.SnapshotAttributeNameCreateVolumePermission {
		return nil, invalid("Value (%s) for parameter attribute is invalid. It cannot be modified.", in.Attribute)
	}
	add, remove := slices.Concat(in.GroupNames, in.UserIds), []string(nil)
	switch {
	case in.OperationType == types.OperationTypeRemove:
		add, remove = nil, add
	case in.OperationType != types.OperationTypeAdd && len(add) > 0:
		return nil, invalid("Value (%s) for parameter operationType is invalid.", in.OperationType)
	}
	if p := in.CreateVolumePermission; p != nil {
		for _, x := range p.Add {
			add = append(add, aws.ToString(x.UserId)+string(x.Group))
		}
		for _, x := range p.Remove {
			remove = append(remove, aws.ToString(x.UserId)+string(x.Group))
		}
	}
	all := string(types.PermissionGroupAll)
	for _, who := range slices.Concat(add, remove) {
		if who != all && !accountForm.MatchString(who) {
			return nil, fail("InvalidAMIAttributeItemValue", "Invalid attribute item value %q for userId item type.", who)
		}
	}
	switch {
	case len(add)+len(remove) == 0:
		return nil, fail("InvalidParameterCombination", "No attributes specified.")
	case s.encrypted && slices.Contains(add, all):
		return nil, fail("OperationNotPermitted", "Encrypted snapshots cannot be made public.")
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	share(&s.public, &s.shared, add, remove)
	return &ec2.ModifySnapshotAttributeOutput{}, nil
}

// resetSnapshotAttribute leaves a snapshot to its owner alone.
func resetSnapshotAttribute(q *call, in *ec2.ResetSnapshotAttributeInput) (*ec2.ResetSnapshotAttributeOutput, error) {
	s, err := q.ownSnapshot(in.SnapshotId)
	switch {
	case err != nil:
		return nil, err
	case in.Attribute == "":
		return nil, missing("Attribute")
	case in.Attribute != types.SnapshotAttributeNameCreateVolumePermission:
		return nil, invalid("Value (%s) for parameter attribute is invalid. It cannot be reset.", in.Attribute)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	s.public, s.shared = false, nil
	return &ec2.ResetSnapshotAttributeOutput{}, nil
}

// resetImageAttribute leaves an image to its owner alone.
func resetImageAttribute(q *call, in *ec2.ResetImageAttributeInput) (*ec2.ResetImageAttributeOutput, error) {
	m, err := q.mine(in.ImageId)
	switch {
	case err != nil:
		return nil, err
	case in.Attribute == "":
		return nil, missing("Attribute")
	case in.Attribute != types.ResetImageAttributeNameLaunchPermission:
		return nil, invalid("Value (%s) for parameter attribute is invalid. It cannot be reset.", in.Attribute)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	m.public, m.shared = false, nil
	return &ec2.ResetImageAttributeOutput{}, nil
}

// resetInstanceAttribute sets an attribute to what it is without a request:
// the kernel to the image's. That and the RAM disk change while the machine is
// stopped only.
func resetInstanceAttribute(q *call, in *ec2.ResetInstanceAttributeInput) (*ec2.ResetInstanceAttributeOutput, error) {
	switch {
	case in.InstanceId == nil:
		return nil, missing("InstanceId")
	case in.Attribute == "":
		return nil, missing("Attribute")
	}
	list, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	x := list[0]
	var reset func()
	cold := false
	switch in.Attribute {
	case types.InstanceAttributeNameKernel:
		cold, reset = true, func() { x.kernel = x.image.kernel }
	case types.InstanceAttributeNameRamdisk:
		cold, reset = true, func() { x.ramdisk = "" }
	case types.InstanceAttributeNameSourceDestCheck:
		reset = func() { x.sourceDest = true }
	default:
		return nil, invalid("Value (%s) for parameter attribute is invalid. It cannot be reset.", in.Attribute)
	}
	switch state := x.state(q.now); {
	case state == types.InstanceStateNameTerminated || state == types.InstanceStateNameShuttingDown:
		return nil, fail("IncorrectInstanceState", "The instance '%s' is %s.", x.id, state)
	case cold && state != types.InstanceStateNameStopped:
		return nil, fail("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", x.id)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	reset()
	return &ec2.ResetInstanceAttributeOutput{}, nil
}

// getPasswordData tells the password of a Windows machine; the sandbox's run
// Linux, which has none.
func getPasswordData(q *call, in *ec2.GetPasswordDataInput) (*ec2.GetPasswordDataOutput, error) {
	if in.InstanceId == nil {
		return nil, missing("InstanceId")
	}
	list, err := q.named([]string{*in.InstanceId})
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	return &ec2.GetPasswordDataOutput{InstanceId: aws.String(list[0].id), PasswordData: aws.String(""), Timestamp: aws.Time(q.now)}, nil
}
