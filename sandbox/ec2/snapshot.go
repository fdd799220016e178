package ec2

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	content "pawsh/sandbox/machine/disk"
)

// snapshotTime is how long a snapshot takes, by the injected clock.
const snapshotTime = 2 * time.Second

// snapshot is one snapshot of the account's own.
type snapshot struct {
	id, volume, description string
	size                    int32
	encrypted               bool
	started                 time.Time
	content                 *content.Disk // nil when nothing was ever on the volume
	public                  bool          // everybody may make volumes of it
	shared                  []string      // accounts that may
}

func (s *snapshot) state(now time.Time) types.SnapshotState {
	if now.Sub(s.started) < snapshotTime {
		return types.SnapshotStatePending
	}
	return types.SnapshotStateCompleted
}

func (s *snapshot) progress(now time.Time) string {
	done := min(now.Sub(s.started), snapshotTime)
	return fmt.Sprintf("%d%%", 100*max(done, 0)/snapshotTime)
}

func (r *region) snapshot(id string) *snapshot {
	for _, s := range r.snapshots {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (q *call) snapshotView(s *snapshot) types.Snapshot {
	w := types.Snapshot{
		SnapshotId: aws.String(s.id), VolumeId: aws.String(s.volume), VolumeSize: aws.Int32(s.size), Description: aws.String(s.description),
		Encrypted: aws.Bool(s.encrypted), OwnerId: aws.String(q.account()), Progress: aws.String(s.progress(q.now)),
		StartTime: aws.Time(s.started), State: s.state(q.now), StorageTier: types.StorageTierStandard, Tags: q.tagSet(s.id),
	}
	if w.State == types.SnapshotStateCompleted {
		w.CompletionTime = aws.Time(s.started.Add(snapshotTime))
	}
	return w
}

// createSnapshot lets the machine that holds the volume boot first, outside
// the lock: what its user data writes belongs on the snapshot.
func (c *Cloud) createSnapshot(ctx context.Context, in *ec2.CreateSnapshotInput) (*ec2.CreateSnapshotOutput, error) {
	if aws.ToString(in.VolumeId) != "" && !aws.ToBool(in.DryRun) {
		c.wakeVolume(ctx, *in.VolumeId)
	}
	return run(ctx, c, createSnapshot, in)
}

func createSnapshot(q *call, in *ec2.CreateSnapshotInput) (*ec2.CreateSnapshotOutput, error) {
	if in.VolumeId == nil {
		return nil, missing("VolumeId")
	}
	if err := q.checkVolumes(*in.VolumeId); err != nil {
		return nil, err
	}
	if d := aws.ToString(in.Description); len(d) > 255 {
		return nil, invalid("Description exceeds the maximum length of 255 characters")
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeSnapshot)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	v := q.volume(*in.VolumeId)
	s := &snapshot{id: q.env.ID("snap"), volume: v.id, description: aws.ToString(in.Description), size: v.disk.size, encrypted: v.disk.encrypted, started: q.now}
	if s.content, err = q.copyOf(v); err != nil {
		return nil, err
	}
	q.snapshots = append(q.snapshots, s)
	q.setTags(s.id, tags[types.ResourceTypeSnapshot])
	w := q.snapshotView(s)
	return &ec2.CreateSnapshotOutput{SnapshotId: w.SnapshotId, VolumeId: w.VolumeId, VolumeSize: w.VolumeSize, Description: w.Description,
		Encrypted: w.Encrypted, OwnerId: w.OwnerId, Progress: w.Progress, StartTime: w.StartTime, State: w.State, Tags: w.Tags}, nil
}

func (q *call) snapshotFields() fields[*snapshot] {
	return fields[*snapshot]{
		"snapshot-id":  func(s *snapshot) []string { return one(s.id) },
		"volume-id":    func(s *snapshot) []string { return one(s.volume) },
		"volume-size":  func(s *snapshot) []string { return one(fmt.Sprint(s.size)) },
		"description":  func(s *snapshot) []string { return []string{s.description} },
		"encrypted":    func(s *snapshot) []string { return yesno(s.encrypted) },
		"owner-alias":  func(*snapshot) []string { return nil },
		"owner-id":     func(*snapshot) []string { return one(q.account()) },
		"progress":     func(s *snapshot) []string { return one(s.progress(q.now)) },
		"start-time":   func(s *snapshot) []string { return one(stamp(s.started)) },
		"status":       func(s *snapshot) []string { return one(string(s.state(q.now))) },
		"storage-tier": func(*snapshot) []string { return one("standard") },
	}
}

// describeSnapshots lists the account's own snapshots. Those behind the
// images of the catalogue belong to others and are not listed.
func describeSnapshots(q *call, in *ec2.DescribeSnapshotsInput) (*ec2.DescribeSnapshotsOutput, error) {
	for _, id := range in.SnapshotIds {
		if !wellFormed("snap", id) {
			return nil, invalid("Value (%s) for parameter snapshotId is invalid. Expected: 'snap-...'.", id)
		}
	}
	if gone := absent(in.SnapshotIds, func(id string) bool { return q.snapshot(id) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidSnapshot.NotFound", "snapshot", gone...)
	}
	id := func(s *snapshot) string { return s.id }
	snaps := selected(q.snapshots, in.SnapshotIds, id)
	mine := func(who string) bool { return who == "self" || who == q.account() }
	if len(in.OwnerIds) > 0 && !slices.ContainsFunc(in.OwnerIds, mine) {
		snaps = nil
	}
	if len(in.RestorableByUserIds) > 0 {
		snaps = slices.DeleteFunc(slices.Clone(snaps), func(s *snapshot) bool {
			return !slices.ContainsFunc(in.RestorableByUserIds, func(who string) bool {
				return mine(who) || s.public || slices.Contains(s.shared, who)
			})
		})
	}
	snaps, err := filter(q, q.snapshotFields(), in.Filters, snaps, id)
	if err != nil {
		return nil, err
	}
	snaps, next, err := page(snaps, in.NextToken, in.MaxResults, 5, 1000)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeSnapshotsOutput{Snapshots: []types.Snapshot{}, NextToken: next}
	for _, s := range snaps {
		out.Snapshots = append(out.Snapshots, q.snapshotView(s))
	}
	return out, nil
}

func deleteSnapshot(q *call, in *ec2.DeleteSnapshotInput) (*ec2.DeleteSnapshotOutput, error) {
	if in.SnapshotId == nil {
		return nil, missing("SnapshotId")
	}
	s := q.snapshot(*in.SnapshotId)
	if s == nil {
		for _, m := range q.images {
			if m.snapshot == *in.SnapshotId {
				return nil, fail("InvalidSnapshot.InUse", "The snapshot %s is currently in use by %s", m.snapshot, m.id)
			}
		}
		return nil, fail("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", *in.SnapshotId)
	}
	if m := q.userOf(s.id); m != nil {
		return nil, fail("InvalidSnapshot.InUse", "The snapshot %s is currently in use by %s", s.id, m.id)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	q.snapshots = slices.DeleteFunc(q.snapshots, func(x *snapshot) bool { return x == s })
	delete(q.tags, s.id)
	return &ec2.DeleteSnapshotOutput{}, nil
}
