package s3

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// lock keeps a version from being deleted: until a date, and as long as a
// legal hold is on.
type lock struct {
	mode  types.ObjectLockRetentionMode // "" without retention
	until time.Time
	hold  types.ObjectLockLegalHoldStatus // "" was never set
}

// retained reports whether the retention still holds at that time.
func (l lock) retained(now time.Time) bool { return l.mode != "" && now.Before(l.until) }

// locks gives the bucket's configuration of locks, nil without one.
func (b *bucket) locks() *types.ObjectLockConfiguration {
	c, _ := b.configs[kindLock].(*types.ObjectLockConfiguration)
	return c
}

// byDefault is the lock that new versions get where their request says none.
func (b *bucket) byDefault(now time.Time) lock {
	c := b.locks()
	if c == nil || c.Rule == nil || c.Rule.DefaultRetention == nil {
		return lock{}
	}
	r := c.Rule.DefaultRetention
	return lock{mode: r.Mode, until: now.AddDate(int(aws.ToInt32(r.Years)), 0, int(aws.ToInt32(r.Days)))}
}

func locked() error {
	return wire.Errorf("AccessDenied", http.StatusForbidden, "Access Denied because object protected by object lock.")
}

// mayDrop decides whether a version may be deleted for good. bypass is what
// the request asks for against retention in governance mode.
func (q *call) mayDrop(v *version, bypass bool) error {
	switch {
	case v.marker:
	case v.lock.hold == types.ObjectLockLegalHoldStatusOn:
		return locked()
	case v.lock.retained(q.now) && !(v.lock.mode == types.ObjectLockRetentionModeGovernance && q.bypasses(v.key, bypass)):
		return locked()
	}
	return nil
}

func (q *call) bypasses(key string, asked bool) bool {
	return asked && q.allowed(q.bucket, "s3:BypassGovernanceRetention", key)
}

// requestedLock reads what a request says about the lock of what it writes.
func (q *call) requestedLock(mode types.ObjectLockMode, until *time.Time, hold types.ObjectLockLegalHoldStatus) (lock, error) {
	if mode == "" && until == nil && hold == "" {
		return q.bucket.byDefault(q.now), nil
	}
	arg := func(name, value, text string) error {
		return wire.Errorf("InvalidArgument", http.StatusBadRequest, "%s", text).With("ArgumentName", name).With("ArgumentValue", value)
	}
	const modeName, untilName = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"
	const both = untilName + " and " + modeName + " must both be supplied."
	switch {
	case mode != "" && until == nil:
		return lock{}, arg(untilName, "", both)
	case mode == "" && until != nil:
		return lock{}, arg(modeName, "", both)
	case mode != "" && !slices.Contains(mode.Values(), mode):
		return lock{}, arg(modeName, string(mode), "Unknown wormMode directive.")
	case until != nil && !until.After(q.now):
		return lock{}, arg(untilName, until.Format(time.RFC3339), "The retain until date must be in the future!")
	case hold != "" && !slices.Contains(hold.Values(), hold):
		return lock{}, arg("x-amz-object-lock-legal-hold", string(hold), "Legal Hold must be either of 'ON' or 'OFF'")
	case q.bucket.locks() == nil:
		return lock{}, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Bucket is missing ObjectLockConfiguration")
	}
	l := lock{hold: hold}
	if mode == "" {
		l = q.bucket.byDefault(q.now)
		l.hold = hold
		return l, nil
	}
	l.mode, l.until = types.ObjectLockRetentionMode(mode), until.UTC()
	return l, nil
}

// show sets what an answer with the object tells of its lock.
func (l lock) show(mode *types.ObjectLockMode, until **time.Time, hold *types.ObjectLockLegalHoldStatus) {
	if l.mode != "" {
		*mode, *until = types.ObjectLockMode(l.mode), aws.Time(l.until)
	}
	*hold = l.hold
}

const (
	maxLockDays  = 36500
	maxLockYears = 100
)

func putObjectLock(q *call, in *s3.PutObjectLockConfigurationInput) (*s3.PutObjectLockConfigurationOutput, error) {
	c, b := in.ObjectLockConfiguration, q.bucket
	if c == nil {
		return nil, wire.Errorf("MissingRequestBodyError", http.StatusBadRequest, "Request Body is empty")
	}
	if c.ObjectLockEnabled != types.ObjectLockEnabledEnabled {
		return nil, malformedXML()
	}
	if c.Rule != nil {
		r := c.Rule.DefaultRetention
		if r == nil || !slices.Contains(r.Mode.Values(), r.Mode) || (r.Days == nil) == (r.Years == nil) {
			return nil, malformedXML()
		}
		for _, n := range []struct {
			name  string
			value *int32
			most  int32
		}{{"Days", r.Days, maxLockDays}, {"Years", r.Years, maxLockYears}} {
			text := ""
			switch {
			case n.value == nil:
				continue
			case *n.value <= 0:
				text = "Default retention period must be a positive integer value."
			case *n.value > n.most:
				text = "Default retention period too large."
			default:
				continue
			}
			return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "%s", text).With("ArgumentName", n.name).With("ArgumentValue", number(*n.value))
		}
	}
	if b.versioning != types.BucketVersioningStatusEnabled {
		return nil, wire.Errorf("InvalidBucketState", http.StatusConflict, "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
	}
	b.configs[kindLock] = c
	return nil, nil
}

