package ec2

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// SecurityGroup is a set of rules for who may reach an instance
// (boto: SecurityGroup).
type SecurityGroup struct {
	ID          string
	Name        string
	Description string
	OwnerID     string
	VPCID       string
	Rules       []*IPPermissions // for what comes in
	RulesEgress []*IPPermissions // for what goes out
	Tags        map[string]string
	Region      *RegionInfo
	Connection  *Connection
	Raw         types.SecurityGroup
}

// String prints the group as boto does.
func (g *SecurityGroup) String() string { return "SecurityGroup:" + g.Name }

// IPPermissions is one rule: a protocol, ports and who is granted
// (boto: IPPermissions).
type IPPermissions struct {
	IPProtocol string // "tcp", "udp", "icmp", "-1" for all
	FromPort   int
	ToPort     int
	Grants     []*GroupOrCIDR
	Raw        types.IpPermission
}

// String prints the rule as boto does.
func (p *IPPermissions) String() string {
	return fmt.Sprintf("IPPermissions:%s(%d-%d)", p.IPProtocol, p.FromPort, p.ToPort)
}

// GroupOrCIDR is who a rule grants: addresses or another group
// (boto: GroupOrCIDR).
type GroupOrCIDR struct {
	CIDRIP  string
	GroupID string
	Name    string
	OwnerID string
}

// String prints the addresses, or the group's name and owner, as boto does.
func (g *GroupOrCIDR) String() string {
	switch {
	case g.CIDRIP != "":
		return g.CIDRIP
	case g.Name != "":
		return g.Name + "-" + g.OwnerID
	}
	return g.GroupID + "-" + g.OwnerID
}

func (c *Connection) securityGroup(raw types.SecurityGroup) *SecurityGroup {
	return &SecurityGroup{
		ID: aws.ToString(raw.GroupId), Name: aws.ToString(raw.GroupName), Description: aws.ToString(raw.Description),
		OwnerID: aws.ToString(raw.OwnerId), VPCID: aws.ToString(raw.VpcId),
		Rules: permissions(raw.IpPermissions), RulesEgress: permissions(raw.IpPermissionsEgress),
		Tags: tagMap(raw.Tags), Region: c.Region, Connection: c, Raw: raw,
	}
}

func permissions(raw []types.IpPermission) (list []*IPPermissions) {
	for _, r := range raw {
		p := &IPPermissions{
			IPProtocol: aws.ToString(r.IpProtocol), FromPort: int(aws.ToInt32(r.FromPort)), ToPort: int(aws.ToInt32(r.ToPort)), Raw: r,
		}
		for _, g := range r.UserIdGroupPairs {
			p.Grants = append(p.Grants, &GroupOrCIDR{GroupID: aws.ToString(g.GroupId), Name: aws.ToString(g.GroupName), OwnerID: aws.ToString(g.UserId)})
		}
		for _, a := range r.IpRanges {
			p.Grants = append(p.Grants, &GroupOrCIDR{CIDRIP: aws.ToString(a.CidrIp)})
		}
		for _, a := range r.Ipv6Ranges {
			p.Grants = append(p.Grants, &GroupOrCIDR{CIDRIP: aws.ToString(a.CidrIpv6)})
		}
		list = append(list, p)
	}
	return list
}

// GetAllSecurityGroups lists security groups: DescribeSecurityGroups, all
// pages (boto: get_all_security_groups). Options: GroupNames, GroupIDs,
// Filters, Filter, DryRun. Code InvalidGroup.NotFound tells that one is
// unknown.
//
// Example: ec2.GetAllSecurityGroups()
func (c *Connection) GetAllSecurityGroups(opts ...GetAllSecurityGroupsOption) ([]*SecurityGroup, error) {
	in := &sdk.DescribeSecurityGroupsInput{}
	for _, o := range opts {
		if err := o.getAllSecurityGroups(in); err != nil {
			return nil, fmt.Errorf("get all security groups: %w", err)
		}
	}
	var list []*SecurityGroup
	for p := sdk.NewDescribeSecurityGroupsPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all security groups: %w", err)
		}
		for _, raw := range page.SecurityGroups {
			list = append(list, c.securityGroup(raw))
		}
	}
	return list, nil
}

