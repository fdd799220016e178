// Program receive assigns received values to places of all kinds.
package main

import "fmt"

type S struct{ a uint64 }

func ret(c chan uint64) uint64      { return <-c }
func ret2(c chan uint64) (r uint64) { r = <-c; r++; return }

func main() {
	in := make(chan uint64, 9)
	in <- 4
	x := <-in
	x++
	p := &x
	*p += 2
	fmt.Println(x)
	in <- 4
	x = <-in
	fmt.Println(x, *p)
	in <- 5
	func() { x = <-in }()
	fmt.Println(x, *p)
	in <- 5
	func() { y, ok := <-in; y++; q := &y; *q++; fmt.Println(y, ok) }()
	in <- 6
	var ok bool
	x, ok = <-in
	fmt.Println(x, *p, ok)
	in <- 6
	func() { x, ok = <-in }()
	fmt.Println(x, *p, ok)
	var s S
	a := []uint64{1}
	in <- 6
	a[0], ok = <-in
	in <- 7
	s.a, ok = <-in
	fmt.Println(a, s, ok)
	in <- 1
	in <- 1
	fmt.Println(ret(in), ret2(in))
	in <- 3
	if z := <-in; z == 3 {
		z++
		fmt.Println(z)
	}
	in <- 3
	for z := <-in; z < 6; z++ {
		fmt.Println(z)
	}
	in <- 3
	close(in)
	for z := range in {
		z++
		r := &z
		*r++
		fmt.Println(z)
	}
	sc := make(chan S, 3)
	sc <- S{3}
	t := <-sc
	t.a = 4
	fmt.Println(t)
	sc <- S{3}
	close(sc)
	for t := range sc {
		t.a++
		fmt.Println(t)
	}
	ac := make(chan [3]int, 3)
	ac <- [3]int{1, 2, 3}
	ar := <-ac
	ar[1] = 7
	fmt.Println(ar, ar[:])
	ac <- [3]int{1, 2, 3}
	ar = <-ac
	ar[1] = 7
	fmt.Println(ar, ar[:])
	ac <- [3]int{1, 2, 3}
	ar, ok = <-ac
	ar[1] = 7
	fmt.Println(ar, ar[:])
	ic := make(chan interface{}, 3)
	ic <- 3
	i := <-ic
	i = "a"
	ic <- 4
	i = <-ic
	fmt.Println(i)
	ec := make(chan error, 3)
	ec <- fmt.Errorf("xx")
	err := <-ec
	ec <- fmt.Errorf("xx2")
	err = <-ec
	fmt.Println(err)
	ec <- nil
	err = <-ec
	fmt.Println(err == nil, err)
}
