// Program selected keeps what a select received.
package main

import "fmt"

type rat struct{ n int }
type item interface{ pr() int }

func (r *rat) pr() int { return r.n }

type I int

func (i I) pr() int { return int(i) }

func end(r *rat) int { return r.n }

func getn() []item {
	out := make([]item, 2)
	var it item
	c := make(chan item, 2)
	c <- &rat{1}
	c <- &rat{2}
	for i := 0; i < 2; i++ {
		select {
		case it = <-c:
			out[i] = it
		}
	}
	return out
}

func main() {
	o := getn()
	fmt.Println(o[0].pr(), o[1].pr(), o[0].(*rat).n)
	out := make([]item, 2)
	var it item = &rat{1}
	out[0] = it
	it = &rat{2}
	out[1] = it
	fmt.Println(out[0].pr(), out[1].pr())
	it = I(3)
	m := map[string]item{"a": it}
	m["b"] = it
	s := struct{ i item }{it}
	s.i = it
	x := it
	y := []item{it}
	f := func() item { return it }
	z := f()
	c := make(chan item, 1)
	c <- it
	it = I(4)
	fmt.Println(m["a"].pr(), m["b"].pr(), s.i.pr(), x.pr(), y[0].pr(), z.pr(), (<-c).pr())
	r := o[0].(*rat)
	q := r
	r = &rat{9}
	fmt.Println(q.n, end(o[0].(*rat)), end(o[1].(*rat)))
	a := mul(o[0].(*rat), o[1].(*rat))
	fmt.Println(a.n)
	uv := getn()
	b := add(cmul(uv[0].(*rat), 10), cmul(uv[1].(*rat), 100))
	fmt.Println(b.n)
	d := make(chan item)
	go func(c *rat, e *rat) {
		for i := 0; i < 3; i++ {
			d <- mul(c, &rat{i})
		}
		d <- mul(c, e)
	}(uv[0].(*rat), uv[1].(*rat))
	fmt.Println((<-d).pr(), (<-d).pr(), (<-d).pr(), (<-d).pr())
	if end(uv[0].(*rat)) != 1 || end(uv[1].(*rat)) != 2 {
		fmt.Println("wrong", end(uv[0].(*rat)), end(uv[1].(*rat)))
	}
}

func mul(a, b *rat) *rat      { return &rat{a.n * b.n} }
func add(a, b *rat) *rat      { return &rat{a.n + b.n} }
func cmul(a *rat, c int) *rat { return &rat{a.n * c} }
