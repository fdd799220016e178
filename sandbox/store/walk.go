package store

import (
	"fmt"
	"hash/maphash"
	"math"
	"reflect"
	"unsafe"
)

// unit is a Unit at work.
type unit struct {
	*Unit
	root     *plan
	member   *plan // nil without large sets
	seen     uint64
	gen      uint32 // of the walk
	entities map[unsafe.Pointer]*entity
	queue    []queued
}

// never is a count of changes that no lock has.
const never = math.MaxUint64

// entity is what is known of a record on disk.
type entity struct {
	id    uint64
	plan  *plan
	hash  uint64 // of what is compared
	pages []pageHash
	gen   uint32 // of the last walk that met it
}

type pageHash struct{ page, hash uint64 }

type queued struct {
	p unsafe.Pointer
	e *entity
}

// walker walks units and gathers in batch what differs from what is known.
type walker struct {
	codec   *codec
	schemas *schemas
	next    uint64 // id
	roots   map[string]uint64
	seed    maphash.Seed
	batch   []byte // a frame that is not written yet
	dead    []any  // kept alive until the frame is written
	bodies  func(*Body) string
	w       writer
}

func newWalker(s *schemas) *walker {
	return &walker{codec: newCodec(s), schemas: s, roots: map[string]uint64{}, seed: maphash.MakeSeed(), next: 1, batch: make([]byte, frameHead),
		bodies: func(b *Body) string { return b.name }}
}

// open makes the plans of a unit.
func (k *walker) open(u *Unit) (*unit, error) {
	for _, x := range u.Holds {
		if err := k.codec.register(x); err != nil {
			return nil, fmt.Errorf("state of %s: %w", u.Name, err)
		}
	}
	root, err := k.codec.planOf(u.rootType(), false)
	if err != nil {
		return nil, fmt.Errorf("state of %s: %w", u.Name, err)
	}
	out := &unit{Unit: u, root: root, seen: never, entities: map[unsafe.Pointer]*entity{}}
	if u.Member != nil {
		if out.member, err = k.codec.planOf(reflect.TypeOf(u.Member).Elem(), false); err != nil {
			return nil, fmt.Errorf("state of %s: %w", u.Name, err)
		}
	}
	return out, nil
}

// rootID gives the id of a unit's root.
func (k *walker) rootID(name string) uint64 {
	id := k.roots[name]
	if id == 0 {
		id = k.newID()
		k.roots[name] = id
		k.op(opRoot, func(w *writer) {
			w.text(name)
			w.uint(id)
		})
	}
	return id
}

func (k *walker) newID() uint64 {
	k.next++
	return k.next - 1
}

// walk compares a unit with what is on disk. The unit's lock is held.
func (k *walker) walk(u *unit) (err error) {
	defer caught(&err)
	k.writeSchemas()
	u.gen++
	u.queue = u.queue[:0]
	met := 0
	k.w.body = k.bodies
	k.w.refer = func(p unsafe.Pointer, pl *plan) uint64 {
		e := u.entities[p]
		switch {
		case e == nil:
			e = &entity{id: k.newID(), plan: pl}
			u.entities[p] = e
		case e.plan != pl:
			panic(unkept(fmt.Sprintf("a %s at the place of a %s", pl.typ, e.plan.typ)))
		}
		if e.gen != u.gen {
			e.gen = u.gen
			met++
			u.queue = append(u.queue, queued{p, e})
		}
		return e.id
	}
	p := reflect.ValueOf(u.Root).UnsafePointer()
	if u.entities[p] == nil {
		u.entities[p] = &entity{id: k.rootID(u.Name), plan: u.root}
	}
	k.w.refer(p, u.root)
	for len(u.queue) > 0 {
		q := u.queue[len(u.queue)-1]
		u.queue = u.queue[:len(u.queue)-1]
		k.compare(q.e, q.p)
	}
	k.w.refer = func(p unsafe.Pointer, pl *plan) uint64 {
		if e := u.entities[p]; e != nil && e.gen == u.gen {
			return e.id
		}
		panic(unkept(fmt.Sprintf("a %s that only a large set refers to", pl.typ)))
	}
	if u.Touched != nil {
		for m, there := range u.Touched.take() {
			k.touch(u, m, there)
		}
	}
	if met < len(u.entities) {
		k.sweep(u)
	}
	return nil
}

// compare writes what of an entity differs from what is on disk.
func (k *walker) compare(e *entity, p unsafe.Pointer) {
	n := 0
	k.w.emit = func(page uint64, b []byte) {
		h := k.hash(b)
		if n == len(e.pages) {
			e.pages = append(e.pages, pageHash{})
		}
		if old := e.pages[n]; old.page != page || old.hash != h {
			if old.page != 0 && old.page != page {
				k.forgetPages(e, n)
				e.pages = append(e.pages, pageHash{})
			}
			e.pages[n] = pageHash{page, h}
			k.put(e.id, page, 0, b)
		}
		n++
	}
	k.w.entity(e.plan, p)
	k.forgetPages(e, n)
	if h := k.hash(k.w.buf[:k.w.compared]); h != e.hash {
		e.hash = h
		k.put(e.id, 0, e.plan.schema.no, k.w.buf)
	}
}

// forgetPages deletes an entity's pages from the nth on.
func (k *walker) forgetPages(e *entity, n int) {
	for _, old := range e.pages[n:] {
		k.delete(e.id, old.page)
	}
	e.pages = e.pages[:n]
}

// touch writes or deletes one member of a large set.
func (k *walker) touch(u *unit, m Member, there bool) {
	h := m.Handle()
	if !there {
		if h.id != 0 {
			k.delete(h.id, 0)
			h.id = 0
		}
		k.dead = append(k.dead, m)
		return
	}
	k.w.emit = nil // members have no pages
	k.w.entity(u.member, reflect.ValueOf(m).UnsafePointer())
	if h.id == 0 {
		h.id, h.hash = k.newID(), 0
	}
	if sum := k.hash(k.w.buf[:k.w.compared]); sum != h.hash {
		h.hash = sum
		k.put(h.id, 0, u.member.schema.no, k.w.buf)
	}
}

// sweep deletes the entities that the walk did not meet.
func (k *walker) sweep(u *unit) {
	for p, e := range u.entities {
		if e.gen == u.gen {
			continue
		}
		k.forgetPages(e, 0)
		k.delete(e.id, 0)
		delete(u.entities, p)
		k.dead = append(k.dead, p)
	}
}

func (k *walker) hash(b []byte) uint64 { return max(maphash.Bytes(k.seed, b), 1) }

// op appends an operation to the batch.
func (k *walker) op(code byte, fill func(*writer)) {
	w := writer{buf: append(k.batch, code)}
	fill(&w)
	k.batch = w.buf
}

func (k *walker) put(id, page, schema uint64, b []byte) {
	k.op(opPut, func(w *writer) {
		w.uint(id)
		w.uint(page)
		w.uint(schema)
		w.uint(uint64(len(b)))
		w.buf = append(w.buf, b...)
	})
}

func (k *walker) delete(id, page uint64) {
	k.op(opDelete, func(w *writer) {
		w.uint(id)
		w.uint(page)
	})
}

// writeSchemas tells of the types that are not on disk as they are.
func (k *walker) writeSchemas() {
	for _, s := range k.schemas.byName {
		if s.fresh {
			s.fresh = false
			k.op(opSchema, s.write)
		}
	}
}
