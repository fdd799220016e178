package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/bindings/internal/regional"
	"pawsh/bindings/session"
)

// RegionInfo is a region and the host EC2 answers at there (boto: RegionInfo).
type RegionInfo struct {
	Name     string
	Endpoint string

	env    *session.Env
	parent *session.Target
}

// String prints the region as boto does.
func (r *RegionInfo) String() string { return "RegionInfo:" + r.Name }

// Connect opens a connection to the region with the credentials of the
// connection or configuration the region came from (boto: connect).
//
// Example: eu := ec2.GetAllRegions(RegionNames("eu-west-1"))[0].Connect()
func (r *RegionInfo) Connect(opts ...session.ConnectOption) (*Connection, error) {
	if r.parent != nil {
		env, all := r.parent.Elsewhere(r.Name, opts...)
		return open(env, r.parent.Service, all)
	}
	return Connect(r.env, append([]session.ConnectOption{session.Region(r.Name)}, opts...)...)
}

// Regions lists the regions of the partition env works in, sorted by name. It
// needs no network (boto: boto.ec2.regions).
func Regions(env *session.Env) []*RegionInfo {
	return regional.Regions(env, session.EC2, func(name, host string) *RegionInfo { return &RegionInfo{Name: name, Endpoint: host, env: env} })
}

// GetAllRegions asks EC2 for the regions the account may use: DescribeRegions
// (boto: get_all_regions). Options: RegionNames, Filters, Filter, DryRun.
//
// Example: ec2.GetAllRegions()
func (c *Connection) GetAllRegions(opts ...GetAllRegionsOption) ([]*RegionInfo, error) {
	in := &sdk.DescribeRegionsInput{}
	for _, o := range opts {
		if err := o.getAllRegions(in); err != nil {
			return nil, fmt.Errorf("get all regions: %w", err)
		}
	}
	out, err := c.Client.DescribeRegions(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get all regions: %w", err)
	}
	var list []*RegionInfo
	for _, r := range out.Regions {
		list = append(list, &RegionInfo{Name: aws.ToString(r.RegionName), Endpoint: aws.ToString(r.Endpoint), parent: c.Target})
	}
	return list, nil
}

// Regions is GetAllRegions by the shorter name that the module function has:
// DescribeRegions (boto: get_all_regions). Options: RegionNames, Filters, Filter,
// DryRun.
//
// Example: ec2.Regions()
func (c *Connection) Regions(opts ...GetAllRegionsOption) ([]*RegionInfo, error) {
	return c.GetAllRegions(opts...)
}

// Zone is an availability zone (boto: Zone).
type Zone struct {
	Name       string
	State      string // "available", ...
	RegionName string
	ZoneID     string
	ZoneType   string
	Messages   []string
	Raw        types.AvailabilityZone
}

// String prints the zone as boto does.
func (z *Zone) String() string { return "Zone:" + z.Name }

// GetAllZones lists the availability zones of the region:
// DescribeAvailabilityZones (boto: get_all_zones). Options: Zones, Filters,
// Filter, DryRun.
//
// Example: ec2.GetAllZones()
func (c *Connection) GetAllZones(opts ...GetAllZonesOption) ([]*Zone, error) {
	in := &sdk.DescribeAvailabilityZonesInput{}
	for _, o := range opts {
		if err := o.getAllZones(in); err != nil {
			return nil, fmt.Errorf("get all zones: %w", err)
		}
	}
	out, err := c.Client.DescribeAvailabilityZones(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get all zones: %w", err)
	}
	var list []*Zone
	for _, z := range out.AvailabilityZones {
		zone := &Zone{
			Name: aws.ToString(z.ZoneName), State: string(z.State), RegionName: aws.ToString(z.RegionName),
			ZoneID: aws.ToString(z.ZoneId), ZoneType: aws.ToString(z.ZoneType), Raw: z,
		}
		for _, m := range z.Messages {
			zone.Messages = append(zone.Messages, aws.ToString(m.Message))
		}
		list = append(list, zone)
	}
	return list, nil
}
