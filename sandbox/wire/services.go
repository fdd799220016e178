package wire

import "sync"

// EC2 makes the service of EC2: ec2Query.
func EC2() *Service {
	return newService(spec{name: "ec2", version: "2016-11-15", flavor: flavorEC2,
		namespace: "http://ec2.amazonaws.com/doc/"})
}

// IAM makes the service of IAM: awsQuery.
func IAM() *Service {
	return newService(spec{name: "iam", version: "2010-05-08",
		namespace: "https://iam.amazonaws.com/doc/2010-05-08/"})
}

// STS makes the service of STS: awsQuery.
func STS() *Service {
	return newService(spec{name: "sts", version: "2011-06-15",
		namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		unsigned:  []string{"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}})
}

// SNS makes the service of SNS: awsQuery.
func SNS() *Service {
	return newService(spec{name: "sns", version: "2010-03-31",
		namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		unsigned:  []string{"ConfirmSubscription", "Unsubscribe"}})
}

// SQS makes the service of SQS: awsJson 1.0 and awsQuery.
func SQS() *Service {
	return newService(spec{name: "sqs", version: "2012-11-05",
		namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
		target:    "AmazonSQS", jsonType: "application/x-amz-json-1.0", shapes: "com.amazonaws.sqs"})
}

// CloudWatch makes the service of CloudWatch: rpcv2Cbor, awsJson 1.0 and
// awsQuery.
func CloudWatch() *Service {
	return newService(spec{name: "monitoring", module: "cloudwatch", version: "2010-08-01",
		namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
		target:    "GraniteServiceVersion20100801", jsonType: "application/x-amz-json-1.0",
		rpc: "GraniteServiceVersion20100801", shapes: "com.amazonaws.cloudwatch"})
}

// S3 makes the service of S3: restXml. Bodies stream: the Body of an input
// reads from the connection and fails where the payload does not match its
// signature or checksum, the Body of an output is copied to it.
func S3() *Service {
	return newService(spec{name: "s3", version: "2006-03-01", flavor: flavorREST,
		namespace: "http://s3.amazonaws.com/doc/2006-03-01/"})
}

func newService(s spec) *Service {
	if s.module == "" {
		s.module = s.name
	}
	s.table = &table{service: s.module}
	return &Service{
		spec: s, handlers: map[string]handler{},
		router: sync.OnceValue(func() *router { return newRouter(s.table) }),
	}
}
