package session

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// identity is as whom requests are signed, and where that was found.
type identity struct {
	provider aws.CredentialsProvider // nil: requests are not signed
	keyID    string                  // "" when it changes, as a role's does
	source   string
}

// Place is somewhere credentials were looked for and what was there.
type Place struct{ Name, Found string }

// NoCredentialsError says that no place holds credentials.
type NoCredentialsError struct {
	For    string // whose: "AWS", "Eucalyptus", "Google Cloud Storage"
	Places []Place
}

// Error names every place that was looked at.
func (e *NoCredentialsError) Error() string {
	parts := make([]string, len(e.Places))
	for i, p := range e.Places {
		parts[i] = p.Name + ": " + p.Found
	}
	return fmt.Sprintf("no credentials for %s; looked at %s", e.For, strings.Join(parts, "; "))
}

// search walks the places in order and remembers them for the error.
type search struct {
	env     *Env
	places  []Place
	offline bool // never ask the instance metadata
}

func (s *search) look(name, found string, args ...any) {
	s.places = append(s.places, Place{name, fmt.Sprintf(found, args...)})
}

// pair takes a key and its secret from one place, and only both together.
func (s *search) pair(place, id, secret, token string) *identity {
	switch {
	case id == "" && secret == "":
		s.look(place, "not set")
		return nil
	case secret == "":
		s.look(place, "an access key without its secret key")
	case id == "":
		s.look(place, "a secret key without its access key")
	default:
		return &identity{
			provider: static(aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token, Source: place}),
			keyID:    id, source: place,
		}
	}
	s.env.warn("%s: %s; key and secret must come from the same place, so it is passed over", place, s.places[len(s.places)-1].Found)
	return nil
}

// identify finds the credentials of AWS for a connection. A NoCredentialsError
// is for the caller to turn into the sandbox.
func (e *Env) identify(ctx context.Context, c connect, region string) (*identity, error) {
	if c.anon {
		return &identity{source: "argument Anon"}, nil
	}
	s := &search{env: e}
	if c.accessKeyID != "" || c.secretAccessKey != "" {
		if id := s.pair("arguments of the connection", c.accessKeyID, c.secretAccessKey, c.securityToken); id != nil {
			return id, nil
		}
		return nil, &NoCredentialsError{"AWS", s.places}
	}
	s.look("arguments of the connection", "not given")
	profile, explicit := e.profile(c)
	key := profile.value
	if explicit {
		key += " (asked for)"
	}
	e.mu.Lock()
	known := e.found[key]
	e.mu.Unlock()
	if known != nil {
		return known, nil
	}
	id, err := s.chain(ctx, profile, explicit, region)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.found[key] = id
	e.mu.Unlock()
	return id, nil
}

func (s *search) chain(ctx context.Context, profile valued[string], explicit bool, region string) (*identity, error) {
	e := s.env
	if explicit {
		s.look("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "passed over for the profile")
	} else if id := s.environment(); id != nil {
		return id, nil
	}
	shared, inShared, err := e.loadShared(profile.value)
	if err != nil {
		s.look("shared AWS files", "%v", err)
		if profile.source != "default" {
			return nil, err
		}
	}
	if id, err := s.shared(ctx, shared, inShared, profile.value, region); id != nil || err != nil {
		return id, err
	}
	section, inBoto := e.botoProfile(profile.value)
	if !inShared && !inBoto && profile.source != "default" {
		return nil, e.unknownProfile(profile)
	}
	if inBoto {
		if id := s.boto(section, "aws_access_key_id", "aws_secret_access_key"); id != nil {
			return id, nil
		}
	}
	if profile.source == "default" {
		if id, err := s.container(ctx, region); id != nil || err != nil {
			return id, err
		}
		if id := s.boto("Credentials", "aws_access_key_id", "aws_secret_access_key"); id != nil {
			return id, nil
		}
	}
	if id := s.instanceRole(ctx); id != nil {
		return id, nil
	}
	return nil, &NoCredentialsError{"AWS", s.places}
}

func (s *search) environment() *identity {
	get := s.env.opts.Getenv
	token := get("AWS_SESSION_TOKEN")
	if token == "" {
		token = get("AWS_SECURITY_TOKEN")
	}
	return s.pair("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
		get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY"), token)
}

func (s *search) shared(ctx context.Context, sc config.SharedConfig, ok bool, profile, region string) (*identity, error) {
	e := s.env
	for _, path := range []string{e.shared.credentials, e.shared.config} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			s.look(path, "no such file")
		} else if !ok {
			s.look(path, "no profile %q", profile)
		} else {
			s.look(path, "no credentials in profile %q", profile)
		}
	}
	switch {
	case !ok:
		return nil, nil
	case sc.RoleARN == "" && sc.Source == nil && sc.Credentials.HasKeys():
		path := strings.TrimPrefix(sc.Credentials.Source, "SharedConfigCredentials: ")
		e.checkPrivate(path)
		return &identity{
			provider: static(sc.Credentials), keyID: sc.Credentials.AccessKeyID,
			source: fmt.Sprintf("%s [%s]", path, profile),
		}, nil
	case sc.RoleARN != "" || sc.CredentialSource != "" || sc.CredentialProcess != "" || sc.WebIdentityTokenFile != "" ||
		sc.SSOSessionName != "" || sc.SSOStartURL != "" || sc.LoginSession != "":
		return s.sdk(ctx, fmt.Sprintf("%s of profile %q", sharedKind(sc), profile), profile, region, config.WithSharedConfigProfile(profile))
	}
	return nil, nil
}

func sharedKind(sc config.SharedConfig) string {
	switch {
	case sc.RoleARN != "":
		return "role " + sc.RoleARN
	case sc.CredentialProcess != "":
		return "credential_process"
	case sc.SSOSessionName != "" || sc.SSOStartURL != "":
		return "single sign-on"
	case sc.LoginSession != "":
		return "login session"
	}
	return "credentials"
}

// boto takes a pair from one section of boto's files.
func (s *search) boto(section, idName, secretName string) *identity {
	c := s.env.boto
	if len(c.files) == 0 {
		s.look(fmt.Sprintf("[%s] %s in %s", section, idName, strings.Join(c.places, " and ")), "no such file")
		return nil
	}
	id, _ := c.lookup(section, idName)
	secret, _ := c.lookup(section, secretName)
	place := fmt.Sprintf("[%s] %s in %s", section, idName, strings.Join(c.files, " and "))
	if id.file != "" && secret.file != "" && id.file != secret.file {
		s.look(place, "the access key is in %s and the secret key in %s", id.file, secret.file)
		s.env.warn("[%s]: the access key is in %s and the secret key in %s; key and secret must come from the same place, so they are passed over", section, id.file, secret.file)
		return nil
	}
	found := s.pair(place, id.value, secret.value, c.Get(section, "aws_security_token"))
	if found != nil {
		found.source = fmt.Sprintf("%s [%s]", id.file, section)
		s.env.checkPrivate(id.file)
	}
	return found
}