// CreateSecurityGroup makes a group without rules, in the default VPC unless
// vpcID names another: CreateSecurityGroup (boto: create_security_group).
// Code InvalidGroup.Duplicate tells that the name is taken.
//
// Example: group := ec2.CreateSecurityGroup("mail", "mail servers")
func (c *Connection) CreateSecurityGroup(name, description string, vpcID ...string) (*SecurityGroup, error) {
	out, err := c.Client.CreateSecurityGroup(c.ctx(), &sdk.CreateSecurityGroupInput{
		GroupName: aws.String(name), Description: aws.String(description), VpcId: optional(strings.Join(vpcID, "")),
	})
	if err != nil {
		return nil, fmt.Errorf("create security group %q: %w", name, err)
	}
	return c.securityGroup(types.SecurityGroup{
		GroupId: out.GroupId, GroupName: aws.String(name), Description: aws.String(description),
		VpcId: optional(strings.Join(vpcID, "")), Tags: out.Tags,
	}), nil
}

// DeleteSecurityGroup removes a group by its name or id: DeleteSecurityGroup
// (boto: delete_security_group). Code DependencyViolation: it is in use.
//
// Example: ec2.DeleteSecurityGroup("web")
func (c *Connection) DeleteSecurityGroup(name string) (bool, error) {
	in := &sdk.DeleteSecurityGroupInput{}
	in.GroupName, in.GroupId = nameOrID(name)
	if _, err := c.Client.DeleteSecurityGroup(c.ctx(), in); err != nil {
		return false, fmt.Errorf("delete security group %q: %w", name, err)
	}
	return true, nil
}

// nameOrID tells a group's id from a name: a name may not begin as an id does.
func nameOrID(s string) (name, id *string) {
	if strings.HasPrefix(s, "sg-") {
		return nil, &s
	}
	return &s, nil
}

// RuleOption is an argument of the calls that authorize or revoke a rule.
type RuleOption interface {
	rule(*types.IpPermission) error
}

type srcGroup struct{ group *SecurityGroup }

func (o srcGroup) rule(p *types.IpPermission) error {
	if o.group == nil {
		return fmt.Errorf("source group is nil")
	}
	pair := types.UserIdGroupPair{UserId: optional(o.group.OwnerID)}
	if o.group.ID != "" {
		pair.GroupId = aws.String(o.group.ID)
	} else {
		pair.GroupName = aws.String(o.group.Name)
	}
	p.UserIdGroupPairs = append(p.UserIdGroupPairs, pair)
	return nil
}

// SrcGroup grants the instances of another group (boto: src_group).
//
// Example: group.Authorize("tcp", 3306, 3306, "", SrcGroup(group))
func SrcGroup(group *SecurityGroup) RuleOption { return srcGroup{group} }

// permission builds a rule. A group alone, as boto's tutorial gives it, means
// every port.
func permission(protocol string, from, to int, cidr string, opts []RuleOption) (types.IpPermission, error) {
	p := types.IpPermission{}
	for _, o := range opts {
		if err := o.rule(&p); err != nil {
			return p, err
		}
	}
	if protocol == "" {
		protocol = "-1"
	}
	p.IpProtocol = aws.String(protocol)
	if protocol != "-1" {
		p.FromPort, p.ToPort = aws.Int32(int32(from)), aws.Int32(int32(to))
	}
	switch {
	case strings.Contains(cidr, ":"):
		p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: aws.String(cidr)}}
	case cidr != "":
		p.IpRanges = []types.IpRange{{CidrIp: aws.String(cidr)}}
	case len(p.UserIdGroupPairs) == 0:
		return p, fmt.Errorf("a rule needs addresses (cidrIP) or SrcGroup")
	}
	return p, nil
}

// AuthorizeSecurityGroup lets something in, to the group of a name or id:
// AuthorizeSecurityGroupIngress (boto: authorize_security_group). cidrIP is as
// "0.0.0.0/0"; option SrcGroup grants a group instead. Code
// InvalidPermission.Duplicate tells that the rule is there already.
//
// Example: ec2.AuthorizeSecurityGroup("web", "tcp", 80, 80, "0.0.0.0/0")
func (c *Connection) AuthorizeSecurityGroup(groupName, ipProtocol string, fromPort, toPort int, cidrIP string, opts ...RuleOption) (bool, error) {
	p, err := permission(ipProtocol, fromPort, toPort, cidrIP, opts)
	if err != nil {
		return false, fmt.Errorf("authorize in group %q: %w", groupName, err)
	}
	in := &sdk.AuthorizeSecurityGroupIngressInput{IpPermissions: []types.IpPermission{p}}
	in.GroupName, in.GroupId = nameOrID(groupName)
	if _, err := c.Client.AuthorizeSecurityGroupIngress(c.ctx(), in); err != nil {
		return false, fmt.Errorf("authorize in group %q: %w", groupName, err)
	}
	return true, nil
}

