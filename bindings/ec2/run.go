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
func MinCount(n int) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.MinCount = aws.Int32(int32(n)) })
}

// MaxCount is the greatest number of instances to launch (boto: max_count).
func MaxCount(n int) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.MaxCount = aws.Int32(int32(n)) })
}

// KeyName names the key pair that opens the instance (boto: key_name).
func KeyName(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.KeyName = aws.String(name) })
}

// SecurityGroups names the instance's security groups (boto: security_groups).
func SecurityGroups(names ...string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.SecurityGroups = append(in.SecurityGroups, names...) })
}

// SecurityGroupIDs names the groups by their ids (boto: security_group_ids).
func SecurityGroupIDs(ids ...string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.SecurityGroupIds = append(in.SecurityGroupIds, ids...) })
}

// UserData is text the instance finds at its start, such as a script; it is
// encoded for the way (boto: user_data).
func UserData(data string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) {
		in.UserData = aws.String(base64.StdEncoding.EncodeToString([]byte(data)))
	})
}

// InstanceType is the size of the instance, such as "t1.micro"
// (boto: instance_type).
func InstanceType(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.InstanceType = types.InstanceType(name) })
}

// Placement names the availability zone (boto: placement).
func Placement(zone string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { placement(in).AvailabilityZone = aws.String(zone) })
}

// PlacementGroup names the placement group (boto: placement_group).
func PlacementGroup(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { placement(in).GroupName = aws.String(name) })
}

// Tenancy is "default", "dedicated" or "host" (boto: tenancy).
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
func KernelID(id string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.KernelId = optional(id) })
}

// RamdiskID names the RAM disk (boto: ramdisk_id).
func RamdiskID(id string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.RamdiskId = optional(id) })
}

// MonitoringEnabled turns on detailed monitoring (boto: monitoring_enabled).
func MonitoringEnabled(yes bool) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) {
		in.Monitoring = &types.RunInstancesMonitoringEnabled{Enabled: &yes}
	})
}

// SubnetID names the subnet (boto: subnet_id).
func SubnetID(id string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.SubnetId = optional(id) })
}

// BlockDeviceMap gives the instance's disks (boto: block_device_map).
func BlockDeviceMap(m BlockDeviceMapping) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.BlockDeviceMappings = m.raw() })
}

// DisableAPITermination guards the instance from TerminateInstances
// (boto: disable_api_termination).
func DisableAPITermination(yes bool) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.DisableApiTermination = &yes })
}

// InstanceInitiatedShutdownBehavior is "stop" or "terminate"
// (boto: instance_initiated_shutdown_behavior).
func InstanceInitiatedShutdownBehavior(behavior string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) {
		in.InstanceInitiatedShutdownBehavior = types.ShutdownBehavior(behavior)
	})
}

// ClientToken makes the launch happen once however often it is asked for
// (boto: client_token).
func ClientToken(token string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.ClientToken = optional(token) })
}

// AdditionalInfo is reserved by AWS (boto: additional_info).
func AdditionalInfo(text string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { in.AdditionalInfo = optional(text) })
}

// InstanceProfileName names the instance profile (boto: instance_profile_name).
func InstanceProfileName(name string) RunInstancesOption {
	return runOption(func(in *sdk.RunInstancesInput) { profile(in).Name = optional(name) })
}

// InstanceProfileARN names the instance profile (boto: instance_profile_arn).
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
