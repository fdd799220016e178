// Package iam emulates IAM: users, groups, roles, access keys, policies and
// MFA devices. It
// is also the keeper of access keys that signatures are checked against. IAM
// is one world over all regions.
//
// The package speaks no protocol. Secrets leave it in two ways only: once, to
// whoever creates a key, and to the verifier of signatures.
package iam

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Cloud is the IAM of one account. It is safe for concurrent use.
type Cloud struct {
	env *core.Env `store:"-"`

	mu    store.Mutex // guards all below
	users []*user     // in the order they were created
	keys  map[string]*key

	groups   []*group
	roles    []*role
	policies []*managed
	profiles []*profile
	devices  []*device
	seal     []byte // of authorization messages
	alias    string // what the account is called, "" for its number alone
}

// user is one IAM user.
type user struct {
	name, path, id string
	created        time.Time
	tags           []types.Tag
	grants
}

// key is one access key; that of the account itself has no user.
type key struct {
	id, secret string
	user       *user
	created    time.Time
	inactive   bool

	used        time.Time `store:"lazy"`
	usedService string    `store:"lazy"`
	usedRegion  string    `store:"lazy"`
}

// New returns an IAM whose account has one access key of its own, the root's.
func New(env *core.Env, rootKeyID, rootSecret string) *Cloud {
	c := &Cloud{env: env, keys: map[string]*key{}}
	c.policies, c.devices, c.seal = stocked(env.Now()), []*device{c.rootDevice()}, []byte(env.Text(32))
	c.keys[rootKeyID] = &key{id: rootKeyID, secret: rootSecret, created: env.Now()}
	return c
}

// LookupKey gives the verifier what it needs to check a signature.
func (c *Cloud) LookupKey(_ context.Context, accessKeyID string) (wire.Key, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k := c.keys[accessKeyID]
	if k == nil {
		return wire.Key{}, false
	}
	account := c.env.AccountID()
	out := wire.Key{Secret: k.secret, Inactive: k.inactive, AccountID: account, UserARN: "arn:aws:iam::" + account + ":root", UserID: account, Kind: "root"}
	if k.user != nil {
		out.UserARN, out.UserName, out.UserID, out.Kind = c.arn(k.user), k.user.name, k.user.id, "user"
	}
	return out, true
}

func (c *Cloud) arn(u *user) string {
	return "arn:aws:iam::" + c.env.AccountID() + ":user" + u.path + u.name
}

func (c *Cloud) user(name string) *user {
	for _, u := range c.users {
		if equalName(u.name, name) {
			return u
		}
	}
	return nil
}

// keysOf lists the access keys of a user in the order they were made; nil is
// the account itself.
func (c *Cloud) keysOf(u *user) []*key {
	var out []*key
	for _, k := range c.keys {
		if k.user == u {
			out = append(out, k)
		}
	}
	sortKeys(out)
	return out
}

// named finds the user that a request names, or who calls where it names none.
func (c *Cloud) named(ctx context.Context, name *string) (*user, error) {
	want := wire.CallerFrom(ctx).UserName
	if name != nil {
		want = *name
	}
	if want == "" {
		return nil, fail("ValidationError", http.StatusBadRequest, "Must specify userName when calling with non-User credentials")
	}
	if u := c.user(want); u != nil {
		return u, nil
	}
	return nil, noUser(want)
}

func fail(code string, status int, format string, a ...any) error {
	return wire.Errorf(code, status, format, a...)
}

func noUser(name string) error {
	return fail("NoSuchEntity", http.StatusNotFound, "The user with name %s cannot be found.", name)
}

// handle registers h, which runs under the lock.
func handle[I, O any](s *wire.Service, c *Cloud, op string, h func(context.Context, *I) (*O, error)) {
	wire.Handle(s, op, func(ctx context.Context, in *I) (*O, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return h(ctx, in)
	})
}

// Register makes c answer the operations of s that are built.
func (c *Cloud) Register(s *wire.Service) {
	s.Use(c.Watch(s.Name()))
	handle(s, c, "CreateUser", c.createUser)
	handle(s, c, "GetUser", c.getUser)
	handle(s, c, "ListUsers", c.listUsers)
	handle(s, c, "UpdateUser", c.updateUser)
	handle(s, c, "DeleteUser", c.deleteUser)
	handle(s, c, "TagUser", c.tagUser)
	handle(s, c, "UntagUser", c.untagUser)
	handle(s, c, "ListUserTags", c.listUserTags)
	handle(s, c, "CreateAccessKey", c.createAccessKey)
	handle(s, c, "ListAccessKeys", c.listAccessKeys)
	handle(s, c, "UpdateAccessKey", c.updateAccessKey)
	handle(s, c, "DeleteAccessKey", c.deleteAccessKey)
	handle(s, c, "GetAccessKeyLastUsed", c.getAccessKeyLastUsed)
	handle(s, c, "PutUserPolicy", c.putUserPolicy)
	handle(s, c, "GetUserPolicy", c.getUserPolicy)
	handle(s, c, "ListUserPolicies", c.listUserPolicies)
	handle(s, c, "DeleteUserPolicy", c.deleteUserPolicy)
	handle(s, c, "AttachUserPolicy", c.attachUserPolicy)
	handle(s, c, "DetachUserPolicy", c.detachUserPolicy)
	handle(s, c, "ListAttachedUserPolicies", c.listAttachedUserPolicies)
	c.registerGroups(s)
	c.registerRoles(s)
	c.registerPolicies(s)
	c.registerDevices(s)
	handle(s, c, "CreateAccountAlias", c.createAccountAlias)
	handle(s, c, "DeleteAccountAlias", c.deleteAccountAlias)
	handle(s, c, "ListAccountAliases", c.listAccountAliases)
	handle(s, c, "GetAccountSummary", c.getAccountSummary)
}

