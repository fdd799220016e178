package ec2

import (
	"fmt"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
)

// vpc is a region's default VPC, the only one there is.
type vpc struct{ id, dhcp string }

const vpcCIDR = "172.31.0.0/16"

// subnet is the default subnet of one zone.
type subnet struct {
	id     string
	zone   core.Zone
	cidr   netip.Prefix
	used   map[netip.Addr]bool
	cursor netip.Addr // where the search for a free address goes on
}

// reserved is how many addresses of a subnet AWS keeps: the first four and the last.
const reserved = 5

// furnish gives a new region what every account finds there.
func (r *region) furnish() {
	r.vpc = vpc{id: r.env.ID("vpc"), dhcp: r.env.ID("dopt")}
	for i, z := range r.AvailabilityZones() {
		cidr := netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 31, byte(i * 16), 0}), 20)
		r.subnets = append(r.subnets, &subnet{id: r.env.ID("subnet"), zone: z, cidr: cidr,
			used: map[netip.Addr]bool{}, cursor: netip.AddrFrom4([4]byte{172, 31, byte(i * 16), 4})})
	}
	r.groups = append(r.groups, r.defaultGroup())
	r.images = catalogue(r.Name)
}

func (s *subnet) size() int { return 1 << (32 - s.cidr.Bits()) }

func (s *subnet) free() int { return s.size() - reserved - len(s.used) }

func (s *subnet) last() netip.Addr {
	b := s.cidr.Addr().As4()
	b[2], b[3] = b[2]|0x0f, 0xff
	return netip.AddrFrom4(b)
}

// take reserves a free address, false when there is none.
func (s *subnet) take() (netip.Addr, bool) {
	if s.free() <= 0 {
		return netip.Addr{}, false
	}
	for {
		a := s.cursor
		if s.cursor = a.Next(); s.cursor == s.last() {
			b := s.cidr.Addr().As4()
			b[3] = 4
			s.cursor = netip.AddrFrom4(b)
		}
		if !s.used[a] {
			s.used[a] = true
			return a, true
		}
	}
}

// claim reserves one certain address.
func (s *subnet) claim(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() {
		return a, invalid("Value (%s) for parameter address is invalid. Invalid IPv4 address.", text)
	}
	b := a.As4()
	switch {
	case !s.cidr.Contains(a):
		return a, invalid("Address %s does not fall within the subnet's address range", text)
	case a == s.last() || b[2]&0x0f == 0 && b[3] < 4:
		return a, invalid("Address %s is in subnet's reserved address range", text)
	case s.used[a]:
		return a, fail("InvalidIPAddress.InUse", "Address %s is in use.", text)
	}
	s.used[a] = true
	return a, nil
}

var vpcFields = fields[vpc]{
	"vpc-id":                       func(v vpc) []string { return one(v.id) },
	"cidr":                         func(vpc) []string { return one(vpcCIDR) },
	"cidr-block-association.state": func(vpc) []string { return one("associated") },
	"dhcp-options-id":              func(v vpc) []string { return one(v.dhcp) },
	"is-default":                   func(vpc) []string { return yesno(true) },
	"isDefault":                    func(vpc) []string { return yesno(true) },
	"state":                        func(vpc) []string { return one("available") },
}

