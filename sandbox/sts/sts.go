// Package sts emulates STS: who calls, and sessions. It keeps the keys of the
// sessions it gave out for the verifier of signatures, until they expire. It
// speaks no protocol.
package sts

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"pawsh/sandbox/core"
	"pawsh/sandbox/iam"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// How long sessions last.
const (
	minSession     = 900
	maxSession     = 129600
	maxRootSession = 3600
	defaultSession = 43200
)

// Cloud is the STS of one account. It is safe for concurrent use.
type Cloud struct {
	env  *core.Env `store:"-"`
	keys wire.Keys `store:"-"` // who the account's lasting keys belong to
	dir  Directory `store:"-"`

	mu       store.Mutex
	sessions map[string]wire.Key
}

// New returns an STS without sessions, of the account whose users these are.
func New(env *core.Env, users *iam.Cloud) *Cloud {
	return &Cloud{env: env, keys: users, dir: users, sessions: map[string]wire.Key{}}
}

// LookupKey gives the verifier the key of a session. One that has expired is
// still known, so that its user learns that it has.
func (c *Cloud) LookupKey(_ context.Context, accessKeyID string) (wire.Key, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.sessions[accessKeyID]
	return k, ok
}

// Register makes c answer the operations of s that are built.
func (c *Cloud) Register(s *wire.Service) {
	wire.Handle(s, "GetCallerIdentity", c.getCallerIdentity)
	wire.Handle(s, "GetSessionToken", c.getSessionToken)
	wire.Handle(s, "GetAccessKeyInfo", c.getAccessKeyInfo)
	wire.Handle(s, "AssumeRole", c.assumeRole)
	wire.Handle(s, "GetFederationToken", c.getFederationToken)
	wire.Handle(s, "DecodeAuthorizationMessage", c.decodeAuthorizationMessage)
}

func (c *Cloud) getCallerIdentity(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	caller := wire.CallerFrom(ctx)
	id := caller.UserID
	if id == "" {
		id = caller.AccountID
	}
	return &sts.GetCallerIdentityOutput{Account: aws.String(caller.AccountID), Arn: aws.String(caller.UserARN), UserId: aws.String(id)}, nil
}

func (c *Cloud) getSessionToken(ctx context.Context, in *sts.GetSessionTokenInput) (*sts.GetSessionTokenOutput, error) {
	caller := wire.CallerFrom(ctx)
	if caller.SecretKind == "session" {
		return nil, wire.Errorf("AccessDenied", http.StatusForbidden, "Cannot call GetSessionToken with session credentials")
	}
	if (in.SerialNumber != nil || in.TokenCode != nil) && !c.dir.CheckMFA(caller, aws.ToString(in.SerialNumber), aws.ToString(in.TokenCode)) {
		return nil, denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	seconds := int32(defaultSession)
	if in.DurationSeconds != nil {
		if seconds = *in.DurationSeconds; seconds < minSession || seconds > maxSession {
			return nil, wire.Errorf("ValidationError", http.StatusBadRequest, "1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must have value between %d and %d", seconds, minSession, maxSession)
		}
	}
	if caller.SecretKind == "root" {
		seconds = min(seconds, maxRootSession)
	}
	return &sts.GetSessionTokenOutput{Credentials: c.issue(wire.Key{AccountID: caller.AccountID, UserARN: caller.UserARN, UserName: caller.UserName, UserID: caller.UserID,
		Kind: "session", Session: wire.Session{MFA: in.SerialNumber != nil, Issued: c.env.Now()}}, seconds)}, nil
}

// remembered is how long an expired session is still told from one that
// never was.
const remembered = 24 * time.Hour

func (c *Cloud) forget() {
	for id, k := range c.sessions {
		if c.env.Now().Sub(k.Expires) > remembered {
			delete(c.sessions, id)
		}
	}
}

func (c *Cloud) getAccessKeyInfo(ctx context.Context, in *sts.GetAccessKeyInfoInput) (*sts.GetAccessKeyInfoOutput, error) {
	id := aws.ToString(in.AccessKeyId)
	k, ok := c.LookupKey(ctx, id)
	if !ok && c.keys != nil {
		k, ok = c.keys.LookupKey(ctx, id)
	}
	if !ok {
		return nil, wire.Errorf("ValidationError", http.StatusBadRequest, "No account was found for the access key ID provided.")
	}
	return &sts.GetAccessKeyInfoOutput{Account: aws.String(k.AccountID)}, nil
}
