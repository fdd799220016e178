package repl

import (
	"context"
	"path"
	"reflect"
	"slices"
	"sort"
	"strings"

	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/bindings/session"
	"pawsh/repl/check"
)

// liveKind is a kind of thing that a string can name.
type liveKind string

// The kinds that clouds are asked for, and those that need no asking.
const (
	liveInstance   liveKind = "instance"
	liveVolume     liveKind = "volume"
	liveSnapshot   liveKind = "snapshot"
	liveImage      liveKind = "image"
	liveKeyPair    liveKind = "key pair"
	liveGroup      liveKind = "security group"
	liveGroupID    liveKind = "security group id"
	liveAddress    liveKind = "address"
	liveAllocation liveKind = "allocation"
	liveZone       liveKind = "zone"
	liveTagged     liveKind = "resource"
	liveBucket     liveKind = "bucket"
	liveKey3       liveKind = "key"
	liveQueue      liveKind = "queue"
	liveTopic      liveKind = "topic"
	liveUser       liveKind = "user"
	liveUserGroup  liveKind = "group"
	liveAlarm      liveKind = "alarm"
	liveMetric     liveKind = "metric"
	liveNamespace  liveKind = "namespace"

	liveRegion       liveKind = "region"
	liveProfile      liveKind = "profile"
	liveInstanceType liveKind = "instance type"
	liveVolumeType   liveKind = "volume type"
	liveStorageClass liveKind = "storage class"
	liveCannedACL    liveKind = "canned ACL"
)

// byFunction tells what the argument of a function of the bindings names,
// where its parameter's name does not.
var byFunction = map[string]liveKind{
	"ec2.KeyName": liveKeyPair, "ec2.KeyNames": liveKeyPair,
	"ec2.SecurityGroups": liveGroup, "ec2.GroupNames": liveGroup, "ec2.SecurityGroupIDs": liveGroupID, "ec2.GroupIDs": liveGroupID,
	"ec2.InstanceIDs": liveInstance, "ec2.ImageIDs": liveImage, "ec2.SnapshotIDs": liveSnapshot, "ec2.VolumeIDs": liveVolume,
	"ec2.Addresses": liveAddress, "ec2.AllocationID": liveAllocation, "ec2.AllocationIDs": liveAllocation,
	"ec2.Zones": liveZone, "ec2.Placement": liveZone, "ec2.FromSnapshot": liveSnapshot, "ec2.Connection.DeleteSecurityGroup": liveGroup,
	"ec2.RegionNames": liveRegion, "session.Region": liveRegion, "s3.Location": liveRegion,
	"session.ProfileName": liveProfile, "ec2.InstanceType": liveInstanceType, "ec2.VolumeType": liveVolumeType,
	"s3.StorageClass": liveStorageClass, "s3.Policy": liveCannedACL,
	"cloudwatch.MetricName": liveMetric, "cloudwatch.Namespace": liveNamespace,
}

// byParameter tells what a parameter of a service's methods names.
var byParameter = map[string]liveKind{
	"ec2.instanceID": liveInstance, "ec2.instanceIDs": liveInstance, "ec2.volumeID": liveVolume, "ec2.snapshotID": liveSnapshot,
	"ec2.imageID": liveImage, "ec2.keyName": liveKeyPair, "ec2.groupName": liveGroup, "ec2.publicIP": liveAddress,
	"ec2.allocationID": liveAllocation, "ec2.zone": liveZone, "ec2.resourceIDs": liveTagged,
	"s3.bucketName": liveBucket, "s3.bucket": liveBucket, "s3.dstBucket": liveBucket, "s3.srcBucketName": liveBucket,
	"s3.keyName": liveKey3, "s3.srcKeyName": liveKey3, "s3.newStorageClass": liveStorageClass,
	"sqs.queueName": liveQueue, "sns.topic": liveTopic,
	"iam.userName": liveUser, "iam.groupName": liveUserGroup,
	"cloudwatch.alarmName": liveAlarm, "cloudwatch.alarmNames": liveAlarm, "cloudwatch.alarms": liveAlarm,
	"cloudwatch.namespace": liveNamespace,
	"boto.regionName":      liveRegion,
}

