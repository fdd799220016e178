package ec2

import "pawsh/sandbox/store"

// State is what the cloud keeps on disk: all of it but what runs.
func (c *Cloud) State() *store.Unit {
	return &store.Unit{Name: "ec2", Root: c, Guard: guard{c}, Restored: func([]store.Member) error {
		for _, r := range c.regions {
			r.env = c.env
			r.addImages()
		}
		return nil
	}}
}

// addImages brings in what the catalogue has got since the state was written.
func (r *region) addImages() {
	there := map[string]bool{}
	for _, m := range r.images {
		there[m.id] = true
	}
	for _, m := range catalogue(r.Name) {
		if !there[m.id] {
			r.images = append(r.images, m)
		}
	}
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
