// Program nothing gives nil to places of every type, and calls predeclared functions with the values of a call.
package main

import "fmt"

func f(a []byte) ([]byte, []byte)        { return a, []byte("abc") }
func g(a []byte) ([]byte, string)        { return a, "abc" }
func h(m map[int]int) (map[int]int, int) { return m, 0 }
func ap() ([]int, int, int)              { return []int{1}, 2, 3 }
func cx() (float64, float64)             { return 1, 2 }
func ints() (int, int)                   { return 4, 5 }

type P *int
type S []int

func main() {
	a := []byte{1, 2, 3}
	n := copy(f(a))
	fmt.Println(n, a)
	b := []byte{1, 2, 3}
	n = copy(g(b))
	fmt.Println(n, b)
	m := map[int]int{0: 0}
	delete(h(m))
	fmt.Println(len(m))
	fmt.Println(append(ap()))
	fmt.Println(complex(cx()))
	mp := map[P]int{}
	mp[nil] = 42
	mp[P(nil)]++
	x := 5
	mp[&x] = 3
	fmt.Println(mp[nil], mp[&x], len(mp))
	mc := map[chan int]int{}
	mc[nil] = 3
	mc[make(chan int)] = 4
	delete(mc, nil)
	fmt.Println(len(mc))
	v, ok := mp[nil]
	fmt.Println(v, ok)
	mi := map[any]int{nil: 1}
	mi[nil]++
	fmt.Println(mi)
	me := map[error]int{nil: 1}
	me[nil]++
	fmt.Println(me[nil])
	mm := map[*int][]int{nil: {1}}
	fmt.Println(mm)
	mv := map[string]*int{"a": nil}
	mv["b"] = nil
	fmt.Println(mv)
	mq := map[string]error{"a": nil}
	mq["b"] = nil
	fmt.Println(mq)
	ms := map[string]S{"a": nil}
	ms["b"] = nil
	ms["c"] = S{1}
	fmt.Println(ms)
	ps := []*int{nil, &x}
	ps[1] = nil
	fmt.Println(ps)
	fs := []func(){nil}
	fs[0] = nil
	fmt.Println(fs[0] == nil)
	type st struct {
		p *int
		e error
		f func()
		m map[int]int
		s []int
		c chan int
		a any
	}
	s := st{nil, nil, nil, nil, nil, nil, nil}
	s.p, s.e, s.f, s.m, s.s, s.c, s.a = nil, nil, nil, nil, nil, nil, nil
	fmt.Println(s.p, s.e, s.f == nil, s.m, s.s, s.c, s.a)
	pf := func(p *int, e error, f func(), m map[int]int, s []int, c chan int, a any) {
		fmt.Println(p, e, f == nil, m, s, c, a)
	}
	pf(nil, nil, nil, nil, nil, nil, nil)
	c := make(chan *int, 1)
	c <- nil
	fmt.Println(<-c)
	ce := make(chan error, 1)
	ce <- nil
	fmt.Println(<-ce)
	ret := func() (*int, error, []int) { return nil, nil, nil }
	fmt.Println(ret())
	var arr [3]*int
	arr[1] = nil
	pp := &arr
	pp[2] = nil
	fmt.Println(arr)
	var e error = nil
	var q *int = nil
	q = nil
	e = nil
	fmt.Println(e, q)
	var pe = &e
	*pe = nil
	var pq = &q
	*pq = nil
	fmt.Println(*pe, *pq)
	fmt.Println(func(xs ...*int) int { return len(xs) }(nil, nil))
	fmt.Println(func(xs ...any) int { return len(xs) }(nil, nil))
	fmt.Println(func(xs ...any) bool { return xs == nil }(nil...))
	fmt.Println(append([]*int{}, nil, nil), append([]int(nil), nil...), append([]error{}, nil))
}
