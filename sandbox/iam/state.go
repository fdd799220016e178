package iam

import "pawsh/sandbox/store"

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
