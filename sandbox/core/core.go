// Package core holds what the emulated services share: the clock, the source
// of identifiers and randomness, the account, and the map of AWS regions.
// It knows no service and no protocol.
package core

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"time"
)

// DefaultAccountID is the account of the sandbox when none is given.
const DefaultAccountID = "123456789012"

// Env is the world the services live in: a clock, an account and a source of
// randomness. It is safe for concurrent use and immutable but for the state
// of its random source.
type Env struct {
	accountID string
	now       func() time.Time

	mu   sync.Mutex // guards rand, which need not be safe for concurrent use
	rand io.Reader
}

// New returns an Env; a nil clock is time.Now, a nil source crypto/rand, an
// empty account DefaultAccountID.
func New(now func() time.Time, random io.Reader, accountID string) *Env {
	if now == nil {
		now = time.Now
	}
	if random == nil {
		random = rand.Reader
	}
	if accountID == "" {
		accountID = DefaultAccountID
	}
	return &Env{accountID: accountID, now: now, rand: random}
}

// AccountID returns the twelve digits of the sandbox's own account.
func (e *Env) AccountID() string { return e.accountID }

// Now returns the injected clock's time in UTC.
func (e *Env) Now() time.Time { return e.now().UTC() }

// Read fills p with random bytes, so that an Env is an io.Reader of
// randomness that may be shared. A source that runs dry is a bug of whoever
// injected it, and panics: identifiers must never repeat silently.
func (e *Env) Read(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n, err := io.ReadFull(e.rand, p)
	if err != nil {
		panic(fmt.Sprintf("core: random source: %v", err))
	}
	return n, nil
}

func (e *Env) bytes(n int) []byte {
	b := make([]byte, n)
	e.Read(b) // panics rather than fails
	return b
}

// Hex returns n random lower-case hexadecimal digits.
func (e *Env) Hex(n int) string { return hex.EncodeToString(e.bytes((n + 1) / 2))[:n] }

// ID returns a resource identifier such as i-0123456789abcdef0 for the prefix i.
func (e *Env) ID(prefix string) string { return prefix + "-0" + e.Hex(16) }

// UUID returns a random identifier in the form of RFC 9562, version 4.
func (e *Env) UUID() string {
	b := e.bytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// UpperID returns prefix and random characters of the base 32 alphabet, n in
// all: the form of access key ids (AKIA...) and IAM unique ids (AIDA...).
func (e *Env) UpperID(prefix string, n int) string {
	s := base32.StdEncoding.EncodeToString(e.bytes(n))
	return prefix + s[:n-len(prefix)]
}

// Text returns n random characters of letters, digits, plus and slash: the
// form of secret access keys.
func (e *Env) Text(n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var b bytes.Buffer
	for _, c := range e.bytes(n) {
		b.WriteByte(alphabet[c&63])
	}
	return b.String()
}
