package iam

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// UpdateUser gives a user another name, and another path if it is given; "" as
// a name keeps it: UpdateUser (boto: update_user). Codes NoSuchEntity,
// EntityAlreadyExists.
//
// Example: iam.UpdateUser("bob", "robert")
func (c *Connection) UpdateUser(userName, newUserName string, newPath ...string) (bool, error) {
	in := &sdk.UpdateUserInput{UserName: aws.String(userName), NewUserName: optional(newUserName)}
	if len(newPath) > 0 {
		in.NewPath = optional(newPath[0])
	}
	if _, err := c.Client.UpdateUser(c.ctx(), in); err != nil {
		return false, fmt.Errorf("update user %q: %w", userName, err)
	}
	return true, nil
}

// UpdateAccessKey makes a key "Active" or "Inactive", of a user or of the
// caller: UpdateAccessKey (boto: update_access_key). Code NoSuchEntity.
//
// Example: iam.UpdateAccessKey(accessKey.AccessKeyID, "Inactive", "bob")
func (c *Connection) UpdateAccessKey(accessKeyID, status string, userName ...string) (bool, error) {
	in := &sdk.UpdateAccessKeyInput{AccessKeyId: aws.String(accessKeyID), Status: types.StatusType(status)}
	if len(userName) > 0 {
		in.UserName = optional(userName[0])
	}
	if _, err := c.Client.UpdateAccessKey(c.ctx(), in); err != nil {
		return false, fmt.Errorf("make access key %s %s: %w", accessKeyID, status, err)
	}
	return true, nil
}

// UpdateGroup gives a group another name: UpdateGroup (boto: update_group).
//
// Example: iam.UpdateGroup("staff", "team")
func (c *Connection) UpdateGroup(groupName, newGroupName string) (bool, error) {
	if _, err := c.Client.UpdateGroup(c.ctx(), &sdk.UpdateGroupInput{GroupName: aws.String(groupName), NewGroupName: optional(newGroupName)}); err != nil {
		return false, fmt.Errorf("update group %q: %w", groupName, err)
	}
	return true, nil
}

// GetGroup lists the users of a group: GetGroup, all pages (boto: get_group).
// Code NoSuchEntity.
//
// Example: iam.GetGroup("staff")
func (c *Connection) GetGroup(groupName string) ([]*User, error) {
	list := []*User{}
	for p := sdk.NewGetGroupPaginator(c.Client, &sdk.GetGroupInput{GroupName: aws.String(groupName)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get group %q: %w", groupName, err)
		}
		for _, u := range page.Users {
			list = append(list, c.user(u))
		}
	}
	return list, nil
}

// AttachGroupPolicy gives a group a policy by its ARN: AttachGroupPolicy
// (boto: attach_group_policy).
//
// Example: iam.AttachGroupPolicy(policy.ARN, "staff")
func (c *Connection) AttachGroupPolicy(policyARN, groupName string) (bool, error) {
	if _, err := c.Client.AttachGroupPolicy(c.ctx(), &sdk.AttachGroupPolicyInput{PolicyArn: aws.String(policyARN), GroupName: aws.String(groupName)}); err != nil {
		return false, fmt.Errorf("attach policy %s to group %q: %w", policyARN, groupName, err)
	}
	return true, nil
}

// DetachGroupPolicy takes it away: DetachGroupPolicy
// (boto: detach_group_policy).
//
// Example: iam.AttachGroupPolicy(policy.ARN, "staff"); iam.DetachGroupPolicy(policy.ARN, "staff")
func (c *Connection) DetachGroupPolicy(policyARN, groupName string) (bool, error) {
	if _, err := c.Client.DetachGroupPolicy(c.ctx(), &sdk.DetachGroupPolicyInput{PolicyArn: aws.String(policyARN), GroupName: aws.String(groupName)}); err != nil {
		return false, fmt.Errorf("detach policy %s from group %q: %w", policyARN, groupName, err)
	}
	return true, nil
}

// GetAccountAlias gives the account's alias, "" when it has none:
// ListAccountAliases (boto: get_account_alias).
//
// Example: iam.GetAccountAlias()
func (c *Connection) GetAccountAlias() (string, error) {
	out, err := c.Client.ListAccountAliases(c.ctx(), &sdk.ListAccountAliasesInput{})
	if err != nil {
		return "", fmt.Errorf("get account alias: %w", err)
	}
	if len(out.AccountAliases) == 0 {
		return "", nil
	}
	return out.AccountAliases[0], nil
}

// CreateAccountAlias gives the account an alias: CreateAccountAlias
// (boto: create_account_alias).
//
// Example: iam.CreateAccountAlias("paws")
func (c *Connection) CreateAccountAlias(alias string) (bool, error) {
	if _, err := c.Client.CreateAccountAlias(c.ctx(), &sdk.CreateAccountAliasInput{AccountAlias: aws.String(alias)}); err != nil {
		return false, fmt.Errorf("create account alias %q: %w", alias, err)
	}
	return true, nil
}

// DeleteAccountAlias takes it away: DeleteAccountAlias
// (boto: delete_account_alias).
//
// Example: iam.CreateAccountAlias("paws"); iam.DeleteAccountAlias("paws")
func (c *Connection) DeleteAccountAlias(alias string) (bool, error) {
	if _, err := c.Client.DeleteAccountAlias(c.ctx(), &sdk.DeleteAccountAliasInput{AccountAlias: aws.String(alias)}); err != nil {
		return false, fmt.Errorf("delete account alias %q: %w", alias, err)
	}
	return true, nil
}

// GetAccountSummary gives what the account has and may have, by name, such as
// "Users" and "UsersQuota": GetAccountSummary (boto: get_account_summary).
//
// Example: iam.GetAccountSummary()["Users"]
func (c *Connection) GetAccountSummary() (map[string]int, error) {
	out, err := c.Client.GetAccountSummary(c.ctx(), &sdk.GetAccountSummaryInput{})
	if err != nil {
		return nil, fmt.Errorf("get account summary: %w", err)
	}
	m := map[string]int{}
	for name, n := range out.SummaryMap {
		m[name] = int(n)
	}
	return m, nil
}
