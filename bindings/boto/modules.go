package boto

import (
	"pawsh/bindings/ec2"
	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

// The modules of the services, as boto.ec2 and its like.
var (
	EC2 EC2Module
	S3  S3Module
)

// regions gives the regions of the session in use.
func regions[R any](list func(*session.Env) []R) []R {
	env, err := Env()
	if err != nil {
		return nil
	}
	return list(env)
}

// connectTo opens a connection to a region of a name that must be known.
func connectTo[C any](open func(*session.Env, ...session.ConnectOption) (*C, error), name string, opts []session.ConnectOption) (*C, error) {
	if err := session.CheckRegion(name); err != nil {
		return nil, err
	}
	return connect(open, append([]session.ConnectOption{session.Region(name)}, opts...))
}

// EC2Module is boto.EC2 (boto: boto.ec2).
type EC2Module struct{}

// Regions lists EC2's regions, sorted; it needs no network
// (boto: boto.ec2.regions).
func (EC2Module) Regions() []*ec2.RegionInfo { return regions(ec2.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.ec2.connect_to_region). Errors: *session.UnknownRegionError.
func (EC2Module) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*ec2.Connection, error) {
	return connectTo(ec2.Connect, regionName, opts)
}

// S3Module is boto.S3 (boto: boto.s3).
type S3Module struct{}

// Regions lists S3's regions, sorted; it needs no network
// (boto: boto.s3.regions).
func (S3Module) Regions() []*s3.RegionInfo { return regions(s3.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.s3.connect_to_region). Errors: *session.UnknownRegionError.
func (S3Module) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*s3.Connection, error) {
	return connectTo(s3.Connect, regionName, opts)
}
