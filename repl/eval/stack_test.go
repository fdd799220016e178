//go:build amd64 || arm64

package eval

import "testing"

// TestStackUsed holds the layout that stackUsed reads to what it does: it grows
// with the depth, and by about the size of the frames.
func TestStackUsed(t *testing.T) {
	t.Parallel()
	id := goroutineID()
	base := stackUsed()
	if base == 0 || base > 1<<20 {
		t.Fatalf("a test uses %d bytes of stack", base)
	}
	const depth, frame = 1000, 1 << 10
	deep := descend(depth)
	if used := deep - base; used < depth*frame || used > 4*depth*frame {
		t.Errorf("%d frames of over %d bytes use %d bytes", depth, frame, used)
	}
	if again := goroutineID(); again != id {
		t.Errorf("goroutine %#x is %#x when its stack has moved", id, again)
	}
	other := make(chan uint64)
	go func() { other <- goroutineID() }()
	if o := <-other; o == id || o == 0 {
		t.Errorf("another goroutine is %#x, this one %#x", o, id)
	}
}

//go:noinline
func descend(n int) uintptr {
	var pad [1 << 10]byte
	if n == 0 {
		return stackUsed()
	}
	pad[n%len(pad)] = 1
	return descend(n-1) + uintptr(pad[(n+1)%len(pad)])
}
