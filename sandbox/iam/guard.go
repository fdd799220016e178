package iam

import (
	"context"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"pawsh/sandbox/core"
	"pawsh/sandbox/wire"
)

// Guard returns what keeps the users of IAM to their policies in a service:
// the account itself may do all, a user what a policy of his allows and none
// denies. action gives what policies call an operation; nil is for services
// where that is its name.
//
// A condition is not evaluated: a statement with one allows nothing, and
// denies all it might.
func (c *Cloud) Guard(service string, action func(op string) string) wire.Around {
	prefix := map[string]string{"monitoring": "cloudwatch"}[service]
	if prefix == "" {
		prefix = service
	}
	if action == nil {
		action = func(op string) string { return prefix + ":" + op }
	}
	return func(ctx context.Context, op string, in any, next wire.Next) (any, error) {
		caller := wire.CallerFrom(ctx)
		act := action(op)
		if caller.UserName == "" || alwaysAllowed[act] {
			return next(ctx)
		}
		resources := resourcesOf(service, caller, in)
		c.mu.Lock()
		verdict := c.judge(caller.UserName, act, resources)
		c.mu.Unlock()
		if verdict == "" {
			return next(ctx)
		}
		return nil, refusal(service, caller.UserARN, act, resources[0], verdict)
	}
}

// alwaysAllowed are the actions that need no policy.
var alwaysAllowed = map[string]bool{"sts:GetCallerIdentity": true, "sts:GetSessionToken": true}

// judge asks a user's policies. It gives "" when they allow the action, else
// why not, in AWS's words.
func (c *Cloud) judge(name, action string, resources []string) string {
	allowed := map[string]bool{}
	if u := c.user(name); u != nil {
		for _, p := range u.policies {
			for _, s := range p.statements {
				if !s.means(action) {
					continue
				}
				for _, r := range resources {
					if !s.covers(r) {
						continue
					}
					if s.Effect == "Deny" {
						return "with an explicit deny in an identity-based policy"
					}
					allowed[r] = allowed[r] || len(s.Condition) == 0
				}
			}
		}
	}
	for _, r := range resources {
		if !allowed[r] {
			return "because no identity-based policy allows the " + action + " action"
		}
	}
	return ""
}

func (s *statement) means(action string) bool {
	match := func(patterns []string) bool {
		for _, p := range patterns {
			if core.Match(strings.ToLower(p), strings.ToLower(action)) {
				return true
			}
		}
		return false
	}
	if len(s.NotAction) > 0 {
		return !match(s.NotAction)
	}
	return match(s.Action)
}

func (s *statement) covers(resource string) bool {
	match := func(patterns []string) bool {
		for _, p := range patterns {
			if core.Match(p, resource) {
				return true
			}
		}
		return false
	}
	if len(s.NotResource) > 0 {
		return !match(s.NotResource)
	}
	return match(s.Resource)
}

// refusal says no as the service would.
func refusal(service, who, action, resource, why string) error {
	if service == "ec2" {
		return fail("UnauthorizedOperation", http.StatusForbidden, "You are not authorized to perform this operation. User: %s is not authorized to perform: %s %s", who, action, why)
	}
	on := ""
	if resource != anyResource {
		on = " on resource: " + resource
	}
	return fail("AccessDenied", http.StatusForbidden, "User: %s is not authorized to perform: %s%s %s", who, action, on, why)
}

// anyResource is what an operation acts upon that names nothing: only a
// policy for all resources allows it.
const anyResource = "*"

// members are the members of inputs that name a resource, by service, and the
// ARN that they make: %s is the name.
var members = map[string]map[string]string{
	"iam": {"UserName": "arn:aws:iam::ACCOUNT:user/"},
	"sqs": {"QueueName": "arn:aws:sqs:REGION:ACCOUNT:", "QueueUrl": "arn:aws:sqs:REGION:ACCOUNT:"},
	"sns": {"TopicArn": "", "TargetArn": "", "ResourceArn": "", "SubscriptionArn": "", "Name": "arn:aws:sns:REGION:ACCOUNT:"},
	"monitoring": {
		"AlarmName": "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:", "AlarmNames": "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:"},
}

// machineKinds are the kinds of EC2's resources by the heads of their ids.
var machineKinds = map[string]string{"i": "instance", "vol": "volume", "snap": "snapshot", "sg": "security-group", "ami": "image",
	"subnet": "subnet", "vpc": "vpc", "key": "key-pair", "eipalloc": "elastic-ip", "eni": "network-interface", "sgr": "security-group-rule"}

var machineID = regexp.MustCompile(`^([a-z]+)-[0-9a-f]{8,17}$`)

// resourcesOf gives the ARNs that an input names, or anyResource.
func resourcesOf(service string, caller wire.Caller, in any) []string {
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return []string{anyResource}
	}
	var out []string
	fill := strings.NewReplacer("REGION", caller.Region, "ACCOUNT", caller.AccountID)
	switch service {
	case "s3":
		if b := textsOf(v.FieldByName("Bucket")); len(b) == 1 {
			arn := "arn:aws:s3:::" + b[0]
			if k := textsOf(v.FieldByName("Key")); len(k) == 1 {
				arn += "/" + k[0]
			}
			out = append(out, arn)
		}
	case "ec2":
		for i := range v.NumField() {
			for _, id := range textsOf(v.Field(i)) {
				if m := machineID.FindStringSubmatch(id); m != nil && machineKinds[m[1]] != "" {
					out = append(out, fill.Replace("arn:aws:ec2:REGION:ACCOUNT:")+machineKinds[m[1]]+"/"+id)
				}
			}
		}
	default:
		for name, head := range members[service] {
			for _, text := range textsOf(v.FieldByName(name)) {
				if name == "QueueUrl" {
					text = text[strings.LastIndex(text, "/")+1:]
				}
				out = append(out, fill.Replace(head)+text)
			}
		}
	}
	if len(out) == 0 {
		return []string{anyResource}
	}
	return out
}

// textsOf gives a text member, or the texts of a list.
func textsOf(f reflect.Value) []string {
	if !f.IsValid() || !f.CanInterface() {
		return nil
	}
	switch v := f.Interface().(type) {
	case *string:
		if v != nil {
			return []string{*v}
		}
	case []string:
		return v
	}
	return nil
}
