package ec2

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
)

func TestInstanceLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := do(w, runInstances, &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), InstanceType: "t1.micro"})
	id := *out.Instances[0].InstanceId
	ids := []string{id}
	state := func() string { v := w.describe(id); return fmt.Sprintf("%s(%d)", v.State.Name, *v.State.Code) }
	expect := func(want string) {
		t.Helper()
		if got := state(); got != want {
			t.Errorf("state %s, want %s", got, want)
		}
	}
	expect("pending(0)")
	refused(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: ids}, "IncorrectInstanceState", "is not in a state from which it can be stopped")
	refused(w, rebootInstances, &ec2.RebootInstancesInput{InstanceIds: ids}, "IncorrectInstanceState", "rebooted")
	if v := w.describe(id); v.PublicIpAddress != nil || *v.PublicDnsName != "" {
		t.Errorf("a pending instance has a public address: %v", *v.PublicIpAddress)
	}
	w.pass(bootTime)
	expect("running(16)")
	first := w.describe(id)
	if first.PublicIpAddress == nil || !strings.HasPrefix(*first.PublicIpAddress, "127.") {
		t.Errorf("public address %v", first.PublicIpAddress)
	}
	if ch := do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: ids}).StoppingInstances[0]; ch.PreviousState.Name != "running" || ch.CurrentState.Name != "stopping" {
		t.Errorf("stop: %v -> %v", ch.PreviousState.Name, ch.CurrentState.Name)
	}
	expect("stopping(64)")
	refused(w, startInstances, &ec2.StartInstancesInput{InstanceIds: ids}, "IncorrectInstanceState", "is not in a state from which it can be started")
	w.pass(stopTime)
	expect("stopped(80)")
	stopped := w.describe(id)
	if stopped.PublicIpAddress != nil || *stopped.PrivateIpAddress != *first.PrivateIpAddress || *stopped.StateReason.Code != "Client.UserInitiatedShutdown" {
		t.Errorf("stopped: %+v", stopped)
	}
	do(w, startInstances, &ec2.StartInstancesInput{InstanceIds: ids})
	w.pass(bootTime)
	expect("running(16)")
	if again := w.describe(id); *again.PublicIpAddress == *first.PublicIpAddress || !again.LaunchTime.After(*first.LaunchTime) || again.StateReason != nil {
		t.Errorf("started again: %+v", again)
	}
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: ids})
	expect("shutting-down(32)")
	w.pass(terminateTime)
	expect("terminated(48)")
	if v := w.describe(id); v.PrivateIpAddress != nil || len(v.BlockDeviceMappings) != 0 {
		t.Errorf("terminated, but holds %v %v", v.PrivateIpAddress, v.BlockDeviceMappings)
	}
	refused(w, startInstances, &ec2.StartInstancesInput{InstanceIds: ids}, "IncorrectInstanceState", "started")
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: ids})
	w.pass(forgetTime)
	refused(w, describeInstances, &ec2.DescribeInstancesInput{InstanceIds: ids}, "InvalidInstanceID.NotFound", "The instance ID '"+id+"' does not exist")
}

func TestOneAdvanceOfTheClockShowsAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.launch(3)
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*x[0].InstanceId}})
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*x[1].InstanceId}})
	w.pass(time.Minute)
	var got []string
	for _, r := range do(w, describeInstances, &ec2.DescribeInstancesInput{}).Reservations {
		for _, v := range r.Instances {
			got = append(got, string(v.State.Name))
		}
	}
	if diff := cmp.Diff([]string{"terminated", "stopped", "running"}, got); diff != "" {
		t.Error(diff)
	}
	if n := len(do(w, describeVolumes, &ec2.DescribeVolumesInput{}).Volumes); n != 2 {
		t.Errorf("%d volumes left, want 2", n)
	}
	if free := *do(w, describeSubnets, &ec2.DescribeSubnetsInput{}).Subnets[0].AvailableIpAddressCount; free != 4089 {
		t.Errorf("%d addresses free", free)
	}
}

func TestRunInstancesKeepsWhatItIsGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("paws"), KeyType: types.KeyTypeEd25519}); err != nil {
		t.Fatal(err)
	}
	do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("paws"), Description: aws.String("d")})
	out := do(w, runInstances, &ec2.RunInstancesInput{
		ImageId: aws.String(bookImage), MinCount: aws.Int32(2), MaxCount: aws.Int32(2), KeyName: aws.String("paws"),
		SecurityGroups: []string{"paws", "default"}, InstanceType: "m1.large", Placement: &types.Placement{AvailabilityZone: aws.String("us-east-1c")},
		Monitoring: &types.RunInstancesMonitoringEnabled{Enabled: aws.Bool(true)}, KernelId: aws.String("aki-12345678"),
		BlockDeviceMappings: []types.BlockDeviceMapping{
			{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(20)}},
			{DeviceName: aws.String("/dev/sdf"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(5), DeleteOnTermination: aws.Bool(false)}},
			{DeviceName: aws.String("/dev/sdb"), VirtualName: aws.String("ephemeral0")},
		},
		TagSpecifications: []types.TagSpecification{{ResourceType: "instance", Tags: tags("Name", "cat")}, {ResourceType: "volume", Tags: tags("Name", "disk")}},
	})
	w.pass(bootTime)
	v := w.describe(*out.Instances[1].InstanceId)
	got := map[string]any{"key": *v.KeyName, "type": v.InstanceType, "zone": *v.Placement.AvailabilityZone, "index": *v.AmiLaunchIndex, "monitoring": v.Monitoring.State,
		"kernel": *v.KernelId, "groups": len(v.SecurityGroups), "group": *v.SecurityGroups[0].GroupName, "devices": len(v.BlockDeviceMappings),
		"root": *v.BlockDeviceMappings[0].DeviceName, "other": *v.BlockDeviceMappings[1].DeviceName, "keep": !*v.BlockDeviceMappings[1].Ebs.DeleteOnTermination,
		"name": *v.Tags[0].Value, "private": strings.HasPrefix(*v.PrivateIpAddress, "172.31.32."), "dns": strings.HasSuffix(*v.PrivateDnsName, ".ec2.internal")}
	want := map[string]any{"key": "paws", "type": types.InstanceType("m1.large"), "zone": "us-east-1c", "index": int32(1), "monitoring": types.MonitoringStateEnabled,
		"kernel": "aki-12345678", "groups": 2, "group": "paws", "devices": 2, "root": "/dev/sda1", "other": "/dev/sdf", "keep": true,
		"name": "cat", "private": true, "dns": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	sizes := map[int32]int{}
	for _, d := range do(w, describeVolumes, &ec2.DescribeVolumesInput{Filters: filters("tag:Name", "disk", "attachment.instance-id", *v.InstanceId)}).Volumes {
		sizes[*d.Size]++
	}
	if diff := cmp.Diff(map[int32]int{20: 1, 5: 1}, sizes); diff != "" {
		t.Error(diff)
	}
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*v.InstanceId}})
	w.pass(terminateTime)
	left := do(w, describeVolumes, &ec2.DescribeVolumesInput{Filters: filters("status", "available")}).Volumes
	if len(left) != 1 || *left[0].Size != 5 {
		t.Errorf("left over: %v", left)
	}
}

func TestRunInstancesRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	type I = ec2.RunInstancesInput
	for _, tt := range []struct {
		name, code, text string
		change           func(*I)
	}{
		{"no image", "MissingParameter", "ImageId", func(in *I) { in.ImageId = nil }},
		{"image id", "InvalidAMIID.Malformed", `Invalid id: "cat" (expecting "ami-...")`, func(in *I) { in.ImageId = aws.String("cat") }},
		{"unknown image", "InvalidAMIID.NotFound", "The image id '[ami-00000000]' does not exist", func(in *I) { in.ImageId = aws.String("ami-00000000") }},
		{"no count", "MissingParameter", "MinCount", func(in *I) { in.MinCount = nil }},
		{"zero", "InvalidParameterValue", "minCount", func(in *I) { in.MinCount = aws.Int32(0) }},
		{"reversed", "InvalidParameterValue", "maxCount", func(in *I) { in.MinCount = aws.Int32(2) }},
		{"too many", "InstanceLimitExceeded", "Your quota allows for 1000 more", func(in *I) { in.MinCount, in.MaxCount = aws.Int32(2e9), aws.Int32(2e9) }},
		{"type", "InvalidParameterValue", "Invalid value 't9.nano' for InstanceType.", func(in *I) { in.InstanceType = "t9.nano" }},
		{"architecture", "InvalidParameterValue", "The architecture 'arm64' of the specified instance type does not match", func(in *I) { in.InstanceType = "t4g.micro" }},
		{"key", "InvalidKeyPair.NotFound", "The key pair 'paws' does not exist", func(in *I) { in.KeyName = aws.String("paws") }},
		{"group", "InvalidGroup.NotFound", "The security group 'paws' does not exist in default VPC", func(in *I) { in.SecurityGroups = []string{"paws"} }},
		{"group id", "InvalidGroup.NotFound", "The security group 'sg-01234567' does not exist", func(in *I) { in.SecurityGroupIds = []string{"sg-01234567"} }},
		{"zone", "InvalidParameterValue", "Invalid availability zone: [eu-west-1a]", func(in *I) { in.Placement = &types.Placement{AvailabilityZone: aws.String("eu-west-1a")} }},
		{"subnet", "InvalidSubnetID.NotFound", "The subnet ID 'subnet-1' does not exist", func(in *I) { in.SubnetId = aws.String("subnet-1") }},
		{"user data", "InvalidUserData.Malformed", "BASE64", func(in *I) { in.UserData = aws.String("!") }},
		{"long user data", "InvalidParameterValue", "limited to 16384 bytes", func(in *I) { in.UserData = aws.String(base64.StdEncoding.EncodeToString(make([]byte, 16385))) }},
		{"snapshot", "InvalidSnapshot.NotFound", "The snapshot 'snap-12345678' does not exist.", func(in *I) {
			in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sdf"), Ebs: &types.EbsBlockDevice{SnapshotId: aws.String("snap-12345678")}}}
		}},
		{"shrunk root", "InvalidParameterValue", "expect size >= 8GB", func(in *I) {
			in.BlockDeviceMappings = []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(1)}}}
		}},
		{"device twice", "InvalidBlockDeviceMapping", "/dev/sdf", func(in *I) {
			m := types.BlockDeviceMapping{DeviceName: aws.String("/dev/sdf"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(1)}}
			in.BlockDeviceMappings = []types.BlockDeviceMapping{m, m}
		}},
		{"tag", "InvalidParameterValue", "reserved for internal use", func(in *I) {
			in.TagSpecifications = []types.TagSpecification{{ResourceType: "instance", Tags: tags("aws:x", "y")}}
		}},
		{"template", "NotImplemented", "launch template", func(in *I) { in.LaunchTemplate = &types.LaunchTemplateSpecification{} }},
		{"dry run", "DryRunOperation", "Request would have succeeded", func(in *I) { in.DryRun = aws.Bool(true) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			input := &I{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}
			tt.change(input)
			refused(w, runInstances, input, tt.code, tt.text)
		})
	}
	if n := len(do(w, describeInstances, &ec2.DescribeInstancesInput{}).Reservations); n != 0 {
		t.Errorf("%d reservations made by refused requests", n)
	}
}

func TestClientTokenMakesALaunchIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	launch := func(n int32) *ec2.RunInstancesInput {
		return &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(n), ClientToken: aws.String("tok")}
	}
	a, b := do(w, runInstances, launch(2)), do(w, runInstances, launch(2))
	if *a.ReservationId != *b.ReservationId || len(b.Instances) != 2 || *a.Instances[0].InstanceId != *b.Instances[0].InstanceId {
		t.Errorf("launched twice: %s, %s", *a.ReservationId, *b.ReservationId)
	}
	refused(w, runInstances, launch(3), "IdempotentParameterMismatch", "inconsistent with arguments")
	w.ctx = in("eu-west-1")
	if c := do(w, runInstances, launch(3)); *c.ReservationId == *a.ReservationId {
		t.Error("tokens are not a region's own")
	}
}

func TestDescribeInstancesFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	web := w.launch(2, func(in *ec2.RunInstancesInput) {
		in.InstanceType = "t1.micro"
		in.TagSpecifications = []types.TagSpecification{{ResourceType: "instance", Tags: tags("Name", "web", "paws", "")}}
	})
	db := w.launch(1, func(in *ec2.RunInstancesInput) {
		in.TagSpecifications = []types.TagSpecification{{ResourceType: "instance", Tags: tags("Name", "db*1")}}
	})
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*db[0].InstanceId}})
	for _, tt := range []struct {
		want  int
		pairs []string
	}{
		{3, nil}, {2, []string{"tag-key", "paws"}}, {2, []string{"tag:paws", ""}}, {3, []string{"tag:Name", "*"}}, {2, []string{"tag:Name", "we?"}},
		{1, []string{"tag:Name", `db\*1`}}, {3, []string{"tag:Name", "web,db*"}}, {2, []string{"instance-type", "t1.micro"}}, {1, []string{"instance-type", "m1.small"}},
		{2, []string{"instance-state-name", "running"}}, {1, []string{"instance-state-code", "64"}}, {0, []string{"instance-state-name", "running", "tag:Name", "db*"}},
		{1, []string{"instance-id", *web[0].InstanceId}}, {3, []string{"group-name", "default"}}, {3, []string{"image-id", bookImage}}, {0, []string{"key-name", "x"}},
		{3, []string{"availability-zone", "us-east-1a"}}, {1, []string{"launch-index", "1"}}, {3, []string{"owner-id", "123456789012"}}, {3, []string{"block-device-mapping.device-name", "/dev/sda1"}},
		{0, []string{"tag:name", "web"}}, {2, []string{"tag-value", "web"}},
	} {
		n := 0
		for _, r := range do(w, describeInstances, &ec2.DescribeInstancesInput{Filters: filters(tt.pairs...)}).Reservations {
			n += len(r.Instances)
		}
		if n != tt.want {
			t.Errorf("%v: %d instances, want %d", tt.pairs, n, tt.want)
		}
	}
	refused(w, describeInstances, &ec2.DescribeInstancesInput{Filters: filters("paws", "")}, "InvalidParameterValue", "The filter 'paws' is invalid")
	refused(w, describeInstances, &ec2.DescribeInstancesInput{Filters: []types.Filter{{Name: aws.String("tag-key"), Values: make([]string, 201)}}}, "FilterLimitExceeded", "200")
	refused(w, describeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{"cat"}}, "InvalidInstanceID.Malformed", `Invalid id: "cat"`)
	refused(w, describeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{"i-00000000", "i-00000001"}}, "InvalidInstanceID.NotFound", "The instance IDs 'i-00000000, i-00000001' do not exist")
}

func TestDescribeInstancesPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.launch(12)
	seen := map[string]bool{}
	input := &ec2.DescribeInstancesInput{MaxResults: aws.Int32(5)}
	for pages := 1; ; pages++ {
		out := do(w, describeInstances, input)
		for _, v := range out.Reservations[0].Instances {
			seen[*v.InstanceId] = true
		}
		if input.NextToken = out.NextToken; out.NextToken == nil {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d instances seen", len(seen))
	}
	refused(w, describeInstances, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(4)}, "InvalidParameterValue", "maxResults")
	refused(w, describeInstances, &ec2.DescribeInstancesInput{NextToken: aws.String("x")}, "InvalidNextToken", "not valid")
	refused(w, describeInstances, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(5), InstanceIds: []string{"i-00000000"}}, "InvalidParameterCombination", "maxResults")
}

func TestInstanceStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.launch(2)
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{*x[1].InstanceId}})
	status := func(in *ec2.DescribeInstanceStatusInput) string {
		var s []string
		for _, v := range do(w, describeInstanceStatus, in).InstanceStatuses {
			s = append(s, fmt.Sprintf("%s/%s", v.InstanceState.Name, v.InstanceStatus.Status))
		}
		return strings.Join(s, " ")
	}
	if got := status(&ec2.DescribeInstanceStatusInput{}); got != "running/initializing" {
		t.Errorf("after boot: %s", got)
	}
	w.pass(checkTime)
	if got := status(&ec2.DescribeInstanceStatusInput{Filters: filters("instance-status.reachability", "passed")}); got != "running/ok" {
		t.Errorf("later: %s", got)
	}
	if got := status(&ec2.DescribeInstanceStatusInput{IncludeAllInstances: aws.Bool(true)}); got != "running/ok stopped/not-applicable" {
		t.Errorf("all: %s", got)
	}
}

func TestMonitoring(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := []string{*w.launch(1)[0].InstanceId}
	if got := do(w, monitorInstances, &ec2.MonitorInstancesInput{InstanceIds: ids}).InstanceMonitorings[0].Monitoring.State; got != "pending" {
		t.Errorf("monitor: %s", got)
	}
	w.pass(monitorTime)
	if got := w.describe(ids[0]).Monitoring.State; got != "enabled" {
		t.Errorf("monitored: %s", got)
	}
	if got := do(w, unmonitorInstances, &ec2.UnmonitorInstancesInput{InstanceIds: ids}).InstanceMonitorings[0].Monitoring.State; got != "disabling" {
		t.Errorf("unmonitor: %s", got)
	}
	w.pass(monitorTime)
	if got := w.describe(ids[0]).Monitoring.State; got != "disabled" {
		t.Errorf("unmonitored: %s", got)
	}
	refused(w, monitorInstances, &ec2.MonitorInstancesInput{}, "MissingParameter", "InstanceId")
}

func TestTerminationProtection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := *w.launch(1, func(in *ec2.RunInstancesInput) { in.DisableApiTermination = aws.Bool(true) })[0].InstanceId
	ids := []string{id}
	refused(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: ids}, "OperationNotPermitted", "Modify its 'disableApiTermination' instance attribute and try again.")
	// boto's form: an attribute's name and a value.
	do(w, modifyInstanceAttribute, &ec2.ModifyInstanceAttributeInput{InstanceId: &id, Attribute: "disableApiTermination", Value: aws.String("False")})
	got := do(w, describeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: &id, Attribute: "disableApiTermination"})
	if *got.DisableApiTermination.Value {
		t.Error("still protected")
	}
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: ids})
}

func TestInstanceAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	data := base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho cats\n"))
	id := *w.launch(1, func(in *ec2.RunInstancesInput) { in.UserData = &data })[0].InstanceId
	attr := func(name types.InstanceAttributeName) *ec2.DescribeInstanceAttributeOutput {
		return do(w, describeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: &id, Attribute: name})
	}
	if got := *attr("userData").UserData.Value; got != data {
		t.Errorf("user data %q", got)
	}
	if got := *attr("rootDeviceName").RootDeviceName.Value; got != "/dev/sda1" {
		t.Errorf("root device %q", got)
	}
	if got := *attr("instanceInitiatedShutdownBehavior").InstanceInitiatedShutdownBehavior.Value; got != "stop" {
		t.Errorf("shutdown behaviour %q", got)
	}
	change := func(f func(*ec2.ModifyInstanceAttributeInput)) *ec2.ModifyInstanceAttributeInput {
		m := &ec2.ModifyInstanceAttributeInput{InstanceId: &id}
		f(m)
		return m
	}
	bigger := change(func(m *ec2.ModifyInstanceAttributeInput) {
		m.InstanceType = &types.AttributeValue{Value: aws.String("m1.large")}
	})
	refused(w, modifyInstanceAttribute, bigger, "IncorrectInstanceState", "is not in the 'stopped' state")
	do(w, stopInstances, &ec2.StopInstancesInput{InstanceIds: []string{id}})
	w.pass(stopTime)
	do(w, modifyInstanceAttribute, bigger)
	if got := w.describe(id).InstanceType; got != "m1.large" {
		t.Errorf("type %s", got)
	}
	g := do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("g"), Description: aws.String("d")}).GroupId
	do(w, modifyInstanceAttribute, change(func(m *ec2.ModifyInstanceAttributeInput) { m.Groups = []string{*g} }))
	if got := attr("groupSet").Groups; len(got) != 1 || *got[0].GroupName != "g" {
		t.Errorf("groups %v", got)
	}
	do(w, modifyInstanceAttribute, change(func(m *ec2.ModifyInstanceAttributeInput) {
		m.BlockDeviceMappings = []types.InstanceBlockDeviceMappingSpecification{{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsInstanceBlockDeviceSpecification{DeleteOnTermination: aws.Bool(false)}}}
	}))
	if *attr("blockDeviceMapping").BlockDeviceMappings[0].Ebs.DeleteOnTermination {
		t.Error("the root volume still ends with its machine")
	}
	for _, tt := range []struct {
		f          func(*ec2.ModifyInstanceAttributeInput)
		code, text string
	}{
		{func(m *ec2.ModifyInstanceAttributeInput) {}, "InvalidParameterCombination", "No attributes specified."},
		{func(m *ec2.ModifyInstanceAttributeInput) { m.InstanceId = nil }, "MissingParameter", "InstanceId"},
		{func(m *ec2.ModifyInstanceAttributeInput) { m.Attribute = "instanceType" }, "MissingParameter", "Value"},
		{func(m *ec2.ModifyInstanceAttributeInput) {
			m.Attribute, m.Value = "sourceDestCheck", aws.String("maybe")
		}, "InvalidParameterValue", "boolean"},
		{func(m *ec2.ModifyInstanceAttributeInput) {
			m.Attribute, m.Value = "rootDeviceName", aws.String("/dev/x")
		}, "InvalidParameterValue", "cannot be modified"},
		{func(m *ec2.ModifyInstanceAttributeInput) { m.Groups = []string{"sg-01234567"} }, "InvalidGroup.NotFound", "sg-01234567"},
	} {
		refused(w, modifyInstanceAttribute, change(tt.f), tt.code, tt.text)
	}
	refused(w, describeInstanceAttribute, &ec2.DescribeInstanceAttributeInput{InstanceId: &id, Attribute: "mood"}, "InvalidParameterValue", "mood")
}

func TestConsoleOutputTellsWhatTheMachineIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	data := base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho cats of the boot\n"))
	out := do(w, runInstances, &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), UserData: &data, InstanceType: "t1.micro"})
	id := out.Instances[0].InstanceId
	console := func() string {
		o, err := w.c.getConsoleOutput(w.ctx, &ec2.GetConsoleOutputInput{InstanceId: id})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := base64.StdEncoding.DecodeString(aws.ToString(o.Output))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if got := console(); got != "" {
		t.Errorf("before it is up: %q", got)
	}
	w.pass(bootTime)
	text := console()
	v := w.describe(*id)
	for _, want := range []string{"t1.micro", *id, *v.PrivateIpAddress, "cats of the boot\r\n", "boot 1,", "no authorized SSH keys"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not tell %q:\n%s", want, text)
		}
	}
	do(w, rebootInstances, &ec2.RebootInstancesInput{InstanceIds: []string{*id}})
	w.pass(bootTime)
	if !strings.Contains(console(), "boot 2,") {
		t.Error("a reboot is not told")
	}
	_, err := w.c.getConsoleOutput(w.ctx, &ec2.GetConsoleOutputInput{})
	checkError(t, err, "MissingParameter", "InstanceId")
}

func TestConcurrentCallsKeepTheCloudWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				out, err := run(w.ctx, w.c, runInstances, &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
				if err != nil {
					t.Error(err)
					return
				}
				w.pass(bootTime)
				if _, err := run(w.ctx, w.c, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*out.Instances[0].InstanceId}}); err != nil {
					t.Error(err)
				}
				if _, err := run(w.ctx, w.c, describeInstances, &ec2.DescribeInstancesInput{Filters: filters("instance-state-name", "running")}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	w.pass(terminateTime)
	if n := len(do(w, describeVolumes, &ec2.DescribeVolumesInput{}).Volumes); n != 0 {
		t.Errorf("%d volumes left", n)
	}
}
