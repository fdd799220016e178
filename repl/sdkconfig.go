package repl

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"pawsh/bindings/boto"
	"pawsh/bindings/session"
)

// overrides replaces what pasted SDK code calls to find its configuration: it
// gets the shell's, so that a program pasted in the sandbox runs there.
func overrides() map[string]map[string]any {
	all := clients()
	all["github.com/aws/aws-sdk-go-v2/config"] = map[string]any{"LoadDefaultConfig": loadDefaultConfig}
	return all
}

// loadDefaultConfig is config.LoadDefaultConfig with the shell's region,
// endpoint, credentials and HTTP client below the options that the caller
// gives. The SDK's own client loses answers of a fast loopback server now and
// then: it reads the request's body after the SDK has closed it.
func loadDefaultConfig(ctx context.Context, opts ...func(*config.LoadOptions) error) (aws.Config, error) {
	env, err := boto.Env()
	if err != nil {
		return aws.Config{}, err
	}
	t, err := env.Open(session.STS)
	if err != nil {
		return aws.Config{}, err
	}
	own := []func(*config.LoadOptions) error{
		config.WithRegion(t.Region), config.WithCredentialsProvider(t.Config.Credentials),
	}
	if t.Config.BaseEndpoint != nil && (env.InSandbox() || env.Endpoint() != "") {
		own = append(own, config.WithBaseEndpoint(*t.Config.BaseEndpoint))
	}
	// The client is put in afterwards: with a CA bundle in the environment the
	// SDK's configuration takes no other than its own.
	given := false
	last := func(o *config.LoadOptions) error { given = o.HTTPClient != nil; return nil }
	cfg, err := config.LoadDefaultConfig(ctx, append(append(own, opts...), last)...)
	if err == nil && !given {
		cfg.HTTPClient = t.Config.HTTPClient
	}
	return cfg, err
}
