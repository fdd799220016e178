package iam_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

const queuePolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}}`

// may reports whether cat may send a message, and what he is told.
func (w *world) may(caller wire.Caller) (bool, string) {
	w.Helper()
	in := &sqs.SendMessageInput{QueueUrl: aws.String("http://127.0.0.1/123456789012/paws")}
	ran := false
	_, err := w.cloud.Guard("sqs", nil)(wire.WithCaller(ctx(), caller), "SendMessage", in, func(context.Context) (any, error) { ran = true; return nil, nil })
	var e *wire.Error
	if errors.As(err, &e) {
		return ran, e.Message
	}
	return ran, ""
}

func cat() wire.Caller {
	return wire.Caller{AccountID: core.DefaultAccountID, AccessKeyID: "AKIDCAT", UserName: "cat", UserARN: "arn:aws:iam::123456789012:user/cat", Region: "us-east-1", SecretKind: "user"}
}

func TestGroupsGivePolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	name := aws.String("senders")
	must[*sdk.CreateGroupOutput](w)(w.CreateGroup(ctx(), &sdk.CreateGroupInput{GroupName: name}))
	_, err := w.CreateGroup(ctx(), &sdk.CreateGroupInput{GroupName: name})
	w.refused("again", err, "EntityAlreadyExists", "senders")
	must[*sdk.PutGroupPolicyOutput](w)(w.PutGroupPolicy(ctx(), &sdk.PutGroupPolicyInput{GroupName: name, PolicyName: aws.String("p"), PolicyDocument: aws.String(queuePolicy)}))
	if ran, _ := w.may(cat()); ran {
		t.Error("no member yet, and yet allowed")
	}
	must[*sdk.AddUserToGroupOutput](w)(w.AddUserToGroup(ctx(), &sdk.AddUserToGroupInput{GroupName: name, UserName: aws.String("cat")}))
	if ran, text := w.may(cat()); !ran {
		t.Errorf("a member: %s", text)
	}
	got := must[*sdk.GetGroupOutput](w)(w.GetGroup(ctx(), &sdk.GetGroupInput{GroupName: name}))
	of := must[*sdk.ListGroupsForUserOutput](w)(w.ListGroupsForUser(ctx(), &sdk.ListGroupsForUserInput{UserName: aws.String("cat")}))
	if len(got.Users) != 1 || *got.Users[0].UserName != "cat" || len(of.Groups) != 1 || *of.Groups[0].Arn != "arn:aws:iam::123456789012:group/senders" {
		t.Errorf("group %+v, groups %+v", got, of)
	}
	_, err = w.DeleteUser(ctx(), &sdk.DeleteUserInput{UserName: aws.String("cat")})
	w.refused("a member", err, "DeleteConflict", "from group")
	_, err = w.DeleteGroup(ctx(), &sdk.DeleteGroupInput{GroupName: name})
	w.refused("with members", err, "DeleteConflict", "users")
	must[*sdk.RemoveUserFromGroupOutput](w)(w.RemoveUserFromGroup(ctx(), &sdk.RemoveUserFromGroupInput{GroupName: name, UserName: aws.String("cat")}))
	_, err = w.DeleteGroup(ctx(), &sdk.DeleteGroupInput{GroupName: name})
	w.refused("with policies", err, "DeleteConflict", "policies")
	_, err = w.GetGroup(ctx(), &sdk.GetGroupInput{GroupName: aws.String("none")})
	w.refused("missing", err, "NoSuchEntity", "group with name none")
}

func TestManagedPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	p := must[*sdk.CreatePolicyOutput](w)(w.CreatePolicy(ctx(), &sdk.CreatePolicyInput{PolicyName: aws.String("send"), PolicyDocument: aws.String(queuePolicy)})).Policy
	if *p.Arn != "arn:aws:iam::123456789012:policy/send" || *p.DefaultVersionId != "v1" {
		t.Errorf("policy %+v", p)
	}
	attach := func(arn string) error {
		_, err := w.AttachUserPolicy(ctx(), &sdk.AttachUserPolicyInput{UserName: aws.String("cat"), PolicyArn: &arn})
		return err
	}
	if err := attach(*p.Arn); err != nil {
		t.Fatal(err)
	}
	if ran, text := w.may(cat()); !ran {
		t.Errorf("attached: %s", text)
	}
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"sqs:*","Resource":"*"}]}`
	v2 := must[*sdk.CreatePolicyVersionOutput](w)(w.CreatePolicyVersion(ctx(), &sdk.CreatePolicyVersionInput{PolicyArn: p.Arn, PolicyDocument: &deny, SetAsDefault: true})).PolicyVersion
	if ran, text := w.may(cat()); ran || !strings.Contains(text, "with an explicit deny in an identity-based policy") {
		t.Errorf("the new version denies: %v %s", ran, text)
	}
	_, err := w.DeletePolicyVersion(ctx(), &sdk.DeletePolicyVersionInput{PolicyArn: p.Arn, VersionId: v2.VersionId})
	w.refused("the default", err, "DeleteConflict", "default version")
	_, err = w.DeletePolicy(ctx(), &sdk.DeletePolicyInput{PolicyArn: p.Arn})
	w.refused("attached", err, "DeleteConflict", "attached")
	must[*sdk.DetachUserPolicyOutput](w)(w.DetachUserPolicy(ctx(), &sdk.DetachUserPolicyInput{UserName: aws.String("cat"), PolicyArn: p.Arn}))
	_, err = w.DeletePolicy(ctx(), &sdk.DeletePolicyInput{PolicyArn: p.Arn})
	w.refused("two versions", err, "DeleteConflict", "more than one version")
	if err := attach("arn:aws:iam::aws:policy/AmazonSQSFullAccess"); err != nil {
		t.Fatal(err)
	}
	if ran, text := w.may(cat()); !ran {
		t.Errorf("AWS's own policy: %s", text)
	}
	w.refused("missing", attach("arn:aws:iam::aws:policy/None"), "NoSuchEntity", "does not exist")
	_, err = w.CreatePolicyVersion(ctx(), &sdk.CreatePolicyVersionInput{PolicyArn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess"), PolicyDocument: aws.String(queuePolicy)})
	w.refused("AWS's own", err, "AccessDenied", "AWS's")
	list := must[*sdk.ListAttachedUserPoliciesOutput](w)(w.ListAttachedUserPolicies(ctx(), &sdk.ListAttachedUserPoliciesInput{UserName: aws.String("cat")}))
	if len(list.AttachedPolicies) != 1 || *list.AttachedPolicies[0].PolicyName != "AmazonSQSFullAccess" {
		t.Errorf("attached %+v", list.AttachedPolicies)
	}
}

func TestDocumentsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	for name, tt := range map[string]struct{ text, want string }{
		"nonsense":       {`{`, "Syntax errors"},
		"effect":         {`{"Statement":{"Effect":"Maybe","Action":"s3:*","Resource":"*"}}`, "Syntax errors"},
		"principal":      {`{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}`, "principal"},
		"no actions":     {`{"Statement":{"Effect":"Allow","Resource":"*"}}`, "must contain actions"},
		"no resources":   {`{"Statement":{"Effect":"Allow","Action":"s3:*"}}`, "must contain resources"},
		"no vendor":      {`{"Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}}`, "prefaced by a vendor"},
		"bad vendor":     {`{"Statement":{"Effect":"Allow","Action":"s 3:Get","Resource":"*"}}`, "Vendor s 3 is not valid"},
		"no ARN":         {`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"paws"}}`, "ARN format"},
		"same statement": {`{"Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`, "must be unique"},
		"operator":       {`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Like":{}}}}`, "Syntax errors"},
	} {
		_, err := w.PutUserPolicy(ctx(), &sdk.PutUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("p"), PolicyDocument: aws.String(tt.text)})
		w.refused(name, err, "MalformedPolicyDocument", tt.want)
		if name == "principal" || name == "operator" || name == "no vendor" || name == "no ARN" || name == "no resources" {
			continue
		}
		_, err = w.CreateRole(ctx(), &sdk.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(tt.text)})
		w.refused(name+", as trust", err, "MalformedPolicyDocument", "")
	}
}

