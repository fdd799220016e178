package store

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// corrupt is a record that can't be read, unkept a value that can't be
// written. Both travel as panics inside of the package.
type (
	corrupt string
	unkept  string
)

func (c corrupt) Error() string { return "the record is damaged: " + string(c) }
func (u unkept) Error() string  { return "can't be kept: " + string(u) }

// caught makes an error of what was panicked with.
func caught(err *error) {
	switch v := recover().(type) {
	case nil:
	case corrupt:
		*err = v
	case unkept:
		*err = v
	default:
		panic(v)
	}
}

// writer encodes one entity: its main record in buf, its pages through emit.
type writer struct {
	buf      []byte
	depth    int // 0 at the entity, 1 at its fields
	compared int // how much of buf is compared, all when 0

	refer func(p unsafe.Pointer, to *plan) uint64 // the id of an entity
	body  func(*Body) string                      // names a body that is no part of the record
	emit  func(page uint64, b []byte)

	collection uint64 // number of paged collections so far
	pageNo     uint64
	pageBuf    []byte
}

// entity encodes what p points to.
func (w *writer) entity(pl *plan, p unsafe.Pointer) {
	w.buf, w.depth, w.compared, w.collection = w.buf[:0], 0, 0, 0
	pl.write(w, p)
	if w.compared == 0 {
		w.compared = len(w.buf)
	}
}

func (w *writer) uint(n uint64)  { w.buf = binary.AppendUvarint(w.buf, n) }
func (w *writer) int(n int64)    { w.buf = binary.AppendVarint(w.buf, n) }
func (w *writer) fixed(n uint64) { w.buf = binary.LittleEndian.AppendUint64(w.buf, n) }

func (w *writer) text(s string) {
	w.uint(uint64(len(s)))
	w.buf = append(w.buf, s...)
}

// field writes a field that is not zero. Its length is known afterwards only:
// one byte is left for it, and more room made where that is too little.
func (w *writer) field(f *field, q unsafe.Pointer) {
	p := unsafe.Add(q, f.offset)
	if zero(p, f.plan.typ.Size()) {
		return
	}
	w.uint(f.no)
	at := len(w.buf)
	w.buf = append(w.buf, 0)
	f.plan.write(w, p)
	n := uint64(len(w.buf) - at - 1)
	if n < 0x80 {
		w.buf[at] = byte(n)
		return
	}
	var head [binary.MaxVarintLen64]byte
	k := binary.PutUvarint(head[:], n)
	w.buf = append(w.buf, head[:k-1]...)
	copy(w.buf[at+k:], w.buf[at+1:])
	copy(w.buf[at:], head[:k])
}

func zero(p unsafe.Pointer, n uintptr) bool {
	at := uintptr(0) // p itself must not go past the end
	for uintptr(p)%8 == 0 && n-at >= 8 {
		if *(*uint64)(unsafe.Add(p, at)) != 0 {
			return false
		}
		at += 8
	}
	for ; at < n; at++ {
		if *(*byte)(unsafe.Add(p, at)) != 0 {
			return false
		}
	}
	return true
}

// pages says whether a collection that is large goes to pages: those of an
// entity's own fields do.
func (w *writer) pages(large bool) bool {
	if !large || w.depth != 1 || w.emit == nil {
		w.buf = append(w.buf, 0)
		return false
	}
	w.buf = append(w.buf, 1)
	w.collection++
	w.pageNo = 0
	w.uint(w.collection)
	return true
}

// page writes the next page of the collection at hand.
func (w *writer) page(fill func()) {
	main := w.buf
	w.buf = w.pageBuf[:0]
	fill()
	w.emit(w.collection<<32|w.pageNo+1, w.buf)
	w.pageNo++
	w.pageBuf, w.buf = w.buf, main
}

// reader decodes one record. It panics with corrupt.
type reader struct {
	buf []byte
	off int

	resolve func(id uint64, to *plan) unsafe.Pointer
	body    func(name string, size int64) *Body
	paged   func(page uint64) []byte
	records int // how many there are

	collectionNo, pageNo uint64
}

func (r *reader) byte() byte { return r.take(1)[0] }

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.buf)-r.off {
		panic(corrupt("it is too short"))
	}
	b := r.buf[r.off : r.off+n]
	r.off += n
	return b
}

func (r *reader) uint() uint64 {
	n, k := binary.Uvarint(r.buf[r.off:])
	if k <= 0 {
		panic(corrupt("a number has no end"))
	}
	r.off += k
	return n
}

func (r *reader) int() int64 {
	n, k := binary.Varint(r.buf[r.off:])
	if k <= 0 {
		panic(corrupt("a number has no end"))
	}
	r.off += k
	return n
}

func (r *reader) fixed() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }

// len is a number that counts or measures something.
func (r *reader) len() int {
	n := r.uint()
	if n > 1<<40 {
		panic(corrupt(fmt.Sprintf("a length of %d", n)))
	}
	return int(n)
}

func (r *reader) bytes() []byte { return r.take(r.len()) }

// collection reads the head of a slice or map, ok is false for a nil one.
func (r *reader) collection() (n int, paged, ok bool) {
	if n = r.len(); n == 0 {
		return 0, false, false
	}
	if paged = r.byte() == 1; paged {
		r.collectionNo, r.pageNo = r.uint(), 0
	}
	return n - 1, paged, true
}

// bound is how many items a collection can have at most, by what there is to
// read: a damaged length must not ask for all memory.
func (r *reader) bound(paged bool) int {
	if paged {
		return r.records * pageItems
	}
	return len(r.buf) - r.off + 1<<16
}

// page opens the next page of the collection at hand.
func (r *reader) page() *reader {
	r.pageNo++
	b := r.paged(r.collectionNo<<32 | r.pageNo)
	if b == nil {
		panic(corrupt("a page is missing"))
	}
	p := *r
	p.buf, p.off = b, 0
	return &p
}
