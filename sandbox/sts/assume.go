package sts

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"pawsh/sandbox/iam"
	"pawsh/sandbox/policy"
	"pawsh/sandbox/wire"
)

// Directory is what STS asks of IAM.
type Directory interface {
	// RoleByARN finds a role.
	RoleByARN(arn string) (iam.Role, bool)
	// Judge says what the caller's own policies allow.
	Judge(ctx context.Context, caller wire.Caller, action, resource string, f policy.Facts) policy.Verdict
	// CheckMFA reports whether a code is what the caller's device shows.
	CheckMFA(caller wire.Caller, serial, code string) bool
	// DecodeAuthorization reads an encoded authorization message.
	DecodeAuthorization(text string) (string, bool)
}

var sessionForm = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

func invalid(format string, a ...any) error {
	return wire.Errorf("ValidationError", http.StatusBadRequest, format, a...)
}

func denied(format string, a ...any) error {
	return wire.Errorf("AccessDenied", http.StatusForbidden, format, a...)
}

// maxSessionPolicies is how many characters a session's policies have.
const maxSessionPolicies = 2048

// assumeRole gives the keys of a session of a role to whom its trust names.
func (c *Cloud) assumeRole(ctx context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	caller, arn, name := wire.CallerFrom(ctx), aws.ToString(in.RoleArn), aws.ToString(in.RoleSessionName)
	if !sessionForm.MatchString(name) {
		return nil, invalid("1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*", name)
	}
	if strings.HasSuffix(caller.UserARN, ":root") {
		return nil, denied("Roles may not be assumed by root accounts.")
	}
	role, found := c.dir.RoleByARN(arn)
	mfa := in.SerialNumber != nil
	if mfa && !c.dir.CheckMFA(caller, *in.SerialNumber, aws.ToString(in.TokenCode)) {
		return nil, denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	f := policy.Request(ctx, c.env.Now(), func(key string) []string {
		switch key {
		case "sts:externalid":
			if in.ExternalId != nil {
				return []string{*in.ExternalId}
			}
		case "sts:rolesessionname":
			return []string{name}
		case "aws:multifactorauthpresent":
			if mfa {
				return []string{"true"}
			}
		}
		return nil
	})
	if !found || !c.trusted(ctx, caller, role, f) {
		return nil, denied("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", caller.UserARN, arn)
	}
	longest := role.Longest
	if caller.Session.RoleName != "" {
		longest = min(longest, maxRootSession) // a role assumed by a role
	}
	seconds, err := duration(in.DurationSeconds, min(maxRootSession, longest), longest)
	if err != nil {
		return nil, err
	}
	session := wire.Session{RoleName: role.Name, MFA: mfa, Issued: c.env.Now(), Tags: map[string]string{}}
	if role.Path != "/" {
		session.RoleName = strings.TrimPrefix(role.Path, "/") + role.Name
	}
	for _, t := range in.Tags {
		session.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if session.Policies, err = sessionPolicies(in.Policy, len(in.PolicyArns)); err != nil {
		return nil, err
	}
	user := "arn:aws:sts::" + caller.AccountID + ":assumed-role/" + role.Name + "/" + name
	credentials := c.issue(wire.Key{AccountID: caller.AccountID, UserARN: user, UserID: role.ID + ":" + name, Kind: "session", Session: session}, seconds)
	return &sts.AssumeRoleOutput{Credentials: credentials, AssumedRoleUser: &types.AssumedRoleUser{Arn: aws.String(user), AssumedRoleId: aws.String(role.ID + ":" + name)}}, nil
}

// trusted reports whether the role's trust and the caller's own policies let
// him assume it. A trust that names him needs no policy of his own; one that
// names his account does.
func (c *Cloud) trusted(ctx context.Context, caller wire.Caller, role iam.Role, f policy.Facts) bool {
	own := c.dir.Judge(ctx, caller, "sts:AssumeRole", role.ARN, f)
	allowed := false
	for i := range role.Trust.Statements {
		s := &role.Trust.Statements[i]
		if !s.Covers("sts:AssumeRole", role.ARN, f) {
			continue
		}
		byName, byAccount := names(s.Principal, caller)
		switch {
		case s.NotPrincipal != nil:
		case s.Effect == "Deny" && (byName || byAccount):
			return false
		case s.Effect == "Allow":
			allowed = allowed || byName || byAccount && own.Allowed
		}
	}
	return allowed && !own.Denied
}

// names reports whether p names the caller himself, or his account.
func names(p *policy.Principals, c wire.Caller) (byName, byAccount bool) {
	if p == nil {
		return false, false
	}
	for _, who := range p.AWS {
		byName = byName || who == c.UserARN || who == policy.PrincipalARN(c)
		byAccount = byAccount || who == c.AccountID || who == "arn:aws:iam::"+c.AccountID+":root"
	}
	return byName || p.All, byAccount
}

func duration(asked *int32, usual, longest int32) (int32, error) {
	if asked == nil {
		return usual, nil
	}
	switch {
	case *asked < minSession:
		return 0, invalid("1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to %d", *asked, minSession)
	case *asked > longest:
		return 0, invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return *asked, nil
}

// sessionPolicies reads the policy that a session is narrowed by.
func sessionPolicies(text *string, arns int) ([]string, error) {
	if arns > 0 {
		return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "Sessions with managed policies are not implemented")
	}
	if aws.ToString(text) == "" {
		return nil, nil
	}
	if len(*text) > maxSessionPolicies {
		return nil, wire.Errorf("PackedPolicyTooLarge", http.StatusBadRequest, "Packed policy consumes %d%% of allotted space, please use smaller policy.", 100*len(*text)/maxSessionPolicies)
	}
	if _, err := policy.Parse(*text); err != nil {
		return nil, wire.Errorf("MalformedPolicyDocument", http.StatusBadRequest, "Syntax errors in policy.")
	}
	return []string{*text}, nil
}

// getFederationToken gives keys to somebody who is no user: they may do what
// the policy says, of what the caller may.
func (c *Cloud) getFederationToken(ctx context.Context, in *sts.GetFederationTokenInput) (*sts.GetFederationTokenOutput, error) {
	caller, name := wire.CallerFrom(ctx), aws.ToString(in.Name)
	if caller.SecretKind == "session" {
		return nil, denied("Cannot call GetFederationToken with session credentials")
	}
	if len(name) > 32 || !sessionForm.MatchString(name) {
		return nil, invalid("1 validation error detected: Value '%s' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*", name)
	}
	seconds, err := duration(in.DurationSeconds, defaultSession, maxSession)
	if err != nil {
		return nil, err
	}
	if caller.SecretKind == "root" {
		seconds = min(seconds, maxRootSession)
	}
	session := wire.Session{Issued: c.env.Now()}
	if session.Policies, err = sessionPolicies(in.Policy, len(in.PolicyArns)); err != nil {
		return nil, err
	}
	if session.Policies == nil { // without a policy they may do nothing
		session.Policies = []string{`{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`}
	}
	user := "arn:aws:sts::" + caller.AccountID + ":federated-user/" + name
	credentials := c.issue(wire.Key{AccountID: caller.AccountID, UserARN: user, UserName: caller.UserName, UserID: caller.AccountID + ":" + name, Kind: "session", Session: session}, seconds)
	return &sts.GetFederationTokenOutput{Credentials: credentials, FederatedUser: &types.FederatedUser{Arn: aws.String(user), FederatedUserId: aws.String(caller.AccountID + ":" + name)}}, nil
}

func (c *Cloud) decodeAuthorizationMessage(_ context.Context, in *sts.DecodeAuthorizationMessageInput) (*sts.DecodeAuthorizationMessageOutput, error) {
	text, ok := c.dir.DecodeAuthorization(aws.ToString(in.EncodedMessage))
	if !ok {
		return nil, wire.Errorf("InvalidAuthorizationMessageException", http.StatusBadRequest, "Invalid authorization message.")
	}
	return &sts.DecodeAuthorizationMessageOutput{DecodedMessage: &text}, nil
}

// issue makes the key of a session and remembers it.
func (c *Cloud) issue(k wire.Key, seconds int32) *types.Credentials {
	id := c.env.UpperID("ASIA", 20)
	k.Secret, k.Token = c.env.Text(40), c.env.Text(356)
	k.Expires = c.env.Now().Add(time.Duration(seconds) * time.Second).Truncate(time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget()
	c.sessions[id] = k
	return &types.Credentials{AccessKeyId: aws.String(id), SecretAccessKey: aws.String(k.Secret), SessionToken: aws.String(k.Token), Expiration: aws.Time(k.Expires)}
}