func TestConditionsKeepUsers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, condition string
		caller          func(*wire.Caller)
		want            bool
	}{
		{"time, passed", `{"DateLessThan":{"aws:CurrentTime":"2011-07-04T00:00:00Z"}}`, nil, false},
		{"time, to come", `{"DateLessThan":{"aws:CurrentTime":"2111-07-04T00:00:00Z"}}`, nil, true},
		{"secure", `{"Bool":{"aws:SecureTransport":"true"}}`, nil, false},
		{"user", `{"StringEquals":{"aws:username":"cat"}}`, nil, true},
		{"region", `{"StringEquals":{"aws:RequestedRegion":["eu-west-1","us-east-1"]}}`, nil, true},
		{"MFA with a lasting key", `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, nil, false},
		{"no MFA with a lasting key", `{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`, nil, true},
		{"MFA", `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, func(c *wire.Caller) { c.SecretKind, c.Session = "session", wire.Session{MFA: true} }, true},
		{"MFA long ago", `{"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}`, func(c *wire.Caller) {
			c.SecretKind, c.Session = "session", wire.Session{MFA: true, Issued: time.Now().Add(-time.Hour)}
		}, false},
		{"tag of the user", `{"StringEquals":{"aws:PrincipalTag/paw":"left"}}`, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.user("cat")
			must[*sdk.TagUserOutput](w)(w.TagUser(ctx(), &sdk.TagUserInput{UserName: aws.String("cat"), Tags: []types.Tag{{Key: aws.String("paw"), Value: aws.String("left")}}}))
			text := strings.Replace(queuePolicy, `"Resource"`, `"Condition":`+tt.condition+`,"Resource"`, 1)
			must[*sdk.PutUserPolicyOutput](w)(w.PutUserPolicy(ctx(), &sdk.PutUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("p"), PolicyDocument: &text}))
			c := cat()
			if tt.caller != nil {
				tt.caller(&c)
			}
			if ran, said := w.may(c); ran != tt.want {
				t.Errorf("allowed %v: %s", ran, said)
			}
		})
	}
}

