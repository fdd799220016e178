// Program evaluated counts how often and in which order expressions are evaluated.
package main

import "fmt"

var n int

func mk() [3]int { n++; return [3]int{1, 2, 3} }

type B bool
type T struct{ a int }

func main() {
	for _, v := range mk() {
		fmt.Println(v)
	}
	for i := range mk() {
		fmt.Println(i)
	}
	fmt.Println(n)
	n = 0
	f := func() (r [4]int) { n++; return }
	_ = f() == f()
	fmt.Println(n)
	_ = f()
	fmt.Println(n, len(mk()))
	_ = mk()[1] + 3
	fmt.Println(n)
	i := interface{}(true)
	switch {
	case i:
		fmt.Println("t")
	case false:
		fmt.Println("f")
	}
	s := make([]byte, 5, 6)
	copy(s, "12346")
	s = append(s[:len(s)-1], '5', s[len(s)-1])
	fmt.Println(string(s))
	s = append(s[:1], s...)
	fmt.Println(string(s))
	ss := []int{1, 2, 3, 4}
	ss = append(ss[:1], ss[2], ss[3])
	fmt.Println(ss)
	x := 5
	ss = append(ss, x, func() int { x = 9; return 1 }(), x)
	fmt.Println(ss)
}
