package wire

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
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
	// Session is what a temporary key stands for.
	Session Session
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
	// Wall is the clock that clients sign by, where Now is another: a sandbox
	// whose clock was put forward goes on to serve them. nil means Now alone.
	Wall func() time.Time
}

// MaxSkew is how far a request's time may be from the sandbox's clock.
const MaxSkew = 15 * time.Minute

// signed is a request on its way through the Verifier.
type signed struct {
	r       *http.Request
	service string // signing name of the service addressed
	s3      bool
	form    url.Values // parameters of query and body, for SigV2 queries
	body    []byte     // the whole body, for all services but S3
	bucket  string     // addressed by virtual host (S3)
}

// verified is a request whose signature was checked. payload is the body as
// the signer meant it, checked while it is read.
type verified struct {
	caller  Caller
	payload *payload
}

// verify checks who signed. A request without any signature is anonymous, and
// no error; the service decides whether it may be.
func (v *Verifier) verify(ctx context.Context, q signed) (verified, error) {
	auth := q.r.Header.Get("Authorization")
	params := q.r.URL.Query()
	var err error
	out := verified{caller: Caller{Region: DefaultRegion}}
	switch {
	case strings.HasPrefix(auth, sigV4Algorithm+" "), auth == "" && presignedV4(params):
		return v.sigV4(ctx, q, params)
	case q.s3 && strings.HasPrefix(auth, "AWS "), q.s3 && params.Has("AWSAccessKeyId"):
		out.caller, err = v.sigV2S3(ctx, q, params)
	case !q.s3 && q.form.Has("AWSAccessKeyId"):
		out.caller, err = v.sigV2Query(ctx, q)
	case auth != "":
		kind, _, ok := strings.Cut(auth, " ")
		if !ok {
			kind = ""
		}
		return verified{}, fault{kind: faultUnsupported, detail: kind}
	}
	if err != nil {
		return verified{}, err
	}
	out.payload, err = newPayload(q, nil)
	return out, err
}

// key looks up who has the access key, and checks what can be without the
// signature.
func (v *Verifier) key(ctx context.Context, id, token, region string) (Key, Caller, error) {
	k, ok := v.Keys.LookupKey(ctx, id)
	switch {
	case !ok, k.Inactive:
		return Key{}, Caller{}, fault{kind: faultUnknownKey, detail: id}
	case subtle.ConstantTimeCompare([]byte(k.Token), []byte(token)) != 1:
		return Key{}, Caller{}, fault{kind: faultToken}
	case !k.Expires.IsZero() && !v.now().Before(k.Expires):
		return Key{}, Caller{}, fault{kind: faultTokenExpired}
	}
	return k, Caller{
		AccountID: k.AccountID, AccessKeyID: id, UserARN: k.UserARN, UserName: k.UserName,
		UserID: k.UserID, Region: region, SecretKind: k.Kind, Session: k.Session,
	}, nil
}

func (v *Verifier) now() time.Time {
	if v.Now == nil {
		return time.Now()
	}
	return v.Now()
}

// checkSkew compares the time a request was signed with the clock.
func (v *Verifier) checkSkew(t time.Time) error {
	far := func(now time.Time) bool { return now.Sub(t) > MaxSkew || t.Sub(now) > MaxSkew }
	if now := v.now(); far(now) && (v.Wall == nil || far(v.Wall())) {
		return fault{kind: faultSkewed, signed: t, now: now}
	}
	return nil
}

// openBody is a verifier for services without one: nobody is known.
func openBody(q signed) (verified, error) {
	p, err := newPayload(q, nil)
	return verified{caller: Caller{Region: DefaultRegion}, payload: p}, err
}
