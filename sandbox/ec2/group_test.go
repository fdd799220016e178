package ec2

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestSecurityGroupsBeginWithTheDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := do(w, describeSecurityGroups, &ec2.DescribeSecurityGroupsInput{}).SecurityGroups
	if len(got) != 1 || *got[0].GroupName != "default" || *got[0].Description != "default VPC security group" {
		t.Fatalf("groups = %v", got)
	}
	in, out := got[0].IpPermissions, got[0].IpPermissionsEgress
	if len(in) != 1 || *in[0].IpProtocol != "-1" || in[0].FromPort != nil || *in[0].UserIdGroupPairs[0].GroupId != *got[0].GroupId {
		t.Errorf("ingress = %+v", in)
	}
	if len(out) != 1 || *out[0].IpRanges[0].CidrIp != "0.0.0.0/0" {
		t.Errorf("egress = %+v", out)
	}
}

func TestCreateSecurityGroupRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("paws"), Description: aws.String("Cats")})
	for _, tt := range []struct{ name, text, vpc, code, message string }{
		{"", "d", "", "MissingParameter", "GroupName"},
		{"g", "", "", "MissingParameter", "GroupDescription"},
		{"default", "d", "", "InvalidGroup.Reserved", "The security group 'default' is reserved"},
		{"sg-1", "d", "", "InvalidParameterValue", "sg-*"},
		{"g", "日本", "", "InvalidParameterValue", "GroupDescription"},
		{"g", "d", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound", "does not exist"},
		{"g", "d", "x", "InvalidVpcID.Malformed", "vpc-..."},
		{"paws", "d", "", "InvalidGroup.Duplicate", "The security group 'paws' already exists for VPC 'vpc-"},
	} {
		refused(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: str(tt.name), Description: str(tt.text), VpcId: str(tt.vpc)}, tt.code, tt.message)
	}
}

// tcp is the permission of one port to one range.
func tcp(from, to int32, cidr string) []types.IpPermission {
	return []types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: &from, ToPort: &to, IpRanges: []types.IpRange{{CidrIp: &cidr}}}}
}

func TestAuthorizeAndRevoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("paws"), Description: aws.String("Cats")}).GroupId
	name := aws.String("paws")
	auth := func(p []types.IpPermission) *ec2.AuthorizeSecurityGroupIngressInput {
		return &ec2.AuthorizeSecurityGroupIngressInput{GroupName: name, IpPermissions: p}
	}
	made := do(w, authorizeIngress, auth(tcp(22, 22, "0.0.0.0/0"))).SecurityGroupRules
	if len(made) != 1 || *made[0].CidrIpv4 != "0.0.0.0/0" || *made[0].IsEgress {
		t.Errorf("made %+v", made)
	}
	refused(w, authorizeIngress, auth(tcp(22, 22, "0.0.0.0/0")), "InvalidPermission.Duplicate",
		`the specified rule "peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW" already exists`)
	// The form of the first years is the same rule.
	refused(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpProtocol: aws.String("6"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), CidrIp: aws.String("0.0.0.0/0")},
		"InvalidPermission.Duplicate", "TCP")
	do(w, authorizeIngress, auth(tcp(22, 22, "10.1.2.3/8")))
	do(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, SourceSecurityGroupName: aws.String("default")})
	got := do(w, describeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupNames: []string{"paws"}}).SecurityGroups[0]
	if n := len(got.IpPermissions); n != 4 {
		t.Fatalf("%d permissions: %+v", n, got.IpPermissions)
	}
	if p := got.IpPermissions[0]; *p.FromPort != 22 || len(p.IpRanges) != 2 || *p.IpRanges[1].CidrIp != "10.0.0.0/8" {
		t.Errorf("permission = %+v", p)
	}
	if p := got.IpPermissions[3]; *p.IpProtocol != "icmp" || *p.FromPort != -1 || len(p.UserIdGroupPairs) != 1 {
		t.Errorf("permission = %+v", p)
	}
	found := do(w, describeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: filters("ip-permission.cidr", "10.*", "egress.ip-permission.cidr", "0.0.0.0/0")}).SecurityGroups
	if len(found) != 1 {
		t.Errorf("by filter: %d groups", len(found))
	}
	refused(w, revokeIngress, &ec2.RevokeSecurityGroupIngressInput{GroupName: name, IpPermissions: tcp(23, 23, "0.0.0.0/0")}, "InvalidPermission.NotFound", "does not exist in this security group")
	gone := do(w, revokeIngress, &ec2.RevokeSecurityGroupIngressInput{GroupName: name, IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), CidrIp: aws.String("0.0.0.0/0")})
	if len(gone.RevokedSecurityGroupRules) != 1 || *gone.RevokedSecurityGroupRules[0].SecurityGroupRuleId != *made[0].SecurityGroupRuleId {
		t.Errorf("revoked %+v", gone.RevokedSecurityGroupRules)
	}
	do(w, authorizeIngress, auth(tcp(22, 22, "0.0.0.0/0")))
	rules := do(w, describeSecurityGroupRules, &ec2.DescribeSecurityGroupRulesInput{Filters: filters("group-id", *id)}).SecurityGroupRules
	if len(rules) != 6 {
		t.Errorf("%d rules", len(rules))
	}
	var egress []string
	for _, r := range rules {
		if *r.IsEgress {
			egress = append(egress, *r.SecurityGroupRuleId)
		}
	}
	do(w, revokeEgress, &ec2.RevokeSecurityGroupEgressInput{GroupId: id, SecurityGroupRuleIds: egress})
	do(w, authorizeEgress, &ec2.AuthorizeSecurityGroupEgressInput{GroupId: id, IpPermissions: tcp(443, 443, "0.0.0.0/0")})
}

func TestAuthorizeRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("paws"), Description: aws.String("Cats")})
	perm := func(proto string, from, to *int32, cidr string) []types.IpPermission {
		p := types.IpPermission{IpProtocol: str(proto), FromPort: from, ToPort: to}
		if cidr != "" {
			p.IpRanges = []types.IpRange{{CidrIp: &cidr}}
		}
		return []types.IpPermission{p}
	}
	p := aws.Int32
	for i, tt := range []struct {
		perms      []types.IpPermission
		code, text string
	}{
		{nil, "MissingParameter", "ipPermissions"},
		{perm("", p(1), p(2), "0.0.0.0/0"), "MissingParameter", "ipProtocol"},
		{perm("smoke", p(1), p(2), "0.0.0.0/0"), "InvalidParameterValue", "Invalid value 'smoke' for IP protocol. Unknown protocol."},
		{perm("tcp", nil, p(2), "0.0.0.0/0"), "InvalidParameterValue", "Must specify both from and to ports"},
		{perm("tcp", p(1), p(70000), "0.0.0.0/0"), "InvalidParameterValue", "70000"},
		{perm("udp", p(5), p(4), "0.0.0.0/0"), "InvalidParameterValue", "Invalid TCP/UDP port range (5:4)"},
		{perm("icmp", p(300), p(4), "0.0.0.0/0"), "InvalidParameterValue", "ICMP"},
		{perm("tcp", p(1), p(2), ""), "MissingParameter", "Missing source specification"},
		{perm("tcp", p(1), p(2), "10.0.0/8"), "InvalidParameterValue", "CIDR block 10.0.0/8 is malformed"},
		{perm("tcp", p(1), p(2), "::/0"), "InvalidParameterValue", "CIDR block ::/0 is malformed"},
		{append(tcp(1, 2, "0.0.0.0/0"), tcp(1, 2, "0.0.0.0/0")...), "InvalidParameterValue", "The same permission must not appear multiple times"},
		{[]types.IpPermission{{IpProtocol: aws.String("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupName: aws.String("nope")}}}}, "InvalidGroup.NotFound", "'nope' does not exist in default VPC"},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			refused(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupName: aws.String("paws"), IpPermissions: tt.perms}, tt.code, tt.text)
		})
	}
	refused(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{IpPermissions: tcp(1, 1, "0.0.0.0/0")}, "MissingParameter", "groupId")
	refused(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: aws.String("sg-1"), IpPermissions: tcp(1, 1, "0.0.0.0/0")}, "InvalidGroupId.Malformed", "sg-...")
	for i := range int32(maxRules) {
		do(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupName: aws.String("paws"), IpPermissions: tcp(i, i, "0.0.0.0/0")})
	}
	refused(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupName: aws.String("paws"), IpPermissions: tcp(99, 99, "0.0.0.0/0")}, "RulesPerSecurityGroupLimitExceeded", "maximum number of rules")
}

func TestDeleteSecurityGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{}, "MissingParameter", "GroupName")
	refused(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupName: aws.String("default")}, "CannotDelete", `name: "default" cannot be deleted by a user`)
	refused(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupName: aws.String("nope")}, "InvalidGroup.NotFound", "The security group 'nope' does not exist in default VPC")
	for _, n := range []string{"one", "two"} {
		do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: &n, Description: aws.String("d")})
	}
	do(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupName: aws.String("two"), SourceSecurityGroupName: aws.String("one")})
	refused(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupName: aws.String("one")}, "DependencyViolation", "has a dependent object")
	x := w.launch(1, func(in *ec2.RunInstancesInput) { in.SecurityGroups = []string{"two"} })[0]
	refused(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupName: aws.String("two")}, "DependencyViolation", "has a dependent object")
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*x.InstanceId}})
	w.pass(terminateTime)
	do(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupName: aws.String("two")})
	do(w, deleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupName: aws.String("one")})
	refused(w, describeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupNames: []string{"one"}}, "InvalidGroup.NotFound", "one")
}
