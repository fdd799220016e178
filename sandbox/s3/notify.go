package s3

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"pawsh/sandbox/wire"
)

// Topics is where notifications go: SNS.
type Topics interface {
	// Notify publishes to a topic; it fails where there is none.
	Notify(topicARN, subject, message string) error
}

// Queues is where notifications go: SQS.
type Queues interface {
	// Deliver puts a message into a queue; it fails where there is none.
	Deliver(queueARN, body string, attributes map[string]sqstypes.MessageAttributeValue) error
}

// event is something that happened to an object.
type event struct {
	name     string // ObjectCreated:Put
	bucket   string
	key      string
	version  string
	etag     string
	size     int64
	sequence int64
	at       time.Time
	who      string // principal
	from     string // address
	request  string // id
	region   string
	owner    string
	targets  []target
}

// target is where an event goes.
type target struct{ id, topic, queue string }

// created are the operations that make objects, by what events call them.
var created = map[string]string{"PutObject": "ObjectCreated:Put", "CopyObject": "ObjectCreated:Copy", "CompleteMultipartUpload": "ObjectCreated:CompleteMultipartUpload"}

// happened tells whoever wants to know what an operation did. It surrounds
// every call.
func (c *Cloud) happened(ctx context.Context, op string, in any, next wire.Next) (any, error) {
	out, err := next(ctx)
	if err != nil {
		return out, err
	}
	name, key, id := addressed(in)
	var events []event
	c.mu.RLock()
	if b := c.buckets[name]; b != nil && b.configs[kindNotification] != nil {
		events = c.eventsOf(ctx, b, op, key, id, in, out)
	}
	c.mu.RUnlock()
	for _, e := range events {
		c.tell(e)
	}
	return out, err
}

func (c *Cloud) eventsOf(ctx context.Context, b *bucket, op, key, id string, in, out any) []event {
	one := func(name, key string, v *version, marked string) event {
		e := b.event(name, key, v)
		e.version, e.at = marked, c.env.Now()
		if v != nil && v.id != nullVersion && marked == "" {
			e.version = v.id
		}
		caller := wire.CallerFrom(ctx)
		e.who, e.request = caller.UserID, wire.RequestID(ctx)
		if r := wire.Request(ctx); r != nil {
			if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
				e.from = host
			}
		}
		return e
	}
	removed := func(key string, marker bool, id string) event {
		name := "ObjectRemoved:Delete"
		if marker {
			name = "ObjectRemoved:DeleteMarkerCreated"
		}
		return one(name, key, nil, id)
	}
	switch op {
	case "DeleteObject":
		o, _ := out.(*s3.DeleteObjectOutput)
		if o == nil {
			return nil
		}
		return []event{removed(key, aws.ToBool(o.DeleteMarker) && id == "", aws.ToString(o.VersionId))}
	case "DeleteObjects":
		var list []event
		failed := map[string]bool{}
		if o, _ := out.(*s3.DeleteObjectsOutput); o != nil {
			for _, e := range o.Errors {
				failed[aws.ToString(e.Key)+" "+aws.ToString(e.VersionId)] = true
			}
		}
		for _, o := range in.(*s3.DeleteObjectsInput).Delete.Objects {
			if k, id := aws.ToString(o.Key), aws.ToString(o.VersionId); !failed[k+" "+id] {
				list = append(list, removed(k, id == "" && b.versioning != "", id))
			}
		}
		return list
	case "PutObjectTagging":
		return []event{one("ObjectTagging:Put", key, b.objects[key], id)}
	case "DeleteObjectTagging":
		return []event{one("ObjectTagging:Delete", key, b.objects[key], id)}
	case "PutObjectAcl":
		return []event{one("ObjectAcl:Put", key, b.objects[key], id)}
	}
	if name := created[op]; name != "" && b.objects[key] != nil {
		return []event{one(name, key, b.objects[key], "")}
	}
	return nil
}

// event makes an event, and finds who wants to know of it.
func (b *bucket) event(name, key string, v *version) event {
	e := event{name: name, bucket: b.name, key: key, region: b.region, owner: canonicalID(b.account), sequence: b.seq}
	if v != nil && !v.marker {
		e.etag, e.size = strings.Trim(v.etag, `"`), v.body.size()
	}
	n, _ := b.configs[kindNotification].(*types.NotificationConfiguration)
	if n == nil {
		return e
	}
	for _, t := range n.TopicConfigurations {
		if wanted(t.Events, t.Filter, name, key) {
			e.targets = append(e.targets, target{id: aws.ToString(t.Id), topic: aws.ToString(t.TopicArn)})
		}
	}
	for _, t := range n.QueueConfigurations {
		if wanted(t.Events, t.Filter, name, key) {
			e.targets = append(e.targets, target{id: aws.ToString(t.Id), queue: aws.ToString(t.QueueArn)})
		}
	}
	return e
}

// expired is an event that no request made.
func expired(b *bucket, v *version, name string) event {
	e := b.event(name, v.key, v)
	if v.id != nullVersion {
		e.version = v.id
	}
	e.who, e.at = "s3.amazonaws.com", v.modified
	return e
}

