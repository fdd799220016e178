package s3

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

// TestTransitionsAreKept: a class that lifecycle gave is there again when the
// directory is next opened.
func TestTransitionsAreKept(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	open := func() (*Cloud, *store.Store) {
		c := New(core.New(func() time.Time { return now }, nil, ""))
		s, err := store.Open(dir, t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Attach(c.State()); err != nil {
			t.Fatal(err)
		}
		return c, s
	}
	c, s := open()
	c.mu.Lock()
	b := &bucket{name: "paws", account: core.DefaultAccountID}
	c.addBucket(b)
	b.add(c, &version{key: "k", body: blobOf(store.Bytes([]byte("x"))), modified: now, acl: private(b.account)})
	b.configs[kindLifecycle] = []types.LifecycleRule{{Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
		Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: types.TransitionStorageClassGlacier}}}}
	c.mu.Unlock()
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(40 * day)
	c.Settle()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c, s = open()
	if got := c.buckets["paws"].objects["k"].class; got != types.StorageClassGlacier {
		t.Errorf("class %q, want GLACIER", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
