package ec2

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Snapshot is a copy of a volume's data at a moment (boto: Snapshot).
type Snapshot struct {
	ID         string
	VolumeID   string
	VolumeSize int    // GiB
	Status     string // "pending", "completed", "error"
	// StateMessage says why Status is "error".
	StateMessage string
	Progress     string // "100%"
	StartTime    time.Time
	Description  string
	OwnerID      string
	OwnerAlias   string
	Encrypted    bool
	Tags         map[string]string
	Region       *RegionInfo
	Connection   *Connection
	Raw          types.Snapshot
}

// String prints the snapshot as boto does.
func (s *Snapshot) String() string { return "Snapshot:" + s.ID }

func (c *Connection) snapshot(raw types.Snapshot) *Snapshot {
	s := &Snapshot{Connection: c, Region: c.Region}
	s.fill(raw)
	return s
}

func (s *Snapshot) fill(raw types.Snapshot) {
	*s = Snapshot{
		ID: aws.ToString(raw.SnapshotId), VolumeID: aws.ToString(raw.VolumeId), VolumeSize: int(aws.ToInt32(raw.VolumeSize)),
		Status: string(raw.State), StateMessage: aws.ToString(raw.StateMessage), Progress: aws.ToString(raw.Progress), StartTime: aws.ToTime(raw.StartTime),
		Description: aws.ToString(raw.Description), OwnerID: aws.ToString(raw.OwnerId), OwnerAlias: aws.ToString(raw.OwnerAlias),
		Encrypted: aws.ToBool(raw.Encrypted), Tags: tagMap(raw.Tags),
		Region: s.Region, Connection: s.Connection, Raw: raw,
	}
}

type snapshotsOption func(*sdk.DescribeSnapshotsInput)

func (f snapshotsOption) getAllSnapshots(in *sdk.DescribeSnapshotsInput) error { f(in); return nil }

// SnapshotIDs names the snapshots to list (boto: snapshot_ids).
//
// Example: ec2.GetAllSnapshots(SnapshotIDs(snapshot.ID))
func SnapshotIDs(ids ...string) GetAllSnapshotsOption {
	return snapshotsOption(func(in *sdk.DescribeSnapshotsInput) { in.SnapshotIds = append(in.SnapshotIds, ids...) })
}

// Owner lists only the snapshots of an account: its number, "self" or
// "amazon" (boto: owner).
//
// Example: ec2.GetAllSnapshots(Owner("self"))
func Owner(account string) GetAllSnapshotsOption {
	return snapshotsOption(func(in *sdk.DescribeSnapshotsInput) { in.OwnerIds = append(in.OwnerIds, account) })
}

// RestorableBy lists only what an account may use (boto: restorable_by).
//
// Example: ec2.GetAllSnapshots(RestorableBy("self"))
func RestorableBy(account string) GetAllSnapshotsOption {
	return snapshotsOption(func(in *sdk.DescribeSnapshotsInput) {
		in.RestorableByUserIds = append(in.RestorableByUserIds, account)
	})
}

// GetAllSnapshots lists snapshots, also public ones of others:
// DescribeSnapshots, all pages (boto: get_all_snapshots). Options: Owner,
// RestorableBy, SnapshotIDs, Filters, Filter, DryRun.
//
// Example: ec2.GetAllSnapshots(Owner("self"))
func (c *Connection) GetAllSnapshots(opts ...GetAllSnapshotsOption) ([]*Snapshot, error) {
	in := &sdk.DescribeSnapshotsInput{}
	for _, o := range opts {
		if err := o.getAllSnapshots(in); err != nil {
			return nil, fmt.Errorf("get all snapshots: %w", err)
		}
	}
	var list []*Snapshot
	for p := sdk.NewDescribeSnapshotsPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all snapshots: %w", err)
		}
		for _, raw := range page.Snapshots {
			list = append(list, c.snapshot(raw))
		}
	}
	return list, nil
}

// CreateSnapshot copies a volume's data: CreateSnapshot
// (boto: create_snapshot). Code InvalidVolume.NotFound.
//
// Example: ec2.CreateSnapshot(volume.ID, "before the upgrade")
func (c *Connection) CreateSnapshot(volumeID string, description ...string) (*Snapshot, error) {
	out, err := c.Client.CreateSnapshot(c.ctx(), &sdk.CreateSnapshotInput{
		VolumeId: aws.String(volumeID), Description: optional(strings.Join(description, " ")),
	})
	if err != nil {
		return nil, fmt.Errorf("create snapshot of %s: %w", volumeID, err)
	}
	return c.snapshot(types.Snapshot{
		SnapshotId: out.SnapshotId, VolumeId: out.VolumeId, VolumeSize: out.VolumeSize, State: out.State, Progress: out.Progress,
		StartTime: out.StartTime, Description: out.Description, OwnerId: out.OwnerId, OwnerAlias: out.OwnerAlias,
		Encrypted: out.Encrypted, Tags: out.Tags, KmsKeyId: out.KmsKeyId,
	}), nil
}

// DeleteSnapshot deletes a snapshot for good: DeleteSnapshot
// (boto: delete_snapshot). Code InvalidSnapshot.InUse.
//
// Example: ec2.DeleteSnapshot(snapshot.ID)
func (c *Connection) DeleteSnapshot(snapshotID string) (bool, error) {
	if _, err := c.Client.DeleteSnapshot(c.ctx(), &sdk.DeleteSnapshotInput{SnapshotId: aws.String(snapshotID)}); err != nil {
		return false, fmt.Errorf("delete snapshot %s: %w", snapshotID, err)
	}
	return true, nil
}

// Update asks EC2 for the snapshot anew and gives its status, as the other
// resources' Update does and boto's did not, which gave the progress; that is
// in Progress: DescribeSnapshots (boto: update).
//
// Example: snapshot.Update()
func (s *Snapshot) Update() (string, error) {
	out, err := s.Connection.Client.DescribeSnapshots(s.Connection.ctx(), &sdk.DescribeSnapshotsInput{SnapshotIds: []string{s.ID}})
	if err != nil {
		return "", fmt.Errorf("update snapshot %s: %w", s.ID, err)
	}
	if len(out.Snapshots) == 0 {
		return "", fmt.Errorf("update snapshot %s: EC2 no longer knows it", s.ID)
	}
	s.fill(out.Snapshots[0])
	return s.Status, nil
}

// CreateVolume makes a volume with the snapshot's data in an availability
// zone: CreateVolume (boto: create_volume). Option VolumeSize for a greater
// one.
//
// Example: snapshot.CreateVolume("us-east-1b", VolumeSize(2))
func (s *Snapshot) CreateVolume(zone string, opts ...CreateVolumeOption) (*Volume, error) {
	return s.Connection.CreateVolume(0, zone, append([]CreateVolumeOption{FromSnapshot(s.ID)}, opts...)...)
}

// Delete deletes the snapshot for good: DeleteSnapshot (boto: delete).
//
// Example: snapshot.Delete()
func (s *Snapshot) Delete() (bool, error) { return s.Connection.DeleteSnapshot(s.ID) }

// AddTag sets a tag: CreateTags (boto: add_tag).
//
// Example: snapshot.AddTag("Stage", "test")
func (s *Snapshot) AddTag(key string, value ...string) error {
	return s.Connection.addTag(s.ID, &s.Tags, key, value)
}

// RemoveTag takes a tag away: DeleteTags (boto: remove_tag).
//
// Example: snapshot.RemoveTag("Stage")
func (s *Snapshot) RemoveTag(key string, value ...string) error {
	return s.Connection.removeTag(s.ID, s.Tags, key, value)
}
