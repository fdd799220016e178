package iam

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// aliasForm is what an account may be called.
var aliasForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]$`)

func checkAlias(alias *string) error {
	if a := aws.ToString(alias); !aliasForm.MatchString(a) || strings.Contains(a, "--") {
		return fail("ValidationError", http.StatusBadRequest,
			"1 validation error detected: Value '%s' at 'accountAlias' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$", a)
	}
	return nil
}

// createAccountAlias calls the account so: it has one alias at most, and a
// second takes the place of the first.
func (c *Cloud) createAccountAlias(_ context.Context, in *iam.CreateAccountAliasInput) (*iam.CreateAccountAliasOutput, error) {
	if err := checkAlias(in.AccountAlias); err != nil {
		return nil, err
	}
	if c.alias == *in.AccountAlias {
		return nil, fail("EntityAlreadyExists", http.StatusConflict, "The account alias %s already exists.", c.alias)
	}
	c.alias = *in.AccountAlias
	return nil, nil
}

func (c *Cloud) deleteAccountAlias(_ context.Context, in *iam.DeleteAccountAliasInput) (*iam.DeleteAccountAliasOutput, error) {
	if err := checkAlias(in.AccountAlias); err != nil {
		return nil, err
	}
	if c.alias != *in.AccountAlias {
		return nil, fail("NoSuchEntity", http.StatusNotFound, "The account alias with name %s cannot be found.", *in.AccountAlias)
	}
	c.alias = ""
	return nil, nil
}

func (c *Cloud) listAccountAliases(_ context.Context, in *iam.ListAccountAliasesInput) (*iam.ListAccountAliasesOutput, error) {
	list := []string{}
	if c.alias != "" {
		list = append(list, c.alias)
	}
	list, next, err := page(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListAccountAliasesOutput{AccountAliases: list, Marker: next, IsTruncated: next != nil}, nil
}

// getAccountSummary counts what the account has, beside what it may have.
// What IAM counts and the sandbox does not know, such as server certificates,
// is none.
func (c *Cloud) getAccountSummary(_ context.Context, _ *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
	has := map[string]int{
		"Users": len(c.users), "UsersQuota": maxUsers,
		"Groups": len(c.groups), "GroupsQuota": maxGroups, "GroupsPerUserQuota": maxGroupsOfUser,
		"Roles": len(c.roles), "RolesQuota": maxRoles,
		"InstanceProfiles": len(c.profiles), "InstanceProfilesQuota": maxProfiles,
		"PoliciesQuota": maxManaged, "PolicySizeQuota": maxText, "VersionsPerPolicyQuota": maxEditions,
		"AttachedPoliciesPerUserQuota": maxAttached, "AttachedPoliciesPerGroupQuota": maxAttached, "AttachedPoliciesPerRoleQuota": maxAttached,
		"UserPolicySizeQuota": maxUserInline, "GroupPolicySizeQuota": maxGroup, "RolePolicySizeQuota": maxRole,
		"AccessKeysPerUserQuota": maxKeys, "MFADevices": len(c.devices),
		"ServerCertificates": 0, "Providers": 0, "AccountSigningCertificatesPresent": 0, "AccountPasswordPresent": 0,
		"Policies": 0, "PolicyVersionsInUse": 0, "MFADevicesInUse": 0, "AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0,
	}
	for _, m := range c.policies {
		if !m.aws {
			has["Policies"]++
			has["PolicyVersionsInUse"] += len(m.versions)
		}
	}
	for _, d := range c.devices {
		if d.enabled.IsZero() {
			continue
		}
		has["MFADevicesInUse"]++
		if d.user == nil {
			has["AccountMFAEnabled"] = 1
		}
	}
	if len(c.keysOf(nil)) > 0 {
		has["AccountAccessKeysPresent"] = 1
	}
	out := &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{}}
	for name, n := range has {
		out.SummaryMap[name] = int32(n)
	}
	return out, nil
}
