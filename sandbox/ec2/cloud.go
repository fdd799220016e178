// Package ec2 emulates EC2: regions and zones, the default network, key
// pairs, security groups, images, instances, volumes, snapshots, addresses
// and tags, each region apart, with AWS's own rules, error codes and texts.
//
// Nothing here runs by itself: every state is computed from the injected
// clock when it is asked for, so that a clock set forward shows all at once.
// The machines behind instances are those of sandbox/machine: they boot when
// somebody looks. The package speaks no protocol.
package ec2

import (
	"context"
	"strings"
	"time"

	"pawsh/sandbox/core"
	content "pawsh/sandbox/machine/disk"
	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// Cloud is the EC2 of one account in all regions. It is safe for concurrent use.
type Cloud struct {
	// Sync is called when somebody's command in a machine has ended, so that
	// what it wrote can be kept. It is set before the first request; nil does
	// nothing.
	Sync func() `store:"-"`

	env *core.Env `store:"-"`

	mu        store.Mutex // guards all below, the regions' state too
	regions   map[string]*region
	addresses int // public addresses handed out so far
	sshds     int `store:"-"` // machines that listen for SSH
	store     *content.Store
	closed    bool `store:"-"`
}

// New returns an empty cloud: regions are furnished with their default VPC
// when they are first asked for.
func New(env *core.Env) *Cloud {
	return &Cloud{env: env, regions: map[string]*region{}, store: content.NewStore(maxContent)}
}

// region is the state of one region. Its methods run under the cloud's lock.
type region struct {
	core.Region
	cloud *Cloud
	env   *core.Env `store:"-"`

	keys      []*keyPair
	vpc       vpc
	subnets   []*subnet
	groups    []*group
	images    []*image
	instances []*instance // in order of launch
	byID      map[string]*instance
	tokens    map[string]launchToken
	ending    []*instance // terminating, their volumes and addresses not yet let go
	volumes   []*volume
	snapshots []*snapshot
	elastic   []*address
	tags      map[string][]tag
}

// call is one request at work on its region, holding the cloud's lock.
type call struct {
	*region
	now    time.Time
	caller wire.Caller
	links  map[*instance][]*volume // what volumesOf found, nil before
}

// enter locks the cloud and prepares a call; leave ends it. looks tells that
// the call itself changes nothing.
func (c *Cloud) enter(ctx context.Context, looks bool) (*call, error) {
	caller := wire.CallerFrom(ctx)
	name := caller.Region
	if name == "" {
		name = core.DefaultRegion
	}
	c.mu.RLock()
	if !looks {
		c.mu.Changed()
	}
	r := c.regions[name]
	if r == nil {
		known, ok := core.RegionByName(name)
		if ok && known.OptIn {
			c.mu.RUnlock()
			return nil, wire.Errorf("AuthFailure", 401, "AWS was not able to validate the provided access credentials")
		}
		if !ok { // a name of the user's own: a private cloud's region
			known = core.Region{Name: name, LongName: name, ZoneID: name, Zones: "abc"}
		}
		c.mu.Changed()
		r = c.newRegion(known)
		c.regions[name] = r
	}
	q := &call{region: r, now: c.env.Now(), caller: caller}
	r.settle(q.now)
	return q, nil
}

func (c *Cloud) leave() { c.mu.RUnlock() }

func (c *Cloud) newRegion(known core.Region) *region {
	r := &region{
		Region: known, cloud: c, env: c.env,
		byID:   map[string]*instance{},
		tokens: map[string]launchToken{},
		tags:   map[string][]tag{},
	}
	r.furnish()
	return r
}

func (r *region) account() string { return r.env.AccountID() }

func (r *region) arn(resource string) string {
	return "arn:aws:ec2:" + r.Name + ":" + r.account() + ":" + resource
}

// run answers one request by h under the lock.
func run[I, O any](ctx context.Context, c *Cloud, h func(*call, *I) (*O, error), in *I) (*O, error) {
	q, err := c.enter(ctx, strings.HasPrefix(wire.Operation(ctx), "Describe"))
	if err != nil {
		return nil, err
	}
	defer c.leave()
	return h(q, in)
}

func handle[I, O any](s *wire.Service, c *Cloud, op string, h func(*call, *I) (*O, error)) {
	wire.Handle(s, op, func(ctx context.Context, in *I) (*O, error) { return run(ctx, c, h, in) })
}
