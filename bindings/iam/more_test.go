package iam_test

import (
	"testing"

	"pawsh/bindings/iam"
	"pawsh/bindings/session/sessiontest"
)

func TestPoliciesAndUpdates(t *testing.T) {
	t.Parallel()
	answer := func(operation, result string) string {
		return "<" + operation + "Response><" + operation + "Result>" + result + "</" + operation + "Result></" + operation + "Response>"
	}
	const policy = `<PolicyName>p</PolicyName><Arn>arn:p</Arn><AttachmentCount>2</AttachmentCount><DefaultVersionId>v1</DefaultVersionId>`
	s := sessiontest.New(t, map[string][]string{
		"CreatePolicy": {answer("CreatePolicy", "<Policy>"+policy+"</Policy>")},
		"GetPolicy":    {answer("GetPolicy", "<Policy>"+policy+"</Policy>")},
		"ListPolicies": {answer("ListPolicies", "<IsTruncated>true</IsTruncated><Marker>m</Marker><Policies><member>"+policy+"</member></Policies>"), answer("ListPolicies", "<IsTruncated>false</IsTruncated><Policies><member>"+policy+"</member></Policies>")},
		"DeletePolicy": {answer("DeletePolicy", "")}, "UpdateUser": {answer("UpdateUser", "")}, "UpdateAccessKey": {answer("UpdateAccessKey", "")},
		"UpdateGroup": {answer("UpdateGroup", "")}, "PutGroupPolicy": {answer("PutGroupPolicy", "")}, "DeleteGroupPolicy": {answer("DeleteGroupPolicy", "")},
		"GetGroupPolicy":    {answer("GetGroupPolicy", "<GroupName>g</GroupName><PolicyName>p</PolicyName><PolicyDocument>%7B%7D</PolicyDocument>")},
		"ListGroupPolicies": {answer("ListGroupPolicies", "<IsTruncated>false</IsTruncated><PolicyNames><member>p</member></PolicyNames>")},
		"GetGroup":          {answer("GetGroup", "<IsTruncated>false</IsTruncated><Group><GroupName>g</GroupName></Group><Users><member><UserName>u</UserName></member></Users>")},
		"AttachGroupPolicy": {answer("AttachGroupPolicy", "")}, "DetachGroupPolicy": {answer("DetachGroupPolicy", "")},
		"ListAccountAliases": {answer("ListAccountAliases", "<AccountAliases><member>paws</member></AccountAliases>"), answer("ListAccountAliases", "<AccountAliases/>")},
		"CreateAccountAlias": {answer("CreateAccountAlias", "")}, "DeleteAccountAlias": {answer("DeleteAccountAlias", "")},
		"GetAccountSummary": {answer("GetAccountSummary", "<SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap>")},
	})
	c, err := iam.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	check := func(ok bool, err error) {
		t.Helper()
		if !ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
	}
	p, err := c.CreatePolicy("p", "{}", "why")
	check(err == nil && p.ARN == "arn:p" && p.AttachmentCount == 2 && p.String() == "Policy:p", err)
	s.Form("CreatePolicy", map[string]string{"PolicyName": "p", "PolicyDocument": "{}", "Description": "why"})
	p, err = c.GetPolicy("arn:p")
	check(err == nil && p.DefaultVersionID == "v1", err)
	list, err := c.ListPolicies()
	check(len(list) == 2, err)
	s.Form("ListPolicies", map[string]string{"Scope": "Local", "Marker": "m"})
	check(c.DeletePolicy("arn:p"))
	check(c.UpdateUser("u", "v", "/x/"))
	s.Form("UpdateUser", map[string]string{"UserName": "u", "NewUserName": "v", "NewPath": "/x/"})
	check(c.UpdateAccessKey("AK", "Inactive", "u"))
	s.Form("UpdateAccessKey", map[string]string{"AccessKeyId": "AK", "Status": "Inactive", "UserName": "u"})
	check(c.UpdateGroup("g", "h"))
	check(c.PutGroupPolicy("g", "p", "{}"))
	check(c.DeleteGroupPolicy("g", "p"))
	text, err := c.GetGroupPolicy("g", "p")
	check(text == "{}", err)
	names, err := c.GetAllGroupPolicies("g")
	check(len(names) == 1 && names[0] == "p", err)
	users, err := c.GetGroup("g")
	check(len(users) == 1 && users[0].UserName == "u", err)
	check(c.AttachGroupPolicy("arn:p", "g"))
	check(c.DetachGroupPolicy("arn:p", "g"))
	alias, err := c.GetAccountAlias()
	check(alias == "paws", err)
	alias, err = c.GetAccountAlias()
	check(alias == "", err)
	check(c.CreateAccountAlias("paws"))
	check(c.DeleteAccountAlias("paws"))
	summary, err := c.GetAccountSummary()
	check(summary["Users"] == 3, err)
}
