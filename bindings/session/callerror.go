package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// CallError tells of a failed call what its answer does not: what it was about,
// where it went and as whom. It stands inside the SDK's own errors, and what
// the service answered inside it.
type CallError struct {
	Footprint Footprint
	Skew      time.Duration // how far this machine's clock is ahead of the server's
	Err       error
}

// Error is the text of what the service answered.
func (e *CallError) Error() string { return e.Err.Error() }

// Unwrap gives what the service answered.
func (e *CallError) Unwrap() error { return e.Err }

// failed adds to an error of a call what is known of the call.
func (t *Target) failed(ctx context.Context, operation string, params any, err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) && StatusCode(err) == 0 {
		return err
	}
	e := &CallError{Footprint: t.Footprint(operation, resources(params)), Err: err}
	e.Footprint.Service = serviceOf(ctx, e.Footprint.Service)
	if date, bad := http.ParseTime(header(err, "Date")); bad == nil {
		e.Skew = t.env.opts.Now().Sub(date)
	}
	return e
}

// serviceOf is the service that a call of the SDK goes to, in our words.
func serviceOf(ctx context.Context, otherwise string) string {
	if id := awsmiddleware.GetServiceID(ctx); id != "" {
		return strings.ToLower(id)
	}
	return otherwise
}

// header is a header of the answer inside an error.
func header(err error, name string) string {
	var resp *smithyhttp.ResponseError
	if errors.As(err, &resp) && resp.Response != nil && resp.Response.Response != nil {
		return resp.Response.Header.Get(name)
	}
	return ""
}

// Denial is what a refused call would have needed.
type Denial struct {
	Action   string // "ec2:TerminateInstances"
	Resource string // an ARN or a name, "" where that is not known
	As       string // the ARN of who was refused, or the access key
	Explicit bool   // a policy forbids it, so that allowing it is not enough
	Encoded  string // for sts's DecodeAuthorizationMessage, "" where AWS gave none
}

// deniedRE reads what AWS says of a refusal.
var deniedRE = regexp.MustCompile(`(?:User: (\S+) )?is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?`)

const encodedMark = "Encoded authorization failure message:"

// Denied takes apart the error of a call that was refused for want of
// permission; ok is false for other errors.
//
// Example: _, err := ec2.GetAllZones(); d, ok := session.Denied(err)
func Denied(err error) (d Denial, ok bool) {
	var api smithy.APIError
	if !errors.As(err, &api) || !isDenied(api.ErrorCode(), StatusCode(err)) {
		return d, false
	}
	message, encoded, _ := strings.Cut(withoutSigned(api.ErrorMessage()), encodedMark)
	d.Encoded = strings.TrimSpace(encoded)
	d.Explicit = strings.Contains(message, "explicit deny")
	if m := deniedRE.FindStringSubmatch(message); m != nil {
		d.As, d.Action, d.Resource = m[1], m[2], strings.TrimRight(m[3], ".")
	}
	var call *CallError
	if errors.As(err, &call) {
		f := call.Footprint
		if d.Action == "" {
			d.Action = actionOf(f.Service, f.Operation)
		}
		if d.Resource == "" {
			d.Resource = strings.Join(f.Resources, ", ")
		}
		if d.As == "" {
			d.As = f.As
		}
	}
	return d, true
}

func isDenied(code string, status int) bool {
	return hints[code] == hintDenied || status == http.StatusForbidden && hints[code] == ""
}

// hint says what is needed.
func (d Denial) hint() string {
	if d.Action == "" {
		return hintDenied
	}
	need := d.Action
	if d.Resource != "" {
		need += " on " + d.Resource
	}
	if d.As != "" {
		need += " for " + d.As
	}
	text := "a policy must allow " + need
	if d.Explicit {
		text = "a policy forbids " + need + " outright: no other policy can allow it, whoever keeps that one can change it"
	}
	if d.Encoded != "" {
		text += "; sts.DecodeAuthorizationMessage(boto.EncodedMessage(err)) tells which policies were looked at"
	}
	return text
}

// actionOf is the permission that an operation needs. It is named as the
// operation, but for some of S3's.
func actionOf(service, operation string) string {
	if service == "" || operation == "" {
		return ""
	}
	if service == "s3" {
		if a, ok := actionsOfS3[operation]; ok {
			return "s3:" + a
		}
		operation = strings.TrimSuffix(operation, "V2")
	}
	return service + ":" + operation
}

// actionsOfS3 are the permissions of S3 that are named otherwise than the
// operation.
var actionsOfS3 = map[string]string{
	"HeadObject": "GetObject", "CopyObject": "GetObject and s3:PutObject", "CreateMultipartUpload": "PutObject", "UploadPart": "PutObject",
	"UploadPartCopy": "GetObject and s3:PutObject", "CompleteMultipartUpload": "PutObject", "DeleteObjects": "DeleteObject",
	"ListObjects": "ListBucket", "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket", "ListObjectVersions": "ListBucketVersions",
	"ListBuckets": "ListAllMyBuckets", "ListMultipartUploads": "ListBucketMultipartUploads", "ListParts": "ListMultipartUploadParts",
	"GetBucketCors": "GetBucketCORS", "PutBucketCors": "PutBucketCORS", "DeleteBucketCors": "PutBucketCORS",
	"GetBucketLifecycleConfiguration": "GetLifecycleConfiguration", "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
	"DeleteBucketLifecycle": "PutLifecycleConfiguration", "GetBucketEncryption": "GetEncryptionConfiguration", "PutBucketEncryption": "PutEncryptionConfiguration",
	"GetBucketReplication": "GetReplicationConfiguration", "PutBucketReplication": "PutReplicationConfiguration",
	"GetBucketNotificationConfiguration": "GetBucketNotification", "PutBucketNotificationConfiguration": "PutBucketNotification",
	"DeleteBucketTagging": "PutBucketTagging", "GetPublicAccessBlock": "GetBucketPublicAccessBlock", "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}

// expectingRE finds the region that S3 says a request should have been signed
// for.
var expectingRE = regexp.MustCompile(`expecting '([a-z0-9-]+)'`)

// regionHint tells where a bucket is, where the answer says it.
func regionHint(err error, message string) string {
	there := header(err, "X-Amz-Bucket-Region")
	if m := expectingRE.FindStringSubmatch(message); there == "" && m != nil {
		there = m[1]
	}
	if there == "" {
		return hintRegion
	}
	return fmt.Sprintf("it is in %s: connect there, as with boto.S3.ConnectToRegion(%q)", there, there)
}

// clockHint tells how wrong this machine's clock is, where the answer says it.
func clockHint(err error) string {
	var call *CallError
	if !errors.As(err, &call) || call.Skew.Abs() < 2*time.Minute {
		return hintClock
	}
	way := "ahead of"
	if call.Skew < 0 {
		way = "behind"
	}
	return fmt.Sprintf("this machine's clock is %s %s the server's: set it, and try again", call.Skew.Abs().Round(time.Second), way)
}

// optIn are the regions that an account must enable before its keys are good
// there: those opened since 2019.
var optIn = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1",
}

// optInHint speaks of keys that are unknown where the account may not have
// enabled the region; "" for others.
func optInHint(err error) string {
	var call *CallError
	if errors.As(err, &call) && slices.Contains(optIn, call.Footprint.Region) && !call.Footprint.OwnHost {
		return call.Footprint.Region + " must be enabled for the account before its keys are known there (Account settings, AWS Regions)"
	}
	return ""
}
