package store

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// ours begins the import paths of the packages whose structs are entities.
const ours = "pawsh/sandbox"

// plan is how values of one type are written and read. p points to the value.
type plan struct {
	typ    reflect.Type
	write  func(w *writer, p unsafe.Pointer)
	read   func(r *reader, p unsafe.Pointer)
	fields []field // of a struct
	schema *schema
}

// field is one field of a struct that is kept.
type field struct {
	name   string
	no     uint64 // its number on disk
	offset uintptr
	plan   *plan
	lazy   bool // written along, but no change by itself
}

// codec makes the plans of types. It is not safe for concurrent use.
type codec struct {
	plans   map[planKey]*plan
	schemas *schemas
	named   map[string]reflect.Type // what interfaces may hold
	names   map[reflect.Type]string
}

// planKey tells a pointer that is an entity from one whose struct is a value.
type planKey struct {
	typ    reflect.Type
	inline bool
}

func newCodec(s *schemas) *codec {
	return &codec{plans: map[planKey]*plan{}, schemas: s, named: map[string]reflect.Type{}, names: map[reflect.Type]string{}}
}

// register lets interfaces hold values of the type of example.
func (c *codec) register(example any) error {
	t := reflect.TypeOf(example)
	c.named[fullName(t)], c.names[t] = t, fullName(t)
	_, err := c.planOf(t, false)
	return err
}

func fullName(t reflect.Type) string {
	switch {
	case t.Name() != "" && t.PkgPath() != "":
		return t.PkgPath() + "." + t.Name()
	case t.Name() != "":
		return t.Name()
	case t.Kind() == reflect.Pointer:
		return "*" + fullName(t.Elem())
	case t.Kind() == reflect.Slice:
		return "[]" + fullName(t.Elem())
	}
	return t.String()
}

// isEntity tells the structs that have an identity.
func isEntity(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && (t.PkgPath() == ours || strings.HasPrefix(t.PkgPath(), ours+"/"))
}

var (
	locker      = reflect.TypeFor[sync.Locker]()
	timeType    = reflect.TypeFor[time.Time]()
	bodyType    = reflect.TypeFor[*Body]()
	handleType  = reflect.TypeFor[Handle]()
	touchedType = reflect.TypeFor[Touched]()
	marshaler   = reflect.TypeFor[encoding.BinaryMarshaler]()
	unmarshaler = reflect.TypeFor[encoding.BinaryUnmarshaler]()
)

// planOf makes the plan of a type, and of all types that it holds.
func (c *codec) planOf(t reflect.Type, inline bool) (*plan, error) {
	key := planKey{t, inline}
	if p := c.plans[key]; p != nil {
		return p, nil
	}
	p := &plan{typ: t}
	c.plans[key] = p // before it is whole: types hold themselves
	var err error
	switch {
	case t == bodyType:
		p.write, p.read = writeBody, readBody
	case t == timeType:
		p.write, p.read = writeTime, readTime
	case reflect.PointerTo(t).Implements(unmarshaler) && reflect.PointerTo(t).Implements(marshaler):
		p.write, p.read = marshalPlan(t)
	default:
		err = c.build(p, inline)
	}
	if err != nil {
		delete(c.plans, key)
		return nil, err
	}
	return p, nil
}

func (c *codec) build(p *plan, inline bool) error {
	t := p.typ
	switch t.Kind() {
	case reflect.Bool:
		p.write = func(w *writer, q unsafe.Pointer) { w.buf = append(w.buf, *(*byte)(q)) }
		p.read = func(r *reader, q unsafe.Pointer) { *(*bool)(q) = r.byte() != 0 }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.write, p.read = intPlan(t.Size())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.write, p.read = uintPlan(t.Size())
	case reflect.Float32:
		p.write = func(w *writer, q unsafe.Pointer) { w.fixed(uint64(*(*uint32)(q))) }
		p.read = func(r *reader, q unsafe.Pointer) { *(*uint32)(q) = uint32(r.fixed()) }
	case reflect.Float64:
		p.write = func(w *writer, q unsafe.Pointer) { w.fixed(*(*uint64)(q)) }
		p.read = func(r *reader, q unsafe.Pointer) { *(*uint64)(q) = r.fixed() }
	case reflect.String:
		p.write = func(w *writer, q unsafe.Pointer) { w.text(*(*string)(q)) }
		p.read = func(r *reader, q unsafe.Pointer) { *(*string)(q) = string(r.bytes()) }
	case reflect.Struct:
		return c.buildStruct(p)
	case reflect.Pointer:
		return c.buildPointer(p, inline)
	case reflect.Slice:
		return c.buildSlice(p)
	case reflect.Array:
		return c.buildArray(p)
	case reflect.Map:
		return c.buildMap(p)
	case reflect.Interface:
		c.buildInterface(p)
	default:
		return fmt.Errorf("a %s cannot be kept: tag the field `store:\"-\"`", t)
	}
	return nil
}

