package session

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"context"
)

const argumentSource = "arguments of the connection"

// place is an endpoint of the user's own; url is nil where AWS's default serves.
type place struct {
	url    *url.URL
	source string
	region string // what the host says the region is
}

// endpoint finds where a service of AWS answers.
func (e *Env) endpoint(s Service, c connect, region valued[string]) (place, error) {
	if p, err := argumentEndpoint(c); p.url != nil || err != nil {
		return p, err
	}
	for _, v := range []valued[string]{
		{e.opts.Endpoint, "--endpoint"},
		e.environmentEndpoint(s),
		e.sharedEndpoint(s, c),
	} {
		if v.value == "" {
			continue
		}
		u, err := parseEndpoint(v.value)
		if err != nil {
			return place{}, fmt.Errorf("%s: %w", v.source, err)
		}
		return place{url: u, source: v.source}, nil
	}
	return e.botoEndpoint(s, c, region)
}

func argumentEndpoint(c connect) (place, error) {
	p := place{source: argumentSource}
	if c.endpoint != "" {
		u, err := parseEndpoint(c.endpoint)
		p.url = u
		return p, err
	}
	if c.host == "" {
		return place{}, nil
	}
	secure := c.isSecure == nil || *c.isSecure
	u, err := hostURL(c.host, c.port, c.path, secure)
	p.url = u
	if u != nil {
		p.region = regionOfHost(u.Hostname())
	}
	return p, err
}

// environmentEndpoint reads AWS_ENDPOINT_URL_<SERVICE> and AWS_ENDPOINT_URL.
func (e *Env) environmentEndpoint(s Service) valued[string] {
	if truthy(e.opts.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
		return valued[string]{}
	}
	for _, name := range []string{"AWS_ENDPOINT_URL_" + envName(s.SDKID), "AWS_ENDPOINT_URL"} {
		if v := e.opts.Getenv(name); v != "" {
			return valued[string]{v, name}
		}
	}
	return valued[string]{}
}

func envName(sdkID string) string {
	return strings.ToUpper(strings.ReplaceAll(sdkID, " ", "_"))
}

func (e *Env) sharedEndpoint(s Service, c connect) valued[string] {
	p, _ := e.profile(c)
	sc, ok, err := e.loadShared(p.value)
	if err != nil || !ok || truthy(e.opts.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) || (sc.IgnoreConfiguredEndpoints != nil && *sc.IgnoreConfiguredEndpoints) {
		return valued[string]{}
	}
	source := fmt.Sprintf("%s [%s]", e.shared.config, p.value)
	if v, ok, err := sc.GetServiceBaseEndpoint(context.Background(), s.SDKID); err == nil && ok && v != "" {
		return valued[string]{v, source}
	}
	return valued[string]{sc.BaseEndpoint, source}
}

// botoEndpoint reads <service>_region_endpoint and the [s3] host. A host that
// contradicts the region's name decides, as in boto, and is told of.
func (e *Env) botoEndpoint(s Service, c connect, region valued[string]) (place, error) {
	v, ok := e.boto.lookup("Boto", s.Option+"_region_endpoint")
	if s.Name == S3.Name {
		v, ok = e.boto.lookup("s3", "host")
	}
	if !ok || v.value == "" || c.region != "" {
		return place{}, nil
	}
	u, err := hostURL(v.value, 0, "", e.isSecure(c, true))
	if err != nil {
		return place{}, fmt.Errorf("%s: %w", v.source(), err)
	}
	p := place{url: u, source: v.source(), region: regionOfHost(u.Hostname())}
	// Without a name of its own the region is the host's; one that came from
	// elsewhere than boto's files is not contradicted by them.
	named := region.source != "default"
	if p.region == "" || !named {
		return p, nil
	}
	if !e.fromBoto(region) {
		return place{}, nil
	}
	if p.region != region.value {
		e.warn("%s: endpoint %s is in region %s, but the region name is %s (%s): requests go to %s, to %s",
			v.source(), u.Host, p.region, region.value, region.source, p.region, u.Host)
		return p, nil
	}
	return place{}, nil // the host AWS uses anyway
}

func (e *Env) fromBoto(v valued[string]) bool {
	for _, f := range e.boto.files {
		if strings.HasPrefix(v.source, f+":") {
			return true
		}
	}
	return false
}

// isSecure is is_secure by argument, else by boto's file, else def.
func (e *Env) isSecure(c connect, def bool) bool {
	if c.isSecure != nil {
		return *c.isSecure
	}
	return e.boto.GetBool("Boto", "is_secure", def)
}

