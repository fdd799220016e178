package iam_test

import (
	"fmt"
	"strings"
	"testing"

	"pawsh/bindings/iam"
	"pawsh/bindings/session"
	"pawsh/bindings/session/sessiontest"
)

func xml(operation, result string) string {
	return "<" + operation + "Response><" + operation + "Result>" + result + "</" + operation + "Result></" + operation + "Response>"
}

const (
	bob   = "<Path>/</Path><UserName>bob</UserName><UserId>AIDA</UserId><Arn>arn:aws:iam::1:user/bob</Arn><CreateDate>2026-11-22T10:00:00Z</CreateDate>"
	ops   = "<Path>/</Path><GroupName>ops</GroupName><GroupId>AGPA</GroupId><Arn>arn:aws:iam::1:group/ops</Arn>"
	gone  = "404 <ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no such user</Message></Error></ErrorResponse>"
	rules = `{"Statement":[{"Action":"ec2:*"}]}`
)

func connect(t *testing.T, answers map[string][]string) (*sessiontest.Script, *iam.Connection) {
	t.Helper()
	s := sessiontest.New(t, answers)
	c, err := iam.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// TestRestrictedUser is the cookbook's recipe: a user, a key, a policy.
func TestRestrictedUser(t *testing.T) {
	t.Parallel()
	s, c := connect(t, map[string][]string{
		"CreateUser":      {xml("CreateUser", "<User>"+bob+"</User>"), "409 <ErrorResponse><Error><Code>EntityAlreadyExists</Code><Message>there</Message></Error></ErrorResponse>"},
		"CreateAccessKey": {xml("CreateAccessKey", "<AccessKey><UserName>bob</UserName><AccessKeyId>AKIA</AccessKeyId><Status>Active</Status><SecretAccessKey>TOPSECRET</SecretAccessKey></AccessKey>")},
		"PutUserPolicy":   {xml("PutUserPolicy", "")},
		"GetUserPolicy":   {xml("GetUserPolicy", "<UserName>bob</UserName><PolicyName>p</PolicyName><PolicyDocument>%7B%22Statement%22%3A%5B%7B%22Action%22%3A%22ec2%3A%2A%22%7D%5D%7D</PolicyDocument>")},
	})
	u, err := c.CreateUser("bob", "/staff/")
	if err != nil || u.String() != "User:bob" || u.UserID != "AIDA" || u.CreateDate.IsZero() {
		t.Errorf("user %+v, %v", u, err)
	}
	s.Form("CreateUser", map[string]string{"UserName": "bob", "Path": "/staff/"})
	if _, err := c.CreateUser("bob"); session.Code(err) != "EntityAlreadyExists" {
		t.Errorf("the user again: %v", err)
	}
	k, err := c.CreateAccessKey("bob")
	if err != nil || k.AccessKeyID != "AKIA" || k.SecretAccessKey != "TOPSECRET" || k.Status != "Active" {
		t.Errorf("key %v, %v", k, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", k, k, k); strings.Contains(text, "TOP") {
		t.Errorf("printing shows the secret: %s", text)
	}
	if ok, err := c.PutUserPolicy("bob", "p", rules); !ok || err != nil {
		t.Errorf("policy %v, %v", ok, err)
	}
	s.Form("PutUserPolicy", map[string]string{"UserName": "bob", "PolicyName": "p", "PolicyDocument": rules})
	if p, err := c.GetUserPolicy("bob", "p"); err != nil || p.PolicyDocument != rules || p.String() != "UserPolicy:p" {
		t.Errorf("policy %+v, %v", p, err)
	}
}

func TestUsersKeysAndGroups(t *testing.T) {
	t.Parallel()
	s, c := connect(t, map[string][]string{
		"GetUser":             {xml("GetUser", "<User>"+bob+"</User>"), gone},
		"ListUsers":           {xml("ListUsers", "<Users><member>"+bob+"</member></Users><IsTruncated>true</IsTruncated><Marker>m</Marker>"), xml("ListUsers", "<Users><member>"+bob+"</member></Users><IsTruncated>false</IsTruncated>")},
		"ListAccessKeys":      {xml("ListAccessKeys", "<AccessKeyMetadata><member><UserName>bob</UserName><AccessKeyId>AKIA</AccessKeyId><Status>Inactive</Status></member></AccessKeyMetadata>")},
		"ListUserPolicies":    {xml("ListUserPolicies", "<PolicyNames><member>p</member></PolicyNames>")},
		"CreateGroup":         {xml("CreateGroup", "<Group>"+ops+"</Group>")},
		"ListGroups":          {xml("ListGroups", "<Groups><member>"+ops+"</member></Groups>")},
		"ListGroupsForUser":   {xml("ListGroupsForUser", "<Groups><member>"+ops+"</member></Groups>")},
		"AddUserToGroup":      {xml("AddUserToGroup", "")},
		"RemoveUserFromGroup": {xml("RemoveUserFromGroup", "")},
		"AttachUserPolicy":    {xml("AttachUserPolicy", "")},
		"DetachUserPolicy":    {xml("DetachUserPolicy", "")},
		"DeleteUserPolicy":    {xml("DeleteUserPolicy", "")},
		"DeleteAccessKey":     {xml("DeleteAccessKey", "")},
		"DeleteUser":          {xml("DeleteUser", "")},
		"DeleteGroup":         {xml("DeleteGroup", "")},
	})
	if u, err := c.GetUser(); err != nil || u.UserName != "bob" {
		t.Errorf("the caller: %v, %v", u, err)
	}
	s.Form("GetUser", map[string]string{"UserName": ""})
	if _, err := c.GetUser("nobody"); session.Code(err) != "NoSuchEntity" {
		t.Errorf("unknown user: %v", err)
	}
	if list, err := c.GetAllUsers("/"); err != nil || fmt.Sprint(list) != "[User:bob User:bob]" {
		t.Errorf("users %v, %v", list, err)
	}
	if list, err := c.GetAllAccessKeys("bob"); err != nil || fmt.Sprint(list) != "[AccessKey:AKIA]" || list[0].Status != "Inactive" {
		t.Errorf("keys %v, %v", list, err)
	}
	if list, err := c.GetAllUserPolicies("bob"); err != nil || fmt.Sprint(list) != "[p]" {
		t.Errorf("policies %v, %v", list, err)
	}
	if g, err := c.CreateGroup("ops"); err != nil || g.String() != "Group:ops" {
		t.Errorf("group %v, %v", g, err)
	}
	if list, err := c.GetAllGroups(); err != nil || fmt.Sprint(list) != "[Group:ops]" {
		t.Errorf("groups %v, %v", list, err)
	}
	if list, err := c.GetGroupsForUser("bob"); err != nil || fmt.Sprint(list) != "[Group:ops]" {
		t.Errorf("groups of the user %v, %v", list, err)
	}
	for operation, tt := range map[string]struct {
		call func() (bool, error)
		form map[string]string
	}{
		"AddUserToGroup":      {func() (bool, error) { return c.AddUserToGroup("ops", "bob") }, map[string]string{"GroupName": "ops", "UserName": "bob"}},
		"RemoveUserFromGroup": {func() (bool, error) { return c.RemoveUserFromGroup("ops", "bob") }, map[string]string{"GroupName": "ops", "UserName": "bob"}},
		"AttachUserPolicy":    {func() (bool, error) { return c.AttachUserPolicy("arn", "bob") }, map[string]string{"PolicyArn": "arn", "UserName": "bob"}},
		"DetachUserPolicy":    {func() (bool, error) { return c.DetachUserPolicy("arn", "bob") }, map[string]string{"PolicyArn": "arn", "UserName": "bob"}},
		"DeleteUserPolicy":    {func() (bool, error) { return c.DeleteUserPolicy("bob", "p") }, map[string]string{"PolicyName": "p", "UserName": "bob"}},
		"DeleteAccessKey":     {func() (bool, error) { return c.DeleteAccessKey("AKIA", "bob") }, map[string]string{"AccessKeyId": "AKIA", "UserName": "bob"}},
		"DeleteUser":          {func() (bool, error) { return c.DeleteUser("bob") }, map[string]string{"UserName": "bob"}},
		"DeleteGroup":         {func() (bool, error) { return c.DeleteGroup("ops") }, map[string]string{"GroupName": "ops"}},
	} {
		if ok, err := tt.call(); !ok || err != nil {
			t.Errorf("%s: %v, %v", operation, ok, err)
		}
		s.Form(operation, tt.form)
	}
}
