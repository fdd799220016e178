package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// instanceFields are the filters of DescribeInstances. They look at the
// machine's view, so that a filter and the answer can never disagree.
func (q *call) instanceFields() fields[*shown] {
	text := func(get func(*types.Instance) *string) func(*shown) []string {
		return func(s *shown) []string { return one(aws.ToString(get(&s.view))) }
	}
	volumes := func(get func(types.InstanceBlockDeviceMapping) string) func(*shown) []string {
		return func(s *shown) []string {
			var out []string
			for _, m := range s.view.BlockDeviceMappings {
				out = append(out, get(m))
			}
			return out
		}
	}
	groups := func(get func(types.GroupIdentifier) *string) func(*shown) []string {
		return func(s *shown) []string {
			var out []string
			for _, g := range s.view.SecurityGroups {
				out = append(out, *get(g))
			}
			return out
		}
	}
	nics := func(get func(types.InstanceNetworkInterface) *string) func(*shown) []string {
		return func(s *shown) []string {
			var out []string
			for _, n := range s.view.NetworkInterfaces {
				out = append(out, one(aws.ToString(get(n)))...)
			}
			return out
		}
	}
	always := func(v string) func(*shown) []string { return func(*shown) []string { return one(v) } }
	groupID := groups(func(g types.GroupIdentifier) *string { return g.GroupId })
	groupName := groups(func(g types.GroupIdentifier) *string { return g.GroupName })
	f := fields[*shown]{
		"affinity":                       always(""),
		"architecture":                   func(s *shown) []string { return one(string(s.view.Architecture)) },
		"availability-zone":              text(func(v *types.Instance) *string { return v.Placement.AvailabilityZone }),
		"availability-zone-id":           text(func(v *types.Instance) *string { return v.Placement.AvailabilityZoneId }),
		"client-token":                   text(func(v *types.Instance) *string { return v.ClientToken }),
		"dns-name":                       text(func(v *types.Instance) *string { return v.PublicDnsName }),
		"ebs-optimized":                  func(s *shown) []string { return yesno(aws.ToBool(s.view.EbsOptimized)) },
		"ena-support":                    func(s *shown) []string { return yesno(aws.ToBool(s.view.EnaSupport)) },
		"group-id":                       groupID,
		"group-name":                     groupName,
		"instance.group-id":              groupID,
		"instance.group-name":            groupName,
		"hibernation-options.configured": func(s *shown) []string { return yesno(s.x.hibernation) },
		"host-id":                        always(""),
		"hypervisor":                     func(s *shown) []string { return one(string(s.view.Hypervisor)) },
		"image-id":                       text(func(v *types.Instance) *string { return v.ImageId }),
		"instance-id":                    text(func(v *types.Instance) *string { return v.InstanceId }),
		"instance-lifecycle":             always(""),
		"instance-state-code":            func(s *shown) []string { return one(fmt.Sprint(*s.view.State.Code)) },
		"instance-state-name":            func(s *shown) []string { return one(string(s.view.State.Name)) },
		"instance-type":                  func(s *shown) []string { return one(string(s.view.InstanceType)) },
		"ip-address":                     text(func(v *types.Instance) *string { return v.PublicIpAddress }),
		"kernel-id":                      text(func(v *types.Instance) *string { return v.KernelId }),
		"key-name":                       text(func(v *types.Instance) *string { return v.KeyName }),
		"launch-index":                   func(s *shown) []string { return one(fmt.Sprint(s.x.index)) },
		"launch-time":                    func(s *shown) []string { return one(stamp(*s.view.LaunchTime)) },
		"monitoring-state":               func(s *shown) []string { return one(string(s.view.Monitoring.State)) },
		"owner-id":                       always(q.account()),
		"placement-group-name":           text(func(v *types.Instance) *string { return v.Placement.GroupName }),
		"platform":                       always(""),
		"platform-details":               text(func(v *types.Instance) *string { return v.PlatformDetails }),
		"private-dns-name":               text(func(v *types.Instance) *string { return v.PrivateDnsName }),
		"private-ip-address":             text(func(v *types.Instance) *string { return v.PrivateIpAddress }),
		"product-code":                   always(""),
		"product-code.type":              always(""),
		"ramdisk-id":                     text(func(v *types.Instance) *string { return v.RamdiskId }),
		"reason":                         text(func(v *types.Instance) *string { return v.StateTransitionReason }),
		"requester-id":                   always(""),
		"reservation-id":                 func(s *shown) []string { return one(s.x.reservation) },
		"root-device-name":               text(func(v *types.Instance) *string { return v.RootDeviceName }),
		"root-device-type":               always("ebs"),
		"source-dest-check":              func(s *shown) []string { return yesno(s.x.sourceDest) },
		"spot-instance-request-id":       always(""),
		"subnet-id":                      text(func(v *types.Instance) *string { return v.SubnetId }),
		"tenancy":                        func(s *shown) []string { return one(string(s.view.Placement.Tenancy)) },
		"usage-operation":                text(func(v *types.Instance) *string { return v.UsageOperation }),
		"virtualization-type":            func(s *shown) []string { return one(string(s.view.VirtualizationType)) },
		"vpc-id":                         text(func(v *types.Instance) *string { return v.VpcId }),
		"state-reason-code":              func(s *shown) []string { return one(s.x.reason.code) },
		"iam-instance-profile.arn":       func(s *shown) []string { return one(s.x.profile) },
		"iam-instance-profile.id":        func(s *shown) []string { return one(s.x.profileID) },
		"metadata-options.http-tokens":   func(s *shown) []string { return one(string(s.x.metadata.HttpTokens)) },
		"metadata-options.http-endpoint": func(s *shown) []string { return one(string(s.x.metadata.HttpEndpoint)) },

		"block-device-mapping.device-name":           volumes(func(m types.InstanceBlockDeviceMapping) string { return *m.DeviceName }),
		"block-device-mapping.volume-id":             volumes(func(m types.InstanceBlockDeviceMapping) string { return *m.Ebs.VolumeId }),
		"block-device-mapping.status":                volumes(func(m types.InstanceBlockDeviceMapping) string { return string(m.Ebs.Status) }),
		"block-device-mapping.attach-time":           volumes(func(m types.InstanceBlockDeviceMapping) string { return stamp(*m.Ebs.AttachTime) }),
		"block-device-mapping.delete-on-termination": volumes(func(m types.InstanceBlockDeviceMapping) string { return fmt.Sprint(*m.Ebs.DeleteOnTermination) }),

		"network-interface.network-interface-id": nics(func(n types.InstanceNetworkInterface) *string { return n.NetworkInterfaceId }),
		"network-interface.mac-address":          nics(func(n types.InstanceNetworkInterface) *string { return n.MacAddress }),
		"network-interface.subnet-id":            nics(func(n types.InstanceNetworkInterface) *string { return n.SubnetId }),
		"network-interface.vpc-id":               nics(func(n types.InstanceNetworkInterface) *string { return n.VpcId }),
		"network-interface.owner-id":             nics(func(n types.InstanceNetworkInterface) *string { return n.OwnerId }),
		"network-interface.private-dns-name":     nics(func(n types.InstanceNetworkInterface) *string { return n.PrivateDnsName }),
	}
	return f
}

