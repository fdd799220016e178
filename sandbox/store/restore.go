package store

import (
	"fmt"
	"reflect"
	"unsafe"
)

// restore fills the state of units from records. What is not used of them is
// left in c.records, what is used taken out.
func (k *walker) restore(c *contents, units []*unit, body func(name string, size int64) (*Body, error)) error {
	for k2 := range c.records {
		k.next = max(k.next, k2.id+1)
	}
	for name, id := range c.roots {
		k.roots[name] = id
		k.next = max(k.next, id+1)
	}
	for _, u := range units {
		if err := k.restoreUnit(c, u, body); err != nil {
			return fmt.Errorf("state of %s: %w", u.Name, err)
		}
	}
	return nil
}

func (k *walker) restoreUnit(c *contents, u *unit, body func(string, int64) (*Body, error)) (err error) {
	defer caught(&err)
	var queue []queued
	found := map[uint64]unsafe.Pointer{}
	r := &reader{records: len(c.records)}
	meet := func(id uint64, pl *plan, p unsafe.Pointer) {
		e := &entity{id: id, plan: pl}
		found[id], u.entities[p] = p, e
		queue = append(queue, queued{p, e})
	}
	r.resolve = func(id uint64, pl *plan) unsafe.Pointer {
		if id == 0 {
			return nil
		}
		p := found[id]
		if p == nil {
			p = reflect.New(pl.typ).UnsafePointer()
			meet(id, pl, p)
		}
		return p
	}
	r.body = func(name string, size int64) *Body {
		b, err := body(name, size)
		if err != nil {
			panic(corrupt(err.Error()))
		}
		return b
	}
	root, ok := k.roots[u.Name]
	if !ok || c.records[key{root, 0}].data == nil {
		return nil // the service was not there before, or nothing happened to it
	}
	meet(root, u.root, reflect.ValueOf(u.Root).UnsafePointer())
	for _, f := range u.root.fields { // what a new state begins with
		reflect.NewAt(f.plan.typ, unsafe.Add(reflect.ValueOf(u.Root).UnsafePointer(), f.offset)).Elem().SetZero()
	}
	for len(queue) > 0 {
		q := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		rec, ok := c.records[key{q.e.id, 0}]
		if !ok {
			return corrupt(fmt.Sprintf("a %s is missing", q.e.plan.typ))
		}
		if s := c.schemas.byNo[rec.schema]; s == nil || s != q.e.plan.schema {
			return corrupt(fmt.Sprintf("a record is no %s", q.e.plan.typ))
		}
		delete(c.records, key{q.e.id, 0})
		r.paged = func(page uint64) []byte {
			at := key{q.e.id, page}
			b := c.records[at].data
			delete(c.records, at)
			q.e.pages = append(q.e.pages, pageHash{page, k.hash(b)})
			return b
		}
		r.buf, r.off = rec.data, 0
		q.e.plan.read(r, q.p)
	}
	var members []Member
	if u.member != nil {
		members = k.restoreMembers(c, u, r)
	}
	if u.Restored != nil {
		return u.Restored(members)
	}
	return nil
}

func (k *walker) restoreMembers(c *contents, u *unit, r *reader) []Member {
	var out []Member
	known := r.resolve
	for at, rec := range c.records {
		if at.page != 0 || c.schemas.byNo[rec.schema] != u.member.schema {
			continue
		}
		v := reflect.New(u.member.typ)
		r.buf, r.off, r.resolve = rec.data, 0, func(id uint64, pl *plan) unsafe.Pointer {
			n := len(u.entities)
			p := known(id, pl)
			if len(u.entities) != n {
				panic(corrupt(fmt.Sprintf("a %s is missing", pl.typ)))
			}
			return p
		}
		u.member.read(r, v.UnsafePointer())
		m := v.Interface().(Member)
		*m.Handle() = Handle{id: at.id}
		out = append(out, m)
		delete(c.records, at)
	}
	return out
}
