// Package s3 emulates S3: buckets, objects and their versions, uploads in
// parts, access lists, policies, and the configurations of a bucket, with
// AWS's own rules, error codes and texts. Names are one world over all
// regions, as on AWS.
//
// Bodies stream: they are taken in and handed out in chunks, outside of any
// lock. The package speaks no protocol; nothing runs by itself: what time
// brings about is done when it is next looked at.
package s3

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Cloud is the S3 of the sandbox. It is safe for concurrent use.
type Cloud struct {
	// Identity judges users and roles by their own policies; without one they
	// may do what the account may. It is set before the first request.
	Identity Identity `store:"-"`
	// Topics and Queues get the notifications of buckets; without them they
	// are lost. They are set before the first request.
	Topics Topics `store:"-"`
	Queues Queues `store:"-"`

	env    *core.Env     `store:"-"`
	bodies *store.Bodies `store:"-"`

	actions map[string]string `store:"-"` // of the operations, for policies

	mu      store.RWMutex // guards all below
	buckets map[string]*bucket
	names   keys          `store:"-"` // of the buckets
	touched store.Touched // versions
}

// New returns a cloud with the buckets of others that are there before anyone
// comes: names are unique in the world, and these two are taken.
func New(env *core.Env) *Cloud {
	c := &Cloud{env: env, bodies: store.NewBodies(), buckets: map[string]*bucket{}, actions: map[string]string{}}
	for _, name := range []string{"amazon", "google"} {
		c.addBucket(&bucket{name: name, region: core.DefaultRegion, account: strangers, acl: private(strangers), created: firstDay})
	}
	return c
}

// strangers is the account of the buckets that belong to others.
const strangers = "111122223333"

var firstDay = time.Date(2006, 3, 14, 0, 0, 0, 0, time.UTC)

func (c *Cloud) addBucket(b *bucket) {
	b.objects, b.byID, b.uploads = map[string]*version{}, map[versionKey]*version{}, map[string]*upload{}
	b.done = map[string]versionKey{}
	b.configs = map[string]any{}
	c.buckets[b.name] = b
	c.names.insert(b.name)
}

// call is one request at work.
type call struct {
	c      *Cloud
	ctx    context.Context
	now    time.Time
	caller wire.Caller
	bucket *bucket // that the request addresses, nil without one
	key    string
}

// mode says how a handler holds the cloud.
type mode int

const (
	reads  mode = iota // the read lock
	writes             // the lock
	free               // none: the handler locks for itself, after its body
)

// handle registers h for op. The bucket must be there, and the caller be
// allowed to do action, before h runs.
func handle[I, O any](s *wire.Service, c *Cloud, op string, m mode, action string, h func(*call, *I) (*O, error)) {
	c.actions[op] = action
	wire.Handle(s, op, func(ctx context.Context, in *I) (*O, error) { return run(ctx, c, m, action, h, in) })
}

// Action is what policies call an operation: s3:ListBucket for ListObjects.
func (c *Cloud) Action(op string) string {
	switch op {
	case "GetObject", "HeadObject":
		return "s3:GetObject"
	case "DeleteObjects":
		return "s3:DeleteObject"
	}
	if a := c.actions[op]; a != "" {
		return a
	}
	return "s3:" + op
}

func run[I, O any](ctx context.Context, c *Cloud, m mode, action string, h func(*call, *I) (*O, error), in *I) (*O, error) {
	bucket, key, id := addressed(in)
	q := &call{c: c, ctx: ctx, now: c.env.Now(), caller: wire.CallerFrom(ctx), key: key}
	if m == reads {
		c.mu.RLock()
		defer c.mu.RUnlock()
	} else {
		c.mu.Lock()
	}
	if m == writes {
		defer func() {
			c.touch(q.bucket, key)
			c.mu.Unlock()
		}()
	}
	err := q.open(bucket, onVersion(action, &id))
	if m == free {
		c.mu.Unlock()
	}
	if err != nil {
		return nil, err
	}
	return h(q, in)
}

// addressed gives what the input's Bucket, Key and VersionId members name.
func addressed(in any) (bucket, key, id string) {
	v := reflect.ValueOf(in).Elem()
	text := func(name string) string {
		if f := v.FieldByName(name); f.IsValid() {
			if p, ok := f.Interface().(*string); ok && p != nil {
				return *p
			}
		}
		return ""
	}
	return text("Bucket"), text("Key"), text("VersionId")
}

// open finds the bucket and asks whether the caller may.
func (q *call) open(name, action string) error {
	if name == "" {
		return q.mayOnAccount(action, "arn:aws:s3:::*")
	}
	b := q.c.buckets[name]
	if b == nil {
		if action == actionCreateBucket {
			return q.mayOnAccount(action, "arn:aws:s3:::"+name)
		}
		return wire.Errorf("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist").With("BucketName", name)
	}
	q.bucket = b
	if r := wire.Request(q.ctx); r != nil {
		if owner := r.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" && owner != b.account {
			return denied()
		}
	}
	switch action {
	case actionLook:
		return nil
	case actionCreateBucket:
		return q.mayOnAccount(action, "arn:aws:s3:::"+name)
	}
	return q.may(b, action, q.key)
}

// mayOnAccount decides what no bucket has a say in.
func (q *call) mayOnAccount(action, resource string) error {
	if q.caller.Anonymous() {
		return denied()
	}
	if v := q.identity(action, resource, q.facts(nil)); !v.Allowed {
		return refusal(q.caller, action, resource, v.Why)
	}
	return nil
}

const (
	actionCreateBucket = "s3:CreateBucket"
	actionLook         = "" // the handler asks, once it knows what about
)

func denied() error { return wire.Errorf("AccessDenied", http.StatusForbidden, "Access Denied") }

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidArgument", http.StatusBadRequest, format, a...)
}
