package s3

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/store"
	"pawsh/sandbox/wire"
)

// logDelay is how long records gather before they are delivered, by the
// injected clock. AWS takes up to hours.
const logDelay = 5 * time.Second

func putLogging(q *call, in *s3.PutBucketLoggingInput) (*s3.PutBucketLoggingOutput, error) {
	if in.BucketLoggingStatus == nil || in.BucketLoggingStatus.LoggingEnabled == nil {
		delete(q.bucket.configs, kindLogging)
		return nil, nil
	}
	l := in.BucketLoggingStatus.LoggingEnabled
	target := q.c.buckets[aws.ToString(l.TargetBucket)]
	switch {
	case target == nil:
		return nil, wire.Errorf("InvalidTargetBucketForLogging", http.StatusBadRequest, "The target bucket for logging does not exist").With("TargetBucket", aws.ToString(l.TargetBucket))
	case target.account != q.bucket.account:
		return nil, wire.Errorf("InvalidTargetBucketForLogging", http.StatusBadRequest, "The owner for the bucket to be logged and the target bucket must be the same.").With("TargetBucket", target.name)
	case target.region != q.bucket.region:
		return nil, wire.Errorf("CrossLocationLoggingProhibited", http.StatusForbidden, "Cross S3 location logging not allowed.").With("TargetBucketLocation", target.region)
	}
	q.bucket.configs[kindLogging] = l
	return nil, nil
}

// deliverable reports whether the log delivery group may write to b: by its
// list, or by a policy that names the service. Where it may not, records are
// lost, and nobody is told.
func deliverable(b *bucket) bool {
	var write, readACP bool
	for _, g := range b.acl.grants {
		if aws.ToString(g.Grantee.URI) != logDelivery {
			continue
		}
		full := g.Permission == types.PermissionFullControl
		write = write || full || g.Permission == types.PermissionWrite
		readACP = readACP || full || g.Permission == types.PermissionReadAcp
	}
	return write && readACP || strings.Contains(b.policy, "logging.s3.amazonaws.com")
}

func getLogging(q *call, _ *s3.GetBucketLoggingInput) (*s3.GetBucketLoggingOutput, error) {
	l, _ := q.bucket.configs[kindLogging].(*types.LoggingEnabled)
	return &s3.GetBucketLoggingOutput{LoggingEnabled: l}, nil
}

// subresources are how access logs name the operations on a bucket's or
// object's configuration; the others are BUCKET and OBJECT.
var subresources = strings.NewReplacer("BucketAcl", "ACL", "ObjectAcl", "ACL", "BucketLogging", "LOGGING_STATUS", "BucketLocation", "LOCATION",
	"BucketVersioning", "VERSIONING", "BucketPolicy", "BUCKETPOLICY", "BucketWebsite", "WEBSITE", "BucketCors", "CORS", "BucketTagging", "TAGGING",
	"ObjectTagging", "OBJECT_TAGGING", "LifecycleConfiguration", "LIFECYCLE", "BucketLifecycle", "LIFECYCLE", "ObjectVersions", "BUCKETVERSIONS",
	"MultipartUploads", "UPLOADS")

// logName is the operation as access logs have it: REST.GET.OBJECT.
func logName(op, method string, key bool) string {
	what := "BUCKET"
	if key {
		what = "OBJECT"
	}
	switch op {
	case "UploadPart", "UploadPartCopy":
		what = "PART"
	case "CreateMultipartUpload":
		what = "UPLOADS"
	case "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts":
		what = "UPLOAD"
	case "DeleteObjects":
		what = "MULTI_OBJECT_DELETE"
	case "CopyObject":
		return "REST.COPY.OBJECT"
	default:
		for _, head := range []string{"Get", "Put", "Delete", "List"} {
			if rest, ok := strings.CutPrefix(op, head); ok {
				if sub := subresources.Replace(rest); sub != rest {
					what = strings.TrimPrefix(sub, "Bucket")
				}
			}
		}
	}
	return "REST." + method + "." + what
}

