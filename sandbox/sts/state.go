package sts

import "pawsh/sandbox/store"

// State is what the cloud keeps on disk: the sessions.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "sts", Root: c, Guard: &c.mu}
}
