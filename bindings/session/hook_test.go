package session_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"pawsh/bindings/session"
)

func TestRequestHook(t *testing.T) {
	t.Parallel()
	answer := `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>req-1</RequestId></ErrorResponse>`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "req-1")
		w.WriteHeader(http.StatusForbidden)
		w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	target := newWorld(t).keys().open(session.STS, session.Endpoint(server.URL))
	var seen []session.SentRequest
	target.SetRequestHook(func(r session.SentRequest) { seen = append(seen, r) })
	_, err := clientOf(target).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if len(seen) != 1 {
		t.Fatalf("%d requests: %v", len(seen), err)
	}
	r := seen[0]
	if r.Service != "sts" || r.Operation != "GetCallerIdentity" || r.Status != 403 || r.RequestID != "req-1" || r.Method != "POST" || r.Err == nil || r.Region != "us-east-1" {
		t.Errorf("the hook was told %+v", r)
	}
	d := session.Details(err)
	if d == nil || d.Status != 403 || d.Reason != "Forbidden" || d.Code != "AccessDenied" || d.ErrorCode != d.Code || d.Message != "no" || d.RequestID != "req-1" || d.Operation != "GetCallerIdentity" {
		t.Errorf("details %+v", d)
	}
	if session.Details(context.Canceled) != nil {
		t.Error("details of an error that no service gave")
	}
	target.SetRequestHook(nil)
	clientOf(target).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if len(seen) != 1 {
		t.Error("the hook outlives its end")
	}
}
