package ec2

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/wire"
)

// AWS's bounds on a launch.
const (
	maxInstances   = 1000 // of a region; AWS's own bound is by vCPU and account
	maxUserData    = 16384
	maxClientToken = 64
)

// launchToken remembers a launch under its client token.
type launchToken struct {
	in          *ec2.RunInstancesInput
	reservation string
}

// launch is a request to run instances, checked and resolved.
type launch struct {
	in           *ec2.RunInstancesInput
	image        *image
	kind         types.InstanceType
	groups       []*group
	subnet       *subnet
	private      *string
	public       bool
	devices      []device
	count        int
	instanceTags []tag
	volumeTags   []tag
	nicTags      []tag
}

func runInstances(q *call, in *ec2.RunInstancesInput) (*ec2.RunInstancesOutput, error) {
	if t := aws.ToString(in.ClientToken); t != "" {
		if utf8.RuneCountInString(t) > maxClientToken {
			return nil, invalid("Client token (%s) is longer than %d characters", t, maxClientToken)
		}
		if before, ok := q.tokens[t]; ok {
			if !reflect.DeepEqual(before.in, in) {
				return nil, fail("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
			}
			return q.launched(before.reservation), nil
		}
	}
	l, err := q.checkLaunch(in)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	reservation := q.env.ID("r")
	for i := range l.count {
		if err := q.start(l, reservation, int32(i)); err != nil {
			return nil, err
		}
	}
	if t := aws.ToString(in.ClientToken); t != "" {
		kept := *in
		q.tokens[t] = launchToken{in: &kept, reservation: reservation}
	}
	return q.launched(reservation), nil
}

func (q *call) launched(reservation string) *ec2.RunInstancesOutput {
	out := &ec2.RunInstancesOutput{ReservationId: aws.String(reservation), OwnerId: aws.String(q.account()),
		Groups: []types.GroupIdentifier{}, Instances: []types.Instance{}}
	for _, x := range q.instances {
		if x.reservation == reservation {
			out.Instances = append(out.Instances, q.view(x))
		}
	}
	return out
}

// checkLaunch resolves what a launch names and refuses what AWS would.
func (q *call) checkLaunch(in *ec2.RunInstancesInput) (*launch, error) {
	l := &launch{in: in, public: true, private: in.PrivateIpAddress}
	steps := []func(*launch) error{q.checkUnbuilt, q.checkImage, q.checkCount, q.checkType, q.checkKey, q.checkNetwork, q.checkDevices, q.checkRest}
	for _, step := range steps {
		if err := step(l); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// checkUnbuilt refuses what would change the launch and is not there.
func (q *call) checkUnbuilt(l *launch) error {
	for what, there := range map[string]bool{
		"a launch template":          l.in.LaunchTemplate != nil,
		"instance market options":    l.in.InstanceMarketOptions != nil,
		"IPv6 addresses":             len(l.in.Ipv6Addresses) > 0 || aws.ToInt32(l.in.Ipv6AddressCount) > 0,
		"license configurations":     len(l.in.LicenseSpecifications) > 0,
		"secondary interfaces":       len(l.in.SecondaryInterfaces) > 0,
		"several network interfaces": len(l.in.NetworkInterfaces) > 1,
	} {
		if there {
			return wire.Errorf("NotImplemented", http.StatusNotImplemented, "RunInstances with %s is not implemented", what)
		}
	}
	return nil
}

func (q *call) checkImage(l *launch) error {
	id := aws.ToString(l.in.ImageId)
	switch {
	case id == "":
		return missing("ImageId")
	case !wellFormed("ami", id):
		return fail("InvalidAMIID.Malformed", "Invalid id: %q (expecting %q)", id, "ami-...")
	}
	if l.image = q.image(id); l.image == nil {
		return noImage(id)
	}
	if l.image.state(q.now) != types.ImageStateAvailable {
		return fail("InvalidAMIID.Unavailable", "The image id '[%s]' is not yet available", id)
	}
	for _, w := range []struct {
		id           *string
		prefix, what string
	}{{l.in.KernelId, "aki", "kernel"}, {l.in.RamdiskId, "ari", "ramdisk"}} {
		if w.id != nil && *w.id != "" && !wellFormed(w.prefix, *w.id) {
			return fail("InvalidAMIID.Malformed", "Invalid %s id: %q (expecting %q)", w.what, *w.id, w.prefix+"-...")
		}
	}
	return nil
}

func (q *call) checkCount(l *launch) error {
	low, high := l.in.MinCount, l.in.MaxCount
	switch {
	case low == nil:
		return missing("MinCount")
	case high == nil:
		return missing("MaxCount")
	case *low < 1:
		return invalid("Value (%d) for parameter minCount is invalid. Expected a positive integer.", *low)
	case *high < *low:
		return invalid("Value (%d) for parameter maxCount is invalid. Must be greater than or equal to minCount (%d).", *high, *low)
	}
	running := 0
	for _, x := range q.instances {
		if x.goal != types.InstanceStateNameTerminated {
			running++
		}
	}
	room := maxInstances - running
	if int(*low) > room {
		return fail("InstanceLimitExceeded", "Your quota allows for %d more running instance(s). You requested at least %d", max(room, 0), *low)
	}
	l.count = min(int(*high), room)
	return nil
}

// gravitons are the families of arm64 machines: a g behind the generation.
var gravitons = regexp.MustCompile(`^(a1|[a-z]+[0-9]+[a-z]*g[a-z]*)\.`)

func (q *call) checkType(l *launch) error {
	if l.kind = l.in.InstanceType; l.kind == "" {
		l.kind = types.InstanceTypeM1Small
	}
	if !slices.Contains(l.kind.Values(), l.kind) {
		return invalid("Invalid value '%s' for InstanceType.", l.kind)
	}
	return archFits(l.kind, l.image)
}

func archFits(kind types.InstanceType, m *image) error {
	arch := "x86_64"
	if gravitons.MatchString(string(kind)) {
		arch = "arm64"
	}
	if (arch == "arm64") != (m.arch == types.ArchitectureValuesArm64) {
		return invalid("The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.", arch, m.arch)
	}
	return nil
}

func (q *call) checkKey(l *launch) error {
	if name := aws.ToString(l.in.KeyName); name != "" && q.key(name) == nil {
		return notFound("InvalidKeyPair.NotFound", "key pair", name)
	}
	return nil
}

// checkNetwork resolves zone, subnet, groups and address, given in the
// request itself or on its one network interface.
func (q *call) checkNetwork(l *launch) error {
	subnetID, groupIDs := l.in.SubnetId, l.in.SecurityGroupIds
	if len(l.in.NetworkInterfaces) == 1 {
		nic := l.in.NetworkInterfaces[0]
		switch {
		case subnetID != nil || len(groupIDs)+len(l.in.SecurityGroups) > 0:
			return fail("InvalidParameterCombination", "Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request")
		case nic.NetworkInterfaceId != nil:
			return notFound("InvalidNetworkInterfaceID.NotFound", "networkInterface ID", *nic.NetworkInterfaceId)
		}
		subnetID, groupIDs, l.private = nic.SubnetId, nic.Groups, nic.PrivateIpAddress
		if nic.AssociatePublicIpAddress != nil {
			l.public = *nic.AssociatePublicIpAddress
		}
	}
	zone := ""
	if p := l.in.Placement; p != nil {
		zone = aws.ToString(p.AvailabilityZone)
	}
	switch {
	case subnetID != nil:
		if l.subnet = q.subnet(*subnetID); l.subnet == nil {
			return notFound("InvalidSubnetID.NotFound", "subnet ID", *subnetID)
		}
		if zone != "" && zone != l.subnet.zone.Name {
			return invalid("The availability zone '%s' does not match that of the subnet, '%s'", zone, l.subnet.zone.Name)
		}
	case zone != "":
		i := slices.IndexFunc(q.subnets, func(s *subnet) bool { return s.zone.Name == zone })
		if i < 0 {
			return invalid("Invalid availability zone: [%s]", zone)
		}
		l.subnet = q.subnets[i]
	default:
		l.subnet = q.subnets[0]
	}
	if l.subnet.free() < l.count {
		return fail("InsufficientFreeAddressesInSubnet", "There are not enough free addresses in subnet '%s' to satisfy the requested number of instances.", l.subnet.id)
	}
	if l.private != nil && l.count > 1 {
		return fail("InvalidParameterCombination", "You may not specify a private IP address when launching more than one instance")
	}
	for i := range groupIDs {
		g, err := q.findGroup(&groupIDs[i], nil)
		if err != nil {
			return err
		}
		l.addGroup(g)
	}
	for i := range l.in.SecurityGroups {
		g, err := q.findGroup(nil, &l.in.SecurityGroups[i])
		if err != nil {
			return err
		}
		l.addGroup(g)
	}
	if len(l.groups) == 0 {
		l.groups = []*group{q.groupByName("default")}
	}
	return nil
}

func (l *launch) addGroup(g *group) {
	if !slices.Contains(l.groups, g) {
		l.groups = append(l.groups, g)
	}
}

func (q *call) checkRest(l *launch) error {
	if u := aws.ToString(l.in.UserData); u != "" {
		raw, err := base64.StdEncoding.DecodeString(u)
		if err != nil {
			return fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
		}
		if len(raw) > maxUserData {
			return invalid("User data is limited to %d bytes", maxUserData)
		}
	}
	if b := l.in.InstanceInitiatedShutdownBehavior; b != "" && !slices.Contains(b.Values(), b) {
		return invalid("Value (%s) for parameter InstanceInitiatedShutdownBehavior is invalid.", b)
	}
	if p := l.in.Placement; p != nil && p.Tenancy != "" && !slices.Contains(p.Tenancy.Values(), p.Tenancy) {
		return invalid("Value (%s) for parameter tenancy is invalid.", p.Tenancy)
	}
	if p := l.in.IamInstanceProfile; p != nil && p.Arn != nil && !strings.HasPrefix(*p.Arn, "arn:aws:iam::") {
		return invalid("Value (%s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", *p.Arn)
	}
	tags, err := tagsFor(l.in.TagSpecifications, types.ResourceTypeInstance, types.ResourceTypeVolume, types.ResourceTypeNetworkInterface)
	if err != nil {
		return err
	}
	l.instanceTags, l.volumeTags, l.nicTags = tags[types.ResourceTypeInstance], tags[types.ResourceTypeVolume], tags[types.ResourceTypeNetworkInterface]
	return nil
}

// start adds one machine of a checked launch.
func (q *call) start(l *launch, reservation string, index int32) error {
	var private netip.Addr
	if l.private != nil {
		a, err := l.subnet.claim(*l.private)
		if err != nil {
			return err
		}
		private = a
	} else {
		a, ok := l.subnet.take()
		if !ok {
			return fmt.Errorf("no address left in %s", l.subnet.id) // checkNetwork counted them
		}
		private = a
	}
	in := l.in
	h := q.env.Hex(10)
	x := &instance{
		id: q.env.ID("i"), reservation: reservation, token: aws.ToString(in.ClientToken), index: index,
		image: l.image, kind: l.kind, kernel: l.image.kernel, ramdisk: aws.ToString(in.RamdiskId), key: aws.ToString(in.KeyName),
		groups: l.groups, subnet: l.subnet, private: private, wantsPublic: l.public,
		mac: fmt.Sprintf("0e:%s:%s:%s:%s:%s", h[:2], h[2:4], h[4:6], h[6:8], h[8:]), nic: q.env.ID("eni"), nicAttach: q.env.ID("eni-attach"),
		tenancy: types.TenancyDefault, ebsOptimized: aws.ToBool(in.EbsOptimized),
		metadata: metadataOptions(in.MetadataOptions), userData: aws.ToString(in.UserData), sourceDest: true,
		protectStop: aws.ToBool(in.DisableApiStop), protectTermination: aws.ToBool(in.DisableApiTermination),
		onShutdown: types.ShutdownBehaviorStop, created: q.now,
	}
	if k := q.key(x.key); k != nil {
		x.publicKey = k.public
	}
	if k := aws.ToString(in.KernelId); k != "" {
		x.kernel = k
	}
	if in.InstanceInitiatedShutdownBehavior != "" {
		x.onShutdown = in.InstanceInitiatedShutdownBehavior
	}
	if p := in.Placement; p != nil {
		if p.Tenancy != "" {
			x.tenancy = p.Tenancy
		}
		x.placementGroup = aws.ToString(p.GroupName)
	}
	if p := in.IamInstanceProfile; p != nil {
		if x.profile = aws.ToString(p.Arn); x.profile == "" {
			x.profile = "arn:aws:iam::" + q.account() + ":instance-profile/" + aws.ToString(p.Name)
		}
		x.profileID = q.env.UpperID("AIPA", 21)
	}
	if in.HibernationOptions != nil {
		x.hibernation = aws.ToBool(in.HibernationOptions.Configured)
	}
	if in.Monitoring != nil && aws.ToBool(in.Monitoring.Enabled) {
		x.monitored, x.monitorSince = true, q.now
	}
	q.instances = append(q.instances, x)
	q.byID[x.id] = x
	q.powerOn(x)
	for _, d := range l.devices {
		v := q.makeVolume(x, d)
		q.setTags(v.id, l.volumeTags)
	}
	q.setTags(x.id, l.instanceTags)
	return nil
}

// powerOn starts a machine, for the first time or again.
func (q *call) powerOn(x *instance) {
	x.aim(types.InstanceStateNameRunning, q.now, stateReason{})
	x.launched, x.booted = q.now, q.now
	x.boots++
	if x.wantsPublic {
		x.public = q.cloud.newPublicIP()
	}
}

func metadataOptions(in *types.InstanceMetadataOptionsRequest) types.InstanceMetadataOptionsResponse {
	out := types.InstanceMetadataOptionsResponse{
		HttpEndpoint: types.InstanceMetadataEndpointStateEnabled, HttpProtocolIpv6: types.InstanceMetadataProtocolStateDisabled,
		HttpPutResponseHopLimit: aws.Int32(1), HttpTokens: types.HttpTokensStateOptional,
		InstanceMetadataTags: types.InstanceMetadataTagsStateDisabled, State: types.InstanceMetadataOptionsStateApplied,
	}
	if in == nil {
		return out
	}
	if in.HttpEndpoint != "" {
		out.HttpEndpoint = in.HttpEndpoint
	}
	if in.HttpProtocolIpv6 != "" {
		out.HttpProtocolIpv6 = in.HttpProtocolIpv6
	}
	if in.HttpPutResponseHopLimit != nil {
		out.HttpPutResponseHopLimit = in.HttpPutResponseHopLimit
	}
	if in.HttpTokens != "" {
		out.HttpTokens = in.HttpTokens
	}
	if in.InstanceMetadataTags != "" {
		out.InstanceMetadataTags = in.InstanceMetadataTags
	}
	return out
}
