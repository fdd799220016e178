package sandbox

import (
	"context"
	"log"
	"time"

	"pawsh/sandbox/cloudwatch"
	"pawsh/sandbox/core"
	"pawsh/sandbox/ec2"
	"pawsh/sandbox/iam"
	"pawsh/sandbox/s3"
	"pawsh/sandbox/sns"
	"pawsh/sandbox/sqs"
	"pawsh/sandbox/sts"
	"pawsh/sandbox/wire"
)

// newFront makes the cloud: each service's state, the wire before it, and the
// front before all of them.
func newFront(env *core.Env, root rootKey, logger *log.Logger) *front {
	users := iam.New(env, root.id, root.secret)
	sessions := sts.New(env, users)
	buckets := s3.New(env)
	queues := sqs.New(env)
	topics := sns.New(env, queues)
	instances := ec2.New(env)
	metrics := cloudwatch.New(env, topics, instances.Meter())

	iamWire, s3Wire := wire.IAM(), wire.S3()
	users.Register(iamWire)
	buckets.Register(s3Wire)
	services := []*wire.Service{
		register(instances, wire.EC2()),
		register(sessions, wire.STS()),
		register(queues, wire.SQS()),
		register(topics, wire.SNS()),
		register(metrics, wire.CloudWatch()),
		s3Wire,
	}
	for _, s := range services {
		s.Use(users.Watch(s.Name())) // IAM watches itself
		if s == s3Wire {
			s.Use(users.Guard("s3", buckets.Action))
		} else {
			s.Use(users.Guard(s.Name(), nil))
		}
		if n := s.Name(); n == "sns" || n == "sqs" {
			s.Use(metrics.Watch) // what alarms have told since is there to be found
		}
	}
	iamWire.Use(users.Guard("iam", nil))
	services = append(services, iamWire)

	v := &wire.Verifier{Keys: keyring{users, sessions}, Now: env.Now, Wall: time.Now}
	for _, s := range services {
		s.Authenticate(v)
		s.RequestIDs(env.UUID)
		s.Log(logger.Printf)
	}
	return &front{services: services, s3: buckets.Front(s3Wire), now: env.Now, close: instances.Close}
}

// register puts a service's state behind its wire.
func register(state interface{ Register(*wire.Service) }, s *wire.Service) *wire.Service {
	state.Register(s)
	return s
}

// keyring asks one keeper of access keys after the other.
type keyring []wire.Keys

// LookupKey gives the first keeper's answer.
func (r keyring) LookupKey(ctx context.Context, id string) (wire.Key, bool) {
	for _, k := range r {
		if key, ok := k.LookupKey(ctx, id); ok {
			return key, true
		}
	}
	return wire.Key{}, false
}
