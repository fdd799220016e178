package boto

import (
	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/ec2"
	"pawsh/bindings/iam"
	"pawsh/bindings/s3"
	"pawsh/bindings/session"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
)

// Classes that calls give and that seldom must be written.
type (
	// Reservation is instances launched together (boto: Reservation).
	Reservation = ec2.Reservation
	// InstanceStatus is how an instance is (boto: InstanceStatus).
	InstanceStatus = ec2.InstanceStatus
	// InstanceAttribute is one attribute of an instance (boto:
	// InstanceAttribute).
	InstanceAttribute = ec2.InstanceAttribute
	// Image is a machine image (boto: Image).
	Image = ec2.Image
	// IPPermissions is a rule of a group (boto: IPPermissions).
	IPPermissions = ec2.IPPermissions
	// Address is an elastic IP address (boto: Address).
	Address = ec2.Address
	// Zone is an availability zone (boto: Zone).
	Zone = ec2.Zone
	// RegionInfo is a region of EC2's (boto: RegionInfo).
	RegionInfo = ec2.RegionInfo
	// Tag is a tag of something of EC2's (boto: Tag).
	Tag = ec2.Tag
	// Grant is who may do what (boto: Grant).
	Grant = s3.Grant
	// MultiPartUpload is an upload in parts (boto: MultiPartUpload).
	MultiPartUpload = s3.MultiPartUpload
	// AlarmHistoryItem is something that happened to an alarm.
	AlarmHistoryItem = cloudwatch.AlarmHistoryItem
	// MessageAttribute is an attribute of a message.
	MessageAttribute = sqs.MessageAttribute
	// Topic is where messages are published.
	Topic = sns.Topic
	// Subscription is who gets a topic's messages.
	Subscription = sns.Subscription
	// User is one of an account's users.
	User = iam.User
	// AccessKey is a key of a user's.
	AccessKey = iam.AccessKey
	// ServerError is what a service answered instead of a result (boto:
	// BotoServerError).
	ServerError = session.ServerError
)
