package wire

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// restOp is one restXml operation as the table tells it.
type restOp struct {
	name, method string
	level        level
	path         string      // of levelOther
	literals     [][2]string // of the query, without x-id
	payload      string      // field that is the body, "*" for the input, "" without
	root         string      // XML root of the payload, "-" for a raw one
	outMode      string
	ins, outs    []binding
}

// level is what a request addresses.
type level int

const (
	levelService level = iota
	levelBucket
	levelKey
	levelOther // a path of its own
)

// binding ties a field to a place in the request or response: H header,
// Q query, U label, M headers by prefix, B bucket.
type binding struct {
	field    string
	loc      byte
	name     string
	http     bool // an HTTP date
	required bool
}

// parseRestOp reads method, uri, payload, root, output mode and bindings.
func parseRestOp(name, text string) *restOp {
	p := append(strings.Split(text, "\t"), "", "", "", "", "", "")
	o := &restOp{name: name, method: p[0], payload: p[2], root: p[3], outMode: p[4]}
	o.ins, o.outs = parseBindings(p[5]), parseBindings(p[6])
	path, query, _ := strings.Cut(p[1], "?")
	switch {
	case path == "/{Key+}":
		o.level = levelKey
	case path != "/":
		o.level, o.path = levelOther, path
	case slices.ContainsFunc(o.ins, func(b binding) bool { return b.loc == 'B' }):
		o.level = levelBucket
	}
	for lit := range strings.SplitSeq(query, "&") {
		k, v, _ := strings.Cut(lit, "=")
		if k != "" && k != "x-id" {
			o.literals = append(o.literals, [2]string{k, v})
		}
	}
	return o
}

func parseBindings(text string) []binding {
	var bs []binding
	for s := range strings.FieldsSeq(text) {
		field, rest, _ := strings.Cut(s, "=")
		p := append(strings.Split(rest, ":"), "", "")
		bs = append(bs, binding{
			field: field, loc: p[0][0], required: strings.HasSuffix(p[0], "!"),
			name: p[1], http: p[2] == "h",
		})
	}
	return bs
}

// router finds the operation of an S3 request from any client. What the SDK
// writes into x-id is a hint only: old clients don't send it.
type router struct {
	ops map[string][]*restOp // by method
	// subresources are the query names that choose an operation: acl, cors.
	subresources map[string]bool
	paths        map[string]*restOp // by method and path, for those of their own
}

func newRouter(t *table) *router {
	r := &router{ops: map[string][]*restOp{}, subresources: map[string]bool{}, paths: map[string]*restOp{}}
	for _, o := range t.load().ops {
		if o.level == levelOther {
			r.paths[o.method+" "+o.path] = o
			continue
		}
		r.ops[o.method] = append(r.ops[o.method], o)
		for _, l := range o.literals {
			if l[0] != "list-type" {
				r.subresources[l[0]] = true
			}
		}
	}
	for _, ops := range r.ops {
		slices.SortFunc(ops, func(a, b *restOp) int { return cmp.Compare(a.name, b.name) })
	}
	return r
}

// route gives the operation, nil where no operation has such a form. An
// operation with a subresource that was not asked for never answers, and a
// subresource is never left unregarded: DELETE /bucket?unknown=1 deletes the
// bucket, DELETE /bucket?cors does not.
func (r *router) route(method string, lv level, q url.Values, h http.Header) *restOp {
	var best *restOp
	score := -1
	for _, o := range r.ops[method] {
		if o.level != lv {
			continue
		}
		if s, ok := r.fits(o, q, h); ok && s > score {
			best, score = o, s
		}
	}
	return best
}

func (r *router) fits(o *restOp, q url.Values, h http.Header) (score int, ok bool) {
	literal := map[string]bool{}
	for _, l := range o.literals {
		if !q.Has(l[0]) || l[1] != "" && q.Get(l[0]) != l[1] {
			return 0, false
		}
		literal[l[0]] = true
		score += 100
	}
	bound := map[string]bool{}
	for _, b := range o.ins {
		has := false
		switch b.loc {
		case 'Q':
			has = q.Has(b.name)
			bound[b.name] = true
		case 'H':
			has = len(h.Values(b.name)) > 0
		default:
			continue
		}
		switch {
		case b.required && !has:
			return 0, false
		case b.required:
			score += 20
		case has && b.loc == 'Q':
			score++
		}
	}
	for name := range q {
		if r.subresources[name] && !literal[name] && !bound[name] {
			return 0, false
		}
	}
	if q.Get("x-id") == o.name {
		score += 10
	}
	return score, true
}
