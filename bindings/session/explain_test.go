package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pawsh/bindings/session"
)

func TestExplainAnswersOfAWS(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status        int
		code, message string
		hint          string // a part
	}{
		{403, "AccessDenied", "not authorized", "a policy must allow sts:GetCallerIdentity for AKIDENVIRONMENT"},
		{403, "ExpiredToken", "The security token included in the request is expired", "expired"},
		{403, "InvalidClientTokenId", "The security token included in the request is invalid.", "does not know this access key"},
		{403, "SignatureDoesNotMatch", "The request signature we calculated does not match", "secret key"},
		{403, "SignatureDoesNotMatch", "Signature expired: 20120101T000000Z is now earlier than", "clock"},
		{403, "RequestTimeTooSkewed", "The difference is too large", "clock"},
		{400, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'", "it is in eu-west-1"},
		{404, "NoSuchKey", "The specified key does not exist.", "Lookup"},
		{400, "InvalidInstanceID.NotFound", "The instance ID does not exist", "GetAllInstances"},
		{400, "InvalidSubnetID.NotFound", "no subnet", "region"},
		{400, "InvalidVolumeID.Malformed", "bad", "form"},
		{400, "VcpuLimitExceeded", "too many", "limit"},
		{403, "SomethingNew", "no", "a policy must allow"},
		{400, "SomethingElse", "odd", ""},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(tt.status)
				fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error><RequestId>req-9</RequestId></ErrorResponse>`, tt.code, tt.message)
			}))
			t.Cleanup(server.Close)
			w := newWorld(t).keys()
			w.env["AWS_MAX_ATTEMPTS"] = "1"
			_, c := caller(t, w, server.URL)
			err := call(context.Background(), c)
			summary, hint := session.Explain(fmt.Errorf("get caller identity: %w", err))
			want := fmt.Sprintf("sts GetCallerIdentity: %s: %s (HTTP %d, request id req-9)", tt.code, tt.message, tt.status)
			if summary != want {
				t.Errorf("summary %q, want %q", summary, want)
			}
			if !strings.Contains(hint, tt.hint) || (tt.hint == "") != (hint == "") {
				t.Errorf("hint %q, want %q in it", hint, tt.hint)
			}
		})
	}
}

func TestExplainWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	reset, _ := silent(t, func(c net.Conn) {
		io.ReadFull(c, make([]byte, 10))
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	})
	rubbish, _ := silent(t, func(c net.Conn) {
		c.Read(make([]byte, 1<<16))
		io.WriteString(c, "\x15\x03\x01 no HTTP\r\n\r\n")
	})
	for name, tt := range map[string]struct{ url, summary, hint string }{
		"reset":   {reset, "connection ended by the server", "speaks HTTP"},
		"no HTTP": {rubbish, "malformed HTTP", "check the endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).keys()
			w.env["AWS_MAX_ATTEMPTS"] = "1"
			_, c := caller(t, w, tt.url)
			err := call(context.Background(), c)
			summary, hint := session.Explain(err)
			if err == nil || !strings.Contains(summary, tt.summary) || !strings.Contains(hint, tt.hint) {
				t.Errorf("Explain(%v) = %q, %q", err, summary, hint)
			}
			if strings.Contains(summary, "RequestID: ") {
				t.Errorf("summary %q keeps the SDK's noise", summary)
			}
		})
	}
	unknown := fmt.Errorf("request send failed: %w", &net.DNSError{Name: "nowhere.example", Err: "no such host", IsNotFound: true})
	if summary, hint := session.Explain(unknown); !strings.Contains(summary, "host nowhere.example is not known") || !strings.Contains(hint, "check the name") {
		t.Errorf("unknown host: %q, %q", summary, hint)
	}
	if summary, hint := session.Explain(nil); summary != "" || hint != "" {
		t.Errorf("Explain(nil) = %q, %q", summary, hint)
	}
	if summary, _ := session.Explain(errors.New("two\nlines \x1b[31m")); summary != "two lines \ufffd[31m" {
		t.Errorf("control characters reach the terminal: %q", summary)
	}
}
