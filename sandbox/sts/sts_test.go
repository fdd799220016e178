package sts_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"pawsh/sandbox/core"
	"pawsh/sandbox/iam"
	"pawsh/sandbox/sts"
	"pawsh/sandbox/wire"
)

type ring []wire.Keys

func (r ring) LookupKey(ctx context.Context, id string) (wire.Key, bool) {
	for _, k := range r {
		if key, ok := k.LookupKey(ctx, id); ok {
			return key, true
		}
	}
	return wire.Key{}, false
}

func TestIdentityAndSessions(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	env := core.New(clock, nil, "")
	keys := iam.New(env, "AKIDROOT", "secret")
	cloud := sts.New(env, keys)
	service := wire.STS()
	service.Authenticate(&wire.Verifier{Keys: ring{keys, cloud}, Now: clock, Wall: time.Now})
	cloud.Register(service)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	as := func(id, secret, token string) *sdk.Client {
		return sdk.New(sdk.Options{Region: "us-east-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider(id, secret, token)})
	}
	refused := func(err error, code, text string) {
		t.Helper()
		var e smithy.APIError
		if !errors.As(err, &e) || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), text) {
			t.Errorf("%v, want %s: ...%s...", err, code, text)
		}
	}
	ctx := context.Background()
	root := as("AKIDROOT", "secret", "")
	who, err := root.GetCallerIdentity(ctx, &sdk.GetCallerIdentityInput{})
	if err != nil || *who.Account != "123456789012" || *who.Arn != "arn:aws:iam::123456789012:root" || *who.UserId != "123456789012" {
		t.Fatalf("root: %+v %v", who, err)
	}
	_, err = as("AKIDROOT", "wrong", "").GetCallerIdentity(ctx, &sdk.GetCallerIdentityInput{})
	refused(err, "SignatureDoesNotMatch", "signature")
	_, err = root.GetSessionToken(ctx, &sdk.GetSessionTokenInput{DurationSeconds: aws.Int32(10)})
	refused(err, "ValidationError", "durationSeconds")
	_, err = root.GetSessionToken(ctx, &sdk.GetSessionTokenInput{TokenCode: aws.String("123456")})
	refused(err, "AccessDenied", "MultiFactorAuthentication")
	out, err := root.GetSessionToken(ctx, &sdk.GetSessionTokenInput{})
	if err != nil {
		t.Fatal(err)
	}
	c := out.Credentials
	if !strings.HasPrefix(*c.AccessKeyId, "ASIA") || time.Until(*c.Expiration) > time.Hour {
		t.Errorf("session %s until %v", *c.AccessKeyId, c.Expiration)
	}
	session := as(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
	if who, err := session.GetCallerIdentity(ctx, &sdk.GetCallerIdentityInput{}); err != nil || *who.Arn != "arn:aws:iam::123456789012:root" {
		t.Errorf("session: %v", err)
	}
	_, err = session.GetSessionToken(ctx, &sdk.GetSessionTokenInput{})
	refused(err, "AccessDenied", "session credentials")
	_, err = as(*c.AccessKeyId, *c.SecretAccessKey, "x").GetCallerIdentity(ctx, &sdk.GetCallerIdentityInput{})
	refused(err, "InvalidClientTokenId", "security token")
	if info, err := root.GetAccessKeyInfo(ctx, &sdk.GetAccessKeyInfoInput{AccessKeyId: aws.String("AKIDROOT00000000")}); err == nil {
		t.Errorf("unknown key is %s's", *info.Account)
	}
	if info, err := root.GetAccessKeyInfo(ctx, &sdk.GetAccessKeyInfoInput{AccessKeyId: c.AccessKeyId}); err != nil || *info.Account != "123456789012" {
		t.Errorf("key info: %v", err)
	}
	ahead.Store(int64(2 * time.Hour))
	_, err = session.GetCallerIdentity(ctx, &sdk.GetCallerIdentityInput{})
	refused(err, "ExpiredToken", "expired")
	ahead.Store(int64(48 * time.Hour))
	if _, err := root.GetSessionToken(ctx, &sdk.GetSessionTokenInput{}); err != nil {
		t.Fatal(err)
	}
	_, err = session.GetCallerIdentity(ctx, &sdk.GetCallerIdentityInput{})
	refused(err, "InvalidClientTokenId", "security token")
}
