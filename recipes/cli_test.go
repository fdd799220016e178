package recipes

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// clients have a method for each operation that the AWS CLI has a command for.
var clients = map[string]any{
	"ec2": (*ec2.Client)(nil), "s3api": (*s3.Client)(nil), "cloudwatch": (*cloudwatch.Client)(nil), "sns": (*sns.Client)(nil),
	"iam": (*iam.Client)(nil), "sqs": (*sqs.Client)(nil), "sts": (*sts.Client)(nil),
}

// customised are options the AWS CLI has beside those of an operation's input.
var customised = map[string][]string{
	"authorize-security-group-ingress": {"protocol", "port", "cidr"},
	"run-instances":                    {"count", "associate-public-ip-address"},
	"subscribe":                        {"notification-endpoint"},
	"put-metric-data":                  {"metric-name", "unit", "value", "dimensions", "timestamp"},
}

// everywhere are the options of every command.
var everywhere = []string{"query", "output", "region", "profile", "endpoint-url", "no-sign-request", "debug", "cli-read-timeout", "cli-connect-timeout"}

// highLevel are commands of `aws s3` and of `aws configure`, which stand for no
// single operation, with their options.
var highLevel = map[string][]string{
	"s3 mb": {}, "s3 rb": {"force"}, "s3 cp": {"metadata", "metadata-directive", "storage-class", "acl", "recursive", "content-type"},
	"s3 ls": {"recursive", "summarize", "human-readable"}, "s3 sync": {"acl"}, "s3 presign": {"expires-in"}, "s3 website": {"index-document", "error-document"},
	"s3 rm": {"recursive"}, "configure set": {}, "configure list": {}, "configure get": {},
	"ec2 wait": {"instance-ids", "volume-ids", "snapshot-ids"},
}

// TestCLI reads the lines for the AWS CLI without running them: the operation
// must exist, and have the options.
func TestCLI(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, r := range all {
		for _, line := range r.CLI {
			rest, ok := strings.CutPrefix(line, "aws ")
			if !ok {
				continue // a command of the system
			}
			lines++
			if fault := dryParse(rest); fault != "" {
				t.Errorf("%s: %s\n%s", r.ID, line, fault)
			}
		}
	}
	if lines == 0 {
		t.Error("no line was looked at")
	}
}

func TestCLIFaults(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"ec2 run-instances --image-id ami-1":   "",
		"ec2 run-instance --image-id ami-1":    "no operation",
		"ec2 run-instances --imageid ami-1":    "no option",
		"ec3 run-instances":                    "no service",
		"ec2":                                  "no command",
		"s3 cp a s3://b/c --storage-class X":   "",
		"s3 copy a b":                          "no command",
		`ec2 create-tags --tags Key="--x",V=1`: "",
	} {
		if got := dryParse(line); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// dryParse tells what is wrong with a line of the AWS CLI, without its "aws".
func dryParse(line string) string {
	words := strings.Fields(line)
	for len(words) > 1 && strings.HasPrefix(words[0], "--") {
		words = words[2:]
	}
	if len(words) < 2 {
		return "there is no command"
	}
	service, command := words[0], words[1]
	var known []string
	if options, ok := highLevel[service+" "+command]; ok {
		known = options
	} else {
		if service == "s3" || service == "configure" {
			return "there is no command " + command
		}
		client, ok := clients[service]
		if !ok {
			return "there is no service " + service
		}
		m, ok := reflect.TypeOf(client).MethodByName(camel(command))
		if !ok {
			return "there is no operation " + command
		}
		in := m.Type.In(2).Elem()
		for i := range in.NumField() {
			known = append(known, kebab(in.Field(i).Name))
		}
		known = append(known, customised[command]...)
	}
	known = append(known, everywhere...)
	for _, w := range words[2:] {
		option, ok := strings.CutPrefix(w, "--")
		if !ok {
			continue
		}
		option, _, _ = strings.Cut(option, "=")
		if !has(known, option) {
			return "there is no option --" + option
		}
	}
	return ""
}

func has(known []string, option string) bool {
	for _, k := range known {
		if k == option || k == strings.TrimPrefix(option, "no-") || k == option+"s" {
			return true
		}
	}
	return false
}

var (
	humps    = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	acronyms = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
)

// kebab makes image-id of ImageId, as the AWS CLI writes it.
func kebab(field string) string {
	return strings.ToLower(acronyms.ReplaceAllString(humps.ReplaceAllString(field, "$1-$2"), "$1-$2"))
}

// camel makes RunInstances of run-instances, as the SDK writes it.
func camel(command string) string {
	var b strings.Builder
	for w := range strings.SplitSeq(command, "-") {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return b.String()
}