func (c *Cloud) registerGroups(s *wire.Service) {
	handle(s, c, "CreateGroup", c.createGroup)
	handle(s, c, "GetGroup", c.getGroup)
	handle(s, c, "ListGroups", c.listGroups)
	handle(s, c, "ListGroupsForUser", c.listGroupsForUser)
	handle(s, c, "UpdateGroup", c.updateGroup)
	handle(s, c, "DeleteGroup", c.deleteGroup)
	handle(s, c, "AddUserToGroup", c.addUserToGroup)
	handle(s, c, "RemoveUserFromGroup", c.removeUserFromGroup)
	handle(s, c, "PutGroupPolicy", c.putGroupPolicy)
	handle(s, c, "GetGroupPolicy", c.getGroupPolicy)
	handle(s, c, "ListGroupPolicies", c.listGroupPolicies)
	handle(s, c, "DeleteGroupPolicy", c.deleteGroupPolicy)
	handle(s, c, "AttachGroupPolicy", c.attachGroupPolicy)
	handle(s, c, "DetachGroupPolicy", c.detachGroupPolicy)
	handle(s, c, "ListAttachedGroupPolicies", c.listAttachedGroupPolicies)
}

func (c *Cloud) registerRoles(s *wire.Service) {
	handle(s, c, "CreateRole", c.createRole)
	handle(s, c, "GetRole", c.getRole)
	handle(s, c, "ListRoles", c.listRoles)
	handle(s, c, "UpdateRole", c.updateRole)
	handle(s, c, "UpdateAssumeRolePolicy", c.updateAssumeRolePolicy)
	handle(s, c, "DeleteRole", c.deleteRole)
	handle(s, c, "TagRole", c.tagRole)
	handle(s, c, "UntagRole", c.untagRole)
	handle(s, c, "ListRoleTags", c.listRoleTags)
	handle(s, c, "PutRolePolicy", c.putRolePolicy)
	handle(s, c, "GetRolePolicy", c.getRolePolicy)
	handle(s, c, "ListRolePolicies", c.listRolePolicies)
	handle(s, c, "DeleteRolePolicy", c.deleteRolePolicy)
	handle(s, c, "AttachRolePolicy", c.attachRolePolicy)
	handle(s, c, "DetachRolePolicy", c.detachRolePolicy)
	handle(s, c, "ListAttachedRolePolicies", c.listAttachedRolePolicies)
	handle(s, c, "CreateInstanceProfile", c.createInstanceProfile)
	handle(s, c, "GetInstanceProfile", c.getInstanceProfile)
	handle(s, c, "ListInstanceProfiles", c.listInstanceProfiles)
	handle(s, c, "ListInstanceProfilesForRole", c.listInstanceProfilesForRole)
	handle(s, c, "AddRoleToInstanceProfile", c.addRoleToInstanceProfile)
	handle(s, c, "RemoveRoleFromInstanceProfile", c.removeRoleFromInstanceProfile)
	handle(s, c, "DeleteInstanceProfile", c.deleteInstanceProfile)
}

func (c *Cloud) registerPolicies(s *wire.Service) {
	handle(s, c, "CreatePolicy", c.createPolicy)
	handle(s, c, "GetPolicy", c.getPolicy)
	handle(s, c, "ListPolicies", c.listPolicies)
	handle(s, c, "DeletePolicy", c.deletePolicy)
	handle(s, c, "CreatePolicyVersion", c.createPolicyVersion)
	handle(s, c, "GetPolicyVersion", c.getPolicyVersion)
	handle(s, c, "ListPolicyVersions", c.listPolicyVersions)
	handle(s, c, "SetDefaultPolicyVersion", c.setDefaultPolicyVersion)
	handle(s, c, "DeletePolicyVersion", c.deletePolicyVersion)
	handle(s, c, "ListEntitiesForPolicy", c.listEntitiesForPolicy)
}

func (c *Cloud) registerDevices(s *wire.Service) {
	handle(s, c, "CreateVirtualMFADevice", c.createVirtualMFADevice)
	handle(s, c, "EnableMFADevice", c.enableMFADevice)
	handle(s, c, "ResyncMFADevice", c.resyncMFADevice)
	handle(s, c, "DeactivateMFADevice", c.deactivateMFADevice)
	handle(s, c, "DeleteVirtualMFADevice", c.deleteVirtualMFADevice)
	handle(s, c, "ListMFADevices", c.listMFADevices)
	handle(s, c, "ListVirtualMFADevices", c.listVirtualMFADevices)
}

// Watch returns what notes the use of access keys in a service, for
// GetAccessKeyLastUsed.
func (c *Cloud) Watch(service string) wire.Around {
	return func(ctx context.Context, _ string, _ any, next wire.Next) (any, error) {
		caller := wire.CallerFrom(ctx)
		c.mu.RLock() // when a key was used is written down with the next change
		if k := c.keys[caller.AccessKeyID]; k != nil {
			k.used, k.usedService, k.usedRegion = c.env.Now(), service, caller.Region
		}
		if r := c.findRole(baseName(caller.Session.RoleName)); r != nil && caller.Session.RoleName != "" {
			r.used, r.usedRegion = c.env.Now(), caller.Region
		}
		c.mu.RUnlock()
		return next(ctx)
	}
}