func (c *codec) buildStruct(p *plan) error {
	t := p.typ
	p.schema = c.schemas.of(fullName(t))
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("store")
		if tag == "-" || f.Type == handleType || f.Type == touchedType || reflect.PointerTo(f.Type).Implements(locker) || f.Type.Size() == 0 {
			continue
		}
		fp, err := c.planOf(f.Type, tag == "inline")
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		no, err := p.schema.field(f.Name, fullName(f.Type))
		if err != nil {
			return err
		}
		p.fields = append(p.fields, field{name: f.Name, no: no, offset: f.Offset, plan: fp, lazy: tag == "lazy"})
	}
	p.write, p.read = p.writeStruct, p.readStruct
	return nil
}

// writeStruct writes the fields that are not zero, each with its number and
// length, so that a reader can pass over what it does not know. In an entity
// the lazy ones come last, behind what is compared.
func (p *plan) writeStruct(w *writer, q unsafe.Pointer) {
	entity := w.depth == 0
	w.depth++
	lazy := false
	for i := range p.fields {
		if f := &p.fields[i]; entity && f.lazy {
			lazy = true
		} else {
			w.field(f, q)
		}
	}
	if lazy {
		w.compared = len(w.buf)
		for i := range p.fields {
			if f := &p.fields[i]; f.lazy {
				w.field(f, q)
			}
		}
	}
	w.depth--
	w.buf = append(w.buf, 0)
}

func (p *plan) readStruct(r *reader, q unsafe.Pointer) {
	byNo := p.byNo()
	for {
		no := r.uint()
		if no == 0 {
			return
		}
		end := r.off + r.len()
		if f := byNo[no]; f != nil {
			f.plan.read(r, unsafe.Add(q, f.offset))
			if r.off != end {
				panic(corrupt(fmt.Sprintf("%s.%s: %d bytes too many", p.typ, f.name, end-r.off)))
			}
		}
		r.off = end
	}
}

func (p *plan) byNo() map[uint64]*field {
	m := make(map[uint64]*field, len(p.fields))
	for i := range p.fields {
		m[p.fields[i].no] = &p.fields[i]
	}
	return m
}

// buildPointer makes a reference of a pointer to an entity, and a value that
// may be missing of any other.
func (c *codec) buildPointer(p *plan, inline bool) error {
	elem := p.typ.Elem()
	ep, err := c.planOf(elem, false)
	if err != nil {
		return err
	}
	if isEntity(elem) && !inline {
		p.write = func(w *writer, q unsafe.Pointer) {
			if to := *(*unsafe.Pointer)(q); to == nil {
				w.uint(0)
			} else {
				w.uint(w.refer(to, ep))
			}
		}
		p.read = func(r *reader, q unsafe.Pointer) { *(*unsafe.Pointer)(q) = r.resolve(r.uint(), ep) }
		return nil
	}
	p.write = func(w *writer, q unsafe.Pointer) {
		to := *(*unsafe.Pointer)(q)
		if to == nil {
			w.buf = append(w.buf, 0)
			return
		}
		w.buf = append(w.buf, 1)
		w.depth++
		ep.write(w, to)
		w.depth--
	}
	p.read = func(r *reader, q unsafe.Pointer) {
		if r.byte() == 0 {
			return
		}
		v := reflect.New(elem).UnsafePointer()
		ep.read(r, v)
		*(*unsafe.Pointer)(q) = v
	}
	return nil
}

func (c *codec) buildArray(p *plan) error {
	ep, err := c.planOf(p.typ.Elem(), false)
	if err != nil {
		return err
	}
	n, size := p.typ.Len(), p.typ.Elem().Size()
	p.write = func(w *writer, q unsafe.Pointer) {
		w.depth++
		for i := range n {
			ep.write(w, unsafe.Add(q, uintptr(i)*size))
		}
		w.depth--
	}
	p.read = func(r *reader, q unsafe.Pointer) {
		for i := range n {
			ep.read(r, unsafe.Add(q, uintptr(i)*size))
		}
	}
	return nil
}

