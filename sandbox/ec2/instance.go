package ec2

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/machine"
	content "pawsh/sandbox/machine/disk"
)

// How long a machine takes, by the injected clock.
const (
	bootTime      = 2 * time.Second  // pending to running
	stopTime      = 2 * time.Second  // stopping to stopped
	terminateTime = 2 * time.Second  // shutting-down to terminated
	checkTime     = 10 * time.Second // running to passed status checks
	monitorTime   = time.Second      // detailed monitoring comes on or goes off
	forgetTime    = time.Hour        // terminated instances are listed that long
)

// instance is one machine. Its state is not kept but computed: goal is what
// was asked for last, since is when.
type instance struct {
	id, reservation, token string
	index                  int32
	image                  *image
	kind                   types.InstanceType
	kernel, ramdisk        string
	key                    string
	groups                 []*group
	subnet                 *subnet
	private                netip.Addr
	public                 string // while running, when no elastic address is there
	wantsPublic            bool
	mac, nic, nicAttach    string
	tenancy                types.Tenancy
	placementGroup         string
	profile, profileID     string
	ebsOptimized           bool
	metadata               types.InstanceMetadataOptionsResponse
	userData               string // base64, as it came
	sourceDest             bool
	protectStop            bool
	protectTermination     bool
	onShutdown             types.ShutdownBehavior
	hibernation            bool

	created  time.Time // when it was first launched: volumes and interface are as old
	launched time.Time // when it was last switched on
	booted   time.Time // when its system last came up: after a reboot, later
	boots    int
	spans    []span // in which it was switched on
	goal     types.InstanceStateName
	since    time.Time
	reason   stateReason

	monitored    bool
	monitorSince time.Time

	machine   *machine.Machine `store:"-"` // nil until somebody looks
	board     *content.Board   // what the machine keeps beside its disks, nil with it
	publicKey string           // of the key pair, as it was at launch
	listens   bool             `store:"-"`
}

type stateReason struct{ code, message, transition string }

var stateCodes = map[types.InstanceStateName]int32{
	types.InstanceStateNamePending:      0,
	types.InstanceStateNameRunning:      16,
	types.InstanceStateNameShuttingDown: 32,
	types.InstanceStateNameTerminated:   48,
	types.InstanceStateNameStopping:     64,
	types.InstanceStateNameStopped:      80,
}

// state computes where the machine is on its way to its goal.
func (x *instance) state(now time.Time) types.InstanceStateName {
	gone := now.Sub(x.since)
	switch {
	case x.goal == types.InstanceStateNameRunning && gone < bootTime:
		return types.InstanceStateNamePending
	case x.goal == types.InstanceStateNameStopped && gone < stopTime:
		return types.InstanceStateNameStopping
	case x.goal == types.InstanceStateNameTerminated && gone < terminateTime:
		return types.InstanceStateNameShuttingDown
	}
	return x.goal
}

func stateView(s types.InstanceStateName) *types.InstanceState {
	return &types.InstanceState{Name: s, Code: aws.Int32(stateCodes[s])}
}

// aim gives the machine a new goal.
func (x *instance) aim(goal types.InstanceStateName, now time.Time, why stateReason) {
	x.goal, x.since, x.reason = goal, now, why
	if goal == types.InstanceStateNameRunning {
		x.spans = append(x.spans, span{on: now})
	} else if last := &x.spans[len(x.spans)-1]; last.off.IsZero() {
		last.off = now
	}
}

// monitoring is the state of detailed monitoring.
func (x *instance) monitoring(now time.Time) types.MonitoringState {
	settled := now.Sub(x.monitorSince) >= monitorTime
	switch {
	case x.monitored && settled:
		return types.MonitoringStateEnabled
	case x.monitored:
		return types.MonitoringStatePending
	case !x.monitorSince.IsZero() && !settled:
		return types.MonitoringStateDisabling
	}
	return types.MonitoringStateDisabled
}

// instance finds an instance that is still listed.
func (q *call) instance(id string) *instance {
	x := q.byID[id]
	if x == nil || x.forgotten(q.now) {
		return nil
	}
	return x
}

func (x *instance) forgotten(now time.Time) bool {
	return x.goal == types.InstanceStateNameTerminated && now.Sub(x.since) >= terminateTime+forgetTime
}

// named finds the instances of a request's ids, in their order.
func (q *call) named(ids []string) ([]*instance, error) {
	for _, id := range ids {
		if !wellFormed("i", id) {
			return nil, fail("InvalidInstanceID.Malformed", "Invalid id: %q", id)
		}
	}
	if gone := absent(ids, func(id string) bool { return q.instance(id) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidInstanceID.NotFound", "instance ID", gone...)
	}
	var out []*instance
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, q.byID[id])
		}
	}
	return out, nil
}

// listed gives all instances that are still listed, in order of launch.
func (q *call) listed() []*instance {
	out := make([]*instance, 0, len(q.instances))
	for _, x := range q.instances {
		if !x.forgotten(q.now) {
			out = append(out, x)
		}
	}
	return out
}

// settle makes up for what time has done to others than the machines: the
// volumes and addresses of those that have ended by now.
func (r *region) settle(now time.Time) {
	var left []*instance
	for _, x := range r.ending {
		if x.state(now) != types.InstanceStateNameTerminated {
			left = append(left, x)
			continue
		}
		r.letGo(x)
	}
	r.ending = left
}

// letGo releases what an ended machine held.
func (r *region) letGo(x *instance) {
	r.cloud.mu.Changed()
	x.switchOff(r.cloud)
	x.public = ""
	delete(x.subnet.used, x.private)
	r.dropVolumes(x)
	for _, a := range r.elastic {
		if a.instance == x {
			a.instance, a.association = nil, ""
		}
	}
}

// publicIP is the address the machine is reached at, "" for none.
func (q *call) publicIP(x *instance) string {
	for _, a := range q.elastic {
		if a.instance == x {
			return a.ip
		}
	}
	if s := x.state(q.now); s == types.InstanceStateNameRunning || s == types.InstanceStateNameStopping && x.public != "" {
		return x.public
	}
	return ""
}

// newPublicIP hands out an address of the loopback net, where an emulated
// machine can be reached. Addresses are never handed out twice.
func (c *Cloud) newPublicIP() string {
	n := c.addresses
	c.addresses++
	return fmt.Sprintf("127.%d.%d.%d", 77+n/62500%150, n/250%250, n%250+1)
}

func (r *region) privateDNS(a netip.Addr) string {
	host := "ip-" + strings.ReplaceAll(a.String(), ".", "-")
	if r.Name == "us-east-1" {
		return host + ".ec2.internal"
	}
	return host + "." + r.Name + ".compute.internal"
}
