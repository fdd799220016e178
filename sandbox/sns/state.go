package sns

import (
	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

// State is what the cloud keeps on disk: topics, subscriptions and the outbox.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "sns", Root: c, Guard: &c.mu}
}

// Counts says what there is.
func (c *Cloud) Counts() []core.Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	var subscriptions int64
	for _, t := range c.topics {
		subscriptions += int64(len(t.subscriptions))
	}
	return []core.Count{{One: "topic", Many: "topics", N: int64(len(c.topics))}, {One: "subscription", Many: "subscriptions", N: subscriptions}, {One: "letter in the outbox", Many: "letters in the outbox", N: int64(len(c.outbox))}}
}
