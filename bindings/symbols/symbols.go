// Package symbols is what the shell knows about the packages a cell can
// import: values for the interpreter (Exports), types for the type checker
// (NewImporter), texts for the reader (Doc), and the sources of generic
// functions (GenericSource), which no compiled value can stand for.
//
// All of it is generated, from the toolchain's standard library, the module's
// AWS SDK and the shell's bindings, and compiled in: nothing needs a Go
// installation at run time. Nothing is built, decoded or registered before it
// is asked for. The package knows neither cells nor sessions.
//
// The tables of one AWS service are a Go package of their own, so that an edit
// elsewhere does not compile them again.
package symbols

//go:generate go run ./internal/gen

import (
	"reflect"
	"slices"
	"strings"

	"pawsh/bindings/symbols/internal/table"
)

// Exports builds the symbols of the package at the import path, in the form of
// the values of yaegi's interp.Exports, whose key is the path, a slash and
// PackageName(path). It builds a new map at each call, owned by the caller. It
// answers false for a path that cannot be imported. Exports may be called from
// any goroutine.
//
// A type that an interpreted value is converted to is looked up in the symbols
// of its own package: use those of a package's imports along with its own.
func Exports(path string) (map[string]reflect.Value, bool) {
	p := find(path)
	if p == nil {
		return nil, false
	}
	return p.Map(), true
}

// Has reports whether Exports has a symbol of that name, without building its map.
func Has(path, name string) bool {
	p := find(path)
	return p != nil && p.Has(name)
}

// Paths lists the import paths of all packages a cell can import, sorted.
func Paths() []string {
	var paths []string
	for _, g := range groups {
		for _, p := range *g.packages {
			paths = append(paths, p.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

// PackageName is the name in the package clause of the package at the import
// path, or "" if it cannot be imported.
func PackageName(path string) string {
	if p := find(path); p != nil {
		return p.Name
	}
	return ""
}

// Missing says why an exported name of a package has no symbol, in words that
// end a sentence about it. It answers "" where there is a symbol or no such name.
func Missing(path, name string) string {
	p := find(path)
	if p == nil {
		return ""
	}
	switch p.Why(name) {
	case table.Generic:
		return "is generic"
	case table.Type:
		return "is a type constraint"
	case table.Platform:
		return "is not declared on every operating system"
	}
	return ""
}

// GenericNames lists the generic functions and types that the package at the
// import path exports, and that Exports therefore lacks, sorted.
func GenericNames(path string) []string {
	p := find(path)
	if p == nil {
		return nil
	}
	var names []string
	for _, l := range p.Missing {
		if l.Reason == table.Generic {
			names = append(names, l.Name)
		}
	}
	return names
}

// find looks the table up, and answers nil for a path that cannot be imported.
func find(path string) *table.Package {
	if _, p := findGroup(path); p != nil {
		return p
	}
	return nil
}

func findGroup(path string) (*group, *table.Package) {
	for i := range groups {
		ps := *groups[i].packages
		j, ok := slices.BinarySearchFunc(ps, path, func(p *table.Package, path string) int {
			return strings.Compare(p.Path, path)
		})
		if ok {
			return &groups[i], ps[j]
		}
	}
	return nil, nil
}
