package iam

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// Group is a group of users.
type Group struct {
	GroupName  string
	GroupID    string
	ARN        string
	Path       string
	CreateDate time.Time
	Connection *Connection
	Raw        types.Group
}

// String prints the group by name.
func (g *Group) String() string { return "Group:" + g.GroupName }

func (c *Connection) groups(list []*Group, raw []types.Group) []*Group {
	for _, g := range raw {
		list = append(list, &Group{
			GroupName: aws.ToString(g.GroupName), GroupID: aws.ToString(g.GroupId), ARN: aws.ToString(g.Arn),
			Path: aws.ToString(g.Path), CreateDate: aws.ToTime(g.CreateDate), Connection: c, Raw: g,
		})
	}
	return list
}

// CreateGroup makes a group, under a path if it is given: CreateGroup
// (boto: create_group). Code EntityAlreadyExists.
//
// Example: iam.CreateGroup("editors")
func (c *Connection) CreateGroup(groupName string, path ...string) (*Group, error) {
	in := &sdk.CreateGroupInput{GroupName: aws.String(groupName)}
	if len(path) > 0 {
		in.Path = optional(path[0])
	}
	out, err := c.Client.CreateGroup(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("create group %q: %w", groupName, err)
	}
	return c.groups(nil, []types.Group{*out.Group})[0], nil
}

// GetAllGroups lists the groups: ListGroups, all pages (boto: get_all_groups).
//
// Example: iam.GetAllGroups()
func (c *Connection) GetAllGroups() ([]*Group, error) {
	list := []*Group{}
	for p := sdk.NewListGroupsPaginator(c.Client, &sdk.ListGroupsInput{}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all groups: %w", err)
		}
		list = c.groups(list, page.Groups)
	}
	return list, nil
}

// GetGroupsForUser lists a user's groups: ListGroupsForUser, all pages
// (boto: get_groups_for_user). Code NoSuchEntity.
//
// Example: iam.GetGroupsForUser("bob")
func (c *Connection) GetGroupsForUser(userName string) ([]*Group, error) {
	list := []*Group{}
	for p := sdk.NewListGroupsForUserPaginator(c.Client, &sdk.ListGroupsForUserInput{UserName: aws.String(userName)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get groups of user %q: %w", userName, err)
		}
		list = c.groups(list, page.Groups)
	}
	return list, nil
}

// DeleteGroup removes a group: DeleteGroup (boto: delete_group). Codes
// NoSuchEntity, DeleteConflict.
//
// Example: iam.DeleteGroup("staff")
func (c *Connection) DeleteGroup(groupName string) (bool, error) {
	if _, err := c.Client.DeleteGroup(c.ctx(), &sdk.DeleteGroupInput{GroupName: aws.String(groupName)}); err != nil {
		return false, fmt.Errorf("delete group %q: %w", groupName, err)
	}
	return true, nil
}

// AddUserToGroup puts a user into a group: AddUserToGroup
// (boto: add_user_to_group). Code NoSuchEntity.
//
// Example: iam.AddUserToGroup("staff", "bob")
func (c *Connection) AddUserToGroup(groupName, userName string) (bool, error) {
	if _, err := c.Client.AddUserToGroup(c.ctx(), &sdk.AddUserToGroupInput{GroupName: aws.String(groupName), UserName: aws.String(userName)}); err != nil {
		return false, fmt.Errorf("add user %q to group %q: %w", userName, groupName, err)
	}
	return true, nil
}

// RemoveUserFromGroup takes a user out of a group: RemoveUserFromGroup
// (boto: remove_user_from_group). Code NoSuchEntity.
//
// Example: iam.AddUserToGroup("staff", "bob"); iam.RemoveUserFromGroup("staff", "bob")
func (c *Connection) RemoveUserFromGroup(groupName, userName string) (bool, error) {
	if _, err := c.Client.RemoveUserFromGroup(c.ctx(), &sdk.RemoveUserFromGroupInput{GroupName: aws.String(groupName), UserName: aws.String(userName)}); err != nil {
		return false, fmt.Errorf("remove user %q from group %q: %w", userName, groupName, err)
	}
	return true, nil
}

// AttachUserPolicy gives a user a policy of the account or of AWS:
// AttachUserPolicy (boto: attach_user_policy). Code NoSuchEntity.
//
// Example: iam.AttachUserPolicy(policy.ARN, "bob")
func (c *Connection) AttachUserPolicy(policyARN, userName string) (bool, error) {
	if _, err := c.Client.AttachUserPolicy(c.ctx(), &sdk.AttachUserPolicyInput{PolicyArn: aws.String(policyARN), UserName: aws.String(userName)}); err != nil {
		return false, fmt.Errorf("attach policy %s to user %q: %w", policyARN, userName, err)
	}
	return true, nil
}

// DetachUserPolicy takes such a policy from a user: DetachUserPolicy
// (boto: detach_user_policy). Code NoSuchEntity.
//
// Example: iam.AttachUserPolicy(policy.ARN, "bob"); iam.DetachUserPolicy(policy.ARN, "bob")
func (c *Connection) DetachUserPolicy(policyARN, userName string) (bool, error) {
	if _, err := c.Client.DetachUserPolicy(c.ctx(), &sdk.DetachUserPolicyInput{PolicyArn: aws.String(policyARN), UserName: aws.String(userName)}); err != nil {
		return false, fmt.Errorf("detach policy %s from user %q: %w", policyARN, userName, err)
	}
	return true, nil
}
