package iam

import (
	"context"
	"strings"

	"pawsh/sandbox/policy"
	"pawsh/sandbox/wire"
)

// Judge says whether the caller's own policies let him do action upon
// resource: a user's, with those of his groups; a role's, narrowed by those of
// the session. The account itself may do all.
func (c *Cloud) Judge(_ context.Context, caller wire.Caller, action, resource string, f policy.Facts) policy.Verdict {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if caller.UserName == "" && caller.Session.RoleName == "" && len(caller.Session.Policies) == 0 {
		return policy.Verdict{Allowed: true}
	}
	var own []*policy.Document
	f = c.withTags(caller, f)
	switch {
	case caller.Session.RoleName != "":
		if r := c.findRole(baseName(caller.Session.RoleName)); r != nil {
			own = r.documents()
		}
	case caller.UserName != "":
		if u := c.user(caller.UserName); u != nil {
			own = u.documents()
			for _, g := range c.groupsOf(u) {
				own = append(own, g.documents()...)
			}
		}
	}
	sorts := []policy.Deciding{{Sort: "identity-based policy", Documents: own}}
	if len(caller.Session.Policies) > 0 {
		var session []*policy.Document
		for _, text := range caller.Session.Policies {
			if d, err := policy.Parse(text); err == nil {
				session = append(session, d)
			}
		}
		sorts = append(sorts, policy.Deciding{Sort: "session policy", Documents: session})
	}
	return policy.Decide(action, resource, f, sorts...)
}

// withTags adds the tags of the caller's user or role to the facts.
func (c *Cloud) withTags(caller wire.Caller, f policy.Facts) policy.Facts {
	return func(key string) []string {
		if v := f(key); v != nil {
			return v
		}
		name, ok := strings.CutPrefix(strings.ToLower(key), "aws:principaltag/")
		if !ok {
			return nil
		}
		var tags = map[string]string{}
		if r := c.findRole(baseName(caller.Session.RoleName)); r != nil && caller.Session.RoleName != "" {
			for _, t := range r.tags {
				tags[strings.ToLower(*t.Key)] = *t.Value
			}
		} else if u := c.user(caller.UserName); u != nil {
			for _, t := range u.tags {
				tags[strings.ToLower(*t.Key)] = *t.Value
			}
		}
		if v, ok := tags[name]; ok {
			return []string{v}
		}
		return nil
	}
}

// baseName is a role's name without its path.
func baseName(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// IsPrincipal reports whether the account has a user or role of that ARN, or
// may have a session of it.
func (c *Cloud) IsPrincipal(arn string) bool {
	p := strings.SplitN(arn, ":", 6)
	if len(p) != 6 || p[4] != c.env.AccountID() {
		return false
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	kind, name, _ := strings.Cut(p[5], "/")
	switch kind {
	case "root":
		return name == ""
	case "user":
		u := c.user(baseName(name))
		return u != nil && c.arn(u) == arn
	case "role":
		r := c.findRole(baseName(name))
		return r != nil && c.roleARN(r) == arn
	case "assumed-role":
		role, session, ok := strings.Cut(name, "/")
		return ok && session != "" && c.findRole(role) != nil
	}
	return false
}

// Role is what STS needs to know of a role.
type Role struct {
	Name, Path, ID, ARN string
	Longest             int32 // seconds
	Trust               *policy.Document
	Tags                map[string]string
}

// RoleByARN finds a role.
func (c *Cloud) RoleByARN(arn string) (Role, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, r := range c.roles {
		if c.roleARN(r) != arn {
			continue
		}
		trust, err := policy.Parse(r.trust)
		tags := map[string]string{}
		for _, t := range r.tags {
			tags[*t.Key] = *t.Value
		}
		return Role{Name: r.name, Path: r.path, ID: r.id, ARN: arn, Longest: r.longest, Trust: trust, Tags: tags}, err == nil
	}
	return Role{}, false
}
