package ec2_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

// TestGuardedCalls asks before each kind of loss on a real account, which here
// is AWS's host name behind a proxy of the test's.
func TestGuardedCalls(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent.Add(1)
		w.Write([]byte("<R/>"))
	}))
	t.Cleanup(proxy.Close)
	u := must(url.Parse(proxy.URL))(t)
	port := must(strconv.Atoi(u.Port()))(t)
	var asked []string
	no := errors.New("no")
	env := must(session.New(session.Options{
		Getenv: func(name string) string {
			return map[string]string{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}[name]
		},
		Home: t.TempDir(), SystemConfig: "-",
		Guard: func(_ context.Context, f session.Footprint) error { asked = append(asked, f.String()); return no },
	}))(t)
	c := must(ec2.Connect(env, session.Region("eu-west-1"), session.IsSecure(false), session.Proxy(u.Hostname()), session.ProxyPort(port)))(t)
	for _, tt := range []struct {
		call func() error
		want string // "" when nobody is asked
	}{
		{func() error { return second(c.TerminateInstances([]string{"i-1", "i-2"})) }, "terminate instances: 2 (i-1, i-2) in eu-west-1 as AKID"},
		{func() error { return (&ec2.Instance{ID: "i-3", Connection: c}).Terminate() }, "terminate instances: 1 (i-3) in eu-west-1 as AKID"},
		{func() error { return second(c.DeleteVolume("vol-1")) }, "delete volume: 1 (vol-1) in eu-west-1 as AKID"},
		{func() error { return second(c.DeleteSnapshot("snap-1")) }, "delete snapshot: 1 (snap-1) in eu-west-1 as AKID"},
		{func() error { return second(c.DeregisterImage("ami-1")) }, "deregister image: 1 (ami-1) in eu-west-1 as AKID"},
		{func() error { return second(c.ReleaseAddress("eipalloc-1")) }, "release address: 1 (eipalloc-1) in eu-west-1 as AKID"},
		{func() error { return second(c.DeleteKeyPair("paws")) }, "delete key pair: 1 (paws) in eu-west-1 as AKID"},
		{func() error { return second(c.DeleteSecurityGroup("web")) }, "delete security group: 1 (web) in eu-west-1 as AKID"},
		{func() error { return second(c.RevokeSecurityGroup("web", "tcp", 22, 22, "0.0.0.0/0")) }, "revoke security group ingress: 1 (web) in eu-west-1 as AKID"},
		{func() error { return second(c.TerminateInstances([]string{"i-1"}, ec2.DryRun(true))) }, ""},
		{func() error { return second(c.DeleteTags([]string{"i-1"}, map[string]string{"a": ""})) }, ""},
		{func() error { return second(c.StopInstances([]string{"i-1"})) }, ""},
		{func() error { return second(c.GetAllInstances()) }, ""},
	} {
		asked = nil
		sent.Store(0)
		err := tt.call()
		switch {
		case tt.want == "" && (err != nil || len(asked) != 0 || sent.Load() != 1):
			t.Errorf("asked %q, sent %d: %v", asked, sent.Load(), err)
		case tt.want != "" && (!errors.Is(err, no) || sent.Load() != 0 || len(asked) != 1 || asked[0] != tt.want):
			t.Errorf("asked %q, want %q; sent %d: %v", asked, tt.want, sent.Load(), err)
		}
	}
}
