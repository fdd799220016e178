package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/logging"
)

// Target is what one Connect call was resolved to.
type Target struct {
	Service     Service
	Region      string // that requests are signed for
	Host        string
	Port        int
	Path        string
	IsSecure    bool
	Endpoint    string // base URL; "" where the SDK's own endpoint rules serve
	AccessKeyID string // "" for a role's, which change
	Config      aws.Config
	// OwnHost tells that the requests go to a host that is not AWS's: buckets
	// are named in the path, and no checksum is sent that was not asked for.
	OwnHost bool
	// Sandbox tells that the target is the sandbox.
	Sandbox bool

	Sources Sources
	debug   *connDebug
	hook    atomic.Pointer[RequestHook]
	env     *Env
	opts    []ConnectOption
}

// Sources tell where the values of a Target were found.
type Sources struct{ Credentials, Region, Endpoint string }

// DebugLevel is the level at which the connection logs now.
func (t *Target) DebugLevel() Level { return t.env.log.levelFor(t.debug) }

// Debug is the level of DebugLevel as boto counts: 0, 1 or 2.
func (t *Target) Debug() int { return min(int(t.DebugLevel()), 2) }

// Env is the session that the target was resolved in.
func (t *Target) Env() *Env { return t.env }

// Context is the context a request made now must use.
func (t *Target) Context() context.Context { return t.env.Context() }

// Elsewhere gives the arguments that connect to another region as t does here.
func (t *Target) Elsewhere(region string, opts ...ConnectOption) (*Env, []ConnectOption) {
	all := append([]ConnectOption{}, t.opts...)
	all = append(all, Region(region))
	return t.env, append(all, opts...)
}

