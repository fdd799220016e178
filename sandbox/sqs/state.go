package sqs

import (
	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

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

// Counts says what there is in all regions.
func (c *Cloud) Counts() []core.Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	var queues, messages int64
	for _, r := range c.regions {
		for _, q := range r {
			q.settle(c.env.Now())
			queues++
			messages += int64(q.ready.Len() + q.hidden.Len())
		}
	}
	return []core.Count{{One: "queue", Many: "queues", N: queues}, {One: "message", Many: "messages", N: messages}}
}
