package iam

import (
	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

// State is what the cloud keeps on disk: users, access keys and policies.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "iam", Root: c, Guard: &c.mu}
}

// SetRoot makes another access key the account's own, in the place of old.
func (c *Cloud) SetRoot(old, id, secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.keys, old)
	c.keys[id] = &key{id: id, secret: secret, created: c.env.Now()}
}

// Counts says what there is.
func (c *Cloud) Counts() []core.Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	return []core.Count{{One: "user", Many: "users", N: int64(len(c.users))}, {One: "access key", Many: "access keys", N: int64(len(c.keys))}}
}
