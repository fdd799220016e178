package sqs

import "pawsh/sandbox/store"

// State is what the cloud keeps on disk: queues and messages.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "sqs", Root: c, Guard: &c.mu, Restored: func([]store.Member) error {
		for _, r := range c.regions {
			for _, q := range r {
				q.restored()
			}
		}
		return nil
	}}
}
