package store

import (
	"fmt"
	"maps"
	"slices"
)

// schemas are the struct types on disk: each has a number, and each of its
// fields. Numbers stay when fields come and go, so that a newer pawsh reads
// what an older one wrote.
type schemas struct {
	byName map[string]*schema
	byNo   map[uint64]*schema
}

type schema struct {
	name   string
	no     uint64
	fields map[string]schemaField
	fresh  bool // not on disk as it is
}

type schemaField struct {
	no   uint64
	kind string // its type, by name
}

func newSchemas() *schemas {
	return &schemas{byName: map[string]*schema{}, byNo: map[uint64]*schema{}}
}

// of gives the schema of a type, a new one for a type that was not there.
func (s *schemas) of(name string) *schema {
	if k := s.byName[name]; k != nil {
		return k
	}
	k := &schema{name: name, no: uint64(len(s.byName)) + 1, fields: map[string]schemaField{}, fresh: true}
	s.byName[name], s.byNo[k.no] = k, k
	return k
}

// field gives a field's number.
func (k *schema) field(name, kind string) (uint64, error) {
	if f, ok := k.fields[name]; ok {
		if f.kind != kind {
			return 0, fmt.Errorf("%s.%s is a %s and was a %s: the state is of another version of pawsh", k.name, name, kind, f.kind)
		}
		return f.no, nil
	}
	f := schemaField{no: uint64(len(k.fields)) + 1, kind: kind}
	k.fields[name] = f
	k.fresh = true
	return f.no, nil
}

// write encodes the schema; read takes in one.
func (k *schema) write(w *writer) {
	w.uint(k.no)
	w.text(k.name)
	w.uint(uint64(len(k.fields)))
	for _, name := range slices.SortedFunc(maps.Keys(k.fields), func(a, b string) int { return int(k.fields[a].no) - int(k.fields[b].no) }) {
		w.text(name)
		w.text(k.fields[name].kind)
	}
}

func (s *schemas) read(r *reader) {
	k := &schema{no: r.uint(), name: string(r.bytes()), fields: map[string]schemaField{}}
	for i := range r.len() {
		name := string(r.bytes())
		k.fields[name] = schemaField{no: uint64(i) + 1, kind: string(r.bytes())}
	}
	s.byName[k.name], s.byNo[k.no] = k, k
}
