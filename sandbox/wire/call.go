package wire

import (
	"context"
	"net/http"
	"time"
)

// Caller is who signed a request and where it was sent.
type Caller struct {
	// AccountID is the account that the key belongs to.
	AccountID string
	// AccessKeyID is empty for an unsigned (anonymous) request.
	AccessKeyID string
	// UserARN and UserName say whose key it is; UserID is its unique id.
	UserARN, UserName, UserID string
	// Region is the region of the signature's scope, us-east-1 where the
	// signature has none (SigV2, anonymous).
	Region string
	// SecretKind says what kind of key signed: "root", "user" or "session".
	SecretKind string
	// Session says more of a temporary key.
	Session Session
}

// Session is what a temporary key stands for. The zero value is no session.
type Session struct {
	// RoleName is the role that was assumed, empty for a session of a user
	// or of the account itself.
	RoleName string
	// MFA tells that a device's code was given for it.
	MFA bool
	// Issued is when it began.
	Issued time.Time
	// Policies are the documents that narrow what it may do further.
	Policies []string
	// Tags are the session's own.
	Tags map[string]string
}

// Anonymous reports whether nobody signed the request.
func (c Caller) Anonymous() bool { return c.AccessKeyID == "" }

// call is the HTTP side of one operation, carried by the handler's context.
type call struct {
	caller Caller
	r      *http.Request
	header http.Header
	status int
	id     string
	op     string

	bucket, key string   // S3
	payload     *payload // S3
}

type callKey struct{}

func callFrom(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	if c == nil {
		return &call{caller: Caller{Region: DefaultRegion}, header: http.Header{}}
	}
	return c
}

// CallerFrom gives the caller of the request that ctx belongs to.
func CallerFrom(ctx context.Context) Caller { return callFrom(ctx).caller }

// WithCaller returns a context whose CallerFrom is c: for handlers that are
// called by others than clients (tests, one service calling another).
func WithCaller(ctx context.Context, c Caller) context.Context {
	if c.Region == "" {
		c.Region = DefaultRegion
	}
	n := *callFrom(ctx)
	n.caller = c
	return context.WithValue(ctx, callKey{}, &n)
}

// RequestID gives the id that the response of this request carries.
func RequestID(ctx context.Context) string { return callFrom(ctx).id }

// Operation gives the name of the operation that is being answered.
func Operation(ctx context.Context) string { return callFrom(ctx).op }

// Request gives the HTTP request being answered, nil outside of one. Its body
// belongs to the codec; handlers read headers and address only.
func Request(ctx context.Context) *http.Request { return callFrom(ctx).r }

// ResponseHeader gives the headers the response will carry. What the output's
// own members bind to is set after the handler returned, and wins.
func ResponseHeader(ctx context.Context) http.Header { return callFrom(ctx).header }

// SetStatus chooses the HTTP status of a successful response. Without it the
// operation's usual one is sent (S3: 204 for deletes, 206 for ranges).
func SetStatus(ctx context.Context, status int) { callFrom(ctx).status = status }

// DefaultRegion is the region of requests whose signature names none.
const DefaultRegion = "us-east-1"

// BucketKey gives the bucket and key that an S3 request addresses, by path or
// by virtual host; both empty for other services.
func BucketKey(ctx context.Context) (bucket, key string) {
	c := callFrom(ctx)
	return c.bucket, c.key
}
