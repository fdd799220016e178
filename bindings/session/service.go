package session

// Service tells the chain what it must know of a service: the names under
// which the environment, the files and AWS's hosts speak of it.
type Service struct {
	Name   string // as in messages: "ec2"
	SDKID  string // as in AWS_ENDPOINT_URL_<ID> and [services] of the shared config
	Prefix string // first label of its host names
	Option string // prefix of its options in boto.cfg
	Global bool   // one host for all regions of a partition
	kind   kind
}

// kind tells whose cloud a service is.
type kind int

const (
	amazon kind = iota
	eucalyptus
	walrus
	google
)

// The services that connections can be opened to.
var (
	EC2        = Service{Name: "ec2", SDKID: "EC2", Prefix: "ec2", Option: "ec2"}
	S3         = Service{Name: "s3", SDKID: "S3", Prefix: "s3", Option: "s3"}
	CloudWatch = Service{Name: "cloudwatch", SDKID: "CloudWatch", Prefix: "monitoring", Option: "cloudwatch"}
	SNS        = Service{Name: "sns", SDKID: "SNS", Prefix: "sns", Option: "sns"}
	SQS        = Service{Name: "sqs", SDKID: "SQS", Prefix: "sqs", Option: "sqs"}
	IAM        = Service{Name: "iam", SDKID: "IAM", Prefix: "iam", Option: "iam", Global: true}
	STS        = Service{Name: "sts", SDKID: "STS", Prefix: "sts", Option: "sts"}

	// Eucalyptus is EC2's interface of a Eucalyptus cloud, Walrus its S3.
	Eucalyptus = Service{Name: "eucalyptus", SDKID: "EC2", kind: eucalyptus}
	Walrus     = Service{Name: "walrus", SDKID: "S3", kind: walrus}
	// GoogleStorage is the S3-like interface of Google Cloud Storage.
	GoogleStorage = Service{Name: "google storage", SDKID: "S3", kind: google}
)

// DefaultHost is the host that AWS answers at for a service in a region.
func (s Service) DefaultHost(region string) string {
	p := partitionOf(region)
	switch {
	case s.Global && p.id == "aws":
		return s.Prefix + "." + p.suffix
	case s.Prefix == "s3" && region == "us-east-1":
		return s.Prefix + "." + p.suffix
	}
	return s.Prefix + "." + region + "." + p.suffix
}
