package sandbox

import (
	"context"
	"log"
	"net/http"
	"time"

	"pawsh/sandbox/cloudwatch"
	"pawsh/sandbox/core"
	"pawsh/sandbox/ec2"
	"pawsh/sandbox/iam"
	"pawsh/sandbox/s3"
	"pawsh/sandbox/sns"
	"pawsh/sandbox/sqs"
	"pawsh/sandbox/store"
	"pawsh/sandbox/sts"
	"pawsh/sandbox/wire"
)

// cloud is the state of all services, and the front before them.
type cloud struct {
	account   account
	users     *iam.Cloud
	sessions  *sts.Cloud
	buckets   *s3.Cloud
	queues    *sqs.Cloud
	topics    *sns.Cloud
	instances *ec2.Cloud
	metrics   *cloudwatch.Cloud

	front *front
}

// newCloud makes an empty cloud: each service's state, the wire before it, and
// the front before all of them. keep surrounds every call of every service,
// sync is called when something was done in a machine.
func newCloud(env *core.Env, root rootKey, bodies *store.Bodies, keep wire.Around, sync func(), logger *log.Logger) *cloud {
	c := &cloud{account: account{id: env.AccountID(), root: root}}
	c.users = iam.New(env, root.id, root.secret)
	c.sessions = sts.New(env, c.users)
	c.buckets = s3.New(env)
	c.buckets.UseBodies(bodies)
	c.queues = sqs.New(env)
	c.topics = sns.New(env, c.queues)
	c.buckets.Topics, c.buckets.Queues = c.topics, c.queues
	c.instances = ec2.New(env)
	c.instances.Sync = sync
	c.metrics = cloudwatch.New(env, c.topics, c.instances.Meter())

	iamWire, s3Wire := wire.IAM(), wire.S3()
	services := []*wire.Service{wire.EC2(), wire.STS(), wire.SQS(), wire.SNS(), wire.CloudWatch(), s3Wire, iamWire}
	states := []interface{ Register(*wire.Service) }{c.instances, c.sessions, c.queues, c.topics, c.metrics, c.buckets, c.users}
	describers := map[string]iam.Describer{"ec2": c.instances}
	v := &wire.Verifier{Keys: keyring{c.users, c.sessions}, Now: env.Now, Wall: time.Now}
	for i, s := range services {
		s.Use(keep)
		states[i].Register(s)
		switch {
		case s == s3Wire:
			s.Use(c.users.Watch(s.Name()))
			c.buckets.Identity = c.users // S3 asks itself: buckets have a say in it
		case s == iamWire: // IAM watches itself
			s.Use(c.users.Guard("iam", nil))
		default:
			s.Use(c.users.Watch(s.Name()))
			s.Use(c.users.Guard(s.Name(), describers[s.Name()]))
		}
		if n := s.Name(); n == "sns" || n == "sqs" {
			s.Use(c.metrics.Watch) // what alarms have told since is there to be found
		}
		s.Authenticate(v)
		s.RequestIDs(env.UUID)
		s.Log(logger.Printf)
	}
	c.front = &front{services: services, s3: c.buckets.Front(s3Wire), now: env.Now}
	return c
}

// units are the state of the cloud, service by service.
func (c *cloud) units() []*store.Unit {
	return []*store.Unit{c.account.unit(), c.users.State(), c.sessions.State(), c.buckets.State(), c.queues.State(), c.topics.State(),
		c.instances.State(), c.metrics.State()}
}

// settle does what time has brought and what others than its owner may see.
func (c *cloud) settle() {
	c.metrics.Settle()
	c.buckets.Settle()
}

// close ends what the services have begun beside requests.
func (c *cloud) close() { c.instances.Close() }

// ServeHTTP answers a request to any of the services.
func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.front.ServeHTTP(w, r) }

// account is what belongs to no service.
type account struct {
	mu     store.Mutex // guards all below
	id     string
	root   rootKey
	offset time.Duration // of the clock
}

func (a *account) unit() *store.Unit { return &store.Unit{Name: "account", Root: a, Guard: &a.mu} }

func (a *account) key() rootKey {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.root
}

func (a *account) setRoot(k rootKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.root = k
}

func (a *account) ahead() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.offset
}

func (a *account) setAhead(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.offset = d
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