// byField tells what the fields of the SDK's inputs name.
var byField = map[string]liveKind{
	"ec2.InstanceId": liveInstance, "ec2.InstanceIds": liveInstance, "ec2.VolumeId": liveVolume, "ec2.VolumeIds": liveVolume,
	"ec2.SnapshotId": liveSnapshot, "ec2.SnapshotIds": liveSnapshot, "ec2.ImageId": liveImage, "ec2.ImageIds": liveImage,
	"ec2.KeyName": liveKeyPair, "ec2.KeyNames": liveKeyPair, "ec2.GroupName": liveGroup, "ec2.GroupNames": liveGroup, "ec2.SecurityGroups": liveGroup,
	"ec2.GroupId": liveGroupID, "ec2.GroupIds": liveGroupID, "ec2.SecurityGroupIds": liveGroupID,
	"ec2.AllocationId": liveAllocation, "ec2.AllocationIds": liveAllocation, "ec2.PublicIp": liveAddress, "ec2.PublicIps": liveAddress,
	"ec2.AvailabilityZone": liveZone, "ec2.ZoneNames": liveZone, "ec2.RegionNames": liveRegion, "ec2.Resources": liveTagged,
	"s3.Bucket": liveBucket, "sns.TopicArn": liveTopic, "iam.UserName": liveUser, "iam.GroupName": liveUserGroup,
	"sqs.QueueName": liveQueue, "cloudwatch.AlarmName": liveAlarm, "cloudwatch.AlarmNames": liveAlarm,
	"cloudwatch.MetricName": liveMetric, "cloudwatch.Namespace": liveNamespace,
}

// newNames are the calls whose argument names what does not exist yet.
var newNames = map[string]bool{
	"ec2.Connection.CreateKeyPair": true, "ec2.Connection.ImportKeyPair": true, "s3.Connection.CreateBucket": true,
	"s3.Bucket.NewKey": true, "sqs.Connection.CreateQueue": true, "sns.Connection.CreateTopic": true,
	"iam.Connection.CreateUser": true, "iam.Connection.CreateGroup": true,
	"ec2.CreateKeyPairInput.KeyName": true, "ec2.ImportKeyPairInput.KeyName": true, "ec2.CreateSecurityGroupInput.GroupName": true,
	"s3.CreateBucketInput.Bucket": true, "sqs.CreateQueueInput.QueueName": true,
	"iam.CreateUserInput.UserName": true, "iam.CreateGroupInput.GroupName": true,
}

// kindOf tells what the argument of a call names, and the service that has it.
func kindOf(c *check.Call) (kind liveKind, service string) {
	if c == nil {
		return "", ""
	}
	service = path.Base(c.Path)
	name := service + "." + c.Name
	switch {
	case newNames[name]:
		return "", ""
	case strings.HasPrefix(c.Path, sdkServices):
		return byField[service+"."+c.Param], service
	case !strings.HasPrefix(c.Path, "pawsh/bindings/"):
		return "", ""
	}
	if k, ok := byFunction[name]; ok {
		return k, service
	}
	return byParameter[service+"."+c.Param], service
}

// legal tells whether a call can do what it does to a value: it leaves out what
// would only give an error.
func legal(c *check.Call, v value) bool {
	owner, method, _ := strings.Cut(c.Name, ".")
	if op, ok := strings.CutSuffix(owner, "Input"); ok {
		method = op
	}
	gone := v.state == "terminated" || v.state == "shutting-down" || v.state == "deleting" || v.state == "deleted"
	switch v.kind {
	case string(liveInstance):
		switch method {
		case "StartInstances":
			return v.state == "stopped"
		case "StopInstances", "RebootInstances":
			return v.state == "running" || v.state == "pending" && method == "StopInstances"
		}
		return !gone || c.Name == "InstanceIDs"
	case string(liveVolume):
		switch method {
		case "AttachVolume", "DeleteVolume":
			return v.state == "available"
		case "DetachVolume":
			return v.state == "in-use"
		}
		return !gone
	case string(liveAddress):
		switch method {
		case "ReleaseAddress", "AssociateAddress":
			return v.state == ""
		case "DisassociateAddress":
			return v.state != ""
		}
	case string(liveImage):
		return method != "DeregisterImage" || v.mine
	}
	return true
}

// values gives the function that finds what the argument at the cursor can
// name. It is called under the session's lock, what it gives is not.
func (a *assistant) values(ans check.Answer) func(context.Context) []value {
	none := func(context.Context) []value { return nil }
	c := ans.Call
	kind, service := kindOf(c)
	if kind == "" || ans.Quote == 0 && (ans.Word != "" || !isText(c)) {
		return none
	}
	if vs := a.known(kind); vs != nil {
		return func(context.Context) []value { return answers(vs, c, ans.Word) }
	}
	owner := a.owner(c, service)
	conn, key := connectionOf(owner, service), liveKey{}
	fetch := fetcher(conn, kind, &key, owner)
	if fetch == nil {
		return none
	}
	return func(ctx context.Context) []value { return answers(a.live.get(ctx, key, fetch), c, ans.Word) }
}

