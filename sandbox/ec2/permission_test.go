package ec2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestSnapshotsAreShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1)})
	secret := do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(1), Encrypted: aws.Bool(true)})
	w.pass(snapshotTime)
	s := do(w, createSnapshot, &ec2.CreateSnapshotInput{VolumeId: v.VolumeId}).SnapshotId
	const attribute = types.SnapshotAttributeNameCreateVolumePermission
	perm := func() string {
		t.Helper()
		var list []string
		for _, p := range do(w, describeSnapshotAttribute, &ec2.DescribeSnapshotAttributeInput{SnapshotId: s, Attribute: attribute}).CreateVolumePermissions {
			list = append(list, string(p.Group)+aws.ToString(p.UserId))
		}
		return strings.Join(list, " ")
	}
	restorable := func(who string) int {
		t.Helper()
		return len(do(w, describeSnapshots, &ec2.DescribeSnapshotsInput{RestorableByUserIds: []string{who}}).Snapshots)
	}
	const other = "999999999999"
	for _, tt := range []struct {
		name     string
		in       ec2.ModifySnapshotAttributeInput
		want     string
		all, his int // snapshots that everybody and the other account may use
	}{
		{"to an account", ec2.ModifySnapshotAttributeInput{Attribute: attribute, OperationType: "add", UserIds: []string{other}}, other, 0, 1},
		{"again", ec2.ModifySnapshotAttributeInput{Attribute: attribute, OperationType: "add", UserIds: []string{other}}, other, 0, 1},
		{"to all", ec2.ModifySnapshotAttributeInput{CreateVolumePermission: &types.CreateVolumePermissionModifications{Add: []types.CreateVolumePermission{{Group: "all"}}}}, "all " + other, 1, 1},
		{"no longer to the account", ec2.ModifySnapshotAttributeInput{CreateVolumePermission: &types.CreateVolumePermissionModifications{Remove: []types.CreateVolumePermission{{UserId: aws.String(other)}}}}, "all", 1, 1},
		{"nor to all", ec2.ModifySnapshotAttributeInput{OperationType: "remove", GroupNames: []string{"all"}}, "", 0, 0},
		{"to both", ec2.ModifySnapshotAttributeInput{OperationType: "add", GroupNames: []string{"all"}, UserIds: []string{other}}, "all " + other, 1, 1},
	} {
		tt.in.SnapshotId = s
		do(w, modifySnapshotAttribute, &tt.in)
		if got := perm(); got != tt.want || restorable("all") != tt.all || restorable(other) != tt.his || restorable("self") != 1 {
			t.Errorf("%s: %q, want %q; all may use %d, the other %d", tt.name, got, tt.want, restorable("all"), restorable(other))
		}
	}
	hidden := do(w, createSnapshot, &ec2.CreateSnapshotInput{VolumeId: secret.VolumeId}).SnapshotId
	none := aws.String("snap-01234567")
	for _, tt := range []struct {
		in         ec2.ModifySnapshotAttributeInput
		code, text string
	}{
		{ec2.ModifySnapshotAttributeInput{}, "MissingParameter", "SnapshotId"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: aws.String("paws")}, "InvalidParameterValue", "paws"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: none}, "InvalidSnapshot.NotFound", *none},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: s}, "InvalidParameterCombination", "No attributes"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: s, Attribute: "productCodes"}, "InvalidParameterValue", "productCodes"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: s, UserIds: []string{other}}, "InvalidParameterValue", "operationType"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: s, OperationType: "add", UserIds: []string{"bob"}}, "InvalidAMIAttributeItemValue", "bob"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: hidden, OperationType: "add", GroupNames: []string{"all"}}, "OperationNotPermitted", "Encrypted"},
		{ec2.ModifySnapshotAttributeInput{SnapshotId: s, OperationType: "remove", GroupNames: []string{"all"}, DryRun: aws.Bool(true)}, "DryRunOperation", ""},
	} {
		refused(w, modifySnapshotAttribute, &tt.in, tt.code, tt.text)
	}
	refused(w, describeSnapshotAttribute, &ec2.DescribeSnapshotAttributeInput{SnapshotId: s}, "MissingParameter", "Attribute")
	refused(w, describeSnapshotAttribute, &ec2.DescribeSnapshotAttributeInput{SnapshotId: none, Attribute: attribute}, "InvalidSnapshot.NotFound", *none)
	refused(w, resetSnapshotAttribute, &ec2.ResetSnapshotAttributeInput{SnapshotId: s, Attribute: "productCodes"}, "InvalidParameterValue", "productCodes")
	refused(w, resetSnapshotAttribute, &ec2.ResetSnapshotAttributeInput{SnapshotId: none, Attribute: attribute}, "InvalidSnapshot.NotFound", *none)
	if got := perm(); got != "all "+other {
		t.Errorf("refused requests changed it: %q", got)
	}
	do(w, resetSnapshotAttribute, &ec2.ResetSnapshotAttributeInput{SnapshotId: s, Attribute: attribute})
	if got := perm(); got != "" {
		t.Errorf("reset: %q", got)
	}
}

func TestImagesLaunchPermissionIsReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.freeze(*w.launch(1)[0].InstanceId, "golden")
	do(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: m.ImageId, OperationType: "add", UserIds: []string{"999999999999"}, UserGroups: []string{"all"}})
	perm := func() int {
		return len(do(w, describeImageAttribute, &ec2.DescribeImageAttributeInput{ImageId: m.ImageId, Attribute: "launchPermission"}).LaunchPermissions)
	}
	refused(w, resetImageAttribute, &ec2.ResetImageAttributeInput{ImageId: m.ImageId}, "MissingParameter", "Attribute")
	refused(w, resetImageAttribute, &ec2.ResetImageAttributeInput{ImageId: m.ImageId, Attribute: "kernel"}, "InvalidParameterValue", "kernel")
	refused(w, resetImageAttribute, &ec2.ResetImageAttributeInput{ImageId: aws.String(bookImage), Attribute: "launchPermission"}, "AuthFailure", bookImage)
	refused(w, resetImageAttribute, &ec2.ResetImageAttributeInput{ImageId: m.ImageId, Attribute: "launchPermission", DryRun: aws.Bool(true)}, "DryRunOperation", "")
	if got := perm(); got != 2 {
		t.Errorf("%d permissions", got)
	}
	do(w, resetImageAttribute, &ec2.ResetImageAttributeInput{ImageId: m.ImageId, Attribute: "launchPermission"})
	if got := perm(); got != 0 {
		t.Errorf("reset: %d permissions", got)
	}
}

func TestInstanceAttributesAreReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.launch(1)[0].InstanceId
	kernel := func() string {
		return aws.ToString(do(w, describeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: id, Attribute: "kernel"}).KernelId.Value)
	}
	checked := func() bool {
		return *do(w, describeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: id, Attribute: "sourceDestCheck"}).SourceDestCheck.Value
	}
	first := kernel()
	do(w, modifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{InstanceId: id, SourceDestCheck: &types.AttributeBooleanValue{Value: aws.Bool(false)}})
	if checked() {
		t.Error("still checked")
	}
	do(w, resetInstanceAttribute, &ec2.ResetInstanceAttributeInput{InstanceId: id, Attribute: "sourceDestCheck"})
	if !checked() {
		t.Error("not reset")
	}
	for _, tt := range []struct {
		in         ec2.ResetInstanceAttributeInput
		code, text string
	}{
		{ec2.ResetInstanceAttributeInput{Attribute: "kernel"}, "MissingParameter", "InstanceId"},
		{ec2.ResetInstanceAttributeInput{InstanceId: id}, "MissingParameter", "Attribute"},
		{ec2.ResetInstanceAttributeInput{InstanceId: id, Attribute: "userData"}, "InvalidParameterValue", "userData"},
		{ec2.ResetInstanceAttributeInput{InstanceId: id, Attribute: "kernel"}, "IncorrectInstanceState", "stopped"},
		{ec2.ResetInstanceAttributeInput{InstanceId: aws.String("i-01234567"), Attribute: "kernel"}, "InvalidInstanceID.NotFound", "i-01234567"},
	} {
		refused(w, resetInstanceAttribute, &tt.in, tt.code, tt.text)
	}
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*id}})
	w.pass(bootTime)
	do(w, modifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{InstanceId: id, Kernel: &types.AttributeValue{Value: aws.String("aki-01234567")}})
	if kernel() == first {
		t.Fatal("the kernel did not change")
	}
	do(w, resetInstanceAttribute, &ec2.ResetInstanceAttributeInput{InstanceId: id, Attribute: "kernel"})
	if got := kernel(); got != first {
		t.Errorf("kernel %q, want %q", got, first)
	}
	p := do(w, getPasswordData, &ec2.GetPasswordDataInput{InstanceId: id})
	if *p.InstanceId != *id || p.PasswordData == nil || *p.PasswordData != "" || p.Timestamp == nil {
		t.Errorf("password %+v", p)
	}
	refused(w, getPasswordData, &ec2.GetPasswordDataInput{}, "MissingParameter", "InstanceId")
	refused(w, getPasswordData, &ec2.GetPasswordDataInput{InstanceId: aws.String("i-01234567")}, "InvalidInstanceID.NotFound", "i-01234567")
}
