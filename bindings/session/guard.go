package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/smithy-go/middleware"
)

// RefusedError says that a destructive call was not sent.
type RefusedError struct {
	Footprint Footprint
	Err       error // the guard's reason
}

// Error says what was refused and why.
func (e *RefusedError) Error() string { return fmt.Sprintf("refused to %s: %v", e.Footprint, e.Err) }

// Unwrap gives the guard's reason.
func (e *RefusedError) Unwrap() error { return e.Err }

// ErrNoGuard is the reason of a refusal where guarding was asked for and no
// guard was set.
var ErrNoGuard = errors.New("nobody is there to agree")

// DryRunError says that a call was not sent because of SetDryRun, and that its
// service has no dry run of its own.
type DryRunError struct{ Footprint Footprint }

// Error says what would have been done.
func (e *DryRunError) Error() string { return "dry run: would " + e.Footprint.String() }

// Guard agrees to a call by its nil error; any other ends the call as the reason
// of a *RefusedError. Calls made at once ask at once. ctx is the call's.
type Guard func(ctx context.Context, f Footprint) error

// safety is shared by an Env and those derived from it.
type safety struct {
	mu       sync.Mutex
	guard    Guard
	required bool
	dryRun   bool
}

func (s *safety) state() (guard Guard, required, dryRun bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.guard, s.required, s.dryRun
}

// SetGuard makes guard agree to destructive calls, on connections made before
// and after: terminate, delete, release, deregister, revoke, purge, and access
// policies that make things public. It is asked of every endpoint but the
// sandbox: one on this machine may lead anywhere. With a nil guard such calls
// go through, unless RequireGuard says otherwise.
func (e *Env) SetGuard(guard Guard) {
	e.safety.mu.Lock()
	defer e.safety.mu.Unlock()
	e.safety.guard = guard
}

// RequireGuard refuses destructive calls while there is no guard: for programs
// that run where nobody can be asked.
func (e *Env) RequireGuard(yes bool) {
	e.safety.mu.Lock()
	defer e.safety.mu.Unlock()
	e.safety.required = yes
}

// SetDryRun turns EC2's dry run on for every call that changes something: EC2
// answers with code DryRunOperation when the call would be allowed. Calls of
// services without a dry run are not sent: *DryRunError.
func (e *Env) SetDryRun(on bool) {
	e.safety.mu.Lock()
	defer e.safety.mu.Unlock()
	e.safety.dryRun = on
}

// DryRun tells whether SetDryRun is on.
func (e *Env) DryRun() bool {
	_, _, on := e.safety.state()
	return on
}

// guardID names the guard in the SDK's stack.
const guardID = "pawsh:guard"

// guarded puts the guard and the dry run before the SDK writes the request:
// what is refused is neither signed nor sent, whichever way it came, also by
// Client itself.
func (t *Target) guarded() func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		operation := stack.ID()
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc(guardID, func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, meta middleware.Metadata, err error) {
			if _, presigns := stack.Finalize.Get("PresignHTTPRequest"); presigns {
				return next.HandleInitialize(ctx, in) // a URL is made, nothing is sent
			}
			guard, required, dryRun := t.env.safety.state()
			if dryRun && changes(operation) {
				params, ok := withDryRun(in.Parameters)
				if !ok {
					return out, meta, &DryRunError{t.footprint(ctx, operation, in.Parameters)}
				}
				in.Parameters = params
			}
			if (guard != nil || required) && !t.harmless() && destroys(operation, in.Parameters) {
				f := t.footprint(ctx, operation, in.Parameters)
				err := ErrNoGuard
				if guard != nil {
					err = guard(ctx, f)
				}
				if err != nil {
					return out, meta, &RefusedError{f, err}
				}
			}
			if out, meta, err = next.HandleInitialize(ctx, in); err != nil {
				err = t.failed(ctx, operation, in.Parameters, err)
			}
			return out, meta, err
		}), middleware.After)
	}
}

// sandboxVariable names, in the environment, the URL of a sandbox that another
// process serves: it is the only endpoint of the user's own that is no account.
const sandboxVariable = "PAWSH_SANDBOX"

// harmless tells the sandboxes from real accounts.
func (t *Target) harmless() bool { return t.Sandbox || t.env.servedSandbox(t.Endpoint) }

// servedSandbox tells whether an endpoint is that of a sandbox which another
// process serves on this machine.
func (e *Env) servedSandbox(endpoint string) bool {
	named := e.opts.Getenv(sandboxVariable)
	if named == "" || endpoint == "" {
		return false
	}
	u, err := parseEndpoint(named)
	return err == nil && isLoopback(u.Hostname()) && strings.TrimSuffix(u.String(), "/") == strings.TrimSuffix(endpoint, "/")
}

// IsReal tells whether calls reach what may be a real account: any endpoint but
// the sandbox's.
func (t *Target) IsReal() bool { return !t.harmless() }
