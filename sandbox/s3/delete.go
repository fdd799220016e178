package s3

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// mfaForm is the serial of a device and its six digits.
var mfaForm = regexp.MustCompile(`^\S+ [0-9]{6}$`)

// checkMFA compares what x-amz-mfa says, SERIAL CODE, with the caller's
// device. Without IAM, any six digits will do.
func (q *call) checkMFA(text string) error {
	serial, code, _ := strings.Cut(text, " ")
	switch {
	case !mfaForm.MatchString(text):
		return wire.Errorf("AccessDenied", http.StatusForbidden, "Mfa Authentication must be used for this request")
	case q.c.Identity != nil && !q.c.Identity.CheckMFA(q.caller, serial, code):
		return wire.Errorf("AccessDenied", http.StatusForbidden, "Invalid MFA serial number or token code.")
	}
	return nil
}

// deleted is what a delete did.
type deleted struct {
	marker bool // made a delete marker, or took one away
	id     string
}

// remove deletes a key, or one version of it. A key that is not there is no
// error; with versioning it gets its marker all the same.
func (q *call) remove(key, id, mfa string, bypass bool) (deleted, error) {
	b := q.bucket
	if id != "" {
		if b.mfaDelete {
			if err := q.checkMFA(mfa); err != nil {
				return deleted{}, err
			}
		}
		v := b.version(key, id)
		if v == nil {
			if id != nullVersion && !wellFormedVersion(id) {
				return deleted{}, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid version id specified").With("ArgumentName", "versionId").With("ArgumentValue", id)
			}
			return deleted{id: id}, nil
		}
		if err := q.mayDrop(v, bypass); err != nil {
			return deleted{}, err
		}
		b.drop(q.c, v)
		return deleted{marker: v.marker, id: id}, nil
	}
	if b.versioning == "" {
		if v := b.objects[key]; v != nil {
			b.drop(q.c, v)
		}
		return deleted{}, nil
	}
	v := &version{key: key, marker: true, modified: q.now.Truncate(time.Second), acl: private(b.account)}
	b.add(q.c, v)
	return deleted{marker: true, id: v.id}, nil
}

func deleteObject(q *call, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	key := aws.ToString(in.Key)
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if in.IfMatch != nil {
		v, err := q.bucket.find(key, aws.ToString(in.VersionId))
		if err != nil {
			return nil, err
		}
		if !sameTag(*in.IfMatch, v.etag) {
			return nil, failed("If-Match")
		}
	}
	d, err := q.remove(key, aws.ToString(in.VersionId), aws.ToString(in.MFA), aws.ToBool(in.BypassGovernanceRetention))
	if err != nil {
		return nil, err
	}
	out := &s3.DeleteObjectOutput{}
	if d.marker {
		out.DeleteMarker = aws.Bool(true)
	}
	if d.id != "" {
		out.VersionId = &d.id
	}
	return out, nil
}

// maxDeletes is how many objects one request deletes at most.
const maxDeletes = 1000

// deleteObjects deletes many: what fails for one is told of that one.
func deleteObjects(q *call, in *s3.DeleteObjectsInput) (*s3.DeleteObjectsOutput, error) {
	if in.Delete == nil || len(in.Delete.Objects) == 0 || len(in.Delete.Objects) > maxDeletes {
		return nil, wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
	}
	out := &s3.DeleteObjectsOutput{}
	for _, o := range in.Delete.Objects {
		var d deleted
		var err error
		if err = q.may(q.bucket, onVersion("s3:DeleteObject", o.VersionId), aws.ToString(o.Key)); err == nil {
			d, err = q.remove(aws.ToString(o.Key), aws.ToString(o.VersionId), aws.ToString(in.MFA), aws.ToBool(in.BypassGovernanceRetention))
		}
		if err != nil {
			var e *wire.Error
			if !errors.As(err, &e) {
				return nil, err
			}
			out.Errors = append(out.Errors, types.Error{Key: o.Key, VersionId: o.VersionId, Code: aws.String(e.Code), Message: aws.String(e.Message)})
			continue
		}
		if aws.ToBool(in.Delete.Quiet) {
			continue
		}
		w := types.DeletedObject{Key: o.Key, VersionId: o.VersionId}
		if d.marker {
			w.DeleteMarker, w.DeleteMarkerVersionId = aws.Bool(true), aws.String(d.id)
		}
		out.Deleted = append(out.Deleted, w)
	}
	return out, nil
}
