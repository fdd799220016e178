//go:build !amd64 && !arm64

package eval

import (
	"runtime"
	"sync/atomic"
)

// maxDepth bounds the Go frames under an interpreted function; a frame of the
// interpreter costs several.
const maxDepth = 100000

// goroutineID is the number in the header of the goroutine's stack trace.
func goroutineID() uint64 {
	var b [40]byte
	n := runtime.Stack(b[:], false)
	var id uint64
	for _, c := range b[10:n] {
		if c < '0' || c > '9' {
			break
		}
		id = id*10 + uint64(c-'0')
	}
	return id
}

// isDeep tells whether the stack is one that takes long to leave: here it can't
// be known at once.
func isDeep() bool { return false }

var calls atomic.Uint64

// farTooDeep tells whether deferred calls go on where the stack was too deep.
func farTooDeep() bool {
	var pc [1]uintptr
	return runtime.Callers(maxDepth+maxDepth/4, pc[:]) > 0
}

// tooDeep tells, once in 256 times, whether the stack is too deep.
func tooDeep() bool {
	if calls.Add(1)&255 != 0 {
		return false
	}
	var pc [1]uintptr
	return runtime.Callers(maxDepth, pc[:]) > 0
}
