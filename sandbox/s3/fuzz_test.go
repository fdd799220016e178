package s3

import (
	"encoding/base64"
	"testing"
	"time"
)

// FuzzPostPolicy: whatever a form brings for a policy, it is refused or it
// decides, and an expired one never lets anything through.
func FuzzPostPolicy(f *testing.F) {
	f.Add(`{"expiration":"2044-07-04T00:00:00Z","conditions":[{"bucket":"paws"},["starts-with","$key","a/"],["content-length-range",1,2]]}`, "a/x")
	f.Add(`{"expiration":"2011-07-04T00:00:00Z","conditions":[]}`, "")
	f.Fuzz(func(t *testing.T, text, key string) {
		p, err := parsePostPolicy(base64.StdEncoding.EncodeToString([]byte(text)))
		if err != nil {
			return
		}
		if p.check(map[string]string{"key": key}, "paws", p.expires.Add(time.Second)) == nil {
			t.Errorf("%s has expired and lets %q through", text, key)
		}
	})
}

// FuzzCopySource: a source that is taken has a bucket and a key.
func FuzzCopySource(f *testing.F) {
	f.Add("paws/a%20b?versionId=x")
	f.Add("/paws//")
	f.Fuzz(func(t *testing.T, text string) {
		if bucket, key, _, err := parseSource(text); err == nil && (bucket == "" || key == "") {
			t.Errorf("%q gives %q and %q", text, bucket, key)
		}
	})
}