func TestRefusalsOfEC2CanBeDecoded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	in := &struct{ InstanceIds []string }{[]string{"i-01234567"}}
	_, err := w.cloud.Guard("ec2", nil)(wire.WithCaller(ctx(), cat()), "StopInstances", in, func(context.Context) (any, error) { return nil, nil })
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != "UnauthorizedOperation" {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"User: arn:aws:iam::123456789012:user/cat is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/i-01234567",
		"because no identity-based policy allows the ec2:StopInstances action. Encoded authorization failure message: "} {
		if !strings.Contains(e.Message, want) {
			t.Errorf("%s\nhas no %s", e.Message, want)
		}
	}
	_, encoded, _ := strings.Cut(e.Message, "message: ")
	text, ok := w.cloud.DecodeAuthorization(encoded)
	var m struct {
		Allowed, ExplicitDeny bool
		Context               struct{ Action, Resource string }
	}
	if err := json.Unmarshal([]byte(text), &m); !ok || err != nil || m.Allowed || m.ExplicitDeny || m.Context.Action != "ec2:StopInstances" || !strings.HasSuffix(m.Context.Resource, "i-01234567") {
		t.Errorf("decoded %q %v %v", text, ok, err)
	}
	for _, bad := range []string{"", "?", encoded[1:], "AAAA"} {
		if _, ok := w.cloud.DecodeAuthorization(bad); ok {
			t.Errorf("%.20q was decoded", bad)
		}
	}
}

func TestMFADevices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	root := wire.Caller{AccountID: core.DefaultAccountID, UserARN: "arn:aws:iam::123456789012:root"}
	serial, code, left := w.cloud.MFA()
	if !strings.HasSuffix(serial, ":mfa/root-account-mfa-device") || len(code) != 6 || left <= 0 || left > 30*time.Second {
		t.Errorf("the account's: %s %s %v", serial, code, left)
	}
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for _, tt := range []struct {
		name         string
		caller       wire.Caller
		serial, code string
		want         bool
	}{{"right", root, serial, code, true}, {"wrong code", root, serial, wrong, false}, {"no code", root, serial, "", false}, {"wrong device", root, serial + "x", code, false}, {"another's", cat(), serial, code, false}} {
		if got := w.cloud.CheckMFA(tt.caller, tt.serial, tt.code); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	d := must[*sdk.CreateVirtualMFADeviceOutput](w)(w.CreateVirtualMFADevice(ctx(), &sdk.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("collar")})).VirtualMFADevice
	if len(d.Base32StringSeed) == 0 {
		t.Error("no seed")
	}
	_, err := w.EnableMFADevice(ctx(), &sdk.EnableMFADeviceInput{UserName: aws.String("cat"), SerialNumber: d.SerialNumber, AuthenticationCode1: aws.String("123"), AuthenticationCode2: aws.String("456")})
	if err == nil {
		t.Error("nonsense codes enabled a device")
	}
	must[*sdk.DeleteVirtualMFADeviceOutput](w)(w.DeleteVirtualMFADevice(ctx(), &sdk.DeleteVirtualMFADeviceInput{SerialNumber: d.SerialNumber}))
	_, err = w.DeleteVirtualMFADevice(ctx(), &sdk.DeleteVirtualMFADeviceInput{SerialNumber: &serial})
	w.refused("in use", err, "DeleteConflict", "deactivate")
}
