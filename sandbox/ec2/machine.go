package ec2

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/machine"
	content "pawsh/sandbox/machine/disk"
)

// Bounds on what the emulated machines hold.
const (
	maxContent = 1 << 30   // bytes on all disks of the cloud
	maxDisk    = 128 << 20 // bytes on one, however large it is said to be
	maxSSHDs   = 256       // machines that listen at the same time
)

// Close switches all machines off: what they listen on is closed.
func (c *Cloud) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, r := range c.regions {
		for _, x := range r.instances {
			if x.machine != nil {
				x.machine.Close()
			}
		}
	}
}

// contentOf is what a volume holds, made when it is first asked for.
func (r *region) contentOf(v *volume) *content.Disk {
	limit := min(int64(v.disk.size)<<30, maxDisk)
	if v.content == nil && v.origin != nil {
		copied, err := v.origin.Clone(limit)
		if err == nil { // else the cloud is full, and so is the blank disk
			v.content = copied
		}
	}
	if v.content == nil {
		v.content = r.cloud.store.NewDisk(limit)
	}
	return v.content
}

// free gives back what a deleted volume held.
func (v *volume) free() {
	if v.content != nil {
		v.content.Free()
	}
}

// copyOf is a volume's content as it is now, nil for a volume nobody used.
func (r *region) copyOf(v *volume) (*content.Disk, error) {
	if v.content == nil {
		return v.origin, nil
	}
	copied, err := v.content.Clone(maxDisk)
	if err != nil {
		return nil, fail("SnapshotLimitExceeded", "The emulated disks are full.")
	}
	return copied, nil
}

func (r *region) snapshotContent(id string) *content.Disk {
	if s := r.snapshot(id); s != nil {
		return s.content
	}
	return nil
}

// machineOf is the machine behind an instance, made when it is first asked
// for. What it asks of the cloud later takes the lock by itself.
func (q *call) machineOf(x *instance) *machine.Machine {
	if x.machine != nil {
		return x.machine
	}
	raw, err := base64.StdEncoding.DecodeString(x.userData)
	if err != nil {
		raw = nil // refused at launch
	}
	if x.board == nil {
		x.board = q.cloud.store.NewBoard()
	}
	cfg := machine.Config{
		ID: x.id, Host: q.privateDNS(x.private), User: x.image.user, Release: x.image.release, Arch: string(x.image.arch), Type: string(x.kind),
		Zone: x.subnet.zone.Name, MAC: fmt.Sprintf("%s, %s in %s,", x.mac, x.private, x.subnet.cidr), Key: x.publicKey, UserData: raw,
		RootDevice: x.image.root, Board: x.board, Now: q.env.Now, Rand: q.env,
	}
	for _, v := range q.volumesOf(x) {
		if v.attached.device == x.image.root {
			cfg.Root, cfg.RootSize = q.contentOf(v), int64(v.disk.size)<<30
		}
	}
	if cfg.Root == nil { // its root volume is gone or away
		cfg.Root = q.cloud.store.NewDisk(maxDisk)
	}
	r := q.region
	cfg.Up = func() bool {
		return inside(r, func(q *call) bool { return x.state(q.now) == types.InstanceStateNameRunning && !q.cloud.closed })
	}
	cfg.Admits = func() bool { return inside(r, func(*call) bool { return x.admits(22) }) }
	cfg.Volumes = func() []machine.Volume { return inside(r, func(q *call) []machine.Volume { return q.attachedTo(x) }) }
	cfg.Metadata = func() machine.Metadata { return inside(r, func(q *call) machine.Metadata { return q.metadataOf(x) }) }
	cfg.Sync = q.cloud.Sync
	cfg.Power = func(what string) {
		inside(r, func(q *call) bool { x.powerFromWithin(q, what); return true })
	}
	x.machine = machine.New(cfg)
	return x.machine
}

// inside asks a region on behalf of a machine, under the lock.
func inside[T any](r *region, f func(*call) T) T {
	r.cloud.mu.Lock()
	defer r.cloud.mu.Unlock()
	q := &call{region: r, now: r.env.Now()}
	r.settle(q.now)
	return f(q)
}

func (q *call) attachedTo(x *instance) []machine.Volume {
	var out []machine.Volume
	for _, v := range q.volumesOf(x) {
		if v.attached.device != x.image.root && v.attached.leaving.IsZero() {
			out = append(out, machine.Volume{Device: v.attached.device, Disk: q.contentOf(v), Size: int64(v.disk.size) << 30})
		}
	}
	return out
}

// due tells how often a machine is to have booted, and when it last did.
func (x *instance) due(r *region) func() (int, time.Time) {
	return func() (int, time.Time) {
		type boot struct {
			n  int
			at time.Time
		}
		b := inside(r, func(*call) boot { return boot{x.boots, x.booted.Add(bootTime)} })
		return b.n, b.at
	}
}

// openSSH lets a running machine be reached at its public address, once
// somebody has asked for it.
func (q *call) openSSH(x *instance, ip string) {
	c := q.cloud
	if x.publicKey == "" || x.state(q.now) != types.InstanceStateNameRunning || c.closed || q.now.Sub(x.booted) < bootTime {
		return
	}
	if !x.listens {
		if c.sshds >= maxSSHDs {
			return
		}
		c.sshds++
		x.listens = true
	}
	if _, err := q.machineOf(x).Listen(ip, x.due(q.region)); err != nil {
		x.listens = false
		c.sshds--
	}
}