func describeVpcs(q *call, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
	if err := malformed("InvalidVpcID.Malformed", "vpc", in.VpcIds); err != nil {
		return nil, err
	}
	if gone := absent(in.VpcIds, func(id string) bool { return id == q.vpc.id }); len(gone) > 0 {
		return nil, notFound("InvalidVpcID.NotFound", "vpc ID", gone...)
	}
	id := func(v vpc) string { return v.id }
	vpcs, err := filter(q, fieldsWith(vpcFields, "owner-id", func(vpc) []string { return one(q.account()) }), in.Filters, []vpc{q.vpc}, id)
	if err != nil {
		return nil, err
	}
	vpcs, next, err := page(vpcs, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeVpcsOutput{Vpcs: []types.Vpc{}, NextToken: next}
	for _, v := range vpcs {
		out.Vpcs = append(out.Vpcs, types.Vpc{
			VpcId: aws.String(v.id), CidrBlock: aws.String(vpcCIDR), DhcpOptionsId: aws.String(v.dhcp),
			CidrBlockAssociationSet: []types.VpcCidrBlockAssociation{{
				AssociationId: aws.String("vpc-cidr-assoc-" + v.id[4:]), CidrBlock: aws.String(vpcCIDR),
				CidrBlockState: &types.VpcCidrBlockState{State: types.VpcCidrBlockStateCodeAssociated},
			}},
			InstanceTenancy: types.TenancyDefault, IsDefault: aws.Bool(true), OwnerId: aws.String(q.account()),
			State: types.VpcStateAvailable, Tags: q.tagSet(v.id),
		})
	}
	return out, nil
}

// fieldsWith returns f and one more filter, for what only the call knows.
func fieldsWith[T any](f fields[T], name string, get func(T) []string) fields[T] {
	out := make(fields[T], len(f)+1)
	for k, g := range f {
		out[k] = g
	}
	out[name] = get
	return out
}

var subnetFields = fields[*subnet]{
	"subnet-id":                  func(s *subnet) []string { return one(s.id) },
	"availability-zone":          func(s *subnet) []string { return one(s.zone.Name) },
	"availabilityZone":           func(s *subnet) []string { return one(s.zone.Name) },
	"availability-zone-id":       func(s *subnet) []string { return one(s.zone.ID) },
	"availabilityZoneId":         func(s *subnet) []string { return one(s.zone.ID) },
	"cidr-block":                 func(s *subnet) []string { return one(s.cidr.String()) },
	"cidr":                       func(s *subnet) []string { return one(s.cidr.String()) },
	"cidrBlock":                  func(s *subnet) []string { return one(s.cidr.String()) },
	"available-ip-address-count": func(s *subnet) []string { return one(fmt.Sprint(s.free())) },
	"default-for-az":             func(*subnet) []string { return yesno(true) },
	"defaultForAz":               func(*subnet) []string { return yesno(true) },
	"map-public-ip-on-launch":    func(*subnet) []string { return yesno(true) },
	"state":                      func(*subnet) []string { return one("available") },
}

func describeSubnets(q *call, in *ec2.DescribeSubnetsInput) (*ec2.DescribeSubnetsOutput, error) {
	if err := malformed("InvalidSubnetID.Malformed", "subnet", in.SubnetIds); err != nil {
		return nil, err
	}
	if gone := absent(in.SubnetIds, func(id string) bool { return q.subnet(id) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidSubnetID.NotFound", "subnet ID", gone...)
	}
	id := func(s *subnet) string { return s.id }
	f := fieldsWith(subnetFields, "vpc-id", func(*subnet) []string { return one(q.vpc.id) })
	f["owner-id"] = func(*subnet) []string { return one(q.account()) }
	subnets, err := filter(q, f, in.Filters, selected(q.subnets, in.SubnetIds, id), id)
	if err != nil {
		return nil, err
	}
	subnets, next, err := page(subnets, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeSubnetsOutput{Subnets: []types.Subnet{}, NextToken: next}
	for _, s := range subnets {
		out.Subnets = append(out.Subnets, types.Subnet{
			SubnetId: aws.String(s.id), SubnetArn: aws.String(q.arn("subnet/" + s.id)), VpcId: aws.String(q.vpc.id),
			CidrBlock: aws.String(s.cidr.String()), AvailabilityZone: aws.String(s.zone.Name), AvailabilityZoneId: aws.String(s.zone.ID),
			AvailableIpAddressCount: aws.Int32(int32(s.free())), DefaultForAz: aws.Bool(true), MapPublicIpOnLaunch: aws.Bool(true),
			AssignIpv6AddressOnCreation: aws.Bool(false), OwnerId: aws.String(q.account()), State: types.SubnetStateAvailable,
			Tags: q.tagSet(s.id),
		})
	}
	return out, nil
}

func (r *region) subnet(id string) *subnet {
	for _, s := range r.subnets {
		if s.id == id {
			return s
		}
	}
	return nil
}
