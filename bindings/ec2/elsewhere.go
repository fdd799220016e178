package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/bindings/session"
)

// in opens a connection to another region, as this one is here.
func (c *Connection) in(region string) (*Connection, error) {
	if err := session.CheckRegion(region); err != nil {
		return nil, err
	}
	return (&RegionInfo{Name: region, parent: c.Target}).Connect()
}

// CopyToRegion makes a key pair of the same name in another region, with a
// private key of its own, as boto does; to have the same key everywhere, import
// its public half with ImportKeyPair: CreateKeyPair (boto: copy_to_region).
// Errors: *session.UnknownRegionError.
//
// Example: pair.CopyToRegion("eu-west-1")
func (k *KeyPair) CopyToRegion(region string) (*KeyPair, error) {
	there, err := k.Connection.in(region)
	if err != nil {
		return nil, fmt.Errorf("copy key pair %q: %w", k.Name, err)
	}
	return there.CreateKeyPair(k.Name)
}

// CopyToRegion makes a group with the same rules in another region, under
// another name if it is given. Rules that grant groups are left out, as those
// groups are not there: CreateSecurityGroup, AuthorizeSecurityGroupIngress
// (boto: copy_to_region). Errors: *session.UnknownRegionError.
//
// Example: group.CopyToRegion("eu-west-1")
func (g *SecurityGroup) CopyToRegion(region string, name ...string) (*SecurityGroup, error) {
	there, err := g.Connection.in(region)
	if err != nil {
		return nil, fmt.Errorf("copy group %q: %w", g.Name, err)
	}
	as := g.Name
	if len(name) > 0 {
		as = name[0]
	}
	copied, err := there.CreateSecurityGroup(as, g.Description)
	if err != nil {
		return nil, err
	}
	for _, r := range g.Rules {
		for _, grant := range r.Grants {
			if grant.CIDRIP == "" {
				continue
			}
			if _, err := copied.Authorize(r.IPProtocol, r.FromPort, r.ToPort, grant.CIDRIP); err != nil {
				return copied, err
			}
		}
	}
	return copied, nil
}

// CopySnapshot copies a snapshot of a region into this connection's and gives
// the copy's id: CopySnapshot (boto: copy_snapshot).
//
// Example: boto.EC2.ConnectToRegion("eu-west-1").CopySnapshot("us-east-1", snapshot.ID, "a copy")
func (c *Connection) CopySnapshot(sourceRegion, sourceSnapshotID string, description ...string) (string, error) {
	out, err := c.Client.CopySnapshot(c.ctx(), &sdk.CopySnapshotInput{
		SourceRegion: aws.String(sourceRegion), SourceSnapshotId: aws.String(sourceSnapshotID), Description: joined(description),
	})
	if err != nil {
		return "", fmt.Errorf("copy snapshot %s of %s: %w", sourceSnapshotID, sourceRegion, err)
	}
	return aws.ToString(out.SnapshotId), nil
}

// CopyImage copies an image of a region into this connection's and gives the
// copy's id: CopyImage (boto: copy_image).
//
// Example: boto.EC2.ConnectToRegion("eu-west-1").CopyImage("us-east-1", image.ID, "web-copy")
func (c *Connection) CopyImage(sourceRegion, sourceImageID, name string, description ...string) (string, error) {
	out, err := c.Client.CopyImage(c.ctx(), &sdk.CopyImageInput{
		SourceRegion: aws.String(sourceRegion), SourceImageId: aws.String(sourceImageID), Name: aws.String(name), Description: joined(description),
	})
	if err != nil {
		return "", fmt.Errorf("copy image %s of %s: %w", sourceImageID, sourceRegion, err)
	}
	return aws.ToString(out.ImageId), nil
}

func joined(list []string) *string {
	if len(list) == 0 {
		return nil
	}
	return optional(list[0])
}

// AuthorizeSecurityGroupEgress lets something out, of the group of an id:
// AuthorizeSecurityGroupEgress (boto: authorize_security_group_egress). Code
// InvalidPermission.Duplicate.
//
// Example: ec2.AuthorizeSecurityGroupEgress(group.ID, "tcp", 443, 443, "10.0.0.0/8")
func (c *Connection) AuthorizeSecurityGroupEgress(groupID, ipProtocol string, fromPort, toPort int, cidrIP string, opts ...RuleOption) (bool, error) {
	p, err := permission(ipProtocol, fromPort, toPort, cidrIP, opts)
	if err == nil {
		_, err = c.Client.AuthorizeSecurityGroupEgress(c.ctx(), &sdk.AuthorizeSecurityGroupEgressInput{GroupId: aws.String(groupID), IpPermissions: []types.IpPermission{p}})
	}
	if err != nil {
		return false, fmt.Errorf("authorize out of group %q: %w", groupID, err)
	}
	return true, nil
}

// RevokeSecurityGroupEgress takes such a rule away:
// RevokeSecurityGroupEgress (boto: revoke_security_group_egress). Code
// InvalidPermission.NotFound.
//
// Example: ec2.RevokeSecurityGroupEgress(group.ID, "-1", -1, -1, "0.0.0.0/0")
func (c *Connection) RevokeSecurityGroupEgress(groupID, ipProtocol string, fromPort, toPort int, cidrIP string, opts ...RuleOption) (bool, error) {
	p, err := permission(ipProtocol, fromPort, toPort, cidrIP, opts)
	if err == nil {
		_, err = c.Client.RevokeSecurityGroupEgress(c.ctx(), &sdk.RevokeSecurityGroupEgressInput{GroupId: aws.String(groupID), IpPermissions: []types.IpPermission{p}})
	}
	if err != nil {
		return false, fmt.Errorf("revoke out of group %q: %w", groupID, err)
	}
	return true, nil
}
