package wire

import (
	"bytes"
	"compress/flate"
	"embed"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:generate go run ./internal/wiregen -out tables -go unions_gen.go

//go:embed tables/*.tbl.z
var tables embed.FS

// table holds the names of one service on the wire. It is decoded when first
// asked; internal/wiregen describes its text.
type table struct {
	service string // the module's name, which is also the file's
	once    sync.Once

	version string
	ops     map[string]*restOp // nil values but for restXml
	byShape map[string]errorName
	byCode  map[string]errorName
	lines   map[string]string // Go type -> its members
	plans   sync.Map          // reflect.Type -> *plan
}

// errorName is an error in both spellings: as a shape and as a query code.
type errorName struct {
	shape, code string
	status      int
}

// plan is what the table says about one Go struct or union.
type plan struct {
	fields []*field
	byIn   map[string][]*field // two where one name means both: SQS's AttributeName
	attr   *field              // written as attribute of the element: Grantee's xsi:type
}

// field is a member of a plan.
type field struct {
	index        int          // in the struct, 0 (Value) for a union's member
	name         string       // Go name
	variant      reflect.Type // type of a union's member
	in, out      string
	inEl, outEl  *elements
	inFlat, flat bool
	httpDate     bool
	json         string
}

// elements are the names within a list (elem) or map (key, value), and within
// its elements (next).
type elements struct {
	elem, key, value string
	next             *elements
}

// load decodes the table. A table that does not decode is a mistake in our
// build: load panics.
func (t *table) load() *table {
	t.once.Do(func() {
		text, err := tableText(t.service)
		if err != nil {
			panic(err)
		}
		t.parse(text)
	})
	return t
}

func tableText(service string) (string, error) {
	b, err := tables.ReadFile("tables/" + service + ".tbl.z")
	if err != nil {
		return "", fmt.Errorf("wire: table of %s: %w", service, err)
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
	if err != nil {
		return "", fmt.Errorf("wire: table of %s: %w", service, err)
	}
	return string(text), nil
}

func (t *table) parse(text string) {
	t.ops, t.lines = map[string]*restOp{}, map[string]string{}
	t.byShape, t.byCode = map[string]errorName{}, map[string]errorName{}
	for line := range strings.Lines(text) {
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		name, rest, _ := strings.Cut(rest, "\t")
		switch kind {
		case "pawsh-wire":
			t.version = rest[strings.LastIndexByte(rest, '\t')+1:]
		case "O":
			t.ops[name] = nil
			if rest != "" {
				t.ops[name] = parseRestOp(name, rest)
			}
		case "E":
			code, status, _ := strings.Cut(rest, "\t")
			e := errorName{shape: name, code: code}
			if e.code == "" {
				e.code = name
			}
			e.status, _ = strconv.Atoi(status)
			t.byShape[e.shape], t.byCode[e.code] = e, e
		case "T", "U":
			t.lines[name] = rest
		}
	}
}

// has reports whether the service has an operation of that name.
func (t *table) has(op string) bool {
	_, ok := t.load().ops[op]
	return ok
}

// errorName spells an error both ways; a code the table does not know is its
// own shape.
func (t *table) errorName(code string) errorName {
	t.load()
	if e, ok := t.byCode[code]; ok {
		return e
	}
	if e, ok := t.byShape[code]; ok {
		return e
	}
	return errorName{shape: code, code: code}
}

// plan gives what the table says about rt, a struct or union of the SDK.
func (t *table) plan(rt reflect.Type) *plan {
	if p, ok := t.plans.Load(rt); ok {
		return p.(*plan)
	}
	p := &plan{byIn: map[string][]*field{}}
	line := t.load().lines[rt.Name()]
	for text := range strings.SplitSeq(line, "\t") {
		if text == "" {
			continue
		}
		f := parseField(text)
		if rt.Kind() == reflect.Interface {
			f.variant = unionMember(t.service + "." + rt.Name() + "Member" + f.name)
		} else if sf, ok := rt.FieldByName(f.name); ok && !sf.IsExported() {
			p.byIn[f.in] = []*field{} // the client's own (CopySnapshot's destinationRegion): known, and left
			continue
		} else if ok {
			f.index = sf.Index[0]
		} else {
			continue // a type of the same name that is not the SDK's
		}
		p.fields = append(p.fields, f)
		if strings.Contains(f.out, ":") {
			p.attr = f
		}
		if f.in != "" {
			p.byIn[f.in] = append(p.byIn[f.in], f)
		}
	}
	slices.SortStableFunc(p.fields, func(a, b *field) int { return a.index - b.index })
	got, _ := t.plans.LoadOrStore(rt, p)
	return got.(*plan)
}

// parseField reads Go|in|inElements|out|outElements|flags|json.
func parseField(text string) *field {
	p := append(strings.Split(text, "|"), "", "", "", "", "", "")
	full := func(s string) string {
		if s == "=" {
			return p[0]
		}
		return s
	}
	return &field{
		name: p[0], in: full(p[1]), inEl: parseElements(p[2]),
		out: full(p[3]), outEl: parseElements(p[4]),
		inFlat: strings.Contains(p[5], "f"), flat: strings.Contains(p[5], "F"),
		httpDate: strings.Contains(p[5], "H"), json: full(p[6]),
	}
}

// noElements stands for a value without names inside.
var noElements = &elements{}

func parseElements(s string) *elements {
	if s == "" {
		return noElements
	}
	s, inner, _ := strings.Cut(s, ">")
	e := &elements{elem: s, next: parseElements(inner)}
	if k, v, ok := strings.Cut(s, "/"); ok {
		e.elem, e.key, e.value = "", k, v
	}
	return e
}

func (e *elements) inner() *elements {
	if e.next == nil {
		return noElements
	}
	return e.next
}

var timeType = reflect.TypeFor[time.Time]()

// isBlob reports whether values of t are bytes.
func isBlob(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

// isScalar reports whether t is written as one text.
func isScalar(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		return t == timeType
	case reflect.Slice:
		return isBlob(t)
	case reflect.Map, reflect.Interface:
		return false
	}
	return true
}
