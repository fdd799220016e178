package session

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
)

// Adopt gives what a client of the SDK that was not made by a connection needs
// for its calls to be logged and guarded as those of connections are: an
// addition to its APIOptions. endpoint is the client's own, nil for AWS's.
func (e *Env) Adopt(service string, endpoint *string, region string, signer aws.CredentialsProvider) (func(*middleware.Stack) error, error) {
	t := &Target{Service: Service{Name: service}, Region: region, env: e}
	if endpoint != nil {
		u, err := parseEndpoint(*endpoint)
		if err != nil {
			return nil, err
		}
		t.setURL(u)
		t.OwnHost = regionOfHost(t.Host) == ""
		t.Sandbox = e.sandbox.is(t.Endpoint)
	}
	t.Config.Credentials = signer
	log, guard := e.log.apiOptions(nil, signer), t.guarded()
	return func(stack *middleware.Stack) error {
		if _, connected := stack.Initialize.Get(guardID); connected {
			return nil // the client has a connection's configuration
		}
		for _, add := range append(log, guard, understood) {
			if err := add(stack); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// is tells whether an endpoint is the sandbox's, which it does not start.
func (s *sandboxOnce) is(endpoint string) bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		return false
	}
	u, err := parseEndpoint(s.at.URL)
	var t Target
	if err == nil {
		t.setURL(u)
	}
	return err == nil && t.Endpoint == endpoint
}
