package boto

import (
	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/iam"
	"pawsh/bindings/session"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
	"pawsh/bindings/sts"
)

// ConnectCloudWatch opens a connection to CloudWatch
// (boto: connect_cloudwatch). Errors: *session.NoCredentialsError.
//
// Example: boto.ConnectCloudWatch().ListMetrics()
func ConnectCloudWatch(opts ...session.ConnectOption) (*cloudwatch.Connection, error) {
	return connect(cloudwatch.Connect, opts)
}

// ConnectSNS opens a connection to SNS (boto: connect_sns). Errors:
// *session.NoCredentialsError.
//
// Example: boto.ConnectSNS().GetAllTopics()
func ConnectSNS(opts ...session.ConnectOption) (*sns.Connection, error) {
	return connect(sns.Connect, opts)
}

// ConnectSQS opens a connection to SQS (boto: connect_sqs). Errors:
// *session.NoCredentialsError.
//
// Example: boto.ConnectSQS().GetAllQueues()
func ConnectSQS(opts ...session.ConnectOption) (*sqs.Connection, error) {
	return connect(sqs.Connect, opts)
}

// ConnectIAM opens a connection to IAM (boto: connect_iam). Errors:
// *session.NoCredentialsError.
//
// Example: boto.ConnectIAM().GetAllUsers()
func ConnectIAM(opts ...session.ConnectOption) (*iam.Connection, error) {
	return connect(iam.Connect, opts)
}

// ConnectSTS opens a connection to STS (boto: connect_sts). Errors:
// *session.NoCredentialsError.
//
// Example: boto.ConnectSTS().GetCallerIdentity().Account
func ConnectSTS(opts ...session.ConnectOption) (*sts.Connection, error) {
	return connect(sts.Connect, opts)
}
