package ec2

import (
	"encoding/base64"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// RunInstancesOption is an argument of RunInstances.
type RunInstancesOption interface {
	runInstances(*sdk.RunInstancesInput) error
}

type runOption func(*sdk.RunInstancesInput)

func (f runOption) runInstances(in *sdk.RunInstancesInput) error { f(in); return nil }

// RunInstances launches instances from an image: RunInstances
// (boto: run_instances). One is launched unless MinCount and MaxCount say
// otherwise. Codes to branch on: InvalidAMIID.NotFound, InvalidAMIID.Malformed,
// InvalidKeyPair.NotFound, InvalidGroup.NotFound, InstanceLimitExceeded.
//
// Example: r := ec2.RunInstances("ami-7341831a", KeyName("paws"), InstanceType("t1.micro")); r.Instances[0].ID
func (c *Connection) RunInstances(imageID string, opts ...RunInstancesOption) (*Reservation, error) {
	in := &sdk.RunInstancesInput{ImageId: aws.String(imageID), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)}
	for _, o := range opts {
		if err := o.runInstances(in); err != nil {
			return nil, fmt.Errorf("run instances of %s: %w", imageID, err)
		}
	}
	if in.MaxCount != nil && in.MinCount != nil && *in.MaxCount < *in.MinCount {
		in.MaxCount = in.MinCount
	}
	out, err := c.Client.RunInstances(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("run instances of %s: %w", imageID, err)
	}
	return c.reservation(types.Reservation{
		Groups: out.Groups, Instances: out.Instances, OwnerId: out.OwnerId,
		RequesterId: out.RequesterId, ReservationId: out.ReservationId,
	}), nil
}

func (o DryRunOption) runInstances(in *sdk.RunInstancesInput) error {
	in.DryRun = &o.on
	return nil
}

// MinCount is the least number of instances to launch (boto: min_count).
//
// Example: ec2.RunInstances("ami-7341831a", MinCount(2), MaxCount(2)).Instances
func MinCount(n int) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.MinCount = aws.Int32(int32(n)) })
}

// MaxCount is the greatest number of instances to launch (boto: max_count).
//
// Example: ec2.RunInstances("ami-7341831a", MaxCount(3)).Instances
func MaxCount(n int) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.MaxCount = aws.Int32(int32(n)) })
}

// KeyName names the key pair that opens the instance (boto: key_name).
//
// Example: ec2.RunInstances("ami-7341831a", KeyName("paws"))
func KeyName(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.KeyName = aws.String(name) })
}

// SecurityGroups names the instance's security groups (boto: security_groups).
//
// Example: ec2.RunInstances("ami-7341831a", SecurityGroups("web"))
func SecurityGroups(names ...string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.SecurityGroups = append(in.SecurityGroups, names...) })
}

// SecurityGroupIDs names the groups by their ids (boto: security_group_ids).
//
// Example: ec2.RunInstances("ami-7341831a", SecurityGroupIDs(group.ID))
func SecurityGroupIDs(ids ...string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.SecurityGroupIds = append(in.SecurityGroupIds, ids...) })
}

// UserData is text the instance finds at its start, such as a script; it is
// encoded for the way (boto: user_data).
//
// Example: ec2.RunInstances("ami-7341831a", UserData("#!/bin/sh\necho hello"))
func UserData(data string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) {
		in.UserData = aws.String(base64.StdEncoding.EncodeToString([]byte(data)))
	})
}

// InstanceType is the size of the instance, such as "t1.micro"
// (boto: instance_type).
//
// Example: ec2.RunInstances("ami-7341831a", InstanceType("m1.small"))
func InstanceType(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.InstanceType = types.InstanceType(name) })
}

// Placement names the availability zone (boto: placement).
//
// Example: ec2.RunInstances("ami-7341831a", Placement("us-east-1b"))
func Placement(zone string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { placement(in).AvailabilityZone = aws.String(zone) })
}

// PlacementGroup names the placement group (boto: placement_group).
//
// Example: ec2.RunInstances("ami-7341831a", PlacementGroup("cluster"))
func PlacementGroup(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { placement(in).GroupName = aws.String(name) })
}