// wanted reports whether a configuration asks for an event of a key.
func wanted(events []types.Event, f *types.NotificationConfigurationFilter, name, key string) bool {
	if !slices.ContainsFunc(events, func(e types.Event) bool { return matchOne(string(e), "s3:"+name) }) {
		return false
	}
	if f == nil || f.Key == nil {
		return true
	}
	for _, r := range f.Key.FilterRules {
		switch value := aws.ToString(r.Value); strings.ToLower(string(r.Name)) {
		case "prefix":
			if !strings.HasPrefix(key, value) {
				return false
			}
		case "suffix":
			if !strings.HasSuffix(key, value) {
				return false
			}
		}
	}
	return true
}

// tell sends an event to all who want it. Whoever is no longer there hears
// nothing, and nobody is told.
func (c *Cloud) tell(e event) {
	for _, t := range e.targets {
		text := e.message(t.id)
		switch {
		case t.topic != "" && c.Topics != nil:
			_ = c.Topics.Notify(t.topic, "Amazon S3 Notification", text)
		case t.queue != "" && c.Queues != nil:
			_ = c.Queues.Deliver(t.queue, text, nil)
		}
	}
}

// message writes the event as S3 does.
func (e event) message(configuration string) string {
	type m = map[string]any
	object := m{"key": *encode(types.EncodingTypeUrl, e.key), "sequencer": fmt.Sprintf("%018X", e.sequence)}
	if e.etag != "" {
		object["eTag"], object["size"] = e.etag, e.size
	}
	if e.version != "" && e.version != nullVersion {
		object["versionId"] = e.version
	}
	text, err := json.Marshal(m{"Records": []m{{
		"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": e.region, "eventTime": e.at.UTC().Format("2006-01-02T15:04:05.000Z"), "eventName": e.name,
		"userIdentity": m{"principalId": e.who}, "requestParameters": m{"sourceIPAddress": e.from},
		"responseElements": m{"x-amz-request-id": e.request, "x-amz-id-2": e.request},
		"s3": m{"s3SchemaVersion": "1.0", "configurationId": configuration,
			"bucket": m{"name": e.bucket, "ownerIdentity": m{"principalId": e.owner}, "arn": "arn:aws:s3:::" + e.bucket}, "object": object},
	}}})
	if err != nil {
		return "" // of texts and numbers alone: it can't fail
	}
	return string(text)
}

// eventNames are what a configuration may ask for.
func eventNames() []types.Event { return types.Event("").Values() }

// putNotification takes a configuration in whose targets all answer: each is
// sent a test.
func putNotification(q *call, in *s3.PutBucketNotificationConfigurationInput) (*s3.PutBucketNotificationConfigurationOutput, error) {
	n := in.NotificationConfiguration
	if n == nil {
		return nil, malformedXML()
	}
	if len(n.LambdaFunctionConfigurations) > 0 {
		return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "Notifications to Lambda functions are not built in the sandbox")
	}
	for i := range n.TopicConfigurations {
		t := &n.TopicConfigurations[i]
		if t.Id == nil {
			t.Id = aws.String(q.c.env.UUID())
		}
		if err := q.checkTarget(t.Events, target{topic: aws.ToString(t.TopicArn)}); err != nil {
			return nil, err
		}
	}
	for i := range n.QueueConfigurations {
		t := &n.QueueConfigurations[i]
		if t.Id == nil {
			t.Id = aws.String(q.c.env.UUID())
		}
		if err := q.checkTarget(t.Events, target{queue: aws.ToString(t.QueueArn)}); err != nil {
			return nil, err
		}
	}
	q.bucket.configs[kindNotification] = n
	return nil, nil
}

func (q *call) checkTarget(events []types.Event, t target) error {
	if len(events) == 0 {
		return malformedXML()
	}
	for _, e := range events {
		if !slices.Contains(eventNames(), e) {
			return wire.Errorf("InvalidArgument", http.StatusBadRequest, "The event '%s' is not supported for notifications", e).With("ArgumentName", "Event").With("ArgumentValue", string(e))
		}
	}
	text := fmt.Sprintf(`{"Service":"Amazon S3","Event":"s3:TestEvent","Time":%q,"Bucket":%q,"RequestId":%q,"HostId":%q}`,
		q.now.UTC().Format("2006-01-02T15:04:05.000Z"), q.bucket.name, wire.RequestID(q.ctx), wire.RequestID(q.ctx))
	var err error
	switch {
	case t.topic != "" && q.c.Topics != nil:
		err = q.c.Topics.Notify(t.topic, "Amazon S3 Notification", text)
	case t.queue != "" && q.c.Queues != nil:
		err = q.c.Queues.Deliver(t.queue, text, nil)
	}
	if err != nil {
		return wire.Errorf("InvalidArgument", http.StatusBadRequest, "Unable to validate the following destination configurations").
			With("ArgumentName", t.topic+t.queue).With("ArgumentValue", "The destination queue or topic does not exist")
	}
	return nil
}

func getNotification(q *call, _ *s3.GetBucketNotificationConfigurationInput) (*s3.GetBucketNotificationConfigurationOutput, error) {
	out := &s3.GetBucketNotificationConfigurationOutput{}
	if n, ok := q.bucket.configs[kindNotification].(*types.NotificationConfiguration); ok {
		out.TopicConfigurations, out.QueueConfigurations, out.EventBridgeConfiguration = n.TopicConfigurations, n.QueueConfigurations, n.EventBridgeConfiguration
	}
	return out, nil
}
