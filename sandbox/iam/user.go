package iam

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

var (
	userForm = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	pathForm = regexp.MustCompile(`^/$|^/[\x21-\x7e]+/$`)
)

// equalName compares names as IAM does: case tells users apart in no list.
func equalName(a, b string) bool { return strings.EqualFold(a, b) }

func checkUserName(name *string) error {
	if n := aws.ToString(name); !userForm.MatchString(n) {
		return fail("ValidationError", http.StatusBadRequest, "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
	return nil
}

func checkPath(path string) error {
	if !pathForm.MatchString(path) || len(path) > 512 {
		return fail("ValidationError", http.StatusBadRequest, "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return nil
}

func (c *Cloud) view(u *user) *types.User {
	return &types.User{UserName: aws.String(u.name), UserId: aws.String(u.id), Path: aws.String(u.path), Arn: aws.String(c.arn(u)), CreateDate: aws.Time(u.created)}
}

const maxUsers = 5000

func (c *Cloud) createUser(_ context.Context, in *iam.CreateUserInput) (*iam.CreateUserOutput, error) {
	if err := checkUserName(in.UserName); err != nil {
		return nil, err
	}
	path := "/"
	if in.Path != nil {
		path = *in.Path
	}
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	switch {
	case in.PermissionsBoundary != nil:
		return nil, fail("NotImplemented", http.StatusNotImplemented, "CreateUser with a permissions boundary is not implemented")
	case c.user(*in.UserName) != nil:
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "User with name %s already exists.", *in.UserName)
	case len(c.users) >= maxUsers:
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for UsersPerAccount: %d", maxUsers)
	}
	u := &user{name: *in.UserName, path: path, id: c.env.UpperID("AIDA", 21), created: c.env.Now(), tags: in.Tags, grants: newGrants()}
	c.users = append(c.users, u)
	v := c.view(u)
	v.Tags = u.tags
	return &iam.CreateUserOutput{User: v}, nil
}

// getUser tells of a user, or of who calls: that may be the account itself.
func (c *Cloud) getUser(ctx context.Context, in *iam.GetUserInput) (*iam.GetUserOutput, error) {
	caller := wire.CallerFrom(ctx)
	if in.UserName == nil && caller.UserName == "" {
		account := c.env.AccountID()
		root := &types.User{UserId: aws.String(account), Arn: aws.String("arn:aws:iam::" + account + ":root"), Path: aws.String("/"), UserName: aws.String("root")}
		if k := c.keys[caller.AccessKeyID]; k != nil {
			root.CreateDate = aws.Time(k.created)
		}
		return &iam.GetUserOutput{User: root}, nil
	}
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	v := c.view(u)
	v.Tags = u.tags
	return &iam.GetUserOutput{User: v}, nil
}

// page cuts a page by IAM's Marker and MaxItems.
func page[T any](items []T, marker *string, max *int32) (out []T, next *string, err error) {
	limit := 100
	if max != nil {
		if limit = int(*max); limit < 1 || limit > 1000 {
			return nil, nil, fail("ValidationError", http.StatusBadRequest, "Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000", limit)
		}
	}
	out, token, ok := core.Page(items, aws.ToString(marker), limit)
	if !ok {
		return nil, nil, fail("ValidationError", http.StatusBadRequest, "Invalid Marker.")
	}
	if token != "" {
		next = &token
	}
	return out, next, nil
}

func (c *Cloud) listUsers(_ context.Context, in *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
	var list []*user
	for _, u := range c.users {
		if strings.HasPrefix(u.path, aws.ToString(in.PathPrefix)) {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b *user) int { return strings.Compare(a.name, b.name) })
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListUsersOutput{Users: []types.User{}, Marker: next, IsTruncated: next != nil}
	for _, u := range list {
		out.Users = append(out.Users, *c.view(u))
	}
	return out, nil
}

func (c *Cloud) updateUser(ctx context.Context, in *iam.UpdateUserInput) (*iam.UpdateUserOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	name, path := u.name, u.path
	if in.NewUserName != nil {
		if err := checkUserName(in.NewUserName); err != nil {
			return nil, err
		}
		if other := c.user(*in.NewUserName); other != nil && other != u {
			return nil, fail("EntityAlreadyExists", http.StatusConflict, "User with name %s already exists.", *in.NewUserName)
		}
		name = *in.NewUserName
	}
	if in.NewPath != nil {
		if err := checkPath(*in.NewPath); err != nil {
			return nil, err
		}
		path = *in.NewPath
	}
	u.name, u.path = name, path
	return nil, nil
}

// deleteUser deletes a user who has nothing left.
func (c *Cloud) deleteUser(ctx context.Context, in *iam.DeleteUserInput) (*iam.DeleteUserOutput, error) {
	if err := checkUserName(in.UserName); err != nil {
		return nil, err
	}
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	switch {
	case len(c.keysOf(u)) > 0:
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must delete access keys first.")
	case len(c.groupsOf(u)) > 0:
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must remove users from group first.")
	case slices.ContainsFunc(c.devices, func(d *device) bool { return d.user == u }):
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must delete MFA device first.")
	}
	if err := u.left(); err != nil {
		return nil, err
	}
	c.users = slices.DeleteFunc(c.users, func(x *user) bool { return x == u })
	return nil, nil
}

const maxTags = 50

func checkTags(tags []types.Tag) error {
	if len(tags) > maxTags {
		return fail("LimitExceeded", http.StatusConflict, "The number of tags has reached the maximum limit.")
	}
	seen := map[string]bool{}
	for _, t := range tags {
		k := aws.ToString(t.Key)
		switch {
		case k == "" || utf8.RuneCountInString(k) > 128 || utf8.RuneCountInString(aws.ToString(t.Value)) > 256:
			return fail("ValidationError", http.StatusBadRequest, "Tag keys must have between 1 and 128 characters, values at most 256")
		case strings.HasPrefix(strings.ToLower(k), "aws:"):
			return fail("InvalidInput", http.StatusBadRequest, "Tag keys that begin with aws: are reserved")
		case seen[strings.ToLower(k)]:
			return fail("InvalidInput", http.StatusBadRequest, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[strings.ToLower(k)] = true
	}
	return nil
}

// withTags gives tags with more of them, in a slice of its own: outputs made
// before share the old one.
func withTags(have, more []types.Tag) ([]types.Tag, error) {
	if err := checkTags(more); err != nil {
		return have, err
	}
	tags := slices.Clone(have)
	for _, t := range more {
		if i := slices.IndexFunc(tags, func(h types.Tag) bool { return equalName(*h.Key, *t.Key) }); i >= 0 {
			tags[i] = t
		} else {
			tags = append(tags, t)
		}
	}
	if len(tags) > maxTags {
		return have, fail("LimitExceeded", http.StatusConflict, "The number of tags has reached the maximum limit.")
	}
	return tags, nil
}

func withoutTags(have []types.Tag, keys []string) []types.Tag {
	var left []types.Tag
	for _, t := range have {
		if !slices.ContainsFunc(keys, func(k string) bool { return equalName(k, *t.Key) }) {
			left = append(left, t)
		}
	}
	return left
}

func (c *Cloud) tagUser(ctx context.Context, in *iam.TagUserInput) (*iam.TagUserOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	u.tags, err = withTags(u.tags, in.Tags)
	return nil, err
}

func (c *Cloud) untagUser(ctx context.Context, in *iam.UntagUserInput) (*iam.UntagUserOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	u.tags = withoutTags(u.tags, in.TagKeys)
	return nil, nil
}

func (c *Cloud) listUserTags(ctx context.Context, in *iam.ListUserTagsInput) (*iam.ListUserTagsOutput, error) {
	u, err := c.named(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	tags, next, err := page(u.tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListUserTagsOutput{Tags: tags, Marker: next, IsTruncated: next != nil}, nil
}
