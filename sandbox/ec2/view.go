package ec2

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// view is the machine as DescribeInstances shows it at the call's time.
func (q *call) view(x *instance) types.Instance {
	now := q.now
	state := x.state(now)
	v := types.Instance{
		InstanceId: aws.String(x.id), ImageId: aws.String(x.image.id), InstanceType: x.kind, State: stateView(state),
		AmiLaunchIndex: aws.Int32(x.index), Architecture: x.image.arch, ClientToken: aws.String(x.token),
		LaunchTime: aws.Time(x.launched), KernelId: str(x.kernel), RamdiskId: str(x.ramdisk), KeyName: str(x.key),
		Placement:  &types.Placement{AvailabilityZone: aws.String(x.subnet.zone.Name), AvailabilityZoneId: aws.String(x.subnet.zone.ID), GroupName: aws.String(x.placementGroup), Tenancy: x.tenancy},
		Monitoring: &types.Monitoring{State: x.monitoring(now)},
		Hypervisor: types.HypervisorTypeXen, VirtualizationType: x.image.virtualization,
		RootDeviceName: aws.String(x.image.root), RootDeviceType: types.DeviceTypeEbs, EbsOptimized: aws.Bool(x.ebsOptimized),
		EnaSupport:      aws.Bool(x.image.virtualization == types.VirtualizationTypeHvm),
		PlatformDetails: aws.String("Linux/UNIX"), UsageOperation: aws.String("RunInstances"), UsageOperationUpdateTime: aws.Time(x.created),
		EnclaveOptions: &types.EnclaveOptions{Enabled: aws.Bool(false)}, HibernationOptions: &types.HibernationOptions{Configured: aws.Bool(x.hibernation)},
		MetadataOptions: &x.metadata, ProductCodes: []types.ProductCode{}, Tags: q.tagSet(x.id),
		StateTransitionReason: aws.String(x.reason.transition),
		PrivateDnsName:        aws.String(""), PublicDnsName: aws.String(""),
		BlockDeviceMappings: []types.InstanceBlockDeviceMapping{}, SecurityGroups: []types.GroupIdentifier{}, NetworkInterfaces: []types.InstanceNetworkInterface{},
	}
	if x.reason.code != "" {
		v.StateReason = &types.StateReason{Code: aws.String(x.reason.code), Message: aws.String(x.reason.message)}
	}
	if x.profile != "" {
		v.IamInstanceProfile = &types.IamInstanceProfile{Arn: aws.String(x.profile), Id: aws.String(x.profileID)}
	}
	if state == types.InstanceStateNameTerminated { // its place in the network is another's already
		return v
	}
	v.VpcId, v.SubnetId = aws.String(q.vpc.id), aws.String(x.subnet.id)
	v.PrivateIpAddress, v.PrivateDnsName = aws.String(x.private.String()), aws.String(q.privateDNS(x.private))
	v.SourceDestCheck = aws.Bool(x.sourceDest)
	// The public name is the address itself: no name server knows the
	// emulated machines, and a name that leads nowhere would help nobody.
	if ip := q.publicIP(x); ip != "" {
		v.PublicIpAddress, v.PublicDnsName = aws.String(ip), aws.String(ip)
		q.openSSH(x, ip)
	}
	v.SecurityGroups = groupViews(x.groups)
	v.NetworkInterfaces = append(v.NetworkInterfaces, q.nicView(x, v.PublicIpAddress))
	v.BlockDeviceMappings = q.mappings(x)
	return v
}

func groupViews(groups []*group) []types.GroupIdentifier {
	out := []types.GroupIdentifier{}
	for _, g := range groups {
		out = append(out, types.GroupIdentifier{GroupId: aws.String(g.id), GroupName: aws.String(g.name)})
	}
	return out
}

func (q *call) nicView(x *instance, public *string) types.InstanceNetworkInterface {
	n := types.InstanceNetworkInterface{
		NetworkInterfaceId: aws.String(x.nic), InterfaceType: aws.String("interface"), MacAddress: aws.String(x.mac),
		OwnerId: aws.String(q.account()), PrivateIpAddress: aws.String(x.private.String()), PrivateDnsName: aws.String(q.privateDNS(x.private)),
		SourceDestCheck: aws.Bool(x.sourceDest), Status: types.NetworkInterfaceStatusInUse, Description: aws.String(""),
		SubnetId: aws.String(x.subnet.id), VpcId: aws.String(q.vpc.id), Groups: groupViews(x.groups), Ipv6Addresses: []types.InstanceIpv6Address{},
		Attachment: &types.InstanceNetworkInterfaceAttachment{AttachmentId: aws.String(x.nicAttach), AttachTime: aws.Time(x.created),
			DeleteOnTermination: aws.Bool(true), DeviceIndex: aws.Int32(0), NetworkCardIndex: aws.Int32(0), Status: types.AttachmentStatusAttached},
	}
	ip := types.InstancePrivateIpAddress{Primary: aws.Bool(true), PrivateIpAddress: n.PrivateIpAddress, PrivateDnsName: n.PrivateDnsName}
	if public != nil {
		owner := "amazon"
		if a := q.addressByIP(*public); a != nil {
			owner = q.account()
		}
		n.Association = &types.InstanceNetworkInterfaceAssociation{IpOwnerId: aws.String(owner), PublicIp: public, PublicDnsName: public}
		ip.Association = n.Association
	}
	n.PrivateIpAddresses = []types.InstancePrivateIpAddress{ip}
	return n
}

// mappings lists the machine's volumes.
func (q *call) mappings(x *instance) []types.InstanceBlockDeviceMapping {
	out := []types.InstanceBlockDeviceMapping{}
	for _, v := range q.volumesOf(x) {
		a := v.attached
		out = append(out, types.InstanceBlockDeviceMapping{DeviceName: aws.String(a.device), Ebs: &types.EbsInstanceBlockDevice{
			VolumeId: aws.String(v.id), AttachTime: aws.Time(a.since), DeleteOnTermination: aws.Bool(!a.keep),
			Status: types.AttachmentStatus(a.state(q.now))}})
	}
	return out
}
