package repl

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"pawsh/bindings/boto"
	"pawsh/repl/eval"
)

// stackOptions is what an SDK client's APIOptions are a list of.
type stackOptions = []func(*middleware.Stack) error

// clients replaces the functions by which pasted code makes clients of the SDK:
// theirs are logged and guarded as those of connections are.
func clients() map[string]map[string]any {
	out := map[string]map[string]any{}
	client(out, "cloudwatch", cloudwatch.NewFromConfig, cloudwatch.New, func(o *cloudwatch.Options) {
		adopt(&o.APIOptions, "cloudwatch", o.BaseEndpoint, o.Region, o.Credentials)
	})
	client(out, "ec2", ec2.NewFromConfig, ec2.New, func(o *ec2.Options) {
		adopt(&o.APIOptions, "ec2", o.BaseEndpoint, o.Region, o.Credentials)
	})
	client(out, "iam", iam.NewFromConfig, iam.New, func(o *iam.Options) {
		adopt(&o.APIOptions, "iam", o.BaseEndpoint, o.Region, o.Credentials)
	})
	client(out, "s3", s3.NewFromConfig, s3.New, func(o *s3.Options) {
		adopt(&o.APIOptions, "s3", o.BaseEndpoint, o.Region, o.Credentials)
	})
	client(out, "sns", sns.NewFromConfig, sns.New, func(o *sns.Options) {
		adopt(&o.APIOptions, "sns", o.BaseEndpoint, o.Region, o.Credentials)
	})
	client(out, "sqs", sqs.NewFromConfig, sqs.New, func(o *sqs.Options) {
		adopt(&o.APIOptions, "sqs", o.BaseEndpoint, o.Region, o.Credentials)
	})
	client(out, "sts", sts.NewFromConfig, sts.New, func(o *sts.Options) {
		adopt(&o.APIOptions, "sts", o.BaseEndpoint, o.Region, o.Credentials)
	})
	return out
}

// client replaces both makers of a service's client by ones that end with option.
func client[O, C any](out map[string]map[string]any, service string, fromConfig func(aws.Config, ...func(*O)) *C, fromOptions func(O, ...func(*O)) *C, option func(*O)) {
	out[sdkServices+service] = map[string]any{
		"NewFromConfig": func(c aws.Config, opts ...func(*O)) *C {
			return fromConfig(c, append(opts[:len(opts):len(opts)], option)...)
		},
		"New": func(o O, opts ...func(*O)) *C { return fromOptions(o, append(opts[:len(opts):len(opts)], option)...) },
	}
}

func adopt(to *stackOptions, service string, endpoint *string, region string, signer aws.CredentialsProvider) {
	env, err := boto.Env()
	if err == nil {
		var add func(*middleware.Stack) error
		if add, err = env.Adopt(service, endpoint, region, signer); err == nil {
			*to = append((*to)[:len(*to):len(*to)], add)
			return
		}
	}
	panic(&eval.Raised{Err: err})
}
