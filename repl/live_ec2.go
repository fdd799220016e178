package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/bindings/ec2"
)

func ec2Quiet(o *sdk.Options) { o.APIOptions = append(slices.Clone(o.APIOptions), quiet...) }

// ec2Lists are what a connection to EC2 can be asked for.
var ec2Lists = map[liveKind]func(context.Context, *ec2.Connection) ([]value, error){
	liveInstance: listInstances, liveVolume: listVolumes, liveSnapshot: listSnapshots, liveImage: listImages,
	liveKeyPair: listKeyPairs, liveZone: listZones, liveTagged: listTaggable,
	liveGroup:   func(ctx context.Context, c *ec2.Connection) ([]value, error) { return listGroups(ctx, c, liveGroup) },
	liveGroupID: func(ctx context.Context, c *ec2.Connection) ([]value, error) { return listGroups(ctx, c, liveGroupID) },
	liveAddress: func(ctx context.Context, c *ec2.Connection) ([]value, error) {
		return listAddresses(ctx, c, liveAddress)
	},
	liveAllocation: func(ctx context.Context, c *ec2.Connection) ([]value, error) {
		return listAddresses(ctx, c, liveAllocation)
	},
}

func listInstances(ctx context.Context, c *ec2.Connection) ([]value, error) {
	var vs []value
	pages := sdk.NewDescribeInstancesPaginator(c.Client, &sdk.DescribeInstancesInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, ec2Quiet)
		if err != nil {
			return nil, fmt.Errorf("list instances: %w", err)
		}
		for _, r := range out.Reservations {
			for _, i := range r.Instances {
				v := value{text: aws.ToString(i.InstanceId), kind: string(liveInstance)}
				if i.State != nil {
					v.state = string(i.State.Name)
				}
				v.note = note(nameTag(i.Tags), v.state, string(i.InstanceType))
				vs = append(vs, v)
			}
		}
	}
	return vs, nil
}

func listVolumes(ctx context.Context, c *ec2.Connection) ([]value, error) {
	var vs []value
	pages := sdk.NewDescribeVolumesPaginator(c.Client, &sdk.DescribeVolumesInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, ec2Quiet)
		if err != nil {
			return nil, fmt.Errorf("list volumes: %w", err)
		}
		for _, v := range out.Volumes {
			state := string(v.State)
			vs = append(vs, value{text: aws.ToString(v.VolumeId), kind: string(liveVolume), state: state,
				note: note(nameTag(v.Tags), state, fmt.Sprintf("%d GiB", aws.ToInt32(v.Size)), aws.ToString(v.AvailabilityZone))})
		}
	}
	return vs, nil
}

func listSnapshots(ctx context.Context, c *ec2.Connection) ([]value, error) {
	var vs []value
	pages := sdk.NewDescribeSnapshotsPaginator(c.Client, &sdk.DescribeSnapshotsInput{OwnerIds: []string{"self"}})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, ec2Quiet)
		if err != nil {
			return nil, fmt.Errorf("list snapshots: %w", err)
		}
		for _, s := range out.Snapshots {
			state := string(s.State)
			vs = append(vs, value{text: aws.ToString(s.SnapshotId), kind: string(liveSnapshot), state: state,
				note: note(nameTag(s.Tags), state, fmt.Sprintf("%d GiB", aws.ToInt32(s.VolumeSize)), aws.ToString(s.Description))})
		}
	}
	return vs, nil
}

// listImages lists the account's own images first. Amazon's are a hundred
// thousand: of a real account, only those that its instances run are added.
func listImages(ctx context.Context, c *ec2.Connection) ([]value, error) {
	own, err := describeImages(ctx, c, &sdk.DescribeImagesInput{Owners: []string{"self"}}, true)
	if err != nil {
		return nil, err
	}
	in := &sdk.DescribeImagesInput{}
	if !c.Target.Sandbox {
		if in.ImageIds, err = imagesInUse(ctx, c, own); err != nil || len(in.ImageIds) == 0 {
			return own, err
		}
	}
	all, err := describeImages(ctx, c, in, false)
	if err != nil { // one that is gone fails them all
		return own, nil
	}
	for _, v := range all {
		if !slices.ContainsFunc(own, func(o value) bool { return o.text == v.text }) {
			own = append(own, v)
		}
	}
	return own, nil
}