// shown is a machine and its view at the call's time.
type shown struct {
	x    *instance
	view types.Instance
}

func (q *call) show(list []*instance) []*shown {
	out := make([]*shown, 0, len(list))
	for _, x := range list {
		out = append(out, &shown{x, q.view(x)})
	}
	return out
}

func describeInstances(q *call, in *ec2.DescribeInstancesInput) (*ec2.DescribeInstancesOutput, error) {
	if in.MaxResults != nil && len(in.InstanceIds) > 0 {
		return nil, fail("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults")
	}
	list := q.listed()
	if len(in.InstanceIds) > 0 {
		named, err := q.named(in.InstanceIds)
		if err != nil {
			return nil, err
		}
		list = named
	}
	all, err := filter(q, q.instanceFields(), in.Filters, q.show(list), func(s *shown) string { return s.x.id })
	if err != nil {
		return nil, err
	}
	all, next, err := page(all, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeInstancesOutput{Reservations: []types.Reservation{}, NextToken: next}
	at := map[string]int{}
	for _, s := range all {
		i, ok := at[s.x.reservation]
		if !ok {
			i = len(out.Reservations)
			at[s.x.reservation] = i
			out.Reservations = append(out.Reservations, types.Reservation{ReservationId: aws.String(s.x.reservation),
				OwnerId: aws.String(q.account()), Groups: []types.GroupIdentifier{}})
		}
		out.Reservations[i].Instances = append(out.Reservations[i].Instances, s.view)
	}
	return out, nil
}

// status gives the two status checks of a machine: what AWS finds from
// outside, and what the system says.
func (x *instance) status(q *call) types.InstanceStatusSummary {
	if x.state(q.now) != types.InstanceStateNameRunning {
		return types.InstanceStatusSummary{Status: types.SummaryStatusNotApplicable}
	}
	up := q.now.Sub(x.booted)
	check := types.InstanceStatusDetails{Name: types.StatusNameReachability, Status: types.StatusTypePassed}
	sum := types.InstanceStatusSummary{Status: types.SummaryStatusOk}
	if up < bootTime+checkTime {
		sum.Status, check.Status = types.SummaryStatusInitializing, types.StatusTypeInitializing
	}
	sum.Details = []types.InstanceStatusDetails{check}
	return sum
}

func describeInstanceStatus(q *call, in *ec2.DescribeInstanceStatusInput) (*ec2.DescribeInstanceStatusOutput, error) {
	if in.MaxResults != nil && len(in.InstanceIds) > 0 {
		return nil, fail("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults")
	}
	list := q.listed()
	if len(in.InstanceIds) > 0 {
		named, err := q.named(in.InstanceIds)
		if err != nil {
			return nil, err
		}
		list = named
	}
	var some []*instance
	for _, x := range list {
		if aws.ToBool(in.IncludeAllInstances) || x.state(q.now) == types.InstanceStateNameRunning {
			some = append(some, x)
		}
	}
	check := func(x *instance) []string { return one(string(x.status(q).Status)) }
	reach := func(x *instance) []string {
		if s := x.status(q); len(s.Details) > 0 {
			return one(string(s.Details[0].Status))
		}
		return nil
	}
	none := func(*instance) []string { return nil }
	f := fields[*instance]{
		"availability-zone":            func(x *instance) []string { return one(x.subnet.zone.Name) },
		"availability-zone-id":         func(x *instance) []string { return one(x.subnet.zone.ID) },
		"instance-state-code":          func(x *instance) []string { return one(fmt.Sprint(stateCodes[x.state(q.now)])) },
		"instance-state-name":          func(x *instance) []string { return one(string(x.state(q.now))) },
		"instance-status.status":       check,
		"instance-status.reachability": reach,
		"system-status.status":         check,
		"system-status.reachability":   reach,
		"event.code":                   none,
		"event.description":            none,
		"event.instance-event-id":      none,
		"event.not-after":              none,
		"event.not-before":             none,
		"event.not-before-deadline":    none,
	}
	some, err := filter(q, f, in.Filters, some, func(x *instance) string { return x.id })
	if err != nil {
		return nil, err
	}
	some, next, err := page(some, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeInstanceStatusOutput{InstanceStatuses: []types.InstanceStatus{}, NextToken: next}
	for _, x := range some {
		system, own := x.status(q), x.status(q)
		out.InstanceStatuses = append(out.InstanceStatuses, types.InstanceStatus{
			InstanceId: aws.String(x.id), AvailabilityZone: aws.String(x.subnet.zone.Name), AvailabilityZoneId: aws.String(x.subnet.zone.ID),
			InstanceState: stateView(x.state(q.now)), SystemStatus: &system, InstanceStatus: &own})
	}
	return out, nil
}
