package sandbox

import (
	"context"
	"log"
	"time"

	"pawsh/sandbox/core"
	"pawsh/sandbox/ec2"
	"pawsh/sandbox/s3"
	"pawsh/sandbox/wire"
)

// newFront makes the cloud: each service's state, the wire before it, and the
// front before all of them.
func newFront(env *core.Env, root rootKey, logger *log.Logger) *front {
	ec2Wire, s3Wire := wire.EC2(), wire.S3()
	ec2.New(env).Register(ec2Wire)
	buckets := s3.New(env)
	buckets.Register(s3Wire)
	services := []*wire.Service{
		ec2Wire, wire.IAM(), wire.STS(), wire.CloudWatch(), wire.SNS(), wire.SQS(), s3Wire,
	}
	v := &wire.Verifier{Keys: keyring{root}, Now: env.Now, Wall: time.Now}
	for _, s := range services {
		s.Authenticate(v)
		s.RequestIDs(env.UUID)
		s.Log(logger.Printf)
	}
	return &front{services: services, s3: buckets.Front(s3Wire), now: env.Now}
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
