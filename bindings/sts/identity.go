package sts

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"pawsh/bindings/session"
)

// Identity is as whom requests are signed.
type Identity struct {
	Account string // the account's 12 digits
	ARN     string
	UserID  string
	Raw     *sdk.GetCallerIdentityOutput
}

// String prints the identity by its ARN.
func (i *Identity) String() string { return "Identity:" + i.ARN }

// GetCallerIdentity tells as whom the connection signs: GetCallerIdentity.
// Any credentials that are good may ask.
//
// Example: sts.GetCallerIdentity().ARN
func (c *Connection) GetCallerIdentity() (*Identity, error) {
	out, err := c.Client.GetCallerIdentity(c.ctx(), &sdk.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("get caller identity: %w", err)
	}
	return &Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), UserID: aws.ToString(out.UserId), Raw: out}, nil
}

// DecodeAuthorizationMessage tells, as JSON, which policies AWS looked at before
// it refused a call, from the text that boto.EncodedMessage takes out of its
// error: DecodeAuthorizationMessage (boto: decode_authorization_message). The
// caller needs permission for it.
//
// Example: sts.DecodeAuthorizationMessage(boto.EncodedMessage(err))
func (c *Connection) DecodeAuthorizationMessage(encoded string) (string, error) {
	out, err := c.Client.DecodeAuthorizationMessage(c.ctx(), &sdk.DecodeAuthorizationMessageInput{EncodedMessage: &encoded})
	if err != nil {
		return "", fmt.Errorf("decode authorization message: %w", err)
	}
	return aws.ToString(out.DecodedMessage), nil
}

// Credentials are temporary keys (boto: Credentials). SecretKey and
// SessionToken are secrets.
type Credentials struct {
	AccessKey    string
	SecretKey    string
	SessionToken string
	Expiration   time.Time
}

// String prints the access key alone.
func (c *Credentials) String() string { return "Credentials:" + c.AccessKey }

// GoString keeps the secrets out of %#v.
func (c *Credentials) GoString() string {
	return fmt.Sprintf("&sts.Credentials{AccessKey: %q}", c.AccessKey)
}

// Options gives the credentials as arguments of a Connect function.
//
// Example: c := sts.GetSessionToken(); boto.ConnectS3(c.Options()...)
func (c *Credentials) Options() []session.ConnectOption {
	return []session.ConnectOption{
		session.AWSAccessKeyID(c.AccessKey), session.AWSSecretAccessKey(c.SecretKey), session.SecurityToken(c.SessionToken),
	}
}

func credentials(raw *types.Credentials) *Credentials {
	if raw == nil {
		return &Credentials{}
	}
	return &Credentials{
		AccessKey: aws.ToString(raw.AccessKeyId), SecretKey: aws.ToString(raw.SecretAccessKey),
		SessionToken: aws.ToString(raw.SessionToken), Expiration: aws.ToTime(raw.Expiration),
	}
}

// GetSessionToken gives temporary keys of the caller, for duration seconds or
// AWS's 12 hours: GetSessionToken (boto: get_session_token).
//
// Example: sts.GetSessionToken(3600).Expiration
func (c *Connection) GetSessionToken(duration ...int) (*Credentials, error) {
	in := &sdk.GetSessionTokenInput{}
	if len(duration) > 0 {
		in.DurationSeconds = aws.Int32(int32(duration[0]))
	}
	out, err := c.Client.GetSessionToken(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get session token: %w", err)
	}
	return credentials(out.Credentials), nil
}

// AssumedRole is a role taken on, and its keys (boto: AssumedRole).
type AssumedRole struct {
	Credentials *Credentials
	ARN         string
	RoleID      string
}

// String prints the role by its ARN.
func (r *AssumedRole) String() string { return "AssumedRole:" + r.ARN }

// AssumeRole takes on a role: AssumeRole (boto: assume_role). Code
// AccessDenied.
//
// Example: sts.AssumeRole("arn:aws:iam::123456789012:role/admin", "paws").Credentials.Options()
func (c *Connection) AssumeRole(roleARN, roleSessionName string) (*AssumedRole, error) {
	out, err := c.Client.AssumeRole(c.ctx(), &sdk.AssumeRoleInput{RoleArn: aws.String(roleARN), RoleSessionName: aws.String(roleSessionName)})
	if err != nil {
		return nil, fmt.Errorf("assume role %s: %w", roleARN, err)
	}
	r := &AssumedRole{Credentials: credentials(out.Credentials)}
	if u := out.AssumedRoleUser; u != nil {
		r.ARN, r.RoleID = aws.ToString(u.Arn), aws.ToString(u.AssumedRoleId)
	}
	return r, nil
}