// Open resolves where a connection goes and as whom. It sends nothing, but for
// the one bounded question for an instance role, and may start the sandbox.
func (e *Env) Open(s Service, opts ...ConnectOption) (*Target, error) {
	c := gather(opts)
	t := &Target{Service: s, env: e, opts: opts}
	var err error
	switch s.kind {
	case amazon:
		err = e.openAmazon(t, c)
	default:
		err = e.openOther(t, c)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// openAmazon resolves AWS itself, the sandbox, and hosts of the user's own
// that speak as AWS does.
func (e *Env) openAmazon(t *Target, c connect) error {
	region := e.region(t.Service, c)
	at, err := e.endpoint(t.Service, c, region)
	if err != nil {
		return err
	}
	if at.region != "" && c.region == "" {
		region = valued[string]{at.region, at.source}
	}
	t.Region, t.Sources.Region = region.value, region.source
	if t.Service.Global && partitionOf(t.Region).id == "aws" {
		t.Region, t.Sources.Region = "us-east-1", "the service's only one"
	}

	if at.url == nil {
		if err := e.checkRegion(region); err != nil {
			return err
		}
	}

	id, err := e.identify(e.Context(), c, t.Region)
	var none *NoCredentialsError
	switch {
	case e.opts.UseSandbox && at.source != argumentSource:
		if c.accessKeyID != "" && err == nil {
			return e.openSandbox(t, c, id)
		}
		return e.openSandbox(t, c, nil)
	case errors.As(err, &none) && at.url == nil && e.sandboxServes(c):
		return e.openSandbox(t, c, nil)
	case errors.As(err, &none) && at.url != nil && isLoopback(at.url.Hostname()) && c.secretAccessKey == "" && c.accessKeyID == "":
		const dummy = "dummy"
		id = &identity{
			provider: static(aws.Credentials{AccessKeyID: dummy, SecretAccessKey: dummy, Source: dummy}),
			keyID:    dummy, source: "dummy keys (the endpoint is on this machine and no credentials were found)",
		}
	case err != nil:
		return err
	}
	if err := e.setPlace(t, c, at); err != nil {
		return err
	}
	return e.finish(t, c, id)
}

// checkRegion refuses a name that no region of AWS can have, and warns of one
// that is merely not known here: AWS opens new ones.
func (e *Env) checkRegion(region valued[string]) error {
	err := CheckRegion(region.value)
	if err == nil {
		return nil
	}
	for _, p := range partitions {
		if p.pattern.MatchString(region.value) {
			e.warn("%s: region %s is not in the list of regions known here", region.source, region.value)
			return nil
		}
	}
	return fmt.Errorf("%s: %w", region.source, err)
}

// setPlace fills in where the requests go: the place found, or AWS's own host.
func (e *Env) setPlace(t *Target, c connect, at place) error {
	if at.url != nil {
		t.setURL(at.url)
		t.Sources.Endpoint = at.source
		t.OwnHost = regionOfHost(at.url.Hostname()) == ""
		return nil
	}
	host := t.Service.DefaultHost(t.Region)
	if secure := e.isSecure(c, true); !secure || c.port != 0 || c.path != "" {
		u, err := hostURL(host, c.port, c.path, secure)
		if err != nil {
			return err
		}
		t.setURL(u)
		t.Sources.Endpoint = argumentSource
		return nil
	}
	t.Host, t.Port, t.IsSecure, t.Path = host, 443, true, "/"
	t.Sources.Endpoint = "default"
	return nil
}

// sandboxServes tells whether missing credentials mean the sandbox: nobody
// asked for an account, by profile or otherwise.
func (e *Env) sandboxServes(c connect) bool {
	p, _ := e.profile(c)
	return !e.opts.NoSandbox && e.sandbox != nil && c.accessKeyID == "" && c.secretAccessKey == "" && p.source == "default"
}

func (e *Env) openSandbox(t *Target, c connect, id *identity) error {
	if e.sandbox == nil {
		return errors.New("the sandbox was asked for, and there is none in this program")
	}
	at, err := e.sandbox.get()
	if err != nil {
		return err
	}
	u, err := parseEndpoint(at.URL)
	if err != nil {
		return err
	}
	t.setURL(u)
	t.Sandbox = true
	t.Sources.Endpoint = "sandbox"
	if id == nil {
		id = &identity{
			provider: static(aws.Credentials{AccessKeyID: at.AccessKeyID, SecretAccessKey: at.SecretAccessKey, Source: "sandbox"}),
			keyID:    at.AccessKeyID, source: "sandbox",
		}
	}
	return e.finish(t, c, id)
}

func (t *Target) setURL(u *url.URL) {
	t.Host, t.IsSecure, t.Path = u.Hostname(), u.Scheme == "https", u.Path
	t.Port = portOf(u)
	if t.Path == "" {
		t.Path = "/"
	}
	t.Endpoint = strings.TrimSuffix(u.String(), "/")
}

func portOf(u *url.URL) int {
	if p, err := strconv.Atoi(u.Port()); err == nil {
		return p
	}
	if u.Scheme == "https" {
		return 443
	}
	return 80
}

// finish makes the SDK's configuration.
func (e *Env) finish(t *Target, c connect, id *identity) error {
	t.AccessKeyID, t.Sources.Credentials = id.keyID, id.source
	t.debug = e.log.connection(c.debug)
	mode := e.retryMode.value
	if c.retryMode != "" {
		var err error
		if mode, err = parseRetryMode(c.retryMode); err != nil {
			return err
		}
	}
	client := e.client
	if c.proxy != "" || c.validateCerts != nil {
		var err error
		if client, err = e.newClient(c); err != nil {
			return err
		}
	}
	t.Config = aws.Config{
		Region:      t.Region,
		Credentials: id.provider,
		HTTPClient:  client,
		Retryer:     e.retryer(mode),
		RetryMode:   mode,
		APIOptions:  append(e.log.apiOptions(t.debug, id.provider), t.hooked(), t.guarded(), understood),
		AppID:       "pawsh",
		// The SDK's own warnings would run into what cells print.
		Logger: logging.Nop{},
	}
	if id.provider == nil {
		t.Config.Credentials = aws.AnonymousCredentials{}
	}
	if t.Endpoint != "" {
		t.Config.BaseEndpoint = aws.String(t.Endpoint)
	}
	e.setChecksums(t)
	return nil
}

// setChecksums has the SDK send and check checksums, as its own configuration
// would, but only where they are required when the host is not AWS's: older S3-like services refuse the SDK's trailing checksums. The
// environment may say otherwise, as in AWS's own tools.
func (e *Env) setChecksums(t *Target) {
	t.Config.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
	t.Config.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenSupported
	if t.OwnHost {
		t.Config.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		t.Config.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	}
	switch strings.ToLower(e.opts.Getenv("AWS_REQUEST_CHECKSUM_CALCULATION")) {
	case "when_required":
		t.Config.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	case "when_supported":
		t.Config.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
	}
	switch strings.ToLower(e.opts.Getenv("AWS_RESPONSE_CHECKSUM_VALIDATION")) {
	case "when_required":
		t.Config.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	case "when_supported":
		t.Config.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenSupported
	}
}

// region finds the region of a service.
func (e *Env) region(s Service, c connect) valued[string] {
	if c.region != "" {
		return valued[string]{c.region, argumentSource}
	}
	if e.opts.Region != "" {
		return valued[string]{e.opts.Region, "--region"}
	}
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if v := e.opts.Getenv(name); v != "" {
			return valued[string]{v, name}
		}
	}
	p, _ := e.profile(c)
	if sc, ok, err := e.loadShared(p.value); err == nil && ok && sc.Region != "" {
		return valued[string]{sc.Region, fmt.Sprintf("%s [%s]", e.shared.config, p.value)}
	}
	if section, ok := e.botoProfile(p.value); ok {
		if v, ok := e.boto.lookup(section, "region"); ok {
			return valued[string]{v.value, v.source()}
		}
	}
	for _, option := range []string{s.Option + "_region_name", "ec2_region_name"} {
		if v, ok := e.boto.lookup("Boto", option); ok && v.value != "" {
			if !knownRegion(v.value) {
				e.warn("%s: %v", v.source(), CheckRegion(v.value))
			}
			return valued[string]{v.value, v.source()}
		}
	}
	return valued[string]{"us-east-1", "default"}
}

// Region is the region that connections of AWS go to when none is given.
func (e *Env) Region() string { return e.region(EC2, connect{}).value }

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
