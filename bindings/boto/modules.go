package boto

import (
	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/ec2"
	"pawsh/bindings/iam"
	"pawsh/bindings/s3"
	"pawsh/bindings/session"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
	"pawsh/bindings/sts"
)

// The modules of the services, as boto.ec2 and its like.
var (
	EC2        EC2Module
	S3         S3Module
	CloudWatch CloudWatchModule
	SNS        SNSModule
	SQS        SQSModule
	IAM        IAMModule
	STS        STSModule
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
//
// Example: boto.EC2.Regions()
func (EC2Module) Regions() []*ec2.RegionInfo { return regions(ec2.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.ec2.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: eu := boto.EC2.ConnectToRegion("eu-west-1"); eu.GetAllZones()
func (EC2Module) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*ec2.Connection, error) {
	return connectTo(ec2.Connect, regionName, opts)
}

// S3Module is boto.S3 (boto: boto.s3).
type S3Module struct{}

// Regions lists S3's regions, sorted; it needs no network
// (boto: boto.s3.regions).
//
// Example: boto.S3.Regions()
func (S3Module) Regions() []*s3.RegionInfo { return regions(s3.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.s3.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: boto.S3.ConnectToRegion("eu-west-1").GetAllBuckets()
func (S3Module) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*s3.Connection, error) {
	return connectTo(s3.Connect, regionName, opts)
}

// CloudWatchModule is boto.CloudWatch (boto: boto.ec2.cloudwatch).
type CloudWatchModule struct{}

// Regions lists CloudWatch's regions, sorted; it needs no network
// (boto: boto.ec2.cloudwatch.regions).
//
// Example: boto.CloudWatch.Regions()
func (CloudWatchModule) Regions() []*cloudwatch.RegionInfo { return regions(cloudwatch.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.ec2.cloudwatch.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: boto.CloudWatch.ConnectToRegion("eu-west-1").ListMetrics()
func (CloudWatchModule) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*cloudwatch.Connection, error) {
	return connectTo(cloudwatch.Connect, regionName, opts)
}

// SNSModule is boto.SNS (boto: boto.sns).
type SNSModule struct{}

// Regions lists SNS's regions, sorted; it needs no network
// (boto: boto.sns.regions).
//
// Example: boto.SNS.Regions()
func (SNSModule) Regions() []*sns.RegionInfo { return regions(sns.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.sns.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: boto.SNS.ConnectToRegion("eu-west-1").GetAllTopics()
func (SNSModule) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*sns.Connection, error) {
	return connectTo(sns.Connect, regionName, opts)
}

// SQSModule is boto.SQS (boto: boto.sqs).
type SQSModule struct{}

// Regions lists SQS's regions, sorted; it needs no network
// (boto: boto.sqs.regions).
//
// Example: boto.SQS.Regions()
func (SQSModule) Regions() []*sqs.RegionInfo { return regions(sqs.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.sqs.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: boto.SQS.ConnectToRegion("eu-west-1").GetAllQueues()
func (SQSModule) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*sqs.Connection, error) {
	return connectTo(sqs.Connect, regionName, opts)
}

// IAMModule is boto.IAM (boto: boto.iam).
type IAMModule struct{}

// Regions lists IAM's regions, sorted; it needs no network
// (boto: boto.iam.regions).
//
// Example: boto.IAM.Regions()
func (IAMModule) Regions() []*iam.RegionInfo { return regions(iam.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.iam.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: boto.IAM.ConnectToRegion("us-east-1").GetAllUsers()
func (IAMModule) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*iam.Connection, error) {
	return connectTo(iam.Connect, regionName, opts)
}

// STSModule is boto.STS (boto: boto.sts).
type STSModule struct{}

// Regions lists STS's regions, sorted; it needs no network
// (boto: boto.sts.regions).
//
// Example: boto.STS.Regions()
func (STSModule) Regions() []*sts.RegionInfo { return regions(sts.Regions) }

// ConnectToRegion opens a connection to a region (boto:
// boto.sts.connect_to_region). Errors: *session.UnknownRegionError.
//
// Example: boto.STS.ConnectToRegion("eu-west-1").GetCallerIdentity()
func (STSModule) ConnectToRegion(regionName string, opts ...session.ConnectOption) (*sts.Connection, error) {
	return connectTo(sts.Connect, regionName, opts)
}

// Everywhere asks CloudWatch in each region, as EC2Module.Everywhere does EC2.
//
// Example: boto.CloudWatch.Everywhere(func(c *cloudwatch.Connection) (any, error) { return c.DescribeAlarms() })
func (CloudWatchModule) Everywhere(ask func(*cloudwatch.Connection) (any, error), opts ...EverywhereOption) (RegionResults, error) {
	return sweep(ask, cloudwatch.Connect, opts)
}

// Everywhere asks SNS in each region, as EC2Module.Everywhere does EC2.
//
// Example: boto.SNS.Everywhere(func(c *sns.Connection) (any, error) { return c.GetAllTopics() })
func (SNSModule) Everywhere(ask func(*sns.Connection) (any, error), opts ...EverywhereOption) (RegionResults, error) {
	return sweep(ask, sns.Connect, opts)
}

// Everywhere asks SQS in each region, as EC2Module.Everywhere does EC2.
//
// Example: boto.SQS.Everywhere(func(c *sqs.Connection) (any, error) { return c.GetAllQueues() })
func (SQSModule) Everywhere(ask func(*sqs.Connection) (any, error), opts ...EverywhereOption) (RegionResults, error) {
	return sweep(ask, sqs.Connect, opts)
}
