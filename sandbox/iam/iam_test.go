package iam_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/core"
	"pawsh/sandbox/iam"
	"pawsh/sandbox/wire"
)

// world is an IAM on loopback and its root's client.
type world struct {
	*testing.T
	*sdk.Client
	cloud *iam.Cloud
	url   string
}

func newWorld(t *testing.T) *world {
	cloud := iam.New(core.New(nil, nil, ""), "AKIDROOT", "secret")
	service := wire.IAM()
	service.Authenticate(&wire.Verifier{Keys: cloud, Now: time.Now})
	cloud.Register(service)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	w := &world{T: t, cloud: cloud, url: server.URL}
	w.Client = w.as("AKIDROOT", "secret")
	return w
}

func (w *world) as(id, secret string) *sdk.Client {
	return sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")})
}

func ctx() context.Context { return context.Background() }

func (w *world) refused(what string, err error, code, text string) {
	w.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), text) {
		w.Errorf("%s: %v, want %s: ...%s...", what, err, code, text)
	}
}

func must[T any](w *world) func(T, error) T {
	return func(v T, err error) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}

func (w *world) user(name string) *types.User {
	w.Helper()
	return must[*sdk.CreateUserOutput](w)(w.CreateUser(ctx(), &sdk.CreateUserInput{UserName: &name})).User
}

func TestUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.GetUser(ctx(), &sdk.GetUserInput{UserName: aws.String("cat")})
	w.refused("get none", err, "NoSuchEntity", "The user with name cat cannot be found.")
	u := w.user("cat")
	if *u.Arn != "arn:aws:iam::123456789012:user/cat" || !strings.HasPrefix(*u.UserId, "AIDA") || len(*u.UserId) != 21 || *u.Path != "/" {
		t.Errorf("user %+v", u)
	}
	_, err = w.CreateUser(ctx(), &sdk.CreateUserInput{UserName: aws.String("CAT")})
	w.refused("again", err, "EntityAlreadyExists", "User with name CAT already exists.")
	_, err = w.CreateUser(ctx(), &sdk.CreateUserInput{UserName: aws.String("c t")})
	w.refused("bad name", err, "ValidationError", "userName")
	_, err = w.CreateUser(ctx(), &sdk.CreateUserInput{UserName: aws.String("x"), Path: aws.String("pets")})
	w.refused("bad path", err, "ValidationError", "path")
	must[*sdk.CreateUserOutput](w)(w.CreateUser(ctx(), &sdk.CreateUserInput{UserName: aws.String("dog"), Path: aws.String("/pets/"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}))
	list := must[*sdk.ListUsersOutput](w)(w.ListUsers(ctx(), &sdk.ListUsersInput{PathPrefix: aws.String("/pets/")})).Users
	if len(list) != 1 || *list[0].Arn != "arn:aws:iam::123456789012:user/pets/dog" {
		t.Errorf("under /pets/: %v", list)
	}
	must[*sdk.UpdateUserOutput](w)(w.UpdateUser(ctx(), &sdk.UpdateUserInput{UserName: aws.String("dog"), NewUserName: aws.String("puppy")}))
	must[*sdk.TagUserOutput](w)(w.TagUser(ctx(), &sdk.TagUserInput{UserName: aws.String("puppy"), Tags: []types.Tag{{Key: aws.String("A"), Value: aws.String("c")}}}))
	tags := must[*sdk.ListUserTagsOutput](w)(w.ListUserTags(ctx(), &sdk.ListUserTagsInput{UserName: aws.String("puppy")})).Tags
	if len(tags) != 1 || *tags[0].Value != "c" {
		t.Errorf("tags %v", tags)
	}
	p := sdk.NewListUsersPaginator(w, &sdk.ListUsersInput{MaxItems: aws.Int32(1)})
	var names []string
	for p.HasMorePages() {
		for _, u := range must[*sdk.ListUsersOutput](w)(p.NextPage(ctx())).Users {
			names = append(names, *u.UserName)
		}
	}
	if fmt.Sprint(names) != "[cat puppy]" {
		t.Errorf("paged: %v", names)
	}
	root := must[*sdk.GetUserOutput](w)(w.GetUser(ctx(), &sdk.GetUserInput{})).User
	if *root.Arn != "arn:aws:iam::123456789012:root" {
		t.Errorf("root %v", *root.Arn)
	}
}

func TestAccessKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	name := aws.String("cat")
	k := must[*sdk.CreateAccessKeyOutput](w)(w.CreateAccessKey(ctx(), &sdk.CreateAccessKeyInput{UserName: name})).AccessKey
	if !strings.HasPrefix(*k.AccessKeyId, "AKIA") || len(*k.AccessKeyId) != 20 || len(*k.SecretAccessKey) != 40 || k.Status != "Active" {
		t.Errorf("key %v %v", *k.AccessKeyId, k.Status)
	}
	cat := w.as(*k.AccessKeyId, *k.SecretAccessKey)
	if me := must[*sdk.GetUserOutput](w)(cat.GetUser(ctx(), &sdk.GetUserInput{})).User; *me.UserName != "cat" {
		t.Errorf("the key is %s's", *me.UserName)
	}
	last := must[*sdk.GetAccessKeyLastUsedOutput](w)(w.GetAccessKeyLastUsed(ctx(), &sdk.GetAccessKeyLastUsedInput{AccessKeyId: k.AccessKeyId}))
	if *last.UserName != "cat" || *last.AccessKeyLastUsed.ServiceName != "iam" {
		t.Errorf("last used %+v", last.AccessKeyLastUsed)
	}
	must[*sdk.CreateAccessKeyOutput](w)(w.CreateAccessKey(ctx(), &sdk.CreateAccessKeyInput{UserName: name}))
	_, err := w.CreateAccessKey(ctx(), &sdk.CreateAccessKeyInput{UserName: name})
	w.refused("third key", err, "LimitExceeded", "AccessKeysPerUser: 2")
	if n := len(must[*sdk.ListAccessKeysOutput](w)(w.ListAccessKeys(ctx(), &sdk.ListAccessKeysInput{UserName: name})).AccessKeyMetadata); n != 2 {
		t.Errorf("%d keys", n)
	}
	must[*sdk.UpdateAccessKeyOutput](w)(w.UpdateAccessKey(ctx(), &sdk.UpdateAccessKeyInput{UserName: name, AccessKeyId: k.AccessKeyId, Status: "Inactive"}))
	_, err = cat.GetUser(ctx(), &sdk.GetUserInput{})
	w.refused("inactive key", err, "InvalidClientTokenId", "security token")
	_, err = w.DeleteUser(ctx(), &sdk.DeleteUserInput{UserName: name})
	w.refused("delete with keys", err, "DeleteConflict", "must delete access keys first")
	_, err = w.DeleteAccessKey(ctx(), &sdk.DeleteAccessKeyInput{AccessKeyId: k.AccessKeyId})
	w.refused("another's key", err, "NoSuchEntity", "cannot be found")
	must[*sdk.DeleteAccessKeyOutput](w)(w.DeleteAccessKey(ctx(), &sdk.DeleteAccessKeyInput{UserName: name, AccessKeyId: k.AccessKeyId}))
	_, err = w.CreateAccessKey(ctx(), &sdk.CreateAccessKeyInput{UserName: aws.String("dog")})
	w.refused("for none", err, "NoSuchEntity", "dog")
	if keys := must[*sdk.ListAccessKeysOutput](w)(w.ListAccessKeys(ctx(), &sdk.ListAccessKeysInput{})).AccessKeyMetadata; len(keys) != 1 || *keys[0].AccessKeyId != "AKIDROOT" {
		t.Errorf("the account's own keys: %v", keys)
	}
}

func TestUserPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	put := func(name, text string) error {
		_, err := w.PutUserPolicy(ctx(), &sdk.PutUserPolicyInput{UserName: aws.String("cat"), PolicyName: &name, PolicyDocument: &text})
		return err
	}
	good := `{"Statement": [{"Effect": "Allow", "Action": ["cloudwatch:PutMetricData"], "Resource": "*"}]}`
	if err := put("metrics", good); err != nil {
		t.Fatal(err)
	}
	got := must[*sdk.GetUserPolicyOutput](w)(w.GetUserPolicy(ctx(), &sdk.GetUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("metrics")}))
	if text, err := url.PathUnescape(*got.PolicyDocument); err != nil || text != good || strings.ContainsAny(*got.PolicyDocument, "+ {") {
		t.Errorf("document %q", *got.PolicyDocument)
	}
	for _, tt := range []struct{ name, text, code, message string }{
		{"p", "cats", "MalformedPolicyDocument", "Syntax errors"},
		{"p", `{"Statement":[]}`, "MalformedPolicyDocument", "Syntax errors"},
		{"p", `{"Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}`, "MalformedPolicyDocument", "Syntax errors"},
		{"p", `{"Statement":{"Effect":"Allow","Resource":"*"}}`, "MalformedPolicyDocument", "must contain actions"},
		{"p", `{"Statement":{"Effect":"Allow","Action":"*"}}`, "MalformedPolicyDocument", "must contain resources"},
		{"p", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}`, "MalformedPolicyDocument", "principal"},
		{"p", `{"Version":"1999","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, "MalformedPolicyDocument", "version"},
		{"a b", good, "ValidationError", "policyName"},
		{"p", `{"Statement":{"Effect":"Allow","Action":"s3:` + strings.Repeat("x", 2048) + `","Resource":"*"}}`, "LimitExceeded", "Maximum policy size"},
	} {
		w.refused(tt.text[:min(len(tt.text), 40)], put(tt.name, tt.text), tt.code, tt.message)
	}
	if names := must[*sdk.ListUserPoliciesOutput](w)(w.ListUserPolicies(ctx(), &sdk.ListUserPoliciesInput{UserName: aws.String("cat")})).PolicyNames; fmt.Sprint(names) != "[metrics]" {
		t.Errorf("policies %v", names)
	}
	_, err := w.DeleteUser(ctx(), &sdk.DeleteUserInput{UserName: aws.String("cat")})
	w.refused("delete with policies", err, "DeleteConflict", "must delete policies first")
	_, err = w.GetUserPolicy(ctx(), &sdk.GetUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("x")})
	w.refused("no policy", err, "NoSuchEntity", "The user policy with name x cannot be found.")
	must[*sdk.DeleteUserPolicyOutput](w)(w.DeleteUserPolicy(ctx(), &sdk.DeleteUserPolicyInput{UserName: aws.String("cat"), PolicyName: aws.String("metrics")}))
	must[*sdk.DeleteUserOutput](w)(w.DeleteUser(ctx(), &sdk.DeleteUserInput{UserName: aws.String("cat")}))
}
