// Package table holds the form in which generated packages describe what they
// make available to the interpreter: tables of static data, laid out by the
// linker, that cost nothing until Map is asked for one of them.
package table

import (
	"go/constant"
	"go/token"
	"reflect"
	"slices"
	"strings"
)

// Package describes one importable package. Each list is sorted by name.
type Package struct {
	Path string // import path
	Name string // name in the package clause

	Values []Symbol // functions, typed constants, and types as nil pointers
	Vars   []Symbol // pointers to variables

	// Wrappers have, for an interface, the struct by which interpreted values
	// become values of it: a nil pointer to it, by the name of the interface.
	Wrappers []Symbol

	// Untyped constants: the interpreter wants them as go/constant values, so
	// that big ones do not overflow.
	Ints    []Literal
	Floats  []Literal
	Strings []Literal

	// Missing lists exported names that have no symbol.
	Missing []Lack
}

// Symbol is a name and what it stands for.
type Symbol struct {
	Name  string
	Value any
}

// Literal is an untyped constant. Text is Go syntax, but for strings, where it
// is the string itself.
type Literal struct {
	Name string
	Text string
}

// Lack is an exported name that compiled code cannot hand to the interpreter.
type Lack struct {
	Name   string
	Reason Reason
}

// Reason says why a name has no symbol.
type Reason uint8

// The reasons.
const (
	Generic  Reason = iota + 1 // a generic function or type has no value before it is instantiated
	Type                       // a constraint is not the type of any value
	Platform                   // not declared on every operating system the shell is built for
)

// Has reports whether there is a symbol of that name.
func (p *Package) Has(name string) bool {
	return hasSymbol(p.Values, name) || hasSymbol(p.Vars, name) ||
		hasLiteral(p.Ints, name) || hasLiteral(p.Floats, name) || hasLiteral(p.Strings, name)
}

func hasSymbol(list []Symbol, name string) bool {
	_, ok := slices.BinarySearchFunc(list, name, func(s Symbol, name string) int { return strings.Compare(s.Name, name) })
	return ok
}

func hasLiteral(list []Literal, name string) bool {
	_, ok := slices.BinarySearchFunc(list, name, func(l Literal, name string) int { return strings.Compare(l.Name, name) })
	return ok
}

// Why says for what reason a name has no symbol. It answers 0 where it has one
// and where the package does not export it.
func (p *Package) Why(name string) Reason {
	i, ok := slices.BinarySearchFunc(p.Missing, name, func(l Lack, name string) int { return strings.Compare(l.Name, name) })
	if !ok {
		return 0
	}
	return p.Missing[i].Reason
}

// Map builds the symbols of p in the form of yaegi's interp.Exports. Each call
// builds a new map, owned by the caller.
func (p *Package) Map() map[string]reflect.Value {
	n := len(p.Values) + len(p.Vars) + len(p.Wrappers) + len(p.Ints) + len(p.Floats) + len(p.Strings)
	m := make(map[string]reflect.Value, n)
	for _, s := range p.Values {
		m[s.Name] = reflect.ValueOf(s.Value)
	}
	for _, s := range p.Vars {
		m[s.Name] = reflect.ValueOf(s.Value).Elem()
	}
	for _, s := range p.Wrappers {
		m["_"+s.Name] = reflect.ValueOf(s.Value)
	}
	for _, l := range p.Ints {
		m[l.Name] = reflect.ValueOf(constant.MakeFromLiteral(l.Text, token.INT, 0))
	}
	for _, l := range p.Floats {
		m[l.Name] = reflect.ValueOf(constant.MakeFromLiteral(l.Text, token.FLOAT, 0))
	}
	for _, l := range p.Strings {
		m[l.Name] = reflect.ValueOf(constant.MakeString(l.Text))
	}
	return m
}
