package boto

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

// EverywhereOption is an argument of Everywhere.
type EverywhereOption func(*everywhere)

type everywhere struct {
	regions  []string
	profiles []string
	at       int
	connect  []session.ConnectOption
}

// InRegions asks these regions instead of all.
//
// Example: boto.EC2.Instances(InRegions("us-east-1", "eu-west-1"))
func InRegions(names ...string) EverywhereOption {
	return func(e *everywhere) { e.regions = append(e.regions, names...) }
}

// WithProfiles asks with each of these profiles in turn: several accounts.
//
// Example: boto.EC2.Instances(WithProfiles("production", "staging"))
func WithProfiles(names ...string) EverywhereOption {
	return func(e *everywhere) { e.profiles = append(e.profiles, names...) }
}

// AtOnce bounds how many regions are asked at the same time, 40 unless given.
//
// Example: boto.EC2.Instances(AtOnce(4))
func AtOnce(n int) EverywhereOption { return func(e *everywhere) { e.at = max(n, 1) } }

// WithConnect gives the connections arguments, such as Debug(1).
//
// Example: boto.EC2.Instances(InRegions("us-east-1"), WithConnect(Debug(1)))
func WithConnect(opts ...session.ConnectOption) EverywhereOption {
	return func(e *everywhere) { e.connect = append(e.connect, opts...) }
}

// regionsAtOnce is more than any partition has by some.
const regionsAtOnce = 40

// RegionResult is what one region answered.
type RegionResult struct {
	Region  string
	Profile string // "" for the session's own
	Value   any    // what the function gave
	Err     error
}

// String prints the region with its value, or its error.
func (r *RegionResult) String() string {
	where := r.Region
	if r.Profile != "" {
		where = r.Profile + "/" + r.Region
	}
	if r.Err != nil {
		_, hint := session.Explain(r.Err)
		if hint != "" {
			hint = " (" + hint + ")"
		}
		return where + ": " + r.Err.Error() + hint
	}
	return fmt.Sprintf("%s: %v", where, r.Value)
}

// RegionResults are the answers of Everywhere, by profile and region.
type RegionResults []*RegionResult

// Failed are the regions that did not answer.
//
// Example: all := boto.EC2.Everywhere(func(c *ec2.Connection) (any, error) { return c.GetAllKeyPairs() }); all.Failed()
func (r RegionResults) Failed() RegionResults {
	var list RegionResults
	for _, one := range r {
		if one.Err != nil {
			list = append(list, one)
		}
	}
	return list
}

// Values maps the regions that answered to their values. With several
// profiles the key is PROFILE/REGION.
//
// Example: all := boto.EC2.Everywhere(func(c *ec2.Connection) (any, error) { return c.GetAllKeyPairs() }); all.Values()["us-east-1"]
func (r RegionResults) Values() map[string]any {
	m := map[string]any{}
	for _, one := range r {
		if one.Err == nil {
			key := one.Region
			if one.Profile != "" {
				key = one.Profile + "/" + key
			}
			m[key] = one.Value
		}
	}
	return m
}

