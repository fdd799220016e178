package boto

import (
	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/ec2"
	"pawsh/bindings/iam"
	"pawsh/bindings/s3"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
	"pawsh/bindings/sts"
)

// boto's classes by boto's names, for where a type must be written: in a cell
// ec2 is the connection, and boto.EC2Connection its type.
type (
	// EC2Connection is the type of ec2 (boto: EC2Connection).
	EC2Connection = ec2.Connection
	// S3Connection is the type of s3 (boto: S3Connection).
	S3Connection = s3.Connection
	// CloudWatchConnection is the type of cw (boto: CloudWatchConnection).
	CloudWatchConnection = cloudwatch.Connection
	// SNSConnection is the type of sns (boto: SNSConnection).
	SNSConnection = sns.Connection
	// SQSConnection is the type of sqs (boto: SQSConnection).
	SQSConnection = sqs.Connection
	// IAMConnection is the type of iam (boto: IAMConnection).
	IAMConnection = iam.Connection
	// STSConnection is the type of sts (boto: STSConnection).
	STSConnection = sts.Connection

	// Instance is a virtual machine (boto: Instance).
	Instance = ec2.Instance
	// Volume is an EBS disk (boto: Volume).
	Volume = ec2.Volume
	// Snapshot is a copy of a volume's data at a moment (boto: Snapshot).
	Snapshot = ec2.Snapshot
	// SecurityGroup is a firewall's rules (boto: SecurityGroup).
	SecurityGroup = ec2.SecurityGroup
	// KeyPair is an SSH key pair (boto: KeyPair).
	KeyPair = ec2.KeyPair
	// BlockDeviceMapping maps device names to disks (boto: BlockDeviceMapping).
	BlockDeviceMapping = ec2.BlockDeviceMapping
	// BlockDeviceType is a disk of such a map (boto: BlockDeviceType).
	BlockDeviceType = ec2.BlockDeviceType

	// Bucket holds keys (boto: Bucket).
	Bucket = s3.Bucket
	// Key is a name in a bucket and what is stored under it (boto: Key).
	Key = s3.Key
	// Lifecycle is a bucket's rules of ageing (boto: Lifecycle).
	Lifecycle = s3.Lifecycle
	// Rule is one of them (boto: Rule).
	Rule = s3.Rule
	// Expiration says when keys are removed (boto: Expiration).
	Expiration = s3.Expiration
	// Transition says when keys move to another class (boto: Transition).
	Transition = s3.Transition
	// Transitions is a list of them (boto: Transitions).
	Transitions = s3.Transitions
	// CORSConfiguration is whose scripts may use a bucket
	// (boto: CORSConfiguration).
	CORSConfiguration = s3.CORSConfiguration
	// Metric is something that is measured over time (boto: Metric).
	Metric = cloudwatch.Metric
	// Datapoint is the statistics of a metric over one period
	// (boto: Datapoint).
	Datapoint = cloudwatch.Datapoint
	// MetricAlarm watches a metric (boto: MetricAlarm).
	MetricAlarm = cloudwatch.MetricAlarm
	// Message is a message of a queue (boto: Message).
	Message = sqs.Message
	// Queue holds messages (boto: Queue).
	Queue = sqs.Queue
)

// RawMessage is the class of messages that go over the wire as they are, for
// Queue.SetMessageClass (boto: RawMessage).
const RawMessage = sqs.RawMessage

// Locations are the places of buckets by boto's names.
type Locations struct {
	DEFAULT, EU, EUCentral1, USWest, USWest2, SAEast, APNortheast, APSoutheast, APSoutheast2, CNNorth1 string
}

// Location names places for the option Location of CreateBucket: boto.Location.EU
// (boto: Location).
var Location = Locations{
	DEFAULT: s3.LocationDefault, EU: s3.LocationEU, EUCentral1: s3.LocationEUCentral1, USWest: s3.LocationUSWest, USWest2: s3.LocationUSWest2,
	SAEast: s3.LocationSAEast, APNortheast: s3.LocationAPNortheast, APSoutheast: s3.LocationAPSoutheast, APSoutheast2: s3.LocationAPSoutheast2,
	CNNorth1: s3.LocationCNNorth1,
}
