package wire

import (
	"encoding/xml"
	"errors"
	"io"
	"reflect"
)

// xnode is one element of a request document.
type xnode struct {
	name, text string
	attrs      []xml.Attr
	kids       []*xnode
}

// maxXMLDepth bounds the nesting of a document: no input nests as deep.
const maxXMLDepth = 40

var errXMLDepth = errors.New("document nests too deep")

// parseXML reads a whole document; nil without error means that it is empty.
func parseXML(r io.Reader) (*xnode, error) {
	d := xml.NewDecoder(r)
	var open []*xnode
	var root *xnode
	for {
		tok, err := d.Token()
		if err == io.EOF {
			if len(open) > 0 {
				return nil, io.ErrUnexpectedEOF
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &xnode{name: tok.Name.Local, attrs: tok.Attr}
			switch {
			case len(open) > 0:
				p := open[len(open)-1]
				p.kids = append(p.kids, n)
			case root == nil:
				root = n
			default:
				return nil, errors.New("document has two roots")
			}
			if open = append(open, n); len(open) > maxXMLDepth {
				return nil, errXMLDepth
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text += string(tok)
			}
		}
	}
}

// xmlDecoder fills the payload of an input from a document. What the input
// does not have is left, as S3 leaves it.
type xmlDecoder struct{ t *table }

func (d xmlDecoder) structure(n *xnode, v reflect.Value) error {
	for _, f := range d.t.plan(v.Type()).fields {
		fv := v.Field(f.index)
		if f == d.t.plan(v.Type()).attr {
			for _, a := range n.attrs {
				if a.Name.Local == "type" {
					if err := setText(fv, a.Value); err != nil {
						return malformed
					}
				}
			}
			continue
		}
		if f.in == "" {
			continue
		}
		for _, k := range n.kids {
			if k.name != f.in {
				continue
			}
			if err := d.value(k, fv, f.inEl, f.inFlat); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d xmlDecoder) value(n *xnode, v reflect.Value, el *elements, flat bool) error {
	if isScalar(v.Type()) {
		if err := setText(v, n.text); err != nil {
			return malformed
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(n, v.Elem(), el, flat)
	case reflect.Struct:
		return d.structure(n, v)
	case reflect.Interface:
		return d.union(n, v)
	case reflect.Slice:
		return d.list(n, v, el, flat)
	}
	return malformed
}

func (d xmlDecoder) list(n *xnode, v reflect.Value, el *elements, flat bool) error {
	items := n.kids
	if flat {
		items = []*xnode{n}
	} else {
		v.Set(reflect.MakeSlice(v.Type(), 0, len(items)))
	}
	for _, it := range items {
		if !flat && it.name != el.elem {
			continue
		}
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(it, e, el.inner(), false); err != nil {
			return err
		}
		v.Set(reflect.Append(v, e))
	}
	return nil
}

func (d xmlDecoder) union(n *xnode, v reflect.Value) error {
	for _, f := range d.t.plan(v.Type()).fields {
		for _, k := range n.kids {
			if k.name != f.in || f.variant == nil {
				continue
			}
			e := reflect.New(f.variant)
			if err := d.value(k, e.Elem().Field(f.index), f.inEl, f.inFlat); err != nil {
				return err
			}
			v.Set(e)
			return nil
		}
	}
	return malformed
}

// malformed is S3's answer to a document that it can't read.
var malformed = Errorf("MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema")
