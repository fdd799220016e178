package iam_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestAccountAlias(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := func(alias string) error {
		_, err := w.CreateAccountAlias(ctx(), &sdk.CreateAccountAliasInput{AccountAlias: &alias})
		return err
	}
	remove := func(alias string) error {
		_, err := w.DeleteAccountAlias(ctx(), &sdk.DeleteAccountAliasInput{AccountAlias: &alias})
		return err
	}
	list := func() string {
		t.Helper()
		return strings.Join(must[*sdk.ListAccountAliasesOutput](w)(w.ListAccountAliases(ctx(), &sdk.ListAccountAliasesInput{})).AccountAliases, " ")
	}
	if got := list(); got != "" {
		t.Errorf("at first: %q", got)
	}
	for _, bad := range []string{"ab", strings.Repeat("a", 64), "Paws", "pa_ws", "-paws", "paws-", "pa--ws"} {
		w.refused(bad, create(bad), "ValidationError", "accountAlias")
	}
	for _, good := range []string{"abc", strings.Repeat("a", 63), "123", "paws-2012"} {
		if err := create(good); err != nil || list() != good {
			t.Errorf("%s: %v, %q", good, err, list())
		}
	}
	w.refused("again", create("paws-2012"), "EntityAlreadyExists", "paws-2012")
	w.refused("none", remove("other"), "NoSuchEntity", "other")
	if err := remove("paws-2012"); err != nil || list() != "" {
		t.Errorf("deleted: %v, %q", err, list())
	}
	w.refused("twice", remove("paws-2012"), "NoSuchEntity", "paws-2012")
}

func TestAccountSummaryCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	summary := func() map[string]int32 {
		t.Helper()
		return must[*sdk.GetAccountSummaryOutput](w)(w.GetAccountSummary(ctx(), &sdk.GetAccountSummaryInput{})).SummaryMap
	}
	before := summary()
	for name, want := range map[string]int32{"UsersQuota": 5000, "GroupsQuota": 300, "AccountAccessKeysPresent": 1, "AccountMFAEnabled": 1} {
		if before[name] != want {
			t.Errorf("%s: %d, want %d", name, before[name], want)
		}
	}
	w.user("bob")
	w.user("eve")
	must[*sdk.CreateGroupOutput](w)(w.CreateGroup(ctx(), &sdk.CreateGroupInput{GroupName: aws.String("staff")}))
	document := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	must[*sdk.CreatePolicyOutput](w)(w.CreatePolicy(ctx(), &sdk.CreatePolicyInput{PolicyName: aws.String("all"), PolicyDocument: document}))
	trust := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	must[*sdk.CreateRoleOutput](w)(w.CreateRole(ctx(), &sdk.CreateRoleInput{RoleName: aws.String("web"), AssumeRolePolicyDocument: trust}))
	must[*sdk.CreateInstanceProfileOutput](w)(w.CreateInstanceProfile(ctx(), &sdk.CreateInstanceProfileInput{InstanceProfileName: aws.String("web")}))
	must[*sdk.CreateVirtualMFADeviceOutput](w)(w.CreateVirtualMFADevice(ctx(), &sdk.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("bob")}))
	after := summary()
	more := map[string]int32{"Users": 2, "Groups": 1, "Policies": 1, "PolicyVersionsInUse": 1, "Roles": 1, "InstanceProfiles": 1, "MFADevices": 1}
	for name := range after {
		if got := after[name] - before[name]; got != more[name] {
			t.Errorf("%s: %d more, want %d", name, got, more[name])
		}
	}
}
