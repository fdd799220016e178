package repl

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkcw "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	sdksns "github.com/aws/aws-sdk-go-v2/service/sns"
	sdksqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/middleware"

	"pawsh/bindings/cloudwatch"
	"pawsh/bindings/ec2"
	"pawsh/bindings/iam"
	"pawsh/bindings/s3"
	"pawsh/bindings/sns"
	"pawsh/bindings/sqs"
)

// maxLive bounds a list; no person chooses among more.
const maxLive = 1000

// quiet keeps the requests of completion out of the debug log, which is there
// to show what a cell does.
var quiet = []func(*middleware.Stack) error{func(s *middleware.Stack) error {
	// A connection without the log has neither step.
	_, _ = s.Initialize.Remove("pawsh:calls")
	_, _ = s.Deserialize.Remove("pawsh:wire")
	return nil
}}

// fetcher gives the function that lists things of a kind on a connection, nil
// where there is none. All of them only list or describe.
func fetcher(conn any, kind liveKind, key *liveKey, owner any) func(context.Context) ([]value, error) {
	*key = liveKey{conn: conn, kind: kind}
	switch c := conn.(type) {
	case *ec2.Connection:
		if f := ec2Lists[kind]; f != nil && c != nil {
			return func(ctx context.Context) ([]value, error) { return f(ctx, c) }
		}
	case *s3.Connection:
		switch {
		case c == nil:
		case kind == liveBucket:
			return func(ctx context.Context) ([]value, error) { return listBuckets(ctx, c) }
		case kind == liveKey3:
			if key.in = bucketOf(owner); key.in != "" {
				bucket := key.in
				return func(ctx context.Context) ([]value, error) { return listKeys(ctx, c, bucket) }
			}
		}
	case *sqs.Connection:
		if kind == liveQueue {
			return func(ctx context.Context) ([]value, error) { return listQueues(ctx, c) }
		}
	case *sns.Connection:
		if kind == liveTopic {
			return func(ctx context.Context) ([]value, error) { return listTopics(ctx, c) }
		}
	case *iam.Connection:
		switch kind {
		case liveUser:
			return func(ctx context.Context) ([]value, error) { return listUsers(ctx, c) }
		case liveUserGroup:
			return func(ctx context.Context) ([]value, error) { return listUserGroups(ctx, c) }
		}
	case *cloudwatch.Connection:
		switch kind {
		case liveAlarm:
			return func(ctx context.Context) ([]value, error) { return listAlarms(ctx, c) }
		case liveMetric, liveNamespace:
			return func(ctx context.Context) ([]value, error) { return listMetrics(ctx, c, kind) }
		}
	}
	return nil
}

// bucketOf is the bucket that a value is or belongs to.
func bucketOf(owner any) string {
	switch o := owner.(type) {
	case *s3.Bucket:
		if o != nil {
			return o.Name
		}
	case *s3.Key:
		if o != nil && o.Bucket != nil {
			return o.Bucket.Name
		}
	}
	return ""
}

func s3Quiet(o *sdks3.Options)   { o.APIOptions = append(slices.Clone(o.APIOptions), quiet...) }
func sqsQuiet(o *sdksqs.Options) { o.APIOptions = append(slices.Clone(o.APIOptions), quiet...) }
func snsQuiet(o *sdksns.Options) { o.APIOptions = append(slices.Clone(o.APIOptions), quiet...) }
func iamQuiet(o *sdkiam.Options) { o.APIOptions = append(slices.Clone(o.APIOptions), quiet...) }
func cwQuiet(o *sdkcw.Options)   { o.APIOptions = append(slices.Clone(o.APIOptions), quiet...) }

func listBuckets(ctx context.Context, c *s3.Connection) ([]value, error) {
	out, err := c.Client.ListBuckets(ctx, &sdks3.ListBucketsInput{}, s3Quiet)
	if err != nil {
		return nil, fmt.Errorf("list buckets: %w", err)
	}
	var vs []value
	for _, b := range out.Buckets {
		vs = append(vs, value{text: aws.ToString(b.Name), kind: string(liveBucket), note: day(b.CreationDate)})
	}
	return vs, nil
}

