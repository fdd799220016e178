// want: 123456789012 root 1
// want: 123456789012 root 0
// want: invalid value "soon" for flag -timeout: parse error
// want: Usage of whoami:
// want:   -region region
// want:     	the region to ask (default "us-east-1")
// want:   -session
// want:     	use temporary credentials
// want:   -timeout duration
// want:     	how long to wait (default 1m0s)
// want: error: invalid value "soon" for flag -timeout: parse error
// want: {Account:1 ARN:arn:aws:sts::1:assumed-role/admin/me UserID:me} assumed-role <nil>
// want: get caller identity: boom true
// then: WhoAmI(ctx, sts.Client).Account
// want: "123456789012"
// then: id := WhoAmI(ctx, fakeSTS{})
// then: id.Kind()
// want: "assumed-role"
// then: WhoAmI(ctx, fakeSTS{err: errors.New("no")})
// want: get caller identity: no
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// CallerIdentityAPI is the part of the client that is used here.
type CallerIdentityAPI interface {
	GetCallerIdentity(ctx context.Context, params *sts.GetCallerIdentityInput, optFns ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

type Identity struct {
	Account, ARN, UserID string
}

func (i Identity) Kind() string {
	a, err := arn.Parse(i.ARN)
	if err != nil {
		return "unknown"
	}
	kind, _, _ := strings.Cut(a.Resource, "/")
	return kind
}

func WhoAmI(ctx context.Context, api CallerIdentityAPI) (*Identity, error) {
	out, err := api.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("get caller identity: %w", err)
	}
	return &Identity{Account: *out.Account, ARN: *out.Arn, UserID: *out.UserId}, nil
}

type fakeSTS struct{ err error }

func (f fakeSTS) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	if f.err != nil {
		return nil, f.err
	}
	return &sts.GetCallerIdentityOutput{Account: aws.String("1"), Arn: aws.String("arn:aws:sts::1:assumed-role/admin/me"), UserId: aws.String("me")}, nil
}

// temporary gives a configuration whose credentials end.
func temporary(ctx context.Context, cfg aws.Config) (aws.Config, error) {
	client := sts.NewFromConfig(cfg)
	session := cfg.Copy()
	session.Credentials = aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		out, err := client.GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)})
		if err != nil {
			return aws.Credentials{}, err
		}
		c := out.Credentials
		return aws.Credentials{
			AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken,
			CanExpire: true, Expires: *c.Expiration, Source: "session",
		}, nil
	}), func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = time.Minute })
	creds, err := session.Credentials.Retrieve(ctx)
	if err != nil {
		return cfg, err
	}
	if !creds.CanExpire || creds.SessionToken == "" || time.Until(creds.Expires) > time.Hour {
		return cfg, errors.New("these are no temporary credentials")
	}
	return session, nil
}

func run(args []string) error {
	fs := flag.NewFlagSet("whoami", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	region := fs.String("region", "us-east-1", "the `region` to ask")
	var session bool
	fs.BoolVar(&session, "session", false, "use temporary credentials")
	timeout := fs.Duration("timeout", time.Minute, "how long to wait")
	if err := fs.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(*region))
	if err != nil {
		return err
	}
	if session {
		if cfg, err = temporary(ctx, cfg); err != nil {
			return err
		}
	}
	id, err := WhoAmI(ctx, sts.NewFromConfig(cfg))
	if err != nil {
		return err
	}
	fmt.Println(id.Account, id.Kind(), fs.NArg())
	return nil
}

func main() {
	for _, args := range [][]string{
		{"-timeout", "10s", "rest"},
		{"-session", "-region", "eu-west-1"},
		{"-timeout", "soon"},
	} {
		if err := run(args); err != nil {
			fmt.Println("error:", err)
		}
	}
	id, err := WhoAmI(context.Background(), fakeSTS{})
	fmt.Printf("%+v %s %v\n", *id, id.Kind(), err)
	boom := errors.New("boom")
	_, err = WhoAmI(context.Background(), fakeSTS{boom})
	fmt.Println(err, errors.Is(err, boom))
}
