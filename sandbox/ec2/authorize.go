package ec2

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// maxRules is AWS's usual bound on the rules of a group, a direction.
const maxRules = 60

func authorizeIngress(q *call, in *ec2.AuthorizeSecurityGroupIngressInput) (*ec2.AuthorizeSecurityGroupIngressOutput, error) {
	f := flat{in.IpProtocol, in.CidrIp, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	made, err := q.authorize(false, in.GroupId, in.GroupName, f, in.IpPermissions, in.TagSpecifications, in.DryRun)
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupIngressOutput{Return: aws.Bool(true), SecurityGroupRules: made}, nil
}

func authorizeEgress(q *call, in *ec2.AuthorizeSecurityGroupEgressInput) (*ec2.AuthorizeSecurityGroupEgressOutput, error) {
	f := flat{in.IpProtocol, in.CidrIp, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	made, err := q.authorize(true, in.GroupId, nil, f, in.IpPermissions, in.TagSpecifications, in.DryRun)
	if err != nil {
		return nil, err
	}
	return &ec2.AuthorizeSecurityGroupEgressOutput{Return: aws.Bool(true), SecurityGroupRules: made}, nil
}

// authorize adds all of a request's rules, or none.
func (q *call) authorize(egress bool, id, name *string, f flat, given []types.IpPermission, specs []types.TagSpecification, dryRun *bool) ([]types.SecurityGroupRule, error) {
	if id == nil && name == nil {
		return nil, missing("groupId")
	}
	g, err := q.findGroup(id, name)
	if err != nil {
		return nil, err
	}
	perms, err := f.permissions(given)
	if err != nil {
		return nil, err
	}
	added, err := q.rules(g, egress, perms)
	if err != nil {
		return nil, err
	}
	for i, x := range added {
		if slices.ContainsFunc(g.rules, x.same) {
			return nil, fail("InvalidPermission.Duplicate", "the specified rule %q already exists", x)
		}
		if slices.ContainsFunc(added[:i], x.same) {
			return nil, invalid("The same permission must not appear multiple times")
		}
	}
	count := len(added)
	for _, x := range g.rules {
		if x.egress == egress {
			count++
		}
	}
	if count > maxRules {
		return nil, fail("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
	}
	tags, err := tagsFor(specs, types.ResourceTypeSecurityGroupRule)
	if err != nil {
		return nil, err
	}
	if err := dry(dryRun); err != nil {
		return nil, err
	}
	var out []types.SecurityGroupRule
	for _, x := range added {
		x.id = q.env.ID("sgr")
		q.setTags(x.id, tags[types.ResourceTypeSecurityGroupRule])
		out = append(out, q.ruleView(x))
	}
	g.rules = append(g.rules, added...)
	return out, nil
}

func revokeIngress(q *call, in *ec2.RevokeSecurityGroupIngressInput) (*ec2.RevokeSecurityGroupIngressOutput, error) {
	f := flat{in.IpProtocol, in.CidrIp, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	gone, err := q.revoke(false, in.GroupId, in.GroupName, f, in.IpPermissions, in.SecurityGroupRuleIds, in.DryRun)
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupIngressOutput{Return: aws.Bool(true), RevokedSecurityGroupRules: gone}, nil
}

func revokeEgress(q *call, in *ec2.RevokeSecurityGroupEgressInput) (*ec2.RevokeSecurityGroupEgressOutput, error) {
	f := flat{in.IpProtocol, in.CidrIp, in.SourceSecurityGroupName, in.SourceSecurityGroupOwnerId, in.FromPort, in.ToPort}
	gone, err := q.revoke(true, in.GroupId, nil, f, in.IpPermissions, in.SecurityGroupRuleIds, in.DryRun)
	if err != nil {
		return nil, err
	}
	return &ec2.RevokeSecurityGroupEgressOutput{Return: aws.Bool(true), RevokedSecurityGroupRules: gone}, nil
}

// revoke takes away all of the rules a request names, or none: in the default
// VPC a rule that is not there is an error.
func (q *call) revoke(egress bool, id, name *string, f flat, given []types.IpPermission, ruleIDs []string, dryRun *bool) ([]types.RevokedSecurityGroupRule, error) {
	if id == nil && name == nil {
		return nil, missing("groupId")
	}
	g, err := q.findGroup(id, name)
	if err != nil {
		return nil, err
	}
	var gone []*rule
	for _, id := range ruleIDs {
		i := slices.IndexFunc(g.rules, func(x *rule) bool { return x.id == id && x.egress == egress })
		if i < 0 {
			return nil, notFound("InvalidSecurityGroupRuleId.NotFound", "security group rule ID", id)
		}
		gone = append(gone, g.rules[i])
	}
	if len(ruleIDs) == 0 || len(given) > 0 || f != (flat{}) {
		perms, err := f.permissions(given)
		if err != nil {
			return nil, err
		}
		named, err := q.rules(g, egress, perms)
		if err != nil {
			return nil, err
		}
		for _, x := range named {
			i := slices.IndexFunc(g.rules, x.same)
			if i < 0 {
				return nil, fail("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
			}
			gone = append(gone, g.rules[i])
		}
	}
	if err := dry(dryRun); err != nil {
		return nil, err
	}
	var out []types.RevokedSecurityGroupRule
	for _, x := range gone {
		v := q.ruleView(x)
		r := types.RevokedSecurityGroupRule{SecurityGroupRuleId: v.SecurityGroupRuleId, GroupId: v.GroupId, IsEgress: v.IsEgress,
			IpProtocol: v.IpProtocol, FromPort: v.FromPort, ToPort: v.ToPort, CidrIpv4: v.CidrIpv4, CidrIpv6: v.CidrIpv6, Description: v.Description}
		if v.ReferencedGroupInfo != nil {
			r.ReferencedGroupId = v.ReferencedGroupInfo.GroupId
		}
		out = append(out, r)
		delete(q.tags, x.id)
	}
	g.rules = slices.DeleteFunc(g.rules, func(x *rule) bool { return slices.Contains(gone, x) })
	return out, nil
}

var ruleFields = fields[*rule]{
	"group-id":               func(r *rule) []string { return one(r.group.id) },
	"security-group-rule-id": func(r *rule) []string { return one(r.id) },
}

func describeSecurityGroupRules(q *call, in *ec2.DescribeSecurityGroupRulesInput) (*ec2.DescribeSecurityGroupRulesOutput, error) {
	if gone := absent(in.SecurityGroupRuleIds, func(id string) bool { return q.ruleByID(id) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidSecurityGroupRuleId.NotFound", "security group rule ID", gone...)
	}
	var all []*rule
	for _, g := range q.groups {
		all = append(all, g.rules...)
	}
	id := func(r *rule) string { return r.id }
	slices.SortFunc(all, func(a, b *rule) int { return strings.Compare(a.id, b.id) })
	rules, err := filter(q, ruleFields, in.Filters, selected(all, in.SecurityGroupRuleIds, id), id)
	if err != nil {
		return nil, err
	}
	rules, next, err := page(rules, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeSecurityGroupRulesOutput{SecurityGroupRules: []types.SecurityGroupRule{}, NextToken: next}
	for _, r := range rules {
		out.SecurityGroupRules = append(out.SecurityGroupRules, q.ruleView(r))
	}
	return out, nil
}
