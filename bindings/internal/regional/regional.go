// Package regional is what the connections of all services have in common: how one
// is opened to another region, and the regions there are. It knows no service.
package regional

import "pawsh/bindings/session"

// To opens a connection to a region: as parent was opened, or in env where there
// is no parent.
func To[C any](open func(*session.Env, ...session.ConnectOption) (*C, error), env *session.Env, parent *session.Target, region string, opts []session.ConnectOption) (*C, error) {
	if parent != nil {
		there, all := parent.Elsewhere(region, opts...)
		return open(there, all...)
	}
	return open(env, append([]session.ConnectOption{session.Region(region)}, opts...)...)
}

// Regions lists the regions of the partition that env works in, sorted by name,
// as region makes them of a name and a service's host.
func Regions[R any](env *session.Env, s session.Service, region func(name, host string) *R) []*R {
	var list []*R
	for _, name := range session.Regions(env.Region()) {
		list = append(list, region(name, s.DefaultHost(name)))
	}
	return list
}