// switchOff ends what runs in the machine.
func (x *instance) switchOff(c *Cloud) {
	if x.machine != nil {
		x.machine.Stop()
	}
	if x.listens {
		x.listens = false
		c.sshds--
	}
}

// reboot lets the system come up anew; the state stays running.
func (x *instance) reboot(q *call) {
	x.switchOff(q.cloud)
	x.booted = q.now
	x.boots++
}

// powerFromWithin is a shutdown or reboot that a user of the machine asked for.
func (x *instance) powerFromWithin(q *call, what string) {
	switch {
	case x.state(q.now) != types.InstanceStateNameRunning:
	case what == "reboot":
		x.reboot(q)
	default:
		x.switchOff(q.cloud)
		why := stateReason{code: "Client.InstanceInitiatedShutdown", message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown"}
		if x.onShutdown == types.ShutdownBehaviorTerminate {
			x.aim(types.InstanceStateNameTerminated, q.now, why)
			q.ending = append(q.ending, x)
			return
		}
		x.aim(types.InstanceStateNameStopped, q.now, why)
		x.public = ""
	}
}

// wakeVolume boots the machine that holds a volume, so that all is on it.
func (c *Cloud) wakeVolume(ctx context.Context, id string) {
	q, err := c.enter(ctx, false)
	if err != nil {
		return // told by the operation itself
	}
	var m *machine.Machine
	var boots int
	var up time.Time
	if v := q.volume(id); v != nil {
		if a := v.link(q.now); a != nil && q.now.Sub(a.instance.booted) >= bootTime {
			m, boots, up = q.machineOf(a.instance), a.instance.boots, a.instance.booted.Add(bootTime)
		}
	}
	c.leave()
	if m != nil {
		m.Boot(boots, up)
	}
}

// metadataOf is what the machine's metadata service tells.
func (q *call) metadataOf(x *instance) machine.Metadata {
	ip := q.publicIP(x)
	zone := x.subnet.zone
	var groups, groupIDs []string
	for _, g := range x.groups {
		groups, groupIDs = append(groups, g.name), append(groupIDs, g.id)
	}
	local := q.privateDNS(x.private)
	v := map[string]string{
		"ami-id": x.image.id, "ami-launch-index": fmt.Sprint(x.index), "ami-manifest-path": "(unknown)", "hostname": local, "instance-action": "none",
		"instance-id": x.id, "instance-life-cycle": "on-demand", "instance-type": string(x.kind), "local-hostname": local, "local-ipv4": x.private.String(),
		"mac": x.mac, "placement/availability-zone": zone.Name, "placement/availability-zone-id": zone.ID, "placement/region": q.Name, "profile": "default-hvm",
		"reservation-id": x.reservation, "security-groups": strings.Join(groups, "\n"), "services/domain": "amazonaws.com", "services/partition": "aws",
		"block-device-mapping/ami": x.image.root, "block-device-mapping/root": x.image.root,
	}
	nic := "network/interfaces/macs/" + x.mac + "/"
	for name, value := range map[string]string{
		"device-number": "0", "interface-id": x.nic, "local-ipv4s": x.private.String(), "mac": x.mac, "owner-id": q.account(),
		"security-groups": strings.Join(groups, "\n"), "security-group-ids": strings.Join(groupIDs, "\n"), "subnet-id": x.subnet.id, "vpc-id": q.vpc.id,
	} {
		v[nic+name] = value
	}
	if ip != "" {
		v["public-ipv4"], v["public-hostname"] = ip, ip
	}
	if x.publicKey != "" {
		v["public-keys/0/openssh-key"] = strings.TrimSpace(x.publicKey)
		v["public-keys"] = "0=" + x.key
	}
	if x.kernel != "" {
		v["kernel-id"] = x.kernel
	}
	for i, a := range q.attachedTo(x) {
		v[fmt.Sprintf("block-device-mapping/ebs%d", i+1)] = strings.TrimPrefix(a.Device, "/dev/")
	}
	if x.metadata.InstanceMetadataTags == types.InstanceMetadataTagsStateEnabled {
		for _, t := range q.tagSet(x.id) {
			v["tags/instance/"+aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	doc, err := json.MarshalIndent(map[string]any{
		"accountId": q.account(), "architecture": x.image.arch, "availabilityZone": zone.Name, "imageId": x.image.id, "instanceId": x.id,
		"instanceType": x.kind, "kernelId": nil, "pendingTime": x.launched.Format("2006-01-02T15:04:05Z"), "privateIp": x.private, "region": q.Name, "version": "2017-09-30",
	}, "", "  ")
	if err != nil {
		doc = nil
	}
	raw, err := base64.StdEncoding.DecodeString(x.userData)
	if err != nil {
		raw = nil
	}
	return machine.Metadata{Values: v, Document: string(doc), UserData: raw,
		TokensRequired: x.metadata.HttpTokens == types.HttpTokensStateRequired, Disabled: x.metadata.HttpEndpoint == types.InstanceMetadataEndpointStateDisabled}
}
