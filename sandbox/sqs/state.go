package sqs

import (
	"pawsh/sandbox/core"
	"pawsh/sandbox/store"
)

// State is what the cloud keeps on disk: queues and messages. Messages are a
// large set: each names itself when it comes, changes or goes.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "sqs", Root: c, Guard: &c.mu, Touched: &c.touched, Member: &message{}, Members: c.members, Restored: c.restored}
}

func (c *Cloud) members(yield func(store.Member)) {
	for _, r := range c.regions {
		for _, q := range r {
			for _, list := range [][]*message{q.ready.list, q.hidden.list} {
				for _, m := range list {
					yield(m)
				}
			}
		}
	}
}

func (c *Cloud) restored(list []store.Member) error {
	for _, r := range c.regions {
		for _, q := range r {
			q.touched, q.arrival = &c.touched, make(chan struct{})
			q.empty()
		}
	}
	for _, m := range list {
		m := m.(*message)
		m.queue.restored(m)
	}
	return nil
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
