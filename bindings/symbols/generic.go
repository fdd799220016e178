package symbols

import (
	"bytes"
	"fmt"
	"sync"
)

// GenericSource gives the source files, by name and without comments, of a
// package of the standard library whose generic functions can be run from
// source: cmp, maps, slices, and of sync the Once functions. Where the
// library's own reaches into the runtime, the file portable.go has a version
// that does not. The map and its slices are the caller's. GenericSource may be
// called from any goroutine.
//
// The sources are the Go authors'; see the NOTICE file.
func GenericSource(path string) (map[string][]byte, bool) {
	shared, ok := genericSources()[path]
	if !ok {
		return nil, false
	}
	files := make(map[string][]byte, len(shared))
	for name, src := range shared {
		files[name] = bytes.Clone(src)
	}
	return files, true
}

var genericSources = sync.OnceValue(func() map[string]map[string][]byte {
	r, err := open("generic")
	if err != nil {
		panic(fmt.Sprintf("symbols: %v", err)) // the blobs are part of the binary
	}
	sources := map[string]map[string][]byte{}
	for r.more() {
		path := r.string()
		sources[path] = map[string][]byte{}
		for range r.number() {
			name := r.string()
			sources[path][name] = r.bytes()
		}
	}
	return sources
})
