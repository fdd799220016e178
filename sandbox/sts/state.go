package sts

import (
	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

// State is what the cloud keeps on disk: the sessions.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "sts", Root: c, Guard: &c.mu}
}

// Counts says what there is.
func (c *Cloud) Counts() []core.Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	return []core.Count{{One: "session", Many: "sessions", N: int64(len(c.sessions))}}
}
