package store

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Unit is the state of one service, as the store sees it.
type Unit struct {
	// Name is the service's, such as ec2. It must not change.
	Name string
	// Root points to the struct that holds the state.
	Root any
	// Guard guards all of it. The store holds it while it walks the state.
	Guard Guard
	// Holds are examples of what interfaces in the state may hold.
	Holds []any
	// Touched names the changes of the sets that are too large to be walked,
	// nil without such. Their fields say `store:"-"`; what their members refer
	// to must be reachable from Root without them.
	Touched *Touched
	// Member is an example of the members of those sets.
	Member Member
	// Members gives all of them, for exports.
	Members func(yield func(Member))
	// Restored is called when the state was read, with the members of the
	// large sets in no order: it rebuilds what is not kept. nil does nothing.
	Restored func([]Member) error
}

// Guard is a lock that knows how often it was taken.
type Guard interface {
	sync.Locker
	// Changes tells how often the lock was taken to write.
	Changes() uint64
}

// Mutex is a sync.Mutex that is a Guard.
type Mutex struct {
	sync.Mutex
	n atomic.Uint64
}

// Lock locks m.
func (m *Mutex) Lock() {
	m.Mutex.Lock()
	m.n.Add(1)
}

// RLock locks m for a look that changes nothing.
func (m *Mutex) RLock() { m.Mutex.Lock() }

// RUnlock unlocks what RLock locked.
func (m *Mutex) RUnlock() { m.Mutex.Unlock() }

// Changed counts a change made during a look after all.
func (m *Mutex) Changed() { m.n.Add(1) }

// Changes tells how often m was locked.
func (m *Mutex) Changes() uint64 { return m.n.Load() }

// RWMutex is a sync.RWMutex that is a Guard: only locks for writing count.
type RWMutex struct {
	sync.RWMutex
	n atomic.Uint64
}

// Lock locks m for writing.
func (m *RWMutex) Lock() {
	m.RWMutex.Lock()
	m.n.Add(1)
}

// Changes tells how often m was locked for writing.
func (m *RWMutex) Changes() uint64 { return m.n.Load() }

// Both is a Guard of two locks, taken in their order.
func Both(first, second Guard) Guard { return both{first, second} }

type both struct{ first, second Guard }

func (b both) Lock() {
	b.first.Lock()
	b.second.Lock()
}

func (b both) Unlock() {
	b.second.Unlock()
	b.first.Unlock()
}

func (b both) Changes() uint64 { return b.first.Changes() + b.second.Changes() }

// Handle is the place of a large set's member on disk.
type Handle struct{ id, hash uint64 }

// Member is a member of a large set: a pointer to a struct with a Handle.
type Member interface {
	// Handle is where the store remembers the member.
	Handle() *Handle
}

// Touched collects what changed in a large set. It belongs to the lock of its
// unit. Without a store it costs nothing.
type Touched struct {
	on   bool
	list map[Member]bool // whether it is still there
}

// Keep notes a member that is new or has changed.
func (t *Touched) Keep(m Member) {
	if t != nil && t.on {
		t.list[m] = true
	}
}

// Drop notes a member that is gone.
func (t *Touched) Drop(m Member) {
	if t != nil && t.on {
		t.list[m] = false
	}
}

// begin starts collecting.
func (t *Touched) begin() { t.on, t.list = true, map[Member]bool{} }

// take hands over what was collected.
func (t *Touched) take() map[Member]bool {
	list := t.list
	if len(list) > 0 {
		t.list = map[Member]bool{}
	}
	return list
}

// rootType is the type of a unit's state.
func (u *Unit) rootType() reflect.Type { return reflect.TypeOf(u.Root).Elem() }

// pointerOf is the address of a member.
func pointerOf(m Member) unsafe.Pointer { return reflect.ValueOf(m).UnsafePointer() }
