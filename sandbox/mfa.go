package sandbox

import "time"

// Device is the virtual MFA device of the account's root.
type Device struct {
	// Serial is its serial number, as requests name it; empty where the
	// device was taken away.
	Serial string
	// Code is what it shows, Left for how long yet by the sandbox's clock.
	Code string
	Left time.Duration
}

// Device shows the account's MFA device, whose code MFA delete and
// GetSessionToken ask for.
func (s *Server) Device() Device {
	serial, code, left := s.cloud.Load().users.MFA()
	return Device{Serial: serial, Code: code, Left: left}
}