// buildInterface keeps the values of registered types.
func (c *codec) buildInterface(p *plan) {
	p.write = func(w *writer, q unsafe.Pointer) {
		v := reflect.NewAt(p.typ, q).Elem()
		if v.IsNil() {
			w.uint(0)
			return
		}
		v = v.Elem()
		name, ok := c.names[v.Type()]
		if !ok {
			panic(unkept(fmt.Sprintf("a %s in an interface: register the type", v.Type())))
		}
		ep, err := c.planOf(v.Type(), false)
		if err != nil {
			panic(unkept(err.Error()))
		}
		w.uint(uint64(len(name)))
		w.buf = append(w.buf, name...)
		held := reflect.New(v.Type())
		held.Elem().Set(v)
		w.depth++
		ep.write(w, held.UnsafePointer())
		w.depth--
	}
	p.read = func(r *reader, q unsafe.Pointer) {
		name := string(r.bytes())
		if name == "" {
			return
		}
		t := c.named[name]
		if t == nil {
			panic(corrupt("a value of the unknown type " + name))
		}
		ep, err := c.planOf(t, false)
		if err != nil {
			panic(corrupt(err.Error()))
		}
		held := reflect.New(t)
		ep.read(r, held.UnsafePointer())
		reflect.NewAt(p.typ, q).Elem().Set(held.Elem())
	}
}

// marshalPlan is for types that know how to write themselves, such as
// addresses of the network.
func marshalPlan(t reflect.Type) (func(*writer, unsafe.Pointer), func(*reader, unsafe.Pointer)) {
	write := func(w *writer, q unsafe.Pointer) {
		b, err := reflect.NewAt(t, q).Interface().(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil {
			panic(unkept(fmt.Sprintf("%s: %v", t, err)))
		}
		w.uint(uint64(len(b)))
		w.buf = append(w.buf, b...)
	}
	read := func(r *reader, q unsafe.Pointer) {
		if err := reflect.NewAt(t, q).Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(r.bytes()); err != nil {
			panic(corrupt(fmt.Sprintf("%s: %v", t, err)))
		}
	}
	return write, read
}

func writeTime(w *writer, q unsafe.Pointer) {
	t := (*time.Time)(q)
	w.int(t.Unix())
	w.uint(uint64(t.Nanosecond()))
}

// readTime gives times in UTC, as the sandbox's clock does.
func readTime(r *reader, q unsafe.Pointer) {
	sec := r.int()
	*(*time.Time)(q) = time.Unix(sec, int64(r.uint())).UTC()
}

func intPlan(size uintptr) (func(*writer, unsafe.Pointer), func(*reader, unsafe.Pointer)) {
	switch size {
	case 1:
		return func(w *writer, q unsafe.Pointer) { w.int(int64(*(*int8)(q))) }, func(r *reader, q unsafe.Pointer) { *(*int8)(q) = int8(r.int()) }
	case 2:
		return func(w *writer, q unsafe.Pointer) { w.int(int64(*(*int16)(q))) }, func(r *reader, q unsafe.Pointer) { *(*int16)(q) = int16(r.int()) }
	case 4:
		return func(w *writer, q unsafe.Pointer) { w.int(int64(*(*int32)(q))) }, func(r *reader, q unsafe.Pointer) { *(*int32)(q) = int32(r.int()) }
	}
	return func(w *writer, q unsafe.Pointer) { w.int(*(*int64)(q)) }, func(r *reader, q unsafe.Pointer) { *(*int64)(q) = r.int() }
}

func uintPlan(size uintptr) (func(*writer, unsafe.Pointer), func(*reader, unsafe.Pointer)) {
	switch size {
	case 1:
		return func(w *writer, q unsafe.Pointer) { w.uint(uint64(*(*uint8)(q))) }, func(r *reader, q unsafe.Pointer) { *(*uint8)(q) = uint8(r.uint()) }
	case 2:
		return func(w *writer, q unsafe.Pointer) { w.uint(uint64(*(*uint16)(q))) }, func(r *reader, q unsafe.Pointer) { *(*uint16)(q) = uint16(r.uint()) }
	case 4:
		return func(w *writer, q unsafe.Pointer) { w.uint(uint64(*(*uint32)(q))) }, func(r *reader, q unsafe.Pointer) { *(*uint32)(q) = uint32(r.uint()) }
	}
	return func(w *writer, q unsafe.Pointer) { w.uint(*(*uint64)(q)) }, func(r *reader, q unsafe.Pointer) { *(*uint64)(q) = r.uint() }
}
