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

// role is what others assume for a time: its trust says who may.
type role struct {
	name, path, id, description string
	created                     time.Time
	trust                       string
	longest                     int32 // session, seconds
	tags                        []types.Tag
	used                        time.Time `store:"lazy"`
	usedRegion                  string    `store:"lazy"`
	grants
}

func (c *Cloud) findRole(name string) *role {
	i := slices.IndexFunc(c.roles, func(r *role) bool { return equalName(r.name, name) })
	if i < 0 {
		return nil
	}
	return c.roles[i]
}

func (c *Cloud) role(name *string) (*role, error) {
	if r := c.findRole(aws.ToString(name)); r != nil {
		return r, nil
	}
	return nil, fail("NoSuchEntity", http.StatusNotFound, "The role with name %s cannot be found.", aws.ToString(name))
}

func (c *Cloud) roleARN(r *role) string {
	return "arn:aws:iam::" + c.env.AccountID() + ":role" + r.path + r.name
}

func (c *Cloud) viewRole(r *role) *types.Role {
	out := &types.Role{RoleName: aws.String(r.name), RoleId: aws.String(r.id), Path: aws.String(r.path), Arn: aws.String(c.roleARN(r)), CreateDate: aws.Time(r.created),
		AssumeRolePolicyDocument: encoded(r.trust), MaxSessionDuration: aws.Int32(r.longest), Tags: r.tags}
	if r.description != "" {
		out.Description = aws.String(r.description)
	}
	if !r.used.IsZero() {
		out.RoleLastUsed = &types.RoleLastUsed{LastUsedDate: aws.Time(r.used), Region: aws.String(r.usedRegion)}
	}
	return out
}

// AWS's bounds on roles.
const (
	maxRoles       = 1000
	defaultLongest = 3600
	maxLongest     = 43200
)

func checkLongest(n *int32) (int32, error) {
	if n == nil {
		return defaultLongest, nil
	}
	if *n < defaultLongest || *n > maxLongest {
		return 0, fail("ValidationError", http.StatusBadRequest, "1 validation error detected: Value '%d' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between %d and %d", *n, defaultLongest, maxLongest)
	}
	return *n, nil
}

func (c *Cloud) createRole(_ context.Context, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	if err := checkName("roleName", aws.ToString(in.RoleName), 64); err != nil {
		return nil, err
	}
	path, err := place(in.Path)
	if err != nil {
		return nil, err
	}
	if err := checkTrust(aws.ToString(in.AssumeRolePolicyDocument)); err != nil {
		return nil, err
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	longest, err := checkLongest(in.MaxSessionDuration)
	switch {
	case err != nil:
		return nil, err
	case in.PermissionsBoundary != nil:
		return nil, fail("NotImplemented", http.StatusNotImplemented, "CreateRole with a permissions boundary is not implemented")
	case c.findRole(*in.RoleName) != nil:
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "Role with name %s already exists.", *in.RoleName)
	case len(c.roles) >= maxRoles:
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for RolesPerAccount: %d", maxRoles)
	}
	r := &role{name: *in.RoleName, path: path, id: c.env.UpperID("AROA", 21), description: aws.ToString(in.Description), created: c.env.Now(),
		trust: *in.AssumeRolePolicyDocument, longest: longest, tags: in.Tags, grants: newGrants()}
	c.roles = append(c.roles, r)
	return &iam.CreateRoleOutput{Role: c.viewRole(r)}, nil
}

func (c *Cloud) getRole(_ context.Context, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRoleOutput{Role: c.viewRole(r)}, nil
}

func (c *Cloud) listRoles(_ context.Context, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	var list []*role
	for _, r := range c.roles {
		if strings.HasPrefix(r.path, aws.ToString(in.PathPrefix)) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *role) int { return strings.Compare(a.name, b.name) })
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListRolesOutput{Roles: []types.Role{}, Marker: next, IsTruncated: next != nil}
	for _, r := range list {
		v := c.viewRole(r)
		v.Tags, v.RoleLastUsed = nil, nil
		out.Roles = append(out.Roles, *v)
	}
	return out, nil
}

func (c *Cloud) updateRole(_ context.Context, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	if in.MaxSessionDuration != nil {
		if r.longest, err = checkLongest(in.MaxSessionDuration); err != nil {
			return nil, err
		}
	}
	if in.Description != nil {
		r.description = *in.Description
	}
	return nil, nil
}

func (c *Cloud) updateAssumeRolePolicy(_ context.Context, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	if err := checkTrust(aws.ToString(in.PolicyDocument)); err != nil {
		return nil, err
	}
	r.trust = *in.PolicyDocument
	return nil, nil
}

func (c *Cloud) deleteRole(_ context.Context, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	if err := r.left(); err != nil {
		return nil, err
	}
	for _, p := range c.profiles {
		if p.role == r {
			return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must remove roles from instance profile first.")
		}
	}
	c.roles = slices.DeleteFunc(c.roles, func(x *role) bool { return x == r })
	return nil, nil
}

func (c *Cloud) tagRole(_ context.Context, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.tags, err = withTags(r.tags, in.Tags)
	return nil, err
}

func (c *Cloud) untagRole(_ context.Context, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.tags = withoutTags(r.tags, in.TagKeys)
	return nil, nil
}

func (c *Cloud) listRoleTags(_ context.Context, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	tags, next, err := page(r.tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListRoleTagsOutput{Tags: tags, Marker: next, IsTruncated: next != nil}, nil
}
