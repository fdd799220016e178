package wire

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"slices"
	"strings"
)

// xmlEncoder writes outputs as the XML of ec2Query, awsQuery and restXml.
type xmlEncoder struct {
	t    *table
	b    *bytes.Buffer
	time timeForm
	// skip are Go fields of the top structure that are written elsewhere.
	skip map[string]bool
}

// members writes the members of v, a struct, as elements.
func (e *xmlEncoder) members(v reflect.Value) {
	for _, f := range e.t.plan(v.Type()).fields {
		if f.out == "" || strings.Contains(f.out, ":") || e.skip[f.name] {
			continue
		}
		e.value(f.out, v.Field(f.index), f.outEl, f)
	}
}

// value writes one member, or nothing where it is not set.
func (e *xmlEncoder) value(name string, v reflect.Value, el *elements, f *field) {
	if isScalar(v.Type()) {
		form := e.time
		if f != nil && f.httpDate {
			form = timeHTTP
		}
		s, ok := text(v, form)
		if ok || f == nil { // an element of a list is written even when empty
			e.leaf(name, s)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			e.value(name, v.Elem(), el, f)
		}
	case reflect.Struct:
		e.structure(name, v)
	case reflect.Interface:
		if !v.IsNil() {
			e.open(name)
			e.union(v)
			e.close(name)
		}
	case reflect.Slice:
		e.list(name, v, el, f)
	case reflect.Map:
		e.dict(name, v, el, f)
	}
}

func (e *xmlEncoder) structure(name string, v reflect.Value) {
	p := e.t.plan(v.Type())
	skip := e.skip
	e.skip = nil
	defer func() { e.skip = skip }()
	e.b.WriteByte('<')
	e.b.WriteString(name)
	if p.attr != nil {
		if s, ok := text(v.Field(p.attr.index), e.time); ok {
			e.b.WriteString(` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` + p.attr.out + `="`)
			escape(e.b, s)
			e.b.WriteByte('"')
		}
	}
	e.b.WriteByte('>')
	e.members(v)
	e.close(name)
}

func (e *xmlEncoder) union(v reflect.Value) {
	u := v.Elem()
	for _, f := range e.t.plan(v.Type()).fields {
		if u.Kind() == reflect.Pointer && u.Type().Elem() == f.variant {
			e.value(f.out, u.Elem().Field(f.index), f.outEl, f)
		}
	}
}

func (e *xmlEncoder) list(name string, v reflect.Value, el *elements, f *field) {
	if v.IsNil() {
		return
	}
	if f != nil && f.flat {
		for i := range v.Len() {
			e.value(name, v.Index(i), el.inner(), nil)
		}
		return
	}
	e.open(name)
	for i := range v.Len() {
		e.value(el.elem, v.Index(i), el.inner(), nil)
	}
	e.close(name)
}

func (e *xmlEncoder) dict(name string, v reflect.Value, el *elements, f *field) {
	if v.IsNil() {
		return
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	flat := f != nil && f.flat
	entry := name
	if !flat {
		e.open(name)
		entry = "entry"
	}
	for _, k := range keys {
		e.open(entry)
		e.leaf(el.key, k.String())
		e.value(el.value, v.MapIndex(k), el.inner(), nil)
		e.close(entry)
	}
	if !flat {
		e.close(name)
	}
}

func (e *xmlEncoder) open(name string) {
	e.b.WriteByte('<')
	e.b.WriteString(name)
	e.b.WriteByte('>')
}

func (e *xmlEncoder) close(name string) {
	e.b.WriteString("</")
	e.b.WriteString(name)
	e.b.WriteByte('>')
}

func (e *xmlEncoder) leaf(name, s string) {
	e.open(name)
	escape(e.b, s)
	e.close(name)
}

// escape writes s as XML text. What XML can't carry becomes U+FFFD.
func escape(b *bytes.Buffer, s string) {
	// a bytes.Buffer never fails
	_ = xml.EscapeText(b, []byte(s))
}

// leaf writes one element outside of an encoder: error documents, envelopes.
func leaf(b *bytes.Buffer, name, s string) {
	(&xmlEncoder{b: b}).leaf(name, s)
}
