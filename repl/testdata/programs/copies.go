// Program copies keeps values in interfaces apart from the variables that they came from.
package main

import "fmt"

type T struct{ n int }

func (t T) M() int { return t.n }

type P struct{ n int }

func (p *P) M() int { return p.n }

type I interface{ M() int }
type N int

func (n N) M() int { return int(n) }

var g T

func mk(i int) *P { return &P{i} }

func ret(t T) (i I, f func()) {
	return t, func() { t.n = 99 }
}

func main() {
	v := T{1}
	var i any = v
	var j I = v
	k := any(v)
	l := []any{v, v}
	m := map[string]I{"a": v}
	m["b"] = v
	s := struct{ i I }{v}
	c := make(chan I, 1)
	c <- v
	v.n = 2
	fmt.Println(i.(T).n, j.M(), k.(T).n, l[0].(T).n, m["a"].M(), m["b"].M(), s.i.M(), (<-c).M())
	var n N = 1
	j = n
	l[0] = n
	n = 2
	fmt.Println(j.M(), l[0])
	p := &P{1}
	j = p
	l[0] = p
	s.i = p
	c <- p
	p = &P{2}
	fmt.Println(j.M(), l[0].(I).M(), s.i.M(), (<-c).M())
	g.n = 1
	j = g
	g.n = 2
	fmt.Println(j.M())
	a := []T{{1}, {2}}
	j = a[0]
	l = append(l, a[0])
	a[0] = T{7}
	fmt.Println(j.M(), l[2].(T).n)
	q := &T{1}
	j = *q
	q.n = 5
	fmt.Println(j.M())
	w := struct{ t T }{T{1}}
	j = w.t
	w.t.n = 6
	fmt.Println(j.M())
	x, f := ret(T{3})
	f()
	fmt.Println(x.M())
	take := func(i I, f func()) int { f(); return i.M() }
	fmt.Println(take(v, func() { v.n = 55 }))
	d := make(chan I)
	go func() {
		for i := 0; i < 3; i++ {
			d <- mk(i)
		}
	}()
	x1, x2, x3 := <-d, <-d, <-d
	fmt.Println(x1.M(), x2.M(), x3.M())
	var is []I
	for i := 0; i < 3; i++ {
		is = append(is, mk(i), T{i}, N(i))
	}
	for _, i := range is {
		fmt.Print(i.M(), " ")
	}
	is = nil
	t := T{0}
	for ; t.n < 3; t.n++ {
		is = append(is, t)
	}
	for _, i := range is {
		fmt.Print(i.M(), " ")
	}
	fmt.Println()
	defer fmt.Println("deferred", v, any(n))
	v.n, n = 100, 100
	func(xs ...any) { v.n = 77; fmt.Println(xs...) }(v, n)
	func(xs ...I) { v.n = 78; fmt.Println(xs[0].M(), xs[1].M()) }(v, n)
	arr := [2]T{{1}, {2}}
	var e any = arr
	arr[0].n = 9
	fmt.Println(e)
	var pe any = &arr
	arr[1].n = 8
	fmt.Println(pe)
}
