package ec2

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// rule is one rule of a security group: a range of ports of a protocol, and
// one peer. AWS keeps them apart so, and joins them into IpPermissions when
// they are described.
type rule struct {
	id          string
	group       *group
	egress      bool
	protocol    string // tcp, udp, icmp, icmpv6, a number, or -1 for all
	from, to    int32  // ICMP: type and code; -1 with protocol -1
	peer        peer
	description string
}

type peerKind int

const (
	peerIPv4 peerKind = iota
	peerIPv6
	peerPrefixList
	peerGroup
)

// peer is the other side of a rule: a range of addresses or the members of a group.
type peer struct {
	kind  peerKind
	value string // canonical CIDR, prefix list id or group id
}

func (p peer) onlyIf(kind peerKind) []string {
	if p.kind == kind {
		return one(p.value)
	}
	return nil
}

// same reports whether two rules let the same traffic through.
func (r *rule) same(o *rule) bool {
	return r.egress == o.egress && r.protocol == o.protocol && r.from == o.from && r.to == o.to && r.peer == o.peer
}

// String is how AWS names a rule in its errors.
func (r *rule) String() string {
	proto, ports := strings.ToUpper(r.protocol), ""
	switch r.protocol {
	case "-1":
		proto = "ALL"
	case "tcp", "udp":
		ports = fmt.Sprintf(", from port: %d, to port: %d", r.from, r.to)
	case "icmp", "icmpv6":
		ports = fmt.Sprintf(", type: %d, code: %d", r.from, r.to)
	}
	return fmt.Sprintf("peer: %s, %s%s, ALLOW", r.peer.value, proto, ports)
}

// ported reports whether the rule's protocol has ports or ICMP types.
func ported(protocol string) bool {
	switch protocol {
	case "tcp", "udp", "icmp", "icmpv6":
		return true
	}
	return false
}

func (r *rule) port(n int32) *int32 {
	if !ported(r.protocol) {
		return nil
	}
	return aws.Int32(n)
}

func (r *rule) portText(n int32) string {
	if !ported(r.protocol) {
		return ""
	}
	return fmt.Sprint(n)
}

// permissions joins rules of one direction that share protocol and ports.
func (r *region) permissions(rules []*rule, egress bool) []types.IpPermission {
	out := []types.IpPermission{}
	type key struct {
		protocol string
		from, to int32
	}
	at := map[key]int{}
	for _, x := range rules {
		if x.egress != egress {
			continue
		}
		k := key{x.protocol, x.from, x.to}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, types.IpPermission{
				IpProtocol: aws.String(x.protocol), FromPort: x.port(x.from), ToPort: x.port(x.to),
				IpRanges: []types.IpRange{}, Ipv6Ranges: []types.Ipv6Range{},
				PrefixListIds: []types.PrefixListId{}, UserIdGroupPairs: []types.UserIdGroupPair{},
			})
		}
		p := &out[i]
		switch x.peer.kind {
		case peerIPv4:
			p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: aws.String(x.peer.value), Description: str(x.description)})
		case peerIPv6:
			p.Ipv6Ranges = append(p.Ipv6Ranges, types.Ipv6Range{CidrIpv6: aws.String(x.peer.value), Description: str(x.description)})
		case peerPrefixList:
			p.PrefixListIds = append(p.PrefixListIds, types.PrefixListId{PrefixListId: aws.String(x.peer.value), Description: str(x.description)})
		case peerGroup:
			p.UserIdGroupPairs = append(p.UserIdGroupPairs, types.UserIdGroupPair{
				GroupId: aws.String(x.peer.value), UserId: aws.String(r.account()), Description: str(x.description)})
		}
	}
	return out
}

// ruleView is the rule as DescribeSecurityGroupRules shows it.
func (q *call) ruleView(x *rule) types.SecurityGroupRule {
	v := types.SecurityGroupRule{
		SecurityGroupRuleId: aws.String(x.id), GroupId: aws.String(x.group.id), GroupOwnerId: aws.String(q.account()),
		SecurityGroupRuleArn: aws.String(q.arn("security-group-rule/" + x.id)),
		IsEgress:             aws.Bool(x.egress), IpProtocol: aws.String(x.protocol),
		FromPort: aws.Int32(x.from), ToPort: aws.Int32(x.to), Description: str(x.description), Tags: q.tagSet(x.id),
	}
	switch x.peer.kind {
	case peerIPv4:
		v.CidrIpv4 = aws.String(x.peer.value)
	case peerIPv6:
		v.CidrIpv6 = aws.String(x.peer.value)
	case peerPrefixList:
		v.PrefixListId = aws.String(x.peer.value)
	case peerGroup:
		v.ReferencedGroupInfo = &types.ReferencedSecurityGroup{GroupId: aws.String(x.peer.value), UserId: aws.String(q.account()), VpcId: aws.String(q.vpc.id)}
	}
	return v
}

func (r *region) ruleByID(id string) *rule {
	for _, g := range r.groups {
		for _, x := range g.rules {
			if x.id == id {
				return x
			}
		}
	}
	return nil
}

// admits reports whether the security groups let a TCP connection from outside
// through to a port. Who connects does so from loopback and has no address on
// the emulated internet, so that a rule for any address will do. A machine in
// the default group alone is let through to, which on AWS it is not: it names
// no group, and should be usable as it is.
func (x *instance) admits(port int32) bool {
	named := false
	for _, g := range x.groups {
		named = named || g.name != "default"
		for _, r := range g.rules {
			tcp := r.protocol == "-1" || r.protocol == "6" || r.protocol == "tcp" && r.from <= port && port <= r.to
			if !r.egress && tcp && (r.peer.kind == peerIPv4 || r.peer.kind == peerIPv6) {
				return true
			}
		}
	}
	return !named
}
