package session

import (
	"fmt"
	"strings"
)

// Setting is one resolved value and where it came from.
type Setting struct{ Name, Value, Source string }

// Settings lists the configuration in use, for :config. Secrets are not in it.
// It opens nothing: credentials that only a request can fetch are named by
// their source.
func (e *Env) Settings() []Setting {
	var list []Setting
	add := func(name, value, source string) {
		list = append(list, Setting{name, value, source})
	}
	p, _ := e.profile(connect{})
	add("profile", p.value, p.source)
	region := e.region(EC2, connect{})
	add("region", region.value, region.source)
	e.credentialSettings(add)
	for _, s := range []Service{EC2, S3, CloudWatch, SNS, SQS, IAM, STS} {
		if at, err := e.endpoint(s, connect{}, e.region(s, connect{})); err == nil && at.url != nil && !e.opts.UseSandbox {
			add("endpoint of "+s.Name, redactURL(at.url.String()), at.source)
		}
	}
	add("http_socket_timeout", e.socketTimeout.value.String(), e.socketTimeout.source)
	add("num_retries", fmt.Sprint(e.retries.value), e.retries.source)
	add("retry_mode", string(e.retryMode.value), e.retryMode.source)
	add("debug", e.log.current().String(), "")
	for _, o := range [][2]string{
		{"Boto", "is_secure"}, {"Boto", "proxy"}, {"Boto", "proxy_port"}, {"Boto", "eucalyptus_host"}, {"Boto", "walrus_host"},
		{"Credentials", "euca_access_key_id"}, {"Credentials", "gs_access_key_id"}, {"Credentials", "gs_host"},
	} {
		if v, ok := e.boto.lookup(o[0], o[1]); ok {
			add(o[1], redactURL(v.value), v.source())
		}
	}
	for _, f := range e.boto.files {
		add("boto configuration", f, "")
	}
	return list
}

func (e *Env) credentialSettings(add func(name, value, source string)) {
	if e.opts.UseSandbox {
		add("credentials", "sandbox", "--sandbox")
		return
	}
	id, err := e.localIdentity()
	switch {
	case err == nil && id != nil:
		value := id.keyID
		if value == "" {
			value = "(fetched when needed)"
		}
		add("credentials", value, id.source)
	case e.sandboxServes(connect{}):
		add("credentials", "sandbox", "no credentials found")
	default:
		add("credentials", "none", "")
	}
}

// localIdentity is identify without the instance role's question; nil when
// only that could tell.
func (e *Env) localIdentity() (*identity, error) {
	p, explicit := e.profile(connect{})
	s := &search{env: e, offline: true}
	return s.chain(e.Context(), p, explicit, e.Region())
}

// InSandbox tells whether a connection of AWS opened now goes to the sandbox.
// It sends nothing.
func (e *Env) InSandbox() bool {
	if e.opts.UseSandbox {
		return e.sandbox != nil
	}
	if !e.sandboxServes(connect{}) {
		return false
	}
	if at, err := e.endpoint(EC2, connect{}, e.region(EC2, connect{})); err != nil || at.url != nil {
		return false
	}
	id, err := e.localIdentity()
	return err != nil || id == nil
}

// ProfileName is the profile in use: "default" when none was named.
func (e *Env) ProfileName() string {
	p, _ := e.profile(connect{})
	return p.value
}

// Endpoint is the endpoint of the user's own that EC2 connections go to, ""
// when they go to AWS or the sandbox.
func (e *Env) Endpoint() string {
	at, err := e.endpoint(EC2, connect{}, e.region(EC2, connect{}))
	if err != nil || at.url == nil || e.opts.UseSandbox {
		return ""
	}
	return strings.TrimSuffix(at.url.String(), "/")
}
