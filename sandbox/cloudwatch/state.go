package cloudwatch

import "pawsh/sandbox/store"

// State is what the cloud keeps on disk: metrics and alarms.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "cloudwatch", Root: c, Guard: &c.mu}
}
