package s3

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const day = 24 * time.Hour

// midnight is the next one: S3 acts upon a day's objects when it is over.
func midnight(t time.Time) time.Time {
	m := t.UTC().Truncate(day)
	if m.Before(t) {
		m = m.Add(day)
	}
	return m
}

// mature does what a bucket's lifecycle rules have brought about since it was
// last looked at: once a day of the cloud's clock, and after the rules were
// changed.
func (c *Cloud) mature(name string, now time.Time) {
	due := func() *bucket {
		b := c.buckets[name]
		if b == nil || b.configs[kindLifecycle] == nil || now.UTC().Truncate(day).Equal(b.matured) {
			return nil
		}
		return b
	}
	c.mu.RLock()
	b := due()
	c.mu.RUnlock()
	if b == nil {
		return
	}
	c.mu.Lock()
	var events []event
	if b = due(); b != nil {
		b.matured = now.UTC().Truncate(day)
		events = c.apply(b, now)
	}
	c.mu.Unlock()
	for _, e := range events {
		c.tell(e)
	}
}

// Settle does what time has brought about in all buckets.
func (c *Cloud) Settle() {
	c.mu.RLock()
	names := slices.Collect(c.names.from(""))
	c.mu.RUnlock()
	for _, name := range names {
		c.mature(name, c.env.Now())
	}
}

// rulesOf are a bucket's rules that are on.
func (b *bucket) rulesOf() []types.LifecycleRule {
	all, _ := b.configs[kindLifecycle].([]types.LifecycleRule)
	var out []types.LifecycleRule
	for _, r := range all {
		if r.Status == types.ExpirationStatusEnabled {
			out = append(out, r)
		}
	}
	return out
}

// covers reports whether a rule is about an object.
func covers(r types.LifecycleRule, v *version) bool {
	size := v.body.size()
	//lint:ignore SA1019 older clients still send it
	if !strings.HasPrefix(v.key, aws.ToString(r.Prefix)) {
		return false
	}
	f := r.Filter
	if f == nil {
		return true
	}
	tagged := func(t types.Tag) bool {
		return slices.ContainsFunc(v.tags, func(h types.Tag) bool {
			return aws.ToString(h.Key) == aws.ToString(t.Key) && aws.ToString(h.Value) == aws.ToString(t.Value)
		})
	}
	prefix, least, most := f.Prefix, f.ObjectSizeGreaterThan, f.ObjectSizeLessThan
	var tags []types.Tag
	if f.Tag != nil {
		tags = append(tags, *f.Tag)
	}
	if a := f.And; a != nil {
		prefix, least, most, tags = a.Prefix, a.ObjectSizeGreaterThan, a.ObjectSizeLessThan, a.Tags
	}
	for _, t := range tags {
		if !tagged(t) {
			return false
		}
	}
	return strings.HasPrefix(v.key, aws.ToString(prefix)) && (least == nil || size > *least) && (most == nil || size < *most)
}

// reached reports whether days after from, or a date, have come.
func reached(days *int32, date *time.Time, from, now time.Time) (time.Time, bool) {
	switch {
	case days != nil:
		at := midnight(from.Add(time.Duration(*days) * day))
		return at, !now.Before(at)
	case date != nil:
		return *date, !now.Before(*date)
	}
	return time.Time{}, false
}

// apply runs all rules over a bucket.
func (c *Cloud) apply(b *bucket, now time.Time) []event {
	rules := b.rulesOf()
	var events []event
	for _, key := range slices.Collect(b.keys.from("")) {
		events = append(events, c.applyTo(b, key, rules, now)...)
		c.touch(b, key)
	}
	for id, u := range b.uploads {
		for _, r := range rules {
			a := r.AbortIncompleteMultipartUpload
			if a == nil || !covers(r, &version{key: u.version.key}) {
				continue
			}
			if _, ok := reached(a.DaysAfterInitiation, nil, u.begun, now); ok {
				delete(b.uploads, id)
			}
		}
	}
	return events
}

