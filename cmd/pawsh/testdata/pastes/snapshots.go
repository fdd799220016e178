// want: 0 create       daily-0 (2 GiB)
// want:  1 create       daily-1 (2 GiB)
// want:  2 create       daily-2 (2 GiB)
// want:  3 create       daily-3 (2 GiB)
// want:  4 young        daily-0
// want:  5 would delete daily-0
// want:  6 delete       daily-0
// want:  7 delete       daily-1
// want:  8 delete       daily-2
// want:  9 delete       daily-3
// then: r := Rotation{client: ec2.Client, now: time.Now}
// then: v := ec2.CreateVolume(1, "us-east-1a")
// then: r.Snapshot(ctx, v.ID, "late") != ""
// want: true
// then: r.Rotate(ctx, v.ID)
// then: r.log[1]
// want: event{action: "delete", what: "late"}
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Policy says how many snapshots of a volume are kept.
type Policy struct {
	Keep   int
	MaxAge time.Duration
	DryRun bool
}

type byAge []types.Snapshot

func (s byAge) Len() int           { return len(s) }
func (s byAge) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s byAge) Less(i, j int) bool { return s[i].StartTime.Before(*s[j].StartTime) }

type event struct {
	action, what string
}

type Rotation struct {
	Policy
	client *ec2.Client
	log    []event
	now    func() time.Time
}

func (r *Rotation) note(action, format string, args ...any) {
	r.log = append(r.log, event{action, fmt.Sprintf(format, args...)})
}

func (r *Rotation) Snapshot(ctx context.Context, volume, description string) (string, error) {
	out, err := r.client.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: &volume, Description: &description,
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSnapshot, Tags: []types.Tag{{Key: aws.String("rotation"), Value: aws.String("yes")}}}}})
	if err != nil {
		return "", err
	}
	r.note("create", "%s (%d GiB)", description, aws.ToInt32(out.VolumeSize))
	return *out.SnapshotId, ec2.NewSnapshotCompletedWaiter(r.client).Wait(ctx, &ec2.DescribeSnapshotsInput{SnapshotIds: []string{*out.SnapshotId}}, 2*time.Minute,
		func(o *ec2.SnapshotCompletedWaiterOptions) {
			o.MinDelay, o.MaxDelay = 20*time.Millisecond, 200*time.Millisecond
		})
}

func (r *Rotation) Rotate(ctx context.Context, volume string) error {
	in := &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, Filters: []types.Filter{
		{Name: aws.String("volume-id"), Values: []string{volume}},
		{Name: aws.String("tag:rotation"), Values: []string{"yes"}},
	}}
	out, err := r.client.DescribeSnapshots(ctx, in)
	if err != nil {
		return err
	}
	snaps := byAge(out.Snapshots)
	slices.SortStableFunc(snaps, func(a, b types.Snapshot) int { return strings.Compare(*a.Description, *b.Description) })
outer:
	for i, s := range snaps {
		switch {
		case len(snaps)-i <= r.Keep:
			break outer
		case r.MaxAge > 0 && r.now().Sub(*s.StartTime) < r.MaxAge:
			r.note("young", "%s", *s.Description)
			continue outer
		case r.DryRun:
			r.note("would delete", "%s", *s.Description)
			continue
		}
		if _, err := r.client.DeleteSnapshot(ctx, &ec2.DeleteSnapshotInput{SnapshotId: s.SnapshotId}); err != nil {
			return fmt.Errorf("delete %s: %w", *s.Description, err)
		}
		r.note("delete", "%s", *s.Description)
	}
	return nil
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	r := &Rotation{client: ec2.NewFromConfig(cfg), Policy: Policy{Keep: 2}, now: time.Now}
	zones, err := r.client.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{})
	if err != nil {
		log.Fatal(err)
	}
	vol, err := r.client.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: zones.AvailabilityZones[0].ZoneName, Size: aws.Int32(2)})
	if err != nil {
		log.Fatal(err)
	}
	for i := range 4 {
		if _, err := r.Snapshot(ctx, *vol.VolumeId, fmt.Sprintf("daily-%d", i)); err != nil {
			log.Fatal(err)
		}
	}
	for _, p := range []Policy{{Keep: 3, MaxAge: time.Hour}, {Keep: 3, DryRun: true}, {Keep: 2}, {}} {
		r.Policy = p
		if err := r.Rotate(ctx, *vol.VolumeId); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	for i, e := range r.log {
		fmt.Printf("%2d %-12s %s\n", i, e.action, e.what)
	}
}
