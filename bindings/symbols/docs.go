package symbols

import (
	"fmt"
	"sync"
	"unsafe"
)

// Doc is the doc comment of a name that the package at the import path
// exports: "Name", "Type.Member" for a method, a field or a method of an
// interface, or "" for the package itself. It answers "" where there is none.
// Doc may be called from any goroutine; the first call for a group of packages
// takes milliseconds.
func Doc(path, name string) string {
	g, _ := findGroup(path)
	if g == nil {
		return ""
	}
	docs.Lock()
	defer docs.Unlock()
	texts, ok := docs.byGroup[g.name]
	if !ok {
		if docs.byGroup == nil {
			docs.byGroup = map[string]map[docKey]string{}
		}
		texts = readDocs(g.name)
		docs.byGroup[g.name] = texts
	}
	return texts[docKey{path, name}]
}

type docKey struct{ path, name string }

// docs are the texts decoded so far.
var docs struct {
	sync.Mutex
	byGroup map[string]map[docKey]string
}

func readDocs(group string) map[docKey]string {
	r, err := open("docs-" + group)
	if err != nil {
		panic(fmt.Sprintf("symbols: %v", err)) // the blobs are part of the binary
	}
	texts := map[docKey]string{}
	for r.more() {
		path := r.string()
		for range r.number() {
			name := r.string()
			texts[docKey{path, name}] = r.string()
		}
	}
	return texts
}

// string shares the memory of the decompressed blob, which nobody writes to.
func (r *reader) string() string {
	b := r.bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}