// openOther resolves Eucalyptus, Walrus and Google Cloud Storage, whose hosts
// and keys have names of their own.
func (e *Env) openOther(t *Target, c connect) error {
	spec := otherClouds[t.Service.kind]
	host := valued[string]{c.host, argumentSource}
	if host.value == "" {
		if v, ok := e.boto.lookup(spec.hostSection, spec.hostOption); ok && v.value != "" {
			host = valued[string]{v.value, v.source()}
		} else if spec.defaultHost != "" {
			host = valued[string]{spec.defaultHost, "default"}
		} else if c.endpoint == "" {
			return &NoHostError{Cloud: spec.cloud, Option: spec.hostOption, Section: spec.hostSection, Files: e.boto.places}
		}
	}
	port, path := c.port, c.path
	if port == 0 && !hasPort(host.value) {
		port = spec.port
	}
	if path == "" {
		path = spec.path
	}
	u, err := hostURL(host.value, port, path, e.isSecure(c, spec.secure))
	if c.endpoint != "" {
		host.source = argumentSource
		u, err = parseEndpoint(c.endpoint)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", host.source, err)
	}
	t.setURL(u)
	t.Sources.Endpoint, t.OwnHost = host.source, true
	t.Region, t.Sources.Region = spec.region, "default"
	if c.region != "" {
		t.Region, t.Sources.Region = c.region, argumentSource
	}
	id, err := e.identifyOther(spec, c)
	if err != nil {
		return err
	}
	if err := e.finish(t, c, id); err != nil {
		return err
	}
	if t.Service.kind == google {
		t.Config.APIOptions = append(t.Config.APIOptions, unsignAcceptEncoding)
	}
	return nil
}

type otherCloud struct {
	cloud                   string
	hostSection, hostOption string
	defaultHost             string
	port                    int
	path                    string
	secure                  bool
	region                  string
	idOption, secretOption  string
}

var otherClouds = map[kind]otherCloud{
	eucalyptus: {
		cloud: "Eucalyptus", hostSection: "Boto", hostOption: "eucalyptus_host", port: 8773,
		path: "/services/Eucalyptus", region: "eucalyptus",
		idOption: "euca_access_key_id", secretOption: "euca_secret_access_key",
	},
	walrus: {
		cloud: "Walrus", hostSection: "Boto", hostOption: "walrus_host", port: 8773,
		path: "/services/Walrus", region: "eucalyptus",
		idOption: "euca_access_key_id", secretOption: "euca_secret_access_key",
	},
	google: {
		cloud: "Google Cloud Storage", hostSection: "Credentials", hostOption: "gs_host",
		defaultHost: "storage.googleapis.com", secure: true, region: "auto",
		idOption: "gs_access_key_id", secretOption: "gs_secret_access_key",
	},
}

func (e *Env) identifyOther(spec otherCloud, c connect) (*identity, error) {
	if c.anon {
		return &identity{source: "argument Anon"}, nil
	}
	s := &search{env: e}
	if c.accessKeyID != "" || c.secretAccessKey != "" {
		if id := s.pair(argumentSource, c.accessKeyID, c.secretAccessKey, c.securityToken); id != nil {
			return id, nil
		}
		return nil, &NoCredentialsError{spec.cloud, s.places}
	}
	s.look(argumentSource, "not given")
	idVar, secretVar := strings.ToUpper(spec.idOption), strings.ToUpper(spec.secretOption)
	if id := s.pair(idVar+" and "+secretVar+" in the environment", e.opts.Getenv(idVar), e.opts.Getenv(secretVar), ""); id != nil {
		return id, nil
	}
	if id := s.boto("Credentials", spec.idOption, spec.secretOption); id != nil {
		return id, nil
	}
	return nil, &NoCredentialsError{spec.cloud, s.places}
}

// NoHostError says that the host of a private cloud is not known.
type NoHostError struct {
	Cloud, Section, Option string
	Files                  []string
}

// Error names the option that is missing and the files it may stand in.
func (e *NoHostError) Error() string {
	return fmt.Sprintf("no host for %s: option %s in section [%s] of %s is not set", e.Cloud, e.Option, e.Section, strings.Join(e.Files, " or "))
}

func hasPort(host string) bool {
	_, port, err := net.SplitHostPort(host)
	return err == nil && port != ""
}

// hostURL builds the base URL of a host that may bring its own port, scheme or
// path, as people write host names in configuration files.
func hostURL(host string, port int, path string, secure bool) (*url.URL, error) {
	if strings.Contains(host, "://") {
		u, err := parseEndpoint(host)
		if err == nil && path != "" && (u.Path == "" || u.Path == "/") {
			u.Path = path
		}
		if err == nil && port != 0 && u.Port() == "" {
			u.Host = net.JoinHostPort(u.Hostname(), strconv.Itoa(port))
		}
		return u, err
	}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	if host == "" || strings.ContainsAny(host, " /\\?#@\"'\n") {
		return nil, fmt.Errorf("%q is not a host name", host)
	}
	if port < 0 || port > 65535 {
		return nil, fmt.Errorf("%d is not a TCP port", port)
	}
	if port != 0 && !hasPort(host) {
		host = net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(port))
	}
	if path != "" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u, err := url.Parse(scheme + "://" + host)
	if err != nil {
		return nil, fmt.Errorf("%q is not a host name", host)
	}
	u.Path = path
	return u, nil
}

// parseEndpoint reads an endpoint URL.
func parseEndpoint(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return nil, fmt.Errorf("endpoint %q is not a URL such as http://127.0.0.1:5000", redactURL(s))
	case u.User != nil:
		return nil, fmt.Errorf("endpoint %q holds a user name; credentials do not belong into a URL", redactURL(s))
	}
	return u, nil
}
