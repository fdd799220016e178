package python

import (
	_ "embed"
	"strings"
	"sync"

	"pawsh/bindings/boto"
)

// signaturesText has the parameters of boto's methods, in their order, with
// the defaults that they have: a line each.
//
//go:embed signatures.txt
var signaturesText string

// signature is what a method of boto's takes.
type signature struct {
	names    []string
	required int               // how many have no default
	defaults map[string]string // as Go writes them
}

// signatureOf gives boto's signature of a Go method, "ec2.Connection.RunInstances".
func signatureOf(goName string) (signature, bool) {
	s, ok := allSignatures()[goName]
	return s, ok
}

var allSignatures = sync.OnceValue(func() map[string]signature {
	out := map[string]signature{}
	for l := range strings.Lines(signaturesText) {
		head, rest, _ := strings.Cut(strings.TrimSpace(l), " ")
		s := signature{defaults: map[string]string{}}
		for _, p := range strings.Fields(rest) {
			name, def, has := strings.Cut(p, "=")
			s.names = append(s.names, name)
			if !has {
				s.required++
				continue
			}
			switch {
			case def == "True":
				s.defaults[plainName(name)] = "true"
			case strings.HasPrefix(def, "'") && len(def) > 2:
				s.defaults[plainName(name)] = quote(strings.Trim(def, "'"))
			case def != "None" && def != "False" && def != "0" && !strings.HasPrefix(def, "'"):
				s.defaults[plainName(name)] = def
			}
		}
		class, method, _ := strings.Cut(head, ".")
		for _, c := range boto.Counterparts(method) {
			if c.Object == class && c.Name == method {
				out[c.Go] = s
			}
		}
	}
	return out
})

// otherParams are parameters of boto's that have another name here.
var otherParams = map[string]string{
	"aclorstr": "acl", "aclstr": "acl", "default": "def", "topicarn": "topic", "keynames": "keynames", "awsaccessKeyid": "accesskeyid",
	"statvalue": "value", "name": "groupname",
}

// constructors are the parameters of boto's classes, in their order, and the
// type that stands for each.
var constructors = map[string]struct {
	goType string
	params []string
}{
	"Key":                  {"s3.Key", []string{"bucket", "name"}},
	"Rule":                 {"s3.Rule", []string{"id", "prefix", "status", "expiration", "transition"}},
	"Expiration":           {"s3.Expiration", []string{"days", "date"}},
	"Transition":           {"s3.Transition", []string{"days", "date", "storage_class"}},
	"Transitions":          {"s3.Transitions", nil},
	"Lifecycle":            {"s3.Lifecycle", nil},
	"CORSConfiguration":    {"s3.CORSConfiguration", nil},
	"BlockDeviceMapping":   {"ec2.BlockDeviceMapping", nil},
	"BlockDeviceType":      {"ec2.BlockDeviceType", []string{"connection", "ephemeral_name", "no_device", "volume_id", "snapshot_id", "status", "attach_time", "delete_on_termination", "size", "volume_type", "iops", "encrypted"}},
	"EBSBlockDeviceType":   {"ec2.BlockDeviceType", []string{"connection", "ephemeral_name", "no_device", "volume_id", "snapshot_id", "status", "attach_time", "delete_on_termination", "size", "volume_type", "iops", "encrypted"}},
	"MetricAlarm":          {"cloudwatch.MetricAlarm", []string{"connection", "name", "metric", "namespace", "statistic", "comparison", "threshold", "period", "evaluation_periods", "unit", "description", "dimensions", "alarm_actions", "insufficient_data_actions", "ok_actions"}},
	"Message":              {"sqs.Message", []string{"queue", "body"}},
	"EC2Connection":        {"boto.ConnectEC2", connectParams},
	"S3Connection":         {"boto.ConnectS3", connectParams},
	"SQSConnection":        {"boto.ConnectSQS", connectParams},
	"SNSConnection":        {"boto.ConnectSNS", connectParams},
	"IAMConnection":        {"boto.ConnectIAM", connectParams},
	"CloudWatchConnection": {"boto.ConnectCloudWatch", connectParams},
}

var connectParams = []string{"aws_access_key_id", "aws_secret_access_key"}