// String prints a line a region.
func (r RegionResults) String() string {
	lines := make([]string, len(r))
	for i, one := range r {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Everywhere calls ask with a connection to each region, side by side, and
// gives what each answered. The regions are those that the account has enabled
// (DescribeRegions), or all that are known where it may not ask. One that fails
// is told in its result and ends nothing. The error is
// that of a fault before the first call, or of every region failing.
//
//	boto.EC2.Everywhere(func(c *boto.EC2Connection) (any, error) { return c.GetOnlyInstances() })
//
// Options: InRegions, WithProfiles, AtOnce, WithConnect.
//
// Example: boto.EC2.Everywhere(func(c *ec2.Connection) (any, error) { return c.GetAllVolumes() })
func (EC2Module) Everywhere(ask func(*ec2.Connection) (any, error), opts ...EverywhereOption) (RegionResults, error) {
	return sweep(ask, ec2.Connect, opts)
}

// Instances lists the instances of all regions, side by side: DescribeInstances
// in each. Regions that fail are in the error, the others' instances are given
// all the same: *SweepError.
//
// Example: boto.EC2.Instances()
func (m EC2Module) Instances(opts ...EverywhereOption) ([]*ec2.Instance, error) {
	results, err := m.Everywhere(func(c *ec2.Connection) (any, error) { return c.GetOnlyInstances() }, opts...)
	var list []*ec2.Instance
	for _, r := range results {
		if found, ok := r.Value.([]*ec2.Instance); ok {
			list = append(list, found...)
		}
	}
	if failed := results.Failed(); err == nil && len(failed) > 0 {
		err = &SweepError{Failed: failed, Asked: len(results)}
	}
	return list, err
}

// SweepError says which regions did not answer.
type SweepError struct {
	Failed RegionResults
	Asked  int
}

// Error names them with their errors.
func (e *SweepError) Error() string {
	return fmt.Sprintf("%d of %d regions did not answer:\n%s", len(e.Failed), e.Asked, e.Failed)
}

// Unwrap gives the regions' errors.
func (e *SweepError) Unwrap() []error {
	var list []error
	for _, r := range e.Failed {
		list = append(list, r.Err)
	}
	return list
}

// sweep asks all regions, a bounded number at a time.
func sweep[C any](ask func(*C) (any, error), open func(*session.Env, ...session.ConnectOption) (*C, error), opts []EverywhereOption) (RegionResults, error) {
	env, err := Env()
	if err != nil {
		return nil, err
	}
	e := everywhere{at: regionsAtOnce}
	for _, o := range opts {
		o(&e)
	}
	for _, name := range e.regions {
		if err := session.CheckRegion(name); err != nil {
			return nil, err
		}
	}
	if len(e.profiles) == 0 {
		e.profiles = []string{""}
	}
	var results RegionResults
	for _, p := range e.profiles {
		regions := e.regions
		if len(regions) == 0 {
			regions = enabled(env, p, e.connect)
		}
		for _, r := range regions {
			results = append(results, &RegionResult{Region: r, Profile: p})
		}
	}
	run(env.Context(), e.at, results, func(r *RegionResult) {
		args := append([]session.ConnectOption{session.Region(r.Region)}, e.connect...)
		if r.Profile != "" {
			args = append(args, session.ProfileName(r.Profile))
		}
		c, err := open(env, args...)
		if err != nil {
			r.Err = err
			return
		}
		r.Value, r.Err = ask(c)
	})
	sort.SliceStable(results, func(i, j int) bool {
		a, b := results[i], results[j]
		return a.Profile < b.Profile || a.Profile == b.Profile && a.Region < b.Region
	})
	if failed := results.Failed(); len(failed) == len(results) && len(results) > 0 {
		return results, &SweepError{Failed: failed, Asked: len(results)}
	}
	return results, nil
}

// enabled lists the regions that the account has enabled, or all that are known
// where it may not ask.
func enabled(env *session.Env, profile string, opts []session.ConnectOption) []string {
	if profile != "" {
		opts = append(opts[:len(opts):len(opts)], session.ProfileName(profile))
	}
	known := session.Regions(env.Region())
	c, err := ec2.Connect(env, opts...)
	if err != nil {
		return known
	}
	list, err := c.GetAllRegions()
	if err != nil || len(list) == 0 {
		return known
	}
	names := make([]string, len(list))
	for i, r := range list {
		names[i] = r.Name
	}
	return names
}

// run does the work at places side by side. What has not begun when the
// context ends is told so. A panic in one place is its error: it would end the
// program.
func run(ctx context.Context, at int, results RegionResults, do func(*RegionResult)) {
	var wg sync.WaitGroup
	room := make(chan struct{}, at)
	for _, r := range results {
		select {
		case <-ctx.Done():
			r.Err = context.Cause(ctx)
			continue
		case room <- struct{}{}:
		}
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					r.Err = errors.Join(r.Err, fmt.Errorf("panic: %v", p))
				}
				<-room
			}()
			do(r)
		})
	}
	wg.Wait()
}
