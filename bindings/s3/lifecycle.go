package s3

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Lifecycle is the rules by which a bucket's keys move to another storage
// class or expire (boto: Lifecycle). It is a list: append and indexing work.
type Lifecycle []*Rule

// Rule is one of them (boto: Rule).
type Rule struct {
	ID         string
	Prefix     string
	Status     string // "Enabled", also when empty, or "Disabled"
	Expiration *Expiration
	Transition Transitions
	// Raw is the SDK's rule. Where it is set on the way to S3, it is sent with
	// the fields above put in.
	Raw types.LifecycleRule
}

// Expiration says when keys are removed: Days after they were made, or on a
// Date (boto: Expiration).
type Expiration struct {
	Days int
	Date time.Time
}

// Transition says when keys move to StorageClass: Days after they were made,
// or on a Date (boto: Transition).
type Transition struct {
	Days         int
	Date         time.Time
	StorageClass string // "GLACIER", "STANDARD_IA", ...
}

// Transitions is a list of them (boto: Transitions).
type Transitions []*Transition

// AddTransition adds a move to storageClass after so many days
// (boto: add_transition).
//
// Example: var t Transitions; t.AddTransition(30, "GLACIER"); t
func (t *Transitions) AddTransition(days int, storageClass string) {
	*t = append(*t, &Transition{Days: days, StorageClass: storageClass})
}

// AddRule adds a rule for the keys of a prefix (boto: add_rule). expiration
// and transition may be nil.
//
// Example: var l Lifecycle; l.AddRule("logs", "log/", "Enabled", &Expiration{Days: 90}, nil); bucket.ConfigureLifecycle(l)
func (l *Lifecycle) AddRule(id, prefix, status string, expiration *Expiration, transition Transitions) {
	*l = append(*l, &Rule{ID: id, Prefix: prefix, Status: status, Expiration: expiration, Transition: transition})
}

// String prints the rule as boto does.
func (r *Rule) String() string { return "<Rule: " + r.ID + ">" }

// String prints the expiration as boto does.
func (e *Expiration) String() string { return "<Expiration: " + when(e.Days, e.Date) + ">" }

// String prints the transition as boto does.
func (t *Transition) String() string {
	return "<Transition: " + when(t.Days, t.Date) + ", " + t.StorageClass + ">"
}

// String prints the transitions as boto does.
func (t Transitions) String() string {
	list := make([]string, len(t))
	for i, one := range t {
		list[i] = one.String()
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func when(days int, date time.Time) string {
	if !date.IsZero() {
		return "on: " + date.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("in: %d days", days)
}

func (r *Rule) raw() types.LifecycleRule {
	out := r.Raw
	out.ID = optional(r.ID)
	out.Status = types.ExpirationStatusEnabled
	if r.Status != "" {
		out.Status = types.ExpirationStatus(r.Status)
	}
	if r.Prefix != "" || out.Filter == nil {
		//lint:ignore SA1019 a rule as S3 once had them comes with it, and S3 takes one of the two only
		out.Filter, out.Prefix = &types.LifecycleRuleFilter{Prefix: aws.String(r.Prefix)}, nil
	}
	if e := r.Expiration; e != nil {
		out.Expiration = &types.LifecycleExpiration{Days: days(e.Days, e.Date), Date: date(e.Date)}
	}
	if len(r.Transition) > 0 {
		out.Transitions = nil
	}
	for _, t := range r.Transition {
		out.Transitions = append(out.Transitions, types.Transition{
			Days: days(t.Days, t.Date), Date: date(t.Date), StorageClass: types.TransitionStorageClass(t.StorageClass),
		})
	}
	return out
}

func days(n int, date time.Time) *int32 {
	if !date.IsZero() {
		return nil
	}
	return aws.Int32(int32(n))
}

func date(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func rule(raw types.LifecycleRule) *Rule {
	//lint:ignore SA1019 S3 answers so to rules that were made so
	r := &Rule{ID: aws.ToString(raw.ID), Prefix: aws.ToString(raw.Prefix), Status: string(raw.Status), Raw: raw}
	if f := raw.Filter; f != nil {
		switch {
		case f.Prefix != nil:
			r.Prefix = *f.Prefix
		case f.And != nil:
			r.Prefix = aws.ToString(f.And.Prefix)
		}
	}
	if e := raw.Expiration; e != nil && (e.Days != nil || e.Date != nil) {
		r.Expiration = &Expiration{Days: int(aws.ToInt32(e.Days)), Date: aws.ToTime(e.Date)}
	}
	for _, t := range raw.Transitions {
		r.Transition = append(r.Transition, &Transition{Days: int(aws.ToInt32(t.Days)), Date: aws.ToTime(t.Date), StorageClass: string(t.StorageClass)})
	}
	return r
}

// ConfigureLifecycle sets when keys move to another storage class or expire:
// PutBucketLifecycleConfiguration (boto: configure_lifecycle). It replaces all
// rules there are. Codes MalformedXML, InvalidArgument.
//
// Example: var l Lifecycle; l.AddRule("logs", "log/", "Enabled", &Expiration{Days: 90}, nil); bucket.ConfigureLifecycle(l)
func (b *Bucket) ConfigureLifecycle(lifecycleConfig Lifecycle) (bool, error) {
	rules := make([]types.LifecycleRule, len(lifecycleConfig))
	for i, r := range lifecycleConfig {
		rules[i] = r.raw()
	}
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketLifecycleConfigurationOutput, error) {
		return b.Connection.Client.PutBucketLifecycleConfiguration(b.Connection.ctx(), &sdk.PutBucketLifecycleConfigurationInput{
			Bucket: aws.String(b.Name), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
		}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("configure lifecycle of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// GetLifecycleConfig gives those rules: GetBucketLifecycleConfiguration
// (boto: get_lifecycle_config). Code NoSuchLifecycleConfiguration.
//
// Example: var l Lifecycle; l.AddRule("logs", "log/", "Enabled", &Expiration{Days: 90}, nil); bucket.ConfigureLifecycle(l); bucket.GetLifecycleConfig()
func (b *Bucket) GetLifecycleConfig() (Lifecycle, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketLifecycleConfigurationOutput, error) {
		return b.Connection.Client.GetBucketLifecycleConfiguration(b.Connection.ctx(), &sdk.GetBucketLifecycleConfigurationInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get lifecycle of bucket %q: %w", b.Name, err)
	}
	list := Lifecycle{}
	for _, raw := range out.Rules {
		list = append(list, rule(raw))
	}
	return list, nil
}

// DeleteLifecycleConfiguration removes the rules: DeleteBucketLifecycle
// (boto: delete_lifecycle_configuration).
//
// Example: bucket.DeleteLifecycleConfiguration()
func (b *Bucket) DeleteLifecycleConfiguration() (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteBucketLifecycleOutput, error) {
		return b.Connection.Client.DeleteBucketLifecycle(b.Connection.ctx(), &sdk.DeleteBucketLifecycleInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("delete lifecycle of bucket %q: %w", b.Name, err)
	}
	return true, nil
}
