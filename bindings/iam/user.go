package iam

import (
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// User is a user of the account (boto: the User of an answer).
type User struct {
	UserName   string
	UserID     string
	ARN        string
	Path       string
	CreateDate time.Time
	Connection *Connection
	Raw        types.User
}

// String prints the user by name.
func (u *User) String() string { return "User:" + u.UserName }

func (c *Connection) user(raw types.User) *User {
	return &User{
		UserName: aws.ToString(raw.UserName), UserID: aws.ToString(raw.UserId), ARN: aws.ToString(raw.Arn),
		Path: aws.ToString(raw.Path), CreateDate: aws.ToTime(raw.CreateDate), Connection: c, Raw: raw,
	}
}

// CreateUser makes a user, under a path if it is given: CreateUser
// (boto: create_user). Code EntityAlreadyExists.
//
// Example: iam.CreateUser("alice")
func (c *Connection) CreateUser(userName string, path ...string) (*User, error) {
	in := &sdk.CreateUserInput{UserName: aws.String(userName)}
	if len(path) > 0 && path[0] != "" {
		in.Path = aws.String(path[0])
	}
	out, err := c.Client.CreateUser(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("create user %q: %w", userName, err)
	}
	return c.user(*out.User), nil
}

// GetUser gives a user by name, or the caller: GetUser (boto: get_user). Code
// NoSuchEntity.
//
// Example: iam.GetUser("bob").ARN
func (c *Connection) GetUser(userName ...string) (*User, error) {
	in := &sdk.GetUserInput{}
	if len(userName) > 0 && userName[0] != "" {
		in.UserName = aws.String(userName[0])
	}
	out, err := c.Client.GetUser(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get user %q: %w", aws.ToString(in.UserName), err)
	}
	return c.user(*out.User), nil
}

// GetAllUsers lists the users, those under pathPrefix if it is given:
// ListUsers, all pages (boto: get_all_users).
//
// Example: iam.GetAllUsers()
func (c *Connection) GetAllUsers(pathPrefix ...string) ([]*User, error) {
	in := &sdk.ListUsersInput{}
	if len(pathPrefix) > 0 && pathPrefix[0] != "" {
		in.PathPrefix = aws.String(pathPrefix[0])
	}
	list := []*User{}
	for p := sdk.NewListUsersPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all users: %w", err)
		}
		for _, u := range page.Users {
			list = append(list, c.user(u))
		}
	}
	return list, nil
}

// DeleteUser removes a user, whose keys and policies must be gone before:
// DeleteUser (boto: delete_user). Codes NoSuchEntity, DeleteConflict.
//
// Example: iam.DeleteUser("bob")
func (c *Connection) DeleteUser(userName string) (bool, error) {
	if _, err := c.Client.DeleteUser(c.ctx(), &sdk.DeleteUserInput{UserName: aws.String(userName)}); err != nil {
		return false, fmt.Errorf("delete user %q: %w", userName, err)
	}
	return true, nil
}

// AccessKey is a user's key. SecretAccessKey is a secret, known only from
// CreateAccessKey.
type AccessKey struct {
	UserName        string
	AccessKeyID     string
	SecretAccessKey string
	Status          string // "Active" or "Inactive"
	CreateDate      time.Time
}

// String prints the key by its id.
func (k *AccessKey) String() string { return "AccessKey:" + k.AccessKeyID }

// GoString keeps the secret out of %#v.
func (k *AccessKey) GoString() string {
	return fmt.Sprintf("&iam.AccessKey{UserName: %q, AccessKeyID: %q}", k.UserName, k.AccessKeyID)
}

// CreateAccessKey makes a key for a user, or for the caller: CreateAccessKey
// (boto: create_access_key). Codes NoSuchEntity, LimitExceeded.
//
// Example: iam.CreateAccessKey("bob").AccessKeyID
func (c *Connection) CreateAccessKey(userName ...string) (*AccessKey, error) {
	in := &sdk.CreateAccessKeyInput{}
	if len(userName) > 0 && userName[0] != "" {
		in.UserName = aws.String(userName[0])
	}
	out, err := c.Client.CreateAccessKey(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("create access key of %q: %w", aws.ToString(in.UserName), err)
	}
	k := out.AccessKey
	return &AccessKey{
		UserName: aws.ToString(k.UserName), AccessKeyID: aws.ToString(k.AccessKeyId), SecretAccessKey: aws.ToString(k.SecretAccessKey),
		Status: string(k.Status), CreateDate: aws.ToTime(k.CreateDate),
	}, nil
}