// isText tells whether an argument is a string or a list of them.
func isText(c *check.Call) bool {
	t := typeText(c)
	return t == "string" || t == "[]string"
}

// answers keeps what is legal and fits a word.
func answers(vs []value, c *check.Call, word string) []value {
	var out []value
	for _, v := range vs {
		if legal(c, v) && (check.Fit(v.text, word) < check.Unfit || check.Fit(v.note, word) < check.Unfit && v.note != "") {
			out = append(out, v)
		}
	}
	byText := bestFits(out, word, func(v value) string { return v.text })
	for _, v := range bestFits(out, word, func(v value) string { return v.note }) { // by its name tag
		if !slices.Contains(byText, v) && len(word) > 0 {
			byText = append(byText, v)
		}
	}
	return byText
}

// known gives the values of the kinds that need no cloud.
func (a *assistant) known(kind liveKind) []value {
	var names []string
	switch kind {
	case liveRegion:
		names = session.Regions(a.sh.env.Region())
	case liveProfile:
		names = a.sh.env.Profiles()
	case liveInstanceType:
		names = texts(ec2types.InstanceType("").Values())
	case liveVolumeType:
		names = texts(ec2types.VolumeType("").Values())
	case liveStorageClass:
		names = texts(s3types.StorageClass("").Values())
	case liveCannedACL:
		names = texts(s3types.BucketCannedACL("").Values())
	default:
		return nil
	}
	out := make([]value, len(names))
	for i, n := range names {
		out[i] = value{text: n, kind: string(kind)}
	}
	return out
}

func texts[T ~string](vs []T) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = string(v)
	}
	return out
}

// serviceNames are the bound names of the services' connections.
var serviceNames = map[string]string{
	"ec2": "ec2", "s3": "s3", "cloudwatch": "cw", "sns": "sns", "sqs": "sqs", "iam": "iam", "sts": "sts",
}

// owner gives the value in front of a call: a connection or a resource of one.
func (a *assistant) owner(c *check.Call, service string) any {
	root, direct := "", false
	for k := c; k != nil && root == ""; k = k.Outer {
		root, direct = k.Root, k.Direct
	}
	if root == "" {
		root, direct = serviceNames[service], true
	}
	if v, ok := a.sh.kernel.Value(root); ok {
		if direct || connectionOf(v.Interface(), service) != nil {
			return v.Interface()
		}
	} else if _, bound := a.sh.kernel.scope.Declared(root); bound {
		return nil
	}
	if v := a.sh.conns.peek(root); v != nil {
		return v
	}
	if a.sh.env.InSandbox() && serviceNames[service] == root {
		return a.sh.conns.openQuietly(root)
	}
	return nil
}

// connectionOf gives the connection that a value is or has.
func connectionOf(owner any, service string) any {
	for range 3 {
		v := reflect.ValueOf(owner)
		if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return nil
		}
		t := v.Elem().Type()
		if t.Name() == "Connection" {
			if path.Base(t.PkgPath()) != service {
				return nil
			}
			return owner
		}
		f := v.Elem().FieldByName("Connection")
		if !f.IsValid() {
			f = v.Elem().FieldByName("Bucket") // a key's
		}
		if !f.IsValid() || !f.CanInterface() {
			return nil
		}
		owner = f.Interface()
	}
	return nil
}

// peek gives a bound connection that the session has opened. It does not wait
// for one that is being opened.
func (c *connections) peek(name string) any {
	if !c.mu.TryLock() {
		return nil
	}
	defer c.mu.Unlock()
	return c.open[name]
}

// openQuietly opens a bound connection; what fails will be said when a cell
// does it.
func (c *connections) openQuietly(name string) (conn any) {
	f := reflect.ValueOf(c.host()["Open_"+name])
	if !f.IsValid() {
		return nil
	}
	defer func() {
		if recover() != nil {
			conn = nil
		}
	}()
	return f.Call(nil)[0].Interface()
}

// mapKeys lists the keys of a map of the session.
func (a *assistant) mapKeys(ans check.Answer) []value {
	v, ok := a.sh.kernel.Value(ans.Keys)
	if !ok || v.Kind() != reflect.Map {
		return nil
	}
	var out []value
	for _, k := range v.MapKeys() {
		text, ok := keyText(k)
		if !ok || len(out) == maxKeys {
			return out
		}
		if k.Kind() == reflect.String {
			if ans.Quote != 0 || ans.Word == "" {
				out = append(out, value{text: text, kind: "key"})
			}
		} else if ans.Quote == 0 {
			out = append(out, value{text: text, kind: "key", bare: true})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].text < out[j].text })
	return bestFits(out, ans.Word, func(v value) string { return v.text })
}

const maxKeys = 1000
