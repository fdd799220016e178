package symbols

import (
	"bytes"
	"fmt"
	"sync"
)

// GenericSource gives the source files, by name and without comments, of a
// package of the standard library whose generic functions can be run from
// source: cmp, iter, maps, slices, and of sync the Once functions. Where the
// library's own reaches into the runtime, the file portable.go has a version
// that does not. Sources of sync import the compiled sync. The map and its
// slices are the caller's. GenericSource may be called from any goroutine.
//
// All but portable.go is the Go authors'; see the NOTICE file.
func GenericSource(path string) (map[string][]byte, bool) {
	generic.once.Do(readGeneric)
	shared, ok := generic.files[path]
	if !ok {
		return nil, false
	}
	files := make(map[string][]byte, len(shared))
	for name, src := range shared {
		files[name] = bytes.Clone(src)
	}
	return files, true
}

// generic holds the files by path and name, once they are read.
var generic struct {
	once  sync.Once
	files map[string]map[string][]byte
}

func readGeneric() {
	r, err := open("generic")
	if err != nil {
		panic(fmt.Sprintf("symbols: %v", err)) // the blobs are part of the binary
	}
	generic.files = map[string]map[string][]byte{}
	for r.more() {
		files := map[string][]byte{}
		generic.files[r.string()] = files
		for range r.number() {
			name := r.string()
			files[name] = r.bytes()
		}
	}
}