func describeImages(ctx context.Context, c *ec2.Connection, in *sdk.DescribeImagesInput, mine bool) ([]value, error) {
	var vs []value
	pages := sdk.NewDescribeImagesPaginator(c.Client, in)
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, ec2Quiet)
		if err != nil {
			return nil, fmt.Errorf("list images: %w", err)
		}
		for _, i := range out.Images {
			vs = append(vs, value{text: aws.ToString(i.ImageId), kind: string(liveImage), mine: mine,
				note: note(nameTag(i.Tags), aws.ToString(i.Name), string(i.Architecture))})
		}
	}
	return vs, nil
}

func imagesInUse(ctx context.Context, c *ec2.Connection, known []value) ([]string, error) {
	out, err := c.Client.DescribeInstances(ctx, &sdk.DescribeInstancesInput{MaxResults: aws.Int32(maxLive)}, ec2Quiet)
	if err != nil {
		return nil, fmt.Errorf("list instances: %w", err)
	}
	var ids []string
	for _, r := range out.Reservations {
		for _, i := range r.Instances {
			id := aws.ToString(i.ImageId)
			if id != "" && !slices.Contains(ids, id) && !slices.ContainsFunc(known, func(v value) bool { return v.text == id }) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

func listKeyPairs(ctx context.Context, c *ec2.Connection) ([]value, error) {
	out, err := c.Client.DescribeKeyPairs(ctx, &sdk.DescribeKeyPairsInput{}, ec2Quiet)
	if err != nil {
		return nil, fmt.Errorf("list key pairs: %w", err)
	}
	var vs []value
	for _, k := range out.KeyPairs {
		vs = append(vs, value{text: aws.ToString(k.KeyName), kind: string(liveKeyPair), note: note(string(k.KeyType), day(k.CreateTime))})
	}
	return vs, nil
}

func listGroups(ctx context.Context, c *ec2.Connection, kind liveKind) ([]value, error) {
	var vs []value
	pages := sdk.NewDescribeSecurityGroupsPaginator(c.Client, &sdk.DescribeSecurityGroupsInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, ec2Quiet)
		if err != nil {
			return nil, fmt.Errorf("list security groups: %w", err)
		}
		for _, g := range out.SecurityGroups {
			v := value{text: aws.ToString(g.GroupName), kind: string(kind), note: note(aws.ToString(g.GroupId), aws.ToString(g.Description))}
			if kind == liveGroupID {
				v.text, v.note = aws.ToString(g.GroupId), note(aws.ToString(g.GroupName), aws.ToString(g.Description))
			}
			vs = append(vs, v)
		}
	}
	return vs, nil
}

func listAddresses(ctx context.Context, c *ec2.Connection, kind liveKind) ([]value, error) {
	out, err := c.Client.DescribeAddresses(ctx, &sdk.DescribeAddressesInput{}, ec2Quiet)
	if err != nil {
		return nil, fmt.Errorf("list addresses: %w", err)
	}
	var vs []value
	for _, a := range out.Addresses {
		v := value{text: aws.ToString(a.PublicIp), kind: string(liveAddress), state: aws.ToString(a.InstanceId)}
		use := "free"
		if v.state != "" {
			use = "of " + v.state
		}
		v.note = note(nameTag(a.Tags), use)
		if kind == liveAllocation {
			v.text, v.note = aws.ToString(a.AllocationId), note(v.text, v.note)
		}
		if v.text != "" {
			vs = append(vs, v)
		}
	}
	return vs, nil
}

func listZones(ctx context.Context, c *ec2.Connection) ([]value, error) {
	out, err := c.Client.DescribeAvailabilityZones(ctx, &sdk.DescribeAvailabilityZonesInput{}, ec2Quiet)
	if err != nil {
		return nil, fmt.Errorf("list zones: %w", err)
	}
	var vs []value
	for _, z := range out.AvailabilityZones {
		vs = append(vs, value{text: aws.ToString(z.ZoneName), kind: string(liveZone), note: note(string(z.State))})
	}
	return vs, nil
}

// listTaggable lists what CreateTags is most used on.
func listTaggable(ctx context.Context, c *ec2.Connection) ([]value, error) {
	var vs []value
	for _, list := range []func(context.Context, *ec2.Connection) ([]value, error){listInstances, listVolumes, listSnapshots} {
		some, err := list(ctx, c)
		if err != nil {
			return nil, err
		}
		for _, v := range some {
			v.note = note(v.kind, v.note)
			vs = append(vs, v)
		}
	}
	return vs, nil
}

func nameTag(tags []types.Tag) string {
	for _, t := range tags {
		if aws.ToString(t.Key) == "Name" {
			return aws.ToString(t.Value)
		}
	}
	return ""
}

// note joins what there is to say of a value.
func note(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "  ")
}
