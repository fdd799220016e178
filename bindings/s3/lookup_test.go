package s3_test

import (
	"net/http"
	"testing"

	"pawsh/bindings/session"
)

// TestLookupTellsForbiddenFromAbsent: what is not there is nil, what may not be
// seen is an error; boto gave None for both.
func TestLookupTellsForbiddenFromAbsent(t *testing.T) {
	t.Parallel()
	c, f := connectFront(t)
	b := must(c.CreateBucket("paws"))(t)
	if found, err := c.Lookup("not-there-at-all"); found != nil || err != nil {
		t.Errorf("absent bucket: %v, %v", found, err)
	}
	if found, err := b.Lookup("absent"); found != nil || err != nil {
		t.Errorf("absent key: %v, %v", found, err)
	}
	f.set(func() {
		f.before = func(w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
	})
	if found, err := c.Lookup("paws"); found != nil || session.Code(err) != "Forbidden" {
		t.Errorf("forbidden bucket: %v, %v (%s)", found, err, session.Code(err))
	}
	if found, err := b.Lookup("hidden"); found != nil || session.Code(err) != "Forbidden" {
		t.Errorf("forbidden key: %v, %v (%s)", found, err, session.Code(err))
	}
}
