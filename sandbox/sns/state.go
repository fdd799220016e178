package sns

import "pawsh/sandbox/store"

// State is what the cloud keeps on disk: topics, subscriptions and the outbox.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "sns", Root: c, Guard: &c.mu}
}
