package wire

import (
	"context"
	"time"
)

// Key is what the keeper of access keys knows about one of them.
type Key struct {
	// Secret is the secret access key. It never leaves the Verifier.
	Secret string
	// Token is the session token that a temporary key must be sent with,
	// empty for a lasting key.
	Token string
	// Expires is when a temporary key ends, zero for a lasting one.
	Expires time.Time
	// Inactive keys are known but refused.
	Inactive bool
	// AccountID, UserARN, UserName, UserID and Kind become the Caller's.
	AccountID, UserARN, UserName, UserID, Kind string
}

// Keys looks up access keys. It must be safe for concurrent use.
type Keys interface {
	// LookupKey returns the key with that id, false when there is none.
	LookupKey(ctx context.Context, accessKeyID string) (Key, bool)
}

// Verifier checks the signatures of requests: SigV4 and SigV2, in headers and
// presigned, with streamed payloads. It is safe for concurrent use when its
// Keys are.
type Verifier struct {
	Keys Keys
	// Now is the sandbox's clock; nil means time.Now.
	Now func() time.Time
}
