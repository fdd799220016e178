package session

import (
	"errors"
	"fmt"
	"net/url"
	"testing"
)

func TestClosedIdle(t *testing.T) {
	t.Parallel()
	// As net/http gives it: see errServerClosedIdle in its transport.
	lost := &url.Error{Op: "Get", URL: "http://127.0.0.1/", Err: errors.New("http: server closed idle connection")}
	if !connectionLost(fmt.Errorf("list: %w", lost)) {
		t.Error("a connection that the server closed is not taken for lost")
	}
	if connectionLost(errors.New("http: something else")) {
		t.Error("any error is taken for a lost connection")
	}
}