// Tenancy is "default", "dedicated" or "host" (boto: tenancy).
//
// Example: ec2.RunInstances("ami-7341831a", Tenancy("default"))
func Tenancy(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { placement(in).Tenancy = types.Tenancy(name) })
}

func placement(in *sdk.RunInstancesInput) *types.Placement {
	if in.Placement == nil {
		in.Placement = &types.Placement{}
	}
	return in.Placement
}

// KernelID names the kernel (boto: kernel_id).
//
// Example: ec2.RunInstances("ami-7341831a", KernelID("aki-825ea7eb"))
func KernelID(id string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.KernelId = optional(id) })
}

// RamdiskID names the RAM disk (boto: ramdisk_id).
//
// Example: ec2.RunInstances("ami-7341831a", RamdiskID("ari-a51cf9cc"))
func RamdiskID(id string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.RamdiskId = optional(id) })
}

// MonitoringEnabled turns on detailed monitoring (boto: monitoring_enabled).
//
// Example: ec2.RunInstances("ami-7341831a", MonitoringEnabled(true))
func MonitoringEnabled(yes bool) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) {
		in.Monitoring = &types.RunInstancesMonitoringEnabled{Enabled: &yes}
	})
}

// SubnetID names the subnet (boto: subnet_id).
//
// Example: ec2.RunInstances("ami-7341831a", SubnetID("subnet-0123456789abcdef0"))
func SubnetID(id string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.SubnetId = optional(id) })
}

// BlockDeviceMap gives the instance's disks (boto: block_device_map).
//
// Example: ec2.RunInstances("ami-7341831a", BlockDeviceMap(BlockDeviceMapping{"/dev/sda1": {Size: 20}}))
func BlockDeviceMap(m BlockDeviceMapping) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.BlockDeviceMappings = m.raw() })
}

// DisableAPITermination guards the instance from TerminateInstances
// (boto: disable_api_termination).
//
// Example: ec2.RunInstances("ami-7341831a", DisableAPITermination(true))
func DisableAPITermination(yes bool) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.DisableApiTermination = &yes })
}

// InstanceInitiatedShutdownBehavior is "stop" or "terminate"
// (boto: instance_initiated_shutdown_behavior).
//
// Example: ec2.RunInstances("ami-7341831a", InstanceInitiatedShutdownBehavior("terminate"))
func InstanceInitiatedShutdownBehavior(behavior string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) {
		in.InstanceInitiatedShutdownBehavior = types.ShutdownBehavior(behavior)
	})
}

// ClientToken makes the launch happen once however often it is asked for
// (boto: client_token).
//
// Example: ec2.RunInstances("ami-7341831a", ClientToken("launch-2012-07-01"))
func ClientToken(token string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.ClientToken = optional(token) })
}

// AdditionalInfo is reserved by AWS (boto: additional_info).
//
// Example: ec2.RunInstances("ami-7341831a", AdditionalInfo("for the book"))
func AdditionalInfo(text string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.AdditionalInfo = optional(text) })
}

// InstanceProfileName names the instance profile (boto: instance_profile_name).
//
// Example: ec2.RunInstances("ami-7341831a", InstanceProfileName("web-role"))
func InstanceProfileName(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { profile(in).Name = optional(name) })
}

// InstanceProfileARN names the instance profile (boto: instance_profile_arn).
//
// Example: ec2.RunInstances("ami-7341831a", InstanceProfileARN("arn:aws:iam::123456789012:instance-profile/web-role"))
func InstanceProfileARN(arn string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { profile(in).Arn = optional(arn) })
}

func profile(in *sdk.RunInstancesInput) *types.IamInstanceProfileSpecification {
	if in.IamInstanceProfile == nil {
		in.IamInstanceProfile = &types.IamInstanceProfileSpecification{}
	}
	return in.IamInstanceProfile
}

// EBSOptimized gives the instance's volumes a throughput of their own
// (boto: ebs_optimized).
//
// Example: ec2.RunInstances("ami-7341831a", InstanceType("m1.large"), EBSOptimized(true))
func EBSOptimized(yes bool) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.EbsOptimized = &yes })
}

// optional is nil for an empty text: boto's None.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
