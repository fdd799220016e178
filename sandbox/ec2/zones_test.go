package ec2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

func TestDescribeRegions(t *testing.T) {
	t.Parallel()
	names := func(out *ec2.DescribeRegionsOutput) string {
		var s []string
		for _, r := range out.Regions {
			if *r.Endpoint != "ec2."+*r.RegionName+".amazonaws.com" {
				t.Errorf("endpoint %q", *r.Endpoint)
			}
			s = append(s, *r.RegionName)
		}
		return strings.Join(s, " ")
	}
	w := newWorld(t)
	for _, tt := range []struct {
		name string
		in   ec2.DescribeRegionsInput
		want string
	}{
		{"enabled ones by default", ec2.DescribeRegionsInput{}, "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"},
		{"by name", ec2.DescribeRegionsInput{RegionNames: []string{"us-east-1", "eu-west-1"}}, "eu-west-1 us-east-1"},
		{"by filter", ec2.DescribeRegionsInput{Filters: filters("region-name", "us-*")}, "us-east-1 us-east-2 us-west-1 us-west-2"},
		{"not opted in", ec2.DescribeRegionsInput{AllRegions: aws.Bool(true), Filters: filters("opt-in-status", "not-opted-in", "endpoint", "*me-*")}, "me-central-1 me-south-1"},
	} {
		if got := names(do(w, describeRegions, &tt.in)); got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	refused(w, describeRegions, &ec2.DescribeRegionsInput{RegionNames: []string{"moon-1"}}, "InvalidParameterValue", "moon-1")
	refused(w, describeRegions, &ec2.DescribeRegionsInput{RegionNames: []string{"me-south-1"}}, "InvalidParameterValue", "me-south-1")
	refused(w, describeRegions, &ec2.DescribeRegionsInput{Filters: filters("paws", "x")}, "InvalidParameterValue", "The filter 'paws' is invalid")
	refused(w, describeRegions, &ec2.DescribeRegionsInput{DryRun: aws.Bool(true)}, "DryRunOperation", "would have succeeded")
}

func TestDescribeAvailabilityZones(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := func(in *ec2.DescribeAvailabilityZonesInput) string {
		var s []string
		for _, z := range do(w, describeAvailabilityZones, in).AvailabilityZones {
			s = append(s, *z.ZoneName+"="+*z.ZoneId)
		}
		return strings.Join(s, " ")
	}
	for _, tt := range []struct {
		region string
		in     ec2.DescribeAvailabilityZonesInput
		want   string
	}{
		{"us-east-1", ec2.DescribeAvailabilityZonesInput{}, "us-east-1a=use1-az1 us-east-1b=use1-az2 us-east-1c=use1-az3 us-east-1d=use1-az4 us-east-1e=use1-az5 us-east-1f=use1-az6"},
		{"eu-west-1", ec2.DescribeAvailabilityZonesInput{}, "eu-west-1a=euw1-az1 eu-west-1b=euw1-az2 eu-west-1c=euw1-az3"},
		{"ap-northeast-1", ec2.DescribeAvailabilityZonesInput{ZoneNames: []string{"ap-northeast-1d"}}, "ap-northeast-1d=apne1-az3"},
		{"us-east-1", ec2.DescribeAvailabilityZonesInput{ZoneIds: []string{"use1-az2"}, Filters: filters("state", "available")}, "us-east-1b=use1-az2"},
	} {
		w.ctx = in(tt.region)
		if got := names(&tt.in); got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.region, got, tt.want)
		}
	}
	refused(w, describeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{ZoneNames: []string{"eu-west-1a"}}, "InvalidParameterValue", "Invalid availability zones: [eu-west-1a]")
	w.ctx = in("me-south-1")
	refused(w, describeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{}, "AuthFailure", "not able to validate")
}

func TestDefaultNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	vpcs := do(w, describeVpcs, &ec2.DescribeVpcsInput{Filters: filters("isDefault", "true")}).Vpcs
	if len(vpcs) != 1 || *vpcs[0].CidrBlock != "172.31.0.0/16" {
		t.Fatalf("vpcs = %v", vpcs)
	}
	subnets := do(w, describeSubnets, &ec2.DescribeSubnetsInput{Filters: filters("vpc-id", *vpcs[0].VpcId)}).Subnets
	if len(subnets) != 6 || *subnets[1].CidrBlock != "172.31.16.0/20" || *subnets[1].AvailableIpAddressCount != 4091 || *subnets[1].AvailabilityZone != "us-east-1b" {
		t.Errorf("subnets = %+v", subnets[1])
	}
	w.ctx = in("eu-west-1")
	refused(w, describeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{*vpcs[0].VpcId}}, "InvalidVpcID.NotFound", "The vpc ID '"+*vpcs[0].VpcId+"' does not exist")
	refused(w, describeSubnets, &ec2.DescribeSubnetsInput{SubnetIds: []string{"subnet-xyz"}}, "InvalidSubnetID.Malformed", `expecting "subnet-..."`)
}

func TestSubnetAddressesRunOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q, err := w.c.enter(w.ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	defer w.c.leave()
	s := q.subnets[1]
	for i := range 4091 {
		a, ok := s.take()
		if !ok || !s.cidr.Contains(a) || a == s.last() {
			t.Fatalf("address %d: %v %v", i, a, ok)
		}
	}
	if a, ok := s.take(); ok {
		t.Errorf("one too many: %v", a)
	}
	for k := range s.used {
		delete(s.used, k)
		if got, ok := s.take(); !ok || got != k {
			t.Errorf("freed %v, got %v %v", k, got, ok)
		}
		break
	}
}
