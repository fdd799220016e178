package repl

import (
	"fmt"
	"runtime"
	"testing"
)

// growthCells are cells of a long session, which declare the same names again.
var growthCells = []func(i int) string{
	func(i int) string { return fmt.Sprintf("x := %d", i) },
	func(i int) string { return "x + 1" },
	func(i int) string { return fmt.Sprintf("for i := range 3 { x += i }; fmt.Sprint(x, %d)", i) },
	func(i int) string { return fmt.Sprintf("func f%d(n int) int { return n + x }", i%50) },
	func(i int) string { return fmt.Sprintf("type T struct { A, B int; C%d string }", i%7) },
	func(i int) string { return "t := T{A: x}; t.B = t.A; t" },
}

func growthCell(tb testing.TB, k *Kernel, i int) {
	tb.Helper()
	if r := k.Eval(tb.Context(), growthCells[i%len(growthCells)](i)); r.Err != nil {
		tb.Fatal(r.Err)
	}
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemoryOfCells is not parallel: other tests would be measured too. A cell
// of this session keeps about 5 kB; without trimming it is 22 kB.
func TestMemoryOfCells(t *testing.T) {
	k, _ := testKernel(t)
	i := 0
	for ; i < 300; i++ {
		growthCell(t, k, i)
	}
	before := heapInUse()
	const cells = 900
	for ; i < 300+cells; i++ {
		growthCell(t, k, i)
	}
	if n := (heapInUse() - before) / cells; n > 12<<10 {
		t.Errorf("a cell keeps %d bytes", n)
	}
	runtime.KeepAlive(k)
}

// BenchmarkAgedCell runs a cell in a session of some age: an old one must be as
// quick as a young one.
func BenchmarkAgedCell(b *testing.B) {
	for _, age := range []int{100, 10000} {
		b.Run(fmt.Sprintf("after=%d", age), func(b *testing.B) {
			k, _ := testKernel(b)
			i := 0
			for ; i < age; i++ {
				growthCell(b, k, i)
			}
			runtime.GC()
			for b.Loop() {
				growthCell(b, k, i)
				i++
			}
		})
	}
}
