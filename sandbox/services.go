package sandbox

import (
	"context"
	"log"
	"time"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

// newServices makes the cloud: each service's state, and the wire in front.
func newServices(env *core.Env, root rootKey, logger *log.Logger) []*wire.Service {
	services := []*wire.Service{
		wire.EC2(), wire.IAM(), wire.STS(), wire.CloudWatch(), wire.SNS(), wire.SQS(), wire.S3(),
	}
	v := &wire.Verifier{Keys: keyring{root}, Now: env.Now, Wall: time.Now}
	for _, s := range services {
		s.Authenticate(v)
		s.RequestIDs(env.UUID)
		s.Log(logger.Printf)
	}
	return services
}

// keyring knows the account's own key, then those that its keepers know.
type keyring []wire.Keys

// LookupKey asks one keeper after the other.
func (r keyring) LookupKey(ctx context.Context, id string) (wire.Key, bool) {
	for _, k := range r {
		if key, ok := k.LookupKey(ctx, id); ok {
			return key, true
		}
	}
	return wire.Key{}, false
}

// LookupKey gives the root's key.
func (r rootKey) LookupKey(_ context.Context, id string) (wire.Key, bool) {
	return r.key, id == r.id
}
