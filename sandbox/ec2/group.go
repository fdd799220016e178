package ec2

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// group is one security group of the default VPC.
type group struct {
	id, name, description string
	rules                 []*rule // in the order they were authorized
}

// defaultGroup is the group of instances that name none: members may talk to
// each other, and out.
func (r *region) defaultGroup() *group {
	g := &group{id: r.env.ID("sg"), name: "default", description: "default VPC security group"}
	inside := &rule{id: r.env.ID("sgr"), group: g, protocol: "-1", from: -1, to: -1, peer: peer{kind: peerGroup, value: g.id}}
	g.rules = []*rule{inside, r.anywhere(g)}
	return g
}

// anywhere is the rule that lets a new group's members talk out.
func (r *region) anywhere(g *group) *rule {
	return &rule{id: r.env.ID("sgr"), group: g, egress: true, protocol: "-1", from: -1, to: -1, peer: peer{kind: peerIPv4, value: "0.0.0.0/0"}}
}

var groupText = regexp.MustCompile(`^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*$`)

const maxGroupText = 255

func createSecurityGroup(q *call, in *ec2.CreateSecurityGroupInput) (*ec2.CreateSecurityGroupOutput, error) {
	name, text := aws.ToString(in.GroupName), aws.ToString(in.Description)
	switch {
	case name == "":
		return nil, missing("GroupName")
	case text == "":
		return nil, missing("GroupDescription")
	case in.VpcId != nil && !wellFormed("vpc", *in.VpcId):
		return nil, fail("InvalidVpcID.Malformed", "Invalid id: %q (expecting %q)", *in.VpcId, "vpc-...")
	case in.VpcId != nil && *in.VpcId != q.vpc.id:
		return nil, notFound("InvalidVpcID.NotFound", "vpc ID", *in.VpcId)
	case strings.HasPrefix(strings.ToLower(name), "sg-"):
		return nil, invalid("Invalid group name. Group names may not be in the format sg-*")
	case strings.EqualFold(name, "default"):
		return nil, fail("InvalidGroup.Reserved", "The security group '%s' is reserved", name)
	}
	for _, w := range []struct{ what, text string }{{"GroupName", name}, {"GroupDescription", text}} {
		if !groupText.MatchString(w.text) || utf8.RuneCountInString(w.text) > maxGroupText {
			return nil, invalid("Value (%s) for parameter %s is invalid. Character sets beyond ASCII are not supported.", w.text, w.what)
		}
	}
	if q.groupByName(name) != nil {
		return nil, fail("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, q.vpc.id)
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeSecurityGroup)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	g := &group{id: q.env.ID("sg"), name: name, description: text}
	g.rules = []*rule{q.anywhere(g)}
	q.groups = append(q.groups, g)
	q.setTags(g.id, tags[types.ResourceTypeSecurityGroup])
	return &ec2.CreateSecurityGroupOutput{GroupId: aws.String(g.id), SecurityGroupArn: aws.String(q.arn("security-group/" + g.id)), Tags: q.tagSet(g.id)}, nil
}

func (r *region) groupByID(id string) *group {
	for _, g := range r.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

func (r *region) groupByName(name string) *group {
	for _, g := range r.groups {
		if g.name == name {
			return g
		}
	}
	return nil
}

func (r *region) noGroupNamed(name string) error {
	return fail("InvalidGroup.NotFound", "The security group '%s' does not exist in default VPC '%s'", name, r.vpc.id)
}

// findGroup finds the group that a request names by id or by name.
func (q *call) findGroup(id, name *string) (*group, error) {
	switch {
	case id != nil:
		if !wellFormed("sg", *id) {
			return nil, fail("InvalidGroupId.Malformed", "Invalid id: %q (expecting %q)", *id, "sg-...")
		}
		if g := q.groupByID(*id); g != nil {
			return g, nil
		}
		return nil, notFound("InvalidGroup.NotFound", "security group", *id)
	case name != nil:
		if g := q.groupByName(*name); g != nil {
			return g, nil
		}
		return nil, q.noGroupNamed(*name)
	}
	return nil, fail("MissingParameter", "Missing source specification: include source security group or CIDR information")
}

// groupFilters are the filters of DescribeSecurityGroups: those on the group
// itself and, with the head ip-permission. or egress.ip-permission., those on
// its rules.
func (q *call) groupFilters() fields[*group] {
	f := fields[*group]{
		"group-id":    func(g *group) []string { return one(g.id) },
		"group-name":  func(g *group) []string { return one(g.name) },
		"description": func(g *group) []string { return one(g.description) },
		"vpc-id":      func(*group) []string { return one(q.vpc.id) },
		"owner-id":    func(*group) []string { return one(q.account()) },
	}
	onRules := map[string]func(*rule) []string{
		"from-port":      func(r *rule) []string { return one(r.portText(r.from)) },
		"to-port":        func(r *rule) []string { return one(r.portText(r.to)) },
		"protocol":       func(r *rule) []string { return one(r.protocol) },
		"cidr":           func(r *rule) []string { return r.peer.onlyIf(peerIPv4) },
		"ipv6-cidr":      func(r *rule) []string { return r.peer.onlyIf(peerIPv6) },
		"prefix-list-id": func(r *rule) []string { return r.peer.onlyIf(peerPrefixList) },
		"group-id":       func(r *rule) []string { return r.peer.onlyIf(peerGroup) },
		"user-id": func(r *rule) []string {
			if r.peer.kind == peerGroup {
				return one(q.account())
			}
			return nil
		},
		"group-name": func(r *rule) []string {
			if g := q.groupByID(r.peer.value); g != nil && r.peer.kind == peerGroup {
				return one(g.name)
			}
			return nil
		},
	}
	for name, get := range onRules {
		for head, egress := range map[string]bool{"ip-permission.": false, "egress.ip-permission.": true} {
			f[head+name] = func(g *group) []string {
				var out []string
				for _, r := range g.rules {
					if r.egress == egress {
						out = append(out, get(r)...)
					}
				}
				return out
			}
		}
	}
	return f
}

func describeSecurityGroups(q *call, in *ec2.DescribeSecurityGroupsInput) (*ec2.DescribeSecurityGroupsOutput, error) {
	if err := malformed("InvalidGroupId.Malformed", "sg", in.GroupIds); err != nil {
		return nil, err
	}
	if gone := absent(in.GroupIds, func(id string) bool { return q.groupByID(id) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidGroup.NotFound", "security group", gone...)
	}
	if gone := absent(in.GroupNames, func(n string) bool { return q.groupByName(n) != nil }); len(gone) > 0 {
		return nil, q.noGroupNamed(gone[0])
	}
	id := func(g *group) string { return g.id }
	groups := q.groups
	if len(in.GroupIds)+len(in.GroupNames) > 0 { // either of the two lists names it
		groups = nil
		for _, g := range q.groups {
			if slices.Contains(in.GroupIds, g.id) || slices.Contains(in.GroupNames, g.name) {
				groups = append(groups, g)
			}
		}
	}
	groups, err := filter(q, q.groupFilters(), in.Filters, groups, id)
	if err != nil {
		return nil, err
	}
	groups, next, err := page(groups, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []types.SecurityGroup{}, NextToken: next}
	for _, g := range groups {
		out.SecurityGroups = append(out.SecurityGroups, types.SecurityGroup{
			GroupId: aws.String(g.id), GroupName: aws.String(g.name), Description: aws.String(g.description),
			SecurityGroupArn: aws.String(q.arn("security-group/" + g.id)),
			OwnerId:          aws.String(q.account()), VpcId: aws.String(q.vpc.id), Tags: q.tagSet(g.id),
			IpPermissions: q.permissions(g.rules, false), IpPermissionsEgress: q.permissions(g.rules, true),
		})
	}
	return out, nil
}

func deleteSecurityGroup(q *call, in *ec2.DeleteSecurityGroupInput) (*ec2.DeleteSecurityGroupOutput, error) {
	if in.GroupId == nil && in.GroupName == nil {
		return nil, missing("GroupName or GroupId")
	}
	g, err := q.findGroup(in.GroupId, in.GroupName)
	if err != nil {
		return nil, err
	}
	if g.name == "default" {
		return nil, fail("CannotDelete", "the specified group: %q name: %q cannot be deleted by a user", g.id, g.name)
	}
	if q.groupInUse(g) {
		return nil, fail("DependencyViolation", "resource %s has a dependent object", g.id)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	q.groups = slices.DeleteFunc(q.groups, func(x *group) bool { return x == g })
	delete(q.tags, g.id)
	for _, r := range g.rules {
		delete(q.tags, r.id)
	}
	return &ec2.DeleteSecurityGroupOutput{GroupId: aws.String(g.id), Return: aws.Bool(true)}, nil
}

// groupInUse says whether an instance is a member or another group's rule
// refers to g.
func (q *call) groupInUse(g *group) bool {
	for _, x := range q.instances {
		if x.state(q.now) != types.InstanceStateNameTerminated && slices.Contains(x.groups, g) {
			return true
		}
	}
	for _, other := range q.groups {
		for _, r := range other.rules {
			if other != g && r.peer == (peer{kind: peerGroup, value: g.id}) {
				return true
			}
		}
	}
	return false
}