// RevokeSecurityGroup takes a rule away: RevokeSecurityGroupIngress
// (boto: revoke_security_group). Code InvalidPermission.NotFound tells that
// there is none such.
//
// Example: ec2.RevokeSecurityGroup("web", "tcp", 22, 22, "0.0.0.0/0")
func (c *Connection) RevokeSecurityGroup(groupName, ipProtocol string, fromPort, toPort int, cidrIP string, opts ...RuleOption) (bool, error) {
	p, err := permission(ipProtocol, fromPort, toPort, cidrIP, opts)
	if err != nil {
		return false, fmt.Errorf("revoke in group %q: %w", groupName, err)
	}
	in := &sdk.RevokeSecurityGroupIngressInput{IpPermissions: []types.IpPermission{p}}
	in.GroupName, in.GroupId = nameOrID(groupName)
	if _, err := c.Client.RevokeSecurityGroupIngress(c.ctx(), in); err != nil {
		return false, fmt.Errorf("revoke in group %q: %w", groupName, err)
	}
	return true, nil
}

func (g *SecurityGroup) key() string {
	if g.ID != "" {
		return g.ID
	}
	return g.Name
}

// Authorize lets something in: AuthorizeSecurityGroupIngress
// (boto: authorize). Ports are 0 to 65535, -1 for any ICMP type. Code
// InvalidPermission.Duplicate tells that the rule is there already.
//
// Example: group.Authorize("tcp", 80, 80, "0.0.0.0/0")
func (g *SecurityGroup) Authorize(ipProtocol string, fromPort, toPort int, cidrIP string, opts ...RuleOption) (bool, error) {
	ok, err := g.Connection.AuthorizeSecurityGroup(g.key(), ipProtocol, fromPort, toPort, cidrIP, opts...)
	if err == nil {
		p, _ := permission(ipProtocol, fromPort, toPort, cidrIP, opts)
		g.Rules = append(g.Rules, permissions([]types.IpPermission{p})...)
	}
	return ok, err
}

// Revoke takes a rule away: RevokeSecurityGroupIngress (boto: revoke).
//
// Example: group.Revoke("tcp", 22, 22, "0.0.0.0/0")
func (g *SecurityGroup) Revoke(ipProtocol string, fromPort, toPort int, cidrIP string, opts ...RuleOption) (bool, error) {
	ok, err := g.Connection.RevokeSecurityGroup(g.key(), ipProtocol, fromPort, toPort, cidrIP, opts...)
	if err != nil {
		return ok, err
	}
	list, err := g.Connection.GetAllSecurityGroups(GroupIDs(g.ID))
	if err != nil || len(list) != 1 {
		return ok, err
	}
	g.Rules, g.RulesEgress = list[0].Rules, list[0].RulesEgress
	return ok, nil
}

// Delete removes the group: DeleteSecurityGroup (boto: delete).
//
// Example: group.Delete()
func (g *SecurityGroup) Delete() (bool, error) { return g.Connection.DeleteSecurityGroup(g.key()) }

// AddTag sets a tag: CreateTags (boto: add_tag).
//
// Example: group.AddTag("Stage", "test")
func (g *SecurityGroup) AddTag(key string, value ...string) error {
	return g.Connection.addTag(g.ID, &g.Tags, key, value)
}

// RemoveTag takes a tag away: DeleteTags (boto: remove_tag).
//
// Example: group.RemoveTag("Stage")
func (g *SecurityGroup) RemoveTag(key string, value ...string) error {
	return g.Connection.removeTag(g.ID, g.Tags, key, value)
}

// Instances lists the instances in the group: DescribeInstances
// (boto: instances).
//
// Example: group.Instances()
func (g *SecurityGroup) Instances() ([]*Instance, error) {
	return g.Connection.GetOnlyInstances(Filter("instance.group-id", g.ID))
}
