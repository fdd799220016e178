package iam

import (
	"context"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"pawsh/sandbox/policy"
	"pawsh/sandbox/wire"
)

// Describer tells what conditions may ask of a service's resources and
// requests: ec2:InstanceType, ec2:ResourceTag/... The key is in lower case.
type Describer interface {
	PolicyFacts(ctx context.Context, op string, in any, resource, key string) []string
}

// Guard returns what keeps the users and roles of IAM to their policies in a
// service: the account itself may do all, they what a policy of theirs allows
// and none denies. d may be nil.
func (c *Cloud) Guard(service string, d Describer) wire.Around {
	prefix := map[string]string{"monitoring": "cloudwatch"}[service]
	if prefix == "" {
		prefix = service
	}
	return func(ctx context.Context, op string, in any, next wire.Next) (any, error) {
		caller := wire.CallerFrom(ctx)
		act := prefix + ":" + op
		if caller.Anonymous() && caller.UserName == "" || alwaysAllowed[act] {
			return next(ctx)
		}
		for _, r := range c.resources(service, op, caller, in) {
			f := policy.Request(ctx, c.env.Now(), func(key string) []string {
				if v := tagFacts(in, key); v != nil || d == nil {
					return v
				}
				return d.PolicyFacts(ctx, op, in, r, key)
			})
			if v := c.Judge(ctx, caller, act, r, f); !v.Allowed {
				return nil, c.refusal(service, caller, act, r, v, f)
			}
		}
		return next(ctx)
	}
}

// alwaysAllowed are the actions that need no policy.
var alwaysAllowed = map[string]bool{"sts:GetCallerIdentity": true, "sts:GetSessionToken": true, "sts:GetAccessKeyInfo": true,
	"sts:AssumeRole": true, // the role's trust has a say in it: STS asks itself

	"sts:AssumeRoleWithWebIdentity": true, "sts:AssumeRoleWithSAML": true}

// refusal says no as the service would.
func (c *Cloud) refusal(service string, caller wire.Caller, action, resource string, v policy.Verdict, f policy.Facts) error {
	on := ""
	if resource != anyResource {
		on = " on resource: " + resource
	}
	if service == "ec2" {
		return fail("UnauthorizedOperation", http.StatusForbidden, "You are not authorized to perform this operation. User: %s is not authorized to perform: %s%s %s. Encoded authorization failure message: %s",
			caller.UserARN, action, on, v.Why, c.encode(caller, action, resource, v, f))
	}
	return fail("AccessDenied", http.StatusForbidden, "User: %s is not authorized to perform: %s%s %s", caller.UserARN, action, on, v.Why)
}

// resources are the ARNs of what a request names. IAM's own know their paths,
// and are the caller's where it names none.
func (c *Cloud) resources(service, op string, caller wire.Caller, in any) []string {
	list := resourcesOf(service, op, caller, in)
	if service != "iam" {
		return list
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	v := reflect.Indirect(reflect.ValueOf(in))
	if list[0] == anyResource && caller.UserName != "" && v.Kind() == reflect.Struct && v.FieldByName("UserName").IsValid() {
		list[0] = "arn:aws:iam::" + caller.AccountID + ":user/" + caller.UserName
	}
	for i, arn := range list {
		head, name, _ := strings.Cut(arn, "/")
		switch {
		case strings.HasSuffix(head, ":user") && c.user(name) != nil:
			list[i] = c.arn(c.user(name))
		case strings.HasSuffix(head, ":role") && c.findRole(name) != nil:
			list[i] = c.roleARN(c.findRole(name))
		}
	}
	return list
}

// anyResource is what an operation acts upon that names nothing: only a
// policy for all resources allows it.
const anyResource = "*"

// members are the members of inputs that name a resource, by service, and the
// ARN that they make: %s is the name.
var members = map[string]map[string]string{
	"iam": {"UserName": "arn:aws:iam::ACCOUNT:user/", "GroupName": "arn:aws:iam::ACCOUNT:group/", "RoleName": "arn:aws:iam::ACCOUNT:role/",
		"InstanceProfileName": "arn:aws:iam::ACCOUNT:instance-profile/", "PolicyArn": "", "SerialNumber": ""},
	"sts": {"RoleArn": ""},
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
func resourcesOf(service, op string, caller wire.Caller, in any) []string {
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return []string{anyResource}
	}
	var out []string
	fill := strings.NewReplacer("REGION", caller.Region, "ACCOUNT", caller.AccountID)
	switch service {
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
	if service == "ec2" {
		out = append(out, made(op, fill.Replace("arn:aws:ec2:REGION:ACCOUNT:"))...)
	}
	if len(out) == 0 {
		return []string{anyResource}
	}
	return out
}

// makes are EC2's operations that make something: they need leave for what
// has no id yet, too.
var makes = map[string]string{"RunInstances": "instance/* network-interface/* volume/*", "CreateVolume": "volume/*", "CreateSnapshot": "snapshot/*",
	"CreateSecurityGroup": "security-group/*", "CreateKeyPair": "key-pair/*", "ImportKeyPair": "key-pair/*", "AllocateAddress": "elastic-ip/*", "CreateImage": "image/*"}

func made(op, head string) []string {
	var out []string
	for kind := range strings.FieldsSeq(makes[op]) {
		out = append(out, head+kind)
	}
	return out
}

// tagFacts are the tags that a request brings along: those members of inputs
// that are lists of keys and values, and those in specifications of tags.
func tagFacts(in any, key string) []string {
	name, one := strings.CutPrefix(key, "aws:requesttag/")
	if !one && key != "aws:tagkeys" {
		return nil
	}
	var out []string
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		v = reflect.Indirect(v)
		if v.Kind() != reflect.Struct {
			return
		}
		for _, field := range []string{"TagSpecifications", "Tags"} {
			list := v.FieldByName(field)
			if !list.IsValid() || list.Kind() != reflect.Slice {
				continue
			}
			for i := range list.Len() {
				t := list.Index(i)
				if t.Kind() != reflect.Struct {
					continue
				}
				if nested := t.FieldByName("Tags"); nested.IsValid() {
					walk(t)
					continue
				}
				k, val := textsOf(t.FieldByName("Key")), textsOf(t.FieldByName("Value"))
				switch {
				case len(k) != 1:
				case !one:
					out = append(out, k[0])
				case strings.EqualFold(k[0], name) && len(val) == 1:
					out = append(out, val[0])
				}
			}
		}
	}
	walk(reflect.ValueOf(in))
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
