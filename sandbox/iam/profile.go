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

// profile is what an instance carries a role in.
type profile struct {
	name, path, id string
	created        time.Time
	role           *role // nil without
}

func (c *Cloud) profile(name *string) (*profile, error) {
	i := slices.IndexFunc(c.profiles, func(p *profile) bool { return equalName(p.name, aws.ToString(name)) })
	if i < 0 {
		return nil, fail("NoSuchEntity", http.StatusNotFound, "Instance Profile %s cannot be found.", aws.ToString(name))
	}
	return c.profiles[i], nil
}

func (c *Cloud) viewProfile(p *profile) *types.InstanceProfile {
	out := &types.InstanceProfile{InstanceProfileName: aws.String(p.name), InstanceProfileId: aws.String(p.id), Path: aws.String(p.path), CreateDate: aws.Time(p.created),
		Arn: aws.String("arn:aws:iam::" + c.env.AccountID() + ":instance-profile" + p.path + p.name), Roles: []types.Role{}}
	if p.role != nil {
		out.Roles = append(out.Roles, *c.viewRole(p.role))
	}
	return out
}

const maxProfiles = 1000

func (c *Cloud) createInstanceProfile(_ context.Context, in *iam.CreateInstanceProfileInput) (*iam.CreateInstanceProfileOutput, error) {
	if err := checkName("instanceProfileName", aws.ToString(in.InstanceProfileName), 128); err != nil {
		return nil, err
	}
	path, err := place(in.Path)
	if err != nil {
		return nil, err
	}
	if _, err := c.profile(in.InstanceProfileName); err == nil {
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "Instance Profile %s already exists.", *in.InstanceProfileName)
	}
	if len(c.profiles) >= maxProfiles {
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for InstanceProfilesPerAccount: %d", maxProfiles)
	}
	p := &profile{name: *in.InstanceProfileName, path: path, id: c.env.UpperID("AIPA", 21), created: c.env.Now()}
	c.profiles = append(c.profiles, p)
	return &iam.CreateInstanceProfileOutput{InstanceProfile: c.viewProfile(p)}, nil
}

func (c *Cloud) getInstanceProfile(_ context.Context, in *iam.GetInstanceProfileInput) (*iam.GetInstanceProfileOutput, error) {
	p, err := c.profile(in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	return &iam.GetInstanceProfileOutput{InstanceProfile: c.viewProfile(p)}, nil
}

func (c *Cloud) listInstanceProfiles(_ context.Context, in *iam.ListInstanceProfilesInput) (*iam.ListInstanceProfilesOutput, error) {
	var list []types.InstanceProfile
	for _, p := range c.profiles {
		if strings.HasPrefix(p.path, aws.ToString(in.PathPrefix)) {
			list = append(list, *c.viewProfile(p))
		}
	}
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListInstanceProfilesOutput{InstanceProfiles: list, Marker: next, IsTruncated: next != nil}, nil
}

func (c *Cloud) listInstanceProfilesForRole(_ context.Context, in *iam.ListInstanceProfilesForRoleInput) (*iam.ListInstanceProfilesForRoleOutput, error) {
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	out := &iam.ListInstanceProfilesForRoleOutput{InstanceProfiles: []types.InstanceProfile{}}
	for _, p := range c.profiles {
		if p.role == r {
			out.InstanceProfiles = append(out.InstanceProfiles, *c.viewProfile(p))
		}
	}
	return out, nil
}

func (c *Cloud) addRoleToInstanceProfile(_ context.Context, in *iam.AddRoleToInstanceProfileInput) (*iam.AddRoleToInstanceProfileOutput, error) {
	p, err := c.profile(in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	r, err := c.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	if p.role != nil {
		return nil, fail("LimitExceeded", http.StatusConflict, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	}
	p.role = r
	return nil, nil
}

func (c *Cloud) removeRoleFromInstanceProfile(_ context.Context, in *iam.RemoveRoleFromInstanceProfileInput) (*iam.RemoveRoleFromInstanceProfileOutput, error) {
	p, err := c.profile(in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	if p.role == nil || !equalName(p.role.name, aws.ToString(in.RoleName)) {
		return nil, fail("NoSuchEntity", http.StatusNotFound, "The role with name %s cannot be found.", aws.ToString(in.RoleName))
	}
	p.role = nil
	return nil, nil
}

func (c *Cloud) deleteInstanceProfile(_ context.Context, in *iam.DeleteInstanceProfileInput) (*iam.DeleteInstanceProfileOutput, error) {
	p, err := c.profile(in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	if p.role != nil {
		return nil, fail("DeleteConflict", http.StatusConflict, "Cannot delete entity, must remove roles from instance profile first.")
	}
	c.profiles = slices.DeleteFunc(c.profiles, func(x *profile) bool { return x == p })
	return nil, nil
}
