package sts_test

import (
	"fmt"
	"strings"
	"testing"

	"pawsh/bindings/session"
	"pawsh/bindings/session/sessiontest"
	"pawsh/bindings/sts"
)

const keys = `<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>TOPSECRET</SecretAccessKey><SessionToken>TOPTOKEN</SessionToken><Expiration>2026-11-22T12:00:00Z</Expiration></Credentials>`

func TestIdentitiesAndKeys(t *testing.T) {
	t.Parallel()
	s := sessiontest.New(t, map[string][]string{
		"GetCallerIdentity": {`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/paws</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
			`403 <ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>`},
		"GetSessionToken": {`<GetSessionTokenResponse><GetSessionTokenResult>` + keys + `</GetSessionTokenResult></GetSessionTokenResponse>`},
		"AssumeRole":      {`<AssumeRoleResponse><AssumeRoleResult>` + keys + `<AssumedRoleUser><Arn>arn:role</Arn><AssumedRoleId>AROA:me</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`},
	})
	c, err := sts.Connect(s.Env)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := c.GetCallerIdentity(); err != nil || id.Account != "123456789012" || id.String() != "Identity:arn:aws:iam::123456789012:user/paws" || id.UserID != "AIDA" {
		t.Errorf("identity %+v, %v", id, err)
	}
	_, err = c.GetCallerIdentity()
	if _, hint := session.Explain(err); session.Code(err) != "ExpiredToken" || !strings.Contains(hint, "expired") {
		t.Errorf("expired: %v, hint %q", err, hint)
	}
	token, err := c.GetSessionToken(900)
	if err != nil || token.AccessKey != "ASIA" || token.SecretKey != "TOPSECRET" || token.SessionToken != "TOPTOKEN" || token.Expiration.IsZero() {
		t.Errorf("token of %v, %v", token, err)
	}
	s.Form("GetSessionToken", map[string]string{"DurationSeconds": "900"})
	role, err := c.AssumeRole("arn:role", "me")
	if err != nil || role.String() != "AssumedRole:arn:role" || role.RoleID != "AROA:me" {
		t.Errorf("role %v, %v", role, err)
	}
	s.Form("AssumeRole", map[string]string{"RoleArn": "arn:role", "RoleSessionName": "me"})
	if text := fmt.Sprintf("%v %+v %#v", token, role.Credentials, token); strings.Contains(text, "TOP") {
		t.Errorf("printing shows a secret: %s", text)
	}
	if _, err := sts.Connect(s.Env, role.Credentials.Options()...); err != nil {
		t.Error(err)
	}
}
