//go:build amd64 || arm64

package eval

// currentG is the address of the runtime's description of this goroutine.
func currentG() uintptr

// stackUsed is the size of this goroutine's stack in use, in bytes. It reads
// the stack's upper end, the second word of that description
// (TestStackUsed fails when it moves).
func stackUsed() uintptr

// maxStack bounds the stack of a goroutine. The Go runtime ends the process
// when one would grow beyond half of its own bound of 1 GB.
const maxStack = 128 << 20

// goroutineID tells the goroutines that run from each other; one that starts
// may have the number of one that has ended. The header of a stack trace has a
// number too, but costs the time to walk the whole stack.
func goroutineID() uint64 { return uint64(currentG()) }

// isDeep tells whether the stack is one that takes long to leave.
func isDeep() bool { return stackUsed() > deepStack }

// tooDeep tells whether the stack is about to outgrow its bound.
func tooDeep() bool { return stackUsed() > maxStack }

// farTooDeep tells whether deferred calls go on where the stack was too deep.
func farTooDeep() bool { return stackUsed() > maxStack+maxStack/4 }
