package iam_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

func TestGuardKeepsUsersToTheirPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.user("cat")
	w.user("nobody")
	policy := func(name, text string) {
		must[*sdk.PutUserPolicyOutput](w)(w.PutUserPolicy(ctx(), &sdk.PutUserPolicyInput{UserName: aws.String("cat"), PolicyName: &name, PolicyDocument: &text}))
	}
	policy("metrics", `{"Statement":{"Effect":"Allow","Action":"cloudwatch:Put*","Resource":"*"}}`)
	policy("queue", `{"Statement":[{"Effect":"Allow","NotAction":"sqs:Delete*","Resource":"arn:aws:sqs:us-east-1:123456789012:paws*"},{"Effect":"Deny","Action":"sqs:*","Resource":"*:paws-secret"}]}`)
	policy("bucket", `{"Statement":{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::paws/pub/*"]}}`)
	policy("maybe", `{"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}}`)
	as := func(user string) context.Context {
		return wire.WithCaller(ctx(), wire.Caller{AccountID: core.DefaultAccountID, UserName: user, UserARN: "arn:aws:iam::123456789012:user/" + user, Region: "us-east-1"})
	}
	url := func(name string) *string { return aws.String("http://127.0.0.1/123456789012/" + name) }
	for _, tt := range []struct {
		user, service, op string
		in                any
		code              string
	}{
		{"", "iam", "DeleteUser", &sdk.DeleteUserInput{UserName: aws.String("cat")}, ""},
		{"cat", "monitoring", "PutMetricData", &cloudwatch.PutMetricDataInput{}, ""},
		{"cat", "monitoring", "ListMetrics", &cloudwatch.ListMetricsInput{}, "AccessDenied"},
		{"nobody", "monitoring", "PutMetricData", &cloudwatch.PutMetricDataInput{}, "AccessDenied"},
		{"gone", "monitoring", "PutMetricData", &cloudwatch.PutMetricDataInput{}, "AccessDenied"},
		{"cat", "sqs", "SendMessage", &sqs.SendMessageInput{QueueUrl: url("paws-1")}, ""},
		{"cat", "sqs", "SendMessage", &sqs.SendMessageInput{QueueUrl: url("claws")}, "AccessDenied"},
		{"cat", "sqs", "SendMessage", &sqs.SendMessageInput{QueueUrl: url("paws-secret")}, "AccessDenied"},
		{"cat", "sqs", "DeleteQueue", &sqs.DeleteQueueInput{QueueUrl: url("paws-1")}, "AccessDenied"},
		{"cat", "sqs", "ListQueues", &sqs.ListQueuesInput{}, "AccessDenied"},
		{"cat", "iam", "GetUser", &sdk.GetUserInput{UserName: aws.String("cat")}, "AccessDenied"},
		{"nobody", "sts", "GetCallerIdentity", nil, ""},
		{"nobody", "ec2", "DescribeInstances", &struct{ InstanceIds []string }{[]string{"i-01234567"}}, "UnauthorizedOperation"},
	} {
		guard := w.cloud.Guard(tt.service, nil)
		ran := false
		_, err := guard(as(tt.user), tt.op, tt.in, func(context.Context) (any, error) { ran = true; return nil, nil })
		code := ""
		var e *wire.Error
		if errors.As(err, &e) {
			code = e.Code
		}
		if code != tt.code || ran != (tt.code == "") {
			t.Errorf("%s, %s:%s: %q, ran %v: %v", tt.user, tt.service, tt.op, code, ran, err)
		}
	}
}
