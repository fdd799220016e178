package iam

import (
	"testing"
	"time"
)

// TestDeviceCodes: the codes are those of RFC 6238's appendix B, the last six
// digits of them.
func TestDeviceCodes(t *testing.T) {
	t.Parallel()
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		if got := (&device{seed: []byte("12345678901234567890")}).code(time.Unix(at, 0)); got != want {
			t.Errorf("code at %d = %s, want %s", at, got, want)
		}
	}
}
