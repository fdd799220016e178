package main

// model is what the sources of one service say about its names on the wire.
type model struct {
	service, version string
	ops              map[string]*operation
	types            map[string]map[string]*member // Go type -> Go field (unions: member)
	in, out          map[string]*collection        // document function -> list or map
	unions           map[string]bool               // Go interface types
	errors           []errorShape
}

// operation is one operation; all but the name belongs to restXml.
type operation struct {
	method, uri string
	payload     string // field that is the body, "*" for the input itself, "" without
	root        string // XML element of the payload, "-" for a raw one
	outMode     string // none, doc, stream, field:<Field>, raw:<Field>
	ins, outs   []binding
}

// binding ties a field to a header, query parameter or label.
type binding struct {
	field string
	loc   string // H header, Q query, U label, M headers by prefix, B bucket
	name  string
	time  string // "" or "d" (date-time) or "h" (HTTP date)

	required bool
}

// member is a field of a Go struct, or a member of a union, in both directions.
type member struct {
	in, out side
	json    string // name in awsJson and rpcv2Cbor, for services by schema
}

// side is a member's name in one direction.
type side struct {
	name  string
	child string // document function that writes the value
	flat  bool
	http  bool // the value is an HTTP date instead of a date-time
	epoch bool // the value is seconds (the codecs have no such form: check fails)
}

// collection is a list or map as a document function writes it.
type collection struct {
	elem       string // list: name of an element
	key, value string // map: names of key and value
	child      string // document function of the element or value
}

type errorShape struct {
	shape, code string
	status      string
}

func newModel(service, version string) *model {
	return &model{
		service: service, version: version,
		ops:    map[string]*operation{},
		types:  map[string]map[string]*member{},
		in:     map[string]*collection{},
		out:    map[string]*collection{},
		unions: map[string]bool{},
	}
}

func (m *model) op(name string) *operation {
	o := m.ops[name]
	if o == nil {
		o = &operation{outMode: "none"}
		m.ops[name] = o
	}
	return o
}

func (m *model) member(typ, field string) *member {
	t := m.types[typ]
	if t == nil {
		t = map[string]*member{}
		m.types[typ] = t
	}
	f := t[field]
	if f == nil {
		f = &member{}
		t[field] = f
	}
	return f
}

// elements spells the names inside the value that a document function writes:
// "" for a structure or scalar, "item" for a list, "key/value" for a map, and
// what is nested after ">".
func elements(fns map[string]*collection, fn string) string {
	c := fns[fn]
	if c == nil {
		return ""
	}
	s := c.elem
	if c.key != "" {
		s = c.key + "/" + c.value
	}
	if inner := elements(fns, c.child); inner != "" {
		s += ">" + inner
	}
	return s
}
