package ec2

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// flat is a request's rule in the form of the API's first years, when there
// was one a request.
type flat struct {
	protocol, cidr, groupName, groupOwner *string
	from, to                              *int32
}

// permissions gives both forms of a request's rules as one list.
func (f flat) permissions(given []types.IpPermission) ([]types.IpPermission, error) {
	if f == (flat{}) {
		if len(given) == 0 {
			return nil, missing("ipPermissions")
		}
		return given, nil
	}
	if len(given) > 0 {
		return nil, fail("InvalidParameterCombination", "The parameter 'ipPermissions' may not be used in combination with 'ipProtocol'")
	}
	p := types.IpPermission{IpProtocol: f.protocol, FromPort: f.from, ToPort: f.to}
	if f.cidr != nil {
		p.IpRanges = []types.IpRange{{CidrIp: f.cidr}}
	}
	if f.groupName != nil {
		pair := types.UserIdGroupPair{GroupName: f.groupName, UserId: f.groupOwner}
		if f.protocol != nil {
			p.UserIdGroupPairs = []types.UserIdGroupPair{pair}
			return []types.IpPermission{p}, nil
		}
		// A source group alone opens all there was: all of TCP, UDP and ICMP.
		all := func(protocol string, from, to int32) types.IpPermission {
			return types.IpPermission{IpProtocol: &protocol, FromPort: &from, ToPort: &to, UserIdGroupPairs: []types.UserIdGroupPair{pair}}
		}
		return []types.IpPermission{all("tcp", 0, 65535), all("udp", 0, 65535), all("icmp", -1, -1)}, nil
	}
	return []types.IpPermission{p}, nil
}

// rules turns permissions of a request into single rules of g.
func (q *call) rules(g *group, egress bool, perms []types.IpPermission) ([]*rule, error) {
	var out []*rule
	for _, p := range perms {
		protocol, from, to, err := ports(p)
		if err != nil {
			return nil, err
		}
		before := len(out)
		add := func(kind peerKind, value string, description *string) {
			out = append(out, &rule{group: g, egress: egress, protocol: protocol, from: from, to: to,
				peer: peer{kind, value}, description: aws.ToString(description)})
		}
		for _, r := range p.IpRanges {
			cidr, err := canonicalCIDR(aws.ToString(r.CidrIp), false)
			if err != nil {
				return nil, err
			}
			add(peerIPv4, cidr, r.Description)
		}
		for _, r := range p.Ipv6Ranges {
			cidr, err := canonicalCIDR(aws.ToString(r.CidrIpv6), true)
			if err != nil {
				return nil, err
			}
			add(peerIPv6, cidr, r.Description)
		}
		for _, r := range p.PrefixListIds { // no prefix list can be made here
			return nil, notFound("InvalidPrefixListID.NotFound", "prefix list ID", aws.ToString(r.PrefixListId))
		}
		for _, r := range p.UserIdGroupPairs {
			if r.UserId != nil && *r.UserId != q.account() {
				return nil, notFound("InvalidGroup.NotFound", "security group", aws.ToString(r.GroupId)+aws.ToString(r.GroupName))
			}
			peer, err := q.findGroup(r.GroupId, r.GroupName)
			if err != nil {
				return nil, err
			}
			add(peerGroup, peer.id, r.Description)
		}
		if len(out) == before {
			return nil, fail("MissingParameter", "Missing source specification: include source security group or CIDR information")
		}
	}
	return out, nil
}

// canonicalCIDR checks a range and clears its host bits, as AWS stores it.
func canonicalCIDR(text string, six bool) (string, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4() == six || p.Addr().Is4In6() {
		return "", invalid("CIDR block %s is malformed", text)
	}
	return p.Masked().String(), nil
}

var protocolNames = map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}

// ports checks protocol and ports of a permission.
func ports(p types.IpPermission) (protocol string, from, to int32, err error) {
	if p.IpProtocol == nil {
		return "", 0, 0, missing("ipProtocol")
	}
	protocol = strings.ToLower(*p.IpProtocol)
	if name := protocolNames[protocol]; name != "" {
		protocol = name
	}
	if !ported(protocol) {
		if n, err := strconv.Atoi(protocol); err != nil || n < -1 || n > 255 {
			return "", 0, 0, invalid("Invalid value '%s' for IP protocol. Unknown protocol.", *p.IpProtocol)
		}
		return protocol, -1, -1, nil // ports are of no account
	}
	if strings.HasPrefix(protocol, "icmp") {
		from, to = -1, -1
		if p.FromPort != nil {
			from = *p.FromPort
		}
		if p.ToPort != nil {
			to = *p.ToPort
		}
		if from < -1 || from > 255 || to < -1 || to > 255 {
			return "", 0, 0, invalid("ICMP type (%d) or code (%d) out of range", from, to)
		}
		return protocol, from, to, nil
	}
	if p.FromPort == nil || p.ToPort == nil {
		return "", 0, 0, invalid("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
	}
	from, to = *p.FromPort, *p.ToPort
	for _, n := range []int32{from, to} {
		if n < 0 || n > 65535 {
			return "", 0, 0, invalid("Invalid value '%d' for portRange. TCP/UDP port (%d) out of range", n, n)
		}
	}
	if from > to {
		return "", 0, 0, invalid("Invalid TCP/UDP port range (%d:%d)", from, to)
	}
	return protocol, from, to, nil
}
