// Program depth recurses as deep as programs do.
package main

import (
	"fmt"
	"strings"
)

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1
}

func guarded(n int) (r int) {
	defer func() { r++ }()
	if n == 0 {
		return 0
	}
	return guarded(n - 1)
}

type tree struct{ l, r *tree }

func (t *tree) size() int {
	if t == nil {
		return 0
	}
	return 1 + t.l.size() + t.r.size()
}

type node interface{ count() int }
type cons struct{ next node }
type end struct{}

func (c cons) count() int { return 1 + c.next.count() }
func (end) count() int    { return 0 }

func main() {
	fmt.Println(deep(10000), guarded(2000))
	var t *tree
	for i := 0; i < 5000; i++ {
		t = &tree{t, nil}
	}
	fmt.Println(t.size())
	var n node = end{}
	for i := 0; i < 2000; i++ {
		n = cons{n}
	}
	fmt.Println(n.count())
	done := make(chan int)
	go func() { done <- deep(9000) }()
	fmt.Println(<-done)
	fmt.Println(strings.Map(func(r rune) rune { return r + rune(deep(1000)-999) }, "abc"))
}
