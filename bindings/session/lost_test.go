package session_test

import (
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"pawsh/bindings/session"
)

// TestExplainLostConnections: a server that closes is told of in the same words
// whichever of our system calls is the first to notice.
func TestExplainLostConnections(t *testing.T) {
	t.Parallel()
	for _, err := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, net.ErrClosed} {
		summary, hint := session.Explain(&net.OpError{Op: "write", Net: "tcp", Err: err})
		if !strings.HasPrefix(summary, "connection ended by the server: ") || hint == "" {
			t.Errorf("%v: %q, hint %q", err, summary, hint)
		}
	}
}