func getObjectLock(q *call, _ *s3.GetObjectLockConfigurationInput) (*s3.GetObjectLockConfigurationOutput, error) {
	c, err := config[*types.ObjectLockConfiguration](q, kindLock, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
	if err != nil {
		return nil, err
	}
	return &s3.GetObjectLockConfigurationOutput{ObjectLockConfiguration: c}, nil
}

// lockable finds a version that a lock can be upon.
func (q *call) lockable(key, id *string) (*version, error) {
	v, err := q.bucket.find(aws.ToString(key), aws.ToString(id))
	switch {
	case v != nil && v.marker:
		return nil, notOnMarker()
	case err == nil && q.bucket.locks() == nil:
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Bucket is missing Object Lock Configuration")
	}
	return v, err
}

func notOnMarker() error {
	return wire.Errorf("MethodNotAllowed", http.StatusMethodNotAllowed, "The specified method is not allowed against this resource.")
}

// putRetention sets until when a version is kept. Retention grows freely; it
// shrinks or goes only in governance mode, by who may bypass it.
func putRetention(q *call, in *s3.PutObjectRetentionInput) (*s3.PutObjectRetentionOutput, error) {
	r := in.Retention
	clear := r != nil && r.Mode == "" && r.RetainUntilDate == nil
	switch {
	case r == nil, !clear && (!slices.Contains(r.Mode.Values(), r.Mode) || r.RetainUntilDate == nil):
		return nil, malformedXML()
	case !clear && !r.RetainUntilDate.After(q.now):
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "The retain until date must be in the future!").
			With("ArgumentName", "x-amz-object-lock-retain-until-date").With("ArgumentValue", r.RetainUntilDate.Format(time.RFC3339))
	}
	v, err := q.lockable(in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	if v.lock.retained(q.now) {
		weaker := clear || r.Mode != v.lock.mode || r.RetainUntilDate.Before(v.lock.until)
		bypass := v.lock.mode == types.ObjectLockRetentionModeGovernance && q.bypasses(v.key, aws.ToBool(in.BypassGovernanceRetention))
		stronger := !clear && r.Mode == types.ObjectLockRetentionModeCompliance && v.lock.mode != r.Mode && !r.RetainUntilDate.Before(v.lock.until)
		if weaker && !stronger && !bypass {
			return nil, locked()
		}
	}
	v.lock.mode, v.lock.until = r.Mode, time.Time{}
	if !clear {
		v.lock.until = r.RetainUntilDate.UTC()
	}
	return nil, nil
}

func noLock() error {
	return wire.Errorf("NoSuchObjectLockConfiguration", http.StatusNotFound, "The specified object does not have a ObjectLock configuration")
}

func getRetention(q *call, in *s3.GetObjectRetentionInput) (*s3.GetObjectRetentionOutput, error) {
	v, err := q.lockable(in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	if v.lock.mode == "" {
		return nil, noLock()
	}
	return &s3.GetObjectRetentionOutput{Retention: &types.ObjectLockRetention{Mode: v.lock.mode, RetainUntilDate: aws.Time(v.lock.until)}}, nil
}

func putLegalHold(q *call, in *s3.PutObjectLegalHoldInput) (*s3.PutObjectLegalHoldOutput, error) {
	if in.LegalHold == nil || !slices.Contains(in.LegalHold.Status.Values(), in.LegalHold.Status) {
		return nil, malformedXML()
	}
	v, err := q.lockable(in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	v.lock.hold = in.LegalHold.Status
	return nil, nil
}

func getLegalHold(q *call, in *s3.GetObjectLegalHoldInput) (*s3.GetObjectLegalHoldOutput, error) {
	v, err := q.lockable(in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	if v.lock.hold == "" {
		return nil, noLock()
	}
	return &s3.GetObjectLegalHoldOutput{LegalHold: &types.ObjectLockLegalHold{Status: v.lock.hold}}, nil
}

// mayWriteWith decides what writing an object needs besides s3:PutObject, for
// what the request carries along.
func (q *call) mayWriteWith(tagging *string, acl bool, mode types.ObjectLockMode, hold types.ObjectLockLegalHoldStatus) error {
	for _, more := range []struct {
		asked  bool
		action string
	}{
		{aws.ToString(tagging) != "", "s3:PutObjectTagging"},
		{acl, "s3:PutObjectAcl"},
		{mode != "", "s3:PutObjectRetention"},
		{hold != "", "s3:PutObjectLegalHold"},
	} {
		if !more.asked {
			continue
		}
		if err := q.may(q.bucket, more.action, q.key); err != nil {
			return err
		}
	}
	return nil
}

// rawHeader is a header of the request as it was sent, for members that the
// codec knows in another form.
func (q *call) rawHeader(name string) string {
	if r := wire.Request(q.ctx); r != nil {
		return strings.TrimSpace(r.Header.Get(name))
	}
	return ""
}
