package sandbox

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

// codeStep is how long a device shows one code.
const codeStep = 30 * time.Second

// Device is the virtual MFA device of the account's root.
type Device struct {
	// Serial is its serial number, as requests name it.
	Serial string
	// Code is what it shows, Left for how long yet by the sandbox's clock.
	Code string
	Left time.Duration
}

// Device shows the account's MFA device.
func (s *Server) Device() Device {
	now := s.env.Now()
	a := &s.cloud.Load().account
	a.mu.Lock()
	defer a.mu.Unlock()
	return Device{Serial: a.device(), Code: code(a.secret, now), Left: codeStep - now.Sub(now.Truncate(codeStep))}
}

func (a *account) device() string { return "arn:aws:iam::" + a.id + ":mfa/root-account-mfa-device" }

// proves tells whether the device shows that code now, or did or will a step
// ago or ahead: people are slow, and clocks differ.
func (a *account) proves(serial, given string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if serial != a.device() {
		return false
	}
	ok := 0
	for _, at := range []time.Time{now.Add(-codeStep), now, now.Add(codeStep)} {
		ok |= subtle.ConstantTimeCompare([]byte(given), []byte(code(a.secret, at)))
	}
	return ok == 1
}

// code is the one-time password of RFC 6238: SHA-1, six digits.
func code(secret []byte, at time.Time) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/int64(codeStep/time.Second))))
	sum := mac.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&0xf:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1_000_000)
}
