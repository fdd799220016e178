package session

import (
	"context"
	"encoding/base32"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Footprint tells a guard what a call is about to do, before anything is sent.
type Footprint struct {
	Service   string   // "ec2"
	Operation string   // AWS's name of it: "TerminateInstances"
	Resources []string // what it hits: ids, names, "bucket/key"
	Count     int      // how many; of a batch, Resources may list only the first
	Region    string
	Host      string // with its port where that is not the usual one
	OwnHost   bool   // the host is not AWS's
	As        string // the access key, or where the credentials come from
	Account   string // the account's number, "" where the key does not say it
}

// shownResources is how many of a batch a footprint names.
const shownResources = 10

// String says it as a person asks: "terminate instances: 2 (i-1, i-2) in
// eu-west-1 of account 123456789012 as AKID".
func (f Footprint) String() string { return f.What() + f.Where() }

// What is the operation and what it hits: "terminate instances: 2 (i-1, i-2)".
func (f Footprint) What() string {
	if f.Count == 0 {
		return words(f.Operation)
	}
	list := strings.Join(f.Resources, ", ")
	switch {
	case len(f.Resources) == 0:
		return fmt.Sprintf("%s: %d", words(f.Operation), f.Count)
	case f.Count > len(f.Resources):
		list += ", ..."
	}
	return fmt.Sprintf("%s: %d (%s)", words(f.Operation), f.Count, list)
}

// Where is the place it happens at: " in eu-west-1 of account 123456789012 as
// AKID". It begins with a blank; of hosts that are not AWS's it names the host.
func (f Footprint) Where() string {
	var b strings.Builder
	if f.Region != "" {
		b.WriteString(" in " + f.Region)
	}
	switch {
	case f.OwnHost:
		b.WriteString(" at " + f.Host)
	case f.Account != "":
		b.WriteString(" of account " + f.Account)
	}
	if f.As != "" {
		b.WriteString(" as " + f.As)
	}
	return b.String()
}

// words splits an operation's name: "delete bucket policy".
func words(operation string) string {
	var b strings.Builder
	previous := ' '
	for i, r := range operation {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(previous) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		previous = r
	}
	return b.String()
}

// Footprint says what a call of an operation would do, without sending
// anything; resources may be nil.
func (t *Target) Footprint(operation string, resources []string) Footprint {
	f := Footprint{Service: t.Service.Name, Operation: operation, Region: t.Region, Host: t.Host, OwnHost: t.OwnHost, As: t.AccessKeyID}
	if t.OwnHost && t.Port != 0 && t.Port != 80 && t.Port != 443 {
		f.Host = net.JoinHostPort(t.Host, strconv.Itoa(t.Port))
	}
	if f.As == "" {
		f.As = t.Sources.Credentials
	}
	f.Account = AccountOf(t.AccessKeyID)
	f.Count = len(resources)
	f.Resources = resources[:min(len(resources), shownResources)]
	return f
}

// footprint is that of a call under way, which is about to be signed: so the
// keys are at hand.
func (t *Target) footprint(ctx context.Context, operation string, params any) Footprint {
	f := t.Footprint(operation, resources(params))
	f.Service = serviceOf(ctx, f.Service)
	if t.Config.Credentials != nil && f.Account == "" {
		if c, err := t.Config.Credentials.Retrieve(ctx); err == nil && c.AccessKeyID != "" {
			f.As, f.Account = c.AccessKeyID, c.AccountID
			if f.Account == "" {
				f.Account = AccountOf(c.AccessKeyID)
			}
		}
	}
	return f
}

// AccountOf reads the number of an account out of an access key, where the key
// is of the form, in use since 2019, that holds it; else "".
func AccountOf(accessKeyID string) string {
	prefix, rest, ok := "", "", len(accessKeyID) == 20
	if ok {
		prefix, rest = accessKeyID[:4], accessKeyID[4:]
	}
	if prefix != "AKIA" && prefix != "ASIA" || rest[0] >= 'A' && rest[0] < 'Q' {
		return ""
	}
	b, err := base32.StdEncoding.DecodeString(rest)
	if err != nil {
		return ""
	}
	var n uint64
	for _, octet := range b[:6] {
		n = n<<8 | uint64(octet)
	}
	return fmt.Sprintf("%012d", n&0x7fffffffff80>>7)
}

// named are the fields of inputs that say what a call hits, in the order of
// how well they do; the first that is set counts.
var named = []string{
	"InstanceIds", "VolumeId", "SnapshotId", "ImageId", "GroupId", "GroupName", "AllocationId", "PublicIp",
	"KeyName", "KeyPairId", "Key", "Bucket", "QueueUrl", "TopicArn", "SubscriptionArn", "AlarmNames",
	"AccessKeyId", "PolicyName", "PolicyArn", "UserName", "RoleName",
}

// resources names what an input is about.
func resources(params any) []string {
	v := reflect.ValueOf(params)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	v = v.Elem()
	bucket := texts(v.FieldByName("Bucket"))
	if batch := v.FieldByName("Delete"); len(bucket) == 1 && batch.IsValid() && batch.Kind() == reflect.Pointer && !batch.IsNil() {
		var list []string
		objects := batch.Elem().FieldByName("Objects")
		for i := range objects.Len() {
			for _, key := range texts(objects.Index(i).FieldByName("Key")) {
				list = append(list, bucket[0]+"/"+key)
			}
		}
		return list
	}
	for _, name := range named {
		list := texts(v.FieldByName(name))
		if len(list) == 0 {
			continue
		}
		if name == "Key" && len(bucket) == 1 {
			list = []string{bucket[0] + "/" + list[0]}
		}
		if user := texts(v.FieldByName("UserName")); len(user) == 1 && (name == "AccessKeyId" || name == "PolicyName") {
			list = []string{user[0] + "/" + list[0]}
		}
		return list
	}
	return nil
}

// texts are the values of a field of text or a list of it.
func texts(v reflect.Value) []string {
	switch {
	case !v.IsValid():
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.String && !v.IsNil():
		return []string{v.Elem().String()}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return list
	}
	return nil
}

// Fields are those of inputs that say what a call hits, in the order of how well
// they do; the first that is set counts.
func (Footprint) Fields() []string { return slices.Clone(named) }

// Preview tells where a connection opened now would go, as far as that is known
// without asking anybody and without starting the sandbox: its Config can't be
// used. It is nil when no connection would open.
func (e *Env) Preview(s Service) *Target {
	if s.kind != amazon {
		t, err := e.Open(s)
		if err != nil {
			return nil
		}
		return t
	}
	region := e.region(s, connect{})
	at, err := e.endpoint(s, connect{}, region)
	if err != nil {
		return nil
	}
	t := &Target{Service: s, env: e, Region: region.value}
	if s.Global && partitionOf(t.Region).id == "aws" {
		t.Region = "us-east-1"
	}
	id, err := e.localIdentity()
	t.Sandbox = e.opts.UseSandbox || at.url == nil && (err != nil || id == nil) && e.sandboxServes(connect{})
	if err := e.setPlace(t, connect{}, at); err != nil {
		return nil
	}
	if err == nil && id != nil {
		t.AccessKeyID, t.Sources.Credentials = id.keyID, id.source
	}
	return t
}