// record surrounds every call and keeps a line of it where the bucket logs.
func (c *Cloud) record(ctx context.Context, op string, in any, next wire.Next) (any, error) {
	began := c.env.Now()
	name, key, _ := addressed(in)
	c.deliver(name, began)
	c.mature(name, began)
	out, err := next(ctx)
	if name == "" {
		return out, err
	}
	c.mu.RLock()
	b := c.buckets[name]
	logs := b != nil && b.configs[kindLogging] != nil
	c.mu.RUnlock()
	if !logs {
		return out, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(b.log) == 0 {
		b.logFrom = began
	}
	b.log = append(b.log, logLine(ctx, b, op, key, began, c.env.Now(), out, err))
	return out, err
}

// logLine writes one record of an access log.
func logLine(ctx context.Context, b *bucket, op, key string, began, ended time.Time, out any, err error) string {
	caller := wire.CallerFrom(ctx)
	remote, request, agent, method := "-", "-", "-", "-"
	if r := wire.Request(ctx); r != nil {
		if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
			remote = host
		}
		// The query may hold a presigned signature: a log must not.
		request, agent, method = fmt.Sprintf("%s %s %s", r.Method, redactQuery(r), r.Proto), r.UserAgent(), r.Method
	}
	who := "-"
	switch {
	case caller.Anonymous():
	case strings.HasSuffix(caller.UserARN, ":root") || caller.UserARN == "":
		who = canonicalID(caller.AccountID)
	default:
		who = caller.UserARN
	}
	status, code, size := http.StatusOK, "-", "-"
	var e *wire.Error
	switch {
	case errors.As(err, &e):
		code = e.Code
		if status = e.Status; status == 0 {
			status = http.StatusBadRequest
		}
	case err != nil:
		status, code = http.StatusInternalServerError, "InternalError"
	case strings.HasPrefix(op, "Delete"):
		status = http.StatusNoContent
	}
	if out != nil {
		if f := reflect.Indirect(reflect.ValueOf(out)).FieldByName("ContentLength"); f.IsValid() {
			if n, ok := f.Interface().(*int64); ok && n != nil {
				size = fmt.Sprint(*n)
			}
		}
	}
	if key == "" {
		key = "-"
	}
	return fmt.Sprintf("%s %s [%s] %s %s %s %s %s %q %d %s %s %s %d %d %q %q - - - - - - - -\n",
		canonicalID(b.account), b.name, began.Format("02/Jan/2006:15:04:05 -0700"), remote, who, orDash(wire.RequestID(ctx)),
		logName(op, method, key != "-"), *encode(types.EncodingTypeUrl, key), request, status, code, size, size, ended.Sub(began).Milliseconds(), ended.Sub(began).Milliseconds(), "-", agent)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// redactQuery is the request's address without what signs it.
func redactQuery(r *http.Request) string {
	u := *r.URL
	v := u.Query()
	for _, secret := range []string{"X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "Signature", "AWSAccessKeyId"} {
		if v.Has(secret) {
			v.Set(secret, "REDACTED")
		}
	}
	if u.RawQuery != "" {
		u.RawQuery = v.Encode()
	}
	return u.RequestURI()
}

// due lists the buckets whose records are to be delivered to target by now.
func (c *Cloud) due(target string, now time.Time) []*bucket {
	if c.buckets[target] == nil {
		return nil
	}
	var out []*bucket
	for _, b := range c.buckets {
		if len(b.log) == 0 {
			continue
		}
		if l, ok := b.configs[kindLogging].(*types.LoggingEnabled); ok && aws.ToString(l.TargetBucket) == target && now.Sub(b.logFrom) >= logDelay {
			out = append(out, b)
		}
	}
	return out
}

// deliver writes the records whose time has come to the bucket that is about
// to be looked at.
func (c *Cloud) deliver(target string, now time.Time) {
	c.mu.RLock()
	due := len(c.due(target, now)) > 0
	c.mu.RUnlock()
	if !due {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.buckets[target]
	for _, b := range c.due(target, now) {
		l := b.configs[kindLogging].(*types.LoggingEnabled)
		if !deliverable(t) {
			b.log = nil
			continue
		}
		text := []byte(strings.Join(b.log, ""))
		sum := md5.Sum(text)
		at := b.logFrom.Add(logDelay)
		t.add(c, &version{key: aws.ToString(l.TargetPrefix) + at.Format("2006-01-02-15-04-05-") + strings.ToUpper(c.env.Hex(16)),
			body: blobOf(store.Bytes(text)), etag: quoted(sum[:]), modified: at.Truncate(time.Second), headers: map[string]string{"Content-Type": "text/plain"},
			sumType: types.ChecksumTypeFullObject, acl: private(t.account), encryption: types.ServerSideEncryptionAes256})
		b.log = nil
	}
}
