package iam

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// group is users who share policies.
type group struct {
	name, path, id string
	created        time.Time
	members        []*user
	grants
}

func (c *Cloud) group(name *string) (*group, error) {
	i := slices.IndexFunc(c.groups, func(g *group) bool { return equalName(g.name, aws.ToString(name)) })
	if i < 0 {
		return nil, fail("NoSuchEntity", http.StatusNotFound, "The group with name %s cannot be found.", aws.ToString(name))
	}
	return c.groups[i], nil
}

// groupsOf are the groups that a user is in.
func (c *Cloud) groupsOf(u *user) []*group {
	var out []*group
	for _, g := range c.groups {
		if slices.Contains(g.members, u) {
			out = append(out, g)
		}
	}
	return out
}

func (c *Cloud) viewGroup(g *group) *types.Group {
	return &types.Group{GroupName: aws.String(g.name), GroupId: aws.String(g.id), Path: aws.String(g.path),
		Arn: aws.String("arn:aws:iam::" + c.env.AccountID() + ":group" + g.path + g.name), CreateDate: aws.Time(g.created)}
}

const maxGroups = 300

// place checks a path; none is the root.
func place(path *string) (string, error) {
	if path == nil {
		return "/", nil
	}
	return *path, checkPath(*path)
}

func (c *Cloud) createGroup(_ context.Context, in *iam.CreateGroupInput) (*iam.CreateGroupOutput, error) {
	if err := checkName("groupName", aws.ToString(in.GroupName), 128); err != nil {
		return nil, err
	}
	path, err := place(in.Path)
	if err != nil {
		return nil, err
	}
	if _, err := c.group(in.GroupName); err == nil {
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "Group with name %s already exists.", *in.GroupName)
	}
	if len(c.groups) >= maxGroups {
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for GroupsPerAccount: %d", maxGroups)
	}
	g := &group{name: *in.GroupName, path: path, id: c.env.UpperID("AGPA", 21), created: c.env.Now(), grants: newGrants()}
	c.groups = append(c.groups, g)
	return &iam.CreateGroupOutput{Group: c.viewGroup(g)}, nil
}

func (c *Cloud) getGroup(_ context.Context, in *iam.GetGroupInput) (*iam.GetGroupOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	list, next, err := page(g.members, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.GetGroupOutput{Group: c.viewGroup(g), Users: []types.User{}, Marker: next, IsTruncated: next != nil}
	for _, u := range list {
		out.Users = append(out.Users, *c.view(u))
	}
	return out, nil
}

func (c *Cloud) views(list []*group) []types.Group {
	out := []types.Group{}
	for _, g := range list {
		out = append(out, *c.viewGroup(g))
	}
	return out
}

func (c *Cloud) listGroups(_ context.Context, in *iam.ListGroupsInput) (*iam.ListGroupsOutput, error) {
	var list []*group
	for _, g := range c.groups {
		if strings.HasPrefix(g.path, aws.ToString(in.PathPrefix)) {
			list = append(list, g)
		}
	}
	slices.SortFunc(list, func(a, b *group) int { return strings.Compare(a.name, b.name) })
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListGroupsOutput{Groups: c.views(list), Marker: next, IsTruncated: next != nil}, nil
}

func (c *Cloud) listGroupsForUser(ctx context.Context, in *iam.ListGroupsForUserInput) (*iam.ListGroupsForUserOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	list, next, err := page(c.groupsOf(u), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListGroupsForUserOutput{Groups: c.views(list), Marker: next, IsTruncated: next != nil}, nil
}

func (c *Cloud) updateGroup(_ context.Context, in *iam.UpdateGroupInput) (*iam.UpdateGroupOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	name, path := g.name, g.path
	if in.NewGroupName != nil {
		name = *in.NewGroupName
		if err := checkName("newGroupName", name, 128); err != nil {
			return nil, err
		}
		if other, err := c.group(&name); err == nil && other != g {
			return nil, fail("EntityAlreadyExists", http.StatusConflict, "Group with name %s already exists.", name)
		}
	}
	if in.NewPath != nil {
		if path, err = place(in.NewPath); err != nil {
			return nil, err
		}
	}
	g.name, g.path = name, path
	return nil, nil
}

func (c *Cloud) deleteGroup(_ context.Context, in *iam.DeleteGroupInput) (*iam.DeleteGroupOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	if len(g.members) > 0 {
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must remove users from group first.")
	}
	if err := g.left(); err != nil {
		return nil, err
	}
	c.groups = slices.DeleteFunc(c.groups, func(x *group) bool { return x == g })
	return nil, nil
}

const maxGroupsOfUser = 10

func (c *Cloud) addUserToGroup(ctx context.Context, in *iam.AddUserToGroupInput) (*iam.AddUserToGroupOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	u, err := c.named(ctx, in.UserName)
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(g.members, u):
		return nil, nil
	case len(c.groupsOf(u)) >= maxGroupsOfUser:
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for GroupsPerUser: %d", maxGroupsOfUser)
	}
	g.members = append(g.members, u)
	return nil, nil
}

func (c *Cloud) removeUserFromGroup(ctx context.Context, in *iam.RemoveUserFromGroupInput) (*iam.RemoveUserFromGroupOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	g.members = slices.DeleteFunc(g.members, func(x *user) bool { return x == u })
	return nil, nil
}

func (c *Cloud) putGroupPolicy(_ context.Context, in *iam.PutGroupPolicyInput) (*iam.PutGroupPolicyOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	return nil, g.put("group", g.name, in.PolicyName, in.PolicyDocument, maxGroup)
}

func (c *Cloud) getGroupPolicy(_ context.Context, in *iam.GetGroupPolicyInput) (*iam.GetGroupPolicyOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	text, err := g.inline("group", in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetGroupPolicyOutput{GroupName: aws.String(g.name), PolicyName: in.PolicyName, PolicyDocument: encoded(text)}, nil
}

func (c *Cloud) listGroupPolicies(_ context.Context, in *iam.ListGroupPoliciesInput) (*iam.ListGroupPoliciesOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	names, next, err := page(g.names(), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListGroupPoliciesOutput{PolicyNames: names, Marker: next, IsTruncated: next != nil}, nil
}

func (c *Cloud) deleteGroupPolicy(_ context.Context, in *iam.DeleteGroupPolicyInput) (*iam.DeleteGroupPolicyOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	return nil, g.drop("group", in.PolicyName)
}

func (c *Cloud) attachGroupPolicy(_ context.Context, in *iam.AttachGroupPolicyInput) (*iam.AttachGroupPolicyOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	m, err := c.managed(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	return nil, g.attach("Group", m)
}

func (c *Cloud) detachGroupPolicy(_ context.Context, in *iam.DetachGroupPolicyInput) (*iam.DetachGroupPolicyOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	return nil, g.detach(c.findManaged(aws.ToString(in.PolicyArn)), aws.ToString(in.PolicyArn))
}

func (c *Cloud) listAttachedGroupPolicies(_ context.Context, in *iam.ListAttachedGroupPoliciesInput) (*iam.ListAttachedGroupPoliciesOutput, error) {
	g, err := c.group(in.GroupName)
	if err != nil {
		return nil, err
	}
	list, next, err := g.attachedPage(in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListAttachedGroupPoliciesOutput{AttachedPolicies: list, Marker: next, IsTruncated: next != nil}, nil
}
