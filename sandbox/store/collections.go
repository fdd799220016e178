package store

import (
	"bytes"
	"hash/fnv"
	"math/bits"
	"reflect"
	"slices"
	"unsafe"
)

// Large collections of an entity lie in records of their own, pages, so that
// a change writes the page it is on and not the whole.
const (
	pageItems = 64       // of a slice
	pageBytes = 64 << 10 // of a slice of bytes
	pageKeys  = 32       // of a map, about
)

type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

func (c *codec) buildSlice(p *plan) error {
	elem := p.typ.Elem()
	if elem.Kind() == reflect.Uint8 {
		p.write, p.read = writeBytes, readBytes
		return nil
	}
	ep, err := c.planOf(elem, false)
	if err != nil {
		return err
	}
	size := elem.Size()
	p.write = func(w *writer, q unsafe.Pointer) {
		h := (*sliceHeader)(q)
		if h.data == nil {
			w.uint(0)
			return
		}
		w.uint(uint64(h.len) + 1)
		some := func(from, to int) {
			w.depth++
			for i := from; i < to; i++ {
				ep.write(w, unsafe.Add(h.data, uintptr(i)*size))
			}
			w.depth--
		}
		if !w.pages(h.len > pageItems) {
			some(0, h.len)
			return
		}
		for i := 0; i < h.len; i += pageItems {
			w.page(func() { some(i, min(i+pageItems, h.len)) })
		}
	}
	p.read = func(r *reader, q unsafe.Pointer) {
		n, paged, ok := r.collection()
		if !ok {
			return
		}
		if n > r.bound(paged) {
			panic(corrupt("a list longer than its record"))
		}
		list := reflect.MakeSlice(p.typ, n, n)
		base := list.UnsafePointer()
		some := func(r *reader, from, to int) {
			for i := from; i < to; i++ {
				ep.read(r, unsafe.Add(base, uintptr(i)*size))
			}
		}
		if !paged {
			some(r, 0, n)
		} else {
			for i := 0; i < n; i += pageItems {
				some(r.page(), i, min(i+pageItems, n))
			}
		}
		reflect.NewAt(p.typ, q).Elem().Set(list)
	}
	return nil
}

func writeBytes(w *writer, q unsafe.Pointer) {
	b := *(*[]byte)(q)
	if b == nil {
		w.uint(0)
		return
	}
	w.uint(uint64(len(b)) + 1)
	if !w.pages(len(b) > pageBytes) {
		w.buf = append(w.buf, b...)
		return
	}
	for part := range slices.Chunk(b, pageBytes) {
		w.page(func() { w.buf = append(w.buf, part...) })
	}
}

func readBytes(r *reader, q unsafe.Pointer) {
	n, paged, ok := r.collection()
	if !ok {
		return
	}
	if !paged {
		*(*[]byte)(q) = bytes.Clone(r.take(n))
		return
	}
	b := make([]byte, 0, min(n, r.records*pageBytes))
	for len(b) < n {
		page := r.page()
		if len(page.buf) == 0 {
			panic(corrupt("an empty page"))
		}
		b = append(b, page.buf...)
	}
	*(*[]byte)(q) = b[:n]
}

// entry is one key of a map with its value, encoded.
type entry struct{ key, value []byte }

func (c *codec) buildMap(p *plan) error {
	kp, err := c.planOf(p.typ.Key(), false)
	if err != nil {
		return err
	}
	vp, err := c.planOf(p.typ.Elem(), false)
	if err != nil {
		return err
	}
	p.write = func(w *writer, q unsafe.Pointer) {
		v := reflect.NewAt(p.typ, q).Elem()
		if v.IsNil() {
			w.uint(0)
			return
		}
		n := v.Len()
		w.uint(uint64(n) + 1)
		paged := w.pages(n > 2*pageKeys)
		if n == 0 {
			return
		}
		list := w.entries(v, kp, vp)
		if !paged {
			w.sorted(list)
			return
		}
		count := 1 << bits.Len(uint(n/pageKeys))
		byPage := make([][]entry, count)
		for _, e := range list {
			h := fnv.New32a()
			h.Write(e.key)
			i := int(h.Sum32()) & (count - 1)
			byPage[i] = append(byPage[i], e)
		}
		w.uint(uint64(count))
		for _, part := range byPage {
			w.page(func() {
				w.uint(uint64(len(part)))
				w.sorted(part)
			})
		}
	}
	p.read = func(r *reader, q unsafe.Pointer) {
		n, paged, ok := r.collection()
		if !ok {
			return
		}
		m := reflect.MakeMapWithSize(p.typ, min(n, r.bound(paged)))
		some := func(r *reader, n int) {
			for range n {
				k, v := reflect.New(p.typ.Key()), reflect.New(p.typ.Elem())
				kp.read(r, k.UnsafePointer())
				vp.read(r, v.UnsafePointer())
				m.SetMapIndex(k.Elem(), v.Elem())
			}
		}
		if !paged {
			some(r, n)
		} else {
			for range r.len() {
				page := r.page()
				some(page, page.len())
			}
		}
		reflect.NewAt(p.typ, q).Elem().Set(m)
	}
	return nil
}

// entries encodes a map's keys and values, in no order.
func (w *writer) entries(m reflect.Value, kp, vp *plan) []entry {
	out := make([]entry, 0, m.Len())
	k, v := reflect.New(m.Type().Key()), reflect.New(m.Type().Elem())
	main := w.buf
	var scratch []byte
	w.depth++
	for it := m.MapRange(); it.Next(); {
		k.Elem().SetIterKey(it)
		v.Elem().SetIterValue(it)
		from := len(scratch)
		w.buf = scratch
		kp.write(w, k.UnsafePointer())
		mid := len(w.buf)
		vp.write(w, v.UnsafePointer())
		scratch = w.buf
		out = append(out, entry{scratch[from:mid:mid], scratch[mid:len(scratch):len(scratch)]})
	}
	w.depth--
	w.buf = main
	return out
}

// sorted writes entries in the order of their keys: equal maps look equal.
func (w *writer) sorted(list []entry) {
	slices.SortFunc(list, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	for _, e := range list {
		w.buf = append(w.buf, e.key...)
		w.buf = append(w.buf, e.value...)
	}
}