// GetAllAccessKeys lists a user's keys: ListAccessKeys, all pages
// (boto: get_all_access_keys). Code NoSuchEntity.
//
// Example: iam.GetAllAccessKeys("bob")
func (c *Connection) GetAllAccessKeys(userName string) ([]*AccessKey, error) {
	list := []*AccessKey{}
	for p := sdk.NewListAccessKeysPaginator(c.Client, &sdk.ListAccessKeysInput{UserName: optional(userName)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all access keys of %q: %w", userName, err)
		}
		for _, k := range page.AccessKeyMetadata {
			list = append(list, &AccessKey{
				UserName: aws.ToString(k.UserName), AccessKeyID: aws.ToString(k.AccessKeyId), Status: string(k.Status), CreateDate: aws.ToTime(k.CreateDate),
			})
		}
	}
	return list, nil
}

// DeleteAccessKey removes a key of a user, or of the caller: DeleteAccessKey
// (boto: delete_access_key). Code NoSuchEntity.
//
// Example: iam.DeleteAccessKey(accessKey.AccessKeyID, "bob")
func (c *Connection) DeleteAccessKey(accessKeyID string, userName ...string) (bool, error) {
	in := &sdk.DeleteAccessKeyInput{AccessKeyId: aws.String(accessKeyID)}
	if len(userName) > 0 {
		in.UserName = optional(userName[0])
	}
	if _, err := c.Client.DeleteAccessKey(c.ctx(), in); err != nil {
		return false, fmt.Errorf("delete access key %s: %w", accessKeyID, err)
	}
	return true, nil
}

// UserPolicy is a policy that stands in a user.
type UserPolicy struct {
	UserName       string
	PolicyName     string
	PolicyDocument string // JSON
	Raw            *sdk.GetUserPolicyOutput
}

// String prints the policy by its name.
func (p *UserPolicy) String() string { return "UserPolicy:" + p.PolicyName }

// PutUserPolicy writes a policy, as JSON, into a user: PutUserPolicy
// (boto: put_user_policy). Codes NoSuchEntity, MalformedPolicyDocument.
//
// Example: iam.PutUserPolicy("bob", "read", document)
func (c *Connection) PutUserPolicy(userName, policyName, policyJSON string) (bool, error) {
	_, err := c.Client.PutUserPolicy(c.ctx(), &sdk.PutUserPolicyInput{
		UserName: aws.String(userName), PolicyName: aws.String(policyName), PolicyDocument: aws.String(policyJSON),
	})
	if err != nil {
		return false, fmt.Errorf("put policy %q of user %q: %w", policyName, userName, err)
	}
	return true, nil
}

// GetUserPolicy gives a policy of a user, its JSON decoded: GetUserPolicy
// (boto: get_user_policy). Code NoSuchEntity.
//
// Example: iam.PutUserPolicy("bob", "read", document); iam.GetUserPolicy("bob", "read")
func (c *Connection) GetUserPolicy(userName, policyName string) (*UserPolicy, error) {
	out, err := c.Client.GetUserPolicy(c.ctx(), &sdk.GetUserPolicyInput{UserName: aws.String(userName), PolicyName: aws.String(policyName)})
	if err != nil {
		return nil, fmt.Errorf("get policy %q of user %q: %w", policyName, userName, err)
	}
	return &UserPolicy{UserName: aws.ToString(out.UserName), PolicyName: aws.ToString(out.PolicyName), PolicyDocument: document(out.PolicyDocument), Raw: out}, nil
}

// document decodes the escapes that IAM puts over JSON.
func document(raw *string) string {
	if plain, err := url.PathUnescape(aws.ToString(raw)); err == nil {
		return plain
	}
	return aws.ToString(raw)
}

// GetAllUserPolicies lists the names of a user's policies: ListUserPolicies,
// all pages (boto: get_all_user_policies). Code NoSuchEntity.
//
// Example: iam.GetAllUserPolicies("bob")
func (c *Connection) GetAllUserPolicies(userName string) ([]string, error) {
	list := []string{}
	for p := sdk.NewListUserPoliciesPaginator(c.Client, &sdk.ListUserPoliciesInput{UserName: aws.String(userName)}); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all policies of user %q: %w", userName, err)
		}
		list = append(list, page.PolicyNames...)
	}
	return list, nil
}

// DeleteUserPolicy removes a policy from a user: DeleteUserPolicy
// (boto: delete_user_policy). Code NoSuchEntity.
//
// Example: iam.PutUserPolicy("bob", "read", document); iam.DeleteUserPolicy("bob", "read")
func (c *Connection) DeleteUserPolicy(userName, policyName string) (bool, error) {
	if _, err := c.Client.DeleteUserPolicy(c.ctx(), &sdk.DeleteUserPolicyInput{UserName: aws.String(userName), PolicyName: aws.String(policyName)}); err != nil {
		return false, fmt.Errorf("delete policy %q of user %q: %w", policyName, userName, err)
	}
	return true, nil
}

// optional is nil for an empty text: boto's None.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