func listKeys(ctx context.Context, c *s3.Connection, bucket string) ([]value, error) {
	out, err := c.Client.ListObjectsV2(ctx, &sdks3.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int32(maxLive)}, s3Quiet)
	if err != nil {
		return nil, fmt.Errorf("list keys of %s: %w", bucket, err)
	}
	var vs []value
	for _, o := range out.Contents {
		vs = append(vs, value{text: aws.ToString(o.Key), kind: string(liveKey3), note: size(aws.ToInt64(o.Size)) + "  " + day(o.LastModified)})
	}
	return vs, nil
}

func listQueues(ctx context.Context, c *sqs.Connection) ([]value, error) {
	var vs []value
	pages := sdksqs.NewListQueuesPaginator(c.Client, &sdksqs.ListQueuesInput{MaxResults: aws.Int32(maxLive)})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, sqsQuiet)
		if err != nil {
			return nil, fmt.Errorf("list queues: %w", err)
		}
		for _, u := range out.QueueUrls {
			vs = append(vs, value{text: path.Base(u), kind: string(liveQueue), note: u})
		}
	}
	return vs, nil
}

func listTopics(ctx context.Context, c *sns.Connection) ([]value, error) {
	var vs []value
	pages := sdksns.NewListTopicsPaginator(c.Client, &sdksns.ListTopicsInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, snsQuiet)
		if err != nil {
			return nil, fmt.Errorf("list topics: %w", err)
		}
		for _, t := range out.Topics {
			arn := aws.ToString(t.TopicArn)
			vs = append(vs, value{text: arn, kind: string(liveTopic), note: arn[strings.LastIndexByte(arn, ':')+1:]})
		}
	}
	return vs, nil
}

func listUsers(ctx context.Context, c *iam.Connection) ([]value, error) {
	var vs []value
	pages := sdkiam.NewListUsersPaginator(c.Client, &sdkiam.ListUsersInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, iamQuiet)
		if err != nil {
			return nil, fmt.Errorf("list users: %w", err)
		}
		for _, u := range out.Users {
			vs = append(vs, value{text: aws.ToString(u.UserName), kind: string(liveUser), note: day(u.CreateDate)})
		}
	}
	return vs, nil
}

func listUserGroups(ctx context.Context, c *iam.Connection) ([]value, error) {
	var vs []value
	pages := sdkiam.NewListGroupsPaginator(c.Client, &sdkiam.ListGroupsInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, iamQuiet)
		if err != nil {
			return nil, fmt.Errorf("list groups: %w", err)
		}
		for _, g := range out.Groups {
			vs = append(vs, value{text: aws.ToString(g.GroupName), kind: string(liveUserGroup), note: day(g.CreateDate)})
		}
	}
	return vs, nil
}

func listAlarms(ctx context.Context, c *cloudwatch.Connection) ([]value, error) {
	var vs []value
	pages := sdkcw.NewDescribeAlarmsPaginator(c.Client, &sdkcw.DescribeAlarmsInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, cwQuiet)
		if err != nil {
			return nil, fmt.Errorf("list alarms: %w", err)
		}
		for _, a := range out.MetricAlarms {
			vs = append(vs, value{text: aws.ToString(a.AlarmName), kind: string(liveAlarm), note: string(a.StateValue) + "  " + aws.ToString(a.MetricName)})
		}
	}
	return vs, nil
}

// listMetrics names each metric or each namespace once.
func listMetrics(ctx context.Context, c *cloudwatch.Connection, kind liveKind) ([]value, error) {
	var vs []value
	seen := map[string]bool{}
	pages := sdkcw.NewListMetricsPaginator(c.Client, &sdkcw.ListMetricsInput{})
	for pages.HasMorePages() && len(vs) < maxLive {
		out, err := pages.NextPage(ctx, cwQuiet)
		if err != nil {
			return nil, fmt.Errorf("list metrics: %w", err)
		}
		for _, m := range out.Metrics {
			v := value{text: aws.ToString(m.MetricName), kind: string(kind), note: aws.ToString(m.Namespace)}
			if kind == liveNamespace {
				v.text, v.note = v.note, ""
			}
			if !seen[v.text] {
				seen[v.text] = true
				vs = append(vs, v)
			}
		}
	}
	return vs, nil
}

func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format("2006-01-02 15:04")
}

// size writes a number of bytes as a person reads it.
func size(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	f, i := float64(n)/unit, 0
	for f >= unit && i < 4 {
		f, i = f/unit, i+1
	}
	return fmt.Sprintf("%.1f %ciB", f, "KMGTP"[i])
}
