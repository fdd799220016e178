package ec2

import "pawsh/sandbox/store"

// State is what the cloud keeps on disk: all of it but what runs.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "ec2", Root: c, Guard: guard{c}, Restored: func([]store.Member) error {
		for _, r := range c.regions {
			r.env = c.env
		}
		return nil
	}}
}

// guard is the cloud's lock and that of its disks, which change by what runs
// in the machines.
type guard struct{ c *Cloud }

// Lock locks the cloud, then its disks.
func (g guard) Lock() {
	g.c.mu.Lock()
	g.c.store.Guard().Lock()
}

// Unlock unlocks both.
func (g guard) Unlock() {
	g.c.store.Guard().Unlock()
	g.c.mu.Unlock()
}

// Changes tells how often they were locked.
func (g guard) Changes() uint64 { return g.c.mu.Changes() + g.c.store.Guard().Changes() }
