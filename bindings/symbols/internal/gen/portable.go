package main

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// portability knows which names of the standard library are declared on every
// system the tables must compile on, and which constants are equal on all.
// Other packages are taken to be the same everywhere.
type portability struct {
	home    *program
	systems []*program
}

// loadPortability loads the standard library's packages of groups for the
// systems other than home.
func loadPortability(prog *program, groups []*group) (portability, error) {
	port := portability{home: prog}
	var paths []string
	for _, g := range groups {
		for _, p := range g.paths {
			if standard(p) {
				paths = append(paths, p)
			}
		}
	}
	if len(paths) == 0 {
		return port, nil
	}
	for _, sys := range others {
		p, err := load(sys, paths)
		if err != nil {
			return port, err
		}
		port.systems = append(port.systems, p)
	}
	return port, nil
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "pawsh"
}

func (p portability) declared(path, name string) bool {
	for _, obj := range p.elsewhere(path, name) {
		if obj == nil {
			return false
		}
	}
	return true
}

func (p portability) constant(path, name string) bool {
	here, ok := p.home.pkgs[path].types.Scope().Lookup(name).(*types.Const)
	if !ok {
		return false
	}
	for _, obj := range p.elsewhere(path, name) {
		there, ok := obj.(*types.Const)
		if !ok || !constant.Compare(here.Val(), token.EQL, there.Val()) {
			return false
		}
	}
	return true
}

// elsewhere looks the name up on each other system; nil stands for one that lacks it.
func (p portability) elsewhere(path, name string) []types.Object {
	if !standard(path) {
		return nil
	}
	var objs []types.Object
	for _, sys := range p.systems {
		var obj types.Object
		if q := sys.pkgs[path]; q != nil && len(q.files) > 0 {
			obj = q.types.Scope().Lookup(name)
		}
		objs = append(objs, obj)
	}
	return objs
}
