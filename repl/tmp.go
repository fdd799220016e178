package repl

import (
	"pawsh/bindings/boto"
	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/iam"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
	"pawsh/bindings/sts"
)

func tmpCloudWatch() (*cloudwatch.Connection, error) { e, _ := boto.Env(); return cloudwatch.Connect(e) }
func tmpSNS() (*sns.Connection, error)               { e, _ := boto.Env(); return sns.Connect(e) }
func tmpSQS() (*sqs.Connection, error)               { e, _ := boto.Env(); return sqs.Connect(e) }
func tmpIAM() (*iam.Connection, error)               { e, _ := boto.Env(); return iam.Connect(e) }
func tmpSTS() (*sts.Connection, error)               { e, _ := boto.Env(); return sts.Connect(e) }
