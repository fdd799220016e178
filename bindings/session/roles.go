package session

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// instanceRoleTimeout bounds the one question to the instance metadata.
const instanceRoleTimeout = time.Second

// container uses the role of a container or a web identity, when the
// environment names one.
func (s *search) container(ctx context.Context, region string) (*identity, error) {
	get := s.env.opts.Getenv
	for _, name := range []string{"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"} {
		if get(name) != "" {
			return s.sdk(ctx, "role named by "+name, "", region)
		}
	}
	s.look("container role (AWS_CONTAINER_CREDENTIALS_*, AWS_WEB_IDENTITY_TOKEN_FILE)", "not set")
	return nil, nil
}

// sdk lets the SDK's own configuration make a provider. It is asked for keys
// when a request is signed, not here.
func (s *search) sdk(ctx context.Context, source, profile, region string, more ...func(*config.LoadOptions) error) (*identity, error) {
	e := s.env
	at, err := e.endpoint(STS, connect{profile: profile}, valued[string]{value: region})
	if err != nil {
		return nil, err
	}
	opts := append([]func(*config.LoadOptions) error{
		config.WithSharedConfigFiles(nonEmpty(e.shared.config)),
		config.WithSharedCredentialsFiles(nonEmpty(e.shared.credentials)),
		config.WithRegion(region),
		config.WithHTTPClient(e.client.BuildableClient),
		config.WithAPIOptions(e.log.apiOptions(nil, nil)),
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			if o.Client != nil && at.url != nil {
				o.Client = roleClient{o.Client, strings.TrimSuffix(at.url.String(), "/")}
			}
			o.TokenProvider = func() (string, error) {
				serial := aws.ToString(o.SerialNumber)
				if e.opts.MFAToken == nil {
					return "", fmt.Errorf("role wants the code of MFA device %s, and nobody can be asked here", serial)
				}
				return e.opts.MFAToken(serial)
			}
		}),
	}, more...)
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return nil, fmt.Errorf("credentials from %s: %w", source, err)
	}
	return &identity{provider: cfg.Credentials, source: source}, nil
}

// roleClient takes on roles at an endpoint of the user's own: the SDK's
// configuration knows that endpoint only after it has made the client
// (TestAssumedRole).
type roleClient struct {
	stscreds.AssumeRoleAPIClient
	endpoint string
}

// AssumeRole calls STS at the endpoint.
func (c roleClient) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, opts ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return c.AssumeRoleAPIClient.AssumeRole(ctx, in, append(opts, func(o *sts.Options) { o.BaseEndpoint = &c.endpoint })...)
}

// instanceRole asks the instance metadata once, bounded in time, and only on a
// machine that looks like an EC2 instance: elsewhere the question would hang.
func (s *search) instanceRole(ctx context.Context) *identity {
	const place = "instance role"
	get := s.env.opts.Getenv
	endpoint := get("AWS_EC2_METADATA_SERVICE_ENDPOINT")
	switch {
	case strings.EqualFold(get("AWS_EC2_METADATA_DISABLED"), "true"):
		s.look(place, "switched off by AWS_EC2_METADATA_DISABLED")
		return nil
	case s.offline || (endpoint == "" && !onEC2()):
		s.look(place, "this is no EC2 instance")
		return nil
	}
	provider := ec2rolecreds.New(func(o *ec2rolecreds.Options) {
		o.Client = imds.New(imds.Options{Endpoint: endpoint, ClientEnableState: imds.ClientEnabled, Retryer: aws.NopRetryer{}})
	})
	cache := aws.NewCredentialsCache(provider, func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = 5 * time.Minute })
	ctx, cancel := context.WithTimeout(ctx, instanceRoleTimeout)
	defer cancel()
	if _, err := cache.Retrieve(ctx); err != nil {
		s.look(place, "the instance metadata gave none within %s", instanceRoleTimeout)
		return nil
	}
	return &identity{provider: cache, source: "instance role"}
}

// onEC2 reads what the firmware says of the machine.
func onEC2() bool {
	for path, mark := range map[string]string{
		"/sys/class/dmi/id/sys_vendor":   "amazon ec2",
		"/sys/class/dmi/id/bios_version": "amazon",
		"/sys/hypervisor/uuid":           "ec2",
	} {
		if text, err := os.ReadFile(path); err == nil && strings.Contains(strings.ToLower(string(text)), mark) {
			return true
		}
	}
	return false
}