// applyTo runs the rules over one key's versions: the newest expires or
// changes its class, the ones behind it go for good.
func (c *Cloud) applyTo(b *bucket, key string, rules []types.LifecycleRule, now time.Time) (events []event) {
	top := b.objects[key]
	q := &call{c: c, now: now, bucket: b}
	newer := 0 // noncurrent versions seen so far
	for v := top.older; v != nil; {
		older := v.older
		since := v.newer.modified
		for _, r := range rules {
			if !covers(r, v) {
				continue
			}
			if x := r.NoncurrentVersionExpiration; x != nil && newer >= int(aws.ToInt32(x.NewerNoncurrentVersions)) {
				if _, ok := reached(x.NoncurrentDays, nil, since, now); ok && q.mayDrop(v, false) == nil {
					events = append(events, expired(b, v, "LifecycleExpiration:Delete"))
					b.drop(c, v)
					break
				}
			}
			var moves []move
			for _, t := range r.NoncurrentVersionTransitions {
				moves = append(moves, move{t.NoncurrentDays, nil, t.StorageClass})
			}
			if v.change(moves, since, now) {
				c.touched.Keep(v)
			}
		}
		newer++
		v = older
	}
	if top.marker {
		for _, r := range rules { // a marker with nothing below hides nothing
			if r.Expiration != nil && aws.ToBool(r.Expiration.ExpiredObjectDeleteMarker) && top.older == nil && covers(r, top) {
				events = append(events, expired(b, top, "LifecycleExpiration:Delete"))
				b.drop(c, top)
				break
			}
		}
		return events
	}
	if _, at, ok := b.expiry(top, rules); ok && !now.Before(at) {
		if b.versioning == "" {
			if q.mayDrop(top, false) == nil {
				events = append(events, expired(b, top, "LifecycleExpiration:Delete"))
				b.drop(c, top)
			}
			return events
		}
		m := &version{key: key, marker: true, modified: at.Truncate(time.Second), acl: private(b.account)}
		b.add(c, m)
		return append(events, expired(b, m, "LifecycleExpiration:DeleteMarkerCreated"))
	}
	for _, r := range rules {
		if !covers(r, top) {
			continue
		}
		var moves []move
		for _, t := range r.Transitions {
			moves = append(moves, move{t.Days, t.Date, t.StorageClass})
		}
		if top.change(moves, top.modified, now) {
			c.touched.Keep(top)
			events = append(events, expired(b, top, "LifecycleTransition"))
		}
	}
	return events
}

// move is one transition to another storage class.
type move struct {
	days  *int32
	date  *time.Time
	class types.TransitionStorageClass
}

// change moves a version into the class of the last transition whose time has
// come.
func (v *version) change(moves []move, from, now time.Time) bool {
	var last time.Time
	class := v.class
	for _, m := range moves {
		if at, ok := reached(m.days, m.date, from, now); ok && !at.Before(last) {
			last, class = at, types.StorageClass(m.class)
		}
	}
	changed := class != v.class
	v.class = class
	return changed
}

// expiry is when the newest version of a key expires, by the rule that comes
// first.
func (b *bucket) expiry(v *version, rules []types.LifecycleRule) (rule string, at time.Time, ok bool) {
	for _, r := range rules {
		if r.Expiration == nil || r.Expiration.Days == nil && r.Expiration.Date == nil || !covers(r, v) {
			continue
		}
		t, _ := reached(r.Expiration.Days, r.Expiration.Date, v.modified, v.modified)
		if !ok || t.Before(at) {
			rule, at, ok = aws.ToString(r.ID), t, true
		}
	}
	return rule, at, ok
}

// expiration is the header that tells when an object will expire.
func (b *bucket) expiration(v *version) *string {
	if v.newer != nil || b.configs[kindLifecycle] == nil {
		return nil
	}
	rule, at, ok := b.expiry(v, b.rulesOf())
	if !ok {
		return nil
	}
	return aws.String(fmt.Sprintf("expiry-date=%q, rule-id=%q", at.UTC().Format(http.TimeFormat), rule))
}
