package s3

import (
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// restored is the readable copy of an archived object. It never changes.
type restored struct {
	ready time.Time // when it can be read
	until time.Time // when it is gone again
}

// restoreTimes are how long it takes until an archived object can be read, by
// its class and the tier of the request. No entry is a tier that the class
// has not.
var restoreTimes = map[types.StorageClass]map[types.Tier]time.Duration{
	types.StorageClassGlacier:     {types.TierExpedited: 5 * time.Minute, types.TierStandard: 5 * time.Hour, types.TierBulk: 12 * time.Hour},
	types.StorageClassDeepArchive: {types.TierStandard: 12 * time.Hour, types.TierBulk: 48 * time.Hour},
}

// archived reports whether the content must be restored before it can be read.
func (v *version) archived() bool { return restoreTimes[v.class] != nil }

// readable reports whether the content can be read at that time.
func (v *version) readable(now time.Time) bool {
	return !v.archived() || v.copy != nil && !now.Before(v.copy.ready) && now.Before(v.copy.until)
}

// restoring reports whether a restore has been asked for and is not done.
func (v *version) restoring(now time.Time) bool {
	return v.archived() && v.copy != nil && now.Before(v.copy.ready)
}

// restore is the header x-amz-restore, nil when there is nothing to tell.
func (v *version) restore(now time.Time) *string {
	switch {
	case v.restoring(now):
		return aws.String(`ongoing-request="true"`)
	case v.archived() && v.readable(now):
		return aws.String(fmt.Sprintf("ongoing-request=\"false\", expiry-date=%q", v.copy.until.UTC().Format(http.TimeFormat)))
	}
	return nil
}

// checkReadable refuses to read an archived object that is not restored.
func (q *call) checkReadable(v *version) error {
	if v.readable(q.now) {
		return nil
	}
	return wire.Errorf("InvalidObjectState", http.StatusForbidden, "The operation is not valid for the object's storage class").With("StorageClass", string(v.class))
}

// restoreObject has a copy of an archived object made, which can be read for
// some days. A copy that is there already stays for as many days from now.
func restoreObject(q *call, in *s3.RestoreObjectInput) (*s3.RestoreObjectOutput, error) {
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		return nil, err
	}
	r := in.RestoreRequest
	switch {
	case r == nil:
		return nil, wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
	case r.Type != "" || r.SelectParameters != nil || r.OutputLocation != nil:
		return nil, wire.Errorf("NotImplemented", http.StatusNotImplemented, "RestoreObject that selects from an object is not implemented")
	case r.Days == nil:
		return nil, wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
	case *r.Days < 1:
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "restoration days should be at least 1").With("ArgumentName", "Days").With("ArgumentValue", number(*r.Days))
	case !v.archived():
		return nil, wire.Errorf("InvalidObjectState", http.StatusForbidden, "Restore is not allowed for the object's current storage class").With("StorageClass", string(classOf(v)))
	case v.restoring(q.now):
		return nil, wire.Errorf("RestoreAlreadyInProgress", http.StatusConflict, "Object restore is already in progress")
	}
	tier := r.Tier
	if r.GlacierJobParameters != nil {
		tier = r.GlacierJobParameters.Tier
	}
	if tier == "" {
		tier = types.TierStandard
	}
	takes, ok := restoreTimes[v.class][tier]
	if !ok {
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Retrieval option is not supported by this storage class").With("ArgumentName", "Tier").With("ArgumentValue", string(tier))
	}
	days := time.Duration(*r.Days) * day
	if v.readable(q.now) {
		v.copy = &restored{v.copy.ready, midnight(q.now.Add(days))}
		return &s3.RestoreObjectOutput{}, nil
	}
	ready := q.now.Add(takes)
	v.copy = &restored{ready, midnight(ready.Add(days))}
	wire.SetStatus(q.ctx, http.StatusAccepted)
	return &s3.RestoreObjectOutput{}, nil
}

// classOf is the class that a version is told to have.
func classOf(v *version) types.StorageClass {
	if v.class == "" {
		return types.StorageClassStandard
	}
	return v.class
}
