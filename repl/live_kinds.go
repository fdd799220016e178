package repl

import (
	"context"
	"path"
	"slices"
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
	if c == nil || c.Map {
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
	if f, ok := filterOf(c); ok && ans.Quote != 0 {
		if kind, service = byFilter[f.name], "ec2"; kind == "" {
			vs := filterTexts(f)
			return func(context.Context) []value { return answers(vs, c, ans.Word) }
		}
	}
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
