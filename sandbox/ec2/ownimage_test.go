package ec2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// freeze makes an image of a machine and lets it become ready.
func (w *world) freeze(id, name string, change ...func(*ec2.CreateImageInput)) types.Image {
	w.Helper()
	in := &ec2.CreateImageInput{InstanceId: &id, Name: &name}
	for _, c := range change {
		c(in)
	}
	out, err := w.c.createImage(w.ctx, in)
	if err != nil {
		w.Fatal(err)
	}
	m := do(w, describeImages, &ec2.DescribeImagesInput{ImageIds: []string{*out.ImageId}}).Images[0]
	if m.State != types.ImageStatePending {
		w.Errorf("a new image is %s", m.State)
	}
	w.pass(snapshotTime)
	return do(w, describeImages, &ec2.DescribeImagesInput{ImageIds: []string{*out.ImageId}}).Images[0]
}

func TestImagesBootWithTheirData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := w.boot("#!/bin/sh\necho first > /home/ec2-user/written\n", func(in *ec2.RunInstancesInput) {
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sdh"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(2), DeleteOnTermination: aws.Bool(false)}}}
	})
	w.login(id, key)("sudo mkfs -t ext3 /dev/sdh > /dev/null; sudo mkdir /data; sudo mount /dev/sdh /data; echo data | sudo tee /data/f; echo kept > kept")
	m := w.freeze(id, "golden", func(in *ec2.CreateImageInput) {
		in.Description = aws.String("an image")
		in.TagSpecifications = []types.TagSpecification{{ResourceType: "image", Tags: tags("paw", "left")}, {ResourceType: "snapshot", Tags: tags("paw", "right")}}
	})
	if m.State != types.ImageStateAvailable || *m.Public || *m.OwnerId != w.c.env.AccountID() || *m.Description != "an image" || len(m.Tags) != 1 || len(m.BlockDeviceMappings) != 2 ||
		*m.BlockDeviceMappings[1].DeviceName != "/dev/sdh" || *m.BlockDeviceMappings[1].Ebs.DeleteOnTermination {
		t.Errorf("image %+v %+v", m, m.BlockDeviceMappings)
	}
	snaps := do(w, describeSnapshots, &ec2.DescribeSnapshotsInput{Filters: filters("tag:paw", "right")}).Snapshots
	if len(snaps) != 2 || !strings.Contains(*snaps[0].Description, "CreateImage("+id+")") {
		t.Errorf("snapshots %+v", snaps)
	}
	refused(w, deleteSnapshot, &ec2.DeleteSnapshotInput{SnapshotId: snaps[0].SnapshotId}, "InvalidSnapshot.InUse", *m.ImageId)
	w.pass(bootTime)
	if log := w.console(id); !strings.Contains(log, "boot 2,") {
		t.Errorf("it was not rebooted:\n%s", log)
	}
	clone := *do(w, runInstances, &ec2.RunInstancesInput{ImageId: m.ImageId, MinCount: aws.Int32(1), MaxCount: aws.Int32(1), KeyName: aws.String("paws"), InstanceType: "t1.micro"}).Instances[0].InstanceId
	w.pass(bootTime)
	if got := w.login(clone, key)("cat kept written; sudo mkdir -p /d; sudo mount /dev/sdh /d; cat /d/f"); got != "kept\nfirst\ndata\n" {
		t.Errorf("the clone has %q", got)
	}
	if got := do(w, describeImages, &ec2.DescribeImagesInput{Owners: []string{"self"}}).Images; len(got) != 1 {
		t.Errorf("%d images of one's own", len(got))
	}
	do(w, deregisterImage, &ec2.DeregisterImageInput{ImageId: m.ImageId})
	refused(w, runInstances, &ec2.RunInstancesInput{ImageId: m.ImageId, MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}, "InvalidAMIID.NotFound", *m.ImageId)
	do(w, deleteSnapshot, &ec2.DeleteSnapshotInput{SnapshotId: snaps[0].SnapshotId})
	if v := w.describe(clone); *v.ImageId != *m.ImageId {
		t.Errorf("the clone runs %s", *v.ImageId)
	}
}

func TestCreateImageRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := *w.launch(1)[0].InstanceId
	w.freeze(id, "taken", func(in *ec2.CreateImageInput) { in.NoReboot = aws.Bool(true) })
	gone := *w.launch(1)[0].InstanceId
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{gone}})
	no := func(d string) []types.BlockDeviceMapping {
		return []types.BlockDeviceMapping{{DeviceName: &d, NoDevice: aws.String("")}}
	}
	for _, tt := range []struct {
		name, code, text string
		in               ec2.CreateImageInput
	}{
		{"no instance", "MissingParameter", "InstanceId", ec2.CreateImageInput{Name: aws.String("new")}},
		{"no name", "MissingParameter", "Name", ec2.CreateImageInput{InstanceId: &id}},
		{"short name", "InvalidAMIName.Malformed", "between 3 and 128", ec2.CreateImageInput{InstanceId: &id, Name: aws.String("x")}},
		{"same name", "InvalidAMIName.Duplicate", "already in use", ec2.CreateImageInput{InstanceId: &id, Name: aws.String("taken")}},
		{"unknown", "InvalidInstanceID.NotFound", "i-0123456789abcdef0", ec2.CreateImageInput{InstanceId: aws.String("i-0123456789abcdef0"), Name: aws.String("new")}},
		{"terminated", "IncorrectState", "not in state", ec2.CreateImageInput{InstanceId: &gone, Name: aws.String("new")}},
		{"no root", "InvalidBlockDeviceMapping", "root", ec2.CreateImageInput{InstanceId: &id, Name: aws.String("new"), BlockDeviceMappings: no("/dev/sda1")}},
		{"dry", "DryRunOperation", "", ec2.CreateImageInput{InstanceId: &id, Name: aws.String("new"), DryRun: aws.Bool(true)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.c.createImage(w.ctx, &tt.in)
			checkError(t, err, tt.code, tt.text)
		})
	}
	refused(w, deregisterImage, &ec2.DeregisterImageInput{ImageId: aws.String(bookImage)}, "AuthFailure", bookImage)
	refused(w, deregisterImage, &ec2.DeregisterImageInput{ImageId: aws.String("ami-01234567")}, "InvalidAMIID.Unavailable", "no longer")
}

func TestImagesAndSnapshotsAreCopied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := w.boot("", nil)
	w.login(id, key)("echo far > far")
	m := w.freeze(id, "golden")
	public := do(w, describeKeyPairs, &ec2.DescribeKeyPairsInput{IncludePublicKey: aws.Bool(true)}).KeyPairs[0].PublicKey
	w.ctx = in("eu-west-1")
	refused(w, copyImage, &ec2.CopyImageInput{SourceImageId: m.ImageId, SourceRegion: aws.String("nowhere-1"), Name: aws.String("copy")}, "InvalidParameterValue", "nowhere-1")
	refused(w, copyImage, &ec2.CopyImageInput{SourceImageId: m.ImageId, SourceRegion: aws.String("us-west-1"), Name: aws.String("copy")}, "InvalidAMIID.NotFound", *m.ImageId)
	copied := do(w, copyImage, &ec2.CopyImageInput{SourceImageId: m.ImageId, SourceRegion: aws.String("us-east-1"), Name: aws.String("copy")})
	s := do(w, copySnapshot, &ec2.CopySnapshotInput{SourceSnapshotId: m.BlockDeviceMappings[0].Ebs.SnapshotId, SourceRegion: aws.String("us-east-1"), Description: aws.String("of a copy")})
	refused(w, copySnapshot, &ec2.CopySnapshotInput{SourceSnapshotId: aws.String("snap-01234567"), SourceRegion: aws.String("us-east-1")}, "InvalidSnapshot.NotFound", "snap-01234567")
	w.pass(snapshotTime)
	if got := do(w, describeSnapshots, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{*s.SnapshotId}}).Snapshots[0]; *got.Description != "of a copy" || got.State != types.SnapshotStateCompleted {
		t.Errorf("copy %+v", got)
	}
	do(w, importKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("paws"), PublicKeyMaterial: []byte(aws.ToString(public))})
	there := *do(w, runInstances, &ec2.RunInstancesInput{ImageId: copied.ImageId, MinCount: aws.Int32(1), MaxCount: aws.Int32(1), KeyName: aws.String("paws"), InstanceType: "t1.micro"}).Instances[0].InstanceId
	w.pass(bootTime)
	if got := w.login(there, key)("cat far"); got != "far\n" {
		t.Errorf("in another region: %q", got)
	}
}

func TestImageAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.freeze(*w.launch(1)[0].InstanceId, "golden")
	perm := func() string {
		out := do(w, describeImageAttribute, &ec2.DescribeImageAttributeInput{ImageId: m.ImageId, Attribute: types.ImageAttributeNameLaunchPermission})
		var s []string
		for _, p := range out.LaunchPermissions {
			s = append(s, string(p.Group)+aws.ToString(p.UserId))
		}
		return strings.Join(s, " ")
	}
	do(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: m.ImageId, OperationType: types.OperationTypeAdd, Attribute: aws.String("launchPermission"), UserIds: []string{"999999999999"}})
	do(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: m.ImageId, LaunchPermission: &types.LaunchPermissionModifications{Add: []types.LaunchPermission{{Group: types.PermissionGroupAll}}}})
	if got := perm(); got != "all 999999999999" {
		t.Errorf("permissions %q", got)
	}
	do(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: m.ImageId, OperationType: types.OperationTypeRemove, UserGroups: []string{"all"}})
	if got := perm(); got != "999999999999" {
		t.Errorf("permissions %q", got)
	}
	do(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: m.ImageId, Description: &types.AttributeValue{Value: aws.String("better")}})
	if got := do(w, describeImageAttribute, &ec2.DescribeImageAttributeInput{ImageId: m.ImageId, Attribute: types.ImageAttributeNameDescription}); *got.Description.Value != "better" {
		t.Errorf("description %+v", got.Description)
	}
	refused(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: m.ImageId}, "InvalidParameterCombination", "No attributes")
	refused(w, modifyImageAttribute, &ec2.ModifyImageAttributeInput{ImageId: aws.String(bookImage)}, "AuthFailure", bookImage)
}
