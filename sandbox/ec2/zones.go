package ec2

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/core"
)

var regionFields = fields[core.Region]{
	"region-name":   func(r core.Region) []string { return one(r.Name) },
	"endpoint":      func(r core.Region) []string { return one(endpoint(r.Name)) },
	"opt-in-status": func(r core.Region) []string { return one(r.OptInStatus()) },
}

func endpoint(region string) string { return "ec2." + region + ".amazonaws.com" }

// describeRegions lists the regions the account can use, all on demand. A
// region named explicitly must be one of those the request asks about.
func describeRegions(q *call, in *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
	var seen []core.Region
	for _, r := range core.Regions() {
		if !r.OptIn || aws.ToBool(in.AllRegions) {
			seen = append(seen, r)
		}
	}
	name := func(r core.Region) string { return r.Name }
	have := map[string]bool{}
	for _, r := range seen {
		have[r.Name] = true
	}
	if gone := absent(in.RegionNames, func(n string) bool { return have[n] }); len(gone) > 0 {
		return nil, invalid("Invalid region names: %v", gone)
	}
	seen, err := filter(q, regionFields, in.Filters, selected(seen, in.RegionNames, name), name)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeRegionsOutput{Regions: []types.Region{}}
	for _, r := range seen {
		out.Regions = append(out.Regions, types.Region{
			RegionName:  aws.String(r.Name),
			Endpoint:    aws.String(endpoint(r.Name)),
			OptInStatus: aws.String(r.OptInStatus()),
		})
	}
	return out, nil
}

var zoneFields = fields[core.Zone]{
	"region-name":   func(z core.Zone) []string { return one(z.Region) },
	"zone-name":     func(z core.Zone) []string { return one(z.Name) },
	"zone-id":       func(z core.Zone) []string { return one(z.ID) },
	"zone-type":     func(core.Zone) []string { return one("availability-zone") },
	"state":         func(core.Zone) []string { return one("available") },
	"opt-in-status": func(core.Zone) []string { return one("opt-in-not-required") },
	"group-name":    func(z core.Zone) []string { return one(z.Region + "-zg-1") },
	"message":       func(core.Zone) []string { return nil },
}

func describeAvailabilityZones(q *call, in *ec2.DescribeAvailabilityZonesInput) (*ec2.DescribeAvailabilityZonesOutput, error) {
	zones := q.AvailabilityZones()
	name := func(z core.Zone) string { return z.Name }
	id := func(z core.Zone) string { return z.ID }
	for _, w := range []struct {
		want []string
		key  func(core.Zone) string
	}{{in.ZoneNames, name}, {in.ZoneIds, id}} {
		have := map[string]bool{}
		for _, z := range q.AvailabilityZones() {
			have[w.key(z)] = true
		}
		if gone := absent(w.want, func(n string) bool { return have[n] }); len(gone) > 0 {
			return nil, invalid("Invalid availability zones: %v", gone)
		}
		zones = selected(zones, w.want, w.key)
	}
	zones, err := filter(q, zoneFields, in.Filters, zones, name)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeAvailabilityZonesOutput{AvailabilityZones: []types.AvailabilityZone{}}
	for _, z := range zones {
		out.AvailabilityZones = append(out.AvailabilityZones, types.AvailabilityZone{
			ZoneName:           aws.String(z.Name),
			ZoneId:             aws.String(z.ID),
			RegionName:         aws.String(z.Region),
			State:              types.AvailabilityZoneStateAvailable,
			OptInStatus:        types.AvailabilityZoneOptInStatusOptInNotRequired,
			ZoneType:           aws.String("availability-zone"),
			GroupName:          aws.String(z.Region + "-zg-1"),
			GroupLongName:      aws.String(q.LongName + " 1"),
			NetworkBorderGroup: aws.String(z.Region),
		})
	}
	return out, nil
}
