// Program conversions converts the several values of a call.
package main

import "fmt"

type T struct{ n int }

func (t T) M() int { return t.n }

type I interface{ M() int }
type E struct{ n int }

func (e *E) Error() string { return fmt.Sprint("E", e.n) }

func two(n int) (T, *E)               { return T{n}, &E{n} }
func conv(n int) (I, error)           { return two(n) }
func anys(n int) (any, any)           { return two(n) }
func take(i I, e error) (int, string) { return i.M(), e.Error() }
func takes(xs ...any) int             { return len(xs) }
func all(xs ...I) (n int) {
	for _, x := range xs {
		n += x.M()
	}
	return
}
func tt() (T, T) { return T{1}, T{2} }
func def(n int) (i I, err error) {
	defer func() { n = 3 }()
	return two(n)
}

func main() {
	i, e := conv(1)
	j, f := conv(2)
	fmt.Println(i.M(), e, j.M(), f)
	a, b := anys(3)
	c, d := anys(4)
	fmt.Println(a.(T).n, b.(*E).n, c.(T).n, d.(error))
	fmt.Println(take(two(5)))
	fmt.Println(takes(two(6)), all(tt()))
	g, h := def(7)
	fmt.Println(g.M(), h)
	var xs []I
	var es []error
	for n := range 3 {
		var x I
		var err error
		x, err = two(n)
		xs, es = append(xs, x), append(es, err)
	}
	fmt.Println(xs[0].M(), xs[1].M(), xs[2].M(), es)
	var y I = T{8}
	k := y
	y = T{9}
	fmt.Println(k.M(), y.M())
	var arr [2]I
	for n := range arr {
		t := T{n}
		arr[n] = t
		t.n = 50
	}
	fmt.Println(arr[0].M(), arr[1].M())
	func(i I, e error) { fmt.Println(i.M(), e) }(two(9))
	go func(i I) {}(T{1})
	ff := func(n int) (I, error) { return two(n) }
	i, e = ff(10)
	fmt.Println(i.M(), e)
}
