package wire

import (
	"cmp"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// node is one name of a query form: "A.1.B=x" is A/1/B with the value x.
type node struct {
	val  string
	set  bool
	kids map[string]*node
}

// maxFormDepth bounds the parts of a name: no input nests as deep.
const maxFormDepth = 40

// formTree makes the tree of a form, leaving out what skip names.
func formTree(form url.Values, skip func(string) bool) *node {
	root := &node{}
	for name, vals := range form {
		if skip(name) || len(vals) == 0 || strings.Count(name, ".") > maxFormDepth {
			continue
		}
		n := root
		for part := range strings.SplitSeq(name, ".") {
			c := n.kids[part]
			if c == nil {
				c = &node{}
				if n.kids == nil {
					n.kids = map[string]*node{}
				}
				n.kids[part] = c
			}
			n = c
		}
		n.val, n.set = vals[0], true
	}
	return root
}

// formDecoder fills an input from a query form.
type formDecoder struct {
	t *table
	// strict refuses names that the input does not have, as EC2 does; the
	// other services leave them.
	strict bool
}

func (d formDecoder) structure(n *node, v reflect.Value, path string) error {
	p := d.t.plan(v.Type())
	for _, name := range sortedNames(n.kids) {
		fields := p.byIn[name]
		if fields == nil && d.strict {
			return Errorf("UnknownParameter", 400, "The parameter %s is not recognized", path+name)
		}
		for _, f := range fields {
			if err := d.value(n.kids[name], v.Field(f.index), f.inEl, f.inFlat, path+name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d formDecoder) value(n *node, v reflect.Value, el *elements, flat bool, path string) error {
	if isScalar(v.Type()) {
		if c := n.kids["1"]; c != nil && !n.set && len(n.kids) == 1 {
			n = c // old clients number even what is one: InstanceId.1
		}
		if err := setText(v, n.val); err != nil {
			return d.bad(n, path)
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(n, v.Elem(), el, flat, path)
	case reflect.Struct:
		return d.structure(n, v, path+".")
	case reflect.Interface:
		return d.union(n, v, path+".")
	case reflect.Slice:
		return d.list(n, v, el, flat, path)
	case reflect.Map:
		return d.dict(n, v, el, flat, path)
	}
	return d.bad(n, path)
}

func (d formDecoder) list(n *node, v reflect.Value, el *elements, flat bool, path string) error {
	if !flat {
		if m := n.kids[el.elem]; m != nil {
			n, path = m, path+"."+el.elem
		}
	}
	if n.set && n.val != "" && len(n.kids) == 0 && isScalar(v.Type().Elem()) {
		// old clients don't number what is one: AttributeName=All
		n = &node{kids: map[string]*node{"1": n}}
	}
	keys, err := numbered(n, path)
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), len(keys), len(keys)))
	for i, k := range keys {
		if err := d.value(n.kids[k], v.Index(i), el.inner(), false, path+"."+k); err != nil {
			return err
		}
	}
	return nil
}

func (d formDecoder) dict(n *node, v reflect.Value, el *elements, flat bool, path string) error {
	if m := n.kids["entry"]; m != nil && !flat {
		n, path = m, path+".entry"
	}
	keys, err := numbered(n, path)
	if err != nil {
		return err
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, k := range keys {
		entry := n.kids[k]
		name, value := entry.kids[el.key], entry.kids[el.value]
		if name == nil || value == nil {
			return Errorf("MissingParameter", 400, "The request must contain the parameters %s.%s.%s and %s.%s.%s.", path, k, el.key, path, k, el.value)
		}
		e := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(value, e, el.inner(), false, path+"."+k+"."+el.value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(name.val).Convert(v.Type().Key()), e)
	}
	return nil
}

func (d formDecoder) union(n *node, v reflect.Value, path string) error {
	for _, f := range d.t.plan(v.Type()).fields {
		if k := n.kids[f.in]; k != nil && f.variant != nil {
			e := reflect.New(f.variant)
			if err := d.value(k, e.Elem().Field(f.index), f.inEl, f.inFlat, path+f.in); err != nil {
				return err
			}
			v.Set(e)
			return nil
		}
	}
	return d.bad(n, strings.TrimSuffix(path, "."))
}

func (d formDecoder) bad(n *node, path string) error {
	return Errorf("InvalidParameterValue", 400, "Value (%s) for parameter %s is invalid.", n.val, path)
}

func sortedNames(kids map[string]*node) []string {
	names := make([]string, 0, len(kids))
	for k := range kids {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// numbered gives the numbers under n in their order. Gaps are allowed, as
// AWS allows them; anything else but a number is not.
func numbered(n *node, path string) ([]string, error) {
	type numberedName struct {
		n    int
		name string
	}
	var all []numberedName
	for k := range n.kids {
		i, err := strconv.Atoi(k)
		if err != nil || i < 0 {
			return nil, Errorf("MalformedQueryString", 400, "The parameter %s.%s is not a numbered list element", path, k)
		}
		all = append(all, numberedName{i, k})
	}
	slices.SortFunc(all, func(a, b numberedName) int { return cmp.Compare(a.n, b.n) })
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.name
	}
	return names, nil
}

// isProtocolParam reports whether a name of a query form belongs to the
// protocol or the signature, and not to the operation.
func isProtocolParam(name string) bool {
	switch name {
	case "Action", "Version", "AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp", "Expires", "SecurityToken":
		return true
	}
	return strings.HasPrefix(name, "X-Amz-")
}
